"""The article as the checks see it: finished bytes, parsed twice, and the way back to lines of issue.md."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from kanfa.formats import Artifact
from kanfa.issue.model import Code, CodeBlock, Image, Issue, Table, Text
from kanfa.publication import Publication
from kanfa.wechat.draft import CONTENT_FILE, FIELDS_FILE, parts_in
from kanfa.wechat.tree import parse_fragment

RAW_AMPERSAND = "\ue000"
"""Stands for `&` in the raw tree: HTML parsers decode entities in attributes, WeChat's filter does not."""


@dataclass(frozen=True, slots=True)
class Article:
    """One artifact, read for checking."""

    html: str
    body: HtmlElement
    raw: HtmlElement
    """The same tree with RAW_AMPERSAND for every `&`: attribute values as they were written."""
    fields: dict[str, Any]
    artifact: Artifact
    issue: Issue
    publication: Publication
    before: tuple[HtmlElement, ...] = ()
    """Bodies of the draft's articles before this one, for an issue that was split."""
    is_last: bool = True
    """Whether no further article follows."""

    def elements(self, *tags: str) -> Iterator[HtmlElement]:
        """Every element in document order, those that a parser moves to `head` included."""
        page = self.body.getroottree().getroot()
        for element in page.iter(*tags):
            if isinstance(element.tag, str) and element.tag not in {"html", "head", "body"}:
                yield element

    def line_of_href(self, href: str) -> int:
        """Line of the first link to this address, or 1."""
        return next((link.line for link in self.issue.links() if link.href == href), 1)

    def line_of_image(self, src: str, alt: str) -> int:
        """Line of the picture that is staged as `src`, else of one with these words, or 1."""
        image = self._image(src)
        if image is not None:
            return image.line
        return next((node.line for node in self.issue.pictured() if alt and node.label == alt), 1)

    def spelling_of_image(self, src: str) -> str:
        """How the text names the picture that is staged as `src`; empty when none is known."""
        image = self._image(src)
        return image.src if image is not None else ""

    def _image(self, src: str) -> Image | None:
        stem = src.removeprefix("images/").removeprefix("wechat-").split(".")[0]
        for image in self.issue.images():
            asset = self.issue.asset(image.src)
            if asset is not None and stem == asset.name.split(".")[0]:
                return image
        return None

    def line_of_text(self, text: str) -> int:
        """Line of the longest text of the issue that stands in `text` (the first of several), or 1."""
        folded, longest, line = "".join(text.split()), 0, 1
        for node in self.issue.walk():
            if isinstance(node, Text | Code | CodeBlock):
                own = "".join(node.text.split())
                if len(own) > longest and own in folded:
                    longest, line = len(own), node.line
        return line

    def line_of_table(self, index: int) -> int:
        """Line of the table with this 0-based index in the article, or 1."""
        earlier = sum(1 for body in self.before for table in body.iter("table") if not is_nested(table))
        lines = [node.line for node in self.issue.walk() if isinstance(node, Table)]
        return lines[earlier + index] if earlier + index < len(lines) else 1


def is_nested(table: HtmlElement) -> bool:
    """Whether a table stands in another one."""
    return next(table.iterancestors("table"), None) is not None


def open_articles(artifact: Artifact, issue: Issue, publication: Publication) -> list[Article]:
    """Parse the artifact's articles. Raises KeyError when it lacks its files: no finding but a broken renderer."""
    drafts = parts_in(json.loads(artifact.files[FIELDS_FILE]))
    opened: list[Article] = []
    for index, fields in enumerate(drafts):
        html = artifact.files[str(fields.get("content", CONTENT_FILE))].decode()
        opened.append(
            Article(
                html=html,
                body=parse_fragment(html),
                raw=parse_fragment(html.replace("&", RAW_AMPERSAND)),
                fields=dict(fields),
                artifact=artifact,
                issue=issue,
                publication=publication,
                before=tuple(article.body for article in opened),
                is_last=index + 1 == len(drafts),
            )
        )
    return opened
