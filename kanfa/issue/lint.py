"""Editorial checks on the tree: what reads badly, though every format could show it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice
from urllib.parse import parse_qsl, urlsplit

from kanfa.findings import Finding
from kanfa.issue import rules
from kanfa.issue.addresses import short
from kanfa.issue.model import (
    Block,
    Cell,
    CodeBlock,
    Details,
    Figure,
    Image,
    Inline,
    Issue,
    Paragraph,
    Section,
    Table,
    Text,
    text_of,
    walk,
)

MAX_TITLE = 32
"""Longest title in characters that WeChat's draft API takes."""

MAX_SUMMARY = 120
"""Longest digest in characters that WeChat shows."""

_TRACKING = re.compile(
    r"utm_\w+|spm|scm|fbclid|gclid|msclkid|yclid|igshid|mc_[ce]id|source_type|share_token", re.IGNORECASE
)
_HAN = "\u3400-\u9fff\uf900-\ufaff〇"
_HALFWIDTH = re.compile(rf"(?<=[{_HAN}])[,;:!?()](?=[{_HAN}])")
_HALFWIDTH_WRITTEN = re.compile(rf"(?<=[{_HAN}])[,;:!?()]|[,;:!?()](?=[{_HAN}])")
"""In the source a mark of Markdown may stand on one side."""
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00a0\u00ad\t\u200e\u200f\u2028\u2029]")
_MAX_MATCHES = 200
"""Places in one paragraph that are reported; more tell nobody more."""
_SEARCHED_LINES = 200
"""How far below its first line a part of a paragraph is looked for."""
_SHAPES = ((6, 6), (4, 1), (1, 4), (1, 1), (1, 0), (0, 1))
"""How many neighbours before and after a character tell its place, the surest first: marks may stand between two."""


def lint(issue: Issue) -> Iterator[Finding]:
    """Every editorial finding about `issue`. Pure; the reader's own findings are not repeated."""
    yield from _metadata(issue)
    yield from _structure(issue)
    yield from _links(issue)
    yield from _pictures(issue)
    lines = issue.source.split("\n")
    yield from _halfwidth(issue, _Places(lines, _HALFWIDTH_WRITTEN))
    yield from _invisible(issue, _Places(lines, _INVISIBLE))


def _metadata(issue: Issue) -> Iterator[Finding]:
    own_short = "short_title" in issue.lines_of
    if _length(issue.title) > MAX_TITLE and not own_short:
        message = f"the title has {_length(issue.title)} characters, and no short_title of at most {MAX_TITLE} is given"
        yield rules.TITLE_LONG.at(issue.line_of("title"), message)
    if own_short and _length(issue.short_title) > MAX_TITLE:
        message = f"short_title has {_length(issue.short_title)} characters, at most {MAX_TITLE} are allowed"
        yield rules.SHORT_TITLE_LONG.at(issue.line_of("short_title"), message)
    if issue.number is None and issue.date is None:
        yield rules.IDENTITY_MISSING.at(1, "the issue has neither a number nor a date")
    if not issue.summary:
        yield rules.SUMMARY_MISSING.at(issue.line_of("summary"), "the issue has no summary")
    elif _length(issue.summary) > MAX_SUMMARY:
        message = f"the summary has {_length(issue.summary)} characters, WeChat shows the first {MAX_SUMMARY}"
        yield rules.SUMMARY_LONG.at(issue.line_of("summary"), message)


def _length(text: str) -> int:
    """Length in UTF-16 units, where an emoji counts twice: nobody documents how WeChat counts, so the larger figure.

    The WeChat room counts the same way; this room depends on no format.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _structure(issue: Issue) -> Iterator[Finding]:
    nodes = list(issue.walk())
    if not any(isinstance(n, Image | CodeBlock) or (isinstance(n, Text) and n.text.strip()) for n in nodes):
        yield rules.NO_CONTENT.at(1, "the issue has no content")
    for node in nodes:
        if isinstance(node, Section) and not node.blocks and not node.groups:
            yield rules.SECTION_EMPTY.at(node.line, f"nothing stands under “{short(text_of(*node.title))}”")


def _links(issue: Issue) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for link in issue.links():
        if not text_of(*link.children).strip() and not any(isinstance(part, Image) for part in walk(link)):
            yield rules.LINK_EMPTY.at(link.line, f"the link to {link.href} has no text")
        if link.href in first:
            yield rules.LINK_DUPLICATE.at(link.line, f"{link.href} is also linked on line {first[link.href]}")
        first.setdefault(link.href, link.line)
        parameters = [name for name, _ in parse_qsl(urlsplit(link.href).query, keep_blank_values=True)]
        tracking = [name for name in parameters if _TRACKING.fullmatch(name)]
        if tracking:
            yield rules.LINK_TRACKING.at(link.line, f"{link.href} carries {', '.join(dict.fromkeys(tracking))}")


def _pictures(issue: Issue) -> Iterator[Finding]:
    if issue.cover and not issue.cover.alt:
        yield rules.IMAGE_ALT.at(issue.cover.line, "the cover has no cover_alt")
    for image in issue.images():
        if not image.alt:
            yield rules.IMAGE_ALT.at(image.line, f"the picture {image.src[:80]} has no alt text")
    captioned = {id(n.image) for n in issue.walk() if isinstance(n, Figure) and text_of(*n.caption) == n.image.title}
    for image in issue.images():
        if image.title.strip() and id(image) not in captioned:
            yield rules.TITLE_HOVER.at(image.line, f"“{image.title[:80]}”, the title of the picture {image.src[:80]}")


def _halfwidth(issue: Issue, places: _Places) -> Iterator[Finding]:
    found: dict[int, list[str]] = {}
    for name, text in (("title", issue.title), ("summary", issue.summary)):
        for match in _HALFWIDTH.finditer(text):
            found.setdefault(issue.line_of(name), []).append(_around(text, match.start(), 1))
    for run in _runs(issue):
        words = [piece.text if isinstance(piece, Text) else "\ufffc" for piece in run]
        starts = list(accumulate(map(len, words[:-1]), initial=0))
        text = "".join(words)
        for match in islice(_HALFWIDTH.finditer(text), _MAX_MATCHES):
            piece = run[bisect_right(starts, match.start()) - 1]
            line = places.line_of(text, match.start(), piece.line)
            found.setdefault(line or run[0].line, []).append(_around(text, match.start(), 1))
    for line, arounds in sorted(found.items()):
        shown = "、".join(f"“{around}”" for around in arounds[:3])
        more = f" and {len(arounds) - 3} more" if len(arounds) > 3 else ""
        yield rules.PUNCT_HALFWIDTH.at(line, f"half-width punctuation between Han characters: {shown}{more}")


def _invisible(issue: Issue, places: _Places) -> Iterator[Finding]:
    """Invisible characters as typed; one that is written as an entity is meant."""
    found: dict[tuple[int, str], int] = {}
    for node in issue.walk():
        if not isinstance(node, Text):
            continue
        for match in islice(_INVISIBLE.finditer(node.text), _MAX_MATCHES):
            line = places.line_of(node.text, match.start(), node.line)
            if line:
                found[line, match[0]] = found.get((line, match[0]), 0) + 1
    for (line, char), times in sorted(found.items()):
        yield rules.CHAR_INVISIBLE.at(line, f"U+{ord(char):04X} stands here" + (f" {times} times" if times > 1 else ""))


# ---------------------------------------------------------------- lines of text


def _runs(issue: Issue) -> Iterator[list[Inline]]:
    """The leaves of each line of text: paragraphs, headings, cells, captions, summaries."""
    for node in issue.walk():
        line = _line_of_text(node)
        leaves = [part for top in line for part in walk(top) if not part.parts()]
        if leaves:
            yield leaves  # type: ignore[misc]  # inline nodes hold only inline nodes


def _line_of_text(node: Inline | Block) -> Iterable[Inline]:
    match node:
        case Paragraph() | Cell():
            return node.children
        case Section():
            return node.title
        case Figure() | Table():
            return node.caption
        case Details():
            return node.summary
    return ()


def _around(text: str, at: int, reach: int) -> str:
    return text[max(0, at - reach) : at + 1 + reach]


class _Places:
    """Where the characters that `wanted` finds stand in the source: an index, made once and only when it is asked."""

    def __init__(self, lines: Sequence[str], wanted: re.Pattern[str]) -> None:
        self._lines = lines
        self._wanted = wanted
        self._known: dict[str, list[int]] = {}

    def line_of(self, text: str, at: int, first: int) -> int | None:
        """The 1-based line, from `first` on, where the character `text[at]` stands with its neighbours, or None."""
        if not self._known:
            self._known = self._index() or {"": []}
        for before, after in _SHAPES:
            if at < before or at + after >= len(text):
                continue
            if line := self._line(text[at - before : at + after + 1], first):
                return line
        at_edge = at == 0 or at == len(text) - 1
        return self._line(text[at], first) if at_edge else None

    def _line(self, words: str, first: int) -> int | None:
        lines = self._known.get(words, [])
        index = bisect_left(lines, first)
        return lines[index] if index < len(lines) and lines[index] <= first + _SEARCHED_LINES else None

    def _index(self) -> dict[str, list[int]]:
        """The lines, in order, of each wanted character with its neighbours in every shape, and of it alone."""
        index: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, 1):
            found: set[str] = set()
            for match in self._wanted.finditer(line):
                at = match.start()
                found.add(match[0])
                found.update(line[at - before : at + after + 1] for before, after in _SHAPES if at >= before)
            for words in found:
                index.setdefault(words, []).append(number)
        return index
