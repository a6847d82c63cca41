"""Things that go wrong, by name: each is switched on for a number of calls and then off again by itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultName(StrEnum):
    """Every fault that can be switched on."""

    HANG_AFTER_STORE = "timeout-after-store"
    CUT_AFTER_STORE = "cut-after-store"
    CUT = "cut-connection"
    INVALID_TOKEN = "invalid-token"  # noqa: S105 - a name
    EXPIRED = "expired-token"
    BUSY = "busy"
    QUOTA = "quota"
    IP = "ip-not-whitelisted"
    BLANK_STYLE = "blank-style"
    GATEWAY = "http-502"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """What a fault does, for people, and how often unless told otherwise."""

    words: str
    times: int
    """Calls it strikes; 0 = until it is switched off."""
    calls: str = ""
    """The only call it concerns; empty = every call but those for tokens."""


KINDS = {
    FaultName.HANG_AFTER_STORE: FaultKind("draft/add stores the draft and then never answers", 1, "draft/add"),
    FaultName.CUT_AFTER_STORE: FaultKind("draft/add stores the draft and then cuts the connection", 1, "draft/add"),
    FaultName.CUT: FaultKind("the connection is cut before anything is done", 1),
    FaultName.INVALID_TOKEN: FaultKind("40001 although the token is valid", 1),
    FaultName.EXPIRED: FaultKind("every token in use expires: 42001 until a new one is fetched", 1),
    FaultName.BUSY: FaultKind("-1, system busy", 5),
    FaultName.QUOTA: FaultKind("45009, the day's quota is used up", 0),
    FaultName.IP: FaultKind("40164, this address is not on the whitelist (token calls too)", 0),
    FaultName.BLANK_STYLE: FaultKind('draft/add and draft/update store one style attribute as style=""', 1, "store"),
    FaultName.GATEWAY: FaultKind("HTTP 502 with a page of HTML, as a gateway answers", 1),
}
"""What each fault does."""


@dataclass(slots=True)
class Fault:
    """A fault that is switched on."""

    times: int
    """Calls it still strikes; 0 = until it is switched off."""
    after: int = 0
    """Calls that it lets pass first: what goes wrong half-way."""


class Faults:
    """The faults that are switched on now."""

    def __init__(self) -> None:
        self._on: dict[FaultName, Fault] = {}

    def switch_on(self, name: FaultName | str, times: int | None = None, after: int = 0) -> None:
        """Switch a fault on for `times` calls (its own number when None, 0 = until off), `after` calls from now.

        Raises ValueError for an unknown name or a negative number.
        """
        fault = FaultName(name)
        wanted = KINDS[fault].times if times is None else times
        if wanted < 0 or after < 0:
            raise ValueError("times and after are numbers from 0 on")
        self._on[fault] = Fault(wanted, after)

    def switch_off(self, name: FaultName | str) -> None:
        """Switch a fault off; nothing happens when it is off already. Raises ValueError for an unknown name."""
        self._on.pop(FaultName(name), None)

    def clear(self) -> None:
        """Switch all off."""
        self._on.clear()

    def on(self) -> dict[FaultName, Fault]:
        """The faults that are on, in the order of their names' list."""
        return {name: self._on[name] for name in FaultName if name in self._on}

    def strikes(self, name: FaultName) -> bool:
        """Whether this call is struck; counts it."""
        fault = self._on.get(name)
        if fault is None:
            return False
        if fault.after:
            fault.after -= 1
            return False
        if fault.times == 1:
            del self._on[name]
        elif fault.times:
            fault.times -= 1
        return True
