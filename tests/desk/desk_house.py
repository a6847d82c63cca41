"""What tests of the network share: a web site on this machine, and a client that may ask it.

No name server is ever asked: names lead where `names` says. Only 127.0.0.1 may be asked, and only through the
parameter `allow` of a transport that the tests make.
"""

from __future__ import annotations

import asyncio
import struct
import threading
import zlib
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

from kanfa.desk.fetch import Fetcher
from kanfa.desk.transport import Transport

Result = TypeVar("Result")
HERE = "127.0.0.1"


@dataclass
class Answer:
    """What the site answers to one path."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    heads: int | None = None
    """Status for HEAD, where it differs."""
    length: int | None = None
    """A Content-Length that is not the body's."""
    silent: bool = False
    """Says nothing until the site closes."""


@dataclass
class Asked:
    """One request that came."""

    method: str
    path: str
    headers: Mapping[str, str]


class Site:
    """A web site on a free port of 127.0.0.1. Several answers for one path are given one after another."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[Asked] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._serve(self)

            def do_HEAD(self) -> None:
                site._serve(self)

            def log_message(self, *_: object) -> None:
                """Nothing: tests read what was asked from `asked`."""

        self.server = ThreadingHTTPServer((HERE, 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def url(self, path: str, host: str = "site.example.org") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, *answers: Answer) -> str:
        """Answer `path` so; its address."""
        self.answers[path] = list(answers)
        return self.url(path)

    def methods(self, path: str) -> list[str]:
        return [one.method for one in self.asked if one.path == path]

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.asked.append(Asked(request.command, request.path, dict(request.headers)))
            row = self.answers.get(request.path.partition("?")[0], [Answer(404)])
            answer = row.pop(0) if len(row) > 1 else row[0]
        if answer.silent:
            self._closing.wait(5)
            request.close_connection = True
        else:
            self._closing.wait(0.01)
        with self._lock:
            self.at_once -= 1
        if answer.silent:
            return
        head = request.command == "HEAD"
        request.send_response(answer.heads if head and answer.heads is not None else answer.status)
        for name, value in answer.headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
        request.end_headers()
        if not head:
            try:
                request.wfile.write(answer.body)
            except (BrokenPipeError, ConnectionResetError):  # the client had enough
                request.close_connection = True

    def close(self) -> None:
        self._closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@contextmanager
def open_site() -> Iterator[Site]:
    site = Site()
    try:
        yield site
    finally:
        site.close()


def names(**elsewhere: list[str] | Exception) -> Callable[[str, int], Coroutine[Any, Any, list[str]]]:
    """A resolver for which every name leads to the local site, except those `elsewhere` (`_` stands for `.`)."""
    known = {name.replace("_", "."): found for name, found in elsewhere.items()}

    async def resolve(host: str, port: int) -> list[str]:
        found = known.get(host, [HERE])
        if isinstance(found, Exception):
            raise found
        return found

    return resolve


def transport(**options: Any) -> Transport:
    """A way out that may reach the local site."""
    return Transport(**{"allow": frozenset({HERE}), "resolve": names(), "proxies": lambda _: {}} | options)


def fetcher(timeout: float = 2, **options: Any) -> Fetcher:
    return Fetcher("kanfa/test", timeout=timeout, transport=transport(**options))


def run(work: Callable[[Fetcher], Coroutine[Any, Any, Result]], **options: Any) -> Result:
    """What `work` gives with a fetcher that may ask the local site."""

    async def within() -> Result:
        async with fetcher(**options) as client:
            return await work(client)

    return asyncio.run(within())


def png(width: int = 3, height: int = 2, shade: int = 90) -> bytes:
    """A small grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([shade] * width) for _ in range(height))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
