"""Deep greys keep their shades: black stays black, the middle the middle, white white."""

from __future__ import annotations

from PIL import Image

from kanfa.greys import is_deep, to_eight_bits


def shades(mode: str, values: list[float]) -> list[int]:
    picture = Image.new(mode, (len(values), 1))
    for x, value in enumerate(values):
        picture.putpixel((x, 0), value)
    assert is_deep(picture)
    return list(to_eight_bits(picture).tobytes())


def test_sixteen_bits_are_scaled_and_not_cut_off() -> None:
    assert shades("I;16", [0, 257, 32896, 65535]) == [0, 1, 128, 255]


def test_fractions_go_from_their_darkest_to_their_lightest() -> None:
    assert shades("F", [-1.0, 0.0, 1.0]) == [0, 128, 255]


def test_an_ordinary_picture_is_not_deep() -> None:
    assert not is_deep(Image.new("L", (1, 1)))
    assert not is_deep(Image.new("RGB", (1, 1)))
