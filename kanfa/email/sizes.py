"""How much of what Gmail shows each section takes, measured on the finished mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from kanfa.email.dom import Element, classes, parse_html
from kanfa.email.limits import GMAIL_CLIP_BYTES, SIZES_NAMED, SIZES_SHOWN_BYTES, TOKEN_CHARS
from kanfa.email.mail import Mail
from kanfa.email.message import TOKEN
from kanfa.email.size_rules import LEAVE_OUT, SECTION_SIZES
from kanfa.findings import Finding
from kanfa.issue.model import Issue
from kanfa.text import words_of

CHROME_HEADING: Final = "small-head"
"""Class of the headings that the template adds: footnotes, people, earlier issues."""


@dataclass(frozen=True, slots=True)
class SectionSize:
    """What one section of level 1 takes in the final HTML."""

    title: str
    line: int
    """Source line of its heading."""
    bytes: int
    """UTF-8 bytes of its elements, the frame that the engine puts round them for Outlook included."""


def mail_bytes(html: str) -> int:
    """UTF-8 bytes of the HTML part as the longest subscriber's token makes it."""
    growth = html.count(TOKEN) * max(0, TOKEN_CHARS - len(TOKEN))
    return len(html.encode(errors="replace")) + growth


def is_clipped(html: str) -> bool:
    """Whether Gmail would cut this mail."""
    return mail_bytes(html) >= GMAIL_CLIP_BYTES


def section_sizes(html: str, issue: Issue) -> list[SectionSize]:
    """The size of each section of `issue` that stands in the mail, in reading order.

    The template gives each section elements of its own, side by side in the wrapper of the body; the next section,
    or a heading that the template adds, ends it. Sections that the mail does not hold are left out; a mail whose
    template has another frame gives none.
    """
    wrapper = next((node for node in parse_html(html).iter("div") if node.get("role") == "article"), None)
    if wrapper is None:
        return []
    sizes: list[int] = []
    inside = False
    for child, before in _framed(wrapper):
        headings = [heading for heading in child.iter("h2") if CHROME_HEADING not in classes(heading)]
        chrome = any(CHROME_HEADING in classes(heading) for heading in child.iter("h2"))
        own = before + _weight(child)
        if headings and len(sizes) < len(issue.sections):
            sizes.append(own)
            inside = True
        elif chrome or _ends(child):
            inside = False
        elif inside:
            sizes[-1] += own
    named = zip(issue.sections, sizes, strict=False)
    return [SectionSize(words_of(*section.title), section.line, size) for section, size in named]


def _framed(wrapper: Element) -> Iterator[tuple[Element, int]]:
    """Each element of the wrapper, and the bytes of the comments for Outlook before it."""
    before = 0
    for child in wrapper:
        if child.tag is etree.Comment:
            before += _weight(child)
        else:
            yield child, before
            before = 0


def _ends(child: Element) -> bool:
    """Whether this part of the mail closes it: the link to the rest, or the duties at its foot."""
    return any({"continue", "foot"} & classes(element) for element in child.iter("div"))


def _weight(element: Element) -> int:
    return len(etree.tostring(element, method="html", encoding="utf-8", with_tail=True))


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML143 and EML144: the sections of a long mail, largest first, and what to leave out of one too long."""
    size = mail_bytes(mail.html)
    sections = sorted(section_sizes(mail.html, mail.issue), key=lambda section: -section.bytes)
    if size < SIZES_SHOWN_BYTES or not sections or (mail.ends_early and size < GMAIL_CLIP_BYTES):
        return
    yield SECTION_SIZES.at(
        sections[0].line,
        "{size:,} of {most:,} bytes of HTML: {sections}",
        size=size,
        most=GMAIL_CLIP_BYTES,
        sections="; ".join(f"“{one.title}” {one.bytes:,} (:{one.line})" for one in sections[:SIZES_NAMED]),
    )
    if size >= GMAIL_CLIP_BYTES:
        chosen = to_leave_out(sections, size - GMAIL_CLIP_BYTES + 1)
        yield LEAVE_OUT.at(
            chosen[0].line,
            "without {sections} the mail has {left:,} bytes; Gmail shows {most:,}",
            sections=", ".join(f"“{one.title}” (:{one.line})" for one in chosen),
            left=size - sum(one.bytes for one in chosen),
            most=GMAIL_CLIP_BYTES - 1,
        )


def to_leave_out(sections: list[SectionSize], excess: int) -> list[SectionSize]:
    """The smallest section that takes at least `excess` bytes; where none does, the largest until they do, or all."""
    enough = [section for section in sections if section.bytes >= excess]
    if enough:
        return [min(enough, key=lambda section: section.bytes)]
    chosen: list[SectionSize] = []
    for section in sorted(sections, key=lambda section: -section.bytes):
        chosen.append(section)
        if sum(one.bytes for one in chosen) >= excess:
            break
    return chosen
