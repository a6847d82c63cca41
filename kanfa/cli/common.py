"""What several commands share: finding issues and outboxes, printing findings, printing JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from kanfa.errors import UsageError
from kanfa.findings import Finding, Report, Severity
from kanfa.publication import Publication

COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

outbox_option = click.option(
    "--outbox",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the staged releases; the publication's own when left out.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON document.")


def warn_of_overrides(publication: Publication) -> None:
    """Name on standard error each template of the publication's own that nothing reads."""
    from kanfa.formats import installed
    from kanfa.templating import unread_overrides

    folders = {folder for format in installed().values() for folder in format.templates} | {"archive", "report"}
    for name, meant in unread_overrides(publication, folders):
        hint = f"; did you mean templates/{meant}?" if meant else ""
        click.echo(f"kanfa: templates/{printable(name)} overrides nothing: no format reads it{hint}", err=True)


class _Console(Console):
    """rich ends the process with status 1 when its reader goes away; that would read as “refused”."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(stderr: bool = False) -> Console:
    """A console that interprets nothing, and wraps nothing that goes to a file or pipe."""
    found = _Console(stderr=stderr, highlight=False, emoji=False, markup=False, soft_wrap=True)
    if not found.is_terminal:
        found.width = 10_000  # tables know no soft wrap
    return found


def finding_text(finding: Finding) -> Text:
    """One finding as a compiler would show it: place, message, source line, cure."""
    text = Text()
    text.append(f"{printable(finding.file)}:{finding.line}: ", "bold")
    text.append(f"{finding.severity}", COLOURS[finding.severity])
    text.append(f" {finding.rule.id}" + (f" [{finding.format}]" if finding.format else ""), "bold")
    text.append(f" {printable(finding.message)}\n")
    if finding.excerpt:
        text.append(f"  {finding.line:>5} │ {printable(finding.excerpt)}\n", "dim")
    if finding.waiver:
        text.append(f"        allowed: {printable(finding.waiver)}\n", "magenta")
    elif finding.severity is not Severity.INFO:
        text.append(f"        cure: {finding.rule.cure}\n", "green")
    return text


def printable(text: str) -> str:
    """`text` without control characters: an issue must not steer the editor's terminal."""
    return "".join(char if char.isprintable() or char == "\t" else "�" for char in text)


def show_error(error: Exception) -> None:
    """One error on standard error, line by line without control characters."""
    shown = "\n".join(printable(line) for line in str(error).split("\n"))
    click.echo(f"kanfa: {shown}", err=True)


def print_findings(report: Report, target: Console) -> None:
    """Every finding of a report, then a line that counts them."""
    for finding in report.findings:
        target.print(finding_text(finding), end="")
    target.print(summary(report))


def summary(report: Report) -> str:
    """`2 errors, 1 warning, 3 notes`, or `no findings`."""
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    counted = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for severity, word in words.items()
        if (count := sum(1 for finding in report.findings if finding.severity is severity))
    ]
    return f"{printable(report.issue)}: {', '.join(counted) or 'no findings'}"


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def parse_waivers(values: tuple[str, ...]) -> dict[str, str]:
    """`--allow RULE=REASON` as a mapping; a waiver without a reason or with an unknown rule is refused."""
    from kanfa.formats import installed
    from kanfa.pipeline import catalogue

    waivers: dict[str, str] = {}
    known = catalogue(installed().values()) if values else {}
    for value in values:
        rule, _, reason = value.partition("=")
        if not reason.strip():
            raise UsageError(f"--allow {value}: give the reason, e.g. --allow {rule or 'ISS001'}='the link is right'")
        if rule not in known:
            raise UsageError(f"--allow {value}: there is no rule {rule}; `kanfa rules` lists them")
        waivers[rule] = reason.strip()
    return waivers
