"""Read-back: what a reader of the finished article can see, for the proof that nothing was lost."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from kanfa.formats import Artifact, Reading
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.wechat.draft import CONTENT_FILE, FIELDS_FILE
from kanfa.wechat.tree import parse_fragment, texts

PICTURE_WORDS = "[图："
"""Opens the visible substitute of a picture; `]` closes it."""


def read_back(artifact: Artifact, _issue: Issue, _publication: Publication) -> tuple[Reading, ...]:
    """One reading of `wechat.html` with title and digest of `wechat.json` before it; needs nothing but the bytes.

    `links` holds live links and every address that stands in full as a text of its own, in reading order.
    """
    fields = json.loads(artifact.files[FIELDS_FILE])
    body = parse_fragment(artifact.files[CONTENT_FILE].decode())
    pieces = [str(fields.get("title", "")), str(fields.get("digest", "")), *(text for _, text in texts(body))]
    return (Reading("wechat", "\n".join(pieces), tuple(addresses(body)), tuple(picture_words(body)), each_link=False),)


def addresses(body: HtmlElement) -> list[str]:
    """Live links and listed addresses in reading order."""
    found: list[str] = []
    for element in body.iter():
        if element.tag == "a" and element.get("href"):
            found.append(str(element.get("href")))
    found += [address for _, text in texts(body) if (address := as_address(text))]
    return found


def as_address(text: str) -> str:
    """The address that a text is, with `mailto:` before a bare mailbox; empty when it is anything else."""
    word = text.strip()
    if not word or any(char.isspace() for char in word):
        return ""
    parts = urlsplit(word)
    if parts.scheme and (parts.netloc or parts.path):
        return word
    mailbox, at, domain = word.partition("@")
    return f"mailto:{word}" if at and mailbox and "." in domain and "/" not in word else ""


def picture_words(body: HtmlElement) -> list[str]:
    """Alt texts and substitutes in reading order."""
    found: list[str] = []

    def visit(element: HtmlElement) -> None:
        if element.tag == "img":
            found.append(element.get("alt") or "")
        found.extend(_substitutes(element.text))
        for child in element:
            visit(child)
            found.extend(_substitutes(child.tail))

    visit(body)
    return found


def _substitutes(text: str | None) -> list[str]:
    parts = (text or "").split(PICTURE_WORDS)[1:]
    return [part.rpartition("]")[0] if part.count("]") else part for part in parts]
