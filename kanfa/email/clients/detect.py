"""Which features a finished mail uses: an index from keys such as `property float` to their uses.

Kinds of keys: `property`, `value` (property and word), `word`, `function`, `unit`, `at`, `media`, `pseudo`,
`selector`, `comment`, `nesting`, `tag`, `attribute`, `input` (tag with a telling attribute), `link`, `image`.
HTML is parsed once, by `Mail`; CSS by tinycss2, each different text once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

import tinycss2

from kanfa.email.baseline import hides_itself
from kanfa.email.dom import Element, classes
from kanfa.email.mail import HIDDEN, Mail

COMBINATORS: Final = {">": "child", "+": "adjacent-sibling", "~": "general-sibling"}
CHAINABLE: Final = frozenset({"selector class", "selector id"})
BRACKETS: Final = frozenset({"() block", "[] block", "{} block", "function"})
TELLING: Final = {"input": "type", "button": "type", "meta": "name"}
"""The attribute that says what kind of element this is."""


@dataclass(slots=True)
class Use:
    """How often a key occurs, and where first."""

    count: int = 0
    element: Element | None = None
    """The first element whose tag, attribute or `style` holds it; None when only style blocks do."""
    block: int = 0
    """1-based number of the first style block that holds it; 0 for none."""


def uses(mail: Mail) -> dict[str, Use]:
    """Every key of the mail with its uses."""
    found: dict[str, Use] = {}
    styled: dict[tuple[str, bool], tuple[Element, int]] = {}
    for element in mail.elements:
        for key in _of_element(element):
            _add(found, key, 1, element)
        text = element.get("style")
        if text:
            kind = (text, element.tag == "pre" or HIDDEN in classes(element))
            first, count = styled.get(kind, (element, 0))
            styled[kind] = (first, count + 1)
    for (text, special), (element, count) in styled.items():
        for key, times in of_style(text).items():
            if not special or not hides_itself(element, key.split()[1]):
                _add(found, key, count * times, element)
    for number, sheet in enumerate(mail.sheets, 1):
        for key, times in of_sheet(sheet).items():
            _add(found, key, times, None, number)
    return found


def _add(found: dict[str, Use], key: str, count: int, element: Element | None, block: int = 0) -> None:
    use = found.setdefault(key, Use())
    use.count += count
    if use.element is None:
        use.element = element
    use.block = use.block or block


def _of_element(element: Element) -> Iterator[str]:
    tag = element.tag
    yield f"tag {tag}"
    for name in element.attrib:
        yield f"attribute {name}"
    if tag in TELLING and TELLING[tag] in element.attrib:
        name = TELLING[tag]
        yield f'input {tag} {name}="{element.get(name).lower()}"'
    if tag == "a":
        href = element.get("href") or ""
        if href.startswith("#"):
            yield "link fragment"
        elif href[:7].lower() == "mailto:":
            yield "link mailto"
    elif tag == "img":
        src = element.get("src") or ""
        if src.startswith("data:"):
            yield "image base64"
        else:
            yield f"image {_suffix(src)}"


@lru_cache(maxsize=1024)
def _suffix(src: str) -> str:
    """The ending of an address's path without its dot, in small letters."""
    try:
        return PurePosixPath(urlsplit(src).path).suffix.lower().removeprefix(".")
    except ValueError:  # an address that cannot be taken apart is another rule's finding
        return ""


@lru_cache(maxsize=1024)
def of_style(text: str) -> Counter[str]:
    """The keys of a `style` attribute; callers must not change the result."""
    return Counter(_of_declarations(tinycss2.parse_blocks_contents(text)))


@lru_cache(maxsize=16)
def of_sheet(text: str) -> Counter[str]:
    """The keys of a style sheet; callers must not change the result."""
    return Counter(_of_rules(tinycss2.parse_stylesheet(text)))


def _of_declarations(parts: Iterable[Any]) -> Iterator[str]:
    for part in parts:
        if part.type == "declaration":
            name = part.lower_name
            yield "property --" if name.startswith("--") else f"property {name}"
            words = []
            for kind, word in _of_tokens(part.value):
                yield f"{kind} {word}"
                words.append(word)
            if len(words) == 1:
                yield f"value {name} {words[0]}"
            if part.important:
                yield "word !important"
        elif part.type == "comment":
            yield "comment css"
        elif part.type in {"qualified-rule", "at-rule"}:
            yield "nesting css"


def _of_tokens(tokens: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Kind and name of each word, unit and function of a value, those within brackets too."""
    for token in tokens:
        if token.type == "ident":
            yield "word", token.lower_value
        elif token.type == "dimension":
            yield "unit", token.lower_unit
        elif token.type == "percentage":
            yield "unit", "%"
        elif token.type == "function":
            yield "function", token.lower_name
            yield from _of_tokens(token.arguments)
        elif token.type in BRACKETS:
            yield from _of_tokens(token.content)


def _of_rules(rules: Iterable[Any]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "comment":
            yield "comment css"
        elif rule.type == "qualified-rule":
            yield from _of_selectors(rule.prelude)
            yield from _of_declarations(tinycss2.parse_blocks_contents(rule.content))
        elif rule.type == "at-rule":
            name = rule.lower_at_keyword
            yield f"at {name}"
            if name == "media":
                yield from (f"media {word}" for kind, word in _in_brackets(rule.prelude) if kind == "word")
            if rule.content is not None and name in {"media", "supports", "layer", "container"}:
                yield from _of_rules(tinycss2.parse_rule_list(rule.content))
            elif rule.content is not None and name == "font-face":
                yield from _of_declarations(tinycss2.parse_blocks_contents(rule.content))


def _in_brackets(tokens: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """The features a media query asks for: the first word of each pair of round brackets."""
    for token in tokens:
        if token.type == "() block":
            yield from list(_of_tokens(token.content))[:1]


def _of_selectors(prelude: list[Any]) -> Iterator[str]:
    """What a list of selectors is made of."""
    selector: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield "selector grouping"
            yield from _of_selector(selector)
            selector = []
        else:
            selector.append(token)
    yield from _of_selector(selector)


def _of_selector(tokens: list[Any]) -> Iterator[str]:
    before, before_kind, gap, simple = "", "", False, False
    for token in _trimmed(tokens):
        kind, before = _simple(token, before)
        if token.type == "whitespace":
            gap = True
        elif token.type == "literal" and token.value in COMBINATORS:
            yield f"selector {COMBINATORS[token.value]}"
            before_kind, gap, simple = "", False, False
        elif kind:
            if gap and simple:
                yield "selector descendant"
            if gap:
                before_kind = ""
            gap = False
            yield kind
            if kind in CHAINABLE and before_kind in CHAINABLE:
                yield "selector chaining"
            before_kind, simple = kind, True


def _trimmed(tokens: list[Any]) -> list[Any]:
    kept = [token for token in tokens if token.type != "comment"]
    while kept and kept[-1].type == "whitespace":
        kept.pop()
    while kept and kept[0].type == "whitespace":
        kept.pop(0)
    return kept


def _simple(token: Any, before: str) -> tuple[str, str]:
    """The key that a token completes, after the mark `before` (`.` or `:`); and the mark for the next one."""
    if token.type == "literal" and token.value in {".", ":"}:
        return "", token.value
    if token.type == "literal" and token.value == "*":
        return "selector universal", ""
    if token.type == "hash":
        return "selector id", ""
    if token.type == "[] block":
        return "selector attribute", ""
    if token.type == "ident":
        key = {".": "selector class", ":": f"pseudo {token.lower_value}"}.get(before, "selector type")
        return key, ""
    if token.type == "function" and before == ":":
        return f"pseudo {token.lower_name}", ""
    return "", ""
