"""The edition of an issue for one format: nothing of other formats' passages is left, not even their bullets."""

from __future__ import annotations

import pytest

from kanfa.issue import reader
from kanfa.issue.editions import edition, emptied
from kanfa.issue.model import Callout, Issue, List, Only, Quote, text_of

FORMATS = ("email", "pdf", "wechat")


def issue(body: str) -> Issue:
    """An issue with this body; its first line is line 5."""
    return reader.read(f"---\ntitle: 周报\n---\n\n{body}\n").issue


def words(of: Issue) -> str:
    return "".join(text_of(block) for block in of.body())


def test_a_passage_stands_in_the_formats_it_names_and_in_no_other() -> None:
    whole = issue("甲\n\n:::only email\n乙\n:::\n\n:::except email pdf\n丙\n:::")
    assert {name: words(edition(whole, name)) for name in FORMATS} == {"email": "甲乙", "pdf": "甲", "wechat": "甲丙"}
    assert not any(isinstance(node, Only) for name in FORMATS for node in edition(whole, name).walk())


def test_an_issue_without_passages_is_its_own_edition() -> None:
    whole = issue("甲")
    assert edition(whole, "pdf") is whole


def test_footnotes_and_references_are_counted_anew() -> None:
    whole = issue(
        ":::only pdf\n甲[^a] [一](https://example.org/1)\n:::\n\n"
        "乙[^b] [二](https://example.org/2)\n\n[^a]: 注甲\n\n[^b]: 注乙"
    )
    mail = edition(whole, "email")
    assert [(note.number, text_of(note)) for note in mail.notes] == [(1, "注乙")]
    assert [(one.number, one.href) for one in mail.references] == [(1, "https://example.org/2")]
    assert [note.number for note in edition(whole, "pdf").notes] == [1, 2]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("- :::only pdf\n  甲\n  :::", List),
        ("> :::only pdf\n> 甲\n> :::", Quote),
        ("::::note\n:::only pdf\n甲\n:::\n::::", Callout),
    ],
)
def test_an_emptied_container_leaves_nothing_behind(body: str, kind: type) -> None:
    whole = issue(f"{body}\n\n乙")
    assert any(isinstance(node, kind) for node in edition(whole, "pdf").walk())
    assert not any(isinstance(node, kind) for node in edition(whole, "email").walk())


def test_a_section_that_is_empty_in_one_format_is_told_once() -> None:
    found = list(emptied(issue("## 要闻\n\n:::only pdf\n甲\n:::\n\n## 其他\n\n乙"), FORMATS[:2]))
    assert [(one.rule.id, one.line, one.message) for one in found] == [
        ("ISS099", 5, "nothing of “要闻” is left in email")
    ]
    assert list(emptied(issue("## 要闻\n\n甲\n\n:::only pdf\n乙\n:::"), FORMATS)) == []


def test_an_issue_that_is_empty_in_one_format_is_an_error() -> None:
    found = list(emptied(issue("## 要闻\n\n:::only pdf\n甲\n:::"), FORMATS))
    assert [(one.rule.id, one.message) for one in found] == [
        ("ISS001", "the issue has no content in email"),
        ("ISS001", "the issue has no content in wechat"),
    ]


def test_a_footnote_that_is_empty_in_one_format_is_told() -> None:
    whole = issue("甲[^b]\n\n[^b]:\n    :::only email\n    乙\n    :::")
    found = list(emptied(whole, ["email", "wechat"]))
    assert [(one.rule.id, one.message) for one in found] == [("ISS099", "nothing of footnote 1 is left in wechat")]
