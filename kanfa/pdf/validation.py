"""The two standards, checked by page-validation, without its one known false alarm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PROFILES = ("3a", "ua1")
"""page-validation's names for PDF/A-3a and PDF/UA-1."""

STREAM = re.compile(rb"/Length (\d+)>>\nstream\n")
"""How pydyf begins a stream."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One clause of a standard that the file does not meet."""

    profile: str
    rule: str
    message: str


def failures(pdf: bytes) -> Iterator[Failure]:
    """Each rule of PDF/A-3a and PDF/UA-1 that fails, once.

    A file that is no PDF at all gives one failure with the rule `PARSE` for each profile, one that goes beyond what the
    validator will follow gives one with the rule `LIMIT`.
    """
    import page

    for profile in PROFILES:
        seen: set[str] = set()
        try:
            report = page.validate_pdf_bytes(pdf, profile=profile)
        except page.ParseError as error:
            yield Failure(profile, "PARSE", str(error))
            continue
        except page.SafetyLimitError as error:  # an outline or a tag tree of hundreds of levels
            yield Failure(profile, "LIMIT", f"cannot be validated: {error}")
            continue
        for failure in report.failures:
            rule = str(failure.rule_id)
            if rule in seen or _false_alarm(pdf, rule):
                continue
            seen.add(rule)
            yield Failure(profile, rule, str(failure.message))


def _false_alarm(pdf: bytes, rule: str) -> bool:
    """A compressed stream that ends in a carriage return is taken for a wrong Length; true if all are right."""
    return rule.endswith("STREAM-LENGTH-001") and all(
        pdf.startswith(b"\nendstream", match.end() + int(match[1])) for match in STREAM.finditer(pdf)
    )
