"""What an article costs, beside @wenyan-md/core, the Markdown-to-WeChat library of the same name's apps.

Both render the same Markdown again and again in one warm process each, in turn, so that a busy machine hits both
alike, and the medians are compared:

    kanfa     from the parsed issue to the finished HTML: writer, template, transforms, theme, serialiser. Pictures
              are prepared once before, as the other one never touches them
    wenyan    `renderStyledContent` with its defaults, footnotes for links among them: Markdown to HTML with inline
              styles (it has no tree to begin from, so its parser is counted)

The first may take at most 1/5 of the second. One run; exit status 1 when it is missed.

    python benchmarks/wechat_cost.py [ISSUE] [ROUNDS]

Needs Node 20 and npm; the library is installed into .venv/cache/benchmarks/wechat, which git ignores.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from kanfa import pipeline
from kanfa.issue.editions import edition
from kanfa.locate import resolve
from kanfa.wechat.limits import length_of
from kanfa.wechat.pictures import prepare
from kanfa.wechat.render import Finish, finished

LIMIT = 0.2
WARM_UP = 5
PACKAGES = ("@wenyan-md/core@3.0.10", "jsdom@27.4.0", "formdata-node@6.0.3", "form-data-encoder@4.1.0")
"""The library and the peers that its renderer loads."""
FOLDER = Path(__file__).resolve().parent.parent / ".venv" / "cache" / "benchmarks" / "wechat"
LOOP = """
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { createWenyanCore } from "@wenyan-md/core";
import { renderStyledContent } from "@wenyan-md/core/wrapper";

const markdown = readFileSync(process.argv[2], "utf8");
const core = await createWenyanCore({ isConvertMathJax: true, isWechat: true });
for await (const _ of createInterface({ input: process.stdin })) {
  const began = process.hrtime.bigint();
  const html = await renderStyledContent(markdown, {}, core);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  console.log(JSON.stringify({ seconds, characters: html.length }));
}
"""


def installed() -> Path:
    """The Node program, beside the packages that it needs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    program, package = FOLDER / "loop.mjs", FOLDER / "package.json"
    wanted = dict(name.rsplit("@", 1) for name in PACKAGES)
    there = all(
        (manifest := FOLDER / "node_modules" / name / "package.json").is_file()
        and json.loads(manifest.read_text("utf-8"))["version"] == version
        for name, version in wanted.items()
    )
    if not there:
        # a manifest of its own: without one npm would install into, and clean up, a folder further up
        package.write_text(json.dumps({"private": True, "dependencies": wanted}), "utf-8")
        command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel", "error"]
        subprocess.run(command, cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
    program.write_text(LOOP, "utf-8")
    return program


class Wenyan:
    """One warm Node process that renders whenever it is asked to."""

    def __init__(self, markdown: Path) -> None:
        self.process = subprocess.Popen(
            ["node", str(installed()), str(markdown)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=FOLDER,
        )

    def render(self) -> tuple[float, int]:
        """Seconds of one render, and characters of the HTML."""
        asked, answered = self._pipes()
        asked.write("\n")
        asked.flush()
        line = answered.readline()
        if not line:
            sys.exit("the Node process ended; its message stands above")
        answer = json.loads(line)
        return float(answer["seconds"]), int(answer["characters"])

    def close(self) -> None:
        """End the process."""
        self._pipes()[0].close()
        self.process.wait()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the Node process has no pipes")
        return self.process.stdin, self.process.stdout


def main() -> int:
    """Run and print; status 1 when the limit is missed."""
    reference = sys.argv[1] if len(sys.argv) > 1 else "9"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    path, publication = resolve(reference)
    issue = edition(pipeline.read(path, publication).issue, "wechat")
    album = prepare(issue)
    other = Wenyan(path.resolve())
    ours: list[float] = []
    theirs: list[float] = []
    characters = (0, 0)
    for _ in range(WARM_UP + rounds):
        began = time.perf_counter()
        article = finished(issue, publication, album, Finish())
        ours.append(time.perf_counter() - began)
        taken, length = other.render()
        theirs.append(taken)
        characters = (length_of(article.html), length)
    other.close()
    mine, yours = (statistics.median(times[WARM_UP:]) for times in (ours, theirs))
    print(f"kanfa   {mine * 1000:7.2f} ms  {characters[0]:7,} characters")
    print(f"wenyan  {yours * 1000:7.2f} ms  {characters[1]:7,} characters  ({PACKAGES[0]})")
    print(f"ratio   {mine / yours:7.3f}     at most {LIMIT} ({rounds} rounds, {path.name} of {reference})")
    return 0 if mine / yours <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
