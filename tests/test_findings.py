"""Findings are plain data: located, ordered, waived and exported without knowing what found them."""

from __future__ import annotations

from kanfa.findings import Report, Rule, Severity, ordered, waived

BROKEN = Rule("TST001", "broken", Severity.ERROR, "it is broken", "common sense", "mend it")
UGLY = Rule("TST002", "ugly", Severity.WARNING, "it is ugly", "taste", "make it beautiful")


def test_a_finding_gets_its_file_and_the_text_of_its_line() -> None:
    finding = BROKEN.at(2, "here").located("issue.md", ["one", "  two  "], "email")
    assert finding.to_dict() == {
        "rule": "TST001",
        "severity": "error",
        "message": "here",
        "format": "email",
        "file": "issue.md",
        "line": 2,
        "excerpt": "two",
        "cure": "mend it",
    }


def test_a_line_outside_the_source_has_no_excerpt() -> None:
    assert BROKEN.at(0, "x").located("f", []).line == 1
    assert BROKEN.at(9, "x").located("f", ["one"]).excerpt == ""


def test_findings_are_ordered_by_line_then_the_worst_first_and_equal_ones_count_once() -> None:
    late, ugly, broken = BROKEN.at(9, "a"), UGLY.at(2, "b"), BROKEN.at(2, "c")
    assert ordered([late, ugly, broken, ugly]) == [broken, ugly, late]


def test_a_waived_error_no_longer_refuses_but_stays_visible_with_its_reason() -> None:
    report = Report("issue.md", tuple(waived([BROKEN.at(1, "x"), UGLY.at(1, "y")], {"TST001": "on purpose"})))
    assert report.ok
    assert report.findings[0].to_dict()["waiver"] == "on purpose"
    assert report.findings[0].severity is Severity.WARNING
    assert report.findings[1].waiver == ""


def test_one_error_refuses_the_whole_issue() -> None:
    report = Report("issue.md", (UGLY.at(1, "y"), BROKEN.at(4, "x")), {"email.html": 3})
    assert not report.ok
    assert report.to_dict()["ok"] is False
    assert report.to_dict()["sizes"] == {"email.html": 3}
