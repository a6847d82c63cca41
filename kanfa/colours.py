"""Colour profiles: what a picture's numbers mean, brought to sRGB, which every channel takes for granted."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Bitmap

_STEPS = tuple(range(0, 256, 51))
_TOLERANCE = 3
"""Difference of a channel, of 255, up to which a profile is sRGB under another name: programs round differently."""


def is_foreign(picture: Bitmap) -> bool:
    """Whether the picture's profile gives its colours another meaning than sRGB; a broken profile means nothing."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return False
    from PIL import Image

    grey = picture.mode in {"1", "L", "LA"} or picture.mode.startswith("I")
    if grey:
        sample = Image.new("L", (256, 1))
        sample.putdata(range(256))
    else:
        sample = Image.new("RGB", (len(_STEPS) ** 3, 1))
        sample.putdata([(red, green, blue) for red in _STEPS for green in _STEPS for blue in _STEPS])
    changed = _transformed(sample, profile)
    if changed is None:
        return False
    pairs = zip(sample.convert("RGB").tobytes(), changed.tobytes(), strict=True)
    return any(abs(before - after) > _TOLERANCE for before, after in pairs)


def to_srgb(picture: Bitmap, profile: bytes | None) -> Bitmap:
    """The picture with the colours that `profile` gives it, as sRGB; transparency stays. CMYK always becomes RGB."""
    if picture.mode == "CMYK":
        return (_transformed(picture, profile) if profile else None) or picture.convert("RGB")
    if not profile or not is_foreign(picture):
        return picture
    if picture.mode in {"P", "PA"}:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    alpha = picture.getchannel("A") if picture.mode in {"LA", "RGBA"} else None
    colour = picture.convert(picture.mode[:-1]) if alpha else picture
    changed = _transformed(colour, profile)
    if changed is None:
        return picture
    if alpha:
        changed.putalpha(alpha)
    return changed


def _transformed(picture: Bitmap, profile: bytes) -> Bitmap | None:
    """An L, RGB or CMYK picture in sRGB; None when the profile is broken or made for other pictures."""
    from PIL import ImageCms

    try:
        return ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
