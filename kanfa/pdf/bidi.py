"""Right-to-left text on a page, put back into the order in which it was written.

A PDF holds its glyphs as they stand on the page, from left to right. PDFium turns each Hebrew or Arabic word round, but
not the order of the words. So lines with such words are read by the place of each character and reordered here
(Unicode Standard Annex 9, rule L2, backwards). One line can be the picture of several texts, because its paragraph may
run either way and a number may belong to either side: the caller chooses among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, groupby, product
from typing import Any
from unicodedata import bidirectional

RIGHT, LEFT, NUMBER = frozenset({"R", "AL"}), frozenset({"L"}), frozenset({"EN", "AN"})

_PAIRS = (
    "()",
    "[]",
    "{}",
    "<>",
    "«»",
    "“”",
    "‘’",
    "《》",
    "〈〉",
    "「」",
    "『』",
    "【】",
    "〔〕",
    "（）",
    "‹›",
    "⟨⟩",
    "⟪⟫",
    "〖〗",
    "⦅⦆",
)
MIRROR = {char: other for pair in _PAIRS for char, other in zip(pair, reversed(pair), strict=True)}
"""Brackets that face the other way in right-to-left text, with their counterparts."""
SAME_LINE = 3.0
"""Points by which the middles of two glyphs of one line may differ."""
MOST_BRACKETS = 6
"""Up to so many brackets of a line are tried each way."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One or more characters that stand at one place: a letter with its points, or a ligature."""

    text: str
    x: float
    """Points from the left edge of the page."""

    @property
    def kind(self) -> str:
        """`R`, `L`, `N` for a digit, or empty for what has no direction."""
        found = bidirectional(self.text[0])
        return "R" if found in RIGHT else "L" if found in LEFT else "N" if found in NUMBER else ""


def is_right_to_left(text: str) -> bool:
    """Whether some character of `text` is written from right to left."""
    return any(bidirectional(char) in RIGHT for char in text)


def candidates(glyphs: Iterable[Glyph]) -> Iterator[str]:
    """The texts that one line may be the picture of, each once, the likeliest first."""
    line = sorted(glyphs, key=lambda glyph: glyph.x)
    orders = (
        _turned(line, "R", "R"),
        _turned(line, "R", "RN"),
        _turned(line[::-1], "LN", "LN"),
        _turned(line[::-1], "L", "LN"),
    )
    texts = dict.fromkeys("".join(glyph.text for glyph in order) for order in orders)
    yield from texts
    yield from dict.fromkeys(text for found in texts for text in _mirrored(found) if text not in texts)


def _mirrored(text: str) -> Iterator[str]:
    """`text` with some of its brackets turned round: PDFium mirrors those that it takes for a part of a turned word.

    In a line with very many brackets either all are turned or none.
    """
    places = [at for at, char in enumerate(text) if char in MIRROR]
    choices = product((False, True), repeat=len(places)) if len(places) <= MOST_BRACKETS else [(True,) * len(places)]
    for turned in choices:
        chars = list(text)
        for at in compress(places, turned):
            chars[at] = MIRROR[chars[at]]
        yield "".join(chars)


def _turned(line: Sequence[Glyph], inner: str, edges: str) -> list[Glyph]:
    """`line` with each run turned round that begins and ends with one of `edges` and holds one of `inner`.

    Between them stand digits and what has no direction. Digits within a turned run keep their order.
    """
    other = {"R": "L", "L": "R"}[inner[0]]
    result: list[Glyph] = []
    for foreign, group in groupby(line, key=lambda glyph: glyph.kind == other):
        run = list(group)
        if foreign:
            result += run
            continue
        places = [at for at, glyph in enumerate(run) if glyph.kind and glyph.kind in edges]
        if not any(glyph.kind and glyph.kind in inner for glyph in run) or not places:
            result += run
            continue
        first, last = places[0], places[-1] + 1
        turned = run[first:last][::-1]
        result += [*run[:first], *(_numbers_restored(turned) if inner == "R" else turned), *run[last:]]
    return result


def _numbers_restored(line: Iterable[Glyph]) -> Iterator[Glyph]:
    for number, group in groupby(line, key=lambda glyph: glyph.kind == "N"):
        run = list(group)
        yield from reversed(run) if number else run


def lines_of(text_page: Any, box: tuple[float, float, float, float]) -> Iterator[str | list[Glyph]]:
    """The lines of a PDFium text page within `box` (left, bottom, right, top in points).

    A line without right-to-left characters comes as its text, one with them as its glyphs.
    """
    rows = list(_rows(text_page, box))
    for at, row in enumerate(rows):
        if _is_bare(row):
            # a bracket at the end of a right-to-left line comes as a line of its own, because it stands far from
            # where that line began
            home = next((near for near in (rows[at - 1 : at] + rows[at + 1 : at + 2]) if near.holds(row)), None)
            if home is not None:
                home.glyphs += row.glyphs
                row.glyphs = []
    yield from (_as_text_or_glyphs(row.glyphs) for row in rows if row.glyphs)


@dataclass(slots=True)
class _Row:
    """What PDFium takes for a line."""

    glyphs: list[Glyph]
    middle: float
    """Points from the lower edge of the page, of its first glyph."""

    def holds(self, bare: _Row) -> bool:
        """Whether `bare` stands on this line, one with right-to-left words."""
        return abs(self.middle - bare.middle) < SAME_LINE and any(glyph.kind == "R" for glyph in self.glyphs)


def _is_bare(row: _Row) -> bool:
    return all(glyph.text in MIRROR for glyph in row.glyphs)


def _rows(text_page: Any, box: tuple[float, float, float, float]) -> Iterator[_Row]:
    from pypdfium2.raw import FPDFText_GetUnicode, FPDFText_IsGenerated

    left, bottom, right, top = box
    line: list[Glyph] = []
    half, middle = 0, 0.0
    for index in range(text_page.count_chars()):
        code = FPDFText_GetUnicode(text_page, index)
        if 0xD800 <= code < 0xE000:
            # PDFium counts in UTF-16: an emoji is two of its characters, and in a turned run the second comes first
            if not half:
                half = code
                continue
            high, low = sorted((half, code))
            code, half = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00), 0
        char = chr(code)
        if char in "\r\n":
            if line:
                yield _Row(line, middle)
            line = []
        elif FPDFText_IsGenerated(text_page, index) == 1:
            continue
        else:
            from_left, low, to_right, high = text_page.get_charbox(index, loose=True)
            if not (left <= (from_left + to_right) / 2 <= right and bottom <= (low + high) / 2 <= top):
                continue
            if not line:
                middle = (low + high) / 2
            if line and bidirectional(char) == "NSM":
                line[-1] = Glyph(line[-1].text + char, line[-1].x)
            elif line and line[-1].x == from_left:  # a ligature: PDFium has turned its letters round, too
                turned = line[-1].kind == "R"
                line[-1] = Glyph(char + line[-1].text if turned else line[-1].text + char, from_left)
            else:
                line.append(Glyph(char, from_left))
    if line:
        yield _Row(line, middle)


def _as_text_or_glyphs(line: list[Glyph]) -> str | list[Glyph]:
    text = "".join(glyph.text for glyph in line)
    return line if is_right_to_left(text) else text


def with_the_same_letters(line: str, written: str) -> str:
    """The part of `written` that consists of exactly the characters of `line`, in whatever order; or an empty string.

    The last resort where numbers and marks between words of both directions leave too many orders to try: every
    glyph of the line is there, and the text says how it was meant. A mark counts as its counterpart.
    """
    width = len(line)
    missing = Counter(map(_either, line))
    for at, char in enumerate(written):
        missing[_either(char)] -= 1
        if at >= width:
            missing[_either(written[at - width])] += 1
        if at >= width - 1 and not any(missing.values()):
            return written[at - width + 1 : at + 1]
    return ""


def _either(char: str) -> str:
    """A mark and its counterpart under one name."""
    return min(char, MIRROR.get(char, char))
