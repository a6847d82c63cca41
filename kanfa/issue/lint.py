"""Editorial checks on an issue: what reads badly, though every format could show it. The door to `lint_*`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kanfa.findings import Finding, Severity
from kanfa.issue import copyedit, lint_issue, lint_links, lint_text, lint_words
from kanfa.issue.hits import Hit
from kanfa.issue.model import Issue
from kanfa.issue.prose import Prose, prose_of
from kanfa.publication import Publication

NOTHING_RECENT: Mapping[str, tuple[str, int]] = MappingProxyType({})
"""No earlier issue is known."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What the rules about words and marks speak of."""

    text: tuple[Hit, ...]
    words: tuple[Hit, ...]
    copyedit: tuple[Hit, ...] = ()

    def all(self) -> tuple[Hit, ...]:
        """All of them; where two speak of one place, the first counts."""
        return (*self.text, *self.words, *self.copyedit)


def lint(
    issue: Issue, publication: Publication | None = None, recent: Mapping[str, tuple[str, int]] = NOTHING_RECENT
) -> Iterator[Finding]:
    """Every editorial finding about `issue`. Pure; the reader's own findings are not repeated.

    `recent` are the addresses that recent issues link to, for sections that are strict about repetitions:
    normalised address → (name of that issue, line).
    """
    off = set(publication.lint.off) if publication is not None else set()
    for finding in _all(issue, publication, recent):
        if finding.rule.id not in off or finding.rule.severity is Severity.ERROR:
            yield finding


def hits_of(prose: Prose, publication: Publication | None) -> Hits:
    """The places in the prose that rules speak of, with what may stand there instead.

    Copy-editing is a publication's choice: without one there is none.
    """
    text = tuple(lint_text.hits(prose))
    words = tuple(lint_words.hits(prose, publication.glossary if publication is not None else {}))
    if publication is None or not publication.lint.autocorrect:
        return Hits(text, words)
    taken = {
        spot for hit in (*text, *words) for at in range(hit.start, hit.end) if (spot := hit.passage.spot(at, at + 1))
    }
    return Hits(text, words, tuple(copyedit.hits(prose, taken)))


def _all(issue: Issue, publication: Publication | None, recent: Mapping[str, tuple[str, int]]) -> Iterator[Finding]:
    prose = prose_of(issue)
    found = hits_of(prose, publication)
    yield from lint_issue.metadata(issue)
    yield from lint_issue.structure(issue)
    yield from lint_links.findings(issue, prose, publication, recent)
    yield from lint_issue.pictures(issue)
    yield from lint_issue.dates(issue, prose)
    if publication is not None:
        yield from lint_issue.reading_time(issue, publication.lint)
    yield from lint_text.findings(found.text, prose.ticks)
    yield from lint_words.findings(found.words)
    yield from copyedit.findings(found.copyedit)
