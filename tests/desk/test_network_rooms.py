"""Fetching and delivering talk to the network; nothing that renders, checks or stages can."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

NETWORK = ("httpx", "httpcore", "kanfa.desk.fetch", "kanfa.desk.transport")


def test_the_engine_never_imports_what_can_ask_the_web() -> None:
    code = (
        "import sys, kanfa.pipeline, kanfa.formats, kanfa.release.store, kanfa.deliver.delivery, kanfa.desk.lockfile;"
        "import kanfa.desk.link_rules, kanfa.cli.check;"
        "kanfa.formats.installed();"
        f"print(sorted(set({NETWORK!r}) & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "[]\n", "")


def test_only_the_desk_and_the_wechat_channel_name_a_client(root: Path) -> None:
    """Read from the sources, so that an import within a function is seen, too."""
    found = {
        path.relative_to(root / "kanfa").as_posix()
        for path in (root / "kanfa").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
        if name.partition(".")[0] in {"httpx", "httpcore", "requests", "aiohttp"} or name == "urllib.request"
    }
    assert found == {
        "desk/fetch.py",
        "desk/transport.py",
        "wechat/api/client.py",
        "wechat/api/line.py",
        "deliver/wechat.py",
    }
