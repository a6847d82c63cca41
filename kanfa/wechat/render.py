"""Render: Issue → WeChatWriter → template → transforms and inlined theme → `wechat.html`, `wechat.json`, pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import CodeBlock, Image, Issue, Link, Math, MathBlock, QrCode
from kanfa.labels import format_date
from kanfa.publication import Publication
from kanfa.templating import render_template
from kanfa.text import words_of
from kanfa.wechat.addresses import host_of
from kanfa.wechat.coding import is_coloured
from kanfa.wechat.draft import FIELDS_FILE, draft_fields, draft_title, fields_file, part_file
from kanfa.wechat.inline import inline_css
from kanfa.wechat.limits import LIMITS, length_of
from kanfa.wechat.made_pictures import make
from kanfa.wechat.parts import Rest
from kanfa.wechat.pictures import Album, Picture, prepare
from kanfa.wechat.rules.advice import CODE_PLAIN, IMAGE_SUBSTITUTED
from kanfa.wechat.rules.fitting import CODES_LEFT_OUT
from kanfa.wechat.setting import Setting
from kanfa.wechat.theme import theme_css
from kanfa.wechat.transforms import AFTER_INLINING, BEFORE_INLINING
from kanfa.wechat.transforms.links import is_live, shows_address
from kanfa.wechat.tree import elements, parse_fragment, serialise, single_section
from kanfa.wechat.writer import WeChatWriter

TEMPLATE = "wechat/article.html.j2"


@dataclass(frozen=True, slots=True)
class Finish:
    """What an article may spend characters on for its looks."""

    coloured: bool = True
    """Whether code has colours."""
    drawings: int = LIMITS.drawings.value
    """Characters of path for formulas; the others are pictures."""


@dataclass(frozen=True, slots=True)
class Written:
    """One article, finished."""

    issue: Issue
    """What it shows of the issue."""
    html: str
    pictures: Mapping[str, Picture]
    """What it shows by name."""
    findings: tuple[Finding, ...]

    @property
    def length(self) -> int:
        """Characters, tags included."""
        return length_of(self.html)

    @property
    def delivered(self) -> int:
        """Characters once WeChat's own picture addresses stand in it, as far as anybody can tell beforehand."""
        shown = [image.get("src") or "" for image in elements(parse_fragment(self.html), "img")]
        return self.length + sum(max(0, LIMITS.picture_address.value - len(src)) for src in shown)

    @property
    def has_room(self) -> bool:
        """Whether it is short enough that nobody need be warned."""
        return self.length <= LIMITS.content_chars_near.value and self.delivered <= LIMITS.content_chars.value


def render(issue: Issue, publication: Publication) -> Artifact:
    """The article of one issue: `wechat.html` (one top-level section), `wechat.json` and `images/…`.

    Pure: no network, no clock, no file but the templates. Raises RenderError when a template or the theme
    is broken; everything the article cannot show as written is a finding. An article that would come too near to
    the limit is made again, with pictures for more and more formulas, at last with plain code; one that WeChat would
    refuse even so is cut or split where the settings say so (`wechat-2.html` … and `parts` in `wechat.json`).
    """
    from kanfa.wechat.fitting import fitted

    album = prepare(issue)
    articles, findings = fitted(issue, publication, album)
    files = {part_file(index): article.html.encode() for index, article in enumerate(articles)}
    first, *others = (
        draft_fields(article.issue, publication, files[name], article.pictures, album.cover, file=name)
        for name, article in zip(files, articles, strict=True)
    )
    files[FIELDS_FILE] = fields_file({**first, "parts": others} if others else first)
    shown = [*(picture for article in articles for picture in article.pictures.values()), album.cover]
    files |= dict(sorted((picture.name, picture.data) for picture in shown))
    found = dict.fromkeys([*album.findings, *(one for article in articles for one in article.findings), *findings])
    return Artifact("wechat", files, tuple(found))


def dressed(
    issue: Issue, publication: Publication, album: Album, rest: Rest | None = None, *, before: int = 0
) -> Written:
    """The article of an issue, or of a part of one behind `before` chapters, as richly as there is room for."""
    richest, *plainer = finishes_for(issue)
    article = finished(issue, publication, album, richest, rest, before=before)
    longest = article.length
    for finish in plainer:
        if article.length <= LIMITS.content_chars_near.value:
            break
        article = finished(issue, publication, album, finish, rest, before=before)
        if not finish.coloured:
            article = replace(article, findings=(*article.findings, _code_plain(issue, longest)))
    return article


def finishes_for(issue: Issue) -> Iterator[Finish]:
    """The finishes that differ for this issue, the richest first: drawings cost most, colours of code least."""
    nodes = list(issue.walk())
    richest = Finish()
    yield richest
    least = richest.drawings
    if any(isinstance(node, Math | MathBlock) for node in nodes):
        least = 0
        yield Finish(drawings=richest.drawings // 2)
        yield Finish(drawings=least)
    if any(isinstance(node, CodeBlock) and is_coloured(node) for node in nodes):
        yield Finish(coloured=False, drawings=least)


def finished(
    issue: Issue, publication: Publication, album: Album, finish: Finish, rest: Rest | None = None, *, before: int = 0
) -> Written:
    """The article with one finish; `rest` is what it says about what it leaves out, `before` chapters precede it."""
    names = {asset.name for asset in issue.assets}
    names |= {picture.name.removeprefix("images/") for picture in (*album.body.values(), album.cover)}
    coded, left_out = links_with_codes(issue, publication)
    made = make(issue, names, finish.drawings, coded)
    setting = replace(Setting.of(issue, publication), codes=made.codes if publication.wechat.link_codes else {})
    writer = WeChatWriter(issue, album.body, setting, made, coloured=finish.coloured)
    article = single_section(parse_fragment(write_article(writer, publication, rest, before=before)))
    article, complaints = shaped(article, publication, setting)
    own = (album.body[image.src] for image in issue.images() if image.src in album.body)
    pictures = {picture.name: picture for picture in own} | made.pictures()
    findings = (*made.findings, *left_out, *_substitutes(writer.substituted, album), *complaints)
    return Written(issue, serialise(article), pictures, findings)


def links_with_codes(issue: Issue, publication: Publication) -> tuple[list[Link], list[Finding]]:
    """Links whose addresses get a QR code in the list, in reading order, and what to say of those that get none.

    As many as there is room for in an article that should not have too many pictures.
    """
    if not publication.wechat.link_codes:
        return [], []
    first: dict[str, Link] = {}
    for link in issue.links():
        shown = shows_address(words_of(link), link.href) or link.href.startswith(("#", "mailto:"))
        if not shown and not is_live(link.href, publication.wechat.privileged_links):
            first.setdefault(link.href, link)
    links = list(first.values())
    room = max(0, LIMITS.images.value - sum(1 for node in issue.walk() if isinstance(node, Image | QrCode)))
    if len(links) <= room:
        return links, []
    message = "{count} addresses, codes for the first {room}: from this one on there are none"
    finding = CODES_LEFT_OUT.at(links[room].line, message, quote=links[room].href, count=len(links), room=room)
    return links[:room], [finding]


def write_article(writer: WeChatWriter, publication: Publication, rest: Rest | None = None, *, before: int = 0) -> str:
    """The article as the template makes it: classes instead of styles, links still links."""
    issue, labels = writer.issue, writer.labels
    chapters = [
        {
            "number": f"{number:02d}",
            "title": writer.heading_text(section.title),
            "body": writer.write_all(section.blocks) + writer.write_all(section.groups),
        }
        for number, section in enumerate(issue.sections, start=before + 1)
    ]
    return render_template(
        publication,
        TEMPLATE,
        issue=issue,
        publication=publication,
        labels=labels,
        headline=issue.title if draft_title(issue) != issue.title else "",
        date=format_date(issue.date, issue.language) if issue.date else "",
        volume=labels.volume(issue.number) if issue.number is not None else "",
        preamble=writer.write_all(issue.preamble),
        chapters=chapters,
        rest=rest,
        notes=writer.write_all(issue.notes),
        previous=[writer.previous(previous) for previous in issue.previous],
        source_url=public_address(issue, publication),
    )


def public_address(issue: Issue, publication: Publication) -> str:
    """The issue's page, or nothing where the publication has only the placeholder host (RFC 2606 `.invalid`)."""
    address = publication.issue_url(issue.slug)
    return "" if host_of(address).endswith(".invalid") else address


def shaped(article: HtmlElement, publication: Publication, setting: Setting) -> tuple[HtmlElement, list[Finding]]:
    """The article after both chains of transforms with the theme inlined between them."""
    held = list(article.iter())  # lxml makes its elements anew for each walk, unless somebody holds them
    for transform in BEFORE_INLINING:
        transform(article, setting)
    held = list(article.iter())
    article, complaints = inline_css(article, theme_css(publication))
    for transform in AFTER_INLINING:
        transform(article, setting)
    del held
    return article, complaints


def _code_plain(issue: Issue, length: int) -> Finding:
    """The finding that colours were left out; `length` in characters of the article with them."""
    line = next(node.line for node in issue.walk() if isinstance(node, CodeBlock) and is_coloured(node))
    near = LIMITS.content_chars_near.value
    return CODE_PLAIN.at(line, "{length:,} characters with colours; {near:,} are wanted", length=length, near=near)


def _substitutes(images: list[Image], album: Album) -> list[Finding]:
    """One finding for each picture that words stand for, unless its failed conversion was reported already."""
    return [
        IMAGE_SUBSTITUTED.at(
            image.line, "picture {src} is shown as {words}", quote=image.src, src=image.src, words=image.words
        )
        for image in images
        if image.src not in album.broken
    ]
