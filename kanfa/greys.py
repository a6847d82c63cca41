"""Pictures with deep greys, brought to 8 bits the same way for every format."""

from __future__ import annotations

from PIL import Image

DEEPEST = 65535
"""White in a picture of 16 bits."""


def is_deep(image: Image.Image) -> bool:
    """Whether the picture has more than 8 bits of grey, which Pillow's `convert` would cut off."""
    return image.mode.startswith("I;16") or image.mode in {"I", "F"}


def to_eight_bits(image: Image.Image) -> Image.Image:
    """A picture with deep greys in mode L.

    16 bits are scaled by 257, so that black and white stay themselves. Whole numbers beyond them, and
    fractions, say nowhere what is white: their darkest value becomes black, their lightest white.
    """
    deep = image if image.mode == "F" else image.convert("I")
    low, high = (float(value) for value in deep.getextrema())  # type: ignore[arg-type]
    if image.mode != "F" and low >= 0 and high <= DEEPEST:
        low, high = 0.0, float(DEEPEST)
    scale = 255 / ((high - low) or 1)
    # half a step is added because the conversion to whole numbers cuts off
    return deep.convert("F").point(lambda value: value * scale + (0.5 - low * scale)).convert("L")
