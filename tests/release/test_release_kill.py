"""Staging survives kill -9 at every step, and several runs at once: a release is whole or is not there."""

from __future__ import annotations

import builtins
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from kanfa.release import owner
from kanfa.release.store import find_release, list_releases, stage, verify

# The children only stage and end, so threads of other tests (3.12 warns of them) cannot hold them up.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

STEPS = ["mkdir", "open", "fchmod", "chmod", "fsync", "rename", "close", "rmdir"]
"""Every call of `os` through which staging changes the disk or lets go of it."""


def die_at(step: int) -> None:
    """Make this process kill itself at the `step`-th call (1-based) of any function named above."""
    count = 0

    def counted(function: Callable) -> Callable:
        def call(*args, **kwargs):
            nonlocal count
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    io.open = counted(io.open)  # what Path.open calls
    builtins.open = counted(builtins.open)


def in_child(action: Callable[[], None]) -> int:
    """Fork, run `action` in the child, and return its process number."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            action()
            status = 0
        finally:
            os._exit(status)
    return pid


def ended(pid: int) -> int:
    """Exit status of the child, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def builds(outbox: Path) -> list[Path]:
    return list(outbox.glob(f"*/{owner.PREFIX}*"))


def test_a_run_killed_at_any_step_leaves_a_whole_release_or_none(tmp_path, manifest, files, reports):
    left_builds, left_releases, step = 0, 0, 0
    while True:
        step += 1
        outbox = tmp_path / str(step)

        def run(outbox: Path = outbox, step: int = step) -> None:
            die_at(step)
            stage(outbox, manifest, files, reports)

        status = ended(in_child(run))
        if status == 0:
            break
        assert status == -signal.SIGKILL, step
        present = list_releases(outbox)
        for release in present:
            verify(release)
        left_builds += bool(builds(outbox))
        left_releases += bool(present)
        assert stage(outbox, manifest, files, reports).new is not bool(present)
        assert builds(outbox) == [], step
        verify(find_release(outbox, manifest.digest))
    assert left_builds > 20, "the kills did not reach the middle of staging"
    assert left_releases > 2, "the kills did not reach the steps after the rename"


def test_a_killed_run_is_cleaned_up_even_before_its_parent_takes_note(outbox, manifest, files, reports):
    """The child stays a zombie: its number and its start are still listed, but it does not run any more."""

    def run() -> None:
        die_at(12)
        stage(outbox, manifest, files, reports)

    pid = in_child(run)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert len(builds(outbox)) == 1
    assert owner.started(pid) == ""
    assert stage(outbox, manifest, files, reports).new
    assert builds(outbox) == []
    assert ended(pid) == -signal.SIGKILL


def test_the_build_of_a_stopped_but_living_run_is_not_touched(outbox, manifest, files, reports):
    def run() -> None:
        real, seen = os.fsync, []

        def stop_once(descriptor):
            if not seen:
                seen.append(True)
                os.kill(os.getpid(), signal.SIGSTOP)
            return real(descriptor)

        os.fsync = stop_once
        stage(outbox, manifest, files, reports)

    pid = in_child(run)
    os.waitpid(pid, os.WUNTRACED)
    (building,) = builds(outbox)
    assert stage(outbox, manifest, files, reports).new
    assert builds(outbox) == [building]
    os.kill(pid, signal.SIGCONT)
    assert ended(pid) == 0
    assert builds(outbox) == []


@pytest.mark.parametrize("runs", [2, 4])
def test_runs_that_stage_the_same_at_once_end_with_one_release(tmp_path, manifest, files, reports, runs):
    for attempt in range(5):
        outbox = tmp_path / str(attempt)
        start_read, start_write = os.pipe()
        told_read, told_write = os.pipe()

        def run(outbox: Path = outbox, start: int = start_read, told: int = told_write) -> None:
            os.read(start, 1)
            os.write(told, b"new" if stage(outbox, manifest, files, reports).new else b"old")

        children = [in_child(run) for _ in range(runs)]
        os.write(start_write, b"x" * runs)
        assert [ended(pid) for pid in children] == [0] * runs
        told = os.read(told_read, 100)
        assert (told.count(b"new"), told.count(b"old")) == (1, runs - 1)
        for descriptor in (start_read, start_write, told_read, told_write):
            os.close(descriptor)
        (release,) = list_releases(outbox)
        verify(release)
        assert builds(outbox) == []
