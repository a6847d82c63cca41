"""What `kanfa check --layout` adds: the browser that measures, and one line when it is missing or fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from kanfa import pipeline
from kanfa.cli.common import printable
from kanfa.errors import EnvironmentProblem
from kanfa.findings import Finding
from kanfa.formats import Artifact, Format
from kanfa.issue.model import Issue
from kanfa.publication import Publication

if TYPE_CHECKING:  # an optional extra
    from kanfa.browser import Browser


class Meter:
    """Measures artifacts for as long as its browser works; afterwards, and without one, it measures nothing."""

    def __init__(self, formats: Mapping[str, Format], browser: Browser | None = None) -> None:
        self._formats = {name: format for name, format in formats.items() if format.measure is not None}
        self._browser = browser

    def findings(
        self, artifacts: Mapping[str, Artifact], issue: Issue, publication: Publication
    ) -> dict[str, tuple[Finding, ...]]:
        """The layout findings about each artifact that could be measured, by format."""
        measured: dict[str, tuple[Finding, ...]] = {}
        for name, format in self._formats.items():
            if self._browser is None or name not in artifacts:
                continue
            try:
                measured[name] = pipeline.measure(format, artifacts[name], issue, publication, self._browser)
            except EnvironmentProblem as problem:
                self._browser = None
                self.tell(problem, issue.file)
        return measured

    def not_run(self, measured: Mapping[str, object]) -> tuple[str, ...]:
        """Ids of the rules that `measured`, by format, leaves unjudged."""
        missing = [format for name, format in self._formats.items() if name not in measured]
        return tuple(sorted(rule.id for format in missing for rule in format.measured))

    def tell(self, problem: EnvironmentProblem, place: str = "") -> None:
        """One line on standard error: the rules that do not run, from which issue on, why, and the cure."""
        names = ", ".join(f"{rule.id} {rule.name}" for format in self._formats.values() for rule in format.measured)
        where = f" (from {place} on)" if place else ""
        reason = str(problem.args[0])
        cure = f"; cure: {problem.cure}" if problem.cure else ""
        click.echo(f"kanfa: not run{where}: {names}: {printable(reason + cure)}", err=True)


@contextmanager
def metering(formats: Mapping[str, Format]) -> Iterator[Meter]:
    """A meter with a browser of its own; without one where the machine has none, which is said once."""
    from kanfa.browser import chromium

    with ExitStack() as stack:
        try:
            measuring = Meter(formats, stack.enter_context(chromium()))
        except EnvironmentProblem as problem:
            measuring = Meter(formats)
            measuring.tell(problem)
        yield measuring
