"""The issue as a whole: its metadata, headings, pictures, dates, lists, length."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from kanfa.findings import Finding
from kanfa.issue import editorial_rules as editorial
from kanfa.issue import rules
from kanfa.issue.addresses import short
from kanfa.issue.lint_text import HAN
from kanfa.issue.model import (
    Code,
    CodeBlock,
    Figure,
    Image,
    Issue,
    Item,
    List,
    Math,
    MathBlock,
    Paragraph,
    Section,
    Text,
    text_of,
)
from kanfa.issue.numbers import number_in
from kanfa.issue.prose import Prose
from kanfa.publication import LintSettings

MAX_TITLE = 32
"""Longest title in characters that WeChat's draft API takes."""
MAX_SUMMARY = 120
"""Longest digest in characters that WeChat shows."""
MAX_WIDTH = 2_000
"""Pixels of width from which a picture is wider than any channel shows, on a dense screen too."""

_DATE = re.compile(
    r"(?:(?<!\d)(\d{4})\s*年\s*)?(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号](?:\s*[（(]?\s*(?:星期|周|礼拜)([一二三四五六日天]))?"
)
_DAYS = "一二三四五六日"
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z0-9]+(?:['’.-][A-Za-z0-9]+)*")
_ENDINGS = "。！？!?…；;.：:"
_CLOSERS = "”’」』》）)】 "


def metadata(issue: Issue) -> Iterator[Finding]:
    """Title, number and summary, against what the channels take."""
    own_short = "short_title" in issue.lines_of
    length, line = _length(issue.title), issue.line_of("title")
    if length > MAX_TITLE and not own_short:
        template = "the title has {count} characters, and no short_title of at most {limit} is given"
        yield rules.TITLE_LONG.at(line, template, count=length, limit=MAX_TITLE)
    if own_short and _length(issue.short_title) > MAX_TITLE:
        template = "short_title has {count} characters, at most {limit} are allowed"
        at = issue.line_of("short_title")
        yield rules.SHORT_TITLE_LONG.at(at, template, count=_length(issue.short_title), limit=MAX_TITLE)
    if issue.number is None and issue.date is None:
        yield rules.IDENTITY_MISSING.at(1, "the issue has neither a number nor a date")
    if not issue.summary:
        yield rules.SUMMARY_MISSING.at(issue.line_of("summary"), "the issue has no summary")
    elif _length(issue.summary) > MAX_SUMMARY:
        template = "the summary has {count} characters, WeChat shows the first {limit}"
        at = issue.line_of("summary")
        yield rules.SUMMARY_LONG.at(at, template, count=_length(issue.summary), limit=MAX_SUMMARY)
    named = number_in(issue.title)
    if named is not None and issue.number is not None and named != issue.number:
        template = "the title says {named}, the issue's number is {number}"
        yield editorial.ISSUE_NUMBER.at(line, template, named=named, number=issue.number)


def _length(text: str) -> int:
    """Length in UTF-16 units, where an emoji counts twice: nobody documents how WeChat counts, so the larger figure.

    The WeChat room counts the same way; this room depends on no format.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def structure(issue: Issue) -> Iterator[Finding]:
    """Whether there is content, and whether headings and lists are complete."""
    nodes = list(issue.walk())
    shown = (Image, Math, MathBlock, Code, CodeBlock)
    if not any(isinstance(n, shown) or (isinstance(n, Text) and n.text.strip()) for n in nodes):
        yield rules.NO_CONTENT.at(1, "the issue has no content")
    for node in nodes:
        if isinstance(node, Section) and not node.blocks and not node.groups:
            title = short(text_of(*node.title))
            yield rules.SECTION_EMPTY.at(node.line, "nothing stands under “{title}”", quote=title, title=title)
        elif isinstance(node, List):
            yield from _item_ends(node)


def _item_ends(node: List) -> Iterator[Finding]:
    """Items that are sentences and lack the full stop that two thirds of the others have."""
    sentences = []
    for item in node.items:
        last = item.blocks[-1] if item.blocks else None
        text = text_of(*last.children).strip() if isinstance(last, Paragraph) else ""
        if len(_HAN.findall(text)) >= 8:
            sentences.append((item, text.rstrip(_CLOSERS), text))
    open_ends = [item for item, end, text in sentences if not _is_closed(end, text)]
    if open_ends and len(sentences) - len(open_ends) >= max(2, 2 * len(open_ends)):
        for item in open_ends:
            yield editorial.ITEM_ENDS.at(_last_line(item), "the item ends without the full stop that the others have")


def _is_closed(end: str, text: str) -> bool:
    """Whether the text ends a sentence, be it before a remark in brackets: `…。（#1）`."""
    if end[-1:] in _ENDINGS:
        return True
    opening = max(text.rfind("（"), text.rfind("("))
    return text.endswith(("）", ")")) and text[:opening].rstrip(_CLOSERS)[-1:] in _ENDINGS


def _last_line(item: Item) -> int:
    return item.blocks[-1].line if item.blocks else item.line


def pictures(issue: Issue) -> Iterator[Finding]:
    """Words of the pictures, and files that are wider than anybody sees."""
    if issue.cover and not issue.cover.alt:
        yield rules.IMAGE_ALT.at(issue.cover.line, "the cover has no cover_alt")
    for image in issue.images():
        if not image.alt:
            yield rules.IMAGE_ALT.at(image.line, "the picture {src} has no alt text", src=image.src[:80])
    captioned = {id(n.image) for n in issue.walk() if isinstance(n, Figure) and text_of(*n.caption) == n.image.title}
    for image in issue.images():
        if image.title.strip() and id(image) not in captioned:
            title = image.title[:80]
            template = "“{title}”, the title of the picture {src}"
            yield rules.TITLE_HOVER.at(image.line, template, quote=title, title=title, src=image.src[:80])
    told: set[str] = set()
    for image in (*issue.images(), *([issue.cover] if issue.cover else [])):
        asset = issue.asset(image.src)
        if asset and asset.width > MAX_WIDTH and image.src not in told and asset.media_type != "image/svg+xml":
            template = "{src} is {width} pixels wide and {height} high"
            told.add(image.src)
            yield editorial.IMAGE_WIDE.at(
                image.line, template, quote=image.src, src=image.src[:80], width=asset.width, height=asset.height
            )


def dates(issue: Issue, prose: Prose) -> Iterator[Finding]:
    """Dates in the text that no calendar has, and days of the week that are not those of their dates."""
    for passage in prose.passages:
        for match in _DATE.finditer(passage.text):
            line, written = passage.line_at(match.start()), match[0]
            year, month, day = int(match[1] or 0), int(match[2]), int(match[3])
            found = _nearest(month, day, issue.date) if not year else _date(year, month, day)
            if _date(year or 2000, month, day) is None:
                yield editorial.DATE_WRONG.at(line, "“{date}” is no date", quote=written, date=written)
            elif match[4] and found and _DAYS[found.weekday()] != match[4].replace("天", "日"):
                template = "“{date}”: {iso} is a 星期{day}"
                iso = found.isoformat()
                yield editorial.DATE_WRONG.at(
                    line, template, quote=written, date=written, iso=iso, day=_DAYS[found.weekday()]
                )


def _nearest(month: int, day: int, issue_date: datetime.date | None) -> datetime.date | None:
    """The date of that month and day which lies nearest to the issue's own; None when the issue has none."""
    if issue_date is None:
        return None
    near = (_date(issue_date.year + shift, month, day) for shift in (-1, 0, 1))
    return min((found for found in near if found), key=lambda found: abs(found - issue_date), default=None)


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def reading_time(issue: Issue, settings: LintSettings) -> Iterator[Finding]:
    """Whether the issue is longer than the publication promises."""
    if settings.minutes is None:
        return
    text = "\n".join(node.text for node in issue.walk() if isinstance(node, Text | Code))
    count = len(_HAN.findall(text)) + len(_LATIN_WORD.findall(text))
    minutes = -(-count // settings.characters_per_minute)
    if minutes > settings.minutes:
        template = "about {minutes} minutes to read ({count} characters and words); the limit is {limit}"
        yield editorial.READING_TIME.at(1, template, minutes=minutes, count=count, limit=settings.minutes)
