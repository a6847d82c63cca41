"""Emphasis beside Chinese, bare addresses, and the normal form of addresses."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issue_outline import outline

from kanfa.issue.addresses import Fault, normal, picture
from kanfa.issue.autolink import bare_addresses
from kanfa.issue.lint import lint
from kanfa.issue.model import Image
from kanfa.issue.numbers import chinese_number
from kanfa.issue.reader import read

EMPHASIS = {
    "**注意：**升级": "strong[注意：]升级",
    "升级**“引号”**之外": "升级strong[“引号”]之外",
    "**《云》**是": "strong[《云》]是",
    "是**（一）**的": "是strong[（一）]的",
    "*真。*她": "emphasis[真。]她",
    "**完成！**Next": "strong[完成！]Next",
    "**100%**的": "strong[100%]的",
    "**`x`**的": "strong[`x`]的",
    "新增**`x`**": "新增strong[`x`]",
    "**[甲](https://a.org)**乙": "strong[<https://a.org|甲>]乙",
    "***甲。***乙": "emphasis[strong[甲。]]乙",
    "**甲**乙**丙**": "strong[甲]乙strong[丙]",
    "**한국어(조선말)**를": "strong[한국어(조선말)]를",
    "__真。__她": "__真。__她",
    "snake_case_name": "snake_case_name",
    "** 甲 **": "** 甲 **",
    "a * b * c": "a * b * c",
    "**Note:**x": "**Note:**x",
    "🚀**“a”**b": "🚀**“a”**b",
    "5*3*2": "5emphasis[3]2",
}


EMPHASIS |= {
    "~~旧价：~~新价": "deleted[旧价：]新价",
    "原~~（删）~~后文": "原deleted[（删）]后文",
    "~~旧价：~~新价，~~（删）~~后文": "deleted[旧价：]新价，deleted[（删）]后文",
    "~~**甲。**~~乙": "deleted[strong[甲。]]乙",
    "乙~~~甲~~~乙": "乙~deleted[甲]~乙",
    "甲~乙~丙": "甲~乙~丙",
    "~~ 甲 ~~": "~~ 甲 ~~",
    "a~~b~~c": "adeleted[b]c",
    "~~Note:~~x": "~~Note:~~x",
}


@pytest.mark.parametrize(("source", "expected"), EMPHASIS.items())
def test_emphasis_beside_chinese(source: str, expected: str) -> None:
    assert outline(read(source).issue) == f"p {expected}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a.com/b。谢谢", ["https://a.com/b"]),
        ("（https://a.com/b）中文", ["https://a.com/b"]),
        ("(https://a.com/b).", ["https://a.com/b"]),
        ("https://a.com/b_(c)", ["https://a.com/b_(c)"]),
        ("https://a.com/?q=1,", ["https://a.com/?q=1"]),
        ("a https://a.com http://b.com", ["https://a.com", "http://b.com"]),
        ("ASP.NET README.md foo.sh www.a.com", []),
        ("xhttps://a.com https:// https://。", []),
        ("https://a.com”他", ["https://a.com"]),
    ],
)
def test_bare_addresses_end_where_a_reader_would_end_them(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in bare_addresses(text)] == found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "https://例子.中国/路 径?q=词#节",
            "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF%20%E5%BE%84?q=%E8%AF%8D#%E8%8A%82",
        ),
        ("HTTPS://Example.ORG/Path", "https://example.org/Path"),
        ("https://a.org/%E4%BD%A0", "https://a.org/%E4%BD%A0"),
        ("http://user@A.org:8080/", "http://user@a.org:8080/"),
        ("http://[::1]/", "http://[::1]/"),
        ("mailto:a@b.org?subject=你", "mailto:a@b.org?subject=%E4%BD%A0"),
        ("tel:+86-10", "tel:+86-10"),
        (" https://a.org ", "https://a.org"),
    ],
)
def test_an_address_has_one_normal_form(written: str, expected: str) -> None:
    assert normal(written) == expected
    assert normal(expected) == expected


@pytest.mark.parametrize(
    ("written", "rule", "words"),
    [
        ("hhttps://a.org", "link-scheme", "https: was meant"),
        ("ttps://a.org", "link-scheme", "https: was meant"),
        ("mail:a@b.org", "link-scheme", "mailto: was meant"),
        ("javascript:alert(1)", "link-scheme", "cannot be linked"),
        ("irc://a.org", "link-scheme", "cannot be linked"),
        ("/a", "link-relative", "relative"),
        ("images/a.png", "link-relative", "relative"),
        ("#a", "link-relative", "into this page"),
        ("//a.org/b", "link-relative", "https://a.org/b"),
        ("www.a.org", "link-relative", "https://www.a.org"),
        ("a.org:80/x", "link-relative", "https://a.org:80/x"),
        ("a@b.org", "link-relative", "mailto:a@b.org"),
        ("", "link-address", "no address"),
        ("https:/a.org", "link-address", "names no host"),
        ("https://", "link-address", "names no host"),
        ("https://[a", "link-address", "host"),
        ("https://a b.org", "link-address", "host"),
        ("https://a.org:x/", "link-address", "no web address"),
        ("https://a..org/", "link-address", "host"),
        ("mailto:a", "link-address", "no mail address"),
        ("tel:abc", "link-address", "telephone"),
        ("https://a.org/b\tc", "link-address", "tab"),
        ("https://a.org/b\nc", "link-address", "line break"),
        ("java\tscript:a", "link-address", "tab"),
    ],
)
def test_an_address_that_opens_nowhere_is_refused_with_advice(written: str, rule: str, words: str) -> None:
    fault = normal(written)
    assert isinstance(fault, Fault)
    assert fault.rule.name == rule
    assert words in fault.message


@given(st.sampled_from(["https://", "http://a.org/", "mailto:a@", ""]), st.text(max_size=30))
@settings(deadline=None, max_examples=60)
def test_what_is_accepted_is_ascii_stable_and_can_be_split(start: str, rest: str) -> None:
    href = normal(start + rest)
    if isinstance(href, str):
        assert href.isascii()
        assert not any(char in href for char in ' \t\n<>"')
        assert normal(href) == href
        assert urlsplit(href).scheme in {"https", "http", "mailto", "tel"}


@pytest.mark.parametrize(
    "written",
    ["", "//a.org/x.png", "data:image/png;base64,x", "file:///x", "https://", "/\t/[x", "a\nb.png", "a\rb.png"],
)
def test_a_picture_without_usable_address_is_refused(written: str) -> None:
    assert isinstance(picture(written), Fault)


@pytest.mark.parametrize("written", ["a.png", "images/图 1.png", "/img/a.png", "../a.png"])
def test_a_local_picture_keeps_its_path_as_written(written: str) -> None:
    assert picture(written) == written


@pytest.mark.parametrize(
    ("text", "value"), [("九", 9), ("十", 10), ("二十", 20), ("一百零八", 108), ("两百", 200), ("甲", None), ("", None)]
)
def test_chinese_numerals(text: str, value: int | None) -> None:
    assert chinese_number(text) == value


def test_a_picture_whose_address_holds_a_tab_is_an_error_and_no_crash() -> None:
    result = read("# T\n\n![x](</\t/[x>)")
    assert [(f.rule.name, f.line) for f in result.findings] == [("image-source", 3)]
    assert outline(result.issue) == "p [图：x]"
    assert list(lint(result.issue))


@pytest.mark.parametrize(
    ("written", "remote"),
    [("HTTPS://A.org/b.png", True), ("http://a.org/b.png", True), ("//[x", False), ("a/b.png", False)],
)
def test_a_picture_is_remote_by_its_scheme_alone(written: str, remote: bool) -> None:
    source = picture(written)
    assert Image(written if isinstance(source, Fault) else source, "", 1).is_remote is remote
