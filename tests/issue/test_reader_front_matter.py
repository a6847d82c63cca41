"""Metadata in all the forms that editors use, and what happens to each mistake."""

from __future__ import annotations

import datetime
import re

import pytest

from kanfa.errors import SourceError
from kanfa.issue.model import Image, Issue, PreviousIssue
from kanfa.issue.reader import read

FULL = """\
---
number: 010
title: "题：目"
short_title: 短题
date: 2024-04-23
summary: >
  一句话
  摘要
authors: [毕昇, 谷登堡]
editors: 甲、乙
publisher: 社
cover: images/cover.png
cover_alt: 封面
keywords: [a, b]
tags: [b, c]
lang: zh_Hans
previous:
  - {number: 9, title: 九, url: "HTTPS://Example.org/九"}
  - 第八期：八
---
正文
"""


def names(source: str) -> list[tuple[str, int]]:
    return [(finding.rule.name, finding.line) for finding in read(source).findings]


def issue(source: str, file: str = "issue.md") -> Issue:
    return read(source, file).issue


def test_every_field_of_yaml_arrives() -> None:
    result = read(FULL)
    assert result.findings == ()
    it = result.issue
    assert (it.number, it.title, it.short_title, it.date) == (10, "题：目", "短题", datetime.date(2024, 4, 23))
    assert (it.summary, it.authors, it.editors, it.publisher) == ("一句话摘要", ("毕昇", "谷登堡"), ("甲", "乙"), "社")
    assert it.cover == Image("images/cover.png", "封面", 12)
    assert (it.keywords, it.language) == (("a", "b", "c"), "zh-Hans")
    assert it.previous == (
        PreviousIssue(9, "九", 18, "https://example.org/%E4%B9%9D"),
        PreviousIssue(8, "第八期：八", 19),
    )
    assert it.source == FULL
    assert it.slug == "010"


def test_toml_and_pelican_say_the_same() -> None:
    toml = '+++\ntitle = "T"\nnumber = 7\ndate = 2024-04-23\nauthors = ["a"]\n[extra]\nx = 1\n+++\nb'
    pelican = "Title: T\nNumber: 007\nDate: 2024-04-23\nAuthors: a\nCategory: c\n\nb"
    for source in (toml, pelican):
        it = issue(source)
        assert (it.title, it.number, it.date, it.authors) == ("T", 7, datetime.date(2024, 4, 23), ("a",))
        assert len(it.preamble) == 1
    assert names(toml) == [("meta-unused", 6)]
    assert issue(toml).lines_of["date"] == 4
    assert issue(pelican).lines_of["number"] == 2


@pytest.mark.parametrize(
    "written",
    [
        "2019-04-16T19:35:39+08:00",
        "2019-04-16",
        "2019-04-16 22:00:00 -0000",
        '"2019-04-16"',
        "2019/4/16",
        "2019年4月16日",
        "2019-04-16 06:07",
        "2019-04-16T23:59:59.123Z",
    ],
)
def test_a_date_is_the_day_as_written(written: str) -> None:
    result = read(f"---\ntitle: T\ndate: {written}\n---\n")
    assert result.issue.date == datetime.date(2019, 4, 16)
    assert result.findings == ()


@pytest.mark.parametrize("written", ["昨天", "2019-02-30", "12:30", "[a]", "2019-04-16 soon", "20190416"])
def test_what_is_no_date_is_a_finding(written: str) -> None:
    assert names(f"---\ntitle: T\ndate: {written}\n---\n") == [("meta-type", 3)]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("010", 10),
        ("9", 9),
        ("'08'", 8),
        ("第九期", 9),
        ("Vol. 9", 9),
        ("十二", 12),
        ("0", 0),
        ("0x10", None),
        ("-1", None),
        ("1.5", None),
        ("1_000", None),
        ("123456", None),
        ("{a: 1}", None),
        ("true", None),
    ],
)
def test_a_number_is_decimal_and_nothing_else(written: str, number: int | None) -> None:
    source = f"---\ntitle: 第 3 期\nnumber: {written}\n---\n"
    assert issue(source).number == number
    assert names(source) == ([] if number is not None else [("meta-type", 3)])


def test_unused_fields_are_told_once_each() -> None:
    assert names("---\nlayout: post\ntitle: T\ndraft: false\nslug: x\nsummary: s\ndescription: d\n---\n") == [
        ("meta-unused", 2),
        ("meta-unused", 4),
        ("meta-unused", 5),
        ("meta-unused", 7),
    ]


@pytest.mark.parametrize(
    "field",
    [
        "title: [a]",
        "authors: {a: b}",
        "authors: [[a]]",
        "previous: x",
        "previous: [[a]]",
        "previous: [{url: 'https://a.org'}]",
        "language: 中文",
        "summary: {a: b}",
        "cover: [a]",
    ],
)
def test_a_wrong_type_is_a_finding_and_no_crash(field: str) -> None:
    source = f"---\n{field}\n---\n# T\n"
    assert ("meta-type", 2) in names(source)


def test_a_previous_issue_with_a_bad_address_keeps_its_title() -> None:
    result = read("---\ntitle: T\nprevious:\n  - title: a\n    url: hhttps://a.org\n---\n")
    assert result.issue.previous == (PreviousIssue(None, "a", 4),)
    assert [(f.rule.name, f.line) for f in result.findings] == [("link-scheme", 5)]


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("---\ntitle: T\nsummary: a: b\n---\n", 3, "quotes"),
        ("---\ntitle: [a\ndate: b\n---\n", 3, "YAML"),
        ("---\ntitle: T\n\tx: y\n---\n", 3, "YAML"),
        ("---\ntitle: T\n\nbody\n", 1, "never closed"),
        ("---\njust words\n---\n", 2, "name: value"),
        ("---\ntitle: &a T\nsummary: *a\n---\n", 3, "alias"),
        ("---\ntitle: " + "[" * 5000 + "\n---\n", 2, "nests"),
        ('---\ntitle: "\\UFFFFFFFF"\n---\n', 2, "escape"),
        ("---\ntitle: |\n" + "  x\n" * 20000 + "---\n", 2, "characters"),
        ("+++\ntitle = T\n+++\n", 2, "TOML"),
        ("+++\na = " + "[" * 5000 + "\n+++\n", 2, "deep"),
        ("+++\ntitle = 'T'\n", 1, "never closed"),
    ],
)
def test_front_matter_that_cannot_be_read_names_line_and_cure(source: str, line: int, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(source, "x.md")
    assert caught.value.place.line == line
    assert words in str(caught.value)


def test_a_fence_below_blank_lines_is_read_with_a_warning() -> None:
    assert issue("\n\n---\ntitle: T\n---\na").title == "T"
    assert names("\n\n---\ntitle: T\n---\na") == [("meta-place", 3)]


def test_a_divider_at_the_top_is_no_front_matter() -> None:
    assert len(issue("---\n\na\n\n---\n").preamble) == 3
    assert issue("---\n---\na").preamble[0].line == 3


def test_prose_with_colons_is_no_pelican_metadata() -> None:
    assert len(issue("Note: read this\n\na").preamble) == 2
    assert len(issue("Title: T\nand prose\n\na").preamble) == 2


def test_a_byte_order_mark_and_control_characters_do_no_harm() -> None:
    assert issue("\ufeff---\ntitle: T\n---\n").title == "T"
    result = read('---\ntitle: a\x07b\nsummary: "c\\x07"\n---\nd\x0c\n')
    assert (result.issue.title, result.issue.summary) == ("a�b", "c�")
    assert [(f.rule.name, f.line) for f in result.findings] == [("char-control", 2), ("char-control", 5)]


# ---------------------------------------------------------------- title, number and date from elsewhere


def test_the_only_h1_at_the_top_is_the_title() -> None:
    it = issue("<!-- x -->\n# 第九期：甲 *乙*\n\nb\n\n## c\n\nd")
    assert (it.title, it.number, it.lines_of["title"], len(it.preamble), len(it.sections)) == (
        "第九期：甲 乙",
        9,
        2,
        1,
        1,
    )


def test_an_h1_equal_to_the_title_is_not_repeated() -> None:
    result = read("---\ntitle: 甲\n---\n# 甲\n\nb")
    assert result.findings == ()
    assert (len(result.issue.preamble), result.issue.sections) == (1, ())


def test_another_h1_is_kept_as_a_section_or_as_a_bold_line() -> None:
    with_content = read("---\ntitle: 甲\n---\n# 乙\n\nb\n\n## 丙\n\nc")
    assert [section.line for section in with_content.issue.sections] == [4, 8]
    bare = read("---\ntitle: 甲\n---\n# 乙\n\n## 丙\n\nc")
    assert (len(bare.issue.preamble), len(bare.issue.sections)) == (1, 1)
    assert [f.rule.name for f in (*with_content.findings, *bare.findings)] == ["title-differs", "title-differs"]


def test_an_h1_after_a_section_is_a_section() -> None:
    assert issue("## a\n\nb\n\n# c\n\nd").title == "issue"
    assert len(issue("## a\n\nb\n\n# c\n\nd").sections) == 2


@pytest.mark.parametrize(
    ("file", "number", "date"),
    [
        ("content/issues/009/issue.md", 9, None),
        ("000-specimen/issue.md", 0, None),
        ("cloud-native-weekly-01.md", 1, None),
        ("lwkd-2023-05-14.md", None, datetime.date(2023, 5, 14)),
        ("2023-05-14-this-week.md", None, datetime.date(2023, 5, 14)),
        ("2024-01-02/index.md", None, datetime.date(2024, 1, 2)),
        ("12.md", 12, None),
        ("weekly_vol.8.md", 8, None),
        ("weekly-2024.md", None, None),
        ("notes/draft.md", None, None),
    ],
)
def test_number_and_date_may_come_from_the_path(file: str, number: int | None, date: datetime.date | None) -> None:
    it = issue("# T\n\na", file)
    assert (it.number, it.date) == (number, date)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("第 238 期：甲", 238),
        ("第九期", 9),
        ("第二十一期", 21),
        ("第一百零八期", 108),
        ("第一二三期", 123),
        ("周报 Vol. 9：甲", 9),
        ("周报 Vol.9", 9),
        ("周报 #238", 238),
        ("This Week in Rust 598", None),
        ("iOS 17", None),
        ("Top 10", None),
        ("Windows 11 升级指南", None),
        ("第一二三四五六七八九期", None),
        ("第九九九九九期", 99_999),
        ("Week Ending May 14, 2023", None),
        ("Kubernetes 1.28", None),
        ("C# 与 F#", None),
        ("周报第1期", 1),
        ("Issue No. 7", 7),
        ("甲", None),
    ],
)
def test_the_title_may_name_the_number(title: str, number: int | None) -> None:
    assert issue(f"# {title}\n\na").number == number


def test_the_front_matter_number_wins_over_title_and_path() -> None:
    assert issue("---\nnumber: 3\ntitle: 第 4 期\n---\na", "005/issue.md").number == 3
    assert issue("---\ntitle: 第 4 期\n---\na", "005/issue.md").number == 4


@pytest.mark.parametrize(
    ("title", "file", "number"),
    [
        ("This Week in Rust 598", "this-week-in-rust-598.md", 598),
        ("This Week in Rust 598", "2025-05-07-twir_598_final.md", 598),
        ("Weekly 1024", "drafts/weekly-1024.md", 1024),
        ("iOS 17", "notes.md", None),
        ("iOS 17", "2024-05-17-notes.md", None),
        ("Report 2024", "report-2024.md", None),
    ],
)
def test_a_bare_number_at_the_end_of_a_title_needs_the_file_name_to_agree(
    title: str, file: str, number: int | None
) -> None:
    assert issue(f"# {title}\n\na", file).number == number


def test_a_field_that_pelican_gives_twice_is_told_and_the_last_counts() -> None:
    source = "Title: T\nTags: a\nTags: b\n\nc"
    assert issue(source).keywords == ("b",)
    assert names(source) == [("meta-duplicate", 3)]


# ---------------------------------------------------------------- the name in paths


@pytest.mark.parametrize("file", ["draft.md", "a/My_Draft-2b.md", "d" * 80 + ".md", "console.md"])
def test_a_plain_file_name_is_its_own_slug(file: str) -> None:
    assert Issue("T", file).slug == file.rsplit("/", 1)[-1].removesuffix(".md")


@pytest.mark.parametrize(
    ("file", "start"),
    [
        ("云原生.md", "issue-"),
        ("云 weekly.md", "weekly-"),
        ("a b.md", "a-b-"),
        ("-a.md", "a-"),
        ("d" * 81 + ".md", "d" * 80 + "-"),
        ("CON.md", "CON-"),
        ("com1.md", "com1-"),
        ("\udcff.md", "issue-"),
    ],
)
def test_a_file_name_that_no_path_can_keep_is_told_apart_by_its_digest(file: str, start: str) -> None:
    slug = Issue("T", file).slug
    assert slug.startswith(start)
    assert re.fullmatch(r"[0-9a-f]{8}", slug.removeprefix(start))
    assert len(slug) <= 89


def test_two_chinese_file_names_have_two_slugs() -> None:
    assert Issue("T", "甲.md").slug != Issue("T", "乙.md").slug
    assert Issue("T", "x/甲.md").slug == Issue("T", "y/甲.md").slug == "issue-33e3580c"
