"""Which characters of the source became which part of a paragraph: the Markdown parser, watched at work.

markdown-it keeps no positions inside a paragraph. Here its inline loop notes for each rule that succeeded what it
read, so that lint and `kanfa fix` know plain words from code, addresses and marks without a second grammar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from kanfa.issue import markdown

WORDS = "text"
"""Name of the steps that read plain characters."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule read: characters `start` to `end` of the paragraph's text."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The tokens of a text, the parser's notes, and the steps taken in each paragraph, outer before inner ones."""

    tokens: Sequence[Token]
    env: markdown.Env
    _steps: dict[int, list[Step]] = field(repr=False)

    def steps(self, token: Token) -> list[Step]:
        """The steps through the text of an `inline` token, in reading order."""
        return sorted(self._steps.get(id(token.children), ()), key=lambda step: (step.start, -step.end))


class _Watched(ParserInline):
    """markdown-it's inline parser; its loop also writes down the steps, by the list that takes the tokens."""

    def __init__(self, plain: ParserInline) -> None:
        super().__init__()
        self.ruler, self.ruler2, self.terminator_re = plain.ruler, plain.ruler2, plain.terminator_re
        self.steps: dict[int, list[Step]] = {}
        self._rules = list(zip(plain.ruler.get_active_rules(), plain.ruler.getRules(""), strict=True))

    def tokenize(self, state: StateInline) -> None:
        """markdown-it's own loop (its version 4), with the steps noted."""
        end, deepest = state.posMax, state.md.options["maxNesting"]
        steps = self.steps.setdefault(id(state.tokens), [])
        while state.pos < end:
            start = state.pos
            for name, rule in self._rules if state.level < deepest else ():
                if rule(state, False):
                    steps.append(Step(start, state.pos, name))
                    break
            else:
                state.append_pending(state.src[start])
                state.pos += 1
                steps.append(Step(start, state.pos, WORDS))
        if state.pending:
            state.pushPending()


def trace(text: str) -> Trace:
    """Parse `text` as the reader does, and note the steps."""
    _, env = markdown.parse("")  # the notes as the parser wants them at its start
    parser = markdown.new_parser()
    watched = _Watched(parser.inline)
    parser.inline = watched
    return Trace(parser.parse(text, env), env, watched.steps)


@dataclass(frozen=True, slots=True)
class HtmlText:
    """Text between the tags of an HTML block: 0-based row and column within the block."""

    row: int
    column: int
    text: str


_LITERAL = frozenset({"code", "kbd", "pre", "samp", "var", "tt", "script", "style"})
"""Elements whose text is no prose."""


def html_texts(content: str) -> list[HtmlText]:
    """The prose of an HTML block, piece by piece; entities, comments and code end a piece."""
    reader = _Texts()
    reader.feed(content)
    reader.close()
    return reader.found


def literal_tag(written: str) -> int:
    """1 when the tag `written` opens an element whose text is no prose, -1 when it closes one, else 0."""
    name = written.strip("<>/ \t\n").split()[0].lower() if written.strip("<>/ \t\n") else ""
    if name not in _LITERAL or written.endswith("/>"):
        return 0
    return -1 if written.startswith("</") else 1


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[HtmlText] = []
        self._literal = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._literal += tag in _LITERAL

    def handle_endtag(self, tag: str) -> None:
        self._literal -= tag in _LITERAL and self._literal > 0

    def handle_data(self, data: str) -> None:
        row, column = self.getpos()
        if not self._literal and data.strip():
            self.found.append(HtmlText(row - 1, column, data))

    def set_cdata_mode(self, elem: str, **options: bool) -> None:
        """Read `<script>` as any other tag, as the reader does."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Pass `<![…>` over: the library asserts that its inside is well formed."""
        end = self.rawdata.find(">", i + 3)
        return end + 1 if end >= 0 else -1
