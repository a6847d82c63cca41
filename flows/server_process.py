"""The managed server's own process: Prefect's server, which stops itself when nobody has needed it for a while.

`flows.server` starts this file by its path with a bound socket; it imports nothing of Kanfa. One process, no
watcher beside it: a thread looks at the time of the last request and at the connections that are open. A command,
a worker that polls, a run in progress (its event stream) and a browser that shows the UI all count as use; a run
that died without a word does not, which is why runs are not asked of the database.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import IO, Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOCK_NAME = "kanfa-server.lock"
RECORD_NAME = "kanfa-server.json"
_log = logging.getLogger("uvicorn.kanfa")


class Usage:
    """An ASGI application that remembers when the one inside was last used; `open` counts what is under way."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.last = time.monotonic()
        self.open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        self.open += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.open -= 1
            self.last = time.monotonic()

    def idle(self) -> float:
        """Seconds without use; 0 while a request or an event stream is open."""
        return 0.0 if self.open else time.monotonic() - self.last


def drop_record(home: Path, pid: int) -> None:
    """Remove the record of the server in `home` if it is the record of process `pid`."""
    record = home / RECORD_NAME
    try:
        mine = json.loads(record.read_text(encoding="utf-8")).get("pid") == pid
    except (OSError, ValueError):
        return
    if mine:
        record.unlink(missing_ok=True)


WATCH_SECONDS = 15.0
"""How often the server asks itself whether it is still used, and still known."""


def _is_recorded(home: Path) -> bool:
    """Whether the home's record names this process: a server that nobody can find serves nobody."""
    try:
        recorded = json.loads((home / RECORD_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(recorded, dict) and recorded.get("pid") == os.getpid()


def watch(usage: Usage, home: Path, limit: float, stop: Callable[[], None]) -> IO[str] | None:
    """Call `stop` once `usage` has been idle for `limit` seconds, or once the record no longer names this process.

    Idleness is judged under the lock that every starter takes. The open lock file is returned: whoever keeps it
    until the process has ended keeps others from starting a second server on this database meanwhile.
    """
    while True:
        time.sleep(min(WATCH_SECONDS, max(0.2, limit / 4)))
        if not _is_recorded(home):  # the folder was deleted, or another server took its place
            _log.warning("no longer recorded in %s; stopping", home)
            stop()
            return None
        if usage.idle() < limit:
            continue
        lock = (home / LOCK_NAME).open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue  # somebody is asking for the server at this very moment
        if usage.idle() < limit:
            lock.close()
            continue
        _log.warning("not used for %.0f s; stopping", limit)
        drop_record(home, os.getpid())
        stop()
        return lock


def main(words: list[str]) -> None:
    """Serve on the socket that was handed over, until a signal or idleness ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--fd", type=int, required=True, help="a bound TCP socket, inherited")
    parser.add_argument("--idle", type=float, default=1800.0, help="seconds without use after which to stop")
    options = parser.parse_args(words)

    import uvicorn
    from prefect.server.api.server import create_app

    usage = Usage(create_app(final=True))
    # An open browser tab must not hold up the end: five seconds, then its event stream is cut.
    config = uvicorn.Config(usage, log_level="warning", lifespan="on", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)

    def stop() -> None:
        server.should_exit = True

    def guard() -> None:
        lock = watch(usage, options.home, options.idle, stop)
        threading.Event().wait()  # the thread ends with the process, and only then the lock is free
        del lock

    threading.Thread(target=guard, daemon=True).start()
    try:
        server.run(sockets=[socket.socket(fileno=options.fd)])
    finally:
        drop_record(options.home, os.getpid())


if __name__ == "__main__":
    main(sys.argv[1:])
