"""Themes: CSS files under `templates/wechat/`, with tokens that are resolved before anything is inlined.

A theme names its colours and sizes once, in `:root`, and says `var(--accent)` ever after; it may build on another
with `@import "plain.css"`, whose tokens it may give other values. WeChat knows no custom properties, so no `var()`
reaches an article. Line breaks are kept, so that a finding still names the right line of the right file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import tinycss2
from tinycss2 import ast

from kanfa.errors import RenderError
from kanfa.publication import Publication
from kanfa.templating import read_file
from kanfa.wechat.limits import LIMITS

FOLDER = "wechat/"
TOKENS = ":root"
"""Selector of the block that holds the tokens."""
DEEPEST = 16
"""Tokens or imports that may follow each other in a row."""
LONGEST = 1_000
"""Characters of a token's value, the tokens in it resolved: tokens that double each other would fill the memory."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of a theme, tokens resolved, every line in its place."""

    file: str
    css: str
    raw: str
    """The file as it is written."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it is inlined: its files, the imported ones first."""

    sheets: tuple[Sheet, ...]

    @property
    def css(self) -> str:
        """All of it as one style sheet."""
        return "\n".join(sheet.css for sheet in self.sheets)

    def tokens_used(self) -> dict[tuple[str, int, str], tuple[str, int]]:
        """File and line of the token behind each declaration (file, line, property) that takes its value from one."""
        defined: dict[str, tuple[str, int]] = {}
        used: dict[tuple[str, int, str], str] = {}
        for sheet in self.sheets:
            for rule in tinycss2.parse_stylesheet(sheet.raw, skip_comments=True, skip_whitespace=True):
                for node in declarations_of(rule):
                    if is_token_block(rule):
                        defined[node.name] = (sheet.file, node.source_line)
                    elif names := _names(node.value):
                        used[sheet.file, node.source_line, node.lower_name] = names[-1]
        return {place: defined[name] for place, name in used.items() if name in defined}


def declarations_of(rule: ast.Node) -> list[ast.Declaration]:
    """The declarations of a style rule; nothing of what cannot be read, and nothing for any other rule."""
    if not isinstance(rule, ast.QualifiedRule):
        return []
    nodes = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
    return [node for node in nodes if isinstance(node, ast.Declaration)]


def _names(value: Sequence[ast.Node]) -> list[str]:
    """Tokens that a value asks for."""
    calls = (part for part in value if isinstance(part, ast.FunctionBlock) and part.lower_name == "var")
    return [_split(call.arguments)[0] for call in calls]


def theme_file(name: str) -> str:
    """Name of a theme's file below `templates/`."""
    return f"{FOLDER}{name}.css"


def theme_css(publication: Publication) -> str:
    """The CSS of the publication's theme, imports read and tokens resolved.

    Raises RenderError when there is no such theme, or for a `var()` that names no token.
    """
    file = theme_file(publication.wechat.theme)
    return load(f"templates/{file}", read_file(publication, file), publication).css


def load(file: str, css: str, publication: Publication) -> Theme:
    """The theme that begins with the text `css` of `file` (how errors call it). Raises RenderError as `theme_css`."""
    texts: dict[str, str] = {}
    try:
        _gather(file, css, lambda name: read_file(publication, f"{FOLDER}{name}"), texts, ())
        return _theme(tuple(texts.items()))
    except RecursionError:  # the parser follows brackets as deep as they go
        raise RenderError(file, "brackets stand in each other too deep to be read") from None


@lru_cache(maxsize=16)
def _theme(texts: tuple[tuple[str, str], ...]) -> Theme:
    parsed = [(file, tinycss2.parse_stylesheet(css)) for file, css in texts]
    tokens = _Tokens({name: (file, value) for file, rules in parsed for name, value in tokens_of(rules).items()})
    written = ["".join(_written(rule, tokens, file) for rule in rules) for file, rules in parsed]
    return Theme(tuple(Sheet(file, css, raw) for (file, raw), css in zip(texts, written, strict=True)))


def _gather(file: str, css: str, read: Callable[[str], str], texts: dict[str, str], above: tuple[str, ...]) -> None:
    """Put the file and what it imports into `texts`, the imported first and each once."""
    for line, shown, name in _imports(css):
        imported = f"templates/{FOLDER}{name}"
        if not name or "/" in name:
            raise RenderError(f"{file}:{line}", f"@import {shown}: name another theme, as in “plain.css”")
        if imported in {*above, file}:
            raise RenderError(f"{file}:{line}", f"@import {shown} leads in a circle; take it out of one of the files")
        if len(above) >= DEEPEST:
            raise RenderError(f"{file}:{line}", f"@import {shown}: more than {DEEPEST} files in a row")
        if imported not in texts:
            _gather(imported, read(name), read, texts, (*above, file))
    texts.setdefault(file, css)
    if (length := sum(map(len, texts.values()))) > (most := LIMITS.theme.value):
        raise RenderError(f"{file}:1", f"the theme has {length:,} characters; at most {most:,} are read")


@lru_cache(maxsize=32)
def _imports(css: str) -> tuple[tuple[int, str, str], ...]:
    """Line, words and file name of each `@import`; the name is empty where the words are no single string."""
    rules = imports_of(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))
    return tuple((rule.source_line, tinycss2.serialize(rule.prelude).strip(), _imported(rule)) for rule in rules)


def imports_of(rules: Sequence[ast.Node]) -> Iterator[ast.AtRule]:
    """The `@import` rules of a parsed style sheet."""
    return (rule for rule in rules if isinstance(rule, ast.AtRule) and rule.lower_at_keyword == "import")


def _imported(rule: ast.AtRule) -> str:
    words = _trimmed(rule.prelude)
    return str(words[0].value) if len(words) == 1 and isinstance(words[0], ast.StringToken) else ""


def tokens_of(rules: Sequence[ast.Node]) -> dict[str, list[ast.Node]]:
    """The tokens of a parsed style sheet by name (with its dashes); of two with one name the later counts."""
    found: dict[str, list[ast.Node]] = {}
    for rule in rules:
        if is_token_block(rule):
            found |= {node.name: _trimmed(node.value) for node in declarations_of(rule) if node.name.startswith("--")}
    return found


def is_token_block(rule: ast.Node) -> bool:
    """Whether a rule is the block `:root { … }`."""
    return isinstance(rule, ast.QualifiedRule) and tinycss2.serialize(rule.prelude).strip() == TOKENS


class _Tokens:
    """The tokens of a theme, each resolved once and only when something asks for it."""

    def __init__(self, values: Mapping[str, tuple[str, list[ast.Node]]]) -> None:
        self._values = values
        """File and value as written, by name."""
        self._resolved: dict[str, list[ast.Node]] = {}

    def in_place(self, nodes: Sequence[ast.Node], file: str, above: tuple[str, ...] = ()) -> Iterator[ast.Node]:
        """The nodes of `file` with the value of its token for each `var()`; `above` names the tokens on the way."""
        for node in nodes:
            if not isinstance(node, ast.FunctionBlock):
                yield node
            elif node.lower_name != "var":
                arguments = list(self.in_place(node.arguments, file, above))
                yield ast.FunctionBlock(node.source_line, node.source_column, node.name, arguments)
            else:
                yield from self._value(node, file, above)

    def _value(self, node: ast.FunctionBlock, file: str, above: tuple[str, ...]) -> Sequence[ast.Node]:
        """What stands for one `var()`: its token, else what follows its comma."""
        name, fallback = _split(node.arguments)
        place = f"{file}:{node.source_line}"
        if name in above or len(above) >= DEEPEST:
            raise RenderError(place, f"var({name}) leads in a circle; give {name} a value of its own")
        if name in self._resolved:
            return self._resolved[name]
        if name in self._values:
            home, written = self._values[name]
            value = list(self.in_place(written, home, (*above, name)))
            if (length := len(tinycss2.serialize(value))) > LONGEST:
                raise RenderError(place, f"{name} has {length:,} characters; a value may have {LONGEST:,}")
            self._resolved[name] = value
            return value
        if fallback is None:
            raise RenderError(place, f"var({name}) names no token; add “{name}: …” to the block {TOKENS} of the theme")
        return list(self.in_place(fallback, file, above))


def _written(rule: ast.Node, tokens: _Tokens, file: str) -> str:
    if is_token_block(rule) or next(imports_of([rule]), None) is not None:
        return "\n" * str(rule.serialize()).count("\n")
    if not isinstance(rule, ast.QualifiedRule):
        return "" if isinstance(rule, ast.ParseError) else str(rule.serialize())
    prelude, content = rule.prelude, list(tokens.in_place(rule.content, file))
    return f"{tinycss2.serialize(prelude)}{{{tinycss2.serialize(content)}}}"


def _split(arguments: Sequence[ast.Node]) -> tuple[str, list[ast.Node] | None]:
    """Name and fall-back of a `var()`."""
    for at, node in enumerate(arguments):
        if node == ",":
            return tinycss2.serialize(arguments[:at]).strip(), _trimmed(arguments[at + 1 :])
    return tinycss2.serialize(arguments).strip(), None


def _trimmed(nodes: Sequence[ast.Node]) -> list[ast.Node]:
    kept = list(nodes)
    while kept and isinstance(kept[0], ast.WhitespaceToken):
        del kept[0]
    while kept and isinstance(kept[-1], ast.WhitespaceToken):
        del kept[-1]
    return kept
