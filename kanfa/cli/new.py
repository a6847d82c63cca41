"""`kanfa new`: the next issue's folder, with its front matter filled in."""

from __future__ import annotations

import datetime

import click
import yaml

from kanfa import pipeline
from kanfa.errors import SourceError, UsageError
from kanfa.locate import issue_files, publication_here
from kanfa.publication import Publication

BACK_ISSUES = 8
"""How many earlier issues the front matter lists."""


def _previous(publication: Publication) -> list[dict[str, object]]:
    """The latest issues, newest first, with title and public address; the specimen (number 0) is none."""
    found: list[dict[str, object]] = []
    for number, path in reversed(issue_files(publication).items()):
        if number == 0 or len(found) == BACK_ISSUES:
            break
        try:
            issue = pipeline.read(path, publication).issue
        except SourceError:
            continue  # a broken back issue is that issue's own finding, not a reason to refuse a new one
        found.append({"number": number, "title": issue.title, "url": publication.issue_url(issue.slug)})
    return found


@click.command()
@click.argument("title")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Date of the issue; today when left out.")
def new(title: str, date: datetime.datetime | None) -> None:
    """Make the next issue's folder for TITLE and print the path of its issue.md."""
    if not title.strip() or any(not char.isprintable() for char in title):
        raise UsageError("TITLE is one line of text")
    publication = publication_here()
    number = max(issue_files(publication), default=0) + 1
    folder = publication.base / publication.content / f"{number:03d}"
    fields = {
        "number": number,
        "title": title.strip(),
        "date": (date or datetime.datetime.now().astimezone()).date(),
        "summary": "",
        "authors": [],
        "editors": [],
        "keywords": [],
        "previous": _previous(publication),
    }
    front = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000)
    path = folder / "issue.md"
    try:
        (folder / "images").mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(f"---\n{front}---\n\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    click.echo(path)
