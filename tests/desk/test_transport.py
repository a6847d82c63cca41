"""Connections lead to public addresses only, and to exactly the address that was checked."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import pytest
from desk_house import HERE, Site, fetcher, names, run, transport

from kanfa.desk.fetch import Fetcher
from kanfa.desk.transport import Backend, Transport, Trouble, Unanswered, environment_proxies
from kanfa.errors import EnvironmentProblem


class _Stream(httpcore.AsyncNetworkStream):
    """Remembers for which name TLS was begun, then breaks off."""

    def __init__(self) -> None:
        self.server_name: str | None = None

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        self.server_name = server_hostname
        raise httpcore.ConnectError("far enough")

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        raise httpcore.WriteError("far enough")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        raise httpcore.ReadError("far enough")

    async def aclose(self) -> None:
        """Nothing to close."""


class _Recorder(httpcore.AsyncNetworkBackend):
    """Connects to nothing and remembers to what it should have."""

    def __init__(self, *, failing: Iterable[str] = ()) -> None:
        self.connected: list[tuple[str, int]] = []
        self.stream = _Stream()
        self.failing = set(failing)

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.connected.append((host, port))
        if host in self.failing:
            raise httpcore.ConnectError("refused")
        return self.stream


def _fault(work: Any) -> Unanswered:
    with pytest.raises(Unanswered) as caught:
        work()
    return caught.value


def _ask(address: str, **options: Any) -> Unanswered:
    return _fault(lambda: run(lambda client: client.ask(address), **options))


def test_the_connection_goes_to_the_checked_number_and_tls_proves_the_name() -> None:
    recorder = _Recorder()
    fault = _ask("https://kubernetes.io/x", resolve=names(kubernetes_io=["147.75.40.148"]), inner=recorder)
    assert recorder.connected == [("147.75.40.148", 443)]
    assert recorder.stream.server_name == "kubernetes.io"
    assert (fault.trouble, fault.reason) == (Trouble.CONNECTION, "far enough")


def test_a_name_is_resolved_once_so_a_second_answer_can_change_nothing() -> None:
    """DNS rebinding: public for the check, private for the connection."""
    answers = [["147.75.40.148"], [HERE], [HERE]]

    async def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    recorder = _Recorder()
    _ask("http://rebind.example.org/", resolve=rebinding, inner=recorder, allow=frozenset())
    assert {host for host, _ in recorder.connected} == {"147.75.40.148"}
    assert len(answers) == 2


def test_one_private_address_among_public_ones_refuses_the_host() -> None:
    recorder = _Recorder()
    addresses = ["147.75.40.148", "2606:4700::1", "::ffff:10.0.0.7"]
    fault = _ask("http://two.example.org/", resolve=names(two_example_org=addresses), inner=recorder)
    assert fault.trouble is Trouble.BLOCKED
    assert fault.reason == "two.example.org leads to ::ffff:a00:7 is another spelling of 10.0.0.7: private"
    assert recorder.connected == []


def test_the_next_address_is_tried_when_the_first_takes_no_connection() -> None:
    recorder = _Recorder(failing=["2606:4700::1"])
    _ask(
        "https://two.example.org/",
        resolve=names(two_example_org=["2606:4700::1", "147.75.40.148"]),
        inner=recorder,
    )
    assert [host for host, _ in recorder.connected] == ["2606:4700::1", "147.75.40.148"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://0x7f.1:8000/",
        "http://2130706433/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost:4200/api",
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.google.internal/",
        "https://１０.0.0.1/",
        "http://user@192.168.1.1/",
    ],
)
def test_private_addresses_are_refused_before_anybody_is_asked(address: str) -> None:
    fault = _ask(address, allow=frozenset(), inner=_Recorder())
    assert fault.trouble in {Trouble.BLOCKED, Trouble.ADDRESS}


def test_a_public_name_of_a_private_address_is_refused(site: Site) -> None:
    """As 127.0.0.1.nip.io does."""
    fault = _ask(site.url("/", "rebind.example.org"), allow=frozenset())
    assert (fault.trouble, fault.reason) == (
        Trouble.BLOCKED,
        "rebind.example.org leads to 127.0.0.1 is this machine",
    )
    assert site.asked == []


def test_unknown_names_and_silent_name_servers_are_told_apart() -> None:
    unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    silent = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    assert _ask("https://gone.example.org/", resolve=names(gone_example_org=unknown)).trouble is Trouble.NO_HOST
    assert _ask("https://gone.example.org/", resolve=names(gone_example_org=silent)).trouble is Trouble.NAME_SERVER


def test_a_name_server_that_says_nothing_ends_in_time() -> None:
    async def forever(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    assert _ask("https://slow.example.org/", resolve=forever, timeout=0.05).trouble is Trouble.NAME_SERVER


def test_a_host_without_addresses_and_a_closed_port_are_connection_faults() -> None:
    assert _ask("http://none.example.org/", resolve=names(none_example_org=[])).trouble is Trouble.CONNECTION
    with socket.socket() as taken:  # bound but not listening: a connection is refused
        taken.bind((HERE, 0))
        assert _ask(f"http://closed.example.org:{taken.getsockname()[1]}/").trouble is Trouble.CONNECTION


def test_sockets_of_this_machine_are_refused() -> None:
    backend = Backend(names(), frozenset(), _Recorder())
    fault = _fault(lambda: asyncio.run(backend.connect_unix_socket("/run/docker.sock")))
    assert fault.trouble is Trouble.BLOCKED


# ---------------------------------------------------------------- proxies


def test_a_proxy_is_asked_only_where_the_environment_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    assert dict(environment_proxies("kubernetes.io")) == {}
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:7890")
    monkeypatch.setenv("no_proxy", "example.org")
    assert environment_proxies("kubernetes.io")["https"] == "http://127.0.0.1:7890"
    assert dict(environment_proxies("www.example.org")) == {}


def test_a_proxy_resolves_names_itself_but_private_spellings_are_refused_all_the_same(site: Site) -> None:
    """The site plays the proxy: it gets the whole address in its first line."""

    async def never(host: str, port: int) -> list[str]:
        raise AssertionError("a proxy resolves names")

    def proxies(_: str) -> dict[str, str]:
        return {"http": f"{HERE}:{site.port}"}

    reply = run(lambda client: client.ask("http://kubernetes.io/x"), resolve=never, proxies=proxies)
    assert reply.status == 404
    assert [one.path for one in site.asked] == ["http://kubernetes.io/x"]
    for address in ("http://169.254.169.254/", "http://localhost/", "http://2130706433/"):
        fault = _ask(address, resolve=never, proxies=proxies, allow=frozenset())
        assert fault.trouble is Trouble.BLOCKED
    assert len(site.asked) == 1


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "ftp://x", "::::", "http://["])
def test_a_proxy_that_cannot_be_used_is_named_before_any_link_is_blamed(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(EnvironmentProblem) as caught:
        Transport()
    assert proxy in str(caught.value)


def test_closing_twice_is_no_fault() -> None:
    async def twice() -> None:
        way = transport()
        async with fetcher():
            pass
        await way.aclose()
        await way.aclose()
        async with Fetcher("kanfa/test", transport=way):
            pass

    asyncio.run(twice())
