"""Renders hostile publications and writes down what became of them and which files were opened.

    python hostile_run.py FOLDER

Each folder below FOLDER is a publication with one issue. Prints one JSON document: for each the words of its error or
findings, and its seconds; and what both processes opened or connected to, as Python's audit hooks saw it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

LOG = os.open(Path(tempfile.gettempdir()) / f"hostile-{os.getpid()}.log", os.O_RDWR | os.O_CREAT | os.O_APPEND)
HOOK = """
import os, sys
def hook(event, args, fd={fd}, write=os.write):
    if event == "open" and isinstance(args[0], (str, bytes)):
        write(fd, b"open " + os.fsencode(args[0]).replace(b"\\n", b" ") + b"\\n")
    elif event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "urllib.Request"):
        write(fd, (event + " " + repr(args)[:200].replace("\\n", " ") + "\\n").encode())
sys.addaudithook(hook)
"""


def run(folder: Path) -> tuple[list[str], float]:
    """Words of the error, or of each finding."""
    from kanfa import pipeline
    from kanfa.errors import KanfaError
    from kanfa.pdf import FORMAT
    from kanfa.publication import Publication, find_publication

    began = time.monotonic()
    try:
        publication = find_publication(folder) or Publication()
        source = pipeline.read(folder / "issue.md", publication)
        artifact = pipeline.render(FORMAT, source.issue, publication)
        checked = pipeline.check(FORMAT, artifact, source.issue, publication)
        words = [f"{one.rule.id} {one.message}" for one in (*source.findings, *artifact.findings, *checked)]
    except KanfaError as error:
        words = [f"{type(error).__name__} {error}"]
    return words, time.monotonic() - began


def main() -> None:
    """Run all."""
    from kanfa.pdf import worker

    # the worker writes into the same log, by a copy of the same descriptor
    os.set_inheritable(LOG, True)
    given = worker.subprocess.Popen
    worker.BOOT = HOOK.format(fd=LOG) + worker.BOOT

    class WithLog(given):  # type: ignore[misc, valid-type]
        def __init__(self, *args: object, pass_fds: list[int], **more: object) -> None:
            super().__init__(*args, pass_fds=[*pass_fds, LOG], **more)

    worker.subprocess.Popen = WithLog  # type: ignore[misc]
    exec(HOOK.format(fd=LOG))
    results = {folder.name: run(folder) for folder in sorted(Path(sys.argv[1]).iterdir())}
    worker.workshop().close()
    os.lseek(LOG, 0, os.SEEK_SET)
    with os.fdopen(LOG, "rb") as file:
        events = sorted(set(file.read().decode(errors="replace").splitlines()))
    json.dump({"results": results, "events": events}, sys.stdout)


if __name__ == "__main__":
    main()
