"""The parts around the flows that need no server: journal, processes, idleness, owners."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from flows import api, owners, processes, server, server_process
from flows.journal import Journal, Step
from kanfa.errors import ServerError


def step(name: str, began: float, ended: float) -> Step:
    """A step with given times."""
    return Step(name, began, ended)


# ---------------------------------------------------------------- journal


@pytest.mark.parametrize(
    ("steps", "work"),
    [
        ([], 0.0),
        ([step("a", 1, 3)], 2.0),
        ([step("a", 1, 3), step("b", 2, 4)], 3.0),
        ([step("a", 1, 9), step("b", 2, 4)], 8.0),
        ([step("b", 6, 7), step("a", 1, 3)], 3.0),
    ],
)
def test_own_work_counts_side_by_side_steps_once(steps: list[Step], work: float) -> None:
    """It is the time in which at least one step was under way."""
    assert Journal(steps=steps).own_work() == work


def test_a_failed_step_says_why_in_one_line() -> None:
    """The watcher hears of its beginning and of its end."""
    heard: list[tuple[str, bool]] = []
    journal = Journal(lambda step: heard.append((step.name, step.ended is None)))
    with pytest.raises(ValueError, match="first"), journal.step("render-pdf"):
        raise ValueError("first\nsecond")
    assert heard == [("render-pdf", True), ("render-pdf", False)]
    assert journal.steps[0].error == "first"


# ---------------------------------------------------------------- processes and owners


def test_a_recycled_number_is_not_the_process_that_was_meant() -> None:
    """Number and birth together name it; only that process is ever signalled."""
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        born = processes.birth(process.pid)
        assert born is not None
        assert not processes.end(process.pid, "another birth")
        assert processes.is_alive(process.pid, born)
        assert processes.end(process.pid, born)
        assert processes.birth(process.pid) is None
        process.returncode = 0  # reaped by `end`


def test_only_runs_of_dead_processes_of_this_host_are_lost() -> None:
    """A run on a worker or on another machine is none of our business."""
    mine = owners.tag()
    assert not owners.is_gone([mine, "weekly"])
    assert owners.is_gone([mine.rpartition(":")[0] + ":another-birth"])
    assert not owners.is_gone([f"owner:elsewhere:{os.getpid()}:another-birth"])
    assert not owners.is_gone(["weekly", "owner:x"])


# ---------------------------------------------------------------- the server


def test_no_prefect_setting_of_the_shell_reaches_the_server(tmp_path: Path) -> None:
    """Telemetry is off at the server, and both port settings agree."""
    shell = {"PATH": "/bin", "PREFECT_SERVER_ANALYTICS_ENABLED": "true", "PREFECT_PROFILE": "cloud"}
    given = server.server_environment(tmp_path, 4321, shell)
    assert given["PATH"] == "/bin"
    assert "PREFECT_PROFILE" not in given
    assert given["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert given["PREFECT_SERVER_API_PORT"] == "4321"
    assert given["PREFECT_SERVER_UI_API_URL"] == "http://127.0.0.1:4321/api"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/api", "no address", "file:///etc/passwd"])
def test_a_named_server_must_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> None:
    """It is looked at before anything else happens; none is started in its place."""
    monkeypatch.setenv("PREFECT_API_URL", url)
    with pytest.raises(ServerError, match="no Prefect server answers"):
        server.ensure_server(tmp_path / "home", print)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("record", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "born": "", "port": 1, "prefect": ""}'])
def test_a_damaged_record_is_no_record(tmp_path: Path, record: str) -> None:
    """Whatever stands in the file, `status` and `stop` say that no server runs."""
    (tmp_path / server.RECORD_NAME).write_text(record)
    assert server.status(tmp_path) is None
    assert not server.stop(tmp_path, print)


def test_a_server_that_cannot_start_leaves_its_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The message names the log; no process and no record stay."""
    broken = tmp_path / "broken.py"
    broken.write_text("import sys; sys.exit('the database is broken')")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr(server_process, "__file__", str(broken))
    with pytest.raises(ServerError, match=r"the database is broken.*server\.log"):
        server.ensure_server(tmp_path / "home", lambda _: None)
    assert not (tmp_path / "home" / server.RECORD_NAME).exists()


# ---------------------------------------------------------------- idleness


async def _idle_app(scope: Any, receive: Any, send: Any) -> None:
    """An application that does nothing."""


def test_an_unused_server_stops_itself_and_drops_its_record(tmp_path: Path) -> None:
    """A new starter that holds the lock meanwhile keeps it alive."""
    record = tmp_path / server_process.RECORD_NAME
    record.write_text(json.dumps({"pid": os.getpid()}))
    stopped = threading.Event()
    usage = server_process.Usage(_idle_app)
    lock = server_process.watch(usage, tmp_path, 0.05, stopped.set)
    assert stopped.is_set()
    assert not record.exists()
    assert lock is not None
    with (tmp_path / server_process.LOCK_NAME).open("a") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody starts another one before this one has ended
    lock.close()


@pytest.mark.parametrize("record", [None, "{broken", '{"pid": 1}', "[]"])
def test_a_server_that_nobody_can_find_any_more_stops_itself(
    tmp_path: Path, record: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder was deleted, its record is broken, or another server took its place."""
    monkeypatch.setattr(server_process, "WATCH_SECONDS", 0.05)
    if record is not None:
        (tmp_path / server_process.RECORD_NAME).write_text(record)
    stopped = threading.Event()
    assert server_process.watch(server_process.Usage(_idle_app), tmp_path, 60.0, stopped.set) is None
    assert stopped.is_set()


def test_an_open_connection_counts_as_use() -> None:
    """A run in progress keeps its event stream open, however long it takes."""
    idle_inside: list[float] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        idle_inside.append(usage.idle())

    usage = server_process.Usage(app)
    usage.last -= 100
    assert usage.idle() >= 100
    asyncio.run(usage({"type": "websocket"}, None, None))  # type: ignore[arg-type]
    assert idle_inside == [0.0]
    assert usage.idle() < 50


def test_two_sockets_for_servers_never_share_a_port():
    with server._bound_socket() as one, server._bound_socket() as other:
        assert one.getsockname()[1] != other.getsockname()[1]


def test_a_secret_in_an_address_is_never_shown():
    assert api.shown("http://ed:geheim@127.0.0.1:9/api") == "http://127.0.0.1:9/api"
    assert server.ServerHandle("http://ed:geheim@127.0.0.1:9/api", started=False, pid=None).ui == "http://127.0.0.1:9"
