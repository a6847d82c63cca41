"""Small values to build articles from."""

from __future__ import annotations

import hashlib
import io

from PIL import Image as Pillow

from kanfa.issue.model import Asset, Block, Inline, Item, Link, List, Paragraph, Section, Text


def text(words: str, line: int = 10) -> Text:
    return Text(words, line)


def link(href: str, words: str, line: int = 10) -> Link:
    return Link(href, (Text(words, line),), line)


def paragraph(*inline: Inline | str, line: int = 10) -> Paragraph:
    return Paragraph(tuple(Text(part, line) if isinstance(part, str) else part for part in inline), line)


def bullets(*items: str | tuple[Block, ...], start: int | None = None, line: int = 10) -> List:
    made = [Item((paragraph(item, line=line),) if isinstance(item, str) else item, line) for item in items]
    return List(tuple(made), line, start=start)


def section(title: str, *blocks: Block, groups: tuple[Section, ...] = (), level: int = 1, line: int = 5) -> Section:
    return Section((Text(title, line),), level, "s1", blocks, groups, line)


def picture_bytes(form: str = "PNG", size: tuple[int, int] = (800, 400)) -> bytes:
    target = io.BytesIO()
    Pillow.new("RGB", size, (15, 118, 110)).save(target, form)
    return target.getvalue()


def asset(src: str, data: bytes, media_type: str = "image/png", size: tuple[int, int] = (800, 400)) -> Asset:
    name = src.rpartition("/")[2]
    return Asset(src, name, media_type, data, hashlib.sha256(data).hexdigest(), *size)


COVER = asset("images/cover.png", picture_bytes(size=(900, 383)), size=(900, 383))
