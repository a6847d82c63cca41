"""`kanfa check`: lint, render, check and compare; nothing is staged, Prefect is not needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import click

from kanfa import pipeline
from kanfa.cli.common import console, parse_waivers, print_findings, print_json, show_error, warn_of_overrides
from kanfa.errors import KanfaError
from kanfa.findings import Finding, Report, Severity
from kanfa.formats import installed
from kanfa.locate import resolve


def examine(reference: str, waivers: dict[str, str]) -> Report:
    """Everything the engine has to say about one issue."""
    path, publication = resolve(reference)
    warn_of_overrides(publication)
    source = pipeline.read(path, publication)
    produced = {name: pipeline.produce(format, source.issue, publication) for name, format in installed().items()}
    artifacts = {name: artifact for name, (artifact, _) in produced.items() if artifact is not None}
    findings = [finding for _, found in produced.values() for finding in found]
    return pipeline.compile_report(source, artifacts, findings, waivers)


def github_line(finding: Finding) -> str:
    """A workflow command for GitHub Actions; its own escapes for `%`, line ends, `,` and `:`."""

    def escaped(text: str, *, value: bool = False) -> str:
        text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return text.replace(":", "%3A").replace(",", "%2C") if value else text

    level = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}[finding.severity]
    place = f"file={escaped(finding.file, value=True)},line={finding.line},title={finding.rule.id}"
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
                "results": [
                    {
                        "ruleId": finding.rule.id,
                        "level": levels[finding.severity],
                        "message": {"text": finding.message},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": quote(finding.file)},
                                    "region": {"startLine": finding.line},
                                }
                            }
                        ],
                    }
                    for finding in findings
                ],
            }
        ],
    }


def _print_text(reports: list[Report]) -> None:
    for report in reports:
        print_findings(report, console())


def _print_json(reports: list[Report]) -> None:
    documents = [report.to_dict() for report in reports]
    print_json(documents[0] if len(documents) == 1 else documents)


def _print_github(reports: list[Report]) -> None:
    for report in reports:
        for finding in report.findings:
            click.echo(github_line(finding))


def _print_sarif(reports: list[Report]) -> None:
    click.echo(json.dumps(sarif(reports), ensure_ascii=False, indent=2))


PRINTERS: dict[str, Callable[[list[Report]], None]] = {
    "text": _print_text,
    "json": _print_json,
    "github": _print_github,
    "sarif": _print_sarif,
}


@click.command()
@click.argument("issues", nargs=-1, required=True, metavar="ISSUE...")
@click.option("--format", "form", type=click.Choice(list(PRINTERS)), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings refuse too.")
@click.option("--allow", multiple=True, metavar="RULE=REASON", help="Let one rule pass, with a reason.")
def check(issues: tuple[str, ...], form: str, strict: bool, allow: tuple[str, ...]) -> int:
    """Lint, render, check and compare issues; stage nothing.

    ISSUE is a number, “latest”, or a path to a Markdown file. Exit status 1 when an error (with --strict
    also a warning) was found.
    """
    waivers = parse_waivers(allow)
    reports, status = [], 0
    for reference in issues:
        try:
            reports.append(examine(reference, waivers))
        except KanfaError as error:  # one unreadable file must not hide what the others have
            show_error(error)
            status = error.exit_status
    if reports:
        PRINTERS[form](reports)
    worst = min((f.severity.rank for report in reports for f in report.findings), default=9)
    return max(status, 1 if worst <= (1 if strict else 0) else 0)
