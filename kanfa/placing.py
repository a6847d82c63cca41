"""Where the words of an issue stand in a text: what parity and the checks of additions are made of.

The issue becomes pieces that no format may break; the heaviest chain of their occurrences says which piece stands
where, and so what is lost and what stands between. White space and invisible joiners never count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from kanfa.issue.model import (
    Code,
    CodeBlock,
    Deleted,
    Inline,
    Inserted,
    Issue,
    Keyboard,
    LineBreak,
    Link,
    Node,
    NoteRef,
    Pictured,
    Ruby,
    Subscript,
    Superscript,
    Text,
    Underline,
)

INVISIBLE = dict.fromkeys(map(ord, "\u2060\u200b\u200c\u200d\ufe0e\ufe0f\ufeff\u00ad"))
ANCHOR_LENGTH = 6
"""Pieces of at least so many folded characters are placed first; shorter ones occur everywhere."""
MOST_OCCURRENCES = 200
"""How many places of one piece are considered; of the n-th equal piece those round the n-th place."""
SEAMS = (Link, Deleted, Inserted, Underline, Superscript, Subscript, Keyboard)
"""Containers at whose borders a format may add words."""


def fold(text: str) -> str:
    """`text` as parity compares it: NFKC, without white space and invisible joiners."""
    return "".join(normalize("NFKC", text).translate(INVISIBLE).split())


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that no format may break."""

    text: str
    """As the tree has it."""
    folded: str
    line: int
    block: int
    """Ordinal of the block it belongs to: one finding is given for each block."""


def _runs(nodes: Iterable[Node]) -> Iterator[tuple[str, int] | None]:
    """Text runs with their lines; None marks a seam."""
    for node in nodes:
        if isinstance(node, Text | Code | CodeBlock):
            yield node.text, node.line
        elif isinstance(node, LineBreak):
            yield "\n", node.line
        elif isinstance(node, Pictured | NoteRef):
            yield None
        elif isinstance(node, Ruby):
            yield None
            yield from _runs(node.children)
            yield None
            yield from _runs(node.reading)
            yield None
        elif isinstance(node, SEAMS):
            yield None
            yield from _runs(node.parts())
            yield None
        else:
            yield from _runs(node.parts())


def _leaves(node: Node) -> Iterator[tuple[Node, ...]]:
    """The inline content of each block below `node` that holds text of its own, in reading order."""
    if isinstance(node, CodeBlock):
        if node.title:
            yield (Text(node.title, node.line),)
        yield (node,)
        return
    inline: list[Node] = []
    for part in node.parts():
        if isinstance(part, Inline):
            inline.append(part)
            continue
        if inline:
            yield tuple(inline)
            inline = []
        yield from _leaves(part)
    if inline:
        yield tuple(inline)


def pieces_of(issue: Issue) -> list[Piece]:
    """The body of the issue as pieces, in reading order."""
    pieces: list[Piece] = []
    block = 0
    for top in issue.body():
        for leaf in _leaves(top):
            block += 1
            text, line = "", 0
            for run in [*_runs(leaf), None]:
                if run is None:
                    if folded := fold(text):
                        pieces.append(Piece(text.strip(), folded, line, block))
                    text, line = "", 0
                else:
                    text, line = text + run[0], line or run[1]
    return pieces


class _Occurrences:
    """Where pieces begin in a text. Of equal pieces, each later one looks further on: a table may have a thousand."""

    def __init__(self, haystack: str, needles: Iterable[str]) -> None:
        self._haystack = haystack
        self._equals = Counter(needles)
        self._places: dict[str, list[int]] = {}
        self._asked: Counter[str] = Counter()

    def next_of(self, needle: str) -> list[int]:
        """Some places of a piece, ascending, all where they are few; asked again, those of the next equal piece.

        Of many the nearest count: `MOST_OCCURRENCES` round the place it has when every place is such a piece, and as
        many round the place it has when other pieces hold the same words too, evenly.
        """
        places = self._places.get(needle)
        if places is None:
            places = self._places[needle] = self._all(needle)
        if len(places) <= MOST_OCCURRENCES:
            return places
        before = self._asked[needle]
        self._asked[needle] += 1
        near = (before, before * len(places) // self._equals[needle])
        firsts = [max(0, min(rank - MOST_OCCURRENCES // 2, len(places) - MOST_OCCURRENCES)) for rank in near]
        return sorted({place for first in firsts for place in places[first : first + MOST_OCCURRENCES]})

    def _all(self, needle: str) -> list[int]:
        found: list[int] = []
        at = self._haystack.find(needle)
        while at >= 0:
            found.append(at)
            at = self._haystack.find(needle, at + 1)
        return found


@dataclass(frozen=True, slots=True)
class _Place:
    """One occurrence of one piece, with the best chain that ends in it."""

    index: int
    start: int
    end: int
    weight: int
    before: _Place | None


def _chain(pieces: Sequence[Piece], haystack: str, least: int) -> dict[int, tuple[int, int]]:
    """The heaviest chain of occurrences that ascends in piece order and never overlaps: index → (start, end).

    Only pieces of at least `least` folded characters take part.
    """
    ends: list[int] = []  # ends of useful places, ascending; a later end is only kept for a greater weight
    best: list[_Place] = []
    occurrences = _Occurrences(haystack, (piece.folded for piece in pieces))
    for index, piece in enumerate(pieces):
        if len(piece.folded) < least:
            continue
        fresh: list[_Place] = []
        for start in occurrences.next_of(piece.folded):
            slot = bisect_left(ends, start + 1) - 1
            before = best[slot] if slot >= 0 else None
            weight = len(piece.folded) + (before.weight if before else 0)
            fresh.append(_Place(index, start, start + len(piece.folded), weight, before))
        for place in fresh:
            slot = bisect_left(ends, place.end + 1)
            if slot and best[slot - 1].weight >= place.weight:
                continue
            while slot < len(best) and best[slot].weight <= place.weight:
                del ends[slot], best[slot]
            if slot and ends[slot - 1] == place.end:
                slot -= 1
                del ends[slot], best[slot]
            ends.insert(slot, place.end)
            best.insert(slot, place)
    chain: dict[int, tuple[int, int]] = {}
    last = best[-1] if best else None
    while last is not None:
        chain[last.index] = (last.start, last.end)
        last = last.before
    return chain


def lost_pieces(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """The pieces that `text` does not hold in their place."""
    haystack = fold(text)
    lost = _unplaced(pieces, haystack, ANCHOR_LENGTH)
    if lost and any(piece.folded in haystack for piece in lost):
        # A long piece that stands twice (a heading, in the contents list too) may have been placed so that the
        # short ones before it found no room. Then all pieces take part, which costs more.
        closer = _unplaced(pieces, haystack, 1)
        return min(lost, closer, key=lambda found: sum(len(piece.folded) for piece in found))
    return lost


def _unplaced(pieces: Sequence[Piece], haystack: str, least: int) -> list[Piece]:
    placed = _chain(pieces, haystack, least)
    bounds = [len(haystack)] * (len(pieces) + 1)  # where the next placed piece begins
    for index in range(len(pieces) - 1, -1, -1):
        bounds[index] = placed[index][0] if index in placed else bounds[index + 1]
    lost: list[Piece] = []
    cursor = 0
    for index, piece in enumerate(pieces):
        if index in placed:
            cursor = placed[index][1]
            continue
        at = haystack.find(piece.folded, cursor, bounds[index]) if len(piece.folded) < least else -1
        if at < 0:
            lost.append(piece)
        else:
            cursor = at + len(piece.folded)
    return lost


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two pieces that have been placed."""

    text: str
    """Folded."""
    pieces: tuple[str, ...]
    """Pieces too short to be placed with certainty, folded: they stand somewhere in `text`, in this order."""
    line: int
    """Source line of the piece before; 1 before the first."""
    closing: str = ""
    """The piece behind it, folded; empty behind the last."""


def gaps(pieces: Sequence[Piece], text: str) -> list[Gap]:
    """What `text` holds beyond the longer of the pieces: the words that a format has added, and the short pieces.

    For texts that lack no piece (`lost_pieces`). A piece of which the text holds several may have been placed where
    a format has added it: then the gaps on both sides are to be looked at together.
    """
    haystack = fold(text)
    placed = _chain(pieces, haystack, ANCHOR_LENGTH)
    if any(len(piece.folded) >= ANCHOR_LENGTH and index not in placed for index, piece in enumerate(pieces)):
        placed = _chain(pieces, haystack, 1)
    found: list[Gap] = []
    short: list[str] = []
    end, line = 0, 1
    for index, piece in enumerate(pieces):
        if index not in placed:
            short.append(piece.folded)
            continue
        found.append(Gap(haystack[end : placed[index][0]], tuple(short), line, piece.folded))
        short, end, line = [], placed[index][1], piece.line
    found.append(Gap(haystack[end:], tuple(short), line))
    return found
