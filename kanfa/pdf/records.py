"""WeasyPrint logs instead of raising: each record becomes a finding, with a source line where there is one."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

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
        yield rule.at(_line_named(words, issue), words[:300])
    by_line: dict[int, list[str]] = {}
    for char in missing:
        for line in _lines_with(char, issue) or [1]:
            by_line.setdefault(line, []).append(f"“{char}” (U+{ord(char):04X})")
    for line, chars in sorted(by_line.items()):
        yield MISSING_GLYPH.at(line, f"no font of the edition has {', '.join(chars)}")


def _line_named(words: str, issue: Issue) -> int:
    """Line of the picture whose address stands in `words`, else 1."""
    return next((line_of(issue, asset) for asset in issue.assets if f"asset:{asset.name}" in words), 1)


def _lines_with(char: str, issue: Issue) -> list[int]:
    """Source lines of the content and metadata that hold `char`, ascending, each once."""
    fields = [("title", issue.title), ("summary", issue.summary), ("publisher", issue.publisher)]
    fields += [("authors", name) for name in issue.authors] + [("editors", name) for name in issue.editors]
    lines = {issue.line_of(name) for name, value in fields if char in value}
    lines |= {previous.line for previous in issue.previous if char in previous.title}
    for top in issue.body():
        for node in walk(top):
            if isinstance(node, CodeBlock):
                # the fence, when there is one, stands on the node's own line
                first = node.line + (1 if _is_fence(issue, node.line) else 0)
                lines |= {first + at for at, text in enumerate(node.text.split("\n")) if char in text}
            elif isinstance(node, Text | Code | Image) and char in (
                node.label if isinstance(node, Image) else node.text
            ):
                lines.add(node.line)
    return sorted(lines)


def _is_fence(issue: Issue, line: int) -> bool:
    lines = issue.source.split("\n")
    return 0 < line <= len(lines) and lines[line - 1].lstrip(" >-*+0123456789.").startswith(("```", "~~~"))
