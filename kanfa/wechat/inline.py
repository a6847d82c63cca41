"""The theme's CSS becomes style attributes (premailer), without network, files or global state left behind.

premailer parses the theme anew each time, which takes most of a render. Nearly every theme only asks for elements,
classes and what stands round them, so equal surroundings always get equal styles: they are remembered for as long
as the theme stays the same, and premailer is asked again only when an article holds surroundings not seen before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.dom import DOMException

import lxml.html
import premailer
import tinycss2
from cssselect import SelectorError
from lxml.html import HtmlElement
from tinycss2 import ast

from kanfa.errors import RenderError
from kanfa.findings import Finding
from kanfa.inlining import css_library
from kanfa.wechat.rules.advice import LIBRARY

PRESENTATION = ["align", "valign", "bgcolor", "width", "height"]
"""HTML attributes that premailer would add for old mail programs; here they only cost characters."""
MOST_PLACES = 20_000
"""Surroundings that are remembered of one theme; beyond it they are forgotten and learnt anew."""
Place = tuple[int, str, str, str, str, str]
"""Surroundings of an element: its parent's number, the tag and class before it, its own, and its own style."""


@dataclass(slots=True)
class _Memory:
    """What one theme makes of each place, and what the library complained about while it was read."""

    reliable: bool
    """Whether a place decides which rules apply."""
    numbers: dict[Place, int] = field(default_factory=dict)
    styles: dict[int, str] = field(default_factory=dict)
    complaints: list[str] | None = None


@lru_cache(maxsize=8)
def _memory(css: str) -> _Memory:
    return _Memory(all(_by_place(selector) for selector in selectors_of(css)))


def selectors_of(css: str) -> list[str]:
    """Every selector of a style sheet that stands in no at-rule, in source order."""
    found: list[str] = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, ast.QualifiedRule):
            found += [part.strip() for part in tinycss2.serialize(rule.prelude).split(",")]
    return found


def _by_place(selector: str) -> bool:
    """Whether only elements, classes, ancestors and the one element before decide: no attribute, no counting."""
    return not any(mark in selector for mark in ":[~#") and selector.count("+") <= 1


def inline_css(article: HtmlElement, css: str) -> tuple[HtmlElement, list[Finding]]:
    """Write `css` into style attributes of `article`; returns the article and what the library complained about.

    Pseudo-elements and media queries cannot be inlined and are left out by premailer; `!important` counts
    within the cascade only. Raises RenderError for CSS that cannot be parsed at all.
    """
    memory = _memory(css)
    if len(memory.numbers) > MOST_PLACES:
        memory.numbers.clear()
        memory.styles.clear()
    placed = list(_places(article, memory.numbers)) if memory.reliable else []
    if memory.complaints is not None and placed and all(number in memory.styles for _, number in placed):
        for element, number in placed:
            if style := memory.styles[number]:
                element.set("style", style)
        return article, _findings(memory.complaints)
    complaints = _premailed(article, css)
    for element, number in placed:
        memory.styles[number] = element.get("style") or ""
    if memory.complaints is None:
        memory.complaints = complaints
    return article, _findings(memory.complaints)


def _places(article: HtmlElement, numbers: dict[Place, int]) -> Iterator[tuple[HtmlElement, int]]:
    """Every element with the number of its place, parents first."""
    waiting: list[tuple[HtmlElement, int, str, str]] = [(article, 0, "", "")]
    while waiting:
        element, parent, before, before_class = waiting.pop()
        tag, css_class = element.tag, element.get("class", "")
        place = (parent, before, before_class, tag, css_class, element.get("style", ""))
        number = numbers.get(place)
        if number is None:
            number = numbers[place] = len(numbers) + 1
        yield element, number
        before = before_class = ""
        for child in element:
            if isinstance(child.tag, str):
                waiting.append((child, number, before, before_class))
                before, before_class = child.tag, child.get("class", "")


def _premailed(article: HtmlElement, css: str) -> list[str]:
    page = lxml.html.Element("html")
    page.append(article)
    with css_library() as messages:
        try:
            premailer.Premailer(
                css_text=css,
                keep_style_tags=False,
                remove_classes=False,  # the last transform does it: `inked` and `lean` come first
                disable_leftover_css=True,
                disable_basic_attributes=PRESENTATION,
                disable_validation=True,  # cssutils knows CSS 2.1; the checks judge values
                align_floating_images=False,
                cache_css_parsing=False,  # a cached sheet would complain only once per process
                allow_network=False,
                allow_loading_external_files=False,
            ).transform(page)
        except (DOMException, SelectorError) as error:
            raise RenderError("wechat", f"the theme's CSS cannot be read: {error}") from None
    return list(dict.fromkeys(messages))


def _findings(complaints: list[str]) -> list[Finding]:
    return [LIBRARY.at(1, "{message}", message=message) for message in complaints]
