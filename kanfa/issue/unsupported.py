"""Forms of other Markdown dialects that mean nothing here: their marks stay in the text, and are reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from kanfa.issue.raw import Raw

SHORTCODE = "a Hugo shortcode ({{< … >}} or {{% … %}}) is set as text"
_TOC = "a table of contents ([TOC]) is set as text"
_DEFINITION = "a definition list (a line that begins with “: ”) is set as text"
_DOLLARS = "the $$ of a formula that never ends, or that holds a blank line, is set as text"
_ATTRIBUTES = "the attributes of a heading ({#id .class}) are set as text"
_INLINE = (
    (re.compile(r"\{\{[<%]"), SHORTCODE),
    (re.compile(r"(?<!\{)\{%-?[ \t]*(?!(?:end)?raw\b)[A-Za-z]\w*[^%{}]{0,300}%\}"), "a tag ({% … %}) is set as text"),
    (re.compile(r"(?<![\w$])\$\d[\d.,]*\$(?![\w$])", re.ASCII), "a mere number between dollars is set as text"),
    (re.compile(r"(?<!\$)\$(?=[^$\n]{0,200}(?:\ufffc\ufffc[a-z]|\^))[^$\n]{1,200}\$(?!\$)"),
     "a formula with a space inside its dollars, or a letter or digit outside, is set as text"),
    (re.compile(r"(?<![=A-Za-z0-9!<>])==[^\s=](?:[^=\n]{0,200}[^\s=])?==(?![=A-Za-z0-9])"), "==…== is set as text"),
    (re.compile(r"(?<![\w\[])\[\[[^\s\[\]][^\[\]\n]{0,100}\]\](?!\])", re.ASCII), "a wiki link ([[…]]) is set as text"),
)  # fmt: skip
_HEADING_END = re.compile(r"\{(?:[#.][\w:.-]+[ \t]*)+\}[ \t]*$")
_DEFINITION_START = re.compile(r":[ \t]+\S")
_NUMBER_START = re.compile(r"(\d{1,3})[、．]")


def unsupported_in(text: str) -> Iterator[tuple[int, str]]:
    """Every foreign form in a run of text: its offset and what it is, in words.

    Escaped characters are hidden as U+FFFC; the parser takes `\\a` for such a pair too.
    """
    for pattern, what in _INLINE:
        for match in pattern.finditer(text):
            yield match.start(), what


class NumberedLines:
    """Looks for lines of one paragraph that begin with `1、`, `2、` …; told once for each paragraph."""

    def __init__(self) -> None:
        self._last: tuple[int, int] | None = None
        self._told = False

    def found_at(self, before: Token | None, token: Token, line: int) -> tuple[int, str] | None:
        """The line of the first of two such lines and the message, when `token` begins the second."""
        if before is not None and before.type == "hardbreak":
            self._last = None
        elif before is not None and before.type != "softbreak":
            return None
        match = _NUMBER_START.match(token.content) if token.type == "text" else None
        if match is None:
            if token.type != "softbreak":
                self._last = None
            return None
        last, self._last = self._last, (int(match[1]), line)
        if last is None or self._told or last[0] + 1 != int(match[1]) or before is None:
            return None
        self._told = True
        return last[1], f"the lines from “{last[0]}…” on flow into one line"


def is_glued_shortcode(before: Token | None, token: Token) -> bool:
    """Whether what looks like an HTML tag is a shortcode without spaces, as in `{{<figure src="x">}}`."""
    return token.type == "html_inline" and before is not None and before.content.endswith("{{")


def unsupported_at(before: Token | None, token: Token, stack: Sequence[Raw]) -> str:
    """What foreign form begins with `token` at the start of a line of text, in words, or nothing.

    `before` is the token before it in its paragraph, `stack` the open elements. An escaped mark is a token
    of another type, so it is never found.
    """
    if token.type == "text" and stack[-1].tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        return _ATTRIBUTES if _HEADING_END.search(token.content) else ""
    if token.type != "text" or (before is not None and before.type not in {"softbreak", "hardbreak"}):
        return ""
    if token.content.rstrip() == "$$":
        return _DOLLARS
    if token.content.strip().lower() == "[toc]":
        return _TOC
    if before is not None and before.type == "softbreak" and _DEFINITION_START.match(token.content):
        return _DEFINITION
    return ""
