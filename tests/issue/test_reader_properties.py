"""What the reader owes to any issue, shown on generated ones, on damaged ones and on real ones of other editors."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from issue_lines import FORMATS, Passage
from issue_strategies import PUBLICATION, Sample, chapters, damaged, holds_for, in_order, samples, steady

from kanfa.errors import SourceError
from kanfa.issue.editions import edition
from kanfa.issue.lint import lint
from kanfa.issue.model import Issue, Section, text_of, walk
from kanfa.issue.reader import ReadResult, decode, read
from kanfa.placing import fold, pieces_of

SECONDS = 2.0
"""Longest time that reading and linting one issue may take; the longest of the corpus needs a tenth of it."""


def tree(sample: Sample) -> Issue:
    return read(sample.source, "007/issue.md", PUBLICATION).issue


def words(issue: Issue) -> str:
    """What parity compares with the outputs."""
    return "".join(piece.folded for piece in pieces_of(issue))


def read_in_time(source: str) -> ReadResult | None:
    """The result, or None when the source is refused at a place inside it."""
    height = source.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    start = time.process_time()
    try:
        result = read(source, "007/issue.md", PUBLICATION)
    except SourceError as error:
        refused = error.place.line
    else:
        refused = 0
        findings = [*result.findings, *lint(result.issue, PUBLICATION)]
    assert time.process_time() - start < SECONDS
    if refused:
        assert refused <= height
        return None
    assert [node for node in result.issue.walk() if not 1 <= node.line <= height] == []
    assert [finding for finding in findings if not 1 <= finding.line <= height] == []
    assert [reference for reference in result.issue.references if not 1 <= reference.line <= height] == []
    return result


# -- generated issues


@holds_for(samples(), batches=4)
def test_a_well_formed_issue_is_read_in_time_with_lines_in_the_file(sample: Sample) -> None:
    """No exception, no refusal; every node and finding has a line that exists; the title is the one given."""
    result = read_in_time(sample.source)
    assert result is not None
    assert result.issue.title == sample.title


@holds_for(samples(), batches=4)
def test_the_tree_holds_every_word_in_order(sample: Sample) -> None:
    """Words as readers see them, also those that look like marks; what is a comment is gone."""
    found = words(tree(sample))
    assert list(in_order(map(fold, sample.values("text")), found)) == []
    assert [one for one in sample.values("hidden") if fold(one) in found] == []


@holds_for(samples(), batches=4)
def test_the_tree_holds_each_link_picture_and_node_once_in_order(sample: Sample) -> None:
    """Addresses in their normal form, pictures and formulas by their labels, nodes by their kind."""
    issue = tree(sample)
    assert [link.href for link in issue.links()] == sample.values("link")
    assert [node.label for node in issue.pictured()] == sample.values("picture")
    counted = sample.nodes()
    assert Counter(name for node in issue.walk() if (name := type(node).__name__) in counted) == counted


@holds_for(samples(), batches=4)
def test_headings_are_the_sections_in_order(sample: Sample) -> None:
    """Each heading is one section, with its words."""
    sections = [node for node in tree(sample).walk() if isinstance(node, Section)]
    assert [fold(text_of(*node.title)) for node in sections] == [fold(text) for text in sample.values("heading")]


@holds_for(samples(), batches=4)
def test_an_edition_holds_what_its_format_shows_and_nothing_else(sample: Sample) -> None:
    """Passages for other formats are gone with their links, pictures and footnotes."""
    issue = tree(sample)
    for format in sorted(FORMATS):
        shown = edition(issue, format)
        assert list(in_order(map(fold, sample.values("text", format)), words(shown))) == []
        assert [link.href for link in shown.links()] == sample.values("link", format)
        assert [node.label for node in shown.pictured()] == sample.values("picture", format)
        others = set(sample.values("token")) - set(sample.values("token", format))
        assert [token for token in others if fold(token) in words(shown)] == []


@holds_for(st.tuples(samples(notes=False, least=2), chapters(notes=False), st.integers(0, 2)), batches=2)
def test_editing_one_section_leaves_the_others_as_they_are(edit: tuple[Sample, Passage, int]) -> None:
    """Only their lines may move."""
    sample, chapter, index = edit
    index %= len(sample.chapters)
    before, after = tree(sample), tree(sample.with_chapter(index, chapter))
    assert unlined(before.preamble) == unlined(after.preamble)
    assert len(before.sections) == len(after.sections) == len(sample.chapters)
    for number, (old, new) in enumerate(zip(before.sections, after.sections, strict=True)):
        if number != index:
            assert unlined(old) == unlined(new)


def unlined(value: Any) -> Any:
    """A node as plain tuples, without its lines."""
    if isinstance(value, tuple):
        return tuple(unlined(one) for one in value)
    if not is_dataclass(value):
        return value
    shown = (unlined(getattr(value, field.name)) for field in fields(value) if field.name != "line")
    return (type(value).__name__, *shown)


# -- damaged issues


@given(damaged(samples().map(lambda sample: sample.source)))
@steady(40)
def test_a_damaged_issue_is_read_in_time_or_refused(source: str) -> None:
    """Lines and characters deleted, doubled, swapped, cut off or strange."""
    read_in_time(source)


@given(st.data(), samples())
@steady(30)
def test_every_beginning_of_an_issue_is_read_in_time_or_refused(data: st.DataObject, sample: Sample) -> None:
    """As in an editor with a live preview, where every text is half written."""
    read_in_time(sample.source[: data.draw(st.integers(0, len(sample.source)))])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
@steady(40)
def test_any_text_is_read_in_time_or_refused(source: str) -> None:
    """Random Unicode, without a thought of Markdown."""
    read_in_time(source)


# -- issues of other editors


def texts(corpus: list[Path]) -> Iterator[str]:
    return (decode(path.read_bytes(), path.name) for path in corpus)


def test_every_issue_of_the_corpus_is_read_in_time(corpus: list[Path]) -> None:
    """Without refusal, with lines in the file."""
    assert all(read_in_time(text) for text in texts(corpus))


@given(st.data())
@steady(30)
def test_a_damaged_issue_of_the_corpus_is_read_in_time_or_refused(corpus: list[Path], data: st.DataObject) -> None:
    """The same faults in real texts."""
    read_in_time(data.draw(damaged(st.sampled_from(list(texts(corpus))))))


def test_the_corpus_reads_the_same_below_a_new_first_line(corpus: list[Path]) -> None:
    """One line more before the body moves every line by one, and changes nothing else."""
    for text in texts(corpus):
        issue = read(text).issue
        lines = text.split("\n")
        first = next(node.line for node in issue.walk())
        moved = read("\n".join([*lines[: first - 1], "", *lines[first - 1 :]])).issue
        assert [unlined(block) for block in moved.body()] == [unlined(block) for block in issue.body()]
        before, after = ([node.line for block in one.body() for node in walk(block)] for one in (issue, moved))
        assert after == [line + 1 for line in before]
