"""The ledger only grows; an approval holds for exactly the bytes that were approved."""

from __future__ import annotations

import datetime
import os
import sqlite3

import pytest

from kanfa.errors import AlteredRelease, EnvironmentProblem, UnknownRelease, UsageError
from kanfa.release import ledger
from kanfa.release.approval import approvals, approve, record_staged
from kanfa.release.ledger import Event, history, record
from kanfa.release.manifest import MANIFEST
from kanfa.release.store import stage


@pytest.fixture
def filled(outbox, clock):
    record(outbox, Event.STAGED, digest="a" * 16, slug="009", now=clock, who="editor", detail={"new": True})
    record(outbox, Event.APPROVED, digest="a" * 16, slug="009", now=clock, who="心贵")
    record(outbox, Event.STAGED, digest="b" * 16, slug="010", now=clock)
    return outbox


def test_lines_are_read_back_in_order_and_by_release_or_issue(filled):
    assert [(e.id, str(e.event), e.slug, e.who) for e in history(filled)] == [
        (1, "staged", "009", "editor"),
        (2, "approved", "009", "心贵"),
        (3, "staged", "010", ""),
    ]
    assert [entry.id for entry in history(filled, "a" * 16)] == [1, 2]
    assert [entry.id for entry in history(filled, slug="010")] == [3]
    assert history(filled)[0].to_dict() == {
        "id": 1,
        "at": "2026-01-05T09:00:00.000Z",
        "event": "staged",
        "digest": "a" * 16,
        "issue": "009",
        "who": "editor",
        "channel": "",
        "detail": {"new": True},
    }


def test_times_are_kept_in_utc_whatever_zone_the_clock_shows(outbox):
    shanghai = datetime.timezone(datetime.timedelta(hours=8))
    entry = record(
        outbox, Event.STAGED, digest="", slug="", now=lambda: datetime.datetime(2026, 1, 5, 9, tzinfo=shanghai)
    )
    assert entry.at == datetime.datetime(2026, 1, 5, 1, tzinfo=datetime.UTC)
    assert history(outbox) == [entry]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET who = 'nobody'",
        "UPDATE events SET digest = 'x' WHERE id = 2",
        "DELETE FROM events",
        "DELETE FROM events WHERE id = 3",
        "REPLACE INTO events VALUES (2, '', 'approved', '', '', '', '', '{}')",
        "INSERT OR REPLACE INTO events SELECT 1, at, event, digest, slug, 'nobody', channel, detail FROM events",
    ],
)
def test_no_line_can_be_changed_removed_or_replaced(filled, statement):
    before = history(filled)
    connection = sqlite3.connect(filled / ledger.LEDGER)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    finally:
        connection.close()
    assert history(filled) == before


def test_an_event_that_does_not_exist_cannot_be_recorded(filled):
    connection = sqlite3.connect(filled / ledger.LEDGER)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            connection.execute("INSERT INTO events VALUES (NULL, '', 'forgotten', '', '', '', '', '{}')")
    finally:
        connection.close()


def test_no_ledger_means_no_lines_and_reading_makes_none(outbox):
    assert history(outbox) == []
    assert history(outbox, "a" * 16) == []
    assert not outbox.exists()


def test_a_ledger_that_was_only_begun_reads_as_empty(outbox):
    outbox.mkdir()
    (outbox / ledger.LEDGER).touch()
    assert history(outbox) == []


def test_a_file_that_is_no_ledger_is_a_problem_of_the_machine(outbox, clock):
    outbox.mkdir()
    (outbox / ledger.LEDGER).write_text("this is no database, and long enough to be told from an empty one" * 20)
    with pytest.raises(EnvironmentProblem, match="cannot be used: file is not a database"):
        history(outbox)
    with pytest.raises(EnvironmentProblem, match="cannot be used: file is not a database"):
        record(outbox, Event.STAGED, digest="", slug="", now=clock)


def test_a_strange_folder_name_holds_a_ledger_too(tmp_path, clock):
    outbox = tmp_path / "a b?mode=ro#100%"
    record(outbox, Event.STAGED, digest="", slug="009", now=clock)
    assert [entry.slug for entry in history(outbox)] == ["009"]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_several_processes_write_at_once_and_no_line_is_lost(outbox, clock):
    outbox.mkdir()
    children = []
    for child in range(4):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                for _ in range(5):
                    record(outbox, Event.STAGED, digest="", slug=str(child), now=clock)
                status = 0
            finally:
                os._exit(status)
        children.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0, 0, 0, 0]
    assert sorted(entry.slug for entry in history(outbox)) == sorted("0123" * 5)
    assert [entry.id for entry in history(outbox)] == list(range(1, 21))


# ---------------------------------------------------------------- approval


def test_an_approval_names_person_time_and_bytes(outbox, release, clock):
    given = approve(outbox, release.digest[:8], "  心贵 ", clock)
    assert given.new
    assert (given.digest, given.slug, given.by) == (release.digest, "009", "心贵")
    assert given.message == f"009/{release.digest} is approved by 心贵 (2026-01-05 09:00 UTC)"
    found = [entry for entry in history(outbox, release.digest) if entry.event is Event.APPROVED]
    assert [entry.detail for entry in found] == [{"manifest_sha256": given.manifest_sha256}]


def test_approving_twice_changes_nothing_and_says_so(outbox, release, clock):
    first = approve(outbox, release.digest, "心贵", clock)
    again = approve(outbox, release.digest, "心贵", clock)
    assert not again.new
    assert again.at == first.at
    assert again.message.endswith("was approved by 心贵 before (2026-01-05 09:00 UTC); nothing changed")
    assert len(history(outbox)) == 1


def test_two_people_may_both_approve(outbox, release, clock):
    approve(outbox, release.digest, "心贵", clock)
    approve(outbox, release.digest, "莫源", clock)
    assert [given.by for given in approvals(outbox, release.digest)] == ["心贵", "莫源"]


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "a\x00b", "\x1b[31mred", "x" * 201, "\udce9"])
def test_a_name_that_is_blank_or_no_text_is_wrong_usage(outbox, release, clock, name):
    with pytest.raises(UsageError, match="--by NAME"):
        approve(outbox, release.digest, name, clock)
    assert history(outbox) == []


def test_a_release_that_was_altered_or_does_not_exist_cannot_be_approved(outbox, release, clock):
    (release.path / "web.html").write_bytes(b"altered")
    with pytest.raises(AlteredRelease, match=r"web\.html"):
        approve(outbox, release.digest, "心贵", clock)
    with pytest.raises(UnknownRelease):
        approve(outbox, "f" * 16, "心贵", clock)
    assert history(outbox) == []


def test_a_report_exchanged_together_with_its_hash_is_noticed_through_the_ledger(
    outbox, manifest, files, reports, clock
):
    """The digest does not cover the reports; the ledger remembers the manifest that was staged."""
    staged = stage(outbox, manifest, files, reports)
    record_staged(outbox, staged, clock)
    record_staged(outbox, stage(outbox, manifest, files, reports), clock)
    forged = stage(outbox.parent / "forge", manifest, files, {**reports, "report.html": b"all is well"})
    for name in ("report.html", MANIFEST):
        (staged.path / name).write_bytes((forged.path / name).read_bytes())
    with pytest.raises(AlteredRelease, match=r"manifest\.json is not the one staged on 2026-01-05"):
        approve(outbox, staged.digest, "心贵", clock)
