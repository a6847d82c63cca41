"""Running a flow from a command: Prefect's settings before its import, signals, and no run left behind.

The flow's event loop has a thread of its own, so that the main thread is free for signals and for the progress
on the terminal. Nothing here imports Prefect before `prepare` has set what Prefect reads while it is imported.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import logging.handlers
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TypeVar

from flows import api, owners
from flows.server import ServerHandle
from kanfa.errors import KanfaError, ServerError

T = TypeVar("T")
LOG_NAME = "client.log"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 5.0
"""Seconds a stopped run has to reach a final state."""
KEPT = (
    "PREFECT_API_KEY",
    "PREFECT_API_AUTH_STRING",
    "PREFECT_API_TLS_INSECURE_SKIP_VERIFY",
    "PREFECT_API_SSL_CERT_FILE",
)
"""What the shell may say about a server that PREFECT_API_URL names; every other Prefect setting is ours."""


class Stopped(BaseException):
    """A signal asks the command to end; like KeyboardInterrupt, no ordinary handler may swallow it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def status(self) -> int:
        """The exit status that shells expect: 130 for Ctrl-C, 143 for SIGTERM."""
        return 128 + self.number


@contextlib.contextmanager
def signals() -> Iterator[None]:
    """Turn the first SIGINT, SIGTERM or SIGHUP in the block into `Stopped`; a second one ends the process."""

    def stop(number: int, _frame: FrameType | None) -> None:
        for other in SIGNALS:
            signal.signal(other, signal.SIG_DFL)
        raise Stopped(number)

    before = {number: signal.getsignal(number) for number in SIGNALS}
    # A command started with nohup ignores SIGHUP and shall go on doing so.
    for number in SIGNALS:
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"})


def client_environment(handle: ServerHandle, home: Path, *, debug: bool) -> dict[str, str | None]:
    """Prefect's settings in this process; None takes a variable away. The shell's own settings do not count."""
    settings: dict[str, str | None] = {
        name: None for name in os.environ if name.startswith("PREFECT_") and name not in KEPT
    }
    # A proxy of the shell is for the world outside; without this Prefect's client asks it for the loopback.
    direct = [part for part in os.environ.get("NO_PROXY", os.environ.get("no_proxy", "")).split(",") if part]
    bypass = ",".join(dict.fromkeys([*direct, "127.0.0.1", "localhost"]))
    if handle.pid is not None:  # our own server: no proxy is needed, and one of a kind unknown here would break Prefect
        settings |= dict.fromkeys(name for name in os.environ if name.upper() in PROXIES)
    return settings | {
        "NO_PROXY": bypass,
        "no_proxy": bypass,
        "DO_NOT_TRACK": "1",
        "PREFECT_API_URL": handle.url,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        # Its log goes to the server, where the UI shows it, and to a file; the terminal belongs to the editor.
        "PREFECT_LOGGING_LEVEL": "DEBUG" if debug else "INFO",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "DEBUG" if debug else "CRITICAL",
        "PREFECT_LOGGING_HANDLERS_DEBUG_LEVEL": "DEBUG" if debug else "CRITICAL",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    }


def prepare(handle: ServerHandle, home: Path, *, debug: bool = False) -> None:
    """Set up this process for `handle` and import Prefect.

    Prefect reads .env, prefect.toml and pyproject.toml of the current folder while it is imported. Those are the
    editor's, or some other project's: the import happens in `home`.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, value in client_environment(handle, home.resolve(), debug=debug).items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    # What is imported stays: a search for garbage among a million objects finds nothing, again and again.
    gc.disable()
    with contextlib.chdir(home):
        import prefect.main  # noqa: F401
    gc.freeze()
    gc.enable()
    log = logging.handlers.RotatingFileHandler(home / LOG_NAME, maxBytes=1_000_000, backupCount=1, encoding="utf-8")
    log.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(log)


def flush(seconds: float = 2.0) -> None:
    """Send what Prefect has not yet sent: the states of task runs travel as events, in the background."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    EventsWorker.drain_all(timeout=seconds)
    APILogWorker.drain_all(timeout=seconds)


def _awaited(outcome: Future[asyncio.Task[T]], thread: threading.Thread) -> asyncio.Task[T]:
    """The ended task. A SystemExit in a task ends the loop and answers nobody: then it will never come."""
    while True:
        try:
            return outcome.result(timeout=0.5)
        except TimeoutError:
            if not thread.is_alive():
                raise ServerError("the run broke off: its thread has ended") from None


def run(handle: ServerHandle, start: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the flow that `start` calls, on a thread of its own, and return its result or raise its error.

    When a signal arrives in this thread, the run is cancelled and has PATIENCE seconds to end; then it is set to
    Cancelled whatever it does, and `Stopped` goes on. Raises ServerError when the server went away.
    """
    running: list[asyncio.Task[T]] = []

    async def settled() -> asyncio.Task[T]:
        task = asyncio.ensure_future(start())
        running.append(task)
        await asyncio.wait([task])
        return task

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="flow", daemon=True)
    thread.start()
    # The journal of this context is the flow's: call_soon_threadsafe copies the caller's context.
    outcome = asyncio.run_coroutine_threadsafe(settled(), loop)
    try:
        ended = _awaited(outcome, thread)
    except Stopped:
        if running:
            loop.call_soon_threadsafe(running[0].cancel)
        with contextlib.suppress(TimeoutError):
            outcome.result(timeout=PATIENCE)
        flush()
        with contextlib.suppress(api.ApiError):
            owners.close_own_runs(handle.url, "stopped by the editor")
        raise
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=1.0)
        if not loop.is_running():
            loop.close()
    error = ended.exception()
    if error is not None and not isinstance(error, KanfaError) and not owners.answers(handle.url):
        raise ServerError(f"the Prefect server at {api.shown(handle.url)} went away during the run") from error
    return ended.result()


def end_soon() -> None:
    """The process has only to print its result: spare it the last search for garbage, which takes a second."""
    gc.freeze()
    gc.disable()


def leave(status: int) -> NoReturn:
    """End the process now. A rendering thread cannot be interrupted, and the interpreter would wait for it."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)
