"""The managed local Prefect server: found, started when needed, stopped; never an orphan, never a second one.

It listens on the loopback address only and lives in a home of its own (mode 0700) under the publication's state
folder. Prefect's own temporary server is never used: it loses the history of short runs and, when its flow is
terminated, stays behind holding the terminal. A server named by PREFECT_API_URL is used as it is; it is neither
started nor stopped. Nothing here imports Prefect.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from flows import api, processes, server_process
from flows.server_process import LOCK_NAME, RECORD_NAME, drop_record
from kanfa.errors import EnvironmentProblem, ServerError
from kanfa.publication import Publication

HOST = "127.0.0.1"
PORT = 4207
"""Where the server is looked for in a browser; when the port is taken, any free one."""
IDLE_SECONDS = 1800.0
START_SECONDS = 120.0
"""A first start creates the database: 10 to 14 s on a quiet machine, over a minute on a busy laptop."""
LOG_NAME = "server.log"
LOG_BYTES = 2_000_000
"""A larger log is moved aside at the next start."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ServerHandle:
    """A server that answers."""

    url: str
    """Address of its API."""
    started: bool
    """Whether this very call started it."""
    pid: int | None
    """Its process; None for a server that is not ours."""

    @property
    def ui(self) -> str:
        """Address of its user interface."""
        return api.shown(self.url).removesuffix("/").removesuffix("/api")


@dataclass(frozen=True, slots=True)
class _Record:
    """What the starter writes down, so that others find the server and recognise its process."""

    pid: int
    born: str
    port: int
    prefect: str

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/api"

    @property
    def alive(self) -> bool:
        return processes.is_alive(self.pid, self.born)


def home_of(publication: Publication) -> Path:
    """The managed server's home: database, log and record."""
    return publication.base / publication.state / "prefect"


def prefect_version() -> str:
    """Version of the Prefect that is installed here."""
    return version("prefect")


def _read_record(home: Path) -> _Record | None:
    try:
        data = json.loads((home / RECORD_NAME).read_text(encoding="utf-8"))
        return _Record(int(data["pid"]), str(data["born"]), int(data["port"]), str(data["prefect"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_record(home: Path, record: _Record) -> None:
    new = home / f"{RECORD_NAME}.new"
    new.write_text(json.dumps(asdict(record)), encoding="utf-8")
    new.replace(home / RECORD_NAME)


def healthy(url: str) -> bool:
    """Whether a Prefect server of our version answers at `url` within two seconds."""
    try:
        return api.get(url, "/health") is True and api.get(url, "/admin/version") == prefect_version()
    except api.ApiError:
        return False


def server_environment(home: Path, port: int, shell: Mapping[str, str]) -> dict[str, str]:
    """The environment of the server: the shell's, without any Prefect setting of it, and ours.

    Both port settings: without the second the UI calls port 4200. Telemetry is off at the server, because
    clients ask the server and DO_NOT_TRACK covers the client's part only.
    """
    return {name: value for name, value in shell.items() if not name.startswith("PREFECT_")} | {
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        # Finished runs and their events go after three months; else the database grows for ever.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PYTHONUNBUFFERED": "1",
    }


@contextlib.contextmanager
def _locked(home: Path, say: Say, patience: float) -> Iterator[None]:
    """Hold the home's lock: two commands at once start one server."""
    with (home / LOCK_NAME).open("a") as lock:
        deadline = time.monotonic() + patience
        told = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServerError(f"another command has held {home / LOCK_NAME} for {patience:.0f} s") from None
                if not told:
                    told = True
                    say("waiting for another command that is starting or stopping the local Prefect server")
                time.sleep(0.1)
        yield


def _make_home(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        home.chmod(0o700)
    except OSError as error:
        raise EnvironmentProblem(
            f"the local Prefect server needs the folder {home}: {error.strerror}",
            "make it writable, or name a running server in PREFECT_API_URL",
        ) from None


def _bound_socket() -> socket.socket:
    """A listening socket on the usual port, or on a free one when that is taken.

    The server inherits it. It listens from the start: two sockets that may reuse an address can be bound to one
    port, but only one can listen, so nobody can take the port between choosing and serving.
    """
    for port in (PORT, 0):
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, port))
            bound.listen(128)
        except OSError:
            bound.close()
        else:
            return bound
    raise ServerError(f"no free port on {HOST}")


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return f" (“{lines[-1].strip()[:200]}”)" if lines else ""


def _start(home: Path, idle: float, timeout: float) -> _Record:
    log = home / LOG_NAME
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with _bound_socket() as bound, log.open("ab") as sink:
        port = bound.getsockname()[1]
        handed = bound.fileno()
        process = subprocess.Popen(
            # -P: the folder of the script is no place to import from. The end of the terminal's session, its
            # Ctrl-C and its pipes are not the server's: own session, log file, no standard input.
            [sys.executable, "-P", server_process.__file__, "--home", home, "--fd", str(handed), "--idle", str(idle)],
            env=server_environment(home, port, os.environ),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            pass_fds=[handed],
        )
    try:
        record = _Record(process.pid, processes.birth(process.pid) or "", port, prefect_version())
        _write_record(home, record)  # before it is ready: if we are killed now, the next command finds it
        deadline = time.monotonic() + timeout
        while not healthy(record.url):
            if process.poll() is not None:
                raise ServerError(f"the local Prefect server did not start{_last_words(log)}; its log: {log}")
            if time.monotonic() > deadline:
                raise ServerError(f"the local Prefect server was not ready after {timeout:.0f} s; its log: {log}")
            time.sleep(0.1)
        if process.poll() is not None:  # somebody else answered
            raise ServerError(f"the local Prefect server did not start{_last_words(log)}; its log: {log}")
    except BaseException:  # an interrupted start leaves nothing behind
        process.kill()
        process.wait()
        drop_record(home, process.pid)
        raise
    process.returncode = 0  # it outlives this object; `stop` reaps it by its number
    return record


def _end(home: Path, record: _Record | None) -> bool:
    """End the recorded server if it is still that process; True when there was one."""
    if record is None:
        return False
    ended = processes.end(record.pid, record.born)
    drop_record(home, record.pid)
    return ended


def named_server() -> ServerHandle | None:
    """The server that PREFECT_API_URL names, None when it is not set.

    Raises ServerError when nothing answers there: Prefect itself would take three seconds and a page of traceback.
    """
    url = os.environ.get("PREFECT_API_URL", "").strip().rstrip("/")
    if not url:
        return None
    try:
        if not isinstance(api.get(url, "/admin/version"), str):
            raise api.ApiError("what answers is no Prefect server")
    except api.ApiError as error:
        raise ServerError(
            f"no Prefect server answers at PREFECT_API_URL={api.shown(url)} ({error})",
            "unset PREFECT_API_URL to use the local server, or start that one",
        ) from None
    return ServerHandle(url, started=False, pid=None)


def ensure_server(home: Path, say: Say, *, idle: float = IDLE_SECONDS, timeout: float = START_SECONDS) -> ServerHandle:
    """The server to use: the one PREFECT_API_URL names, else the managed one in `home`, started if need be.

    `idle`: seconds without use after which a server started here stops itself. Raises ServerError when it
    cannot be reached or does not start within `timeout` seconds.
    """
    if named := named_server():
        return named
    _make_home(home)
    with _locked(home, say, timeout):
        record = _read_record(home)
        if record is not None and record.alive and healthy(record.url):
            return ServerHandle(record.url, started=False, pid=record.pid)
        _end(home, record)  # another version, or hung
        first = "" if (home / "prefect.db").exists() else " (first start takes about 15 s)"
        say(f"starting the local Prefect server{first}")
        record = _start(home.resolve(), idle, timeout)
        handle = ServerHandle(record.url, started=True, pid=record.pid)
        say(f"the local Prefect server is ready — UI: {handle.ui}")
        return handle


def status(home: Path) -> ServerHandle | None:
    """The managed server in `home` if it runs and answers. Starts nothing."""
    record = _read_record(home)
    if record is None or not record.alive or not healthy(record.url):
        return None
    return ServerHandle(record.url, started=False, pid=record.pid)


def stop(home: Path, say: Say) -> bool:
    """Stop the managed server in `home`; False when none runs. A server of somebody else is not touched."""
    if not home.is_dir():
        return False
    with _locked(home, say, START_SECONDS):
        return _end(home, _read_record(home))
