"""Drawings of formulas: the same outlines in a third of the characters, and pictures where that cannot be."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image as Pillow
from wechat_values import paragraph

from kanfa.issue.model import CodeBlock, Issue, Math, MathBlock
from kanfa.maths import Formula, typeset
from kanfa.raster import rasterized
from kanfa.wechat.coding import held_spaces, parts_of
from kanfa.wechat.drawings import drawn
from kanfa.wechat.made_pictures import make

MakeIssue = Callable[..., Issue]


def formula(inner: str) -> Formula:
    return Formula(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -50 100 60">{inner}</svg>', 1.0, 0.6, 0.1)


def path_of(inner: str) -> str | None:
    drawing = drawn(formula(inner))
    return drawing.path if drawing else None


def test_steps_are_relative_whole_and_as_short_as_they_can_be() -> None:
    """Equal letters are said once, a minus sign parts numbers, straight curves and empty steps are no curves."""
    steps = "M 10 -40 L 10 -40 L 20 -40 L 20 -30 L 30.4 -20.2 L 5 0 Q 5 10 0 10 Q 0 5 0 0 Z "
    assert path_of(f'<path d="{steps}" fill="currentColor"/>') == "m10 10h10v10l10 10-25 20q0 10-5 10v-10z"


def test_a_bar_is_four_steps_and_a_second_outline_starts_where_the_first_one_did() -> None:
    inner = '<path d="M 0 0 L 10 0 L 10 10 Z "/><rect x="0" y="-50" width="40" height="4"/>'
    assert path_of(inner) == "m0 50h10v10zm0-50h40v4h-40z"


@pytest.mark.parametrize(
    "inner",
    [
        '<path d="M 0 0 L 1 1 Z " fill="red"/>',
        '<path d="M 0 0 L 1 1 Z " stroke="currentColor"/>',
        '<g transform="scale(2)"><path d="M 0 0 Z "/></g>',
        '<path d="M 0 0 A 1 1 0 0 1 2 2"/>',
        '<path d="M 0 0 H 5"/>',
        '<path d="M0 0L1 1"/>',
        "<text>x</text>",
    ],
)
def test_what_one_path_cannot_say_is_no_drawing(inner: str) -> None:
    """Colours, lines, other steps: such a formula becomes a picture."""
    assert path_of(inner) is None


@pytest.mark.parametrize("tex", ["E=mc^2", "\\frac{a}{b}", "\\sqrt{x^2+1}", "\\alpha_1 \\le \\sum_{i=1}^n i"])
def test_a_drawing_shows_the_formula_in_a_third_of_the_characters(tex: str) -> None:
    """Pixel for pixel it is the original, but for grey at the edges of letters."""
    original = typeset(tex)
    drawing = drawn(original)
    assert drawing is not None
    assert len(drawing.path) * 3 < len(original.svg)
    assert (drawing.width / 100, drawing.depth / 100) == pytest.approx((original.width, original.depth), abs=0.01)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{drawing.view_box}"><path d="{drawing.path}"/></svg>'
    size = (drawing.width, drawing.height)
    before, after = (
        Pillow.open(io.BytesIO(rasterized(source, width=size[0]))).getchannel("A").resize(size)
        for source in (original.svg, svg)
    )
    wrong = sum(abs(one - other) > 160 for one, other in zip(before.tobytes(), after.tobytes(), strict=True))
    assert wrong < 0.01 * size[0] * size[1]


def test_the_shortest_formulas_are_drawn_first_and_repetition_costs(issue: MakeIssue) -> None:
    """The budget is spent where it reaches furthest."""
    made = issue(paragraph(Math("E=mc^2", 10), Math("\\frac{a}{b}", 10), Math("\\frac{a}{b}", 11)))
    assert set(make(made, (), 5_000).drawings) == {("E=mc^2", False), ("\\frac{a}{b}", False)}
    assert set(make(made, (), 1_000).drawings) == {("\\frac{a}{b}", False)}
    assert set(make(made, (), 600).drawings) == set()
    assert set(make(made, (), 600).formulas) == {("E=mc^2", False), ("\\frac{a}{b}", False)}


def test_a_picture_is_dark_on_a_white_card_and_makes_way_for_other_names(issue: MakeIssue) -> None:
    """A transparent picture would vanish on the dark page."""
    made = issue(MathBlock("E=mc^2", 10))
    (picture,) = make(made, (), 0).pictures().values()
    with Pillow.open(io.BytesIO(picture.data)) as shown:
        assert shown.size == (picture.width, picture.height)
        assert shown.convert("RGBA").getpixel((picture.width // 2, 2)) == (255, 255, 255, 255)
        colours = shown.convert("RGB").getcolors(100_000)
    assert colours is not None
    assert (0x1F, 0x23, 0x28) in {colour for _, colour in colours}
    taken = picture.name.removeprefix("images/")
    assert list(make(made, {taken}, 0).pictures()) == [f"images/x-{taken}"]


@pytest.mark.parametrize(
    ("line", "held"), [("  a", "··a"), ("a  b", "a· b"), ("a b", "a b"), ("", ""), (" ", "·"), ("a   ", "a·· ")]
)
def test_no_space_of_code_is_lost(line: str, held: str) -> None:
    assert held_spaces(line, starts_line=True).replace("\u00a0", "·") == held


def test_white_space_between_two_words_of_one_look_joins_them() -> None:
    """A span costs 34 characters."""
    (part,) = parts_of(CodeBlock("async def f", 10, "python"), coloured=True)
    assert part.lines == ((("keyword", "async def"), ("", " "), ("name", "f")),)
    (plain,) = parts_of(CodeBlock("async def f", 10, "python"), coloured=False)
    assert plain.lines == ((("", "async def f"),),)
