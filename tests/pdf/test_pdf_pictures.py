"""Pictures that the edition cannot hold as they are."""

from __future__ import annotations

import io

import pytest
from pdf_samples import PUBLICATION, asset, drawn, small_issue
from PIL import Image as Pillow

from kanfa.issue.model import Asset, Figure, Image
from kanfa.pdf import FORMAT
from kanfa.pdf.fetcher import Picture
from kanfa.pdf.pictures import pictures_of
from kanfa.pictures import SVG


def deep(mode: str, values: list[float], kind: str) -> bytes:
    """A row of pixels with more than 8 bits."""
    picture = Pillow.new(mode, (len(values), 1))
    for at, value in enumerate(values):
        picture.putpixel((at, 0), value)
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "values", "kind", "wanted"),
    [
        ("I;16", [at * 257 for at in range(256)], "PNG", list(range(256))),
        ("I;16", [0, 100, 200], "PNG", [0, 0, 1]),
    ],
)
def test_deep_greys_are_scaled_and_not_clipped(mode, values, kind, wanted):
    """16 bits by 257. One finding says so."""
    picture = asset("images/grey.png", deep(mode, values, kind), len(values), 1)
    pictures, findings = pictures_of(small_issue(Figure(Image(picture.src, "灰", 7), 7), assets=(picture,)))
    with Pillow.open(io.BytesIO(pictures[picture.name].data)) as grey:
        assert grey.mode == "L"
        assert [grey.getpixel((at, 0)) for at in range(len(values))] == wanted
    assert [(finding.rule.id, finding.line) for finding in findings] == [("PDF020", 7)]


def printed(given: Asset, line: int = 7) -> tuple[Picture, list[tuple[str, int]]]:
    """What the edition gets of one picture, and rule and line of each finding."""
    issue = small_issue(Figure(Image(given.src, "图", line), line), assets=(given,))
    pictures, findings = pictures_of(issue)
    return pictures[given.name], [(finding.rule.id, finding.line) for finding in findings]


def saved(picture: Pillow.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_fits_is_embedded_as_it_is(kind):
    """Byte for byte, without a word."""
    data = drawn(40, 20, kind=kind)
    picture, findings = printed(asset("a.x", data, 40, 20, f"image/{kind.lower()}"))
    assert (picture.data, findings) == (data, [])


def test_printing_colours_become_srgb():
    """PDF/A knows them only with a profile of the press."""
    data = drawn(40, 20, mode="CMYK", kind="JPEG")
    picture, findings = printed(asset("a.jpg", data, 40, 20, "image/jpeg"))
    with Pillow.open(io.BytesIO(picture.data)) as shown:
        assert (shown.format, shown.mode) == ("JPEG", "RGB")
    assert findings == [("PDF020", 7)]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_a_moving_picture_stands_still(kind):
    """Its first picture is printed; one finding says so."""
    red, blue = (Pillow.new("RGB", (40, 20), colour) for colour in ("red", "blue"))
    data = saved(red, kind, save_all=True, append_images=[blue])
    picture, findings = printed(asset("a.x", data, 40, 20, f"image/{kind.lower()}"))
    with Pillow.open(io.BytesIO(picture.data)) as shown:
        assert (shown.format, getattr(shown, "n_frames", 1)) == ("PNG", 1)
        assert shown.convert("RGB").getpixel((5, 5))[0] > 250
    assert findings == [("PDF019", 7)]


def test_a_second_picture_of_a_camera_is_no_animation():
    """It is left behind, with what cameras write about themselves."""
    data = saved(Pillow.new("RGB", (8, 8)), "MPO", save_all=True, append_images=[Pillow.new("RGB", (8, 8), "red")])
    picture, findings = printed(asset("a.jpg", data, 8, 8, "image/jpeg"))
    assert findings == []
    assert len(picture.data) < len(data)


def test_a_photograph_is_scaled_to_what_print_shows():
    """Twice the width of the page in CSS pixels, some 190 dots to the inch; readers see no difference."""
    picture, findings = printed(asset("a.jpg", drawn(4000, 3000, kind="JPEG"), 4000, 3000, "image/jpeg"))
    with Pillow.open(io.BytesIO(picture.data)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (1632, 1224))
    assert findings == []


SHAPES = """<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100"><defs><circle id="c" r="20"/></defs>
<rect width="300" height="100" fill="#1f2a5a"/><use href="#c" x="60" y="50" fill="rgb(194, 65, 12)"/>
<path d="M0 90L300 10" stroke="white" stroke-width="4" opacity=".5" transform="rotate(5)"/>{}</svg>"""


def drawing(more: str = "") -> Asset:
    return asset("a.svg", SHAPES.format(more).encode(), 300, 100, SVG)


def test_plain_shapes_stay_a_drawing_and_the_file_stays_archival():
    """The engine draws them as browsers do, in lines that stay sharp at any size."""
    picture, findings = printed(drawing())
    assert (picture.media_type, findings) == (SVG, [])
    issue = small_issue(Figure(Image("a.svg", "图", 7), 7), assets=(drawing(),))
    edition = FORMAT.render(issue, PUBLICATION)
    assert [*edition.findings, *FORMAT.check(edition, issue, PUBLICATION)] == []


@pytest.mark.parametrize(
    "more",
    [
        '<text y="20">字</text>',
        '<linearGradient id="g"><stop stop-opacity=".5"/></linearGradient><rect fill="url(#g)"/>',
        "<style>rect { fill: red }</style>",
        '<rect style="mix-blend-mode:multiply"/>',
        '<rect fill="device-cmyk(1 0 0 0)"/>',
        '<filter id="f"><feGaussianBlur stdDeviation="2"/></filter>',
        '<svg><rect width="9" height="9"/></svg>',
        "<rect/>" * 5_000,
    ],
)
def test_a_drawing_that_the_engine_draws_otherwise_is_embedded_as_a_png(more):
    """Twice as many pixels as it is wide."""
    picture, findings = printed(drawing(more))
    with Pillow.open(io.BytesIO(picture.data)) as shown:
        assert (shown.format, shown.size) == ("PNG", (600, 200))
    assert findings == []


def test_what_cannot_be_decoded_is_left_to_the_engine():
    """Which reports it."""
    spoilt = asset("a.png", b"\x89PNG\r\n\x1a\n no picture", 40, 30)
    assert printed(spoilt) == (Picture("image/png", spoilt.data), [])
