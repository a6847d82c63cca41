"""Measurements written by hand: an article's section, and whatever elements a test puts into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kanfa.wechat.layout.judging import judged
from kanfa.wechat.layout.limits import COLUMNS
from kanfa.wechat.layout.measuring import Box, Column, Element, Layout

Size = Callable[[int], tuple[float, float]]
"""Column width → left and right edge."""


def full(column: int) -> tuple[float, float]:
    """An ordinary block."""
    return 0, column


def beyond(column: int) -> tuple[float, float]:
    """A block that passes the right edge of every column."""
    return 0, column + 300


def pixels(width: float, left: float = 0) -> Size:
    """A box of fixed width, which no column lets grow beyond it."""
    return lambda column: (left, min(left + width, column))


@dataclass(frozen=True)
class Node:
    """One element with its boxes; `parent` counts from 0, which is the article's section."""

    tag: str
    parent: int = 0
    size: Size = full
    height: float = 20
    text: str = "一段文字"
    element: Mapping[str, object] = field(default_factory=dict)
    box: Mapping[str, object] = field(default_factory=dict)


def laid_out(*nodes: Node, height: float = 1000) -> Layout:
    """The article's section at index 0, then the nodes."""
    every = [Node("section", -1, height=height, text="".join(node.text for node in nodes)), *nodes]
    elements = tuple(
        Element.model_validate(
            {"tag": n.tag, "parent": n.parent, "path": f"{n.tag}#{i}", "text": n.text, "own": i > 0, **n.element}
        )
        for i, n in enumerate(every)
    )
    columns = {width: Column(left=0, right=width, height=height, boxes=_boxes(every, width)) for width in COLUMNS}
    return Layout(elements, columns)


def _boxes(nodes: list[Node], width: int) -> tuple[Box, ...]:
    return tuple(
        Box.model_validate({"left": n.size(width)[0], "right": n.size(width)[1], "height": n.height, **n.box})
        for n in nodes
    )


def rules(layout: Layout) -> list[tuple[str, str]]:
    """Rule and element of each finding."""
    return [(finding.rule.id, finding.element) for finding in judged(layout, lambda _: 1)]


def messages(layout: Layout) -> list[str]:
    """The sentence of each finding."""
    return [finding.message for finding in judged(layout, lambda _: 1)]
