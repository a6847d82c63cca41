"""Fixtures of the sandbox's tests."""

from __future__ import annotations

import pytest
from sandbox_values import Account


@pytest.fixture
def account() -> Account:
    return Account()
