"""The pictures of an issue as the PDF engine gets them: sRGB, still, from memory."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from kanfa.findings import Finding
from kanfa.issue.model import Asset, Issue
from kanfa.pdf.rules import ANIMATION_STILL, PICTURE_CONVERTED

JPEG_QUALITY = 92
"""Quality of a converted photograph: no loss that print shows (own judgement)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes that the engine may embed."""

    media_type: str
    data: bytes


def line_of(issue: Issue, asset: Asset) -> int:
    """Source line of the first use of a picture, 1 when it is used nowhere."""
    if issue.cover is not None and issue.cover.src == asset.src:
        return issue.cover.line
    return next((image.line for image in issue.images() if image.src == asset.src), 1)


def pictures_of(issue: Issue) -> tuple[Mapping[str, Picture], list[Finding]]:
    """Every local picture by its name, and what had to be changed about them.

    A file that Pillow cannot read is passed on as it is: the engine reports it.
    """
    pictures: dict[str, Picture] = {}
    findings: list[Finding] = []
    for asset in issue.assets:
        picture = Picture(asset.media_type, asset.data)
        mode, animated = _nature(asset.data)
        if mode == "CMYK":
            picture = Picture("image/jpeg", _to_srgb(asset.data))
            findings.append(PICTURE_CONVERTED.at(line_of(issue, asset), f"{asset.src} was CMYK and is printed as sRGB"))
        elif mode.startswith("I;16") or mode in {"I", "F"}:
            picture = Picture("image/png", _to_grey(asset.data))
            words = f"{asset.src} has more than 8 bits of grey and is printed with 8"
            findings.append(PICTURE_CONVERTED.at(line_of(issue, asset), words))
        if animated:
            findings.append(
                ANIMATION_STILL.at(line_of(issue, asset), f"{asset.src}: only its first picture is printed")
            )
        pictures[asset.name] = picture
    return pictures, findings


def _nature(data: bytes) -> tuple[str, bool]:
    """Colour mode and whether the picture is animated; empty and false for what Pillow cannot read."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.mode, bool(getattr(image, "is_animated", False))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return "", False


def _to_srgb(data: bytes) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _to_grey(data: bytes) -> bytes:
    """A picture with deep greys as PNG with 8 bits."""
    from PIL import Image

    from kanfa.greys import to_eight_bits

    with Image.open(io.BytesIO(data)) as image:
        out = io.BytesIO()
        to_eight_bits(image).save(out, "PNG")
    return out.getvalue()
