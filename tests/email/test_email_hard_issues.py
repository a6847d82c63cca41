"""Correct but unusual issues: bare angle brackets, long lists, Chinese hosts, the subscriber's mark, wide tables."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from kanfa import parity
from kanfa.email import FORMAT
from kanfa.email.checks import check
from kanfa.email.dom import parse_html
from kanfa.email.limits import HREF_CHARS
from kanfa.email.mail import Mail
from kanfa.email.render import render
from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Issue, Link, Text, walk
from kanfa.issue.reader import read
from kanfa.publication import Publication

FRONT = "---\ntitle: 云原生周报\nsummary: 本期说到的事情很多，先说发布，再说安全，最后是一些值得读的好文章。\n---\n\n"
FIRST_LINE = FRONT.count("\n") + 1
"""Line of the first line of the text."""


def issue_of(text: str) -> Issue:
    """The issue with that text."""
    return read(FRONT + text).issue


def findings_of(text: str, publication: Publication, *ids: str) -> list[Finding]:
    """Findings of those rules."""
    issue = issue_of(text)
    return [finding for finding in check(render(issue, publication), issue, publication) if finding.rule.id in ids]


def text_reading(text: str, publication: Publication) -> tuple[str, ...]:
    """The addresses that are read back from the text part, without those of the footer."""
    issue = issue_of(text)
    reading = list(FORMAT.read_back(render(issue, publication), issue, publication))[1]
    assert parity.compare(issue, reading) == []
    return tuple(href for href in reading.links if "istio" in href)


@pytest.mark.parametrize(
    "words",
    ["若 a < b 则止，", "`x < y`，", "1 <2，", "\\<http://，", "`<https://a b`，", "```\nif a<b: c>d\n```\n\n"],
)
def test_a_bare_angle_bracket_hides_no_address(words: str, publication: Publication) -> None:
    """The author's `<` is not paired with the `>` of an address."""
    href = "https://istio.io/latest/news/"
    assert text_reading(f"{words}见 [公告]({href})。\n", publication) == (href,)


def test_a_lost_address_is_still_missed(publication: Publication) -> None:
    """An address that the text part lacks is a finding, whatever brackets stand there."""
    issue = issue_of("若 a < b，见 [公告](https://istio.io/)。\n")
    made = render(issue, publication)
    files = {**made.files, "email.txt": made.files["email.txt"].replace(b"<https://istio.io/>", b"<x>")}
    reading = list(FORMAT.read_back(Artifact("email", files), issue, publication))[1]
    assert [finding.rule.id for finding in parity.compare(issue, reading)] == ["PAR002"]


def links(count: int) -> str:
    """A list of so many links."""
    return "## 节\n\n" + "\n".join(f"- [链接{number}](https://x.example/{number})" for number in range(count))


def notes(count: int) -> str:
    """So many paragraphs with a footnote each."""
    calls = "\n\n".join(f"字{number}[^{number}]。" for number in range(count))
    return calls + "\n\n" + "\n\n".join(f"[^{number}]: 注 {number}" for number in range(count))


@pytest.mark.parametrize("text", [links(2000), notes(1000)], ids=["2,000 links in a list", "1,000 notes"])
def test_a_very_long_issue_is_made_and_checked_in_seconds(text: str, publication: Publication) -> None:
    """The work grows with the length, not with its square; CPU time, with room for a slow machine."""
    issue = issue_of(text)
    start = time.process_time()
    list(check(render(issue, publication), issue, publication))
    assert time.process_time() - start < 60  # a quadratic search would take minutes


def test_the_issue_is_walked_once_for_the_lines_of_all_links(
    publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Address and line are kept for the whole check."""
    issue = issue_of(links(9))
    mail = Mail("", issue, publication, {})
    expected = [FIRST_LINE + 2 + number for number in range(9)]
    assert [mail.line_of_link(f"https://x.example/{number}") for number in range(9)] == expected
    walks: list[int] = []
    walked: Callable[[Issue], object] = Issue.walk
    monkeypatch.setattr(Issue, "walk", lambda issue: (walks.append(1), walked(issue))[1])
    assert mail.line_of_link("https://x.example/8/") == expected[-1]
    assert walks == []


@pytest.mark.parametrize("words", ["https://例子.中国", "https://例子.中国/路径", "www.例子.com", "HTTPS://例子.中国"])
def test_a_chinese_host_shown_as_written_is_no_disguise(words: str, publication: Publication) -> None:
    """Words and address are compared in one encoding."""
    href = words if "://" in words else f"https://{words}"
    assert findings_of(f"见 [{words}]({href})。\n", publication, "EML056", "EML053") == []


def test_another_chinese_host_is_a_disguise(publication: Publication) -> None:
    """Only the same site passes."""
    found = findings_of("见 [https://例子.中国](https://别处.公司/)。\n", publication, "EML056")
    assert [finding.line for finding in found] == [FIRST_LINE]


@pytest.mark.parametrize("words", ["\\_\\_UNSUB\\_\\_", "`__UNSUB__`", "[退](https://unsub.invalid/__UNSUB__)"])
def test_the_subscribers_mark_in_the_text_is_found_at_its_line(words: str, publication: Publication) -> None:
    """The sending system would replace it in the middle of a sentence."""
    found = findings_of(f"开头。\n\n写作 {words} 的记号。\n", publication, "EML069")
    assert [finding.line for finding in found] == [FIRST_LINE + 2]
    assert "UNSUB" in found[0].message
    assert "the sending system would replace this" in found[0].message


def test_the_subscribers_mark_in_the_summary_is_found_there(publication: Publication) -> None:
    """Metadata have lines too."""
    issue = read(FRONT.replace("值得读", "__UNSUB__") + "话。\n").issue
    found = [f for f in check(render(issue, publication), issue, publication) if f.rule.id == "EML069"]
    assert [finding.line for finding in found] == [3]


def test_a_link_that_is_too_long_is_told_its_length(publication: Publication) -> None:
    """Not that it is incomplete."""
    href = "https://x.example/" + "a" * HREF_CHARS
    found = findings_of(f"见 [长]({href})。\n", publication, "EML053", "EML054")
    assert [finding.rule.id for finding in found] == ["EML053"]
    assert found[0].message.startswith("2,018 characters, at most 2,000: https://x.example/aaa")


def table_of(columns: int, cell: str) -> str:
    """A table with that text in each cell."""
    return "\n".join("|" + f" {words} |" * columns for words in ("列", "---", cell)) + "\n"


def test_long_words_in_a_crowded_table_may_break(publication: Publication) -> None:
    """Each cell with more than its share gets the property in the element itself; a roomy table stays as it is."""
    for columns, wrapped in ((2, 0), (4, 4)):
        html = render(issue_of(table_of(columns, "ServiceAccounts")), publication).files["email.html"].decode()
        cells = parse_html(html).xpath("//table[contains(@class,'data')]//td")
        styles = [cell.get("style") for cell in cells if "word-break:break-word" in cell.get("style")]
        assert len(styles) == wrapped
        assert all("overflow-wrap:anywhere" in style for style in styles)


def test_a_long_word_in_a_cell_that_cannot_break_is_found(publication: Publication) -> None:
    """Below the limit of running text, too wide for a fourth of a phone; at the line of the words."""
    text = table_of(4, "ServiceAccounts")
    assert findings_of(text, publication, "EML045") == []
    issue = issue_of(text)
    made = render(issue, publication)
    html = made.files["email.html"].replace(b"word-break:break-word", b"word-break:normal")
    found = list(check(Artifact("email", {**made.files, "email.html": html}), issue, publication))
    lines = [(finding.line, finding.message) for finding in found if finding.rule.id == "EML045"]
    assert lines == [(FIRST_LINE + 2, "“ServiceAccounts” in a table of 4 columns has no place to break")]


def test_more_than_six_columns_are_counted_and_scroll(publication: Publication) -> None:
    """The warning names number and line; programs with media rules scroll the table and keep the mail's frame."""
    assert findings_of(table_of(6, "字"), publication, "EML070") == []
    issue = issue_of("话。\n\n" + table_of(30, "字"))
    made = render(issue, publication)
    found = [finding for finding in check(made, issue, publication) if finding.rule.id == "EML070"]
    assert [(f.line, f.message) for f in found] == [(FIRST_LINE + 2, "this table has 30 columns, better at most 6")]
    html = made.files["email.html"].decode()
    assert parse_html(html).xpath("//div[@class='scroll']/table")
    rule = ".scroll td { min-width: 64px !important; word-break: normal"  # what scrolls leaves its words whole
    assert "".join(rule.split()) in "".join(html.split())


def test_words_keep_their_places_in_a_crowded_table(publication: Publication) -> None:
    """Nothing is cut: every cell's words and links are read back."""
    issue = issue_of(table_of(8, "[`kubelet-serving-certificate`](https://x.example/)"))
    html = next(iter(FORMAT.read_back(render(issue, publication), issue, publication)))
    assert parity.compare(issue, html) == []
    nodes = [node for block in issue.body() for node in walk(block)]
    assert sum(isinstance(node, Link) for node in nodes) == 8
    assert any(isinstance(node, Text) for node in nodes)
