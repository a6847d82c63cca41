"""The catalogue of findings about declared sections and shorthands (ISS090–ISS099). Ids never change."""

from __future__ import annotations

from kanfa.findings import Rule

RULES: tuple[Rule, ...] = ()
