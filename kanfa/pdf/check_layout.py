"""Checks of the finished pages: contrast, sharpness of pictures, what runs over the edge, the last page."""

from __future__ import annotations

from collections.abc import Iterator

from kanfa.findings import Finding
from kanfa.pdf import rules
from kanfa.pdf.finished import Edition
from kanfa.pdf.limits import GEOMETRIES, LAYOUT, POINTS_PER_MM
from kanfa.pdf.marks import OUTSIDE, Box, Colour, Mark


def contrast(first: Colour, second: Colour) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def check_contrast(edition: Edition) -> Iterator[Finding]:
    """Every pair of text colour and ground, once; words within pictures are the pictures' own business."""
    pictures = edition.pictured()
    worst: dict[tuple[Colour, Colour, bool], Mark] = {}
    for mark in edition.marks:
        if mark.ground is None or (mark.page, mark.content) in pictures:
            continue
        if any(char.isalnum() for char in mark.text):  # dots and bullets are decoration
            large = mark.size >= LAYOUT.large_type or (mark.bold and mark.size >= LAYOUT.large_bold)
            worst.setdefault((mark.colour, mark.ground, large), mark)
    for (colour, ground, large), mark in worst.items():
        needed = LAYOUT.contrast_large if large else LAYOUT.contrast
        found = contrast(colour, ground)
        if found < needed:
            yield rules.CONTRAST.at(
                edition.line_of(mark.text),
                "{colour} on {ground} has a contrast of {found}, {needed} is needed: “{words}” on page {page}",
                colour=_hex(colour),
                ground=_hex(ground),
                found=f"{found:.2f}",
                needed=f"{needed:g}",
                words=mark.text.strip()[:30],
                page=mark.page,
            )


def check_pictures(edition: Edition) -> Iterator[Finding]:
    """Pixels of each picture against the size at which it is printed."""
    pictures = edition.pictured()
    for mark in edition.marks:
        width, height = mark.box[2] - mark.box[0], mark.box[3] - mark.box[1]
        tag = pictures.get((mark.page, mark.content))
        if tag is None or not mark.pixels[0] or max(width, height) / POINTS_PER_MM <= LAYOUT.picture_least:
            continue
        density = min(mark.pixels[0] / max(width, 1), mark.pixels[1] / max(height, 1)) * 72
        if density < LAYOUT.picture_density - 0.5:
            yield rules.PICTURE_COARSE.at(
                edition.line_of_picture(tag.alt),
                "printed at {density} dpi, at least {least} are wanted: {pixels} pixels over {width} mm (“{words}”)",
                density=round(density),
                least=round(LAYOUT.picture_density),
                pixels=mark.pixels[0],
                width=round(width / POINTS_PER_MM),
                words=tag.alt[:40],
            )


def check_edges(edition: Edition) -> Iterator[Finding]:
    """Text beyond the page, or text and pictures beyond the text area where there are margins; each line once.

    Left of the text area stands what the style sheet hangs out there: marks of lists, numbers of sections.
    """
    with_margins = {mark.page for mark in edition.marks if mark.content == OUTSIDE and mark.text.strip()}
    _, *rest = GEOMETRIES[edition.publication.pdf.page_size].content_box
    area = (0.0, rest[0], rest[1], rest[2])
    seen: set[tuple[str, int]] = set()
    for mark in edition.marks:
        if not (mark.text.strip() or mark.pixels[0]):
            continue
        cut = _over(mark.box, edition.parts.boxes[mark.page - 1]) if mark.text.strip() else 0.0
        over = _over(mark.box, area) if mark.page in with_margins and mark.content != OUTSIDE else 0.0
        rule = rules.CUT_OFF if cut > LAYOUT.edge else rules.OVERFULL if over > LAYOUT.edge else None
        if rule is None:
            continue
        line = edition.line_of(mark.text) if mark.text else _picture_line(edition, mark)
        if (rule.id, line) in seen:
            continue
        seen.add((rule.id, line))
        words, far = mark.text.strip()[:30], round(max(cut, over) / POINTS_PER_MM, 1)
        if not mark.text:
            yield rule.at(line, "a picture on page {page} reaches {far} mm too far", page=mark.page, far=f"{far:g}")
        else:
            message = "“{words}” on page {page} reaches {far} mm too far"
            yield rule.at(line, message, words=words, page=mark.page, far=f"{far:g}")


def _over(box: Box, area: Box) -> float:
    """Points by which `box` reaches out of `area` at its worst side."""
    return max(area[0] - box[0], area[1] - box[1], box[2] - area[2], box[3] - area[3])


def _picture_line(edition: Edition, mark: Mark) -> int:
    tag = edition.pictured().get((mark.page, mark.content))
    return edition.line_of_picture(tag.alt) if tag is not None else 1


def check_last_page(edition: Edition) -> Iterator[Finding]:
    """How far down the last page is filled; short issues are what they are."""
    pages = edition.parts.pages
    if pages <= edition.parts.body:
        return
    _, bottom, _, top = GEOMETRIES[edition.publication.pdf.page_size].content_box
    ends = [mark.box[1] for mark in edition.marks if mark.page == pages and mark.content != OUTSIDE]
    filled = (top - min(ends)) / (top - bottom) if ends else 0.0
    if filled < LAYOUT.last_page:
        percent = max(0, round(100 * filled))
        yield rules.LAST_PAGE.at(1, "page {page} is filled to {percent} %", page=pages, percent=percent)
