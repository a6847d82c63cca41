"""Elements, attributes, nesting and lists."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from kanfa.findings import Finding
from kanfa.wechat.addresses import host_of
from kanfa.wechat.checks.article import Article
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.rules import structure as rule
from kanfa.wechat.tree import BLOCKS, VOID, path_of, text_of

TEXT_TAGS = (
    frozenset(
        {"section", "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "hr", "pre", "img", "br"}
    )
    | frozenset({"span", "strong", "b", "em", "i", "u", "s", "del", "ins", "sup", "sub", "small", "mark", "code", "a"})
    | frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "col"})
    | frozenset({"figure", "figcaption", "article", "aside", "header", "footer", "nav", "main", "ruby", "rt", "rp"})
)
"""Elements that the draft API keeps; some of them have a rule of their own."""
SVG_TAGS = (
    frozenset({"svg", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "g", "text", "tspan"})
    | frozenset({"image", "foreignobject", "animate", "animatetransform", "animatemotion", "set", "a", "title", "desc"})
    | frozenset(
        {"use", "defs", "lineargradient", "radialgradient", "stop", "marker", "clippath", "mask", "filter", "symbol"}
    )
)
"""Elements of drawings; those that need an id are judged by the drawing rules."""
CARD = "mp-common-profile"
COMPONENTS = frozenset({"img", "video", "iframe", "svg", "mpvoice", CARD})


def in_drawing(element: HtmlElement) -> bool:
    """Whether the element is part of an SVG drawing (the `svg` element itself is not)."""
    return next(element.iterancestors("svg"), None) is not None


def tags(article: Article) -> Iterator[Finding]:
    """Only elements that survive; div, style and link have rules of their own."""
    for element in article.elements():
        tag = element.tag.lower()
        if tag == "div":
            yield rule.DIV_USED.at(article.line_of_text(text_of(element)), "div is dissolved", element=path_of(element))
        elif tag in {"style", "link"} and not in_drawing(element):
            yield rule.STYLE_TAG.at(1, "<{tag}> is removed", tag=tag, element=path_of(element))
        elif not _allowed(element, tag):
            line = article.line_of_text(text_of(element))
            yield rule.TAG_FORBIDDEN.at(line, "<{tag}> does not survive", tag=tag, element=path_of(element))


def _allowed(element: HtmlElement, tag: str) -> bool:
    if in_drawing(element) or tag == "svg":
        return tag in SVG_TAGS or tag == "style"
    if tag == "iframe":
        return host_of(element.get("src") or "") == "v.qq.com"
    if tag == CARD:
        return bool(element.get("data-id")) and element.get("data-pluginname") == "mpprofile"
    return tag in TEXT_TAGS


def attributes(article: Article) -> Iterator[Finding]:
    """No ids, no handlers."""
    for element in article.elements():
        for name in map(str, element.keys()):
            low = name.lower()
            if low == "id":
                value = element.get(name) or ""
                yield rule.ATTR_ID.at(1, 'id="{value}" is removed', value=value, element=path_of(element))
            elif low.startswith("on") or low in {"contenteditable", "ping"}:
                yield rule.ATTR_EVENT.at(1, "{name} is removed", name=low, element=path_of(element))


def nesting(article: Article) -> Iterator[Finding]:
    """At most ten levels, the article's own section counted; one finding for each top-level block."""
    most = LIMITS.nesting.value
    for top in article.body:
        for block in [*top] if isinstance(top.tag, str) else []:
            deepest, depth = _deepest(block, 2)
            if depth > most:
                line = article.line_of_text(text_of(deepest) or text_of(block))
                message = "{depth} levels; at most {most}"
                yield rule.NEST_DEPTH.at(line, message, depth=depth, most=most, element=path_of(deepest))


def _deepest(element: HtmlElement, depth: int) -> tuple[HtmlElement, int]:
    best = (element, depth)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in VOID and element.tag != "svg":
            found = _deepest(child, depth + 1)
            if found[1] > best[1]:
                best = found
    return best


def leaves(article: Article) -> Iterator[Finding]:
    """`leaf` and `nodeleaf` hold what they promise."""
    for span in article.elements("span"):
        if "leaf" in span.attrib and any(inner.tag in BLOCKS for inner in span.iterdescendants()):
            yield rule.SPAN_LEAF_BLOCK.at(1, "a block stands in span[leaf]", element=path_of(span))
    for section in article.elements("section"):
        if "nodeleaf" not in section.attrib:
            continue
        held = [child for child in section if isinstance(child.tag, str) and child.tag != "br"]
        if len(held) != 1 or held[0].tag not in COMPONENTS or text_of(section).strip():
            message = "section[nodeleaf] holds {count} nodes"
            yield rule.NODELEAF_CONTENT.at(1, message, count=len(held), element=path_of(section))


def redundant(article: Article) -> Iterator[Finding]:
    """No element with mostly empty children."""
    for element in article.elements():
        children = [child for child in element if isinstance(child.tag, str)]
        if len(children) <= LIMITS.children.value or in_drawing(element) or element.tag == "svg":
            continue
        empty = [c for c in children if c.tag not in VOID and not text_of(c).strip() and not list(c.iter(*COMPONENTS))]
        if len(empty) > LIMITS.empty_children.value:
            message, count = "{empty} of {children} children are empty", len(children)
            yield rule.REDUNDANT_NODES.at(1, message, empty=len(empty), children=count, element=path_of(element))


def list_items(article: Article) -> Iterator[Finding]:
    """Lists hold items and nothing else; items hold something, and no paragraphs."""
    for node in article.elements("ul", "ol"):
        loose = [node.text, *(child.tail for child in node)]
        if any(loose) or any(child.tag != "li" for child in node):
            line = article.line_of_text(text_of(node))
            yield rule.LIST_WHITESPACE.at(line, "something stands between the items", element=path_of(node))
        if sum(1 for _ in node.iterancestors("ul", "ol")) == LIMITS.list_depth.value:
            line, level = article.line_of_text(text_of(node)), LIMITS.list_depth.value + 1
            yield rule.LIST_DEPTH.at(line, "list in level {level}", level=level, element=path_of(node))
    for item in article.elements("li"):
        if not text_of(item).strip(" \t\r\n") and not list(item.iter(*COMPONENTS)):
            yield rule.LIST_EMPTY_ITEM.at(1, "the item is empty", element=path_of(item))
        for paragraph in item.iterchildren("p"):
            line = article.line_of_text(text_of(paragraph))
            yield rule.LIST_PARAGRAPH.at(line, "a paragraph in an item", element=path_of(paragraph))


def code_newlines(article: Article) -> Iterator[Finding]:
    """Newlines in code are written as `<br>`."""
    for element in article.elements("code", "pre"):
        if "\n" in text_of(element) and next(element.iterancestors("code", "pre"), None) is None:
            line = article.line_of_text(text_of(element))
            yield rule.CODE_NEWLINE.at(line, "a newline in code would be lost", element=path_of(element))


def whole(article: Article) -> Iterator[Finding]:
    """One section at the top, and text in it."""
    body = article.body
    loose = (body.text or "").strip() or any((child.tail or "").strip() for child in body)
    if len(body) != 1 or body[0].tag != "section" or loose or not article.html.lstrip().startswith("<section"):
        yield rule.ROOT.at(1, "{count} nodes at the top; one section is wanted", count=len(body))
    if not text_of(body).strip():
        yield rule.NO_TEXT.at(1, "the article has no text")


STRUCTURE_CHECKS = (tags, attributes, nesting, leaves, redundant, list_items, code_newlines, whole)
