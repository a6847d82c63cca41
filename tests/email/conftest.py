"""The issue, its publication and its mail, each made once."""

from __future__ import annotations

import pytest
from email_samples import everything

from kanfa.channel_settings import EmailSettings
from kanfa.email.render import render
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.publication import Publication


@pytest.fixture(scope="session")
def issue() -> Issue:
    return everything()


@pytest.fixture(scope="session")
def publication() -> Publication:
    return Publication(
        name="云原生生态周报",
        tagline="跟踪动态，读懂社区",
        publisher="容器平台",
        url="https://weekly.example.org/archive",
        licence="CC BY 4.0",
        email=EmailSettings(from_address="weekly@news.example.org", to_address="reader@example.org"),
    )


@pytest.fixture(scope="session")
def artifact(issue: Issue, publication: Publication) -> Artifact:
    return render(issue, publication)
