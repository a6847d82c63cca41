"""The theme's CSS in three parts: what is written into the elements, media rules, Outlook.com's rules.

Also the comparison that proves that inlining lost no declaration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2

from kanfa.errors import RenderError

FORMAT = "email"
RISKY = ("[data-ogsc]", "[data-ogsb]", "mix-blend-mode")
"""What stands in selectors or at-rules that may cost a mail program its whole style block."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declaration with its place in the style sheet."""

    condition: str
    """The at-rule it stands in, such as `@media screen`; empty for none."""
    selector: str
    name: str
    value: str
    important: bool


@dataclass(frozen=True, slots=True)
class Theme:
    """The parts of `theme.css`, comments left out."""

    light: str
    """Rules that are written into the elements."""
    media: str
    """At-rules, which stay in the head."""
    risky: str
    """Rules that some mail programs choke on: the last block, so that nothing else is lost with them."""


@lru_cache(maxsize=64)
def parsed(css: str) -> tuple[Any, ...]:
    """The rules of a style sheet without comments and white space, faults included. Nobody may change them.

    Each text is parsed once: the same sheets are split, pruned, compared and checked several times for every mail.
    """
    return tuple(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


@lru_cache(maxsize=16)
def split(css: str) -> Theme:
    """The three parts of a style sheet. Raises RenderError with the line of a syntax error."""
    parts: dict[str, list[str]] = {"light": [], "media": [], "risky": []}
    for rule in parsed(css):
        if rule.type == "error":
            raise RenderError(FORMAT, f"templates/email/theme.css, line {rule.source_line}: {rule.message}")
        text = tinycss2.serialize([rule])
        if "<" in text or "&" in text:
            raise RenderError(FORMAT, f"templates/email/theme.css, line {rule.source_line}: < and & are not allowed")
        at_rule = rule.type == "at-rule"
        risky = any(name in (text if at_rule else text.partition("{")[0]) for name in RISKY)
        kind = "risky" if risky else "media" if at_rule else "light"
        parts[kind].append(text if kind == "light" else _short(rule))
    return Theme(*("\n".join(parts[name]) for name in ("light", "media", "risky")))


def _short(rule: Any) -> str:
    """A rule that stays in the head without spaces that say nothing: Gmail cuts by bytes. As it is where it is odd."""
    if rule.content is None or (rule.type == "at-rule" and rule.lower_at_keyword != "media"):
        return str(tinycss2.serialize([rule]))
    prelude = " ".join(tinycss2.serialize(rule.prelude).split())
    if '"' not in prelude:
        prelude = prelude.replace(", ", ",")
    if rule.type == "at-rule":
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        if all(part.type in {"qualified-rule", "at-rule"} for part in inner):
            return f"@media {prelude}{{{chr(10).join(map(_short, inner))}}}"
    elif all(
        part.type == "declaration"
        for part in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    ):
        return f"{prelude}{{{style_text(rule.content)}}}"
    return str(tinycss2.serialize([rule]))


def style_text(content: Any) -> str:
    """The declarations of a `style` attribute or of a rule's content with nothing but a semicolon between them."""
    return ";".join(
        f"{name}:{value}{'!important' if important else ''}" for name, value, important in style_of(content)
    )


def declarations(css: str) -> list[Declaration]:
    """Every declaration of a style sheet in order; rules that do not parse are left out."""
    return list(_every(css))


@lru_cache(maxsize=64)
def _every(css: str) -> tuple[Declaration, ...]:
    return tuple(_declarations(parsed(css), ""))


def _declarations(rules: Iterable[Any], condition: str) -> Iterable[Declaration]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selector = " ".join(tinycss2.serialize(rule.prelude).split())
            yield from (
                Declaration(condition, selector, name, value, important)
                for name, value, important in style_of(rule.content)
            )
        elif rule.type == "at-rule" and rule.content is not None:
            name = f"@{rule.lower_at_keyword} {' '.join(tinycss2.serialize(rule.prelude).split())}".strip()
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            yield from _declarations(inner, f"{condition} {name}".strip())


def style_of(content: Any) -> list[tuple[str, str, bool]]:
    """Name, value and importance of each declaration of a `style` attribute (text) or a rule's content (tokens)."""
    return list(_of_attribute(content)) if isinstance(content, str) else _of_content(content)


@lru_cache(maxsize=1024)
def _of_attribute(text: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple(_of_content(text))


def _of_content(content: Any) -> list[tuple[str, str, bool]]:
    return [
        (part.lower_name, " ".join(tinycss2.serialize(part.value).split()), part.important)
        for part in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        if part.type == "declaration"
    ]


def lost(before: str, after: str) -> list[Declaration]:
    """Declarations of `before` that `after` does not hold, value and importance compared; empty when all survive."""
    missing = Counter(declarations(before)) - Counter(declarations(after))
    return list(missing.elements())
