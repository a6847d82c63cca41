"""What a picture file is, from its bytes: hostile ones are refused before, or while, they are decoded once."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from PIL import Image as Pillow
from PIL import ImageFile, UnidentifiedImageError

from kanfa.issue.picture_rules import (
    IMAGE_DAMAGED,
    IMAGE_FORMAT,
    IMAGE_TOO_LARGE,
    MAX_FRAMES,
    MAX_MOVING_PIXELS,
    MAX_PIXELS,
    MAX_WEBP_PIXELS,
    Unusable,
)
from kanfa.metadata import gif_parts

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
"""Formats that Pillow may try; it knows many more, whose decoders are seldom looked at."""
MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with a second picture behind it, as some cameras write it
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
ORIENTATION = 0x0112
"""The EXIF field that says how the camera was held (CIPA DC-008, 4.6.4)."""

DECODING_FAULTS = (OSError, SyntaxError, ValueError, EOFError, RuntimeError, struct.error)
"""What Pillow's decoders raise for broken data (own experiments with spoilt files of each format)."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the bytes say."""

    media_type: str
    width: int
    """Pixels as shown, after any rotation."""
    height: int


def sniff(data: bytes) -> Sniffed:
    """What the raster picture `data` is; its first picture has been decoded once.

    Raises Unusable: ISS062 for another kind of file, ISS063 for broken data, ISS064 for too many pixels.
    """
    if not data:
        raise Unusable(IMAGE_DAMAGED, "picture “{src}” is an empty file")
    try:
        with opened(data) as picture:
            width, height = picture.size
            most = MAX_WEBP_PIXELS if picture.format == "WEBP" else MAX_PIXELS
            if width * height > most:
                words = "picture “{src}” has {width:,} × {height:,} pixels"
                raise Unusable(IMAGE_TOO_LARGE, words, width=width, height=height)
            kind = MEDIA_TYPES[picture.format or ""]
            _bound_frames(picture, data)
            picture.load()
            turned = is_turned(orientation_of(picture, data))
            return Sniffed(kind, height, width) if turned else Sniffed(kind, width, height)
    except UnidentifiedImageError:
        raise Unusable(IMAGE_FORMAT, "picture “{src}” is no PNG, JPEG, GIF, WebP, AVIF or SVG file") from None
    except Pillow.DecompressionBombError:
        raise Unusable(IMAGE_TOO_LARGE, "picture “{src}” has too many pixels") from None
    except DECODING_FAULTS as error:
        if "MAX_TEXT" in str(error):
            raise Unusable(IMAGE_DAMAGED, "picture “{src}” holds notes that unpack to more than a megabyte") from None
        raise Unusable(IMAGE_DAMAGED, "picture “{src}” cannot be decoded: {fault}", fault=str(error)[:120]) from None


@contextmanager
def opened(data: bytes) -> Iterator[Pillow.Image]:
    """The picture, not yet decoded. Pillow refuses what is cut short, whatever WeasyPrint told it before."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)  # our own limit is lower
            warnings.simplefilter("ignore", UserWarning)  # odd metadata: none of it is kept
            with Pillow.open(io.BytesIO(data), formats=FORMATS) as picture:
                yield picture
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def is_moving(picture: Pillow.Image) -> bool:
    """Whether several pictures follow one another; a camera's second picture (MPO) does not count."""
    return picture.format != "MPO" and bool(getattr(picture, "is_animated", False))


def orientation_of(picture: Pillow.Image, data: bytes) -> int:
    """How the picture must be turned, 1 to 8 as EXIF counts; 1 when nothing or nonsense is said."""
    if picture.format == "PNG" and b"eXIf" not in data:  # asking would decode the whole picture
        return 1
    try:
        value = picture.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, struct.error, LookupError, TypeError):  # damaged EXIF
        return 1
    return value if value in range(1, 9) else 1


def is_turned(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation >= 5


def _bound_frames(picture: Pillow.Image, data: bytes) -> None:
    """Refuse a moving picture that only bursts when it is played."""
    if picture.format == "GIF":
        frames = sum(1 for _ in islice((part for is_picture, part in gif_parts(data) if is_picture), MAX_FRAMES + 1))
    else:
        frames = getattr(picture, "n_frames", 1) if is_moving(picture) else 1
    pixels = picture.width * picture.height * frames
    if frames > MAX_FRAMES or (frames > 1 and pixels > MAX_MOVING_PIXELS):
        words = "picture “{src}” moves through {frames:,} pictures with {pixels:,} pixels"
        raise Unusable(IMAGE_TOO_LARGE, words, frames=frames, pixels=pixels)
