"""`kanfa server`: the managed local Prefect server."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import click

from flows import api, owners
from flows import server as managed
from kanfa.cli.common import json_option, print_json
from kanfa.errors import Refused
from kanfa.locate import publication_here

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="The server's own folder; that of the publication when left out.",
)


def _home(home: Path | None) -> Path:
    return home if home is not None else managed.home_of(publication_here())


def say(message: str) -> None:
    """One line of progress on standard error."""
    click.echo(f"kanfa: {message}", err=True)


def close_lost_runs(url: str) -> list[str]:
    """Close the runs whose process is gone and say so. A server that refuses is told about, and nothing more."""
    try:
        lost = owners.close_lost_runs(url)
    except api.ApiError as error:
        say(f"runs that were killed cannot be looked for: {error}")
        return []
    for name in lost:
        say(f"the run {name} was killed; it is now recorded as Crashed")
    return lost


@click.group()
def server() -> None:
    """The local Prefect server: loopback only, a home of its own, a UI for the editor.

    `kanfa publish` starts it when needed; it stops itself after half an hour without use. It is not
    touched while PREFECT_API_URL names another server.
    """


@server.command()
@home_option
def start(home: Path | None) -> None:
    """Start the server, or find the one that runs; print its addresses."""
    handle = managed.ensure_server(_home(home), say)
    close_lost_runs(handle.url)
    click.echo(f"UI   {handle.ui}")
    click.echo(f"API  {api.shown(handle.url)}")
    if handle.pid is not None:
        click.echo(f"For Prefect's own commands:  export PREFECT_API_URL={handle.url}")


@server.command()
@home_option
@json_option
def status(home: Path | None, as_json: bool) -> int:
    """Say whether the server runs; exit status 1 when it does not. Starts nothing."""
    folder = _home(home)
    handle = managed.named_server() or managed.status(folder)
    lost = close_lost_runs(handle.url) if handle is not None else []
    if as_json:
        print_json(
            {
                "running": handle is not None,
                "url": api.shown(handle.url) if handle else None,
                "ui": handle.ui if handle else None,
                "pid": handle.pid if handle else None,
                "home": str(folder),
                "closed_runs": lost,
            }
        )
    elif handle is None:
        click.echo(f"no local Prefect server runs (home: {folder})")
    else:
        whose = f"process {handle.pid}, home {folder}" if handle.pid is not None else "named by PREFECT_API_URL"
        click.echo(f"the Prefect server runs: {handle.ui} ({whose})")
    return 0 if handle is not None else 1


@server.command()
@home_option
@click.option("--force", is_flag=True, help="Stop it even while a run is in progress.")
def stop(home: Path | None, force: bool) -> None:
    """Stop the local server. Its history stays; a server named by PREFECT_API_URL is left alone."""
    handle = managed.status(_home(home))
    if handle is not None and not force:
        busy = 0
        with contextlib.suppress(api.ApiError):  # it hangs: then nothing is in progress that could be saved
            close_lost_runs(handle.url)
            busy = owners.others_at_work(handle.url)
        if busy:
            words = f"{busy} run{'s are' if busy > 1 else ' is'} in progress"
            raise Refused(f"{words}; wait, or stop the server with --force")
    if managed.stop(_home(home), say):
        click.echo("the local Prefect server is stopped")
    else:
        click.echo("no local Prefect server was running")
    if os.environ.get("PREFECT_API_URL"):
        say("PREFECT_API_URL names another server; that one was not touched")
