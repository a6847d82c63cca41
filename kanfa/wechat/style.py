"""Style attributes as data: parse, change, write. The only place of the room that knows CSS syntax.

Values are kept as text. What cannot be parsed is kept too, under the name `?`, so that a check can show it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import tinycss2
import tinycss2.color3
from tinycss2 import ast

WITH_ALPHA = (4, 8)
"""Digits of a colour that says how opaque it is."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One `name: value` of a style attribute; the name is in lower case."""

    name: str
    value: str
    important: bool = False

    @property
    def folded(self) -> str:
        """The value in lower case, for comparisons."""
        return self.value.lower()


@lru_cache(maxsize=1024)
def parse_style(style: str) -> tuple[Declaration, ...]:
    """The declarations of a style attribute in source order. Cached: an article repeats a few styles."""
    found: list[Declaration] = []
    for node in tinycss2.parse_declaration_list(style, skip_comments=True, skip_whitespace=True):
        if isinstance(node, ast.Declaration):
            found.append(Declaration(node.lower_name, tinycss2.serialize(node.value).strip(), node.important))
        else:
            # a fault of the parser's has no text of its own and cannot be serialised
            fault = node.message if isinstance(node, ast.ParseError) else node.serialize()
            found.append(Declaration("?", fault.strip()))
    return tuple(found)


def write_style(declarations: Iterable[Declaration]) -> str:
    """A style attribute without white space and without a final semicolon."""
    return ";".join(f"{d.name}:{d.value}{'!important' if d.important else ''}" for d in declarations)


def value_of(declarations: Iterable[Declaration], *names: str) -> str:
    """The value in lower case of the last declaration that has one of `names`; empty when there is none."""
    values = [d.folded for d in declarations if d.name in names]
    return values[-1] if values else ""


def functions_in(value: str) -> list[str]:
    """Names in lower case of all functions in a value, nested ones too; `url` for plain url() tokens."""
    return [name for name, _ in _functions(tinycss2.parse_component_value_list(value))]


def urls_in(value: str) -> list[tuple[str, bool]]:
    """Every address in a value, with whether it was written in quotes."""
    return [
        (argument, written.lower().lstrip("url(").lstrip()[:1] in {'"', "'"})
        for name, (argument, written) in _functions(tinycss2.parse_component_value_list(value))
        if name == "url"
    ]


def _functions(nodes: Iterable[ast.Node]) -> Iterable[tuple[str, tuple[str, str]]]:
    for node in nodes:
        if isinstance(node, ast.URLToken):
            yield "url", (node.value, node.representation)
        elif isinstance(node, ast.FunctionBlock):
            strings = [inner.value for inner in node.arguments if isinstance(inner, ast.StringToken)]
            yield node.lower_name, (strings[0] if strings else "", node.serialize())
            yield from _functions(node.arguments)


@lru_cache(maxsize=1024)
def number_of(value: str, unit: str) -> float | None:
    """The number of a value that is one dimension in `unit` (`px`, `%`, or `` for a bare number), else None."""
    tokens = tinycss2.parse_component_value_list(value.strip())
    if len(tokens) != 1:
        return None
    token = tokens[0]
    if isinstance(token, ast.DimensionToken):
        return float(token.value) if token.lower_unit == unit else None
    if isinstance(token, ast.PercentageToken):
        return float(token.value) if unit == "%" else None
    if isinstance(token, ast.NumberToken):
        return float(token.value) if unit == "" or token.value == 0 else None
    return None


def colours_in(value: str) -> list[tuple[float, float, float, float]]:
    """Every colour that stands in a value, as red, green, blue (0 to 255) and alpha (0 to 1)."""
    found = []
    for node in tinycss2.parse_component_value_list(value):
        if isinstance(node, ast.HashToken) and len(node.value) in WITH_ALPHA:
            found += _with_alpha(node.value)
            continue
        colour = tinycss2.color3.parse_color(node)
        if colour is not None and colour != "currentColor":
            found.append((colour.red * 255, colour.green * 255, colour.blue * 255, float(colour.alpha)))
    return found


def _with_alpha(digits: str) -> list[tuple[float, float, float, float]]:
    """`#0003` and `#00000033`, which CSS has had since its fourth module of colours."""
    step = len(digits) // 4
    try:
        parts = [int(digits[at : at + step] * (3 - step), 16) for at in range(0, len(digits), step)]
    except ValueError:  # a hash that is no colour
        return []
    return [(parts[0], parts[1], parts[2], parts[3] / 255)]
