"""Which process made a build folder, and whether it still lives.

A process is known by its number and the moment it started: numbers alone are used again. A lock on the
folder itself says the same once more, for processes that cannot see each other (two containers that
share one outbox have numbers of their own). A folder is given up only when both say its owner is gone.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".build-"
PROC = Path("/proc")


def started(pid: int) -> str:
    """A mark of the moment at which process `pid` started; empty when no such process runs.

    From /proc where there is one (clock ticks since the machine started: field 22, proc_pid_stat(5)),
    else from `ps`. A process that has ended but was not yet waited for does not run.
    """
    if (PROC / "self/stat").exists():
        try:
            fields = (PROC / f"{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] in {"Z", "X"} else fields[19]
    plain = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    command = ["ps", "-o", "state=", "-o", "lstart=", "-p", str(pid)]  # POSIX: a header ends with its argument
    shown = subprocess.run(command, env=plain, capture_output=True, text=True, check=False, timeout=10).stdout.split()
    return "" if not shown or shown[0].startswith("Z") else "".join(c for c in "".join(shown[1:]) if c.isalnum())


def build_prefix() -> str:
    """How the names of this process's build folders begin: `.build-<pid>-<start>-`."""
    return f"{PREFIX}{os.getpid()}-{started(os.getpid())}-"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold `folder` as its owner; the system lets go of it when the process ends, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def abandoned(folder: Path) -> bool:
    """Whether the owner of this build folder is gone. A folder that has no owner in its name is not ours."""
    pid, _, rest = folder.name.removeprefix(PREFIX).partition("-")
    start = rest.partition("-")[0]
    if not pid.isdigit() or not start or started(int(pid)) == start:
        return False
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False  # somebody else removes it at this moment
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
