"""What WeChat's storage is expected to change is no difference; everything else is one, in words."""

from __future__ import annotations

import pytest

from kanfa.deliver.wechat_compare import (
    Kind,
    differences,
    essences_of,
    fingerprint,
    possible_essences,
    restorable,
    with_flags,
)
from kanfa.wechat.api.answers import Article

SENT = {
    "title": "周报", "author": "我", "digest": "摘要", "content_source_url": "https://a.example/9/",
    "thumb_media_id": "C", "need_open_comment": 0, "only_fans_can_comment": 0,
    "content": '<section style="color:#333"><p style="margin:0">要 闻<br>\u00a0二</p>'
    '<img src="https://mmbiz.qpic.cn/x/abc/0?wx_fmt=png" alt="图" style="width:100%"></section>',
}  # fmt: skip
KEPT = (
    '<section style="color:#333"><p style="margin:0">要 闻<br  />&nbsp;二</p>'
    '<img data-src="https://mmbiz.qpic.cn/x/abc/640?from=appmsg" alt="图" style="width:100%"></section>'
)


def stored(**changed):
    return Article(**{**SENT, "content": KEPT, **changed})


def test_what_storage_always_changes_is_no_difference():
    assert differences(SENT, stored(), alone=True) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": "改"}, ["title: “周报” sent, “改” stored"]),
        ({"digest": ""}, ["digest: “摘要” sent, “” stored"]),
        ({"content": KEPT.replace("要 闻", "要闻")}, ["text: “…要 闻 二…” sent, “…要闻 二…” stored"]),
        ({"content": KEPT.replace("margin:0", "")}, ['style="": 1 stored']),
        ({"content": KEPT.replace(' style="margin:0"', "")}, ["style attributes: 3 sent, 2 stored"]),
        ({"content": KEPT.replace("<p", "<h2").replace("</p", "</h2")},
         ["<p>: 1 sent, 0 stored", "<h2>: 0 sent, 1 stored"]),
        ({"content": KEPT.replace("/abc/", "/other/")},
         ["pictures: “mmbiz.qpic.cn/x/abc” sent, “mmbiz.qpic.cn/x/other” stored"]),
    ],
)  # fmt: skip
def test_a_difference_is_shown_as_sent_and_as_stored(changed, words):
    assert [str(found) for found in differences(SENT, stored(**changed), alone=True)] == words


def test_a_missing_picture_counts_twice():
    found = differences(SENT, stored(content=KEPT[: KEPT.index("<img")] + "</section>"), alone=True)
    assert [str(each) for each in found] == [
        "<img>: 1 sent, 0 stored", "style attributes: 3 sent, 2 stored", "pictures: 1 sent, 0 stored",
    ]  # fmt: skip


def test_wechat_writes_a_digest_for_an_article_without_one_and_keeps_none_of_several():
    assert differences({**SENT, "digest": ""}, stored(digest="要 闻"), alone=True) == []
    assert differences(SENT, stored(digest=""), alone=False) == []


def test_a_kind_is_told_by_what_differs_and_not_by_the_words_of_an_article():
    (found,) = differences(SENT, stored(title="pictures: x"), alone=True)
    assert found.kind is Kind.FIELD
    (found,) = differences(SENT, stored(content=KEPT.replace("/abc/", "/other/")), alone=True)
    assert found.kind is Kind.PICTURES


@pytest.mark.parametrize("sent", [SENT, {**SENT, "digest": ""}, {**SENT, "thumb_media_id": ""}])
def test_the_essence_is_the_same_as_sent_and_as_stored(sent):
    for there in (stored(), stored(content=KEPT.replace("margin:0", ""))):
        assert essences_of([sent])[0] in possible_essences([there])[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"content": KEPT.replace("闻", "文")},
        {"digest": "人写的"},
        {"digest": ""},
        {"thumb_media_id": "D"},
        {"title": "改"},
    ],
)
def test_the_essence_is_another_one_after_a_person(changed):
    assert essences_of([SENT])[0] not in possible_essences([stored(**changed)])[0]


def test_the_essence_knows_the_place_of_an_article_among_several():
    first, second = essences_of([SENT, SENT])
    assert first != second
    there = possible_essences([stored(digest=""), stored(digest="")])
    assert (first in there[0], second in there[1]) == (True, True), "WeChat keeps no digest of several"


@pytest.mark.parametrize(
    ("release", "before", "there", "sent"),
    [
        (1, [(0, 0)], 0, 1),  # as the last release asked: the new one is followed
        (0, [(0, 0)], 1, 1),  # a person opened them
        (1, [(1, 0)], 0, 0),  # a person closed them
        (1, [], 0, 0),  # nobody knows who
    ],
)
def test_comments_follow_the_release_unless_a_person_set_them(release, before, there, sent):
    ((made,), kept) = with_flags([{**SENT, "need_open_comment": release}], before, [stored(need_open_comment=there)])
    assert made["need_open_comment"] == sent
    words = f"need_open_comment stays {there} as it is in the draft box (the release says {release})"
    assert kept == (() if sent == release else (words,))


def test_a_fingerprint_sees_styles_but_not_comments():
    assert fingerprint(stored()) != fingerprint(stored(content=KEPT.replace("margin:0", "margin:1px")))
    assert fingerprint(stored()) == fingerprint(stored(need_open_comment=1))


def test_no_style_of_a_restored_article_holds_an_entity():
    content = '<p style="font-family:&#39;A&#39;,&quot;B&quot;">x</p>'
    assert restorable(stored(content=content))["content"] == "<p style=\"font-family:'A','B'\">x</p>"
