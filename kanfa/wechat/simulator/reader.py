"""L4, the reader: a stored article as a page of a phone, light or dark."""

from __future__ import annotations

import html
from collections.abc import Callable

from kanfa.wechat.preview import preview
from kanfa.wechat.simulator.css import declarations
from kanfa.wechat.simulator.markup import Element, parse, serialise

IGNORED = frozenset({"filter", "backdrop-filter"})
"""Kept by some accounts and shown by no phone. Measured."""
BRACKETS = 100
"""Declarations with more opening brackets are not shown. House: real ones have below twenty, and what makes the page
reads nested brackets by recursion."""
MONOSPACE = "mono"
"""A family with this in its name has an effect; for Chinese text others have none on iPhones. Measured."""


def page(stored: str, dark: bool = False, address: Callable[[str], str] = str) -> str:
    """A whole HTML page for a stored article; `address` maps a picture's address to where the page finds it."""
    root = parse(stored)
    for element in root.elements():
        # the page is made with a parser of XML's kind, for which a control character in a name is a fault
        element.attributes = [each for each in element.attributes if each.name.isprintable()]
        source = element.find("data-src")
        if element.tag == "img" and source is not None:
            source.name, source.source = "src", html.escape(address(source.value), quote=False)
        style = element.find("style")
        if style is None:
            continue
        if element.tag == "div":
            element.drop("style")
        else:
            kept = [piece for piece in declarations(style.value) if not _is_ignored(piece)]
            style.source = html.escape(";".join(kept), quote=False)
    return preview(serialise(root), dark)


def _is_ignored(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    name = name.strip().lower()
    nested = sum(map(declaration.count, "([{")) > BRACKETS
    return nested or name in IGNORED or (name == "font-family" and MONOSPACE not in value.lower())


def visible_text(stored: str) -> str:
    """The text a reader sees, white space folded; for comparisons before and after."""
    return " ".join(html.unescape("".join(_shown(parse(stored)))).split())


def _shown(element: Element) -> list[str]:
    return list(element.texts())
