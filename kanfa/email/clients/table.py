"""The reduced data of caniemail.com: which client shows which feature."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

FILE: Final = Path(__file__).with_name("caniemail.json")
FAILS, PARTLY = "n", "a"


@dataclass(frozen=True, slots=True)
class Feature:
    """One page of caniemail.com."""

    slug: str
    """The page's name: `https://www.caniemail.com/features/<slug>/`."""
    title: str
    support: Mapping[str, str]
    """By client (`family.platform`) what its last tested version does: `y` yes, `a` partly, `n` no, `u` unknown."""

    @property
    def failing(self) -> frozenset[str]:
        """Clients that do not know the feature."""
        return frozenset(client for client, letter in self.support.items() if letter == FAILS)

    @property
    def partial(self) -> frozenset[str]:
        """Clients that know part of it."""
        return frozenset(client for client, letter in self.support.items() if letter == PARTLY)


@dataclass(frozen=True, slots=True)
class Table:
    """All features, and the keys by which they are recognised."""

    package: str
    """The npm package the data came with, and its version."""
    date: str
    """Day of the data's last change, ISO 8601."""
    clients: Mapping[str, tuple[str, str]]
    """By `family.platform` the names of both for people."""
    features: Mapping[str, Feature]
    """By slug."""
    slugs: Mapping[str, str]
    """Slug by key, e.g. `property float`; see `detect`."""

    def names(self, clients: frozenset[str]) -> str:
        """Those clients for people, by family: `Outlook (Windows, macOS), Yahoo! Mail`; a whole family by its name."""
        families: dict[str, list[str]] = {}
        size: dict[str, int] = {}
        for client, (family, platform) in self.clients.items():
            size[family] = size.get(family, 0) + 1
            if client in clients:
                families.setdefault(family, []).append(platform)
        return ", ".join(
            family if len(platforms) == size[family] else f"{family} ({', '.join(platforms)})"
            for family, platforms in families.items()
        )

    @property
    def edition(self) -> str:
        """Date and package in one line, as reports and manifests name the data."""
        return f"{self.date} ({self.package})"


@lru_cache(maxsize=1)
def table() -> Table:
    """The table that lies beside this module, read once."""
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    clients = {client: (family, platform) for client, (family, platform) in data["clients"].items()}
    features = {
        slug: Feature(slug, title, dict(zip(clients, support, strict=True)))
        for slug, (title, _, support) in data["features"].items()
    }
    slugs = {key: slug for slug, (_, keys, _) in data["features"].items() for key in keys}
    return Table(
        data["package"], data["date"], MappingProxyType(clients), MappingProxyType(features), MappingProxyType(slugs)
    )
