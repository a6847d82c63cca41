"""An issue that does not fit one article: refused, cut, or split; and nothing is lost that is not said to be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kanfa import pipeline
from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.issue.reader import read
from kanfa.publication import Publication
from kanfa.wechat import FORMAT
from kanfa.wechat.limits import LIMITS, length_of
from kanfa.wechat.parts import part_name, part_title, sentence
from kanfa.wechat.tree import parse_fragment, text_of

SENTENCE = "控制面的延迟又低了一截，补丁已经合入上一个稳定分支，升级之前请先看一遍说明。"


def long_text(chapters: int, passages: int, note: str = "") -> str:
    """Markdown of so many chapters with passages of some 400 characters, each with an address of its own."""
    lines = ["---", "title: 长刊", "number: 9", "summary: 一句话。", "authors: [甲, 乙]", "---", "", "开场。"]
    for chapter in range(1, chapters + 1):
        lines += ["", f"## 第{chapter}章"]
        for passage in range(1, passages + 1):
            address = f"https://example.org/{chapter}/{passage}"
            lines += ["", f"{chapter}之{passage}，{SENTENCE * 9}[出处{chapter}-{passage}]({address})。{note}"]
    return "\n".join([*lines, ""])


def issue_of(text: str) -> Issue:
    return read(text, "issue.md").issue


def with_policy(publication: Publication, policy: str) -> Publication:
    return publication.model_copy(update={"wechat": publication.wechat.model_copy(update={"too_long": policy})})


def made(issue: Issue, publication: Publication) -> tuple[Artifact, list[Finding]]:
    """The artifact with everything that is said about it, parity included."""
    artifact, found = pipeline.produce(FORMAT, issue, publication)
    assert artifact is not None, found
    return artifact, [one for one in found if one.rule.id != "WX134"]


def drafts_of(artifact: Artifact) -> list[Mapping[str, Any]]:
    fields = json.loads(artifact.files["wechat.json"])
    return [fields, *fields.get("parts", [])]


def words_in(artifact: Artifact, file: str) -> str:
    return text_of(parse_fragment(artifact.files[file].decode()))


@pytest.mark.parametrize("policy", ["refuse", "cut", "split"])
def test_an_issue_that_fits_is_one_article_whatever_the_policy(policy: str, publication: Publication) -> None:
    """The very same bytes."""
    issue = issue_of(long_text(2, 5))
    artifact, found = made(issue, with_policy(publication, policy))
    assert found == []
    assert artifact.files == FORMAT.render(issue, publication).files
    assert "parts" not in json.loads(artifact.files["wechat.json"])


@pytest.mark.parametrize(("chapters", "passages"), [(8, 8), (2, 40)], ids=["whole chapters", "a chapter goes on"])
def test_chapters_are_counted_through_all_parts(chapters: int, passages: int, publication: Publication) -> None:
    """A reader of the second part sees the numbers that the issue has; a chapter that goes on keeps its own."""
    artifact, _ = made(issue_of(long_text(chapters, passages)), with_policy(publication, "split"))
    bodies = [parse_fragment(artifact.files[str(draft["content"])].decode()) for draft in drafts_of(artifact)]
    titles = [text_of(heading) for body in bodies for heading in body.iter("h2")]
    assert len(bodies) > 1
    assert all(title.startswith(f"{int(title[4]):02d} 第") for title in titles), titles


def test_a_fault_that_all_parts_have_from_the_issue_is_said_once(publication: Publication) -> None:
    """The title is the issue's, however many articles it stands over."""
    issue = issue_of(long_text(8, 8).replace("title: 长刊", f"title: {'长' * 40}🚀"))
    artifact, found = made(issue, with_policy(publication, "split"))
    assert len(drafts_of(artifact)) > 1
    assert sorted(one.rule.id for one in found if one.rule.id != "WX141") == ["WX082", "WX123"]


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("split", "article 2 of 2 begins here"),
        ("cut", "the article ends here: 10 passages are behind 阅读原文 only"),
    ],
)
def test_an_issue_without_headings_is_divided_between_its_passages(
    policy: str, message: str, publication: Publication
) -> None:
    """And the finding names no heading."""
    text = "\n".join(line for line in long_text(8, 7).split("\n") if not line.startswith("## "))
    _, found = made(issue_of(text), with_policy(publication, policy))
    (finding,) = [one for one in found if one.rule.id in {"WX140", "WX141"}]
    assert finding.message.split(":")[0] == message.split(":")[0]
    assert "“”" not in finding.message


def test_a_refused_issue_stays_whole(publication: Publication) -> None:
    """Its length is an error with the largest sections and their lines."""
    artifact, (finding,) = made(issue_of(long_text(8, 8)), with_policy(publication, "refuse"))
    assert finding.rule.id == "WX085"
    assert "(L" in finding.message
    assert "8之8" in words_in(artifact, "wechat.html")


def test_a_cut_article_keeps_whole_sections_and_says_what_follows(publication: Publication) -> None:
    """A warning names the place; parity holds for everything before it, and for nothing behind."""
    artifact, found = made(issue_of(long_text(8, 8)), with_policy(publication, "cut"))
    assert [one.rule.id for one in found] == ["WX140"]
    words = words_in(artifact, "wechat.html")
    kept = max(at for at in range(1, 9) if f"{at}之8，" in words)
    assert 2 <= kept < 8
    assert f"{kept + 1}之1，" not in words
    assert sentence(8 * (8 - kept), "zh-CN") in words
    assert all(f"· 第{at}章" in words for at in range(kept + 1, 9))
    assert found[0].message.startswith(f"the article ends before “第{kept + 1}章”")
    assert length_of(artifact.files["wechat.html"].decode()) <= LIMITS.content_chars_near.value


def test_a_passage_lost_before_the_cut_is_a_loss(publication: Publication) -> None:
    """What the article says to show must be there: the cut excuses only what stands behind it."""
    issue, own = issue_of(long_text(8, 8)), with_policy(publication, "cut")
    artifact, _ = made(issue, own)
    html = artifact.files["wechat.html"].decode().replace("1之2，", "")
    broken = Artifact("wechat", {**artifact.files, "wechat.html": html.encode()})
    assert [one.rule.id for one in pipeline.compare(FORMAT, broken, issue, own)] == ["PAR001"]
    unsaid = html.replace("后面还有", "后面没有")
    broken = Artifact("wechat", {**artifact.files, "wechat.html": unsaid.encode()})
    assert len(pipeline.compare(FORMAT, broken, issue, own)) > 8


def test_a_cut_needs_an_address_for_the_rest(publication: Publication) -> None:
    """The default host is nowhere (RFC 2606): then the issue stays whole, and its length is an error."""
    own = with_policy(Publication(name="周报"), "cut")
    _, found = made(issue_of(long_text(8, 8)), own)
    assert {one.rule.id for one in found} == {"WX143", "WX085"}


def test_a_split_issue_is_several_articles_and_loses_nothing(publication: Publication) -> None:
    """Each has its title, digest, addresses; every rule is silent but the one that tells of the split."""
    issue = issue_of(long_text(8, 8))
    artifact, found = made(issue, with_policy(publication, "split"))
    drafts = drafts_of(artifact)
    assert {one.rule.id for one in found} == {"WX141"}
    assert len(found) == len(drafts) - 1
    assert [draft["content"] for draft in drafts] == ["wechat.html", "wechat-2.html", "wechat-3.html"][: len(drafts)]
    names = "上下" if len(drafts) == 2 else "上中下"
    assert [draft["title"] for draft in drafts] == [f"长刊（{name}）" for name in names]
    assert drafts[0]["digest"] == "一句话。"
    assert len({draft["digest"] for draft in drafts}) == len(drafts)
    for draft in drafts:
        words = words_in(artifact, draft["content"])
        assert length_of(artifact.files[draft["content"]].decode()) <= LIMITS.content_chars_near.value
        assert "[1] 出处" in words
        assert "作者：甲、乙" in words
    assert "本篇（上）到此为止，下一篇（下）里有：" in words_in(artifact, "wechat.html")


def test_articles_are_about_equally_long(publication: Publication) -> None:
    """No full first part with a crumb behind it."""
    artifact, _ = made(issue_of(long_text(6, 8)), with_policy(publication, "split"))
    sizes = [len(artifact.files[draft["content"]]) for draft in drafts_of(artifact)]
    assert min(sizes) > max(sizes) / 2


def test_notes_are_counted_anew_in_each_article(publication: Publication) -> None:
    """注1 of the second article is its own first note; all of them are proved to be there."""
    text = long_text(8, 8).replace("1之1，", "1之1[^a]，").replace("8之8，", "8之8[^b]，")
    issue = issue_of(f"{text}\n[^a]: 第一条注文\n[^b]: 第二条注文\n")
    artifact, found = made(issue, with_policy(publication, "split"))
    assert {one.rule.id for one in found} == {"WX141"}
    first, last = (words_in(artifact, draft["content"]) for draft in (drafts_of(artifact)[0], drafts_of(artifact)[-1]))
    assert "1之1[注1]" in first
    assert "[注1]第一条注文" in first
    assert "8之8[注1]" in last
    assert "[注1]第二条注文" in last


def test_a_section_longer_than_an_article_is_divided_between_passages(publication: Publication) -> None:
    """Its second half says that it goes on."""
    artifact, found = made(issue_of(long_text(1, 60)), with_policy(publication, "split"))
    assert {one.rule.id for one in found} == {"WX141"}
    assert all("begins within “第1章”" in one.message for one in found)
    assert "第1章（续）" in words_in(artifact, "wechat-2.html")


@pytest.mark.parametrize("policy", ["cut", "split"])
def test_a_passage_longer_than_an_article_is_named_with_its_line(policy: str, publication: Publication) -> None:
    """Nothing can be cut within a paragraph: the issue stays whole."""
    text = long_text(1, 1) + "\n" + "长" * 25_000 + "\n"
    if policy == "cut":
        text = text.replace("开场。", "长" * 25_000)
    _, found = made(issue_of(text), with_policy(publication, policy))
    assert {one.rule.id for one in found} == {"WX085", "WX142"}
    line = next(one.line for one in found if one.rule.id == "WX142")
    assert text.split("\n")[line - 1].startswith("长长")


def test_more_articles_than_a_draft_holds_are_refused(publication: Publication) -> None:
    """Eight is what the API takes."""
    _, found = made(issue_of(long_text(12, 40)), with_policy(publication, "split"))
    assert {one.rule.id for one in found} >= {"WX085", "WX144"}


def test_a_loss_in_a_later_article_is_found_with_its_file(publication: Publication) -> None:
    """Rules and parity read every part."""
    issue, own = issue_of(long_text(8, 8)), with_policy(publication, "split")
    artifact, _ = made(issue, own)
    html = artifact.files["wechat-2.html"].decode()
    lost = html.replace("8之8，", "") if "8之8，" in html else html.replace("4之8，", "")
    broken = Artifact("wechat", {**artifact.files, "wechat-2.html": lost.encode()})
    assert [one.rule.id for one in pipeline.compare(FORMAT, broken, issue, own)] == ["PAR001"]
    faulty = Artifact("wechat", {**artifact.files, "wechat-2.html": html.replace("<p>", '<p id="x">', 1).encode()})
    (finding,) = pipeline.check(FORMAT, faulty, issue, own)
    assert (finding.rule.id, finding.element.startswith("wechat-2.html: section")) == ("WX003", True)


def test_the_same_issue_is_split_the_same_way(publication: Publication) -> None:
    """Byte for byte."""
    issue, own = issue_of(long_text(5, 9)), with_policy(publication, "split")
    assert FORMAT.render(issue, own).files == FORMAT.render(issue, own).files


@pytest.mark.parametrize(
    ("title", "name", "whole"),
    [
        ("长刊", "（上）", "长刊（上）"),
        ("长" * 21, "（上）", "长" * 17 + "…（上）"),
        ("长" * 30, "（上）", "长" * 28 + "…（上）"),
        ("长" * 40, "（上）", "长" * 40 + "（上）"),
        ("This Week in Rust 238", "(1/4)", "This Week in Rust 238(1/4)"),
    ],
)
def test_the_name_of_a_part_is_never_what_a_share_card_cuts_off(title: str, name: str, whole: str) -> None:
    """A title that fits a card still does; one that is too long anyway is left to the rule on titles."""
    assert part_title(title, name) == whole


def test_parts_are_named_as_in_books() -> None:
    """上 and 下, 上 中 下, then numbers; numbers in other languages."""
    assert [part_name(at, 2, "zh-CN") for at in range(2)] == ["（上）", "（下）"]
    assert [part_name(at, 3, "zh-CN") for at in range(3)] == ["（上）", "（中）", "（下）"]
    assert part_name(3, 4, "zh-CN") == "(4/4)"
    assert part_name(0, 2, "en") == "(1/2)"


def test_addresses_have_codes_where_the_settings_ask_for_them(publication: Publication) -> None:
    """A picture in the list beside each, staged with the article; WeChat's own links need none."""
    own = publication.model_copy(update={"wechat": publication.wechat.model_copy(update={"link_codes": True})})
    issue = issue_of("---\ntitle: 码\n---\n\n[甲](https://a.example/) 与[乙](https://mp.weixin.qq.com/s/x)。\n")
    artifact, found = made(issue, own)
    assert found == []
    body = parse_fragment(artifact.files["wechat.html"].decode())
    (image,) = body.iter("img")
    assert image.get("alt") == "扫码阅读：甲"
    assert image.get("src") in artifact.files
    assert [entry["name"] for entry in drafts_of(artifact)[0]["images"]] == [image.get("src")]


def test_only_as_many_addresses_have_codes_as_an_article_may_have_pictures(publication: Publication) -> None:
    """The first twenty; a note says where they end."""
    own = publication.model_copy(update={"wechat": publication.wechat.model_copy(update={"link_codes": True})})
    artifact, (finding,) = made(issue_of(long_text(3, 8)), own)
    assert (finding.rule.id, finding.quote) == ("WX145", "https://example.org/3/5")
    assert artifact.files["wechat.html"].count(b"<img") == LIMITS.images.value


def test_long_issues_of_the_archive_are_read_from_their_own_folder(tmp_path: Path, publication: Publication) -> None:
    """Through the whole pipeline: read from a file, rendered, checked, compared."""
    path = tmp_path / "issue.md"
    path.write_text(long_text(7, 8), "utf-8")
    source = pipeline.read(path, publication)
    _, found = pipeline.produce(FORMAT, source.issue, with_policy(publication, "split"))
    assert {one.rule.id for one in found if one.severity != "info"} <= {"WX141", "WX134"}
