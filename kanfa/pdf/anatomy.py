"""What stands in a finished PDF, as plain values: links, bookmarks, tags, fonts, attachments, page texts."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kanfa.errors import RenderError
from kanfa.pdf.bidi import candidates, is_right_to_left, lines_of
from kanfa.pdf.limits import Geometry
from kanfa.pdf.marks import Box
from kanfa.pdf.tags import PICTURES, Tag, tags_of

BODY = "body"
"""Id of the template's main element."""
HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-"})
"""PDFium gives a hyphen at a line's end as one of these."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link annotation; a link over two lines has two."""

    uri: str
    """Address, or empty for a link within the file."""
    page: int
    """1-based."""
    box: Box
    """Where a reader may click."""
    lost: str = ""
    """The name that a link within the file leads to, where nothing has that name."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One entry of the outline."""

    title: str
    level: int
    """0 for the outermost."""
    page: int
    """1-based page that it leads to; 0 for nowhere."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One tagged picture or formula."""

    alt: str
    page: int
    """1-based."""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Everything the checks ask about."""

    pages: int
    body: int
    """1-based page on which the text begins: cover and contents stand before it."""
    language: str
    title: str
    """Title of the document information; the XMP packet repeats it."""
    shows_title: bool
    """Whether the reader's window is told to show the title."""
    info: Mapping[str, str]
    """The document information: `Author`, `Subject`, `Keywords`, `CreationDate`, … as far as they are there."""
    packet: bytes
    """The XMP metadata."""
    boxes: tuple[Box, ...]
    """What is visible of each page (ISO 32000-1, 14.11.2)."""
    untabbed: tuple[int, ...]
    """1-based pages whose links a keyboard does not reach in reading order."""
    bookmarks: tuple[Bookmark, ...]
    tags: tuple[Tag, ...]
    links: tuple[Link, ...]
    fonts: tuple[tuple[str, bool], ...]
    """Name without subset prefix, and whether the font file is embedded."""
    attachments: tuple[tuple[str, bytes], ...]
    local_paths: tuple[str, ...]
    """Every string that names a file of a machine."""
    damage: tuple[str, ...]
    """What QPDF has to say about the file's syntax: cross references, streams, page tree."""

    @property
    def outline(self) -> tuple[str, ...]:
        """The titles of the bookmarks."""
        return tuple(bookmark.title for bookmark in self.bookmarks)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What has an alternative text, in reading order."""
        return tuple(Figure(tag.alt, tag.page) for tag in self.tags if tag.name in PICTURES)

    @property
    def markers(self) -> tuple[int, ...]:
        """Number of list markers on each page: they are drawn after all other text of the page."""
        counted = Counter(tag.page for tag in self.tags if tag.name == "Lbl")
        return tuple(counted[number] for number in range(1, self.pages + 1))


def dissect(data: bytes) -> Anatomy:
    """Take a PDF apart. Raises RenderError when it cannot be opened."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
            places = _places(pdf, numbers)
            return Anatomy(
                pages=len(pdf.pages),
                body=places.get(BODY, 1),
                language=str(pdf.Root.get("/Lang", "")),
                title=str(pdf.docinfo.get("/Title", "")),
                shows_title=bool(dict(pdf.Root.get("/ViewerPreferences", {})).get("/DisplayDocTitle")),
                info={key.lstrip("/"): str(value) for key, value in pdf.docinfo.items()},
                packet=pdf.Root.Metadata.read_bytes() if "/Metadata" in pdf.Root else b"",
                boxes=tuple(_box(page.cropbox) for page in pdf.pages),
                untabbed=tuple(_untabbed(pdf)),
                bookmarks=tuple(_bookmarks(pdf.Root.get("/Outlines"), 0, numbers, places)),
                tags=tags_of(pdf),
                links=tuple(_links(pdf, places)),
                fonts=tuple(sorted(set(_fonts(pdf)))),
                attachments=tuple(_attachments(pdf)),
                local_paths=tuple(sorted(set(_local_paths(pdf)))),
                damage=tuple(pdf.check_pdf_syntax()),
            )
    except pikepdf.PdfError as error:
        raise RenderError("pdf", f"the file cannot be read back: {error}") from None


Numbers = dict[tuple[int, int], int]
"""1-based number of each page by its object."""


def _places(pdf: Any, numbers: Numbers) -> dict[str, int]:
    """Page of each named place; 0 for a place on no page."""
    import pikepdf

    names = pdf.Root.get("/Names", {}).get("/Dests")
    if names is None:
        return {}
    return {name: _page_of(target, numbers) for name, target in pikepdf.NameTree(names).items()}


def _page_of(target: Any, numbers: Numbers) -> int:
    """The page that a destination begins with (ISO 32000-1, 12.3.2)."""
    import pikepdf

    explicit = target.get("/D") if isinstance(target, pikepdf.Dictionary) else target
    if not isinstance(explicit, pikepdf.Array) or not len(explicit):
        return 0
    return numbers.get(explicit[0].objgen, 0) if isinstance(explicit[0], pikepdf.Dictionary) else 0


def _box(edges: Any) -> Box:
    left, bottom, right, top = (float(edge) for edge in edges)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _untabbed(pdf: Any) -> Iterator[int]:
    for number, page in enumerate(pdf.pages, start=1):
        if page.obj.get("/Annots") and page.obj.get("/Tabs") != "/S":
            yield number


def _bookmarks(parent: Any, level: int, numbers: Numbers, places: dict[str, int]) -> Iterator[Bookmark]:
    import pikepdf

    item = parent.get("/First") if parent is not None else None
    while item is not None:
        target = item.get("/Dest", item.get("/A", {}).get("/D"))
        page = places.get(str(target), 0) if isinstance(target, pikepdf.String) else _page_of(target, numbers)
        yield Bookmark(str(item.get("/Title", "")), level, page)
        yield from _bookmarks(item, level + 1, numbers, places)
        item = item.get("/Next")


def _links(pdf: Any, places: dict[str, int]) -> Iterator[Link]:
    import pikepdf

    for number, page in enumerate(pdf.pages, start=1):
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") == "/Link":
                action = annotation.get("/A", {})
                target = annotation.get("/Dest", action.get("/D"))
                named = isinstance(target, pikepdf.String) and str(target) not in places
                box = _box(annotation.get("/Rect", [0, 0, 0, 0]))
                yield Link(str(action.get("/URI", "")), number, box, str(target) if named else "")


def _fonts(pdf: Any) -> Iterator[tuple[str, bool]]:
    for page in pdf.pages:
        for font in (page.obj.get("/Resources") or {}).get("/Font", {}).values():
            for described in font.get("/DescendantFonts", [font]):
                descriptor = described.get("/FontDescriptor")
                embedded = descriptor is not None and any(
                    key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
                )
                yield str(font.get("/BaseFont", "")).lstrip("/").rpartition("+")[2], embedded


def _attachments(pdf: Any) -> Iterator[tuple[str, bytes]]:
    for name in sorted(pdf.attachments):
        yield name, pdf.attachments[name].get_file().read_bytes()


def _local_paths(pdf: Any) -> Iterator[str]:
    """Strings beginning with file: in any dictionary, and in the XMP packet."""
    import pikepdf

    for item in pdf.objects:
        stack = [item]
        while stack:
            value = stack.pop()
            if isinstance(value, pikepdf.String):
                if str(value).lower().startswith("file:"):
                    yield str(value)
            elif isinstance(value, pikepdf.Array):
                stack.extend(part for part in value if not getattr(part, "is_indirect", False))
            elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
                stack.extend(part for part in value.values() if not getattr(part, "is_indirect", False))
    metadata = pdf.Root.get("/Metadata")
    if metadata is not None and b"file:///" in metadata.read_bytes():
        yield "file:/// in the XMP packet"


def page_texts(
    data: bytes,
    geometry: Geometry,
    *,
    margins: bool = False,
    choose: Callable[[list[str]], str] = lambda candidates: candidates[0],
) -> list[str]:
    """Text of each page in reading order.

    Without `margins` only what stands in the text area; a page without page number, such as the cover, has
    no margins and is whole. `choose` says which of several texts a line with right-to-left words is, see `bidi`.
    Raises RenderError when the file cannot be opened.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise RenderError("pdf", f"the file cannot be read back: {error}") from None
    texts: list[str] = []
    try:
        for index in range(len(document)):
            page = document[index]
            text_page = page.get_textpage()
            left, bottom, right, top = geometry.content_box
            foot = text_page.get_text_bounded(0, 0, page.get_width(), bottom - 1)
            if margins or foot.strip() != f"{index + 1} / {len(document)}":
                box = (0.0, 0.0, page.get_width(), page.get_height())
            else:
                box = (left - 1, bottom - 1, right + 1, top + 1)
            found = text_page.get_text_bounded(*box)
            if is_right_to_left(found):
                lines = (
                    line if isinstance(line, str) else choose(list(candidates(line)))
                    for line in lines_of(text_page, box)
                )
                found = "\n".join(lines)
            texts.append(found.translate(HYPHENS))
            text_page.close()
            page.close()
    finally:
        document.close()
    return texts
