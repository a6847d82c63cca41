"""Styles into the elements, by premailer with the only options that lose nothing.

Its defaults strip `!important` from media queries, turn picture widths into percentages, load style
sheets from the network and drop the doctype; its CSS parser drops modern values without a word. So the
options are fixed here, and every declaration is looked up again afterwards.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from lxml import etree

from kanfa.email.dom import Element, parse_html
from kanfa.email.lean import lean
from kanfa.email.theme import Declaration, Theme, declarations, lost, style_of
from kanfa.errors import RenderError
from kanfa.inlining import css_library

FORMAT = "email"
DOCTYPE: Final = "<!DOCTYPE html>"
IGNORE: Final = "data-premailer"


def inlined(html: str, theme: Theme) -> str:
    """`html` of the MJML engine with the theme's light rules written into the elements, as a whole document.

    The engine's own style blocks and the theme's media rules stay in the head as they are. Raises
    RenderError when a declaration got lost.
    """
    root = parse_html(html)
    for style in root.iter("style"):
        if (style.text or "").strip() != theme.light.strip():
            style.set(IGNORE, "ignore")
    images = [image.get("width") for image in root.iter("img")]
    _transform(root)
    for style in list(root.iter("style")):
        # premailer leaves the mark on blocks with a media attribute
        style.attrib.pop(IGNORE, None)
    _prove(root, theme)
    if [image.get("width") for image in root.iter("img")] != images:
        raise RenderError(FORMAT, "inlining changed the width of a picture")
    _drop_inlined(root, theme)
    lean(root, theme)
    _charset_first(root)
    text: str = etree.tostring(root, method="html", encoding="unicode", doctype=DOCTYPE)
    return text


def _transform(root: Element) -> None:
    from premailer import Premailer

    # What the library says is not heard: `_prove` looks every declaration up instead.
    with css_library():
        Premailer(
            root,
            strip_important=False,
            keep_style_tags=True,
            remove_classes=False,
            disable_validation=True,
            disable_basic_attributes=["width", "height", "align", "valign", "bgcolor"],
            align_floating_images=False,
            disable_leftover_css=True,
            allow_network=False,
            allow_loading_external_files=False,
            disable_link_rewrites=True,
        ).transform(pretty_print=False)


def _prove(root: Element, theme: Theme) -> None:
    """Every declaration of the theme is in the head or in each element that its selector names."""
    from cssselect import HTMLTranslator

    kept = "\n".join(style.text or "" for style in root.iter("style"))
    missing = lost("\n".join((theme.media, theme.risky)), kept) + list(_dropped(theme.light))
    translate = HTMLTranslator().css_to_xpath
    by_selector: dict[str, list[Declaration]] = {}
    for rule in declarations(theme.light):
        by_selector.setdefault(rule.selector, []).append(rule)
    names: dict[str, set[str]] = {}  # by the text of the attribute: a mail has few different ones
    for selector, wanted in by_selector.items():
        for style in {
            element.get("style", "") for part in selector.split(",") for element in root.xpath(translate(part.strip()))
        }:
            if style not in names:
                names[style] = {name for name, _, _ in style_of(style)}
            missing += [rule for rule in wanted if rule.name not in names[style] and rule not in missing]
    if missing:
        first = missing[0]
        shown = f"{first.condition} {first.selector} {{ {first.name}: {first.value} }}".strip()
        raise RenderError(
            FORMAT, f"templates/email/theme.css: inlining dropped {len(missing)} declarations, first {shown}"
        )


@lru_cache(maxsize=4)
def _dropped(css: str) -> tuple[Declaration, ...]:
    """Declarations that premailer's CSS parser does not understand; another rule may hide that they are gone."""
    import cssutils

    with css_library():
        parser = cssutils.CSSParser(validate=False, raiseExceptions=False)
        understood = {
            ("".join(rule.selectorText.split()), declaration.name)
            for rule in parser.parseString(css)
            if hasattr(rule, "style")
            for declaration in rule.style.getProperties(all=True)
        }
    return tuple(rule for rule in declarations(css) if ("".join(rule.selector.split()), rule.name) not in understood)


def _drop_inlined(root: Element, theme: Theme) -> None:
    """The light rules are in the elements now; in the head they would only count against Gmail's two limits."""
    for style in list(root.iter("style")):
        if (style.text or "").strip() == theme.light.strip():
            parent = style.getparent()
            if parent is not None:
                parent.remove(style)


def _charset_first(root: Element) -> None:
    """Move the charset declaration to the top of the head: the engine puts the title, of any length, before it."""
    head = root.find("head")
    if head is None:
        raise RenderError(FORMAT, "the MJML engine wrote no head")
    for meta in head.findall("meta"):
        if (meta.get("http-equiv") or "").lower() == "content-type":
            head.insert(0, meta)
            return
    raise RenderError(FORMAT, "the MJML engine wrote no charset")
