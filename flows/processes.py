"""Processes by more than their number: a recycled pid is not the process that was meant."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from kanfa.release.owner import started

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def birth(pid: int) -> str | None:
    """When process `pid` began, as a word that no other process of this number shares; None when it is gone.

    The moment of the start counts from the machine's own start, so the boot's id stands before it.
    """
    moment = started(pid)
    boot = _BOOT_ID.read_text(encoding="ascii")[:8] if _BOOT_ID.exists() else ""
    return f"{boot}.{moment}" if moment else None


def is_alive(pid: int, born: str) -> bool:
    """Whether the process that was called `pid` and began at `born` still runs. A zombie does not."""
    return birth(pid) == born


def reap(pid: int) -> None:
    """Take note of the end of `pid` if it is a child of ours, so that no zombie stays."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def end(pid: int, born: str, patience: float = 15.0) -> bool:
    """End the process group that `pid` leads: SIGTERM, `patience` seconds, then SIGKILL.

    Signals nothing unless the process is the one born at `born`. Returns whether there was something to end.
    """
    if not is_alive(pid, born):
        reap(pid)
        return False
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(pid, number) if os.getpgid(pid) == pid else os.kill(pid, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            reap(pid)
            if not is_alive(pid, born):
                return True
            time.sleep(0.05)
    reap(pid)
    return True
