"""How much an issue may hold: beyond it every format would take minutes, so it is refused before any is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kanfa.errors import Place, SourceError
from kanfa.issue.grid import area
from kanfa.issue.model import Link, Math, MathBlock, Node, Note, QrCode, Table, walk

MAX_NODES = 20_000
"""Nodes of the body; the longest issue of 4 400 counted ones has a quarter of it."""

MAX_LINKS = 2_000
MAX_NOTES = 1_000
MAX_CELLS = 4_000
"""Places of one table's grid: rows times columns."""
MAX_FORMULAS = 200
"""Each is set as a picture, in some 5 ms; the reader looks at no more of them."""
MAX_TEX = 5_000
"""Characters of all formulas together; the worst ones take 2 ms for each character."""
MAX_CODES = 100
"""QR codes."""

_LIMITS: Mapping[str, tuple[type | tuple[type, ...], int]] = {
    "links": (Link, MAX_LINKS),
    "footnotes": (Note, MAX_NOTES),
    "formulas": ((Math, MathBlock), MAX_FORMULAS),
    "QR codes": (QrCode, MAX_CODES),
    "nodes (paragraphs, items, cells, runs of text …)": (object, MAX_NODES),
}


def refuse_too_much(body: Iterable[Node], source: str, file: str) -> None:
    """Raise SourceError, with the line where it is passed, when `body` exceeds a limit."""
    lines = source.split("\n")
    counts = dict.fromkeys(_LIMITS, 0)
    passed: dict[str, int] = {}
    tex = 0
    for node in (node for top in body for node in walk(top)):
        if isinstance(node, Table) and (size := area((*node.head, *node.body))) > MAX_CELLS:
            raise _refusal(
                f"the table has {size:,} cells",
                MAX_CELLS,
                "split the table",
                Place(file, node.line, lines[node.line - 1]),
            )
        if isinstance(node, Math | MathBlock) and (tex := tex + len(node.tex)) > MAX_TEX:
            place = Place(file, node.line, lines[node.line - 1])
            raise _refusal("the formulas have too many characters of TeX", MAX_TEX, "shorten the formulas", place)
        for name, (kinds, limit) in _LIMITS.items():
            counts[name] += isinstance(node, kinds)
            if counts[name] > limit:
                passed.setdefault(name, node.line)
    for name, line in passed.items():
        limit = _LIMITS[name][1]
        raise _refusal(
            f"the issue has {counts[name]:,} {name}", limit, "split the issue", Place(file, line, lines[line - 1])
        )


def _refusal(what: str, limit: int, cure: str, place: Place) -> SourceError:
    return SourceError(f"{what}, at most {limit:,} are allowed, passed on this line; {cure}", place)
