"""From a row of blocks with headings to sections and groups, and the heading that is the title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kanfa.findings import Finding
from kanfa.issue import rules
from kanfa.issue.addresses import short
from kanfa.issue.inline import no_shorthands, tidy
from kanfa.issue.lower import HEADINGS, Lowering
from kanfa.issue.model import Block, Inline, Section, text_of
from kanfa.issue.numbered import gathered
from kanfa.issue.raw import BREAK, CODE, GAP, MATH, NOTE_REF, READING, RUBY, SOFT_BREAK, TEXT, Raw, descendants, plain
from kanfa.issue.shorthands import finder
from kanfa.publication import Publication

_KEPT_IN_TITLE = frozenset({TEXT, CODE, BREAK, SOFT_BREAK, GAP, READING, "em", "strong", "span"})
"""What a plain title says as well: words, and stress that nobody misses. (A span is reported where it opens.)"""

_LOST_NAMES = {"a": "a link", "img": "a picture", "iframe": "a frame", "s": "a deletion", "del": "a deletion",
               NOTE_REF: "the mark of a footnote", MATH: "a formula", RUBY: "a reading"}  # fmt: skip
_LOST = {
    "a link": "the title cannot keep what it holds: a link",
    "a picture": "the title cannot keep what it holds: a picture",
    "a frame": "the title cannot keep what it holds: a frame",
    "a deletion": "the title cannot keep what it holds: a deletion",
    "the mark of a footnote": "the title cannot keep what it holds: the mark of a footnote",
    "a formula": "the title cannot keep what it holds: a formula",
    "a reading": "the title cannot keep what it holds: a reading",
}
"""The message when one thing is lost: a whole sentence, which can be translated."""


@dataclass(slots=True)
class _Draft:
    title: tuple[Inline, ...]
    depth: int
    line: int
    blocks: tuple[Block, ...] = ()
    groups: list[_Draft] = field(default_factory=list)

    def section(self, anchor: str) -> Section:
        groups = (group.section(f"{anchor}-{number}") for number, group in enumerate(self.groups, 1))
        return Section(self.title, self.depth, anchor, self.blocks, tuple(groups), self.line)


@dataclass(frozen=True, slots=True)
class Title:
    """The issue's title: its text, and the line of the heading that gave it (0 when none did)."""

    text: str
    line: int = 0


def flat(nodes: Iterable[Raw]) -> Iterator[Raw]:
    """Top-level parts in order, without the tags that only wrap them."""
    for node in nodes:
        if node.tag in {"div", "center"}:
            yield Raw(GAP, node.line)
            yield from flat(node.children)
            yield Raw(GAP, node.line)
        else:
            yield node


def take_title(nodes: list[Raw], given: str, findings: list[Finding]) -> Title:
    """The title: the one given, else the only H1, when it is the first heading. The H1 is taken out of `nodes`.

    An H1 that says something else than the given title is never lost: it becomes a section, or, without
    content of its own, a bold line of the preamble.
    """
    headings = [node for node in nodes if node.tag in HEADINGS]
    first = headings[0] if headings else None
    if first is None or first.tag != "h1" or sum(node.tag == "h1" for node in headings) > 1:
        return Title(given)
    text = " ".join(plain(first.children).split())
    place = next(index for index, node in enumerate(nodes) if node is first)
    following = next((node for node in nodes[place + 1 :] if node.tag != GAP), None)
    if given and text != given:
        message = "“{heading}” differs from the title “{title}”"
        shown = {"quote": text, "heading": short(text), "title": short(given)}
        findings.append(rules.TITLE_DIFFERS.at(first.line, message, **shown))
        own = following is not None and following.tag not in HEADINGS
        first.tag = "h2" if own else "p"
        if not own:
            first.children = [Raw("strong", first.line, first.children)]
        return Title(given)
    if not text:
        return Title(given)
    held = (_lost_name(node) for node in descendants(first.children) if node.tag not in _KEPT_IN_TITLE)
    if lost := list(dict.fromkeys(held)):
        several = "the title cannot keep what it holds: {lost}"
        message = _LOST.get(lost[0], several) if len(lost) == 1 else several
        findings.append(rules.TITLE_MARKUP.at(first.line, message, lost=", ".join(lost)))
    del nodes[place]
    return Title(text, first.line)


def _lost_name(node: Raw) -> str:
    return _LOST_NAMES.get(node.tag, f"<{node.tag}>")


@dataclass(frozen=True, slots=True)
class Division:
    """The body of an issue in its parts."""

    preamble: tuple[Block, ...]
    sections: tuple[Section, ...]
    numbered: frozenset[int] = frozenset()
    """Lines whose written number became that of a list item."""


def divide(nodes: Sequence[Raw], lowering: Lowering, publication: Publication | None = None) -> Division:
    """The preamble and the sections. Levels are renumbered by depth; a skipped one is a finding.

    What `publication` declares for a section holds from its heading to the next one of the first level. Headings
    themselves get no links from shorthands: a heading gives a name, and WeChat would set a reference mark into it.
    Afterwards `lowering` reads as outside any section, for the footnotes.
    """
    declared = publication or Publication()
    default = finder(declared.shorthands)
    lowering.inliner.shorthands = default
    starts = [index for index, node in enumerate(nodes) if node.tag in HEADINGS]
    preamble = lowering.blocks(nodes[: starts[0]] if starts else nodes)
    roots: list[_Draft] = []
    open_: list[tuple[int, _Draft]] = []
    numbered: set[int] = set()
    current, counts = default, False
    for start, end in pairwise([*starts, len(nodes)]):
        heading = nodes[start]
        written = int(heading.tag[1])
        while open_ and open_[-1][0] >= written:
            open_.pop()
        siblings = open_[-1][1].groups if open_ else roots
        outer = open_[-1][0] if open_ else 1
        if written > outer + 1 and not siblings:
            message, marks = "the heading is of level {level} where {next} is next", "#" * written
            finding = rules.HEADING_JUMP.at(heading.line, message, quote=marks, level=written, next=outer + 1)
            lowering.findings.append(finding)
        lowering.inliner.shorthands = no_shorthands
        title = tidy(lowering.inliner.inlines(heading.children))
        if not title:
            finding = rules.HEADING_EMPTY.at(heading.line, "the heading has no words", quote="#" * written)
            lowering.findings.append(finding)
        if not open_:
            settings = declared.section(text_of(*title))
            current = finder(declared.shorthands, settings.repository) if settings else default
            counts = settings is not None and settings.numbered
        lowering.inliner.shorthands = current
        below = nodes[start + 1 : end]
        draft = _Draft(title, len(open_) + 1, heading.line)
        draft.blocks = lowering.blocks(gathered(below, numbered) if counts else below)
        siblings.append(draft)
        open_.append((written, draft))
    lowering.inliner.shorthands = default
    sections = tuple(draft.section(f"s{number}") for number, draft in enumerate(roots, 1))
    return Division(preamble, sections, frozenset(numbered))
