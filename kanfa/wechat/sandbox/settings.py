"""What one sandbox is like: credentials, the kind of account, the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kanfa.publication import Publication
from kanfa.wechat.simulator.storage import Account

DUMMY_APPID = "wx0000000000000000"
DUMMY_SECRET = "sandbox-secret-no-secret-at-all"  # noqa: S105 - a dummy that is printed at the start


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """One sandbox. The defaults are those of the command."""

    appid: str = DUMMY_APPID
    secret: str = field(default=DUMMY_SECRET, repr=False)
    account: Account = field(default_factory=Account)
    """What the account's storage does where accounts differ."""
    may_publish: bool = False
    """Whether freepublish/submit works; personal and unverified accounts have had no right to it since July 2025."""
    publication: Publication = field(default_factory=Publication)
    """Whose templates the pages take first."""
    folder: Path | None = None
    """Where the state is kept between runs; None = in memory only."""
    clock: Callable[[], float] = time.time
    """Seconds since 1970; tests give one that they turn themselves."""
    hang_seconds: float = 120
    """How long the faults that hang keep a connection open, unless the client goes away earlier."""
    say: Callable[[str], None] = lambda _line: None
    """Takes one line for each call; never given a token, a secret or a body."""
