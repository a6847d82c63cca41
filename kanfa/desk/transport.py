"""The one way out: a transport that connects only to public addresses, and to exactly the one that was checked.

httpx hands each request to a transport, httpcore opens each connection through a network backend. Ours resolves the
host itself, judges every address that the resolver gives, and connects to one of those by its number. So no second
look-up can answer otherwise (DNS rebinding), while TLS still proves the certificate of the host's name and the
`Host` header is kept: httpcore takes both from the request, not from the connection. A host with one private
address among public ones is refused as a whole.

A proxy is used only when the environment names one for the scheme (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). It resolves
names by itself, so then only the spelling of the host can be judged here.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from kanfa.desk import guard
from kanfa.errors import EnvironmentProblem

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Host and port → every IP address of the host; raises OSError as `getaddrinfo` does."""
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class Trouble(StrEnum):
    """Why an address could not be asked, or gave no usable answer."""

    ADDRESS = "address"
    BLOCKED = "blocked"
    NO_HOST = "no host"
    NAME_SERVER = "name server"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    REDIRECTS = "redirects"
    TOO_LARGE = "too large"


class Unanswered(Exception):
    """No answer: the kind of trouble, and the reason in words. Never leaves the desk."""

    def __init__(self, trouble: Trouble, reason: str) -> None:
        super().__init__(trouble, reason)
        self.trouble = trouble
        self.reason = reason


async def system_resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, as the system's resolver orders them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Backend(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses only."""

    resolve: Resolve
    allow: guard.Allowed
    inner: httpcore.AsyncNetworkBackend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first checked address of `host` that takes the connection."""
        last: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self._checked(host, port, timeout):
            try:
                return await self.inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def _checked(self, host: str, port: int, timeout: float | None) -> list[str]:
        fault = guard.host_fault(host, self.allow)
        if fault:
            raise Unanswered(Trouble.BLOCKED, fault)
        try:
            addresses = await asyncio.wait_for(self.resolve(host, port), timeout)
        except TimeoutError:
            raise Unanswered(Trouble.NAME_SERVER, f"the name server said nothing about {host}") from None
        except (OSError, UnicodeError) as error:
            if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
                raise Unanswered(Trouble.NAME_SERVER, f"the name server cannot be asked about {host}") from None
            raise Unanswered(Trouble.NO_HOST, f"no name server knows {host}") from None
        for address in addresses:
            fault = guard.address_fault(address, self.allow)
            if fault:
                raise Unanswered(Trouble.BLOCKED, f"{host} leads to {fault}" if address != host else fault)
        return addresses

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[SocketOption] | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Refused: a socket of this machine is as private as an address can be."""
        raise Unanswered(Trouble.BLOCKED, "a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


def environment_proxies(host: str) -> Mapping[str, str]:
    """Scheme → proxy that the environment names for `host`; empty when it names none or excepts the host."""
    return {} if proxy_bypass(host) else getproxies()


class _Body(httpx.AsyncByteStream):
    """A response's body, its errors in httpx's words."""

    def __init__(self, stream: AsyncIterator[bytes], close: Callable[[], Awaitable[None]]) -> None:
        self._stream = stream
        self._close = close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _in_our_words():
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        with _in_our_words():
            await self._close()


@contextlib.contextmanager
def _in_our_words() -> Iterator[None]:
    """httpcore's errors, and those of sockets that it lets through, as `Unanswered`."""
    try:
        yield
    except httpcore.TimeoutException:
        raise Unanswered(Trouble.TIMEOUT, "no answer in time") from None
    except httpcore.UnsupportedProtocol:
        raise Unanswered(Trouble.ADDRESS, "only http and https can be asked") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, OSError) as error:
        kind = Trouble.CERTIFICATE if "CERTIFICATE_VERIFY_FAILED" in str(error) else Trouble.CONNECTION
        raise Unanswered(kind, " ".join(str(error).split()) or type(error).__name__) from None


def _proxy(written: str) -> httpx.Proxy:
    """The proxy of that address. Raises EnvironmentProblem: no link is to blame for a proxy that cannot be used."""
    try:
        proxy = httpx.Proxy(written if "://" in written else f"http://{written}")
        named = proxy.url.raw_host and all(chr(byte).isalnum() or chr(byte) in "-_.:" for byte in proxy.url.raw_host)
        if proxy.url.scheme in {"http", "https"} and named:
            return proxy
    except (httpx.InvalidURL, ValueError):
        pass
    shown = written.rpartition("@")[2][:80]  # without a password
    raise EnvironmentProblem(
        f"the environment names the proxy “{shown}”, which is no http address",
        "mend HTTPS_PROXY and HTTP_PROXY, e.g. export HTTPS_PROXY=http://proxy.example.org:3128",
    )


class Transport(httpx.AsyncBaseTransport):
    """Sends requests through guarded connections, or through the proxy that the environment names."""

    def __init__(
        self,
        *,
        allow: guard.Allowed = guard.NOBODY,
        resolve: Resolve = system_resolve,
        proxies: Callable[[str], Mapping[str, str]] = environment_proxies,
        inner: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allow = allow
        self._proxies = proxies
        self._tls = httpx.create_ssl_context()  # SSL_CERT_FILE and SSL_CERT_DIR name an authority of the house
        backend = Backend(resolve, allow, inner or httpcore.AnyIOBackend())
        self._direct = httpcore.AsyncConnectionPool(
            ssl_context=self._tls, max_connections=32, keepalive_expiry=5, http2=True, network_backend=backend
        )
        self._proxied: dict[str, httpcore.AsyncHTTPProxy] = {}
        if proxies is environment_proxies:  # said at once, and not once for each link
            for scheme in ("http", "https"):
                if proxy := getproxies().get(scheme):
                    _proxy(proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises Unanswered."""
        url = request.url
        fault = guard.host_fault(url.host, self._allow)
        if fault:
            raise Unanswered(Trouble.BLOCKED, fault)
        pool = self._pool(self._proxies(url.host).get(url.scheme, ""))
        wanted = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        with _in_our_words():
            answer = await pool.handle_async_request(wanted)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer.aiter_stream(), answer.aclose),
            extensions=answer.extensions,
        )

    def _pool(self, proxy: str) -> httpcore.AsyncConnectionPool:
        if not proxy:
            return self._direct
        if proxy not in self._proxied:
            address = _proxy(proxy)
            self._proxied[proxy] = httpcore.AsyncHTTPProxy(
                httpcore.URL(
                    scheme=address.url.raw_scheme, host=address.url.raw_host, port=address.url.port, target=b"/"
                ),
                proxy_auth=address.raw_auth,
                ssl_context=self._tls,
                http2=True,
            )
        return self._proxied[proxy]

    async def aclose(self) -> None:
        """Close every connection."""
        await self._direct.aclose()
        for pool in self._proxied.values():
            await pool.aclose()
