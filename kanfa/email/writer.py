"""The e-mail writer: the tree as HTML that survives mail programs, to stand inside mj-text.

Only elements that no mail program rewrites are used (no section, figure or nav); what needs padding is
a table cell, because Outlook pads nothing else. Styles come from `templates/email/theme.css` by element
and class names, and are written into the elements afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from kanfa.email.boxes import LAYOUT, box, picture_class
from kanfa.email.code import code_lines, is_coloured, listing
from kanfa.email.columns import crowded, longest_run
from kanfa.email.directed import DirectedWriter
from kanfa.email.formulas import FormulaPicture, formula_picture
from kanfa.email.images import Picture
from kanfa.email.limits import CONTENT_WIDTH, FORMULA_EM, MAX_NODE_DEPTH, TABLE_COLUMNS, TOKEN_RUN
from kanfa.email.parts import Parts
from kanfa.email.rules import (
    CODE_PLAIN,
    FORMULA_MISSING,
    FORMULA_WIDE,
    IMAGE_CONVERTED,
    IMAGE_MISSING,
    LINK_UNUSABLE,
    TOO_DEEP,
)
from kanfa.errors import MathError
from kanfa.findings import Finding
from kanfa.highlight import Run
from kanfa.html import Attributes, el
from kanfa.issue.model import (
    Callout,
    Cell,
    Code,
    CodeBlock,
    Details,
    Divider,
    Figure,
    Image,
    Inline,
    Issue,
    Item,
    Lead,
    Link,
    List,
    Math,
    MathBlock,
    Node,
    Note,
    NoteRef,
    Paragraph,
    QrCode,
    Quote,
    Row,
    Ruby,
    Section,
    Table,
    Text,
    text_of,
)
from kanfa.labels import labels_for
from kanfa.publication import Publication
from kanfa.text import kind_before

LINKABLE = frozenset({"http", "https", "mailto", "tel"})
"""Schemes of links that work in mail."""

NOTHING = Markup("")

MISSING = "missing-image"
"""Class of the words that stand for a picture that cannot be shown."""

FIXED_WIDTH = 200
"""Pictures up to this many pixels fit every screen as they are."""


class EmailWriter(DirectedWriter):
    """HTML of an issue's nodes for mail. `findings` holds what could not be shown as written."""

    def __init__(
        self,
        issue: Issue,
        publication: Publication,
        pictures: Mapping[str, Picture],
        coloured_lines: int | None = None,
    ) -> None:
        """`coloured_lines` is the longest code that gets colours, in lines; None colours any."""
        super().__init__(issue)
        self.address = publication.issue_url(issue.slug)
        self.pictures = pictures
        self.coloured_lines = coloured_lines
        self.labels = labels_for(issue.language)
        self.parts = Parts(publication)
        self.findings: list[Finding] = []
        self.formulas: dict[str, FormulaPicture] = {}
        """The formulas that were written, by file name."""
        self.longest_coloured = 0
        """Lines of the longest code that was written in colour."""
        self._depth = 0
        self._crowded: set[int] = set()

    def write(self, node: Node) -> Markup:
        if self._depth < MAX_NODE_DEPTH or not node.parts() or isinstance(node, Table | Row | Cell | Link):
            self._depth += 1
            result = super().write(node)
            self._depth -= 1
            return result
        if self._depth == MAX_NODE_DEPTH:
            message = "more than {most} levels within one another; the mail shows the rest without nesting"
            self.findings.append(TOO_DEEP.at(node.line, message, most=MAX_NODE_DEPTH))
        checked = node.checked if isinstance(node, Item) else None
        return (Markup("") if checked is None else self.task_box(checked)) + self.flat(node.parts())

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
        message = "the picture {src} cannot be shown in mail; “{label}” stands in its place"
        if not image.src:
            message = "the picture (no address) cannot be shown in mail; “{label}” stands in its place"
        self.findings.append(IMAGE_MISSING.at(image.line, message, quote=image.src, src=image.src, label=image.label))
        attributes: Attributes = {"class": MISSING, "href": image.src if image.is_remote else None}
        return el("a" if image.is_remote else "span", attributes, image.words)

    def image(self, node: Image) -> Markup:
        return self.picture(node, "inline-pic") if self.image_src(node) else self.missing_image(node)

    def picture(self, node: Image, name: str) -> Markup:
        """The img element: a whole number of pixels as width, for Outlook, and as upper bound for all others."""
        picture = self.pictures.get(node.src)
        width = max(1, min(CONTENT_WIDTH, node.width or (picture.width if picture else CONTENT_WIDTH)))
        if picture is not None and picture.converted:
            message = "the mail carries {src} as {name}: {note}"
            shown = {"quote": node.src, "src": node.src, "name": picture.name, "note": picture.note}
            self.findings.append(IMAGE_CONVERTED.at(node.line, message, **shown))
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
        return self.parts.write("figure", picture=shown, caption=self.write_all(node.caption))

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

    def math(self, node: Math) -> Markup:
        return self.formula(node)

    def formula(self, node: Math | MathBlock) -> Markup:
        """The picture of a formula. All but Outlook size it by the text beside it, and set it on its base line."""
        try:
            picture = formula_picture(node)
        except MathError as error:
            message = "{reason}; its TeX stands in its place"
            self.findings.append(FORMULA_MISSING.at(node.line, message, quote=node.tex, reason=str(error)))
            return el("code", {"class": f"code {MISSING}"}, node.words)
        self.formulas[picture.name] = picture
        if picture.width > FORMULA_EM:
            message = "this formula is {width} em wide; a phone shows at most {most} in letters that can be read"
            width = round(picture.width)
            self.findings.append(FORMULA_WIDE.at(node.line, message, quote=node.tex, width=width, most=FORMULA_EM))
        large = picture.pixels > FIXED_WIDTH
        size = f"width:100%;max-width:{picture.width:g}em" if large else f"width:{picture.width:g}em;max-width:100%"
        attributes: Attributes = {
            "class": "math",
            "src": f"{self.address}images/{picture.name}",
            "alt": node.label,
            "width": picture.pixels,
            "style": size + (f";vertical-align:-{picture.depth:g}em" if isinstance(node, Math) else ";display:block"),
        }
        return el("img", attributes)

    def ruby(self, node: Ruby) -> Markup:
        # mail programs drop ruby elements or set them in a row without brackets
        reading = el("span", {"class": "reading"}, "（", self.write_all(node.reading), "）")
        return self.write_all(node.children) + reading

    def link(self, node: Link) -> Markup:
        if node.scheme in LINKABLE:
            return super().link(node)
        message = "“{href}” is no address that works in mail"
        self.findings.append(LINK_UNUSABLE.at(node.line, message, quote=node.href, href=node.href))
        shown = self.write_all(node.children)
        return el("span", None, shown, f"（{node.href}）") if node.href != text_of(*node.children) else shown

    # -- block nodes

    def paragraph(self, node: Paragraph) -> Markup:
        return self.words("p", node.children)

    def words(self, tag: str, nodes: Sequence[Inline], before: Markup = NOTHING) -> Markup:
        """An element that holds words, after a mark such as a task's box."""
        attributes: Attributes = {"class": picture_class(nodes), "dir": self.direction(nodes)}
        return el(tag, attributes, before, self.write_all(nodes))

    def list(self, node: List) -> Markup:
        if node.start is None and node.items and all(item.checked is not None for item in node.items):
            return self.tasks(node)
        items = Markup("").join(self.list_item(item, node.tight) for item in node.items)
        if node.start is None:
            return el("ul", None, items)
        return el("ol", {"start": node.start if node.start != 1 else None}, items)

    def tasks(self, node: List) -> Markup:
        """A list of tasks: boxes in a column of their own, in place of bullets."""
        rows = []
        for item in node.items:
            mark = el("td", {"class": "task-cell", "valign": "top", "width": 28}, self.task_box(bool(item.checked)))
            beside = (block for block in item.blocks if isinstance(block, Paragraph))
            name = " ".join(filter(None, ("task-text", picture_class(beside))))
            way = self.item_direction(item)
            with self.running(way):
                body = self.item_body(replace(item, checked=None), node.tight)
            row = el("tr", None, mark, el("td", {"class": name, "dir": way, "valign": "top"}, body))
            rows.append(el("div", {"role": "listitem"}, el("table", LAYOUT, row)))
        return el("div", {"class": "tasks", "role": "list"}, *rows)

    def task_box(self, checked: bool) -> Markup:
        words = self.labels.done if checked else self.labels.open
        attributes: Attributes = {
            "class": "task done" if checked else "task",
            "role": "img",
            "aria-label": words,
        }
        return el("span", attributes, "☑" if checked else "☐") + " "

    def list_item(self, node: Item, tight: bool) -> Markup:
        """One item, written with the list's spacing."""
        beside = (block for block in node.blocks if tight and isinstance(block, Paragraph))
        name = "lead-item" if _is_lead(node) else picture_class(beside)
        way = self.item_direction(node)
        with self.running(way):
            return el("li", {"class": name, "dir": way}, self.item_body(node, tight))

    def item_body(self, node: Item, tight: bool) -> Markup:
        first, *rest = node.blocks or (None,)
        if not tight and node.checked is not None and isinstance(first, Paragraph):
            # the box stands in the first line, not above it
            line = self.words("p", first.children, self.task_box(node.checked))
            return line + self.write_all(block for block in rest if block is not None)
        if not isinstance(first, Lead):
            return super().item_body(node, tight)
        mark = Markup("") if node.checked is None else self.task_box(node.checked)
        return self.lead_item(first, mark, [self.summary(block) for block in rest if block is not None])

    def summary(self, node: Node) -> Markup:
        """One block below the title of a lead item."""
        # div, not p: programs that drop styles keep margins of paragraphs, and title and summary belong together
        if isinstance(node, Paragraph):
            return self.words("div", node.children)
        return self.write(node)

    def lead(self, node: Lead) -> Markup:
        return self.lead_item(node)

    def lead_item(self, node: Lead, mark: Markup = NOTHING, summary: Iterable[Markup] = ()) -> Markup:
        """The title of an item and where it comes from, after a task's box, before what it says."""
        title, source = self.write(node.link), self.write_all(node.source)
        return self.parts.write("item", box=mark, title=title, source=source, summary=summary)

    def callout(self, node: Callout) -> Markup:
        title = kind_before(node, self.labels) + self.write_all(node.title)
        return self.parts.write("callout", kind=node.kind, title=title, content=self.write_all(node.blocks))

    def math_block(self, node: MathBlock) -> Markup:
        shown = el("td", {"class": "math-cell", "align": "center"}, self.formula(node))
        return el("table", LAYOUT, el("tr", None, shown))

    def qr_code(self, node: QrCode) -> Markup:
        # no code: a phone cannot scan its own screen
        return el("p", {"class": "qr"}, el("strong", None, self.write(node.link)))

    def quote(self, node: Quote) -> Markup:
        return self.parts.write("quote", content=self.write_all(node.blocks))

    def code_block(self, node: CodeBlock) -> Markup:
        lines = code_lines(node)
        if is_coloured(lines):
            if self.coloured_lines is None or len(lines) <= self.coloured_lines:
                self.longest_coloured = max(self.longest_coloured, len(lines))
            else:
                message = "this code of {count} lines has no colours in the mail, to leave room for the text"
                self.findings.append(CODE_PLAIN.at(node.line, message, count=len(lines)))
                lines = [[Run("", "".join(run.text for run in line))] for line in lines]
        return self.parts.write("code", **listing(node, lines))

    def table(self, node: Table) -> Markup:
        rows = [row.cells for row in (*node.head, *node.body)]
        places = crowded([[text_of(*cell.children) for cell in row] for row in rows])
        self._crowded = {id(rows[row][column]) for row, column in places}
        wide = max(map(len, rows), default=0) > TABLE_COLUMNS
        caption, head, body = (self.write_all(part) for part in (node.caption, node.head, node.body))
        return self.parts.write("table", caption=caption, head=head, body=body, wide=wide)

    def cell_attributes(self, node: Cell) -> dict[str, str | int | None]:
        own = super().cell_attributes(node)
        wrap = "wrap" if id(node) in self._crowded else None
        names = [name for name in (own["class"], picture_class(node.children), wrap) if name]
        return {**own, "class": " ".join(map(str, names)) or None, "dir": self.direction(node.children)}

    def details(self, node: Details) -> Markup:
        words = self.write_all(node.summary) or labels_for(self.issue.language).details
        summary = el("p", None, el("strong", None, words))
        return box("details", summary, self.write_all(node.blocks))

    def divider(self, node: Divider) -> Markup:
        return el("hr", {"class": "divider"})

    def note(self, node: Note) -> Markup:
        cell = el("td", {"class": "note-cell", "valign": "top"}, self.write_all(node.blocks))
        head = el("td", {"class": "note-head", "valign": "top", "width": 32}, f"[{node.number}]")
        return el("table", LAYOUT, el("tr", None, head, cell))

    def heading(self, node: Section) -> Markup:
        level = min(6, node.level + self.heading_offset)
        attributes: Attributes = {"class": picture_class(node.title), "dir": self.direction(node.title)}
        heading = el(f"h{level}", attributes, self.heading_text(node.title))
        return self.parts.write("section", heading=heading) if level == 2 else heading


def _is_lead(node: Item) -> bool:
    """Whether the item begins with a title of its own."""
    return bool(node.blocks) and isinstance(node.blocks[0], Lead)


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
