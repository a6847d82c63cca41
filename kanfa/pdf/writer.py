"""The HTML of an issue for the PDF engine: what survives PDF/UA-1 and Chinese line setting."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf

from markupsafe import Markup

from kanfa.html import Attributes, el
from kanfa.issue.model import (
    Block,
    Callout,
    Cell,
    CodeBlock,
    Figure,
    Inline,
    Item,
    Lead,
    List,
    MathBlock,
    Note,
    Paragraph,
    QrCode,
    Row,
    Section,
    Table,
    text_of,
    walk,
)
from kanfa.pdf import drawings
from kanfa.pdf.code import code_lines
from kanfa.pdf.inline import InlineWriter
from kanfa.pdf.limits import LEADING, LIMITS
from kanfa.pdf.outline import plain, shortened
from kanfa.pdf.rules import QR_TOO_LONG, TABLE_TOO_WIDE
from kanfa.pdf.tables import layout_of
from kanfa.pdf.typography import sequenced
from kanfa.text import kind_before, width_of

NO_MARKUP = Markup("")


class PdfWriter(InlineWriter):
    """HTML for WeasyPrint: the blocks."""

    def list(self, node: List) -> Markup:
        items = Markup("").join(self._list_item(item, node) for item in node.items)
        if node.start is None:
            return el("ul", None, items)
        # PDF/UA tags and WeasyPrint count by the counter; it ignores the start attribute
        return el("ol", {"style": f"counter-reset:list-item {node.start - 1}" if node.start != 1 else None}, items)

    def _list_item(self, node: Item, parent: List) -> Markup:
        names = ["lead-item"] if node.blocks and isinstance(node.blocks[0], Lead) else []
        if node.checked is not None and not parent.ordered:
            names.append("task-item")  # the box stands in the bullet's place
        return el("li", {"class": " ".join(names) or None}, self.item_body(node, parent.tight))

    def item_body(self, node: Item, tight: bool) -> Markup:
        """What stands in an item: its box in the first line, the summary of a lead item as paragraphs."""
        for block in node.blocks:
            if isinstance(block, Paragraph):
                self._begin(block.children)
        box = NO_MARKUP if node.checked is None else self.task_box(node.checked)
        first, *rest = node.blocks or (None,)
        if isinstance(first, Lead):
            return self._lead(first, box) + self.write_all(block for block in rest if block is not None)
        if tight or node.checked is None:
            return super().item_body(node, tight)
        if isinstance(first, Paragraph):
            return el("p", None, box, self.write_all(first.children)) + self.write_all(_present(rest))
        return el("p", None, box) + self.write_all(_present([first, *rest]))

    def task_box(self, checked: bool) -> Markup:
        return el("span", {"class": "task"}, "☑" if checked else "☐") + " "

    def lead(self, node: Lead) -> Markup:
        return self._lead(node, NO_MARKUP)

    def _lead(self, node: Lead, box: Markup) -> Markup:
        self._begin(node.parts())
        title = el("strong", {"class": "lead-title"}, self.write(node.link))
        source = NO_MARKUP
        if node.source:
            source = " " + el("span", {"class": "lead-source"}, "· ", self.write_all(node.source))
        return el("p", {"class": "lead"}, box, title, source)

    # -- passages set apart

    def callout(self, node: Callout) -> Markup:
        # the kind in words, because colour alone says it neither to an ear nor to a grey printer
        head = el("p", {"class": "callout-title"}, kind_before(node, self.labels), self.write_all(node.title))
        name = f"callout of-{node.kind}"
        pictured = any(isinstance(part, Figure) for part in walk(node))
        if self._lines(node) <= (LIMITS.pictured_callout * self.geometry.lines if pictured else LIMITS.short_callout):
            name += " short"
        return el("div", {"class": name}, head, self.write_all(node.blocks))

    def _lines(self, node: Block) -> float:
        """About how many lines a passage takes; infinite for what may be as tall as a page."""
        if isinstance(node, Table | QrCode | MathBlock):
            return inf
        if isinstance(node, Figure):
            asset = self.issue.asset(node.image.src)
            if asset is None:
                return 1
            width = min((node.image.width or asset.width) * 0.75, self._room())  # CSS pixels
            return 2 + width * asset.height / asset.width / (self.geometry.text * LEADING)
        if isinstance(node, CodeBlock):
            return node.text.count("\n") + 3
        lines = 0.0
        if inlines := tuple(part for part in node.parts() if isinstance(part, Inline)):
            lines = ceil(width_of(text_of(*inlines)) / 2 * self.geometry.text / self._room())
        return lines + sum(self._lines(part) for part in node.parts() if isinstance(part, Block))

    def code_block(self, node: CodeBlock) -> Markup:
        title = el("p", {"class": "code-title"}, sequenced(node.title)) if node.title else NO_MARKUP
        name = "code titled" if node.title else "code"
        if node.text.count("\n") < LIMITS.short_code:
            name += " short"
        return title + el("pre", {"class": name}, el("code", None, code_lines(node, self._depth, self.geometry)))

    def math_block(self, node: MathBlock) -> Markup:
        return el("p", {"class": "math-block"}, self._formula(node, display=True))

    def qr_code(self, node: QrCode) -> Markup:
        """The code, and beside it what it leads to: the link's words and its whole address."""
        href = node.link.href
        numbered, self.numbered = self.numbered, False  # its address stands below
        words = [el("p", {"class": "qr-link"}, self.write(node.link))]
        self.numbered = numbered
        if "".join(words[0].striptags().split()) != href:
            words.append(el("p", {"class": "qr-address"}, href))
        try:
            drawn = drawings.qr_code(href)
        except ValueError:
            drawn = None
        if drawn is None or drawn.width > LIMITS.qr_most:
            self.findings.append(
                QR_TOO_LONG.at(
                    node.line,
                    "printed without its code: an address of {length:,} characters",
                    length=len(href),
                    quote=href,
                )
            )
            return el("div", {"class": "qr plain"}, *words)
        self.drawings[drawn.name] = drawn.picture
        label = self.labels.scan + self.labels.colon + plain(node.link.children, self.labels)
        side = f"{drawn.width:.1f}mm"
        room = f"min-height:{drawn.width + 1.6:.1f}mm;padding-left:{drawn.width + 0.8:.1f}mm"
        style = f"width:{side};margin-left:-{side}"
        code = el("img", {"src": f"asset:{drawn.name}", "alt": label, "style": style})
        scan = el("p", {"class": "qr-scan"}, self.labels.scan)
        return el("div", {"class": "qr", "style": room}, code, scan, *words)

    # -- pictures

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

    # -- tables

    def table(self, node: Table) -> Markup:
        """A table; where the engine would let it run off the page it gets its column widths from here."""
        layout = layout_of(node, self.issue, self._room(), self.geometry.tables)
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
        attributes = {"id": node.anchor, "data-title": title, "data-running": shortened(title, self.geometry.running)}
        return el(f"h{level}", attributes, self.write_all(node.title) or title)


def _present(blocks: Sequence[Block | None]) -> list[Block]:
    return [block for block in blocks if block is not None]
