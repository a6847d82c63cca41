"""`kanfa deliver`: hand an approved release to its channels."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from flows import server as managed
from flows.journal import Journal
from kanfa.cli.common import console, json_option, outbox_option, print_json, printable
from kanfa.cli.publish import Progress, Stopwatch, run_flow
from kanfa.locate import outbox_of, publication_here

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from kanfa.deliver.delivery import Delivery
    from kanfa.publication import Publication


def _rehearse(folder: Path, release: str, channels: tuple[str, ...], publication: Publication) -> list[Delivery]:
    """What a delivery would do. It changes nothing and records nothing, so it needs no Prefect."""
    from kanfa.cli.releases import now, person
    from kanfa.deliver.delivery import deliver as hand_over

    return hand_over(folder, release, channels, publication, now=now, who=person(), dry_run=True)


def _print_deliveries(done: list[Delivery]) -> None:
    target = console()
    for each in done:
        target.print(Text(f"{each.channel}: ", "bold").append(f"{each.state} → {printable(each.target)}", "green"))
        for line in (each.detail, *each.actions):
            target.print(Text(f"    {printable(line)}"))


@click.command()
@click.argument("release")
@click.option("--to", "channels", multiple=True, required=True, metavar="CHANNEL", help="May be given several times.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and do nothing.")
@click.option("--force", is_flag=True, help="Overwrite what people changed at the target; a copy is kept.")
@click.option("--stop-server", is_flag=True, help="Stop the local Prefect server afterwards (always so in CI).")
@outbox_option
@json_option
@click.pass_context
def deliver(  # noqa: PLR0917 - click passes every option by its name
    ctx: click.Context,
    release: str,
    channels: tuple[str, ...],
    dry_run: bool,
    force: bool,
    stop_server: bool,
    outbox: Path | None,
    as_json: bool,
) -> None:
    """Hand RELEASE (a digest, or its beginning) to its channels, once it is approved. Nothing is rendered again.

    Delivering twice does no harm: what is there already stays as it is. Exit status 1 when the release is not
    approved, was changed after it was staged, or a channel could not take it.
    """
    publication = publication_here()
    folder = outbox_of(publication, outbox)
    if dry_run:
        done = _rehearse(folder, release, channels, publication)
    else:
        progress = Progress()
        journal = Journal(progress.watch)

        def load() -> Callable[[], Coroutine[Any, Any, Any]]:
            from flows.deliver import deliver as flow

            # The refusal comes back in the journal; as a state it does not raise a second time.
            return partial(flow, release, channels, str(folder), force=force, return_state=True)

        state = run_flow(
            managed.home_of(publication),
            journal,
            load,
            watch=Stopwatch(),
            stop_after=stop_server,
            debug=bool((ctx.obj or {}).get("debug")),
            progress=progress,
        )
        if journal.refusal is not None:
            raise journal.refusal
        state.result()  # raises what else went wrong
        done = journal.outcome
    if as_json:
        rows = [
            {"channel": each.channel, "target": each.target, "state": str(each.state), "detail": each.detail}
            for each in done
        ]
        print_json(rows)
        return
    _print_deliveries(done)
