"""The e-mail room's checks: one parse, then each family of rules on the real bytes.

Families: `check_document` (EML001–), `check_style` (EML020–), `check_content` and `check_links` (EML040–),
`check_access` (EML060–), `check_message` (EML080–), `check_clients` (EML100–),
`check_details` (EML110–), `check_hints` (EML130–), `sizes` (EML143–). EML014 and EML090– come from the renderer.
"""

from __future__ import annotations

from collections.abc import Iterator

from kanfa.email import (
    check_access,
    check_clients,
    check_content,
    check_details,
    check_document,
    check_hints,
    check_links,
    check_message,
    check_style,
    sizes,
)
from kanfa.email.clean import cleaned
from kanfa.email.mail import Mail
from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.publication import Publication

FAMILIES = (
    check_document,
    check_style,
    check_content,
    check_links,
    check_access,
    check_message,
    check_details,
    check_hints,
    check_clients,
    sizes,
)


def check(artifact: Artifact, issue: Issue, publication: Publication) -> Iterator[Finding]:
    """Everything the rules have to say about a finished mail; never raises for its content."""
    clean, _ = cleaned(issue)
    mail = Mail.of(artifact, clean, publication)
    for family in FAMILIES:
        yield from family.check(mail)
