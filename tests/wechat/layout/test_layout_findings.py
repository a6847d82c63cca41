"""Layout findings name the article of the draft, the element and the line of issue.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

import pytest
from layout_house import Node, beyond, laid_out
from wechat_values import asset, paragraph, picture_bytes, text

from kanfa.browser import Browser
from kanfa.formats import Artifact
from kanfa.issue.model import Image, Issue
from kanfa.publication import Publication
from kanfa.wechat.layout import findings
from kanfa.wechat.layout.measuring import address_of
from kanfa.wechat.setting import Setting
from kanfa.wechat.transforms import own_widths
from kanfa.wechat.tree import parse_fragment, serialise

NO_BROWSER = cast(Browser, None)


def draft(*articles: str) -> Artifact:
    names = ["wechat.html", *(f"wechat-{number}.html" for number in range(2, len(articles) + 1))]
    first, *others = ({"title": "第九期", "content": name} for name in names)
    files = dict(zip(names, (article.encode() for article in articles), strict=True))
    fields = {**first, "parts": others} if others else first
    return Artifact("wechat", {**files, "wechat.json": json.dumps(fields).encode(), "images/a.png": picture_bytes()})


def test_every_article_of_a_split_issue_is_measured(
    issue: Callable[..., Issue], publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def measured(html: str, _pictures: object, _browser: object) -> object:
        shown.append(html)
        return laid_out(Node("p", size=beyond, text="一段文字"))

    monkeypatch.setattr(findings, "measured", measured)
    whole = issue(paragraph(text("一段文字", 31), line=31))
    found = findings.check_layout(
        draft("<section>上</section>", "<section>下</section>"), whole, publication, NO_BROWSER
    )
    assert shown == ["<section>上</section>", "<section>下</section>"]
    assert [(one.rule.id, one.line, one.element) for one in found] == [
        ("WX042", 31, "p#1"),
        ("WX042", 31, "wechat-2.html: p#1"),
    ]


def test_a_picture_is_found_by_its_file(
    issue: Callable[..., Issue], publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Node(
        "img", size=lambda column: (0, min(500, column)), text="", element={"picture": address_of("images/a.png")}
    )
    monkeypatch.setattr(findings, "measured", lambda *_: laid_out(there))
    whole = issue(paragraph(Image("images/a.png", "图", 17)), assets=(asset("images/a.png", picture_bytes()),))
    (found,) = findings.check_layout(draft("<section>一</section>"), whole, publication, NO_BROWSER)
    assert (found.rule.id, found.line) == ("WX041", 17)


@pytest.mark.parametrize(
    ("attributes", "marked"),
    [
        ('data-w="373"', True),
        ('data-w="236"', False),
        ('data-w="374"', False),
        ('data-w="900" style="width:300px"', True),
        ('data-w="300" style="width:100%"', False),
        ("", False),
    ],
)
def test_a_picture_that_keeps_its_width_in_a_list_would_vary_too_much(
    attributes: str, marked: bool, issue: Callable[..., Issue], publication: Publication
) -> None:
    """It shrinks on a phone, as it should; the checker is told that this is meant."""
    body = parse_fragment(f"<section><img {attributes}></section>")
    own_widths(body, Setting.of(issue(), publication))
    assert ('data-ignore-width="1"' in serialise(body)) is marked
