"""Findings in the reader's language.

The engine speaks English: a rule's reason and cure, a finding's message template. A catalogue holds, for each rule,
the same sentences in another language; nothing else in the engine knows that there is one. A sentence without a
translation stays English, so that a plug-in's rules work without any.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from kanfa.findings import Finding, Report, Rule

LANGUAGES = ("zh", "en")
"""Languages of messages; `en` is what the engine speaks by itself."""


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one rule in one language."""

    reason: str = ""
    cure: str = ""
    messages: Mapping[str, str] = field(default_factory=dict)
    """English template → template with the same fields."""


@dataclass(frozen=True, slots=True)
class Translator:
    """Puts findings, rules and reports into one language."""

    language: str
    words: Mapping[str, Words] = field(default_factory=dict, repr=False)
    """By rule id; empty for English."""

    def rule(self, rule: Rule) -> Rule:
        """The rule with its reason and cure in this language."""
        words = self.words.get(rule.id)
        return replace(rule, reason=words.reason or rule.reason, cure=words.cure or rule.cure) if words else rule

    def finding(self, finding: Finding) -> Finding:
        """The finding with its message, and its rule, in this language. Compare rules before, not after."""
        words = self.words.get(finding.rule.id)
        if words is None:
            return finding
        template = words.messages.get(finding.template, "")
        message = template.format_map(dict(finding.values)) if template else finding.message
        return replace(finding, rule=self.rule(finding.rule), message=message)

    def report(self, report: Report) -> Report:
        """The report with all its findings in this language."""
        return replace(report, findings=tuple(self.finding(finding) for finding in report.findings))


@cache
def translator(language: str) -> Translator:
    """The translator for a language tag (`zh-CN`, `zh`, `en-GB`): Chinese for `zh…`, English for every other one."""
    short = language.lower().partition("-")[0]
    return Translator(short, _catalogue(short)) if short == "zh" else Translator("en")


def _catalogue(language: str) -> dict[str, Words]:
    """Every file of the language's folder; a rule stands in exactly one of them."""
    found: dict[str, Words] = {}
    folder = files(__package__) / language
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            for rule, words in tomllib.loads(entry.read_text(encoding="utf-8")).items():
                found[rule] = Words(words.get("reason", ""), words.get("cure", ""), words.get("messages", {}))
    return found
