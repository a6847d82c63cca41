"""Read-back: the finished bytes prove that nothing was lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from wechat_values import link, paragraph

from kanfa.formats import Reading
from kanfa.issue.model import Image, Issue
from kanfa.issue.reader import read
from kanfa.parity import compare
from kanfa.publication import Publication
from kanfa.wechat import FORMAT
from kanfa.wechat.preview import preview
from kanfa.wechat.reading import as_address

ROOT = Path(__file__).parents[2]
MakeIssue = Callable[..., Issue]


def read_back(made: Issue, publication: Publication) -> Reading:
    (reading,) = FORMAT.read_back(FORMAT.render(made, publication), made, publication)
    return reading


def test_a_reading_holds_title_digest_text_addresses_and_pictures(issue: MakeIssue, publication: Publication) -> None:
    """Live links come first where they stand, listed addresses in the order of their numbers."""
    made = issue(
        paragraph(
            link("https://a.example/", "甲"),
            link("https://mp.weixin.qq.com/s/x", "乙"),
            link("mailto:a@b.example", "a@b.example"),
            Image("images/cover.png", "封面图", 10),
            Image("https://b.example/x.png", "远图", 10),
        )
    )
    reading = read_back(made, publication)
    assert reading.output == "wechat"
    assert not reading.each_link
    assert reading.text.startswith("第九期\n一句话。\n")
    assert set(reading.links) >= {"https://a.example/", "https://mp.weixin.qq.com/s/x", "mailto:a@b.example"}
    assert reading.images == ("封面图", "远图")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("https://a.example/x", "https://a.example/x"),
        (" a@b.example ", "mailto:a@b.example"),
        ("@wojtek-t", ""),
        ("a@b", ""),
        ("见 https://a.example/", ""),
        ("", ""),
    ],
)
def test_only_a_whole_text_is_an_address(words: str, address: str) -> None:
    """An address within a sentence is prose."""
    assert as_address(words) == address


@pytest.mark.parametrize("number", ["009", "000-specimen"])
def test_nothing_of_the_publications_own_issues_is_lost(number: str, publication: Publication) -> None:
    """Text, links, pictures and fields, compared with the tree."""
    path = ROOT / "content" / "issues" / number / "issue.md"
    made = read(path.read_text(encoding="utf-8"), "issue.md").issue
    assert compare(made, read_back(made, publication)) == []


def test_the_preview_shows_the_article_in_both_modes(issue: MakeIssue, publication: Publication) -> None:
    """Light is the article itself; dark has the colours that the reader would show."""
    html = FORMAT.render(issue(paragraph("字")), publication).files["wechat.html"].decode()
    assert html in preview(html)
    dark = preview(html, dark=True)
    assert "background:#191919" in dark
    assert "background:#212121;color:#b3b3b3" in dark
    assert "rgba(127,127,127,0.4)" in preview('<p style="border-top:1px solid rgba(127,127,127,.4)">x</p>', dark=True)
