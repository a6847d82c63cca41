"""`kanfa links`: ask every web address of issues whether it still answers."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

import click
from rich.progress import Progress, TextColumn

from kanfa import pipeline
from kanfa.cli.check import PRINTERS, Examined
from kanfa.cli.common import complete_issue, console, lang_option, language_of, printable, show_error
from kanfa.desk import cache
from kanfa.desk.fetch import Fetcher, agent_of
from kanfa.desk.links import Answer, Survey, looks_offline
from kanfa.desk.lockfile import read_lock
from kanfa.desk.verdicts import Occurrence, occurrences, questions, report_of, summary
from kanfa.errors import EnvironmentProblem, KanfaError
from kanfa.findings import Severity
from kanfa.issue.model import Issue
from kanfa.locate import resolve
from kanfa.publication import Publication


@dataclass(frozen=True, slots=True)
class Wanted:
    """One issue whose links are asked for."""

    issue: Issue
    publication: Publication
    places: list[Occurrence]


def fetcher_for(publication: Publication) -> Fetcher:
    """The client that asks in the publication's name; tests put another one in its place."""
    return Fetcher(agent_of(publication), timeout=publication.links.timeout)


@click.command()
@click.argument("issues", nargs=-1, required=True, metavar="ISSUE...", shell_complete=complete_issue)
@click.option("--format", "form", type=click.Choice(list(PRINTERS)), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@lang_option
@click.option("--fragments", is_flag=True, help="Look on each page for the place behind the #.")
@click.option(
    "--since-cache",
    type=click.IntRange(0, 365),
    metavar="DAYS",
    help="Trust good answers of so many days; [links] expires when left out.",
)
@click.option("--refresh", is_flag=True, help="Ask every address anew.")
def links(  # noqa: PLR0917 - click passes every option by its name
    issues: tuple[str, ...],
    form: str,
    as_json: bool,
    lang: str | None,
    fragments: bool,
    since_cache: int | None,
    refresh: bool,
) -> int:
    """Ask every web address of issues whether it still answers.

    ISSUE is a number, “latest”, or a path to a Markdown file. Each address is asked once, gently; good answers
    are remembered. Exit status 1 when a link is dead or leads into a private network.
    """
    wanted, status = [], 0
    for reference in issues:
        try:
            wanted.append(_wanted(reference))
        except KanfaError as error:  # one unreadable file must not hide what the others have
            show_error(error)
            status = error.exit_status
    examined: list[Examined] = []
    for publication, group in _by_publication(wanted):
        days = 0 if refresh else publication.links.expires if since_cache is None else since_cache
        answers = _answers(publication, group, days, fragments=fragments)
        language = language_of(publication, lang)
        examined += [Examined(report_of(one.issue, one.places, answers), language) for one in group]
    if examined:
        PRINTERS["json" if as_json else form](examined)
    worst = min((finding.severity.rank for one in examined for finding in one.report.findings), default=9)
    return max(status, 1 if worst == Severity.ERROR.rank else 0)


def _wanted(reference: str) -> Wanted:
    path, publication = resolve(reference)
    issue = pipeline.read(path, publication).issue
    return Wanted(issue, publication, occurrences(issue, read_lock(path.resolve().parent)))


def _by_publication(wanted: list[Wanted]) -> list[tuple[Publication, list[Wanted]]]:
    """The issues of each publication together: an address that several have is asked once."""
    groups: dict[str, tuple[Publication, list[Wanted]]] = {}
    for one in wanted:
        groups.setdefault(str(one.publication.root), (one.publication, []))[1].append(one)
    return list(groups.values())


def _answers(publication: Publication, group: list[Wanted], days: int, *, fragments: bool) -> Mapping[str, Answer]:
    """An answer for every address of the group: from the cache, else from its server. Says what it does on stderr."""
    asked = questions((place for one in group for place in one.places), fragments=fragments)
    now = datetime.datetime.now(datetime.UTC)
    path = cache.path_of(publication)
    memory = cache.load(path)
    known = {
        address: answer
        for address, places in asked.items()
        if not places and (answer := cache.recall(memory, address, now, days)) is not None
    }
    fresh = asyncio.run(_ask(publication, {address: asked[address] for address in asked if address not in known}))
    if looks_offline(fresh):
        control = dict.fromkeys(list(known)[:1], ())  # one that answered lately shows whether the network is there
        if not control or looks_offline(fresh | asyncio.run(_ask(publication, control))):
            raise EnvironmentProblem(
                "no name of a host could be resolved, so no link was asked",
                "connect this machine to the network, or name its proxy in HTTPS_PROXY",
            )
    try:
        cache.save(path, fresh, now)
    except OSError as error:
        click.echo(f"kanfa: the answers cannot be kept in {path}: {error.strerror}", err=True)
    answers = {address: known.get(address) or fresh[address] for address in asked}
    click.echo(f"kanfa: {summary(answers, len(known))}", err=True)
    return answers


async def _ask(publication: Publication, asked: Mapping[str, Collection[str]]) -> dict[str, Answer]:
    if not asked:
        return {}
    target = console(stderr=True)
    columns = (TextColumn("{task.completed}/{task.total}"), TextColumn("{task.description}"))
    shown = Progress(*columns, console=target, transient=True) if target.is_terminal else None
    if shown is None:
        click.echo(f"kanfa: asking {len(asked)} address{'' if len(asked) == 1 else 'es'}", err=True)
    async with fetcher_for(publication) as fetcher:
        with shown or nullcontext():
            task = shown.add_task("", total=len(asked)) if shown else None

            def tell(address: str, answer: Answer) -> None:
                if shown is not None and task is not None:
                    shown.update(task, advance=1, description=printable(f"{answer.status}  {address[:80]}"))

            return await Survey(fetcher, publication.links).ask(asked, tell)
