"""Containers between colons, `:::name words` … `:::`: their lines as tokens, and which line closes which.

Each of the two lines is a token of its own, so that no line is read twice however they are nested. The tree
builder pairs them: a closing line belongs to the innermost open container with as many colons, else to the
innermost one with fewer. So both ways to nest are understood, more colons outside and plain balance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from markdown_it.rules_block import StateBlock

from kanfa.issue.nodes import CalloutKind
from kanfa.issue.raw import DIRECTIVE, Raw

CALLOUTS: tuple[CalloutKind, ...] = get_args(CalloutKind)
PASSAGES = ("only", "except")
"""Containers whose words are names of formats and no text."""
NAMES = (*CALLOUTS, "details", "figure", "qr", *PASSAGES)

MEANT = {
    "abstract": "note", "admonition": "note", "info": "note", "hint": "tip", "success": "tip", "attention": "warning",
    "danger": "caution", "error": "caution", "bug": "caution", "failure": "caution", "spoiler": "details",
    "collapse": "details", "image": "figure", "qrcode": "qr", "hide": "except",
}  # fmt: skip
"""What other tools call some of them."""

MAX_OPEN = 100
"""Containers that wait for their end; only hostile text has more."""

_NAME = re.compile(r"[\w{\[]\S*")


def directive(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Rule of the block parser: a line that opens or closes a container; it may interrupt any other block.

    An opening line gives `directive` (name in `info`, colons in `markup`, the rest in `content`), followed by its
    words as a block `directive_title` unless they are names of formats; a closing one gives `directive_end`.
    """
    at = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(":::", at) or state.is_code_block(start):
        return False
    line = state.src[at : state.eMarks[start]].rstrip(" \t")
    words = line.lstrip(":")
    name, *rest = words.split(maxsplit=1) or [""]
    if words and not _NAME.fullmatch(name):
        return False
    if silent:
        return True
    token = state.push("directive" if words else "directive_end", "", 0)
    token.markup = line[: len(line) - len(words)]
    token.info = name.lower()
    token.content = rest[0].strip() if rest else ""
    token.meta = {"written": line}
    token.map = [start, start + 1]
    if token.content and token.info not in PASSAGES:
        state.push("directive_title_open", "", 1).map = [start, start + 1]
        inline = state.push("inline", "", 0)
        inline.content, inline.map, inline.children = token.content, [start, start + 1], []
        state.push("directive_title_close", "", -1)
    state.line = start + 1
    return True


@dataclass(frozen=True, slots=True)
class Waiting:
    """A container that waits for its closing line."""

    colons: int
    at: int
    """How many elements were open before it."""
    within: Raw
    """The Markdown block it stands in: only there it can be closed."""
    element: Raw | None
    """None when it stands too deep to have one."""


class Openings:
    """The containers that are open, the innermost last."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []

    def is_full(self) -> bool:
        """Whether no more containers are followed."""
        return len(self._waiting) >= MAX_OPEN

    def add(self, opened: Waiting) -> None:
        """Note an opening line."""
        self._waiting.append(opened)

    def closed_by(self, colons: int, within: Raw) -> Waiting | None:
        """Take out the container that a line of `colons` colons in the block `within` closes, if there is one."""
        fewer: int | None = None
        for index in range(len(self._waiting) - 1, -1, -1):
            opened = self._waiting[index]
            if opened.within is not within:
                break
            if opened.colons == colons:
                return self._waiting.pop(index)
            if opened.colons < colons and fewer is None:
                fewer = index
        return None if fewer is None else self._waiting.pop(fewer)

    def forget(self, height: int) -> None:
        """Forget the containers that are gone when only `height` elements are left open."""
        while self._waiting and self._waiting[-1].at + (self._waiting[-1].element is not None) > height:
            self._waiting.pop()


def block_of(stack: list[Raw]) -> Raw:
    """The innermost open Markdown block that is no container between colons."""
    return next((node for node in reversed(stack) if not node.html and node.tag != DIRECTIVE), stack[0])
