"""A publication for the flow tests: three toy formats, and the `kanfa` command as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flows import api, server

ROOT = Path(__file__).parents[2]

TOYS = """
import time
from kanfa.findings import Rule, Severity
from kanfa.formats import Artifact, Format

BAD = Rule("TOY001", "bad-word", Severity.ERROR, "The word is bad.", "our own policy", "write another")

def toy(name):
    def render(issue, publication):
        if f"break {name}" in issue.source:
            raise TypeError("the toy broke")
        for _ in range(600 if "slow" in issue.source else 0):
            time.sleep(0.1)
        return Artifact(name, {f"{name}.txt": issue.source.encode()})

    def check(artifact, issue, publication):
        lines = issue.source.splitlines()
        return [BAD.at(number, "a bad word") for number, line in enumerate(lines, 1) if "bad word" in line]

    return Format(name, {name: f"{name}.txt"}, (BAD,), render, check, lambda artifact, issue, publication: ())

one, two, three = toy("one"), toy("two"), toy("three")
"""

# Every name look-up and connection of every process started with this folder on its path is written down.
LOOK_UPS = """
import os, sys

def hook(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"}:
        place = arguments[1] if event == "socket.connect" else arguments[0]
        with open(os.environ["LOOK_UPS"], "a") as log:
            log.write(f"{event} {place[0] if isinstance(place, tuple) else place}\\n")

if "LOOK_UPS" in os.environ:
    with open(os.environ["LOOK_UPS"], "a") as log:
        log.write(f"start {' '.join(sys.orig_argv[1:4])}\\n")
    sys.addaudithook(hook)
"""

# The real formats have tests of their own and take their time.
LAUNCH = """
import importlib.metadata, sys
import kanfa.plugins
kanfa.plugins.entry_points = lambda group: [
    point for point in importlib.metadata.entry_points(group=group)
    if group != "kanfa.formats" or point.value.startswith("toyformats:")
]
from kanfa.cli import main
main()
"""

ISSUES = {
    "good": "---\ntitle: 好周报\ndate: 2026-11-23\n---\n\n## 要闻\n\n一切都好。\n",
    "bad": "---\ntitle: 坏周报\ndate: 2026-11-23\n---\n\n## 要闻\n\na bad word\n",
    "broken": "---\ntitle: 周报\ndate: 2026-11-23\n---\n\n## 要闻\n\nbreak two\n",
    "slow": "---\ntitle: 慢周报\ndate: 2026-11-23\n---\n\n## 要闻\n\nslow\n",
}


@dataclass
class House:
    """A publication, the server it owns, and a way to call `kanfa` in it."""

    folder: Path
    tools: Path
    handles: list[server.ServerHandle] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stranger: int = 0
    """The living process that a stale record named when the server was started."""
    taken: int = 0
    """The port that the server would have liked."""

    @property
    def home(self) -> Path:
        return self.folder / ".kanfa" / "prefect"

    @property
    def url(self) -> str:
        return self.handles[0].url

    @property
    def look_ups(self) -> Path:
        return self.tools / "look-ups.txt"

    def issue(self, name: str) -> str:
        return str(self.folder / f"{name}.md")

    def environment(self, **more: str) -> dict[str, str]:
        """The shell's environment without its Prefect settings; bytecode is kept, which halves each start."""
        foreign = ("PREFECT_", "CI", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        ours = {
            "PYTHONPATH": f"{self.tools}{os.pathsep}{ROOT}",
            "LOOK_UPS": str(self.look_ups),
        }
        return kept | ours | more

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """Start `kanfa words…` in the publication's folder."""
        return subprocess.Popen(
            [sys.executable, self.tools / "launch.py", *words],
            cwd=self.folder,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kanfa(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Call `kanfa words…` and wait for its end."""
        with self.start(*words, **more) as process:
            out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def runs(self, name: str) -> list[dict[str, Any]]:
        """The flow runs of that name, newest first, as the server tells them."""
        wanted = {"flow_runs": {"name": {"any_": [name]}}, "sort": "START_TIME_DESC"}
        found: list[dict[str, Any]] = api.post(self.url, "/flow_runs/filter", wanted)
        return found

    def server_processes(self) -> list[int]:
        """Processes that serve this house, found by their command line."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_text() if entry.name.isdigit() else ""
            except OSError:
                continue
            if "server_process.py" in words and str(self.home) in words:
                found.append(int(entry.name))
        return found


def wait_for(what: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first true answer of `what`; fails when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.1)
    pytest.fail(f"waited {seconds} s in vain")


def furnish(tools: Path, folder: Path) -> None:
    """Write the publication with its issues, the toy formats and the launcher."""
    info = tools / "toyformats-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toyformats\nVersion: 1\n")
    points = "".join(f"{name} = toyformats:{name}\n" for name in ("one", "two", "three"))
    (info / "entry_points.txt").write_text(f"[kanfa.formats]\n{points}")
    (tools / "toyformats.py").write_text(TOYS)
    (tools / "sitecustomize.py").write_text(LOOK_UPS)
    (tools / "launch.py").write_text(LAUNCH)
    folder.mkdir()
    (folder / "kanfa.toml").write_text('name = "周报"\n')
    for name, text in ISSUES.items():
        (folder / f"{name}.md").write_text(text)
