"""The e-mail writer: the tree as HTML that survives mail programs, to stand inside mj-text.

Only elements that no mail program rewrites are used (no section, figure or nav); what needs padding is
a table cell, because Outlook pads nothing else. Styles come from `templates/email/theme.css` by element
and class names, and are written into the elements afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from kanfa.email.columns import crowded, longest_run
from kanfa.email.images import Picture
from kanfa.email.limits import CONTENT_WIDTH, MAX_NODE_DEPTH, TABLE_COLUMNS, TOKEN_RUN
from kanfa.email.rules import IMAGE_CONVERTED, IMAGE_MISSING, LINK_UNUSABLE, TOO_DEEP
from kanfa.findings import Finding
from kanfa.html import Attributes, HtmlWriter, el
from kanfa.issue.model import (
    Cell,
    Code,
    CodeBlock,
    Details,
    Divider,
    Figure,
    Image,
    Issue,
    Item,
    Link,
    List,
    Node,
    Note,
    NoteRef,
    Paragraph,
    Quote,
    Row,
    Section,
    Table,
    Text,
    text_of,
    walk,
)
from kanfa.publication import Publication

LINKABLE = frozenset({"http", "https", "mailto", "tel"})
"""Schemes of links that work in mail."""

MISSING = "missing-image"
"""Class of the words that stand for a picture that cannot be shown."""

FIXED_WIDTH = 200
"""Pictures up to this many pixels fit every screen as they are."""

LAYOUT: Mapping[str, str | int | None] = {
    "role": "presentation",
    "border": 0,
    "cellpadding": 0,
    "cellspacing": 0,
    "width": "100%",
}
"""Attributes of every table that only places things."""


def box(name: str, *children: str) -> Markup:
    """A table of one cell with the class `name`: the only box that every mail program pads."""
    table = {**LAYOUT, "class": "h2-box" if name == "h2-cell" else "box"}
    return el("table", table, el("tr", None, el("td", {"class": name}, *children)))


def picture_class(nodes: Iterable[Node]) -> str | None:
    """The class of what holds a picture beside text: Word would cut the picture to the height of the line."""
    return "has-pic" if any(isinstance(part, Image) for node in nodes for part in walk(node)) else None


class EmailWriter(HtmlWriter):
    """HTML of an issue's nodes for mail. `findings` holds what could not be shown as written."""

    def __init__(self, issue: Issue, publication: Publication, pictures: Mapping[str, Picture]) -> None:
        super().__init__(issue)
        self.address = publication.issue_url(issue.slug)
        self.pictures = pictures
        self.findings: list[Finding] = []
        self._depth = 0
        self._crowded: set[int] = set()

    def write(self, node: Node) -> Markup:
        if self._depth < MAX_NODE_DEPTH or not node.parts() or isinstance(node, Table | Row | Cell | Link):
            self._depth += 1
            result = super().write(node)
            self._depth -= 1
            return result
        if self._depth == MAX_NODE_DEPTH:
            message = f"more than {MAX_NODE_DEPTH} levels within one another; the mail shows the rest without nesting"
            self.findings.append(TOO_DEEP.at(node.line, message))
        return self.flat(node.parts())

    def flat(self, nodes: Iterable[Node]) -> Markup:
        """Nodes below the deepest level: their content in order, without the elements that nest."""
        self._depth += 1
        result = Markup(" ").join(self.write(node) for node in nodes)
        self._depth -= 1
        return result

    # -- pictures

    def image_src(self, image: Image) -> str:
        picture = self.pictures.get(image.src)
        if picture is not None:
            return f"{self.address}images/{picture.name}"
        return image.src if image.is_remote else ""

    def missing_image(self, image: Image) -> Markup:
        message = (
            f"the picture {image.src or '(no address)'} cannot be shown in mail; “{image.label}” stands in its place"
        )
        self.findings.append(IMAGE_MISSING.at(image.line, message))
        attributes: Attributes = {"class": MISSING, "href": image.src if image.is_remote else None}
        return el("a" if image.is_remote else "span", attributes, image.words)

    def image(self, node: Image) -> Markup:
        return self.picture(node, "inline-pic") if self.image_src(node) else self.missing_image(node)

    def picture(self, node: Image, name: str) -> Markup:
        """The img element: a whole number of pixels as width, for Outlook, and as upper bound for all others."""
        picture = self.pictures.get(node.src)
        width = max(1, min(CONTENT_WIDTH, node.width or (picture.width if picture else CONTENT_WIDTH)))
        if picture is not None and picture.converted:
            self.findings.append(
                IMAGE_CONVERTED.at(node.line, f"{node.src} is WebP; the mail carries it as {picture.name}")
            )
        known = picture is not None or node.width is not None
        attributes: Attributes = {
            "class": name,
            "src": self.image_src(node),
            "alt": node.label,
            "title": node.title or None,
            "width": width,
            "style": _picture_style(width) if known else "width:auto;max-width:100%",
        }
        return el("img", attributes)

    def figure(self, node: Figure) -> Markup:
        linked = node.href and Link(node.href, (), node.line).scheme in LINKABLE
        if self.image_src(node.image):
            shown = self.picture(node.image, "pic")
            if linked:
                shown = el("a", {"href": node.href}, shown)
        else:
            shown = self.missing_image(node.image)
            if linked and not node.image.is_remote:
                shown = el("a", {"href": node.href}, shown)
        rows = [el("tr", None, el("td", {"class": "pic-cell", "align": "center"}, shown))]
        if node.caption:
            caption = el("td", {"class": "caption", "align": "center"}, self.write_all(node.caption))
            rows.append(el("tr", None, caption))
        return el("table", {**LAYOUT, "class": "figure"}, *rows)

    # -- inline nodes

    def text(self, node: Text) -> Markup:
        if longest_run(node.text) <= TOKEN_RUN:
            return escape(node.text)
        pieces = []
        for word in _words(node.text):
            pieces.append(el("span", {"class": "long"}, word) if longest_run(word) > TOKEN_RUN else escape(word))
        return Markup("").join(pieces)

    def code(self, node: Code) -> Markup:
        name = "code long" if longest_run(node.text) > TOKEN_RUN else "code"
        return el("code", {"class": name}, node.text)

    def note_ref(self, node: NoteRef) -> Markup:
        # Links to a place in the same mail are dead in Gmail's and Yahoo's apps, so a call is no link.
        return el("sup", {"class": "note-ref"}, f"[{node.number}]")

    def link(self, node: Link) -> Markup:
        if node.scheme in LINKABLE:
            return super().link(node)
        self.findings.append(LINK_UNUSABLE.at(node.line, f"“{node.href}” is no address that works in mail"))
        shown = self.write_all(node.children)
        return el("span", None, shown, f"（{node.href}）") if node.href != text_of(*node.children) else shown

    # -- block nodes

    def paragraph(self, node: Paragraph) -> Markup:
        return el("p", {"class": picture_class(node.children)}, self.write_all(node.children))

    def list(self, node: List) -> Markup:
        items = Markup("").join(self.list_item(item, node.tight) for item in node.items)
        if node.start is None:
            return el("ul", None, items)
        return el("ol", {"start": node.start if node.start != 1 else None}, items)

    def list_item(self, node: Item, tight: bool) -> Markup:
        """One item, written with the list's spacing."""
        beside = (block for block in node.blocks if tight and isinstance(block, Paragraph))
        return el("li", {"class": picture_class(beside)}, self.item_body(node, tight))

    def quote(self, node: Quote) -> Markup:
        return box("quote", el("div", {"role": "blockquote"}, self.write_all(node.blocks)))

    def code_block(self, node: CodeBlock) -> Markup:
        text = node.text.expandtabs(4)
        name = "pre long" if longest_run(text) > TOKEN_RUN else "pre"
        return box("code-cell", el("pre", {"class": name}, text))

    def table(self, node: Table) -> Markup:
        rows = [row.cells for row in (*node.head, *node.body)]
        places = crowded([[text_of(*cell.children) for cell in row] for row in rows])
        self._crowded = {id(rows[row][column]) for row, column in places}
        parts = [el("caption", None, self.write_all(node.caption))] if node.caption else []
        if node.head:
            parts.append(el("thead", None, self.write_all(node.head)))
        parts.append(el("tbody", None, self.write_all(node.body)))
        table = el("table", {"class": "data", "width": "100%", "cellspacing": 0, "cellpadding": 0, "border": 0}, *parts)
        wide = max(map(len, rows), default=0) > TABLE_COLUMNS
        return el("div", {"class": "scroll"}, table) if wide else table

    def cell_attributes(self, node: Cell) -> dict[str, str | int | None]:
        own = super().cell_attributes(node)
        wrap = "wrap" if id(node) in self._crowded else None
        names = [name for name in (own["class"], picture_class(node.children), wrap) if name]
        return {**own, "class": " ".join(map(str, names)) or None}

    def details(self, node: Details) -> Markup:
        summary = el("p", {"class": "summary"}, el("strong", None, self.write_all(node.summary)))
        return box("details", summary, self.write_all(node.blocks))

    def divider(self, node: Divider) -> Markup:
        return el("hr", {"class": "divider"})

    def note(self, node: Note) -> Markup:
        return el("div", {"class": "note"}, self._note_body(node))

    def _note_body(self, node: Note) -> Markup:
        number = el("span", {"class": "note-number"}, f"[{node.number}]")
        cell = el("td", {"class": "note-cell", "valign": "top"}, self.write_all(node.blocks))
        head = el("td", {"class": "note-head", "valign": "top", "width": 32}, number)
        return el("table", LAYOUT, el("tr", None, head, cell))

    def heading(self, node: Section) -> Markup:
        level = min(6, node.level + self.heading_offset)
        heading = el(f"h{level}", None, self.heading_text(node.title))
        return box("h2-cell", heading) if level == 2 else heading


def _picture_style(width: int) -> str:
    """Small pictures keep their size beside text; large ones shrink with the screen."""
    return f"width:{width}px;max-width:100%" if width <= FIXED_WIDTH else f"width:100%;max-width:{width}px"


def _words(text: str) -> Iterable[str]:
    """`text` cut into stretches of white space, of East Asian characters, and of all others; nothing is lost."""
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or _kind(text[position]) != _kind(text[start]):
            yield text[start:position]
            start = position


def _kind(char: str) -> int:
    return 0 if char.isspace() else 1 if ord(char) >= 0x2E80 else 2
