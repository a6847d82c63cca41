"""Attributes and texts are kept as they were written, and no text can stop the parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanfa.wechat.simulator.editor import save
from kanfa.wechat.simulator.markup import DEPTH, _Builder, parse, raw_attributes, serialise
from kanfa.wechat.simulator.reader import page, visible_text
from kanfa.wechat.simulator.storage import refusal, store

PIECES = st.lists(
    st.sampled_from(
        ["<p", "<div>", "</div>", " style=", '"', "'", "&#39;", "&quot", ";", "url(", ">", "/>", "<svg>", "<![CDATA[",
         "<!--", "<!", "<?", "</", "<a href=", "<img src=http://mmbiz.qpic.cn/0", "<ul> ", "<li>", "<table><tr><td>",
         "<script>", "calc(", "\0", "中", "\n", "=", "&", "<details>", "<code>\n"]
    )
    | st.text(max_size=4)
).map("".join)  # fmt: skip


def test_attributes_are_read_from_the_source_of_the_tag() -> None:
    found = raw_attributes('<p a=\'1 "2"\' B=x&amp;y c d = "&#39;" a="again" =e>')
    assert [(attribute.name, attribute.source) for attribute in found] == [
        ("a", '1 "2"'), ("B", "x&amp;y"), ("c", ""), ("d", "&#39;"), ("=e", ""),
    ]  # fmt: skip


def test_text_and_attributes_come_out_as_they_went_in() -> None:
    html = '<section data-a="&#39;&quot;&lt;"><p>a &amp; b &nbsp; &hellip; &#8230;</p></section>'
    assert serialise(parse(html)) == html


def test_end_tags_that_may_be_left_out_are_supplied() -> None:
    assert serialise(parse("<ul><li>a<li>b<ul><li>c</ul></ul>")) == ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>")
    table = "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>"
    assert serialise(parse("<table><tbody><tr><td>a<td>b<tr><td>c</table>")) == table


def test_nesting_without_end_is_flattened_and_loses_no_text() -> None:
    root = parse("<b>x" * 5000)
    assert "".join(root.texts()) == "x" * 5000
    assert len(serialise(root).split("<b>")) == 5001
    assert DEPTH < 250


@given(PIECES)
def test_no_text_whatever_stops_a_stage(html: str) -> None:
    refusal(html)
    stored = store(html)
    page(save(stored), dark=True)
    visible_text(stored)


def test_a_style_that_is_none_is_shown_without_a_crash() -> None:
    assert "x</p>" in page('<p style="<div">x</p>', dark=True)


NESTED = 19_000
"""As deep as an article of 19,999 characters can nest brackets."""


@pytest.mark.parametrize("value", ["(" * NESTED, "a(" * (NESTED // 2), "[{(" * (NESTED // 3), "color:calc(" * 1700])
def test_brackets_nested_without_end_stop_no_stage(value: str) -> None:
    html = f'<section style="{value}">text</section>'
    for result in (store(html), save(html), page(html, dark=True)):
        assert "text" in result


def test_a_declaration_is_judged_however_deep_its_brackets_are() -> None:
    deep = "(" * 5_000 + "calc(1px)"
    assert store(f'<p style="color:red;width:{deep}">x</p>') == '<p style="color:red">x</p>'


def test_a_tag_without_an_end_is_dropped_as_browsers_do() -> None:
    assert store("<p>kept</p><a <a <a ") == "<p>kept</p>"
    assert store('<p>kept</p><a title="x>') == "<p>kept</p>"
    assert store("1 < 2") == "1 &lt; 2"


def test_the_rest_behind_a_tag_without_an_end_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = _Builder.parse_starttag

    def counted(self: _Builder, at: int) -> int:
        read.append(at)
        return real(self, at)

    monkeypatch.setattr(_Builder, "parse_starttag", counted)
    parse("<p>" + "<a " * 6_000)
    assert read == [0, 3]
