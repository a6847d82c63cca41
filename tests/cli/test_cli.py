"""The command line is a contract: exit statuses, one JSON document on standard output, no traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cli_house import ISSUE, Kanfa

from kanfa.cli import COMMANDS, main


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(kanfa: Kanfa, command: str) -> None:
    ran = kanfa(command, "--help")
    assert ran.status == 0
    assert ran.out.startswith(f"Usage: kanfa {command}")


def test_version_and_help_are_answered(kanfa: Kanfa) -> None:
    assert kanfa("--version").out.startswith("kanfa ")
    assert "publish" in kanfa("--help").out


@pytest.mark.parametrize("words", [["nonsense"], ["render", "9"], ["check"], ["approve", "abc"], ["render", "--to"]])
def test_wrong_words_end_with_status_two(kanfa: Kanfa, words: list[str]) -> None:
    ran = kanfa(*words)
    assert (ran.status, ran.out) == (2, "")
    assert "Usage" in ran.err or "Error" in ran.err


def test_check_prints_one_json_document_with_findings_sizes_and_verdict(kanfa: Kanfa, desk: Path) -> None:
    ran = kanfa("check", "7", "--format", "json")
    document = json.loads(ran.out)
    assert ran.status == 0
    assert set(document) == {"issue", "findings", "sizes", "ok"}
    assert document["ok"] is True
    assert document["issue"] == "content/issues/007/issue.md"
    assert {"email.html", "email.txt", "issue.pdf", "wechat.html"} <= set(document["sizes"])
    assert not (desk / "outbox").exists()


def test_an_error_in_the_text_refuses_with_file_line_excerpt_and_cure(kanfa: Kanfa, desk: Path) -> None:
    path = desk / "content/issues/007/issue.md"
    path.write_text(ISSUE + "- [坏](javascript:alert(1))\n", encoding="utf-8")
    ran = kanfa("check", "7", "--format", "json")
    errors = [finding for finding in json.loads(ran.out)["findings"] if finding["severity"] == "error"]
    assert ran.status == 1
    assert errors
    assert {finding["line"] for finding in errors} == {12}
    assert set(errors[0]) >= {"rule", "severity", "message", "format", "file", "line", "excerpt", "cure"}
    text = kanfa("check", path)
    assert text.status == 1
    assert "content/issues/007/issue.md:12:" in text.out
    assert "改法：" in text.out
    assert "cure: " in kanfa("check", path, "--lang", "en").out
    github = kanfa("check", path, "--format", "github").out
    assert "::error file=content/issues/007/issue.md,line=12," in github
    sarif = json.loads(kanfa("check", path, "--format", "sarif").out)
    assert sarif["runs"][0]["results"][0]["locations"]


def test_strict_refuses_warnings_and_allow_waives_errors(kanfa: Kanfa, desk: Path) -> None:
    path = desk / "content/issues/007/issue.md"
    path.write_text(ISSUE.replace("summary: 一份用来测试命令行的周报。\n", ""), encoding="utf-8")
    assert kanfa("check", path).status == 0
    assert kanfa("check", path, "--strict").status == 1
    path.write_text(ISSUE + "\n![图](gone.png)\n", encoding="utf-8")
    assert kanfa("check", path).status == 1
    assert kanfa("check", path, "--allow", "ISS061=the picture comes later").status == 0
    assert kanfa("check", path, "--allow", "ISS061").status == 2
    assert kanfa("check", path, "--allow", "ISS999=x").status == 2


@pytest.mark.parametrize(
    ("output", "beginning"), [("email", "<!DOCTYPE html>"), ("text", ""), ("wechat", "<section"), ("json", "{")]
)
def test_render_writes_one_output_to_standard_output(
    desk: Path, output: str, beginning: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["render", "7", "--to", output])
    shown = capfdbinary.readouterr().out.decode()
    assert caught.value.code == 0
    assert shown.startswith(beginning)
    assert "Helm" in shown


def test_render_of_an_issue_in_several_articles_says_where_the_others_are(kanfa: Kanfa, desk: Path) -> None:
    """Beside the file that was named; on standard output there is room for the first only."""
    (desk / "kanfa.toml").write_text('name = "测试周报"\n[wechat]\ntoo_long = "split"\n', encoding="utf-8")
    long = "".join(f"## 第{at}节\n\n" + "一段不长不短的话。\n\n" * 400 for at in range(7))
    (desk / "long.md").write_text(f"---\ntitle: 长刊\nsummary: 一句话。\n---\n\n{long}", encoding="utf-8")
    ran = kanfa("render", "long.md", "--to", "wechat", "-o", desk / "x.html")
    files = sorted(path.name for path in desk.glob("x*.html"))
    assert len(files) > 1 == ran.err.count("x-2.html")
    assert files == ["x.html" if at == 1 else f"x-{at}.html" for at in [*range(2, len(files) + 1), 1]]
    assert f"this is part 1 of {len(files)}" in kanfa("render", "long.md", "--to", "wechat").err


def test_render_writes_a_file_and_refuses_an_unknown_output(kanfa: Kanfa, desk: Path) -> None:
    assert kanfa("render", "7", "--to", "pdf", "-o", desk / "x.pdf").status == 0
    assert (desk / "x.pdf").read_bytes().startswith(b"%PDF")
    assert kanfa("render", "7", "--to", "docx").status == 2
    assert kanfa("render", "7", "--to", "text", "-o", desk / "no" / "where.txt").status == 2


def test_issues_are_found_by_number_latest_or_path(kanfa: Kanfa, desk: Path) -> None:
    for reference in ("7", "latest", "content/issues/007/issue.md"):
        assert kanfa("check", reference).status == 0
    assert "there is no issue 8" in kanfa("check", "8").err
    assert "does not exist" in kanfa("check", "eight.md").err
    (desk / "content/issues/007-again").mkdir()
    (desk / "content/issues/007-again/issue.md").write_text(ISSUE, encoding="utf-8")
    assert "exists twice" in kanfa("check", "7").err


def test_new_makes_the_next_issue_which_reads_without_an_error(kanfa: Kanfa, desk: Path) -> None:
    ran = kanfa("new", "第八期：“新”的一期")
    path = Path(ran.out.strip())
    assert ran.status == 0
    assert path == desk / "content/issues/008/issue.md"
    source = path.read_text(encoding="utf-8")
    assert "number: 8" in source
    assert "第七期：测试" in source
    path.write_text(source + "## 要闻\n\n正文。\n", encoding="utf-8")
    assert kanfa("check", "8").status == 0
    assert kanfa("new", " ").status == 2


def test_rules_lists_the_catalogue_and_explains_one(kanfa: Kanfa) -> None:
    assert {"ISS060", "PAR001"} <= {rule["id"] for rule in json.loads(kanfa("rules", "--json").out)}
    assert "PAR001" in kanfa("rules").out
    page = kanfa("explain", "par001", "--lang", "en").out
    assert page == kanfa("rules", "PAR001", "--lang", "en").out == kanfa("explain", "text-missing", "--lang", "en").out
    assert all(heading in page for heading in ("Why", "Cure", "Source", "<!-- kanfa: allow PAR001 because"))
    assert "改法" in kanfa("explain", "PAR001", "--lang", "zh").out
    assert "did you mean PAR001" in kanfa("explain", "PAR0011").err
    assert kanfa("rules", "XYZ999").status == 2


def test_doctor_shows_every_part_of_the_machine(kanfa: Kanfa, desk: Path) -> None:
    rows = json.loads(kanfa("doctor", "--json").out)
    assert {row["what"] for row in rows} >= {"Python", "format pdf", "format email", "Prefect", "publication"}
    assert all(row["ok"] for row in rows)
    assert "✓" in kanfa("doctor").out


def test_nothing_staged_is_an_empty_list_and_an_unknown_release_is_refused(kanfa: Kanfa, desk: Path) -> None:
    assert json.loads(kanfa("releases", "--json").out) == []
    for words in (["show", "0123456789abcdef"], ["approve", "0123456789abcdef", "--by", "张磊"]):
        ran = kanfa(*words)
        assert ran.status == 1
        assert "0123456789abcdef" in ran.err


def test_a_fault_in_the_settings_is_named_with_its_line(kanfa: Kanfa, desk: Path) -> None:
    (desk / "kanfa.toml").write_text('name = "x"\nnmae = "y"\n', encoding="utf-8")
    ran = kanfa("check", "7")
    assert ran.status == 2
    assert "kanfa.toml:2:" in ran.err
    assert "Traceback" not in ran.err


def test_a_fault_of_our_own_is_one_line_and_its_traceback_is_shown_on_demand(
    kanfa: Kanfa, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(reference: str) -> None:
        raise KeyError("no such thing")

    monkeypatch.setattr("kanfa.cli.check.resolve", fail)
    ran = kanfa("check", "7")
    assert ran.status == 2
    assert "KeyError" in ran.err
    assert "Traceback" not in ran.err
    assert "Traceback" in kanfa("--debug", "check", "7").err


def test_one_unreadable_issue_does_not_hide_what_the_others_have(kanfa: Kanfa, desk: Path) -> None:
    (desk / "bad.md").write_bytes(b"a\x00b")
    ran = kanfa("check", "bad.md", "7", "--format", "json")
    assert ran.status == 2
    assert "bad.md" in ran.err
    assert json.loads(ran.out)["issue"] == "content/issues/007/issue.md"


def test_a_pipe_a_device_and_an_endless_name_are_refused(kanfa: Kanfa, desk: Path) -> None:
    os.mkfifo(desk / "pipe")
    for reference in ("pipe", "/dev/zero", "x" * 300):
        ran = kanfa("check", reference)
        assert ran.status == 2
        assert "fault in kanfa" not in ran.err
    assert kanfa("show", "x" * 300).status == 1


def test_no_control_character_of_an_issue_or_its_name_reaches_the_terminal(kanfa: Kanfa, desk: Path) -> None:
    (desk / "e\x1b[31mvil.md").write_text(ISSUE + "\n![a\x1bb](gone.png)\n", encoding="utf-8")
    ran = kanfa("check", desk / "e\x1b[31mvil.md")
    assert "\x1b" not in ran.out + ran.err
    assert "\x1b" not in kanfa("check", "g\x1bne.md").err


def test_a_table_in_a_pipe_is_not_wrapped(kanfa: Kanfa) -> None:
    reason = "every sentence of the issue stands in every output"
    assert any("PAR001" in line and reason in line for line in kanfa("rules", "--lang", "en").out.splitlines())


def test_doctor_says_which_credentials_are_there_and_never_what_they_are(kanfa, desk, monkeypatch):
    for name in ("KANFA_WECHAT_APPID", "KANFA_SMTP_USER", "KANFA_SMTP_PASSWORD"):
        monkeypatch.setenv(name, "hush-hush")
    monkeypatch.delenv("KANFA_WECHAT_SECRET", raising=False)
    ran = kanfa("doctor")
    assert "WeChat: not set: KANFA_WECHAT_SECRET; SMTP: present" in ran.out
    assert "hush-hush" not in ran.out + ran.err
