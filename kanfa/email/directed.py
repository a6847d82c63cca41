"""What mail and web page share: the way a text runs is said where it is not the page's, and Han is never slanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from markupsafe import Markup

from kanfa.html import Attributes, HtmlWriter, el
from kanfa.issue.model import (
    Callout,
    CodeBlock,
    Details,
    Emphasis,
    Figure,
    Issue,
    Item,
    Lead,
    MathBlock,
    Node,
    Paragraph,
    Quote,
    Table,
    Text,
    text_of,
    walk,
)
from kanfa.scripts import Direction, direction_of, is_upright

UPRIGHT: Final = "upright"
"""Class of emphasis that is underlined and not slanted."""

APART: Final = Callout | CodeBlock | Details | Figure | MathBlock | Quote | Table
"""Blocks whose form is made for text from left to right, whatever they stand in."""


class DirectedWriter(HtmlWriter):
    """HTML in which paragraphs, headings, items and cells say which way they run, where that is not the page's way.

    Else the full stop of a Hebrew or Arabic sentence would stand at its beginning. Pages run from left to right.
    """

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue)
        self._around: Direction = "ltr"

    def write(self, node: Node) -> Markup:
        if self._around == "ltr" or not isinstance(node, APART):
            return super().write(node)
        with self.running("ltr"):
            return el("div", {"dir": "ltr"}, super().write(node))

    def direction(self, nodes: Iterable[Node]) -> Direction | None:
        """The way these nodes run, where it is another than that of what they stand in; code and formulas decide
        nothing."""
        own = direction_of("".join(part.text for node in nodes for part in walk(node) if isinstance(part, Text)))
        return own if own != self._around else None

    def item_direction(self, item: Item) -> Direction | None:
        """The way an item's own text runs, lists and other blocks in it left out."""
        return self.direction(block for block in item.blocks if isinstance(block, Paragraph | Lead))

    @contextmanager
    def running(self, way: Direction | None) -> Iterator[None]:
        """What is written meanwhile stands in an element that runs this way; None changes nothing."""
        before = self._around
        self._around = way or before
        try:
            yield
        finally:
            self._around = before

    def emphasis(self, node: Emphasis) -> Markup:
        attributes: Attributes = {"class": UPRIGHT if is_upright(text_of(*node.children)) else None}
        return el("em", attributes, self.write_all(node.children))
