"""What is new since an older version of an issue: old text keeps its old faults, only fresh ones count.

A finding is the same when its rule, its format and the text of its source line are; line numbers shift.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kanfa.errors import UsageError
from kanfa.findings import Finding

_SECONDS = 30
"""Longest wait for git; it reads one file from a local repository."""


def new_findings(now: Iterable[Finding], then: Iterable[Finding]) -> list[Finding]:
    """The findings of `now` that are not among those of `then`, in their order.

    Both must be located (`Finding.located`): the excerpt is what they are matched by. A line that stands twice with
    one fault then and three times now leaves the last one.
    """
    known = Counter(map(_sameness, then))
    fresh = []
    for finding in now:
        if known[_sameness(finding)]:
            known[_sameness(finding)] -= 1
        else:
            fresh.append(finding)
    return fresh


def version_at(path: Path, revision: str) -> bytes | None:
    """The bytes of the file at `path` in git's `revision` (a commit, branch or tag), or None when it was not there.

    Raises UsageError, with the cure, when there is no git, no repository or no such revision.
    """
    target = path.resolve()
    if not revision or revision.startswith("-") or "\0" in revision:
        raise UsageError(f"--since {revision}: name a commit, a branch or a tag, e.g. --since main")
    inside = _git(target.parent, "rev-parse", "--is-inside-work-tree")
    if inside.returncode or inside.stdout.strip() != b"true":
        raise UsageError(f"{path} lies in no git repository, so nothing is known about {revision}; leave --since out")
    commit = _git(target.parent, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit.returncode:
        raise UsageError(f"--since {revision}: git knows no such revision; `git log --oneline` lists some")
    name = commit.stdout.decode("ascii").strip()
    listed = _git(target.parent, "ls-tree", "-z", name, "--", f":(literal){target.name}")
    if not listed.returncode and not listed.stdout:
        return None
    shown = _git(target.parent, "show", "--no-textconv", f"{name}:./{target.name}")
    if listed.returncode or shown.returncode:
        words = (shown.stderr or listed.stderr).decode("utf-8", "replace").strip().split("\n")[0]
        raise UsageError(f"{path} as of {revision} cannot be read: {words}")
    return shown.stdout


def _sameness(finding: Finding) -> tuple[str, str, str, str]:
    numbers = re.compile(r"\d+")  # lines and sizes in a message shift
    said = numbers.sub("", finding.message)
    return finding.rule.id, finding.format, " ".join(finding.excerpt.split()), said


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    command: Sequence[str] = ["git", "-C", str(folder), *words]
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(
            command, capture_output=True, check=False, timeout=_SECONDS, stdin=subprocess.DEVNULL, env=environment
        )
    except FileNotFoundError:
        raise UsageError("git is not installed, and --since asks it for the older version; install git") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git gave no answer within {_SECONDS} seconds in {folder}; try `git status` there") from None
