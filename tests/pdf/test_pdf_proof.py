"""The proof that the PDF says what the issue says: all of it, and nothing else; in real issues as in our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kanfa import pipeline
from kanfa.findings import Severity
from kanfa.formats import Artifact
from kanfa.issue.editions import edition
from kanfa.issue.model import Issue
from kanfa.parity import compare, fold_address
from kanfa.pdf import FORMAT
from kanfa.pdf.check_additions import check_additions
from kanfa.pdf.check_links import check_bookmarks, check_places, is_heading
from kanfa.pdf.check_structure import check_structure
from kanfa.pdf.checks import Edition, check, edition_of
from kanfa.pdf.outline import headings
from kanfa.pdf.tags import CONTENT, within
from kanfa.placing import fold
from kanfa.publication import Publication, find_publication

OURS = ("000-specimen", "009")
VARIANTS = [("A4", "screen"), ("A4", "print"), ("Letter", "print"), ("phone", "screen")]


@dataclass(frozen=True, slots=True)
class Case:
    """One issue and its finished edition."""

    issue: Issue
    artifact: Artifact
    publication: Publication

    def taken_apart(self) -> Edition:
        return edition_of(self.artifact, self.issue, self.publication)


def rendered(path: Path, publication: Publication) -> Case:
    issue = edition(pipeline.read(path, publication).issue, "pdf")
    return Case(issue, FORMAT.render(issue, publication), publication)


@pytest.fixture(scope="module", params=[(name, *variant) for name in OURS for variant in VARIANTS], ids=str)
def ours(request: pytest.FixtureRequest, root: Path) -> Case:
    """Our own issues on every page size, for screen and paper."""
    name, size, medium = request.param
    found = find_publication(root / "content")
    assert found is not None
    publication = found.model_copy(update={"pdf": found.pdf.model_copy(update={"page_size": size, "medium": medium})})
    return rendered(root / "content" / "issues" / name / "issue.md", publication)


def equal(case: Case) -> None:
    """Text, links, bookmarks and tags of the file are those of the issue."""
    (reading,) = FORMAT.read_back(case.artifact, case.issue, case.publication)
    assert compare(case.issue, reading) == []
    apart = case.taken_apart()
    for one in (check_additions, check_bookmarks, check_places, check_structure):
        assert [finding.message for finding in one(apart)] == []
    assert set(addresses(apart)) >= {fold_address(link.href) for link in case.issue.links() if is_whole(link.href)}
    assert [(mark.title, mark.page) for mark in apart.parts.bookmarks] == list(headed(apart))


def is_whole(href: str) -> bool:
    return urlsplit(href).scheme in {"http", "https", "mailto", "tel"}


def addresses(apart: Edition) -> Iterator[str]:
    """The address of each link annotation; those of one link over several lines once."""
    for address, group in groupby(apart.parts.links, key=lambda link: link.uri):
        assert all(link.box[2] > link.box[0] and link.box[3] > link.box[1] for link in group)
        if address:
            yield fold_address(address)


def headed(apart: Edition) -> Iterator[tuple[str, int]]:
    """Title and page of each heading, the page being where its words are painted."""
    painted = {(mark.page, mark.content) for mark in apart.marks if mark.text.strip()}
    tags = [(at, tag) for at, tag in enumerate(apart.parts.tags) if is_heading(tag)]
    for heading, (at, tag) in zip(headings(apart.issue, apart.labels), tags, strict=False):
        leaves = [leaf for leaf in within(apart.parts.tags, at) if leaf.name == CONTENT]
        assert {(leaf.page, leaf.content) for leaf in leaves} & painted or not fold(heading.title)
        yield heading.title, tag.page


def test_our_own_issues_are_equal_to_their_editions(ours: Case) -> None:
    equal(ours)


def test_our_own_issues_break_no_rule(ours: Case) -> None:
    """The clean case of all rules at once, in every look that can be chosen."""
    assert [(finding.rule.id, finding.message) for finding in check(*parts_of(ours))] == []


def parts_of(case: Case) -> tuple[Artifact, Issue, Publication]:
    return case.artifact, case.issue, case.publication


def test_real_issues_are_equal_to_their_editions(corpus: list[Path]) -> None:
    """Without a rule of ours in mind when they were written."""
    publication = Publication(name="周刊", url="https://weekly.example.org")
    for path in corpus:
        case = rendered(path, publication)
        equal(case)
        found = check(*parts_of(case))
        assert [finding.message for finding in found if finding.severity is Severity.ERROR] == []
