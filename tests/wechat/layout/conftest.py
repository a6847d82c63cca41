"""A browser for the few tests that measure for real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kanfa.browser import Browser, check_environment, chromium
from kanfa.errors import EnvironmentProblem


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; where the machine has none the test is skipped and says why."""
    try:
        check_environment()
    except EnvironmentProblem as problem:
        pytest.skip(f"no browser: {problem.args[0]}")
    with chromium() as opened:
        yield opened
