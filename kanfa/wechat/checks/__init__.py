"""Check one artifact by every rule that needs no browser: family by family, each check a generator of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.wechat.checks.advice import ADVICE_CHECKS
from kanfa.wechat.checks.article import Article, open_article
from kanfa.wechat.checks.css import CSS_CHECKS
from kanfa.wechat.checks.dark import DARK_CHECKS
from kanfa.wechat.checks.fields import FIELD_CHECKS
from kanfa.wechat.checks.links_images import LINK_IMAGE_CHECKS
from kanfa.wechat.checks.structure import STRUCTURE_CHECKS
from kanfa.wechat.checks.tables_text import TABLE_TEXT_CHECKS

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


def check(artifact: Artifact, issue: Issue, publication: Publication) -> tuple[Finding, ...]:
    """All findings about one artifact, in the order of the families; reads its bytes and nothing else."""
    article = open_article(artifact, issue, publication)
    return tuple(finding for family in CHECKS for finding in family(article))
