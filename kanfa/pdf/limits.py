"""Numbers of the PDF edition, in one table: the template, the style sheet, the checks and the reader use it.

Lengths are millimetres of the finished page.
"""

from __future__ import annotations

from dataclasses import dataclass

POINTS_PER_MM = 72 / 25.4
LEADING = 1.7
"""Height of a line of running text in em (print.css)."""
FORMULA_MARK = "\u2061"
"""First character of a formula's alternative text in the HTML (Unicode's invisible “function application”). HTML has
no picture that is a formula; the finisher takes the mark away and tags the picture as one."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """One page size with its margins, in millimetres, and the type that is set on it, in points.

    Running header and page number stand in the margins, and on paper the number of a section, too.
    """

    width: float
    height: float
    top: float = 26.0
    right: float = 24.5
    bottom: float = 24.0
    left: float = 38.0
    cover: float = 21.0
    """Side margins of the cover, whose colours and picture run to the edges."""
    text: float = 11.0
    """Running text. Own policy: a line of 38 ideographs, for W3C clreq, 2.3.1, wants 40 at most."""
    code: float = 8.6
    """Blocks of code."""
    tables: tuple[float, ...] = (9.6, 7.8, 6.2)
    """Tables, from the usual size to the smallest that is legible."""
    formula: float = 0.6
    """Least scale to which a formula may be set smaller to fit: 6 points and more, like the smallest table."""
    cover_sections: tuple[int, int] = (8, 8)
    """Sections that the cover lists, and that it lists where its type steps back for a long title or summary."""
    cover_lines: int = 13
    """Lines that this list may take; up to as many it names the groups of each section, too."""
    cover_measure: float = 1.0
    """How much longer title and summary are on this cover than on that of A4."""
    pages: int = 60
    """Pages of one issue. Own policy: a weekly of sixty sheets is no weekly any more; a telephone's page holds a
    third of one. Layout takes about 55 ms a page (own measurement)."""
    running: int = 48
    """Terminal columns (two for a Han character) that a running head may take on either side (heads.css)."""
    style: str = ""
    """Style sheet below templates/pdf with what this page size does differently."""

    @property
    def letters(self) -> float:
        """Latin letters of usual width in a line of running text."""
        return 2 * self.text_width * POINTS_PER_MM / self.text

    @property
    def lines(self) -> float:
        """Lines of running text on a full page."""
        return (self.height - self.top - self.bottom) * POINTS_PER_MM / (self.text * LEADING)

    @property
    def text_width(self) -> float:
        """Millimetres between the side margins."""
        return self.width - self.left - self.right

    @property
    def content_box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top edge of the text area in PDF points, from the page's lower left corner.

        On the right with two millimetres more: the engine lets a mark hang out behind a word that fills its line.
        """
        return (
            self.left * POINTS_PER_MM,
            self.bottom * POINTS_PER_MM,
            (self.width - self.right + 2) * POINTS_PER_MM,
            (self.height - self.top) * POINTS_PER_MM,
        )


GEOMETRIES = {
    "A4": Geometry(210.0, 297.0),  # ISO 216
    "Letter": Geometry(215.9, 279.4, left=41.0, right=27.4),  # ANSI Y14.1, 8.5 × 11 in
    # As wide for its height as telephones are; 18 ideographs to the line, like articles in WeChat
    "phone": Geometry(
        90.0,
        180.0,
        15.0,
        6.5,
        13.0,
        6.5,
        cover=6.5,
        text=12.0,
        code=8.6,
        tables=(9.8, 8.0),
        cover_sections=(4, 0),
        cover_lines=5,
        cover_measure=1.4,
        pages=180,
        running=24,
        style="phone.css",
    ),
}
"""Page sizes by the name that `[pdf] page_size` uses."""


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """Budgets of one issue. Passing one is a warning, except for `max_nesting`, which protects the renderer."""

    max_pages: int = GEOMETRIES["A4"].pages
    """Pages of the edition on the page size of the publication, see Geometry."""
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
    unbroken: float = 0.6
    """Part of a line that one word in code or in a link must fill for a line to break before it."""
    unbroken_cell: int = 3
    """The same within a table, whose columns are narrow."""
    nesting_width: float = 10.0
    """Millimetres that a list, a quotation or an opened passage takes from what stands in it, at most (print.css)."""
    picture_pixels: int = round(max(one.width for one in GEOMETRIES.values()) / 25.4 * 96)
    """CSS pixels of the widest picture, which is the cover: it runs to the edges of the wider of the two papers."""
    short_code: int = 14
    """Lines of a code block up to which it is not broken over two pages."""
    short_callout: int = 10
    """Lines of a callout, its title left out, up to which the same holds. Own policy: a sixth of a page."""
    pictured_callout: float = 0.8
    """Part of a page up to which a callout with a picture is not broken: the picture would go overleaf and leave an
    empty box behind."""
    contents_entries: int = 12
    """Sections and groups beyond which an issue gets a page of contents; fewer stand on the cover."""
    contents_length: int = 16_000
    """Terminal columns of text (two for a Han character) beyond which it gets one, too: some eight pages."""
    cover_entry: int = 28
    """Terminal columns of a line of the cover's list that names a section."""
    cover_line: int = 40
    """The same for the groups of a section."""
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
    running_title: int = GEOMETRIES["A4"].running
    """Terminal columns of a section's title in the running header, see Geometry."""
    cover_titles: tuple[int, int, int] = (38, 80, 150)
    """Han characters (a Latin letter is half of one) of the title beyond which the cover is set long, longer and
    longest (print.css)."""
    cover_brief: tuple[int, int] = (14, 70)
    """Han characters of title and summary up to which both are set larger, so that the cover is not empty."""
    cover_summaries: tuple[int, int] = (90, 140)
    """The same for the summary, long and longer; titles to 150 and summaries to 200 keep the cover one page."""


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """What the engine bears. Passing one ends the render with an error: no template and no picture may do more."""

    seconds: float = 120.0
    """Wall clock of one render. Own measurement: 300 full pages take 26 s."""
    start_seconds: float = 60.0
    """Wall clock in which the worker must have loaded the engine. Own measurement: 0.8 s, eight on a busy machine."""
    memory: int = 3_000_000_000
    """Bytes of address space of the worker. Own measurement: 300 pages take a third of it."""
    renders: int = 50
    """After so many the worker is replaced: Pango 1.50 keeps 0.2 MB of every font configuration and HarfBuzz 6 as much
    of every file, which no garbage collection gives back (own measurement)."""
    resting_memory: int = 600_000_000
    """Bytes that a worker may hold after a render and still be kept for the next. Own measurement: 120 MB after nine
    pages, 550 MB after three hundred."""
    html: int = 20_000_000
    """Characters. Own measurement: parsing takes a second for each million."""
    css: int = 2_000_000
    """Characters of the edition's style sheet; ours has some ten thousand."""
    depth: int = 120
    """Elements in each other; the engine recurses and gives up at 132 (own measurement)."""
    elements: int = 300_000
    """Own measurement: a page of running text has about 250."""
    most_span: int = 1_000
    """Columns or rows of one cell, browsers' own limit for columns (HTML, 4.9.11)."""
    page_side: float = 5_080.0
    """Millimetres: 14 400 units, the longest side that PDF/A allows (ISO 19005-3, 6.1.13)."""
    page_least: float = 3.0
    """Units, the shortest side that PDF/A allows (ISO 19005-3, 6.1.13)."""
    template_bytes: int = 20_000_000
    """Pictures and styles of templates/pdf together. Own policy."""
    records: int = 1_000
    """Log records of one render that are kept. Own policy: nobody reads more."""
    message: int = 300
    """Characters of a message of the library that are repeated. Own policy."""
    collected_every: int = 50_000
    """Allocations between two runs of Python's cycle collector while a document is made (Python's own: 700)."""


@dataclass(frozen=True, slots=True)
class LayoutLimits:
    """What the finished pages are measured against."""

    contrast: float = 4.5
    """Least contrast of text and ground. WCAG 2.2, 1.4.3 (AA)."""
    contrast_large: float = 3.0
    """The same for large type."""
    large_type: float = 18.0
    """Points from which type is large; WCAG 2.2, “large scale”."""
    large_bold: float = 14.0
    """The same for bold type."""
    picture_density: float = 150.0
    """Pixels to the inch from which a printed picture looks sharp at arm's length; printers ask for 300 in books."""
    picture_least: float = 15.0
    """Millimetres up to which a picture is a sign in the line, which nobody looks at closely."""
    edge: float = 2.5
    """Points that a letter may reach out: accents, hanging marks and the reading above a page's first line do."""
    last_page: float = 0.12
    """Share of the text area that the last page fills at least. Own policy: some five lines."""


LIMITS = PdfLimits()
LAYOUT = LayoutLimits()
ENGINE = EngineLimits()

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""Schemes that a link of an archived document may have."""
