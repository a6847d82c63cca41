"""`kanfa render`: one output of an issue, without Prefect, to a file or standard output."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kanfa import pipeline
from kanfa.cli.common import complete_issue, console, finding_text, language_of
from kanfa.errors import UsageError
from kanfa.findings import Severity
from kanfa.formats import installed
from kanfa.locate import resolve


def _write(data: bytes, output: Path | None) -> None:
    if output is not None:
        try:
            output.write_bytes(data)
        except OSError as error:
            raise UsageError(f"{output} cannot be written: {error.strerror}") from None
    elif data.startswith(b"%PDF") and sys.stdout.isatty():
        raise UsageError("a PDF is not written to a terminal; name a file with -o FILE or redirect")
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@click.command()
@click.argument("issue", shell_complete=complete_issue)
@click.option("--to", "output_name", required=True, metavar="OUTPUT", help="email, text, web, pdf, wechat or json.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
def render(issue: str, output_name: str, output: Path | None) -> int:
    """Render one output of ISSUE to FILE or standard output; findings of the text go to standard error."""
    formats = installed()
    makers = {name: format for format in formats.values() for name in format.outputs}
    if output_name not in {*makers, "json"}:
        raise UsageError(f"there is no output {output_name}; there are: {', '.join([*sorted(makers), 'json'])}")
    path, publication = resolve(issue)
    source = pipeline.read(path, publication)
    findings = list(source.findings)
    if output_name == "json":
        from kanfa.issue.export import to_json

        data = to_json(source.issue).encode()
    else:
        format = makers[output_name]
        artifact = pipeline.render(format, source.issue, publication)
        findings += pipeline.check(format, artifact, source.issue, publication)
        data = artifact.files[format.outputs[output_name]]
    _write(data, output)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    for finding in errors:
        console(stderr=True).print(finding_text(finding, language_of(publication, None)), end="")
    return 0
