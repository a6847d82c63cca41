"""Rules for tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from kanfa.email import rules
from kanfa.email.columns import crowded, longest_run
from kanfa.email.dom import Element, classes, words
from kanfa.email.limits import (
    ALT_CHARS,
    BODY_WIDTH,
    IMAGE_BYTES,
    IMAGE_COUNT,
    IMAGES_BYTES,
    TABLE_COLUMNS,
    TABLE_NESTING,
    TOKEN_RUN,
)
from kanfa.email.mail import Mail
from kanfa.findings import Finding

DATA: Final = "data"
"""Class of a data table; every other table is layout."""
MAX_WIDTH: Final = 640
BREAKING: Final = frozenset({"break-all", "break-word"})
"""Values of word-break that let a long word of a cell break."""
UNSHOWN: Final = frozenset({".svg", ".avif", ".heic", ".ico"})
GENERIC_ALT: Final = frozenset({"图片", "image", "picture", "img", "screenshot"})
LITTLE_TEXT: Final = 20
"""Characters of text below which a mail with pictures counts as pictures only."""


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML040–EML052 and EML070."""
    yield from _tables(mail)
    yield from _widths(mail)
    if not any("PixelsPerInch>96<" in comment for comment in mail.comments):
        yield rules.OFFICE_SETTINGS.at(1, "no OfficeDocumentSettings with PixelsPerInch 96")
    yield from _tokens(mail)
    yield from _images(mail)
    yield from _weight(mail)


def _tables(mail: Mail) -> Iterator[Finding]:
    number = -1
    for table in (element for element in mail.elements if element.tag == "table"):
        if DATA not in classes(table):
            wanted = {"role": "presentation", "border": "0", "cellpadding": "0", "cellspacing": "0"}
            lacking = [f'{name}="{value}"' for name, value in wanted.items() if table.get(name) != value]
            if lacking:
                yield rules.LAYOUT_TABLE.at(1, f"a table without {', '.join(lacking)}", element=mail.path(table))
            continue
        number += 1
        line = mail.line_of_table(number)
        headers = list(table.iter("th"))
        if not headers:
            yield rules.DATA_TABLE.at(line, "this table has no header row", element=mail.path(table))
        if any(cell.get("scope") not in {"col", "row", "colgroup", "rowgroup"} for cell in headers):
            yield rules.TABLE_SCOPE.at(line, "a th without scope", element=mail.path(table))
        yield from _columns(mail, table, line)


def _columns(mail: Mail, table: Element, line: int) -> Iterator[Finding]:
    rows = [[cell for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr")]
    count = max(map(len, rows), default=0)
    if count > TABLE_COLUMNS:
        message = f"this table has {count} columns, better at most {TABLE_COLUMNS}"
        yield rules.TABLE_COLUMNS_RULE.at(line, message, element=mail.path(table))
    for row, column in crowded([[words(cell) for cell in row] for row in rows]):
        cell = rows[row][column]
        # what the engine sets further out does not count: cells keep their words whole unless they say otherwise
        if mail.styles.get(cell, {}).get("word-break") not in BREAKING:
            token = max(words(cell).split(), key=longest_run)
            message = f"“{token[:60]}” in a table of {count} columns has no place to break"
            yield rules.LONG_TOKEN.at(mail.line_of_text(token), message, element=mail.path(cell))
            return


def _widths(mail: Mail) -> Iterator[Finding]:
    for element in mail.elements:
        width = element.get("width") or ""
        if element.tag in {"table", "td"} and width.isdecimal() and int(width) > MAX_WIDTH:
            yield rules.WIDTH.at(1, f"<{element.tag}> is {width} px wide", element=mail.path(element))
    tables = [element for element in mail.elements if element.tag == "table"]
    depth, deepest = max(
        ((sum(1 for _ in table.iterancestors("table")) + 1, table) for table in tables),
        key=lambda pair: pair[0],
        default=(0, mail.root),
    )
    if depth > TABLE_NESTING:
        text = next((piece.strip() for node, piece in mail.texts if deepest in node.iterancestors()), "")
        message = f"{depth} tables within one another, at most {TABLE_NESTING}"
        yield rules.WIDTH.at(mail.line_of_text(text), message, element=mail.path(deepest))


def _tokens(mail: Mail) -> Iterator[Finding]:
    for element, text in mail.texts:
        if longest_run(text) > TOKEN_RUN and mail.effective(element, "word-break") != "break-all":
            token = max(text.split(), key=longest_run)
            message = f"“{token[:60]}” has no place to break"
            yield rules.LONG_TOKEN.at(mail.line_of_text(token), message, element=mail.path(element))


def _images(mail: Mail) -> Iterator[Finding]:
    for image in (element for element in mail.elements if element.tag == "img"):
        src, alt, where = image.get("src", ""), image.get("alt"), mail.path(image)
        line = mail.line_of_image(alt or "", src)
        suffix = PurePosixPath(urlsplit(src).path).suffix.lower()
        if not src.startswith("https://") or suffix in UNSHOWN:
            yield rules.IMAGE_ADDRESS.at(line, f"{src[:80] or 'no address'}", element=where)
        elif suffix == ".webp":
            yield rules.IMAGE_WEBP.at(line, f"{src[:80]} is WebP", element=where)
        if alt is None or (not alt.strip() and image.get("role") != "presentation"):
            yield rules.IMAGE_ALT.at(line, f"no alt text for {src[:80]}", element=where)
        elif len(alt) > ALT_CHARS:
            yield rules.IMAGE_ALT_WORDS.at(
                line, f"{len(alt)} characters of alt text, at most {ALT_CHARS}", element=where
            )
        elif alt.strip().lower() in GENERIC_ALT or alt.strip() == PurePosixPath(urlsplit(src).path).name:
            yield rules.IMAGE_ALT_WORDS.at(line, f"“{alt}” says nothing about the picture", element=where)
        width = image.get("width") or ""
        style = mail.styles.get(image, {})
        if not width.isdecimal() or not 1 <= int(width) <= BODY_WIDTH:
            yield rules.IMAGE_WIDTH.at(
                line, f"width={width or 'missing'}: no whole number up to {BODY_WIDTH}", element=where
            )
        elif style.get("height") != "auto" or style.get("border") != "0":
            yield rules.IMAGE_WIDTH.at(line, "style lacks height:auto or border:0", element=where)


def _weight(mail: Mail) -> Iterator[Finding]:
    local = {name: data for name, data in mail.files.items() if name.startswith("images/")}
    for name, data in local.items():
        if len(data) > IMAGE_BYTES:
            source = next((asset.src for asset in mail.issue.assets if f"images/{asset.name}" == name), "")
            message = f"{name} has {len(data):,} bytes, better at most {IMAGE_BYTES:,}"
            yield rules.IMAGE_WEIGHT.at(mail.line_of_image("", source), message)
    total = sum(map(len, local.values()))
    images = [element for element in mail.body if element.tag == "img"]
    if total > IMAGES_BYTES:
        yield rules.IMAGE_WEIGHT.at(1, f"all pictures have {total:,} bytes, better at most {IMAGES_BYTES:,}")
    if len(images) > IMAGE_COUNT:
        yield rules.IMAGE_WEIGHT.at(1, f"{len(images)} pictures, better at most {IMAGE_COUNT}")
    said = "".join(
        text.strip() for element, text in mail.texts if any("copy" in classes(n) for n in element.iterancestors())
    )
    if images and len(said) < LITTLE_TEXT:
        yield rules.IMAGES_ONLY.at(1, f"{len(images)} pictures and {len(said)} characters of text")
