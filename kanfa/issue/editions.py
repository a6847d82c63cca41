"""The edition of an issue for one format: passages for other formats taken out, before any writer sees the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from kanfa.findings import Finding
from kanfa.issue.model import (
    Callout,
    Issue,
    Item,
    List,
    Node,
    Note,
    NoteRef,
    Only,
    Quote,
    Section,
    text_of,
    walk,
)
from kanfa.issue.references import references_of
from kanfa.issue.rules import NO_CONTENT
from kanfa.issue.structure_rules import EDITION_EMPTY

N = TypeVar("N", bound=Node)


def edition(issue: Issue, format: str) -> Issue:
    """`issue` as `format` shows it: no Only node is left, footnotes and references are counted anew.

    A footnote that is called only in passages of other formats is left out with them. An issue without such
    passages is returned as it is.
    """
    if not any(isinstance(node, Only) for node in issue.walk()):
        return issue
    everywhere = _called(issue.body())
    body = _resolved((*issue.preamble, *issue.sections), format)
    notes = tuple(_resolved(issue.notes, format))
    kept: dict[int, int] = {}
    by_number = {note.number: note for note in notes}
    waiting = list(_called(body))
    while waiting:  # a note may call another one
        number = waiting.pop(0)
        if number not in kept and number in by_number:
            kept[number] = len(kept) + 1
            waiting += _called([by_number[number]])
    for note in notes:  # nothing calls it anywhere: it is shown all the same
        if note.number not in everywhere:
            kept.setdefault(note.number, len(kept) + 1)
    shown = sorted((note for note in notes if note.number in kept), key=lambda note: kept[note.number])
    split = len(_resolved(issue.preamble, format))
    renumbered = [_renumbered(node, kept) for node in body]
    result = replace(
        issue,
        preamble=tuple(renumbered[:split]),
        sections=tuple(renumbered[split:]),
        notes=tuple(_renumbered(note, kept) for note in shown),
    )
    return replace(result, references=references_of(result))


def _called(nodes: Iterable[Node]) -> list[int]:
    """Numbers of the footnotes that `nodes` call, in order of first call."""
    calls = (part.number for node in nodes for part in walk(node) if isinstance(part, NoteRef))
    return list(dict.fromkeys(calls))


def _resolved(nodes: Iterable[Node], format: str) -> tuple[Any, ...]:
    """`nodes` with each passage replaced by its blocks, or by nothing."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, Only):
            kept.extend(_resolved(node.blocks, format) if node.shows_in(format) else ())
            continue
        shown = _mapped(node, lambda parts: _resolved(parts, format))
        if shown is node or not _is_debris(shown):
            kept.append(shown)
    return tuple(kept)


def _is_debris(node: Node) -> bool:
    """Whether nothing is left of a container but its bullet, its bar or its box."""
    if isinstance(node, List):
        return not node.items
    if isinstance(node, Callout):
        return not node.blocks and not node.title
    return isinstance(node, Item | Quote) and not node.blocks


def emptied(issue: Issue, formats: Iterable[str]) -> Iterator[Finding]:
    """What `:::only` and `:::except` leave without content in one of `formats`: a section, or the whole issue."""
    if not any(isinstance(node, Only) for node in issue.walk()):
        return
    full = {section.anchor: section for section in _sections(issue.sections)}
    for format in formats:
        shown = edition(issue, format)
        if not any(shown.preamble) and all(_is_bare(section) for section in shown.sections):
            yield NO_CONTENT.at(1, "the issue has no content in {format}", format=format)
            continue
        for section in _sections(shown.sections):
            if _is_bare(section) and not _is_bare(full[section.anchor]):
                words = text_of(*section.title)[:80]
                template = "nothing of “{title}” is left in {format}"
                yield EDITION_EMPTY.at(section.line, template, quote=words, title=words, format=format)
        for note in shown.notes:
            if not note.blocks:
                template = "nothing of footnote {number} is left in {format}"
                yield EDITION_EMPTY.at(note.line, template, number=note.number, format=format)


def _sections(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _sections(section.groups)


def _is_bare(section: Section) -> bool:
    """Whether nothing stands under the heading but other bare headings."""
    return not section.blocks and all(map(_is_bare, section.groups))


def _renumbered(node: N, numbers: dict[int, int]) -> N:
    changed = _mapped(node, lambda parts: tuple(_renumbered(part, numbers) for part in parts))
    if isinstance(changed, Note | NoteRef) and changed.number in numbers:
        return replace(changed, number=numbers[changed.number])
    return changed


def _mapped(node: N, change: Any) -> N:
    """`node` with each of its rows of nodes put through `change`; itself when nothing changed."""
    changes: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tuple) and value and isinstance(value[0], Node):
            fresh = change(value)
            if fresh != value:
                changes[field.name] = fresh
    return replace(node, **changes) if changes else node
