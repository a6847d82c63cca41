"""`kanfa rules`: the catalogue of every installed rule, or one rule in full."""

from __future__ import annotations

import click
from rich.table import Table
from rich.text import Text

from kanfa.cli.common import COLOURS, console, json_option, print_json
from kanfa.errors import UsageError
from kanfa.formats import installed
from kanfa.pipeline import catalogue


@click.command()
@click.argument("rule", required=False)
@json_option
def rules(rule: str | None, as_json: bool) -> None:
    """List the rules, or explain RULE: its severity, reason, source and cure."""
    known = catalogue(installed().values())
    if rule is not None and rule.upper() not in known:
        raise UsageError(f"there is no rule {rule}; `kanfa rules` lists them")
    chosen = [known[rule.upper()]] if rule else list(known.values())
    if as_json:
        fields = ("id", "name", "severity", "reason", "source", "cure")
        documents = [{field: str(getattr(one, field)) for field in fields} for one in chosen]
        print_json(documents[0] if rule else documents)
        return
    target = console()
    if rule:
        one = chosen[0]
        target.print(Text(f"{one.id} {one.name}", "bold"), Text(str(one.severity), COLOURS[one.severity]))
        for label, words in (("why", one.reason), ("source", one.source), ("cure", one.cure)):
            target.print(Text(f"  {label + ':':8}", "dim") + Text(words))
        return
    table = Table("rule", "severity", "name", "why", box=None, pad_edge=False)
    for one in chosen:
        table.add_row(one.id, Text(str(one.severity), COLOURS[one.severity]), one.name, one.reason)
    target.print(table)
