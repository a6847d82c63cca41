"""Numbered paragraphs: `1、` at the start of a paragraph or of a line, where a section is declared `numbered`.

Four of five large Chinese weeklies number their items so. Markdown knows no such list; here they become one,
and what follows a numbered paragraph (text, pictures, lists) belongs to its item, up to the next number, a
divider or a heading. Numbers may be full-width (`１、`). `一、` is left alone: in Chinese it heads chapters.
An escaped number (`&#49;、`) is left alone as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kanfa.issue.markdown import MAX_DEPTH
from kanfa.issue.raw import BREAK, GAP, SOFT_BREAK, SPANS, TEXT, Raw

_DIGIT = "[0-9０-９]"
_MARKER = re.compile(rf"\s*({_DIGIT}{{1,3}})\s*(?:、(?!{_DIGIT}{{1,3}}、)|．(?!{_DIGIT}))\s*")
"""No marker: the first of several numbers (`1、2、3 班`), and a decimal point (`1．5 倍`)."""
_LISTS = frozenset({"ul", "ol", "blockquote", "details"})


@dataclass(slots=True)
class _Item:
    number: int
    line: int
    blocks: list[Raw] = field(default_factory=list)


def gathered(nodes: Sequence[Raw], lines: set[int]) -> list[Raw]:
    """`nodes` with their numbered paragraphs as ordered lists; the first line of each item is added to `lines`.

    A number that is not the next one begins a new list, so that every number is shown as written. Where the
    new list would nest deeper than `MAX_DEPTH`, everything stays as it is.
    """
    if _depth(nodes) >= MAX_DEPTH:
        return list(nodes)
    built: list[Raw] = []
    row: list[_Item] = []
    for node in nodes:
        if node.tag == "hr":
            built += _closed(row)
            row = []
        pieces = _pieces(node)
        if pieces is None:
            (row[-1].blocks if row else built).append(node)
            continue
        for item in pieces:
            lines.add(item.line)
            if row and item.number != row[-1].number + 1:
                built += _closed(row)
                row = []
            row.append(item)
    return [*built, *_closed(row)]


def _closed(row: Sequence[_Item]) -> Iterator[Raw]:
    """The list of the items gathered so far."""
    if row:
        tight = all(sum(block.tag != GAP for block in item.blocks) == 1 for item in row)
        items = [Raw("li", item.line, item.blocks) for item in row]
        for paragraph in (block for item in row for block in item.blocks if block.tag == "p" and tight):
            paragraph.attrs = {**paragraph.attrs, "hidden": "1"}
        yield Raw("ol", row[0].line, items, attrs={"start": str(row[0].number)})


def _pieces(node: Raw) -> list[_Item] | None:
    """The items that a paragraph holds: one for each line that goes on counting; None when it begins with no number."""
    first = _marked(node.children) if node.tag == "p" else None
    if first is None:
        return None
    starts, numbers = [0], [first]
    for index, child in enumerate(node.children):
        following = node.children[index + 1 : index + 2]
        if child.tag in {SOFT_BREAK, BREAK} and _marked(following) == numbers[-1] + 1:
            starts.append(index + 1)
            numbers.append(numbers[-1] + 1)
    items = []
    for number, start, end in zip(numbers, starts, [*(at - 1 for at in starts[1:]), len(node.children)], strict=True):
        line = node.children[start:end]
        at = next(_leaves(line)).line
        items.append(_Item(number, at, [replace(node, line=at, children=_unmarked(line))]))
    return items


def _leaves(nodes: Iterable[Raw]) -> Iterator[Raw]:
    """What stands first in `nodes`, marks opened: at most one node."""
    for node in nodes:
        yield from _leaves(node.children) if node.tag in SPANS else [node]
        return


def _marked(nodes: Sequence[Raw]) -> int | None:
    """The number that `nodes` begin with, or None."""
    leaf = next(_leaves(nodes), None)
    match = _MARKER.match(leaf.text) if leaf and leaf.tag == TEXT and not leaf.escaped else None
    return int(match[1]) if match else None


def _unmarked(nodes: Sequence[Raw]) -> list[Raw]:
    """`nodes` without the number that they begin with; a text that was nothing else is gone."""
    first, rest = nodes[0], list(nodes[1:])
    if first.tag in SPANS:
        return [replace(first, children=_unmarked(first.children)), *rest]
    text = _MARKER.sub("", first.text, count=1)
    return [replace(first, text=text), *rest] if text else rest


def _depth(nodes: Iterable[Raw]) -> int:
    """Levels of lists and quotes inside each other."""
    return max(((node.tag in _LISTS) + _depth(node.children) for node in nodes), default=0)
