"""What WeChat's dark mode makes of inline colours: Tencent's published algorithm as pure functions.

Source: the open-source dark-mode engine of the WeChat reader, version 1.2.1, executed; the worked
values of its documentation are this module's tests. Colours are red, green, blue from 0 to 255.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

Rgb = tuple[float, float, float]
Rgba = tuple[float, float, float, float]

PAGE: Rgb = (25.0, 25.0, 25.0)
"""The dark page, #191919."""
PAGE_LIGHTNESS = 25 / 255 * 100
DARK_TEXT: Rgb = (163.0, 163.0, 163.0)
"""Text without a colour of its own, #a3a3a3."""
CHECKER_TEXT: Rgb = (152.0, 152.0, 152.0)
"""What the official structure checker takes for text without a colour, #989898."""
LIGHT_TEXT: Rgb = (25.0, 25.0, 25.0)
LIGHT_PAGE: Rgb = (255.0, 255.0, 255.0)

WHITE_LIKE = 250
MOST_BACKGROUND = 190
LEAST_OFFSET = 65
LIGHT_BACKGROUND = 100
HIGH_LIGHTNESS = 40
LOW_LIGHTNESS = 22
MIRROR = 90
"""Lightness of a text colour is mirrored as MIRROR − L."""
LEAST_ALPHA = 0.05
"""Colours more transparent than this are ignored."""


def brightness(colour: Rgb) -> float:
    """Perceived brightness from 0 to 255."""
    return (299 * colour[0] + 587 * colour[1] + 114 * colour[2]) / 1000


MOST_OFFSET = brightness(DARK_TEXT) - brightness(PAGE)
"""Largest allowed distance in brightness between text and the dark page (138)."""


def lightness(colour: Rgb) -> tuple[float, float, float]:
    """Hue (0 to 1), saturation and lightness (0 to 100)."""
    hue, light, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    return hue, saturation * 100, light * 100


def _with_lightness(colour: Rgb, light: float) -> Rgb:
    hue, saturation, _ = lightness(colour)
    red, green, blue = colorsys.hls_to_rgb(hue, light / 100, saturation / 100)
    return red * 255, green * 255, blue * 255


def scaled_to(colour: Rgb, target: float) -> Rgb:
    """The colour with all channels scaled so that its brightness is `target`; a clamped one is made up for."""
    now = brightness(colour)
    if not now:
        return (target, target, target)
    red, green, blue = (min(255.0, channel * target / now) for channel in colour)
    if green == 0 or red == 255 or blue == 255:
        green = (target * 1000 - 299 * red - 114 * blue) / 587
    elif red == 0:
        red = (target * 1000 - 587 * green - 114 * blue) / 299
    elif blue == 0 or green == 255:
        blue = (target * 1000 - 299 * red - 587 * green) / 114
    return red, green, blue


def dark_background(colour: Rgb) -> Rgb:
    """What dark mode shows for a background."""
    _, saturation, light = lightness(colour)
    seen = brightness(colour)
    if (saturation == 0 and light > HIGH_LIGHTNESS) or seen > WHITE_LIKE:
        grey = min(100.0, 100 + PAGE_LIGHTNESS - light) * 2.55
        return grey, grey, grey
    if seen > MOST_BACKGROUND:
        return scaled_to(colour, MOST_BACKGROUND)
    if light < LOW_LIGHTNESS:
        return _with_lightness(colour, LOW_LIGHTNESS)
    return colour


def dark_text(colour: Rgb, background: Rgb = PAGE) -> Rgb:
    """What dark mode shows for text, a border or a shadow on the already converted `background`."""
    behind, seen = brightness(background), brightness(colour)
    offset = abs(behind - seen)
    if seen >= WHITE_LIKE:
        return colour
    if offset > MOST_OFFSET and behind <= brightness(PAGE) + 2:
        return scaled_to(colour, MOST_OFFSET + behind)
    if offset >= LEAST_OFFSET:
        return colour
    light = lightness(colour)[2]
    if behind >= LIGHT_BACKGROUND:
        if light > MIRROR - HIGH_LIGHTNESS:
            return dark_text(_with_lightness(colour, MIRROR - light), background)
        return scaled_to(colour, min(MOST_OFFSET, behind - LEAST_OFFSET))
    if light <= HIGH_LIGHTNESS:
        return dark_text(_with_lightness(colour, MIRROR - light), background)
    return scaled_to(colour, min(MOST_OFFSET, behind + LEAST_OFFSET))


def blended(colour: Rgba, behind: Rgb) -> Rgb:
    """A colour with alpha laid over an opaque one."""
    alpha = colour[3]
    red, green, blue = (top * alpha + under * (1 - alpha) for top, under in zip(colour[:3], behind, strict=True))
    return red, green, blue


def hex_of(colour: Rgb) -> str:
    """`#rrggbb`, each channel rounded half up, as the engine does."""
    return "#" + "".join(f"{max(0, min(255, int(channel + 0.5))):02x}" for channel in colour)


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio of WCAG 2, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@dataclass(frozen=True, slots=True)
class Shade:
    """The colours in force at one element, before and after dark mode's conversion."""

    light_text: Rgb = LIGHT_TEXT
    light_background: Rgb = LIGHT_PAGE
    dark_text: Rgb = CHECKER_TEXT
    dark_background: Rgb = PAGE

    def inside(self, text: Rgba | None, background: Rgba | None) -> Shade:
        """The colours within an element that has these inline ones; backgrounds are converted first.

        An inherited text colour stays as its own element converted it: that is what the official
        contrast check reads, and why a background without a colour is a fault.
        """
        light_background, dark_behind = self.light_background, self.dark_background
        if background is not None and background[3] >= LEAST_ALPHA:
            light_background = blended(background, self.light_background)
            dark_behind = blended((*dark_background(background[:3]), background[3]), self.dark_background)
        light_ink, dark_ink = self.light_text, self.dark_text
        if text is not None and text[3] >= LEAST_ALPHA:
            light_ink = blended(text, light_background)
            dark_ink = blended((*dark_text(text[:3], dark_behind), text[3]), dark_behind)
        return Shade(light_ink, light_background, dark_ink, dark_behind)

    @property
    def light_contrast(self) -> float:
        """Contrast in light mode."""
        return contrast(self.light_text, self.light_background)

    @property
    def dark_contrast(self) -> float:
        """Contrast in dark mode."""
        return contrast(self.dark_text, self.dark_background)
