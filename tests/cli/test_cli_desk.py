"""What an editor sees: carets under the fault, the shell's completion, pages of rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_house import Kanfa

from kanfa.cli.common import finding_text, summary
from kanfa.findings import Report, Rule, Severity

RULE = Rule("ISS900", "some-rule", Severity.WARNING, "because", "somebody", "do it")


def test_carets_stand_under_the_fault_also_behind_wide_characters() -> None:
    found = RULE.at(1, "half-width", quote=",").located("issue.md", ["今天,明天"])
    lines = finding_text(found).plain.split("\n")
    assert lines[0] == "issue.md:1:3: warning ISS900 half-width"
    assert lines[1].endswith("│ 今天,明天")
    assert lines[2].index("^") - lines[2].index("│") == 2 + 4  # two Han characters are four columns wide


def test_a_finding_without_a_quote_has_neither_column_nor_carets() -> None:
    text = finding_text(RULE.at(1, "somewhere").located("issue.md", ["今天"])).plain
    assert text.startswith("issue.md:1: warning")
    assert "^" not in text


def test_counts_are_said_in_both_languages() -> None:
    report = Report("issue.md", (RULE.at(1, "a"), RULE.at(2, "b")))
    assert summary(report) == "issue.md: 2 warnings"
    assert summary(report, "zh-CN") == "issue.md：2 条警告"
    assert summary(Report("issue.md"), "zh") == "issue.md：没有发现问题"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_completion_script(kanfa: Kanfa, shell: str) -> None:
    ran = kanfa("completion", shell)
    assert ran.status == 0
    assert "_KANFA_COMPLETE" in ran.out


@pytest.mark.parametrize(
    ("line", "word", "offered"),
    [
        ("kanfa ch", 1, "check"),
        ("kanfa check 7", 2, "7"),
        ("kanfa check la", 2, "latest"),
        ("kanfa explain iss02", 2, "ISS021"),
    ],
)
def test_commands_issues_and_rules_are_completed(  # noqa: PLR0917 - fixtures and cases
    kanfa: Kanfa, desk: Path, monkeypatch: pytest.MonkeyPatch, line: str, word: int, offered: str
) -> None:
    monkeypatch.setenv("_KANFA_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(word))
    assert f"plain,{offered}\n" in kanfa().out
