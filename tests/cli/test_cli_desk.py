"""What an editor sees: carets under the fault, the shell's completion, pages of rules."""

from __future__ import annotations

import json
import os
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


def test_sarif_names_a_file_whose_name_is_no_utf8_and_says_how_columns_count(
    kanfa: Kanfa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = os.fsdecode(b"a\xff b.md")
    Path(name).write_text("---\ntitle: t\n---\n\n![x](gone.png)\n", encoding="utf-8")
    run = json.loads(kanfa("check", name, "--format", "sarif").out)["runs"][0]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert run["columnKind"] == "unicodeCodePoints"
    assert {place["artifactLocation"]["uri"] for place in places} == {"a%FF%20b.md"}
    assert all(place["region"]["startLine"] >= 1 for place in places)


def test_completion_hands_files_over_before_the_numbers_of_issues(desk: Path) -> None:
    """bash forgets what stands before the word for files."""
    import click

    from kanfa.cli.check import check
    from kanfa.cli.common import complete_issue

    found = complete_issue(click.Context(check), check.params[0], "")
    assert found[0].type == "file"
    assert "latest" in [item.value for item in found[1:]]


def test_a_row_of_thousands_of_digits_is_no_number_of_an_issue(kanfa: Kanfa, desk: Path) -> None:
    ran = kanfa("check", "9" * 5000)
    assert ran.status == 2
    assert "does not exist" in ran.err


def test_a_rule_that_cannot_be_switched_off_is_named(kanfa: Kanfa, desk: Path) -> None:
    settings = desk / "kanfa.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[lint]\noff = ["NOPE", "ISS061", "EML068"]\n', "utf-8")
    ran = kanfa("check", "7")
    assert "names NOPE, and there is no such rule" in ran.err
    assert "names ISS061; an error cannot be switched off" in ran.err
    assert "EML068" not in ran.out + ran.err
