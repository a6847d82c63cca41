"""A page says more than its status: whether a place is there, and whether an article still is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanfa.desk.pages import has_place, is_place, read_page, suspects, withheld

DELETED = """<!DOCTYPE html><html><head><title></title><script>var a = "该内容已被发布者删除";</script></head><body>
<div class="weui-msg"><div class="weui-msg__title warn">该内容已被
 发布者删除</div></div></body></html>"""
LIVING = '<html><body><div id="js_content">WeChat 写着“该内容已被发布者删除”，环境异常。</div></body></html>'
PROOF = "<html><body><h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p></body></html>"
ADDRESS = "https://mp.weixin.qq.com/s/abc"


@pytest.mark.parametrize("words", ["该内容已被发布者删除", "此内容因违规无法查看", "参数错误", "此帐号已注销"])
def test_what_wechat_says_in_place_of_an_article_is_found(words: str) -> None:
    assert withheld(read_page(f"<body><p>{words}</p></body>".encode())) == words


def test_white_space_within_the_words_and_words_within_scripts_make_no_difference() -> None:
    assert withheld(read_page(DELETED.encode())) == "该内容已被发布者删除"
    assert withheld(read_page(b"<body><script>" + "参数错误".encode() + b"</script><style>x</style>ok</body>")) == ""


def test_a_living_article_may_speak_of_deleted_ones() -> None:
    page = read_page(LIVING.encode())
    assert withheld(page) == ""
    assert not suspects(page, ADDRESS)


def test_a_demand_for_proof_is_no_article_and_no_grave() -> None:
    page = read_page(PROOF.encode())
    assert suspects(page, ADDRESS)
    assert withheld(page) == ""
    assert suspects(read_page(b"<p>x"), "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x")


def test_places_are_ids_names_of_anchors_and_what_github_prefixes() -> None:
    page = read_page('<p id="one"><a name="two"></a><input name="no"><h2 id="user-content-安装">x'.encode())
    assert has_place(page, "one")
    assert has_place(page, "two")
    assert has_place(page, "%E5%AE%89%E8%A3%85")
    assert not has_place(page, "no")


@pytest.mark.parametrize(
    ("fragment", "looked_for"),
    [
        ("install", True), ("L", True), ("安装", True), ("", False), ("L10", False), ("L10-L20", False), ("10", False),
        ("/route", False), ("!route", False), (":~:text=x", False), ("issuecomment-1", False), ("a=b", False),
        ("diff-abc", False), ("discussion_r12", False),
    ],
)  # fmt: skip
def test_only_places_that_a_page_itself_has_are_looked_for(fragment: str, looked_for: bool) -> None:
    assert is_place(fragment) is looked_for


def test_pages_in_other_encodings_are_read_by_their_own_declaration() -> None:
    body = '<html><head><meta charset="gb18030"></head><body>参数错误</body></html>'.encode("gb18030")
    assert withheld(read_page(body)) == "参数错误"


def test_a_cut_page_is_read_as_far_as_it_goes() -> None:
    assert "参数" in read_page("<body>参数错误".encode()[:-1]).text


@given(st.binary(max_size=300) | st.text(alphabet='<>/!-"=&; aidpscript参', max_size=200).map(str.encode))
def test_any_bytes_are_read_without_a_crash(body: bytes) -> None:
    page = read_page(body)
    assert isinstance(page.text, str)


def test_deep_nesting_ends() -> None:
    read_page(b"<div>" * 100_000)
