"""One picture for each way in which a release will be read: screens, light and dark, without pictures, on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree
from PIL import Image

from kanfa.browser import Browser
from kanfa.errors import RenderError
from kanfa.wechat.draft import part_file
from kanfa.wechat.preview import preview

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAIL_WIDTHS = (320, 375, 600)
"""CSS pixels: the smallest phone in use, a usual one, the column of a mail program on a desk."""
ARTICLE_WIDTHS = (375, 677)
"""CSS pixels: a phone, and the column that WeChat gives an article on a desk."""
PHONE = 375
MOST_HEIGHT = 12_000
"""CSS pixels of a picture; what is longer is cut, and the picture says so."""
MOST_PAGES = 24
"""Pages of the PDF that are drawn; what is missing is said."""
PAGE_WIDTH = 900
"""Pixels of a drawn page of the PDF."""

MAIL, ARTICLE, EDITION = "email.html", "wechat.html", "issue.pdf"
FORMATS = {"email": MAIL, "wechat": ARTICLE, "pdf": EDITION}
"""The file that is shown of each format."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    format: str
    """`email`, `wechat` or `pdf`."""
    name: str
    """File name without its ending: `email-320-dark`."""
    label: str
    """What a person reads above it: `320 px, dark`."""
    picture: Image.Image = field(repr=False)
    """RGB; one pixel for each CSS pixel times the scale it was taken with."""
    note: str = ""
    """What the picture does not show; empty when it shows everything."""


@dataclass(frozen=True, slots=True)
class _View:
    """How a reader looks at a page."""

    format: str
    name: str
    label: str
    width: int
    """CSS pixels."""
    dark: bool
    scale: float


def shots(browser: Browser, files: Mapping[str, bytes], scale: float = 1.0) -> Iterator[Shot]:
    """Every picture of the release that holds `files`: mail, article, edition, as far as it has them.

    `scale` is device pixels for each CSS pixel of mail and article. Raises EnvironmentProblem when the browser
    fails, RenderError when the PDF cannot be opened.
    """
    if MAIL in files:
        yield from mail_shots(browser, files, scale)
    if ARTICLE in files:
        yield from article_shots(browser, files, scale)
    if EDITION in files:
        yield from edition_shots(files[EDITION])


def mail_shots(browser: Browser, files: Mapping[str, bytes], scale: float) -> Iterator[Shot]:
    """The mail in each width, light and dark, then on a phone that shows no pictures and one that drops styles."""
    html = files[MAIL].decode()
    pictures = hosted(html, files)
    for dark in (False, True):
        for width in MAIL_WIDTHS:
            name, label = _named(width, dark)
            yield _taken(browser, _View("email", name, label, width, dark, scale), html, pictures)
    bare = _View("email", f"{PHONE}-no-pictures", f"{PHONE} px, pictures off", PHONE, False, scale)
    yield _taken(browser, bare, html, {})
    plain = _View("email", f"{PHONE}-no-styles", f"{PHONE} px, style blocks off", PHONE, False, scale)
    yield _taken(browser, plain, without_style_blocks(html), pictures)


def article_shots(browser: Browser, files: Mapping[str, bytes], scale: float) -> Iterator[Shot]:
    """Each article of the draft in each width, light, then dark with the colours that WeChat makes of it."""
    articles = [ARTICLE]
    while (following := part_file(len(articles))) in files:
        articles.append(following)
    for number, file in enumerate(articles, 1):
        article = files[file].decode()
        for dark in (False, True):
            for width in ARTICLE_WIDTHS:
                name, label = _named(width, dark)
                if len(articles) > 1:
                    name, label = f"{number}-{name}", f"article {number} of {len(articles)}, {label}"
                view = _View("wechat", name, label, width, dark, scale)
                yield _taken(browser, view, preview(article, dark=dark), files)


def edition_shots(pdf: bytes) -> Iterator[Shot]:
    """The first MOST_PAGES pages of the PDF, PAGE_WIDTH pixels wide."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise RenderError("pdf", f"the edition cannot be opened: {error}") from None
    try:
        count = len(document)
        for number in range(min(count, MOST_PAGES)):
            page = document[number]
            picture = page.render(scale=PAGE_WIDTH / page.get_width()).to_pil().convert("RGB")
            left = count - MOST_PAGES if number == MOST_PAGES - 1 else 0
            note = f"{left} more page{'s' if left > 1 else ''}" if left > 0 else ""
            yield Shot("pdf", f"pdf-{number + 1:02}", f"page {number + 1} of {count}", picture, note)
    finally:
        document.close()


def _named(width: int, dark: bool) -> tuple[str, str]:
    shade = "dark" if dark else "light"
    return f"{width}-{shade}", f"{width} px, {shade}"


def _taken(browser: Browser, view: _View, html: str, files: Mapping[str, bytes]) -> Shot:
    with browser.page(view.width, height=200, dark=view.dark, scale=view.scale) as page:
        page.show(html, files)
        whole, wide = page.height, page.evaluate("document.documentElement.scrollWidth")
        with Image.open(io.BytesIO(page.png(most=MOST_HEIGHT))) as opened:
            picture = opened.convert("RGB")
    notes = []
    missing = whole - round(picture.height / view.scale)
    if missing > 0:
        notes.append(f"{missing:,} px more below")
    if wide > view.width:
        notes.append(f"{wide - view.width} px wider than the screen")
    return Shot(view.format, f"{view.format}-{view.name}", view.label, picture, "; ".join(notes))


def hosted(html: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The release's pictures by the addresses that `html` loads them from.

    A mail refers to `https://…/images/cover.png`, which is online only after delivery; the same bytes are the
    release's `images/cover.png`.
    """
    found: dict[str, bytes] = {}
    for element in _document(html).iter(etree.Element):
        for attribute in ("src", "background"):
            address = (element.get(attribute) or "").strip()
            _, below, name = unquote(urlsplit(address).path).rpartition("/images/")
            if below and f"images/{name}" in files:
                found[address] = files[f"images/{name}"]
    return found


def without_style_blocks(html: str) -> str:
    """The mail as programs show it that keep `style` attributes and drop style blocks, with all media rules."""
    root = _document(html)
    for style in list(root.iter("style")):
        style.drop_tree()
    text: str = etree.tostring(root, method="html", encoding="unicode", doctype="<!DOCTYPE html>")
    return text


def _document(html: str) -> HtmlElement:
    from lxml.html import document_fromstring

    return document_fromstring(html)
