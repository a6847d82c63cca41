"""What a channel is, and how the engine finds the channels that are installed.

A channel is one `Channel` value, named by an entry point of the group `kanfa.channels`. It is handed a
release that was verified and approved; it decides nothing about either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kanfa import plugins
from kanfa.publication import Publication
from kanfa.release.store import Verified

GROUP = "kanfa.channels"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a delivery would do."""

    actions: tuple[str, ...]
    """One line for people each, in the order in which they would be done; empty when nothing is to do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a delivery did."""

    detail: str
    """One line for people."""
    changed: bool = True
    """False when everything was there as it should be and nothing was done."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way out of the house.

    `deliver` may be called again after a run that was killed half-way, so it must be safe to repeat. A
    channel that cannot take anything back (mail) therefore keeps its own record of each recipient,
    written before and after each sending.
    """

    name: str
    description: str
    """One line for `kanfa deliver --help`."""
    target: Callable[[Publication], str]
    """Where the publication's releases go when the command does not say: a folder, an address."""
    plan: Callable[[Verified, Publication, str], Plan]
    """Touches nothing."""
    deliver: Callable[[Verified, Publication, str], Outcome]
    """Raises DeliveryFailed, with the cure, when the target cannot take the release."""
    overwrite: Callable[[Verified, Publication, str], Outcome] | None = None
    """`deliver`, but over what people changed there since, after a copy was kept (`--force`); None = the same."""


def installed() -> dict[str, Channel]:
    """Every installed channel by name, in the order of their names.

    Raises UsageError when an entry point does not name a Channel, or two channels claim one name.
    """
    return plugins.installed(GROUP, Channel)
