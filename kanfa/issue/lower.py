"""From the rough tree to the model: typed blocks and lines of text, figures, tables and notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kanfa.findings import Finding
from kanfa.issue import rules
from kanfa.issue.addresses import Fault, picture
from kanfa.issue.containers import container, quote
from kanfa.issue.fences import code_block
from kanfa.issue.formulas import one_line
from kanfa.issue.grid import MAX_PADDED, area, padded, widths
from kanfa.issue.inline import Inliner, as_figure, is_blank, tidy
from kanfa.issue.items import lead, task
from kanfa.issue.model import (
    Align,
    Block,
    Cell,
    CodeBlock,
    Details,
    Divider,
    Figure,
    Image,
    Inline,
    Item,
    LineBreak,
    List,
    MathBlock,
    Note,
    Paragraph,
    Row,
    Strong,
    Table,
    text_of,
)
from kanfa.issue.raw import GAP, SPANS, Raw, descendants

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TABLE_PARTS = frozenset({"caption", "thead", "tbody", "tfoot", "tr", GAP})


class Lowering:
    """Builds the model's nodes; footnotes are numbered as their marks are met, so call it in reading order."""

    def __init__(self, notes: Iterable[tuple[str, Raw]]) -> None:
        self.findings: list[Finding] = []
        self._definitions: dict[str, Raw] = {}
        self._doubles: list[tuple[str, Raw]] = []
        for label, note in notes:
            if label in self._definitions:
                self._doubles.append((label, note))
            else:
                self._definitions[label] = note
        self.inliner = Inliner(self.findings, self._definitions)

    def blocks(self, nodes: Iterable[Raw]) -> tuple[Block, ...]:
        """The blocks of `nodes`; what stands in a line between blocks becomes a paragraph."""
        built: list[Block] = []
        run: list[Raw] = []
        for node in nodes:
            if node.is_inline():
                run.append(node)
                continue
            built.extend(self._paragraph(run))
            run = []
            built.extend(self._block(node))
        built.extend(self._paragraph(run))
        return tuple(built)

    def notes(self) -> tuple[Note, ...]:
        """The footnotes in order of first use, then those that nothing refers to."""
        built: list[Note] = []
        numbers = self.inliner.note_numbers
        for label, note in self._doubles:
            mark = f"[^{label}]"
            self.findings.append(rules.NOTE_DUPLICATE.at(note.line, "{mark} is defined before", quote=mark, mark=mark))
            numbers[f"{label} {note.line}"] = len(numbers) + 1
            self._definitions[f"{label} {note.line}"] = note
        unused = iter(tuple(self._definitions))
        while True:
            fresh = list(numbers)[len(built) :]
            if not fresh:
                spare = next((label for label in unused if label not in numbers), None)
                if spare is None:
                    break
                line, mark = self._definitions[spare].line, f"[^{spare}]"
                message = "nothing refers to the footnote {mark}"
                self.findings.append(rules.NOTE_UNUSED.at(line, message, quote=mark, mark=mark))
                numbers[spare] = len(numbers) + 1
            for label in fresh:
                note = self._definitions[label]
                built.append(Note(numbers[label], self.blocks(note.children), note.line))
        return tuple(built)

    def _paragraph(self, run: Sequence[Raw]) -> list[Block]:
        children = tidy(self.inliner.inlines(run))
        if not children:
            return []
        alone = as_figure(children[0]) if len(children) == 1 else None
        return [alone or Paragraph(children, children[0].line)]

    def _block(self, node: Raw) -> Sequence[Block]:
        match node.tag:
            case "hr":
                return [Divider(node.line)]
            case "pre":
                code, findings = code_block(node.text, node.attrs["info"], node.line)
                self.findings += findings
                return [code]
            case "#formula":
                return [self._formula(node)]
            case "#container":
                return container(node, self)
            case "ul" | "ol":
                return [self._list(node)]
            case "blockquote":
                return quote(node, self)
            case "table":
                return self._table(node)
            case "figure":
                return self._figure(node)
            case "details":
                return [self._details(node)]
            case "iframe":
                return self._paragraph([Raw("iframe", node.line, attrs=node.attrs)])
        if node.tag in HEADINGS:
            return self._nested_heading(node)
        if node.tag in SPANS:
            self._report_span(node)
        return self.blocks(node.children)

    def _formula(self, node: Raw) -> MathBlock | CodeBlock:
        tex = one_line(node.text)
        if fault := self.inliner.formulas.fault(tex, display=True):
            self.findings.append(fault.at(node.line, quote=node.attrs["written"]))
            return CodeBlock(node.text.strip("\n"), node.line, language="tex")
        return MathBlock(tex, node.line)

    def _report_span(self, node: Raw) -> None:
        """A mark that was put round whole blocks: what it holds is kept, the mark is not."""
        if node.tag == "a" and node.attrs.get("href"):
            href, message = node.attrs["href"], "the link to {href} stands round whole blocks"
            self.findings.append(rules.LINK_NESTED.at(node.line, message, quote=href, href=href))
        elif node.tag != "span":
            message = "<{tag}> round whole blocks has no effect"
            finding = rules.HTML_UNWRAPPED.at(node.line, message, quote=f"<{node.tag}>", tag=node.tag)
            self.findings.append(finding)

    def _nested_heading(self, node: Raw) -> Sequence[Block]:
        children = tidy(self.inliner.inlines(node.children))
        if not children:
            marks = "#" * int(node.tag[1])
            self.findings.append(rules.HEADING_EMPTY.at(node.line, "the heading has no words", quote=marks))
            return []
        message = "a heading in another block is set as a bold line"
        self.findings.append(rules.HEADING_NESTED.at(node.line, message, quote=text_of(*children)))
        return [Paragraph((Strong(children, node.line),), node.line)]

    def _list(self, node: Raw) -> List:
        items = []
        for child in node.children:
            if child.tag != "li":
                continue
            checked, parts = task(child.children)
            head, parts = lead(parts, self.inliner)
            inner = (*([head] if head else []), *self.blocks(parts))
            if not inner:
                self.findings.append(rules.ITEM_EMPTY.at(child.line, "the item is empty"))
            items.append(Item(inner, child.line, checked))
        paragraphs = [part for item in node.children for part in item.children if part.tag == "p" and not part.html]
        tight = all("hidden" in part.attrs for part in paragraphs)
        start = int(node.attrs.get("start", "1")) if node.tag == "ol" else None
        return List(tuple(items), node.line, start=start, tight=tight)

    def _details(self, node: Raw) -> Details:
        head = next((child for child in node.children if child.tag == "summary"), None)
        summary = tidy(self.inliner.inlines(head.children)) if head else ()
        rest = [child for child in node.children if child is not head]
        return Details(summary, self.blocks(rest), node.line)

    def _figure(self, node: Raw) -> Sequence[Block]:
        head = next((child for child in descendants(node.children) if child.tag == "figcaption"), None)
        built = [part for block in self.blocks(_without(node.children, head)) for part in _as_figures(block)]
        caption = tidy(self.inliner.inlines(head.children)) if head else ()
        places = [index for index, block in enumerate(built) if isinstance(block, Figure)]
        if caption and places:
            picture_block = built[places[-1]]
            assert isinstance(picture_block, Figure)  # noqa: S101 (narrows the type)
            built[places[-1]] = Figure(picture_block.image, node.line, caption, picture_block.href)
        elif caption:
            built.append(Paragraph(caption, head.line if head else node.line))
        return built

    # -- tables

    def _table(self, node: Raw) -> Sequence[Block]:
        stray = [child for child in node.children if child.tag not in _TABLE_PARTS]
        caption: tuple[Inline, ...] = ()
        head: list[Row] = []
        body: list[Row] = []
        for child in node.children:
            if child.tag == "caption":
                caption = tidy(self.inliner.inlines(child.children))
            elif child.tag == "tr":
                row = self._row(child)
                (head if not body and all(cell.header for cell in row.cells) else body).append(row)
            elif child.tag in {"thead", "tbody", "tfoot"}:
                stray += [part for part in child.children if part.tag not in {"tr", GAP}]
                rows = [self._row(part) for part in child.children if part.tag == "tr"]
                if child.tag == "thead":
                    head += rows
                else:
                    body += rows
        loose = self.blocks(stray)
        rows_left = tuple(row for row in head if row.cells), tuple(row for row in body if row.cells)
        if loose:
            message = "text of the table stands in no cell; it is set before it"
            self.findings.append(rules.HTML_UNBALANCED.at(node.line, message))
        if not any(rows_left):
            return [*loose, *([Paragraph(caption, node.line)] if caption else [])]
        return [*loose, Table(*self._even(*rows_left), node.line, caption)]

    def _even(self, head: tuple[Row, ...], body: tuple[Row, ...]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        """Both groups of rows with all rows of one width; a short row is reported and filled with empty cells."""
        if area((*head, *body)) > MAX_PADDED:
            return head, body
        filled = widths(head), widths(body)
        width = max(*filled[0], *filled[1], 0)
        for row, count in zip((*head, *body), (*filled[0], *filled[1]), strict=True):
            if count < width:
                message = "the row fills {count} of the table's {width} columns; empty cells were added"
                self.findings.append(rules.TABLE_CELLS.at(row.line, message, count=count, width=width))
        return padded(head, filled[0], width), padded(body, filled[1], width)

    def _row(self, node: Raw) -> Row:
        cells = [self._cell(child) for child in node.children if child.tag in {"td", "th"}]
        loose = [child for child in node.children if child.tag not in {"td", "th", GAP}]
        children = tidy(self.inliner.inlines(loose))
        if children:
            message = "text of the row stands in no cell; it got its own"
            self.findings.append(rules.HTML_UNBALANCED.at(node.line, message))
            cells.append(Cell(children, node.line))
        return Row(tuple(cells), node.line)

    def _cell(self, node: Raw) -> Cell:
        style = node.attrs.get("style", "").replace(" ", "").removeprefix("text-align:").rstrip(";")
        align = _align(node.attrs.get("align", "") or style)
        children = tidy(self.inliner.inlines(node.children))
        spans = (_span(node.attrs.get(name, "")) for name in ("colspan", "rowspan"))
        return Cell(children, node.line, align, node.tag == "th", *spans)


def _as_figures(block: Block) -> Sequence[Block]:
    """Each picture of a paragraph that holds nothing else as a figure of its own; any other block as it is."""
    if not isinstance(block, Paragraph):
        return [block]
    parts = [part for part in block.children if not isinstance(part, LineBreak) and not is_blank(part)]
    figures = [built for part in parts if (built := as_figure(part))]
    return figures if len(figures) == len(parts) else [block]


def cover(source: str, alt: str, line: int) -> Image | Fault:
    """The cover picture that the front matter names."""
    checked = picture(source)
    return checked if isinstance(checked, Fault) else Image(checked, alt, line)


def _without(nodes: Sequence[Raw], gone: Raw | None) -> list[Raw]:
    """`nodes` without one of their descendants, the elements round it renewed."""
    kept = []
    for node in nodes:
        if node is gone:
            continue
        holds = gone is not None and any(part is gone for part in descendants(node.children))
        kept.append(replace(node, children=_without(node.children, gone)) if holds else node)
    return kept


def _align(written: str) -> Align:
    match written.lower():
        case "left":
            return "left"
        case "center":
            return "center"
        case "right":
            return "right"
    return ""


def _span(written: str) -> int:
    return min(max(int(written), 1), 100) if written.isascii() and written.isdigit() and len(written) < 4 else 1
