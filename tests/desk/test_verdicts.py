"""One finding for each link, at the line and column where the address stands."""

from __future__ import annotations

import pytest

from kanfa.desk import link_rules as rules
from kanfa.desk.links import Answer, Status
from kanfa.desk.lockfile import Entry, Lock
from kanfa.desk.transport import Trouble
from kanfa.desk.verdicts import Occurrence, findings_of, occurrences, questions, report_of, summary
from kanfa.findings import Finding, Rule, Severity
from kanfa.issue.model import Issue
from kanfa.issue.reader import read
from kanfa.publication import Publication

SOURCE = """\
---
number: 7
title: 第七期
date: 2026-01-05
---

## 要闻

- [Helm](https://helm.sh/docs/#install) 与 [写信](mailto:a@example.org)
- [又是 Helm](https://helm.sh/docs/)

![图](https://img.example.org/a.png)
"""
HELM = Occurrence("https://helm.sh/docs/", "install", 9)


def issue_of(source: str) -> Issue:
    return read(source, "007/issue.md", Publication()).issue


def found(answer: Answer, place: Occurrence = HELM) -> list[Finding]:
    return list(findings_of(place, answer, SOURCE.split("\n")))


def test_links_and_pictures_are_asked_for_and_other_schemes_are_not() -> None:
    places = occurrences(issue_of(SOURCE), Lock())
    assert places == [
        HELM,
        Occurrence("https://helm.sh/docs/", "", 10),
        Occurrence("https://img.example.org/a.png", "", 12),
    ]
    assert questions(places, fragments=False) == {"https://helm.sh/docs/": [], "https://img.example.org/a.png": []}
    assert questions(places, fragments=True)["https://helm.sh/docs/"] == ["install"]


def test_a_picture_that_was_pulled_is_not_asked_for() -> None:
    entry = Entry("images/a.png", "", 0, "image/png", 1, 1)
    places = occurrences(issue_of(SOURCE), Lock({"https://img.example.org/a.png": entry}, True))
    assert all(place.address != "https://img.example.org/a.png" for place in places)


def test_earlier_issues_are_asked_for_where_the_editor_lists_them() -> None:
    listed = SOURCE.replace(
        "---\n\n##", "previous:\n- {number: 6, title: 六, url: 'https://w.example.org/6'}\n---\n\n##"
    )
    addresses = [place.address for place in occurrences(issue_of(listed), Lock())]
    assert "https://w.example.org/6" in addresses


CASES = [
    (rules.LINK_DEAD, Answer(Status.BROKEN, 404), "https://helm.sh/docs/ answers HTTP 404"),
    (rules.LINK_DEAD, Answer(Status.BROKEN, 503), "https://helm.sh/docs/ answers HTTP 503"),
    (
        rules.LINK_DEAD,
        Answer(Status.BROKEN, 200, reason="参数错误"),
        "WeChat withholds https://helm.sh/docs/: “参数错误”",
    ),
    (
        rules.LINK_DEAD,
        Answer(Status.BROKEN, trouble=Trouble.NO_HOST, reason="x"),
        "the host of https://helm.sh/docs/ does not exist",
    ),
    (
        rules.LINK_DEAD,
        Answer(Status.BROKEN, trouble=Trouble.CERTIFICATE, reason="expired"),
        "browsers refuse https://helm.sh/docs/: its certificate is not valid (expired)",
    ),
    (
        rules.LINK_DEAD,
        Answer(Status.BROKEN, trouble=Trouble.REDIRECTS, reason="more than 5 redirects"),
        "https://helm.sh/docs/ redirects without end: more than 5 redirects",
    ),
    (
        rules.LINK_DEAD,
        Answer(Status.BROKEN, trouble=Trouble.CONNECTION, reason="refused"),
        "https://helm.sh/docs/ cannot be reached: refused",
    ),
    (
        rules.LINK_TIMEOUT,
        Answer(Status.TIMEOUT, trouble=Trouble.TIMEOUT),
        "https://helm.sh/docs/ gives no answer in time",
    ),
    (
        rules.LINK_TIMEOUT,
        Answer(Status.TIMEOUT, trouble=Trouble.NAME_SERVER),
        "no name server answers about https://helm.sh/docs/ in time",
    ),
    (
        rules.LINK_RATE_LIMITED,
        Answer(Status.RATE_LIMITED, 429),
        "the host of https://helm.sh/docs/ wants to be asked less often",
    ),
    (
        rules.LINK_RATE_LIMITED,
        Answer(Status.RATE_LIMITED, 200),
        "WeChat wants a proof that a person reads https://helm.sh/docs/",
    ),
    (
        rules.LINK_MOVED,
        Answer(Status.REDIRECTED, 200, target="https://helm.sh/zh/"),
        "https://helm.sh/docs/ has moved to https://helm.sh/zh/#install",
    ),
    (
        rules.LINK_BLOCKED,
        Answer(Status.BLOCKED, trouble=Trouble.BLOCKED, reason="10.0.0.1 is private"),
        "https://helm.sh/docs/ is not asked: 10.0.0.1 is private",
    ),
    (rules.LINK_LOGIN, Answer(Status.NEEDS_LOGIN, 403), "https://helm.sh/docs/ answers HTTP 403"),
    (
        rules.LINK_FRAGMENT,
        Answer(Status.WORKING, 200, missing=("install",)),
        "the page https://helm.sh/docs/ has no place “install”",
    ),
]


@pytest.mark.parametrize(("rule", "answer", "message"), CASES, ids=[message for _, _, message in CASES])
def test_each_answer_is_one_finding_with_its_rule_and_words(rule: Rule, answer: Answer, message: str) -> None:
    [finding] = found(answer)
    assert (finding.rule, finding.line, finding.message) == (rule, 9, message)
    assert finding.quote == "https://helm.sh/docs/#install"


@pytest.mark.parametrize("answer", [Answer(Status.WORKING, 200), Answer(Status.IGNORED)])
def test_a_link_that_works_or_is_ignored_has_no_finding(answer: Answer) -> None:
    assert found(answer) == []


def test_a_missing_place_concerns_only_links_to_that_place() -> None:
    assert found(Answer(Status.WORKING, 200, missing=("install",)), Occurrence(HELM.address, "", 10)) == []


def test_every_rule_about_links_has_a_case_and_the_severity_an_editor_wants() -> None:
    assert {rule for rule, _, _ in CASES} == {rule for rule in rules.RULES if rule.id >= "ISS150"}
    errors = {rule.id for rule in rules.RULES if rule.severity is Severity.ERROR}
    assert errors == {"ISS140", "ISS150", "ISS154"}
    assert [rule.id for rule in rules.RULES if rule.severity is Severity.INFO] == ["ISS141", "ISS153"]


def test_a_report_has_a_finding_for_each_occurrence_with_line_column_and_file() -> None:
    issue = issue_of(SOURCE)
    places = occurrences(issue, Lock())
    answers = {place.address: Answer(Status.BROKEN, 404) for place in places}
    report = report_of(issue, places, answers)
    assert [(finding.line, finding.column) for finding in report.findings] == [(9, 10), (10, 13), (12, 6)]
    assert {finding.file for finding in report.findings} == {issue.file}
    assert not report.ok


def test_secrets_and_long_addresses_are_shortened_in_messages() -> None:
    place = Occurrence("https://helm.sh/?token=abc&x=" + "y" * 30 + "/" + "z" * 100, "", 9)
    [finding] = found(Answer(Status.BROKEN, 404), place)
    assert "abc" not in finding.message
    assert len(finding.message) < 120


def test_the_summary_counts_statuses() -> None:
    assert summary({}, 0) == "0 addresses"
    answers = {"a": Answer(Status.WORKING), "b": Answer(Status.WORKING), "c": Answer(Status.NEEDS_LOGIN)}
    assert summary(answers, 2) == "3 addresses: 2 working, 1 needs login; 2 known from before"
