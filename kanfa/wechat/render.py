"""Render: Issue → WeChatWriter → template → transforms and inlined theme → `wechat.html`, `wechat.json`, pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import CodeBlock, Image, Issue, Math, MathBlock
from kanfa.labels import format_date
from kanfa.publication import Publication
from kanfa.templating import read_file, render_template
from kanfa.wechat.addresses import host_of
from kanfa.wechat.coding import is_coloured
from kanfa.wechat.draft import draft_fields, draft_title, files_of
from kanfa.wechat.inline import inline_css
from kanfa.wechat.limits import LIMITS, length_of
from kanfa.wechat.made_pictures import make
from kanfa.wechat.pictures import Album, prepare
from kanfa.wechat.rules.advice import CODE_PLAIN, IMAGE_SUBSTITUTED
from kanfa.wechat.setting import Setting
from kanfa.wechat.transforms import AFTER_INLINING, BEFORE_INLINING
from kanfa.wechat.tree import parse_fragment, serialise, single_section
from kanfa.wechat.writer import WeChatWriter

TEMPLATE = "wechat/article.html.j2"


@dataclass(frozen=True, slots=True)
class Finish:
    """What an article may spend characters on for its looks."""

    coloured: bool = True
    """Whether code has colours."""
    drawings: int = LIMITS.drawings.value
    """Characters of path for formulas; the others are pictures."""


def render(issue: Issue, publication: Publication) -> Artifact:
    """The article of one issue: `wechat.html` (one top-level section), `wechat.json` and `images/…`.

    Pure: no network, no clock, no file but the templates. Raises RenderError when a template or the theme
    is broken; everything the article cannot show as written is a finding. An article that would come too near to
    the limit is made again, with pictures for more and more formulas, at last with plain code.
    """
    album = prepare(issue)
    richest, *plainer = finishes_for(issue)
    artifact, length = finished(issue, publication, album, richest)
    longest = length
    for finish in plainer:
        if length <= LIMITS.content_chars_near.value:
            break
        artifact, length = finished(issue, publication, album, finish)
        if not finish.coloured:
            artifact = replace(artifact, findings=(*artifact.findings, _code_plain(issue, longest)))
    return artifact


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


def finished(issue: Issue, publication: Publication, album: Album, finish: Finish) -> tuple[Artifact, int]:
    """The article with one finish, and its length in characters."""
    setting = Setting.of(issue, publication)
    names = {asset.name for asset in issue.assets}
    names |= {picture.name.removeprefix("images/") for picture in (*album.body.values(), album.cover)}
    made = make(issue, names, finish.drawings)
    writer = WeChatWriter(issue, album.body, setting, made, coloured=finish.coloured)
    html = write_article(writer, publication)
    article = single_section(parse_fragment(html))
    article, complaints = shaped(article, publication, setting)
    text = serialise(article)
    whole = replace(album, body={**album.body, **made.pictures()})
    content = text.encode()
    fields = draft_fields(issue, publication, content, whole)
    findings = (*album.findings, *made.findings, *_substitutes(writer.substituted, album), *complaints)
    return Artifact("wechat", files_of(content, fields, whole), findings), length_of(text)


def write_article(writer: WeChatWriter, publication: Publication) -> str:
    """The article as the template makes it: classes instead of styles, links still links."""
    issue, labels = writer.issue, writer.labels
    chapters = [
        {
            "number": f"{number:02d}",
            "title": writer.heading_text(section.title),
            "body": writer.write_all(section.blocks) + writer.write_all(section.groups),
        }
        for number, section in enumerate(issue.sections, start=1)
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
    for transform in BEFORE_INLINING:
        transform(article, setting)
    article, complaints = inline_css(article, read_file(publication, f"wechat/{publication.wechat.theme}.css"))
    for transform in AFTER_INLINING:
        transform(article, setting)
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
