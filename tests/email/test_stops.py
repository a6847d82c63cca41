"""Where a mail may end, what it keeps of the issue when it ends there, and how the last place that fits is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from email_samples import paragraph, section
from test_cutting import long_issue, numbered

from kanfa import placing
from kanfa.email.cutting import Stop, beginning, declared, last_that_fits, rest_of, sentence, stops
from kanfa.issue.model import Issue, Note, NoteRef, Section, Text
from kanfa.publication import Publication


@pytest.fixture(scope="module")
def long() -> Issue:
    return long_issue()


@pytest.fixture(scope="module")
def cutting() -> Publication:
    """A publication that has long mails cut."""
    return Publication.model_validate({"url": "https://weekly.example.org", "email": {"too_long": "cut"}})


def test_stops_stand_before_each_passage_but_the_first(long: Issue) -> None:
    """Items and blocks count; a heading belongs to what it heads."""
    found = stops(long)
    assert len(found) == 6 * 46
    assert [stop.kept + stop.left for stop in found] == [6 * 46 + 1] * len(found)
    assert [stop.line for stop in found if stop.whole] == [100, 200, 300, 400, 500, 600]


def test_a_group_that_is_left_out_is_where_the_link_leads() -> None:
    """Groups have anchors of their own."""
    group = Section(
        (Text("小节", 30),), 2, "xiao-jie", (paragraph("一。", line=31), paragraph("二。", line=32)), (), 30
    )
    issue = replace(numbered(section("栏目", paragraph("引言。"), anchor="a", groups=(group,))), preamble=())
    assert [(stop.line, stop.anchor, stop.title) for stop in stops(issue)] == [
        (30, "xiao-jie", "小节"),
        (32, "xiao-jie", "小节"),
    ]


def test_every_stop_gives_a_beginning_of_the_issue(long: Issue) -> None:
    """What stands before a stop is kept in its order, and nothing behind it."""
    pieces = [piece.text for piece in placing.pieces_of(replace(long, notes=()))]
    for stop in stops(long)[::17]:
        kept = [piece.text for piece in placing.pieces_of(replace(beginning(long, stop), notes=()))]
        assert kept == pieces[: len(kept)]


def test_a_note_that_nothing_calls_stays(long: Issue) -> None:
    """It belongs to no section, so no cut takes it away."""
    lonely = replace(long, notes=(*long.notes, Note(9, (paragraph("无人引用"),), 990)))
    assert [note.number for note in beginning(lonely, stops(lonely)[0]).notes] == [1, 9]


def test_a_note_that_a_kept_note_calls_stays(long: Issue) -> None:
    """Notes may call notes."""
    first = replace(long.notes[0], blocks=(paragraph("见", NoteRef(5, 901)),))
    chained = replace(long, notes=(first, *long.notes[1:]))
    assert [note.number for note in beginning(chained, stops(chained)[0]).notes] == [1, 5]


def test_the_sentences_of_an_issue_differ(long: Issue, cutting: Publication) -> None:
    """Each stop can be told from what the mail says, in either language."""
    for language in ("zh-CN", "en"):
        told = replace(long, language=language)
        for stop in (stops(told)[0], stops(told)[-2], stops(told)[-1]):
            rest = rest_of(told, cutting, stop)
            assert declared(rest.words, [rest.href], told, cutting) == beginning(told, stop)
        assert len({sentence(stop, language) for stop in stops(told)}) == len(stops(told))


def test_the_search_tries_few_mails(long: Issue) -> None:
    """Rendering is the costly step: some log2(n) attempts."""
    tried: list[Stop] = []

    def attempt(stop: Stop) -> int | None:
        tried.append(stop)
        return stop.kept if stop.kept <= 100 else None

    found = last_that_fits(long, attempt)
    assert found is not None
    assert found[1] == 93  # the opening and two sections
    assert len(tried) <= 3
