"""Check one artifact by every rule that needs no browser: family by family, each check a generator of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.wechat.checks.advice import ADVICE_CHECKS
from kanfa.wechat.checks.article import Article, open_articles
from kanfa.wechat.checks.css import CSS_CHECKS
from kanfa.wechat.checks.dark import DARK_CHECKS
from kanfa.wechat.checks.fields import FIELD_CHECKS, OF_THE_ISSUE
from kanfa.wechat.checks.links_images import LINK_IMAGE_CHECKS
from kanfa.wechat.checks.structure import STRUCTURE_CHECKS
from kanfa.wechat.checks.tables_text import TABLE_TEXT_CHECKS
from kanfa.wechat.draft import part_file
from kanfa.wechat.reading import read_back

CHECKS: tuple[Callable[[Article], Iterator[Finding]], ...] = (
    *STRUCTURE_CHECKS,
    *CSS_CHECKS,
    *LINK_IMAGE_CHECKS,
    *DARK_CHECKS,
    *FIELD_CHECKS,
    *ADVICE_CHECKS,
    *TABLE_TEXT_CHECKS,
)
"""Every check; each judges every element, because curing one fault must not reveal the next."""

OF_ONE_ARTICLE = tuple(family for family in CHECKS if family not in OF_THE_ISSUE)


def check(artifact: Artifact, issue: Issue, publication: Publication) -> tuple[Finding, ...]:
    """All findings about one artifact, article by article, in the order of the families; reads its bytes alone.

    An article that was cut is judged by what it says to show.
    """
    found: list[Finding] = []
    told: set[str] = set()
    (reading,) = read_back(artifact, issue, publication)
    for index, article in enumerate(open_articles(artifact, reading.shown or issue, publication)):
        shared = [one for family in OF_THE_ISSUE for one in family(article) if one.rule.id not in told]
        told |= {one.rule.id for one in shared}
        own = [*shared, *(one for family in OF_ONE_ARTICLE for one in family(article))]
        file = part_file(index)
        found += (
            [replace(one, element=f"{file}: {one.element}") if one.element else one for one in own] if index else own
        )
    return tuple(found)
