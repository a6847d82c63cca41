"""Code: what `pre` would keep by itself is written out, because WeChat keeps neither newlines nor indentation."""

from __future__ import annotations

from lxml.html import HtmlElement

from kanfa.wechat.setting import Setting
from kanfa.wechat.tree import NBSP, elements, map_texts, new, parent_of

TAB = 4
"""Columns of a tab stop."""


def code(root: HtmlElement, _: Setting) -> None:
    """Code blocks → a `section` with `<br>` and no-break spaces, inline code → one line.

    Prevents: code on one line, lost indentation, and the scrolling `pre` that fails the official checker.
    """
    for block in elements(root, "pre"):
        block.tag = "section"
        block.set("class", "code")
        for inner in elements(block, "code"):
            inner.tag = "span"
        _write_out(block)
    for inline in elements(root, "code"):
        map_texts(inline, lambda text: _held(text.replace("\r", "").replace("\n", " ")))


def _write_out(block: HtmlElement) -> None:
    for element in list(block.iter()):
        first, *others = _lines(element.text or "")
        starts_line = element is block
        element.text = _line(first, starts_line) or None
        for at, line in enumerate(others):
            element.insert(at, _break(line))
    for element in list(block.iterdescendants()):
        if not element.tail or element.tag == "br":
            continue
        first, *others = _lines(element.tail)
        element.tail = _line(first, False) or None
        parent = parent_of(element)
        at = parent.index(element) + 1
        for offset, line in enumerate(others):
            parent.insert(at + offset, _break(line))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _break(line: str) -> HtmlElement:
    element = new("br")
    element.tail = _line(line, True) or None
    return element


def _line(line: str, starts_line: bool) -> str:
    """One line with its tabs as columns and every space kept that HTML would drop."""
    text = line.expandtabs(TAB)
    if starts_line:
        indent = len(text) - len(text.lstrip(" "))
        return NBSP * indent + _held(text[indent:])
    return _held(text)


def _held(text: str) -> str:
    """Runs of spaces as no-break spaces with one plain space at their end, where a line may break."""
    held = text
    while "  " in held:
        held = held.replace("  ", f"{NBSP} ")
    return held
