"""Faults strike as often as they were told to, and a client meets them on a real connection."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from sandbox_values import Account, picture

from kanfa.wechat.sandbox.faults import KINDS, FaultName, Faults
from kanfa.wechat.sandbox.server import Running, running
from kanfa.wechat.sandbox.settings import SandboxSettings


def test_every_fault_has_words_for_people() -> None:
    assert set(KINDS) == set(FaultName)
    assert all(len(kind.words) > 10 for kind in KINDS.values())


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("busy", [-1, -1, -1, -1, -1, 0]),
        ("invalid-token", [40001, 0]),
        ("expired-token", [42001, 42001, 42001]),
        ("quota", [45009] * 7),
        ("ip-not-whitelisted", [40164] * 7),
    ],
)
def test_a_fault_strikes_its_number_of_calls(account: Account, name: str, codes: list[int]) -> None:
    account.call("draft/count")
    account.state.faults.switch_on(name)
    assert [account.call("draft/count").get("errcode", 0) for _ in codes] == codes


def test_an_expired_token_is_healed_by_a_new_one(account: Account) -> None:
    account.call("draft/count")
    account.state.faults.switch_on("expired-token", after=1)
    assert "total_count" in account.call("draft/count")
    assert account.call("draft/count")["errcode"] == 42001
    account.token = account.stable()["access_token"]
    assert "total_count" in account.call("draft/count")


def test_the_address_that_is_not_whitelisted_is_named_for_token_calls_too(account: Account) -> None:
    account.state.faults.switch_on("ip-not-whitelisted")
    answer = account.stable()
    assert answer["errcode"] == 40164
    assert answer["errmsg"].startswith("invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: ")


def test_one_style_is_blanked_once(account: Account) -> None:
    account.state.faults.switch_on("blank-style")
    stored = [account.state.drafts[account.add()["media_id"]].articles[0]["content"] for _ in range(2)]
    assert [content.count('style=""') for content in stored] == [1, 0]


def test_a_gateway_answers_with_a_page_of_its_own(account: Account) -> None:
    account.call("draft/count")
    account.state.faults.switch_on("http-502")
    answer = account.http.get("/cgi-bin/draft/count", params={"access_token": account.token})
    assert answer.status_code == 502
    assert "<h1>" in answer.text


def test_a_fault_can_be_counted_delayed_and_switched_off() -> None:
    faults = Faults()
    faults.switch_on("busy", times=2, after=1)
    assert [faults.strikes(FaultName.BUSY) for _ in range(4)] == [False, True, True, False]
    faults.switch_on(FaultName.QUOTA)
    faults.switch_off("quota")
    faults.switch_off("quota")
    assert faults.on() == {}
    for wrong in ({"name": "no"}, {"name": "busy", "times": -1}, {"name": "busy", "after": -1}):
        with pytest.raises(ValueError):
            faults.switch_on(**wrong)


@pytest.fixture
def sandbox() -> Iterator[Running]:
    with running(SandboxSettings()) as found:
        yield found


def added(sandbox: Running) -> httpx.Response:
    """One draft over a real connection, with a patience of half a second."""
    settings = sandbox.state.settings
    token = sandbox.state.tokens.stable(force=False)
    cover = sandbox.state.add_material(sandbox.state.add_upload(picture(), "image/png"))
    article = {"title": "t", "content": "<p>x</p>", "thumb_media_id": cover}
    assert settings.folder is None
    return httpx.post(
        f"{sandbox.url}/cgi-bin/draft/add",
        params={"access_token": token.text},  # type: ignore[union-attr]
        json={"articles": [article]},
        timeout=0.5,
        trust_env=False,
    )


def test_a_draft_is_stored_although_the_answer_never_comes(sandbox: Running) -> None:
    sandbox.state.faults.switch_on("timeout-after-store")
    with pytest.raises(httpx.ReadTimeout):
        added(sandbox)
    assert len(sandbox.state.drafts) == 1
    assert added(sandbox).json()["media_id"]


def test_a_draft_is_stored_although_the_connection_is_cut(sandbox: Running) -> None:
    sandbox.state.faults.switch_on("cut-after-store")
    with pytest.raises(httpx.RemoteProtocolError):
        added(sandbox)
    assert len(sandbox.state.drafts) == 1


def test_a_connection_cut_before_anything_was_done_leaves_nothing(sandbox: Running) -> None:
    sandbox.state.faults.switch_on("cut-connection")
    with pytest.raises(httpx.RemoteProtocolError):
        added(sandbox)
    assert sandbox.state.drafts == {}
