"""Published issues of other newsletters: read in time, and their only errors are true ones."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import lxml.html
import pytest
from markdown_it import MarkdownIt

from kanfa.findings import Severity
from kanfa.issue.addresses import normal
from kanfa.issue.lint import lint
from kanfa.issue.model import text_of
from kanfa.issue.reader import decode, read

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(CORPUS.glob("[a-z]*.md"))

TRUE_DEFECTS = {"twir-2018-06-12.md": [("link-scheme", 131), ("link-scheme", 132), ("link-scheme", 134)]}
"""Links to IRC, which no mail program opens."""

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_issue_is_read_in_time_and_only_true_defects_are_errors(path: Path) -> None:
    start = time.process_time()
    result = read(decode(path.read_bytes(), path.name), path.name)
    findings = [*result.findings, *lint(result.issue)]
    assert time.process_time() - start < 10.0  # 0.1 s alone; coverage and a busy machine take their share
    errors = [(f.rule.name, f.line) for f in findings if f.severity is Severity.ERROR]
    assert errors == TRUE_DEFECTS.get(path.name, [])


@pytest.mark.parametrize(
    ("name", "number", "title", "links", "sections"),
    [
        ("cloud-native-weekly-01.md", 1, "云原生生态周报（Cloud Native Weekly）第1期", 19, 4),
        ("twir-2018-06-12.md", 238, "This Week in Rust 238", 97, 7),
        ("twir-2023-01-18.md", 478, "This Week in Rust 478", 304, 7),
        ("twir-2025-05-07.md", 598, "This Week in Rust 598", 298, 8),
        ("lwkd-2024-09-15.md", None, "Week Ending September 15, 2024", 32, 6),
    ],
)
def test_what_an_issue_holds(name: str, number: int | None, title: str, links: int, sections: int) -> None:
    issue = read((CORPUS / name).read_text("utf-8"), name).issue
    assert (issue.number, issue.title) == (number, title)
    assert (len(list(issue.links())), len(issue.sections)) == (links, sections)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_links_and_words_are_those_of_a_plain_markdown_renderer(path: Path) -> None:
    text = path.read_text("utf-8")
    issue = read(text, path.name).issue
    body = text.split("\n\n", 1)[1] if text.startswith("Title:") else text.split("---\n", 2)[2]
    page = lxml.html.fromstring("<body>" + MarkdownIt("commonmark").enable(["table"]).render(body))
    plain = Counter(str(normal(a.get("href"))) for a in page.iter("a") if not a.get("href").startswith("irc:"))
    ours = Counter(link.href for link in issue.links())
    bare = Counter(link.href for link in issue.links() if text_of(link).startswith("http"))
    assert not plain - ours
    assert not ours - plain - bare
    for comment in page.xpath("//comment()"):
        comment.drop_tree()
    words = "".join(page.text_content().split()).replace("*", "")
    assert "".join(text_of(*issue.body()).split()).replace("*", "") == words
