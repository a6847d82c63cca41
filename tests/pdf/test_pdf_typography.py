"""Gaps between Han and Latin, and marks kept from the start of a line."""

from __future__ import annotations

import pytest

from kanfa.issue.model import Code, Strong, Text
from kanfa.pdf.typography import Run, followers, is_address, joined, narrowed, parted, runs


@pytest.mark.parametrize(
    ("text", "after", "wanted"),
    [
        ("全是汉字。", "", [Run("全是汉字。")]),
        ("用P99量", "", [Run("用", gap=True), Run("P99", gap=True), Run("量")]),
        ("用 P99 量", "", [Run("用 P99 量")]),
        ("见Helm v3发布", "", [Run("见", gap=True), Run("Helm "), Run("v3", gap=True), Run("发布")]),
        ("大约30%的", "", [Run("大"), Run("约", gap=True), Run("30%的")]),
        ("Helm", "的", [Run("Helm", gap=True)]),
        ("Helm", "。", [Run("Helm")]),
        ("用", "H", [Run("用", gap=True)]),
        ("Ελλάδα与かな", "", [Run("Ελλάδα", gap=True), Run("与かな")]),
        ("ＡＢＣ全角", "", [Run("ＡＢＣ全角")]),
        ("", "的", []),
    ],
)
def test_gaps_stand_only_where_an_ideograph_touches_a_letter_or_digit(text, after, wanted):
    """Marks and spaces take no gap; the neighbour in another node counts; the gap hangs on one word or ideograph."""
    assert runs(text, after) == wanted


@pytest.mark.parametrize("text", ["用P99量", "v1的2与3", "甲A乙B", "a", "汉"])
def test_runs_lose_no_character(text):
    """The pieces joined are the text: search and copy find what the editor wrote."""
    assert "".join(run.text for run in runs(text)) == text


def test_neighbours_are_seen_through_marks_but_not_through_code():
    """Bold text touches what follows it; code has a margin of its own."""
    first, inner, last = Text("用", 1), Text("Helm", 1), Text("的", 1)
    beside = followers((first, Strong((inner,), 1), Code("kubectl", 1), last))
    assert beside == {id(first): "H", id(inner): "", id(last): ""}


def test_a_wave_dash_and_a_dash_are_joined_to_what_stands_before_them():
    """U+2060 keeps ～ and —— from the start of a line; nothing else is touched."""
    assert joined("20～30℃") == "20\u2060～30℃"
    assert joined("一句——话") == "一句\u2060——话"
    assert joined("一句……话—") == "一句……话—"


def test_a_line_may_break_beside_a_curly_quotation_mark_that_touches_an_ideograph():
    """Before the opening and behind the closing one; beside other marks and letters Unicode's rules stay."""
    assert parted("陪您“跟踪”动态") == "陪您\u200b“跟踪”\u200b动态"
    for text in ("说：“好。”", "use “a” here", "“头”", "“”"):
        assert parted(text) == text


@pytest.mark.parametrize(
    ("words", "href", "alike"),
    [
        ("https://helm.sh", "https://helm.sh/", True),
        ("helm.sh/docs", "https://helm.sh/docs", True),
        ("a@b.org", "mailto:a@b.org", True),
        ("20\u2060～30", "https://helm.sh", False),
        ("Helm", "https://helm.sh", False),
    ],
)
def test_a_link_that_shows_its_address_is_known(words, href, alike):
    """On paper it needs no number."""
    assert is_address(words, href) is alike


@pytest.mark.parametrize(
    ("text", "latin", "narrow"),
    [
        ("We’ve “met”", True, "’“”"),
        ("陪您“读懂社区”", False, ""),
        ("Rust’s 与“引号”", False, "’"),
        ("‘Kool-Aid’", True, "‘’"),
        ("’90", False, ""),
        ("甲’", False, ""),
        ("", True, ""),
    ],
)
def test_curly_marks_are_narrow_among_letters_only(text, latin, narrow):
    """Chinese and English share the marks: the passage tells which are meant, an apostrophe its neighbours."""
    pieces = narrowed(text, latin=latin)
    assert "".join(words for words, _ in pieces) == text
    assert "".join(words for words, is_narrow in pieces if is_narrow) == narrow


def test_a_sequence_of_emoji_loses_the_selector_before_its_joiner():
    """The engine would give the whole sequence an empty text; other selectors stay."""
    assert joined("\U0001f3f3\ufe0f\u200d\U0001f308 ❤️") == "\U0001f3f3\u200d\U0001f308 ❤️"
