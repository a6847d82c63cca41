"""Check of the tag tree against the issue's tree: the same headings, lists, tables, quotations and pictures, in order.

An element that goes on overleaf is tagged once for each page, and a table repeats its head there. So what begins a
page may be such a continuation, and then has no counterpart in the issue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kanfa.findings import Finding
from kanfa.issue.model import Figure, Image, Item, Math, MathBlock, Node, QrCode, Quote, Row, Section, Table, Text
from kanfa.pdf import rules
from kanfa.pdf.check_links import DEEPEST, is_heading
from kanfa.pdf.finished import Edition
from kanfa.pdf.outline import headings
from kanfa.pdf.tags import CONTENT, PICTURES, Tag, within
from kanfa.placing import fold

BODY = "Part"
"""Tag of the template's main element."""
NUMBERING = "0123456789."
"""What a style sheet may set before a heading."""
CELLS = frozenset({"TH", "TD"})


@dataclass(frozen=True, slots=True)
class Landmark:
    """One thing that a screen reader announces."""

    tag: str
    words: str = ""
    """Folded text of a heading, words of a picture; empty where they do not matter."""
    line: int = 1
    optional: bool = False
    """Of the file: it may be the rest of what began on an earlier page. Of the issue: it may be missing."""

    def is_meant_by(self, wanted: Landmark) -> bool:
        """Whether this one, of the file, is that one of the issue."""
        before = self.words.removesuffix(wanted.words) if wanted.words else ""
        alike = self.words.endswith(wanted.words) and not before.strip(NUMBERING)
        return self.tag == wanted.tag and (not wanted.words or alike)


def check_structure(edition: Edition) -> Iterator[Finding]:
    """The first landmark at which file and issue part; nothing where the renderer has said what it left out."""
    if edition.lines_said(rules.TOO_DEEP) or edition.lines_said(rules.RESOURCE_FAILED):
        return
    wanted = [*_wanted_all(edition), Landmark("", line=1)]
    found = [*_found_all(edition), Landmark("")]
    places = _passing(wanted, {0})
    for landmark in found:
        reached = {at + 1 for at in places if at < len(wanted) and landmark.is_meant_by(wanted[at])}
        following = _passing(wanted, reached) | (places if landmark.optional else set())
        if not following:
            expected = wanted[max(at for at in places if at < len(wanted))]
            yield rules.STRUCTURE.at(
                expected.line,
                "the file has {found} where the issue has {wanted}",
                found=_shown(landmark),
                wanted=_shown(expected),
            )
            return
        places = following


def _passing(wanted: Sequence[Landmark], places: set[int]) -> set[int]:
    """The places, and those behind what may be missing."""
    reached = set(places)
    for place in places:
        at = place
        while at < len(wanted) and wanted[at].optional:
            at += 1
            reached.add(at)
    return reached


def _shown(landmark: Landmark) -> str:
    if not landmark.tag:
        return "∅"
    return f"{landmark.tag} “{landmark.words[:30]}”" if landmark.words else landmark.tag


# ---------------------------------------------------------------- the issue


def _wanted_all(edition: Edition) -> Iterator[Landmark]:
    issue = edition.issue
    for block in (*issue.preamble, *issue.sections):
        yield from _wanted(block, edition)
    ends = headings(issue, edition.labels)
    for heading in ends[1 + sum(1 for node in issue.walk() if isinstance(node, Section)) :]:
        yield Landmark("H2", fold(heading.title), heading.line)  # the end matter
        if heading.anchor == "notes":
            for note in issue.notes:
                yield from _wanted(note, edition)
    if edition.publication.pdf.medium == "print":
        yield Landmark("H2", fold(edition.labels.references), optional=True)


def _wanted(node: Node, edition: Edition) -> Iterator[Landmark]:
    """The landmarks of a node and of what stands in it."""
    parts: Iterable[Node] = node.parts()
    match node:
        case Section():
            yield Landmark(f"H{min(node.level, DEEPEST) + 1}", _heading_words(node), node.line)
        case Item():
            yield Landmark("LI", line=node.line)
        case Quote():
            yield Landmark("BlockQuote", line=node.line)
        case Math() | MathBlock():
            yield Landmark("Formula", fold(node.tex), node.line)
        case Image() if edition.issue.asset(node.src) is not None:
            yield Landmark("Figure", fold(node.label), node.line)
        case QrCode() if node.line not in edition.lines_said(rules.QR_TOO_LONG):
            yield Landmark("Figure", line=node.line)
        case Figure() if node.caption:
            yield from _wanted(node.image, edition)
            yield Landmark("Caption", line=node.line)
            parts = node.caption
        case Table() if node.line not in edition.lines_said(rules.TABLE_TOO_WIDE):
            yield from _wanted_table(node, edition)
            return
    for part in parts:
        yield from _wanted(part, edition)


def _heading_words(node: Section) -> str:
    """The words of a title that is plain text; those of others stand in pictures and readings, too."""
    return fold("".join(part.text for part in node.title if isinstance(part, Text))) if _is_plain(node.title) else ""


def _is_plain(nodes: Sequence[Node]) -> bool:
    return all(isinstance(node, Text) for node in nodes)


def _wanted_table(node: Table, edition: Edition) -> Iterator[Landmark]:
    yield Landmark("Table", line=node.line)
    if node.caption:
        yield Landmark("Caption", line=node.line)
        for part in node.caption:
            yield from _wanted(part, edition)
    rows: tuple[Row, ...] = (*node.head, *node.body)
    for row in rows:
        for cell in row.cells:
            yield Landmark("TH" if cell.header else "TD", line=cell.line)
            for inner in cell.parts():
                yield from _wanted(inner, edition)


# ---------------------------------------------------------------- the file


def _found_all(edition: Edition) -> Iterator[Landmark]:
    tags = edition.parts.tags
    begin = next((at for at, tag in enumerate(tags) if tag.name == BODY), 0)
    words = edition.written()
    started: set[int] = set()
    going_on = _Continuation()
    for at in range(begin, len(tags)):
        tag = tags[at]
        if tag.name == CONTENT:
            started.add(tag.page)
            continue
        fresh = tag.page not in started
        may_go_on = going_on.of(tag, fresh=fresh, unmarked=tag.name != "LI" or not _has_marker(tags, at))
        if is_heading(tag):
            text = "".join(
                words.get((leaf.page, leaf.content), "") for leaf in within(tags, at) if leaf.name == CONTENT
            )
            yield Landmark(tag.name, fold(text))
        elif tag.name in PICTURES:
            yield Landmark(tag.name, fold(tag.alt))
        elif tag.name in {"LI", "BlockQuote", "Table", "Caption", *CELLS}:
            yield Landmark(tag.name, optional=may_go_on)


def _has_marker(tags: Sequence[Tag], at: int) -> bool:
    return any(tag.name == "Lbl" and tag.depth == tags[at].depth + 1 for tag in within(tags, at))


class _Continuation:
    """Which elements may be the rest of one that began overleaf."""

    def __init__(self) -> None:
        self._table = -1
        """Depth of a table that may go on; -1 for none."""
        self._rows = 0
        """Rows of its body so far."""
        self._head = False

    def of(self, tag: Tag, *, fresh: bool, unmarked: bool) -> bool:
        if self._table >= 0 and tag.depth <= self._table:
            self._table = -1
        if tag.name == "Table" and fresh:
            self._table, self._rows, self._head = tag.depth, 0, False
            return True
        if self._table >= 0:
            if tag.name in {"THead", "TBody", "TFoot"}:
                self._head = tag.name == "THead"
            elif tag.name == "TR" and not self._head:
                self._rows += 1
            elif tag.name in CELLS:
                return self._head or self._rows <= 1
        return fresh and unmarked and tag.name in {"LI", "BlockQuote", *CELLS}
