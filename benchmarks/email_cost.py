"""What the mail costs here, and what it costs with the reference tools, in one run.

Two comparisons on the same MJML, that of Vol. 9 unless another issue is named:

    whole processes   `kanfa render ISSUE --to email` (Markdown in, HTML out)
                      against the command `mjml` followed by the command `juice`;
                      it may take half their time
    warm processes    tree → final HTML and text, in one Python process
                      against mjml and juice in one Node process;
                      it may take as long as they do

Rounds are interleaved, so that a busy machine hits all of them alike; medians count, and are only to be trusted on a
machine that does nothing else. Needs node and npm. mjml and juice, pinned in package.json beside this file, are
installed once into .venv/cache/benchmarks. Exit status 1 when a limit is passed.

    python benchmarks/email_cost.py [ISSUE] [ROUNDS]
"""

from __future__ import annotations

import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import kanfa
from kanfa import pipeline
from kanfa.email import mjml as engine
from kanfa.email.clean import cleaned
from kanfa.email.images import pictures
from kanfa.email.render import email_html, email_mjml, look_of
from kanfa.email.text import plain_text
from kanfa.email.writer import EmailWriter
from kanfa.locate import resolve
from kanfa.publication import Publication

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".venv" / "cache" / "benchmarks"
WHOLE_LIMIT, WARM_LIMIT = 0.5, 1.0
WARM_ROUNDS, WARM_UP = 30, 10
"""Rounds that count in a warm process, and those before them that make it warm."""


def tools() -> Path:
    """The folder of the commands mjml and juice, installed when they are missing or of other versions."""
    if shutil.which("npm") is None:
        sys.exit("email_cost: node and npm are missing; on Debian: apt-get install nodejs npm")
    wanted = Path(__file__).with_name("package.json").read_bytes()
    TOOLS.mkdir(parents=True, exist_ok=True)
    there = TOOLS / "package.json"
    commands = TOOLS / "node_modules" / ".bin"
    if not (commands / "juice").exists() or not there.exists() or there.read_bytes() != wanted:
        there.write_bytes(wanted)
        quiet = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(["npm", "install", *quiet], cwd=TOOLS, check=True)
    return commands


def seconds(*commands: list[str]) -> float:
    """How long the processes took, one after the other."""
    began = time.perf_counter()
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}{done.stdout}")
    return time.perf_counter() - began


class Mail:
    """One issue on its way to a mail, read once."""

    def __init__(self, path: Path, publication: Publication) -> None:
        self.publication = publication
        self.issue, _ = cleaned(pipeline.read(path, publication).issue)
        self.pictures = pictures(self.issue)

    def writer(self) -> EmailWriter:
        return EmailWriter(self.issue, self.publication, self.pictures, None)

    def mjml(self) -> str:
        """What our own engine gets, after the lint, written as XML that the reference engine reads too."""
        source = email_mjml(self.issue, self.publication, self.writer(), look_of(self.publication))
        return engine.serialise(engine.parse(source, self.publication))

    def finish(self) -> float:
        """Milliseconds from the tree to the final HTML and text."""
        began = time.perf_counter()
        email_html(self.issue, self.publication, self.writer())
        plain_text(self.issue, self.publication)
        return (time.perf_counter() - began) * 1000


def compared(name: str, ours: list[float], theirs: list[float], unit: str, limit: float) -> tuple[str, float, float]:
    """Print both medians with the fastest rounds and their ratio."""
    ratio = statistics.median(ours) / statistics.median(theirs)
    for who, taken in (("kanfa", ours), ("mjml + juice", theirs)):
        print(f"{name:<16} {who:<13} median {statistics.median(taken):8.3f} {unit}   fastest {min(taken):8.3f} {unit}")
    print(f"{name:<16} kanfa / (mjml + juice) = {ratio:.2f}   (limit {limit})")
    return name, round(ratio, 3), limit


def main(reference: str, rounds: int) -> int:
    """Print medians and ratios; exit status 1 when one of them passes its limit."""
    commands = tools()
    # an installer writes the byte code of a package; a fresh checkout has none, and it is no part of the question
    compileall.compile_dir(Path(kanfa.__file__).parent, quiet=1)
    path, publication = resolve(reference)
    mail = Mail(path, publication)
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    pinned = json.loads(Path(__file__).with_name("package.json").read_bytes())["dependencies"]
    versions = {"kanfa": kanfa.__version__, "python": sys.version.split()[0], "node": node, **pinned}
    print(", ".join(f"{name} {version}" for name, version in versions.items()), f"on {os.cpu_count()} cores")
    whole: tuple[list[float], list[float]] = ([], [])
    warm: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, made = folder / "mail.mjml", folder / "mail.html"
        source.write_text(mail.mjml(), encoding="utf-8")
        render = [str(Path(sys.executable).with_name("kanfa")), "render", str(path), "--to", "email"]
        reference_tools = (
            [str(commands / "mjml"), str(source), "-o", str(made)],
            [str(commands / "juice"), str(made), str(folder / "inlined.html")],
        )
        for turn in range(rounds + 1):
            times = seconds([*render, "-o", str(folder / "kanfa.html")]), seconds(*reference_tools)
            if turn:  # the first round warms the caches of the disk
                for taken, one in zip(whole, times, strict=True):
                    taken.append(one)
        script = str(Path(__file__).with_name("email_warm.mjs"))
        for _ in range(3):
            words = ["node", script, str(source), str(WARM_UP + WARM_ROUNDS), str(TOOLS)]
            printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
            warm[1].extend(json.loads(printed)[WARM_UP:])
            warm[0].extend([mail.finish() for _ in range(WARM_UP + WARM_ROUNDS)][WARM_UP:])
    results = [
        compared("whole processes", *whole, "s ", WHOLE_LIMIT),
        compared("warm processes", *warm, "ms", WARM_LIMIT),
    ]
    print(json.dumps({"versions": versions, "ratios": {name: ratio for name, ratio, _ in results}}))
    return 0 if all(ratio <= limit for _, ratio, limit in results) else 1


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(words[0] if words else "9", int(words[1]) if len(words) > 1 else 7))
