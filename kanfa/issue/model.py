"""The issue: what an editor wrote, as one typed, frozen value.

The node kinds of its body are declared in `kanfa.issue.nodes` and can be imported from here as well.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kanfa.issue.inline_nodes import (
    Code,
    Deleted,
    Emphasis,
    Image,
    Inline,
    Inserted,
    Keyboard,
    LineBreak,
    Link,
    Mark,
    Math,
    NoteRef,
    Ruby,
    Small,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
)
from kanfa.issue.nodes import (
    Align,
    Block,
    Callout,
    CalloutKind,
    Cell,
    CodeBlock,
    Details,
    Divider,
    Figure,
    Item,
    Lead,
    List,
    MathBlock,
    Node,
    Note,
    Only,
    Paragraph,
    Pictured,
    QrCode,
    Quote,
    Row,
    Section,
    Table,
    text_of,
    walk,
)

__all__ = [
    "Align",
    "Asset",
    "Block",
    "Callout",
    "CalloutKind",
    "Cell",
    "Code",
    "CodeBlock",
    "Deleted",
    "Details",
    "Divider",
    "Emphasis",
    "Figure",
    "Image",
    "Inline",
    "Inserted",
    "Issue",
    "Item",
    "Keyboard",
    "Lead",
    "LineBreak",
    "Link",
    "List",
    "Mark",
    "Math",
    "MathBlock",
    "Node",
    "Note",
    "NoteRef",
    "Only",
    "Paragraph",
    "Pictured",
    "PreviousIssue",
    "QrCode",
    "Quote",
    "Reference",
    "Row",
    "Ruby",
    "Section",
    "Small",
    "Strong",
    "Subscript",
    "Superscript",
    "Table",
    "Text",
    "Underline",
    "text_of",
    "walk",
]

_MAX_SLUG = 80
"""Characters of a file's name that its slug keeps: paths within a release must stay short."""

_DEVICE = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)
"""Names of devices in Windows: no folder can be called so (Microsoft, “Naming Files, Paths, and Namespaces”)."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A local picture of the issue, loaded and sniffed."""

    src: str
    """Exactly as the text names it."""
    name: str
    """File name within the release's `images/` folder: unique, ASCII, with the right extension."""
    media_type: str
    """`image/png`, `image/jpeg`, `image/gif`, `image/webp`, `image/avif` or `image/svg+xml`, from the bytes and not
    from the name."""
    data: bytes = field(repr=False)
    """The file as the editor gave it; `kanfa.pictures` brings it into the form that a channel takes."""
    sha256: str
    width: int
    """Pixels as shown, after the rotation that EXIF asks for; CSS pixels of an SVG."""
    height: int
    """The same."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One address that the issue links to, numbered by first use (1-based)."""

    number: int
    href: str
    text: str
    """Text of the first link to it."""
    line: int


@dataclass(frozen=True, slots=True)
class PreviousIssue:
    """An earlier issue, as the editor lists it; gaps in the numbers are shown, not filled."""

    number: int | None
    title: str
    line: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the newsletter."""

    title: str
    file: str
    """Path that findings name: relative to the publication, or the bare file name outside one."""
    number: int | None = None
    short_title: str = ""
    """For channels with a short title field; the title itself when the editor gave none."""
    date: datetime.date | None = None
    summary: str = ""
    """Digest: e-mail preheader, WeChat digest, PDF subject."""
    language: str = "zh-CN"
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    publisher: str = ""
    cover: Image | None = None
    keywords: tuple[str, ...] = ()
    preamble: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()
    previous: tuple[PreviousIssue, ...] = ()
    newer: PreviousIssue | None = None
    """The next issue of the publication, where one exists already: for pages that lead from issue to issue."""
    assets: tuple[Asset, ...] = ()
    source: str = field(default="", repr=False)
    """The Markdown source, decoded; findings quote it."""
    lines_of: Mapping[str, int] = field(default_factory=dict)
    """Source line of each metadata field that the source gave (`title`, `date`, …)."""

    @property
    def slug(self) -> str:
        """Name of the issue in paths: `009`, else its date, else a safe form of the file's name.

        A file name that no path can keep as it is (Chinese, longer than 80 characters, a device name of Windows)
        is followed by eight digits of its SHA-256, so that two such files never share one slug.
        """
        if self.number is not None:
            return f"{self.number:03d}"
        if self.date is not None:
            return self.date.isoformat()
        stem = self.file.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
        safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in stem).strip("-")
        if safe == stem and len(safe) <= _MAX_SLUG and not _DEVICE.fullmatch(safe):
            return safe or "issue"
        digest = hashlib.sha256(stem.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{safe[:_MAX_SLUG] or 'issue'}-{digest[:8]}"

    def line_of(self, name: str) -> int:
        """Line of the metadata field `name`, or 1."""
        return self.lines_of.get(name, 1)

    def body(self) -> tuple[Block, ...]:
        """Preamble, sections and notes, in reading order."""
        return (*self.preamble, *self.sections, *self.notes)

    def walk(self) -> Iterator[Node]:
        """Every node of the body, parents before children, in reading order."""
        for block in self.body():
            yield from walk(block)

    def links(self) -> Iterator[Link]:
        """Every link of the body; a linked figure counts as a link that holds its picture."""
        for node in self.walk():
            if isinstance(node, Link):
                yield node
            elif isinstance(node, Figure) and node.href:
                yield Link(node.href, (node.image,), node.line)

    def images(self) -> Iterator[Image]:
        """Every picture of the body."""
        return (node for node in self.walk() if isinstance(node, Image))

    def pictured(self) -> Iterator[Pictured]:
        """Every picture and formula of the body, in reading order: what needs words where it cannot be shown."""
        return (node for node in self.walk() if isinstance(node, Pictured))

    def asset(self, src: str) -> Asset | None:
        """The local picture that the text calls `src`, when it could be loaded."""
        return next((asset for asset in self.assets if asset.src == src), None)
