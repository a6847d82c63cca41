"""A desk to sit at: the command line run in this process, and a publication with one issue."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_house import ISSUE, Kanfa, Ran

from kanfa.cli import main


@pytest.fixture
def kanfa(capsys: pytest.CaptureFixture[str]) -> Kanfa:
    """Run the command line in this process."""

    def run(*words: object) -> Ran:
        with pytest.raises(SystemExit) as caught:
            main([str(word) for word in words])
        shown = capsys.readouterr()
        status = caught.value.code
        return Ran(status if isinstance(status, int) else 0, shown.out, shown.err)

    return run


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publication with one issue, and the current folder in it."""
    (tmp_path / "kanfa.toml").write_text('name = "测试周刊"\nurl = "https://weekly.example.org"\n', encoding="utf-8")
    folder = tmp_path / "content" / "issues" / "007"
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text(ISSUE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
