"""The wheel works where nobody has a checkout: an empty environment, any folder, any Markdown file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ISSUE = """\
---
number: 3
title: 轮子里的周刊
date: 2026-01-05
summary: 从安装好的包里发布，而不是从检出的目录里。
---

## 要闻

一段**完整**的文字，带一个[链接](https://www.python.org/)。
"""


def run(*words: str | Path, env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in words], env=env, cwd=cwd, text=True, capture_output=True, check=False)


@pytest.mark.flow
def test_the_built_wheel_publishes_from_an_empty_environment_in_any_folder(root: Path, tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PYTHON", "KANFA"))}
    env.setdefault("UV_CACHE_DIR", str(root / ".venv" / "cache" / "uv"))
    env["CI"] = "true"  # the command stops its Prefect server at the end
    env["HOME"] = str(tmp_path)
    uv = [sys.executable, "-m", "uv", "--quiet"]

    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", env=env, cwd=root)
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for part in ("kanfa/cli/__init__.py", "flows/publish.py", "kanfa/templates/pdf/fonts/NotoSansSC-Regular.ttf"):
        assert part in names

    empty = tmp_path / "empty"
    assert run(*uv, "venv", "--python", sys.executable, empty, env=env, cwd=tmp_path).returncode == 0
    constraints = ["--constraints", root / "requirements.txt"]
    installed = run(*uv, "pip", "install", "--python", empty, *constraints, wheel, env=env, cwd=tmp_path)
    if "error sending request" in installed.stderr or "dns error" in installed.stderr:
        pytest.skip("no package registry can be reached from here")
    assert installed.returncode == 0, installed.stderr

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "weekly.md").write_text(ISSUE, encoding="utf-8")
    published = run(empty / "bin" / "kanfa", "publish", "weekly.md", "--json", env=env, cwd=elsewhere)
    assert published.returncode == 0, published.stderr
    release = Path(json.loads(published.stdout)["release"])
    assert release.is_relative_to(elsewhere / "outbox")
    assert {path.name for path in release.iterdir()} >= {
        "email.html", "email.txt", "email.eml", "issue.pdf", "wechat.html", "wechat.json",
        "report.json", "report.html", "manifest.json",
    }  # fmt: skip
