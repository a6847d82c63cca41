"""What is drawn on the pages of a finished PDF: each run of text and each picture, with its place and colours.

PDFium reads the page's own drawing operators, so nothing here trusts the template or its style sheet.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kanfa.errors import RenderError
from kanfa.pdf.limits import LAYOUT

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""
Box = tuple[float, float, float, float]
"""Left, bottom, right and top edge in points, from the page's lower left corner."""

WHITE: Final[Colour] = (255, 255, 255)
OUTSIDE = -1
"""The marked content of what stands outside the tag tree: running headers, page numbers, rules and grounds."""
DEEPEST = 8
"""Groups in each other that are looked into."""
LONGEST_NAME = 128
"""Bytes of a font's name that are read."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One run of text, or one picture of pixels."""

    page: int
    """1-based."""
    box: Box
    content: int
    """Number of the marked content that it belongs to, or `OUTSIDE`."""
    text: str = ""
    """Empty for a picture."""
    colour: Colour = (0, 0, 0)
    ground: Colour | None = WHITE
    """Colour that lies under the text; None where it is a picture."""
    size: float = 0.0
    """Type size in points."""
    bold: bool = False
    """Whether the font is bold; asked only of type that is large for its being bold."""
    pixels: tuple[int, int] = (0, 0)
    """Width and height of the picture's own pixels."""


def marks_of(data: bytes) -> tuple[Mark, ...]:
    """Every run of text and every picture, in the order of painting. Raises RenderError for what is no PDF."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise RenderError("pdf", f"the file cannot be read back: {error}") from None
    found: list[Mark] = []
    try:
        for index in range(len(document)):
            page = document[index]
            words = page.get_textpage()
            found += _Sight(page, words, index + 1).marks()
            words.close()
            page.close()
    finally:
        document.close()
    return tuple(found)


class _Sight:
    """One page while its objects are gone through."""

    def __init__(self, page: Any, words: Any, number: int) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._page, self._words, self._number = page, words, number
        self._grounds: list[tuple[Box, Colour | None]] = []
        """What covers an area, in the order of painting; None for a picture."""
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._edges = [ctypes.c_float() for _ in range(4)]
        self._size = ctypes.c_float()
        self._matrix = raw.FS_MATRIX()
        self._modes = ctypes.c_int(), ctypes.c_int()

    def marks(self) -> Iterator[Mark]:
        raw, page = self._raw, self._page.raw
        for at in range(raw.FPDFPage_CountObjects(page)):
            yield from self._of(raw.FPDFPage_GetObject(page, at), OUTSIDE, None, 0)

    def _of(self, item: Any, content: int, within: Box | None, depth: int) -> Iterator[Mark]:
        """The marks of one object; of a group, those in it: they have its content number, and its place at least."""
        raw = self._raw
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_SHADING:
            return
        own = raw.FPDFPageObj_GetMarkedContentID(item)
        content = own if own != OUTSIDE else content
        box = within or self._box(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            yield self._text(item, content, box)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            self._grounds.append((box, None))
            yield Mark(self._number, box, content, pixels=self._pixels(item))
        elif kind == raw.FPDF_PAGEOBJ_PATH and depth == 0:
            self._ground(item, box)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            for at in range(raw.FPDFFormObj_CountObjects(item)):
                yield from self._of(raw.FPDFFormObj_GetObject(item, at), content, box, depth + 1)

    def _box(self, item: Any) -> Box:
        left, bottom, right, top = self._edges
        self._raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
        return left.value, bottom.value, right.value, top.value

    def _ground(self, item: Any, box: Box) -> None:
        """Remember a filled area. Borders are filled, too, but by the other winding rule and cut to their strip."""
        fill, stroke = self._modes
        self._raw.FPDFPath_GetDrawMode(item, fill, stroke)
        if fill.value != self._raw.FPDF_FILLMODE_WINDING:
            return
        colour, opacity = self._filled(item)
        if opacity == 1:
            self._grounds.append((box, colour))
        elif opacity > 0:
            under = self._under(box)
            mixed = under and _mixed(colour, under, opacity)
            self._grounds.append((box, mixed))

    def _filled(self, item: Any) -> tuple[Colour, float]:
        red, green, blue, alpha = self._colour
        if not self._raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
            return WHITE, 0.0  # a pattern: what it shows is unknown, and mostly nothing
        return (red.value, green.value, blue.value), alpha.value / 255

    def _under(self, box: Box) -> Colour | None:
        """Colour of the topmost area below the middle of `box`."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        for (left, bottom, right, top), colour in reversed(self._grounds):
            if left <= x <= right and bottom <= y <= top:
                return colour
        return WHITE

    def _text(self, item: Any, content: int, box: Box) -> Mark:
        raw = self._raw
        raw.FPDFPageObj_GetMatrix(item, self._matrix)
        raw.FPDFTextObj_GetFontSize(item, self._size)
        size = self._size.value * abs(self._matrix.d)
        colour, opacity = self._filled(item)
        ground = self._under(box)
        if opacity < 1 and ground is not None:
            colour = _mixed(colour, ground, opacity)
        bold = size >= LAYOUT.large_bold and self._is_bold(item)  # only there does contrast ask for it
        return Mark(self._number, box, content, self._words_of(item), colour, ground, size, bold)

    def _is_bold(self, item: Any) -> bool:
        """By the font's name: the weight in an embedded font's description is a guess of each program."""
        name = ctypes.create_string_buffer(LONGEST_NAME)
        self._raw.FPDFFont_GetBaseFontName(self._raw.FPDFTextObj_GetFont(item), name, LONGEST_NAME)
        return b"bold" in name.value.lower()

    def _words_of(self, item: Any) -> str:
        raw, words = self._raw, self._words.raw
        length = raw.FPDFTextObj_GetText(item, words, None, 0)  # bytes, with the two of the closing zero
        buffer = (ctypes.c_ushort * (length // 2 + 1))()
        raw.FPDFTextObj_GetText(item, words, buffer, length)
        return bytes(buffer)[: max(0, length - 2)].decode("utf-16-le", "replace")

    def _pixels(self, item: Any) -> tuple[int, int]:
        width, height = self._colour[:2]
        self._raw.FPDFImageObj_GetImagePixelSize(item, width, height)
        return width.value, height.value


def _mixed(over: Colour, under: Colour, opacity: float) -> Colour:
    red, green, blue = (round(a * opacity + b * (1 - opacity)) for a, b in zip(over, under, strict=True))
    return red, green, blue
