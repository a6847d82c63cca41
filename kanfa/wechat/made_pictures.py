"""What the room draws itself: formulas and QR codes, as drawings in the text or as pictures to upload.

A formula is best as a drawing: it takes the colour of its text in light and dark mode, and stays sharp. Drawings
count towards the article's 20,000 characters, so there is a budget for them, spent on the shortest first; every
other formula is a picture, dark on a white card, because a transparent one would vanish on the dark page. A
picture is no bargain for the shortest ones: its element and the address of its upload take 250 characters.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from lxml import etree

from kanfa.findings import Finding
from kanfa.issue.model import Issue, Link, Math, MathBlock, QrCode
from kanfa.maths import Formula, typeset
from kanfa.qr import qr_png
from kanfa.raster import rasterized
from kanfa.wechat.drawings import Drawing, drawn
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.pictures import Picture
from kanfa.wechat.rules.advice import QR_TOO_LONG

TEXT_PIXELS = 16
"""Pixels of an em in running text."""
SHARPNESS = 3
"""Pixels of a formula's picture for each of the page."""
CARD_MARGIN = {False: 0.12, True: 0.6}
"""In em: what a picture has round the formula, in the line and on lines of its own."""
INK = "#1f2328"
CARD = "#fff"
SVG = "{http://www.w3.org/2000/svg}"
PNG_SIZES = 16
"""Byte from which a PNG tells its width and height (ISO/IEC 15948, IHDR)."""
Key = tuple[str, bool]
"""A formula: its TeX, and whether it stands on lines of its own."""


def key_of(node: Math | MathBlock) -> Key:
    """Equal formulas are drawn once."""
    return node.tex, isinstance(node, MathBlock)


@dataclass(frozen=True, slots=True)
class FormulaPicture:
    """A formula as a picture to upload; sizes in em of running text."""

    picture: Picture
    width: float
    depth: float


@dataclass(frozen=True, slots=True)
class Made:
    """Everything drawn for one article."""

    drawings: Mapping[Key, Drawing] = field(default_factory=dict)
    formulas: Mapping[Key, FormulaPicture] = field(default_factory=dict)
    codes: Mapping[str, Picture] = field(default_factory=dict)
    """QR codes by address."""
    findings: tuple[Finding, ...] = ()

    def pictures(self) -> dict[str, Picture]:
        """Every picture to upload, by name."""
        return {
            picture.name: picture
            for picture in chain((formula.picture for formula in self.formulas.values()), self.codes.values())
        }


def make(issue: Issue, taken: Iterable[str], budget: int, coded: Iterable[Link] = ()) -> Made:
    """Formulas and QR codes of the issue; `budget` in characters of path, `taken` are names under `images/`.

    `coded` are links whose addresses get a code too, in the list of references.
    """
    names = set(taken)
    nodes = list(issue.walk())
    times = Counter(key_of(node) for node in nodes if isinstance(node, Math | MathBlock))
    drawings = _drawings(times, budget)
    formulas = {key: _pictured(*key, names) for key in times if key not in drawings}
    codes, findings = _codes([*(node.link for node in nodes if isinstance(node, QrCode)), *coded], names)
    return Made(drawings, formulas, codes, findings)


def _drawings(times: Mapping[Key, int], budget: int) -> dict[Key, Drawing]:
    """The formulas that stand in the text, shortest first while the budget lasts; a repeated one costs each time."""
    possible = [(drawing, key) for key in times if (drawing := drawn(typeset(key[0], display=key[1]))) is not None]
    chosen: dict[Key, Drawing] = {}
    for drawing, key in sorted(possible, key=lambda pair: (len(pair[0].path), pair[1])):
        cost = len(drawing.path) * times[key]
        if len(drawing.path) <= LIMITS.drawing_free.value:
            chosen[key] = drawing
        elif cost <= budget and len(drawing.path) <= LIMITS.drawing.value:
            chosen[key] = drawing
            budget -= cost
    return chosen


def _pictured(tex: str, display: bool, names: set[str]) -> FormulaPicture:
    formula, margin = typeset(tex, display=display), CARD_MARGIN[display]
    svg, width, depth = _on_card(formula, margin), formula.width + 2 * margin, formula.depth + margin
    pixels = min(round(width * TEXT_PIXELS * SHARPNESS), 2 * LIMITS.column.value)
    picture = _picture("formula", f"{int(display)}{tex}", rasterized(svg, width=pixels), names)
    return FormulaPicture(picture, width, depth)


def _on_card(formula: Formula, margin: float) -> str:
    """The formula in dark ink on a white card with round corners."""
    root = etree.fromstring(formula.svg)
    left, top, width, height = (float(part) for part in str(root.get("viewBox")).split())
    unit = width / formula.width
    edge = margin * unit
    box = (left - edge, top - edge, width + 2 * edge, height + 2 * edge)
    sizes = dict(zip(("x", "y", "width", "height"), (f"{part:g}" for part in box), strict=True))
    root.insert(0, etree.Element(f"{SVG}rect", {**sizes, "rx": f"{0.15 * unit:g}", "fill": CARD}))
    root.set("viewBox", " ".join(sizes.values()))
    root.set("color", INK)
    return etree.tostring(root, encoding="unicode")


def _codes(links: list[Link], names: set[str]) -> tuple[dict[str, Picture], tuple[Finding, ...]]:
    codes: dict[str, Picture] = {}
    findings: list[Finding] = []
    for link in links:
        href = link.href
        if href in codes:
            continue
        try:
            codes[href] = _picture("qr", href, qr_png(href), names)
        except ValueError:  # more than a code can hold
            size = len(href.encode())
            message, shown = "address of {size:,} bytes: {href}…", href[:60]
            findings.append(QR_TOO_LONG.at(link.line, message, quote=shown, size=size, href=shown))
    return codes, tuple(findings)


def _picture(kind: str, content: str, data: bytes, names: set[str]) -> Picture:
    """A PNG under a name of its content: the same formula or address has the same one in every issue."""
    name = f"wechat-{kind}-{hashlib.sha256(content.encode()).hexdigest()[:8]}.png"
    while name in names:
        name = f"x-{name}"
    names.add(name)
    width, height = (int.from_bytes(data[at : at + 4]) for at in (PNG_SIZES, PNG_SIZES + 4))
    return Picture(f"images/{name}", "image/png", data, width, height)
