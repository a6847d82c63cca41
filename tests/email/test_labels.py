"""Words of the three formats in two languages, and dates without a locale."""

from __future__ import annotations

import datetime
from dataclasses import fields

import pytest

from kanfa.labels import CHINESE, ENGLISH, format_date, labels_for


@pytest.mark.parametrize("language", ["zh", "zh-CN", "zh-Hant-TW", "ZH"])
def test_every_chinese_tag_gets_chinese_words(language: str) -> None:
    """Only the primary tag counts, in any case."""
    assert labels_for(language) is CHINESE


@pytest.mark.parametrize("language", ["en", "fr-FR", "zhx", ""])
def test_every_other_tag_gets_english_words(language: str) -> None:
    """There is always a set of words."""
    assert labels_for(language) is ENGLISH


def test_no_word_is_missing_in_either_language() -> None:
    """Every field is filled in, and none is the same in both but what needs no translation."""
    for field in fields(CHINESE):
        assert getattr(CHINESE, field.name)
        assert getattr(CHINESE, field.name) != getattr(ENGLISH, field.name)


def test_numbers_names_and_dates() -> None:
    """How they are written in each language."""
    date = datetime.date(2019, 6, 28)
    assert (format_date(date, "zh-CN"), format_date(date, "en")) == ("2019年6月28日", "28 June 2019")
    assert (CHINESE.issue_number(9), ENGLISH.issue_number(9)) == ("第 9 期", "Issue 9")
    assert CHINESE.volume(9) == ENGLISH.volume(9) == "Vol. 9"
    assert (CHINESE.page_of(3, 8), ENGLISH.page_of(3, 8)) == ("第 3 页，共 8 页", "Page 3 of 8")
    assert (CHINESE.names(("甲", "乙")), ENGLISH.names(("A", "B"))) == ("甲、乙", "A, B")
    assert CHINESE.subscribed_to("{周报}") == "您收到这封邮件，是因为您订阅了《{周报}》。"
