"""One warm process that sets pages, so that hostile or endless input ends it instead of the command.

The process is started with the first render, stays for the next ones (preview, rebuild, tests), is killed when a
render takes too long, and ends with the process that started it. One render at a time: callers on other threads wait.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import logging
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from multiprocessing.connection import Pipe
from pathlib import Path
from typing import Any, NoReturn

from kanfa.errors import EnvironmentProblem, RenderError
from kanfa.pdf.engine import Job, Typeset
from kanfa.pdf.limits import ENGINE, EngineLimits

SECONDS = "KANFA_PDF_SECONDS"
"""Environment variable: seconds that one render may take, for machines slower than most."""

BOOT = (
    "import sys; sys.path[:] = sys.argv[3:]; from kanfa.pdf.child import main; main(int(sys.argv[1]), int(sys.argv[2]))"
)
"""What the worker runs. Not `-m`, which would look for modules in the current folder: an issue may lie there."""

PASSED_ON = frozenset({"PATH", "HOME", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"})
"""Environment variables that the worker needs; secrets of mail and WeChat are none of them."""
FIXED = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "946684800"}
"""What must not differ between two machines that make the same file."""
MEMORY_SIGNALS = frozenset({signal.SIGABRT, signal.SIGTRAP, signal.SIGSEGV, signal.SIGBUS})
"""How a process ends that runs out of memory within GLib, Pango or Pillow."""


def seconds_allowed(limits: EngineLimits = ENGINE) -> float:
    """Seconds that one render may take. Raises EnvironmentProblem when the environment variable is no number."""
    text = os.environ.get(SECONDS, "")
    if not text:
        return limits.seconds
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise EnvironmentProblem(f"{SECONDS} is “{text[:20]}”, no number of seconds", f"unset {SECONDS}")
    return seconds


_Request = tuple[str, float, str, Job | None]
"""What is asked, seconds, fontconfig file, and the job where there is one."""


class _Process:
    """One worker process and the line to it."""

    def __init__(self, limits: EngineLimits) -> None:
        self._limits = limits
        self.renders = 0
        self.resident = 0
        """Bytes of memory it held when it last answered."""
        self.ready = False
        """Whether its libraries are loaded."""
        self.clean = True
        """Whether everything it was asked has been answered."""
        self.killed = False
        """Whether somebody else has killed it, the kernel for want of memory as a rule."""
        self._line, theirs = Pipe()
        self._scratch = tempfile.mkdtemp(prefix="kanfa-pdf-")
        self._started_by = os.getpid()
        root = str(Path(__file__).resolve().parents[2])
        path = [root, *(folder for folder in sys.path if folder)]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-c", BOOT, str(theirs.fileno()), str(limits.memory), *path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                cwd="/",
                env={name: os.environ[name] for name in PASSED_ON & os.environ.keys()}
                | FIXED
                | {"TMPDIR": self._scratch},
            )
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked: it runs, and this very process has started it."""
        return self._started_by == os.getpid() and self._process.poll() is None

    def ask(self, request: _Request) -> tuple[dict[str, Any], bytes]:
        """Header and bytes of the answer. Raises RenderError on time-out or when the worker dies."""
        try:
            if not self.ready:
                self._receive(self._limits.start_seconds)
                self.ready = True
            self.clean = False
            self._line.send_bytes(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
            return self._receive(request[1])
        except (EOFError, ConnectionError):
            self._died()

    def _receive(self, seconds: float) -> tuple[dict[str, Any], bytes]:
        if not self._line.poll(seconds):
            if not self.ready:
                words = f"the PDF engine could not be loaded within {seconds:g} seconds"
                raise EnvironmentProblem(words, "try again when the machine is less busy")
            words = (
                f"the pages were not ready after {seconds:g} seconds; shorten the issue or mend the template "
                f"({SECONDS}=… allows more)"
            )
            raise RenderError("pdf", words)
        header: dict[str, Any] = json.loads(self._line.recv_bytes())
        data = self._line.recv_bytes()
        self.clean = True
        self.resident = int(header["resident"])
        if "error" in header:
            kind = EnvironmentProblem if header["error"] == EnvironmentProblem.__name__ else RenderError
            raise kind(*header["words"])
        return header, data

    def _died(self) -> NoReturn:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        status = self._process.returncode
        name = signal.Signals(-status).name if status is not None and status < 0 else f"status {status}"
        if not self.ready:
            raise EnvironmentProblem(f"the PDF engine could not be started ({name})", "kanfa doctor")
        if status is not None and status < 0:
            if -status == signal.SIGXCPU:
                raise RenderError("pdf", f"the pages took too much processor time ({SECONDS}=… allows more)")
            if -status == signal.SIGKILL:
                self.killed = True
                raise RenderError("pdf", "the engine was killed; most likely the issue needs more memory than there is")
            if -status in MEMORY_SIGNALS:
                words = (
                    f"the engine ended with {name}: a picture or a font is damaged, or the issue needs too much memory"
                )
                raise RenderError("pdf", words)
        raise RenderError("pdf", f"the engine ended in the middle of its work ({name}); run the command again")

    def end(self) -> None:
        """Kill it, whatever it does; nothing is left behind."""
        self._line.close()
        if self._started_by != os.getpid():
            self._process.poll()  # a copy of the parent after a fork: the worker is not its own to kill
            return
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)


class Workshop:
    """Keeps one worker at hand. All methods may be called from any thread."""

    def __init__(self, limits: EngineLimits = ENGINE) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._process: _Process | None = None
        os.register_at_fork(after_in_child=self._unlock)

    def _unlock(self) -> None:
        """A forked copy has only one thread, so nobody holds the lock, whatever it looked like."""
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Start the worker if there is none, without waiting for it: it gets ready while the caller does other work."""
        with self._lock:
            self._current()

    def typeset(self, job: Job, fonts: Path, seconds: float | None = None) -> Typeset:
        """`engine.typeset` in the worker, with the fonts of that fontconfig file.

        Raises RenderError after `seconds` (else `seconds_allowed()`), when the job passes a limit, and when the
        worker dies; EnvironmentProblem when libraries are missing. The next job gets a new worker where needed.
        """
        header, data = self._ask("typeset", job, fonts, seconds)
        return Typeset(data, tuple(_record(plain) for plain in header["records"]))

    def versions(self, fonts: Path) -> Mapping[str, str]:
        """Versions of the libraries in the worker. Raises EnvironmentProblem when one is missing."""
        header, _ = self._ask("versions", None, fonts, None)
        return {str(name): str(found) for name, found in header["versions"].items()}

    def close(self) -> None:
        """End the worker; a later job starts a new one."""
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        """Process id of the worker, None when there is none."""
        return None if self._process is None else self._process.pid

    def _ask(self, kind: str, job: Job | None, fonts: Path, seconds: float | None) -> tuple[dict[str, Any], bytes]:
        request = (kind, seconds_allowed(self._limits) if seconds is None else seconds, str(fonts), job)
        with self._lock:
            process = self._current()
            warm = process.ready
            try:
                return self._once(process, request)
            except RenderError:
                if not (warm and process.killed):
                    raise
            # the kernel may have taken it while it had nothing to do; a new one will tell
            return self._once(self._current(), request)

    def _once(self, process: _Process, request: _Request) -> tuple[dict[str, Any], bytes]:
        try:
            answer = process.ask(request)
        except BaseException:  # Ctrl-C in the middle of a render, too: nobody wants the answer any more
            if not (process.ready and process.clean):
                self._end()
            raise
        process.renders += 1
        if process.resident > self._limits.resting_memory:
            self._end()
        elif process.renders >= self._limits.renders:
            self._end()
            self._current()  # its successor gets ready while nobody waits for it
        return answer

    def _current(self) -> _Process:
        if self._process is not None and not self._process.alive:
            self._end()
        if self._process is None:
            self._process = _Process(self._limits)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            process.end()


@functools.cache
def workshop() -> Workshop:
    """The workshop of this process, closed when the process ends: a worker is a part of its process, like a thread."""
    shop = Workshop()
    atexit.register(shop.close)
    return shop


def _record(plain: Mapping[str, Any]) -> logging.LogRecord:
    return logging.makeLogRecord({**plain, "args": tuple(plain["args"])})
