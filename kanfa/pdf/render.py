"""Issue + Publication → the PDF edition: one file that is PDF/A-3a and PDF/UA-1, the same bytes on every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import Any

from markupsafe import Markup

from kanfa.errors import RenderError
from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.export import to_json
from kanfa.issue.model import Issue, text_of
from kanfa.labels import Labels, format_date, labels_for
from kanfa.pdf import drawings, outline
from kanfa.pdf.engine import Job, Source
from kanfa.pdf.environment import fonts_configuration
from kanfa.pdf.fetcher import SCHEME, Picture, template_files
from kanfa.pdf.limits import GEOMETRIES, LIMITS, Geometry
from kanfa.pdf.outline import Heading
from kanfa.pdf.pictures import pictures_of
from kanfa.pdf.records import findings_of
from kanfa.pdf.rules import PICTURE_MISSING, PICTURE_REMOTE
from kanfa.pdf.worker import workshop
from kanfa.pdf.writer import PdfWriter
from kanfa.publication import Publication
from kanfa.templating import read_file, render_template, template_folders
from kanfa.text import width_of

NAME = "issue.pdf"
TEMPLATE = "pdf/issue.html.j2"
STYLES = ("print.css", "cover.css", "heads.css")
"""Style sheets of every edition below templates/pdf, in their order; a page size or paper adds one behind them."""
PAPER = "paper.css"
"""What is different where nobody can follow a link."""


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


def sources_of(issue: Issue) -> tuple[Source, ...]:
    """What the edition carries: the canonical Markdown, e.g. `issue-009.md`, and its tree as JSON, `issue-009.json`."""
    if not issue.source:
        return ()
    return (
        Source(f"issue-{issue.slug}.md", issue.source, "Markdown", issue.date),
        Source(f"issue-{issue.slug}.json", to_json(issue), "JSON", issue.date),
    )


def render(issue: Issue, publication: Publication) -> Artifact:
    """The PDF edition of `issue`.

    The same issue and publication give the same bytes; the pages are set in a worker process (`kanfa.pdf.worker`).
    Raises EnvironmentProblem when the machine lacks something and RenderError when template or library fail.
    """
    fonts = fonts_configuration(publication)
    workshop().prepare()  # it loads the engine while this process composes the text
    geometry = GEOMETRIES[publication.pdf.page_size]
    composed = compose(issue, publication)
    pictures, changed = pictures_of(issue)
    css = page_rules(geometry) + "\n".join(read_file(publication, f"pdf/{name}") for name in styles(publication))
    drawn = {drawings.WRAP_MARK: drawings.wrap_mark(), **composed.drawings}
    files = template_files(template_folders(publication))
    job = Job(composed.html, css, {**pictures, **drawn}, sources_of(issue), files)
    result = workshop().typeset(job, fonts)
    findings = (*composed.findings, *changed, *findings_of(result.records, issue))
    return Artifact("pdf", {NAME: result.data}, findings)


def styles(publication: Publication) -> tuple[str, ...]:
    """The style sheets below templates/pdf that the edition is set with, in their order."""
    geometry = GEOMETRIES[publication.pdf.page_size]
    paper = PAPER if publication.pdf.medium == "print" else ""
    return tuple(name for name in (*STYLES, geometry.style, paper) if name)


def page_rules(geometry: Geometry) -> str:
    """CSS for page size and margins, and as variables what else the style sheets need of the geometry."""
    margin = f"{geometry.top}mm {geometry.right}mm {geometry.bottom}mm {geometry.left}mm"
    lengths = {"left": geometry.left, "cover": geometry.cover, "page-width": geometry.width}
    sizes = {"text": geometry.text, "code": geometry.code}
    sizes |= {f"table-{at}": points for at, points in enumerate(geometry.tables)}
    variables = [f"--{name}:{value}mm" for name, value in lengths.items()]
    variables += [f"--{name}:{value}pt" for name, value in sizes.items()]
    return f"@page{{size:{geometry.width}mm {geometry.height}mm;margin:{margin}}}\n:root{{{';'.join(variables)}}}\n"


def compose(issue: Issue, publication: Publication) -> Composed:
    """The HTML of the edition, without layout. Raises RenderError for faults of the template."""
    labels = labels_for(language_of(issue, publication))
    geometry = GEOMETRIES[publication.pdf.page_size]
    writer = PdfWriter(issue, labels, geometry, numbered=publication.pdf.medium == "print")
    sections = list(outline.sections(issue, labels))
    try:
        body = writer.write_all((*issue.preamble, *issue.sections))
        notes = writer.write_all(issue.notes)
    except RecursionError:
        raise RenderError("pdf", "the issue is nested too deep") from None
    cover, cover_findings = _cover(issue, labels)
    previous = _previous(issue, writer, labels)
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
        sections=sections,
        contents=has_contents(issue, sections, publication),
        on_cover=_on_cover(sections, issue, geometry),
        end_matter=list(outline.end_matter(issue, labels)),
        running=_running(issue, publication, labels),
        running_head=outline.shortened(_running(issue, publication, labels), geometry.running),
        cover=cover,
        cover_size=cover_size(issue, geometry),
        body=body,
        notes=notes,
        colophon=_colophon(issue, publication, labels),
        previous=previous,
        references=[(number, href.removeprefix("mailto:")) for href, number in writer.addresses.items()],
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


def has_contents(issue: Issue, sections: Sequence[Heading], publication: Publication) -> bool:
    """Whether the issue gets a page of contents: as the publication wants, or when the cover cannot do its work."""
    wanted = publication.pdf.contents_page
    if wanted != "auto" or not sections:
        return wanted == "always" and bool(sections)
    entries = sum(heading.level <= 2 for heading in sections)
    listed = len(_on_cover(sections, issue, GEOMETRIES[publication.pdf.page_size]))
    if entries > 1 and listed < sum(heading.level == 1 for heading in sections):
        return True
    length = sum(width_of(text_of(node)) for node in (*issue.preamble, *issue.sections))
    return entries > LIMITS.contents_entries or length > LIMITS.contents_length


def _on_cover(sections: Sequence[Heading], issue: Issue, geometry: Geometry) -> list[tuple[Heading, str]]:
    """The first sections, each with the titles of its groups where the cover has room for them."""
    groups: dict[Heading, list[str]] = {}
    for heading in sections:
        if heading.level == 1:
            groups[heading] = []
        elif heading.level == 2:
            groups[next(reversed(groups))].append(heading.title)
    roomy = cover_size(issue, geometry) in {"", "brief"}
    most = geometry.cover_sections[0 if roomy else 1]
    listed = [(heading, " / ".join(titles)) for heading, titles in groups.items()][:most]
    lengths = [ceil(width_of(heading.title) / LIMITS.cover_entry) for heading, _ in listed]
    listed = [one for one, lines in zip(listed, accumulate(lengths), strict=True) if lines <= geometry.cover_lines]
    lines = sum(lengths) + sum(ceil(width_of(titles) / LIMITS.cover_line) for _, titles in listed)
    return listed if roomy and lines <= geometry.cover_lines else [(heading, "") for heading, _ in listed]


def cover_size(issue: Issue, geometry: Geometry) -> str:
    """CSS classes of the cover: how much its type must step back for a long title or summary, or may step forward."""
    title_width, summary_width = (geometry.cover_measure * width_of(text) / 2 for text in (issue.title, issue.summary))
    title = sum(title_width > most for most in LIMITS.cover_titles)
    summary = sum(summary_width > most for most in LIMITS.cover_summaries)
    title_brief, summary_brief = LIMITS.cover_brief
    if title_width <= title_brief and summary_width <= summary_brief:
        return "brief"
    return ("", "long", "longer", "longer longest")[max(title, summary)]


def _running(issue: Issue, publication: Publication, labels: Labels) -> str:
    """Left running header: the publication and the number of the issue, or its title's first words."""
    number = labels.volume(issue.number) if issue.number is not None else ""
    return " · ".join(part for part in (publication.name, number) if part)


def _colophon(issue: Issue, publication: Publication, labels: Labels) -> list[tuple[str, tuple[str, ...]]]:
    """Label and values of each line of the colophon that has one; several values are names of people."""
    rows = [
        (labels.authors, issue.authors),
        (labels.editors, issue.editors),
        (labels.publisher, (issue.publisher or publication.publisher,)),
        (labels.licence, (publication.licence,)),
        (labels.archive, ("" if publication.url.endswith(".invalid") else publication.url.partition("://")[2],)),
    ]
    return [(label, values) for label, values in rows if any(values)]


def _previous(issue: Issue, writer: PdfWriter, labels: Labels) -> list[dict[str, Any]]:
    """Each back issue: its number as words, its title set like text, its address when it may be linked."""
    shown: list[dict[str, Any]] = []
    for item in issue.previous:
        number = labels.volume(item.number) if item.number is not None else ""
        title: Markup = writer.previous_title(item)
        shown.append({"number": number, "title": title})
    return shown
