"""Asking for web addresses: redirects followed one by one, every number bounded, nothing carried along.

A `Fetcher` hands its requests to the guarded transport itself. httpx's client would add what nobody wants here:
cookies, credentials out of netrc, the environment, redirects of its own. At most MAX_HOPS redirects are followed,
and at most as many bytes read as were asked for. Bodies are asked for unpacked (`Accept-Encoding: identity`); one
that comes packed all the same is unpacked within the same bound.
"""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlsplit

import httpx

from kanfa import __version__
from kanfa.desk.transport import Transport, Trouble, Unanswered
from kanfa.errors import FetchError
from kanfa.publication import Publication

MAX_HOPS = 5
"""Redirects that are followed for one address."""
TOTAL = 3
"""All redirects and the body together may take so many times the limit for one request."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
PICTURES = "image/png, image/jpeg, image/webp;q=0.9, image/gif;q=0.9, image/*;q=0.5, */*;q=0.1"

_HOST_CHARS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_.:")


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect."""

    status: int
    address: str
    """Where it leads, complete."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered in the end."""

    status: int
    """HTTP status of the last answer."""
    address: str
    """Address of the last answer."""
    hops: tuple[Hop, ...] = ()
    """The redirects before it, in order."""
    retry_after: str = ""
    """The header of that name, or empty."""
    body: bytes = b""
    """As much of the body as was asked for."""
    whole: bool = True
    """Whether the body ends there."""


def agent_of(publication: Publication) -> str:
    """User-Agent: names Kanfa and, where the publication has a real address, where to find who asks."""
    host = urlsplit(publication.url).hostname or ""
    return f"kanfa/{__version__}" + ("" if host.endswith(".invalid") else f" (+{publication.url})")


class Fetcher:
    """A client for one run; use it as an asynchronous context manager."""

    def __init__(self, agent: str, *, timeout: float = 10, transport: Transport | None = None) -> None:
        """`timeout`: seconds for one request. `transport`: another way out, for tests."""
        self._total = timeout * TOTAL
        self._transport = transport or Transport()
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 10)).as_dict()
        self._headers = {"User-Agent": agent, "Accept-Encoding": "identity", "Accept-Language": "zh-CN, en;q=0.8"}

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def ask(
        self, address: str, *, method: str = "GET", accept: str = "*/*", limit: int = 0, secure: bool = False
    ) -> Reply:
        """The final answer for `address`, with at most `limit` bytes of its body.

        `secure` refuses a redirect from https to http. Raises Unanswered.
        """
        try:
            async with asyncio.timeout(self._total):
                return await self._follow(address, method, accept, limit, secure)
        except TimeoutError:
            raise Unanswered(Trouble.TIMEOUT, "no answer in time") from None

    async def _follow(self, address: str, method: str, accept: str, limit: int, secure: bool) -> Reply:
        hops: list[Hop] = []
        url = _web_address(address)
        while True:
            headers = {**self._headers, "Accept": accept}
            request = httpx.Request(method, url, headers=headers, extensions={"timeout": self._timeout})
            response = await self._transport.handle_async_request(request)
            try:
                target = response.headers.get("Location", "")
                if response.status_code not in REDIRECTS or not target:
                    body, whole = await _read(response, limit) if limit else (b"", True)
                    retry = response.headers.get("Retry-After", "")
                    return Reply(response.status_code, str(url), tuple(hops), retry, body, whole)
            finally:
                await response.aclose()
            if len(hops) == MAX_HOPS:
                raise Unanswered(Trouble.REDIRECTS, f"more than {MAX_HOPS} redirects")
            following = _web_address(_joined(url, target))
            if secure and url.scheme == "https" and following.scheme != "https":
                raise Unanswered(Trouble.REDIRECTS, "it redirects from https to http")
            url = following
            hops.append(Hop(response.status_code, str(url)))

    async def picture(self, address: str, limit: int) -> bytes:
        """The bytes that `address` holds, at most `limit`. Whether they are a picture, only they can tell.

        Raises FetchError with the reason.
        """
        try:
            reply = await self.ask(address, accept=PICTURES, limit=limit, secure=True)
        except Unanswered as error:
            raise FetchError(address, error.reason) from None
        if reply.status != 200:
            raise FetchError(address, f"the server answers HTTP {reply.status}")
        if not reply.whole:
            raise FetchError(address, f"it has more than {limit:,} bytes")
        if not reply.body:
            raise FetchError(address, "the server sends nothing")
        return reply.body


def _web_address(address: str | httpx.URL) -> httpx.URL:
    """The address without fragment and without anybody's name or password."""
    try:
        url = httpx.URL(address)
        if url.scheme not in {"http", "https"} or not url.host:
            raise Unanswered(Trouble.ADDRESS, "it is no http or https address with a host")
        if not _HOST_CHARS.issuperset(url.raw_host):  # httpx escapes what no host name holds, and would ask for that
            raise Unanswered(Trouble.ADDRESS, "its host is no host name")
        if url.port is not None and not 0 < url.port < 65536:
            raise Unanswered(Trouble.ADDRESS, "it names a port that cannot be")
        return url.copy_with(userinfo=b"", fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise Unanswered(Trouble.ADDRESS, f"it is no web address: {error}") from None


def _joined(base: httpx.URL, target: str) -> httpx.URL:
    try:
        return base.join(target)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise Unanswered(Trouble.ADDRESS, f"it redirects to what is no web address: {error}") from None


async def _read(response: httpx.Response, limit: int) -> tuple[bytes, bool]:
    """At most `limit` bytes of the unpacked body, and whether that is all of it."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in {"identity", "gzip", "x-gzip", "deflate", ""}:
        raise Unanswered(Trouble.CONNECTION, f"the server packs its answer as {packing[:20]}, which was not asked for")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packing not in {"identity", ""} else None
    body = bytearray()
    async for part in response.aiter_raw():
        try:
            body += unpack.decompress(part, limit + 1 - len(body)) if unpack else part
        except zlib.error:
            raise Unanswered(Trouble.CONNECTION, "the server's answer cannot be unpacked") from None
        if len(body) > limit:
            return bytes(body[:limit]), False
    return bytes(body), True
