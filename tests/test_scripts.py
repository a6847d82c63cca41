"""What a text's characters ask of its form."""

from __future__ import annotations

import pytest

from kanfa.scripts import direction_of, is_upright


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("云原生 weekly。", "ltr"),
        ("مرحبا بالعالم.", "rtl"),
        ("שלום עולם.", "rtl"),
        ("Kubernetes: هذه فقرة عربية تبدأ بكلمة لاتينية.", "rtl"),
        ("שלום means “hello” and “peace” in Hebrew.", "ltr"),
        ("אב ab", "rtl"),
        ("ab אב", "ltr"),
        ("2026, 42 %", None),
        ("\u0661\u0662", None),  # Arabic digits are no letters
        ("", None),
    ],
)
def test_a_text_runs_as_most_of_its_letters_do(text: str, way: str | None) -> None:
    """As many of each kind: as the first."""
    assert direction_of(text) == way


@pytest.mark.parametrize("text", ["强调", "Kubernetes 发布", "かな", "カナ", "ㄅㄆ", "한글", "𠮷", "〇", "々"])
def test_letters_in_a_square_stand_upright(text: str) -> None:
    assert is_upright(text)


@pytest.mark.parametrize("text", ["emphasis", "Ελληνικά", "мир", "مرحبا", "“—”。，", "🚀", ""])
def test_other_letters_may_slant(text: str) -> None:
    """Marks alone, Chinese ones too, decide nothing."""
    assert not is_upright(text)
