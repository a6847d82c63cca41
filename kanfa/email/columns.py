"""How much room the columns of a data table have on a phone; writer and checks share the sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kanfa.email.limits import TOKEN_RUN

PADDING: Final = 2
"""Characters of room that the padding and the rule of a cell take on a phone (13 px)."""


def longest_run(text: str) -> int:
    """Characters of the longest stretch without a place to break: no white space and no East Asian character."""
    longest = run = 0
    for char in text:
        run = 0 if char.isspace() or ord(char) >= 0x2E80 else run + 1
        longest = max(longest, run)
    return longest


def crowded(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Row and column (0-based) of each cell whose longest word must break, or the table is wider than a phone.

    None when the longest words of all columns stand side by side; else every cell with more than its share.
    """
    runs = [[longest_run(cell) for cell in row] for row in rows]
    count = max(map(len, runs), default=0)
    widest = [max((row[at] for row in runs if at < len(row)), default=0) for at in range(count)]
    if sum(run + PADDING for run in widest) <= TOKEN_RUN:
        return []
    share = max(1, TOKEN_RUN // count - PADDING)
    return [(at, column) for at, row in enumerate(runs) for column, run in enumerate(row) if run > share]
