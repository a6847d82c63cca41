"""Formulas between dollars: where they begin and end, and whether they can be set.

`$…$` follows Pandoc: no white space inside the dollars, no digit after the closing one, `\\$` is a dollar. Prose
about money and about shells has such pairs too, so a formula must also look like one (`_is_tex`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from kanfa.errors import MathError
from kanfa.findings import Finding
from kanfa.issue.addresses import short
from kanfa.issue.budget import MAX_FORMULAS, MAX_TEX
from kanfa.issue.construct_rules import FORMULA
from kanfa.maths import typeset

MAX_LINES = 100
"""Lines of one block formula; nothing longer can be set."""

_TO_DOLLAR = re.compile(r"(?:[^\\$]|\\.)*+\$", re.DOTALL)
_SHELL = re.compile(r"\{[A-Za-z_]\w*\}", re.ASCII)
_STRONG = re.compile(r"[\\^]")
_MATTER = re.compile(r"[\\^_]|[^\W\d_]|[\d)][-+*/=<>!]|[-+*/=<>]\d")
_PROSE = re.compile(r"\s[A-Za-z]{2,}\s|[A-Za-z]{2,}\s+[A-Za-z]{2,}|\]\(|https?://")
_CHINESE = re.compile("[\u2e80-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’…—]")
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")


def inline_formula(state: StateInline, silent: bool) -> bool:
    """Rule of the inline parser: `$…$` and `$$…$$` become a `math_inline`; other runs of dollars are text."""
    start, src = state.pos, state.src
    if src[start] != "$":
        return False
    inner = start
    while inner < state.posMax and src[inner] == "$":
        inner += 1
    run = inner - start
    tex = _inside(src, start, inner, state.posMax) if run <= 2 else ""
    if not tex and run == 1:
        return False
    if not tex:
        if not silent:
            state.append_pending(src[start:inner])
        state.pos = inner
        return True
    if not silent:
        state.push("math_inline", "", 0).content = tex
    state.pos = inner + len(tex) + run
    return True


def _inside(src: str, start: int, inner: int, limit: int) -> str:
    """The TeX from `inner` to its closing dollars, or nothing when this is no formula."""
    run = inner - start
    found = _TO_DOLLAR.match(src, inner, limit)
    if not found:
        return ""
    closing = found.end() - 1
    after = closing + run
    tex = src[inner:closing]
    if src[closing:after] != "$" * run or src[after : after + 1] == "$" or not _is_tex(tex):
        return ""
    if run == 2:
        return tex
    before, follows = src[start - 1 : start], src[after : after + 1]
    if tex[0].isspace() or tex[-1].isspace() or _is_word(before) or _is_word(follows) or follows.isdigit():
        return ""
    if _SHELL.match(src, inner) or _SHELL.match(src, after) or (tex[0] == "(" and follows == "("):
        return ""
    return tex


def _is_word(char: str) -> bool:
    """Whether `char` continues a name: `US$20`, `$HOME/$USER`."""
    return char.isascii() and (char.isalnum() or char == "_")


def _is_tex(text: str) -> bool:
    """Whether `text` between two dollars looks like a formula: neither a price, nor a name, nor prose.

    It needs a letter, a command or an operator at a number; Chinese or two English words in a row only beside
    a command; and it is no code and no link.
    """
    if not _MATTER.search(text) or "`" in text:
        return False
    if _STRONG.search(text):
        return "](" not in text
    return not _CHINESE.search(text) and not _PROSE.search(text)


def block_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Rule of the block parser: `$$` … `$$` on lines of its own, without a blank line, becomes a `math_block`."""
    at = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", at) or state.is_code_block(start):
        return False
    first = state.src[at + 2 : state.eMarks[start]].strip()
    last = start
    if len(first) > 2 and first.endswith("$$"):
        tex = first[:-2]
    elif "$" in first:
        return False
    else:
        last = _closing_line(state, start, end)
        if not start < last <= start + MAX_LINES:
            return False
        tex = state.getLines(start, last + 1, state.blkIndent, False).strip()[2:-2]
    if "$$" in tex or (first and not _is_tex(tex)):
        return False
    if not silent:
        token = state.push("math_block", "", 0)
        token.content = tex
        token.map = [start, last + 1]
        state.line = last + 1
    return True


def _closing_line(state: StateBlock, start: int, end: int) -> int:
    """The next line that ends with `$$`, or -1. Lines once seen without are not looked at again."""
    first, line = state.env["no_dollars"]
    if not first <= start < line:
        line = start + 1
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if state.src[state.bMarks[line] : state.eMarks[line]].rstrip().endswith("$$"):
            break
        line += 1
    state.env["no_dollars"] = (start, line)
    ends = line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent
    return line if ends else -1


@dataclass(frozen=True, slots=True)
class Unset:
    """Why a formula cannot be set."""

    tex: str
    template: str
    fault: str = ""

    def at(self, line: int, *, quote: str) -> Finding:
        """The finding for 1-based source `line`, where `quote` stands."""
        return FORMULA.at(line, self.template, quote=quote, fault=self.fault, tex=short(self.tex))


@dataclass(slots=True)
class _Spent:
    formulas: int = 0
    characters: int = 0


class Formulas:
    """Judges the formulas of one issue, each once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], Unset | None] = {}
        self._spent = _Spent()

    def fault(self, tex: str, *, display: bool) -> Unset | None:
        """Why `tex` cannot be set, or None. Beyond the issue's budget nobody looks: the issue is refused then."""
        self._spent.formulas += 1
        self._spent.characters += len(tex)
        if self._spent.formulas > MAX_FORMULAS or self._spent.characters > MAX_TEX:
            return None
        if (tex, display) not in self._known:
            self._known[tex, display] = _fault(tex, display=display)
        return self._known[tex, display]


def one_line(tex: str) -> str:
    """`tex` with every run of white space as one space: TeX makes no difference, and it serves as alt text."""
    return " ".join(tex.split())


def _fault(tex: str, *, display: bool) -> Unset | None:
    if _COMMENT.search(tex):
        return Unset(tex, "% begins a comment in TeX; write \\% ({tex})")
    try:
        typeset(tex, display=display)
    except MathError as error:
        return Unset(tex, "{fault} ({tex})", str(error))
    return None
