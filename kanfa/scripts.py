"""What the characters of a text ask of its form: the way it runs, and whether its letters may slant."""

from __future__ import annotations

import re
from typing import Final, Literal
from unicodedata import bidirectional

Direction = Literal["ltr", "rtl"]

RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
"""Hebrew, Arabic and their neighbours: the blocks whose characters run from right to left unless assigned otherwise
(Unicode Standard Annex 9, table 4). A text without any is read no further."""

UPRIGHT: Final = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u318f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
"""Han, kana, bopomofo and hangul: letters in a square, which no typography slants (W3C clreq 3.5, jlreq 3.1.1)."""


def direction_of(text: str) -> Direction | None:
    """The way most letters of `text` run; None when it has none. As many of both kinds: the way of the first."""
    if not RIGHT_TO_LEFT.search(text):
        return "ltr" if any(bidirectional(char) == "L" for char in text) else None
    kinds = [kind for kind in map(bidirectional, text) if kind in {"L", "R", "AL"}]
    left = kinds.count("L")
    right = len(kinds) - left
    if left == right:
        return None if not kinds else "ltr" if kinds[0] == "L" else "rtl"
    return "ltr" if left > right else "rtl"


def is_upright(text: str) -> bool:
    """Whether `text` holds letters that must not be slanted."""
    return UPRIGHT.search(text) is not None
