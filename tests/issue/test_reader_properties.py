"""What the reader owes to any issue, shown on generated ones, on damaged ones and on real ones of other editors."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from issue_strategies import PUBLICATION, Sample, damaged, in_order, samples, steady

from kanfa.errors import SourceError
from kanfa.issue.lint import lint
from kanfa.issue.model import text_of
from kanfa.issue.reader import ReadResult, decode, read
from kanfa.parity import fold

SECONDS = 2.0
"""Longest time that one issue may take to be read and linted."""


def read_in_time(source: str) -> ReadResult | None:
    """The result, or None when the source is refused at a place inside it."""
    height = source.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    start = time.process_time()
    try:
        result = read(source, "007/issue.md", PUBLICATION)
        findings = [*result.findings, *lint(result.issue, PUBLICATION)]
    except SourceError as error:
        assert 1 <= error.place.line <= height
        return None
    assert time.process_time() - start < SECONDS
    assert [node for node in result.issue.walk() if not 1 <= node.line <= height] == []
    assert [finding for finding in findings if not 1 <= finding.line <= height] == []
    return result


@given(samples())
@steady(60)
def test_a_well_formed_issue_is_read_in_time_with_lines_in_the_file(sample: Sample) -> None:
    """No exception, no refusal, and every node and finding has a line that exists."""
    assert read_in_time(sample.source) is not None


@given(samples())
@steady(60)
def test_the_tree_holds_every_word_in_order(sample: Sample) -> None:
    """Words, also those that look like marks, as readers see them."""
    issue = read(sample.source, "007/issue.md", PUBLICATION).issue
    assert issue.title == sample.title
    assert list(in_order(map(fold, sample.values("text")), fold(text_of(*issue.body())))) == []
