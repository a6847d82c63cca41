"""What reading and checking cost, as ratios from one run: python benchmarks/desk_cost.py [FILE…]

Two limits are ours: reading an issue takes at most 20 times markdown-it's own parse of the same file, and
`kanfa check` at most 4 times the rendering of its e-mail and WeChat article (whole processes and warm).
Without files the largest issue of `content/` is measured.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from markdown_it import MarkdownIt

from kanfa import pipeline
from kanfa.cli.check import examine
from kanfa.formats import installed
from kanfa.issue import reader
from kanfa.locate import resolve

ROUNDS = 5
KANFA = [sys.executable, "-m", "kanfa"]


def median(run: Callable[[], object], rounds: int = ROUNDS, clock: Callable[[], float] = time.perf_counter) -> float:
    """Median time of `run` in seconds, after one call that warms caches."""
    run()
    times = []
    for _ in range(rounds):
        start = clock()
        run()
        times.append(clock() - start)
    return statistics.median(times)


def command(*words: str) -> Callable[[], object]:
    """A whole process of the command line."""
    return lambda: subprocess.run([*KANFA, *words], check=False, capture_output=True)


def measure(path: Path) -> None:
    """Print the ratios of one file."""
    text = reader.decode(path.read_bytes(), path.name)
    parse = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse
    cpu = time.process_time  # a few milliseconds: wall time would measure the neighbours
    reading = median(lambda: reader.read(text, path.name), 15, cpu) / median(lambda: parse(text), 15, cpu)
    _, publication = resolve(str(path))
    source = pipeline.read(path, publication)
    formats = installed()

    def render() -> None:
        for name in ("email", "wechat"):
            pipeline.render(formats[name], pipeline.read(path, publication).issue, publication)

    warm = median(lambda: examine(str(path), {})) / median(render)
    rendered = [median(command("render", str(path), "--to", name), 3) for name in ("email", "wechat")]
    cold = median(command("check", str(path)), 3) / sum(rendered)
    size = len(source.issue.source.encode()) / 1024
    print(f"{path.name:40} {size:5.1f} KB   read/parse {reading:4.1f}   check/render {cold:4.2f} (warm {warm:4.2f})")


def main() -> None:
    """Measure every file that is named."""
    files = [Path(word) for word in sys.argv[1:]]
    issues = sorted(Path(__file__).parents[1].glob("content/issues/*/issue.md"), key=lambda path: path.stat().st_size)
    for path in files or issues[-1:]:
        measure(path)


if __name__ == "__main__":
    main()
