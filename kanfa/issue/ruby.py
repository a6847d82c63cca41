"""Ruby: characters with their reading beside them, `{汉字|hàn zì}`."""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline

from kanfa.issue.emphasis import is_cjk

_PART = r"(?:[^{}|\n\\`]|\\[^\n])*+"
_RUBY = re.compile(rf"\{{({_PART})((?:\|{_PART})++)\}}")


def ruby(state: StateInline, silent: bool) -> bool:
    """Rule of the inline parser: `{…|…}` with a CJK letter in it; `\\{` escapes, and code may not stand in it.

    It gives `ruby_open`, what the characters hold, `ruby_reading_open` … `ruby_reading_close`, `ruby_close`. Without
    one of the two parts, or with more than two, it gives one `ruby_fault` that holds what was written.
    """
    start = state.pos
    if state.src[start] != "{" or state.src[start - 1 : start] == "{":
        return False
    found = _RUBY.match(state.src, start, state.posMax)
    if not found or not any(is_cjk(char) and char.isalpha() for char in found[0]):
        return False
    if not silent:
        reading = found[2][1:]
        if _is_bare(reading) or not found[1].strip() or not reading.strip():
            state.push("ruby_fault", "", 0).content = found[0]
        else:
            _push(state, found)
    state.pos = found.end()
    return True


def _is_bare(reading: str) -> bool:
    """Whether a bar without escape is left."""
    return "|" in re.sub(r"\\.", "", reading)


def _push(state: StateInline, found: re.Match[str]) -> None:
    limit = state.posMax
    state.push("ruby_open", "", 1)
    _tokenize(state, *found.span(1))
    state.push("ruby_reading_open", "", 1)
    _tokenize(state, found.start(2) + 1, found.end(2))
    state.push("ruby_reading_close", "", -1)
    state.push("ruby_close", "", -1)
    state.posMax = limit


def _tokenize(state: StateInline, start: int, end: int) -> None:
    state.pos, state.posMax = start, end
    state.md.inline.tokenize(state)
