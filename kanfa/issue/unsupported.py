"""Forms of other Markdown dialects that mean nothing here: their marks stay in the text, and are reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from kanfa.findings import Finding
from kanfa.issue import rules
from kanfa.issue.raw import Raw


@dataclass(frozen=True, slots=True)
class Foreign:
    """A form of another dialect."""

    template: str
    """What it is, in words. Braces of the form itself are values: in a template they would be fields."""
    values: Mapping[str, str] = field(default_factory=dict)

    def at(self, line: int, *, quote: str = "") -> Finding:
        """The finding for 1-based source `line`, where it is written as `quote`."""
        return rules.UNSUPPORTED_MARKUP.at(line, self.template, quote=quote, **self.values)


SHORTCODE = Foreign(
    "a Hugo shortcode ({angle} or {percent}) is set as text", {"angle": "{{< … >}}", "percent": "{{% … %}}"}
)
_TOC = Foreign("a table of contents ([TOC]) is set as text")
_DEFINITION = Foreign("a definition list (a line that begins with “: ”) is set as text")
_DOLLARS = Foreign("the $$ of a formula that never ends, or that holds a blank line, is set as text")
_ATTRIBUTES = Foreign("the attributes of a heading ({form}) are set as text", {"form": "{#id .class}"})
_TAG = Foreign("a tag ({form}) is set as text", {"form": "{% … %}"})
_NUMBER = Foreign("a mere number between dollars is set as text")
_FORMULA = Foreign("a formula with a space inside its dollars, or a letter or digit outside, is set as text")
_HIGHLIGHT = Foreign("==…== is set as text")
_WIKI_LINK = Foreign("a wiki link ([[…]]) is set as text")
_INLINE = (
    (re.compile(r"\{\{[<%]"), SHORTCODE),
    (re.compile(r"(?<!\{)\{%-?[ \t]*(?!(?:end)?raw\b)[A-Za-z]\w*[^%{}]{0,300}%\}"), _TAG),
    (re.compile(r"(?<![\w$])\$\d[\d.,]*\$(?![\w$])", re.ASCII), _NUMBER),
    (re.compile(r"(?<!\$)\$(?=[^$\n]{0,200}(?:\ufffc\ufffc[a-z]|\^))[^$\n]{1,200}\$(?!\$)"), _FORMULA),
    (re.compile(r"(?<![=A-Za-z0-9!<>])==[^\s=](?:[^=\n]{0,200}[^\s=])?==(?![=A-Za-z0-9])"), _HIGHLIGHT),
    (re.compile(r"(?<![\w\[])\[\[[^\s\[\]][^\[\]\n]{0,100}\]\](?!\])", re.ASCII), _WIKI_LINK),
)
_HEADING_END = re.compile(r"\{(?:[#.][\w:.-]+[ \t]*)+\}[ \t]*$")
_DEFINITION_START = re.compile(r":[ \t]+\S")
_NUMBER_START = re.compile(r"(\d{1,3})[、．]")


def unsupported_in(text: str) -> Iterator[tuple[int, int, Foreign]]:
    """Every foreign form in a run of text: where it starts and ends, and what it is.

    Escaped characters are hidden as U+FFFC; the parser takes `\\a` for such a pair too.
    """
    for pattern, what in _INLINE:
        for match in pattern.finditer(text):
            yield *match.span(), what


class NumberedLines:
    """Looks for lines of one paragraph that begin with `1、`, `2、` …; told once for each paragraph."""

    def __init__(self) -> None:
        self._last: tuple[int, int, str] | None = None
        self._told = False

    def found_at(self, before: Token | None, token: Token, line: int) -> Finding | None:
        """The finding for the first of two such lines, when `token` begins the second."""
        if before is not None and before.type == "hardbreak":
            self._last = None
        elif before is not None and before.type != "softbreak":
            return None
        match = _NUMBER_START.match(token.content) if token.type == "text" else None
        if match is None:
            if token.type != "softbreak":
                self._last = None
            return None
        last, self._last = self._last, (int(match[1]), line, match[0])
        if last is None or self._told or last[0] + 1 != int(match[1]) or before is None:
            return None
        self._told = True
        number, place, quote = last
        message = "the lines from “{number}…” on flow into one line"
        return rules.NUMBERED_LINES.at(place, message, quote=quote, number=number)


def is_glued_shortcode(before: Token | None, token: Token) -> bool:
    """Whether what looks like an HTML tag is a shortcode without spaces, as in `{{<figure src="x">}}`."""
    return token.type == "html_inline" and before is not None and before.content.endswith("{{")


def unsupported_at(before: Token | None, token: Token, stack: Sequence[Raw], line: int) -> Finding | None:
    """The finding when a foreign form begins with `token` at the start of a line of text, 1-based `line`.

    `before` is the token before it in its paragraph, `stack` the open elements. An escaped mark is a token
    of another type, so it is never found.
    """
    written = token.content.strip()
    if token.type == "text" and stack[-1].tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        found = _HEADING_END.search(token.content)
        return _ATTRIBUTES.at(line, quote=found[0].strip()) if found else None
    if token.type != "text" or (before is not None and before.type not in {"softbreak", "hardbreak"}):
        return None
    if token.content.rstrip() == "$$":
        return _DOLLARS.at(line, quote=written)
    if written.lower() == "[toc]":
        return _TOC.at(line, quote=written)
    if before is not None and before.type == "softbreak" and _DEFINITION_START.match(token.content):
        return _DEFINITION.at(line, quote=written)
    return None
