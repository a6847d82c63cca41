"""What the MJML engine itself writes and our rules would otherwise call faults: data, tested on a fresh render.

Each entry is exempt because the engine pairs it with a form that Outlook understands (a fixed table in a
conditional comment, an attribute), or because it only resets a default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kanfa.email.dom import Element, classes, names
from kanfa.email.mail import HIDDEN

ENGINE_STYLES: Final[Mapping[str, Mapping[str, re.Pattern[str]]]] = MappingProxyType(
    {
        # set on the block round each mj-text; Outlook takes the line height of the elements inside
        "div": MappingProxyType({"line-height": re.compile(r"[\d.]+(px)?")}),
        # resets of table defaults
        "table": MappingProxyType(
            {"border-spacing": re.compile(r"0(px)?"), "line-height": re.compile(r"100%|\d+px")}  # buttons, mj-table
        ),
        "a": MappingProxyType({"padding": re.compile(r"[\dpx ]+"), "line-height": re.compile(r"120%")}),
    }
)
"""Values of properties in `style` attributes, by element, that the engine writes and our rules would refuse.
`max-width`, `margin:0px auto`, `table-layout`, `outline`, `cursor`, `word-break` and `background` with a colour need no
entry: no rule names them."""

HIDDEN_STYLES: Final = frozenset({"display", "overflow", "opacity", "max-height", "font-size", "line-height"})
"""Properties of the hidden preheader: where one fails another still hides it."""

PRE_STYLES: Final = frozenset({"white-space"})
"""Properties of `pre` elements: the element itself keeps spaces and breaks; pre-wrap only adds wrapping on phones,
and Outlook for Windows, which ignores it, has room for long lines."""

ENGINE_SELECTORS: Final = ("#outlook a", ".moz-text-html ", "table.mj-full-width-mobile", "td.mj-full-width-mobile")
"""Selectors of the engine's own blocks."""

RISKY_SELECTORS: Final = ("[data-ogsc] ", "[data-ogsb] ")
"""Outlook.com's dark mode marks: allowed at the start of a selector, in the last block only."""

ENGINE_FEATURES: Final = names(
    "css-border-radius css-border-spacing css-cursor css-outline css-table-layout css-word-break css-word-spacing "
    "html-aria-label"
)
"""Pages of caniemail.com on what the engine's components write and some clients lack, beyond the fundamentals of
`kanfa.email.clients.exempt`. Resets and hints: without them a table keeps its default spacing, a button its corners and
arrow, and a program that reads aloud says the text itself."""


def hides_itself(element: Element, name: str) -> bool:
    """Whether a declaration has a second form beside it on this element: the hidden preheader, or `pre`."""
    if HIDDEN in classes(element):
        return name in HIDDEN_STYLES
    return element.tag == "pre" and name in PRE_STYLES
