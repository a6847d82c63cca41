"""The article as an lxml tree: parse, walk, change, serialise. Deterministic, and the only serialiser of the room."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import lxml.html
from lxml.html import HtmlElement

from kanfa.errors import RenderError
from kanfa.wechat.style import Declaration, number_of, parse_style, value_of, write_style

TEXT_SIZE = 16.0
"""Pixels of text whose size nothing says."""
VOID = frozenset({"br", "hr", "img"})
BLOCKS = (
    frozenset(
        {
            "section",
            "p",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "ul",
            "ol",
            "li",
            "hr",
            "pre",
            "div",
            "dl",
            "dt",
            "dd",
        }
    )
    | frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"})
    | frozenset({"figure", "figcaption", "article", "aside", "header", "footer", "nav", "main", "details", "summary"})
)
"""Elements that stand on lines of their own; white space beside them means nothing."""
NBSP = "\u00a0"
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), (NBSP, "&nbsp;"))
"""How text and values are written; a `'` stands as itself."""
ATTRIBUTE_ORDER = ("href", "src", "alt", "data-ratio", "data-w", "start", "colspan", "rowspan")
"""First these, then all others by name, `style` last."""
PLACES = {name: (at, "") for at, name in enumerate(ATTRIBUTE_ORDER)} | {"style": (len(ATTRIBUTE_ORDER) + 1, "")}
"""Sort keys of the attributes that have a place of their own."""


def parse_fragment(html: str) -> HtmlElement:
    """The `body` element that holds the parsed fragment."""
    body: HtmlElement = lxml.html.document_fromstring(f"<html><body>{html}</body></html>").find("body")
    return body


def single_section(body: HtmlElement) -> HtmlElement:
    """The one top-level section of a fragment. Raises RenderError when the template made anything else."""
    if len(body) != 1 or body[0].tag != "section" or (body.text or "").strip() or (body[0].tail or "").strip():
        raise RenderError("wechat", "article.html.j2 must make exactly one top-level <section>")
    section: HtmlElement = body[0]
    section.tail = None
    return section


def elements(root: HtmlElement, *tags: str) -> list[HtmlElement]:
    """Every element of these tags in document order, as a list: the tree may change while you walk it."""
    return list(root.iter(*(tags or ("*",))))  # a star stands for every element, and for no comment


def new(tag: str, css_class: str = "", text: str = "") -> HtmlElement:
    """A fresh element."""
    element: HtmlElement = lxml.html.Element(tag)
    if css_class:
        element.set("class", css_class)
    element.text = text or None
    return element


def classes(element: HtmlElement) -> list[str]:
    """The classes of an element."""
    return (element.get("class") or "").split()


def text_of(element: HtmlElement) -> str:
    """All text below the element."""
    return "".join(element.itertext())


def is_block(element: HtmlElement) -> bool:
    """Whether the element stands on lines of its own."""
    return element.tag in BLOCKS


def parent_of(element: HtmlElement) -> HtmlElement:
    """The parent. Raises RenderError for the article's own section, which no transform may take away."""
    parent: HtmlElement | None = element.getparent()
    if parent is None:
        raise RenderError("wechat", f"<{element.tag}> stands alone: the article needs one section round everything")
    return parent


def move_children(source: HtmlElement, target: HtmlElement) -> None:
    """Append text and children of `source` to `target`."""
    append_text(target, source.text or "")
    source.text = None
    for child in list(source):
        target.append(child)


def append_text(element: HtmlElement, text: str) -> None:
    """Add text at the end of an element."""
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def replace(old: HtmlElement, *fresh: HtmlElement) -> None:
    """Put `fresh` where `old` stands; the text behind it stays behind."""
    parent = parent_of(old)
    at = parent.index(old)
    tail, old.tail = old.tail, None
    for offset, element in enumerate(fresh):
        element.tail = None
        parent.insert(at + offset, element)
    parent.remove(old)
    if tail:
        if fresh:
            fresh[-1].tail = tail
        elif at:
            parent[at - 1].tail = (parent[at - 1].tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail


def drop(element: HtmlElement) -> None:
    """Remove an element and all it holds; the text behind it stays."""
    replace(element)


def map_texts(root: HtmlElement, change: Callable[[str], str]) -> None:
    """Replace every text of the subtree, in document order; the tail of the root is no part of it."""
    for element in list(root.iter()):
        if isinstance(element.tag, str) and element.text:
            element.text = change(element.text)
        if element is not root and element.tail:
            element.tail = change(element.tail)


def texts(root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Every text of the subtree with the element that it stands in, in document order."""
    if isinstance(root.tag, str) and root.text:
        yield root, root.text
    for child in root:
        if isinstance(child.tag, str):
            yield from texts(child)
        if child.tail:
            yield root, child.tail


def styles(element: HtmlElement) -> list[Declaration]:
    """The declarations of the element's style attribute."""
    return list(parse_style(element.get("style") or ""))


def font_size_of(element: HtmlElement) -> float:
    """Font size in pixels as far as inline px values tell; 16 otherwise."""
    for node in [element, *element.iterancestors()]:
        size = number_of(value_of(styles(node), "font-size"), "px")
        if size is not None:
            return size
    return TEXT_SIZE


def set_styles(element: HtmlElement, declarations: list[Declaration]) -> None:
    """Write the style attribute; without declarations there is none."""
    if declarations:
        element.set("style", write_style(declarations))
    else:
        element.attrib.pop("style", None)


def path_of(element: HtmlElement) -> str:
    """Where an element stands, for findings: `section>p[3]>span`.

    Counts the siblings before each step, so ask for it only when there is something to report.
    """
    steps = []
    node: HtmlElement | None = element
    while node is not None and node.tag not in {"body", "html"}:
        same = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
        steps.append(f"{node.tag}[{same + 1}]" if same else str(node.tag))
        node = node.getparent()
    return ">".join(reversed(steps))


def serialise(element: HtmlElement) -> str:
    """The element as HTML on one line; a no-break space is `&nbsp;`, other characters stand as themselves."""
    pieces: list[str] = []
    _write(element, pieces)
    return "".join(pieces)


def _write(element: HtmlElement, pieces: list[str]) -> None:
    tag = element.tag
    if attributes := element.items():
        names = _ordered(attributes) if len(attributes) > 1 else attributes
        shown = "".join([f' {name}="{_escaped(value)}"' for name, value in names])
        pieces.append(f"<{tag}{shown}>")
    else:
        pieces.append(f"<{tag}>")
    if tag in VOID:
        return
    if element.text:
        pieces.append(_escaped(element.text))
    for child in element:
        _write(child, pieces)
        if child.tail:
            pieces.append(_escaped(child.tail))
    pieces.append(f"</{tag}>")


def _ordered(attributes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(attributes, key=lambda one: PLACES.get(one[0], (len(ATTRIBUTE_ORDER), one[0])))


def _escaped(text: str) -> str:
    for char, entity in ESCAPES:
        if char in text:
            text = text.replace(char, entity)
    return text
