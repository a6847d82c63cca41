"""Text in columns, as terminals and fixed-width mail windows count them: widths, and lines no wider than asked.

Nothing here is about mail: a line is broken at a single space, or between two characters of which one is East
Asian, never inside a Latin word, a number or an address, and never so that closing punctuation begins a line or
opening punctuation ends one (GB/T 15834-2011, 5.1; W3C clreq, “line composition”; a small part of UAX #14).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from unicodedata import category, east_asian_width

NO_START: Final = frozenset(
    "!),.:;?]}%>\"^_'°℃‰·…—～〜~％、。，．：；？！”’）〉》」』】〕〗〙〛｝］｠»›ー々ゝゞヽヾ"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
"""What must not begin a line after an East Asian character or a space: closing marks, and what belongs to the
character before it. A straight quotation mark may be either, so it stands in both sets."""

NO_END: Final = frozenset("([{<\"'#$£¥@“‘（〈《「『【〔〖〘〚｛［｟«‹￥＄＃＠")
"""What must not end a line: opening marks and signs before a number or name."""

_REFERENCE: Final = re.compile(r"\[\d+\]|〔注\d|\[note \d")
"""The number of an address or of a note: it stays with the word before it."""

_MARKER: Final = re.compile(r"(?:[-*+•]|\d{1,3}[.)])(?: |$)")
"""What at the beginning of a line is taken for the marker of a list's item."""

_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"


def clusters(text: str) -> Iterator[str]:
    """What a reader takes for one character each: a base with its combining marks, an emoji with all its joined
    parts, a flag of two letters. A simplified UAX #29."""
    start = 0
    for at in range(1, len(text)):
        if not _joins(text, start, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _joins(text: str, start: int, at: int) -> bool:
    char, before = text[at], text[at - 1]
    if char.isascii() or ("\u3100" <= char <= "\ua4cf" and before != _JOINER):  # most of a Chinese text
        return False
    if before == _JOINER or category(char) in {"Mn", "Me", "Mc"} or char == _JOINER:
        return True
    if "\U0001f3fb" <= char <= "\U0001f3ff":  # skin tones
        return True
    if "\u1160" <= char <= "\u11ff":  # vowels and finals of a Hangul syllable
        return True
    return _is_flag_letter(char) and _is_flag_letter(before) and at - start == 1


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


@lru_cache(maxsize=8192)
def _cluster_width(cluster: str) -> int:
    first = cluster[0]
    if len(cluster) == 1 and first.isascii():
        return 1
    if category(first) in {"Mn", "Me", "Cf"}:
        return 0
    wide = east_asian_width(first) in "FW" or _EMOJI_STYLE in cluster or (len(cluster) == 2 and _is_flag_letter(first))
    return 2 if wide else 1


def width_of(text: str) -> int:
    """Columns that `text` takes in a terminal: 2 for East Asian wide and full-width characters and emoji, 0 for
    combining and invisible ones, else 1. Characters of ambiguous width (“…”) count 1."""
    return len(text) if text.isascii() else sum(map(_cluster_width, clusters(text)))


def wrapped(text: str, columns: int) -> str:
    """`text` with line feeds put in so that no line is wider than `columns`, as far as its words allow.

    Lines that are there stay. Only a space at which a line is broken is left out; runs of several stay whole.
    """
    return "\n".join(line for part in text.split("\n") for line in _lines(part, columns))


def _lines(text: str, columns: int) -> Iterator[str]:
    if width_of(text) <= columns:
        yield text
        return
    line, width = "", 0
    for gap, chunk in _chunks(text):
        wide = width_of(chunk)
        if line and width + len(gap) + wide > columns:
            yield line
            line, width = chunk, wide
        else:
            line, width = f"{line}{gap}{chunk}", width + len(gap) + wide
    yield line


def _chunks(text: str) -> Iterator[tuple[str, str]]:
    """What is never broken, each with the space before it, or nothing where it may be broken off without one."""
    found = list(clusters(text))
    gap, chunk, at = "", "", 0
    for index, cluster in enumerate(found):
        before = found[index - 1] if index else ""
        after = found[index + 1] if index + 1 < len(found) else ""
        if cluster == " " and _is_gap(before, after, text, at + 1):
            yield gap, chunk
            gap, chunk = " ", ""
        else:
            if chunk and _may_break(before, cluster, text, at):
                yield gap, chunk
                gap, chunk = "", ""
            chunk += cluster
        at += len(cluster)
    yield gap, chunk


def _is_gap(before: str, after: str, text: str, at: int) -> bool:
    """Whether a line may end at the single space between these two."""
    inside = before not in {"", " "} and after not in {"", " "}
    if not inside or after in NO_START or before in NO_END:
        return False
    return not (_REFERENCE.match(text, at) or _MARKER.match(text, at))


def _may_break(before: str, after: str, text: str, at: int) -> bool:
    if before == "\u200b":  # put there to say so
        return True
    if not (_is_east_asian(before) or _is_east_asian(after)) or " " in {before, after}:
        return False
    if after[0] in NO_START or before[0] in NO_END or text.startswith("〔注", at - 2):
        return False
    return not (after in {"[", "〔"} and _REFERENCE.match(text, at))


def _is_east_asian(cluster: str) -> bool:
    """Whether lines may be broken beside it: wide, and no full-width letter or digit, which make words."""
    char = cluster[0]
    if "\uff10" <= char <= "\uff5a" and char.isalnum():
        return False
    return _cluster_width(cluster) == 2
