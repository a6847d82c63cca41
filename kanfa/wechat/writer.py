"""The WeChat writer: which element and class each node gets. Styles come from the theme, limits from the transforms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from markupsafe import Markup, escape

from kanfa.html import HtmlWriter, el
from kanfa.issue.model import (
    Callout,
    Cell,
    CodeBlock,
    Deleted,
    Details,
    Figure,
    Image,
    Inserted,
    Issue,
    Keyboard,
    Mark,
    Math,
    MathBlock,
    Note,
    NoteRef,
    PreviousIssue,
    QrCode,
    Ruby,
    Section,
    Small,
    Table,
    Underline,
    text_of,
)
from kanfa.labels import is_chinese
from kanfa.text import kind_before
from kanfa.wechat.coding import Part, parts_of
from kanfa.wechat.drawings import UNITS, Drawing
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.made_pictures import TEXT_PIXELS, FormulaPicture, Made, key_of
from kanfa.wechat.pictures import Picture
from kanfa.wechat.setting import Setting
from kanfa.wechat.transforms.links import SUBSTITUTE, is_live


class WeChatWriter(HtmlWriter):
    """HTML of an issue's nodes with the few elements that an article may have."""

    limits = LIMITS
    deepest_heading: ClassVar[int] = 4
    """The editor's own headings end here."""

    qr_width: ClassVar[int] = 164
    """Pixels that a QR code takes at most: a thumb does not cover it, and two phones' cameras read it."""

    def __init__(
        self,
        issue: Issue,
        pictures: Mapping[str, Picture],
        setting: Setting,
        made: Made | None = None,
        *,
        coloured: bool = True,
    ) -> None:
        super().__init__(issue)
        self.pictures = pictures
        self.setting = setting
        self.made = made or Made()
        self.coloured = coloured
        self.labels = setting.labels
        self.note_numbers = {note.number: at for at, note in enumerate(issue.notes, 1)}
        """Notes are counted anew in each article."""
        self.substituted: list[Image] = []
        """Pictures that words had to stand for, in reading order."""

    def image_src(self, image: Image) -> str:
        picture = self.pictures.get(image.src)
        return picture.name if picture else ""

    def missing_image(self, image: Image) -> Markup:
        self.substituted.append(image)
        words = image.words
        if image.is_remote:
            return el("a", {"href": image.src, "class": SUBSTITUTE}, words)
        return el("span", {"class": SUBSTITUTE}, words)

    def image(self, node: Image) -> Markup:
        picture = self.pictures.get(node.src)
        if picture is None:
            return self.missing_image(node)
        css_class = self.width_class(node, picture)
        return self.staged(picture, node.label, self.width_style(node, picture), css_class=css_class)

    def width_class(self, node: Image, picture: Picture) -> str:
        """`wide` fills the column; `narrow` keeps its size. Widths between are a fault for WeChat's checker.

        A picture that is wider than the column anyway needs no class: the reader's page keeps it within.
        """
        wanted = node.width or picture.shown or picture.width
        if wanted <= self.limits.narrow_image.value:
            return "narrow"
        return "wide" if picture.width < self.limits.column.value else "full"

    def width_style(self, node: Image, picture: Picture) -> str | None:
        """How wide a narrow picture is shown, where that is not the width of its file."""
        narrow, wanted = self.width_class(node, picture) == "narrow", node.width or picture.shown
        return f"width:{wanted}px" if narrow and wanted and wanted != picture.width else None

    def note_ref(self, node: NoteRef) -> Markup:
        return el("sup", {"class": "call"}, f"[{self.note_name(node.number)}]")

    def note_name(self, number: int) -> str:
        """`注1`, `Note 1`."""
        space = "" if is_chinese(self.issue.language) else " "
        return f"{self.labels.note}{space}{self.note_numbers.get(number, number)}"

    def deleted(self, node: Deleted) -> Markup:
        return el("span", {"class": "deleted"}, self.write_all(node.children))

    def inserted(self, node: Inserted) -> Markup:
        return el("span", {"class": "inserted"}, self.write_all(node.children))

    def underline(self, node: Underline) -> Markup:
        return el("span", {"class": "inserted"}, self.write_all(node.children))

    def small(self, node: Small) -> Markup:
        return el("span", {"class": "small"}, self.write_all(node.children))

    def mark(self, node: Mark) -> Markup:
        return el("span", {"class": "mark"}, self.write_all(node.children))

    def keyboard(self, node: Keyboard) -> Markup:
        return el("span", {"class": "key"}, self.write_all(node.children))

    def ruby(self, node: Ruby) -> Markup:
        """`字（zì）`: nobody has shown that phones keep ruby (WX104)."""
        reading = el("span", {"class": "reading"}, "（", self.write_all(node.reading), "）")
        return self.write_all(node.children) + reading

    def math(self, node: Math) -> Markup:
        return self.formula(node)

    def math_block(self, node: MathBlock) -> Markup:
        return el("section", {"class": "formula"}, self.formula(node))

    def formula(self, node: Math | MathBlock) -> Markup:
        """A drawing in the colour of its text, else a picture; both say the TeX to those who cannot see."""
        key = key_of(node)
        if key in self.made.drawings:
            return self.drawing(self.made.drawings[key], node.label)
        if key in self.made.formulas:
            return self.formula_picture(self.made.formulas[key], node.label)
        return super().math(node) if isinstance(node, Math) else super().math_block(node)

    def drawing(self, drawing: Drawing, label: str) -> Markup:
        width, depth = (f"{size / UNITS:g}em".replace("0.", ".", 1) for size in (drawing.width, drawing.depth))
        sunk = f";vertical-align:-{depth}" if drawing.depth > 0 else ""
        attributes: dict[str, str | int | None] = {
            "viewBox": drawing.view_box,
            "fill": "currentColor",
            "role": "img",
            "aria-label": label,
            "style": f"width:{width}{sunk}",
        }
        return el("svg", attributes, el("path", {"d": drawing.path}))

    def formula_picture(self, formula: FormulaPicture, label: str) -> Markup:
        width, depth = round(formula.width * TEXT_PIXELS), round(formula.depth * TEXT_PIXELS)
        if width > self.limits.narrow_image.value:
            return self.staged(formula.picture, label, css_class="wide")
        return self.staged(formula.picture, label, f"width:{width}px;vertical-align:-{depth}px")

    def staged(self, picture: Picture, label: str, style: str | None = None, *, css_class: str = "narrow") -> Markup:
        """One picture that is staged with the article."""
        ratio = f"{picture.height / picture.width:.4f}".rstrip("0").rstrip(".")
        attributes: dict[str, str | int | None] = {
            "class": css_class,
            "src": picture.name,
            "alt": label,
            "data-ratio": ratio,
            "data-w": picture.width,
            "style": style,
        }
        return el("img", attributes)

    def qr_code(self, node: QrCode) -> Markup:
        """A code to press for long, over the words of its link; the address stands in the list as for any link."""
        picture = self.made.codes.get(node.link.href)
        if picture is None:
            return super().qr_code(node)
        words = text_of(node.link) or node.link.href
        shown = self.staged(picture, f"{self.labels.scan}{self.labels.colon}{words}", f"width:{self.qr_width}px")
        hint = el("span", {"class": "press-hint"}, self.setting.press_hint)
        caption = el("p", {"class": "caption"}, self.write(node.link), el("br"), hint)
        return el("section", {"class": "figure slim"}, shown, caption)

    def callout(self, node: Callout) -> Markup:
        title = escape(kind_before(node, self.labels)) + self.write_all(node.title)
        heading = el("p", {"class": "callout-title"}, title)
        return el("section", {"class": f"callout callout-{node.kind}"}, heading, self.write_all(node.blocks))

    def code_block(self, node: CodeBlock) -> Markup:
        """Lines between `<br>`, stressed ones in a section of their own."""
        title = el("p", {"class": "code-title"}, node.title) if node.title else Markup("")
        pieces: list[Markup] = []
        for part in parts_of(node, self.coloured):
            lines = self.code_part(part)
            if part.stressed:
                pieces.append(el("section", {"class": "stressed"}, lines))
            else:
                pieces.append(lines)
        return title + el("section", {"class": "code titled" if title else "code"}, Markup("").join(pieces))

    def code_part(self, part: Part) -> Markup:
        """Its lines; an empty last one holds a no-break space, because a box beside it would swallow the line."""
        lines = [
            Markup("").join(el("span", {"class": f"tok-{look}"}, text) if look else escape(text) for look, text in line)
            for line in part.lines
        ]
        if not lines[-1]:
            lines[-1] = Markup("&nbsp;")
        return el("br").join(lines)

    def table(self, node: Table) -> Markup:
        caption = [el("p", {"class": "caption"}, self.write_all(node.caption))] if node.caption else []
        head = [el("thead", None, self.write_all(node.head))] if node.head else []
        return Markup("").join([*caption, el("table", None, *head, el("tbody", None, self.write_all(node.body)))])

    def cell_attributes(self, node: Cell) -> dict[str, str | int | None]:
        attributes = super().cell_attributes(node)
        return {**attributes, "scope": None, "class": node.align or None}

    def figure(self, node: Figure) -> Markup:
        caption = self.write_all(node.caption)
        picture = self.write(node.image)
        if node.href:
            nested = not self.image_src(node.image) and node.image.is_remote  # its words have a link of their own
            if is_live(node.href, self.setting.privileged_links) and not nested:
                picture = el("a", {"href": node.href}, picture)
            else:
                caption += el("a", {"href": node.href, "title": node.image.label})
        parts = [picture, *([el("p", {"class": "caption"}, caption)] if caption else [])]
        held = self.pictures.get(node.image.src)
        wide = held is not None and self.width_class(node.image, held) != "narrow"
        tag = "section" if caption else "p"  # a picture alone is a paragraph, as in any other document
        return el(tag, {"class": "figure" if wide else "figure slim"}, *parts)

    def details(self, node: Details) -> Markup:
        summary = el("p", None, el("strong", None, self.write_all(node.summary) or self.labels.details))
        return el("section", {"class": "details"}, summary, self.write_all(node.blocks))

    def note(self, node: Note) -> Markup:
        marker = el("section", {"class": "marker note"}, f"[{self.note_name(node.number)}]")
        return el("section", {"class": "row"}, marker, el("section", {"class": "cell"}, self.write_all(node.blocks)))

    def heading(self, node: Section) -> Markup:
        level = min(self.deepest_heading, node.level + self.heading_offset)
        return el(f"h{level}", None, self.heading_text(node.title))

    def previous(self, node: PreviousIssue) -> Markup:
        """One earlier issue: its number as printed, then its title."""
        title = el("a", {"href": node.href}, node.title) if node.href else Markup("") + node.title
        if node.number is None:
            return el("p", None, title)
        return el("p", None, el("strong", None, self.labels.volume(node.number)), " ", title)
