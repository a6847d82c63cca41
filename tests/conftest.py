"""What all tests share: where things lie, and a publication of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kanfa.browser import Browser, check_environment, chromium
from kanfa.errors import EnvironmentProblem
from kanfa.publication import Publication

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """Real issues by other editors, where they lie beside the checkout; else the test is skipped."""
    folder = ROOT.parent / "shared" / "corpus"
    files = [path for path in sorted(folder.glob("*.md")) if path.name != "README.md"]
    if not files:
        pytest.skip("no corpus beside this checkout")
    return files


@pytest.fixture
def publication() -> Publication:
    """A small publication with nothing but the defaults and a name."""
    return Publication(name="测试周刊", url="https://weekly.example.org")


@pytest.fixture(scope="session")
def have_browser() -> None:
    """Skips what needs a real Chromium where there is none, and says why; in CI tests/test_browser.py fails then."""
    try:
        check_environment()
    except EnvironmentProblem as problem:
        pytest.skip(f"no browser: {problem.args[0]}")


@pytest.fixture(scope="module")
def browser(have_browser: None) -> Iterator[Browser]:
    """One headless Chromium for all tests of a module."""
    with chromium() as opened:
        yield opened


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make golden` writes the golden outputs anew instead of comparing with them."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/*/ anew")
