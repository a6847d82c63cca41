"""Dark mode: the worked values of WeChat's published algorithm."""

from __future__ import annotations

import pytest

from kanfa.wechat import darkmode
from kanfa.wechat.darkmode import PAGE, Rgb, Shade, contrast, dark_background, dark_text, hex_of

ON_THE_PAGE = [
    ("#000000", "#a3a3a3", 6.97),
    ("#333333", "#a3a3a3", 6.97),
    ("#3f3f3f", "#a3a3a3", 6.97),
    ("#666666", "#666666", 3.06),
    ("#888888", "#888888", 4.96),
    ("#576b95", "#576b95", 3.30),
    ("#c0392b", "#c0392b", 3.23),
    ("#07c160", "#07c160", 7.37),
]
ON_A_PANEL = [
    ("#333333", "#f7f7f7", "#b3b3b3", "#212121", 7.68),
    ("#333333", "#fffef8", "#b3b3b3", "#1d1d1d", 8.04),
    ("#333333", "#f6f8fa", "#333333", "#bdbec0", 6.79),
    ("#6a737d", "#f6f8fa", "#6a737d", "#bdbec0", 2.59),
    ("#d73a49", "#f6f8fa", "#d73a49", "#bdbec0", 2.46),
    ("#333333", "#e3f2fd", "#333333", "#b5c1c9", 6.88),
    ("#abb2bf", "#282c34", "#abb2bf", "#31363f", 5.69),
    ("#ffffff", "#42b983", "#ffffff", "#42b983", 2.47),
    ("#ffffff", "#1e3a8a", "#ffffff", "#1e3a8a", 10.36),
]


def rgb_of(colour: str) -> Rgb:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


@pytest.mark.parametrize(("light", "dark", "ratio"), ON_THE_PAGE)
def test_text_on_the_page_becomes_what_the_reader_shows(light: str, dark: str, ratio: float) -> None:
    """Text without a panel is judged against #191919."""
    shown = dark_text(rgb_of(light))
    assert hex_of(shown) == dark
    assert contrast(shown, PAGE) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(("text", "panel", "dark_ink", "dark_panel", "ratio"), ON_A_PANEL)
def test_text_on_a_panel_follows_the_converted_panel(
    text: str, panel: str, dark_ink: str, dark_panel: str, ratio: float
) -> None:
    """The panel is converted first; the text is then fitted to what became of it."""
    behind = dark_background(rgb_of(panel))
    shown = dark_text(rgb_of(text), behind)
    assert (hex_of(shown), hex_of(behind)) == (dark_ink, dark_panel)
    assert contrast(rgb_of(hex_of(shown)), rgb_of(hex_of(behind))) == pytest.approx(ratio, abs=0.06)


def test_a_background_without_a_colour_is_judged_with_the_inherited_one() -> None:
    """#42b983 behind inherited #333: the official checker reads 1.17 and fails it."""
    inherited = Shade().inside((51, 51, 51, 1), None)
    lone = inherited.inside(None, (66, 185, 131, 1))
    assert lone.dark_contrast < 1.5
    assert hex_of(lone.dark_text) == "#a3a3a3"


def test_nearly_transparent_colours_are_ignored() -> None:
    """Alpha below 0.05 counts as no colour."""
    assert Shade().inside((255, 0, 0, 0.04), (0, 0, 255, 0.01)) == Shade()


def test_scaling_makes_up_for_a_clamped_channel() -> None:
    """Whatever channel is clamped at 255, the brightness asked for is reached."""
    for colour in ((255, 0, 0), (0, 200, 10), (10, 0, 255), (0, 0, 0)):
        assert darkmode.brightness(darkmode.scaled_to(colour, 163)) == pytest.approx(163)
