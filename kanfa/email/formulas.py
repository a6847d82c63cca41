"""Formulas for mail: pictures, because no mail program shows SVG or MathML.

A formula is set in near-black on a white plate that is part of the picture. On a white page nobody sees the plate;
where a program darkens the page by itself it leaves pictures alone, and the plate keeps the formula readable.
(Own trial: an outline instead of a plate looks like a sticker at night; no single ink has 4.5:1 on both grounds.)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import Final

from lxml import etree

from kanfa.email.limits import CONTENT_WIDTH, TEXT_PX
from kanfa.errors import MathError
from kanfa.issue.model import Math, MathBlock
from kanfa.maths import typeset
from kanfa.raster import rasterized

PREFIX: Final = "math-"
DENSITY: Final = 2
"""Pixels of the picture for each CSS pixel: screens of phones have two or three."""
INK, PLATE = "#1f2328", "#ffffff"
MARGIN: Final = (0.14, 0.1)
"""Plate beyond the formula, left and right, above and below, in em."""
STRUT: Final = (0.86, 0.24)
"""Least height of a plate in the line above and below the base line, in em: as high as the letters beside it."""


@dataclass(frozen=True, slots=True)
class FormulaPicture:
    """A formula as the mail carries it."""

    name: str
    """File name below `images/`: the same formula has the same name."""
    data: bytes = field(repr=False)
    width: float
    """In em of the surrounding text, plate included."""
    depth: float
    """In em: how far the plate reaches below the base line."""

    @property
    def pixels(self) -> int:
        """Width in CSS pixels beside text of `TEXT_PX`, at most `CONTENT_WIDTH`."""
        return min(CONTENT_WIDTH, max(1, ceil(self.width * TEXT_PX)))


def formula_picture(node: Math | MathBlock) -> FormulaPicture:
    """The picture of a formula; the same formula gives the same bytes.

    Raises MathError for TeX that cannot be set; the reader lets none through, trees made by hand may hold some.
    """
    return _picture(node.tex, isinstance(node, MathBlock))


@lru_cache(maxsize=256)
def _picture(tex: str, display: bool) -> FormulaPicture:
    formula = typeset(tex, display=display)
    side, margin = MARGIN
    below = max(formula.depth, 0.0 if display else STRUT[1]) + margin
    above = max(formula.height - formula.depth, 0.0 if display else STRUT[0]) + margin
    width = formula.width + 2 * side
    svg = etree.fromstring(formula.svg)
    left, _, shown, _ = (float(part) for part in svg.get("viewBox", "").split())
    if shown <= 0 or formula.width <= 0:
        raise MathError("the formula has no width: nothing in it can be seen")
    em = shown / formula.width
    frame = {"x": left - side * em, "y": -above * em, "width": width * em, "height": (above + below) * em}
    svg.set("viewBox", " ".join(f"{value:.2f}" for value in frame.values()))
    svg.set("color", INK)
    plate = etree.Element(
        f"{{{etree.QName(svg).namespace}}}rect", {name: f"{value:.2f}" for name, value in frame.items()}
    )
    plate.set("rx", f"{0.18 * em:.2f}")
    plate.set("fill", PLATE)
    svg.insert(0, plate)
    pixels = min(CONTENT_WIDTH, ceil(width * TEXT_PX)) * DENSITY
    try:
        data = rasterized(etree.tostring(svg, encoding="unicode"), width=pixels)
    except ValueError as error:
        raise MathError(f"the formula cannot be drawn: {error}") from None
    return FormulaPicture(f"{PREFIX}{_digest(tex, display)}.png", data, round(width, 3), round(below, 3))


def _digest(tex: str, display: bool) -> str:
    """Eight hex digits that name the formula. With its dollars: in the line it is set differently."""
    words = f"$${tex}$$" if display else f"${tex}$"
    return hashlib.sha256(words.encode()).hexdigest()[:8]
