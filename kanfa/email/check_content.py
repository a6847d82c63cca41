"""Rules for tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from kanfa.email import rules
from kanfa.email.columns import crowded, longest_run
from kanfa.email.dom import Element, classes, words
from kanfa.email.images import pictures
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
FORMULA: Final = "math"
"""Class of a formula's picture."""
BREAKING: Final = frozenset({"break-all", "break-word"})
"""Values of word-break that let a long word of a cell break."""
UNSHOWN: Final = frozenset({".svg", ".avif", ".heic", ".ico"})
GENERIC_ALT: Final = frozenset({"图片", "image", "picture", "img", "screenshot"})
LITTLE_TEXT: Final = 20
"""Characters of text below which a mail with pictures counts as pictures only."""


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML040–EML052, EML070 and EML096."""
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
                where = mail.path(table)
                yield rules.LAYOUT_TABLE.at(1, "a table without {lacking}", element=where, lacking=", ".join(lacking))
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
        message = "this table has {count} columns, better at most {most}"
        yield rules.TABLE_COLUMNS_RULE.at(line, message, element=mail.path(table), count=count, most=TABLE_COLUMNS)
    for row, column in crowded([[words(cell) for cell in row] for row in rows]):
        cell = rows[row][column]
        # what the engine sets further out does not count: cells keep their words whole unless they say otherwise
        if mail.styles.get(cell, {}).get("word-break") not in BREAKING:
            token = max(words(cell).split(), key=longest_run)
            message = "“{token}” in a table of {count} columns has no place to break"
            shown = {"element": mail.path(cell), "quote": token, "token": token[:60]}
            yield rules.LONG_TOKEN.at(mail.line_of_text(token), message, **shown, count=count)
            return


def _widths(mail: Mail) -> Iterator[Finding]:
    for element in mail.elements:
        width = element.get("width") or ""
        if element.tag in {"table", "td"} and width.isdecimal() and int(width) > MAX_WIDTH:
            yield rules.WIDTH.at(
                1, "<{tag}> is {width} px wide", element=mail.path(element), tag=element.tag, width=width
            )
    tables = [element for element in mail.elements if element.tag == "table"]
    depth, deepest = max(
        ((sum(1 for _ in table.iterancestors("table")) + 1, table) for table in tables),
        key=lambda pair: pair[0],
        default=(0, mail.root),
    )
    if depth > TABLE_NESTING:
        text = next((piece.strip() for node, piece in mail.texts if deepest in node.iterancestors()), "")
        message = "{depth} tables within one another, at most {most}"
        where = mail.path(deepest)
        yield rules.WIDTH.at(mail.line_of_text(text), message, element=where, depth=depth, most=TABLE_NESTING)


def _tokens(mail: Mail) -> Iterator[Finding]:
    for element, text in mail.texts:
        if longest_run(text) > TOKEN_RUN and mail.effective(element, "word-break") != "break-all":
            token = max(text.split(), key=longest_run)
            shown = {"element": mail.path(element), "quote": token, "token": token[:60]}
            yield rules.LONG_TOKEN.at(mail.line_of_text(token), "“{token}” has no place to break", **shown)


def _images(mail: Mail) -> Iterator[Finding]:
    own = mail.publication.issue_url(mail.issue.slug)
    for image in (element for element in mail.elements if element.tag == "img"):
        src, alt, where = image.get("src", ""), image.get("alt"), mail.path(image)
        line = mail.line_of_image(alt or "", src)
        suffix = PurePosixPath(urlsplit(src).path).suffix.lower()
        if not src.startswith("https://") or suffix in UNSHOWN:
            message = "{src}" if src else "no address"
            yield rules.IMAGE_ADDRESS.at(line, message, element=where, quote=src, src=src[:80])
        elif suffix == ".webp":
            yield rules.IMAGE_WEBP.at(line, "{src} is WebP", element=where, quote=src, src=src[:80])
        elif src.startswith(own) and src.removeprefix(own) not in mail.files:
            message = "{name} is not among the files of this mail"
            yield rules.PICTURE_FILE.at(line, message, element=where, name=src.removeprefix(own))
        if alt is None or (not alt.strip() and image.get("role") != "presentation"):
            yield rules.IMAGE_ALT.at(line, "no alt text for {src}", element=where, src=src[:80])
        elif FORMULA in classes(image):
            pass  # its TeX, as long as it is and whatever it is called: there are no better words
        elif len(alt) > ALT_CHARS:
            message = "{count} characters of alt text, at most {most}"
            yield rules.IMAGE_ALT_WORDS.at(line, message, element=where, quote=alt, count=len(alt), most=ALT_CHARS)
        elif alt.strip().lower() in GENERIC_ALT or alt.strip() == PurePosixPath(urlsplit(src).path).name:
            message = "“{alt}” says nothing about the picture"
            yield rules.IMAGE_ALT_WORDS.at(line, message, element=where, quote=alt, alt=alt)
        width = image.get("width") or ""
        style = mail.styles.get(image, {})
        if not width.isdecimal() or not 1 <= int(width) <= BODY_WIDTH:
            given, missing = (
                "width={width}: no whole number up to {most}",
                "width=missing: no whole number up to {most}",
            )
            yield rules.IMAGE_WIDTH.at(line, given if width else missing, element=where, width=width, most=BODY_WIDTH)
        elif style.get("height") != "auto" or style.get("border") != "0":
            yield rules.IMAGE_WIDTH.at(line, "style lacks height:auto or border:0", element=where)


def _weight(mail: Mail) -> Iterator[Finding]:
    local = {name: data for name, data in mail.files.items() if name.startswith("images/")}
    for name, data in local.items():
        if len(data) > IMAGE_BYTES:
            source = next((one.src for one in pictures(mail.issue).values() if f"images/{one.name}" == name), "")
            message = "{name} has {size:,} bytes, better at most {most:,}"
            line = mail.line_of_image("", source)
            yield rules.IMAGE_WEIGHT.at(line, message, quote=source, name=name, size=len(data), most=IMAGE_BYTES)
    total = sum(map(len, local.values()))
    # a formula that occurs again is no further picture
    images = {element.get("src", ""): element for element in mail.body if element.tag == "img"}
    if total > IMAGES_BYTES:
        message = "all pictures have {size:,} bytes, better at most {most:,}"
        yield rules.IMAGE_WEIGHT.at(1, message, size=total, most=IMAGES_BYTES)
    if len(images) > IMAGE_COUNT:
        yield rules.IMAGE_WEIGHT.at(1, "{count} pictures, better at most {most}", count=len(images), most=IMAGE_COUNT)
    said = "".join(
        text.strip() for element, text in mail.texts if any("copy" in classes(n) for n in element.iterancestors())
    )
    if images and len(said) < LITTLE_TEXT:
        message = "{count} pictures and {characters} characters of text"
        yield rules.IMAGES_ONLY.at(1, message, count=len(images), characters=len(said))
