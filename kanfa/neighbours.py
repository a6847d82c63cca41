"""The issues before and after one: an edge, which reads other issues of the publication, mostly only their heads.

Which issues stand near is told by the names of their folders (numbers, or dates where folders are named so);
what they are called, and their address, by their own front matter. So the work for one issue does not grow with
the archive: one listing of folders, and as many heads as are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from kanfa.errors import SourceError
from kanfa.findings import Finding
from kanfa.issue import reader
from kanfa.issue.addresses import Fault, normal
from kanfa.issue.model import Issue, PreviousIssue, text_of
from kanfa.issue.structure_rules import FOLDER_NUMBER, NEIGHBOUR_UNREADABLE
from kanfa.locate import Key, folders, key_of
from kanfa.publication import Publication


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands round one issue."""

    older: tuple[PreviousIssue, ...] = ()
    """The latest earlier issues, the nearest first: as many as `[back_issues]` says."""
    newer: PreviousIssue | None = None
    """The next issue that is written: it has a summary."""
    findings: tuple[Finding, ...] = ()
    """Earlier issues that could not be read, and are missing from `older`."""


def is_member(path: Path, publication: Publication) -> bool:
    """Whether the file lies in the publication's folder of issues."""
    if publication.root is None:  # the current folder must not decide what a release holds
        return False
    return path.resolve().is_relative_to((publication.root / publication.content).resolve())


def of(path: Path, publication: Publication, *, older: bool = True) -> Neighbours:
    """The neighbours of the issue at `path`, the earlier ones only if asked; none for a file outside the issues.

    Number 0 is a specimen: no issue's neighbour, and without any. An earlier issue that cannot be read is left out
    with a finding, and the one before it takes its place; of two folders with one number the first counts.
    """
    own, row = _row(path, publication)
    listed: list[PreviousIssue] = []
    findings: list[Finding] = []
    for near in _before(own, row) if older else ():
        if len(listed) == publication.back_issues.count:
            break
        try:
            listed.append(_listed(head(near), publication))
        except (OSError, SourceError) as error:
            findings.append(_unreadable(near, error))
    return Neighbours(tuple(listed), _newer(own, row, publication), tuple(findings))


def earlier(path: Path, publication: Publication) -> Iterator[Path]:
    """The files of all earlier issues, the nearest first; nothing is read but the names of folders."""
    return _before(*_row(path, publication))


def head(path: Path) -> Issue:
    """The issue at `path` without its body. Raises OSError or SourceError."""
    return reader.read_head(*_text(path))


def recent_links(path: Path, publication: Publication) -> dict[str, tuple[str, int]]:
    """What recent issues link to, when a section is strict about it: address → (file of that issue, line).

    `[lint] recent` says how many issues are read, in full; the nearest that has an address is named. People
    (`@name`) come again and count for nothing. An issue that cannot be read has its own findings.
    """
    links: dict[str, tuple[str, int]] = {}
    strict = any(section.strict_links for section in publication.sections)
    for near in islice(earlier(path, publication), publication.lint.recent if strict else 0):
        try:
            issue = reader.read(*_text(near), publication).issue
        except (OSError, SourceError):
            continue
        for link in issue.links():
            if not text_of(*link.children).startswith("@"):
                links.setdefault(link.href, (near.relative_to(publication.base).as_posix(), link.line))
    return links


def _text(path: Path) -> tuple[str, str]:
    """The text of an issue, and the name by which it is read."""
    if not path.is_file():  # a pipe would block, a device may never end
        raise OSError("no ordinary file")
    with path.open("rb") as file:
        data = file.read(reader.MAX_BYTES + 1)
    name = f"{path.parent.name}/{path.name}"
    return reader.decode(data, name), name


def folder_number(path: Path, issue: Issue, publication: Publication) -> Iterator[Finding]:
    """A finding when the folder of an issue names another number than the issue itself."""
    key = _key(path, publication)
    if isinstance(key, int) and issue.number is not None and issue.number != key:
        message = "the issue says number {number}, its folder {folder}"
        yield FOLDER_NUMBER.at(issue.line_of("number"), message, number=issue.number, folder=key)


def _before(own: int, row: Mapping[int, Path]) -> Iterator[Path]:
    return (row[place] for place in sorted(row, reverse=True) if place < own)


def _newer(own: int, row: Mapping[int, Path], publication: Publication) -> PreviousIssue | None:
    """The nearest later issue that can be read and has a summary: one without is still being written."""
    for place in sorted(place for place in row if place > own):
        try:
            later = head(row[place])
        except (OSError, SourceError):  # a broken one has its own findings
            continue
        if later.summary:
            return _listed(later, publication)
    return None


def _row(path: Path, publication: Publication) -> tuple[int, dict[int, Path]]:
    """The place of an issue in time, and all issues by theirs; place 0 and no others when it stands in no row.

    A place is a number, or the ordinal of a date; only issues whose folders are named in the same way are one row.
    """
    own = _key(path, publication)
    row: dict[int, Path] = {}
    if own is None or own == 0:
        return 0, row
    for key, other in folders(publication):
        if key != 0 and isinstance(key, int) == isinstance(own, int):
            row.setdefault(_place(key), other)
    return _place(own), row


def _place(key: Key) -> int:
    return key if isinstance(key, int) else key.toordinal()


def _key(path: Path, publication: Publication) -> Key | None:
    """What the folder of `path` within the publication's issues is named by."""
    if not is_member(path, publication):
        return None
    content = (publication.base / publication.content).resolve()
    return key_of(next(iter(path.resolve().relative_to(content).parts), ""))


def _listed(issue: Issue, publication: Publication) -> PreviousIssue:
    """How another issue is listed; without an address where the publication has none yet (RFC 2606: `.invalid`)."""
    written = publication.issue_url(issue.slug)
    href = "" if (urlsplit(written).hostname or "").endswith(".invalid") else normal(written)
    return PreviousIssue(issue.number, issue.title, 1, "" if isinstance(href, Fault) else href)


def _unreadable(path: Path, error: OSError | SourceError) -> Finding:
    reason = error.message if isinstance(error, SourceError) else str(error.strerror or error)
    message = "the earlier issue in {folder} cannot be read and is not listed: {reason}"
    return NEIGHBOUR_UNREADABLE.at(1, message, folder=path.parent.name, reason=reason)
