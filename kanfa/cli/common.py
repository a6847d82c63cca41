"""What several commands share: finding issues and outboxes, printing findings, printing JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from kanfa.errors import KanfaError, UsageError
from kanfa.findings import Finding, Report, Severity
from kanfa.labels import is_chinese
from kanfa.messages import LANGUAGES, translator
from kanfa.publication import Publication

if TYPE_CHECKING:  # rich is imported by what prints with it: `kanfa render` mostly has nothing to print
    from rich.console import Console
    from rich.text import Text

COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


@dataclass(frozen=True, slots=True)
class Words:
    """What the command itself says round findings, in one language."""

    cure: str
    allowed: str
    colon: str
    comma: str
    nothing: str
    counts: Mapping[Severity, tuple[str, str]]
    """Words after a count: for one, and for more."""

    def counted(self, count: int, severity: Severity) -> str:
        """`2 errors`, `3 条提示`."""
        return f"{count} {self.counts[severity][count > 1]}"


WORDS = {
    "en": Words(
        "cure: ", "allowed: ", ": ", ", ", "no findings",
        {Severity.ERROR: ("error", "errors"), Severity.WARNING: ("warning", "warnings"),
         Severity.INFO: ("note", "notes")},
    ),
    "zh": Words(
        "改法：", "已放行：", "：", "，", "没有发现问题",
        {Severity.ERROR: ("个错误", "个错误"), Severity.WARNING: ("条警告", "条警告"),
         Severity.INFO: ("条提示", "条提示")},
    ),
}  # fmt: skip

lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help="Language of findings; the publication's own when left out.",
)


def language_of(publication: Publication, wanted: str | None) -> str:
    """The language that findings are shown in: the one asked for, else what the publication sets or speaks."""
    return wanted or publication.messages or publication.language


outbox_option = click.option(
    "--outbox",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the staged releases; the publication's own when left out.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON document.")


def complete_issue(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Numbers of the publication's issues and `latest` for the shell, and files."""
    from kanfa.locate import issue_files, publication_here

    try:
        known = [*map(str, issue_files(publication_here())), "latest"]
    except KanfaError:  # a broken kanfa.toml must not break the shell's line
        known = ["latest"]
    found = [CompletionItem(word) for word in known if word.startswith(incomplete)]
    # bash forgets what came before the word for “files too”
    return [CompletionItem(incomplete, type="file"), *found]


def warn_of_idle_settings(publication: Publication) -> None:
    """Name on standard error what the publication sets in vain: templates that nothing reads, rules that are none."""
    from kanfa.formats import installed
    from kanfa.pipeline import catalogue
    from kanfa.templating import unread_overrides

    folders = {folder for format in installed().values() for folder in format.templates} | {"archive", "report"}
    known = catalogue(installed().values()) if publication.lint.off else {}
    for rule in publication.lint.off:
        if rule not in known:
            click.echo(f"kanfa: lint.off in kanfa.toml names {printable(rule)}, and there is no such rule", err=True)
        elif known[rule].severity is Severity.ERROR:
            click.echo(f"kanfa: lint.off in kanfa.toml names {rule}; an error cannot be switched off", err=True)
    for name, meant in unread_overrides(publication, folders):
        hint = f"; did you mean templates/{meant}?" if meant else ""
        click.echo(f"kanfa: templates/{printable(name)} overrides nothing: no format reads it{hint}", err=True)


def console(stderr: bool = False) -> Console:
    """A console that interprets nothing, and wraps nothing that goes to a file or pipe."""
    from kanfa.cli.terminal import Terminal

    found = Terminal(stderr=stderr, highlight=False, emoji=False, markup=False, soft_wrap=True)
    if not found.is_terminal:
        found.width = 10_000  # tables know no soft wrap
    return found


def finding_text(finding: Finding, language: str = "en") -> Text:
    """One finding as a compiler would show it: place, message, source line with carets under the fault, cure.

    Severity words stay English in every language: editors and CI match on them.
    """
    from rich.cells import cell_len
    from rich.text import Text

    words = WORDS["zh" if is_chinese(language) else "en"]
    finding = translator(language).finding(finding)
    column = f"{finding.column}:" if finding.column else ""
    text = Text()
    text.append(f"{printable(finding.file)}:{finding.line}:{column} ", "bold")
    text.append(f"{finding.severity}", COLOURS[finding.severity])
    text.append(f" {finding.rule.id}" + (f" [{finding.format}]" if finding.format else ""), "bold")
    text.append(f" {printable(finding.message)}\n")
    if finding.excerpt:
        shown = printable(finding.excerpt).replace("\t", " ")
        text.append(f"  {finding.line:>5} │ {shown}\n", "dim")
        quote = printable(finding.quote).replace("\t", " ")
        at = shown.find(quote) if finding.column and quote else -1
        if at >= 0:
            text.append("        │ ", "dim")
            text.append(" " * cell_len(shown[:at]) + "^" * max(1, cell_len(quote)) + "\n", COLOURS[finding.severity])
    if finding.waiver:
        text.append(f"        {words.allowed}{printable(finding.waiver)}\n", "magenta")
    elif finding.severity is not Severity.INFO:
        text.append(f"        {words.cure}{finding.rule.cure}\n", "green")
    return text


def printable(text: str) -> str:
    """`text` without control characters: an issue must not steer the editor's terminal."""
    return "".join(char if char.isprintable() or char == "\t" else "�" for char in text)


def show_error(error: Exception) -> None:
    """One error on standard error, line by line without control characters."""
    shown = "\n".join(printable(line) for line in str(error).split("\n"))
    click.echo(f"kanfa: {shown}", err=True)


def print_findings(report: Report, target: Console, language: str = "en") -> None:
    """Every finding of a report, then a line that counts them."""
    for finding in report.findings:
        target.print(finding_text(finding, language), end="")
    target.print(summary(report, language))


def summary(report: Report, language: str = "en") -> str:
    """`2 errors, 1 warning, 3 notes`, or `no findings`; the same in Chinese."""
    words = WORDS["zh" if is_chinese(language) else "en"]
    counted = [
        words.counted(count, severity)
        for severity in Severity
        if (count := sum(1 for finding in report.findings if finding.severity is severity))
    ]
    return f"{printable(report.issue)}{words.colon}{words.comma.join(counted) or words.nothing}"


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
