"""`kanfa fix`: show the safe changes to an issue's text, or make them."""

from __future__ import annotations

from collections import Counter

import click

from kanfa import pipeline
from kanfa.cli.common import printable
from kanfa.desk import fix as desk
from kanfa.errors import UsageError
from kanfa.locate import resolve


@click.command()
@click.argument("issue", metavar="ISSUE")
@click.option("--write", is_flag=True, help="Change the file; without it the changes are only shown.")
@click.option("--rule", "only", multiple=True, metavar="ID", help="Follow only this rule; may be given several times.")
def fix(issue: str, write: bool, only: tuple[str, ...]) -> int:
    """Show the safe changes to an issue as a diff; with --write make them.

    ISSUE is a number, “latest”, or a path to a Markdown file. Changed are half-width marks between Chinese
    characters, invisible characters, tracking parameters, names, doubled spaces, http where https is known;
    never code, marks of Markdown or anything that only an editor can judge.
    """
    known = {rule.id: rule for rule in desk.FIXABLE}
    wanted = [name.upper() for name in only]
    for name in wanted:
        if name not in known:
            raise UsageError(f"--rule {name}: no safe change is known for it; there are: {', '.join(sorted(known))}")
    path, publication = resolve(issue)
    data = pipeline.bytes_of(path)
    before = desk.text_of_file(data, path.as_posix())
    result = desk.fixed(before, f"{path.resolve().parent.name}/{path.resolve().name}", publication, wanted)
    for line in desk.difference(before, result.text, pipeline.shown_name(path, publication)).split("\n")[:-1]:
        click.secho(printable(line), fg={"+": "green", "-": "red", "@": "cyan"}.get(line[:1]))
    if write and result.edits:
        desk.write(path, data, result.text)
    counted = Counter(edit.rule for edit in result.edits)
    names = "、".join(f"{rule} {known[rule].name} ×{count}" for rule, count in sorted(counted.items()))
    done = "made" if write else "to make; --write makes them"
    count = len(result.edits)
    shown = f"{count} change{'s' if count > 1 else ''} {done}: {names}" if count else "nothing to change"
    click.echo(f"{printable(path.as_posix())}: {shown}", err=True)
    return 0
