"""What Prefect adds to publishing an issue, and what we add to Prefect.

Three whole processes, started in turn so that a busy machine hits all of them alike:

    no-op flow       a Prefect flow with as many tasks as `publish` has, none of which does anything
    own work         `kanfa check ISSUE`: read, render, check and compare, without Prefect
    publish          `kanfa publish ISSUE` against the same running server, an issue that is staged already

and the ratio publish / (no-op flow + own work). It may be 1.5; below 1 the two share an interpreter's start.

    python benchmarks/publish_cost.py [ISSUE] [ROUNDS]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flows import server
from kanfa.formats import installed
from kanfa.locate import resolve

LIMIT = 1.5
FIXED_TASKS = 3  # read, report, stage
TASKS_PER_FORMAT = 3  # render, check, compare

NO_OP = """
import asyncio, sys
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

@task(cache_policy=NO_CACHE)
async def nothing():
    pass

@flow(name="no-op")
async def no_op(tasks: int):
    for _ in range(tasks):
        await nothing()

asyncio.run(no_op(int(sys.argv[1])))
"""


def seconds(command: list[str], environment: dict[str, str], allowed: set[int]) -> float:
    """How long the process took, from its start to its end."""
    began = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    taken = time.monotonic() - began
    if done.returncode not in allowed:
        sys.exit(f"{' '.join(command[:4])} … ended with {done.returncode}:\n{done.stderr}{done.stdout}")
    return taken


def main(issue: str, rounds: int) -> int:
    """Print the three medians and the ratio; exit status 1 when the ratio passes its limit."""
    path, _ = resolve(issue)
    tasks = FIXED_TASKS + TASKS_PER_FORMAT * len(installed())
    kanfa = [sys.executable, "-c", "from kanfa.cli import main; main()"]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "prefect"
        handle = server.ensure_server(home, lambda line: print(line, file=sys.stderr))
        environment = os.environ | {
            "PREFECT_API_URL": handle.url,
            "PREFECT_HOME": f"{folder}/client",
            "PREFECT_LOGGING_LEVEL": "WARNING",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
        }
        # Findings may refuse the issue (status 1): then staging, some milliseconds, is missing from its figure.
        commands = {
            f"no-op flow, {tasks} tasks": ([sys.executable, "-c", NO_OP, str(tasks)], {0}),
            "own work (kanfa check)": ([*kanfa, "check", str(path)], {0, 1}),
            "kanfa publish": ([*kanfa, "publish", str(path), "--outbox", f"{folder}/outbox"], {0, 1}),
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        try:
            for turn in range(rounds + 1):
                for name, (command, allowed) in commands.items():
                    spent = seconds(command, environment, allowed)
                    if turn:  # the first round warms the caches
                        taken[name].append(spent)
        finally:
            server.stop(home, print)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    for name, value in medians.items():
        print(f"{name:<24} {value:6.2f} s   ({', '.join(f'{one:.2f}' for one in taken[name])})")
    empty, work, publish = medians.values()
    ratio = publish / (empty + work)
    print(f"publish / (no-op + own work) = {ratio:.2f}   (limit {LIMIT})")
    print(json.dumps({"seconds": {name: round(value, 3) for name, value in medians.items()}, "ratio": round(ratio, 3)}))
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(words[0] if words else "9", int(words[1]) if len(words) > 1 else 5))
