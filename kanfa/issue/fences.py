"""The info string of a code fence: its language, the lines to stress, a title. Nothing else in it has a meaning.

Several tools have their own forms, which are all read: `python {2,4-5} title="main.py"`, `{.python hl_lines="2 4-5"}`
and Hugo's `{hl_lines=[2,"4-5"]}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kanfa.findings import Finding
from kanfa.issue import construct_rules as rules
from kanfa.issue.model import CodeBlock

MAX_INFO = 1_000
"""Characters of an info string that are read."""

_PART = re.compile(
    r"""\{(?P<braces>[^{}]*)\}
      |(?P<key>[A-Za-z_][\w-]*)=(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s{}]+)
      |(?P<word>[^\s{}]+)|.""",
    re.VERBOSE,
)
_LINES = re.compile(r"[\d\s,-]*")
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?", re.ASCII)


@dataclass(slots=True)
class Info:
    """What an info string says."""

    language: str = ""
    """Lower case, or empty."""
    title: str = ""
    lines: str = ""
    """The lines to stress, as written."""


def read_info(info: str) -> Info:
    """Read an info string. What it does not know it passes over, as CommonMark lets it."""
    found = Info()
    for number, part in enumerate(_PART.finditer(info.strip()[:MAX_INFO])):
        if part["word"] and number == 0:
            found.language = part["word"].lower()
        elif part["key"]:
            _option(found, part)
        elif part["braces"] and _LINES.fullmatch(part["braces"]):
            found.lines = part["braces"]
        elif part["braces"]:
            for inner in _PART.finditer(part["braces"]):
                if inner["key"]:
                    _option(found, inner)
                elif inner["word"] and inner["word"].startswith(".") and not found.language:
                    found.language = inner["word"][1:].lower()
    return found


def _option(found: Info, part: re.Match[str]) -> None:
    value = part["value"]
    if part["key"] == "title":
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        found.title = " ".join((re.sub(r"\\(.)", r"\1", value[1:-1]) if quoted else value).split())
    elif part["key"] == "hl_lines":
        found.lines = re.sub("[\\[\\]\"']", "", value)


def code_block(text: str, info: str, line: int) -> tuple[CodeBlock, list[Finding]]:
    """The code block of a fence at `line`, and what is wrong with the lines that it stresses: one finding at most."""
    said = read_info(info)
    count = text.count("\n") + 1 if text else 0
    ranges = list(_ranges(said.lines))
    stressed: list[int] = []
    for _, first, last in sorted(ranges, key=lambda found: found[1:]):
        stressed += range(max(first, stressed[-1] + 1 if stressed else 1), min(last, count) + 1)
    findings: list[Finding] = []
    for piece, first, last in ranges:
        if findings:
            break
        if first < 1 or last < first:
            findings.append(rules.CODE_LINES.at(line, "“{piece}” names no lines of code", quote=piece, piece=piece))
        elif last > count:
            template = "line {last} is to be stressed, the code has {count}"
            findings.append(rules.CODE_LINES.at(line, template, quote=piece, last=last, count=count))
    return CodeBlock(text, line, said.language, tuple(stressed), said.title), findings


def _ranges(written: str) -> Iterator[tuple[str, int, int]]:
    """Each piece of `2,4-5` with its first and last line; both are 0 when it cannot be read."""
    for piece in re.split(r"[\s,]+", written.strip(" \t,")):
        found = _RANGE.fullmatch(piece)
        if found:
            yield piece, int(found[1]), int(found[2] or found[1])
        elif piece:
            yield piece, 0, 0
