"""`kanfa rules` and `kanfa explain`: the catalogue of every installed rule, or the page of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kanfa.cli.common import COLOURS, console, json_option, lang_option, language_of, print_json
from kanfa.errors import UsageError
from kanfa.findings import Rule, Severity
from kanfa.formats import installed
from kanfa.issue.suppress import LASTING
from kanfa.labels import is_chinese
from kanfa.locate import publication_here
from kanfa.messages import translator
from kanfa.pipeline import catalogue


@dataclass(frozen=True, slots=True)
class _Page:
    """The headings of a rule's page in one language."""

    why: str
    source: str
    cure: str
    says: str
    refuses: str
    passes: str
    allow: str
    related: str


_PAGES = {
    "en": _Page(
        "Why", "Source", "Cure", "It says", "Such a finding refuses a release.",
        "Such a finding refuses nothing (`kanfa check --strict` stops at warnings).",
        "To let it pass, with a reason", "Related rules",
    ),
    "zh": _Page(
        "为什么", "依据", "改法", "提示语", "出现这类问题，就不能发布。",
        "出现这类问题仍可发布（`kanfa check --strict` 会拦下警告）。",
        "确有理由时这样放行", "相近的规则",
    ),
}  # fmt: skip


def complete_rule(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Rule ids for the shell."""
    return [rule for rule in catalogue(installed().values()) if rule.startswith(incomplete.upper())]


def _found(known: dict[str, Rule], wanted: str) -> Rule:
    """The rule of that id or name; raises UsageError, with the nearest one, for any other word."""
    by_name = {rule.name: rule for rule in known.values()}
    rule = known.get(wanted.upper()) or by_name.get(wanted.lower())
    if rule is None:
        near = get_close_matches(wanted.upper(), known, 1) or get_close_matches(wanted.lower(), by_name, 1)
        hint = f"; did you mean {near[0]}?" if near else "; `kanfa rules` lists them"
        raise UsageError(f"there is no rule {wanted}{hint}")
    return rule


def _document(rule: Rule) -> dict[str, str]:
    return {name: str(getattr(rule, name)) for name in ("id", "name", "severity", "reason", "source", "cure")}


@click.command()
@click.argument("rule", required=False, shell_complete=complete_rule)
@lang_option
@json_option
def rules(rule: str | None, lang: str | None, as_json: bool) -> None:
    """List the rules, or explain RULE: its severity, reason, source and cure."""
    known = catalogue(installed().values())
    speaker = translator(language_of(publication_here(), lang))
    if rule is not None:
        one = _found(known, rule)
        if as_json:
            print_json(_document(speaker.rule(one)))
        else:
            _explain(one, known.values(), speaker.language)
        return
    chosen = [speaker.rule(one) for one in known.values()]
    if as_json:
        print_json([_document(one) for one in chosen])
        return
    table = Table("rule", "severity", "name", "why", box=None, pad_edge=False)
    for one in chosen:
        table.add_row(one.id, Text(str(one.severity), COLOURS[one.severity]), one.name, one.reason)
    console().print(table)


@click.command()
@click.argument("rule", shell_complete=complete_rule)
@lang_option
def explain(rule: str, lang: str | None) -> None:
    """The page of one RULE (its id or its name): why it exists, whence it comes, how to cure or allow it."""
    known = catalogue(installed().values())
    _explain(_found(known, rule), known.values(), translator(language_of(publication_here(), lang)).language)


def _explain(rule: Rule, known: Iterable[Rule], language: str) -> None:
    speaker, page = translator(language), _PAGES["zh" if is_chinese(language) else "en"]
    spoken, target = speaker.rule(rule), console()
    target.print(Text(f"{rule.id} {rule.name}  ", "bold") + Text(str(rule.severity), COLOURS[rule.severity]))
    _part(target, page.why, spoken.reason)
    _part(target, page.cure, spoken.cure)
    _part(target, page.source, spoken.source)
    templates = speaker.words[rule.id].messages.values() if rule.id in speaker.words else ()
    if templates:
        _part(target, page.says, *templates)
    refuses = rule.severity is Severity.ERROR
    _part(target, "", page.refuses if refuses else page.passes)
    comment = [] if rule.id in LASTING else [f"<!-- kanfa: allow {rule.id} because … -->"]
    _part(target, page.allow, *comment, f"kanfa publish 9 --allow {rule.id}='…'")
    family = [one for one in known if one is not rule and one.name.partition("-")[0] == rule.name.partition("-")[0]]
    if family:
        _part(target, page.related, *(f"{one.id} {one.name}: {speaker.rule(one).reason}" for one in family[:6]))


def _part(target: Console, heading: str, *lines: str) -> None:
    target.print()
    if heading:
        target.print(Text(heading, "bold"))
    for line in lines:
        target.print(Text(f"  {line}"))
