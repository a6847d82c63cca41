"""No container, formula or ruby makes the reader slow, lets a level too many in, or loses words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanfa.errors import SourceError
from kanfa.issue.export import to_json
from kanfa.issue.lint import lint
from kanfa.issue.model import Callout, Details, Link, List, Math, MathBlock, Node, Only, Quote, text_of
from kanfa.issue.reader import read

pytestmark = pytest.mark.filterwarnings("ignore:path is deprecated:DeprecationWarning")

SECONDS = 10.0

FLOODS = {
    "containers in containers": ":::note\n" * 10_000 + "字\n" + ":::\n" * 10_000,
    "containers of many lengths": "\n".join(":" * (3 + n % 500) + "note" for n in range(5_000)) + "\n字\n"
    + "\n".join(":" * (3 + n % 500) for n in range(5_000)),
    "containers without end": ":::note\n" * 10_000 + "字",
    "containers in lists": "\n".join("  " * depth + "- :::note" for depth in range(100)) + "\n字",
    "containers in quotes": "".join("> " * (n % 14) + ":::note\n" for n in range(3_000)) + "字",
    "containers in open details": "<details>\n\n:::note\n\n" * 1_000 + "字",
    "containers in notes": "[^a]: :::note\n" * 1_000 + "字",
    "a line of colons": ":" * 500_000 + "\n字",
    "a long title": "::: a" + " x" * 100_000 + "\n字",
    "a run of dollars": "$" * 100_000 + "字",
    "lonely dollars": "$ " * 100_000 + "字",
    "opening dollars": "$a " * 100_000 + "字",
    "escaped dollars": "$a" + "\\$" * 100_000 + "字",
    "blocks of dollars without end": "$$中\n" * 10_000 + "字",
    "blocks of dollars that end late": "$$中\n" * 10_000 + "字$$",
    "dollars between blank lines": "$$\n\n" * 3_000 + "字",
    "braces": "{" * 100_000 + "字",
    "braces and bars": "{|" * 100_000 + "字",
    "bars in one brace": "{" + "|" * 100_000 + "字",
    "ruby without end": "{字|" * 50_000 + "字",
    "ruby in ruby": "{字|" * 5_000 + "字" + "}" * 5_000,
    "an endless info string": "```" + "{ " * 300_000 + "\n字\n```",
    "thousands of lines to stress": "```x {" + "1-999999," * 90 + "}\n" + "字\n" * 50_000 + "```",
    "alerts in alerts": "\n".join(">" * depth + " [!NOTE]" for depth in range(1, 60)) + "字",
    "tasks": "- [ ] 字\n" * 4_000,
    "leads": "- **[a](https://a.org)** · b\n  字\n" * 1_500,
}  # fmt: skip

REFUSED = {
    "formulas": ("$a$ " * 201, "201 formulas"),
    "long formulas": (" ".join(f"${'a' * 300}_{n}$" for n in range(20)), "characters of TeX"),
    "one endless formula": ("$" + "\\" * 100_000 + "$", "characters of TeX"),
    "blocks of formulas": ("$$\na\n$$\n" * 201, "201 formulas"),
    "QR codes": (":::qr\nhttps://a.org\n:::\n" * 101, "101 QR codes"),
}


@pytest.mark.parametrize("source", FLOODS.values(), ids=FLOODS)
def test_a_flood_is_read_in_time_and_keeps_its_words(source: str) -> None:
    """Time grows with the text, not with its square."""
    start = time.process_time()
    result = read(f"# T\n\n{source}")
    assert time.process_time() - start < SECONDS
    assert "字" in text_of(*result.issue.body())
    to_json(result.issue)


@pytest.mark.parametrize(("source", "words"), REFUSED.values(), ids=REFUSED)
def test_too_many_pictures_to_make_are_refused_in_time(source: str, words: str) -> None:
    """The reader sets no formula beyond the budget."""
    start = time.process_time()
    with pytest.raises(SourceError, match=words):
        read(f"# T\n\n{source}")
    assert time.process_time() - start < SECONDS


def test_a_flood_of_containers_is_two_findings_and_not_ten_thousand() -> None:
    """What lies too deep is told once."""
    result = read("# T\n\n" + ":::note\n" * 10_000 + "字\n" + ":::\n" * 10_000)
    assert [(f.rule.name, f.line) for f in result.findings] == [("too-deep", 15)]


@pytest.mark.parametrize(
    "source",
    [
        ":::note\n" * 12 + "- 深\n- 深\n" + ":::\n" * 12,
        ":::note\n" * 13 + "深\n\n深\n" + ":::\n" * 13,
        "- :::note\n" + "  " + "- " * 11 + "深\n\n  深\n  :::",
        "> " * 6 + ":::note\n" + ("> " * 6 + ":::tip\n") * 6 + "> " * 6 + "深\n" + ("> " * 6 + ":::\n") * 7,
        ":::details a\n" * 6 + "<details>" * 7 + "深\n\n深\n\n" + "</details>" * 7 + "\n\n" + ":::\n" * 6,
    ],
)
def test_containers_lists_quotes_and_details_share_twelve_levels(source: str) -> None:
    """The thirteenth level is text, with one error and with its paragraphs apart."""
    result = read(f"# T\n\n{source}")
    assert [f.rule.name for f in result.findings if f.rule.name == "too-deep"] == ["too-deep"]
    assert text_of(*result.issue.body()).count("深") == source.count("深")
    assert max(levels(block) for block in result.issue.body()) == 12


def levels(node: Node) -> int:
    inner = max((levels(part) for part in node.parts()), default=0)
    return inner + isinstance(node, Callout | Only | Details | List | Quote)


ATOMS = st.sampled_from(
    [
        ":::note\n", "::::tip T\n", ":::only pdf\n", ":::except\n", ":::figure\n", ":::qr\n", ":::details s\n",
        ":::x\n", ":::\n", "::::\n", "> ", "> [!NOTE]", "[!FOO] ", "- ", "- [x] ", "1. ", "\n", "\n\n", "    ", "  ",
        "**", "*", "[t](https://a.org)", "**[t](https://a.org)**", " · s\n", "![i](i.png)", "$", "$$", "\\$", "$x^2$",
        "$$\n", "```math\n", "```py {2} title=t\n", "```\n", "`", "{", "|", "}", "{字|zì}", "{字|}", "\\{", "中", "a",
        "5", " ", "^[", "]", "[^a]", "[^a]: ", "<details>", "</details>", "<table><tr><td>\n\n", "</td></tr></table>",
        "<u>", "</u>", "## ", "|a|\n|-|\n|", "\\frac", "^", "_", "https://a.org/$x ",
    ]
)  # fmt: skip


@given(st.lists(ATOMS, max_size=40).map("".join))
@settings(deadline=None, max_examples=150)
def test_any_mixture_of_constructs_is_read(source: str) -> None:
    """No exception, lines inside the source, quotes that stand in their line, no link in a link, twelve levels."""
    text = f"# T\n\n{source}"
    result = read(text)
    issue, lines = result.issue, text.split("\n")
    list(lint(issue))
    to_json(issue)
    assert all(1 <= node.line <= len(lines) for node in issue.walk())
    assert all(1 <= finding.line <= len(lines) for finding in result.findings)
    assert not any(isinstance(part, Link) for link in issue.links() for part in link.children)
    assert max((levels(block) for block in issue.body()), default=0) <= 12
    assert all(node.tex.strip() for node in issue.walk() if isinstance(node, Math | MathBlock))
