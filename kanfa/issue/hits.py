"""A place in the prose that a rule speaks of, and what may safely stand there instead.

Lint makes findings of hits, `kanfa fix` makes changes of those that carry `new`: both always mean the same place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kanfa.findings import Rule
from kanfa.issue.prose import OBJECT, Passage

_SHOWN = 3
"""Places of one line that a message quotes."""


@dataclass(frozen=True, slots=True)
class Hit:
    """`passage.text[start:end]` breaks `rule`."""

    rule: Rule
    passage: Passage
    start: int
    end: int
    new: str | None = None
    """What may stand there without changing the sense; None when only an editor can tell."""
    said: str = ""
    """What a message shows; the text itself when empty."""

    @property
    def line(self) -> int:
        """1-based source line."""
        return self.passage.line_at(self.start)

    @property
    def old(self) -> str:
        """The offending text."""
        return self.passage.text[self.start : self.end]

    def around(self, reach: int) -> str:
        """The offending text with `reach` characters on either side."""
        return visible(self.passage.text[max(0, self.start - reach) : self.end + reach])


def visible(text: str) -> str:
    """`text` on one line, with an ellipsis for what is no prose."""
    return text.replace(OBJECT, "…").replace("\n", "")


@dataclass(frozen=True, slots=True)
class Place:
    """The hits of one rule on one line."""

    rule: Rule
    line: int
    hits: tuple[Hit, ...]

    @property
    def quote(self) -> str:
        """The first hit's text, when it stands in the line as one piece."""
        first = self.hits[0]
        return first.old if first.passage.spot(first.start, first.end) else ""

    @property
    def shown(self) -> str:
        """The first hits as a message quotes them: `“甲,乙”、“丙,丁” (+2)`."""
        words = list(dict.fromkeys(f"“{hit.said or visible(hit.old)}”" for hit in self.hits))
        more = f" (+{len(words) - _SHOWN})" if len(words) > _SHOWN else ""
        return "、".join(words[:_SHOWN]) + more


def by_line(hits: Iterable[Hit]) -> list[Place]:
    """The hits of each rule on each line together, in order of the lines."""
    found: dict[tuple[int, str], list[Hit]] = {}
    for hit in hits:
        found.setdefault((hit.line, hit.rule.id), []).append(hit)
    return [Place(group[0].rule, line, tuple(group)) for (line, _), group in sorted(found.items(), key=lambda e: e[0])]
