"""The PDF edition against its rules. The renderer's own findings stand in the artifact and are not repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from kanfa.findings import Finding, Rule
from kanfa.formats import Artifact
from kanfa.issue.model import Issue
from kanfa.labels import labels_for
from kanfa.parity import fold, pieces_of
from kanfa.pdf import rules
from kanfa.pdf.anatomy import Anatomy, dissect, page_texts
from kanfa.pdf.environment import font_families
from kanfa.pdf.limits import GEOMETRIES, LIMITS, LINK_SCHEMES, PdfLimits
from kanfa.pdf.outline import headings
from kanfa.pdf.tables import ragged_line
from kanfa.pdf.validation import failures
from kanfa.publication import Publication

REPLACEMENT = "\ufffd"
OF_MISSING_GLYPHS = ("NOTDEF-GLYPH", "UNICODE-MAPPING")
"""Clauses that a character without glyph breaks, too: it has no glyph whose meaning the file could name."""
PASSAGE = 12
"""Characters by which a passage is recognised on a page."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One finished file with everything a check may compare it with."""

    data: bytes
    parts: Anatomy
    texts: tuple[str, ...]
    """Text of each page, margins included."""
    issue: Issue
    language: str
    families: frozenset[str]
    missing_glyphs: bool
    """Whether the renderer has already reported a character without glyph."""
    limits: PdfLimits = LIMITS


def check(artifact: Artifact, issue: Issue, publication: Publication) -> Iterator[Finding]:
    """Every rule of the room that the finished file breaks. Raises RenderError when it cannot be opened."""
    data = artifact.files["issue.pdf"]
    edition = Edition(
        data=data,
        parts=dissect(data),
        texts=tuple(page_texts(data, GEOMETRIES[publication.pdf.page_size], margins=True)),
        issue=issue,
        language=issue.language or publication.language,
        families=font_families(publication),
        missing_glyphs=any(finding.rule is rules.MISSING_GLYPH for finding in artifact.findings),
    )
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


def check_metadata(edition: Edition) -> Iterator[Finding]:
    """Language and title of the document."""
    if edition.parts.language != edition.language:
        found = edition.parts.language
        words = "the file's language is {found}, the issue's {wanted}"
        if not found:
            words = "the file's language is none, the issue's {wanted}"
        yield rules.LANGUAGE.at(1, words, found=found, wanted=edition.language)
    title = headings(edition.issue, labels_for(edition.language))[0].title
    if edition.parts.title != title:
        yield rules.TITLE.at(
            edition.issue.line_of("title"),
            "the file is titled “{found}”, the issue “{wanted}”",
            found=edition.parts.title,
            wanted=title,
            quote=edition.issue.title,
        )


def check_bookmarks(edition: Edition) -> Iterator[Finding]:
    """Bookmarks are the headings; the first that differs is reported."""
    wanted = headings(edition.issue, labels_for(edition.language))
    found = edition.parts.outline
    for at, heading in enumerate(wanted):
        shown = found[at] if at < len(found) else ""
        if shown != heading.title:
            yield rules.BOOKMARKS.at(
                heading.line,
                "bookmark {number} is “{found}” instead of “{wanted}”",
                number=at + 1,
                found=shown,
                wanted=heading.title,
                quote=heading.title,
            )
            return
    if len(found) > len(wanted):
        yield rules.BOOKMARKS.at(1, "bookmark “{found}” is no heading of the issue", found=found[len(wanted)])


def check_links(edition: Edition) -> Iterator[Finding]:
    """Absolute web and mail addresses only; nothing from the building machine."""
    lines = {link.href: link.line for link in reversed(list(edition.issue.links()))}
    for uri in dict.fromkeys(link.uri for link in edition.parts.links if link.uri):
        parts = urlsplit(uri)
        whole = parts.netloc if parts.scheme in {"http", "https"} else parts.path
        if parts.scheme != "file" and (parts.scheme not in LINK_SCHEMES or not whole):
            yield rules.LINK_TARGET.at(lines.get(uri, 1), "link to “{address}”", address=uri, quote=uri)
    for path in edition.parts.local_paths:
        yield rules.LOCAL_PATH.at(lines.get(path, 1), "the file names {path}", path=path[:120], quote=path)


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


def check_source(edition: Edition) -> Iterator[Finding]:
    """The attached Markdown is the issue's own text."""
    source = edition.issue.source.encode()
    if not source:
        return
    wanted = hashlib.sha256(source).hexdigest()
    found = [hashlib.sha256(data).hexdigest() for _, data in edition.parts.attachments]
    if found != [wanted]:
        words = "attached is {found} instead of the issue's text ({wanted})"
        if not found:
            words = "attached is nothing instead of the issue's text ({wanted})"
        shown = ", ".join(digest[:12] for digest in found)
        yield rules.SOURCE_ATTACHED.at(1, words, found=shown, wanted=wanted[:12])


Check = Callable[[Edition], Iterable[Finding]]
CHECKS: tuple[Check, ...] = (
    check_profiles,
    check_fonts,
    check_metadata,
    check_bookmarks,
    check_links,
    check_budgets,
    check_text,
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
