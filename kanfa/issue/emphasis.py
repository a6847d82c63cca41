"""Emphasis beside Chinese punctuation: CommonMark's flanking rule, amended for `*` and `~~` next to CJK characters.

CommonMark leaves the closing marks of `**注意：**升级` literal, because they stand between punctuation and
a letter, and GFM those of `~~旧价：~~新价`. For `*` and `~~` the punctuation condition is waived when either
neighbour is CJK; white space still forbids, `_` stays as it is. None of CommonMark's own examples changes.
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
    start = state.pos
    mark = state.src[start]
    if silent or mark not in "*_":
        return False
    end = _end_of_run(state)
    if _is_one_too_many(state, end):
        return True
    before, after = _neighbours(state, end)
    opens, closes = flanks(before, after, lenient=mark == "*")
    if mark == "_" and opens and closes:
        opens, closes = is_punctuation(before), is_punctuation(after)
    for _ in range(start, end):
        _push(state, mark, end - start, opens=opens, closes=closes)
    state.pos = end
    return True


def cjk_strikethrough(state: StateInline, silent: bool) -> bool:
    """Replaces markdown-it's rule `strikethrough`: pushes pairs of tildes; the pairing pass stays as it is.

    Of an odd run the first tilde stays text, where the pairing pass expects it.
    """
    start = state.pos
    if silent or not state.src.startswith("~~", start, state.posMax):
        return False
    end = _end_of_run(state)
    if _is_one_too_many(state, end):
        return True
    opens, closes = flanks(*_neighbours(state, end), lenient=True)
    if (end - start) % 2:
        state.push("text", "", 0).content = "~"
    for _ in range((end - start) // 2):
        _push(state, "~~", 0, opens=opens, closes=closes)  # length 0: CommonMark's rule of three is for `*` and `_`
    state.pos = end
    return True


def _end_of_run(state: StateInline) -> int:
    """Where the run of equal marks that begins here ends."""
    end = state.pos
    while end < state.posMax and state.src[end] == state.src[state.pos]:
        end += 1
    return end


def _neighbours(state: StateInline, end: int) -> tuple[str, str]:
    """The characters before and after the run of marks from here to `end`; the ends of the text count as spaces."""
    before = state.src[state.pos - 1] if state.pos else " "
    return before, state.src[end] if end < state.posMax else " "


def _is_one_too_many(state: StateInline, end: int) -> bool:
    """Whether the paragraph has its `MAX_DELIMITERS`; the run is text then, and passed."""
    if len(state.delimiters) + end - state.pos <= MAX_DELIMITERS:
        return False
    state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _push(state: StateInline, mark: str, length: int, *, opens: bool, closes: bool) -> None:
    state.push("text", "", 0).content = mark
    state.delimiters.append(Delimiter(ord(mark[0]), length, len(state.tokens) - 1, -1, opens, closes))
