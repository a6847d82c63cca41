"""A picture that was pulled is read from its file: rendering needs no network and notices every change."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from desk_house import png

from kanfa.desk.lockfile import FILE_NAME, Entry, Lock, lock_text
from kanfa.findings import Finding
from kanfa.formats import installed
from kanfa.issue.model import Issue
from kanfa.pipeline import produce, read
from kanfa.publication import Publication

LOGO = "https://img.example.org/logo.png?v=1"
SOURCE = f"""\
---
number: 7
title: 第七期：测试
date: 2026-01-05
summary: 一份测试用的周报。
authors: [张三]
---

## 要闻

一段正文，下面是一张图。

![标志]({LOGO})
"""
LINE = 13


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An issue whose picture was pulled."""
    (tmp_path / "images").mkdir()
    (tmp_path / "images/logo.png").write_bytes(png(400, 200))
    entry = Entry(
        "images/logo.png", hashlib.sha256(png(400, 200)).hexdigest(), len(png(400, 200)), "image/png", 400, 200
    )
    (tmp_path / FILE_NAME).write_text(lock_text(Lock({LOGO: entry}, True)), encoding="utf-8")
    (tmp_path / "issue.md").write_text(SOURCE, encoding="utf-8")
    return tmp_path / "issue.md"


def loaded(path: Path) -> tuple[Issue, list[Finding]]:
    source = read(path, Publication(name="测试周刊"))
    return source.issue, [finding for finding in source.findings if finding.rule.id in {"ISS140", "ISS141"}]


def test_a_pulled_picture_is_the_asset_of_its_address(path: Path) -> None:
    issue, found = loaded(path)
    asset = issue.asset(LOGO)
    assert found == []
    assert asset is not None
    assert (asset.name, asset.data, asset.width) == ("logo.png", png(400, 200), 400)


@pytest.mark.parametrize("name", sorted(installed()))
def test_every_format_shows_it_without_a_word_about_the_web(path: Path, name: str) -> None:
    issue, _ = loaded(path)
    artifact, found = produce(installed()[name], issue, Publication(name="测试周刊"))
    assert artifact is not None
    assert [str(one) for one in found if "picture" in one.message or "image" in one.rule.name] == []
    assert any(file.startswith("images/logo") for file in artifact.files) or name == "pdf"
    assert not any(b"img.example.org" in data for file, data in artifact.files.items() if file.endswith(".html"))


def test_a_file_that_is_gone_is_one_error_at_the_picture(path: Path) -> None:
    (path.parent / "images/logo.png").unlink()
    issue, [finding] = loaded(path)
    assert (finding.rule.id, finding.line) == ("ISS140", LINE)
    assert finding.message == f"images/logo.png, pulled for picture “{LOGO}”, is gone"
    assert issue.asset(LOGO) is None


def test_a_file_that_was_changed_is_one_error_at_the_picture(path: Path) -> None:
    (path.parent / "images/logo.png").write_bytes(png(400, 200, 7))
    _, [finding] = loaded(path)
    assert (finding.rule.id, finding.line) == ("ISS140", LINE)
    assert "is another picture now" in finding.message


def test_the_change_is_seen_where_the_text_also_names_the_file_itself(path: Path) -> None:
    (path.parent / "images/logo.png").write_bytes(png(400, 200, 7))
    path.write_text(SOURCE.replace("![标志]", "![它](images/logo.png)\n\n![标志]"), encoding="utf-8")
    issue, [finding] = loaded(path)
    assert (finding.rule.id, finding.line) == ("ISS140", LINE + 2)
    assert issue.asset("images/logo.png") is not None


def test_a_cover_that_was_changed_is_an_error_too(path: Path) -> None:
    (path.parent / "images/logo.png").write_bytes(png(400, 200, 7))
    path.write_text(SOURCE.replace("authors:", f"cover: {LOGO}\nauthors:"), encoding="utf-8")
    assert {finding.rule.id for finding in loaded(path)[1]} == {"ISS140"}


def test_a_link_out_of_the_folder_is_not_followed(path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "logo.png"
    outside.write_bytes(png(400, 200))
    (path.parent / "images/logo.png").unlink()
    (path.parent / "images/logo.png").symlink_to(outside)
    issue, [finding] = loaded(path)
    assert finding.rule.id == "ISS140"
    assert issue.asset(LOGO) is None


def test_a_damaged_lock_is_one_error_and_names_its_line(path: Path) -> None:
    (path.parent / FILE_NAME).write_text("{\n<<<<<<<\n", encoding="utf-8")
    _, [finding] = loaded(path)
    assert (finding.rule.id, finding.line) == ("ISS140", 1)
    assert finding.message.startswith("images.lock, line 2: no JSON")


def test_a_picture_that_the_lock_lacks_is_one_note_with_the_command(path: Path) -> None:
    path.write_text(f"{SOURCE}\n![别的](https://img.example.org/other.png)\n", encoding="utf-8")
    _, [finding] = loaded(path)
    assert (finding.rule.id, finding.line, finding.severity) == ("ISS141", LINE + 2, "info")
    assert "kanfa images pull" in finding.rule.cure


def test_without_a_lock_the_formats_speak_for_themselves(path: Path) -> None:
    (path.parent / FILE_NAME).unlink()
    assert loaded(path)[1] == []
