"""Pictures for any channel: as they are when they fit, else converted; without metadata, upright, in sRGB."""

from __future__ import annotations

import hashlib
import io
import random
from dataclasses import replace

import pytest
from PIL import Image as Pillow
from PIL import ImageCms
from PIL.PngImagePlugin import PngInfo

from kanfa import pictures
from kanfa.issue.model import Asset, Figure, Image, Issue
from kanfa.issue.sniff import sniff
from kanfa.pictures import GIF, JPEG, PNG, SVG, Change, PictureError, Prepared, Wanted, prepared, shown_widths

ANY = Wanted(frozenset({PNG, JPEG}), max_width=1_000)
MOVING = Wanted(frozenset({PNG, JPEG, GIF}), max_width=1_000, frames=True)
SECRET = "Dongzhimen 39.9419"


def asset(data: bytes, name: str = "") -> Asset:
    """The bytes as the loader would hand them over."""
    if data.startswith(b"<svg"):
        width, height = (int(data.decode().split('"')[at]) for at in (1, 3))
        return Asset("a.svg", "a.svg", SVG, data, "", width, height)
    found = sniff(data)
    name = name or f"a.{found.media_type.partition('/')[2].replace('jpeg', 'jpg')}"
    sha256 = hashlib.sha256(data).hexdigest()
    return Asset(name, name, found.media_type, data, sha256, found.width, found.height)


def saved(picture: Pillow.Image, kind: str, **how: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **how)
    return target.getvalue()


def noise(width: int, height: int, mode: str = "RGB") -> Pillow.Image:
    """A picture that does not compress."""
    return Pillow.frombytes(mode, (width, height), random.Random(7).randbytes(width * height * len(mode)))


def halves() -> Pillow.Image:
    """80 × 40 px, red above blue."""
    picture = Pillow.new("RGB", (80, 40), "red")
    picture.paste("blue", (0, 20, 80, 40))
    return picture


def shown(result: Prepared) -> Pillow.Image:
    picture = Pillow.open(io.BytesIO(result.data))
    picture.load()
    assert picture.size == (result.width, result.height)
    return picture


def near(colour: object, wanted: tuple[int, ...], by: int = 4) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(one - other) <= by for one, other in zip(colour, wanted, strict=True))


def secretive() -> Pillow.Exif:
    exif = Pillow.Exif()
    exif[0x010E] = SECRET  # ImageDescription
    exif.get_ifd(0x8825)[1] = SECRET  # GPS
    return exif


def png_notes() -> PngInfo:
    notes = PngInfo()
    notes.add_text("Comment", SECRET)
    notes.add_itxt("XML:com.adobe.xmp", SECRET)
    notes.add_text("Long", SECRET, zip=True)
    return notes


# ---------------------------------------------------------------- as it is


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_fits_is_left_alone(kind: str) -> None:
    """Byte for byte, under its own name."""
    given = asset(saved(halves(), kind))
    result = prepared(given, ANY)
    assert (result.name, result.media_type, result.data) == (given.name, given.media_type, given.data)
    assert (result.converted, result.note, result.width, result.height) == (False, "", 80, 40)


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("JPEG", {"exif": secretive(), "comment": SECRET, "xmp": SECRET.encode(), "progressive": True}),
        ("PNG", {"exif": secretive(), "pnginfo": png_notes()}),
        ("GIF", {"comment": SECRET}),
        ("WEBP", {"exif": secretive(), "xmp": SECRET.encode(), "lossless": True}),
        ("AVIF", {"exif": secretive(), "xmp": SECRET.encode()}),
    ],
)
def test_what_cameras_and_programs_wrote_is_left_behind(kind: str, how: dict[str, object]) -> None:
    """Of formats that fit without touching a pixel, and without a word about it."""
    given = asset(saved(halves(), kind, **how))
    result = prepared(given, MOVING)
    assert SECRET.encode() in given.data
    assert SECRET.encode() not in result.data
    assert b"Exif" not in result.data
    if given.media_type in MOVING.types:
        assert (result.name, result.converted) == (given.name, False)
        before = Pillow.open(io.BytesIO(given.data))
        assert shown(result).convert("RGB").tobytes() == before.convert("RGB").tobytes()


def test_nothing_hides_behind_a_jpeg_or_in_its_header() -> None:
    """A second picture, a film, a thumbnail in the JFIF segment."""
    plain = saved(halves(), "JPEG")
    thumbnail = b"\xff\xe0" + (16 + 12).to_bytes(2) + b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02" + b"secret123456"
    given = asset(plain[:2] + thumbnail + b"\xff\xff" + plain[20:] + b"secret film")
    result = prepared(given, ANY)
    assert b"secret" not in result.data
    assert (result.name, result.converted) == ("a.jpg", False)
    assert result.data == plain


def test_a_png_keeps_what_decides_its_looks() -> None:
    """Palette, transparency and gamma stay; data behind the end do not."""
    palette = Pillow.new("P", (9, 9))
    palette.putpalette([255, 0, 0, 0, 255, 0])
    given = asset(saved(palette, "PNG", transparency=0, pnginfo=png_notes()) + b"secret")
    result = prepared(given, ANY)
    assert not result.converted
    assert b"tRNS" in result.data
    assert b"secret" not in result.data
    assert shown(result).convert("RGBA").getpixel((0, 0)) == (255, 0, 0, 0)


# ---------------------------------------------------------------- upright


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "AVIF"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_picture_stands_upright(kind: str, orientation: int) -> None:
    """However the camera was held: red is where a viewer shows it, and no EXIF is left to turn it once more."""
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    given = asset(saved(halves(), kind, exif=exif))
    result = prepared(given, ANY)
    picture = shown(result).convert("RGB")
    turned = orientation >= 5
    assert picture.size == (given.width, given.height) == ((40, 80) if turned else (80, 40))
    places = {2: (40, 5), 3: (40, 35), 4: (40, 35), 5: (5, 40), 6: (35, 40), 7: (35, 40), 8: (5, 40)}
    assert near(picture.getpixel(places[orientation]), (254, 0, 0), 12)
    assert shown(result).getexif().get(0x0112, 1) == 1
    assert Change.TURNED in result.changes


def test_turning_and_scaling_go_together() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    result = prepared(asset(saved(noise(900, 400), "JPEG", exif=exif)), replace(ANY, max_width=100))
    assert (result.width, result.height) == (200, 450)


def test_a_damaged_exif_turns_nothing() -> None:
    data = saved(halves(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xffrubbish")
    assert prepared(asset(data), ANY).data == saved(halves(), "JPEG")


# ---------------------------------------------------------------- size


@pytest.mark.parametrize(("kind", "wanted"), [("PNG", "a-200.png"), ("JPEG", "a-200.jpg")])
def test_a_wide_picture_becomes_twice_as_wide_as_the_channel(kind: str, wanted: str) -> None:
    """Readers see no difference, so there is no note; the name is not the one that other channels use."""
    result = prepared(asset(saved(halves().resize((800, 400)), kind)), replace(ANY, max_width=100))
    assert (result.name, result.width, result.height) == (wanted, 200, 100)
    assert (result.converted, result.note) == (True, "")
    assert near(shown(result).convert("RGB").getpixel((100, 10)), (255, 0, 0))


def test_flat_art_is_not_made_heavier_by_scaling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every edge would gain shades. Beyond twice the width it is scaled all the same: phones have to decode it."""
    monkeypatch.setattr(pictures, "FEATHERWEIGHT", 0)  # the art here is small; what counts is that sizes are compared
    rings = Pillow.radial_gradient("L").resize((400, 400)).point(lambda shade: shade // 64 * 64)
    given = asset(saved(rings, "PNG"))
    assert prepared(given, replace(ANY, max_width=150)).data == given.data
    assert prepared(given, replace(ANY, max_width=90)).width == 180
    photo = asset(saved(noise(400, 400), "PNG"))
    assert prepared(photo, replace(ANY, max_width=150)).width == 300


def test_a_picture_that_weighs_nearly_nothing_is_not_scaled_for_a_few_bytes() -> None:
    """Scaling would lighten it, but beyond twice the width only the pixels count."""
    light = asset(saved(noise(120, 120), "PNG"))
    assert len(light.data) <= pictures.FEATHERWEIGHT
    assert prepared(light, replace(ANY, max_width=50)).data == light.data
    assert prepared(light, replace(ANY, max_width=20)).width == 40


def test_edges_of_transparent_pictures_stay_clean() -> None:
    """What is invisible lends no colour to what is seen."""
    picture = Pillow.new("RGBA", (800, 800), (0, 255, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 397, 800))
    for mode in ("RGBA", "P"):
        result = prepared(asset(saved(picture.convert(mode), "PNG")), replace(ANY, max_width=50))
        scaled = shown(result).convert("RGBA")
        pixels = [scaled.getpixel((x, 50)) for x in range(100)]
        assert all(green <= 8 for _, green, _, alpha in pixels if alpha > 16)  # type: ignore[misc]


def test_a_thread_stays_visible() -> None:
    """12,000 × 3 px scaled down is still a picture."""
    assert prepared(asset(saved(Pillow.new("RGB", (12_000, 3)), "PNG")), replace(ANY, max_width=500)).height == 1


# ---------------------------------------------------------------- formats


def test_webp_and_avif_become_png_and_photographs_jpeg() -> None:
    """A JPEG only when the PNG would be too heavy, is heavier, and nothing shines through."""
    for kind in ("WEBP", "AVIF"):
        flat = prepared(asset(saved(halves(), kind)), replace(ANY, max_bytes=20_000))
        assert (flat.name, flat.media_type, flat.note) == ("a.png", PNG, "another file format")
        photo = prepared(asset(saved(noise(120, 90), kind)), replace(ANY, max_bytes=20_000))
        assert (photo.name, photo.media_type) == ("a.jpg", JPEG)
        assert len(photo.data) <= 20_000
        clear = prepared(asset(saved(noise(120, 90, "RGBA"), kind)), replace(ANY, light_bytes=1))
        assert (clear.media_type, shown(clear).mode) == (PNG, "RGBA")


def test_a_heavy_picture_loses_quality_first_and_size_second() -> None:
    """Transparency is laid on white, because JPEG has none; the same bytes each time; the note says all of it."""
    given = asset(saved(noise(700, 700, "RGBA"), "PNG"))
    result = prepared(given, replace(ANY, max_bytes=300_000))
    assert (result.media_type, result.width, len(result.data) <= 300_000) == (JPEG, 700, True)
    assert result.changes == {Change.FORMAT, Change.FLAT, Change.QUALITY}
    assert prepared(given, replace(ANY, max_bytes=300_000)) == result
    smaller = prepared(given, replace(ANY, max_bytes=130_000))
    assert 400 <= smaller.width < 700
    with pytest.raises(PictureError, match="lighter than 9,000 bytes"):
        prepared(given, replace(ANY, max_bytes=9_000))


def moving(kind: str, **how: object) -> bytes:
    frames = [Pillow.new("RGB", (50, 20), colour) for colour in ("red", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], **how)


def test_a_moving_gif_moves_where_the_channel_lets_it() -> None:
    """All its pictures and how often they repeat; never scaled, because each would have to be made anew."""
    given = asset(moving("GIF", loop=3, comment=SECRET))
    result = prepared(given, replace(MOVING, max_width=10, max_bytes=10))
    kept = Pillow.open(io.BytesIO(result.data))
    assert (kept.n_frames, kept.info["loop"], result.converted) == (2, 3, False)  # type: ignore[attr-defined]
    assert SECRET.encode() not in result.data


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_elsewhere_its_first_picture_stands_still(kind: str) -> None:
    """A moving PNG only loses its other pictures."""
    result = prepared(asset(moving(kind)), ANY)
    assert Change.STILL in result.changes
    assert "only the first of its moving pictures" in result.note
    assert near(shown(result).convert("RGB").getpixel((5, 5)), (254, 0, 0))
    assert getattr(shown(result), "n_frames", 1) == 1
    assert (result.name, result.media_type) == ("a-50.png" if kind == "PNG" else "a.png", PNG)


def test_an_opaque_picture_needs_no_transparency() -> None:
    assert shown(prepared(asset(saved(noise(9, 9).convert("RGBA"), "WEBP", lossless=True)), ANY)).mode == "RGB"


# ---------------------------------------------------------------- colours


def test_cmyk_becomes_srgb_in_every_channel() -> None:
    """Mail programs show such a JPEG wrongly or not at all."""
    result = prepared(asset(saved(Pillow.new("CMYK", (9, 9), (0, 255, 255, 0)), "JPEG")), ANY)
    assert (shown(result).mode, result.changes) == ("RGB", {Change.COLOURS})
    assert near(shown(result).getpixel((4, 4)), (254, 0, 0), 8)


def test_deep_greys_are_scaled_where_a_channel_cannot_hold_them() -> None:
    picture = Pillow.new("I;16", (2, 1))
    picture.putpixel((1, 0), 0x8080)
    given = asset(saved(picture, "PNG"))
    assert prepared(given, ANY).data == given.data
    result = prepared(given, replace(ANY, deep=False))
    assert (list(shown(result).tobytes()), result.changes) == ([0, 128], {Change.DEPTH})


def swapped() -> bytes:
    """A colour profile under which red is blue: sRGB with two of its tags exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.index(b"rXYZ"), data.index(b"bXYZ")
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_colours_of_another_profile_become_srgb(kind: str) -> None:
    """The picture looks as it did, and no profile is needed any more; transparency stays."""
    result = prepared(asset(saved(Pillow.new("RGB", (9, 9), "red"), kind, icc_profile=swapped())), ANY)
    assert Change.PROFILE in result.changes
    assert near(shown(result).convert("RGB").getpixel((4, 4)), (0, 0, 254), 4)
    assert "icc_profile" not in shown(result).info
    if kind != "JPEG":
        clear = Pillow.new("RGBA", (9, 9), (255, 0, 0, 100))
        result = prepared(asset(saved(clear, kind, icc_profile=swapped())), ANY)
        assert near(shown(result).getpixel((4, 4)), (0, 0, 254, 100), 6)


def test_a_profile_that_says_srgb_is_left_out_without_touching_a_pixel() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("PNG", "JPEG"):
        result = prepared(asset(saved(halves(), kind, icc_profile=profile)), ANY)
        assert (result.converted, result.data) == (False, saved(halves(), kind))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_a_png_survives_scaling_and_profiles(mode: str) -> None:
    """A broken profile, or one for other pictures, means nothing."""
    for profile in (None, b"no profile", swapped()):
        data = saved(
            noise(60, 40).convert("L").convert(mode) if mode == "I;16" else noise(60, 40).convert(mode),
            "PNG",
            **({"icc_profile": profile} if profile else {}),
        )
        for deep in (True, False):
            result = prepared(asset(data), replace(ANY, max_width=10, deep=deep))
            assert shown(result).size == (20, 13)


# ---------------------------------------------------------------- drawings


DRAWING = (
    '<svg width="{}" height="{}" xmlns="http://www.w3.org/2000/svg"><rect width="{}" height="9" fill="red"/>{}</svg>'
)


def drawn(width: int, height: int, more: str = "") -> Asset:
    return asset(DRAWING.format(width, height, width, more).encode())


def test_a_drawing_is_drawn_twice_as_wide_as_it_is_shown() -> None:
    """At its own width, at the one the text asks for, at most at the channel's."""
    result = prepared(drawn(30, 20), ANY)
    assert (result.name, result.media_type, result.width, result.height) == ("a.png", PNG, 60, 40)
    assert shown(result).convert("RGBA").getpixel((5, 5)) == (255, 0, 0, 255)
    assert shown(result).convert("RGBA").getpixel((5, 35)) == (0, 0, 0, 0)
    assert prepared(drawn(30, 20), ANY, shown=300).width == 600
    assert prepared(drawn(5_000, 20), ANY).width == 2_000
    assert prepared(drawn(30, 20), ANY) == result


def test_text_of_a_drawing_is_set_in_the_fonts_of_the_edition() -> None:
    """Whatever font it names: without them the letters would be missing."""
    plain = prepared(drawn(90, 40), ANY)
    text = '<text x="2" y="30" font-family="Unknown" font-size="18">云原生</text>'
    assert prepared(drawn(90, 40, text), ANY).data != plain.data


def test_a_long_drawing_is_drawn_less_sharply() -> None:
    result = prepared(drawn(900, 20_000), ANY)
    assert result.width * result.height <= 12_000_000


def test_a_drawing_that_is_not_fit_is_no_picture() -> None:
    """Whoever made the asset: nothing but the checked tree is ever drawn."""
    with pytest.raises(PictureError, match="holds <script>"):
        prepared(drawn(9, 9, "<script/>"), ANY)


def test_the_widest_use_counts() -> None:
    figures = tuple(
        Figure(Image("a.svg", "字", line, width=width), line) for line, width in ((1, 50), (2, 300), (3, None))
    )
    assert shown_widths(Issue("题", "issue.md", preamble=figures)) == {"a.svg": 300}


# ---------------------------------------------------------------- names and faults


def test_names_are_unique_and_never_the_original_one() -> None:
    """Two channels stage one picture under one name only with the same bytes."""
    webp = asset(saved(halves(), "WEBP"))
    assert prepared(webp, ANY).name == "a.png"
    assert prepared(webp, ANY, taken={"a.png"}).name == "a-webp.png"
    assert prepared(webp, ANY, taken={"a.png", "a-webp.png"}).name == "a-webp-2.png"
    assert prepared(webp, replace(ANY, prefix="wechat-")).name == "wechat-a.png"


@pytest.mark.parametrize("media_type", [PNG, JPEG, GIF, "image/webp", "image/avif", SVG])
@pytest.mark.parametrize("data", [b"", b"rubbish", b"GIF89a broken", b"\x89PNG\r\n\x1a\n"])
def test_what_cannot_be_decoded_is_one_kind_of_error(media_type: str, data: bytes) -> None:
    with pytest.raises(PictureError):
        prepared(Asset("a", "a.x", media_type, data, "", 9, 9), ANY)
