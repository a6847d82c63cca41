"""L3, opening and saving in the web editor: what happens to a stored article when a person presses 保存 or 发表.

Wiped column widths are measured, collapsed nesting is official, dissolved `div`s are reported.
"""

from __future__ import annotations

from kanfa.wechat.limits import LIMITS
from kanfa.wechat.simulator.css import declarations
from kanfa.wechat.simulator.markup import Element, parse, serialise
from kanfa.wechat.simulator.storage import dissolved

COMPONENTS = frozenset({"img", "video", "iframe", "svg", "mpvoice", "mp-common-profile"})
"""What a `nodeleaf` section may hold one of. Official."""
CELLS = frozenset({"td", "th"})


def save(stored: str) -> str:
    """The article after one save in the editor; a second save of well-formed HTML changes no more. Never raises."""
    root = parse(stored)
    _normalise(root, depth=0)
    return serialise(root)


def _normalise(parent: Element, depth: int) -> None:
    children: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, str):
            children.append(child)
            continue
        _collapse(child, depth + 1)
        _normalise(child, depth + 1)
        if child.tag in CELLS:
            _wipe_width(child)
        if child.find("nodeleaf"):
            child.children = _one_component(child)
        children += _without_div(child, parent) if child.tag == "div" else [child]
    parent.children = children


def _collapse(element: Element, depth: int) -> None:
    """Merge a wrapper deeper than ten levels with its only child of the same tag and style."""
    while depth > LIMITS.nesting.value and len(element.children) == 1:
        child = element.children[0]
        if isinstance(child, str) or child.tag != element.tag or child.get("style") != element.get("style"):
            return
        element.children = child.children


def _wipe_width(cell: Element) -> None:
    cell.drop("width")
    style = cell.find("style")
    if style is None:
        return
    pieces = declarations(style.value)
    kept = [piece for piece in pieces if piece.partition(":")[0].strip().lower() != "width"]
    if len(kept) == len(pieces):
        return
    style.source = ";".join(kept).replace("&", "&amp;")
    if not style.source.strip("; "):
        cell.drop("style")


def _one_component(section: Element) -> list[Element | str]:
    found = [element for element in section.elements() if element.tag in COMPONENTS]
    return [found[0]] if found else list(section.children)


def _without_div(div: Element, parent: Element) -> list[Element | str]:
    return list(dissolved(div, "span" if parent.tag == "p" else "p"))
