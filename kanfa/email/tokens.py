"""The tokens of the mail: colours, sizes and spaces by name, and what a publication sets in their place.

`templates/email/tokens.toml` holds every token; the table it stands in is its kind. A publication's own file of
that name and `[email.tokens]` of its kanfa.toml, in this order, replace single values. Whatever is no token, or no
value of that kind, is refused before anything is rendered.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from kanfa.errors import Place, PublicationError, RenderError
from kanfa.publication import Publication
from kanfa.templating import builtin_folder, find_file, read_file

FORMAT = "email"
FILE: Final = "email/tokens.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the tokens of one table hold."""

    pattern: re.Pattern[str]
    least: float
    """Least number in the value, px or times the size of the letters; 0 where values are no numbers."""
    most: float
    cure: str
    """What to write, for people."""

    def holds(self, value: str) -> bool:
        """Whether `value` is one of this kind, bounds included."""
        if not self.pattern.fullmatch(value):
            return False
        return not self.most or self.least <= float(value.removesuffix("px")) <= self.most


_COLOUR: Final = Kind(re.compile(r"#[0-9a-fA-F]{6}"), 0, 0, "write # and six hex digits, such as #1f2a5a")
_FAMILY: Final = r"(?:'[A-Za-z0-9][A-Za-z0-9 _-]*'|-?[A-Za-z][A-Za-z0-9_-]*)"
_SAFE_FONTS: Final = re.compile(rf"(?:{_FAMILY}, ?)*(?:sans-serif|serif|monospace)")

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "colours": _COLOUR,
        "night": _COLOUR,
        "masthead": _COLOUR,
        # 12 px: limits.TEXT_MIN_PX
        "sizes": Kind(re.compile(r"[0-9]{2}px"), 12, 48, "write whole px from 12px to 48px; mail programs know no rem"),
        # 32 px: limits.CONTENT_WIDTH leaves as much at either side
        "spaces": Kind(
            re.compile(r"[0-9]{1,2}px"), 0, 32, "write whole px from 0px to 32px; mail programs know no rem"
        ),
        "lines": Kind(re.compile(r"[0-9](\.[0-9]{1,2})?"), 1.2, 2.2, "write a number from 1.2 to 2.2 without a unit"),
        "fonts": Kind(
            _SAFE_FONTS, 0, 0, "end the list in sans-serif, serif or monospace, and put names with spaces in '…'"
        ),
    }
)
"""Kinds of tokens by their tables. Why px: Outlook for Windows knows neither rem nor vw (caniemail.com)."""

Tokens = Mapping[str, str]
"""Values by name."""


def tokens_of(publication: Publication) -> Tokens:
    """Every token with the value it has in this publication.

    Raises RenderError for a fault of tokens.toml and PublicationError, with the line of kanfa.toml, for one of
    `[email.tokens]`.
    """
    built_in = _tables((builtin_folder() / FILE).read_text(encoding="utf-8"))
    kinds = {name: table for table, values in built_in.items() for name in values}
    values = {name: value for table in built_in.values() for name, value in table.items()}
    if find_file(publication, FILE) != (builtin_folder() / FILE).resolve():
        for table in _tables(read_file(publication, FILE)).values():
            for name, value in table.items():
                if fault := _fault(name, value, kinds):
                    raise RenderError(FORMAT, f"templates/{FILE}: {fault}")
                values[name] = value
    for name, value in publication.email.tokens.items():
        if fault := _fault(name, value, kinds):
            raise PublicationError(f"[email.tokens] {fault}", _place(publication, name))
        values[name] = value
    return values


def _fault(name: str, value: object, kinds: Mapping[str, str]) -> str:
    """What is wrong with a token and how to cure it; empty when nothing is."""
    if name not in kinds:
        near = get_close_matches(name, kinds, 1, 0.6)
        meant = f"; {near[0]} was meant?" if near else ""
        return f"{name}: no token has this name{meant} All names stand in templates/{FILE}"
    kind = KINDS[kinds[name]]
    if isinstance(value, str) and kind.holds(value):
        return ""
    return f"{name} = “{value}” is not allowed: {kind.cure}"


@lru_cache(maxsize=8)
def _tables(source: str) -> Mapping[str, Mapping[str, Any]]:
    """The tables of a tokens.toml. Raises RenderError when it is none or holds anything but the known tables."""
    try:
        tables = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise RenderError(FORMAT, f"templates/{FILE}: {error}") from None
    for name, table in tables.items():
        if name not in KINDS or not isinstance(table, dict):
            raise RenderError(FORMAT, f"templates/{FILE}: [{name}] is none of the tables {', '.join(KINDS)}")
    return tables


def _place(publication: Publication, name: str) -> Place:
    """The line of kanfa.toml that sets the token; line 1 where the publication was made without a file."""
    if publication.root is None:
        return Place("kanfa.toml", 1)
    path = publication.root / "kanfa.toml"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        key = line.partition("=")[0].strip().rpartition(".")[2]
        if "=" in line and key.strip("\"' ") == name:
            return Place(str(path), number, line)
    return Place(str(path), 1)


def resolved(css: str, tokens: Tokens, file: str) -> str:
    """`css` with the value of each token in place of its `var(--name)`: no mail program but Apple's knows variables.

    `file` names the style sheet in errors (`email/theme.css`). Raises RenderError, with the line, for any other
    `var()` and for names that are no tokens.
    """
    first, *rest = css.split("var(")
    pieces = [first]
    for piece in rest:
        name, closed, after = piece.partition(")")
        if not closed or not name.startswith("--") or name[2:] not in tokens:
            line = "var(".join(pieces).count("\n") + 1
            near = get_close_matches(name[2:], tokens, 1, 0.6)
            meant = f"; var(--{near[0]}) was meant?" if near else f"; the names stand in templates/{FILE}"
            raise RenderError(FORMAT, f"templates/{file}, line {line}: var({name}) is no token{meant}")
        pieces.append(tokens[name[2:]] + after)
    return "".join(pieces)
