"""An issue that is too large is refused before any format is made."""

from __future__ import annotations

import pytest

from kanfa.errors import SourceError
from kanfa.issue.model import Table
from kanfa.issue.reader import read

HEAD = "# 题\n\n"


def links(count: int) -> str:
    return "\n".join(f"[a](https://a.org/{n})" for n in range(count))


def notes(count: int) -> str:
    return "a" + "".join(f"[^{n}]" for n in range(count)) + "".join(f"\n\n[^{n}]: b" for n in range(count))


def table(rows: int) -> str:
    return "|a|b|\n|-|-|\n" + "|c|d|\n" * (rows - 1)


@pytest.mark.parametrize(
    ("faulty", "clean", "line", "words"),
    [
        (links(2_001), links(2_000), 2_003, ["2,001 links", "2,000"]),
        (notes(1_001), notes(1_000), 2_005, ["1,001 footnotes", "1,000"]),
        (table(2_001), table(2_000), 3, ["4,002 cells", "4,000"]),
        ("a\n\n" * 10_001, "a\n\n" * 10_000, 20_003, ["20,002 nodes", "20,000"]),
    ],
    ids=["links", "notes", "table", "nodes"],
)
def test_each_limit_is_told_with_line_and_cure(faulty: str, clean: str, line: int, words: list[str]) -> None:
    """One more than allowed is refused; what is allowed is read."""
    with pytest.raises(SourceError) as caught:
        read(HEAD + faulty)
    assert caught.value.place.line == line
    assert all(word in str(caught.value) for word in [*words, "split the"])
    read(HEAD + clean)


def test_short_rows_are_filled() -> None:
    """Every row of the model fills the same columns."""
    rows = '<tr><td rowspan="2">a</td><td colspan="2">b</td></tr><tr><td>c</td></tr>'
    result = read(f"{HEAD}<table>{rows}</table>")
    (found,) = [node for node in result.issue.walk() if isinstance(node, Table)]
    assert [len(row.cells) for row in found.body] == [2, 2]
