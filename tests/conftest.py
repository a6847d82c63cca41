"""What all tests share: where things lie, and a publication of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make golden` writes the golden outputs anew instead of comparing with them."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/*/ anew")
