"""From tokens to the rough tree: one stack for Markdown's containers and HTML's tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markdown_it.token import Token

from kanfa.findings import Finding, Rule
from kanfa.issue import construct_rules, rules
from kanfa.issue.addresses import short
from kanfa.issue.directives import Openings, Waiting, block_of
from kanfa.issue.fences import read_info
from kanfa.issue.formulas import one_line
from kanfa.issue.grid import written_cells
from kanfa.issue.html_tags import BLOCKS, ENDS, OPTIONAL_END, SCOPES
from kanfa.issue.markdown import MAX_DEPTH, Env
from kanfa.issue.raw import (
    BIDI,
    BREAK,
    CODE,
    CONTROLS,
    DIRECTIVE,
    GAP,
    MATH,
    MATH_BLOCK,
    NOTE_REF,
    READING,
    RUBY,
    SOFT_BREAK,
    TEXT,
    TITLE,
    Raw,
    join_lines,
)
from kanfa.issue.raw_html import read_html
from kanfa.issue.unsupported import SHORTCODE, NumberedLines, is_glued_shortcode, unsupported_at

_ALT = {"softbreak": " ", "hardbreak": " ", "ruby_reading_open": "（", "ruby_reading_close": "）"}
"""What some tokens are in the words of a picture."""

MAX_MARKS = 12
"""Marks (bold in italic in a link …) inside each other within one block."""

MAX_STACK = 100
"""Open elements of any kind; only thousands of HTML tags inside each other reach it."""

_CONTAINERS = {
    "paragraph": "p", "bullet_list": "ul", "ordered_list": "ol", "list_item": "li", "blockquote": "blockquote",
    "table": "table", "thead": "thead", "tbody": "tbody", "tr": "tr", "th": "th", "td": "td",
    "footnote_reference": "note", "em": "em", "strong": "strong", "s": "s", "link": "a", "ruby": RUBY,
    "ruby_reading": READING, "directive_title": TITLE,
}  # fmt: skip
_MARKS = frozenset({"em", "strong", "s", "a", "u", "ins", "del", "sup", "sub", "small", "kbd", "mark", "span",
                    RUBY, READING})  # fmt: skip
_NESTING = frozenset({"ul", "ol", "blockquote", "note", "details", DIRECTIVE})


class TreeBuilder:
    """Turns the tokens of one issue into `root.children` and `notes`; what is odd goes to `findings`."""

    def __init__(self, lines: Sequence[str], env: Env) -> None:
        self.root = Raw("root", 1)
        self.notes: list[tuple[str, Raw]] = []
        """Footnote definitions by name, in the order of the source."""
        self.labels: set[str] = set()
        """Names of the link definitions that are used."""
        self.findings: list[Finding] = []
        self._lines = lines
        self._inline_notes = env.get("footnotes", {}).get("list", {})
        self._stack = [self.root]
        self._openings = Openings()
        self._skipped: list[int] = []
        self._line = 1
        self._deep = False
        self._ending: list[str] = []
        self._refused: Counter[str] = Counter()
        for line in env["too_deep"][:1]:
            self._too_deep(line)

    def build(self, tokens: Sequence[Token]) -> None:
        """Read all block tokens and close what is left open."""
        for token in tokens:
            if token.map is not None:
                self._line = token.map[0] + 1
            self._block(token)
        self._close_down_to(0)

    # -- Markdown

    def _block(self, token: Token) -> None:
        kind, _, edge = token.type.rpartition("_")
        if token.type == "inline":
            self._inline(token.children or [], self._line)
        elif edge == "open":
            self._open_block(kind, token)
        elif edge == "close":
            if kind == "tr":
                self._surplus_cells()
            self._close_markdown()
        elif token.type in {"fence", "code_block"}:
            self._code(token)
        elif token.type == "math_block":
            self._add(Raw(MATH_BLOCK, self._line, text=token.content, attrs={"written": "$$"}))
        elif token.type == "directive":
            self._open_directive(token)
        elif token.type == "directive_end":
            self._close_directive(token)
        elif token.type == "hr":
            self._add(Raw("hr", self._line))
        elif token.type == "html_block":
            self._html_block(token.content)

    def _html_block(self, content: str) -> None:
        if content.lstrip().startswith("<!--") and "-->" not in content:
            self.report(rules.COMMENT_OPEN, self._line, "the comment that opens here is never closed", quote="<!--")
            self.text(join_lines(content), self._line, escaped=True)
        else:
            read_html(content, self._line, self)
        self._add(Raw(GAP, self._line))

    def _open_block(self, kind: str, token: Token) -> None:
        attrs = {name: str(value) for name, value in token.attrs.items()}
        if token.hidden:
            attrs["hidden"] = "1"
        node = Raw(token.tag if kind == "heading" else _CONTAINERS.get(kind, kind), self._line, attrs=attrs)
        if node.tag == "note":
            self.notes.append((str(token.meta["label"]), node))
            self._stack.append(node)
        else:
            self._push(node)

    def _code(self, token: Token) -> None:
        tag = MATH_BLOCK if read_info(token.info).language == "math" else "pre"
        attrs = {"info": token.info, "written": f"{token.markup}{token.info}"}
        self._add(Raw(tag, self._line, text=token.content.rstrip("\n"), attrs=attrs))
        if token.type == "fence" and token.map is not None:
            last = self._lines[token.map[1] - 1].lstrip("> \t") if token.map[1] <= len(self._lines) else ""
            if token.map[1] - token.map[0] < 2 or not last.startswith(token.markup):
                message = "the {marks} that opens code here is never closed"
                self.report(rules.FENCE_OPEN, self._line, message, quote=token.markup, marks=short(token.markup))

    def _open_directive(self, token: Token) -> None:
        if self._openings.is_full():
            self._too_deep(self._line)
            return
        attrs = {"name": token.info, "words": token.content, "written": str(token.meta["written"])}
        node = Raw(DIRECTIVE, self._line, attrs=attrs)
        deep = self._is_too_deep(node)
        within, at = block_of(self._stack), len(self._stack)
        if deep:
            self._too_deep(self._line)
        else:
            self._push(node)
        self._openings.add(Waiting(len(token.markup), at, within, None if deep else node))

    def _close_directive(self, token: Token) -> None:
        closed = self._openings.closed_by(len(token.markup), block_of(self._stack))
        if closed is None and not self._deep:
            message, rule = "no container is open here that {colons} could close", construct_rules.CONTAINER_STRAY
            self.report(rule, self._line, message, quote=token.markup, colons=token.markup[:12])
            self._add(Raw("p", self._line, [Raw(TEXT, self._line, text=token.markup, escaped=True)]))
        elif closed is not None and closed.element is not None:
            self._close_down_to(closed.at)

    def _dissolve(self, depth: int) -> None:
        """A container that was never closed: report it, and leave what it holds to the element around it."""
        node = self._stack[depth]
        message, written = "{opening} is never closed", node.attrs["written"]
        self.report(construct_rules.CONTAINER_OPEN, node.line, message, quote=written, opening=short(written))
        self._stack[depth - 1].children[-1:] = node.children

    def _surplus_cells(self) -> None:
        """Cells beyond the head row are dropped by the parser; put them into the last cell, and report them.

        Empty ones at the end of the row hold nothing that could be lost.
        """
        row = self._stack[-1]
        cells = [cell for cell in row.children if cell.tag in {"td", "th"}]
        parts = written_cells(self._lines[row.line - 1], len(cells)) if row.line <= len(self._lines) else []
        if cells and cells[0].tag == "td" and len(parts) > len(cells):
            surplus = " | ".join(parts[len(cells) :])
            message = "the row has {cells} cells, the table {columns} columns"
            self.report(rules.TABLE_CELLS, row.line, message, cells=len(parts), columns=len(cells))
            cells[-1].children.append(Raw(TEXT, row.line, text=f" | {surplus}", escaped=True))

    def _inline(self, tokens: Sequence[Token], first: int) -> None:
        line = first
        before = None
        numbered = NumberedLines()
        for token in tokens:
            line = max(line, first + int(token.meta.get("at", 0)))
            if is_glued_shortcode(before, token):
                self.findings.append(SHORTCODE.at(line, quote="{{" + token.content))
                self.text(token.content, line, escaped=True)
            else:
                if foreign := unsupported_at(before, token, self._stack, line):
                    self.findings.append(foreign)
                if told := numbered.found_at(before, token, line):
                    self.findings.append(told)
                self._mark(token, line)
            before = token
            line = max(line, first + int(token.meta.get("to", 0)))

    def _mark(self, token: Token, line: int) -> None:
        kind, _, edge = token.type.rpartition("_")
        if token.type in {"text", "text_special"}:
            self.text(token.content, line, escaped=token.type == "text_special")
        elif token.type == "softbreak":
            self.soft_break(line)
        elif token.type == "hardbreak":
            self.hard_break(line)
        elif token.type == "math_inline":
            self._add(Raw(MATH, line, text=one_line(token.content)))
        elif token.type == "ruby_fault":
            message, written = "{written} needs characters and one reading, with one bar between", token.content
            self.report(construct_rules.RUBY_PARTS, line, message, quote=written, written=short(written))
            self.text(token.content, line, escaped=True)
        elif token.type == "code_inline":
            self._add(Raw(CODE, line, text=token.content))
        elif token.type == "html_inline":
            read_html(token.content, line, self)
        elif token.type == "image":
            self._image(token, line)
        elif token.type == "footnote_ref":
            self._note_ref(token, line)
        elif edge == "open":
            self.labels.add(str(token.meta.get("label", "")))
            attrs = {name: str(value) for name, value in token.attrs.items()}
            self._push(Raw(_CONTAINERS[kind], line, attrs=attrs))
        elif edge == "close":
            self._close_markdown()

    def _image(self, token: Token, line: int) -> None:
        self.labels.add(str(token.meta.get("label", "")))
        attrs = {name: str(value) for name, value in token.attrs.items()}
        attrs["alt"] = " ".join(self._alt(token.children or []).split())
        self._add(Raw("img", line, attrs=attrs))

    def _alt(self, tokens: Sequence[Token]) -> str:
        pieces = []
        for token in tokens:
            self.labels.add(str(token.meta.get("label", "")))
            if token.type == "image":
                pieces.append(self._alt(token.children or []))
            else:
                pieces.append(_ALT.get(token.type, token.content))
        return "".join(pieces)

    def _note_ref(self, token: Token, line: int) -> None:
        label = token.meta.get("label")
        if label is None:
            label = f" {token.meta['id']}"  # a written name holds no space
            note = Raw("note", line)
            self.notes.append((label, note))
            outer, self._stack = self._stack, [note]
            openings, self._openings = self._openings, Openings()
            self._push(Raw("p", line))
            self._inline(self._inline_notes[token.meta["id"]]["tokens"], line)
            self._close_down_to(0)
            self._stack, self._openings = outer, openings
        self._add(Raw(NOTE_REF, line, text=str(label)))

    # -- what HTML is written to

    def report(self, rule: Rule, line: int, template: str, *, quote: str = "", **values: str | int) -> None:
        """Note a finding; the arguments are those of `Rule.at`."""
        self.findings.append(rule.at(line, template, element="", quote=quote, **values))

    def text(self, text: str, line: int, *, escaped: bool = False) -> None:
        """Add characters."""
        if text:
            self._add(Raw(TEXT, line, text=text, escaped=escaped))

    def soft_break(self, line: int) -> None:
        """Add a line end that is no break."""
        self._add(Raw(SOFT_BREAK, line))

    def hard_break(self, line: int) -> None:
        """Add a line break."""
        self._add(Raw(BREAK, line))

    def void(self, tag: str, line: int, attrs: dict[str, str]) -> None:
        """Add an element without content."""
        self._add(Raw(tag, line, attrs=attrs, html=True))

    def refuse(self, tag: str) -> None:
        """Note that a start tag was refused, so that its end tag is not reported again."""
        self._refused[tag] += 1

    def ends_refused(self, tag: str) -> bool:
        """Whether an end tag belongs to a refused start tag."""
        self._refused[tag] -= 1
        return self._refused[tag] >= 0

    def open_html(self, tag: str, line: int, attrs: dict[str, str]) -> None:
        """Open an HTML element; ends those that its start ends by the rules of HTML."""
        ends = ENDS.get(tag, frozenset())
        for depth in range(len(self._stack) - 1, 0, -1):
            node = self._stack[depth]
            if not node.html or node.tag in SCOPES:
                break
            if node.tag in ends:
                self._close_down_to(depth)
                break
        self._push(Raw(tag, line, attrs=attrs, html=True))

    def close_html(self, tag: str, line: int) -> None:
        """Close the innermost open HTML element `tag` of the same Markdown container."""
        if self._skipped:
            return
        for depth in range(len(self._stack) - 1, 0, -1):
            node = self._stack[depth]
            if node.html and node.tag == tag:
                self._close_down_to(depth)
                return
            if node.tag == "p" and not node.html and tag in BLOCKS - {"p"}:
                self._ending.append(tag)  # `last words</details>`: it ends when the paragraph does
                return
            if not node.html and node.tag != DIRECTIVE:
                break
        if tag != "p" and not any(node.html and node.tag == tag for node in self._stack):
            self.report(
                rules.HTML_UNBALANCED, line, "</{tag}> closes nothing that is open here", quote=f"</{tag}>", tag=tag
            )

    # -- the stack

    def _add(self, node: Raw) -> None:
        if CONTROLS.search(node.text) or any(CONTROLS.search(value) for value in node.attrs.values()):
            self.report(rules.CHAR_CONTROL, node.line, "a control character written as an entity; � stands for it")
            node.text = CONTROLS.sub("�", node.text)
            node.attrs = {name: CONTROLS.sub("�", value) for name, value in node.attrs.items()}
        if marks := BIDI.findall("".join([node.text, *node.attrs.values()])):
            for mark in dict.fromkeys(marks):
                message = "U+{code}, written as an entity, turns the order of the text; it was taken out"
                self.report(rules.BIDI_CONTROL, node.line, message, code=f"{ord(mark):04X}")
            node.text = BIDI.sub("", node.text)
            node.attrs = {name: BIDI.sub("", value) for name, value in node.attrs.items()}
        self._stack[-1].children.append(node)

    def _push(self, node: Raw) -> None:
        if self._is_too_deep(node):
            self._too_deep(node.line)
            if not node.html:
                self._skipped.append(len(self._stack))
            if node.tag not in _MARKS:
                self._add(Raw(GAP, node.line))
            return
        self._add(node)
        self._stack.append(node)

    def _is_too_deep(self, node: Raw) -> bool:
        if self._skipped or len(self._stack) >= MAX_STACK:
            return True
        if node.tag in _MARKS:
            marks = 0
            for outer in reversed(self._stack):
                if outer.tag not in _MARKS:
                    break
                marks += 1
            return marks >= MAX_MARKS
        return node.tag in _NESTING and sum(n.tag in _NESTING for n in self._stack) >= MAX_DEPTH

    def _too_deep(self, line: int) -> None:
        if not self._deep:
            message = "from here on the nesting is too deep; what lies deeper is set as plain text"
            self.report(rules.TOO_DEEP, line, message)
        self._deep = True

    def _close_markdown(self) -> None:
        """Close the innermost Markdown element, and with it the HTML that was left open in it."""
        if self._skipped:
            self._skipped.pop()
            return
        depth = len(self._stack) - 1
        while depth > 0 and (self._stack[depth].html or self._stack[depth].tag == DIRECTIVE):
            depth -= 1
        self._close_down_to(depth)
        ending, self._ending = self._ending, []
        for tag in ending:
            self.close_html(tag, self._line)

    def _close_down_to(self, depth: int) -> None:
        """Close the element at `depth` of the stack and all within; report HTML that the source leaves open."""
        for at in range(len(self._stack) - 1, depth, -1):
            node = self._stack[at]
            if node.tag == DIRECTIVE:
                self._dissolve(at)
            elif node.html and node.tag not in OPTIONAL_END:
                message, quote = "<{tag}> is not closed in the block where it opens", f"<{node.tag}>"
                self.report(rules.HTML_UNBALANCED, node.line, message, quote=quote, tag=node.tag)
        del self._stack[max(depth, 1) :]
        self._openings.forget(len(self._stack))
