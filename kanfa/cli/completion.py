"""`kanfa completion`: the script that lets a shell complete commands, options, issues and rule ids."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from kanfa.errors import UsageError

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the completion script for SHELL, e.g. `kanfa completion bash >> ~/.bashrc`."""
    from kanfa.cli import kanfa

    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"there is no completion for {shell}")
    click.echo(kind(kanfa, {}, "kanfa", "_KANFA_COMPLETE").source())
