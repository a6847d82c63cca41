"""How wide the columns of a table become, and in which size it is set, before the engine sees it.

The engine never breaks a word to make a table fit: one long name pushes the last column off the page. So
the widest run of each column that no line break may cut is estimated here. Estimates err on the wide side:
too wide costs a fixed layout, too narrow would cost text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kanfa.issue.model import (
    Cell,
    Code,
    Image,
    Issue,
    LineBreak,
    Math,
    Node,
    NoteRef,
    Row,
    Ruby,
    Table,
    Text,
    text_of,
    walk,
)
from kanfa.maths import typeset
from kanfa.pdf import typography
from kanfa.pdf.limits import GEOMETRIES, LIMITS, POINTS_PER_MM
from kanfa.text import width_of

CODE = 0.84
"""Size of code in its line (print.css)."""
CODE_FRAME = 0.88 * CODE
"""Padding and margins of code, in em of the line."""
FORMULA_FRAME = 0.24
"""Margins of a formula, in em of the line (print.css)."""
BOLD = 1.06
"""How much wider the bold cut of header cells is, roughly."""


@dataclass(frozen=True, slots=True)
class Size:
    """One way of setting a table; the padding stands in print.css, too."""

    name: str
    """CSS class, empty for the usual size."""
    points: float
    """Font size."""
    padding: float
    """Left and right padding of a cell together, in points."""
    least: float
    """Widest run, in em, that no column is made narrower than: from there on words are broken."""


SHAPES = (("", 5.2, 7.0), ("small", 2.4, 4.5), ("tiny", 0.8, 2.2))
"""Class, padding in millimetres and least run of each size, the usual one first."""
COMFORT = 14.0
"""Width in em up to which running text is worth as much as a word that cannot be broken."""


@dataclass(slots=True)
class _Column:
    """Widths of one column in em."""

    run: float = 0.0
    """Widest run without a line break."""
    whole: float = 0.0
    """Widest cell on one line."""

    @property
    def wanted(self) -> float:
        return max(self.run, min(self.whole, COMFORT))


@dataclass(frozen=True, slots=True)
class Layout:
    """What the engine is told: nothing, or a size and the width of each column in per cent."""

    fixed: bool
    size: str = ""
    shares: tuple[float, ...] = ()
    legible: bool = True
    """False when the columns have no room for their words even in the smallest size."""


def layout_of(table: Table, issue: Issue, width: float, points: Sequence[float] = GEOMETRIES["A4"].tables) -> Layout:
    """The layout of `table` on `width` points, in one of these font sizes, the usual one first.

    The engine finds the widths by itself only where that is quick and every word has room: it sets each
    cell at its narrowest first, which takes minutes for a long Chinese text.
    """
    rows = (*table.head, *table.body)
    columns = _columns(rows, issue, points[0])
    longest = max((width_of(text_of(cell)) for row in rows for cell in row.cells), default=0)
    sizes = [
        Size(name, one, padding * POINTS_PER_MM, least)
        for one, (name, padding, least) in zip(points, SHAPES, strict=False)
    ]
    usual = sizes[0]
    few = len(columns) <= LIMITS.free_columns and longest <= LIMITS.free_cell
    if few and sum(column.run * usual.points + usual.padding for column in columns) <= width:
        return Layout(fixed=False)
    for size in sizes if len(columns) <= LIMITS.free_columns else sizes[1:]:
        if sum(min(column.run, size.least) * size.points + size.padding for column in columns) <= width:
            return Layout(True, size.name, _shares(columns, size, width))
    return Layout(True, legible=False)


def _shares(columns: list[_Column], size: Size, width: float) -> tuple[float, ...]:
    """Width of each column in per cent: what it wants, and its part of what is left; or less, the widest first."""
    wanted = [column.wanted * size.points + size.padding for column in columns]
    spare = width - sum(wanted)
    if spare < 0:
        level = _level(wanted, width)
        widths = [min(one, level) for one in wanted]
    else:  # at most six times a comfortable width counts, so that one long text leaves air to the others
        more = [1 + min(column.whole, 6 * COMFORT) - min(column.wanted, 6 * COMFORT) for column in columns]
        widths = [one + spare * part / sum(more) for one, part in zip(wanted, more, strict=True)]
    return tuple(100 * one / sum(widths) for one in widths)


def _level(wanted: list[float], width: float) -> float:
    """The width that columns are cut down to, so that all of them together take `width`."""
    left, rest = width, sorted(wanted)
    for at, one in enumerate(rest):
        level = left / (len(rest) - at)
        if one > level:
            return level
        left -= one
    return rest[-1]


def _columns(rows: Iterable[Row], issue: Issue, points: float) -> list[_Column]:
    """The columns of a table with their widths; what spans several counts in equal parts."""
    columns: list[_Column] = []
    for _, cell, at, span in _grid(rows):
        columns.extend(_Column() for _ in range(at + span - len(columns)))
        run, whole = _widths(cell, issue, points)
        for column in columns[at : at + span]:
            column.run = max(column.run, run / span)
            column.whole = max(column.whole, whole / span)
    return columns


def _grid(rows: Iterable[Row]) -> Iterator[tuple[int, Cell, int, int]]:
    """Each cell with its row, its first column and the columns that it takes; all count from 0."""
    held: dict[int, int] = {}  # column → rows that a cell from above still takes there
    for number, row in enumerate(rows):
        taken = held
        held = {column: left - 1 for column, left in taken.items() if left > 1}
        at = 0
        for cell in row.cells:
            while at in taken:
                at += 1
            span = min(cell.colspan, LIMITS.max_span)
            if cell.rowspan > 1:
                held |= dict.fromkeys(range(at, at + span), min(cell.rowspan, LIMITS.max_span) - 1)
            yield number, cell, at, span
            at += span


def ragged_line(issue: Issue) -> int:
    """Source line of the first table whose spans leave rows of unequal length, else of the first table, else 1."""
    tables = [node for top in issue.body() for node in walk(top) if isinstance(node, Table)]
    return next((table.line for table in tables if _is_ragged(table)), tables[0].line if tables else 1)


def _is_ragged(table: Table) -> bool:
    rows = (*table.head, *table.body)
    taken = [0] * len(rows)
    for number, cell, _, span in _grid(rows):
        below = min(cell.rowspan, LIMITS.max_span)
        if number + below > len(rows):
            return True
        for row in range(number, number + below):
            taken[row] += span
    return len(set(taken)) > 1


def _widths(cell: Cell, issue: Issue, points: float) -> tuple[float, float]:
    """Widest unbreakable run and whole width of a cell, in em."""
    runs, whole = [0.0], 0.0
    scale = BOLD if cell.header else 1.0
    for width, ends in _pieces(cell.children, issue, points):
        runs[-1] += width * scale
        whole += width * scale
        if ends:
            runs.append(0.0)
    return max(runs), whole


def _pieces(nodes: Iterable[Node], issue: Issue, points: float) -> Iterator[tuple[float, bool]]:
    """Characters, pictures and frames in order: width in em of `points`, and whether a line may break behind."""
    for node in nodes:
        if isinstance(node, Text):
            yield from _characters(node.text)
        elif isinstance(node, Code):
            yield CODE_FRAME, False
            for width, ends in _characters(node.text, 0.602):
                yield width * CODE, ends
        elif isinstance(node, Image):
            asset = issue.asset(node.src)
            if asset is None:
                yield from _characters(node.words)
            else:
                yield (node.width or asset.width) * 0.75 / points, True  # CSS pixels
        elif isinstance(node, LineBreak):
            yield 0.0, True
        elif isinstance(node, NoteRef):
            yield 1.6, False
        elif isinstance(node, Math):
            yield typeset(node.tex).width + FORMULA_FRAME, True
        elif isinstance(node, Ruby):
            # whichever is wider: the reading is half the size, or stands behind the characters and may break there
            above = [
                sum(width for width, _ in _pieces(parts, issue, points)) for parts in (node.children, node.reading)
            ]
            yield max(above[0], above[1] / 2), True
        else:
            yield from _pieces(node.parts(), issue, points)


def _characters(text: str, latin: float = 0.0) -> Iterator[tuple[float, bool]]:
    """Width and break opportunity of each character; `latin` is the width of a letter in a code font."""
    for at, char in enumerate(text):
        following = text[at + 1 : at + 2]
        if char.isspace():
            yield 0.3, True
        elif width_of(char) == 2:
            yield 1.0, True
        else:
            capital = char.isupper() or char in "@%&—…"
            ends = typography.is_han(following) or (char == "-" and following.isalpha())
            yield latin or (0.7 if capital else 0.57), ends
