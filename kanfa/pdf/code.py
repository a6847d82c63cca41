"""Blocks of code on paper: colours that survive grey print, stressed lines, and a mark where a line was wrapped."""

from __future__ import annotations

from markupsafe import Markup, escape

from kanfa.highlight import Run, highlight
from kanfa.html import el
from kanfa.issue.model import CodeBlock
from kanfa.pdf.limits import LIMITS, POINTS_PER_MM, Geometry
from kanfa.pdf.typography import sequenced
from kanfa.text import width_of

FRAME = 9.0
"""Padding and borders of a code block in millimetres (print.css)."""
ADVANCE = 0.602
"""Width of a character of DejaVu Sans Mono in em; a Han character of the text font takes one whole em."""
TAB = 4
"""Columns of a tabulator (print.css)."""


def code_lines(node: CodeBlock, depth: int, geometry: Geometry) -> Markup:
    """The lines of `node`, which stands in `depth` containers on a page of that geometry.

    Lines become boxes of their own only where one of them is stressed or will be wrapped: boxes cost time.
    """
    lines = highlight(node.text, node.language)
    room = _columns(depth, geometry)
    classes = [
        " ".join(
            (
                "line",
                *(["hl"] if number in node.highlighted else []),
                *(["long"] if _width(text) > room else []),
            )
        )
        for number, text in enumerate(node.text.split("\n"), 1)
    ]
    if all(name == "line" for name in classes):
        return Markup("\n").join(_runs(line) for line in lines)
    return Markup("").join(el("span", {"class": name}, _runs(line)) for name, line in zip(classes, lines, strict=True))


def _runs(line: list[Run]) -> Markup:
    return Markup("").join(
        el("span", {"class": f"tok-{run.kind}"}, words) if run.kind else escape(words)
        for run in line
        for words in [sequenced(run.text)]
    )


def _columns(depth: int, geometry: Geometry) -> float:
    """Characters of a line of code."""
    millimetres = geometry.text_width - LIMITS.nesting_width * depth - FRAME
    return millimetres * POINTS_PER_MM / (geometry.code * ADVANCE)


def _width(text: str) -> float:
    """Width of one line in columns; what the terminal counts as two is as wide as one em."""
    shown = text.expandtabs(TAB)
    wide = sum(width_of(char) == 2 for char in shown)
    return len(shown) - wide + wide / ADVANCE
