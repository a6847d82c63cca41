"""Warnings about styles and elements: nothing breaks, something looks worse."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from kanfa.findings import Finding
from kanfa.wechat.checks.article import Article
from kanfa.wechat.checks.dark import colour_of
from kanfa.wechat.checks.structure import in_drawing
from kanfa.wechat.darkmode import LEAST_ALPHA, MOST_BACKGROUND, WHITE_LIKE, brightness
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.rules import advice as rule
from kanfa.wechat.style import functions_in, number_of, urls_in, value_of
from kanfa.wechat.tree import is_block, path_of, styles, text_of

SEMANTIC = frozenset(["article", "aside", "header", "footer", "nav", "main", "figure", "figcaption"])
SIDEWAYS = ("滑动", "swipe")
"""Words of a hint that a block scrolls."""


def elements(article: Article) -> Iterator[Finding]:
    """Classes and elements that survive but do not help."""
    for element in article.elements():
        if "class" in element.attrib and not in_drawing(element) and element.tag not in {"svg", "mp-common-profile"}:
            names = element.get("class") or ""
            yield rule.CLASS_ATTR.at(1, 'class="{names}"', names=names, element=path_of(element))
        if element.tag == "h1":
            yield rule.BODY_H1.at(article.line_of_text(text_of(element)), "h1 in the article", element=path_of(element))
        if element.tag in SEMANTIC:
            yield rule.SEMANTIC_BLOCK.at(1, "<{tag}>", tag=element.tag, element=path_of(element))
        if element.tag == "ruby":
            text = text_of(element)
            yield rule.RUBY.at(article.line_of_text(text), "ruby “{text}”", text=text, element=path_of(element))


def looks(article: Article) -> Iterator[Finding]:
    """Styles that lose something on phones or in dark mode."""
    for element in article.elements():
        if "style" in element.attrib and not in_drawing(element):
            yield from looks_of(element)


def looks_of(element: HtmlElement) -> Iterator[Finding]:
    """The same for one element."""
    declared = styles(element)
    text = text_of(element).replace("\u00a0", " ").strip()
    background = " ".join(d.value for d in declared if d.name.startswith("background"))
    if text and any(name.endswith("gradient") for name in functions_in(background)):
        yield rule.GRADIENT.at(1, "{background}", background=background, element=path_of(element))
    if text and urls_in(background):
        yield rule.TEXT_ON_IMAGE.at(1, "{background}", background=background, element=path_of(element))
    family = value_of(declared, "font-family")
    if family and "monospace" not in family:
        yield rule.FONT_FAMILY.at(1, "font-family:{family}", family=family, element=path_of(element))
    if (side := value_of(declared, "float")) not in {"", "none"}:
        yield rule.FLOAT.at(1, "float:{side}", side=side, element=path_of(element))
    width = number_of(value_of(declared, "width"), "px")
    if width is not None and width > LIMITS.px_width.value and element.tag != "img":
        yield rule.PX_WIDTH.at(1, "width:{width}px", width=round(width), element=path_of(element))
    ink, paint = colour_of(value_of(declared, "color")), colour_of(value_of(declared, "background", "background-color"))
    if ink is not None and not any(ink[:3]) and ink[3] == 1:
        yield rule.BLACK.at(1, "pure black text", element=path_of(element))
    if paint is None or paint[3] < LEAST_ALPHA:
        return
    if ink is None:
        message = "background {background} without a colour"
        yield rule.BG_WITHOUT_COLOUR.at(1, message, background=background, element=path_of(element))
    tinted = len({round(channel) for channel in paint[:3]}) > 1
    if is_block(element) and tinted and MOST_BACKGROUND < brightness(paint[:3]) <= WHITE_LIKE:
        yield rule.TINTED_PANEL.at(1, "background {background}", background=background, element=path_of(element))


def images(article: Article) -> Iterator[Finding]:
    """Widths that suit every screen, sizes that are known, not too many."""
    shown = list(article.elements("img"))
    for image in shown:
        src = image.get("src") or ""
        line = article.line_of_image(src, image.get("alt") or "")
        natural = image.get("data-w") or ""
        if not natural.isdigit():
            yield rule.IMG_NO_DATA_W.at(line, "picture {src}", src=src, element=path_of(image))
        width = value_of(styles(image), "width")
        pixels = number_of(width, "px") if width else (float(natural) if natural.isdigit() else None)
        if pixels is not None and LIMITS.narrow_image.value < pixels < LIMITS.wide_image.value:
            yield rule.IMG_AWKWARD.at(line, "{width} px wide", width=round(pixels), element=path_of(image))
    if len(shown) > LIMITS.images.value:
        line, proven = article.line_of_image(shown[-1].get("src") or "", ""), LIMITS.images.value
        yield rule.MANY_IMAGES.at(line, "{count} pictures; {proven} are proven", count=len(shown), proven=proven)


def opening(article: Article) -> Iterator[Finding]:
    """The article does not open with code or a drawing."""
    root = article.body[0] if len(article.body) else None
    first = root[0] if root is not None and len(root) and not (root.text or "").strip() else None
    if first is None or not isinstance(first.tag, str):
        return
    if first.tag in {"svg", "pre", "code"} or "monospace" in value_of(styles(first), "font-family"):
        yield rule.LEADING_CODE.at(article.line_of_text(text_of(first)), "<{tag}> comes first", tag=first.tag)


def scrolling(article: Article) -> Iterator[Finding]:
    """A block that scrolls sideways says so just before or after."""
    for element in article.elements():
        if value_of(styles(element), "overflow-x", "overflow") not in {"auto", "scroll"}:
            continue
        around = [text_of(near) for near in (element.getprevious(), element.getnext()) if near is not None]
        if not any(word in text for text in around for word in SIDEWAYS):
            yield rule.NO_HINT.at(article.line_of_text(text_of(element)), "no hint nearby", element=path_of(element))


ADVICE_CHECKS = (elements, looks, images, opening, scrolling)
