"""The plain-text writer: the issue for people who read mail as text, written from the tree.

Links are numbered by first use and listed at the end, as `issue.references` counts them; a picture is
`[图：…]`. Nothing is wrapped: a text/plain part travels as base64 and readers wrap it themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

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
)
from kanfa.labels import Labels, labels_for

QUOTE_MARK, CALLOUT_MARK = ">\u00a0", "|\u00a0"
"""What begins each line of a quotation and of a callout. With a no-break space, so that whoever reads the text back
can tell them from an author's own marks."""

RULE_WIDTH = 40
"""Columns of a divider and longest underline of a heading."""


def width_of(text: str) -> int:
    """Columns that `text` takes in a terminal: 2 for East Asian wide and full-width characters, else 1."""
    return sum(2 if east_asian_width(char) in "FW" else 1 for char in text)


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
        self._numbers = {reference.href: reference.number for reference in issue.references}
        self._depth = 0

    def write(self, node: Node) -> str:
        """The text of one node."""
        result: str = getattr(self, node.method)(node)
        return result

    def inlines(self, nodes: Iterable[Node]) -> str:
        """The text of inline nodes, joined."""
        return "".join(self.write(node) for node in nodes)

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
        return f"〔注{node.number}〕"

    def image(self, node: Image) -> str:
        return node.words

    def emphasis(self, node: Emphasis) -> str:
        return self.inlines(node.children)

    def strong(self, node: Strong) -> str:
        return self.inlines(node.children)

    def deleted(self, node: Deleted) -> str:
        return f"（删：{self.inlines(node.children)}）"

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
        return f"{self.inlines(node.children)}（{self.inlines(node.reading)}）"

    def link(self, node: Link) -> str:
        shown = self.inlines(node.children)
        number = self._numbers.get(node.href)
        return shown if number is None else f"{shown}[{number}]"

    # -- block nodes

    def paragraph(self, node: Paragraph) -> str:
        return self.inlines(node.children)

    def list(self, node: List) -> str:
        marker = self.bullets[min(self._depth, len(self.bullets) - 1)]
        self._depth += 1
        items = []
        for offset, item in enumerate(node.items):
            lead = f"{marker} " if node.start is None else f"{node.start + offset}. "
            body = self.item(item) if not node.tight else self.tight_item(item)
            if item.checked is not None:
                box = "☑ " if item.checked else "☐ "
                lead = box if node.start is None else lead + box
            items.append(indented(body, lead, " " * width_of(lead)))
        self._depth -= 1
        return ("\n" if node.tight else "\n\n").join(items)

    def item(self, node: Item) -> str:
        return self.blocks(node.blocks)

    def tight_item(self, node: Item) -> str:
        """An item of a tight list: its blocks on lines of their own, no empty line between."""
        return "\n".join(text for block in node.blocks if (text := self.write(block)))

    def lead(self, node: Lead) -> str:
        if not node.source:
            return self.link(node.link)
        return f"{self.link(node.link)}\n{self.labels.source}{self.labels.colon}{self.inlines(node.source)}"

    def callout(self, node: Callout) -> str:
        title = f"【{kind_before(node, self.labels)}{self.inlines(node.title)}】"
        body = self.blocks(node.blocks)
        return "\n".join([title, *(CALLOUT_MARK + line for line in body.split("\n") if body)])

    def only(self, node: Only) -> str:
        return self.blocks(node.blocks)

    def math_block(self, node: MathBlock) -> str:
        return indented(node.words, "    ", "    ")

    def qr_code(self, node: QrCode) -> str:
        return self.link(node.link)

    def quote(self, node: Quote) -> str:
        return indented(self.blocks(node.blocks), QUOTE_MARK, QUOTE_MARK)

    def code_block(self, node: CodeBlock) -> str:
        title = f"{node.title}{self.labels.colon}\n" if node.title else ""
        return title + indented(node.text.expandtabs(4), "    ", "    ")

    def table(self, node: Table) -> str:
        caption = [self.inlines(node.caption)] if node.caption else []
        head = [self.row(row) for row in node.head]
        rule = ["-" * min(RULE_WIDTH, max((width_of(line) for line in head), default=3))] if head else []
        return "\n".join([*caption, *head, *rule, *(self.row(row) for row in node.body)])

    def row(self, node: Row) -> str:
        return " | ".join(self.cell(cell) for cell in node.cells)

    def cell(self, node: Cell) -> str:
        return self.inlines(node.children).replace("\n", " ")

    def figure(self, node: Figure) -> str:
        number = self._numbers.get(node.href) if node.href else None
        picture = self.image(node.image) + (f"[{number}]" if number is not None else "")
        return "\n".join([picture, *([self.inlines(node.caption)] if node.caption else [])])

    def details(self, node: Details) -> str:
        summary = self.inlines(node.summary) or labels_for(self.issue.language).details
        return f"{summary}\n\n{self.blocks(node.blocks)}"

    def divider(self, node: Divider) -> str:
        return "* * *"

    def note(self, node: Note) -> str:
        return indented(self.blocks(node.blocks), f"〔注{node.number}〕", "    ")

    def section(self, node: Section) -> str:
        return "\n\n".join(
            text for text in (self.heading(node), self.blocks(node.blocks), self.blocks(node.groups)) if text
        )

    def heading(self, node: Section) -> str:
        """A heading: sections are underlined with `=`, groups with `-`, deeper ones stand alone."""
        title = self.inlines(node.title).replace("\n", " ")
        underline = {1: "=", 2: "-"}.get(node.level, "")
        columns = min(RULE_WIDTH, width_of(title))
        return f"{title}\n{underline * columns}" if underline else title

    def reference_list(self) -> str:
        """Every address of the issue on a line of its own, in angle brackets, with its number."""
        return "\n".join(f"[{reference.number}] <{reference.href}>" for reference in self.issue.references)
