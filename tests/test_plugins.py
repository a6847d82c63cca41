"""A faulty plug-in is named with its package instead of stopping every command with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from kanfa.errors import EnvironmentProblem
from kanfa.formats import installed


def test_a_plug_in_that_cannot_be_imported_is_named_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "broken_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-plugin\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[kanfa.formats]\nbroken = broken_plugin:FORMAT\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(EnvironmentProblem, match=r"broken = broken_plugin:FORMAT") as caught:
        installed()
    assert caught.value.cure == "pip uninstall broken-plugin"
