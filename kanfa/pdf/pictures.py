"""The pictures of an issue as the PDF engine gets them: sRGB, still, upright, from memory."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from kanfa.findings import Finding
from kanfa.issue import vector
from kanfa.issue.model import Asset, Issue
from kanfa.issue.picture_rules import Unusable
from kanfa.pdf.fetcher import Picture
from kanfa.pdf.limits import LIMITS
from kanfa.pdf.rules import ANIMATION_STILL, PICTURE_CONVERTED
from kanfa.pictures import JPEG, PNG, SVG, Change, PictureError, Wanted, prepared, shown_widths

PRINTED = Wanted(
    types=frozenset({PNG, JPEG}), max_width=LIMITS.picture_pixels, light_bytes=LIMITS.picture_bytes, deep=False
)
"""What the edition embeds as it is. Everything else WeasyPrint would decode too, but not always upright or in sRGB."""


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PLAIN_ELEMENTS = _names("circle defs desc ellipse g line metadata path polygon polyline rect title use")
_PLAIN_ATTRIBUTES = _names(
    "id class version viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry d points transform fill "
    "fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit "
    "opacity color role href"
)
_PLAIN_FUNCTIONS = frozenset({"matrix", "translate", "scale", "rotate", "skewx", "skewy", "rgb"})
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_PLAIN_COUNT = 5_000
"""Elements up to which a drawing stays one: each becomes part of the page's content."""


def line_of(issue: Issue, asset: Asset) -> int:
    """Source line of the first use of a picture, 1 when it is used nowhere."""
    if issue.cover is not None and issue.cover.src == asset.src:
        return issue.cover.line
    return next((image.line for image in issue.images() if image.src == asset.src), 1)


def pictures_of(issue: Issue) -> tuple[Mapping[str, Picture], list[Finding]]:
    """Every local picture by its name, and what had to be changed about them.

    A file that cannot be decoded is passed on as it is: the engine reports it.
    """
    pictures: dict[str, Picture] = {}
    findings: list[Finding] = []
    widths = shown_widths(issue)
    for asset in issue.assets:
        if asset.name in pictures:  # one file under two spellings
            continue
        drawn = _plain_drawing(asset)
        if drawn is not None:
            pictures[asset.name] = drawn
            continue
        try:
            result = prepared(asset, PRINTED, shown=widths.get(asset.src, 0))
        except PictureError:
            pictures[asset.name] = Picture(asset.media_type, asset.data)
            continue
        pictures[asset.name] = Picture(result.media_type, result.data)
        findings.extend(_told(issue, asset, result.changes))
    return pictures, findings


def _told(issue: Issue, asset: Asset, changes: frozenset[Change]) -> list[Finding]:
    """What readers of the paper would not see as on a screen."""
    line, src = line_of(issue, asset), asset.src
    findings: list[Finding] = []
    if Change.COLOURS in changes:
        findings.append(PICTURE_CONVERTED.at(line, "{src} was CMYK and is printed as sRGB", quote=src, src=src))
    if Change.DEPTH in changes:
        words = "{src} has more than 8 bits of grey and is printed with 8"
        findings.append(PICTURE_CONVERTED.at(line, words, quote=src, src=src))
    if Change.STILL in changes:
        findings.append(ANIMATION_STILL.at(line, "{src}: only its first picture is printed", quote=src, src=src))
    return findings


def _plain_drawing(asset: Asset) -> Picture | None:
    """An SVG of plain shapes in plain colours, which the engine draws as browsers do; None for all others.

    WeasyPrint 70 leaves out shapes that are filled with a transparent gradient, knows no filter and no
    `mix-blend-mode`, and would set text in its own way; a colour space beyond sRGB would break PDF/A.
    """
    if asset.media_type != SVG:
        return None
    try:
        drawing = vector.drawing(asset.data)
    except Unusable:
        return None
    for count, element in enumerate(etree.fromstring(drawing.svg).iter(etree.Element)):
        name = etree.QName(element).localname
        if count >= _PLAIN_COUNT or (name not in _PLAIN_ELEMENTS if count else name != "svg"):
            return None
        if not all(_is_plain(str(name), str(value)) for name, value in element.attrib.items()):
            return None
    return Picture(SVG, drawing.svg.encode())


def _is_plain(name: str, value: str) -> bool:
    """Whether the engine reads an attribute as browsers do."""
    if (
        name not in _PLAIN_ATTRIBUTES
        and name != _XLINK_HREF
        and not name.startswith(("aria-", "data-", "{http://www.w3.org/XML"))
    ):
        return False
    called = {part.replace(",", " ").split(" ")[-1].strip().lower() for part in value.split("(")[:-1]}
    return called <= _PLAIN_FUNCTIONS
