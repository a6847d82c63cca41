"""`kanfa shots`: what the readers of a release will see, on one contact sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kanfa.cli.common import outbox_option, printable
from kanfa.errors import Refused, UsageError
from kanfa.locate import outbox_of, publication_here

if TYPE_CHECKING:  # Pillow and the PDF library are imported when pictures are taken
    from kanfa.release.store import Verified
    from kanfa.shots.views import Shot


@click.command()
@click.argument("release")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The contact sheet's file (.png), or a folder for it; the current folder when left out.",
)
@click.option("--each", is_flag=True, help="Write every single picture too, in full, into a folder beside the sheet.")
@outbox_option
def shots(release: str, output: Path, each: bool, outbox: Path | None) -> None:
    """Take pictures of RELEASE as its readers will see it, and lay them out on one contact sheet.

    The mail on three widths, light and dark, without pictures and without style blocks; the WeChat article on two
    widths, light and dark; the pages of the PDF. Every byte is verified first; nothing is fetched, and the release
    stays as it is. Needs Chromium and the extra `browser`.
    """
    from kanfa.release.files import replace_file
    from kanfa.release.store import find_release, verify
    from kanfa.shots.sheet import Heading, contact_sheet, png
    from kanfa.shots.views import FORMATS

    verified = verify(find_release(outbox_of(publication_here(), outbox), release))
    known = verified.release
    sheet = sheet_path(output, f"{known.slug}-{known.digest}")
    left_out = tuple(sorted(set(verified.manifest.outcomes) - set(FORMATS)))
    for name in left_out:
        click.echo(f"kanfa: there is no picture of the format {printable(name)}; it is left out", err=True)
    taken = _taken(verified)
    heading = Heading(verified.manifest.issue.title, known.reference, left_out)
    files = {sheet: contact_sheet(taken, heading)}
    if each:
        files |= {sheet.with_suffix("") / f"{shot.name}.png": png(shot.picture) for shot in taken}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, data)
    except OSError as error:
        raise UsageError(f"{error.filename or sheet} cannot be written: {error.strerror}") from None
    click.echo(printable(str(sheet)))
    if each:
        click.echo(printable(f"{sheet.with_suffix('')}/  ({len(taken)} pictures)"))


def sheet_path(output: Path, name: str) -> Path:
    """Where the sheet goes: `output` itself when it ends in .png, else a file in that folder.

    Raises UsageError for another ending of a file that is there, or that looks like one of a picture.
    """
    if output.suffix.lower() == ".png" and not output.is_dir():
        return output
    if output.is_file() or output.suffix.lower() in {".jpg", ".jpeg", ".webp", ".gif", ".pdf", ".html"}:
        raise UsageError(f"{output} is no folder and does not end in .png; the contact sheet is a PNG")
    return output / f"{name}.png"


def _taken(verified: Verified) -> list[Shot]:
    """Every picture, with a line for each on standard error."""
    from kanfa.browser import chromium
    from kanfa.shots.views import FORMATS
    from kanfa.shots.views import shots as taken_of

    files = {name: verified.read(name) for name in verified.manifest.files}
    if not set(FORMATS.values()) & set(files):
        raise Refused(f"{verified.release.reference} holds no format that has pictures: {', '.join(FORMATS)}")
    taken = []
    with chromium() as browser:
        for shot in taken_of(browser, files):
            note = f"  ({shot.note})" if shot.note else ""
            click.echo(f"{shot.format:<7} {shot.label}{note}", err=True)
            taken.append(shot)
    return taken
