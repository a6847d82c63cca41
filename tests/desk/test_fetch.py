"""What a server answers is bounded in every direction, and nothing of ours is handed to it."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from typing import Any

import httpx
import pytest
from desk_house import HERE, Answer, Site, fetcher, names, png, run

from kanfa import __version__
from kanfa.desk.fetch import MAX_HOPS, Fetcher, Reply, agent_of
from kanfa.desk.transport import Transport, Trouble, Unanswered
from kanfa.errors import FetchError
from kanfa.publication import Publication


def ask(address: str, *, options: dict[str, Any] | None = None, **how: Any) -> Reply:
    return run(lambda client: client.ask(address, **how), **(options or {}))


def fault(address: str, **how: Any) -> Unanswered:
    with pytest.raises(Unanswered) as caught:
        ask(address, **how)
    return caught.value


def picture(address: str, limit: int = 10_000) -> bytes:
    return run(lambda client: client.picture(address, limit))


def refusal(address: str, limit: int = 10_000) -> str:
    with pytest.raises(FetchError) as caught:
        picture(address, limit)
    assert caught.value.address == address
    return caught.value.reason


# ---------------------------------------------------------------- what is sent


def test_a_request_names_who_asks_and_keeps_the_host(site: Site) -> None:
    ask(site.put("/a", Answer()))
    sent = site.asked[0].headers
    assert sent["User-Agent"] == "kanfa/test"
    assert sent["Host"] == f"site.example.org:{site.port}"
    assert sent["Accept-Encoding"] == "identity"


def test_the_agent_names_the_publication_that_has_an_address() -> None:
    named = Publication(url="https://weekly.example.org")
    assert agent_of(named) == f"kanfa/{__version__} (+https://weekly.example.org)"
    assert agent_of(Publication()) == f"kanfa/{__version__}"


def test_no_cookie_credential_or_referrer_is_ever_sent(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine site.example.org login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    target = site.put("/b", Answer())
    site.put("/a", Answer(302, headers={"Location": target, "Set-Cookie": "a=1; Path=/"}))
    ask(site.url("/a").replace("http://", "http://someone@"))
    assert [one.path for one in site.asked] == ["/a", "/b"]
    for one in site.asked:
        assert not {"cookie", "authorization", "referer"} & {name.lower() for name in one.headers}


# ---------------------------------------------------------------- redirects


def test_redirects_are_followed_and_remembered(site: Site) -> None:
    end = site.put("/end", Answer(body=b"here"))
    site.put("/two", Answer(302, headers={"Location": "end#part"}))
    start = site.put("/one", Answer(301, headers={"Location": "/two"}))
    reply = ask(start, limit=100)
    assert (reply.status, reply.address, reply.body) == (200, end, b"here")
    assert [(hop.status, hop.address) for hop in reply.hops] == [(301, site.url("/two")), (302, end)]


def test_five_redirects_are_enough(site: Site) -> None:
    for step in range(MAX_HOPS + 1):
        site.put(f"/{step}", Answer(302, headers={"Location": f"/{step + 1}"}))
    site.put(f"/{MAX_HOPS + 1}", Answer())
    assert ask(site.url("/1")).status == 200
    assert fault(site.url("/0")).trouble is Trouble.REDIRECTS
    assert fault(site.put("/loop", Answer(301, headers={"Location": "/loop"}))).trouble is Trouble.REDIRECTS


@pytest.mark.parametrize(
    ("target", "trouble"),
    [
        ("http://10.0.0.1/", Trouble.BLOCKED),
        ("http://[::1]/", Trouble.BLOCKED),
        ("//169.254.169.254/latest", Trouble.BLOCKED),
        ("http://0x7f000002/", Trouble.BLOCKED),
        ("http://localhost/", Trouble.BLOCKED),
        ("http://inside.example.org/", Trouble.BLOCKED),
        ("file:///etc/passwd", Trouble.ADDRESS),
        ("javascript:alert(1)", Trouble.ADDRESS),
        ("gopher://site.example.org/", Trouble.ADDRESS),
        ("http://[x", Trouble.ADDRESS),
        ("http://site example.org/", Trouble.ADDRESS),
    ],
)
def test_every_redirect_is_judged_like_the_first_address(site: Site, target: str, trouble: Trouble) -> None:
    start = site.put("/", Answer(302, headers={"Location": target}))
    options = {"resolve": names(inside_example_org=["192.168.7.7"])}
    assert fault(start, options=options).trouble is trouble


def test_a_redirect_without_a_target_is_an_answer(site: Site) -> None:
    assert ask(site.put("/", Answer(302))).status == 302
    assert ask(site.put("/", Answer(304, headers={"Location": "/x"}))).status == 304


# ---------------------------------------------------------------- bounds


def test_only_as_much_as_was_asked_for_is_read(site: Site) -> None:
    address = site.put("/", Answer(body=b"x" * 5000))
    assert ask(address).body == b""
    assert (ask(address, limit=4999).whole, len(ask(address, limit=4999).body)) == (False, 4999)
    assert (ask(address, limit=5000).whole, len(ask(address, limit=5000).body)) == (True, 5000)


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_what_comes_packed_is_unpacked_within_the_same_bound(site: Site, name: str, pack: Any) -> None:
    bomb = site.put("/bomb", Answer(body=pack(b"\0" * 50_000_000), headers={"Content-Encoding": name}))
    small = site.put("/small", Answer(body=pack(b"hello"), headers={"Content-Encoding": name.upper()}))
    assert ask(small, limit=100).body == b"hello"
    assert (len(ask(bomb, limit=1000).body), ask(bomb, limit=1000).whole) == (1000, False)


def test_other_packing_and_broken_packing_are_refused(site: Site) -> None:
    brotli = site.put("/br", Answer(body=b"x", headers={"Content-Encoding": "br"}))
    broken = site.put("/gz", Answer(body=b"no gzip", headers={"Content-Encoding": "gzip"}))
    assert "br" in fault(brotli, limit=10).reason
    assert "unpacked" in fault(broken, limit=10).reason


def test_a_silent_server_ends_in_time(site: Site) -> None:
    address = site.put("/", Answer(silent=True))
    began = time.monotonic()
    assert fault(address, options={"timeout": 0.1}).trouble is Trouble.TIMEOUT
    assert time.monotonic() - began < 2


def test_a_body_that_never_ends_ends_in_time(site: Site) -> None:
    address = site.put("/", Answer(body=b"x", length=100))
    assert fault(address, limit=100, options={"timeout": 0.1}).trouble is Trouble.TIMEOUT


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/", "mailto:a@b.org", "example.org", "http://", "https://[x/", "http://a%2eb.org/", ""],
)
def test_only_complete_web_addresses_are_asked(address: str) -> None:
    assert fault(address).trouble is Trouble.ADDRESS


# ---------------------------------------------------------------- pictures


def test_a_picture_comes_as_it_is(site: Site) -> None:
    assert picture(site.put("/a.png", Answer(body=png()))) == png()


def test_why_there_is_no_picture_is_said_in_words(site: Site) -> None:
    assert refusal(site.put("/gone", Answer(404))) == "the server answers HTTP 404"
    assert refusal(site.put("/part", Answer(206, body=png()))) == "the server answers HTTP 206"
    assert refusal(site.put("/large", Answer(body=b"x" * 101)), 100) == "it has more than 100 bytes"
    assert refusal(site.put("/empty", Answer())) == "the server sends nothing"
    assert "private" in refusal("http://10.0.0.1/a.png")


class _Redirecting(Transport):
    """Answers every request with a redirect: no certificate is needed to see that it is refused."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "http://site.example.org/a.png"})


def test_a_picture_never_changes_from_https_to_http() -> None:
    async def within() -> None:
        async with Fetcher("kanfa/test", transport=_Redirecting()) as client:
            await client.picture("https://site.example.org/a.png", 100)

    with pytest.raises(FetchError, match="from https to http"):
        asyncio.run(within())


# ---------------------------------------------------------------- servers that speak no HTTP

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00\xff\xfe",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        OK + b"Content-Length: -5\r\n\r\n",
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
        OK + b"Content-Length: 50\r\n\r\nhello",
        OK + b"X: " + b"a" * 200_000,
        b"HTTP/1.1 301 \xe7\xa7\xbb\r\nLocation: /\xe6\x96\xb0\xff\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff/\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://site.example.org:99999/\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://" + b"a" * 70_000 + b".org/\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
    ],
    ids=lambda said: repr(said[:40]),
)
def test_whatever_a_server_says_is_a_reply_or_a_trouble(said: bytes) -> None:
    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        writer.close()

    async def within() -> Reply | Trouble:
        server = await asyncio.start_server(serve, HERE, 0)
        async with server, fetcher(timeout=1) as client:
            port = server.sockets[0].getsockname()[1]
            try:
                return await client.ask(f"http://site.example.org:{port}/", limit=1000)
            except Unanswered as error:
                return error.trouble

    found = asyncio.run(within())
    assert isinstance(found, Reply) or found is not Trouble.TIMEOUT
