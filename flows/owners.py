"""Whose run is it? Each run started by a command is tagged with the process it lives in.

When that process is killed, Prefect keeps the run in state Running for ever. The next command closes such runs.
"""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

from flows import api, processes

PREFIX = "owner"
_OPEN = ["RUNNING", "PENDING", "CANCELLING"]


def _host() -> str:
    """The name of the host and, where there is one, of the space in which its process numbers count.

    Containers may share a host's name but not its process numbers.
    """
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    digits = "".join(char for char in space if char.isdigit())
    return f"{socket.gethostname()}-{digits}".replace(":", "-")


def tag() -> str:
    """The tag of runs that live in this process: `owner:<host>:<pid>:<birth>`."""
    return f"{PREFIX}:{_host()}:{os.getpid()}:{processes.birth(os.getpid())}"


def is_gone(tags: list[str]) -> bool:
    """Whether one of `tags` names a process of this host that no longer runs."""
    for word in tags:
        parts = word.split(":")
        if len(parts) == 4 and parts[:2] == [PREFIX, _host()] and parts[2].isdigit():
            return not processes.is_alive(int(parts[2]), parts[3])
    return False


def _close(url: str, kind: str, run: str, name: str, message: str) -> None:
    state = {"type": name.upper(), "name": name, "message": message}
    api.post(url, f"/{kind}/{run}/set_state", {"state": state, "force": True})


def close_run(url: str, run: str, name: str, message: str) -> None:
    """Set the run and those of its tasks that are not finished to the final state `name`. Raises ApiError."""
    tasks = {"flow_runs": {"id": {"any_": [run]}}, "task_runs": {"state": {"type": {"any_": _OPEN}}}}
    for task in api.post(url, "/task_runs/filter", tasks):
        _close(url, "task_runs", task["id"], name, message)
    _close(url, "flow_runs", run, name, message)


def answers(url: str) -> bool:
    """Whether a server answers at `url`."""
    try:
        api.get(url, "/health")
    except api.ApiError:
        return False
    return True


def own_runs(url: str, states: list[str]) -> list[str]:
    """Ids of the runs of this process that are in one of the state types `states`. Raises ApiError."""
    wanted = {"flow_runs": {"tags": {"all_": [tag()]}, "state": {"type": {"any_": states}}}}
    return [run["id"] for run in api.post(url, "/flow_runs/filter", wanted)]


def close_own_runs(url: str, message: str) -> None:
    """Set this process's runs to Cancelled, those too that Prefect calls crashed. Raises ApiError."""
    for run in own_runs(url, [*_OPEN, "CRASHED"]):
        close_run(url, run, "Cancelled", message)


def settle(url: str, task_runs: int, patience: float = 5.0) -> None:
    """Wait until the server has recorded the end of `task_runs` task runs of this process.

    A server that is stopped earlier loses them: their states arrive as events, a little later than the run's.
    Raises ApiError.
    """
    final = ["COMPLETED", "FAILED", "CANCELLED", "CRASHED"]
    wanted = {"flow_runs": {"tags": {"all_": [tag()]}}, "task_runs": {"state": {"type": {"any_": final}}}}
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and api.post(url, "/task_runs/count", wanted) < task_runs:
        time.sleep(0.1)


def others_at_work(url: str) -> int:
    """How many runs of other processes are in progress. Raises ApiError."""
    wanted = {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}}
    return sum(1 for run in api.post(url, "/flow_runs/filter", wanted) if tag() not in run["tags"])


def close_lost_runs(url: str) -> list[str]:
    """Set runs whose process is gone to Crashed; returns their names. Raises ApiError."""
    wanted = {"flow_runs": {"state": {"type": {"any_": _OPEN}}}, "limit": 200}
    lost = [run for run in api.post(url, "/flow_runs/filter", wanted) if is_gone(run["tags"])]
    for run in lost:
        close_run(url, run["id"], "Crashed", "the process of this run is gone")
    return [run["name"] for run in lost]
