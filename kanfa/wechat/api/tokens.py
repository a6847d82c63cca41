"""Credentials from the environment, and the access token: fetched when first needed, refreshed once when refused.

Only `stable_token` is used: the older `token` call ends the token of every other program with each call. Nothing
of a token is ever written to disk; only the times of forced refreshes are, because WeChat counts them (20 a day,
30 seconds apart, official).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kanfa.errors import EnvironmentProblem
from kanfa.wechat.limits import LIMITS

APPID = "KANFA_WECHAT_APPID"
SECRET = "KANFA_WECHAT_SECRET"  # noqa: S105 - the name of a variable
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are; never shown."""

    appid: str = field(repr=False)
    secret: str = field(repr=False)

    def account(self, base: str) -> str:
        """A name for the account at this API address, for files: 16 hex digits that give neither away."""
        return hashlib.sha256(f"{base}\n{self.appid}".encode()).hexdigest()[:16]


def missing(environ: Mapping[str, str]) -> list[str]:
    """Names of the variables that are not set."""
    return [name for name in (APPID, SECRET) if not environ.get(name, "").strip()]


def credentials_from(environ: Mapping[str, str]) -> Credentials:
    """The credentials of the environment. Raises EnvironmentProblem naming what is not set."""
    if lacking := missing(environ):
        words = " and ".join(lacking)
        raise EnvironmentProblem(
            f"WeChat asks who we are: {words} {'is' if len(lacking) == 1 else 'are'} not set",
            f"export {lacking[0]}=… (设置与开发 → 基本配置 on mp.weixin.qq.com)",
        )
    return Credentials(environ[APPID].strip(), environ[SECRET].strip())


@dataclass(slots=True)
class Tokens:
    """The token of one run. `ask(force)` calls stable_token and returns the token's text."""

    ask: Callable[[bool], str]
    now: Callable[[], float]
    """Seconds since 1970."""
    forced: Sequence[float] = ()
    """When earlier runs forced a refresh."""
    note_forced: Callable[[Sequence[float]], None] = lambda _times: None
    """Keeps those times; called before the refresh."""
    _text: str = field(default="", repr=False)

    def current(self) -> str:
        """The token in use; asked for when there is none yet."""
        if not self._text:
            self._text = self.ask(False)
        return self._text

    def refresh(self, refused: str) -> bool:
        """Get another token than `refused`; False when WeChat gives the same one and forcing is not allowed now."""
        self._text = self.ask(False)
        if self._text != refused:
            return True
        now = self.now()
        times = [time for time in self.forced if now - DAY < time <= now]
        if len(times) >= LIMITS.forced_calls.value or any(now - time < LIMITS.forced_apart.value for time in times):
            return False
        self.forced = [*times, now]
        self.note_forced(self.forced)
        self._text = self.ask(True)
        return True

    def secrets(self) -> list[str]:
        """What must not be shown."""
        return [self._text] if self._text else []
