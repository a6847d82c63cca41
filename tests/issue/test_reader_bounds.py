"""No text makes the reader crash, hang or lose words silently."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanfa.errors import SourceError
from kanfa.findings import Severity
from kanfa.issue.export import to_json
from kanfa.issue.lint import lint
from kanfa.issue.model import Link, List, Quote, text_of, walk
from kanfa.issue.reader import ReadResult, read

SECONDS = 10.0

PATHOLOGICAL = {
    "ten thousand quotes": ">" * 10_000 + "字",
    "ten thousand lists on a line": "- " * 10_000 + "字",
    "quotes and lists in turn": "> - " * 5_000 + "字",
    "lists, each deeper": "\n".join("  " * depth + "- 字" for depth in range(300)),
    "ten thousand brackets": "[" * 10_000 + "字",
    "pairs of brackets": "[" * 4_000 + "字" + "]" * 4_000,
    "nested pictures": "![" * 1_500 + "字" + "](x)" * 1_500,
    "nested inline notes": "^[" * 1_500 + "字" + "]" * 1_500,
    "nested notes": "[^a]: " * 1_500 + "字",
    "a megabyte of stars": "字" + "*" * 1_000_000,
    "opening marks without end": "*字 " * 20_000,
    "nested marks": "*a " * 1_500 + "字" + " a*" * 1_500,
    "nested tags": "<u>" * 1_500 + "字" + "</u>" * 1_500,
    "nested blocks of HTML": "<div>" * 1_500 + "字" + "</div>" * 1_500,
    "nested details": "<details>" * 1_500 + "字",
    "note marks without end": "[^a" * 5_000 + "字\n\n[^a]: b",
}


@pytest.mark.parametrize("source", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_pathological_text_is_read_in_time_and_keeps_its_words(source: str) -> None:
    start = time.process_time()
    result = read(source)
    assert time.process_time() - start < SECONDS
    assert "字" in text_of(*result.issue.body()) + "".join(image.alt for image in result.issue.images())
    to_json(result.issue)


@pytest.mark.parametrize(
    "source",
    [
        "- " * 13 + "深",
        "> " * 13 + "深",
        "\n".join("  " * depth + "- 深" for depth in range(14)),
        "<details>" * 13 + "深",
        "\n".join(f"{'> ' * depth}深\n{'> ' * depth}" for depth in range(1, 15)),
    ],
)
def test_the_thirteenth_level_is_text_with_one_error(source: str) -> None:
    result = read(f"---\ntitle: T\n---\n{source}")
    deep = [finding for finding in result.findings if finding.rule.name == "too-deep"]
    assert len(deep) == 1
    assert deep[0].severity is Severity.ERROR
    assert text_of(*result.issue.body()).count("深") == source.count("深")


def test_the_error_names_the_line_where_it_becomes_too_deep() -> None:
    result = read("\n".join("  " * depth + "- a" for depth in range(14)))
    assert [f.line for f in result.findings if f.rule.name == "too-deep"] == [13]


def test_twelve_levels_are_kept() -> None:
    result = read("# T\n\n" + "- " * 12 + "a")
    assert result.findings == ()
    assert sum(isinstance(node, List) for node in result.issue.walk()) == 12
    quotes = read("# T\n\n" + "> " * 12 + "a").issue
    assert sum(isinstance(node, Quote) for node in quotes.walk()) == 12


ATOMS = st.sampled_from(
    [
        "# ",
        "## ",
        "#### ",
        "- ",
        "1. ",
        "> ",
        "\n",
        "\n\n",
        "    ",
        "\t",
        "**",
        "*",
        "__",
        "~~",
        "`",
        "```\n",
        "[",
        "](",
        ")",
        "![",
        "]",
        "https://a.org/",
        "[^a]",
        "^[",
        "[^a]: ",
        "[r]: https://x.org\n",
        "<u>",
        "</u>",
        '<a href="https://q.org">',
        "</a>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<details>",
        "<summary>",
        "</details>",
        '<img src="x">',
        "<br>",
        "<T>",
        "<!--",
        "-->",
        "<figure>",
        "<figcaption>",
        "</figure>",
        '<iframe src="https://f.org">',
        "</iframe>",
        "<div>",
        "<p>",
        "<script>",
        "<![",
        "<?",
        "<!D",
        "|",
        "\n|-|-|\n",
        "---\n",
        "+++\n",
        "title: a\n",
        "previous:\n",
        "date: ",
        "中",
        "，",
        "“",
        "a",
        " ",
        "&amp;",
        "&#12;",
        "\\",
        "\x01",
        "\u2028",
        "한",
        '"',
        "<",
        ">",
        "&",
        "javascript:",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(ATOMS, max_size=50).map("".join)))
@settings(deadline=None, max_examples=60)
def test_any_text_is_read_or_refused_as_front_matter(source: str) -> None:
    result = attempt(source)
    if result is None:
        return
    issue = result.issue
    list(lint(issue))
    to_json(issue)
    height = source.count("\n") + source.count("\r") + 1
    assert all(1 <= node.line <= height for node in issue.walk())
    assert all(1 <= finding.line <= height for finding in result.findings)
    assert all(link.scheme in {"http", "https", "mailto", "tel"} for link in issue.links())
    assert not any(isinstance(inner, Link) for link in issue.links() for top in link.children for inner in walk(top))


@given(st.text(st.sampled_from("中文字，。abc 123"), max_size=80))
@settings(deadline=None, max_examples=60)
def test_plain_words_arrive_unchanged(words: str) -> None:
    issue = read(f"x{words}x").issue
    assert text_of(*issue.body()) == f"x{words}x"


@given(
    st.lists(st.sampled_from(["甲", "乙 丙", "d"]), min_size=1, max_size=8),
    st.sampled_from(["- ", "> ", "## ", "", "1. "]),
)
@settings(deadline=None, max_examples=40)
def test_every_link_of_the_source_is_in_the_tree(texts: list[str], lead: str) -> None:
    source = "\n\n".join(f"{lead}[{text}](https://a.org/{n})" for n, text in enumerate(texts))
    links = list(read(source).issue.links())
    assert [link.href for link in links] == [f"https://a.org/{n}" for n in range(len(texts))]
    assert [text_of(*link.children) for link in links] == texts


def attempt(source: str) -> ReadResult | None:
    """The result, or None when the front matter is refused with a place inside the source."""
    try:
        return read(source)
    except SourceError as error:
        inside = 1 <= error.place.line <= source.count("\n") + source.count("\r") + 1
    assert inside
    return None
