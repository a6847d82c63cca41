"""Pictures as the mail carries them: formats that every program shows, no heavier and no wider than needed."""

from __future__ import annotations

import io
import random
from dataclasses import replace

import pytest
from email_samples import asset
from PIL import Image as Pillow

from kanfa.email.images import pictures
from kanfa.email.limits import BODY_WIDTH, IMAGES_BYTES
from kanfa.issue.model import Asset, Figure, Image, Issue


def saved(picture: Pillow.Image, kind: str, **how: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **how)
    return target.getvalue()


def of(data: bytes, media_type: str, size: tuple[int, int], name: str = "a.x") -> Asset:
    return Asset(name, name, media_type, data, "", *size)


def issue_with(*assets: Asset, width: int | None = None) -> Issue:
    figures = tuple(Figure(Image(given.src, "图", 9, width=width), 9) for given in assets)
    return Issue("题", "issue.md", preamble=figures, assets=assets)


def test_small_pictures_are_carried_as_they_are() -> None:
    """PNG, JPEG and GIF, byte for byte, without a word."""
    for kind, name in (("PNG", "a.png"), ("JPEG", "a.jpg"), ("GIF", "a.gif")):
        given = asset(name, name, kind)
        (carried,) = pictures(issue_with(given)).values()
        assert (carried.name, carried.data, carried.width) == (name, given.data, given.width)
        assert (carried.converted, carried.note) == (False, "")


def test_a_moving_picture_moves_in_the_mail() -> None:
    data = saved(Pillow.new("RGB", (9, 9), "red"), "GIF", save_all=True, append_images=[Pillow.new("RGB", (9, 9))])
    (carried,) = pictures(issue_with(of(data, "image/gif", (9, 9), "a.gif"))).values()
    with Pillow.open(io.BytesIO(carried.data)) as shown:
        assert shown.n_frames == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_a_picture_that_the_camera_turned_stands_upright(kind: str) -> None:
    """Its rotation is part of the pixels; the width in the text is that of the upright picture."""
    exif = Pillow.Exif()
    exif[0x0112] = 6
    data = saved(Pillow.new("RGB", (90, 40)), kind, exif=exif)
    (carried,) = pictures(issue_with(of(data, f"image/{kind.lower()}", (40, 90)))).values()
    with Pillow.open(io.BytesIO(carried.data)) as shown:
        assert (shown.format, shown.size, carried.width) == ("PNG", (40, 90), 40)
    assert carried.converted


def test_a_wide_picture_is_carried_twice_as_wide_as_the_mail() -> None:
    """It is shown as wide as before; nobody sees a difference, so nothing is said."""
    data = saved(Pillow.new("RGB", (4_000, 2_000)), "JPEG")
    (carried,) = pictures(issue_with(of(data, "image/jpeg", (4_000, 2_000), "a.jpg"))).values()
    with Pillow.open(io.BytesIO(carried.data)) as shown:
        assert shown.size == (2 * BODY_WIDTH, BODY_WIDTH)
    assert (carried.width, carried.name, carried.converted) == (4_000, "a-1200.jpg", False)


def test_no_picture_is_heavier_than_all_together_should_be() -> None:
    noise = Pillow.frombytes("RGB", (700, 700), random.Random(7).randbytes(700 * 700 * 3))
    (carried,) = pictures(issue_with(of(saved(noise, "PNG"), "image/png", (700, 700), "a.png"))).values()
    assert len(carried.data) <= IMAGES_BYTES
    assert (carried.name, carried.converted, carried.note) == ("a.jpg", True, "another file format")


def test_a_drawing_is_carried_as_a_sharp_png_of_its_own_width() -> None:
    """Twice the pixels; shown at the width that the SVG or the text gives."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><rect width="60" height="30"/></svg>'
    given = of(svg, "image/svg+xml", (60, 30), "a.svg")
    for width, pixels in ((None, 120), (100, 200)):
        (carried,) = pictures(issue_with(given, width=width)).values()
        with Pillow.open(io.BytesIO(carried.data)) as shown:
            assert (carried.name, shown.size, carried.width) == ("a.png", (pixels, pixels // 2), 60)


def test_one_file_under_two_spellings_is_carried_once() -> None:
    one = of(saved(Pillow.new("RGB", (9, 9)), "WEBP"), "image/webp", (9, 9), "a.webp")
    both = pictures(issue_with(one, replace(one, src="./a.webp")))
    assert [(src, carried.src, carried.name) for src, carried in both.items()] == [
        ("a.webp", "a.webp", "a.png"),
        ("./a.webp", "./a.webp", "a.png"),
    ]


def test_a_picture_that_cannot_be_converted_is_left_out() -> None:
    assert pictures(issue_with(of(b"rubbish", "image/webp", (9, 9)))) == {}
