"""Each rule about the constructs of the text: one text that breaks it once and nothing else, and a clean one."""

from __future__ import annotations

import re

import pytest

from kanfa.findings import Finding, Rule
from kanfa.issue import construct_rules as rules
from kanfa.issue.containers import unknown_formats
from kanfa.issue.reader import read

pytestmark = pytest.mark.filterwarnings("ignore:path is deprecated:DeprecationWarning")

HEAD = "---\ntitle: 题\nnumber: 9\nsummary: 摘要\n---\n"
FORMATS = ("email", "pdf", "wechat")

CASES: list[tuple[Rule, int, str, str]] = [
    (rules.CONTAINER_UNKNOWN, 7, "甲\n:::box\n乙\n:::", "甲\n:::tip\n乙\n:::\n\n\\:::box `:::box`"),
    (rules.CONTAINER_OPEN, 8, "甲\n\n:::note\n乙", "甲\n\n:::note\n乙\n:::"),
    (rules.CONTAINER_STRAY, 8, "甲\n\n:::", "甲\n\n```\n:::\n```\n\n\\:::"),
    (rules.CONTAINER_CONTENT, 6, ":::qr\n甲\n:::", ":::qr\n[甲](https://a.org)\n:::"),
    (rules.CONTAINER_CONTENT, 6, ":::figure\n甲\n:::", ":::figure\n![甲](a.png)\n\n乙\n:::"),
    (rules.CONTAINER_CONTENT, 8, "甲\n\n:::note\n:::", "甲\n\n:::note 乙\n:::"),
    (rules.FORMAT_UNKNOWN, 6, ":::only Email\n甲\n:::", ":::only email\n甲\n:::"),
    (rules.FORMAT_UNKNOWN, 6, ":::except\n甲\n:::", ":::except wechat|pdf\n甲\n:::"),
    (rules.FORMAT_UNKNOWN, 6, ":::only fax pdf\n甲\n:::", ":::only pdf\n甲\n:::"),
    (rules.ALERT_UNKNOWN, 6, "> [!INFO]\n> 甲", "> [!note]\n> 甲\n\n[!INFO] `[!INFO]`\n\n> \\[!INFO]"),
    (rules.FORMULA, 7, "甲\n乙$\\foo$", "甲\n乙$\\pi$"),
    (rules.FORMULA, 6, "$$\n\\frac{1}\n$$", "$$\n\\frac{1}{2}\n$$"),
    (rules.CODE_LINES, 6, "```sh {1,3-9}\na\nb\n```", "```sh {1,2}\na\nb\n```"),
    (rules.RUBY_PARTS, 7, "甲\n{字|}", "甲\n{字|zì} {字} \\{字|} {a|}"),
    (rules.CONTAINER_PLACE, 8, "<table><tr><td>\n\n:::tip\n甲\n:::\n\n</td></tr></table>", ":::tip\n<u>甲</u>\n:::"),
]  # fmt: skip


def found(source: str) -> list[Finding]:
    result = read(f"{HEAD}{source}")
    return [*result.findings, *unknown_formats(result.issue, FORMATS)]


@pytest.mark.parametrize(
    ("rule", "line", "faulty", "clean"), CASES, ids=[f"{n}-{c[0].name}" for n, c in enumerate(CASES)]
)
def test_the_fault_of_a_construct_is_found_once_and_alone(rule: Rule, line: int, faulty: str, clean: str) -> None:
    """At its line, with the offending text; and the clean text has no finding at all."""
    findings = found(faulty)
    assert [(finding.rule.name, finding.line) for finding in findings] == [(rule.name, line)]
    assert findings[0].quote in f"{HEAD}{faulty}".split("\n")[line - 1]
    assert [finding.message for finding in found(clean)] == []


def test_every_rule_about_constructs_has_a_case_and_a_complete_entry() -> None:
    """Ids are those of the room."""
    assert {case[0] for case in CASES} == set(rules.RULES)
    assert len({rule.id for rule in rules.RULES}) == len({rule.name for rule in rules.RULES}) == len(rules.RULES)
    for rule in rules.RULES:
        assert re.fullmatch(r"ISS08\d", rule.id)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
        assert rule.reason
        assert rule.source
        assert rule.cure
