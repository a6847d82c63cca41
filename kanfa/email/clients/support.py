"""How bad it is for a publication that a mail uses a feature: the data, the weights and the exemptions together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kanfa.channel_settings import Weight
from kanfa.email.baseline import ENGINE_FEATURES
from kanfa.email.clients import exempt
from kanfa.email.clients.detect import of_style
from kanfa.email.clients.table import Feature, Table, table
from kanfa.email.clients.weights import WEIGHTS, weights

IGNORED, NOTED, WANTED, REQUIRED = range(len(WEIGHTS))
"""Places in `WEIGHTS`: what a feature's failing is worth."""

UNREPORTED: Final = exempt.of(exempt.FUNDAMENTAL) | ENGINE_FEATURES
GRACEFUL: Final = exempt.of(exempt.GRACEFUL)
IN_BLOCKS: Final = GRACEFUL | exempt.of(exempt.ENHANCING)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the data says of one feature for the clients that matter."""

    level: int
    """A place in `WEIGHTS`; IGNORED when nothing is to be said."""
    failing: frozenset[str]
    partial: frozenset[str]


@dataclass(frozen=True)
class Support:
    """The data with one publication's weights."""

    table: Table
    weights: dict[str, Weight]

    def verdict(self, feature: Feature, in_blocks_only: bool = False) -> Verdict:
        """How much a feature's failing matters.

        The heaviest client that lacks it counts; a client that knows part of it counts one step less. What only
        stands in style blocks is an addition to a mail that is whole without it (rule EML023): a note at most.
        """
        failing, partial = self._that_matter(feature.failing), self._that_matter(feature.partial)
        level = max(self._heaviest(failing), self._heaviest(partial) - 1, IGNORED)
        if feature.slug in UNREPORTED or (in_blocks_only and feature.slug in IN_BLOCKS):
            level = IGNORED
        elif in_blocks_only or feature.slug in GRACEFUL:
            level = min(level, NOTED)
        return Verdict(level, failing, partial)

    def passes(self, name: str, value: str) -> bool:
        """Whether the data speaks of a declaration, and no client that is required lacks any part of it."""
        slugs = {self.table.slugs[key] for key in of_style(f"{name}:{value}") if key in self.table.slugs}
        levels = [self.verdict(self.table.features[slug]).level for slug in slugs & exempt.NAMED]
        return bool(levels) and max(levels) < REQUIRED

    def _that_matter(self, clients: Iterable[str]) -> frozenset[str]:
        return frozenset(client for client in clients if self.weights[client] != WEIGHTS[IGNORED])

    def _heaviest(self, clients: Iterable[str]) -> int:
        return max((WEIGHTS.index(self.weights[client]) for client in clients), default=IGNORED)


def support(settings: dict[str, Weight]) -> Support:
    """The data with the weights that `[email.clients]` gives."""
    return _support(tuple(sorted(settings.items())))


@lru_cache(maxsize=4)
def _support(settings: tuple[tuple[str, Weight], ...]) -> Support:
    data = table()
    return Support(data, weights(data.clients, dict(settings)))
