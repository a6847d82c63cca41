"""HTML as a small tree that keeps attributes and text as they were written.

The storage filter judges the source of a style attribute (`&#39;` and `'` have different fates), and every HTML
parser at hand decodes entities first. So the tokens come from the standard library's parser, attributes are read
again from the tag's own source, and text is never decoded.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
FOREIGN = frozenset({"svg", "math"})
SPACE = " \t\n\r\f"
DEPTH = 200
"""Deepest nesting that is kept; what lies deeper becomes a neighbour. Browsers stop at 512."""
PRIVATE = range(0xF0000, 0xFFFFE)
"""Private characters (Unicode, plane 15). An article has too few characters to hold them all."""
CLOSES_P = frozenset({
    "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre",
    "section", "table", "ul",
})  # fmt: skip
"""Start tags that end an open paragraph (HTML Standard, 13.2.6.4.7)."""
IMPLIED_END = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tbody": frozenset({"thead", "tbody", "tr", "td", "th"}),
    "option": frozenset({"option"}),
}
"""Start tag → open elements that it ends."""
SCOPES = frozenset({"ul", "ol", "dl", "table", "section", "div", "blockquote", "svg", "math", "select"})
"""Elements beyond which no start tag ends anything."""


@dataclass(slots=True)
class Attribute:
    """One attribute; the name is as written, the source of its value without the quotes round it."""

    name: str
    source: str

    @property
    def value(self) -> str:
        """The value with entities decoded."""
        return html.unescape(self.source)


@dataclass(slots=True)
class Element:
    """One element; children are elements and texts, texts as written."""

    tag: str
    attributes: list[Attribute] = field(default_factory=list)
    children: list[Element | str] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """The decoded value of an attribute, None without it."""
        found = self.find(name)
        return found.value if found else None

    def find(self, name: str) -> Attribute | None:
        """The attribute itself."""
        return next((attribute for attribute in self.attributes if attribute.name.lower() == name), None)

    def drop(self, *names: str) -> None:
        """Remove attributes."""
        self.attributes = [attribute for attribute in self.attributes if attribute.name.lower() not in names]

    def elements(self) -> Iterator[Element]:
        """All elements below, in document order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.elements()

    def texts(self) -> Iterator[str]:
        """All texts below as written, in document order."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child.texts()


def raw_attributes(source: str) -> list[Attribute]:
    """The attributes of a start tag `<p style="…">`, each name once, as HTML's tokenizer would find them.

    A character scan (HTML Standard, 13.2.5.32 to 13.2.5.38): no attribute may be lost, and none decoded.
    """
    found: dict[str, Attribute] = {}
    at, end = 1, len(source) - (1 if source.endswith(">") else 0)
    while at < end and source[at] not in SPACE + "/":
        at += 1
    while at < end:
        while at < end and source[at] in SPACE + "/":
            at += 1
        start = at
        while at < end and (at == start or source[at] not in SPACE + "/="):
            at += 1
        name = source[start:at]
        value, at = _raw_value(source, at, end)
        if name:
            found.setdefault(name.lower(), Attribute(name, value))
    return list(found.values())


def _raw_value(source: str, at: int, end: int) -> tuple[str, int]:
    """The value after a name, and where it ends; an empty value when there is none."""
    mark = at
    while mark < end and source[mark] in SPACE:
        mark += 1
    if mark >= end or source[mark] != "=":
        return "", at
    mark += 1
    while mark < end and source[mark] in SPACE:
        mark += 1
    if mark < end and source[mark] in "\"'":
        close = source.find(source[mark], mark + 1, end)
        close = end if close < 0 else close
        return source[mark + 1 : close], min(end, close + 1)
    start = mark
    while mark < end and source[mark] not in SPACE:
        mark += 1
    return source[start:mark], mark


class _Builder(HTMLParser):
    """Builds the tree. `mark` stands for every `&` of the input: the parser then finds no entities to decode."""

    def __init__(self, mark: str) -> None:
        super().__init__(convert_charrefs=False)
        self.mark = mark
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, empty=tag in VOID)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # `/>` ends an element only in drawings; elsewhere HTML takes no notice of the slash
        foreign = tag in FOREIGN or any(element.tag in FOREIGN for element in self.open)
        self._start(tag, empty=foreign or tag in VOID)

    def _start(self, tag: str, empty: bool) -> None:
        if tag in CLOSES_P:
            self._imply(frozenset({"p"}))
        if tag in IMPLIED_END:
            self._imply(IMPLIED_END[tag])
        element = Element(tag, raw_attributes((self.get_starttag_text() or "").replace(self.mark, "&")))
        self.open[-1].children.append(element)
        if not empty and len(self.open) < DEPTH:
            self.open.append(element)

    def _imply(self, tags: frozenset[str]) -> None:
        """End open elements of these tags within the nearest scope."""
        at = len(self.open) - 1
        lowest = 0
        while at > 0 and self.open[at].tag not in SCOPES:
            if self.open[at].tag in tags:
                lowest = at
            at -= 1
        if lowest:
            del self.open[lowest:]

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":  # HTML reads </br> as a break
            self.open[-1].children.append(Element("br"))
            return
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def handle_data(self, data: str) -> None:
        children = self.open[-1].children
        text = data.replace(self.mark, "&").replace("<", "&lt;")
        if children and isinstance(children[-1], str):
            children[-1] += text
        else:
            children.append(text)

    def ends_in_tag(self) -> bool:
        """Whether the text stopped within a tag. Browsers drop such a tag (HTML Standard, 13.2.5.8: eof-in-tag).

        The base class would try to read a text out of it, at each of its `<` again up to the end.
        """
        return self.rawdata[:1] == "<" and self.rawdata[1:3].lstrip("/")[:1].isalpha()

    def parse_html_declaration(self, i: int) -> int:
        """Doctypes and CDATA sections are comments to us; the base class raises for some of them."""
        end = self.rawdata.find(">", i)
        return end + 1 if end >= 0 else -1


def parse(text: str) -> Element:
    """The fragment as children of an element without a name. Never raises: all text is some HTML."""
    mark = next(char for char in map(chr, PRIVATE) if char not in text)
    builder = _Builder(mark)
    builder.feed(text.replace("&", mark))
    if not builder.ends_in_tag():
        builder.close()
    return builder.root


def serialise(element: Element) -> str:
    """The element as WeChat stores it: `<br  />`, attributes in double quotes; the root's children only."""
    inner = "".join(child if isinstance(child, str) else serialise(child) for child in element.children)
    if not element.tag:
        return inner
    attributes = "".join(f' {attribute.name}="{_quoted(attribute)}"' for attribute in element.attributes)
    if element.tag in {"br", "hr"}:
        return f"<{element.tag}{attributes}  />"  # two blanks: so it was read back
    if element.tag in VOID:
        return f"<{element.tag}{attributes}>"
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>"


def _quoted(attribute: Attribute) -> str:
    source = attribute.source.replace('"', "&quot;").replace("<", "&lt;")
    return source.replace("'", "&#39;") if attribute.name.lower() == "style" else source
