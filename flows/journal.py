"""What a run tells whoever watches it: its steps while they happen, then its report and its release.

What the user sees comes from here, never from Prefect's records. A command opens a journal and reads it
afterwards; a run that nobody watches, as on a worker, writes into one of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kanfa.errors import Refused

if TYPE_CHECKING:
    from kanfa.findings import Report
    from kanfa.release.store import Staged


@dataclass(slots=True)
class Step:
    """One piece of the engine's own work."""

    name: str
    """E.g. `read`, `render-pdf`, `stage`."""
    began: float
    """Monotonic clock, seconds."""
    ended: float | None = None
    error: str = ""
    """Why it failed, in one line; empty when it did not."""

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far."""
        return (time.monotonic() if self.ended is None else self.ended) - self.began


def _nobody(step: Step) -> None:
    """Nobody watches."""


@dataclass(slots=True)
class Journal:
    """The record of one run."""

    watcher: Callable[[Step], None] = _nobody
    """Called when a step begins and when it has ended, in the thread that does the work."""
    steps: list[Step] = field(default_factory=list)
    task_runs: int = 0
    """How many Prefect task runs the run has begun."""
    report: Report | None = None
    staged: Staged | None = None
    outcome: Any = None
    """What the deliver flow brought back."""
    refusal: Refused | None = None
    failures: dict[str, BaseException] = field(default_factory=dict)
    """By format: why it has no artifact, or why its checks could not run."""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure the engine's work in the block."""
        step = Step(name, time.monotonic())
        self.steps.append(step)
        self.watcher(step)
        try:
            yield
        except BaseException as error:
            # a refusal is told in full at the end
            refused = isinstance(error, Refused)
            step.error = "refused" if refused else (str(error) or type(error).__name__).splitlines()[0]
            raise
        finally:
            step.ended = time.monotonic()
            self.watcher(step)

    def timings(self) -> dict[str, float]:
        """Seconds by step, in the order in which they began. Steps of different formats run side by side."""
        return {step.name: round(step.seconds, 3) for step in self.steps}

    def own_work(self) -> float:
        """Seconds in which at least one step was running; what a run took beyond them is Prefect's."""
        total, reached = 0.0, float("-inf")
        for step in sorted(self.steps, key=lambda step: step.began):
            ended = step.began + step.seconds
            total += max(0.0, ended - max(step.began, reached))
            reached = max(reached, ended)
        return total


_current: ContextVar[Journal] = ContextVar("journal")


@contextmanager
def opened(journal: Journal) -> Iterator[Journal]:
    """Let the runs started in the block write into `journal`."""
    token = _current.set(journal)
    try:
        yield journal
    finally:
        _current.reset(token)


def current() -> Journal:
    """The journal of this run; a fresh one that nobody reads when none was opened."""
    journal = _current.get(None)
    if journal is None:
        journal = Journal()
        _current.set(journal)
    return journal
