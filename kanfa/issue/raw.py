"""The rough tree between tokens and model: elements in the order of the source, Markdown's and HTML's alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kanfa.issue.emphasis import is_cjk, is_hangul

TEXT, BREAK, SOFT_BREAK, GAP, NOTE_REF, CODE = "#text", "#break", "#soft", "#gap", "#ref", "#code"
MATH, MATH_BLOCK, RUBY, READING = "#math", "#formula", "#ruby", "#reading"
DIRECTIVE, TITLE = "#container", "#title"
"""Names of the parts that are no elements. A gap keeps the blocks on its two sides apart."""

SPANS = frozenset({"em", "strong", "s", "del", "ins", "u", "sup", "sub", "small", "mark", "kbd", "a", "span", "iframe"})
"""Elements that stand in a line, as long as they hold no block."""

_IN_LINE = SPANS | {TEXT, BREAK, SOFT_BREAK, NOTE_REF, CODE, MATH, RUBY, READING, "img"}
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML, mail and PDF forbid; � takes their place."""
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the order of what follows: a reader sees another text than stands there. They are taken out."""

_CLOSE_QUOTES = frozenset("“”‘’…—·")


@dataclass(slots=True)
class Raw:
    """An element of the rough tree; mutable, and gone once the model is built."""

    tag: str
    line: int
    children: list[Raw] = field(default_factory=list)
    attrs: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    html: bool = False
    """Written as an HTML tag, so that only a tag can close it."""
    escaped: bool = False
    """Text that came from an escape or an entity: never taken for stray marks."""

    def is_inline(self) -> bool:
        """Whether it stands in a line: no block, and no block within."""
        if self.tag not in _IN_LINE:
            return False
        return all(child.tag == GAP or child.is_inline() for child in self.children)


def plain(nodes: list[Raw]) -> str:
    """The characters of `nodes`, breaks as spaces, pictures by their alt text, readings in brackets."""
    pieces: list[str] = []
    for node in nodes:
        if node.tag in {TEXT, CODE, "pre"}:
            pieces.append(node.text)
        elif node.tag in {BREAK, SOFT_BREAK}:
            pieces.append(" ")
        elif node.tag == "img":
            pieces.append(node.attrs.get("alt", ""))
        elif node.tag == MATH:
            pieces.append(f"${node.text}$")
        elif node.tag == READING:
            pieces.append(f"（{plain(node.children)}）")
        else:
            pieces.append(plain(node.children))
    return "".join(pieces)


def soft_break(nodes: list[Raw], index: int) -> str:
    """What the soft break at `index` becomes: nothing between CJK characters (but Hangul), else one space."""
    before, after = (
        _edge(nodes[max(0, index - 3) : index][::-1], last=True),
        _edge(nodes[index + 1 : index + 4], last=False),
    )
    return "" if before and after and _joins(before, after) else " "


def join_lines(text: str) -> str:
    """One line of text: runs of white space with a break vanish between CJK characters, others become one space."""
    words = text.split()
    joined = words[:1]
    for word in words[1:]:
        if not _joins(joined[-1][-1], word[0]) or "\n" not in text:
            joined.append(" ")
        joined.append(word)
    return "".join(joined)


def _joins(before: str, after: str) -> bool:
    sides = (_writes_without_spaces(before), _writes_without_spaces(after))
    if all(sides):
        return True
    return any(sides) and (before in _CLOSE_QUOTES or after in _CLOSE_QUOTES)


def _writes_without_spaces(char: str) -> bool:
    return is_cjk(char) and not is_hangul(char)


def _edge(nodes: list[Raw], *, last: bool) -> str:
    """The visible character nearest to a break."""
    for node in nodes:
        if node.tag in {TEXT, CODE}:
            if node.text:
                return node.text[-1 if last else 0]
        elif node.tag in {BREAK, SOFT_BREAK, MATH, "img"}:
            return ""
        elif node.tag == READING:
            continue
        elif char := _edge(node.children[::-1] if last else node.children, last=last):
            return char
    return ""


def descendants(nodes: list[Raw]) -> Iterator[Raw]:
    """Every element of `nodes` and below, parents first."""
    for node in nodes:
        yield node
        yield from descendants(node.children)
