"""Pictures: what WeChat takes is left alone, everything else is converted, the same way each time."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

from PIL import Image as Pillow
from wechat_values import COVER, asset, paragraph, picture_bytes

from kanfa.issue.model import Asset, Image, Issue
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.pictures import generated_cover, prepare

MakeIssue = Callable[..., Issue]


def noise(size: tuple[int, int], form: str = "PNG", mode: str = "RGB") -> bytes:
    """A picture that does not compress."""
    channels = len(mode)
    data = random.Random(7).randbytes(size[0] * size[1] * channels)
    target = io.BytesIO()
    Pillow.frombytes(mode, size, data).save(target, form)
    return target.getvalue()


def test_png_and_jpeg_below_the_limit_are_left_alone(issue: MakeIssue) -> None:
    """Byte for byte, under their own names."""
    jpeg = asset("images/a.jpg", picture_bytes("JPEG"), "image/jpeg")
    album = prepare(issue(paragraph(Image("images/a.jpg", "图", 10)), assets=(jpeg,)))
    assert album.body["images/a.jpg"].data == jpeg.data
    assert album.body["images/a.jpg"].name == "images/a.jpg"
    assert album.findings == ()


def test_a_moving_picture_becomes_its_first_frame(issue: MakeIssue) -> None:
    """PNG under a name of its own, so that no other format stages other bytes under it; a finding says so."""
    frames = [Pillow.new("RGB", (50, 20), colour) for colour in ("red", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    gif = asset("images/a.gif", target.getvalue(), "image/gif", (50, 20))
    album = prepare(issue(paragraph(Image("images/a.gif", "动", 12)), assets=(gif,)))
    picture = album.body["images/a.gif"]
    assert (picture.name, picture.media_type, picture.width) == ("images/wechat-a.png", "image/png", 50)
    with Pillow.open(io.BytesIO(picture.data)) as shown:
        assert shown.convert("RGB").getpixel((0, 0)) == (255, 0, 0)
    assert [(f.rule.id, f.line) for f in album.findings] == [("WX132", 12)]


def test_webp_becomes_png_with_its_transparency(issue: MakeIssue) -> None:
    """Only the container changes."""
    target = io.BytesIO()
    Pillow.new("RGBA", (30, 30), (0, 0, 0, 0)).save(target, "WEBP", lossless=True)
    webp = asset("images/a.webp", target.getvalue(), "image/webp", (30, 30))
    picture = prepare(issue(paragraph(Image("images/a.webp", "图", 10)), assets=(webp,))).body["images/a.webp"]
    with Pillow.open(io.BytesIO(picture.data)) as shown:
        assert (shown.format, shown.mode) == ("PNG", "RGBA")


def test_a_heavy_picture_loses_quality_first_and_size_second(issue: MakeIssue) -> None:
    """Below 1 MB, deterministic; transparency is laid on white because JPEG has none."""
    heavy = asset("images/big.png", noise((900, 900), mode="RGBA"), "image/png", (900, 900))
    assert len(heavy.data) > LIMITS.image_bytes.value
    made = issue(paragraph(Image("images/big.png", "大", 10)), assets=(heavy,))
    first, second = prepare(made), prepare(made)
    picture = first.body["images/big.png"]
    assert picture.media_type == "image/jpeg"
    assert len(picture.data) <= LIMITS.image_bytes.value
    assert picture.width == 900
    assert first.body["images/big.png"].data == second.body["images/big.png"].data


def test_names_never_collide(issue: MakeIssue) -> None:
    """A converted picture makes way for one that already has the name."""
    gif = asset("images/a.gif", picture_bytes("GIF", (10, 10)), "image/gif", (10, 10))
    taken = asset("images/wechat-a.png", picture_bytes(size=(10, 10)), size=(10, 10))
    images = (Image("images/a.gif", "动", 10), Image("images/wechat-a.png", "静", 10))
    album = prepare(issue(paragraph(*images), assets=(gif, taken)))
    assert [picture.name for picture in album.body.values()] == ["images/wechat-a-gif.png", "images/wechat-a.png"]


def test_a_broken_picture_is_a_finding_and_no_crash(issue: MakeIssue) -> None:
    """Words stand for it."""
    broken = asset("images/a.gif", b"GIF89a broken", "image/gif", (10, 10))
    album = prepare(issue(paragraph(Image("images/a.gif", "坏", 15)), assets=(broken,)))
    assert album.body == {}
    assert [(f.rule.id, f.line) for f in album.findings] == [("WX133", 15)]


def test_an_issue_without_a_cover_gets_a_drawn_one(issue: MakeIssue) -> None:
    """A news draft is refused without; the drawing is plain, deterministic and announced."""
    album = prepare(issue(paragraph("x"), cover=None, assets=()))
    assert [f.rule.id for f in album.findings] == ["WX134"]
    assert (album.cover.width, album.cover.height) == (900, 383)
    assert album.cover == generated_cover(issue(), {COVER.name})
    assert generated_cover(issue(), {"wechat-cover.png"}).name == "images/x-wechat-cover.png"


def test_a_cover_that_cannot_be_used_is_named(issue: MakeIssue) -> None:
    """The message says which one."""
    album = prepare(issue(paragraph("x"), cover=Image("https://a.example/c.png", "", 3), lines_of={"cover": 3}))
    assert [(f.rule.id, f.line) for f in album.findings] == [("WX134", 3)]
    assert "https://a.example/c.png" in album.findings[0].message


def test_a_wide_picture_becomes_twice_as_wide_as_the_column(issue: MakeIssue) -> None:
    """Readers see no difference, so there is no finding; other formats never stage these bytes under that name."""
    wide = asset("images/a.jpg", picture_bytes("JPEG", (4_000, 2_000)), "image/jpeg", (4_000, 2_000))
    album = prepare(issue(paragraph(Image("images/a.jpg", "图", 10)), assets=(wide,)))
    picture = album.body["images/a.jpg"]
    assert (picture.name, picture.width, picture.height) == ("images/wechat-a.jpg", 1_354, 677)
    assert album.findings == ()


def test_a_drawing_becomes_a_sharp_png(issue: MakeIssue) -> None:
    """With twice the pixels of its own width, which stays the width at which it is shown."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><rect width="60" height="30"/></svg>'
    drawn = asset("images/a.svg", svg, "image/svg+xml", (60, 30))
    album = prepare(issue(paragraph(Image("images/a.svg", "图", 10)), assets=(drawn,)))
    picture = album.body["images/a.svg"]
    assert (picture.name, picture.width, picture.height, picture.shown) == ("images/wechat-a.png", 120, 60, 60)
    assert [(f.rule.id, f.line) for f in album.findings] == [("WX132", 10)]


def test_the_finding_tells_what_became_of_a_picture(issue: MakeIssue) -> None:
    """Formats, bytes, pixels, and why."""
    gif = asset("images/a.gif", picture_bytes("GIF", (10, 10)), "image/gif", (10, 10))
    (finding,) = prepare(issue(paragraph(Image("images/a.gif", "静", 10)), assets=(gif,))).findings
    size = f"{len(gif.data):,}"
    assert finding.message.startswith(f"images/a.gif: image/gif, {size} bytes, 10 × 10 px became image/png, ")
    assert finding.message.endswith(" bytes, 10 × 10 px (another file format)")
    assert finding.quote == "images/a.gif"


def test_one_file_under_two_spellings_is_one_picture(issue: MakeIssue) -> None:
    one = asset("images/a.gif", picture_bytes("GIF", (10, 10)), "image/gif", (10, 10))
    two = Asset("./images/a.gif", one.name, one.media_type, one.data, one.sha256, 10, 10)
    images = (Image("images/a.gif", "甲", 10), Image("./images/a.gif", "乙", 11))
    album = prepare(issue(paragraph(*images), assets=(one, two)))
    assert album.body["images/a.gif"] is album.body["./images/a.gif"]
    assert len(album.findings) == 1
