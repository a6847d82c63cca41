"""HTML tags in Markdown, read by a real parser into the rough tree.

Each HTML token of the Markdown parser is fed to its own `HTMLParser`; what is open is kept by the tree
builder, so that a tag may open in one token and close in a later one. Tags outside the allow-list are
shown as text and reported; comments are the editor's own notes and are dropped.
"""

from __future__ import annotations

import difflib
import re
from html.parser import HTMLParser
from typing import Protocol

from kanfa.findings import Rule
from kanfa.issue import rules
from kanfa.issue.html_tags import ALLOWED, MARKDOWN_FORM, REAL, UNWRAPPED, VOID
from kanfa.issue.raw import join_lines

_BREAKS = re.compile(r"([ \t]*\n[ \t\n]*)")


class Sink(Protocol):
    """What the reader of HTML writes to: the tree builder."""

    def report(self, rule: Rule, line: int, template: str, *, quote: str = "", **values: str | int) -> None: ...
    def text(self, text: str, line: int, *, escaped: bool = False) -> None: ...
    def soft_break(self, line: int) -> None: ...
    def hard_break(self, line: int) -> None: ...
    def void(self, tag: str, line: int, attrs: dict[str, str]) -> None: ...
    def refuse(self, tag: str) -> None: ...
    def ends_refused(self, tag: str) -> bool: ...
    def open_html(self, tag: str, line: int, attrs: dict[str, str]) -> None: ...
    def close_html(self, tag: str, line: int) -> None: ...


def read_html(content: str, line: int, sink: Sink) -> None:
    """Send the tags and the text of `content`, which starts on 1-based `line`, to `sink`."""
    reader = _Reader(content, line, sink)
    reader.feed(content)
    reader.finish()


class _Reader(HTMLParser):
    def __init__(self, content: str, line: int, sink: Sink) -> None:
        super().__init__(convert_charrefs=True)
        self._lines = content.split("\n")
        self._first = line
        self._sink = sink

    @property
    def _line(self) -> int:
        return self._first + self.getpos()[0] - 1

    def finish(self) -> None:
        """Read what is left; a tag that never ends is text. (`close` alone drops it in some versions of Python.)"""
        if self.rawdata.startswith("<"):
            rest, self.rawdata = self.rawdata, ""
            self._odd(join_lines(rest))
        self.close()

    def set_cdata_mode(self, elem: str, **options: bool) -> None:
        """Read `<script>` and its like as any other tag, so that none of their text can get lost."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Read `<![…>` as it stands: the library asserts that its inside is well formed."""
        end = self.rawdata.find(">", i + 3)
        if end < 0:
            return -1
        self._odd(self.rawdata[i : end + 1])
        return end + 1

    def handle_comment(self, data: str) -> None:
        """Drop a comment, but not the other things that HTML calls one."""
        row, column = self.getpos()
        if not self._lines[row - 1].startswith("<!--", column):
            self._odd(f"<!{data}>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or f"<{tag}>"
        values = {name: value or "" for name, value in reversed(attrs)}
        if tag not in ALLOWED:
            self._refuse(tag, written)
        elif tag == "br":
            self._sink.hard_break(self._line)
        elif tag in VOID:
            self._sink.void(tag, self._line, values)
        else:
            if tag in UNWRAPPED:
                message = "<{tag}> has no effect; what it holds is kept"
                self._sink.report(rules.HTML_UNWRAPPED, self._line, message, quote=written, tag=tag)
            self._sink.open_html(tag, self._line, values)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in ALLOWED and tag not in VOID:
            self._sink.close_html(tag, self._line)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ALLOWED:
            if not self._sink.ends_refused(tag):
                message = "</{tag}> is not allowed here: it is shown as text"
                self._sink.report(rules.HTML_UNKNOWN, self._line, message, quote=f"</{tag}>", tag=tag)
            self._sink.text(f"</{tag}>", self._line, escaped=True)
        elif tag == "br":
            self._sink.hard_break(self._line)
        elif tag not in VOID:
            self._sink.close_html(tag, self._line)

    def handle_data(self, data: str) -> None:
        line = self._line
        for piece in _BREAKS.split(data):
            if "\n" in piece:
                self._sink.soft_break(line)
                line += piece.count("\n")
            elif piece:
                self._sink.text(piece, line)

    def handle_decl(self, decl: str) -> None:
        self._odd(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self._odd(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self._odd(f"<?{data}>")

    def _odd(self, written: str) -> None:
        message = "{written} is no HTML tag of an issue; it is shown as text"
        self._sink.report(rules.HTML_UNKNOWN, self._line, message, quote=written, written=_short(written))
        self._sink.text(written, self._line, escaped=True)

    def _refuse(self, tag: str, written: str) -> None:
        values = {"written": _short(written)}
        if tag == "pre":
            message = "{written} is not allowed here: write ``` fences instead"
        elif tag in MARKDOWN_FORM:
            message = "{written} is not allowed here: write {form} instead"
            values["form"] = MARKDOWN_FORM[tag]
        elif tag in REAL:
            message, values = "<{tag}> is not supported; it is shown as text", {"tag": tag}
        elif near := difflib.get_close_matches(tag, sorted(ALLOWED), n=1, cutoff=0.8):
            message = "{written} is not allowed here: <{near}> was meant?"
            values["near"] = near[0]
        elif "=" in written:
            message = "{written} is not allowed here: it is shown as text"
        else:
            message = "{written} is not allowed here: an unescaped angle bracket? Put code in backticks"
        self._sink.report(rules.HTML_UNKNOWN, self._line, message, quote=written, **values)
        self._sink.refuse(tag)
        self._sink.text(written, self._line, escaped=True)


def _short(written: str) -> str:
    return written if len(written) <= 60 else f"{written[:59]}…"
