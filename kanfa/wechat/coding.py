"""Code as WeChat can show it: every space that HTML would drop held, kinds of tokens as few spans as possible.

A span costs about 34 characters of 20,000, so only what readers tell apart at a glance gets one, a number looks
like a builtin and an added line like a string, and white space joins its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from kanfa.highlight import Kind, Run, highlight
from kanfa.issue.model import CodeBlock

TAB = 4
"""Columns of a tab stop."""
NBSP = "\u00a0"
LOOKS: dict[Kind, str] = {
    "comment": "comment",
    "keyword": "keyword",
    "string": "string",
    "added": "string",
    "number": "value",
    "builtin": "value",
    "name": "name",
    "removed": "removed",
}
"""What a token looks like: the class of its span. All others are plain."""


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring lines of a code block that are stressed, or that are not."""

    stressed: bool
    lines: tuple[tuple[tuple[str, str], ...], ...]
    """Each line as pairs of a look (or nothing) and its characters, spaces held."""


def is_coloured(node: CodeBlock) -> bool:
    """Whether colours make a difference: some line has more than plain characters."""
    return any(run.kind in LOOKS for line in highlight(node.text, node.language) for run in line)


def parts_of(node: CodeBlock, coloured: bool) -> Iterator[Part]:
    """The code in the order of its lines."""
    text = node.text.replace("\r\n", "\n").replace("\r", "\n")
    lines = enumerate(highlight(text, node.language if coloured else ""), 1)
    for stressed, group in groupby(lines, key=lambda line: line[0] in node.highlighted):
        yield Part(stressed, tuple(tuple(_merged(line)) for _, line in group))


def _merged(line: list[Run]) -> list[tuple[str, str]]:
    """One line as pairs of look and characters; white space between two of one look belongs to them."""
    looks: list[str] = []
    text: list[str] = []
    for run in line:
        for char in run.text:
            shown = " " * (TAB - len(text) % TAB) if char == "\t" else char
            text += shown
            looks += [LOOKS.get(run.kind, "")] * len(shown)
    for start, end in _spaces(text):
        before = looks[start - 1] if start else ""
        after = looks[end] if end < len(text) else ""
        looks[start:end] = [before if before == after else ""] * (end - start)
    pairs = zip(looks, held_spaces("".join(text), starts_line=True), strict=True)
    return [(look, "".join(char for _, char in group)) for look, group in groupby(pairs, key=lambda pair: pair[0])]


def _spaces(text: list[str]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of spaces."""
    at = 0
    for char, group in groupby(text):
        length = sum(1 for _ in group)
        if char == " ":
            yield at, at + length
        at += length


def held_spaces(text: str, *, starts_line: bool) -> str:
    """One line of the same length in which no space is lost.

    Indentation is no-break spaces; a run of spaces ends in a plain one, where the line may break.
    """
    indent = len(text) - len(text.lstrip(" ")) if starts_line else 0
    held = [NBSP] * indent
    for at in range(indent, len(text)):
        lone = text[at] != " " or at + 1 == len(text) or text[at + 1] != " "
        held.append(text[at] if lone else NBSP)
    return "".join(held)
