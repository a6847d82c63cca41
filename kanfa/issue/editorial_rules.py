"""The catalogue of findings about editorial lint, glossary and suppressions (ISS100–ISS132). Ids never change."""

from __future__ import annotations

from kanfa.findings import Rule

RULES: tuple[Rule, ...] = ()
