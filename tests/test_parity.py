"""Parity finds exactly what is lost, and nothing that is merely set differently."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanfa.formats import Reading
from kanfa.issue.model import (
    CodeBlock,
    Emphasis,
    Figure,
    Image,
    Inline,
    Issue,
    Item,
    LineBreak,
    Link,
    List,
    NoteRef,
    Paragraph,
    PreviousIssue,
    Section,
    Text,
    text_of,
)
from kanfa.parity import compare, fold_address, lost_values, substitutes
from kanfa.placing import Gap, fold, gaps, pieces_of


def paragraph(line: int, *parts: str | Inline) -> Paragraph:
    """A paragraph whose every node stands at `line`."""
    return Paragraph(tuple(Text(part, line) if isinstance(part, str) else part for part in parts), line)


def issue_of(*texts: str) -> Issue:
    """An issue of plain paragraphs, one to a line."""
    return Issue("题", "issue.md", preamble=tuple(paragraph(line, text) for line, text in enumerate(texts, start=1)))


def reading(text: str, links: tuple[str, ...] = (), images: tuple[str, ...] = (), each: bool = True) -> Reading:
    return Reading("email", "题\n" + text, links, images, each)


def lines(issue: Issue, found: Reading) -> list[tuple[str, int]]:
    return [(finding.rule.id, finding.line) for finding in compare(issue, found)]


def test_the_same_words_with_other_white_space_and_width_are_no_loss() -> None:
    issue = issue_of("Kubernetes 发布了（１.20）版本", "第二段")
    assert lines(issue, reading("Kuber\u2060netes发布\n了(1.20)版\u3000本 第二 段")) == []


def test_words_that_a_format_adds_between_blocks_are_no_loss() -> None:
    assert (
        lines(
            issue_of("第一段文字在这里", "第二段文字在这里"), reading("目录 1 第一段文字在这里 2 第二段文字在这里 完")
        )
        == []
    )


@given(st.lists(st.text("的一是 abcK，。1", min_size=1, max_size=30).filter(fold), min_size=1, max_size=12), st.data())
@settings(max_examples=150, deadline=None)
def test_a_lost_paragraph_is_reported_alone_at_its_line(texts: list[str], data: st.DataObject) -> None:
    lost = data.draw(st.integers(0, len(texts) - 1))
    issue = issue_of(*texts)
    assert compare(issue, reading("\n§\n".join(texts))) == []
    rest = [text for index, text in enumerate(texts) if index != lost]
    found = compare(issue, reading("\n§\n".join(rest)))
    # Where the lost words occur inside their neighbours nothing was lost to a reader's eye.
    if not any(fold(texts[lost]) in fold(text) for text in rest):
        assert [finding.line for finding in found] == [lost + 1]


def test_a_lost_paragraph_is_reported_even_when_its_words_stand_elsewhere() -> None:
    issue = issue_of("感谢大家的支持！", "Kubernetes 发布了新版本", "感谢大家的支持！")
    assert lines(issue, reading("感谢大家的支持！ Kubernetes 发布了新版本")) == [("PAR001", 3)]
    assert lines(issue, reading("Kubernetes 发布了新版本 感谢大家的支持！")) == [("PAR001", 1)]


def test_a_short_paragraph_is_looked_for_in_its_own_place() -> None:
    issue = issue_of("一段相当长的文字甲乙丙", "好", "另一段相当长的文字丁戊")
    assert lines(issue, reading("一段相当长的文字甲乙丙 另一段相当长的文字丁戊 好")) == [("PAR001", 2)]


def test_numbers_added_after_links_and_notes_do_not_break_a_sentence() -> None:
    link = Link("https://helm.sh/", (Text("Helm 3", 4),), 4)
    issue = Issue("题", "issue.md", preamble=(paragraph(4, "本周 ", link, " 发布", NoteRef(1, 4), "。"),))
    assert lines(issue, reading("本周 Helm 3[1] 发布〔注1〕。", ("https://helm.sh",))) == []


def test_a_sentence_that_lost_its_end_is_reported_with_what_is_missing() -> None:
    issue = Issue("题", "issue.md", preamble=(paragraph(4, "开头的文字在这里", NoteRef(1, 4), "结尾的文字在这里"),))
    (finding,) = compare(issue, reading("开头的文字在这里[1]"))
    assert finding.message == "missing from email: “结尾的文字在这里”"


def test_headings_code_and_nested_items_are_compared_too() -> None:
    inner = List((Item((paragraph(5, "最里面的一项内容"),), 5),), 5)
    outer = List((Item((paragraph(4, "外面的一项内容"), inner), 4),), 4)
    section = Section((Text("本周要闻速览", 3),), 1, "s1", (outer, CodeBlock("if x:\n\treturn 1", 7)), (), 3)
    issue = Issue("题", "issue.md", sections=(section,))
    full = "本周要闻速览 • 外面的一项内容 ◦ 最里面的一项内容 if x:     return 1"
    assert lines(issue, reading(full)) == []
    assert lines(issue, reading(full.replace("最里面的一项内容", ""))) == [("PAR001", 5)]
    assert lines(issue, reading(full.replace("return", ""))) == [("PAR001", 7)]
    assert lines(issue, reading(full.replace("本周要闻速览", ""))) == [("PAR001", 3)]


def test_every_link_counts_where_a_format_keeps_each_of_them() -> None:
    one, two = "https://example.org/a", "https://example.org/b"
    links = tuple(Link(href, (Text(f"链接{line}", line),), line) for line, href in enumerate([one, two, one], start=1))
    issue = Issue("题", "issue.md", preamble=tuple(paragraph(link.line, link, "，说明") for link in links))
    text = "链接1，说明 链接2，说明 链接3，说明"
    assert lines(issue, reading(text, (one, two, one))) == []
    assert lines(issue, reading(text, (one, two))) == [("PAR002", 3)]
    assert lines(issue, reading(text, (two, one))) == [("PAR002", 1)]
    assert lines(issue, reading(text, (one, two), each=False)) == []
    assert lines(issue, reading(text, (two,), each=False)) == [("PAR002", 1)]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("https://example.org", "https://EXAMPLE.org/"),
        ("https://example.org/%E5%91%A8", "https://example.org/周"),
        ("https://example.org/a?b=c%20d", "https://example.org/a?b=c d"),
    ],
)
def test_addresses_are_compared_as_addresses(written: str, found: str) -> None:
    assert fold_address(written) == fold_address(found)


def test_a_picture_is_known_by_its_words() -> None:
    picture = Image("images/a.png", "一台印刷机", 3)
    issue = Issue("题", "issue.md", preamble=(Figure(picture, 3), paragraph(5, "文字", Image("b.png", "", 5))))
    assert lines(issue, reading("文字", images=("一台 印刷机", "图片"))) == []
    assert lines(issue, reading("文字", images=("图片",))) == [("PAR003", 3)]


def test_title_names_and_back_issues_must_be_somewhere() -> None:
    issue = replace(issue_of("正文"), authors=("张磊",), previous=(PreviousIssue(8, "第八期的标题", 6),))
    issue = replace(issue, summary="摘要", lines_of={"authors": 3, "summary": 4})
    assert lines(issue, reading("正文 张磊 摘要 Vol. 8 第八期的标题")) == []
    assert lines(issue, reading("正文")) == [("PAR004", 4), ("PAR004", 3), ("PAR004", 6)]


def test_emphasis_and_breaks_do_not_cut_a_sentence() -> None:
    issue = Issue("题", "issue.md", preamble=(paragraph(2, "上", Emphasis((Text("海", 2),), 2), LineBreak(2), "滩"),))
    assert lines(issue, reading("上 海 滩")) == []
    assert text_of(*issue.body()) == "上海\n滩"


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
@settings(max_examples=200, deadline=None)
def test_lost_values_are_the_difference_of_two_multisets(expected: list[str], found: list[str]) -> None:
    lost = [expected[index] for index in lost_values(expected, found)]
    for value in "abc":
        assert lost.count(value) == max(0, expected.count(value) - found.count(value))


def test_a_heading_that_a_contents_list_repeats_leaves_room_for_short_paragraphs_before_it() -> None:
    first = Section((Text("一", 3),), 1, "s1", (paragraph(5, "甲"),), (), 3)
    second = Section((Text("本周的开源动态", 7),), 1, "s2", (paragraph(9, "乙"),), (), 7)
    issue = Issue("题", "issue.md", sections=(first, second))
    assert lines(issue, reading("目录 一 本周的开源动态 一 甲 本周的开源动态 乙")) == []
    assert lines(issue, reading("目录 一 本周的开源动态 一 本周的开源动态 乙")) == [("PAR001", 5)]


def test_the_words_of_a_picture_may_hold_brackets_themselves() -> None:
    pictures = tuple(Figure(Image(f"{name}.png", name, 1), 1) for name in ("甲 [图：乙] 丙", "丙]", "乙"))
    issue = Issue("题", "issue.md", preamble=pictures)
    text = "前 [图：甲 [图：乙] 丙] 中 [图：\n丙]] 后"
    assert substitutes(text, issue) == ["甲 [图：乙] 丙", "丙]"]
    assert substitutes("没有", issue) == []


def test_a_sentence_that_stands_there_hundreds_of_times_is_found_each_time() -> None:
    """A table may say 已修复，待发布 in every row."""
    texts = ["开头的一段话。"] + ["已修复，待发布。"] * 700 + ["结尾的一段话。"]
    assert lines(issue_of(*texts), reading("\n".join(texts))) == []


@pytest.mark.parametrize("copies", [1, 2, 8])
def test_equal_sentences_are_found_where_others_hold_the_same_words(copies: int) -> None:
    """A table whose cells repeat one another: most places of a cell's words are in the cells beside it."""
    words = "云原生社区本周发布了新的版本，" * copies
    rows = [text for number in range(200) for text in (f"第{number}行{words}", words)]
    assert lines(issue_of(*rows), reading("\n".join(rows))) == []
    assert [rule for rule, _ in lines(issue_of(*rows), reading("\n".join(rows[:-1])))] == ["PAR001"]


def test_of_hundreds_of_equal_sentences_those_that_are_lost_are_counted() -> None:
    texts = ["开头的一段话。"] + ["已修复，待发布。"] * 300 + ["结尾的一段话。"]
    there = "\n".join([*texts[:1], *texts[3:]])
    assert [rule for rule, _ in lines(issue_of(*texts), reading(there))] == ["PAR001", "PAR001"]


def test_gaps_hold_what_a_format_has_added_and_the_short_pieces_beside_it() -> None:
    pieces = pieces_of(issue_of("第一段话写在这里。", "短", "第二段话写在这里。"))
    found = gaps(pieces, "封面 第一段话写在这里。 1. 短 第二段话写在这里。")
    first, last = "第一段话写在这里。", "第二段话写在这里。"
    assert found == [Gap("封面", (), 1, first), Gap("1.短", ("短",), 1, last), Gap("", (), 3)]
