"""`kanfa check`: lint, render, check and compare; nothing is staged, Prefect is not needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from urllib.parse import quote

import click

from kanfa import pipeline
from kanfa.cli.common import (
    complete_issue,
    console,
    lang_option,
    language_of,
    parse_waivers,
    print_findings,
    print_json,
    show_error,
    warn_of_idle_settings,
)
from kanfa.cli.measuring import Meter, metering
from kanfa.desk.since import new_findings, version_at
from kanfa.errors import KanfaError, SourceError
from kanfa.findings import Finding, Report, Severity
from kanfa.formats import Format, installed
from kanfa.locate import publication_here, resolve
from kanfa.messages import translator
from kanfa.publication import Publication


@dataclass(frozen=True, slots=True)
class Examined:
    """The report on one issue, and the language to show it in."""

    report: Report
    language: str


def examine(
    reference: str,
    waivers: dict[str, str],
    language: str | None = None,
    since: str | None = None,
    meter: Meter | None = None,
) -> Examined:
    """Everything the engine has to say about one issue; with `since` only what was not there in that revision.

    With `meter` the layout is measured too.
    """
    path, publication = resolve(reference)
    warn_of_idle_settings(publication)
    report = _report(pipeline.read(path, publication), publication, waivers, meter)
    if since is not None and (before := version_at(path, since)) is not None:
        try:
            old = pipeline.read_version(before, path, publication)
            known = _report(old, publication, waivers, meter).findings
        except SourceError:  # what could not be read then says nothing about now
            known = ()
        report = replace(report, findings=tuple(new_findings(report.findings, known)))
    return Examined(report, language_of(publication, language))


def _report(source: pipeline.Source, publication: Publication, waivers: dict[str, str], meter: Meter | None) -> Report:
    formats = installed()
    produced = {name: pipeline.produce(format, source.issue, publication) for name, format in formats.items()}
    artifacts = {name: artifact for name, (artifact, _) in produced.items() if artifact is not None}
    findings = [finding for _, found in produced.values() for finding in found]
    if meter is None:
        return pipeline.compile_report(source, artifacts, findings, waivers)
    measured = meter.findings(artifacts, source.issue, publication)
    findings += [finding for found in measured.values() for finding in found]
    report = pipeline.compile_report(source, artifacts, findings, waivers, measured)
    return replace(report, not_run=meter.not_run(measured))


def github_line(finding: Finding) -> str:
    """A workflow command for GitHub Actions; its own escapes for `%`, line ends, `,` and `:`."""

    def escaped(text: str, *, value: bool = False) -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if value else text

    level = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}[finding.severity]
    place = f"file={escaped(finding.file, value=True)},line={finding.line}"
    if finding.column:
        place += f",col={finding.column},endColumn={finding.column + len(finding.quote)}"
    place += f",title={finding.rule.id}"
    return f"::{level} {place}::{escaped(f'{finding.message} — {finding.rule.cure}')}"


def sarif(reports: list[Report]) -> dict[str, object]:
    """The reports as one SARIF 2.1.0 log."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    findings = [finding for report in reports for finding in report.findings]
    rules = {finding.rule.id: finding.rule for finding in findings}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "kanfa",
                        "rules": [
                            {
                                "id": rule.id,
                                "name": rule.name,
                                "shortDescription": {"text": rule.reason},
                                "help": {"text": rule.cure},
                            }
                            for rule in rules.values()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": finding.rule.id,
                        "level": levels[finding.severity],
                        "message": {"text": finding.message},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": _uri(finding.file)},
                                    "region": _region(finding),
                                }
                            }
                        ],
                    }
                    for finding in findings
                ],
            }
        ],
    }


def _uri(file: str) -> str:
    """The file as a URI reference; bytes of a name that are no UTF-8 are escaped like any others."""
    return quote(file.encode("utf-8", "surrogateescape"))


def _region(finding: Finding) -> dict[str, int]:
    """Where in the file: SARIF counts lines and columns from 1, the end column is the one after."""
    region = {"startLine": finding.line}
    if finding.column:
        region |= {"startColumn": finding.column, "endColumn": finding.column + len(finding.quote)}
    return region


def _print_text(examined: list[Examined]) -> None:
    for one in examined:
        print_findings(one.report, console(), one.language)


def _spoken(examined: list[Examined]) -> list[Report]:
    return [translator(one.language).report(one.report) for one in examined]


def _print_json(examined: list[Examined]) -> None:
    documents = [report.to_dict() for report in _spoken(examined)]
    print_json(documents[0] if len(documents) == 1 else documents)


def _print_github(examined: list[Examined]) -> None:
    for report in _spoken(examined):
        for finding in report.findings:
            click.echo(github_line(finding))


def _print_sarif(examined: list[Examined]) -> None:
    click.echo(json.dumps(sarif(_spoken(examined)), ensure_ascii=False, indent=2))


PRINTERS: dict[str, Callable[[list[Examined]], None]] = {
    "text": _print_text,
    "json": _print_json,
    "github": _print_github,
    "sarif": _print_sarif,
}


def _themes(references: tuple[str, ...], language: str | None, meter: Meter | None) -> list[Examined]:
    from kanfa.cli.themes import examine_themes

    publication = publication_here()
    spoken = language_of(publication, language)
    return [Examined(report, spoken) for report in examine_themes(references, publication, meter)]


def _measured_formats(theme: bool) -> dict[str, Format]:
    """The formats whose layout is asked for: a theme is one of the WeChat article."""
    formats = dict(installed())
    return {name: format for name, format in formats.items() if name == "wechat"} if theme else formats


@click.command()
@click.argument("issues", nargs=-1, metavar="ISSUE...", shell_complete=complete_issue)
@click.option("--format", "form", type=click.Choice(list(PRINTERS)), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings refuse too.")
@click.option("--since", metavar="REV", help="Only findings that are new since this git revision.")
@click.option("--layout", is_flag=True, help="Measure the layout in Chromium too; needs the extra “browser”.")
@click.option(
    "--theme", is_flag=True, help="Judge WeChat themes by name or CSS file instead of issues; all when none is named."
)
@lang_option
@click.option("--allow", multiple=True, metavar="RULE=REASON", help="Let one rule pass, with a reason.")
def check(  # noqa: PLR0917 - click passes every option by its name
    issues: tuple[str, ...],
    form: str,
    strict: bool,
    since: str | None,
    layout: bool,
    theme: bool,
    lang: str | None,
    allow: tuple[str, ...],
) -> int:
    """Lint, render, check and compare issues; stage nothing.

    ISSUE is a number, “latest”, or a path to a Markdown file. Exit status 1 when an error (with --strict
    also a warning) was found. With --layout, rules that cannot run for want of a browser are named on standard
    error, and the others decide. With --theme, ISSUE is a theme's name or a CSS file.
    """
    if not issues and not theme:
        raise click.UsageError("name an issue: its number, “latest”, or a Markdown file")
    waivers = parse_waivers(allow)
    examined: list[Examined] = []
    status = 0
    with metering(_measured_formats(theme)) if layout else nullcontext() as meter:
        if theme:
            examined, issues = _themes(issues, lang, meter), ()
        for reference in issues:
            try:
                examined.append(examine(reference, waivers, lang, since, meter))
            except KanfaError as error:  # one unreadable file must not hide what the others have
                show_error(error)
                status = error.exit_status
    if examined:
        PRINTERS[form](examined)
    worst = min((f.severity.rank for one in examined for f in one.report.findings if not f.waiver), default=9)
    return max(status, 1 if worst <= (1 if strict else 0) else 0)
