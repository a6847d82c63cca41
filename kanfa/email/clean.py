"""Characters that no mail may carry are taken out of the tree before anything is written.

Control characters make Gmail cut a mail or reach the reader as boxes; U+FEFF and lone surrogates are
invisible or cannot be encoded. Nothing a reader could see is lost, and each place is a finding.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from kanfa.email.rules import CONTROL_CHARACTER
from kanfa.findings import Finding
from kanfa.issue.model import Asset, Issue

KEPT: Final = frozenset("\t\n")
NAMES_OF_FIELDS: Final = ("title", "short_title", "summary", "publisher", "language", "authors", "editors", "keywords")
TREES: Final = ("cover", "preamble", "sections", "notes", "references", "previous", "newer")


def is_forbidden(char: str) -> bool:
    """Whether no mail may hold the character: C0 and C1 controls but tab and line feed, U+FEFF,
    surrogates, and U+FFFE and U+FFFF, which XML forbids."""
    code = ord(char)
    control = (code < 0x20 and char not in KEPT) or 0x7F <= code <= 0x9F
    return control or code in {0xFEFF, 0xFFFE, 0xFFFF} or 0xD800 <= code <= 0xDFFF


class _Cleaner:
    """Rebuilds values without forbidden characters and notes where they stood."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def value(self, value: Any, line: int) -> Any:
        """`value` cleaned: text, tuples and tree nodes; anything else is returned as it is."""
        if isinstance(value, str):
            return self._text(value, line)
        if isinstance(value, tuple):
            return tuple(self.value(part, line) for part in value)
        if is_dataclass(value) and not isinstance(value, type | Asset):
            own = getattr(value, "line", line)
            changes = {field.name: self.value(getattr(value, field.name), own) for field in fields(value)}
            return replace(value, **changes)
        return value

    def _text(self, text: str, line: int) -> str:
        found = sorted({char for char in text if is_forbidden(char)})
        if not found:
            return text
        names = ", ".join(f"U+{ord(char):04X}" for char in found)
        message = "{names} cannot be sent by mail and was left out"
        self.findings.append(CONTROL_CHARACTER.at(line, message, quote=found[0], names=names))
        return "".join(char for char in text if not is_forbidden(char))


def cleaned(issue: Issue) -> tuple[Issue, list[Finding]]:
    """The issue without characters that no mail may carry, and one finding for each place that held some.

    An issue without such characters is returned as the very same value.
    """
    cleaner = _Cleaner()
    changes: dict[str, Any] = {}
    for name in NAMES_OF_FIELDS:
        changes[name] = cleaner.value(getattr(issue, name), issue.line_of(name))
    for name in TREES:
        changes[name] = cleaner.value(getattr(issue, name), issue.line_of(name))
    if not cleaner.findings:
        return issue, []
    return replace(issue, **changes), cleaner.findings
