"""Pictures that the edition cannot hold as they are."""

from __future__ import annotations

import io

import pytest
from pdf_samples import asset, small_issue
from PIL import Image as Pillow

from kanfa.issue.model import Figure, Image
from kanfa.pdf.pictures import pictures_of


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
        ("I", [0, 32768, 65535], "TIFF", [0, 128, 255]),
        ("I", [-100, 0, 100], "TIFF", [0, 128, 255]),
        ("F", [0.0, 0.5, 1.0], "TIFF", [0, 128, 255]),
        ("F", [0.5, 0.5], "TIFF", [0, 0]),
    ],
)
def test_deep_greys_are_scaled_and_not_clipped(mode, values, kind, wanted):
    """16 bits by 257; other ranges from their darkest to their lightest value. One finding says so."""
    picture = asset("images/grey.png", deep(mode, values, kind), len(values), 1)
    pictures, findings = pictures_of(small_issue(Figure(Image(picture.src, "灰", 7), 7), assets=(picture,)))
    with Pillow.open(io.BytesIO(pictures[picture.name].data)) as grey:
        assert grey.mode == "L"
        assert [grey.getpixel((at, 0)) for at in range(len(values))] == wanted
    assert [(finding.rule.id, finding.line) for finding in findings] == [("PDF020", 7)]
