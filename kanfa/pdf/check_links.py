"""Checks of bookmarks, links and tab order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from kanfa.findings import Finding
from kanfa.pdf import rules
from kanfa.pdf.finished import Edition
from kanfa.pdf.limits import LINK_SCHEMES
from kanfa.pdf.outline import headings
from kanfa.pdf.tags import Tag

DEEPEST = 5
"""Level of the innermost headings below the title: HTML and PDF have six."""


def is_heading(tag: Tag) -> bool:
    """Whether a tag is one of H1 to H6."""
    return len(tag.name) == 2 and tag.name[0] == "H" and tag.name[1].isdigit()


def check_bookmarks(edition: Edition) -> Iterator[Finding]:
    """Bookmarks are the headings, with their levels and pages; the first that differs is reported."""
    wanted = headings(edition.issue, edition.labels)
    found = edition.parts.bookmarks
    pages = [tag.page for tag in edition.parts.tags if is_heading(tag)]
    for at, heading in enumerate(wanted):
        shown = found[at].title if at < len(found) else ""
        values: dict[str, Any] = {"number": at + 1, "wanted": heading.title, "quote": heading.title}
        if shown != heading.title:
            words = "bookmark {number} is “{found}” instead of “{wanted}”"
            yield rules.BOOKMARKS.at(heading.line, words, found=shown, **values)
            return
        if found[at].level != min(heading.level, DEEPEST):
            words = "bookmark {number}, “{wanted}”, stands at level {found} instead of {level}"
            level = min(heading.level, DEEPEST)
            yield rules.BOOKMARKS.at(heading.line, words, found=found[at].level, level=level, **values)
            return
        if at < len(pages) and found[at].page != pages[at]:
            words = "bookmark {number}, “{wanted}”, leads to page {found} instead of {page}"
            yield rules.BOOKMARKS.at(heading.line, words, found=found[at].page, page=pages[at], **values)
            return
    if len(found) > len(wanted):
        yield rules.BOOKMARKS.at(1, "bookmark “{found}” is no heading of the issue", found=found[len(wanted)].title)


def check_links(edition: Edition) -> Iterator[Finding]:
    """Absolute web and mail addresses only; nothing from the building machine."""
    lines = {link.href: link.line for link in reversed(list(edition.issue.links()))}
    for uri in dict.fromkeys(link.uri for link in edition.parts.links if link.uri):
        parts = urlsplit(uri)
        whole = parts.netloc if parts.scheme in {"http", "https"} else parts.path
        if parts.scheme != "file" and (parts.scheme not in LINK_SCHEMES or not whole):
            yield rules.LINK_TARGET.at(lines.get(uri, 1), "link to “{address}”", address=uri, quote=uri)
    for path in edition.parts.local_paths:
        yield rules.LOCAL_PATH.at(lines.get(path, 1), "the file names {path}", path=path[:120], quote=path)


def check_places(edition: Edition) -> Iterator[Finding]:
    """Every link has an area on its page and, within the file, a place to lead to; a keyboard reaches it in order."""
    lines = {link.href: link.line for link in reversed(list(edition.issue.links()))}
    for link in edition.parts.links:
        shown, line = link.uri or link.lost, lines.get(link.uri, 1)
        left, bottom, right, top = link.box
        edges = edition.parts.boxes[link.page - 1]
        if right - left <= 0 or top - bottom <= 0:
            words = "a link on page {page} has no area: {address}"
            yield rules.LINK_PLACE.at(line, words, page=link.page, address=shown, quote=link.uri)
        elif left >= edges[2] or right <= edges[0] or bottom >= edges[3] or top <= edges[1]:
            words = "a link stands beside page {page}: {address}"
            yield rules.LINK_PLACE.at(line, words, page=link.page, address=shown, quote=link.uri)
        if link.lost:
            yield rules.JUMP_LOST.at(1, "a link on page {page} leads to “{place}”", page=link.page, place=link.lost)
    for page in edition.parts.untabbed:
        yield rules.TAB_ORDER.at(1, "page {page} gives no order to its links", page=page)
