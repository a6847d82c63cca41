"""What a finished mail can do without: every byte counts against Gmail's cut, and styles are most of a mail.

1. rules of the head whose classes or elements the mail does not have
2. classes that neither a rule of the head nor a check asks for
3. declarations that repeat what an element inherits, and second spellings of the same value
4. the seam between two conditional comments that follow each other at once

Only what changes nothing that a reader sees, in any mail program, with or without style blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import tinycss2
from lxml import etree

from kanfa.email.dom import Element, names
from kanfa.email.mjml import fault
from kanfa.email.theme import Theme, parsed, style_of
from kanfa.publication import Publication

MARKS: Final = names(
    "preheader chrome cover copy card pad page data math missing-image continue continue-button scroll upright"
)
"""Classes that checks, the parity reading, the way a mail is cut and the rules for Outlook read; no rule of the theme
need name them."""

INHERITED: Final = ("color", "font-family", "font-size", "text-align")
"""Properties that elements take from the element round them, each by itself."""

LINE: Final = ("line-height", "mso-line-height-rule")
"""Two properties that say one thing: left out together or not at all."""

PLAIN: Final = names("div p li ul ol span")
"""Elements for which mail programs have no colour, font, size or line height of their own."""

OPENING, CLOSING = "[if mso | IE]>", "<![endif]"
"""Ends of the comments in which the engine hides the tables for Outlook."""

Known = Mapping[str, str]


def lean(root: Element, theme: Theme) -> None:
    """Take out of the document what changes nothing. The light rules must be in the elements already."""
    used = {f".{name}" for element in root.iter(etree.Element) for name in names(element.get("class") or "")}
    used |= {element.tag for element in root.iter(etree.Element)}
    for style in root.iter("style"):
        if style.text in {theme.media, theme.risky}:
            style.text = pruned(style.text, frozenset(used))
    kept = MARKS | {name for style in root.iter("style") for name in class_names(style.text or "")}
    for element in root.iter(etree.Element):
        if element.get("class") is not None:
            own = [name for name in element.get("class").split() if name in kept or name.startswith("mj-")]
            if own:
                element.set("class", " ".join(own))
            else:
                del element.attrib["class"]
    for style in [style for style in root.iter("style") if not (style.text or "").strip()]:
        style.getparent().remove(style)
    _shorten(root, {}, {})
    _join_comments(root)


def require_known_classes(root: Element, theme: Theme, mjml: str, publication: Publication) -> None:
    """Raises RenderError, with file and line, for a class in the MJML that neither the theme nor a check knows."""
    known = MARKS | class_names(theme.light) | class_names(theme.media) | class_names(theme.risky)
    for element in root.iter(etree.Element):
        for name in (*(element.get("class") or "").split(), *(element.get("css-class") or "").split()):
            if name not in known:
                near = get_close_matches(name, known, 1, 0.7)
                cure = f"write {near[0]}" if near else "add a rule for it to theme.css, or leave the class out"
                message = f"theme.css has no rule for the class “{name}”"
                needle = f'"{element.get("class") or element.get("css-class")}"'
                raise fault(message, mjml, element.sourceline or 1, cure=cure, needle=needle, publication=publication)


@lru_cache(maxsize=64)
def class_names(css: str) -> frozenset[str]:
    """The classes that the selectors of a style sheet name, those within at-rules too."""
    return frozenset(name for rule in _qualified(parsed(css)) for name in _classes(rule.prelude))


def _qualified(rules: Iterable[Any]) -> Iterator[Any]:
    for rule in rules:
        if rule.type == "qualified-rule":
            yield rule
        elif rule.type == "at-rule" and rule.content is not None:
            yield from _qualified(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))


def _classes(prelude: list[Any]) -> Iterator[str]:
    for dot, word in pairwise(prelude):
        if dot.type == "literal" and dot.value == "." and word.type == "ident":
            yield word.value


@lru_cache(maxsize=64)
def pruned(css: str, used: frozenset[str]) -> str:
    """The style sheet without selectors that name anything outside `used` (`.class`, `element`) or rules left empty."""
    return "\n".join(_pruned(parsed(css), used))


def _pruned(rules: Iterable[Any], used: frozenset[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [part for part in _selectors(rule.prelude) if used.issuperset(_asked_for(part))]
            if selectors:
                shown = ",".join(tinycss2.serialize(part).strip() for part in selectors)
                yield f"{shown}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            text = "\n".join(_pruned(inner, used))
            if text:
                yield f"@media {tinycss2.serialize(rule.prelude).strip()}{{{text}}}"
        else:
            yield tinycss2.serialize([rule])


def _asked_for(selector: list[Any]) -> Iterator[str]:
    """The `.class`es and elements that a selector names; `:root` and `[data-ogsc]` are neither."""
    before = ""
    for token in selector:
        if token.type == "ident" and before in {"", "."}:
            yield f"{before}{token.value}"
        before = token.value if token.type == "literal" else ""


def _selectors(prelude: list[Any]) -> list[list[Any]]:
    """The selectors of a rule, cut at the commas between them."""
    found: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _shorten(element: Element, known: Known, read: dict[str, dict[str, str]]) -> None:
    """Leave out of each style what the element inherits. Tables inherit no sizes where a webmail drops the doctype."""
    pending: list[tuple[Element, Known]] = [(element, known)]
    while pending:
        node, above = pending.pop()
        if not isinstance(node.tag, str):
            continue
        if node.tag == "table":
            above = {}
        text = node.get("style")
        if text:
            style = read.setdefault(text, declared(text)) if text not in read else read[text]
            own = {name: value for name, value in style.items() if not _repeats(node.tag, name, style, above)}
            if own:
                node.set("style", ";".join(f"{name}:{value}" for name, value in own.items()))
            else:
                del node.attrib["style"]
            above = {**above, **{name: style[name] for name in (*INHERITED, *LINE) if name in style}}
        pending.extend((child, above) for child in node)


def _repeats(tag: str, name: str, style: Known, above: Known) -> bool:
    if tag not in PLAIN:
        return False
    if name in LINE:
        # a number follows the size of the letters; px and “exactly” go together
        return all(style.get(one) == above.get(one) for one in LINE)
    return name in INHERITED and above.get(name) == style[name]


def declared(text: str) -> dict[str, str]:
    """The declarations of a `style` attribute in their shortest form: zero without a unit, ' for "."""
    style: dict[str, str] = {}
    for name, value, important in style_of(text):
        shown = value.replace('"', "'").replace(", ", ",") if name == "font-family" else value
        words = ["0" if word == "0px" else word for word in shown.split(" ")]
        style[name] = " ".join(words) + ("!important" if important else "")
    return style


def _join_comments(root: Element) -> None:
    """Two `[if mso | IE]` comments without anything between them as one, as the reference engine writes them."""
    for comment in list(root.iter(etree.Comment)):
        before = comment.getprevious()
        if before is None or before.tag is not etree.Comment or before.tail:
            continue
        first, second = before.text or "", comment.text or ""
        if first.startswith(OPENING) and first.endswith(CLOSING) and second.startswith(OPENING):
            comment.text = first.removesuffix(CLOSING) + second.removeprefix(OPENING)
            before.getparent().remove(before)
