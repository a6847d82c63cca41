"""Read-back: what a reader of the finished article can see, for the proof that nothing was lost."""

from __future__ import annotations

import json

from lxml.html import HtmlElement

from kanfa.formats import Artifact, Reading
from kanfa.issue.addresses import SCHEMES
from kanfa.issue.model import Issue
from kanfa.parity import substitutes
from kanfa.publication import Publication
from kanfa.wechat.addresses import split_or_none
from kanfa.wechat.draft import CONTENT_FILE, FIELDS_FILE
from kanfa.wechat.transforms.links import shows_something
from kanfa.wechat.tree import parse_fragment, texts


def read_back(artifact: Artifact, issue: Issue, _publication: Publication) -> tuple[Reading, ...]:
    """One reading of `wechat.html` with title and digest of `wechat.json` before it.

    Everything is read from the bytes; the issue only says which words its pictures have, because a
    substitute `[图：…]` cannot show where it ends when the words hold brackets themselves. `links` holds live
    links and every address that stands in full as a text of its own, in reading order.
    """
    fields = json.loads(artifact.files[FIELDS_FILE])
    body = parse_fragment(artifact.files[CONTENT_FILE].decode())
    pieces = [str(fields.get("title", "")), str(fields.get("digest", "")), *(text for _, text in texts(body))]
    pictures = picture_words(body, issue)
    return (Reading("wechat", "\n".join(pieces), tuple(addresses(body)), tuple(pictures), each_link=False),)


def addresses(body: HtmlElement) -> list[str]:
    """Live links that show something, and listed addresses, in reading order."""
    found: list[str] = []
    for element in body.iter():
        href = element.get("href") or "" if element.tag == "a" else ""
        if href and split_or_none(href) is not None and shows_something(element):
            found.append(href)
    found += [address for _, text in texts(body) if (address := as_address(_without_number(text)))]
    return found


def _without_number(text: str) -> str:
    """An entry of the list that has no title stands as `[3] https://…`."""
    number, bracket, rest = text.partition("] ")
    return rest if bracket and number.startswith("[") and number[1:].isdecimal() else text


def as_address(text: str) -> str:
    """The address that a text is, with `mailto:` before a bare mailbox; empty when it is anything else."""
    word = text.strip()
    if not word or any(char.isspace() for char in word):
        return ""
    parts = split_or_none(word)
    if parts is None:
        return ""
    if parts.scheme in SCHEMES and (parts.netloc or parts.path):
        return word
    mailbox, at, domain = word.partition("@")
    return f"mailto:{word}" if at and mailbox and "." in domain and "/" not in word else ""


def picture_words(body: HtmlElement, issue: Issue) -> list[str]:
    """Alt texts, the words of drawings, and the labels for which a substitute stands, in reading order."""
    found: list[str] = []

    def visit(element: HtmlElement) -> None:
        if element.tag in {"img", "svg"}:
            found.append(element.get("alt") or element.get("aria-label") or "")
        found.extend(substitutes(element.text or "", issue))
        for child in element:
            visit(child)
            found.extend(substitutes(child.tail or "", issue))

    visit(body)
    return found
