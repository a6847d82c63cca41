"""The contact sheet: every picture of a release on one page, in rows by format, each under its label."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kanfa.shots.views import Shot
from kanfa.templating import builtin_folder

GROUND = "#eceef2"
CARD = "#ffffff"
EDGE = "#d3d7de"
INK = "#1c2333"
QUIET = "#667085"
ALARM = "#b42318"
MARGIN = 56
GAP = 28
BETWEEN = 84
"""Pixels between two formats."""
HEADER = 116
LABEL = 30
TITLE = 64
TITLES = {"email": "E-mail", "wechat": "WeChat article", "pdf": "PDF edition"}

SHRINK = {"email": 0.62, "wechat": 0.62, "pdf": 0.44}
"""How large a picture stands on the sheet: text stays legible, and a usual mail fits as a whole."""
MOST_TALL = 4_200
"""Pixels of the tallest picture on the sheet; a longer one is cut with a note, its own file is not."""
LEAST_WIDTH = 2 * MARGIN + 4 * 396 + 3 * GAP
"""Pixels of the narrowest sheet: four pages of the PDF beside each other."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands at the top of the sheet."""

    title: str
    """The issue's title."""
    release: str
    """`009/<digest>`."""
    left_out: tuple[str, ...] = ()
    """Formats of the release that have no picture."""


@dataclass(frozen=True, slots=True)
class _Card:
    """A picture as it stands on the sheet."""

    label: str
    picture: Image.Image
    note: str


@dataclass(frozen=True, slots=True)
class _Block:
    """One format: its title and its cards in rows."""

    title: str
    rows: tuple[tuple[_Card, ...], ...]

    @property
    def width(self) -> int:
        return max(_width(row) for row in self.rows)

    @property
    def height(self) -> int:
        return TITLE + sum(map(_height, self.rows))


def contact_sheet(shots: Sequence[Shot], heading: Heading) -> bytes:
    """The sheet as PNG; the same pictures give the same bytes.

    Formats for screens stand side by side, each in one row; below them the pages of the PDF, as many in a row as
    there is room for.
    """
    formats = {format: [_card(shot) for shot in group] for format, group in groupby(shots, lambda shot: shot.format)}
    pages = formats.pop("pdf", [])
    screens = [_Block(TITLES.get(format, format), (tuple(cards),)) for format, cards in formats.items()]
    room = max(sum(block.width for block in screens) + BETWEEN * (len(screens) - 1), LEAST_WIDTH - 2 * MARGIN)
    bands = [band for band in (screens, [_Block(TITLES["pdf"], _rows(pages, room))] if pages else []) if band]
    height = HEADER + sum(max(block.height for block in band) for band in bands)
    sheet = Image.new("RGB", (room + 2 * MARGIN, height + 2 * MARGIN - GAP), GROUND)
    draw = ImageDraw.Draw(sheet)
    _head(draw, heading, sheet.width)
    top = MARGIN + HEADER
    for band in bands:
        left = MARGIN
        for block in band:
            _draw_block(sheet, draw, block, (left, top))
            left += block.width + BETWEEN
        top += max(block.height for block in band)
    return png(sheet)


def png(picture: Image.Image) -> bytes:
    """A picture as PNG."""
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The edition's own font, which knows Chinese."""
    name = f"NotoSansSC-{'Bold' if bold else 'Regular'}.ttf"
    path: Path = builtin_folder() / "pdf" / "fonts" / name
    return ImageFont.truetype(str(path), size)


def _rows(cards: Sequence[_Card], room: int) -> tuple[tuple[_Card, ...], ...]:
    """The cards in rows that are not wider than `room`, unless one card alone is."""
    rows: list[list[_Card]] = []
    for card in cards:
        if not rows or _width([*rows[-1], card]) > room:
            rows.append([])
        rows[-1].append(card)
    return tuple(map(tuple, rows))


def _card(shot: Shot) -> _Card:
    factor = SHRINK.get(shot.format, 0.5)
    tall = shot.picture.height * factor
    picture, note = shot.picture, shot.note
    if tall > MOST_TALL:
        kept = int(MOST_TALL / factor)
        picture = picture.crop((0, 0, picture.width, kept))
        note = "; ".join(filter(None, (f"cut here: {shot.picture.height - kept:,} px more", note)))
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return _Card(shot.label, picture.resize(size, Image.Resampling.LANCZOS), note)


def _width(cards: Sequence[_Card]) -> int:
    return sum(card.picture.width for card in cards) + GAP * (len(cards) - 1)


def _height(cards: Sequence[_Card]) -> int:
    noted = LABEL if any(card.note for card in cards) else 0
    return LABEL + max(card.picture.height for card in cards) + noted + GAP


def _head(draw: ImageDraw.ImageDraw, heading: Heading, width: int) -> None:
    room = width - 2 * MARGIN
    draw.text((MARGIN, MARGIN - 12), _fitted(draw, heading.title, font(38, bold=True), room), INK, font(38, bold=True))
    words = [heading.release, *(f"no picture of {name}" for name in heading.left_out)]
    draw.text((MARGIN, MARGIN + 46), _fitted(draw, "  ·  ".join(words), font(20), room), QUIET, font(20))
    draw.line((MARGIN, MARGIN + HEADER - 20, width - MARGIN, MARGIN + HEADER - 20), EDGE, 2)


def _draw_block(sheet: Image.Image, draw: ImageDraw.ImageDraw, block: _Block, at: tuple[int, int]) -> None:
    left, top = at
    draw.text((left, top + 4), block.title, INK, font(26, bold=True))
    top += TITLE
    for row in block.rows:
        _draw_row(sheet, draw, row, (left, top))
        top += _height(row)


def _draw_row(sheet: Image.Image, draw: ImageDraw.ImageDraw, cards: Sequence[_Card], corner: tuple[int, int]) -> None:
    left, top = corner
    for card in cards:
        width, height = card.picture.size
        draw.text((left, top), _fitted(draw, card.label, font(17), width + GAP - 8), QUIET, font(17))
        at = top + LABEL
        draw.rectangle((left - 1, at - 1, left + width, at + height), CARD, EDGE)
        sheet.paste(card.picture, (left, at))
        if card.note:
            draw.line((left, at + height, left + width, at + height), ALARM, 3)
            draw.text((left, at + height + 6), _fitted(draw, card.note, font(15), width + GAP - 8), ALARM, font(15))
        left += width + GAP


def _fitted(draw: ImageDraw.ImageDraw, words: str, face: ImageFont.FreeTypeFont, room: int) -> str:
    """`words`, cut with an ellipsis where they would run into what stands beside them."""
    if draw.textlength(words, face) <= room:
        return words
    while words and draw.textlength(f"{words}…", face) > room:
        words = words[:-1]
    return f"{words}…"
