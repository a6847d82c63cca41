"""What a reader gets from the finished mail, read back from its bytes for the parity check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kanfa.email.check_links import CHROME
from kanfa.email.cutting import CONTINUE, declared, declared_in_text
from kanfa.email.dom import Element, classes, in_class, names, parse_html
from kanfa.email.mail import HIDDEN
from kanfa.email.writer import MISSING
from kanfa.formats import Artifact, Reading
from kanfa.issue.model import Issue
from kanfa.parity import substitutes
from kanfa.placing import fold
from kanfa.publication import Publication
from kanfa.text import CALLOUT_MARK, QUOTE_MARK, image_words

COVER: Final = "cover"
UNREAD: Final = frozenset({"style", "script", "svg", "title"})
ADDRESS: Final = re.compile(r"^\[\d+\] <([^\n]*)>$|<((?:https?|mailto|tel):[^\s<>]*)>", re.MULTILINE | re.IGNORECASE)
"""What the text part writes: a line of its list of references, or an address in angle brackets."""


def read_back(artifact: Artifact, issue: Issue, publication: Publication) -> Iterator[Reading]:
    """The reading of `email.html`, of `email.txt` and of `web.html`.

    Links of the template (web version, contents, archive, pager, preferences, unsubscribe) and the cover are left
    out; the words of a picture that could not be shown are those of its substitute.
    """
    for page in _page("email", artifact.files["email.html"], issue):
        yield replace(page, shown=_declared(artifact.files["email.html"], issue, publication))
    text = artifact.files["email.txt"].decode()
    unmarked = text.replace(QUOTE_MARK, "").replace(CALLOUT_MARK, "")
    images = tuple(substitutes(_as_in_the_tree(unmarked, issue), issue))
    links = tuple(_addresses(text))
    shown = declared_in_text(text, issue, publication)
    yield Reading("text", unmarked, links, images, each_link=False, shown=shown)
    yield from _page("web", artifact.files["web.html"], issue)


def _as_in_the_tree(text: str, issue: Issue) -> str:
    """The text with the substitutes of pictures as the tree words them; only issues that are not Chinese differ."""
    images = {fold(image_words(image, issue.language)): fold(image.words) for image in issue.images()}
    flat = fold(text)
    for words in sorted(images, key=len, reverse=True):
        flat = flat.replace(words, images[words])
    return flat


def _declared(page: bytes, issue: Issue, publication: Publication) -> Issue | None:
    """The part of the issue that the page's own words about the rest say it holds; None: all of it."""
    for element in parse_html(page.decode()).iter():
        if isinstance(element.tag, str) and CONTINUE in classes(element):
            links = [link.get("href", "") for link in element.iter("a")]
            return declared(visible_text(element), links, issue, publication)
    return None


def _page(output: str, data: bytes, issue: Issue) -> Iterator[Reading]:
    body = parse_html(data.decode()).find("body")
    if body is not None:
        yield Reading(output, visible_text(body), tuple(_links(body)), tuple(_images(body, issue)))


def visible_text(body: Element) -> str:
    """All text in document order but hidden preview and comments; blocks and breaks are kept apart by white space."""
    pieces: list[str] = []
    _collect(body, pieces)
    return "".join(pieces)


BLOCKS: Final = names("p div td th tr li h1 h2 h3 h4 h5 h6 pre br hr caption figcaption dt dd table ul ol")


def _collect(node: Element, pieces: list[str]) -> None:
    # an explicit stack: the tree is deep, and tails come after their element
    stack: list[tuple[Element, bool]] = [(node, False)]
    while stack:
        element, closing = stack.pop()
        if closing:
            pieces.append("\n" if element.tag in BLOCKS else "")
        elif isinstance(element.tag, str) and element.tag not in UNREAD and HIDDEN not in classes(element):
            pieces.append(element.text or "")
            stack.append((element, True))
            for child in reversed(element):
                stack.append((child, False))
            continue
        if element is not node:
            pieces.append(element.tail or "")


def _links(body: Element) -> Iterator[str]:
    for link in body.iter("a"):
        href = link.get("href", "")
        if href and CHROME not in classes(link) and not href.startswith("#"):
            yield href


def _images(body: Element, issue: Issue) -> Iterator[str]:
    for element in body.iter():
        if element.tag == "img" and not in_class(element, COVER):
            yield element.get("alt", "")
        elif element.tag == "svg" and element.get("role") == "img":
            yield element.get("aria-label", "")
        elif isinstance(element.tag, str) and MISSING in classes(element):
            yield from substitutes("".join(element.itertext()), issue)


def _addresses(text: str) -> Iterator[str]:
    """The addresses in angle brackets, in order; an author's own `a < b` is none."""
    return (match[1] if match[1] is not None else match[2] for match in ADDRESS.finditer(text))
