"""Completeness guards: what exists in one place exists in all the places where it must."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from kanfa.email.writer import EmailWriter
from kanfa.findings import Rule
from kanfa.formats import installed
from kanfa.html import HtmlWriter
from kanfa.issue.model import Issue, Node, walk
from kanfa.pdf.writer import PdfWriter
from kanfa.pipeline import catalogue, read
from kanfa.publication import Publication
from kanfa.text import TextWriter
from kanfa.wechat.writer import WeChatWriter

WRITERS = (HtmlWriter, TextWriter, EmailWriter, PdfWriter, WeChatWriter)
KINDS = get_args(Node)
RULES = list(catalogue(installed().values()).values())


@pytest.fixture(scope="module")
def specimen(root: Path) -> Issue:
    """The golden issue: it contains every node kind."""
    return read(root / "content/issues/000-specimen/issue.md", Publication()).issue


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
def test_every_writer_knows_every_kind_of_node(kind: type, writer: type) -> None:
    assert callable(getattr(writer, kind.method, None))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_specimen_holds_every_kind_of_node(kind: type, specimen: Issue) -> None:
    assert any(isinstance(node, kind) for node in specimen.walk())


def test_every_node_of_the_specimen_knows_its_line(specimen: Issue) -> None:
    count = len(specimen.source.splitlines())
    assert all(1 <= node.line <= count for block in specimen.body() for node in walk(block))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_why_whence_and_how_to_cure_it(rule: Rule) -> None:
    assert rule.id.rstrip("0123456789").isupper()
    assert len(rule.id) in {5, 6}
    for words in (rule.reason, rule.source, rule.cure):
        assert len(words) > 8
        assert "\n" not in words


@pytest.fixture(scope="module")
def all_tests(root: Path) -> str:
    """All tests as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / "tests").rglob("test_*.py")))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_named_in_a_test(rule: Rule, all_tests: str) -> None:
    """By id, or by the constant that holds it: a rule nobody triggers in a test is a rule nobody can trust."""
    if f'"{rule.id}"' in all_tests or f"'{rule.id}'" in all_tests:
        return
    constants = {
        name
        for module in list(sys.modules.values())
        if module.__name__.startswith("kanfa.")
        for name, value in vars(module).items()
        if value is rule
    }
    assert any(constant in all_tests for constant in constants), f"no test speaks of {rule.id}"


def test_the_engine_never_imports_prefect() -> None:
    code = (
        "import sys, kanfa.pipeline, kanfa.formats, kanfa.release.store, kanfa.release.ledger, kanfa.deliver.delivery;"
        "kanfa.formats.installed();"
        "sys.exit('prefect' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_file_is_too_long_to_read(root: Path) -> None:
    files = [*(root / "kanfa").rglob("*.py"), *(root / "flows").rglob("*.py")]
    long = {path.name: count for path in files if (count := len(path.read_text(encoding="utf-8").splitlines())) > 450}
    assert long == {}
