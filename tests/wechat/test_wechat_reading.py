"""Read-back: the finished bytes prove that nothing was lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from wechat_values import asset, link, paragraph, picture_bytes

from kanfa.formats import Reading
from kanfa.issue.model import Figure, Image, Issue, Link, Text
from kanfa.issue.reader import read
from kanfa.parity import compare
from kanfa.publication import Publication
from kanfa.wechat import FORMAT
from kanfa.wechat.preview import preview
from kanfa.wechat.reading import addresses, as_address
from kanfa.wechat.tree import parse_fragment

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
        ("//注意：说明文字", ""),
        ("https://example.com：官网", ""),
        ("https://[x", ""),
        ("", ""),
    ],
)
def test_only_a_whole_text_is_an_address(words: str, address: str) -> None:
    """An address within a sentence is prose."""
    assert as_address(words) == address


def test_text_that_resembles_an_address_is_read_as_text(issue: MakeIssue, publication: Publication) -> None:
    """Render, check and read-back take any prose."""
    made = issue(paragraph("//注意：说明文字"), paragraph(link("https://example.com", "https://example.com：官网")))
    artifact = FORMAT.render(made, publication)
    assert list(FORMAT.check(artifact, made, publication)) == []
    assert compare(made, read_back(made, publication)) == []


def test_a_link_that_shows_nothing_is_not_read() -> None:
    """An `<a>` counts when it holds text or a picture."""
    html = '<p><a href="https://a.example/"></a><a href="https://b.example/"> </a>'
    html += '<a href="https://c.example/">字</a><a href="https://d.example/"><img src="x.png"></a></p>'
    assert addresses(parse_fragment(html)) == ["https://c.example/", "https://d.example/"]


def test_an_entry_of_the_list_without_a_title_is_read_past_its_number() -> None:
    """`[3] https://…` is that address; any other words before it are prose."""
    html = "<p>[3] https://a.example/<br>[x] https://b.example/<br>[4] 见 https://c.example/</p>"
    assert addresses(parse_fragment(html)) == ["https://a.example/"]


@pytest.mark.parametrize("privileged", [False, True])
@pytest.mark.parametrize("src", ["images/s.png", "images/absent.png", "https://far.example/s.png"])
@pytest.mark.parametrize("href", ["https://x.example/", "https://mp.weixin.qq.com/s/x"])
def test_the_link_of_a_picture_is_never_lost(
    issue: MakeIssue, publication: Publication, href: str, src: str, privileged: bool
) -> None:
    """Shown or substituted, as a figure or within text, live or listed: the address can be read."""
    settings = publication.wechat.model_copy(update={"privileged_links": privileged})
    own = publication.model_copy(update={"wechat": settings})
    small = asset("images/s.png", picture_bytes(size=(300, 100)), size=(300, 100))
    for block in (
        Figure(Image(src, "图字", 10), 10, (), href),
        paragraph("见", Link(href, (Image(src, "图字", 10), Text("字", 10)), 10)),
    ):
        made = issue(block, assets=(small,))
        assert compare(made, read_back(made, own)) == []
        assert list(FORMAT.check(FORMAT.render(made, own), made, own)) == []


@pytest.mark.parametrize("words", ["甲", "甲]乙", "[图：甲]", "甲 [图：乙] 丙", "[图：", "]", "a  b"])
def test_the_words_of_a_substitute_may_hold_its_own_marks(
    issue: MakeIssue, publication: Publication, words: str
) -> None:
    """Brackets in alt texts neither cut a substitute short nor let one stand for another."""
    images = (Image("images/absent.png", words, 10), Image("https://far.example/x.png", "甲", 10))
    made = issue(paragraph("前", images[0], "中]", images[1], "[图：后"))
    assert read_back(made, publication).images == (words, "甲")
    assert compare(made, read_back(made, publication)) == []


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
