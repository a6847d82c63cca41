"""The PDF edition against its rules. The renderer's own findings stand in the artifact and are not repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kanfa.findings import Finding, Rule
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.pdf import rules
from kanfa.pdf.anatomy import dissect, page_texts
from kanfa.pdf.check_additions import check_additions
from kanfa.pdf.check_layout import check_contrast, check_edges, check_last_page, check_pictures
from kanfa.pdf.check_links import check_bookmarks, check_links, check_places
from kanfa.pdf.check_metadata import check_metadata, check_source, check_title
from kanfa.pdf.check_structure import check_structure
from kanfa.pdf.environment import font_families
from kanfa.pdf.finished import PASSAGE, Edition
from kanfa.pdf.limits import GEOMETRIES, LIMITS
from kanfa.pdf.marks import marks_of
from kanfa.pdf.reading import flow_of
from kanfa.pdf.tables import ragged_line
from kanfa.pdf.validation import failures
from kanfa.placing import fold, pieces_of
from kanfa.publication import Publication

__all__ = ["CHECKS", "RENDERER_RULES", "Edition", "check", "edition_of"]

REPLACEMENT = "\ufffd"
OF_MISSING_GLYPHS = ("NOTDEF-GLYPH", "UNICODE-MAPPING")
"""Clauses that a character without glyph breaks, too: it has no glyph whose meaning the file could name."""


def edition_of(artifact: Artifact, issue: Issue, publication: Publication) -> Edition:
    """The finished file taken apart. Raises RenderError when it cannot be opened."""
    data = artifact.files["issue.pdf"]
    parts = dissect(data)
    geometry = GEOMETRIES[publication.pdf.page_size]
    return Edition(
        limits=replace(LIMITS, max_pages=geometry.pages),
        data=data,
        parts=parts,
        texts=tuple(page_texts(data, geometry, margins=True)),
        marks=marks_of(data),
        flow=flow_of(data, parts, issue, publication),
        issue=issue,
        publication=publication,
        families=font_families(publication),
        said=artifact.findings,
    )


def check(artifact: Artifact, issue: Issue, publication: Publication) -> Iterator[Finding]:
    """Every rule of the room that the finished file breaks. Raises RenderError when it cannot be opened."""
    edition = edition_of(artifact, issue, publication)
    for one in CHECKS:
        yield from one(edition)


def check_profiles(edition: Edition) -> Iterator[Finding]:
    """PDF/A-3a and PDF/UA-1, one finding for each clause that fails."""
    for failure in failures(edition.data):
        if edition.missing_glyphs and any(name in failure.rule for name in OF_MISSING_GLYPHS):
            continue  # PDF003 names the character and its line
        rule = rules.ARCHIVE_PROFILE if failure.profile == "3a" else rules.ACCESSIBLE_PROFILE
        line = ragged_line(edition.issue) if "-TABLE-" in failure.rule else 1
        yield rule.at(line, "{clause}: {message}", clause=failure.rule, message=failure.message)
    for message in edition.parts.damage:  # the validator reads some files that other readers call broken
        yield rules.ARCHIVE_PROFILE.at(1, "syntax: {message}", message=message)


def check_fonts(edition: Edition) -> Iterator[Finding]:
    """Every font embedded, and of a family of the edition."""
    allowed = tuple(family.replace(" ", "-") for family in edition.families)
    for name, embedded in edition.parts.fonts:
        if not embedded:
            yield rules.FOREIGN_FONT.at(1, "{font} is not embedded", font=name)
        elif not any(name == family or name.startswith(family + "-") for family in allowed):
            known = ", ".join(sorted(allowed))
            yield rules.FOREIGN_FONT.at(1, "{font} is none of the edition's fonts: {known}", font=name, known=known)


def check_budgets(edition: Edition) -> Iterator[Finding]:
    """Pages and bytes."""
    if edition.parts.pages > edition.limits.max_pages:
        most = edition.limits.max_pages
        yield rules.PAGE_BUDGET.at(1, "{pages} pages, at most {most}", pages=edition.parts.pages, most=most)
    if len(edition.data) > edition.limits.max_bytes:
        most = edition.limits.max_bytes
        yield rules.SIZE_BUDGET.at(1, "{size:,} bytes, at most {most:,}", size=len(edition.data), most=most)


def check_text(edition: Edition) -> Iterator[Finding]:
    """Every page has text, and every character of it a meaning."""
    for number, text in enumerate(edition.texts, start=1):
        if not text.strip():
            line = _line_behind(edition, edition.texts[number - 2] if number > 1 else "")
            yield rules.TEXT_LAYER.at(line, "page {page} has no text", page=number)
        elif REPLACEMENT in text and REPLACEMENT not in edition.issue.source:
            line = _line_behind(edition, text.partition(REPLACEMENT)[0])
            yield rules.TEXT_LAYER.at(line, "page {page} has characters that cannot be copied", page=number)


def _line_behind(edition: Edition, text: str) -> int:
    """Source line of the passage that `text`, the end of a page, breaks off in or that comes next; 1 if unknown."""
    folded = fold(text)
    pieces = pieces_of(edition.issue)
    last, best = -1, -1
    for index, piece in enumerate(pieces):
        at = folded.rfind(piece.folded[:PASSAGE])
        if at > best:
            last, best = index, at
    if last < 0:
        return 1
    ended = pieces[last].folded in folded
    return pieces[min(last + ended, len(pieces) - 1)].line


Check = Callable[[Edition], Iterable[Finding]]
CHECKS: tuple[Check, ...] = (
    check_profiles,
    check_fonts,
    check_title,
    check_metadata,
    check_bookmarks,
    check_links,
    check_places,
    check_budgets,
    check_text,
    check_additions,
    check_structure,
    check_contrast,
    check_pictures,
    check_edges,
    check_last_page,
    check_source,
)
RENDERER_RULES: tuple[Rule, ...] = (
    rules.MISSING_GLYPH,
    rules.RESOURCE_FAILED,
    rules.STYLE_IGNORED,
    rules.PICTURE_MISSING,
    rules.PICTURE_REMOTE,
    rules.TOO_DEEP,
    rules.ANIMATION_STILL,
    rules.PICTURE_CONVERTED,
    rules.TABLE_TOO_WIDE,
    rules.QR_TOO_LONG,
    rules.FORMULA_TOO_WIDE,
)
"""Rules that only the renderer can find broken; its findings come with the artifact."""
