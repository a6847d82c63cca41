"""The PDF room: an issue as an archival, accessible PDF (PDF/A-3a and PDF/UA-1 in one file)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kanfa.findings import Finding
from kanfa.formats import Artifact, Format, Reading
from kanfa.issue.model import Issue
from kanfa.pdf.rules import RULES
from kanfa.publication import Publication

__all__ = ["FORMAT"]


def _render(issue: Issue, publication: Publication) -> Artifact:
    from kanfa.pdf.render import render

    return render(issue, publication)


def _check(artifact: Artifact, issue: Issue, publication: Publication) -> Iterable[Finding]:
    from kanfa.pdf.checks import check

    return check(artifact, issue, publication)


def _read_back(artifact: Artifact, issue: Issue, publication: Publication) -> Iterable[Reading]:
    from kanfa.pdf.reading import read_back

    return read_back(artifact, issue, publication)


def _ready() -> Mapping[str, str]:
    from kanfa.pdf.environment import check_worker

    return check_worker()


FORMAT = Format(
    name="pdf",
    outputs={"pdf": "issue.pdf"},
    rules=RULES,
    render=_render,
    check=_check,
    read_back=_read_back,
    tools=("weasyprint", "pydyf", "fonttools", "tinyhtml5", "tinycss2", "pikepdf", "page-validation", "pillow"),
    templates=("pdf",),
    ready=_ready,
)
