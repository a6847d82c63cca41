"""Chinese copy-editing through autocorrect, line by line of prose.

autocorrect is asked about plain words only, so that no code, address or mark of Markdown can be touched, and always
with its own defaults: its `load_config` would change the whole process. Of its answer only the marks are taken: a
half-width mark after Chinese words, a space beside a full-width mark. Those are safe, `kanfa fix` changes them.

Spaces between Chinese and Latin words are a matter of house style, and the PDF sets them by itself. So they are told
only where the issue itself mixes both ways; what it does more often is taken for right, and nothing is changed.
Digits do not count: 第9期 and 9 月 stand side by side in good editions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import autocorrect_py

from kanfa.findings import Finding
from kanfa.issue import editorial_rules as editorial
from kanfa.issue.hits import Hit, by_line, visible
from kanfa.issue.lint_text import HAN, MAX_MATCHES, WIDE
from kanfa.issue.prose import Passage, Prose, Spot

_TIGHT = re.compile(rf"(?<=[{HAN}])(?=[A-Za-z])|(?<=[A-Za-z])(?=[{HAN}])")
_LOOSE = re.compile(rf"(?<=[{HAN}]) (?=[A-Za-z])|(?<=[A-Za-z]) (?=[{HAN}])")
_WIDE = "，。；：！？、（）《》「」『』【】“”"
_BESIDE_WIDE = re.compile(rf"(?<=[”’》」』）】])[,;:!?](?=[{HAN}“《「『（【])|(?<=[{HAN}])[,;:!?](?=[“《「『（【])")
"""Half-width marks beside full-width ones, which autocorrect leaves alone."""
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Change:
    """autocorrect would write `new` for characters `start` to `end` of a line."""

    start: int
    end: int
    new: str
    mark: bool = False
    """Whether it concerns a mark, and not only a space between Chinese and Latin words."""


def changes(line: str) -> list[Change]:
    """What autocorrect would change in one line of plain words; nothing where its answer cannot be taken apart."""
    answer: str = autocorrect_py.format(line) if _HAN.search(line) else line
    found: list[Change] = []
    at = there = 0
    while at < len(line) or there < len(answer):
        old, new = line[at : at + 1], answer[there : there + 1]
        if old == new:
            at, there = at + 1, there + 1
        elif new == " ":
            found.append(Change(at, at, " "))
            there += 1
        elif old == " ":
            beside = answer[max(0, there - 1) : there] + new
            found.append(Change(at, at + 1, "", any(char in _WIDE for char in beside)))
            at += 1
        elif old and new and not old.isspace():
            found.append(Change(at, at + 1, new, mark=True))
            at, there = at + 1, there + 1
        else:
            return []
    return found


def hits(prose: Prose, taken: Collection[Spot]) -> Iterator[Hit]:
    """Suggestions of copy-editing. `taken`: places that other rules speak of already."""
    for passage in prose.passages:
        yield from islice(_marks(passage, taken), MAX_MATCHES)
    tight, loose = _boundaries(prose, _TIGHT), _boundaries(prose, _LOOSE)
    if len(tight) != len(loose):
        yield from min(tight, loose, key=len)


def findings(found: Sequence[Hit]) -> Iterator[Finding]:
    """What the hits of this module say to the editor."""
    for place in by_line(found):
        if place.rule is editorial.COPYEDIT_MARKS:
            yield place.rule.at(
                place.line, "half-width mark or stray space: {shown}", quote=place.quote, shown=place.shown
            )
        elif place.rule is editorial.COPYEDIT_SPACING and place.hits[0].old == " ":
            template = "with a space, while this issue mostly writes without: {shown}"
            yield place.rule.at(place.line, template, shown=place.shown)
        elif place.rule is editorial.COPYEDIT_SPACING:
            template = "without a space, while this issue mostly writes with one: {shown}"
            yield place.rule.at(place.line, template, shown=place.shown)


def _marks(passage: Passage, taken: Collection[Spot]) -> Iterator[Hit]:
    begin = 0
    for line in passage.text.split("\n"):
        for change in (*changes(line), *_beside_wide(line)):
            start, end = begin + change.start, begin + change.end
            whole = passage.spot(max(begin, start - (not change.new)), min(begin + len(line), end + (not change.new)))
            if change.mark and whole and passage.spot(start, end) not in taken:
                said = visible(passage.text[max(begin, start - 2) : min(begin + len(line), end + 2)])
                yield Hit(editorial.COPYEDIT_MARKS, passage, start, end, change.new, said)
        begin += len(line) + 1


def _beside_wide(line: str) -> Iterator[Change]:
    for match in _BESIDE_WIDE.finditer(line):
        yield Change(match.start(), match.end(), WIDE[match[0]], mark=True)


def _boundaries(prose: Prose, pattern: re.Pattern[str]) -> list[Hit]:
    """Where Chinese and Latin words meet in one way; both sides must stand side by side in the source."""
    return [
        Hit(
            editorial.COPYEDIT_SPACING,
            passage,
            match.start(),
            match.end(),
            said=passage.text[match.start() - 1 : match.end() + 1],
        )
        for passage in prose.passages
        for match in pattern.finditer(passage.text)
        if passage.spot(match.start() - 1, match.end() + 1)
    ]
