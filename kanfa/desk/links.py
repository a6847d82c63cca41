"""Asking every web address of an issue whether it answers.

Each address is asked once, several at a time but few at one host, with a pause between: HEAD first, GET where HEAD
is refused or the page itself must be read. A busy or silent server is asked again, as late as it wishes within
bounds. What comes back is one `Answer` for each address; `kanfa.desk.verdicts` turns answers into findings.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from enum import StrEnum
from urllib.parse import urlsplit

from kanfa.desk import pages
from kanfa.desk.fetch import PERMANENT, Fetcher, Reply
from kanfa.desk.masking import masked
from kanfa.desk.transport import Trouble, Unanswered
from kanfa.publication import LinkSettings

ATTEMPTS = 3
"""How often a busy or silent server is asked."""
MOST_SILENCE = 2
"""Addresses of one host that may give no answer; then the others are not asked any more."""
AT_ONCE = 16
"""Addresses asked at the same time, all hosts together."""
LONGEST_WAIT = 30.0
"""Seconds that a server may make us wait (Retry-After); who wants longer is left alone for this run."""
PAUSE = 0.1
"""Seconds between two requests to one host."""
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be another a moment later."""
LOGIN = frozenset({401, 403, 407, 999})
"""Answers to visitors who are not known, or taken for machines; 999 is LinkedIn's."""


class Status(StrEnum):
    """What is known about an address in the end; there is no other."""

    WORKING = "working"
    BROKEN = "broken"
    REDIRECTED = "redirected"
    """It works, and has moved for good."""
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate-limited"
    BLOCKED = "blocked"
    """It leads into a private network."""
    IGNORED = "ignored"
    """kanfa.toml says not to ask."""
    NEEDS_LOGIN = "needs login"


_UNASKED = frozenset({Status.IGNORED, Status.BLOCKED})
_DOUBTED = 3
"""Hosts that may not exist, all at once, before the network itself is doubted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered."""

    status: Status
    code: int = 0
    """HTTP status; 0 when there was no answer."""
    trouble: Trouble | None = None
    """Why there was no answer."""
    reason: str = ""
    """The same in words; or the words with which WeChat withholds an article."""
    target: str = ""
    """New address of what has moved, without secrets."""
    missing: tuple[str, ...] = ()
    """Fragments that the page does not have."""


Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Host:
    """One host during a run: how many may ask, from when on, and whether it wants to be left alone."""

    seats: asyncio.Semaphore
    sleep: Sleep
    pause: float
    free_at: float = 0.0
    closed: bool = False
    silent: int = 0
    """Addresses of it that gave no answer in time."""

    async def turn(self) -> None:
        """Wait until the host may be asked again."""
        now = asyncio.get_running_loop().time()
        start = max(now, self.free_at)
        self.free_at = start + self.pause
        if start > now:
            await self.sleep(start - now)

    def postpone(self, seconds: float) -> None:
        """Nobody asks this host for so long."""
        self.free_at = max(self.free_at, asyncio.get_running_loop().time() + seconds)


def is_ignored(address: str, settings: LinkSettings) -> bool:
    """Whether kanfa.toml names the host of `address`, a domain above it, or a beginning of the address."""
    host = (urlsplit(address).hostname or "").lower()
    for entry in settings.ignore:
        if address.startswith(entry) if "://" in entry else f".{host}".endswith(f".{entry.lower().lstrip('.')}"):
            return True
    return False


@dataclass(slots=True)
class Survey:
    """One run over many addresses."""

    fetcher: Fetcher
    settings: LinkSettings
    sleep: Sleep = asyncio.sleep
    pause: float = PAUSE
    _hosts: dict[str, _Host] = field(default_factory=dict)

    async def ask(
        self, addresses: Mapping[str, Collection[str]], progress: Callable[[str, Answer], None] | None = None
    ) -> dict[str, Answer]:
        """The answer for each address, in the given order.

        `addresses` are complete and without fragment; the value is the fragments that their page must have, empty
        to ask for none. `progress` hears of each answer as it comes.
        """
        desk = asyncio.Semaphore(AT_ONCE)
        answers: dict[str, Answer] = {}

        async def one(address: str) -> None:
            host = self._host(address)
            async with host.seats, desk:
                answer = await self._ask(address, host, sorted(addresses[address]))
            host.silent += answer.status is Status.TIMEOUT
            answers[address] = answer
            if progress is not None:
                progress(address, answer)

        async with asyncio.TaskGroup() as group:
            for address in addresses:
                group.create_task(one(address))
        return {address: answers[address] for address in addresses}

    def _host(self, address: str) -> _Host:
        name = (urlsplit(address).hostname or "").lower()
        seats = asyncio.Semaphore(self.settings.per_host)
        return self._hosts.setdefault(name, _Host(seats, self.sleep, self.pause))

    async def _ask(self, address: str, host: _Host, fragments: list[str]) -> Answer:
        if is_ignored(address, self.settings):
            return Answer(Status.IGNORED)
        answer = Answer(Status.TIMEOUT)
        for attempt in range(ATTEMPTS):
            if host.closed:
                return Answer(Status.RATE_LIMITED, 429)
            if host.silent >= MOST_SILENCE:
                return Answer(Status.TIMEOUT, trouble=Trouble.TIMEOUT, reason="its host gave no answer before")
            await host.turn()
            wait = 2.0**attempt
            try:
                reply = await self._reply(address, fragments, head=attempt == 0)
            except Unanswered as error:
                answer = unanswered(error)
                if error.trouble not in {Trouble.TIMEOUT, Trouble.NAME_SERVER, Trouble.CONNECTION}:
                    return answer
            else:
                answer = judged(address, reply, fragments)
                if reply.status not in BUSY:
                    return answer
                wait = max(wait, seconds_of(reply.retry_after))
                if wait > LONGEST_WAIT:
                    host.closed = reply.status == 429
                    return answer
                if reply.status == 429:
                    host.postpone(wait)
                    continue
            if attempt + 1 < ATTEMPTS:
                await self.sleep(wait)
        return answer

    async def _reply(self, address: str, fragments: list[str], *, head: bool) -> Reply:
        """HEAD where that is enough, and GET where it is not, or where a server takes HEAD amiss."""
        must_read = bool(fragments) or urlsplit(address).hostname == pages.WECHAT
        if head and not must_read:
            reply = await self.fetcher.ask(address, method="HEAD")
            if reply.status < 400 or reply.status == 429:
                return reply
        return await self.fetcher.ask(address, limit=pages.MAX_BYTES if must_read else 0)


def unanswered(error: Unanswered) -> Answer:
    """The answer that stands for none."""
    statuses = {
        Trouble.BLOCKED: Status.BLOCKED,
        Trouble.TIMEOUT: Status.TIMEOUT,
        Trouble.NAME_SERVER: Status.TIMEOUT,
    }
    return Answer(statuses.get(error.trouble, Status.BROKEN), trouble=error.trouble, reason=error.reason)


def looks_offline(answers: Mapping[str, Answer]) -> bool:
    """Whether not one name could be resolved: then this machine is at fault, and not the links.

    A single unknown host is a dead link; several ones, and no other answer, are not believed.
    """
    unresolved = {Trouble.NAME_SERVER, Trouble.NO_HOST}
    asked = {address: answer for address, answer in answers.items() if answer.status not in _UNASKED}
    if not asked or any(answer.trouble not in unresolved for answer in asked.values()):
        return False
    hosts = {urlsplit(address).hostname for address in asked}
    return len(hosts) >= _DOUBTED or all(answer.trouble is Trouble.NAME_SERVER for answer in asked.values())


def judged(address: str, reply: Reply, fragments: Collection[str] = ()) -> Answer:
    """What a reply says about `address`."""
    code = reply.status
    if code == 429:
        return Answer(Status.RATE_LIMITED, code)
    if code in LOGIN:
        return Answer(Status.NEEDS_LOGIN, code)
    if code >= 400:
        return Answer(Status.BROKEN, code)
    answer = Answer(Status.WORKING, code)
    if reply.body and (fragments or urlsplit(reply.address).hostname == pages.WECHAT):
        answer = _read(answer, reply, fragments)
    target = moved_to(reply)
    if answer.status is Status.WORKING and target and target != address:
        return replace(answer, status=Status.REDIRECTED, target=masked(target))
    return answer


def _read(answer: Answer, reply: Reply, fragments: Collection[str]) -> Answer:
    page = pages.read_page(reply.body)
    if urlsplit(reply.address).hostname == pages.WECHAT:
        if pages.suspects(page, reply.address):
            return Answer(Status.RATE_LIMITED, answer.code)
        words = pages.withheld(page)
        if words:
            return Answer(Status.BROKEN, answer.code, reason=words)
    if not reply.whole or not page.anchors:  # cut, or no HTML: nothing can be said about its places
        return answer
    return replace(answer, missing=tuple(name for name in sorted(fragments) if not pages.has_place(page, name)))


def moved_to(reply: Reply) -> str:
    """Where the page stands for good: the end of the permanent redirects before the first passing one; or ``."""
    target = ""
    for hop in reply.hops:
        if hop.status not in PERMANENT:
            break
        target = hop.address
    return target


def seconds_of(retry_after: str, now: datetime.datetime | None = None) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3): a number or a date; 0 for anything else."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:12]), 10**9))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return 0.0
    if moment.tzinfo is None:
        return 0.0
    return max(0.0, (moment - (now or datetime.datetime.now(datetime.UTC))).total_seconds())
