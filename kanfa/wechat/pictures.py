"""Pictures in the form WeChat takes: PNG or JPEG below 1 MB, at most twice as wide as the column; and the cover."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from kanfa.findings import Finding
from kanfa.issue.model import Asset, Image, Issue
from kanfa.pictures import SVG, PictureError, Prepared, Wanted, png, prepared, shown_widths
from kanfa.wechat.limits import IMAGE_TYPES, LIMITS
from kanfa.wechat.rules.advice import COVER_GENERATED, IMAGE_CONVERTED, IMAGE_UNREADABLE

TAKEN = Wanted(
    types=frozenset(IMAGE_TYPES),
    max_width=LIMITS.column.value,
    max_bytes=LIMITS.image_bytes.value,
    prefix="wechat-",
)
"""What `media/uploadimg` takes, twice as wide as the column; the prefix is never an original's, which other formats
stage with other bytes."""
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
    """Pixels of the file."""
    height: int
    shown: int = 0
    """Width at which it is shown when the text asks for none, CSS pixels; 0 = as many as the file has."""

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
    by_name: dict[str, Picture] = {}
    taken = {asset.name for asset in issue.assets}
    broken: set[str] = set()
    widths = shown_widths(issue)
    for image in _wanted(issue):
        asset = issue.asset(image.src)
        if asset is None or image.src in made or image.src in broken:
            continue
        if asset.name in by_name:  # one file under two spellings
            made[image.src] = by_name[asset.name]
            continue
        try:
            result = prepared(asset, TAKEN, shown=widths.get(image.src, 0), taken=taken)
        except PictureError as error:
            broken.add(image.src)
            words = "{src} ({media_type}) cannot be converted: {fault}"
            findings.append(
                IMAGE_UNREADABLE.at(
                    image.line, words, quote=image.src, src=asset.src, media_type=asset.media_type, fault=str(error)
                )
            )
            continue
        shown = asset.width if asset.media_type == SVG else 0
        made[image.src] = by_name[asset.name] = Picture(
            f"images/{result.name}", result.media_type, result.data, result.width, result.height, shown
        )
        taken.add(result.name)
        if result.note:
            findings.append(_converted(image, asset, result))
    cover = made.get(issue.cover.src) if issue.cover else None
    if cover is None:
        cover = generated_cover(issue, taken)
        findings.append(_cover_generated(issue))
    shown_in_body = {image.src for image in issue.images()}
    return Album(
        {src: picture for src, picture in made.items() if src in shown_in_body},
        cover,
        tuple(findings),
        frozenset(broken),
    )


def _wanted(issue: Issue) -> Iterator[Image]:
    yield from issue.images()
    if issue.cover is not None:
        yield issue.cover


def _cover_generated(issue: Issue) -> Finding:
    """Why a drawn cover stands in."""
    line = issue.line_of("cover")
    if issue.cover is None:
        return COVER_GENERATED.at(line, "the issue names no cover: a drawn one stands in")
    message, src = "the cover {src} cannot be used: a drawn one stands in", issue.cover.src
    return COVER_GENERATED.at(line, message, quote=src, src=src)


def _converted(image: Image, asset: Asset, result: Prepared) -> Finding:
    """What became of a picture, in figures and words."""
    return IMAGE_CONVERTED.at(
        image.line,
        "{src}: {before}, {size_before:,} bytes, {width_before} × {height_before} px became "
        "{after}, {size_after:,} bytes, {width_after} × {height_after} px ({note})",
        quote=image.src,
        src=asset.src,
        before=asset.media_type,
        size_before=len(asset.data),
        width_before=asset.width,
        height_before=asset.height,
        after=result.media_type,
        size_after=len(result.data),
        width_after=result.width,
        height_after=result.height,
        note=result.note,
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
    return Picture(f"images/{name}", "image/png", png(bitmap), width, height)
