"""Lines with right-to-left words, from their glyphs on the page back to the text."""

from __future__ import annotations

import pytest
from pdf_samples import PUBLICATION, paragraph, small_issue

from kanfa.issue.model import Image, Paragraph, Text
from kanfa.parity import compare
from kanfa.pdf import FORMAT
from kanfa.pdf.bidi import Glyph, candidates, is_right_to_left, with_the_same_letters


def seen(picture: str) -> list[str]:
    """The candidates of a line whose glyphs stand from left to right as in `picture`."""
    return list(candidates(Glyph(char, float(at)) for at, char in enumerate(picture)))


@pytest.mark.parametrize(
    ("picture", "text"),
    [
        ("abc 汉字。", "abc 汉字。"),
        ("见םלוע םולש两词", "见שלום עולם两词"),
        ("见םלוע 123 םולש", "见שלום 123 עולם"),
        ("甲םולש乙םלוע丙", "甲שלום乙עולם丙"),
        ("12 םולש", "12 שלום"),
        ("(םולש)", "(שלום)"),
    ],
)
def test_in_a_line_from_left_to_right_each_run_of_words_is_turned(picture, text):
    """Digits keep their order, brackets outside their place: the first candidate."""
    assert seen(picture)[0] == text


@pytest.mark.parametrize(
    ("picture", "text"),
    [(".םלוע םולש", "שלום עולם."), ("12 םולש", "שלום 12"), (".Helm v3 םולש", "שלום Helm v3.")],
)
def test_other_readings_of_the_same_picture_are_candidates(picture, text):
    """A paragraph from right to left, or a number that belongs to the words before it."""
    assert text in seen(picture)


def test_candidates_are_told_once():
    """Words alone have one reading."""
    assert seen("םולש") == ["שלום"]


def test_letters_with_points_and_ligatures_are_one_glyph():
    """They are turned as a whole."""
    line = [Glyph("לא", 2.0), Glyph("שָׁ", 9.0)]
    assert next(iter(candidates(line))) == "שָׁלא"


def test_only_right_to_left_letters_ask_for_it():
    """Digits and marks alone do not."""
    assert is_right_to_left("与 مرحبا")
    assert not is_right_to_left("与 123 ()")


@pytest.mark.parametrize(
    "words",
    [
        "汉字与 שלום עולם 两个词，再加 مرحبا بالعالم الجميل 三个词。",
        "שלום עולם, הכול כאן כתוב מימין לשמאל.",
        "版本 שלום 123 עולם abc",
        "مرحبا 12 بالعالم الإلكتروني، ولا لأن الآن.",
        "版本 שלום 🦀 עולם 🎉 abc",
        "مرحبا بكم “引号” 社版",
        "C++ שלום 《甲》 乙",
        "Helm 3 مرحبا بكم 100%",
    ],
)
def test_right_to_left_text_is_read_back_as_it_was_written(words):
    """Several words, several lines, either direction of the paragraph, characters beyond the first 65 536."""
    issue = small_issue(paragraph(5, words), paragraph(7, words.rstrip(".。") + " " + words))
    artifact = FORMAT.render(issue, PUBLICATION)
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert [(f.line, f.message) for f in compare(issue, reading)] == []


def test_an_emoji_on_a_page_with_right_to_left_words_is_read_back():
    """PDFium counts it as two characters; a line of its own has no right-to-left word."""
    issue = small_issue(paragraph(5, "Rust 🦀 TLV 🎉"), paragraph(7, "שלום עולם"))
    artifact = FORMAT.render(issue, PUBLICATION)
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert [(f.line, f.message) for f in compare(issue, reading)] == []


def test_the_words_of_a_missing_picture_beside_a_right_to_left_word_are_read_back() -> None:
    issue = small_issue(Paragraph((Text("见 שלום ", 5), Image("gone.png", "图", 5), Text(" 之后", 5)), 5))
    artifact = FORMAT.render(issue, PUBLICATION)
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert [(f.line, f.message) for f in compare(issue, reading)] == []


def test_a_line_in_an_order_nobody_tries_is_found_by_its_letters() -> None:
    assert with_the_same_letters("3ab(c", "xxab3)cyy") == "ab3)c"
    assert with_the_same_letters("3abd", "xxab3cyy") == ""


@pytest.mark.parametrize(
    "text",
    [
        "‹טוב› [مرحبا טוב]",
        "«مرحبا» ‹العالم עולם›",
        "『טוב טוב』 ⟨מאוד שלום⟩ עולם ‹שלום مرحبا›",
        "｛שלום العالم｝ 「العالم」 עולם מאוד ［مرحبا مرحبا］",
        "〈טוב〉 ［العالم مرحبا］",
    ],
)
def test_a_wholly_right_to_left_line_with_several_kinds_of_brackets_is_not_lost(text):
    """A wide bracket at the end of such a line comes as a line of its own."""
    issue = small_issue(paragraph(5, "前一段［引文］"), paragraph(7, text), paragraph(9, "后一段"))
    artifact = FORMAT.render(issue, PUBLICATION)
    readings = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert [finding for reading in readings for finding in compare(issue, reading)] == []
