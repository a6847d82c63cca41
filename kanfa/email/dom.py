"""The HTML tree that checks and the inliner share: one parser, one name for its elements."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any
"""An lxml element. The stubs give attributes and text as `str | bytes`; parsed HTML and XML hold only `str`."""


def parse_html(html: str) -> Element:
    """The `html` element of a document. The parser mends what it can, asks no network and never raises for content."""
    return etree.fromstring(html, etree.HTMLParser(no_network=True, recover=True, huge_tree=False))


def names(words: str) -> frozenset[str]:
    """A set of names written as one text with spaces."""
    return frozenset(words.split())


def classes(element: Element) -> frozenset[str]:
    """The class names of an element."""
    return names(element.get("class") or "")


def in_class(element: Element, name: str) -> bool:
    """Whether the element or one of its ancestors has that class."""
    return any(name in classes(node) for node in (element, *element.iterancestors()))


def words(element: Element) -> str:
    """The text of an element, comments left out, white space made single."""
    return " ".join("".join(element.xpath(".//text()[not(parent::comment())]")).split())
