"""Issue + Publication → the PDF edition: one file that is PDF/A-3a and PDF/UA-1, the same bytes on every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from kanfa.errors import RenderError
from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.labels import Labels, format_date, labels_for
from kanfa.pdf import drawings, outline
from kanfa.pdf.engine import SCHEME, Source, typeset
from kanfa.pdf.environment import check_environment
from kanfa.pdf.limits import GEOMETRIES, LIMITS, Geometry
from kanfa.pdf.pictures import Picture, pictures_of
from kanfa.pdf.records import findings_of
from kanfa.pdf.rules import PICTURE_MISSING, PICTURE_REMOTE
from kanfa.pdf.writer import PdfWriter
from kanfa.publication import Publication
from kanfa.templating import read_file, render_template
from kanfa.text import width_of

NAME = "issue.pdf"
TEMPLATE = "pdf/issue.html.j2"
STYLES = "pdf/print.css"


@dataclass(frozen=True, slots=True)
class Composed:
    """The edition as HTML, and each substitute that was made on the way."""

    html: str
    findings: tuple[Finding, ...]
    drawings: Mapping[str, Picture]
    """The pictures that the edition drew by itself, by name."""


def language_of(issue: Issue, publication: Publication) -> str:
    """Language tag of the edition: the issue's, else the publication's."""
    return issue.language or publication.language


def source_name(issue: Issue) -> str:
    """Name of the attached source, e.g. `issue-009.md`."""
    return f"issue-{issue.slug}.md"


def render(issue: Issue, publication: Publication) -> Artifact:
    """The PDF edition of `issue`.

    Pure but for one environment variable, which points fontconfig at the edition's own fonts. Raises
    EnvironmentProblem when the machine lacks something and RenderError when template or library fail.
    """
    check_environment(publication)
    composed = compose(issue, publication)
    pictures, changed = pictures_of(issue)
    source = Source(source_name(issue), issue.source, "Markdown", issue.date) if issue.source else None
    css = page_rules(GEOMETRIES[publication.pdf.page_size]) + read_file(publication, STYLES)
    drawn = {drawings.WRAP_MARK: drawings.wrap_mark(), **composed.drawings}
    result = typeset(composed.html, css, {**pictures, **drawn}, source)
    findings = (*composed.findings, *changed, *findings_of(result.records, issue))
    return Artifact("pdf", {NAME: result.data}, findings)


def page_rules(geometry: Geometry) -> str:
    """CSS for page size and margins; the cover bleeds to the edge, so its words keep the margins by themselves."""
    margin = f"{geometry.top}mm {geometry.right}mm {geometry.bottom}mm {geometry.left}mm"
    sides = f"padding-left:{geometry.left}mm;padding-right:{geometry.right}mm"
    return (
        f"@page{{size:{geometry.width}mm {geometry.height}mm;margin:{margin}}}\n"
        f".cover-band,.cover-words{{{sides}}}\n"
        f".cover-foot{{left:{geometry.left}mm;right:{geometry.right}mm}}\n"
    )


def compose(issue: Issue, publication: Publication) -> Composed:
    """The HTML of the edition, without layout. Raises RenderError for faults of the template."""
    labels = labels_for(language_of(issue, publication))
    writer = PdfWriter(issue, labels)
    try:
        body = writer.write_all((*issue.preamble, *issue.sections))
        notes = writer.write_all(issue.notes)
    except RecursionError:
        raise RenderError("pdf", "the issue is nested too deep") from None
    cover, cover_findings = _cover(issue, labels)
    html = render_template(
        publication,
        TEMPLATE,
        issue=issue,
        publication=publication,
        labels=labels,
        language=language_of(issue, publication),
        phrase=writer.phrase,
        date=format_date(issue.date, language_of(issue, publication)) if issue.date else "",
        volume=labels.volume(issue.number) if issue.number is not None else "",
        title=outline.headings(issue, labels)[0],
        sections=list(outline.sections(issue, labels)),
        end_matter=list(outline.end_matter(issue, labels)),
        running=_running(issue, publication, labels),
        cover=cover,
        cover_size=cover_size(issue),
        body=body,
        notes=notes,
        colophon=_colophon(issue, publication, labels),
        previous=_previous(issue, writer, labels),
    )
    return Composed(html, (*writer.findings, *cover_findings), writer.drawings)


def _cover(issue: Issue, labels: Labels) -> tuple[dict[str, str] | None, list[Finding]]:
    """Source and words of the cover picture; None and a finding when it cannot be shown."""
    if issue.cover is None:
        return None, []
    asset = issue.asset(issue.cover.src)
    if asset is not None:
        return {"src": SCHEME + asset.name, "alt": issue.cover.alt or issue.cover.title or labels.cover}, []
    rule = PICTURE_REMOTE if issue.cover.is_remote else PICTURE_MISSING
    src = issue.cover.src
    return None, [
        rule.at(issue.cover.line, "the cover is printed without its picture “{src}”", src=src[:60], quote=src)
    ]


def cover_size(issue: Issue) -> str:
    """CSS classes of the cover: none, or how much its type must step back for a long title or summary."""
    title = sum(width_of(issue.title) > 2 * most for most in LIMITS.cover_titles)
    summary = sum(width_of(issue.summary) > 2 * most for most in LIMITS.cover_summaries)
    return ("", "long", "longer", "longer longest")[max(title, summary)]


def _running(issue: Issue, publication: Publication, labels: Labels) -> str:
    """Left running header: the publication and the number of the issue, or its title's first words."""
    number = labels.volume(issue.number) if issue.number is not None else ""
    return " · ".join(part for part in (publication.name, number) if part)


def _colophon(issue: Issue, publication: Publication, labels: Labels) -> list[tuple[str, str]]:
    """Label and value of each line of the colophon that has a value."""
    rows = [
        (labels.authors, labels.names(issue.authors)),
        (labels.editors, labels.names(issue.editors)),
        (labels.publisher, issue.publisher or publication.publisher),
        (labels.licence, publication.licence),
    ]
    return [(label, value) for label, value in rows if value]


def _previous(issue: Issue, writer: PdfWriter, labels: Labels) -> list[dict[str, Any]]:
    """Each back issue: its number as words, its title set like text, its address when it may be linked."""
    shown: list[dict[str, Any]] = []
    for item in issue.previous:
        number = labels.volume(item.number) if item.number is not None else ""
        title: Markup = writer.previous_title(item)
        shown.append({"number": number, "title": title})
    return shown
