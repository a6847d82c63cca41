"""The `kanfa` command: parses, calls, prints; no logic.

Each command lives in its own module and is imported only when it runs, so `kanfa rules` pays neither
for WeasyPrint nor for Prefect.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import sys
import traceback
from typing import Any

import click

from kanfa import __version__
from kanfa.cli.common import printable, show_error
from kanfa.errors import KanfaError

COMMANDS = {
    "publish": "kanfa.cli.publish:publish",
    "render": "kanfa.cli.render:render",
    "check": "kanfa.cli.check:check",
    "fix": "kanfa.cli.fix:fix",
    "links": "kanfa.cli.links:links",
    "images": "kanfa.cli.images:images",
    "new": "kanfa.cli.new:new",
    "import": "kanfa.cli.importing:import_",
    "releases": "kanfa.cli.releases:releases",
    "show": "kanfa.cli.releases:show",
    "shots": "kanfa.cli.shots:shots",
    "approve": "kanfa.cli.releases:approve",
    "deliver": "kanfa.cli.deliver:deliver",
    "send-test": "kanfa.cli.send_test:send_test",
    "wechat": "kanfa.cli.wechat:wechat",
    "server": "kanfa.cli.server:server",
    "rules": "kanfa.cli.rules:rules",
    "explain": "kanfa.cli.rules:explain",
    "completion": "kanfa.cli.completion:completion",
    "doctor": "kanfa.cli.doctor:doctor",
}
"""Command name → where it is defined, in the order of an editor's week."""


class LazyGroup(click.Group):
    """A group whose commands are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kanfa", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the Python traceback of an error.")
def kanfa(debug: bool) -> None:
    """刊发: one Markdown issue in; checked e-mail, PDF and WeChat article out.

    Exit status: 0 done; 1 refused because of findings or of the state of a release; 2 wrong usage,
    unreadable input or missing environment.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its status; the console script's entry."""
    words = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in words
    if arguments is None:  # this process runs one command: looking for garbage takes a tenth of a render and finds none
        gc.set_threshold(50_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that knows only ASCII still gets its answer
            stream.reconfigure(errors="backslashreplace")
    try:
        result: Any = kanfa.main(
            args=[word for word in words if word != "--debug"],
            prog_name="kanfa",
            standalone_mode=False,
            obj={"debug": debug},
        )
        status = result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        status = 130
    except KeyboardInterrupt:
        status = 130
    except click.ClickException as error:
        error.show()
        status = 2
    except BrokenPipeError:  # the reader of our output went away, as in `kanfa rules | head`
        sys.stderr.close()
        status = 0
    except KanfaError as error:
        if debug:
            traceback.print_exc()
        show_error(error)
        status = error.exit_status
    except OSError as error:
        if debug:
            traceback.print_exc()
        with contextlib.suppress(OSError):
            click.echo(f"kanfa: {printable(str(error))}", err=True)
        status = 2
    except Exception as error:  # noqa: BLE001 - a fault of ours; an editor gets one line, `--debug` the traceback
        if debug:
            traceback.print_exc()
        shown = " ".join(f"{type(error).__name__}: {error}".split())
        click.echo(
            f"kanfa: a fault in kanfa itself: {printable(shown[:400])} (`kanfa --debug …` shows where)", err=True
        )
        status = 2
    if arguments is None:
        gc.freeze()  # the interpreter would search all of it for cycles before it ends: a tenth of a short command
    sys.exit(status)
