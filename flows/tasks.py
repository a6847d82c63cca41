"""What every task has in common: the one place that knows Prefect's task options.

A task is one pure function of the engine. It runs on a thread of its own while the flow's event loop stays free,
so a run can be stopped at any moment. Nothing is cached (the release's digest is the cache) and no result is stored.
"""

from __future__ import annotations

import asyncio
import datetime
import getpass
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from pydantic import JsonValue

from flows import journal

T = TypeVar("T")


class Parcel(Generic[T]):
    """A value on its way from task to task, closed to Prefect.

    Prefect walks through every container, dataclass and model among a task's arguments and results in search of
    other tasks' results. It does not look into a parcel; it does recognise the parcel itself, so the UI still
    draws which task depends on which.
    """

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value


@dataclass(frozen=True, slots=True)
class EngineTask(Generic[T]):
    """A task that can be awaited: `await render("render-pdf", Parcel(format), source)`.

    The first argument names the task run; parcels are opened on the way in. `after` names results that the
    function is not given although it builds on them, for the graph in the UI.
    """

    run: Callable[..., Awaitable[Parcel[T]]]

    def __call__(
        self, step: str, *arguments: Parcel[Any], after: Sequence[Parcel[Any]] = (), **named: Parcel[Any]
    ) -> Awaitable[Parcel[T]]:
        return self.run(step, arguments, after, named)


def engine_task(function: Callable[..., T], name: str, **options: Any) -> EngineTask[T]:
    """Make a task of a pure function; `options` are Prefect's, for the few tasks that differ from the rest."""

    async def work(
        step: str, arguments: tuple[Parcel[Any], ...], _after: Sequence[Parcel[Any]], named: dict[str, Parcel[Any]]
    ) -> Parcel[T]:
        notes = journal.current()
        notes.task_runs += 1

        def measured() -> T:
            with notes.step(step):
                return function(
                    *(argument.value for argument in arguments), **{key: parcel.value for key, parcel in named.items()}
                )

        return Parcel(await asyncio.to_thread(measured))

    work.__doc__ = function.__doc__
    defaults: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "task_run_name": "{step}"}
    return EngineTask(Task(work, name=name, **(defaults | options)))


def form(position: int, title: str, description: str) -> dict[str, JsonValue]:
    """How a flow's parameter shows in the UI's form.

    Prefect overwrites a field's own title with the parameter's name (3.8.8), but not what stands here.
    """
    return {"position": position, "title": title, "description": description}


def now() -> datetime.datetime:
    """The clock of the flows; the engine is always handed one."""
    return datetime.datetime.now(datetime.UTC)


def user() -> str:
    """Who runs this process, for the ledger: a record, not a proof."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
