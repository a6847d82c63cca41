"""The terminal as rich writes to it."""

from __future__ import annotations

from rich.console import Console


class Terminal(Console):
    """rich ends the process with status 1 when its reader goes away; that would read as “refused”."""

    def on_broken_pipe(self) -> None:
        """Pass the fault on to `main`, which ends the command quietly."""
        raise BrokenPipeError
