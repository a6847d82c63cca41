"""A page that shows an article as the WeChat reader would: phone width, its page CSS, light or dark."""

from __future__ import annotations

from collections.abc import Callable

from lxml.html import HtmlElement

from kanfa.wechat.darkmode import PAGE as DARK_PAGE
from kanfa.wechat.darkmode import Rgb, Rgba, blended, dark_background, dark_text, hex_of
from kanfa.wechat.style import Declaration, colours_in, value_of
from kanfa.wechat.tree import elements, parse_fragment, serialise, set_styles, styles

READER_CSS = """
* { margin: 0; padding: 0 }
body { padding: 20px; font: 17px/1.6 "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif }
body * { max-width: 100% !important; box-sizing: border-box !important; word-wrap: break-word !important }
h1, h2, h3, h4, h5, h6 { font-weight: 400; font-size: 16px }
em { font-style: italic }
table { border-spacing: 0 }
img { vertical-align: middle }
"""
"""What the reader's page does to every article: resets and three rules no style can override."""
INKED = frozenset({"color", "outline", "outline-color", "box-shadow"})


def preview(html: str, dark: bool = False) -> str:
    """A whole HTML page for the article fragment `html`; `dark` converts inline colours as the reader does.

    Picture names stay local, so put the page beside `images/`. For people only: nothing is staged from it.
    """
    body = parse_fragment(html)
    if dark:
        _darken(body, DARK_PAGE)
    page = "#191919;color:#a3a3a3" if dark else "#fff;color:#191919"
    return (
        '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>WeChat preview</title>'
        f'<style>{READER_CSS}</style><body style="background:{page}">{"".join(serialise(child) for child in body)}'
        "</body></html>"
    )


def _darken(element: HtmlElement, behind: Rgb) -> None:
    if element.tag == "svg":
        return
    declared = styles(element)
    paint = colours_in(value_of(declared, "background", "background-color"))
    here = blended((*dark_background(paint[-1][:3]), paint[-1][3]), behind) if paint else behind
    if declared:
        set_styles(element, [_converted(d, here) for d in declared])
    for child in elements(element):
        if child.getparent() is element:
            _darken(child, here)


def _converted(declaration: Declaration, behind: Rgb) -> Declaration:
    name = declaration.name
    if name in {"background", "background-color"}:
        return Declaration(name, _repainted(declaration.value, lambda c: dark_background(c[:3])))
    if name in INKED or name.startswith("border"):
        return Declaration(name, _repainted(declaration.value, lambda c: dark_text(c[:3], behind)))
    return declaration


def _repainted(value: str, change: Callable[[Rgba], Rgb]) -> str:
    words = []
    for word in value.split(" "):
        found = colours_in(word)
        words.append(_written(change(found[0]), found[0][3]) if len(found) == 1 and "gradient" not in value else word)
    return " ".join(words)


def _written(colour: Rgb, alpha: float) -> str:
    if alpha == 1:
        return hex_of(colour)
    return f"rgba({','.join(str(round(channel)) for channel in colour)},{alpha:g})"
