"""The HTML of an issue for the PDF engine: what survives PDF/UA-1 and Chinese line setting."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from kanfa.findings import Finding
from kanfa.html import Attributes, HtmlWriter, el
from kanfa.issue.model import (
    Block,
    Cell,
    Code,
    CodeBlock,
    Details,
    Figure,
    Image,
    Inline,
    Issue,
    Item,
    Link,
    List,
    Node,
    Note,
    NoteRef,
    Paragraph,
    PreviousIssue,
    Quote,
    Row,
    Section,
    Table,
    Text,
    text_of,
)
from kanfa.labels import Labels
from kanfa.pdf import typography
from kanfa.pdf.limits import LIMITS, LINK_SCHEMES, POINTS_PER_MM
from kanfa.pdf.outline import plain, shortened
from kanfa.pdf.rules import LINK_TARGET, PICTURE_MISSING, PICTURE_REMOTE, TABLE_TOO_WIDE, TOO_DEEP
from kanfa.pdf.tables import layout_of

CONTAINERS = List | Quote | Details
"""Blocks that take width from what stands in them."""
SMALL_PICTURE = 128
"""Pixels of height up to which a picture within text is a sign among letters and is set at their size."""


class PdfWriter(HtmlWriter):
    """HTML for WeasyPrint. `findings` grows with each substitute that the writer makes."""

    def __init__(self, issue: Issue, labels: Labels) -> None:
        super().__init__(issue)
        self.labels = labels
        self.findings: list[Finding] = []
        self._followers: dict[int, str] = {}
        self._depth = 0
        self._inline_depth = 0
        self._in_link = False
        self._in_table = False
        self._first: set[int] = set()

    # -- depth

    def write(self, node: Node) -> Markup:
        """The HTML of one node; a node nested beyond the limits gives its words and a finding."""
        inline = isinstance(node, Inline)
        if inline and node.parts() and self._inline_depth >= LIMITS.max_inline_nesting:
            return self._words_of(node)
        if isinstance(node, CONTAINERS) and self._depth >= LIMITS.max_nesting:
            return self._words_of(node)
        if not inline:
            return self._block(node)
        self._inline_depth += 1
        result = super().write(node)
        self._inline_depth -= 1
        return result

    def _begin(self, inlines: Sequence[Node]) -> None:
        """Learn about one block's inline content what its parts need to know: what follows, what comes first."""
        self._followers |= typography.followers(inlines)
        while inlines:
            self._first.add(id(inlines[0]))
            inlines = tuple(inlines[0].parts())

    def _words_of(self, node: Node) -> Markup:
        words = text_of(node)
        self.findings.append(TOO_DEEP.at(node.line, f"set as plain words: {_shown(words)}"))
        return escape(words)

    def _block(self, node: Node) -> Markup:
        inlines = tuple(part for part in node.parts() if isinstance(part, Inline))
        if inlines:
            self._begin(inlines)
        deeper = isinstance(node, CONTAINERS)
        self._depth += deeper
        result = super().write(node)
        self._depth -= deeper
        return result

    # -- text

    def phrase(self, text: str) -> Markup:
        """A piece of metadata, set like running text."""
        return self._set(text, "")

    def text(self, node: Text) -> Markup:
        return self._set(node.text, self._followers.get(id(node), ""))

    def _set(self, text: str, after: str) -> Markup:
        pieces: list[str] = []
        for run in typography.runs(text, after):
            words = typography.joined(run.text)
            pieces.append(el("span", {"class": "gap"}, words) if run.gap else words)
        return Markup("").join(pieces)

    def code(self, node: Code) -> Markup:
        code = el("code", None, typography.joined(node.text))
        return code if id(node) in self._first else self._breakable(node.text) + code

    def _breakable(self, text: str) -> Markup:
        """A break opportunity before an element that holds a very long word.

        The engine breaks such a word only at the start of a line; glued to what precedes, it would run off the
        page. At the start of a block the opportunity would give an empty line.
        """
        words = "".join(" " if typography.is_han(char) else char for char in text).split()
        longest = LIMITS.unbroken_cell if self._in_table else LIMITS.unbroken
        return el("wbr") if max(map(len, words), default=0) > longest else Markup("")

    # -- pictures

    def image_src(self, image: Image) -> str:
        asset = self.issue.asset(image.src)
        return f"asset:{asset.name}" if asset else ""

    def missing_image(self, image: Image) -> Markup:
        rule = PICTURE_REMOTE if image.is_remote else PICTURE_MISSING
        self.findings.append(rule.at(image.line, f"printed as words: {_shown(image.label)} ({_shown(image.src)})"))
        words = image.words
        if image.is_remote and not self._in_link:
            return el("a", {"href": image.src, "class": "substitute"}, words)
        return el("span", {"class": "substitute"}, words)

    def image(self, node: Image) -> Markup:
        src = self.image_src(node)
        asset = self.issue.asset(node.src)
        if not src or asset is None:
            return self.missing_image(node)
        small = asset.height <= SMALL_PICTURE and node.width is None
        attributes = {"src": src, "alt": node.label, "class": "sign" if small else "picture"}
        return el("img", attributes | {"style": None if small else f"width:{node.width or asset.width}px"})

    def figure(self, node: Figure) -> Markup:
        asset = self.issue.asset(node.image.src)
        if asset is None:
            picture = self._linked(node.href, node.line, lambda: self.missing_image(node.image), inline=False)
        else:
            width = f"width:{node.image.width or asset.width}px"
            attributes = {"src": self.image_src(node.image), "alt": node.image.label, "style": width}
            picture = self._linked(node.href, node.line, lambda: el("img", attributes), inline=False)
        caption = [el("figcaption", None, self.write_all(node.caption))] if node.caption else []
        return el("figure", None, picture, *caption)

    # -- links

    def link(self, node: Link) -> Markup:
        return self._linked(
            node.href, node.line, lambda: self.write_all(node.children), inline=id(node) not in self._first
        )

    def previous_title(self, item: PreviousIssue) -> Markup:
        """The title of an earlier issue, linked where it has an address."""
        return self._linked(item.href, item.line, lambda: self.phrase(item.title))

    def _linked(self, href: str, line: int, content: Callable[[], Markup], *, inline: bool = True) -> Markup:
        """`content` as a link; without address, within a link or with a refused scheme as itself.

        `inline`: other words of its block stand before it.
        """
        if not href or self._in_link:
            return content()
        if Link(href, (), line).scheme not in LINK_SCHEMES:
            self.findings.append(LINK_TARGET.at(line, f"printed with its address instead of a link: {_shown(href)}"))
            return content() + el("span", {"class": "address"}, f"（{href}）")
        self._in_link = True
        shown = content()
        self._in_link = False
        return (self._breakable(shown.striptags()) if inline else Markup("")) + el("a", {"href": href}, shown)

    def note_ref(self, node: NoteRef) -> Markup:
        if self._in_link:
            return el("sup", {"class": "note-ref"}, f"[{node.number}]")
        return super().note_ref(node)

    # -- blocks

    def list(self, node: List) -> Markup:
        items = Markup("").join(self._list_item(item, node.tight) for item in node.items)
        if node.start is None:
            return el("ul", None, items)
        # PDF/UA tags and WeasyPrint count by the counter; it ignores the start attribute
        return el("ol", {"style": f"counter-reset:list-item {node.start - 1}" if node.start != 1 else None}, items)

    def _list_item(self, node: Item, tight: bool) -> Markup:
        for block in node.blocks:
            if isinstance(block, Paragraph):
                self._begin(block.children)
        return self.item(node, tight)

    def code_block(self, node: CodeBlock) -> Markup:
        return el("pre", {"class": "code"}, el("code", None, node.text))

    def table(self, node: Table) -> Markup:
        """A table; where the engine would let it run off the page it gets its column widths from here."""
        width = (LIMITS.text_width - LIMITS.nesting_width * self._depth) * POINTS_PER_MM
        layout = layout_of(node, self.issue, width)
        if not layout.legible:
            self.findings.append(TABLE_TOO_WIDE.at(node.line, "printed row by row, each row as a paragraph"))
            return self._records(node)
        self._in_table = True
        if not layout.fixed:
            result = super().table(node)
        else:
            columns = el("colgroup", None, *(el("col", {"style": f"width:{share:.2f}%"}) for share in layout.shares))
            caption = [el("caption", None, self.write_all(node.caption))] if node.caption else []
            head = [el("thead", None, self.write_all(node.head))] if node.head else []
            body = el("tbody", None, self.write_all(node.body))
            result = el("table", {"class": f"data fixed {layout.size}".strip()}, *caption, columns, *head, body)
        self._in_table = False
        return result

    def _records(self, node: Table) -> Markup:
        """A table without columns: its rows as paragraphs, the cells in their order between bars."""
        paragraphs = [el("p", None, el("strong", None, self.write_all(node.caption)))] if node.caption else []
        for row in (*node.head, *node.body):
            cells: list[Markup] = []
            for cell in row.cells:
                self._begin(cell.children)
                words = self.write_all(cell.children)
                cells.append(el("strong", None, words) if cell.header else words)
            paragraphs.append(el("p", None, el("span", {"class": "bar"}, " | ").join(cells)))
        return el("div", {"class": "records"}, *paragraphs)

    def row(self, node: Row) -> Markup:
        beside_data = any(not cell.header for cell in node.cells)
        cells = [self._row_cell(cell, beside_data) for cell in node.cells]
        return el("tr", None, *cells)

    def _row_cell(self, node: Cell, beside_data: bool) -> Markup:
        """A cell; a header beside data cells heads its row, and the engine lists it for them."""
        self._begin(node.children)
        attributes = self.cell_attributes(node)
        if node.header and beside_data:
            attributes["scope"] = "row"
        return el("th" if node.header else "td", attributes, self.write_all(node.children))

    def cell_attributes(self, node: Cell) -> dict[str, str | int | None]:
        attributes = super().cell_attributes(node)
        for name in ("colspan", "rowspan"):
            value = attributes[name]
            attributes[name] = min(int(value), LIMITS.max_span) if value is not None else None
        return attributes

    def note(self, node: Note) -> Markup:
        number = el("span", {"class": "note-number"}, f"[{node.number}]") + " "
        back = Markup("")
        if node.number in self._called:
            back = el("a", {"href": f"#fnref-{node.number}", "class": "note-back"}, "↑")
        blocks: tuple[Block | None, ...] = node.blocks
        if not isinstance(node.blocks[0] if node.blocks else None, Paragraph):
            blocks = (None, *blocks)  # a line of its own for the number, and one for the way back
        if not isinstance(blocks[-1], Paragraph):
            blocks = (*blocks, None)
        attributes: Attributes = {"class": "note", "id": f"fn-{node.number}"}
        pieces = []
        for at, block in enumerate(blocks):
            first, last = (number if at == 0 else ""), (back if at == len(blocks) - 1 else "")
            if isinstance(block, Paragraph):
                self._begin(block.children)
                pieces.append(el("p", None, first, self.write_all(block.children), last))
            else:
                pieces.append(el("p", None, first, last) if block is None else self.write(block))
        return el("div", attributes, *pieces)

    def heading(self, node: Section) -> Markup:
        level = min(6, node.level + self.heading_offset)
        title = plain(node.title, self.labels)
        attributes = {"id": node.anchor, "data-title": title, "data-running": shortened(title)}
        return el(f"h{level}", attributes, self.write_all(node.title) or title)


def _shown(text: str) -> str:
    """`text` on one line, at most 60 characters, in quotation marks."""
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= 60 else flat[:59] + '…'}”"
