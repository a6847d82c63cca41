"""`kanfa check --layout`: what is measured is added, what cannot be measured is named, and nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_house import ISSUE, Kanfa

import kanfa.browser
from kanfa.browser import Browser
from kanfa.cli.measuring import Meter
from kanfa.errors import EnvironmentProblem
from kanfa.findings import Finding
from kanfa.formats import Artifact, installed
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.wechat.rules import layout as rule

WIDTHS = ["WX041", "WX042", "WX043", "WX044", "WX045", "WX046", "WX047"]
ALLOWED = "<!-- kanfa: allow WX041 in issue because 主题就要这样 -->"


@pytest.fixture(autouse=True)
def _only_wechat(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other formats take seconds and have no layout to measure."""
    monkeypatch.setattr("kanfa.cli.check.installed", lambda: {"wechat": installed()["wechat"]})


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANFA_CHROMIUM", "/nowhere/chromium")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A browser that sees an awkward width in line 11 of every issue; the issues it was shown."""
    shown: list[str] = []

    @contextmanager
    def opened() -> Iterator[object]:
        yield object()

    def measure(_artifact: Artifact, issue: Issue, _publication: Publication, _browser: Browser) -> tuple[Finding, ...]:
        shown.append(issue.file)
        if "坏了" in issue.source:
            raise EnvironmentProblem("Chromium failed: gone")
        message = "“{text}” fills the column at {filled} px and not at {others} px"
        return (rule.WIDTH_CENTRING.at(11, message, text="Helm", filled="375", others="585", element="section>p"),)

    monkeypatch.setattr(kanfa.browser, "chromium", opened)
    monkeypatch.setattr("kanfa.wechat.layout.findings.check_layout", measure)
    return shown


def document(out: str) -> dict[str, object]:
    read: dict[str, object] = json.loads(out)
    return read


@pytest.mark.usefixtures("desk")
def test_without_the_option_no_browser_is_touched(kanfa: Kanfa, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise AssertionError("nobody asked for a browser")

    monkeypatch.setattr("kanfa.browser.chromium", refused)
    ran = kanfa("check", 7, "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    assert "not_run" not in document(ran.out)


@pytest.mark.usefixtures("desk", "no_browser")
def test_without_a_browser_the_check_goes_on_and_one_line_names_what_did_not_run(kanfa: Kanfa) -> None:
    plain, ran = kanfa("check", 7, "--format", "json"), kanfa("check", 7, "--layout", "--format", "json")
    assert ran.status == plain.status == 0
    assert document(ran.out) == {**document(plain.out), "not_run": WIDTHS}
    (line,) = ran.err.splitlines()
    assert line.startswith("kanfa: not run: WX041 width-centring, WX042 width-overflow, ")
    assert line.endswith(": KANFA_CHROMIUM names no program: /nowhere/chromium; cure: unset KANFA_CHROMIUM")


@pytest.mark.usefixtures("desk", "no_browser")
def test_several_issues_say_it_once(kanfa: Kanfa) -> None:
    assert len(kanfa("check", 7, 7, "--layout").err.splitlines()) == 1


@pytest.mark.usefixtures("desk", "seen")
def test_what_was_measured_is_a_finding_like_any_other(kanfa: Kanfa) -> None:
    ran = kanfa("check", 7, "--layout", "--format", "json", "--lang", "zh")
    assert ran.status == 1
    shown = document(ran.out)
    assert (shown["ok"], shown["not_run"]) == (False, [])
    (found,) = [one for one in shown["findings"] if one["rule"] == "WX041"]  # type: ignore[attr-defined]
    assert (found["format"], found["line"], found["element"]) == ("wechat", 11, "section>p")
    assert found["message"] == "“Helm”在 375 px 宽时撑满整栏，在 585 px 宽时没有撑满"
    assert "Helm" in found["excerpt"]
    assert "WX041 [wechat]" in kanfa("check", 7, "--layout").out


@pytest.mark.usefixtures("seen")
def test_a_comment_for_a_layout_rule_is_heeded_and_called_unused_only_after_measuring(kanfa: Kanfa, desk: Path) -> None:
    issue = desk / "content/issues/007/issue.md"
    issue.write_text(ISSUE.replace("## 要闻", f"{ALLOWED}\n\n## 要闻"), encoding="utf-8")
    assert kanfa("check", 7, "--layout").status == 0
    silent = document(kanfa("check", 7, "--format", "json").out)["findings"]
    assert [one for one in silent if "WX041" in one["message"]] == []  # type: ignore[attr-defined]
    issue.write_text(issue.read_text(encoding="utf-8").replace("WX041", "WX046"), encoding="utf-8")
    told = document(kanfa("check", 7, "--layout", "--format", "json").out)["findings"]
    assert [one for one in told if "WX046" in one["message"]] != []  # type: ignore[attr-defined]


def test_a_browser_that_fails_is_given_up_and_the_issues_before_keep_their_findings(
    kanfa: Kanfa, desk: Path, seen: list[str]
) -> None:
    bad = desk / "bad.md"
    bad.write_text(ISSUE.replace("Helm", "坏了"), encoding="utf-8")
    ran = kanfa("check", 7, bad, 7, "--layout", "--format", "json")
    first, second, third = json.loads(ran.out)
    assert (first["not_run"], second["not_run"], third["not_run"]) == ([], WIDTHS, WIDTHS)
    assert [one["rule"] for one in first["findings"] if one["rule"] in WIDTHS] == ["WX041"]
    assert len(seen) == 2
    (line,) = ran.err.splitlines()
    assert line.startswith("kanfa: not run (from bad.md on): WX041")
    assert line.endswith("Chromium failed: gone")


def test_formats_without_measuring_and_artifacts_that_were_not_made_have_no_say(seen: list[str]) -> None:
    formats = installed()
    nothing: Mapping[str, Artifact] = {}
    meter = Meter({"email": formats["email"], "wechat": formats["wechat"]})
    assert meter.findings(nothing, Issue(title="一", file="issue.md"), Publication()) == {}
    assert meter.not_run({}) == tuple(WIDTHS)
    assert meter.not_run({"wechat": ()}) == ()
    assert seen == []


@pytest.mark.usefixtures("desk", "seen")
def test_themes_are_measured_on_the_sample(kanfa: Kanfa) -> None:
    """A finding is about the theme's file; one that cannot be read has no layout."""
    ran = kanfa("check", "--theme", "ink", "--layout", "--format", "json")
    assert ran.status == 1
    shown = document(ran.out)
    assert shown["not_run"] == []
    (found,) = shown["findings"]  # type: ignore[misc]
    assert (found["rule"], found["file"], found["line"]) == ("WX041", "templates/wechat/ink.css", 1)  # type: ignore[has-type]
    Path("bad.css").write_text("p { color: var(--x) }", encoding="utf-8")
    shown = document(kanfa("check", "--theme", "bad.css", "--layout", "--format", "json").out)
    assert shown["not_run"] == WIDTHS
    assert [one["rule"] for one in shown["findings"]] == ["WX150"]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("desk", "no_browser")
def test_a_theme_without_a_browser_is_judged_all_the_same(kanfa: Kanfa) -> None:
    ran = kanfa("check", "--theme", "plain", "--layout", "--format", "json")
    assert (ran.status, len(ran.err.splitlines())) == (0, 1)
    assert document(ran.out)["not_run"] == WIDTHS


@pytest.mark.usefixtures("have_browser")
def test_our_themes_lay_out_the_sample_without_fault(kanfa: Kanfa) -> None:
    """In a real browser, every construct in every theme."""
    ran = kanfa("check", "--theme", "plain", "letterpress", "ink", "--layout", "--format", "json")
    assert [(one["findings"], one["not_run"]) for one in json.loads(ran.out)] == [([], [])] * 3


@pytest.mark.usefixtures("have_browser")
def test_a_theme_that_breaks_the_layout_is_refused(kanfa: Kanfa, desk: Path, root: Path) -> None:
    """From the command to the browser and back."""
    theme = desk / "templates/wechat/plain.css"
    theme.parent.mkdir(parents=True)
    plain = (root / "templates/wechat/plain.css").read_text(encoding="utf-8")
    theme.write_text(plain + "\n.chapter { width: 500px }\n", encoding="utf-8")
    ran = kanfa("check", 7, "--layout", "--format", "json")
    assert ran.status == 1
    found = [(one["rule"], one["line"], one["excerpt"]) for one in json.loads(ran.out)["findings"]]
    assert ("WX041", 9, "## 要闻") in found
