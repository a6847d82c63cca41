"""`kanfa images`: pictures from the web, brought home before an issue is rendered."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from kanfa import pipeline
from kanfa.cli.common import complete_issue, console, printable
from kanfa.desk.fetch import Fetcher, agent_of
from kanfa.desk.pull import BAD, Outcome, State, pull, remote_pictures, verify
from kanfa.issue.model import Issue
from kanfa.locate import resolve
from kanfa.publication import Publication

COLOURS = {State.FAILED: "bold red", State.MISSING: "yellow", State.FETCHED: "green", State.UPDATED: "green"}


def fetcher_for(publication: Publication) -> Fetcher:
    """The client that asks in the publication's name; tests put another one in its place."""
    return Fetcher(agent_of(publication), timeout=publication.links.timeout)


@click.group()
def images() -> None:
    """Pictures from the web: kept beside the issue, so that rendering needs no network."""


@images.command("pull")
@click.argument("issue", shell_complete=complete_issue)
@click.option("--check", "only_check", is_flag=True, help="Compare issue, lock and files; ask nobody.")
@click.option("--update", is_flag=True, help="Ask again for what is here already.")
def pull_command(issue: str, only_check: bool, update: bool) -> int:
    """Fetch the pictures that ISSUE shows from the web into its folder, and note them in images.lock.

    ISSUE is a number, “latest”, or a path to a Markdown file, which stays as it is. No file is ever replaced by
    another picture. Exit status 1 when a picture could not be had or, with --check, is not as the lock says.
    """
    if only_check and update:
        raise click.UsageError("--check asks nobody, --update asks for everything: give one of them")
    path, publication = resolve(issue)
    found = pipeline.read(path, publication).issue
    folder = path.resolve().parent
    if only_check:
        outcomes = verify(found, folder)
        for outcome in outcomes:
            _print(outcome)
    else:
        outcomes = asyncio.run(_pull(found, folder, publication, update))
    bad = sum(outcome.state in BAD for outcome in outcomes)
    count = len(remote_pictures(found))
    ending = f", {bad} not as {'they' if bad > 1 else 'it'} should be" if bad else ""
    click.echo(f"{printable(found.file)}: {count or 'no'} picture{'' if count == 1 else 's'} from the web{ending}")
    return 1 if bad else 0


async def _pull(issue: Issue, folder: Path, publication: Publication, update: bool) -> list[Outcome]:
    outcomes = []
    async with fetcher_for(publication) as fetcher:
        async for outcome in pull(issue, folder, fetcher, update=update):
            _print(outcome)
            outcomes.append(outcome)
    return outcomes


def _print(outcome: Outcome) -> None:
    """One picture, one line."""
    place = f"{outcome.line:>5}  " if outcome.line else "    –  "
    words = [outcome.address]
    if outcome.entry:
        entry = outcome.entry
        words.insert(0, f"{entry.file}  {entry.width} × {entry.height}  {entry.size:,} bytes  ")
    if outcome.note:
        words.append(f" — {outcome.note}")
    target = console()
    target.print(place, end="", style="dim")
    target.print(f"{outcome.state!s:<12}", end="", style=COLOURS.get(outcome.state, ""))
    target.print(printable("".join(words)))
