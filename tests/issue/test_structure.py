"""The declared structure: each rule with an issue that breaks it once, and one close to it that is clean."""

from __future__ import annotations

import pytest

from kanfa.findings import Finding, Rule
from kanfa.issue import structure_rules as rules
from kanfa.issue.reader import read
from kanfa.issue.structure import check
from kanfa.publication import Publication, SectionSettings

DECLARED = Publication(
    sections=(
        SectionSettings(name="前言"),
        SectionSettings(name="业界要闻", aliases=("行业要闻",), required=True, max_items=2),
        SectionSettings(name="上游进展", max_characters=10),
        SectionSettings(name="阅读推荐"),
    )
)
HEAD = "---\ntitle: 题\nnumber: 9\n---\n"
PREVIOUS = "---\ntitle: 题\nnumber: 9\nprevious:\n  - {{number: 8, title: 八}}\n{}---\n## 业界要闻\n\n甲"


def checked(source: str, publication: Publication = DECLARED) -> list[Finding]:
    """What the declared structure says about `source`."""
    return list(check(read(source, publication=publication).issue, publication))


CASES: list[tuple[Rule, int, str, str]] = [
    (
        rules.SECTION_UNKNOWN,
        9,
        f"{HEAD}## 业界要闻\n\n甲\n\n## 业界新闻\n\n乙",
        f"{HEAD}## 业 界要闻\n\n甲\n\n### 业界新闻\n\n乙",
    ),
    (rules.SECTION_MISSING, 1, f"{HEAD}## 前言\n\n甲", f"{HEAD}## 前言\n\n甲\n\n## 行业要闻\n\n乙"),
    (
        rules.SECTION_ORDER,
        13,
        f"{HEAD}## 业界要闻\n\n甲\n\n## 上游进展\n\n乙\n\n## 前言\n\n丙",
        f"{HEAD}## 前言\n\n丙\n\n## 业界要闻\n\n甲\n\n## 阅读推荐\n\n乙",
    ),
    (
        rules.SECTION_TWICE,
        9,
        f"{HEAD}## 业界要闻\n\n甲\n\n## 行业要闻\n\n乙",
        f"{HEAD}## 业界要闻\n\n甲\n\n### 业界要闻\n\n乙",
    ),
    (
        rules.SECTION_LONG,
        9,
        f"{HEAD}## 业界要闻\n\n甲\n\n## 上游进展\n\n一二三四五六七八九十一",
        f"{HEAD}## 业界要闻\n\n一二三四五六七八九十一\n\n## 上游进展\n\n一二三四五 六七八九十",
    ),
    (
        rules.SECTION_ITEMS,
        5,
        f"{HEAD}## 业界要闻\n\n- 甲\n\n### 组\n\n- 乙\n- 丙",
        f"{HEAD}## 业界要闻\n\n- 甲\n  - 一\n  - 二\n- 乙",
    ),
    (
        rules.SERIES_GAP,
        6,
        PREVIOUS.format("  - {number: 6, title: 六}\n"),
        PREVIOUS.format("  - {number: 7, title: 七}\n  - {title: 创刊之前}\n"),
    ),
]


@pytest.mark.parametrize(("rule", "line", "faulty", "clean"), CASES, ids=lambda value: getattr(value, "id", ""))
def test_each_rule_is_found_once_at_its_line_and_not_close_to_it(
    rule: Rule, line: int, faulty: str, clean: str
) -> None:
    assert [(finding.rule, finding.line) for finding in checked(faulty)] == [(rule, line)]
    assert checked(clean) == []


def test_where_nothing_is_declared_nothing_is_found() -> None:
    assert checked(f"{HEAD}## 甲\n\n乙\n\n## 甲\n\n乙", Publication()) == []


def test_the_specimen_is_no_issue_of_the_series() -> None:
    assert checked("---\ntitle: 题\nnumber: 0\nprevious: [{number: 4}, {number: 1}]\n---\n## 别的\n\n甲") == []


def test_an_unknown_section_is_told_what_was_meant() -> None:
    near, far = checked(f"{HEAD}## 业界要闻\n\n甲\n\n## 上游进度\n\n乙\n\n## Events\n\n丙")
    assert near.message == "“上游进度” is no declared section; “上游进展” was meant?"
    assert far.message == "“Events” is no declared section"
    assert near.located("x.md", [""] * 8 + ["## 上游进度"]).column == 4


def test_of_a_disorder_only_the_sections_that_must_move_are_named() -> None:
    body = "".join(f"## {name}\n\n甲\n\n" for name in ("阅读推荐", "前言", "业界要闻", "上游进展"))
    (finding,) = checked(f"{HEAD}{body}")
    assert (finding.line, finding.message) == (5, "“阅读推荐” belongs after “上游进展”")


def test_budgets_say_how_much_there_is_and_how_much_may_be() -> None:
    body = "## 业界要闻\n\n- 甲\n- 乙\n- 丙\n\n## 上游进展\n\n一二三四五六七八九十 一二三"
    assert [finding.message for finding in checked(f"{HEAD}{body}")] == [
        "“业界要闻” has 3 items, 2 are allowed",
        "“上游进展” has 13 characters, 10 are allowed",
    ]


def test_a_gap_is_named_where_it_opens_also_before_the_issue_itself() -> None:
    listed = "previous:\n  - 第 9 期：九\n  - 第 6 期：六\n  - 第 5 期：五\n"
    source = f"---\ntitle: 题\nnumber: 12\n{listed}---\n## 业界要闻\n\n甲"
    assert [(finding.line, finding.message) for finding in checked(source)] == [
        (6, "issues 7 to 8 are missing between 6 and 9"),
        (5, "issues 10 to 11 are missing between 9 and 12"),
    ]
