"""The calls for pictures and drafts: shapes, limits and codes as they are documented."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sandbox_values import Account, picture

from kanfa.wechat.limits import LIMITS


def test_a_draft_is_kept_as_the_filter_leaves_it_and_comes_back_as_plain_text(account: Account) -> None:
    content = '<section style="color:#333" id="x"><p>正文<script>x</script></p></section>'
    media_id = account.add(content=content, author="编辑部", content_source_url="https://example.org/9")["media_id"]
    (item,) = account.call("draft/get", {"media_id": media_id})["news_item"]
    assert item["content"] == '<section style="color:#333"><p>正文</p></section>'
    assert item["digest"] == "正文"
    assert item["url"] == f"http://127.0.0.1:9/drafts/{media_id}/0"
    assert (item["article_type"], item["author"], item["need_open_comment"]) == ("news", "编辑部", 0)
    assert len(media_id) <= 128


def test_an_uploaded_picture_has_an_http_address_that_articles_may_use(account: Account) -> None:
    url = account.upload(picture())["url"]
    assert url.startswith("http://mmbiz.qpic.cn/sz_mmbiz_png/")
    media_id = account.add(content=f'<p><img src="{url}"></p>')["media_id"]
    (item,) = account.call("draft/get", {"media_id": media_id})["news_item"]
    assert item["content"].startswith('<p><img data-src="https://mmbiz.qpic.cn/sz_mmbiz_png/')
    assert "/640?wx_fmt=png&amp;from=appmsg" in item["content"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(picture("GIF"), 40005), (picture("WEBP"), 40005), (b"", 40005), (picture() + b"\0" * 999_999, 40009)],
)
def test_uploadimg_takes_jpg_and_png_below_a_megabyte(account: Account, data: bytes, code: int) -> None:
    assert account.upload(data)["errcode"] == code
    assert "url" in account.upload(picture("JPEG"))


def test_material_takes_more_forms_and_thumbs_only_small_jpgs(account: Account) -> None:
    add = "material/add_material"
    assert set(account.upload(picture("GIF"), add, type="image")) == {"media_id", "url"}
    assert account.upload(picture("WEBP"), add, type="image")["errcode"] == 40005
    assert account.upload(picture(), add, type="thumb")["errcode"] == 40005
    assert "media_id" in account.upload(picture("JPEG"), add, type="thumb")
    assert account.upload(picture("JPEG") + b"\0" * 64_000, add, type="thumb")["errcode"] == 40009
    assert account.upload(picture(), add, type="video")["errcode"] == 40004


def test_binary_bytes_come_through_a_form_as_they_are(account: Account) -> None:
    data = picture() + bytes(range(256)) + b"\r\n--\r\n\n\r"
    account.upload(data)
    assert [upload.data for upload in account.state.uploads.values()] == [data]


def test_a_form_without_the_file_says_so(account: Account) -> None:
    assert account.call("media/uploadimg", files={"other": ("a.png", picture(), "image/png")})["errcode"] == 41005
    assert account.call("media/uploadimg", b"{}")["errcode"] == 41005


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": "题" * (LIMITS.title.value + 1)}, 45003),
        ({"title": " "}, 45003),
        ({"author": "者" * (LIMITS.author.value + 1)}, 45110),
        ({"digest": "摘" * (LIMITS.digest_api.value + 1)}, 45004),
        ({"content": ""}, 44003),
        ({"content": "字" * (LIMITS.content_chars.value + 1)}, 45002),
        ({"content_source_url": "https://example.org/" + "a" * LIMITS.source_url.value}, 45005),
        ({"content_source_url": "example.org"}, 41039),
        ({"thumb_media_id": "no such"}, 40007),
        ({"need_open_comment": 2}, 88000),
        ({"pic_crop_235_1": "0_0_1"}, 53402),
        ({"pic_crop_1_1": "0.5_0_0.1_1"}, 53402),
        ({"pic_crop_1_1": "0_0_0.1234567_1"}, 53402),
        ({"article_type": "film"}, 47001),
        ({"title": 9}, 47001),
        ({"content": '<a href="#x">x</a>'}, 45166),
        ({"article_type": "newspic"}, 47001),
        ({"article_type": "newspic", "image_info": {"image_list": [{"image_media_id": "x"}]}}, 40007),
    ],
)
def test_a_field_that_does_not_fit_has_a_code_of_its_own(account: Account, fields: dict[str, Any], code: int) -> None:
    assert account.add(**fields)["errcode"] == code
    assert account.state.drafts == {}


def test_fields_that_fill_their_limits_are_taken(account: Account) -> None:
    assert "media_id" in account.add(
        title="题" * 32, author="者" * 16, digest="摘" * 128, pic_crop_235_1="0_0.1_1_0.98", need_open_comment=1,
        content="字" * LIMITS.content_chars.value,
    )  # fmt: skip
    cover = {"image_list": [{"image_media_id": account.cover()}]}
    assert "media_id" in account.add(article_type="newspic", image_info=cover, content="只有文字")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"articles": []}, 44003),
        ({"articles": {}}, 44003),
        ({}, 44003),
        ([], 47001),
        (b"{", 47001),
        (b"\xff", 47001),
        (b"[" * 100_000, 47001),
        ({"articles": [[]]}, 47001),
    ],
)
def test_a_body_of_the_wrong_shape_has_a_code(account: Account, body: Any, code: int) -> None:
    assert account.call("draft/add", body)["errcode"] == code


def test_more_than_eight_articles_are_refused(account: Account) -> None:
    article = account.article()
    assert account.call("draft/add", {"articles": [article] * 9})["errcode"] == 45008
    assert "media_id" in account.call("draft/add", {"articles": [article] * 8})


def test_escapes_of_chinese_are_taken_literally_as_the_api_warns(account: Account) -> None:
    body = json.dumps({"articles": [account.article(title="第九期\n")]}).encode()
    (draft,) = [account.state.drafts[account.call("draft/add", body)["media_id"]]]
    assert draft.articles[0]["title"] == "\\u7b2c\\u4e5d\\u671f\n"


def test_an_update_replaces_one_article_and_takes_an_object_only(account: Account) -> None:
    media_id = account.add()["media_id"]
    account.clock.now += 5
    change = {"media_id": media_id, "index": 0, "articles": account.article(title="改过")}
    assert account.call("draft/update", change) == {"errcode": 0, "errmsg": "ok"}
    assert account.state.drafts[media_id].articles[0]["title"] == "改过"
    assert account.state.drafts[media_id].updated == account.state.now()
    assert account.call("draft/update", {**change, "articles": [change["articles"]]})["errcode"] == 47001
    assert account.call("draft/update", {**change, "index": 1})["errcode"] == 40114
    assert account.call("draft/update", {**change, "media_id": "x"})["errcode"] == 40007
    assert account.call("draft/update", {**change, "articles": account.article(title="")})["errcode"] == 45003


def test_a_form_where_json_is_wanted_is_refused(account: Account) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert account.call("draft/get", b"media_id=1", headers=form)["errcode"] == 47001


def test_the_box_is_listed_newest_first_in_pages_of_at_most_twenty(account: Account) -> None:
    ids = [account.add(title=f"第{number}期")["media_id"] for number in range(3)]
    page = account.call("draft/batchget", {"offset": 1, "count": 20, "no_content": 1})
    assert (page["total_count"], page["item_count"]) == (3, 2)
    assert [item["media_id"] for item in page["item"]] == [ids[1], ids[0]]
    assert "content" not in page["item"][0]["content"]["news_item"][0]
    assert "content" in account.call("draft/batchget", {"offset": 0, "count": 1})["item"][0]["content"]["news_item"][0]
    for wrong in ({"offset": 0, "count": 21}, {"offset": 0}, {"offset": -1, "count": 1}, {"offset": "0", "count": 1}):
        assert account.call("draft/batchget", wrong)["errcode"] == 40035


def test_a_deleted_draft_is_gone(account: Account) -> None:
    media_id = account.add()["media_id"]
    assert account.call("draft/count")["total_count"] == 1
    assert account.call("draft/delete", {"media_id": media_id})["errcode"] == 0
    assert account.call("draft/get", {"media_id": media_id})["errcode"] == 40007
    assert account.call("draft/count")["total_count"] == 0


def test_publishing_is_no_right_of_most_accounts(account: Account) -> None:
    media_id = account.add()["media_id"]
    for path in ("submit", "get", "batchget", "delete", "getarticle"):
        assert account.call(f"freepublish/{path}", {"media_id": media_id})["errcode"] == 48001


def test_a_published_draft_leaves_the_box_of_an_account_that_may() -> None:
    account = Account(may_publish=True)
    job = account.call("freepublish/submit", {"media_id": account.add()["media_id"]})
    assert account.state.drafts == {}
    assert account.call("freepublish/get", {"publish_id": job["publish_id"]})["publish_status"] == 0
    assert account.call("freepublish/get", {"publish_id": "x"})["errcode"] == 53600


def test_a_preview_goes_to_one_person_a_hundred_times_a_day(account: Account) -> None:
    news = {"msgtype": "mpnews", "mpnews": {"media_id": account.add()["media_id"]}}
    assert account.call("message/mass/preview", news)["errcode"] == 40130
    sent = [account.call("message/mass/preview", {**news, "towxname": "a"})["errcode"] for _ in range(101)]
    assert sent == [0] * 100 + [45009]
    assert account.call("message/mass/preview", {**news, "touser": "a", "msgtype": "text"})["errcode"] == 40035


def test_unknown_paths_and_methods_have_codes(account: Account) -> None:
    assert account.call("draft/no")["errcode"] == 40066
    assert account.answer(account.http.get("/cgi-bin/draft/add"))["errcode"] == 43002


def test_a_body_that_is_too_large_is_read_away_and_refused(account: Account) -> None:
    assert account.call("draft/add", b" " * 2_000_001)["errcode"] == 45002
    assert account.upload(b"\0" * 10_100_000)["errcode"] == 40009


@pytest.mark.parametrize("style", ["(" * 19_000, "a(" * 9_000])
def test_brackets_nested_without_end_are_stored_as_any_style(account: Account, style: str) -> None:
    assert "media_id" in account.add(content=f'<p style="{style}">x</p>')


def test_what_is_nested_too_deep_for_the_sandbox_is_malformed_data(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deep(*_: object) -> None:
        raise RecursionError

    account.cover()
    monkeypatch.setattr("kanfa.wechat.sandbox.app.reply_to", deep)
    assert account.call("draft/add", {"articles": []})["errcode"] == 47001
