"""`kanfa import`: foreign issues become canonical ones in the publication's content folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from kanfa.cli.common import console, json_option, lang_option, language_of, print_findings, print_json, show_error
from kanfa.desk import importing
from kanfa.desk.foreign import plain
from kanfa.desk.importing import Foreign, Imported
from kanfa.errors import KanfaError, UsageError
from kanfa.findings import Report
from kanfa.issue.assets import MAX_BYTES
from kanfa.issue.numbers import MAX_NUMBER
from kanfa.locate import issue_files, publication_here
from kanfa.messages import translator
from kanfa.pipeline import bytes_of
from kanfa.publication import Publication
from kanfa.release.files import fill_folder

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"})
"""Names of files that are copied; what is in them is judged when the issue is read."""


@dataclass(slots=True)
class _Pictures:
    """Finds the pictures of one foreign file and names them beside the new issue."""

    folder: Path
    """Of the foreign file; pictures are looked for in it, and in `site`."""
    site: Path | None
    files: dict[str, bytes] = field(default_factory=dict)
    names: dict[Path, str] = field(default_factory=dict)

    def find(self, written: str) -> str | None:
        """The path beside the new issue, or None when no picture lies where `written` leads."""
        try:
            path = self._path(unquote(urlsplit(plain(written)).path))
        except ValueError:  # "//[": no address at all
            return None
        if path is None:
            return None
        if path not in self.names:
            stem = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in path.stem).strip("-")
            name, number = f"images/{stem or 'picture'}{path.suffix.lower()}", 1
            while name in self.files:
                number += 1
                name = f"images/{stem or 'picture'}-{number}{path.suffix.lower()}"
            self.names[path], self.files[name] = name, path.read_bytes()
        return self.names[path]

    def _path(self, written: str) -> Path | None:
        """A picture file inside the foreign file's folder or the site; never one outside."""
        roots = [root.resolve() for root in (self.folder, self.site) if root]
        starts = [self.folder] if not written.startswith("/") else []
        starts += [self.site / part for part in ("", "static", "source", "public", "assets")] if self.site else []
        for start in starts:
            try:
                path = (start / written.lstrip("/")).resolve()
                inside = any(path.is_relative_to(root) for root in roots)
                if inside and path.suffix.lower() in PICTURES and path.is_file() and path.stat().st_size <= MAX_BYTES:
                    return path
            except (OSError, ValueError, RuntimeError):  # a name that the system refuses, a loop of links
                continue
        return None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one import goes."""

    file: Path
    foreign: Foreign
    number: int
    folder: Path


def _places(files: tuple[Path, ...], wanted: int | None, publication: Publication) -> list[_Place]:
    """A number and a folder for each file, the earliest issue first; unreadable files are reported and left out."""
    understood: list[tuple[Path, Foreign]] = []
    failed = 0
    for file in files:
        try:
            understood.append((file, importing.understand(bytes_of(file), file.as_posix())))
        except KanfaError as error:
            if len(files) == 1:
                raise
            show_error(error)
            failed += 1
    if not understood:
        raise UsageError(f"none of the {failed} files can be read")
    taken = set(issue_files(publication))
    places: list[_Place] = []
    for index in importing.order([foreign for _, foreign in understood]):
        file, foreign = understood[index]
        number = wanted if wanted is not None else foreign.issue.number
        if number is None:
            number = max(taken, default=0) + 1
        if number > MAX_NUMBER:
            raise UsageError(f"{file}: an issue has a number of at most {MAX_NUMBER}; name a free one with --number")
        if other := next((place.file for place in places if place.number == number), None):
            raise UsageError(f"{file}: {other} is issue {number} too; import it by itself, with --number")
        if number in taken:
            raise UsageError(f"{file}: issue {number} exists already; name another one with --number")
        taken.add(number)
        places.append(_Place(file, foreign, number, publication.base / publication.content / f"{number:03d}"))
    return places


def _import(place: _Place, pictures: _Pictures, base: str) -> Imported:
    return importing.convert(place.foreign, number=place.number, base=base, found=pictures.find)


def _clear_drafts(publication: Publication) -> None:
    """Take away what an import left that was ended while it wrote: no issue, and nobody's work."""
    content = publication.base / publication.content
    for draft in sorted(content.glob(".*.new")):
        if draft.name[1:-4].isdecimal() and not draft.is_symlink():
            shutil.rmtree(draft, ignore_errors=True)


def _write(place: _Place, imported: Imported, pictures: _Pictures) -> None:
    """The whole folder at once, or nothing."""
    draft = place.folder.with_name(f".{place.folder.name}.new")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        fill_folder(draft, {"issue.md": imported.text.encode(), **pictures.files})
        draft.rename(place.folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise UsageError(f"{place.folder} cannot be written: {error.strerror}") from None


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--number", type=click.IntRange(0, 99_999), help="Number of the issue; with one FILE only.")
@click.option("--base", default="", metavar="ADDRESS", help="Where the foreign issue's relative links start from.")
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Root folder of the foreign site; pictures named from the root are looked for there.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be decided; write nothing.")
@lang_option
@json_option
def import_(  # noqa: PLR0917 - click passes every option by its name
    files: tuple[Path, ...],
    number: int | None,
    base: str,
    site: Path | None,
    dry_run: bool,
    lang: str | None,
    as_json: bool,
) -> int:
    """Bring foreign issues (Hugo, Jekyll, Zola, Pelican, bare Markdown) into this publication.

    Each FILE becomes a folder with issue.md and its pictures; every decision on the way is reported. Exit status 1
    when something of a FILE would be lost: that file is not written.
    """
    if number is not None and len(files) > 1:
        raise UsageError("--number names one issue; import one FILE with it")
    if base and not _is_web_address(base):
        raise UsageError(f"--base {base}: give a whole http(s) address, such as https://example.org/2024/post.html")
    publication = publication_here()
    language = language_of(publication, lang)
    documents: list[dict[str, object]] = []
    places = _places(files, number, publication)
    if not dry_run:
        _clear_drafts(publication)
    status = 0 if len(places) == len(files) else 2
    for place in places:
        pictures = _Pictures(place.file.parent, site)
        written = False
        try:
            imported = _import(place, pictures, base)
            if imported.complete and not dry_run:
                _write(place, imported, pictures)
                written = True
        except KanfaError as error:  # one that cannot be written must not keep the others out
            if len(files) == 1:
                raise
            show_error(error)
            status = error.exit_status
            continue
        status = max(status, 0 if imported.complete else 1)
        report = _report(place, imported)
        target = place.folder / "issue.md"
        documents.append({
            "file": str(place.file), "issue": str(target), "number": place.number, "written": written,
            "findings": translator(language).report(report).to_dict()["findings"],
        })  # fmt: skip
        if not as_json:
            print_findings(report, console(), language)
            click.echo(target if written else f"not written: {target}")
    if as_json:
        print_json(documents[0] if len(documents) == 1 else documents)
    return status


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and text.isprintable()
    except ValueError:  # brackets or a port that cannot be
        return False


def _report(place: _Place, imported: Imported) -> Report:
    lines = place.foreign.text.split("\n")
    file = place.file.as_posix()
    return Report(file, tuple(finding.located(file, lines) for finding in imported.findings))
