"""Access tokens: stable ones with their overlap and limits, legacy ones that invalidate each other.

Source: the pages of stable_token and token in the API's documentation. The two kinds do not touch each other.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from kanfa.wechat.limits import LIMITS
from kanfa.wechat.sandbox.codes import Failure

DAY = 86_400
MINUTE = 60
TOKEN_BYTES = 102
"""Bytes of randomness; 136 characters, as long as WeChat's own. Clients are told to have room for 512."""


@dataclass(frozen=True, slots=True)
class Token:
    """One access token."""

    text: str = field(repr=False)
    expires: float
    """Seconds since 1970."""


@dataclass(slots=True)
class Window:
    """Calls within the last seconds; a sliding window is the strictest reading of “per day” and “per minute”."""

    seconds: int
    most: int
    times: deque[float] = field(default_factory=deque)

    def is_full(self, now: float) -> bool:
        """Whether one more call would be too many."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return len(self.times) >= self.most


class TokenOffice:
    """Gives out tokens and knows which are valid."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._stable: Token | None = None
        self._legacy: Token | None = None
        self._valid: dict[str, float] = {}
        self._expired: set[str] = set()
        self._minute = Window(MINUTE, LIMITS.token_calls.value)
        self._day = Window(DAY, LIMITS.token_calls_day.value)
        self._forced = Window(DAY, LIMITS.forced_calls.value)

    def stable(self, force: bool) -> Token | Failure:
        """The token of stable_token: the same one while it is valid, a new one 5 minutes before its end.

        `force` makes a new one and ends the old at once; at most 20 times a day and 30 seconds apart.
        """
        now = self._clock()
        refused = self._refused(now, force)
        if refused:
            return refused
        current = self._stable
        if force:
            self._forced.times.append(now)
            if current:
                self._valid.pop(current.text, None)
        elif current and current.text in self._valid and current.expires - now > LIMITS.token_overlap.value:
            return current
        self._stable = self._issue(now)
        return self._stable

    def _refused(self, now: float, force: bool) -> Failure | None:
        if force:
            times = self._forced.times
            if self._forced.is_full(now):
                return Failure(45009, f"force_refresh: at most {LIMITS.forced_calls.value} a day")
            if times and now - times[-1] < LIMITS.forced_apart.value:
                return Failure(45011, f"force_refresh: {LIMITS.forced_apart.value} seconds apart")
            return None
        if self._day.is_full(now):
            return Failure(45009)
        if self._minute.is_full(now):
            return Failure(45011)
        self._day.times.append(now)
        self._minute.times.append(now)
        return None

    def legacy(self) -> Token:
        """The token of the old call; the one before it is no longer valid."""
        if self._legacy:
            self._valid.pop(self._legacy.text, None)
        self._legacy = self._issue(self._clock())
        return self._legacy

    def _issue(self, now: float) -> Token:
        token = Token(secrets.token_urlsafe(TOKEN_BYTES), now + LIMITS.token_seconds.value)
        self._valid[token.text] = token.expires
        return token

    def refusal(self, text: str) -> Failure | None:
        """Why a call with this token is refused; None when it is valid."""
        if not text:
            return Failure(41001)
        if text in self._expired:
            return Failure(42001)
        expires = self._valid.get(text)
        if expires is None:
            return Failure(40001)
        if self._clock() >= expires:
            return Failure(42001)
        return None

    def expire_all(self) -> None:
        """End every valid token now, as if its two hours were over."""
        self._expired |= set(self._valid)
        self._valid.clear()
