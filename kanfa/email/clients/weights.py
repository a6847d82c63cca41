"""How much each client matters: the defaults, and what a publication says in `[email.clients]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from kanfa.channel_settings import Weight

WEIGHTS: Final[tuple[Weight, ...]] = ("ignored", "noted", "wanted", "required")
"""From least to most."""

DEFAULTS: Final[Mapping[str, Weight]] = MappingProxyType(
    {
        # what most mail is read with, the world over
        "gmail": "required",
        "apple-mail": "required",
        "outlook": "required",
        # widely used, or the parts of a family that few use: what fails there should be known, not forbidden
        "gmail.mobile-webmail": "wanted",
        "yahoo": "wanted",
        "samsung-email": "wanted",
        "thunderbird": "wanted",
        # used by some readers of technical newsletters
        "fastmail": "noted",
        "protonmail": "noted",
        "hey": "noted",
        "aol": "noted",
        # no longer shipped, since the end of 2024
        "outlook.windows-mail": "ignored",
        # of one country each: France, Germany, Poland, Russia; and a client that nobody tests any more
        "free-fr": "ignored",
        "laposte": "ignored",
        "orange": "ignored",
        "sfr": "ignored",
        "gmx": "ignored",
        "ionos-1and1": "ignored",
        "t-online-de": "ignored",
        "web-de": "ignored",
        "wp-pl": "ignored",
        "mail-ru": "ignored",
        "rainloop": "ignored",
    }
)
"""Weight by pattern where kanfa.toml says nothing. Chinese clients are not in the data: for them the rules ask that
a mail be whole without any style block (EML023). New families count as `noted` until somebody decides."""

UNDECIDED: Final[Weight] = "noted"


def weights(clients: Iterable[str], settings: Mapping[str, Weight]) -> dict[str, Weight]:
    """The weight of each client: the nearest pattern of the settings, else the nearest one of the defaults.

    `family.platform` is nearer than `family` and `family.*`, which mean the same.
    """
    return {client: _nearest(client, settings) or _nearest(client, DEFAULTS) or UNDECIDED for client in clients}


def _nearest(client: str, patterns: Mapping[str, Weight]) -> Weight | None:
    family = client.partition(".")[0]
    return next((patterns[name] for name in (client, f"{family}.*", family) if name in patterns), None)


def unknown(patterns: Iterable[str], clients: Iterable[str]) -> str | None:
    """The first pattern that names no client of the data."""
    known = {name for client in clients for name in (client, client.partition(".")[0])}
    return next((pattern for pattern in patterns if pattern.removesuffix(".*") not in known), None)
