"""`kanfa publish`: run the Prefect flow, show its progress, print what came of it."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from flows import api, client, owners
from flows import server as managed
from flows.journal import Journal, Step, opened
from kanfa.cli.common import (
    complete_issue,
    console,
    json_option,
    lang_option,
    language_of,
    outbox_option,
    parse_waivers,
    print_findings,
    print_json,
    printable,
)
from kanfa.cli.server import close_lost_runs, say
from kanfa.errors import NotPublishable
from kanfa.locate import resolve
from kanfa.messages import translator

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from kanfa.findings import Report

PREFECT = "Prefect's bookkeeping"


@dataclass
class Stopwatch:
    """Where the time of one command went."""

    began: float = field(default_factory=time.monotonic)
    before: dict[str, float] = field(default_factory=dict)
    """Seconds of what came before the run: the server, Prefect's import."""

    @contextlib.contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Note the seconds of the block under `name`."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.before[name] = time.monotonic() - began

    def table(self, journal: Journal) -> dict[str, float]:
        """Seconds by name: before the run, each step, Prefect's share, the total.

        Prefect's share is the time of the run in which none of our own steps was under way.
        """
        total = time.monotonic() - self.began
        prefect = max(0.0, total - sum(self.before.values()) - journal.own_work())
        rows = self.before | journal.timings() | {PREFECT: prefect, "total": total}
        return {name: round(seconds, 3) for name, seconds in rows.items()}


class Progress:
    """Each step on standard error: a live line on a terminal, one finished line anywhere else."""

    def __init__(self) -> None:
        self.console = console(stderr=True)
        self.steps: list[Step] = []
        self._lock = threading.Lock()
        self._spinner = Spinner("dots")

    def watch(self, step: Step) -> None:
        """Called by the journal, from the threads that work."""
        with self._lock, contextlib.suppress(OSError, ValueError):  # nobody reads our progress: go on
            if step.ended is None:
                self.steps.append(step)
            elif not self.console.is_terminal:
                self.console.print(self._line(step))

    def _line(self, step: Step) -> Text:
        line = Text(f"{step.name:<16} {step.seconds:6.2f} s")
        if step.error:
            line.append(f"  {printable(step.error)[:200]}", "red")
        return line

    def _row(self, step: Step) -> Any:
        if step.ended is None:
            self._spinner.update(text=self._line(step))
            return self._spinner
        mark = Text("✗ " if step.error else "✓ ", "red" if step.error else "green")
        return mark.append_text(self._line(step))

    def __rich__(self) -> Group:
        return Group(*(self._row(step) for step in list(self.steps)))

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """Show the steps while the block runs."""
        if not self.console.is_terminal:
            yield
            return
        with Live(self, console=self.console, refresh_per_second=8):
            yield


def _print_formats(journal: Journal, report: Report) -> None:
    """Size and result of each format, on standard output."""
    table = Table("file", "bytes", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for name, size in report.sizes.items():
        table.add_row(name, f"{size:,}")
    target = console()
    target.print(table)
    results = dict(report.outcomes) | dict.fromkeys(journal.failures, "not made")
    for name, result in sorted(results.items()):
        target.print(Text(f"{name}: ").append(result, "green" if result == "ok" else "bold red"))


def _print_timings(timings: dict[str, float]) -> None:
    """The table “where the time went”, on standard error."""
    table = Table("where the time went", "seconds", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for name, seconds in timings.items():
        table.add_row(name, f"{seconds:.2f}", style="bold" if name == "total" else "")
    console(stderr=True).print(table)


def _document(journal: Journal, report: Report, timings: dict[str, float]) -> dict[str, Any]:
    """The JSON form of the result."""
    staged = journal.staged
    found = report.to_dict()
    return {
        "issue": report.issue,
        "digest": staged.digest if staged else None,
        "release": str(staged.path) if staged else None,
        "new": staged.new if staged else False,
        "ok": report.ok,
        "findings": found["findings"],
        "sizes": found["sizes"],
        "timings": timings,
    }


def _print_result(journal: Journal, report: Report, timings: dict[str, float], language: str) -> None:
    print_findings(report, console(), language)
    _print_formats(journal, report)
    _print_timings(timings)
    if journal.staged is None:
        click.echo("refused: nothing was staged")
    else:
        click.echo(f"{'staged' if journal.staged.new else 'already staged'}: {journal.staged.path}")
        click.echo(f"next: kanfa approve {journal.staged.digest} --by NAME")


def stop_server(handle: managed.ServerHandle, home: Path, journal: Journal) -> None:
    """Stop the managed server at the end of a command, once it has recorded what was sent to it."""
    try:
        busy = owners.others_at_work(handle.url)
        if not busy:
            client.flush()
            owners.settle(handle.url, journal.task_runs)
    except api.ApiError:
        busy = 0
    if busy:
        say(f"the local Prefect server stays: {busy} more run{'s' if busy > 1 else ''} in progress")
    else:
        managed.stop(home, say)


def run_flow(
    home: Path,
    journal: Journal,
    load: Callable[[], Callable[[], Coroutine[Any, Any, Any]]],
    *,
    watch: Stopwatch,
    stop_after: bool,
    debug: bool,
    progress: Progress,
) -> Any:
    """Run a flow against the server, found or started; stop it afterwards when asked, or in CI.

    `load` imports the flow and returns the call: the import of Prefect must wait for its settings.
    """
    try:
        with client.signals():
            with watch.measure("server"):
                handle = managed.ensure_server(home, say)
            # In CI nothing may outlive the job; a server that was there before is somebody else's.
            leaves = handle.pid is not None and (stop_after or (handle.started and _in_ci()))
            try:
                close_lost_runs(handle.url)
                with watch.measure("import of Prefect"):
                    client.prepare(handle, home, debug=debug)
                    import prefect

                    start = load()
                with opened(journal), progress.shown(), prefect.tags(owners.tag()):
                    return client.run(handle, start)
            finally:
                if leaves:
                    stop_server(handle, home, journal)
                client.end_soon()
    except client.Stopped as stopped:
        say("stopped; the run is recorded as Cancelled" if journal.steps else "stopped")
        client.leave(stopped.status)
    except Exception as error:
        if all(step.ended is not None for step in journal.steps):
            raise
        words = f"{type(error).__name__}: {error}".strip(": ")
        say(f"the run was given up while it still rendered: {printable(words)}")
        client.leave(2)


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}


@click.command()
@click.argument("issue", shell_complete=complete_issue)
@outbox_option
@click.option("--allow", multiple=True, metavar="RULE=REASON", help="Let one rule pass, with a reason.")
@lang_option
@click.option("--stop-server", is_flag=True, help="Stop the local Prefect server afterwards (always so in CI).")
@json_option
@click.pass_context
def publish(  # noqa: PLR0917 - click passes every option by its name
    ctx: click.Context,
    issue: str,
    outbox: Path | None,
    allow: tuple[str, ...],
    lang: str | None,
    stop_server: bool,
    as_json: bool,
) -> int:
    """Publish one issue: read, render every format, check, prove that nothing was lost, stage the release.

    ISSUE is a number, “latest”, or a path to a Markdown file. Exit status 1 when findings refuse it.
    """
    watch = Stopwatch()
    path, publication = resolve(issue)
    waivers = parse_waivers(allow)
    debug = bool((ctx.obj or {}).get("debug"))
    progress = Progress()
    journal = Journal(progress.watch)

    def load() -> Callable[[], Coroutine[Any, Any, str]]:
        from flows.publish import Waiver
        from flows.publish import publish as flow

        given = tuple(Waiver(rule=rule, reason=reason) for rule, reason in waivers.items())
        return partial(flow, str(path.resolve()), str(outbox.resolve()) if outbox else None, given)

    with contextlib.suppress(NotPublishable):
        run_flow(
            managed.home_of(publication),
            journal,
            load,
            watch=watch,
            stop_after=stop_server,
            debug=debug,
            progress=progress,
        )
    if debug:
        for failure in journal.failures.values():
            traceback.print_exception(failure)
    report = journal.report
    if report is None:
        raise NotPublishable("the run ended without a report")
    timings = watch.table(journal)
    language = language_of(publication, lang)
    if as_json:
        print_json(_document(journal, translator(language).report(report), timings))
    else:
        _print_result(journal, report, timings, language)
    return 0 if journal.staged is not None else 1
