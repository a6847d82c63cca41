"""Whatever is handed to the command, it ends soon, without a traceback, with a line and a cure or with an issue."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from kanfa.cli import main

TEXT = "---\nnumber: 1\ntitle: 题\ndate: 2026-01-05\nsummary: 摘要在此\n---\n\n## 要闻\n\n"
YAML_BOMB = """\
---
a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c]
title: *d
---

x
"""
FILES: dict[str, bytes] = {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "ten megabytes of stars": b"*" * 10_000_000,
    "almost a megabyte of stars": b"*" * 900_000,
    "ten thousand quotes": b">" * 10_000 + b" x\n",
    "ten thousand brackets": b"[" * 10_000 + b"\n",
    "ten thousand nested items": b"".join(b"  " * (i % 400) + b"- x\n" for i in range(10_000)),
    "windows-1252": "Caf\xe9 \x93quoted\x94\n".encode("latin-1"),
    "nul bytes": TEXT.encode() + b"a\x00b\n",
    "picture outside": TEXT.encode() + b"![x](../../etc/passwd)\n",
    "picture by file address": TEXT.encode() + b"![x](file:///etc/passwd)\n",
    "javascript link": TEXT.encode() + b"[x](javascript:alert(1))\n",
    "unclosed front matter": b"---\ntitle: x\n",
    "broken front matter": b"---\ntitle: [x\n---\n\ntext\n",
    "front matter that is a list": b"---\n- a\n- b\n---\n\ntext\n",
    "yaml bomb": YAML_BOMB.encode(),
    "python in yaml": b"---\ntitle: !!python/object/apply:os.system ['true']\n---\n\nx\n",
}
ONLY_TEXT = {"ten thousand brackets"}
"""Odd, but nothing is wrong with it."""
ACCEPTED = {
    "jinja": "三乘三 {{ 7*7 }} 与 {% raw %} 和 {# 注 #}",
    "mjml": "这里写 `<mj-raw>` 标签",
    "style and script": "文字 `</style><script>alert(1)</script>` 结束",
    "template tokens": "令牌 __UNSUB__ 与 %7B%7B x",
    "backslashes and quotes": "C:\\\\new\\\\table \"引号\" '单引号' & 与号",
    "odd characters": "全角空格\u3000、心❤️、家庭👩‍💻、旗🇨🇳、组合e\u0301、阿拉伯 مرحبا",
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_ends_with_one_clear_message(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "issue.md"
    path.write_bytes(FILES[name])
    began = time.monotonic()
    with pytest.raises(SystemExit) as caught:
        main(["check", str(path), "--format", "json"])
    shown = capsys.readouterr()
    assert time.monotonic() - began < 60  # seconds even on a busy machine; a hang would be for ever
    assert "Traceback" not in shown.err + shown.out
    if name in ONLY_TEXT:
        assert caught.value.code == 0
        return
    assert caught.value.code in {1, 2}
    if caught.value.code == 1:
        errors = [finding for finding in json.loads(shown.out)["findings"] if finding["severity"] == "error"]
        assert errors
        assert all(finding["file"].endswith("issue.md") and finding["line"] >= 1 for finding in errors)
    else:
        assert shown.out == ""
        assert "issue.md" in shown.err


def test_a_folder_and_a_missing_path_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path, tmp_path / "gone.md"):
        with pytest.raises(SystemExit) as caught:
            main(["check", str(path)])
        assert caught.value.code == 2
        assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("name", ACCEPTED)
def test_text_that_looks_like_code_is_only_text(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "issue.md"
    path.write_text(TEXT + ACCEPTED[name] + "\n", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        main(["check", str(path), "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert [finding for finding in document["findings"] if finding["severity"] == "error"] == []
    assert caught.value.code == 0


def test_markup_outside_code_is_kept_visible_and_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "issue.md"
    path.write_text(TEXT + "甲 <mj-raw>乙</mj-raw>\n\n</style><script>alert(1)</script>\n", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        main(["check", str(path), "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    lines = {finding["line"] for finding in findings if finding["severity"] == "error"}
    assert caught.value.code == 1
    assert lines == {10, 12}
    assert not [finding for finding in findings if finding["rule"].startswith("PAR")]
