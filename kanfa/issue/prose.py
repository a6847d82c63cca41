"""The prose of an issue with the place of every character in the source.

Lint reads it and `kanfa fix` writes through it: what is code, an address, a tag or an escape is not in it, so neither
can touch that. A character whose place is not certain has none, and is never changed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from markdown_it.common.utils import unescapeAll
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.token import Token

from kanfa.issue.autolink import bare_addresses
from kanfa.issue.model import Issue
from kanfa.issue.prose_trace import WORDS, HtmlText, Step, Trace, html_texts, literal_tag, trace
from kanfa.issue.source_lines import body_of

OBJECT = "\ufffc"
"""Stands in a passage for what is no prose: code, a picture, an address, an escape."""

_EMPHASIS = frozenset({"emphasis", "strikethrough"})
_NO_WIDTH = _EMPHASIS | {"html_inline"}
_TEMPLATE = re.compile(r"\{\{[^{}\n]{0,200}\}\}|\{%[^%\n]{0,200}%\}")
_NOWHERE = -1

Kind = Literal["text", "heading", "cell", "caption", "field", "html"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A character of the source: 1-based line, 0-based column."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One run of prose: a paragraph, heading, cell, caption, or a field of the front matter.

    Marks of emphasis and the brackets of links leave no trace in `text`; a line end in it is one of the source.
    """

    kind: Kind
    text: str
    line: int
    """Line where it begins."""
    _lines: Sequence[int]
    _columns: Sequence[int]

    def line_at(self, offset: int) -> int:
        """1-based line of the character `text[offset]`."""
        return self._lines[min(offset, len(self._lines) - 1)] if self._lines else self.line

    def spot(self, start: int, end: int) -> Spot | None:
        """Where `text[start:end]` stands in the source as one piece, or None when it does not."""
        if start >= end or self._columns[start] == _NOWHERE:
            return None
        line, column = self._lines[start], self._columns[start]
        straight = all(
            self._lines[at] == line and self._columns[at] == column + at - start for at in range(start + 1, end)
        )
        return Spot(line, column) if straight else None

    def begins_line(self, offset: int) -> bool:
        """Whether `text[offset]` is the first character of prose on its line, where Markdown looks for its marks."""
        return not self.text[self.text.rfind("\n", 0, offset) + 1 : offset].strip()


@dataclass(frozen=True, slots=True)
class Address:
    """An address as the source has it."""

    written: str
    spot: Spot
    bare: bool = False
    """Whether it stands naked in the text."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Everything that is written in words, and every address, in the order of the source."""

    passages: tuple[Passage, ...]
    addresses: tuple[Address, ...]
    ticks: tuple[Spot, ...]
    """Runs of backticks that are never closed."""


def prose_of(issue: Issue) -> Prose:
    """The prose of `issue`, read anew from its source. Pure."""
    lines = issue.source.split("\n")
    traced = trace(body_of(issue.source, issue.file))
    found = _Collector(lines)
    found.fields(issue)
    for previous, token in zip([None, *traced.tokens], traced.tokens, strict=False):
        if token.type == "inline" and token.map is not None:
            found.inline(token, token.map[0], previous, traced)
        elif token.type == "html_block" and token.map is not None:
            found.html(token.content, token.map[0])
    found.definitions(traced)
    passages = sorted(found.passages, key=lambda passage: passage.line)
    addresses = sorted(found.addresses, key=lambda address: (address.spot.line, address.spot.column))
    return Prose(tuple(passages), tuple(addresses), tuple(found.ticks))


class _Collector:
    def __init__(self, lines: Sequence[str]) -> None:
        self.passages: list[Passage] = []
        self.addresses: list[Address] = []
        self.ticks: list[Spot] = []
        self._lines = lines
        self._cells: dict[int, int] = {}

    def fields(self, issue: Issue) -> None:
        """Title and summary, where the front matter gives them."""
        for name, value in (("title", issue.title), ("summary", issue.summary)):
            line = issue.lines_of.get(name)
            written = self._lines[line - 1] if line else ""
            if line and value and not written.lstrip().startswith("#"):
                at = written.find(value) if written.count(value) == 1 else _NOWHERE
                columns = range(at, at + len(value)) if at >= 0 else [_NOWHERE] * len(value)
                self.passages.append(Passage("field", value, line, [line] * len(value), columns))

    def inline(self, token: Token, first: int, previous: Token | None, traced: Trace) -> None:
        opening = previous.type if previous is not None else ""
        kind: Kind = "heading" if opening == "heading_open" else "cell" if opening in {"td_open", "th_open"} else "text"
        pieces = token.content.split("\n")
        starts = list(accumulate((len(piece) + 1 for piece in pieces[:-1]), initial=0))
        shifts = [self._shift(first + row, piece, kind) for row, piece in enumerate(pieces)]
        text = _Text(token.content, first, starts, shifts)
        _read(text, traced.steps(token), self)
        self.passages.append(text.passage(kind))

    def html(self, content: str, first: int) -> None:
        shifts = [self._shift(first + row, piece, "html") for row, piece in enumerate(content.split("\n"))]
        for piece in html_texts(content):
            self.passages.append(_html_passage(piece, first, shifts))

    def definitions(self, traced: Trace) -> None:
        for definition in (*traced.env["references"].values(), *traced.env.get("duplicate_refs", ())):
            line = int(definition["map"][0]) + 1
            written = self._lines[line - 1]
            at = written.find(str(definition["href"]), written.find("]:") + 2)
            if at >= 0 and definition["href"]:
                self.addresses.append(Address(str(definition["href"]), Spot(line, at)))

    def _shift(self, index: int, piece: str, kind: Kind) -> int | None:
        """What to add to a column of `piece` to get that of the source line `index` (0-based); None when not found."""
        if not piece.strip() or index >= len(self._lines):
            return None
        words, line = piece.strip(" \t"), self._lines[index].rstrip(" \t")
        if kind == "cell":
            at = line.find(words, self._cells.get(index, 0))
            self._cells[index] = at + len(words)
        else:
            if kind == "heading" and not line.endswith(words):
                line = line.rstrip("#").rstrip(" \t")
            at = len(line) - len(words) if line.endswith(words) else _NOWHERE
        return at - (len(piece) - len(piece.lstrip(" \t"))) if at >= 0 else None


class _Text:
    """A passage while it is put together, character by character."""

    def __init__(self, source: str, first: int, starts: Sequence[int], shifts: Sequence[int | None]) -> None:
        self.source = source
        self._first, self._starts, self._shifts = first, starts, shifts
        self._chars: list[str] = []
        self._at: list[int] = []
        self._captions: list[tuple[int, int]] = []

    def add(self, text: str, start: int) -> None:
        """Add characters that stand at `start` of the paragraph; OBJECT stands for one that may be several."""
        self._chars.extend(text)
        self._at.extend(range(start, start + len(text)))

    def spot(self, offset: int) -> Spot | None:
        """Place in the source of a character of the paragraph."""
        row = bisect_right(self._starts, offset) - 1
        shift = self._shifts[row]
        return None if shift is None else Spot(self._first + row + 1, offset - self._starts[row] + shift)

    def passage(self, kind: Kind) -> Passage:
        lines, columns = [], []
        for char, at in zip(self._chars, self._at, strict=True):
            row = bisect_right(self._starts, at) - 1
            shift = self._shifts[row]
            lines.append(self._first + row + 1)
            columns.append(_NOWHERE if shift is None or char in {OBJECT, "\n"} else at - self._starts[row] + shift)
        return Passage(kind, "".join(self._chars), self._first + 1, lines, columns)

    def hide_templates(self) -> None:
        """Take `{{ … }}` and `{% … %}` out of the prose: they are code of some other tool."""
        for match in list(_TEMPLATE.finditer("".join(self._chars))):
            self._chars[match.start() : match.end()] = [OBJECT] * (match.end() - match.start())

    def bare(self, labels: Sequence[tuple[int, int]]) -> Iterator[Address]:
        """Take the bare addresses out of the prose; those that are no link's own words are told."""
        for start, end in list(bare_addresses("".join(self._chars).replace(OBJECT, " "))):
            at, spot = self._at[start], self.spot(self._at[start])
            written = "".join(self._chars[start:end])
            straight = self._at[end - 1] - at == end - 1 - start
            if spot and straight and not any(low <= at < high for low, high in labels):
                yield Address(written, spot, bare=True)
            self._chars[start:end] = [OBJECT] * (end - start)


def _read(text: _Text, steps: Sequence[Step], found: _Collector) -> None:
    """Put the passage together from the steps of the parser; addresses and captions go to `found`."""
    source, literal = text.source, 0
    labels: list[tuple[int, int]] = []
    done = 0
    for number, step in enumerate(steps):
        if step.start < done:
            continue
        written = source[step.start : step.end]
        inner = number + 1 < len(steps) and steps[number + 1].start < step.end
        if step.rule == "html_inline":
            literal = max(0, literal + literal_tag(written))
        if step.rule == "ruby":  # two readings of one word: no sentence
            text.add(OBJECT, step.start)
            done = step.end
        elif inner:
            if step.rule == "link":
                labels.append((step.start, step.end))
                last = max(other.end for other in _inside(steps, number))
                _destination(text, last, step.end, found)
        elif step.rule == WORDS and not literal:
            text.add(written, step.start)
        elif step.rule == "newline":
            text.add("\n", step.start)
        elif step.rule in _EMPHASIS and _stands_free(source, step):
            text.add(written, step.start)
        elif step.rule not in _NO_WIDTH:
            text.add(OBJECT, step.start)
            _leaf(text, step, written, found)
    text.hide_templates()
    found.addresses.extend(text.bare(labels))


def _inside(steps: Sequence[Step], number: int) -> Iterator[Step]:
    for other in steps[number + 1 :]:
        if other.start >= steps[number].end:
            return
        yield other


def _stands_free(source: str, step: Step) -> bool:
    """Whether marks stand between spaces or inside a word, and so are no marks."""
    before = source[step.start - 1 : step.start] or "\n"
    after = source[step.end : step.end + 1] or "\n"
    inside_word = source[step.start] == "_" and before.isalnum() and after.isalnum()
    return (before.isspace() and after.isspace()) or inside_word


def _leaf(text: _Text, step: Step, written: str, found: _Collector) -> None:
    spot = text.spot(step.start)
    if step.rule == "autolink" and spot:
        found.addresses.append(Address(written[1:-1], Spot(spot.line, spot.column + 1)))
    elif step.rule == "backticks" and not written.strip("`") and spot:
        found.ticks.append(spot)
    elif step.rule == "image" and (opening := written.rfind("](")) >= 0:
        end = _destination(text, step.start + opening, step.end, None)
        while end < step.end and text.source[end].isspace():
            end += 1
        title = parseLinkTitle(text.source, end, step.end)
        words = text.source[end + 1 : title.pos - 1]
        place = text.spot(end + 1)
        if title.ok and place and words and "\n" not in words and words == unescapeAll(words):
            columns = range(place.column, place.column + len(words))
            found.passages.append(Passage("caption", words, place.line, [place.line] * len(words), columns))


def _destination(text: _Text, closing: int, end: int, found: _Collector | None) -> int:
    """Note the address after the `](` at `closing`; the answer is where it ends."""
    source = text.source
    if not source.startswith("](", closing):
        return end
    at = closing + 2
    while at < end and source[at].isspace():
        at += 1
    target = parseLinkDestination(source, at, end)
    if not target.ok:
        return end
    start, stop = (at + 1, target.pos - 1) if source[at] == "<" else (at, target.pos)
    spot = text.spot(start)
    if found is not None and spot and source[start:stop] and source[start:stop] == target.str:
        found.addresses.append(Address(target.str, spot))
    return target.pos


def _html_passage(piece: HtmlText, first: int, shifts: Sequence[int | None]) -> Passage:
    lines, columns = [], []
    row, column = piece.row, piece.column
    for char in piece.text:
        shift = shifts[row]
        lines.append(first + row + 1)
        columns.append(_NOWHERE if shift is None or char == "\n" else column + shift)
        row, column = (row + 1, 0) if char == "\n" else (row, column + 1)
    return Passage("html", piece.text, first + piece.row + 1, lines, columns)
