"""Findings are data: what a check has to say about an issue or an artifact.

A `Rule` never changes its id. A check yields `RULE.at(line, message)`; the pipeline adds the file and
the text of that line with `Finding.located`, so checks stay pure functions of values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

MAX_EXCERPT = 200
"""Characters of a source line that a finding quotes."""


class Severity(StrEnum):
    """How bad a finding is. Only `error` refuses a release."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for error, 1 for warning, 2 for info: sorts the worst first."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue that `kanfa rules` prints."""

    id: str
    """Stable id: ISS… (issue), EML…, PDF…, WX…, PAR… (parity), and two to four letters for other formats."""
    name: str
    """Short kebab-case name, for people."""
    severity: Severity
    reason: str
    """Why this is a fault: one line."""
    source: str
    """Where the rule comes from: an RFC, the vendor's chapter, caniemail, W3C clreq, our own policy."""
    cure: str
    """What the editor does about it: one line."""

    def at(self, line: int, template: str, /, *, element: str = "", quote: str = "", **values: str | int) -> Finding:
        """A finding of this rule at 1-based source `line` (1 when the fault has no line of its own).

        `template` is the message in English with a field in braces for each of `values`; without values it is the
        message as it stands. Translations are found by the template, so it must be a constant.
        `element` is a path within the artifact, where one is known. `quote` is the offending text exactly as the
        source line has it, where that is known: carets are set under it.
        """
        return Finding(
            rule=self,
            line=max(1, line),
            message=template.format_map(values) if values else template,
            element=element,
            quote=quote,
            template=template,
            values=tuple(values.items()),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place."""

    rule: Rule
    line: int
    message: str
    element: str = ""
    format: str = ""
    """Name of the format whose artifact is meant; empty for findings about the issue itself."""
    file: str = ""
    excerpt: str = ""
    waiver: str = ""
    """The reason with which an editor allowed this finding, or empty."""
    quote: str = ""
    """The offending text as the source line has it, or empty."""
    column: int = 0
    """1-based character of the source line where `quote` begins; 0 when unknown."""
    template: str = field(default="", repr=False, compare=False)
    """The message before its values were put in; translations are found by it."""
    values: tuple[tuple[str, str | int], ...] = field(default=(), repr=False, compare=False)
    """The values of the template's fields."""

    @property
    def severity(self) -> Severity:
        """The rule's severity; a waived error counts as a warning."""
        if self.waiver and self.rule.severity is Severity.ERROR:
            return Severity.WARNING
        return self.rule.severity

    def located(self, file: str, lines: Sequence[str], format: str = "") -> Finding:
        """The same finding with file, excerpt (of the source line), the column of its quote, and format."""
        text = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        column = text.find(self.quote) + 1 if self.quote else 0
        return replace(self, file=file, excerpt=_excerpt(text, column), column=column, format=self.format or format)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form that scripts rely on."""
        shown: dict[str, Any] = {
            "rule": self.rule.id,
            "severity": str(self.severity),
            "message": self.message,
            "format": self.format,
            "file": self.file,
            "line": self.line,
            "excerpt": self.excerpt,
            "cure": self.rule.cure,
        }
        if self.column:
            shown |= {"column": self.column, "end_column": self.column + len(self.quote)}
        if self.element:
            shown["element"] = self.element
        if self.waiver:
            shown["waiver"] = self.waiver
        return shown


def _excerpt(line: str, column: int) -> str:
    """At most `MAX_EXCERPT` characters of a source line: its beginning, or the part round `column`."""
    text = line.strip()
    start = max(0, column - 1 - (len(line) - len(line.lstrip())))
    if len(text) <= MAX_EXCERPT or start < MAX_EXCERPT // 2:
        return text[:MAX_EXCERPT]
    start = min(start - MAX_EXCERPT // 4, len(text) - MAX_EXCERPT)
    return f"…{text[start + 1 : start + MAX_EXCERPT]}"


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in reading order: by line, then the worst first, then by rule; equal ones once."""
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda f: (f.line, f.severity.rank, f.rule.id, f.format, f.message))


def waived(findings: Iterable[Finding], waivers: Mapping[str, str]) -> list[Finding]:
    """Mark the findings whose rule id is a key of `waivers` with the reason that stands there."""
    return [replace(f, waiver=waivers[f.rule.id]) if f.rule.id in waivers else f for f in findings]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found about one issue, and how large each output is."""

    issue: str
    """The issue's file, as findings name it."""
    findings: tuple[Finding, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Bytes of each output file by its name in the release."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """For each format `ok`, or why it has no artifact."""
    not_run: tuple[str, ...] | None = None
    """Ids of rules that were asked for and could not be judged; None when nothing beyond the usual was asked."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse a release."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def ok(self) -> bool:
        """Whether the issue may be staged."""
        return not self.errors

    def to_dict(self) -> dict[str, Any]:
        """The document `kanfa check --format json` prints."""
        shown: dict[str, Any] = {
            "issue": self.issue,
            "findings": [finding.to_dict() for finding in self.findings],
            "sizes": dict(self.sizes),
            "ok": self.ok,
        }
        if self.not_run is not None:
            shown["not_run"] = list(self.not_run)
        return shown
