"""Where things are: the issue that a reference names, its publication, the outbox.

The command line and the flows ask here; nothing is read but `kanfa.toml` and the names of folders.
"""

from __future__ import annotations

from pathlib import Path

from kanfa.errors import UsageError
from kanfa.publication import Publication, find_publication


def publication_here() -> Publication:
    """The publication of the current folder, or the defaults outside any."""
    return find_publication(Path.cwd()) or Publication()


def issue_files(publication: Publication) -> dict[int, Path]:
    """The publication's issues by number, ascending. A folder's name begins with its number.

    Raises UsageError when two folders claim one number.
    """
    found: dict[int, Path] = {}
    folder = publication.base / publication.content
    for path in sorted(folder.glob("*/issue.md")) if folder.is_dir() else []:
        digits = path.parent.name.partition("-")[0]
        if digits.isascii() and digits.isdigit():
            if int(digits) in found:
                raise UsageError(f"issue {int(digits)} exists twice: {found[int(digits)].parent} and {path.parent}")
            found[int(digits)] = path
    return dict(sorted(found.items()))


def resolve(reference: str) -> tuple[Path, Publication]:
    """The issue that ISSUE names on the command line, and the publication it belongs to.

    A number (`9`) or `latest` is looked up in the publication of the current folder; anything else is a
    path. A file belongs to the publication that holds it, else to that of the current folder.
    """
    if reference == "latest" or (reference.isascii() and reference.isdigit()):
        publication = publication_here()
        issues = issue_files(publication)
        place = publication.base / publication.content
        if not issues:
            raise UsageError(f"there is no issue in {place}; write one with: kanfa new TITLE")
        number = max(issues) if reference == "latest" else int(reference)
        if number not in issues:
            there = ", ".join(map(str, issues))
            raise UsageError(f"there is no issue {number} in {place}; there are: {there}")
        return issues[number], publication
    path = Path(reference)
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
