"""`kanfa render`: one output of an issue, without Prefect, to a file or standard output."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from kanfa import pipeline
from kanfa.cli.common import complete_issue, console, finding_text, language_of, printable
from kanfa.errors import UsageError
from kanfa.findings import Severity
from kanfa.formats import installed, maker_of
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


def further_parts(files: Mapping[str, bytes], name: str) -> list[bytes]:
    """What follows `name` where an issue is divided: `wechat-2.html`, `wechat-3.html` … for `wechat.html`."""
    found: list[bytes] = []
    while (following := _part(Path(name), len(found) + 2).name) in files:
        found.append(files[following])
    return found


def _part(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}-{number}{path.suffix}")


def _write_parts(parts: list[bytes], output: Path | None) -> None:
    """Every further part beside the first, and a line on standard error that says where they are."""
    if parts and output is None:
        told = f"this is part 1 of {len(parts) + 1}; name a file with -o FILE to have the others written beside it"
        click.echo(f"kanfa: {told}", err=True)
    for number, data in enumerate(parts, 2):
        if output is not None:
            _write(data, _part(output, number))
            click.echo(printable(f"kanfa: part {number} of {len(parts) + 1}: {_part(output, number)}"), err=True)


@click.command()
@click.argument("issue", shell_complete=complete_issue)
@click.option("--to", "output_name", required=True, metavar="OUTPUT", help="email, text, web, pdf, wechat or json.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
def render(issue: str, output_name: str, output: Path | None) -> int:
    """Render one output of ISSUE to FILE or standard output.

    What could not be read or shown as written goes to standard error; `kanfa check` says what the rules think of it.
    """
    format = None if output_name == "json" else maker_of(output_name)
    if format is None and output_name != "json":
        known = sorted(name for one in installed().values() for name in one.outputs)
        raise UsageError(f"there is no output {output_name}; there are: {', '.join([*known, 'json'])}")
    path, publication = resolve(issue)
    source = pipeline.read(path, publication, editorial=False)
    findings, parts = list(source.findings), list[bytes]()
    if format is None:
        from kanfa.issue.export import to_json

        data = to_json(source.issue).encode()
    else:
        artifact = pipeline.render_output(format, source.issue, publication, output_name)
        findings += pipeline.substitutes(artifact, source.issue, publication)
        name = format.outputs[output_name]
        data = artifact.files[name]
        parts = further_parts(artifact.files, name)
    _write(data, output)
    _write_parts(parts, output)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    for finding in errors:
        console(stderr=True).print(finding_text(finding, language_of(publication, None)), end="")
    return 0
