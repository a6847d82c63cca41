"""Portions: an issue cut between passages, nothing lost between two portions and nothing twice."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kanfa.issue.model import Issue, List, NoteRef
from kanfa.issue.reader import read
from kanfa.portions import divided, evened, longest_that_fits, passages, portion
from kanfa.text import words_of

TEXT = """---
title: 分期
---

开场一段。

## 甲

甲一。[^1]

- 条一
- 条二

### 甲组

组一。

## 乙

3. 三
4. 四[^2]

[^1]: 注一
[^2]: 注二
[^3]: 无人提起的注
"""


@pytest.fixture
def issue() -> Issue:
    return read(TEXT, "issue.md").issue


def words(issue: Issue) -> str:
    return "|".join(words_of(block) for block in (*issue.preamble, *issue.sections))


def test_items_and_blocks_are_passages_under_their_headings(issue: Issue) -> None:
    """A passage that a heading stands above begins with the heading, and says how deep it is."""
    row = passages(issue)
    group = issue.sections[0].groups[0].anchor
    assert [(one.title, one.section, one.opens) for one in row] == [
        ("", -1, 0),
        ("甲", 0, 1),
        ("甲", 0, 0),
        ("甲", 0, 0),
        ("甲组", 0, 2),
        ("乙", 1, 1),
        ("乙", 1, 0),
    ]
    assert row[4].line == 14
    assert [one.anchor for one in row] == ["", *[issue.sections[0].anchor] * 3, group, *[issue.sections[1].anchor] * 2]


def test_every_passage_stands_in_exactly_one_portion(issue: Issue) -> None:
    """Whatever the cuts: their words, put together, are the issue's, headings that go on apart."""
    count = len(passages(issue))
    whole = words(issue)
    for cut in range(1, count):
        first, second = portion(issue, 0, cut), portion(issue, cut, count)
        for piece in ("开场一段", "甲一", "条一", "条二", "组一", "三", "四"):
            assert (piece in words(first)) + (piece in words(second)) == 1 == whole.count(piece)


def test_a_section_that_goes_on_says_so_and_its_numbers_go_on_too(issue: Issue) -> None:
    """Nobody should take the second half of a list for a list of its own."""
    rest = portion(issue, 6, 7)
    (section,) = rest.sections
    assert words_of(*section.title) == "乙（续）"
    (block,) = section.blocks
    assert isinstance(block, List)
    assert (block.start, len(block.items)) == (4, 1)


def test_notes_follow_those_who_call_them(issue: Issue) -> None:
    """One that nobody calls stands at the very end, unless it is asked for."""
    assert [note.number for note in portion(issue, 0, 5).notes] == [1]
    assert [note.number for note in portion(issue, 5, 7).notes] == [2, 3]
    assert [note.number for note in portion(issue, 0, 5, uncalled=True).notes] == [1, 3]
    assert [note.number for note in portion(issue, 5, 7, uncalled=False).notes] == [2]
    called = [node.number for node in portion(issue, 5, 7).walk() if isinstance(node, NoteRef)]
    assert called == [2]


def test_sections_are_kept_whole_where_they_fit(issue: Issue) -> None:
    """Else the cut is made at a group, else between two passages."""
    row = passages(issue)
    assert longest_that_fits(row, 0, lambda start, end: end - start <= 6) == 5
    assert longest_that_fits(row, 1, lambda start, end: end - start <= 3) == 4
    assert longest_that_fits(row, 1, lambda start, end: end - start <= 2) == 3
    assert longest_that_fits(row, 0, lambda start, end: end - start <= 99) == len(row)
    assert longest_that_fits(row, 0, lambda start, end: False) is None


def test_a_tiny_portion_is_filled_from_the_next_section(issue: Issue) -> None:
    """What is `enough` decides when a section may be divided."""
    row = passages(issue)

    def fits(start: int, end: int) -> bool:
        return end - start <= 4

    assert divided(row, fits, lambda start, end: True) == ([1, 5, 7], None)
    assert divided(row, fits, lambda start, end: end - start > 1) == ([4, 7], None)


def test_a_passage_that_fits_nowhere_is_named(issue: Issue) -> None:
    """With the ends of the portions before it."""
    row = passages(issue)
    ends, blocked = divided(row, lambda start, end: end <= 2, lambda start, end: True)
    assert ends[-1] == 2
    assert blocked == row[2]


def test_portions_are_made_even_where_sections_allow_it() -> None:
    """No full article followed by a crumb; a divided section leaves everything as it was."""
    text = "\n\n".join(f"## {name}\n\n段。" for name in "甲乙丙丁")
    issue = read(f"---\ntitle: 匀\n---\n\n{text}\n", "issue.md").issue
    row = passages(issue)

    def fits(start: int, end: int) -> bool:
        return end - start <= 3

    assert divided(row, fits, lambda start, end: True)[0] == [3, 4]
    assert evened(row, [3, 4], fits, lambda start, end: end - start) == [2, 4]
    assert all(fits(*pair) for pair in pairwise([0, 2, 4]))
