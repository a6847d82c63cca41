"""The plain-text writer: the issue for people who read mail as text, written from the tree.

Links are numbered by first use and listed at the end. The address of a lead item or of a code to scan stands on a
line of its own below its words instead, and an address that is its own words where it is: always in angle brackets
(RFC 3986, appendix C), so that it can be read back whatever stands beside it. A picture is `[图：…]`.
Lines are wrapped by the columns they take; code and formulas never are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kanfa.issue.addresses import SCHEMES
from kanfa.issue.model import (
    Callout,
    Cell,
    Code,
    CodeBlock,
    Deleted,
    Details,
    Divider,
    Emphasis,
    Figure,
    Image,
    Inserted,
    Issue,
    Item,
    Keyboard,
    Lead,
    LineBreak,
    Link,
    List,
    Mark,
    Math,
    MathBlock,
    Node,
    Note,
    NoteRef,
    Only,
    Paragraph,
    QrCode,
    Quote,
    Row,
    Ruby,
    Section,
    Small,
    Strong,
    Subscript,
    Superscript,
    Table,
    Text,
    Underline,
    walk,
)
from kanfa.labels import Labels, is_chinese, labels_for
from kanfa.text_tables import table_text
from kanfa.wrapping import width_of, wrapped

__all__ = [
    "CALLOUT_MARK",
    "COLUMNS",
    "QUOTE_MARK",
    "RULE_WIDTH",
    "TextWriter",
    "image_words",
    "indented",
    "kind_before",
    "underlined",
    "width_of",
    "words_of",
]

DEEP_HEADING = "■ "
"""Before a heading of the third level or a deeper one."""

NOTE_INDENT = "    "

QUOTE_MARK, CALLOUT_MARK = ">\u00a0", "|\u00a0"
"""What begins each line of a quotation and of a callout. With a no-break space, so that whoever reads the text back
can tell them from an author's own marks."""

COLUMNS = 72
"""Widest line, columns. Below 76, so that reply marks fit before it (RFC 3676, 4.2), and because fonts for Chinese
draw some characters twice as wide as they are counted."""

LEAST_COLUMNS = 24
"""What is left for text however deep lists and quotations are nested."""

_HELD = "\x1f"
"""A space that is no place to break, while lines are made: no issue holds this control character."""

RULE_WIDTH = 40
"""Columns of a divider and longest underline of a heading."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the text puts round words where other formats have a form; `{}` is the words."""

    note: str
    after_note: str
    """Between a note's number and its text."""
    deleted: str
    reading: str
    image: str
    callout: str


CHINESE = Marks("〔注{}〕", "", "（删：{}）", "（{}）", "[图：{}]", "【{}】")
ENGLISH = Marks("[note {}]", " ", "(deleted: {})", " ({})", "[Image: {}]", "[{}]")


def marks_for(language: str) -> Marks:
    """The marks for an issue's language tag; never fails."""
    return CHINESE if is_chinese(language) else ENGLISH


def image_words(image: Image, language: str) -> str:
    """What stands for a picture: `[图：…]`, or `[Image: …]` where the issue is not Chinese."""
    if is_chinese(language):
        return image.words
    return ENGLISH.image.format(image.alt or image.title or labels_for(language).image)


def indented(text: str, first: str, rest: str) -> str:
    """`text` with `first` before its first line and `rest` before every other line that is not empty."""
    head, *tail = text.split("\n")
    return "\n".join([first + head, *(rest + line if line else line for line in tail)])


def words_of(*nodes: Node) -> str:
    """The words of inline nodes in one line, for a list of contents or a preview: notes and pictures left out,
    formulas and readings kept."""
    return " ".join("".join(_words(nodes)).split())


def _words(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Text | Code):
            yield node.text
        elif isinstance(node, LineBreak):
            yield " "
        elif isinstance(node, Math):
            yield node.words
        elif isinstance(node, Ruby):
            yield from (*_words(node.children), "（", *_words(node.reading), "）")
        else:
            yield from _words(node.parts())


def kind_before(node: Callout, labels: Labels) -> str:
    """What stands before a callout's own title: the word of its kind and a colon, the word alone without a title.

    Nothing when the title begins with that word: “注意事项” says what it is.
    """
    word = labels.callouts[node.kind]
    if not node.title:
        return word
    return "" if words_of(*node.title).casefold().startswith(word.casefold()) else f"{word}{labels.colon}"


class TextWriter:
    """Plain text of an issue's nodes: inline methods give a line, block methods give lines without a final newline."""

    bullets = ("•", "◦", "▪")
    """Markers of bullet lists by depth; the last serves all deeper levels."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self.labels = labels_for(issue.language)
        self.marks = marks_for(issue.language)
        self.references = _listed(issue)
        """The addresses that the list at the end holds."""
        self._numbers = {href: number for number, href in enumerate(self.references, start=1)}
        self._depth = 0
        self._columns = COLUMNS

    def write(self, node: Node) -> str:
        """The text of one node."""
        result: str = getattr(self, node.method)(node)
        return result

    def inlines(self, nodes: Iterable[Node]) -> str:
        """The text of inline nodes, joined."""
        return "".join(self.write(node) for node in nodes)

    def lines(self, nodes: Iterable[Node]) -> str:
        """The text of inline nodes, wrapped to the columns there are; short code stays in one piece."""
        nodes = tuple(nodes)
        text = self.inlines(nodes)
        codes = {node.text for top in nodes for node in walk(top) if isinstance(node, Code)}
        for code in sorted(codes, key=lambda code: (-len(code), code)):  # a set has no order, and one may begin another
            if " " in code and width_of(code) <= LEAST_COLUMNS:
                text = text.replace(code, code.replace(" ", _HELD))
        return wrapped(text, self._columns).replace(_HELD, " ")

    @contextmanager
    def _within(self, *leads: str) -> Iterator[None]:
        """What is written meanwhile stands behind the widest of `leads`, and is wrapped accordingly."""
        before = self._columns
        self._columns = max(LEAST_COLUMNS, before - max(map(width_of, leads)))
        try:
            yield
        finally:
            self._columns = before

    def blocks(self, nodes: Iterable[Node]) -> str:
        """The text of block nodes, one empty line between them."""
        return "\n\n".join(text for node in nodes if (text := self.write(node)))

    # -- inline nodes

    def text(self, node: Text) -> str:
        return node.text

    def code(self, node: Code) -> str:
        return node.text

    def line_break(self, node: LineBreak) -> str:
        return "\n"

    def note_ref(self, node: NoteRef) -> str:
        return self.marks.note.format(node.number)

    def image(self, node: Image) -> str:
        return image_words(node, self.issue.language)

    def emphasis(self, node: Emphasis) -> str:
        return self.inlines(node.children)

    def strong(self, node: Strong) -> str:
        return self.inlines(node.children)

    def deleted(self, node: Deleted) -> str:
        return self.marks.deleted.format(self.inlines(node.children))

    def inserted(self, node: Inserted) -> str:
        return self.inlines(node.children)

    def underline(self, node: Underline) -> str:
        return self.inlines(node.children)

    def superscript(self, node: Superscript) -> str:
        return f"^{self.inlines(node.children)}"

    def subscript(self, node: Subscript) -> str:
        return f"_{self.inlines(node.children)}"

    def small(self, node: Small) -> str:
        return self.inlines(node.children)

    def mark(self, node: Mark) -> str:
        return self.inlines(node.children)

    def keyboard(self, node: Keyboard) -> str:
        return self.inlines(node.children)

    def math(self, node: Math) -> str:
        return node.words

    def ruby(self, node: Ruby) -> str:
        return self.inlines(node.children) + self.marks.reading.format(self.inlines(node.reading))

    def link(self, node: Link) -> str:
        shown = self.inlines(node.children)
        if _is_bare(node) and _can_be_read_back(node):
            return f"<{shown}>"
        number = self._numbers.get(node.href)
        return shown if number is None else f"{shown}[{number}]"

    # -- block nodes

    def paragraph(self, node: Paragraph) -> str:
        return self.lines(node.children)

    def list(self, node: List) -> str:
        marker = self.bullets[min(self._depth, len(self.bullets) - 1)]
        self._depth += 1
        items = []
        for offset, item in enumerate(node.items):
            lead = f"{marker} " if node.start is None else f"{node.start + offset}. "
            if item.checked is not None:
                box = "☑ " if item.checked else "☐ "
                lead = box if node.start is None else lead + box
            with self._within(lead):
                body = self.tight_item(item) if node.tight else self.item(item)
            items.append(indented(body, lead, " " * width_of(lead)))
        self._depth -= 1
        return ("\n" if node.tight else "\n\n").join(items)

    def item(self, node: Item) -> str:
        return self.blocks(node.blocks)

    def tight_item(self, node: Item) -> str:
        """An item of a tight list: its blocks on lines of their own, no empty line between."""
        return "\n".join(text for block in node.blocks if (text := self.write(block)))

    def lead(self, node: Lead) -> str:
        source = f"{self.labels.source}{self.labels.colon}{self.inlines(node.source)}" if node.source else ""
        return "\n".join([self._title_and_address(node.link), *([wrapped(source, self._columns)] if source else [])])

    def _title_and_address(self, link: Link) -> str:
        """The words of a link, and its address alone on the line below: there it is easily opened and never cut."""
        if not _can_be_read_back(link):
            return self.lines([link])
        return f"{self.lines(link.children)}\n<{link.href}>"

    def callout(self, node: Callout) -> str:
        title = self.marks.callout.format(kind_before(node, self.labels) + self.inlines(node.title))
        with self._within(CALLOUT_MARK):
            body = self.blocks(node.blocks)
        return "\n".join([wrapped(title, self._columns), *(CALLOUT_MARK + line for line in body.split("\n") if body)])

    def only(self, node: Only) -> str:
        return self.blocks(node.blocks)

    def math_block(self, node: MathBlock) -> str:
        return indented(node.words, "    ", "    ")

    def qr_code(self, node: QrCode) -> str:
        return self._title_and_address(node.link)

    def quote(self, node: Quote) -> str:
        with self._within(QUOTE_MARK):
            body = self.blocks(node.blocks)
        return "\n".join(QUOTE_MARK + line for line in body.split("\n"))

    def code_block(self, node: CodeBlock) -> str:
        title = f"{node.title}{self.labels.colon}\n" if node.title else ""
        return title + indented(node.text.expandtabs(4), "    ", "    ")

    def table(self, node: Table) -> str:
        caption = [self.lines(node.caption)] if node.caption else []
        return "\n".join([*caption, table_text(node, self.cell, self.labels.colon, self._columns)])

    def row(self, node: Row) -> str:
        return " | ".join(self.cell(cell) for cell in node.cells)

    def cell(self, node: Cell) -> str:
        return self.inlines(node.children).replace("\n", " ")

    def figure(self, node: Figure) -> str:
        number = self._numbers.get(node.href) if node.href else None
        picture = self.image(node.image) + (f"[{number}]" if number is not None else "")
        return "\n".join([wrapped(picture, self._columns), *([self.lines(node.caption)] if node.caption else [])])

    def details(self, node: Details) -> str:
        summary = self.lines(node.summary) or self.labels.details
        return f"{summary}\n\n{self.blocks(node.blocks)}"

    def divider(self, node: Divider) -> str:
        return "* * *"

    def note(self, node: Note) -> str:
        lead = self.marks.note.format(node.number) + self.marks.after_note
        with self._within(lead):
            body = self.blocks(node.blocks)
        return indented(body, lead, NOTE_INDENT)

    def section(self, node: Section) -> str:
        return "\n\n".join(
            text for text in (self.heading(node), self.blocks(node.blocks), self.blocks(node.groups)) if text
        )

    def heading(self, node: Section) -> str:
        """A heading: sections are underlined with `=`, groups with `-`, deeper ones begin with a square."""
        title = self.inlines(node.title).replace("\n", " ")
        underline = {1: "=", 2: "-"}.get(node.level, "")
        if not underline:
            return indented(wrapped(title, self._columns - width_of(DEEP_HEADING)), DEEP_HEADING, "   ")
        return underlined(wrapped(title, self._columns), underline)

    def reference_list(self) -> str:
        """Every address that does not stand beside its words, on a line of its own, in angle brackets, numbered."""
        return "\n".join(f"[{number}] <{href}>" for href, number in self._numbers.items())


def underlined(text: str, char: str) -> str:
    """`text` with a rule of `char` below it, as wide as its widest line but no wider than RULE_WIDTH."""
    return f"{text}\n{char * min(RULE_WIDTH, max(width_of(line) for line in text.split(chr(10))))}"


def _can_be_read_back(link: Link) -> bool:
    """Whether the address alone in angle brackets shows that it is one."""
    return link.scheme in SCHEMES


def _listed(issue: Issue) -> tuple[str, ...]:
    """The addresses of `issue.references` without those that stand beside their words wherever they occur."""
    beside: set[str] = set()
    numbered: set[str] = set()
    stack: list[Node] = list(reversed(issue.body()))
    while stack:
        node = stack.pop()
        if isinstance(node, Lead | QrCode):
            beside.add(node.link.href)
            stack += [part for part in node.parts() if part is not node.link]
            continue
        if isinstance(node, Link):
            (beside if _is_bare(node) else numbered).add(node.href)
        elif isinstance(node, Figure) and node.href:
            numbered.add(node.href)
        stack += reversed(node.parts())
    return tuple(one.href for one in issue.references if one.href in numbered or one.href not in beside)


def _is_bare(link: Link) -> bool:
    return len(link.children) == 1 and isinstance(link.children[0], Text) and link.children[0].text == link.href
