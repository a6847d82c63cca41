"""Read-back: what a reader of the finished article can see, for the proof that nothing was lost."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lxml.html import HtmlElement

from kanfa.formats import Artifact, Reading
from kanfa.issue.addresses import SCHEMES
from kanfa.issue.model import Issue
from kanfa.labels import labels_for
from kanfa.parity import substitutes
from kanfa.publication import Publication
from kanfa.wechat.addresses import split_or_none
from kanfa.wechat.draft import CONTENT_FILE, FIELDS_FILE, parts_in
from kanfa.wechat.parts import declared
from kanfa.wechat.transforms.links import shows_something
from kanfa.wechat.tree import parse_fragment, text_of, texts


def read_back(artifact: Artifact, issue: Issue, publication: Publication) -> tuple[Reading, ...]:
    """One reading of all articles with their titles and digests before them.

    Everything is read from the bytes; the issue only says which words its pictures have, because a
    substitute `[图：…]` cannot show where it ends when the words hold brackets themselves. `links` holds live
    links and every address that stands in full as a text of its own, in reading order. `shown` is the issue as an
    article that was cut says to show it; the parts of a split issue are read as one, notes behind all of the text.
    """
    drafts = parts_in(json.loads(artifact.files[FIELDS_FILE]))
    bodies = [parse_fragment(artifact.files[str(part.get("content", CONTENT_FILE))].decode()) for part in drafts]
    fields = [str(part.get(name, "")) for part in drafts for name in ("title", "digest")]
    links = tuple(address for body in bodies for address in addresses(body))
    pictures = tuple(words for body in bodies for words in picture_words(body, issue))
    label = labels_for(issue.language).notes if len(bodies) > 1 else ""
    running = [text for body in bodies for noted, text in _texts(body, label) if not noted]
    notes = [text for body in bodies for noted, text in _texts(body, label) if noted]
    source_url = str(drafts[0].get("content_source_url", ""))
    shown = declared("\n".join(running), source_url, issue, publication)
    text = "\n".join([*fields, *running, *notes])
    return (Reading("wechat", text, links, pictures, each_link=False, shown=shown),)


def _texts(body: HtmlElement, label: str) -> Iterator[tuple[bool, str]]:
    """Every text, with whether it stands in a list of notes: a section that opens with `label`."""
    noted = {
        inner
        for section in body.iter("section")
        if label and len(section) and not (section.text or "").strip() and text_of(section[0]) == label
        for inner in section.iter()
    }
    return ((element in noted, text) for element, text in texts(body))


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
