"""Only a whole, approved release leaves the house, each channel once, and the ledger knows about everything."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kanfa.deliver import channel as channels
from kanfa.deliver.delivery import LOCK, State
from kanfa.errors import AlteredRelease, DeliveryFailed, EnvironmentProblem, NotApproved, UnknownRelease, UsageError
from kanfa.release.approval import approve
from kanfa.release.files import locked, names_below
from kanfa.release.ledger import Event, history
from kanfa.release.manifest import MANIFEST


@pytest.fixture
def installed(toy, broken, monkeypatch):
    """The three channels of these tests, whatever is installed."""
    from kanfa.deliver import archive, delivery

    found = {one.name: one for one in (archive.CHANNEL, toy, broken)}
    monkeypatch.setattr(delivery, "installed", lambda: found)
    return found


@pytest.fixture(autouse=True)
def _channels(installed):
    pass


def events(outbox):
    return [(str(entry.event), entry.channel) for entry in history(outbox)]


def test_a_delivery_is_recorded_before_and_after(deliver, approved, outbox, notes):
    release = approved()
    (done,) = deliver(release, "toy")
    assert (done.channel, done.target, done.state, done.detail) == ("toy", "the notebook", State.DELIVERED, "noted")
    assert notes == ["009 to the notebook"]
    assert events(outbox) == [("approved", ""), ("delivering", "toy"), ("delivered", "toy")]
    last = history(outbox)[-1]
    assert (last.digest, last.slug, last.who) == (release.digest, "009", "editor")
    assert last.detail["target"] == "the notebook"


def test_the_target_can_be_chosen_for_each_channel(deliver, approved, notes):
    deliver(approved(), "toy", targets={"toy": "another notebook"})
    assert notes == ["009 to another notebook"]


# ---------------------------------------------------------------- refusals


def test_an_unapproved_release_is_refused_with_the_command_that_approves_it(deliver, release, outbox, notes):
    with pytest.raises(NotApproved, match=rf"kanfa approve {release.digest} --by NAME"):
        deliver(release, "toy")
    assert notes == []
    (entry,) = history(outbox)
    assert (entry.event, entry.digest, entry.detail["error"]) == (Event.REFUSED, release.digest, "NotApproved")


def test_an_unknown_digest_is_refused(deliver, approved, outbox, notes):
    approved()
    with pytest.raises(UnknownRelease, match="It holds: 009/"):
        deliver("f" * 16, "toy")
    assert history(outbox)[-1].detail["reference"] == "f" * 16
    assert notes == []


def test_an_outbox_that_does_not_exist_is_not_made(deliver, outbox):
    with pytest.raises(UnknownRelease):
        deliver("f" * 16, "toy")
    assert not outbox.exists()


@pytest.mark.parametrize(
    "damage",
    [
        (lambda path: (path / "web.html").write_bytes(b"other"), r"web\.html was altered"),
        (lambda path: (path / "issue.pdf").unlink(), r"issue\.pdf is missing"),
        (lambda path: (path / "extra.html").write_text(""), r"extra\.html is not part"),
        (lambda path: (path / "extra.html").symlink_to(path / "web.html"), "symbolic link"),
    ],
    ids=["altered", "missing", "extra", "link"],
)
def test_a_release_altered_after_its_approval_is_refused(deliver, approved, outbox, notes, damage):
    harm, message = damage
    release = approved()
    harm(release.path)
    with pytest.raises(AlteredRelease, match=message):
        deliver(release, "toy")
    assert notes == []
    assert history(outbox)[-1].event is Event.REFUSED


def test_a_report_changed_after_the_approval_needs_another_approval(deliver, approved, outbox, clock, notes):
    """The digest does not cover the reports, the approval does: it is of the bytes of manifest.json."""
    release = approved()
    report = b"<p>all is well</p>"
    whole = json.loads((release.path / MANIFEST).read_bytes())
    from kanfa.release.manifest import record_of

    whole["record"]["report.html"] = {"sha256": record_of(report).sha256, "size": len(report)}
    (release.path / "report.html").write_bytes(report)
    (release.path / MANIFEST).write_text(json.dumps(whole))
    with pytest.raises(AlteredRelease, match="changed after 心贵 approved it"):
        deliver(release, "toy")
    approve(outbox, release.digest, "心贵", clock)
    deliver(release, "toy")
    assert len(notes) == 1


def test_a_channel_that_does_not_exist_is_wrong_usage(deliver, approved, outbox):
    release = approved()
    with pytest.raises(UsageError, match="no channel is called fax; installed: archive, toy, broken"):
        deliver(release, "fax", "toy")
    assert events(outbox) == [("approved", "")]


def test_only_one_delivery_of_an_outbox_runs_at_a_time(deliver, approved, outbox, notes):
    release = approved()
    with locked(outbox / LOCK, 0) as alone:
        assert alone
        with pytest.raises(DeliveryFailed, match="another delivery"):
            deliver(release, "toy", wait=0.1)
    assert notes == []
    deliver(release, "toy", wait=0.1)


# ---------------------------------------------------------------- failures


def test_every_channel_is_tried_and_failures_are_recorded(deliver, approved, outbox, notes):
    with pytest.raises(DeliveryFailed, match=r"broken: .*No space left on device\ntoy: delivered"):
        deliver(approved(), "broken", "toy")
    assert notes == ["009 to the notebook"]
    assert events(outbox)[1:] == [
        ("delivering", "broken"),
        ("failed", "broken"),
        ("delivering", "toy"),
        ("delivered", "toy"),
    ]
    assert "No space left" in history(outbox)[2].detail["reason"]


# ---------------------------------------------------------------- dry run


@pytest.mark.parametrize("problem", [EnvironmentProblem("PASSWORD is not set", "export PASSWORD=…"), UsageError("no")])
def test_a_channel_that_cannot_be_tried_is_no_refusal_and_is_recorded(deliver, approved, toy, broken, problem):
    def lack(*_):
        raise problem

    channels = {"bare": replace(toy, name="bare", deliver=lack), "toy": toy, "broken": broken}
    release = approved()
    with pytest.raises(type(problem)) as caught:
        deliver(release, "bare", channels=channels)
    assert (caught.value is problem, caught.value.exit_status) == (True, 2)
    assert history(release.path.parents[1])[-1].event is Event.FAILED
    with pytest.raises(type(problem), match=r"(?s)bare: .*broken: .*No space left.*toy: delivered") as caught:
        deliver(release, "bare", "broken", "toy", channels=channels)
    assert caught.value.exit_status == 2, "the higher one of all channels"


def test_a_dry_run_writes_nothing(deliver, approved, outbox, archive, notes):
    release = approved()
    before = {path: path.stat().st_mtime_ns for path in outbox.rglob("*")}
    done = deliver(release, "archive", "toy", dry_run=True)
    assert [one.state for one in done] == [State.PLANNED, State.PLANNED]
    assert done[1].actions == ("write a note",)
    assert done[0].actions == (
        "write 009/images/cover.png (11 B)",
        "write 009/index.html (27 B)",
        "write 009/issue.pdf (15 B)",
        done[0].actions[3],
        "write index.html (the list of all issues)",
    )
    assert done[0].actions[3].startswith("write 009/release.json (")
    assert {path: path.stat().st_mtime_ns for path in outbox.rglob("*")} == before
    assert not archive.exists()
    assert notes == []


def test_a_dry_run_refuses_as_the_real_one_would_but_records_nothing(deliver, release, outbox):
    with pytest.raises(NotApproved):
        deliver(release, "archive", dry_run=True)
    assert set(names_below(outbox)) == {f"009/{release.digest}/{name}" for name in names_below(release.path)}


# ---------------------------------------------------------------- channels


class Point:
    def __init__(self, name, value):
        self.name, self.value = name, repr(value)
        self.load = lambda: value


def test_channels_are_found_by_their_entry_points(monkeypatch, toy, broken):
    monkeypatch.setattr("kanfa.plugins.entry_points", lambda group: [Point("toy", toy), Point("broken", broken)])
    assert list(channels.installed()) == ["broken", "toy"]


def test_what_is_no_channel_or_takes_another_ones_name_is_refused(monkeypatch, toy, broken):

    monkeypatch.setattr("kanfa.plugins.entry_points", lambda group: [Point("odd", object())])
    with pytest.raises(UsageError, match="is not a Channel"):
        channels.installed()
    monkeypatch.setattr(
        "kanfa.plugins.entry_points", lambda group: [Point("a", toy), Point("b", replace(broken, name="toy"))]
    )
    with pytest.raises(UsageError, match="two channels are called toy"):
        channels.installed()
