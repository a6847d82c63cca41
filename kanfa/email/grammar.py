"""The part of MJML and HTML that our templates may use: the allow-list as data.

Only components whose output equals the reference implementation's in structure are here, and only
attributes the engine honours; a misspelt one would otherwise vanish without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from kanfa.email.dom import names

VALUE_TYPES: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "address": re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE),
        "align": re.compile(r"left|center|right|justify"),
        "class list": re.compile(r"[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)*"),
        "colour of six hex digits": re.compile(r"#[0-9a-fA-F]{6}"),
        "direction": re.compile(r"ltr|rtl"),
        "font list that ends in a generic family": re.compile(r".*\b(sans-serif|serif|monospace)"),
        "length in px": re.compile(r"0|\d+px"),
        "language tag": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"),
        "line height": re.compile(r"\d+(\.\d+)?(px)?"),
        "list of one to four px lengths": re.compile(r"(0|\d+px)( (0|\d+px)){0,3}"),
        "px or percent": re.compile(r"\d+(px|%)"),
        "picture's address": re.compile(r"https?://.+", re.IGNORECASE | re.DOTALL),
        "text": re.compile(r".*", re.DOTALL),
        "border": re.compile(r"0|none|\d+px (solid|dashed|dotted) #[0-9a-fA-F]{6}"),
        "border style": re.compile(r"solid|dashed|dotted"),
        "font weight": re.compile(r"normal|bold|\d00"),
        "vertical align": re.compile(r"top|middle|bottom"),
        "true or false": re.compile(r"true|false"),
        "web address": re.compile(r"https?://[^\s]+", re.IGNORECASE),
        "whole number": re.compile(r"\d+"),
        "whole number or percent": re.compile(r"\d+%?"),
    }
)

_BOX: Final[Mapping[str, str]] = {"css-class": "class list", "padding": "list of one to four px lengths"}
_COLOUR: Final = "colour of six hex digits"
_TEXT: Final[Mapping[str, str]] = {
    "align": "align",
    "color": _COLOUR,
    "font-family": "font list that ends in a generic family",
    "font-size": "length in px",
    "font-weight": "font weight",
    "line-height": "line height",
}


@dataclass(frozen=True, slots=True)
class Component:
    """One MJML tag: where it may stand, and the type of each attribute."""

    parents: frozenset[str]
    attributes: Mapping[str, str] = field(default_factory=dict)


def _tag(parents: str, *attributes: Mapping[str, str]) -> Component:
    return Component(frozenset(parents.split()), {name: kind for group in attributes for name, kind in group.items()})


TAGS: Final[Mapping[str, Component]] = MappingProxyType(
    {
        "mjml": _tag("", {"lang": "language tag", "dir": "direction"}),
        "mj-head": _tag("mjml"),
        "mj-title": _tag("mj-head"),
        "mj-attributes": _tag("mj-head"),
        "mj-all": _tag("mj-attributes", _TEXT),
        "mj-style": _tag("mj-head"),
        "mj-breakpoint": _tag("mj-head", {"width": "length in px"}),
        "mj-body": _tag("mjml", {"width": "length in px", "background-color": _COLOUR, "css-class": "class list"}),
        "mj-wrapper": _tag("mj-body", _BOX, {"background-color": _COLOUR, "border": "border"}),
        "mj-section": _tag(
            "mj-body mj-wrapper",
            _BOX,
            {"background-color": _COLOUR, "border-top": "border", "border-bottom": "border", "text-align": "align"},
        ),
        "mj-column": _tag("mj-section", _BOX, {"width": "px or percent", "vertical-align": "vertical align"}),
        "mj-text": _tag("mj-column", _BOX, _TEXT),
        "mj-image": _tag(
            "mj-column",
            _BOX,
            {
                "align": "align",
                "alt": "text",
                "fluid-on-mobile": "true or false",
                "href": "address",
                "src": "web address",
                "title": "text",
                "width": "length in px",
            },
        ),
        "mj-button": _tag("mj-column", _BOX, _TEXT, {"href": "address", "background-color": _COLOUR}),
        "mj-divider": _tag(
            "mj-column",
            _BOX,
            {
                "border-color": _COLOUR,
                "border-style": "border style",
                "border-width": "length in px",
                "width": "px or percent",
            },
        ),
        "mj-spacer": _tag("mj-column", _BOX, {"height": "length in px"}),
        "mj-table": _tag("mj-column", _BOX, _TEXT, {"width": "px or percent"}),
        "mj-raw": _tag("mj-head mj-body mj-section mj-column"),
    }
)
"""Every component a template may use."""

KNOWN_BUT_UNSAFE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mj-preview": "its white text costs spam points; use the hidden first element instead",
        "mj-include": "use Jinja's include: it keeps to the templates folder and its errors name the line",
        "mj-html-attributes": "the engine does not know it",
        "mj-font": "web fonts do not reach readers of mail",
        "mj-carousel": "its output differs most from the reference",
        "mj-accordion": "its output differs most from the reference",
        "mj-navbar": "its output differs most from the reference",
        "mj-hero": "its output differs most from the reference",
    }
)
"""Why a tag that MJML has is not in the allow-list."""

REQUIRED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "a": ("href",),
        "img": ("alt", "src", "width"),
        "mj-button": ("href",),
        "mj-image": ("alt", "src", "width"),
        "mjml": ("lang", "dir"),
    }
)
"""Attributes without which an element is refused; the engine would leave a missing `alt` missing."""

NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"mjml": ("mj-head", "mj-body"), "mj-head": ("mj-title",)}
)
"""Children without which the engine writes a document that is none."""

ONCE: Final = names("mj-head mj-title mj-attributes mj-breakpoint mj-body")
"""Components of which the engine keeps one and drops the others in silence."""

WIDTHS: Final = names("mj-image mj-column mj-table mj-divider")
"""Components that may be as wide as the mail at most; the engine would not say so."""

REFUSED_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gutter": "the engine ignores it; use padding",
        "inline": "the engine does not inline; write the rule into templates/email/theme.css",
        "position": "the engine puts it in the wrong place; use <mj-raw> where it shall stand",
        "sizes": "the engine ignores it; write width",
    }
)
"""Attributes that MJML has and the engine does not honour, with what to do instead."""

CONDITIONS: Final = frozenset({"[if mso]", "[if !mso]", "[if mso | IE]", "[if lte mso 11]"})
"""Conditions of comments that Outlook understands and the engine itself writes."""

LINKABLE: Final = frozenset({"http", "https", "mailto", "tel"})
"""Schemes of links that work in mail."""

VOID: Final = names("br hr img meta")
"""HTML elements without content."""

HTML_TAGS: Final = names(
    "a b blockquote br caption code del div em h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark meta ol p pre s "
    "small span strong sub sup table tbody td th thead tr u ul"
)
"""HTML elements that may stand in mj-text and mj-raw."""

HTML_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "*": frozenset({"class", "style", "lang", "dir", "role", "title", "id", "aria-hidden", "aria-label"}),
        "a": frozenset({"href"}),
        "img": frozenset({"src", "alt", "width", "height"}),
        "meta": frozenset({"name", "content"}),
        "ol": frozenset({"start"}),
        "table": frozenset({"border", "cellpadding", "cellspacing", "width", "align"}),
        "td": frozenset({"align", "bgcolor", "colspan", "height", "rowspan", "valign", "width"}),
        "th": frozenset({"align", "colspan", "rowspan", "scope", "valign", "width"}),
    }
)
"""Attributes of HTML elements; `*` holds for all."""

HTML_VALUES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "img": {"height": "whole number", "src": "picture's address", "width": "whole number"},
        "table": {
            "align": "align",
            "border": "whole number",
            "cellpadding": "whole number",
            "cellspacing": "whole number",
            "width": "whole number or percent",
        },
        "td": {
            "align": "align",
            "bgcolor": _COLOUR,
            "colspan": "whole number",
            "height": "whole number",
            "rowspan": "whole number",
            "valign": "vertical align",
            "width": "whole number or percent",
        },
        "th": {"align": "align", "colspan": "whole number", "rowspan": "whole number", "valign": "vertical align"},
    }
)
"""Types of the values of HTML attributes; others hold any text."""

HTML_PARENTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "caption": names("table mj-table"),
        "li": names("ol ul"),
        "meta": names("mj-raw"),
        "tbody": names("table mj-table"),
        "td": names("tr"),
        "th": names("tr"),
        "thead": names("table mj-table"),
        "tr": names("table tbody thead mj-table"),
    }
)
"""Where HTML elements may stand that mean nothing elsewhere; browsers would move or drop them."""

HTML_CHILDREN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "ol": names("li"),
        "table": names("caption tbody thead tr"),
        "tbody": names("tr"),
        "thead": names("tr"),
        "tr": names("td th"),
        "ul": names("li"),
    }
)
"""What alone may stand in these HTML elements; anything else is thrown out of the table by mail programs."""
