"""A table as text: its columns side by side where they fit, else row by row, each cell behind its column's head.

A cell is never wrapped inside its column: its words would be torn apart by those of its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kanfa.issue.model import Align, Cell, Row, Table
from kanfa.wrapping import width_of, wrapped

SEPARATOR: Final = " | "
CROSSING: Final = "-+-"
INDENT: Final = "  "


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell's text and the columns it stands in."""

    text: str
    column: int
    span: int
    align: Align


def table_text(table: Table, write: Callable[[Cell], str], colon: str, columns: int) -> str:
    """Head, rule and body of a table; `write` gives a cell's text in one line, `colon` stands behind a column's head.

    Aligned by the columns its characters take when that is no wider than `columns`, else row by row.
    """
    head, body = _placed(table.head, write), _placed(table.body, write)
    widths = _widths([*head, *body])
    if sum(widths) + len(SEPARATOR) * (len(widths) - 1) <= columns:
        rule = [CROSSING.join("-" * width for width in widths)] if head else []
        return "\n".join([*(_aligned(row, widths) for row in head), *rule, *(_aligned(row, widths) for row in body)])
    return _row_by_row(head, body, colon, columns)


def _placed(rows: Sequence[Row], write: Callable[[Cell], str]) -> list[list[_Placed]]:
    """The cells with the columns they stand in; a cell over several rows keeps its columns from those below."""
    found: list[list[_Placed]] = []
    held: dict[int, int] = {}
    for row in rows:
        taken = set(held)
        below = {column: left - 1 for column, left in held.items() if left > 1}
        placed: list[_Placed] = []
        at = 0
        for cell in row.cells:
            while at in taken:
                at += 1
            placed.append(_Placed(write(cell), at, cell.colspan, cell.align))
            if cell.rowspan > 1:
                below.update(dict.fromkeys(range(at, at + cell.colspan), cell.rowspan - 1))
            at += cell.colspan
        found.append(placed)
        held = below
    return found


def _widths(rows: Sequence[Sequence[_Placed]]) -> list[int]:
    """Columns of text that each column of the table needs; what a spanning cell lacks is given to its last one."""
    count = max((cell.column + cell.span for row in rows for cell in row), default=1)
    widths = [1] * count
    for cell in sorted((cell for row in rows for cell in row), key=lambda cell: cell.span):
        missing = width_of(cell.text) - _room(cell, widths)
        if missing > 0:
            widths[cell.column + cell.span - 1] += missing
    return widths


def _room(cell: _Placed, widths: Sequence[int]) -> int:
    return sum(widths[cell.column : cell.column + cell.span]) + len(SEPARATOR) * (cell.span - 1)


def _aligned(row: Sequence[_Placed], widths: Sequence[int]) -> str:
    pieces: list[str] = []
    at = 0
    for cell in row:
        pieces += [" " * width for width in widths[at : cell.column]]
        pieces.append(_padded(cell, _room(cell, widths)))
        at = cell.column + cell.span
    return SEPARATOR.join(pieces).rstrip()


def _padded(cell: _Placed, width: int) -> str:
    space = width - width_of(cell.text)
    left = {"right": space, "center": space // 2}.get(cell.align, 0)
    return " " * left + cell.text + " " * (space - left)


def _row_by_row(head: Sequence[Sequence[_Placed]], body: Sequence[Sequence[_Placed]], colon: str, columns: int) -> str:
    """First the heads in a line, as a reader sees them in a table; then a passage for each row."""
    names: dict[int, str] = {}
    for cell in (cell for row in head for cell in row if cell.text):
        for column in range(cell.column, cell.column + cell.span):
            names[column] = " ".join(filter(None, (names.get(column), cell.text)))
    passages = [wrapped(SEPARATOR.join(cell.text for cell in row), columns) for row in head]
    if passages:
        widest = max(width_of(line) for passage in passages for line in passage.split("\n"))
        passages = ["\n".join([*passages, "-" * min(columns, widest)])]
    for row in body:
        lines = [_named(cell, names.get(cell.column, ""), colon, columns) for cell in row if cell.text]
        passages.append("\n".join(lines))
    return "\n\n".join(passage for passage in passages if passage)


def _named(cell: _Placed, name: str, colon: str, columns: int) -> str:
    text = f"{name}{colon}{cell.text}" if name else cell.text
    first, *rest = wrapped(text, columns - len(INDENT)).split("\n")
    return "\n".join([first, *(INDENT + line for line in rest)])
