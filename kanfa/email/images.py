"""Pictures in the form that mail programs show: PNG, JPEG and GIF as they are, WebP as PNG."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from PIL import Image as PillowImage

from kanfa.issue.model import Asset, Image, Issue


@dataclass(frozen=True, slots=True)
class Picture:
    """One local picture as the mail carries it."""

    src: str
    """As the text names it."""
    name: str
    """File name below `images/`."""
    data: bytes = field(repr=False)
    width: int
    """Pixels."""
    converted: bool = False
    """Whether the file is a PNG made from the editor's WebP."""


def shown_images(issue: Issue) -> Iterable[Image]:
    """Every picture the mail shows: the cover, then the body's in reading order."""
    return (*([issue.cover] if issue.cover else []), *issue.images())


def png_from(data: bytes) -> bytes:
    """The picture (the first frame of a moving one) as PNG; the same bytes for the same picture.

    Raises OSError when Pillow cannot read it.
    """
    with PillowImage.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=9)
    return target.getvalue()


def _png_name(asset: Asset, taken: Iterable[str]) -> str:
    stem = asset.name.rpartition(".")[0] or asset.name
    return f"{stem}.png" if f"{stem}.png" not in taken else f"{stem}-webp.png"


def pictures(issue: Issue) -> dict[str, Picture]:
    """The local pictures that the mail shows, by the address the text gives them.

    A WebP that Pillow cannot read is left out; the writer then puts its words in its place.
    """
    names = {asset.name for asset in issue.assets}
    found: dict[str, Picture] = {}
    for image in shown_images(issue):
        asset = issue.asset(image.src)
        if asset is None or image.src in found:
            continue
        if asset.media_type == "image/webp":
            try:
                data = png_from(asset.data)
            except OSError:
                continue
            found[image.src] = Picture(image.src, _png_name(asset, names), data, asset.width, converted=True)
        else:
            found[image.src] = Picture(image.src, asset.name, asset.data, asset.width)
    return found
