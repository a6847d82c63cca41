"""The headings of the PDF edition: one list for the contents page, the bookmarks and the check of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kanfa.issue.model import Image, Inline, Issue, Math, Node, Ruby, Section, Text, text_of, walk
from kanfa.labels import Labels
from kanfa.pdf.limits import LIMITS
from kanfa.text import width_of

NOTES, PREVIOUS = "notes", "previous"
"""Anchors of the end matter; sections are called s1, s1-2, …"""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading as plain words."""

    title: str
    level: int
    """1 for a section, 2 for a group in it, and so on; 0 for the title of the issue."""
    anchor: str
    line: int


def plain(inlines: tuple[Inline, ...], labels: Labels) -> str:
    """Inline content as one line of words: formulas as TeX, no readings over the characters.

    Pictures alone give their alt text, nothing at all gives 无题.
    """
    words = text_of(*(part for node in inlines for part in _spoken(node)))
    if not words.strip():
        words = " ".join(node.label for top in inlines for node in walk(top) if isinstance(node, Image))
    return " ".join(words.split()) or labels.untitled


def _spoken(node: Node) -> Iterator[Node]:
    """The leaves of `node` that a line of plain words has."""
    if isinstance(node, Math):
        yield Text(node.tex, node.line)
    elif parts := node.children if isinstance(node, Ruby) else node.parts():
        for part in parts:
            yield from _spoken(part)
    else:
        yield node


def shortened(title: str, columns: int = LIMITS.running_title) -> str:
    """`title` for the running header: at most so many terminal columns, two for a Han character."""
    if width_of(title) <= columns:
        return title
    kept = title
    while width_of(kept) > columns - 2:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def sections(issue: Issue, labels: Labels) -> Iterator[Heading]:
    """The sections and groups of the issue, in reading order."""
    for top in issue.sections:
        for node in walk(top):
            if isinstance(node, Section):
                yield Heading(plain(node.title, labels), node.level, node.anchor, node.line)


def end_matter(issue: Issue, labels: Labels) -> Iterator[Heading]:
    """Headings of what follows the sections."""
    if issue.notes:
        yield Heading(labels.notes, 1, NOTES, issue.notes[0].line)
    if issue.previous:
        yield Heading(labels.previous, 1, PREVIOUS, issue.line_of("previous"))


def headings(issue: Issue, labels: Labels) -> tuple[Heading, ...]:
    """Every heading of the edition: the title, the sections, the end matter. These are the bookmarks."""
    title = Heading(" ".join(issue.title.split()) or labels.untitled, 0, "title", issue.line_of("title"))
    return (title, *sections(issue, labels), *end_matter(issue, labels))
