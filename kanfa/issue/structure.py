"""Checks of the declared structure: the sections of an issue, their order and their budgets, and the row of issues.

Pure functions of an issue and the settings of its publication. Where nothing is declared, nothing is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise

from kanfa.findings import Finding
from kanfa.issue import structure_rules as rules
from kanfa.issue.addresses import short
from kanfa.issue.model import Issue, Item, Node, Section, text_of
from kanfa.publication import Publication, SectionSettings
from kanfa.setting_types import folded


def check(issue: Issue, publication: Publication) -> Iterator[Finding]:
    """Everything that differs from what the publication declares.

    Issue number 0 is a specimen and no issue of the series: nothing is asked of it.
    """
    if issue.number == 0:
        return
    if publication.sections:
        yield from _sections(issue, publication)
    yield from gaps(issue)


def gaps(issue: Issue) -> Iterator[Finding]:
    """Numbers that are missing from the list of earlier issues, between its entries and before the issue's own."""
    listed = {earlier.number: earlier.line for earlier in issue.previous if earlier.number}
    if issue.number and listed and max(listed) < issue.number:
        listed[issue.number] = 1
    for older, newer in pairwise(sorted(listed)):
        line = listed[older]
        if newer - older == 2:
            yield rules.SERIES_GAP.at(
                line, "issue {number} is missing between {older} and {newer}",
                quote=str(older), number=older + 1, older=older, newer=newer,
            )  # fmt: skip
        elif newer - older > 2:
            yield rules.SERIES_GAP.at(
                line, "issues {first} to {last} are missing between {older} and {newer}",
                quote=str(older), first=older + 1, last=newer - 1, older=older, newer=newer,
            )  # fmt: skip


def _sections(issue: Issue, publication: Publication) -> Iterator[Finding]:
    known: list[tuple[SectionSettings, Section]] = []
    lines: dict[str, int] = {}
    for section in issue.sections:
        title = text_of(*section.title).strip()
        settings = publication.section(title)
        if settings is None:
            if title:
                yield _unknown(title, section.line, publication.sections)
            continue
        yield from _budgets(section, title, settings)
        if settings.name in lines:
            yield rules.SECTION_TWICE.at(
                section.line, "“{name}” stands on line {first} already",
                quote=title, name=settings.name, first=lines[settings.name],
            )  # fmt: skip
            continue
        lines[settings.name] = section.line
        known.append((settings, section))
    yield from _order(known, publication.sections)
    for settings in publication.sections:
        if settings.required and settings.name not in lines:
            yield rules.SECTION_MISSING.at(1, "the section “{name}” is missing", name=settings.name)


def _unknown(title: str, line: int, declared: Iterable[SectionSettings]) -> Finding:
    names = {folded(name): name for settings in declared for name in settings.names}
    near = get_close_matches(folded(title)[:80], names, 1, cutoff=0.5)
    if near:
        message = "“{name}” is no declared section; “{near}” was meant?"
        return rules.SECTION_UNKNOWN.at(line, message, quote=title, name=short(title), near=names[near[0]])
    return rules.SECTION_UNKNOWN.at(line, "“{name}” is no declared section", quote=title, name=short(title))


def _order(known: Sequence[tuple[SectionSettings, Section]], declared: Sequence[SectionSettings]) -> Iterator[Finding]:
    """One finding for each of the fewest sections that must move."""
    ranks = [declared.index(settings) for settings, _ in known]
    kept = _ascending(ranks)
    for index, (settings, section) in enumerate(known):
        if index in kept:
            continue
        after = [known[other][0] for other in kept if ranks[other] < ranks[index]]
        before = [known[other][0] for other in kept if ranks[other] > ranks[index]]
        title = text_of(*section.title).strip()
        if after:
            message = "“{name}” belongs after “{other}”"
            yield rules.SECTION_ORDER.at(section.line, message, quote=title, name=settings.name, other=after[-1].name)
        else:
            message = "“{name}” belongs before “{other}”"
            yield rules.SECTION_ORDER.at(section.line, message, quote=title, name=settings.name, other=before[0].name)


def _ascending(ranks: Sequence[int]) -> list[int]:
    """The places of a longest ascending row among `ranks`, which are all different."""
    rows: list[list[int]] = []
    for index, rank in enumerate(ranks):
        before = [row for row in rows if ranks[row[-1]] < rank]
        rows.append([*max(before, key=len, default=[]), index])
    return max(rows, key=len, default=[])


def _budgets(section: Section, title: str, settings: SectionSettings) -> Iterator[Finding]:
    characters = len("".join(text_of(*section.blocks, *section.groups).split()))
    if settings.max_characters and characters > settings.max_characters:
        yield rules.SECTION_LONG.at(
            section.line, "“{name}” has {count} characters, {most} are allowed",
            quote=title, name=settings.name, count=characters, most=settings.max_characters,
        )  # fmt: skip
    items = sum(map(_items, (*section.blocks, *section.groups)))
    if settings.max_items and items > settings.max_items:
        yield rules.SECTION_ITEMS.at(
            section.line, "“{name}” has {count} items, {most} are allowed",
            quote=title, name=settings.name, count=items, most=settings.max_items,
        )  # fmt: skip


def _items(node: Node) -> int:
    """List items in `node`, those inside other items not counted."""
    return 1 if isinstance(node, Item) else sum(map(_items, node.parts()))
