"""Portions of an issue: where it may be cut, and what stands between two cuts.

An issue is a row of passages: an item of a list, or any other block of the preamble or of a section. A portion is
the issue with the passages of one range only, under the headings that they stand under; a section that began before
it says so in its heading. Pure functions of the tree, for channels that cannot show an issue whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from kanfa.issue.model import Issue, List, Node, Note, NoteRef, Section, Text, walk
from kanfa.labels import is_chinese
from kanfa.text import words_of

T = TypeVar("T", bound=Node)
Place = TypeVar("Place")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage, by its 0-based place in `passages`."""

    line: int
    """Source line: of the heading where the passage is the first below one."""
    title: str
    """Words of the innermost heading above it; empty in the preamble."""
    anchor: str
    """That heading's anchor on a page; empty in the preamble."""
    section: int
    """0-based section of level 1; -1 in the preamble."""
    opens: int
    """Level of the outermost section that begins with it; 0 when none does."""


def passages(issue: Issue) -> tuple[Passage, ...]:
    """Every passage of the body without its notes, in reading order."""
    found = list(_passages(issue.preamble, "", "", -1))
    for index, section in enumerate(issue.sections):
        found += _passages((section,), "", "", index)
    return tuple(found)


def _passages(nodes: Iterable[Node], title: str, anchor: str, section: int) -> Iterator[Passage]:
    for node in nodes:
        if isinstance(node, Section):
            words = words_of(*node.title)
            inner = list(_passages((*node.blocks, *node.groups), words, node.anchor, section))
            first, *others = inner or [Passage(node.line, words, node.anchor, section, node.level)]
            yield replace(first, line=node.line, title=words, anchor=node.anchor, opens=node.level)
            yield from others
        elif isinstance(node, List) and node.items:
            yield from (Passage(item.line, title, anchor, section, 0) for item in node.items)
        else:
            yield Passage(node.line, title, anchor, section, 0)


def portion(issue: Issue, start: int, end: int, *, uncalled: bool | None = None) -> Issue:
    """The issue with its passages from `start` to before `end` (0-based).

    It has the notes that these passages call, with their numbers, and the addresses that it links to. Notes that
    nothing calls stand in the last portion, unless `uncalled` says whether this one has them. Pictures, names and
    fields are the issue's.
    """
    more = "（续）" if is_chinese(issue.language) else " (continued)"
    count = sum(map(_count, issue.preamble))
    total = count + sum(map(_count, issue.sections))
    preamble = tuple(_between(issue.preamble, start, end, more))
    sections = tuple(_between(issue.sections, start - count, end - count, more))
    called = {note.number for note in _called((*preamble, *sections), issue.notes)}
    if end >= total if uncalled is None else uncalled:
        everywhere = {part.number for node in issue.body() for part in walk(node) if isinstance(part, NoteRef)}
        called |= {note.number for note in issue.notes} - everywhere
    notes = tuple(note for note in issue.notes if note.number in called)
    cut = replace(issue, preamble=preamble, sections=sections, notes=notes)
    linked = {link.href for link in cut.links()}
    return replace(cut, references=tuple(one for one in issue.references if one.href in linked))


def _count(node: Node) -> int:
    if isinstance(node, Section):
        return max(1, sum(map(_count, (*node.blocks, *node.groups))))
    return max(1, len(node.items)) if isinstance(node, List) else 1


def _between(nodes: Sequence[T], start: int, end: int, more: str) -> Iterator[T]:
    """The nodes, or parts of them, that hold the passages of the range."""
    at = 0
    for node in nodes:
        size = _count(node)
        if at < end and at + size > start:
            yield node if start <= at and at + size <= end else _part(node, max(0, start - at), end - at, more)
        at += size


def _part(node: T, start: int, end: int, more: str) -> T:
    if isinstance(node, List):
        number = None if node.start is None else node.start + start
        return replace(node, items=node.items[start:end], start=number)
    if isinstance(node, Section):
        own = sum(map(_count, node.blocks))
        blocks = tuple(_between(node.blocks, start, end, more))
        groups = tuple(_between(node.groups, start - own, end - own, more))
        title = (*node.title, Text(more, node.line)) if start else node.title
        return replace(node, title=title, blocks=blocks, groups=groups)
    raise TypeError(f"{type(node).__name__} is one passage and has no parts")


def _called(nodes: Sequence[Node], notes: Sequence[Note]) -> list[Note]:
    """The notes that `nodes` call, and those that such notes call."""
    by_number = {note.number: note for note in notes}
    found: dict[int, Note] = {}
    waiting = list(nodes)
    while waiting:
        for part in walk(waiting.pop()):
            note = by_number.get(part.number) if isinstance(part, NoteRef) else None
            if note is not None and note.number not in found:
                found[note.number] = note
                waiting.append(note)
    return list(found.values())


Judge = Callable[[int, int], bool]
"""Whether something is so of the portion with this start and end."""


def longest_that_fits(row: Sequence[Passage], start: int, fits: Judge, enough: Judge | None = None) -> int | None:
    """Where a portion that begins at `start` may end at the latest: a section's beginning if one is near enough.

    Borders are tried from the widest kind to the narrowest: sections, groups within the section, passages; a
    narrower kind only where a wider one gives no portion that is `enough` (any is, when left out). None when not
    even the first passage fits. `fits` is asked some log2(n) times for each kind.
    """
    if fits(start, len(row)):
        return len(row)
    best, stop = None, len(row)
    for level in (1, 2, 3, 0):
        borders = [at for at in range((best or start) + 1, stop) if level == 0 or 0 < row[at].opens <= level]
        found = latest(borders, lambda at: fits(start, at) or None)
        if found is not None:
            best, _ = found
            if enough is None or enough(start, best):
                break
        stop = next((at for at in borders if at > (best or start)), stop)
    return best


def latest(places: Sequence[Place], attempt: Callable[[Place], Made | None]) -> tuple[Place, Made] | None:
    """The last place for which `attempt` makes something, with that; None when it makes nothing for any.

    Binary search: what ends later is longer, so `attempt`, which returns None for what is too long, is called some
    log2(n) times.
    """
    best: tuple[Place, Made] | None = None
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) // 2
        made = attempt(places[middle])
        if made is None:
            high = middle
        else:
            best, low = (places[middle], made), middle + 1
    return best


def divided(row: Sequence[Passage], fits: Judge, enough: Judge) -> tuple[list[int], Passage | None]:
    """Ends of the fewest portions that all fit, in order; the last is the number of passages.

    Sections are divided only where the portion would not be `enough`. With the passage that fits nowhere, not even
    alone: then the ends are those of the portions before it.
    """
    ends: list[int] = []
    while not ends or ends[-1] < len(row):
        start = ends[-1] if ends else 0
        end = longest_that_fits(row, start, fits, enough)
        if end is None:
            return ends, row[start]
        ends.append(end)
    return ends, None


def evened(row: Sequence[Passage], ends: Sequence[int], fits: Judge, size: Callable[[int, int], int]) -> list[int]:
    """The same number of portions, as even as whole sections allow; `ends` where a section had to be divided.

    `size` is the length of a portion, 0-based start and end.
    """
    borders = [at for at in range(1, len(row)) if row[at].opens == 1]
    if len(ends) < 2 or not set(ends[:-1]) <= set(borders):
        return list(ends)
    marks = [0, *borders, len(row)]
    sizes = [size(one, two) for one, two in pairwise(marks)]
    low, high = max(sizes), sum(sizes)
    while low < high:
        middle = (low + high) // 2
        if len(_packed(sizes, middle)) <= len(ends):
            high = middle
        else:
            low = middle + 1
    packed = [marks[count] for count in _packed(sizes, low)]
    starts = [0, *packed[:-1]]
    even = len(packed) == len(ends) and all(fits(*pair) for pair in zip(starts, packed, strict=True))
    return packed if even else list(ends)


def _packed(sizes: Sequence[int], most: int) -> list[int]:
    """How many of `sizes` are used up at the end of each pack of at most `most`."""
    ends: list[int] = []
    held = 0
    for at, size in enumerate(sizes):
        if held and held + size > most:
            ends.append(at)
            held = 0
        held += size
    return [*ends, len(sizes)]
