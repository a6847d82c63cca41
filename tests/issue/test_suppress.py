"""Comments that allow findings: where they reach, and what is wrong with them."""

from __future__ import annotations

import pytest

from kanfa import parity
from kanfa.findings import Finding, Severity
from kanfa.issue import editorial_rules as editorial
from kanfa.issue import rules
from kanfa.issue.lint import lint
from kanfa.issue.reader import read
from kanfa.issue.suppress import Suppression, apply, audit, collect, switched_on

KNOWN = {"ISS021", "ISS034", "ISS071", "EML012"}


def reach(source: str) -> list[tuple[int, int]]:
    return [(one.first, one.last) for one in collect(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<!-- kanfa: allow ISS071 because x -->\n甲\n乙\n\n丙", (2, 3)),
        ("<!-- kanfa: allow ISS071 because x -->\n\n<!-- 别的 -->\n\n- 甲\n- 乙\n", (5, 6)),
        ("甲\n乙 <!-- kanfa: allow ISS071 because x -->\n丙", (2, 2)),
        ("- 甲\n\n  <!-- kanfa: allow ISS071 because x -->\n- 乙", (4, 4)),
        ("| 甲 |\n|-|\n| 乙 <!-- kanfa: allow ISS071 because x --> |", (3, 3)),
        (
            "甲\n\n## 乙\n\n丙\n\n### 丁\n<!-- kanfa: allow ISS071 in section because x -->\n\n戊\n\n### 己\n\n庚",
            (7, 11),
        ),
        ("# 题\n\n## 乙\n<!-- kanfa: allow ISS071 in section because x -->\n\n### 丁\n\n戊\n\n## 己", (3, 9)),
        ("甲\n\n<!-- kanfa: allow ISS071 in section because x -->\n\n## 乙", (1, 4)),
        ("甲\n\n<!-- kanfa: allow ISS071 in issue because x -->\n\n## 乙\n", (1, 6)),
        ("甲\n\n<!-- kanfa: allow ISS071 because x -->\n", (3, 3)),
        ("---\ntitle: a\n---\n<!-- kanfa: allow ISS071 because x -->\n甲", (5, 5)),
    ],
)
def test_a_comment_reaches_the_next_block_its_line_or_its_section(source: str, expected: tuple[int, int]) -> None:
    assert reach(source) == [expected]


@pytest.mark.parametrize(
    "source",
    [
        "`<!-- kanfa: allow ISS071 because x -->`",
        "```\n<!-- kanfa: allow ISS071 because x -->\n```",
        "    <!-- kanfa: allow ISS071 because x -->",
        "\\<!-- kanfa: allow ISS071 because x -->",
        "<!-- see kanfa: allow ISS071 -->",
        "kanfa: allow ISS071 because x",
    ],
)
def test_code_and_other_comments_allow_nothing(source: str) -> None:
    assert collect(source) == ()


def test_several_rules_chinese_words_and_lines_within_a_comment_are_understood() -> None:
    assert collect("甲 <!-- Kanfa：allow ISS021，EML012 因为留给\n 下期 -->") == (
        Suppression(("ISS021", "EML012"), 1, 1, "留给 下期", 1),
    )


def test_what_is_allowed_stays_with_its_reason_and_an_error_counts_as_a_warning() -> None:
    error, info = rules.LINK_EMPTY.at(2, "a"), rules.LINK_DUPLICATE.at(2, "b")
    other, waived = rules.LINK_EMPTY.at(3, "c"), Finding(rules.LINK_EMPTY, 2, "d", waiver="--allow")
    allowed = collect("<!-- kanfa: allow ISS034, ISS035 because 会补 -->\n甲")
    found = apply([error, info, other, waived], allowed)
    assert [(f.waiver, f.severity) for f in found] == [
        ("会补", Severity.WARNING),
        ("会补", Severity.INFO),
        ("", Severity.ERROR),
        ("--allow", Severity.WARNING),
    ]
    assert list(audit(found, allowed, {"ISS034", "ISS035"}, {"ISS034", "ISS035"})) == []


@pytest.mark.parametrize(
    ("comment", "rule", "message"),
    [
        ("allow ISS021 because x", editorial.ALLOW_UNUSED, "nothing on lines 4 to 4 needs that ISS021 is allowed"),
        ("allow ISS071", editorial.ALLOW_REASON, "ISS071 is allowed without a reason"),
        ("allow iss071 because x", editorial.ALLOW_UNKNOWN, "there is no rule iss071; ISS071 was meant?"),
        ("allow XYZ because x", editorial.ALLOW_UNKNOWN, "there is no rule XYZ"),
        ("alow ISS071 because x", editorial.ALLOW_UNKNOWN, "the comment speaks to kanfa and cannot be understood"),
        ("allow ISS071 becauseof x", editorial.ALLOW_UNKNOWN, "the comment speaks to kanfa and cannot be understood"),
    ],
)
def test_a_permission_that_is_wrong_is_a_finding_at_its_line(comment: str, rule: object, message: str) -> None:
    allowed = collect(f"题\n\n<!-- kanfa: {comment} -->\n甲,乙")
    (finding,) = audit([rules.PUNCT_HALFWIDTH.at(4, "m")], allowed, KNOWN, KNOWN)
    assert (finding.rule, finding.line, finding.message) == (rule, 3, message)


def test_a_permission_without_reason_is_not_heeded() -> None:
    (finding,) = apply([rules.PUNCT_HALFWIDTH.at(2, "m")], collect("<!-- kanfa: allow ISS071 -->\n甲,乙"))
    assert finding.waiver == ""


def test_a_permission_for_a_format_that_was_not_made_is_not_called_unused() -> None:
    allowed = collect("<!-- kanfa: allow EML012 because x -->\n甲")
    assert list(audit([], allowed, KNOWN, {"ISS071"})) == []
    assert [f.rule for f in audit([], allowed, KNOWN, KNOWN)] == [editorial.ALLOW_UNUSED]


def test_errors_cannot_be_switched_off() -> None:
    findings = [rules.LINK_EMPTY.at(1, "a"), rules.LINK_DUPLICATE.at(1, "b"), rules.PUNCT_HALFWIDTH.at(1, "c")]
    assert switched_on(findings, {"ISS034", "ISS035"}) == [findings[0], findings[2]]


def test_a_turning_mark_in_the_front_matter_hides_no_comment_and_stops_no_lint() -> None:
    """The reader takes the mark out; who points at columns must not stumble over it."""
    source = '---\n\u202a\ntitle: "甲"\n---\n<!-- kanfa: allow ISS007 because 试 -->\n\n乙\n'
    assert [one.rules for one in collect(source)] == [("ISS007",)]
    assert {one.rule.id for one in lint(read(source).issue)} <= {"ISS005", "ISS006"}


def test_a_permission_before_a_container_covers_the_whole_of_it() -> None:
    source = "<!-- kanfa: allow ISS061 because 试 -->\n::::note\n甲\n\n:::tip\n乙\n:::\n::::\n\n丙\n"
    (found,) = collect(source)
    assert (found.first, found.last) == (2, 8)


def test_no_comment_allows_that_a_format_is_missing() -> None:
    finding = parity.FORMAT_FAILED.at(1, "pdf could not be made")
    everything = collect("<!-- kanfa: allow PAR090 in issue because 就这样 -->\n\n甲\n")
    assert [one.waiver for one in apply([finding], everything)] == [""]
