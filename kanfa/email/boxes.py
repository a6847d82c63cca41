"""The boxes of the mail: tables that only place things, because Outlook for Windows pads nothing but their cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from kanfa.html import el
from kanfa.issue.model import Node, Pictured, walk

LAYOUT: Mapping[str, str | int | None] = {
    "role": "presentation",
    "border": 0,
    "cellpadding": 0,
    "cellspacing": 0,
    "width": "100%",
}
"""Attributes of every table that only places things."""


def cell(name: str, *children: str) -> Markup:
    """A row of one cell with the class `name`."""
    return el("tr", None, el("td", {"class": name}, *children))


def box(name: str, *children: str) -> Markup:
    """A table of one cell with the class `name`: the only box that every mail program pads."""
    return el("table", {**LAYOUT, "class": "box"}, cell(name, *children))


def picture_class(nodes: Iterable[Node]) -> str | None:
    """The class of what holds a picture beside text: Word would cut the picture to the height of the line."""
    return "has-pic" if any(isinstance(part, Pictured) for node in nodes for part in walk(node)) else None
