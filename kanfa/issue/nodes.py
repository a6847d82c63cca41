"""The nodes of the issue tree: typed, frozen, every one with its 1-based source line.

`Inline` and `Block` are the declared unions of node kinds; `Node` is both. The completeness guards
walk these unions, so a kind that is missing here does not exist. Each kind names the writer method
that renders it (`method`), and yields its child nodes in reading order (`parts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from kanfa.issue.inline_nodes import (
    Code,
    Formula,
    Image,
    Inline,
    Leaf,
    LineBreak,
    Link,
    Math,
    Text,
)

Align = Literal["", "left", "center", "right"]
CalloutKind = Literal["note", "tip", "important", "warning", "caution"]


@dataclass(frozen=True, slots=True)
class _Passage:
    """A block container."""

    blocks: tuple[Block, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return self.blocks


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of inline nodes."""

    method: ClassVar[str] = "paragraph"
    children: tuple[Inline, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return self.children


@dataclass(frozen=True, slots=True)
class Lead:
    """The head of a lead item: the link that is its title, and where it comes from (may be empty)."""

    method: ClassVar[str] = "lead"
    link: Link
    line: int
    source: tuple[Inline, ...] = ()

    def parts(self) -> tuple[Node, ...]:
        return (self.link, *self.source)


@dataclass(frozen=True, slots=True)
class Item(_Passage):
    """One item of a list. A lead item's first block is its Lead, the others are its summary."""

    method: ClassVar[str] = "item"
    checked: bool | None = None
    """Whether a task is done; None when the item is no task."""


@dataclass(frozen=True, slots=True)
class List:
    """A bullet list (`start` is None) or an ordered one that counts from `start`."""

    method: ClassVar[str] = "list"
    items: tuple[Item, ...]
    line: int
    start: int | None = None
    tight: bool = True

    @property
    def ordered(self) -> bool:
        """Whether the items are numbered."""
        return self.start is not None

    def parts(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True, slots=True)
class Quote(_Passage):
    """A block quotation."""

    method: ClassVar[str] = "quote"


@dataclass(frozen=True, slots=True)
class CodeBlock(Leaf):
    """A block of code; `text` is literal and ends without a newline."""

    method: ClassVar[str] = "code_block"
    text: str
    line: int
    language: str = ""
    """First word of the fence's info string, lower case, or empty."""
    highlighted: tuple[int, ...] = ()
    """Lines to stress, 1-based within `text`, ascending."""
    title: str = ""
    """What stands above the code, e.g. a file name; or empty."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    method: ClassVar[str] = "cell"
    children: tuple[Inline, ...]
    line: int
    align: Align = ""
    header: bool = False
    colspan: int = 1
    rowspan: int = 1

    def parts(self) -> tuple[Node, ...]:
        return self.children


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    method: ClassVar[str] = "row"
    cells: tuple[Cell, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return self.cells


@dataclass(frozen=True, slots=True)
class Table:
    """A data table: head rows (may be none), then body rows."""

    method: ClassVar[str] = "table"
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    line: int
    caption: tuple[Inline, ...] = ()

    def parts(self) -> tuple[Node, ...]:
        return (*self.caption, *self.head, *self.body)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that stands alone, with its caption (may be empty)."""

    method: ClassVar[str] = "figure"
    image: Image
    line: int
    caption: tuple[Inline, ...] = ()
    href: str = ""
    """Address the picture links to, or empty."""

    def parts(self) -> tuple[Node, ...]:
        return (self.image, *self.caption)


@dataclass(frozen=True, slots=True)
class Details:
    """A passage behind a summary line (may be empty: a word of the language stands there); shown opened everywhere."""

    method: ClassVar[str] = "details"
    summary: tuple[Inline, ...]
    blocks: tuple[Block, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return (*self.summary, *self.blocks)


@dataclass(frozen=True, slots=True)
class Callout:
    """A passage set apart: `> [!NOTE]` or `:::note`. An empty title means the kind's own word."""

    method: ClassVar[str] = "callout"
    kind: CalloutKind
    blocks: tuple[Block, ...]
    line: int
    title: tuple[Inline, ...] = ()

    def parts(self) -> tuple[Node, ...]:
        return (*self.title, *self.blocks)


@dataclass(frozen=True, slots=True)
class Only:
    """A passage for some formats: those named, or with `excepted` all others. `kanfa.issue.editions` resolves it."""

    method: ClassVar[str] = "only"
    formats: tuple[str, ...]
    blocks: tuple[Block, ...]
    line: int
    excepted: bool = False

    def shows_in(self, format: str) -> bool:
        """Whether the passage stands in `format`."""
        return (format in self.formats) != self.excepted

    def parts(self) -> tuple[Node, ...]:
        return self.blocks


@dataclass(frozen=True, slots=True)
class MathBlock(Formula):
    """A formula on lines of its own."""

    method: ClassVar[str] = "math_block"
    dollars: ClassVar[str] = "$$"


@dataclass(frozen=True, slots=True)
class QrCode:
    """A link to scan from paper or from a screen. Its words and address always stand beside the picture."""

    method: ClassVar[str] = "qr_code"
    link: Link
    line: int

    def parts(self) -> tuple[Node, ...]:
        return (self.link,)


@dataclass(frozen=True, slots=True)
class Divider(Leaf):
    """A thematic break."""

    method: ClassVar[str] = "divider"
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """The text of footnote `number`; notes are set at the end of the issue."""

    method: ClassVar[str] = "note"
    number: int
    blocks: tuple[Block, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return self.blocks


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what belongs to it. Groups are the sections below it."""

    method: ClassVar[str] = "section"
    title: tuple[Inline, ...]
    level: int
    """1 for a section of the issue, 2 for a group in it, and so on: no level is ever skipped."""
    anchor: str
    """Unique within the issue: `s1`, `s1-2`, …; made from the position, so it is stable and ASCII."""
    blocks: tuple[Block, ...]
    groups: tuple[Section, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return (*self.title, *self.blocks, *self.groups)


Block = (
    Paragraph
    | List
    | Item
    | Lead
    | Quote
    | Callout
    | Only
    | CodeBlock
    | MathBlock
    | Table
    | Row
    | Cell
    | Figure
    | QrCode
    | Details
    | Divider
    | Note
    | Section
)
"""Every block node kind; Item, Lead, Row, Cell, Note and Section occur only inside their parents."""

Pictured = Image | Math | MathBlock
"""What a format shows as a picture, or as the node's `words`; its alt text is the node's `label`."""

Node = Inline | Block
"""Every node kind."""


def walk(node: Node) -> Iterator[Node]:
    """`node` and every node below it, parents first, in reading order."""
    yield node
    for part in node.parts():
        yield from walk(part)


def text_of(*nodes: Node) -> str:
    """The characters a reader sees, without marks; pictures count as nothing, breaks as a newline."""
    pieces: list[str] = []
    for top in nodes:
        for node in walk(top):
            if isinstance(node, Text | Code | CodeBlock):
                pieces.append(node.text)
            elif isinstance(node, LineBreak):
                pieces.append("\n")
    return "".join(pieces)
