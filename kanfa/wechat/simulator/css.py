"""What the storage filter does to one style attribute, judged on its source."""

from __future__ import annotations

import html
from enum import StrEnum

import tinycss2

from kanfa.wechat.addresses import host_of
from kanfa.wechat.limits import PICTURE_HOSTS
from kanfa.wechat.style import functions_in, urls_in

QUOTES = "\"'"
DROPPED = frozenset(
    {"filter", "backdrop-filter", "text-decoration-thickness", "text-underline-offset", "-webkit-overflow-scrolling"}
)
"""Properties whose declaration is removed. Measured; for the first two and the last one, accounts differ."""


class Fate(StrEnum):
    """What becomes of the element that has the style."""

    KEPT = "kept"
    BLANKED = "blanked"
    """The attribute stays as `style=""`."""
    UNWRAPPED = "unwrapped"
    """The element is gone, its content stays."""


def fate_of(source: str) -> Fate:
    """What happens for the quotes in the source of a style attribute. Measured for `&#39;`; others taken alike."""
    if any(html.unescape(entity) in {'"', "'"} for entity in _entities(source)):
        return Fate.BLANKED
    folded = source.lower()
    at = folded.find("url(")
    while at >= 0:
        if folded[at + 4 :].lstrip()[:1] in {'"', "'"}:
            return Fate.UNWRAPPED
        at = folded.find("url(", at + 4)
    return Fate.KEPT


def _entities(source: str) -> list[str]:
    """Every `&…;` of a text."""
    found = []
    at = source.find("&")
    while at >= 0:
        end = source.find(";", at)
        if 0 < end - at <= 12:
            found.append(source[at : end + 1])
        at = source.find("&", at + 1)
    return found


def is_picture_host(address: str) -> bool:
    """Whether an address is one of an uploaded picture."""
    return address.strip().lower().startswith(("http://", "https://", "//")) and host_of(address) in PICTURE_HOSTS


def filtered(source: str) -> str:
    """The source of a style attribute without the declarations that are removed; unchanged when none is."""
    decoded = html.unescape(source)
    pieces = declarations(decoded)
    kept = [piece for piece in pieces if not _is_dropped(piece)]
    if len(kept) == len(pieces):
        return source
    return html.escape(";".join(kept), quote=False).strip()


def declarations(style: str) -> list[str]:
    """A style's declarations as they are written, the blank ones too: it is split at semicolons and joined again."""
    pieces, piece = [], ""
    for token in tinycss2.parse_component_value_list(style):
        if token.type == "literal" and token.value == ";":
            pieces.append(piece)
            piece = ""
        else:
            piece += token.serialize()
    return [*pieces, piece]


def _is_dropped(declaration: str) -> bool:
    name, colon, value = declaration.partition(":")
    name = name.strip().lower()
    if not colon:
        return False
    if name == "position":
        return value.strip().lower() != "static"
    if name in DROPPED or "calc" in functions_in(value):
        return True
    return any(not is_picture_host(address) for address, _quoted in urls_in(value))
