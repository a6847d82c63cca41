"""The server and its command: loopback only, one clear line for a taken port, a quiet end, no crash."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sandbox_values import Account

from kanfa.errors import UsageError
from kanfa.wechat.sandbox.api import ENDPOINTS
from kanfa.wechat.sandbox.server import listening, running

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["articles", "title", "content", "media_id", "index", "offset", "count", "mpnews", "image_info"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
TYPES = [
    "",
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=a",
    "text/plain; charset=x",
    "🙂",
]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_running_sandbox_answers_on_the_loopback_address_and_ends_with_its_block() -> None:
    with running() as sandbox:
        assert sandbox.url.startswith("http://127.0.0.1:")
        answer = httpx.get(f"{sandbox.url}/cgi-bin/draft/count", trust_env=False)
        assert answer.json()["errcode"] == 41001
        assert "charset" not in answer.headers["content-type"]
        assert [(call.path, call.code) for call in sandbox.state.calls] == [("draft/count", 41001)]
    with pytest.raises(httpx.ConnectError):
        httpx.get(sandbox.url, trust_env=False)


def test_a_taken_port_is_named_with_the_way_out(taken: int) -> None:
    with pytest.raises(UsageError, match=rf"port {taken} of 127\.0\.0\.1 cannot be used: .*--port"):
        listening(taken)


def test_bytes_that_are_no_http_do_not_stop_it() -> None:
    with running() as sandbox:
        port = int(sandbox.url.rpartition(":")[2])
        for garbage in (b"\0\xff\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"POST /cgi-bin/draft/add HTTP/1.1\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(garbage)
        assert httpx.get(sandbox.url, trust_env=False).status_code == 200


@given(
    path=st.sampled_from([*ENDPOINTS, "x/../y", "%00"]),
    body=JSON
    | st.binary(max_size=60)
    | st.just(b'--a\r\ncontent-disposition: form-data; name="media"\r\n\r\n\xff\r\n--a--'),
    kind=st.sampled_from(TYPES),
    query=st.dictionaries(st.sampled_from(["type", "appid", "access_token"]), st.text(max_size=4), max_size=2),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_answered_with_a_code(
    account: Account, path: str, body: object, kind: str, query: dict[str, str]
) -> None:
    headers = {"content-type": kind.encode()}
    answer = account.call(path, body, headers=headers, params=query)
    assert "errcode" in answer or "total_count" in answer or "access_token" in answer


def start(*words: str, cwd: Path, **env: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KANFA_")}
    command = [sys.executable, "-m", "kanfa", "wechat", "sandbox", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env={**clean, "PYTHONUNBUFFERED": "1", **env}, cwd=cwd, text=True, stdout=pipe, stderr=pipe
    )


def test_the_command_prints_its_addresses_and_ends_quietly_with_ctrl_c(tmp_path: Path) -> None:
    process = start("--port", "0", cwd=tmp_path, KANFA_WECHAT_APPID="wx1", KANFA_WECHAT_SECRET="never shown")
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(6)]
    address = lines[0].split()[-1]
    asked = {"grant_type": "client_credential", "appid": "wx1", "secret": "never shown"}
    answer = httpx.post(f"{address}/cgi-bin/stable_token", json=asked, trust_env=False)
    assert answer.json()["expires_in"] == 7200
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode in {0, 130}
    assert out == ""
    assert err.startswith("POST /cgi-bin/stable_token 0 ")
    assert len(err.split("\n\n")[0].splitlines()) == 1  # the empty line after it is for the terminal's ^C
    assert "never shown" not in "".join(lines) + err
    assert "KANFA_WECHAT_APPID=wx1" in lines[4]


def test_the_command_says_in_one_line_that_its_port_is_taken(taken: int, tmp_path: Path) -> None:
    process = start("--port", str(taken), cwd=tmp_path)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert out == ""
    assert err.startswith(f"kanfa: port {taken} of 127.0.0.1 cannot be used")
    assert err.count("\n") == 1
