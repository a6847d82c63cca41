"""Findings in the reader's language."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from kanfa.findings import Finding, Report, Rule, Severity
from kanfa.formats import installed
from kanfa.messages import Translator, Words, translator
from kanfa.pipeline import catalogue

RULE = Rule("ISS900", "some-rule", Severity.WARNING, "because", "somebody", "do it")
CHINESE = Translator(
    "zh", {"ISS900": Words("因为", "去改", {"{count} links to {host}": "指向 {host} 的链接有 {count:,} 个"})}
)
KNOWN = catalogue(installed().values())


def test_a_finding_is_said_in_chinese_with_its_own_values() -> None:
    spoken = CHINESE.finding(RULE.at(3, "{count} links to {host}", count=1200, host="{x}"))
    assert spoken.message == "指向 {x} 的链接有 1,200 个"
    assert (spoken.rule.reason, spoken.rule.cure, spoken.rule.id) == ("因为", "去改", "ISS900")


def test_what_has_no_translation_stays_english() -> None:
    other = Rule("TOY001", "toy", Severity.INFO, "because", "somebody", "do it")
    assert CHINESE.finding(RULE.at(3, "another {thing}", thing="x")).message == "another x"
    assert CHINESE.finding(other.at(1, "as it is")) == other.at(1, "as it is")
    assert translator("en-GB").finding(RULE.at(1, "as it is")).message == "as it is"
    assert translator("de").language == "en"


def test_a_report_is_translated_as_a_whole() -> None:
    report = Report("issue.md", (RULE.at(1, "a"), RULE.at(2, "b")))
    assert [finding.rule.cure for finding in CHINESE.report(report).findings] == ["去改", "去改"]


def test_braces_in_a_message_without_values_are_left_alone() -> None:
    assert RULE.at(1, "{{ 7*7 }} and {x}").message == "{{ 7*7 }} and {x}"


def test_a_quote_gives_the_column_and_a_long_line_is_shown_round_it() -> None:
    found = RULE.at(1, "here", quote="坏").located("issue.md", ["  一二坏三"])
    assert (found.column, found.excerpt) == (5, "一二坏三")
    assert found.to_dict()["end_column"] == 6
    far = RULE.at(1, "here", quote="坏").located("issue.md", ["前" * 900 + "坏" + "后" * 900])
    assert "坏" in far.excerpt
    assert len(far.excerpt) <= 200
    assert "column" not in RULE.at(1, "here", quote="无").located("issue.md", ["别的"]).to_dict()


# ---------------------------------------------------------------- the Chinese catalogue is complete


@pytest.mark.parametrize("rule", KNOWN.values(), ids=lambda rule: rule.id)
def test_every_rule_speaks_chinese(rule: Rule) -> None:
    words = translator("zh").words.get(rule.id)
    assert words is not None, f"kanfa/messages/zh says nothing about {rule.id}"
    for text in (words.reason, words.cure):
        assert any("\u4e00" <= char <= "\u9fff" for char in text), (rule.id, text)


def test_the_catalogue_speaks_of_no_rule_that_is_gone() -> None:
    assert set(translator("zh").words) <= set(KNOWN)


def _fields(template: str) -> set[str]:
    return {name.partition("[")[0].partition(".")[0] for _, name, _, _ in string.Formatter().parse(template) if name}


def _templates(root: Path) -> Iterator[tuple[str, int, ast.expr]]:
    """Every message that a check hands to `RULE.at(line, message, …)`, with its place."""
    for path in sorted((root / "kanfa").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "at"
                and len(node.args) == 2
                and path.name != "markdown.py"  # markdown-it's rulers have a method of that name
            ):
                yield path.name, node.lineno, node.args[1]


def test_every_message_is_a_template_that_can_be_translated(root: Path) -> None:
    """An f-string would be another sentence each time, which no catalogue can hold."""
    wrong = [f"{name}:{line}" for name, line, message in _templates(root) if isinstance(message, ast.JoinedStr)]
    assert wrong == []


def test_every_message_has_its_chinese_sentence_with_the_same_fields(root: Path) -> None:
    chinese = {key: value for words in translator("zh").words.values() for key, value in words.messages.items()}
    constants = {
        message.value
        for _, _, message in _templates(root)
        if isinstance(message, ast.Constant) and isinstance(message.value, str)
    }
    assert sorted(constants - set(chinese)) == []
    assert [key for key, value in chinese.items() if _fields(key) != _fields(value)] == []


def test_a_finding_keeps_what_its_template_was_made_of() -> None:
    found: Finding = RULE.at(1, "{a} of {b}", a=1, b="x")
    assert (found.template, dict(found.values), found.message) == ("{a} of {b}", {"a": 1, "b": "x"}, "1 of x")
