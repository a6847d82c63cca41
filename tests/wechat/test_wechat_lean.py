"""Lean: what an article costs in characters beyond the words, links and pictures that it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from wechat_values import COVER, asset, picture_bytes

from kanfa.issue.model import Issue
from kanfa.issue.reader import read
from kanfa.publication import Publication, find_publication
from kanfa.wechat import FORMAT
from kanfa.wechat.limits import length_of
from kanfa.wechat.transforms.styles import unwrap
from kanfa.wechat.tree import elements, parse_fragment, serialise

ROOT = Path(__file__).parents[2]
SENTENCE = (
    "社区这周把控制面的延迟又压低了一截，回移的补丁已经合入上一个稳定分支，升级之前请先在测试集群里看一遍变更说明。"
)
LINK = "，详见[第{at}条说明](https://github.com/kubernetes/kubernetes/pull/{at:05d})"
PICTURE = "![第{at}张图：延迟随节点数变化的曲线](images/p{at}.png)"


def long_issue() -> Issue:
    """An issue of 22 KB of Markdown, nearly all of it Chinese, with 40 pictures and 60 links under 8 headings."""
    lines, links, pictures = ["---", "title: 长刊", "number: 9", "summary: 一句话。", "---"], 0, 0
    for chapter in range(8):
        lines += ["", f"## 第{chapter + 1}章"]
        for passage in range(5):
            linked = "".join(LINK.format(at=links + more) for more in range(1 + (passage % 2)) if links + more < 60)
            links = min(60, links + 1 + (passage % 2))
            lines += ["", f"**要点{passage + 1}**{linked}。{SENTENCE * 2}", "", PICTURE.format(at=pictures)]
            pictures += 1
    text = "\n".join([*lines, "", "".join(LINK.format(at=at) for at in range(links, 60)) + "。", ""])
    data = picture_bytes(size=(1200, 600))
    assets = tuple(asset(f"images/p{at}.png", data, size=(1200, 600)) for at in range(40))
    made = read(text, "issue.md").issue
    assert 21_000 < len(text.encode()) < 23_500
    assert len({link.href for link in made.links()}) == 60
    assert sum(1 for _ in made.images()) == 40
    return replace(made, assets=(COVER, *assets))


def without_addresses(html: str) -> str:
    """The article without the addresses of its pictures: WeChat's own are not ours to shorten."""
    body = parse_fragment(html)
    for image in elements(body, "img"):
        image.set("src", "")
    return serialise(body)


def bare(html: str) -> str:
    """The same article as a plain Markdown renderer would give it, with the same list of addresses.

    No style, no `data-*`; no `section` and no `span`, which only hold styles.
    """
    body = parse_fragment(without_addresses(html))
    for element in elements(body):
        for name in [str(name) for name in element.attrib if name == "style" or str(name).startswith("data-")]:
            del element.attrib[name]
    for element in elements(body, "section", "span"):
        unwrap(element)
    return serialise(body)


def with_theme(publication: Publication, theme: str) -> Publication:
    return publication.model_copy(update={"wechat": publication.wechat.model_copy(update={"theme": theme})})


@pytest.mark.parametrize(("theme", "most"), [("plain", 1.4), ("letterpress", 1.425), ("ink", 1.4)])
def test_an_issue_with_many_pictures_and_links_costs_little_more_than_its_words(
    theme: str, most: float, publication: Publication
) -> None:
    """At most 1.4 × the characters of its bare HTML in the theme that is the default; ornament may cost a little."""
    html = FORMAT.render(long_issue(), with_theme(publication, theme)).files["wechat.html"].decode()
    assert length_of(without_addresses(html)) <= most * length_of(bare(html))


@pytest.mark.parametrize("theme", ["plain", "letterpress", "ink"])
def test_the_ninth_issue_takes_half_of_what_is_allowed(theme: str) -> None:
    """With all of its addresses listed, in every theme."""
    from kanfa import pipeline

    publication = find_publication(ROOT)
    assert publication is not None
    source = pipeline.read(ROOT / "content/issues/009/issue.md", publication)
    html = pipeline.render(FORMAT, source.issue, with_theme(publication, theme)).files["wechat.html"].decode()
    assert length_of(html) < 10_000


def test_a_picture_wider_than_the_column_needs_no_style(publication: Publication) -> None:
    """The reader's page keeps it within; only a width between 374 and 676 px would sit differently on each screen."""
    html = FORMAT.render(long_issue(), publication).files["wechat.html"].decode()
    assert {image.get("style") for image in elements(parse_fragment(html), "img")} == {None}
