"""The outer shape: which elements there are, no white space between blocks, a safe first node."""

from __future__ import annotations

from lxml.html import HtmlElement

from kanfa.wechat.setting import Setting
from kanfa.wechat.tree import NBSP, VOID, classes, elements, is_block, new

SPACE = " \t\r\n\f"
MAPPED = {
    **dict.fromkeys(("div", "article", "aside", "header", "footer", "nav", "main", "figure", "details"), "section"),
    **dict.fromkeys(("summary", "figcaption", "caption"), "p"),
    **dict.fromkeys(("del", "ins", "u", "s", "small", "mark", "kbd"), "span"),
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    "b": "strong",
    "i": "em",
}
"""Elements that a draft loses, or that the editor dissolves, with what stands for them."""
KEPT_AS_CLASS = {
    "del": "deleted",
    "s": "deleted",
    "ins": "inserted",
    "u": "inserted",
    "small": "small",
    "mark": "mark",
    "kbd": "key",
}


def plain_elements(root: HtmlElement, _: Setting) -> None:
    """Map every element outside WeChat's small set to one of the set.

    Prevents: a `div` that the editor dissolves together with its style, and a second title from `h1`.
    """
    for element in elements(root, *MAPPED):
        if element.tag in KEPT_AS_CLASS:
            element.set("class", " ".join([*classes(element), KEPT_AS_CLASS[element.tag]]))
        element.tag = MAPPED[element.tag]


def white_space(root: HtmlElement, _: Setting) -> None:
    """No white space between block tags and at the ends of blocks; elsewhere one space.

    Prevents: blank lines, which the editor makes of white space between blocks.
    """
    for element in elements(root):
        element.text = _collapsed(element.text)
        if element is not root:
            element.tail = _collapsed(element.tail)
    for element in elements(root):
        if is_block(element) and element.tag not in VOID:
            _trim(element)


def _collapsed(text: str | None) -> str | None:
    if not text:
        return None
    if "  " not in text and not any(char in text for char in "\t\r\n\f"):
        return text
    out: list[str] = []
    for char in text:
        if char not in SPACE:
            out.append(char)
        elif not out or out[-1] != " ":
            out.append(" ")
    return "".join(out)


def _trim(block: HtmlElement) -> None:
    block.text = (block.text or "").lstrip(SPACE) or None
    if not len(block):
        block.text = (block.text or "").rstrip(SPACE) or None
        return
    if is_block(block[0]):
        block.text = (block.text or "").rstrip(SPACE) or None
    for child, following in zip(block, [*block[1:], None], strict=True):
        tail = child.tail or ""
        if is_block(child) or child.tag == "br":
            tail = tail.lstrip(SPACE)
        if following is None or is_block(following) or following.tag == "br":
            tail = tail.rstrip(SPACE)
        child.tail = tail or None


def leading_guard(root: HtmlElement, _: Setting) -> None:
    """An invisible paragraph round a code block or drawing that opens the article.

    Prevents: the style of a first code block or SVG is sometimes dropped.
    """
    if not len(root) or (root.text or "").strip(SPACE):
        return
    if root[0].tag == "svg" or "code" in classes(root[0]):
        root.insert(1, new("p", "guard", NBSP))
        root.insert(0, new("p", "guard", NBSP))
