"""Formulas: what is set, and what is refused before it makes a page slow, blank or wrong."""

from __future__ import annotations

import pytest

from kanfa.errors import MathError
from kanfa.maths import typeset


def test_a_formula_is_paths_in_the_colour_of_the_text() -> None:
    formula = typeset(r"E = mc^2")
    assert formula.svg.startswith("<svg ")
    assert "currentColor" in formula.svg
    assert not any(word in formula.svg for word in ("<symbol", "<use", " id=", "<text", "href"))
    assert 3 < formula.width < 5
    assert typeset(r"E = mc^2", display=False) == formula


def test_a_display_formula_is_larger_than_one_in_the_line() -> None:
    tex = r"\sum_{i=1}^{n} i"
    assert typeset(tex, display=True).height > typeset(tex).height


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        ("", "empty"),
        ("x" * 1001, "1,001 characters"),
        (r"\foo{x}", r"\foo is no command"),
        (r"\href{x}{y}", r"\href is no part"),
        (r"\unicode{x202e}", r"\unicode is no part"),
        (r"\text{中}", "“中” is in no font"),
        (r"\frac{" * 8 + "x" + "}{y}" * 8, "nested 8 deep"),
        ("{" * 300 + "x" + "}" * 300, "brackets"),
        ("a&b", "no meaning here"),
        (r"\text{a<b}", "no meaning here"),
        (r"\quad", "shows nothing"),
        (r"\\", "shows nothing"),
        (r"\rule{9999em}{9999em}", "larger than a page"),
        (r"\left( x", "cannot be read"),
    ],
)
def test_a_formula_that_cannot_be_set_says_why(tex: str, words: str) -> None:
    with pytest.raises(MathError) as caught:
        typeset(tex)
    assert words in str(caught.value)
