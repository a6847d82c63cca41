"""The nodes of the issue tree: typed, frozen, every one with its 1-based source line.

`Inline` and `Block` are the declared unions of node kinds; `Node` is both. The completeness guards
walk these unions, so a kind that is missing here does not exist. Each kind names the writer method
that renders it (`method`), and yields its child nodes in reading order (`parts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal
from urllib.parse import urlsplit

Align = Literal["", "left", "center", "right"]

# ---------------------------------------------------------------- inline nodes


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters. A soft break has already become one space, or nothing between Han characters."""

    method: ClassVar[str] = "text"
    text: str
    line: int

    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Code:
    """Inline code; `text` is literal."""

    method: ClassVar[str] = "code"
    text: str
    line: int

    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A hard line break."""

    method: ClassVar[str] = "line_break"
    line: int

    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class NoteRef:
    """A call of footnote `number` (1-based, in order of first use)."""

    method: ClassVar[str] = "note_ref"
    number: int
    line: int

    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. `src` is as written; a local one names an asset of the issue when it could be loaded."""

    method: ClassVar[str] = "image"
    src: str
    alt: str
    line: int
    title: str = ""
    width: int | None = None
    """Wanted width in CSS pixels, when the editor gave one."""

    @property
    def label(self) -> str:
        """What stands for the picture in words: the alt text, else the title, else 图片."""
        return self.alt or self.title or "图片"

    @property
    def words(self) -> str:
        """The visible substitute where the picture itself cannot stand."""
        return f"[图：{self.label}]"

    @property
    def is_remote(self) -> bool:
        """Whether `src` is an http(s) address, in the normal form of `addresses.picture`: its scheme in lower case."""
        return self.src.startswith(("http://", "https://"))

    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class _Span:
    """An inline container."""

    children: tuple[Inline, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return self.children


@dataclass(frozen=True, slots=True)
class Emphasis(_Span):
    """Stress emphasis (`*…*`)."""

    method: ClassVar[str] = "emphasis"


@dataclass(frozen=True, slots=True)
class Strong(_Span):
    """Strong importance (`**…**`)."""

    method: ClassVar[str] = "strong"


@dataclass(frozen=True, slots=True)
class Deleted(_Span):
    """Struck-out text (`~~…~~`, `<del>`, `<s>`)."""

    method: ClassVar[str] = "deleted"


@dataclass(frozen=True, slots=True)
class Inserted(_Span):
    """Inserted text (`<ins>`)."""

    method: ClassVar[str] = "inserted"


@dataclass(frozen=True, slots=True)
class Underline(_Span):
    """Underlined text (`<u>`)."""

    method: ClassVar[str] = "underline"


@dataclass(frozen=True, slots=True)
class Superscript(_Span):
    """Raised text (`<sup>`)."""

    method: ClassVar[str] = "superscript"


@dataclass(frozen=True, slots=True)
class Subscript(_Span):
    """Lowered text (`<sub>`)."""

    method: ClassVar[str] = "subscript"


@dataclass(frozen=True, slots=True)
class Small(_Span):
    """Small print (`<small>`)."""

    method: ClassVar[str] = "small"


@dataclass(frozen=True, slots=True)
class Mark(_Span):
    """Highlighted text (`<mark>`)."""

    method: ClassVar[str] = "mark"


@dataclass(frozen=True, slots=True)
class Keyboard(_Span):
    """A key to press (`<kbd>`)."""

    method: ClassVar[str] = "keyboard"


@dataclass(frozen=True, slots=True)
class Link:
    """A link. `href` is absolute and normalised (percent-encoded, punycoded host)."""

    method: ClassVar[str] = "link"
    href: str
    children: tuple[Inline, ...]
    line: int
    title: str = ""

    @property
    def scheme(self) -> str:
        """The scheme in lower case, without the colon; empty for a relative address."""
        return urlsplit(self.href).scheme.lower()

    @property
    def host(self) -> str:
        """The host name in lower case, or an empty string."""
        return (urlsplit(self.href).hostname or "").lower()

    def parts(self) -> tuple[Node, ...]:
        return self.children


# ---------------------------------------------------------------- block nodes


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of inline nodes."""

    method: ClassVar[str] = "paragraph"
    children: tuple[Inline, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return self.children


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list."""

    method: ClassVar[str] = "item"
    blocks: tuple[Block, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return self.blocks


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
class Quote:
    """A block quotation."""

    method: ClassVar[str] = "quote"
    blocks: tuple[Block, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return self.blocks


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A block of code; `text` is literal and ends without a newline."""

    method: ClassVar[str] = "code_block"
    text: str
    line: int
    language: str = ""
    """First word of the fence's info string, lower case, or empty."""

    def parts(self) -> tuple[Node, ...]:
        return ()


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
    """A passage behind a summary line; every format shows it opened."""

    method: ClassVar[str] = "details"
    summary: tuple[Inline, ...]
    blocks: tuple[Block, ...]
    line: int

    def parts(self) -> tuple[Node, ...]:
        return (*self.summary, *self.blocks)


@dataclass(frozen=True, slots=True)
class Divider:
    """A thematic break."""

    method: ClassVar[str] = "divider"
    line: int

    def parts(self) -> tuple[Node, ...]:
        return ()


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


Inline = (
    Text
    | Code
    | LineBreak
    | NoteRef
    | Image
    | Emphasis
    | Strong
    | Deleted
    | Inserted
    | Underline
    | Superscript
    | Subscript
    | Small
    | Mark
    | Keyboard
    | Link
)
"""Every inline node kind."""

Block = Paragraph | List | Item | Quote | CodeBlock | Table | Row | Cell | Figure | Details | Divider | Note | Section
"""Every block node kind; Item, Row, Cell, Note and Section occur only inside their parents."""

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
