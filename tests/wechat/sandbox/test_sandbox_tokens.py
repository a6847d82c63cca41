"""Tokens: what is documented of stable_token and token, and which calls a token opens."""

from __future__ import annotations

import pytest
from sandbox_values import Account

from kanfa.wechat.limits import LIMITS


def works(account: Account, token: str) -> int:
    """The error code of a call with this token."""
    answer = account.http.get("/cgi-bin/draft/count", params={"access_token": token} if token else {})
    return int(account.answer(answer).get("errcode", 0))


def test_the_stable_token_is_the_same_until_five_minutes_before_its_end(account: Account) -> None:
    first = account.stable()
    assert first["expires_in"] == 7200
    account.clock.now += 7200 - 301
    assert account.stable() == first
    account.clock.now += 1
    second = account.stable()
    assert second != first
    assert works(account, first["access_token"]) == works(account, second["access_token"]) == 0
    account.clock.now += 300
    assert works(account, first["access_token"]) == 42001
    assert works(account, second["access_token"]) == 0


def test_a_forced_refresh_ends_the_old_token_at_once(account: Account) -> None:
    old = account.stable()["access_token"]
    new = account.stable(force_refresh=True)["access_token"]
    assert (works(account, old), works(account, new)) == (40001, 0)
    assert account.stable()["access_token"] == new


def test_forced_refreshes_are_thirty_seconds_apart_and_twenty_a_day(account: Account) -> None:
    assert "access_token" in account.stable(force_refresh=True)
    account.clock.now += 29
    assert account.stable(force_refresh=True)["errcode"] == 45011
    for _ in range(LIMITS.forced_calls.value - 1):
        account.clock.now += 30
        assert "access_token" in account.stable(force_refresh=True)
    account.clock.now += 30
    assert account.stable(force_refresh=True)["errcode"] == 45009
    account.clock.now += 86_400
    assert "access_token" in account.stable(force_refresh=True)


def test_each_legacy_token_ends_the_one_before_and_leaves_the_stable_one_alone(account: Account) -> None:
    def legacy() -> str:
        return str(account.answer(account.http.get("/cgi-bin/token", params=account.credentials()))["access_token"])

    stable, first, second = account.stable()["access_token"], legacy(), legacy()
    assert [works(account, token) for token in (stable, first, second)] == [0, 40001, 0]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"grant_type": "x"}, 40002), ({"appid": "wx1"}, 40013), ({"secret": "no"}, 40125), ({"secret": None}, 40125)],
)
def test_wrong_credentials_have_codes_of_their_own(account: Account, wrong: dict[str, str], code: int) -> None:
    assert account.stable(**wrong)["errcode"] == code


def test_a_missing_an_unknown_and_an_expired_token_are_told_apart(account: Account) -> None:
    token = account.stable()["access_token"]
    assert works(account, "") == 41001
    assert works(account, "no such token") == 40001
    account.clock.now += 7200
    assert works(account, token) == 42001


def test_too_many_calls_in_a_minute_are_refused(account: Account) -> None:
    office = account.state.tokens
    codes = [getattr(office.stable(force=False), "code", 0) for _ in range(LIMITS.token_calls.value + 1)]
    assert codes[-2:] == [0, 45011]


def test_neither_token_nor_secret_is_logged(account: Account) -> None:
    account.add()
    account.http.get("/cgi-bin/token", params=account.credentials())
    log = "\n".join(account.log)
    assert "POST /cgi-bin/draft/add 0 " in log
    assert len(account.log) == 4
    assert account.token not in log
    assert account.settings.secret not in log
    assert account.settings.secret not in repr(account.settings)
