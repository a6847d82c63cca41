"""`kanfa doctor`: what this machine has, what it lacks, and the one command that cures it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import click
from rich.table import Table
from rich.text import Text

from kanfa.cli.common import console, json_option, print_json
from kanfa.errors import EnvironmentProblem, KanfaError
from kanfa.formats import installed
from kanfa.locate import issue_files, publication_here


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    found: str
    ok: bool
    cure: str = ""


def _formats() -> Iterator[Row]:
    for name, format in installed().items():
        try:
            found = format.ready() if format.ready else {}
            tools = {tool: version(tool) for tool in format.tools}
        except EnvironmentProblem as problem:
            yield Row(f"format {name}", str(problem.args[0]), False, problem.cure)
        except PackageNotFoundError as problem:
            yield Row(f"format {name}", f"the package {problem.name} is missing", False, "make .venv/ready")
        else:
            known = ", ".join(f"{tool} {number}" for tool, number in {**tools, **found}.items())
            yield Row(f"format {name}", known or "ready", True)


def _browser() -> Row:
    """Chromium, which publishing does without: a machine that lacks it is ready all the same."""
    from kanfa import browser

    try:
        found = ", ".join(f"{tool} {number}" for tool, number in browser.check_environment().items())
    except EnvironmentProblem as problem:
        found = f"none: `kanfa shots` and layout checks are left out ({problem.cure} mends it)"
    return Row("browser", found, True)


def _server() -> Row:
    address = os.environ.get("PREFECT_API_URL")
    found = f"prefect {version('prefect')}; " + (
        f"server {address}" if address else "a local server is started when needed"
    )
    return Row("Prefect", found, True)


def _credentials() -> Row:
    """Which credentials the environment holds, never what they are; a channel that nobody uses needs none."""
    from kanfa.deliver.smtp import PASSWORD_VARIABLE, USER_VARIABLE
    from kanfa.wechat.api.tokens import APPID, SECRET

    needed = {"WeChat": (APPID, SECRET), "SMTP": (USER_VARIABLE, PASSWORD_VARIABLE)}
    found = []
    for name, variables in needed.items():
        lacking = [variable for variable in variables if not os.environ.get(variable, "").strip()]
        found.append(f"{name}: {'not set: ' + ', '.join(lacking) if lacking else 'present'}")
    return Row("credentials", "; ".join([*found, "the archive needs none"]), True)


def examine() -> list[Row]:
    """Every row of the table."""
    python = platform.python_version()
    rows = [Row("Python", python, sys.version_info >= (3, 11), "install Python 3.11 or newer")]
    rows += _formats()
    rows += [_browser(), _server()]
    try:
        publication = publication_here()
        issues = issue_files(publication)
        count = f"{len(issues)} issue{'' if len(issues) == 1 else 's'}"
        where = f"{publication.name}, {count}" if publication.root else "none here: neutral settings are used"
        rows.append(Row("publication", where, True))
    except KanfaError as error:
        rows.append(Row("publication", str(error), False, "mend kanfa.toml"))
    rows.append(_credentials())
    return rows


@click.command()
@json_option
def doctor(as_json: bool) -> int:
    """Say in one table whether this machine is ready. Exit status 2 when something is missing."""
    rows = examine()
    if as_json:
        fields = ("what", "ok", "found", "cure")
        print_json([{field: getattr(row, field) for field in fields} for row in rows])
    else:
        table = Table("", "part", "found", "cure", box=None, pad_edge=False)
        for row in rows:
            mark = Text("✓", "green") if row.ok else Text("✗", "bold red")
            table.add_row(mark, row.what, row.found, Text("" if row.ok else row.cure, "yellow"))
        console().print(table)
    return 0 if all(row.ok for row in rows) else 2
