"""Rules for access, dark mode and the preheader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kanfa.email import rules
from kanfa.email.contrast import DARK, colours, dark_styles, ratio
from kanfa.email.dom import Element, classes, words
from kanfa.email.limits import CONTRAST, CONTRAST_LARGE, PREHEADER_UNITS
from kanfa.email.mail import HIDDEN, Mail, Style
from kanfa.email.theme import declarations
from kanfa.findings import Finding
from kanfa.text import width_of

REWRITTEN: Final = frozenset({"header", "main", "section", "nav", "figure", "article", "aside", "footer"})
UNRELIABLE: Final = frozenset({"ruby", "rt", "rp", "details", "summary"})
SCHEMES: Final = ("color-scheme", "supported-color-schemes")
WHITES: Final = frozenset({"#fff", "#ffffff", "white"})
NO_COLOURS: Final = {
    "day": "{colour} on {back} by day is no pair of hex colours",
    "night": "{colour} on {back} by night is no pair of hex colours",
}
TOO_FAINT: Final = {
    "day": "{colour} on {back} by day: {ratio}:1 (“{text}”)",
    "night": "{colour} on {back} by night: {ratio}:1 (“{text}”)",
}
HEADING_LEVELS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML060, EML061, EML063–EML068 and EML097."""
    yield from _contrast(mail, "day", mail.styles)
    yield from _contrast(mail, "night", dark_styles(mail))
    yield from _headings(mail)
    yield from _rewritten(mail)
    yield from _dark(mail)
    yield from _preheader(mail)


def _contrast(mail: Mail, when: str, styles: dict[Element, Style]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], None] = {}
    for element, text in mail.texts:
        colour, back = colours(element, styles)
        if (colour, back) in seen or not text.strip():
            continue
        try:
            value = ratio(colour, back)
        except ValueError:
            seen[colour, back] = None
            yield rules.CONTRAST_RULE.at(1, NO_COLOURS[when], element=mail.path(element), colour=colour, back=back)
            continue
        if value < (CONTRAST_LARGE if _is_large(mail, element) else CONTRAST):
            seen[colour, back] = None
            shown = {"colour": colour, "back": back, "ratio": f"{value:.2f}", "text": text.strip()[:20]}
            yield rules.CONTRAST_RULE.at(1, TOO_FAINT[when], element=mail.path(element), **shown)


def _is_large(mail: Mail, element: Element) -> bool:
    size = mail.effective(element, "font-size").removesuffix("px")
    bold = mail.effective(element, "font-weight") in {"bold", "700"} or element.tag in {"b", "strong", "th"}
    return size.replace(".", "", 1).isdecimal() and float(size) >= (18.66 if bold else 24)


def _headings(mail: Mail) -> Iterator[Finding]:
    headings = [element for element in mail.body if element.tag in HEADING_LEVELS]
    titles = [heading for heading in headings if heading.tag == "h1" and words(heading)]
    if len(titles) != 1:
        line = mail.issue.line_of("title")
        yield rules.HEADINGS.at(line, "{count} main headings (h1) with words", count=len(titles))
    level = 0
    for heading in headings:
        own = HEADING_LEVELS.index(heading.tag) + 1
        if own > level + 1:
            line = mail.line_of_text(words(heading))
            shown = {"heading": heading.tag, "level": f"h{level}"}
            yield rules.HEADINGS.at(line, "{heading} follows {level}", element=mail.path(heading), **shown)
        level = own


def _rewritten(mail: Mail) -> Iterator[Finding]:
    found = {element.tag: element for element in reversed(mail.body) if element.tag in REWRITTEN}
    for tag, element in sorted(found.items()):
        yield rules.REWRITTEN_ELEMENT.at(1, "<{tag}>", element=mail.path(element), tag=tag)
    unreliable = next((element for element in mail.body if element.tag in UNRELIABLE), None)
    if unreliable is not None:
        yield rules.UNRELIABLE_ELEMENT.at(1, "<{tag}>", element=mail.path(unreliable), tag=unreliable.tag)


def _dark(mail: Mail) -> Iterator[Finding]:
    for name in SCHEMES:
        if not mail.root.xpath(f"head/meta[@name='{name}'][@content='light dark']"):
            yield rules.DARK_META.at(1, 'no <meta name="{name}" content="light dark">', name=name)
    dark = [rule for sheet in mail.sheets for rule in declarations(sheet) if DARK in rule.condition]
    if not dark or not all(rule.important for rule in dark):
        yield rules.DARK_META.at(1, "no dark block, or one with a declaration that lacks !important")
    for element in _half_coloured(mail):
        yield rules.DARK_PAIR.at(1, "background-color without color", element=mail.path(element))


def _half_coloured(mail: Mail) -> Iterator[Element]:
    """Each element with a background of its own whose text takes its colour from further out."""
    seen: set[Element] = set()
    for start, _ in mail.texts:
        for element in (start, *start.iterancestors()):
            style = mail.styles.get(element, {})
            if element in seen or "color" in style or element.tag == "body":
                break
            if "background-color" in style and "background" not in style:
                yield element
                seen.add(element)
                break
            seen.add(element)


def _preheader(mail: Mail) -> Iterator[Finding]:
    line = mail.issue.line_of("summary")
    texts = [element for element in mail.body if (element.text or "").strip()]
    if not texts or HIDDEN not in classes(texts[0]):
        yield rules.PREHEADER.at(line, "the mail does not start with a hidden preview text")
        return
    element = texts[0]
    text = (element.text or "").replace("\u200c", "").replace("\u00a0", " ").strip()
    style = mail.styles.get(element, {})
    if style.get("display") != "none":
        yield rules.PREHEADER.at(1, "the preview text is not hidden", element=mail.path(element))
    elif text in {"", mail.issue.title.strip()}:
        yield rules.PREHEADER.at(line, "the preview text repeats the subject")
    else:
        least, most = PREHEADER_UNITS
        length = round(width_of(text) / 2)
        if not least <= length <= most:
            message = "the preview is as long as {length} Chinese characters; {least} to {most} are best"
            yield rules.PREHEADER_LENGTH.at(line, message, length=length, least=least, most=most)
    if style.get("color", "").lower() in WHITES:
        yield rules.PREHEADER_COLOUR.at(1, "white hidden text", element=mail.path(element))
