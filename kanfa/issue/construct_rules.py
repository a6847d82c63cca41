"""The catalogue of findings about the constructs of the text: directives, formulas, ruby, task lists (ISS080–ISS089). Ids never change."""

from __future__ import annotations

from kanfa.findings import Rule

RULES: tuple[Rule, ...] = ()
