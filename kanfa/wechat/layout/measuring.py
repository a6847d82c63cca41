"""What a browser says of an article: its elements, and the box of each in every column. No decision is made here."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files as package_files
from typing import TYPE_CHECKING
from urllib.parse import quote

from PIL import Image
from pydantic import BaseModel, ConfigDict, TypeAdapter

from kanfa.wechat.layout.limits import COLUMNS
from kanfa.wechat.simulator import editor, reader, storage
from kanfa.wechat.simulator.markup import parse, serialise
from kanfa.wechat.style import number_of

if TYPE_CHECKING:  # the browser is an optional extra
    from kanfa.browser import Browser

UPLOADED = "https://mmbiz.qpic.cn/"
"""Where an uploaded picture lies, as far as the storage filter asks; the page is given the bytes themselves."""
LARGEST = 4096
"""Pixels of a picture that is only announced; from 677 on all fill the column."""
HEIGHT = 800
"""CSS pixels of the window; articles do not depend on it."""


class Told(BaseModel):
    """A value as the script in the page tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Element(Told):
    """What no width changes of one element."""

    tag: str
    parent: int
    """Index of the element that holds it; -1 for the column."""
    path: str
    text: str
    """All text below it."""
    own: bool
    """Whether text that is not blank stands in the element itself."""
    width: str = ""
    """`width` of its style attribute; empty without one."""
    height: str = ""
    most: str = ""
    """`max-height` of its style attribute."""
    ignored: bool = False
    """Whether it carries `data-ignore-width`."""
    drawing: bool = False
    """Whether it is a part of an SVG; the `svg` element itself is not."""
    svg_mode: bool = False
    looked_at: bool = True
    """Whether the checker looks at it at all: its HTML holds one of the words that the checker searches for."""
    leaf: bool = False
    """Whether it carries `leaf`, as the web editor's spans do."""
    picture: str = ""
    """Address of a picture."""
    words: str = ""
    """Alternative text of a picture."""


class Box(Told):
    """One element in one column; CSS pixels."""

    left: float
    right: float
    height: float
    font_size: float = 16.0
    line_height: float | None = None
    """None for `normal`."""
    overflow_x: str = "visible"
    overflow_y: str = "visible"
    scroll_width: float = 0.0
    client_width: float = 0.0
    scroll_height: float = 0.0
    client_height: float = 0.0
    ink: tuple[float, float] | None = None
    """Leftmost and rightmost pixel of its own text, or of the picture it is; None when there is none."""


class Column(Told):
    """Everything in a column of one width."""

    left: float
    right: float
    height: float
    """Of the whole article."""
    boxes: tuple[Box, ...]
    """One for each element, in the same order."""


_ELEMENTS = TypeAdapter(tuple[Element, ...])


@dataclass(frozen=True)
class Layout:
    """An article as it was measured."""

    elements: tuple[Element, ...]
    """In document order."""
    columns: Mapping[int, Column]
    """By width in CSS pixels, in the order of COLUMNS."""

    @cached_property
    def children(self) -> Mapping[int, tuple[int, ...]]:
        """Indexes of the elements directly below each element; -1 is the column."""
        found: dict[int, list[int]] = {}
        for index, element in enumerate(self.elements):
            found.setdefault(element.parent, []).append(index)
        return {parent: tuple(below) for parent, below in found.items()}

    def ancestors(self, index: int) -> Iterator[int]:
        """Indexes from the element's parent up to the article's own section."""
        parent = self.elements[index].parent
        while parent >= 0:
            yield parent
            parent = self.elements[parent].parent

    def inside(self, index: int) -> Iterator[int]:
        """The element and everything below it, in document order."""
        yield index
        for child in self.children.get(index, ()):
            yield from self.inside(child)


def script() -> str:
    """The function that runs in the page."""
    return package_files(__package__).joinpath("measure.js").read_text(encoding="utf-8")


def measured(html: str, pictures: Mapping[str, bytes], browser: Browser) -> Layout:
    """One article in every column, as its readers see it: stored, saved in the editor, under the reader's styles.

    `pictures` are the files that the article names. Raises EnvironmentProblem when the browser fails.
    """
    stored = editor.save(storage.store(uploaded(html, pictures)))
    addresses = announced(stored) | {address_of(name): data for name, data in pictures.items()}
    shown = reader.page(stored)
    run = script()
    with browser.page(COLUMNS[0], height=HEIGHT) as page:
        page.show(shown, addresses)
        elements = _ELEMENTS.validate_json(page.evaluate(run, "prepare"))
        columns = {}
        for width in COLUMNS:
            page.resize(width)
            columns[width] = Column.model_validate_json(page.evaluate(run, "measure"))
    return Layout(elements, columns)


def uploaded(html: str, pictures: Mapping[str, bytes]) -> str:
    """The article with the addresses that its pictures have after delivery; everything else stays as written."""
    root = parse(html)
    for element in root.elements():
        source = element.find("src") if element.tag == "img" else None
        if source is not None and source.value in pictures:
            source.source = address_of(source.value)
    return serialise(root)


def announced(stored: str) -> dict[str, bytes]:
    """For each picture that says how large it is (`data-w`, `data-ratio`) a blank one of that size, by its address.

    They stand for pictures that lie at WeChat already; the checker reserves their place in the same way.
    """
    found = {}
    for element in parse(stored).elements():
        wide, ratio = number_of(element.get("data-w") or "", ""), number_of(element.get("data-ratio") or "", "")
        if element.tag == "img" and wide is not None and 1 <= wide <= LARGEST:
            high = min(LARGEST, max(1, round(wide * (ratio or 1))))
            target = io.BytesIO()
            Image.new("1", (round(wide), high)).save(target, "PNG")
            found[element.get("data-src") or ""] = target.getvalue()
    return found


def address_of(name: str) -> str:
    """The address under which the page finds the release's picture `name`."""
    return UPLOADED + quote(name)


def name_of(address: str, pictures: Mapping[str, bytes]) -> str:
    """The release's name of the picture that lies at `address`; empty when it is another one's."""
    return next((name for name in pictures if address_of(name) == address), "")
