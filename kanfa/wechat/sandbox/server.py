"""uvicorn on the loopback address: in a thread for tests and other programs, in the foreground for the command."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import uvicorn

from kanfa.errors import KanfaError, UsageError
from kanfa.wechat.sandbox.app import create_app
from kanfa.wechat.sandbox.settings import SandboxSettings
from kanfa.wechat.sandbox.state import SandboxState

HOST = "127.0.0.1"
START_SECONDS = 20
GRACE_SECONDS = 1
"""How long the end waits for answers that are under way; a hanging one would never come."""


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that answers."""

    url: str
    """`http://127.0.0.1:PORT`, without a slash at the end."""
    state: SandboxState
    """Drafts, pictures, faults and calls, for tests to look at."""


def listening(port: int) -> socket.socket:
    """A socket on the loopback address, port 0 for a free one. Raises UsageError when the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise UsageError(f"port {port} of {HOST} cannot be used: {error.strerror}; name another with --port") from None
    return listener


def _server(settings: SandboxSettings) -> tuple[uvicorn.Server, SandboxState]:
    app = create_app(settings)
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, access_log=False, log_level="critical", ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS, server_header=False,
    )  # fmt: skip
    return uvicorn.Server(config), app.state.sandbox


@contextmanager
def running(settings: SandboxSettings | None = None, port: int = 0) -> Iterator[Running]:
    """A sandbox in a thread of its own for as long as the block lasts; port 0 takes a free one.

    Raises UsageError when the port is taken or the state cannot be kept.
    """
    with closing(listening(port)) as listener:
        server, state = _server(settings or SandboxSettings())
        listener.listen()  # callers may connect from now on; uvicorn takes them as soon as it runs
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Running(f"http://{HOST}:{listener.getsockname()[1]}", state)
        finally:
            server.should_exit = True
            thread.join(START_SECONDS)
            if thread.is_alive():
                raise KanfaError("the sandbox does not end")


def serve(settings: SandboxSettings, port: int, ready: Callable[[str], None]) -> None:
    """Answer until the process is told to stop; `ready` is called with the address before the first call.

    Raises UsageError when the port is taken or the state cannot be kept.
    """
    with closing(listening(port)) as listener:
        server, _state = _server(settings)
        listener.listen()
        ready(f"http://{HOST}:{listener.getsockname()[1]}")
        server.run(sockets=[listener])
