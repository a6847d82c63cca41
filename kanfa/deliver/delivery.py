"""Handing an approved release to its channels: verified before, recorded before and after, safe to repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kanfa.deliver.channel import Channel, installed
from kanfa.errors import (
    AlteredRelease,
    DeliveryFailed,
    EnvironmentProblem,
    KanfaError,
    NotApproved,
    Refused,
    UsageError,
)
from kanfa.publication import Publication
from kanfa.release import ledger
from kanfa.release.approval import approvals, check_as_staged
from kanfa.release.files import locked
from kanfa.release.ledger import Clock, Event
from kanfa.release.store import Release, Verified, find_release, verify

LOCK = ".deliver.lock"
WAIT_SECONDS = 60.0
"""How long a delivery waits for another one of the same outbox."""


class State(StrEnum):
    """What became of a release in one channel."""

    PLANNED = "planned"
    """A dry run: this is what would be done."""
    DELIVERED = "delivered"
    ALREADY = "already delivered"
    """It had been delivered before and is still there as it was; nothing was done."""
    RESTORED = "restored"
    """It had been delivered before, and what had been lost or changed there was put back."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a release in one channel, at one target."""

    channel: str
    target: str
    state: State
    detail: str
    """One line for people."""
    actions: tuple[str, ...] = ()
    """What was done, or would be done in a dry run."""


def deliver(
    outbox: Path,
    reference: str,
    channel_names: Iterable[str],
    publication: Publication,
    *,
    now: Clock,
    who: str,
    dry_run: bool = False,
    force: bool = False,
    targets: Mapping[str, str] | None = None,
    channels: Mapping[str, Channel] | None = None,
    wait: float = WAIT_SECONDS,
) -> list[Delivery]:
    """Hand the release to each named channel, in this order; every channel is tried.

    `targets` overrides the target of a channel by its name; `channels` replaces the installed ones. `force`
    overwrites what people changed at the target. A dry
    run refuses as a real one does, but writes nothing, not even the refusal. Raises UsageError for an
    unknown channel, UnknownRelease, AlteredRelease, NotApproved, and DeliveryFailed when a channel could
    not take the release or another delivery does not end within `wait` seconds; EnvironmentProblem or UsageError
    when a channel cannot even be tried, for a credential that is not set or an address that may not be used.
    """
    chosen = _choose(channel_names, installed() if channels is None else channels)
    aims = [(channel, (targets or {}).get(channel.name) or channel.target(publication)) for channel in chosen]
    if dry_run:
        verified = _admitted(outbox, find_release(outbox, reference))
        return [_planned(outbox, verified, channel, publication, target) for channel, target in aims]
    with _alone(outbox, wait):
        verified = _admitted_or_recorded(outbox, reference, now, who)
        done: list[Delivery] = []
        failures: list[tuple[Channel, KanfaError]] = []
        for channel, target in aims:
            try:
                done.append(_hand_over(outbox, verified, channel, publication, target, now=now, who=who, force=force))
            except (DeliveryFailed, EnvironmentProblem, UsageError) as error:
                failures.append((channel, error))
    if failures:
        raise _failure(failures, done)
    return done


def _failure(failures: list[tuple[Channel, KanfaError]], done: list[Delivery]) -> KanfaError:
    """What is raised for all channels together; its exit status is the highest of theirs."""
    errors = [error for _, error in failures]
    blocked = [error for error in errors if not isinstance(error, Refused)]
    if blocked and len(errors) == 1 and not done:
        return blocked[0]
    lines = [f"{channel.name}: {error}" for channel, error in failures]
    words = "\n".join([*lines, *(f"{delivery.channel}: {delivery.state}" for delivery in done)])
    if not blocked:
        return DeliveryFailed(words)
    return EnvironmentProblem(words) if isinstance(blocked[0], EnvironmentProblem) else UsageError(words)


def _choose(names: Iterable[str], channels: Mapping[str, Channel]) -> list[Channel]:
    wanted = list(dict.fromkeys(names))
    unknown = [name for name in wanted if name not in channels]
    if unknown or not wanted:
        fault = f"no channel is called {', '.join(unknown)}" if unknown else "name a channel"
        raise UsageError(f"{fault}; installed: {', '.join(channels) or 'none'}")
    return [channels[name] for name in wanted]


@contextmanager
def _alone(outbox: Path, wait: float) -> Iterator[None]:
    """One delivery of an outbox at a time; an outbox that does not exist is not made for the lock."""
    if not outbox.is_dir():
        yield
        return
    with locked(outbox / LOCK, wait) as alone:
        if not alone:
            raise DeliveryFailed(f"another delivery from {outbox} has been running for {wait:.0f} s; try again later")
        yield


def _admitted(outbox: Path, release: Release) -> Verified:
    """The release, once every byte and its approval are proved."""
    verified = verify(release)
    check_as_staged(outbox, verified)
    given = approvals(outbox, release.digest)
    if not given:
        raise NotApproved(
            f"nobody has approved {release.reference}; look at {release.path / 'report.html'}, then\n"
            f"    kanfa approve {release.digest} --by NAME"
        )
    if all(approval.manifest_sha256 != verified.manifest_sha256 for approval in given):
        last = given[-1]
        raise AlteredRelease(
            f"{release.reference}: manifest.json changed after {last.by} approved it on {last.at:%Y-%m-%d}; "
            f"look at it again, then\n    kanfa approve {release.digest} --by NAME"
        )
    return verified


def _admitted_or_recorded(outbox: Path, reference: str, now: Clock, who: str) -> Verified:
    """The same, but a refusal goes into the ledger of an outbox that exists."""
    release: Release | None = None
    try:
        release = find_release(outbox, reference)
        return _admitted(outbox, release)
    except Refused as refusal:
        if outbox.is_dir():
            digest, slug = (release.digest, release.slug) if release is not None else ("", "")
            detail = {"reference": reference, "error": type(refusal).__name__, "reason": str(refusal)}
            ledger.record(outbox, Event.REFUSED, digest=digest, slug=slug, now=now, who=who, detail=detail)
        raise


def _delivered_before(outbox: Path, verified: Verified, channel: Channel, target: str) -> bool:
    return any(
        entry.event is Event.DELIVERED and entry.channel == channel.name and entry.detail.get("target") == target
        for entry in ledger.history(outbox, verified.release.digest)
    )


def _planned(outbox: Path, verified: Verified, channel: Channel, publication: Publication, target: str) -> Delivery:
    actions = channel.plan(verified, publication, target).actions
    if not actions and _delivered_before(outbox, verified, channel, target):
        return _already(verified, channel, target)
    return Delivery(channel.name, target, State.PLANNED, f"would deliver {verified.release.reference}", actions)


def _already(verified: Verified, channel: Channel, target: str) -> Delivery:
    detail = f"{verified.release.reference} was delivered before and is intact; nothing was done"
    return Delivery(channel.name, target, State.ALREADY, detail)


def _hand_over(
    outbox: Path,
    verified: Verified,
    channel: Channel,
    publication: Publication,
    target: str,
    *,
    now: Clock,
    who: str,
    force: bool = False,
) -> Delivery:
    def note(event: Event, **detail: str) -> None:
        release = verified.release
        ledger.record(
            outbox,
            event,
            digest=release.digest,
            slug=release.slug,
            now=now,
            who=who,
            channel=channel.name,
            detail={"target": target, **detail},
        )

    before = _delivered_before(outbox, verified, channel, target)
    try:
        actions = channel.plan(verified, publication, target).actions
        if before and not actions:
            return _already(verified, channel, target)
        note(Event.DELIVERING)
        hand = (channel.overwrite if force else None) or channel.deliver
        outcome = hand(verified, publication, target)
    except (EnvironmentProblem, UsageError) as error:  # nobody refused anything: the machine is not ready
        note(Event.FAILED, reason=str(error))
        raise
    except (KanfaError, OSError) as error:
        note(Event.FAILED, reason=str(error))
        raise DeliveryFailed(str(error)) from None
    state = State.DELIVERED
    if before:
        state = State.RESTORED if outcome.changed else State.ALREADY
    note(Event.DELIVERED, state=str(state), detail=outcome.detail)
    return Delivery(channel.name, target, state, outcome.detail, actions if outcome.changed else ())
