"""Pictures in the form WeChat takes: PNG or JPEG below 1 MB. Deterministic; never touches a picture that fits."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kanfa.findings import Finding
from kanfa.issue.model import Asset, Image, Issue
from kanfa.wechat.limits import IMAGE_TYPES, LIMITS
from kanfa.wechat.rules.advice import COVER_GENERATED, IMAGE_CONVERTED, IMAGE_UNREADABLE

if TYPE_CHECKING:
    from PIL.Image import Image as Bitmap

QUALITIES = (90, 82, 74, 66)
"""JPEG qualities tried in turn before the picture is made smaller."""
SHRINK = 0.8
"""Factor of each reduction in size, down to LEAST_WIDTH."""
LEAST_WIDTH = 400
COVER_SIZE = (900, 383)
"""Pixels of a generated cover: 2.35 : 1, the usual form."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as it is staged."""

    name: str
    """Local name, `images/…`: what `src` says until delivery puts WeChat's own address there."""
    media_type: str
    data: bytes = field(repr=False)
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    def entry(self) -> dict[str, str | int]:
        """The entry of `wechat.json`: sizes in bytes and pixels."""
        return {
            "name": self.name,
            "sha256": self.sha256,
            "size": len(self.data),
            "media_type": self.media_type,
            "width": self.width,
            "height": self.height,
        }


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures of one article."""

    body: dict[str, Picture]
    """Pictures of the body by the name that the text gives them."""
    cover: Picture
    findings: tuple[Finding, ...]
    broken: frozenset[str] = frozenset()
    """Names of pictures that could not be converted; each has its finding."""


def prepare(issue: Issue) -> Album:
    """Every local picture that the body shows and the cover, converted where WeChat asks for it."""
    findings: list[Finding] = []
    made: dict[str, Picture] = {}
    taken = {asset.name for asset in issue.assets}
    broken: set[str] = set()
    for image in _wanted(issue):
        asset = issue.asset(image.src)
        if asset is None or image.src in made or image.src in broken:
            continue
        picture = _as_taken(asset) or _converted(asset, taken)
        if picture is None:
            broken.add(image.src)
            findings.append(IMAGE_UNREADABLE.at(image.line, f"{asset.src} ({asset.media_type}) cannot be converted"))
            continue
        made[image.src] = picture
        taken.add(picture.name.removeprefix("images/"))
        if picture.data != asset.data:
            findings.append(IMAGE_CONVERTED.at(image.line, _what_changed(asset, picture)))
    cover = made.get(issue.cover.src) if issue.cover else None
    if cover is None:
        cover = generated_cover(issue, taken)
        fault = f"the cover {issue.cover.src} cannot be used" if issue.cover else "the issue names no cover"
        findings.append(COVER_GENERATED.at(issue.line_of("cover"), f"{fault}: a drawn one stands in"))
    shown = {image.src for image in issue.images()}
    return Album(
        {src: picture for src, picture in made.items() if src in shown}, cover, tuple(findings), frozenset(broken)
    )


def _wanted(issue: Issue) -> Iterator[Image]:
    yield from issue.images()
    if issue.cover is not None:
        yield issue.cover


def _as_taken(asset: Asset) -> Picture | None:
    if asset.media_type not in IMAGE_TYPES or len(asset.data) > LIMITS.image_bytes.value:
        return None
    return Picture(f"images/{asset.name}", asset.media_type, asset.data, asset.width, asset.height)


def _converted(asset: Asset, taken: set[str]) -> Picture | None:
    """A PNG of the first frame when that is light enough, else a JPEG; None when the bytes are no picture."""
    from PIL import Image as Pillow

    from kanfa.greys import is_deep, to_eight_bits

    try:
        with Pillow.open(io.BytesIO(asset.data)) as opened:
            opened.seek(0)
            whole = to_eight_bits(opened) if is_deep(opened) else opened
            frame = whole.convert("RGBA" if _transparent(opened) else "RGB")
    except (OSError, ValueError, Pillow.DecompressionBombError):
        return None
    if asset.media_type not in IMAGE_TYPES:
        data = _encoded(frame, "PNG")
        if len(data) <= LIMITS.image_bytes.value:
            return Picture(_name(asset, ".png", taken), "image/png", data, frame.width, frame.height)
    flat = _on_white(frame)
    while True:
        for quality in QUALITIES:
            data = _encoded(flat, "JPEG", quality)
            if len(data) <= LIMITS.image_bytes.value:
                return Picture(_name(asset, ".jpg", taken), "image/jpeg", data, flat.width, flat.height)
        if flat.width * SHRINK < LEAST_WIDTH:
            return None
        size = (round(flat.width * SHRINK), max(1, round(flat.height * SHRINK)))
        flat = flat.resize(size, Pillow.Resampling.LANCZOS)


def _transparent(bitmap: Bitmap) -> bool:
    return bitmap.mode in {"RGBA", "LA", "PA"} or "transparency" in bitmap.info


def _on_white(bitmap: Bitmap) -> Bitmap:
    from PIL import Image as Pillow

    if bitmap.mode != "RGBA":
        return bitmap
    white = Pillow.new("RGB", bitmap.size, (255, 255, 255))
    white.paste(bitmap, mask=bitmap.getchannel("A"))
    return white


def _encoded(bitmap: Bitmap, form: str, quality: int = 0) -> bytes:
    target = io.BytesIO()
    if form == "PNG":
        bitmap.save(target, "PNG", optimize=True)
    else:
        bitmap.save(target, "JPEG", quality=quality, optimize=True, progressive=False)
    return target.getvalue()


def _name(asset: Asset, extension: str, taken: set[str]) -> str:
    """`images/wechat-stem.ext`: never the original's name, which other formats stage with other bytes."""
    name = f"wechat-{asset.name.rpartition('.')[0]}{extension}"
    while name in taken:
        name = f"x-{name}"
    return f"images/{name}"


def _what_changed(asset: Asset, picture: Picture) -> str:
    return (
        f"{asset.src}: {asset.media_type}, {len(asset.data):,} bytes, {asset.width} × {asset.height} px became "
        f"{picture.media_type}, {len(picture.data):,} bytes, {picture.width} × {picture.height} px"
    )


def generated_cover(issue: Issue, taken: set[str]) -> Picture:
    """A plain drawn cover in the publication's colours: as many bars as the last digit of the issue's number."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    width, height = COVER_SIZE
    bitmap = Pillow.new("RGB", COVER_SIZE, (0x1F, 0x2A, 0x5A))
    pen = ImageDraw.Draw(bitmap)
    bars = (issue.number or 0) % 10 or 10
    for bar in range(bars):
        left = 90 + bar * 54
        pen.rectangle((left, 110 + bar * 9, left + 26, height - 110), fill=(0x0F, 0x76, 0x6E))
    pen.ellipse((width - 216, height // 2 - 58, width - 100, height // 2 + 58), fill=(0xC2, 0x41, 0x0C))
    name = "wechat-cover.png"
    while name in taken:
        name = f"x-{name}"
    return Picture(f"images/{name}", "image/png", _encoded(bitmap, "PNG"), width, height)
