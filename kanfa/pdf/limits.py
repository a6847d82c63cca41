"""Numbers of the PDF edition, in one table: the template, the style sheet, the checks and the reader use it.

Lengths are millimetres of the finished page.
"""

from __future__ import annotations

from dataclasses import dataclass

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Geometry:
    """One page size with its margins, in millimetres; running header and page number stand in the margins."""

    width: float
    height: float
    top: float = 25.0
    right: float = 21.0
    bottom: float = 23.0
    left: float = 21.0

    @property
    def content_box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top edge of the text area in PDF points, from the page's lower left corner."""
        return (
            self.left * POINTS_PER_MM,
            self.bottom * POINTS_PER_MM,
            (self.width - self.right) * POINTS_PER_MM,
            (self.height - self.top) * POINTS_PER_MM,
        )


GEOMETRIES = {
    "A4": Geometry(210.0, 297.0),  # ISO 216
    "Letter": Geometry(215.9, 279.4),  # ANSI Y14.1, 8.5 × 11 in
}
"""Page sizes by the name that `[pdf] page_size` uses."""


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """Budgets of one issue. Passing one is a warning, except for `max_nesting`, which protects the renderer."""

    max_pages: int = 60
    """Own policy: a weekly of sixty pages is no weekly any more; layout takes about 55 ms a page (own measurement)."""
    max_bytes: int = 8_000_000
    """Own policy: what mail servers and messengers still forward without a word."""
    max_nesting: int = 12
    """Lists, quotations and opened passages within each other. Own policy: 60 nested lists took 20 pages to set."""
    max_inline_nesting: int = 24
    """Inline marks within each other. Own policy: the renderer recurses for each."""
    max_span: int = 50
    """Columns or rows that one table cell may take; WeasyPrint spent minutes on a colspan of 65 534."""
    free_columns: int = 6
    """Columns up to which the engine finds the widths by itself; more run off the page (own measurement)."""
    free_cell: int = 240
    """Terminal columns (two for a Han character) of a cell's text up to which the same holds: 2 400 characters
    took ten seconds, and the time grows with the square (own measurement)."""
    unbroken: int = 48
    """Characters of one word in code or in a link from which a line may break before it; a line holds about 90."""
    unbroken_cell: int = 3
    """The same within a table, whose columns are narrow."""
    text_width: float = min(one.width - one.left - one.right for one in GEOMETRIES.values())
    """Millimetres that a table may take, on the narrower of the two papers."""
    nesting_width: float = 10.0
    """Millimetres that a list, a quotation or an opened passage takes from what stands in it, at most (print.css)."""
    picture_pixels: int = round(max(one.width for one in GEOMETRIES.values()) / 25.4 * 96)
    """CSS pixels of the widest picture, which is the cover: it runs to the edges of the wider of the two papers."""
    formula_scale: float = 0.6
    """Least scale to which a formula may be set smaller to fit the page: 6 points, like the smallest table."""
    short_code: int = 14
    """Lines of a code block up to which it is not broken over two pages."""
    picture_bytes: int = 1_000_000
    """Size from which a picture that must be converted is embedded as JPEG instead of PNG. Own policy: an eighth of
    max_bytes."""
    qr_side: float = 22.0
    """Millimetres of a QR code with its quiet zone: what a telephone reads at arm's length (own judgement)."""
    qr_module: float = 0.42
    """Least millimetres of one of its modules; DENSO WAVE advises 0.4 mm and more for print. Long addresses get a
    larger code."""
    qr_most: float = 40.0
    """Millimetres beyond which a code is a stain on the page rather than a way to the web."""
    ruby: int = 16
    """Terminal columns of characters, or of their reading, up to which it stands above: no line breaks there."""
    running_title: int = 26
    """Characters of a section's title in the running header."""
    cover_titles: tuple[int, int, int] = (40, 80, 150)
    """Han characters (a Latin letter is half of one) of the title beyond which the cover is set long, longer and
    longest (print.css)."""
    cover_summaries: tuple[int, int] = (90, 140)
    """The same for the summary, long and longer; titles to 150 and summaries to 200 keep the cover one page."""


LIMITS = PdfLimits()

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""Schemes that a link of an archived document may have."""
