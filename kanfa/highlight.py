"""Code in colour: which characters of a code block are a comment, a keyword, a string.

Pygments knows the languages; its hundred token types become the few kinds that a newsletter can tell apart.
Colours are each format's own business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["", "comment", "keyword", "string", "number", "name", "builtin", "added", "removed"]

MAX_HIGHLIGHTED = 50_000
"""Characters; longer code is set plain, because some lexers take quadratic time."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one kind within one line of code."""

    kind: Kind
    text: str


def highlight(code: str, language: str) -> list[list[Run]]:
    """The lines of `code` as runs; joined again they are exactly `code`.

    An unknown language, code beyond `MAX_HIGHLIGHTED` characters and code that a lexer would alter give plain lines.
    """
    runs = _runs(code, language) if language and len(code) <= MAX_HIGHLIGHTED else None
    lines: list[list[Run]] = [[]]
    for run in runs or [Run("", code)]:
        for number, text in enumerate(run.text.split("\n")):
            if number:
                lines.append([])
            if not text:
                continue
            if lines[-1] and lines[-1][-1].kind == run.kind:
                text = lines[-1].pop().text + text  # noqa: PLW2901
            lines[-1].append(Run(run.kind, text))
    return lines


def _runs(code: str, language: str) -> list[Run] | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
    runs = [Run(_kind(token), text) for token, text in lexer.get_tokens(code)]
    if runs and not code.endswith("\n") and runs[-1].text.endswith("\n"):
        runs[-1] = Run(runs[-1].kind, runs[-1].text[:-1])  # lexers add a line end, and some colour only whole lines
    return runs if "".join(run.text for run in runs) == code else None


def _kind(token: object) -> Kind:
    from pygments.token import Comment, Generic, Keyword, Name, Number, String

    kinds: tuple[tuple[object, Kind], ...] = (
        (Comment, "comment"), (Keyword, "keyword"), (String, "string"), (Number, "number"),
        (Name.Builtin, "builtin"), (Name.Function, "name"), (Name.Class, "name"), (Name.Tag, "name"),
        (Name.Decorator, "name"), (Generic.Inserted, "added"), (Generic.Deleted, "removed"),
    )  # fmt: skip
    return next((kind for outer, kind in kinds if token in outer), "")  # type: ignore[operator]
