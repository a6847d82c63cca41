"""What the edition draws by itself: formulas, QR codes and the mark of a wrapped line of code, all as SVG."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from kanfa.maths import typeset
from kanfa.pdf.fetcher import Picture
from kanfa.pdf.limits import LIMITS
from kanfa.qr import qr_svg

INK = "#1f2328"
"""Colour of formulas, that of running text in print.css: a picture does not inherit it."""

WRAP_MARK = "drawn/wrap.svg"
"""Name of the picture that print.css puts beside the continued lines of code."""
_PITCH = 16
"""Tenths of an em from one line of code to the next (print.css)."""
_MOST_LINES = 60
"""Continued lines of one line that get the mark."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing: where the HTML finds it, and its size."""

    name: str
    """Name in the `asset:` scheme; no picture of an issue has a slash in its name."""
    picture: Picture
    width: float
    """Em for a formula, millimetres for a QR code."""
    depth: float = 0.0
    """How far a formula reaches below the base line, in em."""


def formula(tex: str, *, display: bool) -> Drawing:
    """A formula in the colour of the text. Raises MathError for TeX that the reader would have refused."""
    found = typeset(tex, display=display)
    svg = found.svg.replace("currentColor", INK)
    return Drawing(_named("formula", svg), _picture(svg), found.width, found.depth)


def qr_code(href: str) -> Drawing:
    """A QR code, as large as its modules need.

    Raises ValueError when the address does not fit into any code (2,331 bytes).
    """
    svg = qr_svg(href)
    _, _, modules, _ = etree.fromstring(svg.encode()).attrib["viewBox"].split()
    side = max(LIMITS.qr_side, float(modules) * LIMITS.qr_module)
    return Drawing(_named("qr", svg), _picture(svg), side)


def wrap_mark() -> Picture:
    """A column of small arrows, one for each line that continues the line before."""
    return _picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 12 {_MOST_LINES * _PITCH}">'
        f'<path d="{" ".join(_arrows(range(_MOST_LINES)))}" fill="none" stroke="#8a93a3" stroke-width="1"/></svg>'
    )


def _arrows(lines: Iterable[int]) -> Iterable[str]:
    for line in lines:
        middle = line * _PITCH + 9
        yield f"M2 {middle - 5}V{middle}H9M6.5 {middle - 2.5}L9 {middle}L6.5 {middle + 2.5}"


def _named(kind: str, svg: str) -> str:
    return f"drawn/{kind}-{hashlib.sha256(svg.encode()).hexdigest()[:16]}.svg"


def _picture(svg: str) -> Picture:
    return Picture("image/svg+xml", svg.encode())
