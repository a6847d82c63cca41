"""The worker's own side: import the engine once, then answer one job after the other until the parent is gone.

Started by `kanfa.pdf.worker` with the number of a socket as its only word. It speaks to nobody else: its standard
streams are closed off, its environment holds no secret, its time and memory are bounded by the kernel.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import gc
import json
import logging
import os
import pickle
import resource
import select
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from kanfa.errors import KanfaError, RenderError

LONGEST = 2_000
"""Characters of a log record that are passed on; some hold a whole `data:` address."""
PARENT_CHECKED = 0.5
"""Seconds between two looks whether the parent still lives, for the case that somebody else holds its socket open."""


def main(descriptor: int, memory: int) -> None:
    """Serve until the socket ends. `memory` is the address space in bytes."""
    connection = Connection(descriptor)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C reaches both: this one ends at once and without a word
    _leave_with_the_parent(descriptor)
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        _answer(connection, _prepare)
        while True:
            kind, seconds, fonts, job = pickle.loads(connection.recv_bytes())  # noqa: S301 - our own parent wrote it
            _allow(seconds)
            os.environ["FONTCONFIG_FILE"] = fonts
            _answer(connection, {"typeset": _typeset, "versions": _versions}[kind], job)
            del job
            gc.collect()  # the boxes of a document refer to each other; now nobody waits
    _leave()


def _prepare(_job: object = None) -> tuple[dict[str, Any], bytes]:
    """Load the libraries; what is missing is told in the first answer."""
    if sys.platform == "linux":
        # For each name that does not exist WeasyPrint has ldconfig and a compiler look for it, twenty processes in all.
        # The names by which the loader knows the libraries stand in its list, too.
        ctypes.util.find_library = lambda name: None  # noqa: ARG005 - the signature it replaces
    import kanfa.pdf.engine  # noqa: F401 - loaded now, so that the first job need not wait for it
    from kanfa.pdf.environment import check_libraries

    check_libraries()
    gc.collect()
    gc.freeze()  # what is loaded now stays for good
    return {}, b""


def _versions(_job: object) -> tuple[dict[str, Any], bytes]:
    from kanfa.pdf.environment import check_libraries

    return {"versions": dict(check_libraries())}, b""


def _typeset(job: Any) -> tuple[dict[str, Any], bytes]:
    from kanfa.pdf.engine import typeset

    done = typeset(job)
    return {"records": [plain(record) for record in done.records]}, done.data


def plain(record: logging.LogRecord) -> dict[str, Any]:
    """What a finding is made from: level, template and arguments, all as JSON knows them and none of them endless."""
    args = record.args if isinstance(record.args, tuple) else ()
    known = {"name": record.name, "levelno": record.levelno}
    if args and all(isinstance(one, int) or (isinstance(one, str) and len(one) <= LONGEST) for one in args):
        return known | {"msg": str(record.msg), "args": list(args)}
    return known | {"msg": record.getMessage()[:LONGEST], "args": []}


def _answer(connection: Connection, work: Callable[..., tuple[dict[str, Any], bytes]], *job: object) -> None:
    """Send what `work` gives, or the error it ended with; the worker stays usable either way."""
    data = b""
    try:
        header, data = work(*job)
    except KanfaError as error:
        header = {"error": type(error).__name__, "words": [str(word) for word in error.args]}
    except BaseException as error:  # noqa: BLE001 - a RecursionError, a FatalURLFetchingError: all end the job and not the worker
        header = {"error": RenderError.__name__, "words": ["pdf", f"WeasyPrint failed: {type(error).__name__}"]}
    header["resident"] = _resident()
    connection.send_bytes(json.dumps(header).encode())
    connection.send_bytes(data)


def _resident() -> int:
    """Bytes of memory held now; where the system does not tell, the most there ever were."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _allow(seconds: float) -> None:
    """Processor time for the next job: the kernel ends this process even when the parent has been stopped."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 2, hard))


def _leave() -> NoReturn:
    """End at once, without the temporary folder, which is the worker's own: nobody else is left to clean up."""
    shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
    os._exit(0)


def _leave_with_the_parent(descriptor: int) -> None:
    """End when the parent has ended, even in the middle of a job and even if it was killed."""
    parent = os.getppid()

    def watch() -> None:
        poll = select.poll()
        poll.register(descriptor, 0)  # hang-up and errors are always reported
        while os.getppid() == parent:
            if poll.poll(PARENT_CHECKED * 1000):
                break
        _leave()

    threading.Thread(target=watch, daemon=True).start()
