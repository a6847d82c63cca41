"""List items with a form of their own: the box of a task, and the lead, a bold link that heads its item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kanfa.issue.addresses import normal
from kanfa.issue.inline import Inliner, tidy
from kanfa.issue.model import Lead, Link
from kanfa.issue.raw import BREAK, CODE, MATH, SOFT_BREAK, TEXT, Raw, descendants, plain

MAX_SOURCE = 40
"""Characters of where a lead item comes from; what is longer, or a sentence, is no source."""

_BOX = re.compile(r"\[([ xX])\](?:[ \t]+|$)")
_SEPARATOR = re.compile(r"\s*(·|｜|\||——|—)\s*")
_SENTENCE = re.compile(r"[。！？；：，]|[.!?;:,](?:\s|$)")
_IN_SOURCE = frozenset({TEXT, CODE, MATH, "a", "em", "strong"})


def task(parts: list[Raw]) -> tuple[bool | None, list[Raw]]:
    """Whether an item with these parts is a task and done, and its parts without the box."""
    first = _first_text(parts)
    found = _BOX.match(first.text) if first and not first.escaped else None
    if not first or not found:
        return None, parts
    rest = parts[0].children[1:]
    if found.end() < len(first.text):
        rest = [replace(first, text=first.text[found.end() :]), *rest]
    elif rest and rest[0].tag in {SOFT_BREAK, BREAK}:
        rest = rest[1:]
    elif rest and not found[0].endswith((" ", "\t")):
        return None, parts
    return found[1] != " ", [replace(parts[0], children=rest), *parts[1:]]


def lead(parts: list[Raw], inliner: Inliner) -> tuple[Lead | None, list[Raw]]:
    """The lead of an item with these parts, and the parts below it; None and all parts when it has none.

    Its first line is `**[title](address)**`, alone or with ` · source`; something must follow, or a source stand
    behind `·`, `｜` or `|`. After a dash there is often a sentence: that is no source.
    """
    if not parts or parts[0].tag != "p":
        return None, parts
    children = parts[0].children
    end = next((at for at, part in enumerate(children) if part.tag in {SOFT_BREAK, BREAK}), len(children))
    line, below = children[:end], children[end + 1 :]
    anchor = _anchor(line[0]) if line else None
    source = _source(line[1:]) if anchor else None
    follows = bool(below or len(parts) > 1)
    if not anchor or source is None or not (follows or (source and _is_sure(line[1]))):
        return None, parts
    (link,) = inliner.inlines([anchor])
    assert isinstance(link, Link)  # noqa: S101 (narrows the type: the address was judged before)
    rest = [Raw("p", below[0].line, below, parts[0].attrs)] if below else []
    return Lead(link, anchor.line, tidy(inliner.inlines(source))), [*rest, *parts[1:]]


def _first_text(parts: Sequence[Raw]) -> Raw | None:
    """The text that begins the item, when it begins with a paragraph."""
    inner = parts[0].children if parts and parts[0].tag == "p" and not parts[0].html else []
    return inner[0] if inner and inner[0].tag == TEXT else None


def _anchor(node: Raw) -> Raw | None:
    """The link that is all of a bold node, when it leads somewhere and shows words."""
    inner = node.children if node.tag == "strong" else []
    if len(inner) != 1 or inner[0].tag != "a" or not plain(inner[0].children).strip():
        return None
    usable = isinstance(normal(inner[0].attrs.get("href", "")), str)
    nested = any(part.tag in {"a", "iframe"} for part in descendants(inner[0].children))
    return inner[0] if usable and not nested else None


def _source(line: Sequence[Raw]) -> list[Raw] | None:
    """What stands behind the separator; an empty list for an empty rest; None when this is something else."""
    if not plain(list(line)).strip():
        return []
    first = line[0]
    found = _SEPARATOR.match(first.text) if first.tag == TEXT and not first.escaped else None
    if not found:
        return None
    rest = [replace(first, text=first.text[found.end() :]), *line[1:]]
    words = plain(rest).strip()
    fits = 0 < len(words) <= MAX_SOURCE and not _SENTENCE.search(words)
    return rest if fits and all(part.tag in _IN_SOURCE for part in rest) else None


def _is_sure(separator: Raw) -> bool:
    """Whether what follows is a source even when nothing stands below."""
    return separator.text.lstrip()[:1] in {"·", "｜", "|"}
