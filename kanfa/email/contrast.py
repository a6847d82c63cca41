"""Contrast of colours (WCAG 2.2), and the dark palette as mail programs would apply it."""

from __future__ import annotations

import colorsys
from functools import lru_cache
from typing import Any, Final

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from kanfa.email.dom import Element
from kanfa.email.mail import Mail, Style
from kanfa.email.theme import declarations

DARK: Final = "prefers-color-scheme: dark"
WHITE, BLACK = "#ffffff", "#000000"


def ratio(first: str, second: str) -> float:
    """Contrast of two hex colours, 1 to 21. Raises ValueError for anything else than #rgb or #rrggbb."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of a hex colour, 0 to 1 (WCAG 2.2)."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def inverted(colour: str) -> str:
    """A hex colour with its lightness (HSL) turned round and its hue kept, as forced dark modes do it. An estimate:
    each program has a method of its own, and none is published. Raises ValueError for what is no hex colour."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    return "#" + "".join(f"{round(value * 255):02x}" for value in colorsys.hls_to_rgb(hue, 1 - lightness, saturation))


def _channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if len(digits) != 6:
        raise ValueError(f"{colour} is no hex colour")
    red, green, blue = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return red, green, blue


def dark_styles(mail: Mail) -> dict[Element, Style]:
    """The `style` of each element with the dark block of the head applied over it."""
    styles = {element: dict(style) for element, style in mail.styles.items()}
    # in order of specificity, then of appearance: all of these rules are !important
    found = []
    for order, rule in enumerate(rule for sheet in mail.sheets for rule in declarations(sheet)):
        if DARK in rule.condition:
            for part in rule.selector.split(","):
                weight = (part.count("."), len(part.split()) - part.count("."))
                found.append((weight, order, part.strip(), rule))
    for _, _, selector, rule in sorted(found, key=lambda entry: entry[:2]):
        for element in _found(selector)(mail.root):
            styles.setdefault(element, {})[rule.name] = rule.value
    return styles


@lru_cache(maxsize=512)
def _found(selector: str) -> Any:
    """The elements of a tree that a selector names: the expression is made once, which costs more than using it.

    None of them for a selector that has no meaning without a reader's hand or that cssselect does not know
    (`:focus-visible`, `::before`): whatever it colours is not what the mail looks like when it is opened.
    """
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except SelectorError:
        return etree.XPath("/..")


def colours(element: Element, styles: dict[Element, Style]) -> tuple[str, str]:
    """Text colour and background that an element ends up with."""
    text = back = ""
    for node in (element, *element.iterancestors()):
        style = styles.get(node, {})
        text = text or style.get("color", "")
        back = back or style.get("background-color", "") or node.get("bgcolor", "")
    return text or BLACK, back or WHITE
