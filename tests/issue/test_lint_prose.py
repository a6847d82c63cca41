"""The prose of an issue: every character knows its place, and nothing but words is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanfa.errors import SourceError
from kanfa.issue.prose import OBJECT, Prose, prose_of
from kanfa.issue.reader import read

PIECES = st.sampled_from(
    [
        "甲",
        "乙,",
        "a",
        " ",
        "  ",
        "\n",
        "\n\n",
        "*",
        "**",
        "`",
        "``",
        "[",
        "](",
        ")",
        "](https://a.org)",
        "https://b.org/",
        "- ",
        "> ",
        "# ",
        "| ",
        "|-|\n",
        "<b>",
        "<kbd>",
        "</kbd>",
        "<!-- c -->",
        "\\",
        "&amp;",
        "![",
        '"t")',
        "\t",
        "\u200b",
        "```\n",
        "    ",
        "1. ",
        "~~",
        "_",
        "[^1]",
        "[r]: https://c.org\n",
        ":::note\n",
        ":::\n",
        "{字|zì}",
        "$x$",
        "<td>",
        "\u202e",
        "\x08",
    ]
)


def prose(source: str) -> Prose:
    return prose_of(read(source).issue)


def texts(source: str) -> list[str]:
    return [passage.text.replace(OBJECT, "·") for passage in prose(source).passages if passage.text]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("甲**乙**丙", ["甲乙丙"]),
        ("甲`乙`丙", ["甲·丙"]),
        ("[甲](https://a.org)乙", ["甲乙"]),
        ("甲\n乙", ["甲\n乙"]),
        ("甲\\*乙&amp;丙", ["甲·乙·丙"]),
        ("见 https://a.org/b。", ["见 " + "·" * 15 + "。"]),
        ("甲<!-- 注 -->乙 <kbd>丙</kbd>", ["甲乙 ·"]),
        ("a * b snake_case", ["a * b snake_case"]),
        ("{汉字|hàn zì}甲", ["·甲"]),
        ("|甲|乙|\n|-|-|\n|丙|丁|", ["甲", "乙", "丙", "丁"]),
        ('![a](b.png "图题")', ["图题", "·"]),
        ("<div>甲<code>乙</code>&lt;丙</div>", ["甲", "丙"]),
        ("## 甲 ##\n\n乙\n==", ["甲", "乙"]),
        ("```\n甲\n```\n\n    乙", []),
    ],
)
def test_only_words_are_prose(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


def test_title_and_summary_of_the_front_matter_have_their_place() -> None:
    found = prose("---\ntitle: '甲,乙'\nnumber: 1\nsummary: >\n  丙\n  丁\n---\n戊")
    title, summary, body = found.passages
    assert (title.kind, title.line, title.spot(1, 2)) == ("field", 2, type(title.spot(1, 2))(2, 9))
    assert (summary.line, summary.spot(0, 1)) == (4, None)
    assert body.text == "戊"


def test_addresses_of_links_definitions_and_bare_ones_are_found() -> None:
    found = prose("[a](https://a.org 't') <https://b.org> https://c.org [d]\n\n[d]: <https://d.org>").addresses
    assert [(a.written, a.bare) for a in found] == [
        ("https://a.org", False),
        ("https://b.org", False),
        ("https://c.org", True),
        ("https://d.org", False),
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_every_character_stands_where_it_is_said_to(pieces: list[str]) -> None:
    source = "".join(pieces)
    try:
        found = prose(source)
    except SourceError:
        return
    _check(found, source)


def test_every_character_of_real_issues_has_a_place(corpus: list[Path]) -> None:
    for path in corpus:
        source = path.read_text("utf-8")
        found = prose(source)
        _check(found, source)
        chars = [(p, at) for p in found.passages for at, char in enumerate(p.text) if char not in f"{OBJECT}\n"]
        assert all(passage.spot(at, at + 1) for passage, at in chars)


def _check(found: Prose, source: str) -> None:
    lines = source.removeprefix("\ufeff").split("\n")
    for passage in found.passages:
        for at, char in enumerate(passage.text):
            spot = passage.spot(at, at + 1)
            assert spot is None or lines[spot.line - 1][spot.column] == char or char == "\ufffd"
    for address in found.addresses:
        assert lines[address.spot.line - 1].startswith(address.written, address.spot.column)
