"""Sections that a publication declares: found by name or alias, and numbered where they are declared so."""

from __future__ import annotations

import pytest
from issue_outline import outline

from kanfa.findings import Finding
from kanfa.issue.model import List
from kanfa.issue.reader import read
from kanfa.publication import Publication, SectionSettings

NUMBERED = Publication(sections=(SectionSettings(name="要闻", aliases=("News",), numbered=True),))
HEAD = "---\ntitle: 题\nnumber: 9\n---\n"


def shown(body: str, publication: Publication | None = NUMBERED) -> str:
    """The outline of a section 要闻 with `body`."""
    return outline(read(f"{HEAD}## 要闻\n\n{body}", publication=publication).issue).partition("\n")[2]


def findings(body: str, publication: Publication | None = NUMBERED) -> list[Finding]:
    return list(read(f"{HEAD}## 要闻\n\n{body}", publication=publication).findings)


@pytest.mark.parametrize(
    "title", ["业界要闻", "业界 要闻", "业界要闻 ", "行业要闻", "ＮＥＷＳ", "n e w s", "**业界**要闻"]
)
def test_a_section_is_known_by_its_name_or_alias_whatever_its_spaces_case_and_width(title: str) -> None:
    settings = SectionSettings(name="业界要闻", aliases=("行业要闻", "News"), numbered=True)
    issue = read(f"## {title}\n\n1、甲\n", publication=Publication(sections=(settings,))).issue
    assert isinstance(issue.sections[0].blocks[0], List)


def test_numbered_paragraphs_become_a_list() -> None:
    assert shown("1、甲\n\n2、乙\n\n3、丙\n") == (
        "  ol(1)\n    item\n      p 甲\n    item\n      p 乙\n    item\n      p 丙"
    )


def test_numbered_lines_of_one_paragraph_become_a_list() -> None:
    assert shown("1、甲\n仍是甲\n2、乙  \n3、丙\n") == (
        "  ol(1)\n    item\n      p 甲仍是甲\n    item\n      p 乙\n    item\n      p 丙"
    )


def test_what_follows_a_number_belongs_to_its_item_up_to_the_next_one() -> None:
    body = "前言\n\n1、[甲](https://a.org)\n\n甲的正文\n\n- 一\n- 二\n\n2、乙\n\n![图](a.png)\n"
    assert shown(body) == (
        "  p 前言\n"
        "  ol(1) loose\n"
        "    item\n      p <https://a.org|甲>\n      p 甲的正文\n      ul\n        item\n          p 一\n        item\n"
        "          p 二\n"
        "    item\n      p 乙\n      figure img[a.png|图]"
    )


def test_a_divider_and_a_heading_end_the_list() -> None:
    assert shown("1、甲\n\n---\n\n尾声\n\n### 组\n\n1、乙\n") == (
        "  ol(1)\n    item\n      p 甲\n  divider\n  p 尾声\n  h2 组\n    ol(1)\n      item\n        p 乙"
    )


def test_every_number_is_shown_as_written() -> None:
    lists = [line.strip() for line in shown("3、甲\n\n4、乙\n\n6、丙\n\n1、丁\n").splitlines() if "ol" in line]
    assert lists == ["ol(3)", "ol(6)", "ol(1)"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("１、甲", "甲"),
        ("1． 甲", "甲"),
        (" 1 、甲", "甲"),
        ("**1、甲**", "strong[甲]"),
        ("[1、甲](https://a.org)", "<https://a.org|甲>"),
        ("1、5G 商用", "5G 商用"),
    ],
)
def test_a_number_may_be_full_width_bold_or_in_a_link(written: str, text: str) -> None:
    assert shown(written) == f"  ol(1)\n    item\n      p {text}"


@pytest.mark.parametrize(
    "text", ["一、甲", "2024、2025 两年", "1、2、3 班", "1．5 倍", "（1）甲", "&#49;、甲", "第1、甲", "`1、`甲"]
)
def test_other_beginnings_stay_text(text: str) -> None:
    assert "ol" not in shown(text)
    assert shown(text) == shown(text, None)


def test_a_line_that_does_not_go_on_counting_stays_in_its_paragraph() -> None:
    assert shown("1、甲的\n3、乙\n") == "  ol(1)\n    item\n      p 甲的 3、乙"


def test_where_nothing_is_declared_everything_stays_text() -> None:
    for publication in (None, Publication(), Publication(sections=(SectionSettings(name="要闻"),))):
        assert shown("1、甲\n\n2、乙\n", publication) == "  p 1、甲\n  p 2、乙"
    issue = read("1、甲\n\n## 别的\n\n1、乙\n", publication=NUMBERED).issue
    assert outline(issue) == "p 1、甲\nh1 别的\n  p 1、乙"


def test_numbered_lines_are_a_finding_only_where_no_list_came_of_them() -> None:
    body = "1、甲\n2、乙\n"
    assert [(f.rule.id, f.line) for f in findings(body, None)] == [("ISS076", 7)]
    assert findings(body) == []
    assert [f.rule.id for f in findings("> 1、甲\n> 2、乙\n")] == ["ISS076"]


def test_items_know_their_lines() -> None:
    issue = read(f"{HEAD}## 要闻\n\n1、甲\n2、乙\n\n3、丙\n", publication=NUMBERED).issue
    (row,) = issue.sections[0].blocks
    assert isinstance(row, List)
    assert [(item.line, item.blocks[0].line) for item in row.items] == [(7, 7), (8, 8), (10, 10)]


def test_nesting_that_is_as_deep_as_can_be_shown_is_made_no_deeper() -> None:
    deep = f"1、甲\n\n{'- ' * 12}乙\n"
    assert shown(deep) == shown(deep, None)
    assert shown(f"1、甲\n\n{'- ' * 11}乙\n").startswith("  ol(1) loose")


def test_a_numbered_item_may_begin_with_a_lead_or_with_nothing_but_its_number() -> None:
    issue = read(f"{HEAD}## 要闻\n\n1、**[甲](https://a.org)** · 源\n摘要\n\n2、\n\n乙\n", publication=NUMBERED).issue
    (row,) = issue.sections[0].blocks
    assert isinstance(row, List)
    assert [[block.method for block in item.blocks] for item in row.items] == [["lead", "paragraph"], ["paragraph"]]


def test_a_heading_stays_a_heading() -> None:
    issue = read(f"{HEAD}## 要闻\n\n甲\n\n### 1、组\n\n乙\n", publication=NUMBERED).issue
    assert outline(issue) == "h1 要闻\n  p 甲\n  h2 1、组\n    p 乙"
