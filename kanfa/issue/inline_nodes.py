"""The inline nodes of the issue tree; `kanfa.issue.nodes` has the block nodes and the unions of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit


class Leaf:
    """A node without nodes below it."""

    __slots__ = ()

    def parts(self) -> tuple[()]:
        return ()


@dataclass(frozen=True, slots=True)
class Text(Leaf):
    """Plain characters. A soft break has already become one space, or nothing between Han characters."""

    method: ClassVar[str] = "text"
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Code(Leaf):
    """Inline code; `text` is literal."""

    method: ClassVar[str] = "code"
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class LineBreak(Leaf):
    """A hard line break."""

    method: ClassVar[str] = "line_break"
    line: int


@dataclass(frozen=True, slots=True)
class NoteRef(Leaf):
    """A call of footnote `number` (1-based, in order of first use)."""

    method: ClassVar[str] = "note_ref"
    number: int
    line: int


@dataclass(frozen=True, slots=True)
class Image(Leaf):
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


@dataclass(frozen=True, slots=True)
class Formula(Leaf):
    """TeX that `kanfa.maths` can set, without its dollars; the reader refuses any other."""

    dollars: ClassVar[str]
    """What stands on either side where the TeX itself is shown."""
    tex: str
    line: int

    @property
    def label(self) -> str:
        """What stands for the formula in words: its TeX, the alt text of its picture."""
        return self.tex

    @property
    def words(self) -> str:
        """The visible substitute where no picture can stand."""
        return f"{self.dollars}{self.tex}{self.dollars}"


@dataclass(frozen=True, slots=True)
class Math(Formula):
    """A formula in the line."""

    method: ClassVar[str] = "math"
    dollars: ClassVar[str] = "$"


@dataclass(frozen=True, slots=True)
class _Span:
    """An inline container."""

    children: tuple[Inline, ...]
    line: int

    def parts(self) -> tuple[Inline, ...]:
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
class Ruby:
    """Characters with their reading beside them (`{字|zì}`); where nothing can stand above them: 字（zì）."""

    method: ClassVar[str] = "ruby"
    children: tuple[Inline, ...]
    reading: tuple[Inline, ...]
    line: int

    def parts(self) -> tuple[Inline, ...]:
        return (*self.children, *self.reading)


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

    def parts(self) -> tuple[Inline, ...]:
        return self.children


Inline = (
    Text
    | Code
    | LineBreak
    | NoteRef
    | Image
    | Math
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
    | Ruby
    | Link
)
"""Every inline node kind."""
