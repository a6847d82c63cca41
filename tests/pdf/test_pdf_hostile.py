"""Hostile publications end with one error or finding, in time, and open nothing outside their own folders.

All are rendered by one process with small limits of time, under Python's audit hooks and, where the system allows it,
under strace, which also sees what libraries in C open.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile_samples import HOSTILE
from pdf_samples import drawn

import kanfa
from kanfa.errors import RenderError
from kanfa.pdf.engine import Job, typeset
from kanfa.pdf.environment import font_files, fonts_configuration
from kanfa.pdf.worker import SECONDS
from kanfa.publication import Publication
from kanfa.templating import builtin_folder

ROOT = Path(kanfa.__file__).resolve().parents[1]
SECONDS_ALLOWED = 2.0
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/sys", "/dev", "/var/cache/fontconfig", "/opt")
"""Libraries, locale, time zone, devices; none of them is named by an issue or a template of the table."""


@dataclass(frozen=True)
class Outcome:
    """What the run has written down."""

    results: dict[str, tuple[list[str], float]]
    events: list[str]
    traced: list[str] | None
    """Paths as strace saw them; None without strace."""
    folder: Path


def lay_out(folder: Path, outside: Path) -> None:
    """Write the table's publications below `folder`."""
    outside.mkdir()
    secret = drawn(3, 3)
    for name, data in {"secret.png": secret, "secret.txt": b"geheim", "secret.css": b"p{color:red}"}.items():
        (outside / name).write_bytes(data)
    shutil.copy(font_files(fonts_configuration(Publication()))[0], outside / "secret.ttf")
    (outside / "fonts.conf").write_text("<fontconfig/>", encoding="utf-8")
    for name, case in HOSTILE.items():
        home = folder / name
        texts = {"kanfa.toml": 'name = "样刊"\n', "issue.md": case.front + case.body, **case.files}
        for file, data in texts.items():
            path = home / file
            path.parent.mkdir(parents=True, exist_ok=True)
            raw = data if isinstance(data, bytes) else data.encode()
            path.write_bytes(raw.replace(b"OUTSIDE", os.fsencode(outside)))
        for link, target in case.links.items():
            (home / link).parent.mkdir(parents=True, exist_ok=True)
            (home / link).symlink_to(target.replace("OUTSIDE", str(outside)))


def may_trace() -> bool:
    """Whether strace is there and allowed to look."""
    program = shutil.which("strace")
    return (
        program is not None and not subprocess.run([program, "-f", "true"], capture_output=True, check=False).returncode
    )


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The whole table, rendered once."""
    top = tmp_path_factory.mktemp("hostile")
    folder, log = top / "publications", top / "trace"
    scratch = top / "scratch"
    scratch.mkdir()
    lay_out(folder, top / "outside")
    command = [sys.executable, str(Path(__file__).parent / "hostile_run.py"), str(folder)]
    traced = may_trace()
    if traced:
        command = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=open,openat,connect", "-o", str(log), *command]
    env = os.environ | {SECONDS: str(SECONDS_ALLOWED), "PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found = json.loads(done.stdout)
    lines = log.read_text(errors="replace").splitlines() if traced else None
    return Outcome(found["results"], found["events"], lines, top)


def test_the_table_is_long():
    """Issue, pictures, front matter, template, style sheet and fonts."""
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_each_ends_with_an_error_or_a_finding_in_time(outcome, name):
    """One that names the fault; never a traceback, never a hang."""
    words, seconds = outcome.results[name]
    assert any(re.search(HOSTILE[name].says, one) for one in words), words
    assert seconds < 60  # a hang, not a slow machine
    assert all(len(one) < 1000 for one in words)


def test_a_data_address_of_100_mb_is_refused_at_once():
    """Before anything is parsed, with a message of one line."""
    with pytest.raises(RenderError, match=r"the HTML has 100,000,0\d\d characters, at most 20,000,000 are set"):
        typeset(Job("<html><img src='data:image/png;base64," + "A" * 100_000_000 + "'>", ""))


def opened(outcome: Outcome) -> set[str]:
    """Every path that a process of the run has opened, by both ways of looking."""
    paths = {line.removeprefix("open ") for line in outcome.events if line.startswith("open ")}
    for line in outcome.traced or []:
        call = re.search(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"[^)]*\) = \d', line)
        if call:
            paths.add(call[1].encode().decode("unicode_escape").encode("latin-1").decode(errors="replace"))
    return paths


def test_nothing_outside_is_opened(outcome):
    """Only the publications, the built-in templates, the program, caches and the system's libraries."""
    home = Path.home()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    allowed = [
        outcome.folder / "publications",
        outcome.folder / "scratch",
        builtin_folder(),
        ROOT,
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(sysconfig.get_paths()["stdlib"]),
        cache / "kanfa-fonts",
        cache / "fontconfig",
        *map(Path, SYSTEM),
    ]
    strange = [
        path
        for path in opened(outcome)
        if path.startswith("/") and not any(Path(os.path.normpath(path)).is_relative_to(folder) for folder in allowed)
    ]
    assert strange == []


def test_no_secret_is_opened_under_any_name(outcome):
    """Not through links and not through paths that lead upwards."""
    outside = (outcome.folder / "outside").resolve()
    found = [
        path
        for path in opened(outcome)
        if Path(path).name.startswith("secret.") or Path(path).resolve().is_relative_to(outside)
    ]
    assert found == []


def test_nothing_is_left_behind(outcome):
    """Killed workers leave no temporary folders, either."""
    left = [path.name for path in (outcome.folder / "scratch").iterdir()]
    assert [name for name in left if not name.startswith("hostile-")] == []


def test_nobody_is_called(outcome):
    """No address is looked up, none is connected to, no program is started but the worker."""
    calls = [line for line in outcome.events if not line.startswith("open ")]
    assert [line for line in calls if not (line.startswith("subprocess.Popen") and sys.executable in line)] == []
    if outcome.traced is not None:
        inet = [line for line in outcome.traced if "connect(" in line and "AF_INET" in line]
        assert inet == []
