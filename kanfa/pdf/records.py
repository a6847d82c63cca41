"""WeasyPrint logs instead of raising: each record becomes a finding, with a source line where there is one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from unicodedata import normalize

from kanfa.findings import Finding
from kanfa.issue.model import Code, CodeBlock, Image, Issue, Text, walk
from kanfa.pdf.pictures import line_of
from kanfa.pdf.rules import MISSING_GLYPH, RESOURCE_FAILED, STYLE_IGNORED

NOTDEF = ".notdef glyph rendered"
"""How WeasyPrint 70 begins the record for a missing character; its arguments are character and code point."""


def findings_of(records: Iterable[logging.LogRecord], issue: Issue) -> Iterator[Finding]:
    """One finding for each distinct record; missing characters together for each line that holds them."""
    missing: dict[str, None] = {}
    seen: set[str] = set()
    for record in records:
        if str(record.msg).startswith(NOTDEF) and isinstance(record.args, tuple) and record.args:
            missing[str(record.args[0])] = None
            continue
        words = " ".join(record.getMessage().split())
        if words in seen:
            continue
        seen.add(words)
        rule = RESOURCE_FAILED if record.levelno >= logging.ERROR else STYLE_IGNORED
        yield rule.at(_line_named(words, issue), "{message}", message=words[:300])
    by_line: dict[int, list[str]] = {}
    places = _places(missing, issue) if missing else {}
    for char in missing:
        for line in places.get(char) or [1]:
            by_line.setdefault(line, []).append(f"“{char}” (U+{ord(char):04X})")
    for line, chars in sorted(by_line.items()):
        yield MISSING_GLYPH.at(
            line, "no font of the edition has {characters}", characters=", ".join(chars), quote=chars[0][1]
        )


def _line_named(words: str, issue: Issue) -> int:
    """Line of the picture whose address stands in `words`, else 1."""
    return next((line_of(issue, asset) for asset in issue.assets if f"asset:{asset.name}" in words), 1)


def _places(chars: Iterable[str], issue: Issue) -> dict[str, list[int]]:
    """For each of `chars` the source lines of content and metadata that hold it, ascending, each once.

    The engine names characters as its fonts were asked for them, that is taken apart (U+0E33 as U+0E4D
    U+0E32) or put together; so each text is searched in those forms, too.
    """
    wanted = set(chars)
    found: dict[str, set[int]] = {}
    for text, line in _texts(issue):
        present = set(text)
        if not text.isascii():
            present = present.union(*(normalize(form, text) for form in ("NFKD", "NFC")))
        for char in wanted & present:
            found.setdefault(char, set()).add(line)
    return {char: sorted(lines) for char, lines in found.items()}


def _texts(issue: Issue) -> Iterator[tuple[str, int]]:
    """Every text of the issue that is printed, with its source line."""
    yield from ((str(getattr(issue, name)), issue.line_of(name)) for name in ("title", "summary", "publisher"))
    yield from ((name, issue.line_of("authors")) for name in issue.authors)
    yield from ((name, issue.line_of("editors")) for name in issue.editors)
    yield from ((previous.title, previous.line) for previous in issue.previous)
    for top in issue.body():
        for node in walk(top):
            if isinstance(node, CodeBlock):
                # the fence, when there is one, stands on the node's own line
                first = node.line + (1 if _is_fence(issue, node.line) else 0)
                yield node.title, node.line
                yield from ((text, first + at) for at, text in enumerate(node.text.split("\n")))
            elif isinstance(node, Text | Code):
                yield node.text, node.line
            elif isinstance(node, Image):
                yield node.label, node.line


def _is_fence(issue: Issue, line: int) -> bool:
    lines = issue.source.split("\n")
    return 0 < line <= len(lines) and lines[line - 1].lstrip(" >-*+0123456789.").startswith(("```", "~~~"))
