"""The HTML writer: one method for each node kind; a format subclasses it and overrides what differs.

Everything is escaped by construction: `el` escapes attributes and every child that is not already
`Markup`, and nothing else in the package joins tags by hand. The output is well-formed XML as well as
HTML (empty elements end in ` />`), because MJML parses it as XML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from markupsafe import Markup, escape

from kanfa.highlight import Run, highlight
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
    Inline,
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
from kanfa.labels import labels_for

Attributes = Mapping[str, str | int | None]

VOID = frozenset({"br", "col", "hr", "img", "wbr"})


def el(tag: str, attributes: Attributes | None = None, *children: str) -> Markup:
    """One element. Attributes that are None are left out; children are escaped unless they are Markup."""
    shown = "".join(f' {name}="{escape(value)}"' for name, value in (attributes or {}).items() if value is not None)
    if tag in VOID:
        return Markup(f"<{tag}{shown} />")
    return Markup(f"<{tag}{shown}>{Markup('').join(children)}</{tag}>")


class HtmlWriter:
    """Plain semantic HTML of an issue's nodes. Make one writer for each render: it counts note calls."""

    heading_offset: ClassVar[int] = 1
    """Added to a section's level to give the heading's level: sections are h2 because the title is h1."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self._called: set[int] = set()

    # -- entry points

    def write(self, node: Node) -> Markup:
        """The HTML of one node."""
        result: Markup = getattr(self, node.method)(node)
        return result

    def write_all(self, nodes: Iterable[Node]) -> Markup:
        """The HTML of several nodes, nothing between them."""
        return Markup("").join(self.write(node) for node in nodes)

    # -- what formats decide

    def image_src(self, image: Image) -> str:
        """Address under which this format shows the picture; empty when it cannot show it."""
        asset = self.issue.asset(image.src)
        return f"images/{asset.name}" if asset else ""

    def missing_image(self, image: Image) -> Markup:
        """The visible substitute for a picture that cannot be shown."""
        return el("a", {"href": image.src}, image.words) if image.is_remote else el("span", None, image.words)

    # -- inline nodes

    def text(self, node: Text) -> Markup:
        return escape(node.text)

    def code(self, node: Code) -> Markup:
        return el("code", None, node.text)

    def line_break(self, node: LineBreak) -> Markup:
        return el("br")

    def note_ref(self, node: NoteRef) -> Markup:
        first = node.number not in self._called
        self._called.add(node.number)
        call = el("a", {"href": f"#fn-{node.number}"}, f"[{node.number}]")
        return el("sup", {"class": "note-ref", "id": f"fnref-{node.number}" if first else None}, call)

    def image(self, node: Image) -> Markup:
        src = self.image_src(node)
        if not src:
            return self.missing_image(node)
        asset = self.issue.asset(node.src)
        width = node.width or (asset.width if asset else None)
        return el("img", {"src": src, "alt": node.label, "title": node.title or None, "width": width})

    def emphasis(self, node: Emphasis) -> Markup:
        return el("em", None, self.write_all(node.children))

    def strong(self, node: Strong) -> Markup:
        return el("strong", None, self.write_all(node.children))

    def deleted(self, node: Deleted) -> Markup:
        return el("del", None, self.write_all(node.children))

    def inserted(self, node: Inserted) -> Markup:
        return el("ins", None, self.write_all(node.children))

    def underline(self, node: Underline) -> Markup:
        return el("u", None, self.write_all(node.children))

    def superscript(self, node: Superscript) -> Markup:
        return el("sup", None, self.write_all(node.children))

    def subscript(self, node: Subscript) -> Markup:
        return el("sub", None, self.write_all(node.children))

    def small(self, node: Small) -> Markup:
        return el("small", None, self.write_all(node.children))

    def mark(self, node: Mark) -> Markup:
        return el("mark", None, self.write_all(node.children))

    def keyboard(self, node: Keyboard) -> Markup:
        return el("kbd", None, self.write_all(node.children))

    def math(self, node: Math) -> Markup:
        """A formula as words; a format that can show it as a picture overrides this and `math_block`."""
        return el("code", {"class": "math"}, node.words)

    def ruby(self, node: Ruby) -> Markup:
        reading = (el("rp", None, "（"), el("rt", None, self.write_all(node.reading)), el("rp", None, "）"))
        return el("ruby", None, self.write_all(node.children), *reading)

    def link(self, node: Link) -> Markup:
        return el("a", {"href": node.href, "title": node.title or None}, self.write_all(node.children))

    # -- block nodes

    def paragraph(self, node: Paragraph) -> Markup:
        return el("p", None, self.write_all(node.children))

    def list(self, node: List) -> Markup:
        items = Markup("").join(self.item(item, node.tight) for item in node.items)
        if node.start is None:
            return el("ul", None, items)
        return el("ol", {"start": node.start if node.start != 1 else None}, items)

    def item(self, node: Item, tight: bool = True) -> Markup:
        return el("li", None, self.item_body(node, tight))

    def item_body(self, node: Item, tight: bool) -> Markup:
        """What stands in an item; in a tight list paragraphs lose their element, a break keeps them apart."""
        box = Markup("") if node.checked is None else self.task_box(node.checked)
        if not tight:
            return box + self.write_all(node.blocks)
        pieces: list[Markup] = [box]
        after_text = False
        for block in node.blocks:
            if isinstance(block, Paragraph):
                pieces.append((el("br") if after_text else Markup("")) + self.write_all(block.children))
                after_text = True
            else:
                pieces.append(self.write(block))
                after_text = False
        return Markup("").join(pieces)

    def task_box(self, checked: bool) -> Markup:
        """The mark of a task: a ballot box as text, because no channel of ours keeps a checkbox."""
        return el("span", {"class": "task"}, "☑ " if checked else "☐ ")

    def lead(self, node: Lead) -> Markup:
        title = el("strong", {"class": "lead-title"}, self.write(node.link))
        source = [" ", el("span", {"class": "lead-source"}, self.write_all(node.source))] if node.source else []
        return el("p", {"class": "lead"}, title, *source)

    def quote(self, node: Quote) -> Markup:
        return el("blockquote", None, self.write_all(node.blocks))

    def code_block(self, node: CodeBlock) -> Markup:
        language = f"language-{node.language}" if node.language else None
        title = el("p", {"class": "code-title"}, node.title) if node.title else Markup("")
        return title + el("pre", None, el("code", {"class": language}, self.code_lines(node)))

    def code_lines(self, node: CodeBlock) -> Markup:
        """The lines of a code block, each kind of token in a span, the stressed lines marked; line ends kept."""
        shown = []
        for number, line in enumerate(highlight(node.text, node.language), 1):
            runs = Markup("").join(self.code_run(run) for run in line)
            shown.append(el("span", {"class": "hl"}, runs) if number in node.highlighted else runs)
        return Markup("\n").join(shown)

    def code_run(self, run: Run) -> Markup:
        """Characters of one kind within a line of code."""
        return el("span", {"class": f"tok-{run.kind}"}, run.text) if run.kind else escape(run.text)

    def table(self, node: Table) -> Markup:
        parts = [el("caption", None, self.write_all(node.caption))] if node.caption else []
        if node.head:
            parts.append(el("thead", None, self.write_all(node.head)))
        parts.append(el("tbody", None, self.write_all(node.body)))
        return el("table", {"class": "data"}, *parts)

    def row(self, node: Row) -> Markup:
        return el("tr", None, self.write_all(node.cells))

    def cell(self, node: Cell) -> Markup:
        return el("th" if node.header else "td", self.cell_attributes(node), self.write_all(node.children))

    def cell_attributes(self, node: Cell) -> dict[str, str | int | None]:
        """Attributes of a cell: alignment as a class, spans only where they are more than one."""
        return {
            "class": node.align or None,
            "colspan": node.colspan if node.colspan > 1 else None,
            "rowspan": node.rowspan if node.rowspan > 1 else None,
            "scope": "col" if node.header else None,
        }

    def figure(self, node: Figure) -> Markup:
        picture = self.write(node.image)
        if node.href:
            nested = node.image.is_remote and not self.image_src(node.image)  # its words are a link themselves
            picture = el("a", {"href": node.href}, node.image.words if nested else picture)
        caption = [el("figcaption", None, self.write_all(node.caption))] if node.caption else []
        return el("figure", None, picture, *caption)

    def callout(self, node: Callout) -> Markup:
        """A passage set apart, under its own title or the word of its kind."""
        word = labels_for(self.issue.language).callouts[node.kind]
        title = el("p", {"class": "callout-title"}, self.write_all(node.title) if node.title else word)
        return el("div", {"class": f"callout {node.kind}"}, title, self.write_all(node.blocks))

    def only(self, node: Only) -> Markup:
        return self.write_all(node.blocks)

    def math_block(self, node: MathBlock) -> Markup:
        return el("p", {"class": "math-block"}, el("code", {"class": "math"}, node.words))

    def qr_code(self, node: QrCode) -> Markup:
        """A link to scan: here only its words; formats that are printed or scanned add the picture."""
        return el("p", {"class": "qr"}, self.write(node.link))

    def details(self, node: Details) -> Markup:
        words = self.write_all(node.summary) or labels_for(self.issue.language).details
        summary = el("p", {"class": "summary"}, el("strong", None, words))
        return el("div", {"class": "details"}, summary, self.write_all(node.blocks))

    def divider(self, node: Divider) -> Markup:
        return el("hr")

    def note(self, node: Note) -> Markup:
        back = el("a", {"href": f"#fnref-{node.number}", "class": "note-back"}, "↩")
        number = el("span", {"class": "note-number"}, f"[{node.number}] ")
        attributes: Attributes = {"class": "note", "id": f"fn-{node.number}"}
        return el("div", attributes, number, self.write_all(node.blocks), back)

    def section(self, node: Section) -> Markup:
        return self.heading(node) + self.write_all(node.blocks) + self.write_all(node.groups)

    def heading(self, node: Section) -> Markup:
        """The heading of a section: h2 for level 1, at most h6."""
        level = min(6, node.level + self.heading_offset)
        return el(f"h{level}", {"id": node.anchor}, self.heading_text(node.title))

    def heading_text(self, title: tuple[Inline, ...]) -> Markup:
        """The inline content of a heading."""
        return self.write_all(title)
