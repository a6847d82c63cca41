"""Where things are: the issue that a reference names, its publication, the outbox.

The command line and the flows ask here; nothing is read but `kanfa.toml` and the names of folders.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from kanfa.errors import UsageError
from kanfa.issue.numbers import date_in, of_file
from kanfa.publication import Publication, find_publication

Key = int | datetime.date
"""What the folder of an issue is named by."""

_DIGITS = 20
"""A longer row of digits is no number of an issue; Python itself refuses to read one of thousands."""

_Kind = TypeVar("_Kind", int, datetime.date)


def publication_here() -> Publication:
    """The publication of the current folder, or the defaults outside any."""
    return find_publication(Path.cwd()) or Publication()


def key_of(folder: str) -> Key | None:
    """The number or the date that the name of an issue's folder begins with; None when there is neither."""
    number, date = of_file(f"{folder}/issue.md")
    return date if number is None else number


def folders(publication: Publication) -> Iterator[tuple[Key, Path]]:
    """The `issue.md` of each folder of the publication that is named by a number or a date, by folder name."""
    content = publication.base / publication.content
    for path in sorted(content.glob("*/issue.md")) if content.is_dir() else []:
        key = key_of(path.parent.name)
        if key is not None:
            yield key, path


def issue_files(publication: Publication) -> dict[int, Path]:
    """The publication's issues by number, ascending. A folder's name begins with its number.

    Raises UsageError when two folders claim one number.
    """
    return dict(sorted(_only((key, path) for key, path in folders(publication) if isinstance(key, int)).items()))


def _only(found: Iterable[tuple[_Kind, Path]]) -> dict[_Kind, Path]:
    single: dict[_Kind, Path] = {}
    for key, path in found:
        if single.setdefault(key, path) != path:
            raise UsageError(f"issue {key} exists twice: {single[key].parent} and {path.parent}; rename one of them")
    return single


def _dated_files(publication: Publication) -> dict[datetime.date, Path]:
    """The publication's issues whose folders are named by a date, ascending."""
    return dict(sorted(_only((key, path) for key, path in folders(publication) if not isinstance(key, int)).items()))


def resolve(reference: str) -> tuple[Path, Publication]:
    """The issue that ISSUE names on the command line, and the publication it belongs to.

    A number (`9`) or `latest` is looked up in the publication of the current folder, and so is a date
    (`2026-01-05`) where folders are named so; anything else is a path. The latest issue is that of the highest
    number, or, without numbers, of the last date. A file belongs to the publication that holds it, else to
    that of the current folder.
    """
    if reference == "latest" or (reference.isascii() and reference.isdigit() and len(reference) < _DIGITS):
        publication = publication_here()
        issues = issue_files(publication)
        place = publication.base / publication.content
        if reference == "latest":
            every = list((issues or _dated_files(publication)).values())
            if every:
                return every[-1], publication
        elif int(reference) in issues:
            return issues[int(reference)], publication
        if not issues:
            raise UsageError(f"there is no issue in {place}; write one with: kanfa new TITLE")
        there = ", ".join(map(str, issues))
        raise UsageError(f"there is no issue {int(reference)} in {place}; there are: {there}")
    path = Path(reference)
    if not _exists(path) and (date := date_in(reference)):
        publication = publication_here()
        if date in (dated := _dated_files(publication)):
            return dated[date], publication
    if not _exists(path):
        raise UsageError(f"{reference} does not exist; ISSUE is a number, “latest”, or a path to a Markdown file")
    return path, find_publication(path.resolve(), Path.cwd()) or Publication()


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # longer than any name may be, or with a NUL
        return False


def outbox_of(publication: Publication, outbox: Path | None) -> Path:
    """The folder of staged releases."""
    return outbox.resolve() if outbox is not None else publication.base / publication.outbox
