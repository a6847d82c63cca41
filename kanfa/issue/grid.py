"""The grid of a table: where its cells stand when some span columns or rows, and what is missing in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markdown_it.rules_block.table import escapedSplit

from kanfa.issue.model import Cell, Row

MAX_PADDED = 4_000
"""Places of the largest grid that is filled; the reader refuses larger tables."""


def widths(rows: Sequence[Row]) -> list[int]:
    """How many columns each row of one group (head or body) fills, spans from the rows above included."""
    found: list[int] = []
    held: dict[int, int] = {}
    """By column the rows, from this one on, that a cell above still covers."""
    for row in rows:
        filled = set(held)
        below = {column: left - 1 for column, left in held.items() if left > 1}
        at = 0
        for cell in row.cells:
            while at in filled:
                at += 1
            for column in range(at, at + cell.colspan):
                filled.add(column)
                if cell.rowspan > 1:
                    below[column] = cell.rowspan - 1
            at += cell.colspan
        found.append(len(filled))
        held = below
    return found


def area(rows: Sequence[Row]) -> int:
    """Upper bound of the places in the grid of `rows`: the widest row, spans counted, for each row."""
    width = max((sum(cell.colspan for cell in row.cells) for row in rows), default=0)
    return len(rows) * width


def padded(rows: Sequence[Row], filled: Sequence[int], width: int) -> tuple[Row, ...]:
    """`rows` with empty cells at the end of those that fill fewer than `width` columns."""
    return tuple(
        replace(row, cells=(*row.cells, *(_empty(row) for _ in range(width - count)))) if count < width else row
        for row, count in zip(rows, filled, strict=True)
    )


def written_cells(line: str, columns: int) -> list[str]:
    """The cells that a Markdown row has in the source, without empty ones beyond `columns` at its end."""
    parts = [part.strip() for part in escapedSplit(line.lstrip("> \t").strip())]
    parts = parts[1 if parts and not parts[0] else 0 : len(parts) - 1 if parts and not parts[-1] else len(parts)]
    while len(parts) > columns and not parts[-1]:
        parts.pop()
    return parts


def _empty(row: Row) -> Cell:
    return Cell((), row.line, "", all(cell.header for cell in row.cells))
