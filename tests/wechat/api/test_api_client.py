"""The client sends what WeChat takes, understands what it answers, and tells nobody a secret."""

from __future__ import annotations

import json
import logging
import pickle
import socket
import ssl

import httpx
import pytest

from kanfa.errors import ApiRefused, ApiUnanswered, ApiUnreachable, EnvironmentProblem, UsageError
from kanfa.wechat.api.client import Client, api_base, secure_picture, transport_for
from kanfa.wechat.api.codes import MEANINGS, ErrorClass, address_in, explanation, meaning_of
from kanfa.wechat.api.tokens import Credentials, credentials_from
from kanfa.wechat.rules import RULES
from kanfa.wechat.sandbox.server import running

BASE = "https://api.weixin.qq.com"
APPID, SECRET, TOKEN = "wx-our-appid", "our-secret", "our-token"


@pytest.fixture
def seen() -> list[httpx.Request]:
    return []


@pytest.fixture
def client_for(seen):
    """A client whose calls get these answers, one after the other, the last for ever; tokens are given freely."""

    def make(*answers: object) -> Client:
        left = list(answers)

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            if request.url.path.endswith("stable_token"):
                return httpx.Response(200, json={"access_token": TOKEN, "expires_in": 7200})
            given = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(given, Exception):
                raise given
            return given if isinstance(given, httpx.Response) else httpx.Response(200, json=given)

        return Client(BASE, Credentials(APPID, SECRET), httpx.MockTransport(answer), sleep=lambda _: None)

    return make


# ---------------------------------------------------------------- what is sent


def test_a_draft_is_sent_as_raw_utf_8_json_with_the_token_in_the_address(client_for, seen):
    assert client_for({"media_id": "M"}).add_draft([{"title": "周报"}]) == "M"
    token, add = seen
    assert json.loads(token.content) == {
        "grant_type": "client_credential", "appid": APPID, "secret": SECRET, "force_refresh": False,
    }  # fmt: skip
    assert (add.method, add.url.path, add.url.params["access_token"]) == ("POST", "/cgi-bin/draft/add", TOKEN)
    assert add.content == '{"articles": [{"title": "周报"}]}'.encode()
    assert add.extensions["timeout"]["connect"] == 10


def test_an_update_names_one_article_as_an_object(client_for, seen):
    client_for({"errcode": 0, "errmsg": "ok"}).update_draft("M", 1, {"title": "改"})
    assert json.loads(seen[-1].content) == {"media_id": "M", "index": 1, "articles": {"title": "改"}}


def test_a_picture_goes_as_a_form_and_its_address_becomes_https(client_for, seen):
    client = client_for({"url": "http://mmbiz.qpic.cn/a/0"})
    assert client.upload_picture("a.png", b"bytes", "image/png") == "https://mmbiz.qpic.cn/a/0"
    assert b'name="media"; filename="a.png"' in seen[-1].content
    assert b"image/png" in seen[-1].content


def test_an_upload_that_is_repeated_is_sent_whole_again(client_for, seen):
    client = client_for(httpx.ReadTimeout("t"), {"media_id": "C", "url": "http://x"})
    assert client.upload_cover("c.png", b"all the bytes", "image/png") == "C"
    assert [b"all the bytes" in request.content for request in seen[1:]] == [True, True]


# ---------------------------------------------------------------- what is answered


def test_an_answer_without_a_charset_is_read_as_utf_8(client_for):
    body = json.dumps({"news_item": [{"title": "周报", "new_key": 1}]}, ensure_ascii=False).encode()
    client = client_for(httpx.Response(200, content=body, headers={"content-type": "text/plain"}))
    (article,) = client.draft("M") or ()
    assert article.title == "周报"


def test_a_draft_that_is_not_there_is_none(client_for):
    assert client_for({"errcode": 40007, "errmsg": "invalid media_id"}).draft("M") is None


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(502, text="<h1>Bad Gateway</h1>"),
        httpx.Response(302, headers={"location": "https://elsewhere.example/"}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b"\xff"),
        httpx.Response(200, content=b"[" * 100_000),
        {"errcode": -1, "errmsg": "system error"},
        {"errcode": 0},
        [],
        httpx.ConnectError("refused"),
        httpx.RemoteProtocolError("cut"),
        OSError(9, "bad descriptor"),
    ],
    ids=lambda answer: str(answer)[:30],
)
def test_what_leaves_it_open_whether_a_draft_was_added_is_never_repeated_by_the_client(client_for, seen, answer):
    with pytest.raises(ApiUnanswered, match="draft/add"):
        client_for(answer).add_draft([{}])
    assert [request.url.path for request in seen] == ["/cgi-bin/stable_token", "/cgi-bin/draft/add"]


def test_reading_is_tried_four_times(client_for, seen):
    with pytest.raises(ApiUnanswered):
        client_for(httpx.ReadTimeout("t")).draft("M")
    assert len(seen) == 1 + 4


def test_a_refused_article_is_not_repeated_and_names_the_rule(client_for, seen):
    with pytest.raises(ApiRefused, match=r"45166(.|\n)*WX05\d.*should have caught it") as caught:
        client_for({"errcode": 45166, "errmsg": "invalid content hint: [x] rid: 1-2-3"}).add_draft([{}])
    assert caught.value.code == 45166
    assert pickle.loads(pickle.dumps(caught.value)).code == 45166
    assert len(seen) == 2


# ---------------------------------------------------------------- no answer


@pytest.fixture
def mute(seen):
    """A client that gets no answer but this error, and the pauses it makes."""

    def make(error: Exception) -> tuple[Client, list[float]]:
        def fail(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            raise error

        pauses: list[float] = []
        return Client(BASE, Credentials(APPID, SECRET), httpx.MockTransport(fail), sleep=pauses.append), pauses

    return make


def wrapped(cause: Exception, kind: type[httpx.TransportError] = httpx.ConnectError) -> Exception:
    """The error of the operating system as httpx gives it on: within its own."""
    try:
        try:
            raise cause
        except Exception as inner:
            raise kind("wrapped") from inner
    except httpx.TransportError as outer:
        return outer


def test_patience_with_tokens_and_with_calls_does_not_multiply(mute, seen):
    client, pauses = mute(wrapped(ConnectionRefusedError()))
    with pytest.raises(ApiUnreachable, match="stable_token: no answer"):
        client.draft("M")
    assert (pauses, len(seen)) == ([1.0, 3.0, 9.0], 4)


def test_a_draft_for_which_no_token_can_be_had_was_certainly_not_added(mute):
    client, _ = mute(httpx.ReadTimeout("t"))
    with pytest.raises(ApiUnreachable, match="stable_token"):
        client.add_draft([{}])


def certificate() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"
    return error


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (certificate(), "the certificate of https://api.weixin.qq.com is refused: certificate has expired"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "does not speak TLS as it should"),
    ],
)
def test_a_side_that_cannot_prove_who_it_is_is_not_asked_again(mute, cause, words):
    client, pauses = mute(wrapped(cause))
    with pytest.raises(ApiUnreachable, match=words) as caught:
        client.draft("M")
    assert "cure: " in str(caught.value)
    assert pauses == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (wrapped(socket.gaierror(-2, "x")), r"its name cannot be resolved\n    cure: see that this machine is on"),
        (wrapped(ConnectionRefusedError()), r"it refuses the connection\n    cure: start the sandbox"),
        (httpx.ProxyError("407"), r"the proxy does not pass the call on\n    cure: see that HTTPS_PROXY"),
        (httpx.ConnectTimeout("t"), r"does not take the connection in time\n    cure: "),
        (httpx.ReadTimeout("t"), "it takes too long"),
        (wrapped(ssl.SSLEOFError(8, "eof")), r"the connection broke off \(ConnectError\)"),
    ],
)
def test_why_no_answer_came_is_named_with_its_cure(mute, error, words):
    client, pauses = mute(error)
    with pytest.raises(ApiUnreachable, match=words):
        client.draft("M")
    assert len(pauses) == 3


def test_a_server_without_tls_and_an_unknown_authority_are_told_apart_on_a_real_line():
    with running() as sandbox:
        base = api_base(sandbox.url.replace("http://", "https://"))
        transport, pauses = transport_for(base), []
        client = Client(base, Credentials(APPID, SECRET), transport, sleep=pauses.append)
        with pytest.raises(ApiUnreachable, match="does not speak TLS as it should"):
            client.draft("M")
        transport.close()
    assert pauses == []


# ---------------------------------------------------------------- secrets


def test_nothing_shows_a_credential_or_token(client_for, caplog):
    caplog.set_level(logging.DEBUG)
    words = f"invalid credential {TOKEN} of {APPID} with {SECRET}"
    client = client_for({"errcode": 48001, "errmsg": words})
    with pytest.raises(ApiRefused) as refused:
        client.draft("M")
    cut = client_for(httpx.ConnectError(f"https://x/?access_token={TOKEN}"))
    with pytest.raises(ApiUnanswered) as unanswered:
        cut.draft("M")
    shown = f"{refused.value!r}{refused.value}{unanswered.value!r}{unanswered.value}{client!r}{caplog.text}"
    for secret in (TOKEN, APPID, SECRET):
        assert secret not in shown
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_missing_credentials_are_all_named():
    with pytest.raises(EnvironmentProblem, match="KANFA_WECHAT_APPID and KANFA_WECHAT_SECRET are not set"):
        credentials_from({"KANFA_WECHAT_SECRET": " "})


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "address", ["https://api.weixin.qq.com/", "http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:80"]
)
def test_https_and_loopback_are_spoken_to(address):
    assert api_base(address) == address.rstrip("/")
    transport_for(api_base(address)).close()


@pytest.mark.parametrize(
    "address",
    [
        "http://api.weixin.qq.com", "http://10.0.0.1", "http://127.0.0.1.example.org", "ftp://localhost",
        "https://me:hush@api.weixin.qq.com", "https://:hush@api.weixin.qq.com", "https://@api.weixin.qq.com",
        "https://xn--a.org", "https://a.example?x=1", "https://[x", "http://localhost:99999", "",
    ],
)  # fmt: skip
def test_any_other_address_is_refused_without_showing_a_password(address):
    with pytest.raises(UsageError) as caught:
        api_base(address)
    assert "hush" not in str(caught.value)


def test_a_relay_may_have_a_path():
    assert api_base("https://relay.example.org/wx/") == "https://relay.example.org/wx"


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_authorities_that_cannot_be_read_are_named(tmp_path, monkeypatch, text):
    path = tmp_path / "authorities.pem"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(UsageError, match="SSL_CERT_FILE"):
        transport_for(BASE)


@pytest.mark.parametrize("address", ["http://evil.example/a", "mmbiz.qpic.cn/a", "https://[x", "file://mmbiz.qpic.cn/"])
def test_an_uploaded_picture_lives_on_wechats_hosts(address):
    with pytest.raises(ApiRefused, match="not one of its hosts"):
        secure_picture(address)


# ---------------------------------------------------------------- codes


def test_every_documented_code_has_its_class():
    classes = {
        ErrorClass.TOKEN: {40001, 40014, 42001},
        ErrorClass.BUSY: {-1, 45011},
        ErrorClass.QUOTA: {45009, 45028, 45066},
        ErrorClass.ACCESS: {40164, 40013, 40125, 40243, 48001, 48004, 50002, 89503, 89506, 89507},
        ErrorClass.CONTENT: {45166, 45001, 45002, 45003, 45004, 45005, 45008, 45110, 41039, 40005, 40007, 40009,
                             44003, 47001, 53402, 53404, 53405, 53406, 88000},
        ErrorClass.PUBLISH: {53500, 53501, 53502, 53503, 53504, 53505, 53600},
        ErrorClass.OURS: {40066, 40114, 41001},
    }  # fmt: skip
    assert {kind: {code for code, one in MEANINGS.items() if one.kind is kind} for kind in ErrorClass} == classes


@pytest.mark.parametrize("meaning", MEANINGS.values(), ids=lambda meaning: str(meaning.code))
def test_every_code_says_what_to_do_and_names_rules_that_exist(meaning):
    assert meaning.what
    assert meaning.cure
    assert set(meaning.rules) <= set(RULES)
    assert str(meaning.code) in explanation("draft/add", meaning.code, "words")


@pytest.mark.parametrize("code", [40007, 47001, 53402])
def test_what_no_check_can_foresee_blames_no_rule(code):
    assert "should have caught it" not in explanation("draft/add", code, "words")


def test_an_unknown_code_is_nothing_to_repeat():
    assert meaning_of(99999).kind is ErrorClass.ACCESS


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2", "203.0.113.7"),
        ("invalid ip 2001:db8::1, not in whitelist", "2001:db8::1"),
        ("invalid ip", ""),
    ],
)
def test_the_address_that_wechat_saw_is_taken_from_its_words(words, address):
    assert address_in(words) == address
    assert (address or "the address of this machine") in explanation("stable_token", 40164, words)
