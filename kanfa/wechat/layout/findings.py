"""From an artifact to layout findings: each of its articles measured, each fault with its line of issue.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.wechat.checks.article import Article, open_articles
from kanfa.wechat.draft import part_file
from kanfa.wechat.layout.judging import Place, judged
from kanfa.wechat.layout.measuring import Element, measured, name_of

if TYPE_CHECKING:  # the browser is an optional extra
    from kanfa.browser import Browser

IMAGES = "images/"


def check_layout(artifact: Artifact, issue: Issue, publication: Publication, browser: Browser) -> tuple[Finding, ...]:
    """Every layout finding about every article of the draft; reads its bytes alone.

    Raises EnvironmentProblem when the browser fails, KeyError when the artifact lacks its files.
    """
    pictures = {name: data for name, data in artifact.files.items() if name.startswith(IMAGES)}
    found: list[Finding] = []
    for index, article in enumerate(open_articles(artifact, issue, publication)):
        own = judged(measured(article.html, pictures, browser), placing(article, pictures))
        file = part_file(index)
        found += [replace(one, element=f"{file}: {one.element}") if index else one for one in own]
    return tuple(found)


def placing(article: Article, pictures: Mapping[str, bytes]) -> Place:
    """How to find the line of issue.md of a measured element: by its picture, else by its text."""

    def line_of(element: Element) -> int:
        if element.picture:
            return article.line_of_image(name_of(element.picture, pictures), element.words)
        return article.line_of_text(element.text)

    return line_of
