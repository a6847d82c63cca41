"""What the storage filter does to one style attribute, judged on its source."""

from __future__ import annotations

import html
from collections.abc import Iterator
from enum import StrEnum

import tinycss2

from kanfa.wechat.addresses import host_of
from kanfa.wechat.limits import PICTURE_HOSTS

QUOTES = frozenset("\"'")
QUOTES_OR_END = QUOTES | {""}
CLOSERS = {"(": ")", "[": "]", "{": "}"}
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


class _Kind(StrEnum):
    """What a scan of a style reports."""

    SEMICOLON = "semicolon"
    """One that ends a declaration."""
    FUNCTION = "function"
    """Name and bracket."""
    STRING = "string"
    ADDRESS = "address"
    """`url(…)` without quotes."""


def _scan(style: str) -> Iterator[tuple[_Kind, int, int]]:
    """What stands where in a style: kind, start and end of each (CSS Syntax, 4).

    Without recursion and in one pass: a style may hold as many brackets as an article has characters.
    """
    at, closers = 0, []
    while at < len(style):
        start, char = at, style[at]
        at += 1
        if char == "\\":
            at += 1
        elif char in QUOTES:
            at = _end_of_string(style, start)
            yield _Kind.STRING, start, at
        elif style.startswith("/*", start):
            end = style.find("*/", at + 1)
            at = end + 2 if end >= 0 else len(style)
        elif char in CLOSERS:
            name = _name_before(style, start) if char == "(" else start
            if style[name:start].lower() == "url" and style[at:].lstrip()[:1] not in QUOTES_OR_END:
                at = _end_of_address(style, at)
                yield _Kind.ADDRESS, name, at
                continue
            if name < start:
                yield _Kind.FUNCTION, name, at
            closers.append(CLOSERS[char])
        elif closers:
            if char == closers[-1]:
                closers.pop()
        elif char == ";":
            yield _Kind.SEMICOLON, start, at


def _name_before(style: str, end: int) -> int:
    """Where the name that ends at `end` starts; `end` when there is none, or one that is a hash or holds an escape."""
    start = end
    while start and (style[start - 1].isalnum() or style[start - 1] in "-_"):
        start -= 1
    return end if style[max(0, start - 1) : start] in {"\\", "#"} else start


def _end_of_string(style: str, start: int) -> int:
    """Behind its closing quote, or at the end of a line that lacks one."""
    at = start + 1
    while at < len(style) and style[at] not in "\n\r\f":
        if style[at] == style[start]:
            return at + 1
        at += 2 if style[at] == "\\" else 1
    return min(at, len(style))


def _end_of_address(style: str, at: int) -> int:
    while at < len(style) and style[at] != ")":
        at += 2 if style[at] == "\\" else 1
    return min(at + 1, len(style))


def declarations(style: str) -> list[str]:
    """A style's declarations as they are written, the blank ones too: it is split at semicolons and joined again."""
    pieces, start = [], 0
    for kind, at, end in _scan(style):
        if kind is _Kind.SEMICOLON:
            pieces.append(style[start:at])
            start = end
    return [*pieces, style[start:]]


def _functions(value: str) -> set[str]:
    """Names of all functions in lower case, nested ones too."""
    return {value[at : end - 1].lower() for kind, at, end in _scan(value) if kind is _Kind.FUNCTION}


def _addresses(value: str) -> Iterator[str]:
    """Every address of a `url()`: the first string in it, or what stands there without quotes."""
    wanted = False
    for kind, at, end in _scan(value):
        if kind is _Kind.ADDRESS or (kind is _Kind.STRING and wanted):
            tokens = tinycss2.parse_component_value_list(value[at:end])  # of one token, with its escapes decoded
            yield from (token.value for token in tokens[:1] if token.type in {"string", "url"})
        wanted = kind is _Kind.FUNCTION and value[at : end - 1].lower() == "url"


def _is_dropped(declaration: str) -> bool:
    name, colon, value = declaration.partition(":")
    name = name.strip().lower()
    if not colon:
        return False
    if name == "position":
        return value.strip().lower() != "static"
    if name in DROPPED or "calc" in _functions(value):
        return True
    return any(not is_picture_host(address) for address in _addresses(value))
