"""What the draft API does to an article: each row is one defect that was seen on a real account."""

from __future__ import annotations

import pytest

from kanfa.wechat.simulator.css import Fate, fate_of, filtered
from kanfa.wechat.simulator.storage import Account, refusal, store, stored_address

CASES = {
    "what is harmless stays byte for byte": (
        '<section style="color:#333; margin : 0 ;"><p align="center">甲 &amp; 乙&nbsp;&lt;b&gt;</p></section>',
        '<section style="color:#333; margin : 0 ;"><p align="center">甲 &amp; 乙&nbsp;&lt;b&gt;</p></section>',
    ),
    "a quote entity blanks the whole style": (
        '<p style="color:red;font-family:&#39;a&#39;">x</p>',
        '<p style="">x</p>',
    ),
    "however the entity is written": ('<p style="font-family:&quot;a&quot;">x</p>', '<p style="">x</p>'),
    "in hexadecimal too": ('<p style="font-family:&#x27;a&#X22;">x</p>', '<p style="">x</p>'),
    "a raw quote is stored as an entity": (
        "<p style=\"font-family:'a'\">x</p>",
        '<p style="font-family:&#39;a&#39;">x</p>',
    ),
    "a quoted url unwraps its element": (
        "<p>a<span style=\"background:url('x')\">b<b>c</b></span></p>",
        "<p>ab<b>c</b></p>",
    ),
    "a foreign url loses its declaration": (
        '<p style="color:red;background:url(https://x.org/a.png)">x</p>',
        '<p style="color:red">x</p>',
    ),
    "an uploaded picture stays": (
        '<p style="background:url(https://mmbiz.qpic.cn/a/0)">x</p>',
        '<p style="background:url(https://mmbiz.qpic.cn/a/0)">x</p>',
    ),
    "position, calc and filter are dropped": (
        '<p style="position:fixed;width:calc(100% - 1px);filter:blur(1px);color:red">x</p>',
        '<p style="color:red">x</p>',
    ),
    "static position stays": ('<p style="position:static">x</p>', '<p style="position:static">x</p>'),
    "ids and handlers go": ('<p id="a" onclick="x()" data-x="1" class="c">x</p>', '<p data-x="1" class="c">x</p>'),
    "scripts go with what they hold": ("<p>a</p><script>if (a<b) {}</script><style>p{}</style>", "<p>a</p>"),
    "of details only the summary stays": (
        "<details><summary>a</summary><p>b</p></details>",
        "<summary>a</summary>",
    ),
    "films are shells": ('<video src="x" poster="y"><p>z</p></video>', '<video poster="y"></video>'),
    "foreign frames go": ('<iframe src="https://x.org"></iframe><p>a</p>', "<p>a</p>"),
    "the player's frame stays": (
        '<iframe src="https://v.qq.com/x"></iframe>',
        '<iframe src="https://v.qq.com/x"></iframe>',
    ),
    "an outside link keeps its words": (
        '<a href="https://x.org" style="color:red">x</a>',
        '<a style="color:red">x</a>',
    ),
    "an article's link stays": (
        '<a href="https://mp.weixin.qq.com/s/1">x</a>',
        '<a href="https://mp.weixin.qq.com/s/1">x</a>',
    ),
    "a picture's address is rewritten": (
        '<img src="http://mmbiz.qpic.cn/a/b/0?wx_fmt=png" width="9" alt="c">',
        '<img data-src="https://mmbiz.qpic.cn/a/b/640?wx_fmt=png&amp;from=appmsg" alt="c">',
    ),
    "a foreign picture is filtered out": ('<p>a<img src="https://x.org/a.png">b</p>', "<p>ab</p>"),
    "drawings lose ids and links": (
        '<svg viewBox="0 0 1 1"><a href="https://x.org"><path id="p" d="M0"/></a><image href="https://x.org"/></svg>',
        '<svg viewbox="0 0 1 1"><path d="M0"></path></svg>',
    ),
    "line ends in code are lost": ("<code>a\nb</code>", "<code>a b</code>"),
    "white space in a list is an empty bullet": ("<ul>\n<li>a</li></ul>", "<ul><li></li><li>a</li></ul>"),
    "breaks are written WeChat's way": ("a<br>b<hr>", "a<br  />b<hr  />"),
    "a div with blocks is dissolved": (
        '<div style="color:red">a<p>b</p>c<b>d</b></div>',
        "<p>a</p><p>b</p><p>c<b>d</b></p>",
    ),
    "a div without blocks stays": ('<div style="color:red">a</div>', '<div style="color:red">a</div>'),
    "attributes without quotes": ("<p style=color:red title=a>x</p>", '<p style="color:red" title="a">x</p>'),
    "a paragraph ends where a block begins": ("<p>a<section>b</section>", "<p>a</p><section>b</section>"),
}


@pytest.mark.parametrize(("sent", "stored"), CASES.values(), ids=CASES)
def test_an_article_is_stored_as_accounts_were_seen_to_store_it(sent: str, stored: str) -> None:
    assert store(sent) == stored


def test_accounts_that_keep_div_and_outside_links_keep_both() -> None:
    sent = '<div style="color:red"><p><a href="https://x.org">b</a></p></div>'
    assert store(sent, Account(strict_div=False, privileged_links=True)) == sent


def test_what_was_read_back_and_sent_again_loses_styles_with_quotes() -> None:
    """The trap of draft/get followed by draft/update: the stored entity blanks the style."""
    once = store("<p style=\"font-family:'a'\">x</p>")
    assert store(once) == '<p style="">x</p>'


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ('<a href="#a">x</a>', "anchor"),
        ('<a href="/a">x</a>', "relative"),
        ('<a href="mailto:a@example.org">x</a>', "unknown"),
        ('<a href="javascript:x()">x</a>', "unknown"),
        ('<a href="https://mp.weixin.qq.com/s?a=1&amp;tempkey=2">x</a>', "temporary"),
        ("<mp-miniprogram></mp-miniprogram>", "mp-miniprogram"),
        ("<section><mpvoice></mpvoice></section>", "mpvoice"),
    ],
)
def test_the_whole_article_is_refused(html: str, word: str) -> None:
    assert word in refusal(html)


@pytest.mark.parametrize("html", ["<p>x</p>", '<a href="https://x.org">x</a>', "<a>x</a>", "#top <p>/relative</p>"])
def test_everything_else_is_taken(html: str) -> None:
    assert refusal(html) == ""


def test_only_quotes_decide_over_a_style_as_a_whole() -> None:
    assert fate_of("color:red") is Fate.KEPT
    assert fate_of("width:calc(1px &amp; 2px)") is Fate.KEPT
    assert fate_of("background:URL( 'x')") is Fate.UNWRAPPED
    assert fate_of("a:url(x);b:url(&apos;x&apos;)") is Fate.BLANKED


def test_a_semicolon_inside_brackets_or_entities_separates_nothing() -> None:
    kept = "background:url(https://mmbiz.qpic.cn/a?b=1&amp;c=2);color:red"
    assert filtered(f"filter:none;{kept}") == kept


def test_a_picture_that_is_stored_twice_keeps_its_address() -> None:
    once = stored_address("http://mmbiz.qpic.cn/a/b/0")
    assert once == "https://mmbiz.qpic.cn/a/b/640?from=appmsg"
    assert stored_address(once) == once
