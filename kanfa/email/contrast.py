"""Contrast of colours (WCAG 2.2), and the dark palette as mail programs would apply it."""

from __future__ import annotations

from typing import Final

from cssselect import HTMLTranslator

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
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if len(digits) != 6:
        raise ValueError(f"{colour} is no hex colour")
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def dark_styles(mail: Mail) -> dict[Element, Style]:
    """The `style` of each element with the dark block of the head applied over it."""
    styles = {element: dict(style) for element, style in mail.styles.items()}
    translate = HTMLTranslator().css_to_xpath
    # in order of specificity, then of appearance: all of these rules are !important
    found = []
    for order, rule in enumerate(rule for sheet in mail.sheets for rule in declarations(sheet)):
        if DARK in rule.condition:
            for part in rule.selector.split(","):
                weight = (part.count("."), len(part.split()) - part.count("."))
                found.append((weight, order, part.strip(), rule))
    for _, _, selector, rule in sorted(found, key=lambda entry: entry[:2]):
        for element in mail.root.xpath(translate(selector)):
            styles.setdefault(element, {})[rule.name] = rule.value
    return styles


def colours(element: Element, styles: dict[Element, Style]) -> tuple[str, str]:
    """Text colour and background that an element ends up with."""
    text = back = ""
    for node in (element, *element.iterancestors()):
        style = styles.get(node, {})
        text = text or style.get("color", "")
        back = back or style.get("background-color", "") or node.get("bgcolor", "")
    return text or BLACK, back or WHITE
