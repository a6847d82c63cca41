"""Render: Issue → WeChatWriter → template → transforms and inlined theme → `wechat.html`, `wechat.json`, pictures."""

from __future__ import annotations

from lxml.html import HtmlElement

from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Image, Issue
from kanfa.labels import format_date
from kanfa.publication import Publication
from kanfa.templating import read_file, render_template
from kanfa.wechat.addresses import host_of
from kanfa.wechat.draft import draft_fields, draft_title, files_of
from kanfa.wechat.inline import inline_css
from kanfa.wechat.pictures import Album, prepare
from kanfa.wechat.rules.advice import IMAGE_SUBSTITUTED
from kanfa.wechat.setting import Setting
from kanfa.wechat.transforms import AFTER_INLINING, BEFORE_INLINING
from kanfa.wechat.tree import parse_fragment, serialise, single_section
from kanfa.wechat.writer import WeChatWriter

TEMPLATE = "wechat/article.html.j2"


def render(issue: Issue, publication: Publication) -> Artifact:
    """The article of one issue: `wechat.html` (one top-level section), `wechat.json` and `images/…`.

    Pure: no network, no clock, no file but the templates. Raises RenderError when a template or the theme
    is broken; everything the article cannot show as written is a finding.
    """
    setting = Setting.of(issue, publication)
    album = prepare(issue)
    writer = WeChatWriter(issue, album.body, setting)
    html = write_article(writer, publication)
    article = single_section(parse_fragment(html))
    article, complaints = shaped(article, publication, setting)
    content = serialise(article).encode()
    fields = draft_fields(issue, publication, content, album)
    findings = (*album.findings, *_substitutes(writer.substituted, album), *complaints)
    return Artifact("wechat", files_of(content, fields, album), findings)


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


def _substitutes(images: list[Image], album: Album) -> list[Finding]:
    """One finding for each picture that words stand for, unless its failed conversion was reported already."""
    return [
        IMAGE_SUBSTITUTED.at(image.line, f"picture {image.src} is shown as {image.words}")
        for image in images
        if image.src not in album.broken
    ]
