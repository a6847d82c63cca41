"""Emphasis beside Chinese punctuation: CommonMark's flanking rule, amended for `*` next to CJK characters.

CommonMark leaves the closing marks of `**注意：**升级` literal, because they stand between punctuation and
a letter. For `*` the punctuation condition is waived when either neighbour is CJK; white space still
forbids, `_` stays as it is. None of CommonMark's own examples changes.
"""

from __future__ import annotations

from unicodedata import category, east_asian_width, name

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

MAX_DELIMITERS = 4_000
"""Emphasis marks considered in one paragraph; later ones are literal. The pairing pass keeps a token for each."""


def is_space(char: str) -> bool:
    """Whether CommonMark counts `char` as Unicode white space."""
    return char in "\t\n\f\r" or category(char) == "Zs"


def is_punctuation(char: str) -> bool:
    """Whether CommonMark counts `char` as Unicode punctuation (symbols included)."""
    return category(char)[0] in "PS"


def is_hangul(char: str) -> bool:
    """Whether `char` is Korean, which puts spaces between words."""
    return char >= "\u1100" and name(char, "").startswith("HANGUL")


def is_cjk(char: str) -> bool:
    """Whether `char` is East Asian by width (wide, full-width or half-width form) or Hangul; emoji are not."""
    if char < "\u1100" or "\U0001f000" <= char <= "\U0001faff":
        return False
    return east_asian_width(char) in "FHW" or is_hangul(char)


def flanks(before: str, after: str, *, lenient: bool) -> tuple[bool, bool]:
    """Whether a run of marks between two characters is left-flanking and right-flanking."""
    near_cjk = lenient and (is_cjk(before) or is_cjk(after))

    def touches(inner: str, outer: str) -> bool:
        free = near_cjk or not is_punctuation(inner) or is_space(outer) or is_punctuation(outer)
        return free and not is_space(inner)

    return touches(after, before), touches(before, after)


def cjk_emphasis(state: StateInline, silent: bool) -> bool:
    """Replaces markdown-it's rule `emphasis`: pushes the marks; the pairing pass stays as it is."""
    start = end = state.pos
    mark = state.src[start]
    if silent or mark not in "*_":
        return False
    while end < state.posMax and state.src[end] == mark:
        end += 1
    if len(state.delimiters) + end - start > MAX_DELIMITERS:
        state.append_pending(state.src[start:end])
        state.pos = end
        return True
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < state.posMax else " "
    opens, closes = flanks(before, after, lenient=mark == "*")
    if mark == "_" and opens and closes:
        opens, closes = is_punctuation(before), is_punctuation(after)
    for _ in range(start, end):
        state.push("text", "", 0).content = mark
        here = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord(mark), end - start, here, -1, opens, closes))
    state.pos = end
    return True
