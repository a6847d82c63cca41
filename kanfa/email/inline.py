"""Styles into the elements, by premailer with the only options that lose nothing.

Its defaults strip `!important` from media queries, turn picture widths into percentages, load style
sheets from the network and drop the doctype; its CSS parser drops modern values without a word. So the
options are fixed here, and every declaration is looked up again afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

from lxml import etree

from kanfa.email.dom import Element, names, parse_html
from kanfa.email.lean import lean, pruned
from kanfa.email.theme import Declaration, Theme, declarations, lost, style_of
from kanfa.errors import RenderError
from kanfa.inlining import css_library, premailer_library

FORMAT = "email"
DOCTYPE: Final = "<!DOCTYPE html>"
IGNORE: Final = "data-premailer"


def inlined(html: str, theme: Theme) -> str:
    """`html` of the MJML engine with the theme's light rules written into the elements, as a whole document.

    The engine's own style blocks and the theme's media rules stay in the head as they are. Raises
    RenderError when a declaration got lost.
    """
    root = parse_html(html)
    light = _asked_for(root, theme.light)
    for style in root.iter("style"):
        if (style.text or "").strip() != theme.light.strip():
            style.set(IGNORE, "ignore")
        else:
            style.text = light
    theme = replace(theme, light=light)
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


def _asked_for(root: Element, css: str) -> str:
    """The rules that some element of the mail may want; two rules in three are for what this issue does not have."""
    used = {f".{name}" for element in root.iter(etree.Element) for name in names(element.get("class") or "")}
    return pruned(css, frozenset(used | {element.tag for element in root.iter(etree.Element)}))


@dataclass(frozen=True, slots=True)
class _Property:
    """One declaration, as premailer asks cssutils for it."""

    name: str
    value: str
    priority: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule of the theme, as premailer asks cssutils for it."""

    selectorText: str  # noqa: N815
    properties: tuple[_Property, ...]
    type: int = 1
    STYLE_RULE: int = 1
    MEDIA_RULE: int = 4

    @property
    def style(self) -> _Rule:
        return self

    def getProperties(self) -> tuple[_Property, ...]:  # noqa: N802
        return self.properties

    @property
    def texts(self) -> tuple[str, ...]:
        """Its plain and its important declarations, as premailer writes them to ask cssutils for their values."""
        plain = ";".join(f"{one.name}:{one.value}" for one in self.properties if not one.priority)
        important = ";".join(f"{one.name}:{one.value} !important" for one in self.properties if one.priority)
        return tuple(text for text in (plain, important) if text)


@lru_cache(maxsize=16)
def _rules(css: str) -> tuple[_Rule, ...]:
    """The style rules of a sheet in order."""
    return tuple(
        _Rule(selector, tuple(_Property(one.name, one.value, "important" if one.important else "") for one in group))
        for selector, group in groupby(declarations(css), lambda one: one.selector)
    )


def _transform(root: Element) -> None:
    class Inliner(premailer_library().Premailer):  # type: ignore[misc]
        """premailer with the theme's rules as they were parsed already; cssutils takes fifty times as long."""

        def _parse_css_string(self, css_body: str, validate: bool = True) -> Iterable[Any]:
            return _rules(css_body)

    # What the library says is not heard: `_prove` looks every declaration up instead.
    with css_library(validate=False):
        Inliner(
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
    kept = "\n".join(style.text or "" for style in root.iter("style"))
    stay = [css for css in (theme.media, theme.risky) if css and css not in kept]  # what is there word by word is there
    missing = (lost("\n".join(stay), kept) if stay else []) + list(_dropped(theme.light))
    by_selector: dict[str, list[Declaration]] = {}
    for rule in declarations(theme.light):
        by_selector.setdefault(rule.selector, []).append(rule)
    names: dict[str, set[str]] = {}  # by the text of the attribute: a mail has few different ones
    for selector, wanted in by_selector.items():
        for style in {
            element.get("style", "") for part in selector.split(",") for element in _finder(part.strip())(root)
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


@lru_cache(maxsize=512)
def _finder(selector: str) -> Callable[[Element], Any]:
    """What finds the elements that a selector names."""
    from cssselect import HTMLTranslator

    return etree.XPath(HTMLTranslator().css_to_xpath(selector))


@lru_cache(maxsize=16)
def _dropped(css: str) -> tuple[Declaration, ...]:
    """Declarations that premailer's CSS parser does not understand; another rule may hide that they are gone."""
    premailer_library()
    from premailer.merge_style import csstext_to_pairs

    with css_library(validate=False):
        # premailer has asked for the same texts, so that these are mostly looks into its memory
        understood = {
            (rule.selectorText, name)
            for rule in _rules(css)
            for text in rule.texts
            for name, _ in csstext_to_pairs(text, validate=False)
        }
    return tuple(rule for rule in declarations(css) if (rule.selector, rule.name) not in understood)


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
