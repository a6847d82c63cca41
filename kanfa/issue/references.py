"""The addresses of an issue, numbered by first use."""

from __future__ import annotations

from kanfa.issue.addresses import SCHEMES
from kanfa.issue.model import Image, Issue, Reference, text_of


def references_of(issue: Issue) -> tuple[Reference, ...]:
    """Every address that the body links to, once, in order of first use."""
    found: dict[str, Reference] = {}
    for link in issue.links():
        if link.scheme in SCHEMES and link.href not in found:
            picture = next((child for child in link.children if isinstance(child, Image)), None)
            text = text_of(*link.children).strip() or (picture.label if picture else link.href)
            found[link.href] = Reference(len(found) + 1, link.href, text, link.line)
    return tuple(found.values())
