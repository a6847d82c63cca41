"""Pictures in the form that a channel takes: as they are when they fit, else converted, the same way each time.

Whatever happens, what cameras and programs wrote about place, owner and device is left behind, the picture stands
upright, and its colours are sRGB.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, count
from typing import TYPE_CHECKING

from kanfa import colours, metadata
from kanfa.greys import is_deep, to_eight_bits
from kanfa.issue.model import Asset, Issue

if TYPE_CHECKING:
    from PIL.Image import Image as Bitmap

PNG, JPEG, GIF, SVG = "image/png", "image/jpeg", "image/gif", "image/svg+xml"
SUFFIXES = {PNG: ".png", JPEG: ".jpg"}
"""What pictures are converted to."""
SHARP = 2
"""Pixels of the file for each pixel shown: what sharp screens draw. More is weight that nobody sees."""
LEEWAY = 2
"""Times the width wanted up to which a picture stays as wide as it is when scaling would only make it heavier: a PNG of
flat colours gains shades at every edge (own measurement: 26 KB became 89 KB)."""
FEATHERWEIGHT = 48 * 1024
"""Bytes up to which such a picture is not even tried: decoding, scaling and encoding it takes a tenth of a second, and
what could be saved is less than a phone loads in the blink of an eye."""
QUALITIES = (90, 82, 74, 66)
"""JPEG qualities tried in turn before a picture is made smaller."""
SHRINK = 0.8
"""Factor of each reduction in size, down to LEAST_WIDTH."""
LEAST_WIDTH = 400
"""Pixels of width below which a heavy picture is given up."""


_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""Pillow's name of what undoes each EXIF orientation."""


class PictureError(ValueError):
    """A picture that cannot be brought into the form asked for; says why, without its name."""


class Change(StrEnum):
    """What was done to a picture, in the words of notes."""

    TURNED = "turned upright"
    SCALED = "made smaller"
    PROFILE = "its colours are sRGB now"
    FORMAT = "another file format"
    COLOURS = "CMYK became sRGB"
    DEPTH = "more than 8 bits of grey became 8"
    STILL = "only the first of its moving pictures"
    FLAT = "laid on white where it was transparent"
    QUALITY = "lower quality or size, to be light enough"


UNSEEN = frozenset({Change.TURNED, Change.SCALED, Change.PROFILE})
"""Changes after which readers see what they would have seen without them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one channel takes."""

    types: frozenset[str]
    """Media types, of PNG, JPEG and GIF; always PNG or JPEG among them."""
    max_width: int
    """Widest that the channel shows a picture, CSS pixels. Files may have SHARP times as many."""
    max_bytes: int | None = None
    """Largest file; None = any. A moving picture is never held against it: it cannot be made lighter."""
    frames: bool = False
    """Whether pictures may move."""
    deep: bool = True
    """Whether greys may have 16 bits."""
    light_bytes: int | None = None
    """Size from which a picture that is converted anyway is better a JPEG than a PNG; None = max_bytes."""
    prefix: str = ""
    """Stands before the name of a converted picture: two channels never give one name to different bytes."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One picture in the form that the channel takes."""

    name: str
    """ASCII file name with the right extension; the asset's own exactly when nothing but metadata was changed."""
    media_type: str
    data: bytes = field(repr=False)
    width: int
    """Pixels of the file."""
    height: int
    changes: frozenset[Change] = frozenset()

    @property
    def converted(self) -> bool:
        """Whether it is no longer the editor's own file, metadata aside."""
        return bool(self.changes)

    @property
    def note(self) -> str:
        """What an editor should know was changed; empty when readers see no difference."""
        return "; ".join(change for change in Change if change in self.changes - UNSEEN)


def shown_widths(issue: Issue) -> Mapping[str, int]:
    """The widest that the text asks for each picture, by address, CSS pixels; only where it asks."""
    widths: dict[str, int] = {}
    for image in issue.images():
        if image.width:
            widths[image.src] = max(widths.get(image.src, 0), image.width)
    return widths


def prepared(asset: Asset, wanted: Wanted, *, shown: int = 0, taken: Collection[str] = ()) -> Prepared:
    """`asset` in the form that `wanted` describes; the same values give the same bytes.

    `shown` is the width that the text asks for (CSS pixels, 0 = none), which only an SVG needs; `taken` are names
    that a converted picture must not have. Raises PictureError for data that cannot be decoded or made light enough.
    """
    from PIL import Image as Pillow

    from kanfa.issue.sniff import DECODING_FAULTS, opened, orientation_of

    try:
        if asset.media_type == SVG:
            return _drawn(asset, wanted, shown, taken)
        with opened(asset.data) as picture:
            orientation = orientation_of(picture, asset.data)
            changes = _needed(asset, picture, orientation, wanted)
            kept = _kept(asset, picture, wanted, changes, taken)
            if kept is not None and (Change.SCALED not in changes or len(kept.data) <= FEATHERWEIGHT):
                return kept
            frame = _frame(picture, orientation, wanted, changes)
        made = _encoded(asset, frame, wanted, changes, taken)
        return made if kept is None or len(made.data) < len(kept.data) else kept
    except PictureError:
        raise
    except (*DECODING_FAULTS, Pillow.DecompressionBombError) as error:
        raise PictureError(f"it cannot be decoded: {str(error)[:120]}") from None


def _needed(asset: Asset, picture: Bitmap, orientation: int, wanted: Wanted) -> set[Change]:
    """What must be done to the picture whatever it weighs."""
    from kanfa.issue.sniff import is_moving, is_turned

    moving = is_moving(picture)
    still = {Change.STILL} if moving and not wanted.frames else set()
    if asset.media_type not in wanted.types:
        return {Change.FORMAT, *({Change.STILL} if moving else ())} | _inside(picture, orientation)
    if moving and not still:
        return set()  # each of its pictures would have to be made anew, and none could be turned or scaled alone
    width = picture.height if is_turned(orientation) else picture.width
    changes = still | _inside(picture, orientation)
    if width > SHARP * wanted.max_width:
        changes.add(Change.SCALED)
    if is_deep(picture) and not wanted.deep:
        changes.add(Change.DEPTH)
    return changes


def _inside(picture: Bitmap, orientation: int) -> set[Change]:
    """What is wrong with the pixels themselves."""
    changes = {Change.TURNED} if orientation > 1 else set()
    if picture.mode == "CMYK":
        return changes | {Change.COLOURS}
    return changes | ({Change.PROFILE} if colours.is_foreign(picture) else set())


def _kept(
    asset: Asset, picture: Bitmap, wanted: Wanted, changes: set[Change], taken: Collection[str]
) -> Prepared | None:
    """The file itself without its metadata, when that is all it needs; None when it must be made anew."""
    from kanfa.issue.sniff import is_moving

    still = Change.STILL in changes
    if changes - {Change.STILL, Change.SCALED} or (still and asset.media_type != PNG):
        return None
    if Change.SCALED in changes and picture.width > LEEWAY * SHARP * wanted.max_width:
        return None
    try:
        data = metadata.bare(asset.data, asset.media_type, still=still)
    except ValueError:
        return None
    moves = is_moving(picture) and not still
    if wanted.max_bytes is not None and len(data) > wanted.max_bytes and not moves:
        return None
    name = _name(asset, PNG, picture.width, wanted, taken) if still else asset.name
    return Prepared(name, asset.media_type, data, picture.width, picture.height, frozenset(changes - {Change.SCALED}))


def _frame(picture: Bitmap, orientation: int, wanted: Wanted, changes: set[Change]) -> Bitmap:
    """The first picture, scaled, upright, in sRGB with 8 bits; in mode L, P, RGB or RGBA. Adds to `changes`."""
    from PIL import Image as Pillow

    from kanfa.issue.sniff import is_turned

    turned = is_turned(orientation)
    wide, high = (picture.height, picture.width) if turned else picture.size
    scaled = wide > SHARP * wanted.max_width
    size = (SHARP * wanted.max_width, max(1, round(high * SHARP * wanted.max_width / wide))) if scaled else (wide, high)
    raw = (size[1], size[0]) if turned else size
    if scaled:
        changes.add(Change.SCALED)
        # a JPEG decoder leaves out at once what scaling would throw away
        picture.draft(None, (raw[0] * 3 // 2, raw[1] * 3 // 2))
    picture.load()
    profile = picture.info.get("icc_profile")
    if is_deep(picture):
        changes.add(Change.DEPTH)
    frame: Bitmap = picture
    if scaled:
        gap = None if is_deep(frame) else 3.0  # Pillow cannot reduce 16 bits beforehand
        frame = _smooth(frame).resize(raw, Pillow.Resampling.LANCZOS, reducing_gap=gap)
    if is_deep(frame):
        frame = to_eight_bits(frame)
    if orientation > 1:
        frame = frame.transpose(Pillow.Transpose[_TURNS[orientation]])
    frame = colours.to_srgb(frame, profile)
    return _settled(frame)


def _smooth(frame: Bitmap) -> Bitmap:
    """The picture in a mode in which neighbours can be mixed."""
    if frame.mode in {"P", "PA", "1"}:
        return frame.convert("RGBA" if frame.has_transparency_data else "RGB" if frame.mode != "1" else "L")
    if frame.mode in {"RGB", "L"} and frame.has_transparency_data:  # one colour that stands for nothing
        return frame.convert("RGBA")
    return frame


def _settled(frame: Bitmap) -> Bitmap:
    """Without metadata, and in the plainest mode that holds the picture."""
    transparent = frame.has_transparency_data
    if frame.mode not in {"L", "P", "RGB"} or (transparent and frame.mode != "P"):
        frame = frame.convert("RGBA" if transparent else "L" if frame.mode == "1" else "RGB")
    if frame.mode == "RGBA" and frame.getchannel("A").getextrema() == (255, 255):
        frame = frame.convert("RGB")
    frame.info = {key: value for key, value in frame.info.items() if key == "transparency" and frame.mode == "P"}
    return frame


def _encoded(asset: Asset, frame: Bitmap, wanted: Wanted, changes: set[Change], taken: Collection[str]) -> Prepared:
    """The picture as PNG when that is light enough, else as JPEG; a JPEG stays one."""
    light = wanted.light_bytes if wanted.light_bytes is not None else wanted.max_bytes
    data, media_type = b"", PNG
    if asset.media_type != JPEG or frame.has_transparency_data:
        data = png(frame)
        heavy = light is not None and len(data) > light
        if heavy and not frame.has_transparency_data:
            smaller = _jpeg(frame, QUALITIES[0])
            if len(smaller) < len(data):
                data, media_type = smaller, JPEG
    else:
        data, media_type = _jpeg(frame, QUALITIES[0]), JPEG
    if wanted.max_bytes is not None and len(data) > wanted.max_bytes:
        data, frame = _lightened(frame, wanted.max_bytes, changes)
        media_type = JPEG
    if media_type != asset.media_type:
        changes.add(Change.FORMAT)
    name = _name(asset, media_type, frame.width, wanted, taken)
    return Prepared(name, media_type, data, frame.width, frame.height, frozenset(changes))


def _lightened(frame: Bitmap, most: int, changes: set[Change]) -> tuple[bytes, Bitmap]:
    """A JPEG of at most `most` bytes: quality is given up first, size second."""
    from PIL import Image as Pillow

    changes.add(Change.QUALITY)
    if frame.has_transparency_data:
        changes.add(Change.FLAT)
    frame = _on_white(frame)
    while True:
        for quality in QUALITIES:
            data = _jpeg(frame, quality)
            if len(data) <= most:
                return data, frame
        if frame.width * SHRINK < LEAST_WIDTH:
            raise PictureError(f"it cannot be made lighter than {most:,} bytes")
        size = (round(frame.width * SHRINK), max(1, round(frame.height * SHRINK)))
        frame = frame.resize(size, Pillow.Resampling.LANCZOS)


def _on_white(frame: Bitmap) -> Bitmap:
    from PIL import Image as Pillow

    if not frame.has_transparency_data:
        return frame
    frame = frame.convert("RGBA")
    white = Pillow.new("RGB", frame.size, (255, 255, 255))
    white.paste(frame, mask=frame.getchannel("A"))
    return white


def png(frame: Bitmap) -> bytes:
    """A bitmap as PNG."""
    target = io.BytesIO()
    frame.save(target, "PNG", optimize=True)
    return target.getvalue()


def _jpeg(frame: Bitmap, quality: int) -> bytes:
    """Without transparency; the caller has seen to that."""
    target = io.BytesIO()
    flat = frame if frame.mode in {"L", "RGB"} else frame.convert("RGB")
    flat.save(target, "JPEG", quality=quality, optimize=True, progressive=False)
    return target.getvalue()


def _drawn(asset: Asset, wanted: Wanted, shown: int, taken: Collection[str]) -> Prepared:
    """An SVG as PNG, SHARP times as wide as it is shown."""
    from PIL import Image as Pillow

    from kanfa import raster
    from kanfa.issue import vector
    from kanfa.issue.picture_rules import Unusable

    try:
        drawing = vector.drawing(asset.data)
    except Unusable as fault:
        raise PictureError(fault.template.format_map({**fault.values, "src": asset.name})) from None
    width = drawing.width_within(SHARP * min(wanted.max_width, max(drawing.width, shown)))
    fonts = raster.house_fonts() if drawing.words.strip() else ()
    data = raster.rasterized_apart(drawing.svg, width=width, fonts=fonts)
    with Pillow.open(io.BytesIO(data), formats=("PNG",)) as opened:
        opened.load()
        frame = _settled(opened)
    return _encoded(asset, frame, wanted, {Change.FORMAT}, taken)


def _name(asset: Asset, media_type: str, width: int, wanted: Wanted, taken: Collection[str]) -> str:
    """The name of a converted picture: never the asset's own, which other channels stage with other bytes."""
    stem, _, old = asset.name.rpartition(".")
    stem, suffix = wanted.prefix + (stem or old), SUFFIXES[media_type]
    told = f"{stem}-{old}" if f".{old}" != suffix else f"{stem}-{width}"
    names: Iterator[str] = chain((stem, told), (f"{told}-{number}" for number in count(2)))
    return next(name + suffix for name in names if name + suffix != asset.name and name + suffix not in taken)
