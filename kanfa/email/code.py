"""A block of code as mail shows it: file name on top, kinds of token in colour, stressed lines as bands.

Stressed lines are rows of their own, because a background behind a line of `pre` ends with its last character,
and Outlook for Windows knows no other way to tint the whole width.
"""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup, escape

from kanfa.email.columns import longest_run
from kanfa.email.limits import TOKEN_RUN
from kanfa.highlight import Run, highlight
from kanfa.html import el
from kanfa.issue.model import CodeBlock

TAB = 4
"""Columns of a tab stop: mail programs disagree, so tabs become spaces."""


def code_lines(node: CodeBlock) -> list[list[Run]]:
    """The lines of the block in runs, tabs as spaces."""
    return highlight(node.text.expandtabs(TAB), node.language)


def is_coloured(lines: list[list[Run]]) -> bool:
    """Whether any run has a kind of its own."""
    return any(run.kind for line in lines for run in line)


def listing(node: CodeBlock, lines: list[list[Run]]) -> dict[str, object]:
    """What the part `code` shows: the title, then the code in bands; joined again their text is `node.text`."""
    stretches = [
        (stressed, [line for _, line in numbered])
        for stressed, numbered in groupby(enumerate(lines, 1), lambda one: one[0] in node.highlighted)
    ]
    plain = len(stretches) == 1 and not stretches[0][0]
    return {
        "title": node.title,
        "long_title": longest_run(node.title) > TOKEN_RUN,
        "plain": plain,
        "bands": [(stressed, _pre(own, padded=not plain)) for stressed, own in stretches],
    }


def _pre(lines: list[list[Run]], *, padded: bool = False) -> Markup:
    """Lines of code. A stretch keeps empty lines at its ends by a space: pre elements swallow them."""
    widest = max(longest_run("".join(run.text for run in line)) for line in lines)
    if padded:
        blank = [Run("", " ")]
        lines = [lines[0] or blank, *lines[1:-1], *([lines[-1] or blank] if len(lines) > 1 else [])]
    shown = Markup("").join(
        el("span", {"class": f"tok-{kind}"}, text) if kind else escape(text) for kind, text in _joined(lines)
    )
    return el("pre", {"class": "pre long" if widest > TOKEN_RUN else "pre"}, shown)


def _joined(lines: list[list[Run]]) -> list[tuple[str, str]]:
    """Kind and text of each stretch of the code, line ends included.

    White space goes with what stands before it: between two elements the engine drops it (own trial, mrml 6.0.1).
    """
    joined: list[tuple[str, str]] = []
    for number, line in enumerate(lines):
        for kind, text in [*([("", "\n")] if number else []), *((run.kind, run.text) for run in line)]:
            before = joined[-1] if joined else None
            if before and (before[0] == kind or not text.strip()):
                joined[-1] = (before[0], before[1] + text)
            else:
                joined.append((kind if text.strip() else "", text))
    return joined
