"""Fixtures of the PDF tests: the full sample is rendered once for all of them."""

from __future__ import annotations

import pytest
from pdf_samples import PUBLICATION, full_issue

from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.pdf import FORMAT
from kanfa.pdf.anatomy import Anatomy, dissect
from kanfa.pdf.checks import Edition, edition_of


@pytest.fixture(scope="session")
def issue() -> Issue:
    """The sample with every node kind."""
    return full_issue()


@pytest.fixture(scope="session")
def artifact(issue: Issue) -> Artifact:
    """The sample's finished edition."""
    return FORMAT.render(issue, PUBLICATION)


@pytest.fixture(scope="session")
def data(artifact: Artifact) -> bytes:
    """The bytes of the sample's edition."""
    return artifact.files["issue.pdf"]


@pytest.fixture(scope="session")
def parts(data: bytes) -> Anatomy:
    """What stands in the sample's edition."""
    return dissect(data)


@pytest.fixture(scope="session")
def edition(artifact: Artifact, issue: Issue) -> Edition:
    """The sample as the checks see it."""
    return edition_of(artifact, issue, PUBLICATION)
