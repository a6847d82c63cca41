"""Check that the edition adds nothing: what parity does not find in the issue must be a declared addition.

Parity proves that every passage is there. What stands between the passages is cut into declared words here: labels,
numbers, addresses, and the titles that cover and contents repeat. A passage that stands there twice is none of them.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kanfa.findings import Finding
from kanfa.issue.model import CodeBlock, Image, Section, Table, text_of
from kanfa.labels import format_date
from kanfa.pdf import rules
from kanfa.pdf.finished import Edition
from kanfa.pdf.outline import plain, shortened
from kanfa.placing import Gap, fold, gaps, lost_pieces, pieces_of

MARKS = frozenset("0123456789.[]()/|·•▪–—:↑↩☐☑✓✗,、…")
"""Characters that the edition sets by itself, as parity folds them: numbers, bullets, boxes, leaders, brackets."""
LONGEST_SHOWN = 40
"""Characters of an addition that a finding repeats."""


def check_additions(edition: Edition) -> Iterator[Finding]:
    """One finding for each gap that holds more than declared words; nothing where parity has a loss to report."""
    pieces = pieces_of(edition.issue)
    if lost_pieces(pieces, edition.flow):
        return
    found = gaps(pieces, edition.flow)
    words: Mapping[str, list[str]] | None = None
    for at, gap in enumerate(found):
        if not gap.pieces and MARKS.issuperset(gap.text):
            continue
        words = words or _by_first(declared(edition))
        rest = _undeclared(gap, words)
        near = (found[at : at + 2], found[max(0, at - 1) : at + 1], found[max(0, at - 1) : at + 2])
        if rest and all(_undeclared(_joined(some), words) for some in near):
            shown = rest[:LONGEST_SHOWN]
            yield rules.TEXT_ADDED.at(gap.line, "behind this line the file also says “{words}”", words=shown)


def _joined(some: Sequence[Gap]) -> Gap:
    """Neighbouring gaps as one, with the pieces between them."""
    last = len(some) - 1
    text = "".join(gap.text + (gap.closing if at < last else "") for at, gap in enumerate(some))
    pieces = [(*gap.pieces, gap.closing) if at < last else gap.pieces for at, gap in enumerate(some)]
    return Gap(text, tuple(piece for group in pieces for piece in group), some[0].line)


def declared(edition: Edition) -> Iterator[str]:
    """Everything that the edition may say beyond the body of the issue."""
    issue, publication, labels = edition.issue, edition.publication, edition.labels
    yield from (value for field in dataclasses.fields(labels) if isinstance(value := getattr(labels, field.name), str))
    yield from labels.callouts.values()
    yield from (
        publication.name,
        publication.tagline,
        publication.publisher,
        publication.licence,
        *_spellings(publication.url),
    )
    yield from (issue.title, issue.short_title, issue.summary, issue.publisher, *issue.authors, *issue.editors)
    yield from (format_date(issue.date, edition.language),) if issue.date else ()
    yield from (spelling for one in issue.previous for spelling in _spellings(one.href))
    yield from (one.title for one in issue.previous)
    for number in (issue.number, *(one.number for one in issue.previous)):
        if number is not None:
            yield from (labels.volume(number), labels.issue_number(number))
    for link in issue.links():
        yield from _spellings(link.href)
    for node in issue.walk():
        if isinstance(node, Section):
            title = plain(node.title, labels)
            yield from (title, shortened(title), text_of(*node.title))
        elif isinstance(node, Table):  # overleaf the engine repeats the head
            yield from (text_of(*cell.children) for row in node.head for cell in row.cells)
        elif isinstance(node, CodeBlock):
            yield from (node.language, node.title)
        elif isinstance(node, Image):
            yield from (node.words, node.label, node.src)
    pictures = edition.pictured()
    yield from (mark.text for mark in edition.marks if (mark.page, mark.content) in pictures)


def _spellings(address: str) -> tuple[str, ...]:
    """An address as paper gives it: with and without its scheme."""
    return address, address.removeprefix("mailto:"), address.partition("://")[2]


def _by_first(words: Iterable[str]) -> Mapping[str, list[str]]:
    """Folded words by their first characters, each once."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in dict.fromkeys(map(fold, words)):
        if word:
            found[word[0]].append(word)
    return found


def _undeclared(gap: Gap, words: Mapping[str, list[str]]) -> str:
    """Where a gap cannot be cut into declared words and its own short pieces, in their order: the rest from there."""
    text, pieces = gap.text, gap.pieces
    seen = {(0, 0)}
    stack = [(0, 0)]
    furthest = 0
    while stack:
        at, done = stack.pop()
        if at == len(text) and done == len(pieces):
            return ""
        furthest = max(furthest, at)
        reached = [(at + len(word), done) for word in words.get(text[at : at + 1], ()) if text.startswith(word, at)]
        if text[at : at + 1] in MARKS and at < len(text):
            reached.append((at + 1, done))
        if done < len(pieces) and text.startswith(pieces[done], at):
            reached.append((at + len(pieces[done]), done + 1))
        for state in reached:
            if state not in seen:
                seen.add(state)
                stack.append(state)
    return text[furthest:]
