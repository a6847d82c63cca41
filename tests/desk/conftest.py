"""A web site on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_house import Site, open_site


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with nothing on it."""
    with open_site() as made:
        yield made
