"""Style attributes, judged declaration by declaration, and as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from math import ceil
from unicodedata import east_asian_width

from lxml.html import HtmlElement

from kanfa.findings import Finding, Rule
from kanfa.wechat.addresses import host_of
from kanfa.wechat.checks.article import RAW_AMPERSAND, Article
from kanfa.wechat.checks.structure import in_drawing
from kanfa.wechat.limits import PICTURE_HOSTS
from kanfa.wechat.rules import css as rule
from kanfa.wechat.style import Declaration, colours_in, functions_in, number_of, urls_in, value_of
from kanfa.wechat.tree import font_size_of, path_of, styles, text_of

PHONE_COLUMN = 335
"""Usable pixels on a 375 px phone."""
CHECKER_COLUMN = 585
"""Pixels at which the official checker counts lines."""
LINE_HEIGHT = 1.6


def is_wechat_host(address: str) -> bool:
    """Whether a picture's address is on WeChat's own hosts."""
    return host_of(address) in PICTURE_HOSTS


def declarations(article: Article) -> Iterator[Finding]:
    """Every declaration by the rules that need nothing else."""
    for element in article.elements():
        for declared in styles(element):
            for found in faults_of(declared, element):
                shown = f"{declared.name}:{declared.value}{' !important' if declared.important else ''}"
                yield found.at(1, "{declaration}", declaration=shown, element=path_of(element))


def faults_of(declared: Declaration, element: HtmlElement) -> Iterator[Rule]:
    """The rules that one declaration breaks on such an element."""
    name, value = declared.name, declared.folded
    functions = functions_in(declared.value)
    if name == "position" and value != "static":
        yield rule.CSS_POSITION
    if name in {"filter", "backdrop-filter", "-webkit-filter"} and value != "none":
        yield rule.CSS_FILTER
    if "calc" in functions:
        yield rule.CSS_CALC
    if "var" in functions or name.startswith("--"):
        yield rule.CSS_VAR
    if name == "display" and value in {"grid", "inline-grid"}:
        yield rule.CSS_GRID
    if declared.important:
        yield rule.CSS_IMPORTANT
    for address, quoted in urls_in(declared.value):
        if quoted:
            yield rule.CSS_URL_QUOTED
        if not is_wechat_host(address):
            yield rule.CSS_URL_EXTERNAL
    if name == "text-align" and value in {"start", "end"}:
        yield rule.TEXT_ALIGN
    if name == "caret-color" and (value == "transparent" or any(c[3] == 0 for c in colours_in(value))):
        yield rule.CARET
    if name == "opacity" and element.tag == "img" and value.startswith(("0", ".")):
        yield rule.IMG_OPACITY


def quotes(article: Article) -> Iterator[Finding]:
    """No quotes in styles, neither raw nor as entities, and no style without content."""
    for element in article.raw.iterdescendants():
        if not isinstance(element.tag, str) or "style" not in element.attrib:
            continue
        style = element.get("style") or ""
        written = style.replace(RAW_AMPERSAND, "&")
        if not style.strip():
            yield rule.STYLE_EMPTY.at(1, 'style=""', element=path_of(element))
        if any(_entity(part) in {'"', "'"} for part in style.split(RAW_AMPERSAND)[1:]):
            yield rule.STYLE_QUOTE_ENTITY.at(1, "{style}", style=written, element=path_of(element))
        if '"' in style or "'" in style:
            yield rule.STYLE_QUOTE.at(1, "{style}", style=written, element=path_of(element))


def _entity(part: str) -> str:
    name, semicolon, _ = part.partition(";")
    return unescape(f"&{name};") if semicolon else ""


def columns(text: str, font_size: float) -> float:
    """Estimated pixels of a text on one line: a full square for wide characters, 0.55 of it for others."""
    return sum(font_size if east_asian_width(char) in "FW" else 0.55 * font_size for char in text.strip())


def heights(article: Article) -> Iterator[Finding]:
    """Boxes of fixed height show all of their text on a phone; lines do not overlap."""
    for element in article.elements():
        text = text_of(element).replace("\u00a0", " ").strip()
        if not text or element.tag == "svg" or in_drawing(element) or element.get("data-mode") == "svg":
            continue
        declared, size = styles(element), font_size_of(element)
        limit = number_of(value_of(declared, "height") or value_of(declared, "max-height"), "px")
        scrolls = value_of(declared, "overflow-y", "overflow") in {"auto", "scroll"}
        if limit == 0:
            message = "“{text}” in a box without height"
            yield rule.HEIGHT_ZERO.at(article.line_of_text(text), message, text=text[:30], element=path_of(element))
        elif limit is not None and not scrolls:
            needed = ceil(columns(text, size) / PHONE_COLUMN) * size * LINE_HEIGHT
            if needed > limit + size:
                yield rule.HEIGHT_CLIPS.at(
                    article.line_of_text(text),
                    "about {needed} px of text in {height} px on a phone",
                    needed=round(needed),
                    height=round(limit),
                    element=path_of(element),
                )
        height = _line_pixels(value_of(declared, "line-height"), size)
        if height is not None and height < 0.95 * size and columns(text, size) > CHECKER_COLUMN:
            yield rule.LINE_OVERLAP.at(
                article.line_of_text(text),
                "lines of {height} px for letters of {size} px",
                height=round(height),
                size=round(size),
                element=path_of(element),
            )


def _line_pixels(value: str, size: float) -> float | None:
    if not value:
        return None
    factor, percent, pixels = number_of(value, ""), number_of(value, "%"), number_of(value, "px")
    if factor is not None:
        return factor * size
    return percent * size / 100 if percent is not None else pixels


CSS_CHECKS = (declarations, quotes, heights)
