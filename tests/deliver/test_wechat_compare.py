"""What WeChat's storage is expected to change is no difference; everything else is one, in words."""

from __future__ import annotations

import pytest

from kanfa.deliver.wechat_compare import differences, essence_of, fingerprint, restorable
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
    assert differences(SENT, stored(**changed), alone=True) == words


def test_a_missing_picture_counts_twice():
    found = differences(SENT, stored(content=KEPT[: KEPT.index("<img")] + "</section>"), alone=True)
    assert found == ["<img>: 1 sent, 0 stored", "style attributes: 3 sent, 2 stored", "pictures: 1 sent, 0 stored"]


def test_wechat_writes_a_digest_for_an_article_without_one_and_keeps_none_of_several():
    assert differences({**SENT, "digest": ""}, stored(digest="要 闻"), alone=True) == []
    assert differences(SENT, stored(digest=""), alone=False) == []


def test_the_essence_is_the_same_as_sent_and_as_stored_and_not_after_a_person():
    assert essence_of(SENT) == essence_of(stored().model_dump())
    assert essence_of(SENT) == essence_of(stored(content=KEPT.replace("margin:0", "")).model_dump())
    assert essence_of(SENT) != essence_of(stored(content=KEPT.replace("闻", "文")).model_dump())


def test_a_fingerprint_sees_styles_but_not_comments():
    assert fingerprint(stored()) != fingerprint(stored(content=KEPT.replace("margin:0", "margin:1px")))
    assert fingerprint(stored()) == fingerprint(stored(need_open_comment=1))


def test_no_style_of_a_restored_article_holds_an_entity():
    content = '<p style="font-family:&#39;A&#39;,&quot;B&quot;">x</p>'
    assert restorable(stored(content=content))["content"] == "<p style=\"font-family:'A','B'\">x</p>"
