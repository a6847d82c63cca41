"""What each section takes of the room that Gmail shows, and what to leave out of a mail that is too long."""

from __future__ import annotations

import pytest
from lxml import etree
from test_cutting import long_issue

from kanfa.email.checks import check
from kanfa.email.dom import parse_html, words
from kanfa.email.limits import GMAIL_CLIP_BYTES, SIZES_SHOWN_BYTES, TOKEN_CHARS
from kanfa.email.render import render
from kanfa.email.sizes import SectionSize, mail_bytes, section_sizes, to_leave_out
from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.publication import Publication


@pytest.fixture(scope="module")
def long() -> Issue:
    return long_issue()


@pytest.fixture(scope="module")
def mail(long: Issue, publication: Publication) -> Artifact:
    return render(long, publication)


def found(artifact: Artifact, issue: Issue, publication: Publication, rule: str) -> list[Finding]:
    return [finding for finding in check(artifact, issue, publication) if finding.rule.id == rule]


def test_the_longest_token_counts() -> None:
    """A subscriber's token is longer than its placeholder, wherever it stands."""
    assert mail_bytes("中__UNSUB__a__UNSUB__") == 3 + 1 + 2 * TOKEN_CHARS


def test_sections_are_measured_on_the_finished_mail(mail: Artifact, long: Issue) -> None:
    """Their sizes are those of their elements: together with the frame they make the whole mail."""
    html = mail.files["email.html"].decode()
    sizes = section_sizes(html, long)
    assert [(one.title, one.line) for one in sizes] == [(f"栏目{n}", n * 100) for n in range(1, 7)]
    frame = len(html.encode()) - sum(one.bytes for one in sizes)
    short = render(Issue(title=long.title, file="issue.md", number=12, summary=long.summary), Publication())
    assert abs(frame - len(short.files["email.html"])) < 15_000
    root = parse_html(html)
    chapter = next(
        node
        for heading in root.iter("h2")
        if words(heading) == "栏目3"
        for node in heading.iterancestors("div")
        if (node.getparent().get("role") or "") == "article"
    )
    own = len(etree.tostring(chapter, method="html", encoding="utf-8", with_tail=False))
    assert 0 <= sizes[2].bytes - own < 700


def test_every_section_of_an_issue_is_found(artifact: Artifact, issue: Issue) -> None:
    """In an issue with every kind of node as well; a heading of the template is no section."""
    sizes = section_sizes(artifact.files["email.html"].decode(), issue)
    assert [one.title for one in sizes] == ["业界要闻", "推荐阅读"]
    assert all(one.bytes > 3_000 for one in sizes)


def test_a_page_of_another_shape_names_no_section(issue: Issue) -> None:
    """A template without the wrapper is no reason to fail."""
    assert section_sizes("<!DOCTYPE html><html><body><h2>业界要闻</h2></body></html>", issue) == []


def test_a_long_mail_names_its_sections_largest_first(mail: Artifact, long: Issue, publication: Publication) -> None:
    """With bytes and source lines."""
    (finding,) = found(mail, long, publication, "EML143")
    sizes = sorted(section_sizes(mail.files["email.html"].decode(), long), key=lambda one: -one.bytes)
    assert finding.line == sizes[0].line
    assert (
        f"{GMAIL_CLIP_BYTES:,} bytes of HTML: “{sizes[0].title}” {sizes[0].bytes:,} (:{sizes[0].line}); "
        in finding.message
    )
    places = [finding.message.find(f"“{one.title}”") for one in sizes]
    assert places == sorted(places)


def test_a_mail_that_is_too_long_says_what_to_leave_out(mail: Artifact, long: Issue, publication: Publication) -> None:
    """The sections named bring it under the limit."""
    (finding,) = found(mail, long, publication, "EML144")
    values = dict(finding.values)
    assert int(values["left"]) < GMAIL_CLIP_BYTES
    assert str(values["sections"]).startswith("“栏目")


def test_a_short_mail_is_silent(artifact: Artifact, issue: Issue, publication: Publication) -> None:
    """Below six tenths of the limit nobody is bothered."""
    assert mail_bytes(artifact.files["email.html"].decode()) < SIZES_SHOWN_BYTES
    assert found(artifact, issue, publication, "EML143") == found(artifact, issue, publication, "EML144") == []


def test_a_mail_that_fits_is_not_told_what_to_leave_out(long: Issue, publication: Publication) -> None:
    """Sizes are a note, advice is for mails that are too long."""
    from dataclasses import replace

    part = replace(long, sections=long.sections[:3])
    made = render(part, publication)
    assert len(found(made, part, publication, "EML143")) == 1
    assert found(made, part, publication, "EML144") == []


@pytest.mark.parametrize(
    ("excess", "expected"),
    [
        (1, ["c"]),
        (10, ["c"]),
        (11, ["b"]),
        (30, ["a"]),
        (31, ["a", "b"]),
        (55, ["a", "b", "c"]),
        (999, ["a", "b", "c"]),
    ],
)
def test_the_least_that_is_enough_is_left_out(excess: int, expected: list[str]) -> None:
    """One section where one will do, and the smallest of those; else the largest first."""
    sections = [SectionSize("a", 1, 30), SectionSize("b", 2, 20), SectionSize("c", 3, 10)]
    assert [one.title for one in to_leave_out(sections, excess)] == expected
