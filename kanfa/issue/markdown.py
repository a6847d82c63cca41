"""The Markdown parser: CommonMark with tables, strikethrough, footnotes, containers, formulas and ruby.

Two things markdown-it does not do by itself. Below its nesting limit it drops text without a word, so
containers deeper than `MAX_DEPTH` are read as plain paragraphs and reported. And it counts no lines inside
a paragraph, so the rules that can span lines record on which line of the paragraph their tokens stand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, html_block, list_block
from markdown_it.rules_inline import StateInline, backtick, html_inline, image, link, newline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def, footnote_inline, footnote_ref

from kanfa.issue.directives import directive
from kanfa.issue.emphasis import cjk_emphasis, cjk_strikethrough
from kanfa.issue.formulas import block_formula, inline_formula
from kanfa.issue.ruby import ruby

MAX_DEPTH = 12
"""Levels of lists, quotes and notes inside each other that the tree can hold."""

MAX_LABEL = 1_000
"""Longest name of a footnote in characters; CommonMark sets 999 for link labels."""

_VERBATIM = ("<pre", "<script", "<style", "<textarea", "<!", "<?")
"""Beginnings of HTML blocks that no blank line ends (CommonMark §4.6, conditions 1 to 5)."""

BlockRule = Callable[[StateBlock, int, int, bool], bool]
InlineRule = Callable[[StateInline, bool], bool]
Env = dict[str, Any]


class _Parser(MarkdownIt):
    """Keeps every address as written; judging and normalising them is the business of `addresses`."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (markdown-it's name)
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (markdown-it's name)
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 (markdown-it's name)
        return link


def parse(text: str) -> tuple[list[Token], Env]:
    """Tokens of `text` and the parser's notes: `references`, `duplicate_refs`, `footnotes`, `too_deep` (lines).

    Tokens that stand inside a paragraph carry `meta["at"]` and `meta["to"]`: line breaks of the paragraph
    before their start and their end.
    """
    env: Env = {"references": {}, "too_deep": [], "depth": 0, "inner": 0, "breaks": {}, "no_dollars": (0, 0)}
    return new_parser().parse(text, env), env


def new_parser() -> MarkdownIt:
    """A parser with every rule of an issue; it holds no state between texts."""
    parser = _Parser("commonmark", {"maxNesting": 100, "store_labels": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin, move_to_end=False)
    parser.disable("text_join")  # an escaped mark must stay distinguishable from a stray one
    block, inline = parser.block.ruler, parser.inline.ruler
    block.at("blockquote", _bounded(blockquote), {"alt": ["paragraph", "reference", "blockquote", "list"]})
    block.at("list", _bounded(list_block), {"alt": ["paragraph", "reference", "blockquote"]})
    # A definition also ends a quotation that goes on without its marks, as on GitHub: else the quotation swallows it.
    block.at("footnote_def", _bounded(footnote_def), {"alt": ["paragraph", "reference", "blockquote", "list"]})
    block.before("fence", "math_block", block_formula, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    block.before("fence", "directive", directive, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    block.at("html_block", _until_colons(html_block), {"alt": ["paragraph", "reference", "blockquote"]})
    inline.after("backticks", "math_inline", _lined(inline_formula))
    inline.after("backticks", "ruby", _lined(ruby))
    parser.inline.add_terminator_char("|")  # else a run of text passes the bar of `{字|zì}`
    inline.at("emphasis", cjk_emphasis)
    inline.at("strikethrough", cjk_strikethrough)
    for name, rule in (("backticks", backtick), ("newline", newline), ("html_inline", html_inline)):
        inline.at(name, _lined(rule))
    inline.at("link", _lined(_bracketed(link)))
    inline.at("image", _lined(_bracketed(_shallow(image))))
    inline.at("footnote_ref", _lined(_named(footnote_ref)))
    inline.at("footnote_inline", _lined(_bracketed(_shallow(footnote_inline))))
    return parser


def _until_colons(rule: BlockRule) -> BlockRule:
    """The rule for HTML blocks, which end at a blank line, or at a line of colons: there a container is closed.

    Not within `<pre>`, a comment and the like: they end where they say, and may hold any line.
    """

    def until_colons(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not rule(state, start, end, silent):
            return False
        if silent:
            return True
        token = state.tokens[-1]
        if token.map is None or token.content.lstrip().lower().startswith(_VERBATIM):
            return True
        first, last = token.map
        for line in range(first + 1, last):
            words = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
            if len(words) > 2 and not words.strip(":"):
                token.map = [first, line]
                token.content = state.getLines(first, line, state.blkIndent, True)
                state.line = line
                break
        return True

    return until_colons


def _bounded(rule: BlockRule) -> BlockRule:
    """`rule` down to `MAX_DEPTH`; a deeper container is read as one paragraph, and its line is noted."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if silent:
            return rule(state, start, end, True)
        if state.env["depth"] < MAX_DEPTH:
            state.env["depth"] += 1
            try:
                return rule(state, start, end, False)
            finally:
                state.env["depth"] -= 1
        if not rule(state, start, end, True):
            return False
        state.env["too_deep"].append(start + 1)
        _plain_paragraph(state, start, end)
        return True

    return bounded


def _plain_paragraph(state: StateBlock, start: int, end: int) -> None:
    """Push the lines from `start` to the next blank or outdented one as a paragraph."""
    line = start + 1
    while line < end and not state.isEmpty(line) and not 0 <= state.sCount[line] < state.blkIndent:
        line += 1
    state.line = line
    opening = state.push("paragraph_open", "p", 1)
    opening.map = [start, line]
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(start, line, state.blkIndent, False).strip()
    inline.map = [start, line]
    inline.children = []
    state.push("paragraph_close", "p", -1)


def _shallow(rule: InlineRule) -> InlineRule:
    """`rule`, which parses its own content anew, only `MAX_DEPTH` times inside itself; beyond that text stays text."""

    def shallow(state: StateInline, silent: bool) -> bool:
        if state.env["inner"] >= MAX_DEPTH:
            return False
        state.env["inner"] += 1
        try:
            return rule(state, silent)
        finally:
            state.env["inner"] -= 1

    return shallow


def _bracketed(rule: InlineRule) -> InlineRule:
    """`rule` only where a closing bracket can still follow."""

    def bracketed(state: StateInline, silent: bool) -> bool:
        closes = state.src[state.pos] in "[!^" and state.src.find("]", state.pos, state.posMax) > 0
        return closes and rule(state, silent)

    return bracketed


def _named(rule: InlineRule) -> InlineRule:
    """`rule` only where the bracket closes within `MAX_LABEL` characters, so that it cannot scan a whole text."""

    def named(state: StateInline, silent: bool) -> bool:
        start = state.pos
        return state.src[start] == "[" and state.src.find("]", start, start + MAX_LABEL) > 0 and rule(state, silent)

    return named


def _lined(rule: InlineRule) -> InlineRule:
    """`rule`, with the line breaks before and after what it read noted on its tokens."""

    def lined(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if silent or len(state.tokens) == known:
            return True
        breaks = _breaks(state)
        at, to = bisect_left(breaks, start), bisect_left(breaks, state.pos)
        fresh = state.tokens[known:]
        for token in fresh:
            token.meta.setdefault("at", at)
        if fresh[-1].nesting < 0:
            fresh[-1].meta["at"] = to
        fresh[-1].meta["to"] = to
        return True

    return lined


def _breaks(state: StateInline) -> list[int]:
    """Positions of the line breaks in the paragraph being read."""
    known: dict[str, list[int]] = state.env["breaks"]
    if state.src not in known:
        known[state.src] = [at for at, char in enumerate(state.src) if char == "\n"]
    return known[state.src]
