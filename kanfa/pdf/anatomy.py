"""What stands in a finished PDF, as plain values: links, outline, fonts, pictures, attachments, page texts."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kanfa.errors import RenderError
from kanfa.pdf.bidi import candidates, is_right_to_left, lines_of
from kanfa.pdf.limits import Geometry

BODY = "body"
"""Id of the template's main element."""
PICTURES = ("/Figure", "/Formula")
"""Tags of what has an alternative text."""
HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-"})
"""PDFium gives a hyphen at a line's end as one of these."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link annotation; a link over two lines has two."""

    uri: str
    """Address, or empty for a link within the file."""
    page: int
    """1-based."""


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
    outline: tuple[str, ...]
    links: tuple[Link, ...]
    figures: tuple[Figure, ...]
    markers: tuple[int, ...]
    """Number of list markers on each page: they are drawn after all other text of the page."""
    fonts: tuple[tuple[str, bool], ...]
    """Name without subset prefix, and whether the font file is embedded."""
    attachments: tuple[tuple[str, bytes], ...]
    local_paths: tuple[str, ...]
    """Every string that names a file of a machine."""
    damage: tuple[str, ...]
    """What QPDF has to say about the file's syntax: cross references, streams, page tree."""


def dissect(data: bytes) -> Anatomy:
    """Take a PDF apart. Raises RenderError when it cannot be opened."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            elements = list(_elements(pdf))
            return Anatomy(
                pages=len(pdf.pages),
                body=_body(pdf),
                language=str(pdf.Root.get("/Lang", "")),
                title=str(pdf.docinfo.get("/Title", "")),
                outline=tuple(_outline(pdf.Root.get("/Outlines"))),
                links=tuple(_links(pdf)),
                figures=tuple(Figure(str(e.get("/Alt", "")), at) for tag, at, e in elements if tag in PICTURES),
                markers=_counts([at for tag, at, _ in elements if tag == "/Lbl"], len(pdf.pages)),
                fonts=tuple(sorted(set(_fonts(pdf)))),
                attachments=tuple(_attachments(pdf)),
                local_paths=tuple(sorted(set(_local_paths(pdf)))),
                damage=tuple(pdf.check_pdf_syntax()),
            )
    except pikepdf.PdfError as error:
        raise RenderError("pdf", f"the file cannot be read back: {error}") from None


def _body(pdf: Any) -> int:
    """Page of the named destination `body`, which the template gives to its main element; 1 without one."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    names = list(pdf.Root.get("/Names", {}).get("/Dests", {}).get("/Names", []))
    found = [target for name, target in zip(names[::2], names[1::2], strict=True) if str(name) == BODY]
    return numbers.get(found[0][0].objgen, 1) if found else 1


def _outline(parent: Any) -> Iterator[str]:
    item = parent.get("/First") if parent is not None else None
    while item is not None:
        yield str(item.get("/Title", ""))
        yield from _outline(item)
        item = item.get("/Next")


def _links(pdf: Any) -> Iterator[Link]:
    for number, page in enumerate(pdf.pages, start=1):
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") == "/Link":
                action = annotation.get("/A")
                yield Link(str(action.get("/URI", "")) if action is not None else "", number)


def _elements(pdf: Any) -> Iterator[tuple[str, int, Any]]:
    """Every structure element in reading order: its tag, its 1-based page (0 for none) and itself."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    root = pdf.Root.get("/StructTreeRoot")
    stack = [] if root is None else [root]
    while stack:
        element = stack.pop()
        page = element.get("/Pg")
        yield str(element.get("/S", "")), numbers.get(page.objgen, 0) if page is not None else 0, element
        stack.extend(reversed(_dictionaries(element.get("/K"))))


def _counts(pages: list[int], total: int) -> tuple[int, ...]:
    counted = Counter(pages)
    return tuple(counted[number] for number in range(1, total + 1))


def _dictionaries(kids: Any) -> list[Any]:
    """The structure elements among an element's kids: a kid may be a number, one element or an array."""
    import pikepdf

    many = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in many if isinstance(kid, pikepdf.Dictionary)]


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
