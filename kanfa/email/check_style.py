"""Rules for style blocks and `style` attributes. One finding for each feature, with its first place and count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import tinycss2

from kanfa.email import rules
from kanfa.email.baseline import ENGINE_SELECTORS, ENGINE_STYLES, RISKY_SELECTORS, hides_itself
from kanfa.email.clients.support import support
from kanfa.email.dom import Element, classes, in_class, names
from kanfa.email.limits import BODY_TEXT_MIN_PX, STYLE_BYTES, TEXT_MIN_PX
from kanfa.email.mail import HIDDEN, Mail
from kanfa.email.theme import declarations, parsed
from kanfa.findings import Finding, Rule

GMAIL: Final = names("position inset transform animation animation-name filter clip-path top left right bottom")
LAYOUT: Final = names("float gap row-gap column-gap justify-content align-items flex flex-direction")
PICTURE: Final = names("background-image object-fit list-style-image visibility z-index")
BOX: Final = names(
    "overflow overflow-x overflow-y text-overflow white-space opacity min-width min-height max-height "
    "border-spacing word-spacing"
)
MODERN_COLOUR: Final = re.compile(r"\b(?:rgba?|hsla?)\([^,)]*\)|\b(?:lab|lch|oklab|oklch|color-mix|hwb)\(|\bvar\(|^--")
UNIT: Final = re.compile(r"\b(?:calc|min|max|clamp)\(|\d(?:rem|ch|vw|vh)\b")
CHAINED: Final = re.compile(r"[.#][\w-]+[.#]|[>+~*\[]|:(?!hover\b|root\b)")
BY_CLIENT: Final = frozenset(
    {
        rules.PROPERTY_GMAIL,
        rules.PROPERTY_LAYOUT,
        rules.PROPERTY_UNIT,
        rules.PROPERTY_PICTURE,
        rules.PROPERTY_BOX,
    }
)
"""Rules that hold as long as a client that the publication requires lacks the feature; else `check_clients` speaks."""
GENERIC: Final = ("sans-serif", "serif", "monospace")


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML020–EML035."""
    yield from _blocks(mail)
    yield from _selectors(mail)
    yield from _attributes(mail)
    yield from _without_styles(mail)
    yield from _text_sizes(mail)


def _blocks(mail: Mail) -> Iterator[Finding]:
    size = sum(len(sheet.encode()) for sheet in mail.sheets)
    if size > STYLE_BYTES:
        yield rules.STYLE_SIZE.at(1, "{size:,} bytes of style blocks, at most {most:,}", size=size, most=STYLE_BYTES)
    for number, sheet in enumerate(mail.sheets, 1):
        for rule in parsed(sheet):
            if rule.type == "error":
                yield rules.STYLE_SYNTAX.at(1, "style block {number}: {fault}", number=number, fault=rule.message)
            elif rule.type == "at-rule" and rule.lower_at_keyword in {"import", "font-face"}:
                yield rules.STYLE_IMPORT.at(1, "@{name}", name=rule.lower_at_keyword)
            elif rule.type == "at-rule" and _nested(rule):
                message = "style block {number}: an at-rule within @{name}"
                yield rules.STYLE_SYNTAX.at(1, message, number=number, name=rule.lower_at_keyword)
        risky = any(selector.strip().startswith(RISKY_SELECTORS) for selector in _selectors_of(sheet))
        if risky and number != len(mail.sheets):
            message = "style block {number} holds [data-ogsc] rules and is not the last"
            yield rules.STYLE_SYNTAX.at(1, message, number=number)


def _nested(rule: Any) -> bool:
    inner = tinycss2.parse_rule_list(rule.content or [], skip_comments=True, skip_whitespace=True)
    return any(part.type in {"at-rule", "error"} for part in inner)


def _selectors_of(sheet: str) -> list[str]:
    return [part for rule in declarations(sheet) for part in rule.selector.split(",")]


def _selectors(mail: Mail) -> Iterator[Finding]:
    seen = dict.fromkeys(part.strip() for sheet in mail.sheets for part in _selectors_of(sheet))
    for selector in seen:
        plain = next((selector.removeprefix(name) for name in RISKY_SELECTORS if selector.startswith(name)), selector)
        if CHAINED.search(plain) and not selector.startswith(ENGINE_SELECTORS):
            yield rules.SELECTOR.at(1, "the selector {selector} fails in some mail programs", selector=selector)


def _exempt(element: Element, name: str, value: str) -> bool:
    if HIDDEN in classes(element) or hides_itself(element, name):
        return hides_itself(element, name)
    engine = ENGINE_STYLES.get(element.tag, {}).get(name)
    return engine is not None and engine.fullmatch(value) is not None


def _attributes(mail: Mail) -> Iterator[Finding]:
    found: dict[tuple[Rule, str, str, str, str], list[Element]] = {}
    known = support(mail.publication.email.clients)
    for element, style in mail.styles.items():
        for name, value in style.items():
            for rule, message in _faults(element, name, value, style):
                if not _exempt(element, name, value) and not (rule in BY_CLIENT and known.passes(name, value)):
                    tag = element.tag if "{tag}" in message else ""
                    found.setdefault((rule, message, name, value, tag), []).append(element)
        if "!important" in (element.get("style") or ""):
            found.setdefault((rules.IMPORTANT, "!important in a style attribute ×{count}", "", "", ""), []).append(
                element
            )
    for element in mail.elements:
        for name in ("bgcolor", "color"):
            value = element.get(name)
            if value is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
                found.setdefault((rules.COLOUR_ATTRIBUTE, '{name}="{value}" ×{count}', name, value, ""), []).append(
                    element
                )
    for (rule, message, name, value, tag), places in found.items():
        shown = {"name": name, "value": value, "tag": tag}
        yield rule.at(1, message, element=mail.path(places[0]), **shown, count=len(places))


def _faults(element: Element, name: str, value: str, style: dict[str, str]) -> Iterator[tuple[Rule, str]]:
    """Each rule that a declaration breaks, with the message; its fields are name, value, tag and count."""
    low = value.lower()
    words = "{name}: {value} ×{count}"
    if name in GMAIL or name.startswith(("--", "animation")) or MODERN_COLOUR.search(low):
        yield rules.PROPERTY_GMAIL, words
    if name in LAYOUT or name.startswith(("grid", "flex")) or (name == "display" and ("flex" in low or "grid" in low)):
        yield rules.PROPERTY_LAYOUT, words
    if name.startswith("margin") and any(part.startswith("-") for part in low.split()):
        yield rules.PROPERTY_LAYOUT, words
    if UNIT.search(low):
        yield rules.PROPERTY_UNIT, words
    if name in PICTURE or "gradient(" in low or (name == "background" and "url(" in low):
        yield rules.PROPERTY_PICTURE, words
    if name in BOX:
        yield rules.PROPERTY_BOX, words
    if name.startswith("padding") and element.tag not in {"td", "th"} and low.strip("0px ") != "":
        yield rules.PADDING, "{name}: {value} on <{tag}> ×{count}"
    if name == "line-height" and "mso-line-height-rule" not in style and "font-size" not in _zero(style):
        yield rules.LINE_HEIGHT, "{name}: {value} on <{tag}> ×{count}"
    if name == "font-family" and not low.rstrip().endswith(GENERIC):
        yield rules.FONT_STACK, "{name}: {value} ends in no generic family ×{count}"


def _zero(style: dict[str, str]) -> set[str]:
    return {name for name, value in style.items() if value in {"0", "0px"}}


def _without_styles(mail: Mail) -> Iterator[Finding]:
    """Text must have its colour, size and font in the elements themselves."""
    for name in ("color", "font-size", "font-family"):
        bare = [element for element, _ in mail.texts if not mail.effective(element, name)]
        if bare:
            message = "without style blocks {count} pieces of text have no {name}"
            yield rules.STYLE_NEEDED.at(1, message, element=mail.path(bare[0]), count=len(bare), name=name)


def _is_body_text(element: Element) -> bool:
    return element.tag in {"p", "li"} and in_class(element, "copy")


def _text_sizes(mail: Mail) -> Iterator[Finding]:
    small: dict[str, Element] = {}
    for element, _ in mail.texts:
        value = mail.effective(element, "font-size")
        least = BODY_TEXT_MIN_PX if _is_body_text(element) else TEXT_MIN_PX
        if value.endswith("px") and float(value[:-2]) < least:
            small.setdefault(value, element)
    for value, element in small.items():
        rule = rules.TEXT_SIZE if float(value[:-2]) < TEXT_MIN_PX else rules.FONT_STACK
        yield rule.at(1, "text of {value}", element=mail.path(element), value=value)
