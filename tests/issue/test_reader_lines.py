"""Every node and finding names the 1-based line of the file, front matter included."""

from __future__ import annotations

from kanfa.issue.model import Code, Image, Item, Link, Paragraph, Row, Strong, Text
from kanfa.issue.reader import read

FRONT = "---\ntitle: T\n---\n"


def lines(source: str, kind: type) -> list[int]:
    return [node.line for node in read(FRONT + source).issue.walk() if isinstance(node, kind)]


def test_blocks_count_the_front_matter() -> None:
    assert lines("a\n\nb\n\n- c\n- d\n", Paragraph) == [4, 6, 8, 9]
    assert lines("- c\n\n\n- d\n", Item) == [4, 7]
    assert lines("|a|\n|-|\n|b|\n|c|\n", Row) == [4, 6, 7]


def test_inline_nodes_count_the_breaks_before_them() -> None:
    assert lines("a\n**b**\n[c](https://x.org)  \n![d](e)\n", Strong) == [5]
    assert lines("a\n**b**\n[c](https://x.org)  \n![d](e)\n", Link) == [6]
    assert lines("a\n**b**\n[c](https://x.org)  \n![d](e)\n", Image) == [7]


def test_breaks_inside_code_titles_and_tags_count_too() -> None:
    assert lines("`a\nb` **c**\n`d`", Code) == [4, 6]
    assert lines("`a\nb` **c**", Strong) == [5]
    assert lines('[a](https://x.org "b\nc") [d](https://y.org)', Link) == [4, 5]
    assert lines("<img src='a'\nalt='b'> **c**", Strong) == [5]
    assert lines("a [b\nc](https://x.org) **d**", Strong) == [5]


def test_a_bare_address_names_its_own_line() -> None:
    assert lines("a\nb\nhttps://x.org\nhttps://y.org", Link) == [6, 7]


def test_text_begins_where_it_begins() -> None:
    assert lines("a\nb **c**\nd", Text) == [4, 5, 5]


def test_html_blocks_and_footnotes_count() -> None:
    assert lines("<details>\n<summary>s</summary>\n\n[a](https://x.org)\n\n</details>", Link) == [7]
    assert lines("a[^n]\n\n[^n]: b\n    [c](https://x.org)", Link) == [7]


def test_metadata_and_previous_issues_name_their_lines() -> None:
    issue = read("---\n# c\ntitle: T\n\nprevious:\n  - number: 1\n    title: a\n  - title: b\n---\n").issue
    assert dict(issue.lines_of) == {"title": 3, "previous": 5}
    assert [previous.line for previous in issue.previous] == [6, 8]


def test_line_ends_of_every_system_count_as_one() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert [link.line for link in read(end.join(["a", "", "<https://x.org>"])).issue.links()] == [3]


def test_findings_of_the_text_name_the_line_within_the_paragraph() -> None:
    result = read(FRONT + "一\n二 ** 三 **\n[四](x y)\n[五](hhttps://x.org)\n")
    assert [(f.rule.name, f.line) for f in result.findings] == [
        ("stray-emphasis", 5),
        ("link-literal", 6),
        ("link-scheme", 7),
    ]
