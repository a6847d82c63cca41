"""The WeChat writer: which element and class each node gets. Styles come from the theme, limits from the transforms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from markupsafe import Markup

from kanfa.html import HtmlWriter, el
from kanfa.issue.model import (
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
    Note,
    NoteRef,
    PreviousIssue,
    Section,
    Small,
    Table,
    Underline,
)
from kanfa.labels import is_chinese
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.pictures import Picture
from kanfa.wechat.setting import Setting
from kanfa.wechat.transforms.links import SUBSTITUTE, is_live


class WeChatWriter(HtmlWriter):
    """HTML of an issue's nodes with the few elements that an article may have."""

    limits = LIMITS
    deepest_heading: ClassVar[int] = 4
    """The editor's own headings end here."""

    def __init__(self, issue: Issue, pictures: Mapping[str, Picture], setting: Setting) -> None:
        super().__init__(issue)
        self.pictures = pictures
        self.setting = setting
        self.labels = setting.labels
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
        ratio = f"{picture.height / picture.width:.4f}".rstrip("0").rstrip(".")
        attributes: dict[str, str | int | None] = {
            "class": self.width_class(node, picture),
            "src": picture.name,
            "alt": node.label,
            "data-ratio": ratio,
            "data-w": picture.width,
            "style": self.width_style(node, picture),
        }
        return el("img", attributes)

    def width_class(self, node: Image, picture: Picture) -> str:
        """`wide` fills the column; `narrow` keeps its size. Widths between are a fault for WeChat's checker."""
        return "wide" if (node.width or picture.width) > self.limits.narrow_image.value else "narrow"

    def width_style(self, node: Image, picture: Picture) -> str | None:
        """The editor's wish for a narrow picture; natural width needs no style."""
        narrow = self.width_class(node, picture) == "narrow"
        return f"width:{node.width}px" if narrow and node.width and node.width != picture.width else None

    def note_ref(self, node: NoteRef) -> Markup:
        return el("sup", {"class": "call"}, f"[{self.note_name(node.number)}]")

    def note_name(self, number: int) -> str:
        """`注1`, `Note 1`."""
        space = "" if is_chinese(self.issue.language) else " "
        return f"{self.labels.note}{space}{number}"

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

    def code_block(self, node: CodeBlock) -> Markup:
        return el("pre", None, node.text)

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
        return el("section", {"class": "figure"}, *parts)

    def details(self, node: Details) -> Markup:
        summary = el("p", None, el("strong", None, self.write_all(node.summary)))
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
