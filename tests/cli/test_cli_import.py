"""`kanfa import`: whole folders appear, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_house import Kanfa
from PIL import Image

FOREIGN = "---\ntitle: 外来的一期\nlayout: post\n---\n\n![图](pics/a.png)\n\n![上面](../secret.png)\n"


@pytest.fixture
def foreign(desk: Path) -> Path:
    """A foreign issue with one picture beside it and one outside its folder."""
    folder = desk / "old" / "pics"
    folder.mkdir(parents=True)
    for path in (folder / "a.png", desk / "secret.png"):
        Image.new("RGB", (4, 4)).save(path)
    file = desk / "old" / "post.md"
    file.write_text(FOREIGN, encoding="utf-8")
    return file


def test_an_import_makes_the_issue_with_its_pictures_and_says_what_it_decided(
    kanfa: Kanfa, desk: Path, foreign: Path
) -> None:
    ran = kanfa("import", foreign, "--lang", "en")
    made = desk / "content/issues/008"
    assert ran.status == 0
    assert ran.out.endswith(f"{made / 'issue.md'}\n")
    assert (made / "images/a.png").read_bytes() == (desk / "old/pics/a.png").read_bytes()
    assert "![图](images/a.png)" in (made / "issue.md").read_text(encoding="utf-8")
    assert "the file names no number; it became issue 8" in ran.out
    assert "post.md:3:1: info IMP004 layout is kept as a comment" in ran.out
    assert json.loads(kanfa("check", "8", "--format", "json").out)["issue"] == "content/issues/008/issue.md"


def test_no_picture_outside_the_folder_is_copied_unless_the_site_is_named(
    kanfa: Kanfa, desk: Path, foreign: Path
) -> None:
    found = json.loads(kanfa("import", foreign, "--dry-run", "--json").out)
    assert [one["line"] for one in found["findings"] if one["rule"] == "IMP011"] == [8]
    assert not (desk / "content/issues/008").exists()
    kanfa("import", foreign, "--site", desk)
    assert (desk / "content/issues/008/images/secret.png").is_file()


def test_a_taken_number_a_missing_file_and_a_binary_are_refused_with_one_line(
    kanfa: Kanfa, desk: Path, foreign: Path
) -> None:
    for words in (
        [foreign, "--number", "7"],
        [desk / "gone.md"],
        [desk / "secret.png"],
        [foreign, foreign, "--number", "9"],
    ):
        ran = kanfa("import", *words)
        assert ran.status == 2, words
        assert ran.err.count("\n") <= 2
    assert sorted(path.name for path in (desk / "content/issues").iterdir()) == ["007"]


def test_several_files_are_numbered_in_the_order_of_their_dates(kanfa: Kanfa, desk: Path) -> None:
    for name, date in (("b", "2024-02-01"), ("a", "2024-01-01")):
        (desk / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: {date}\n---\n\n正文。\n", encoding="utf-8")
    made = json.loads(kanfa("import", desk / "b.md", desk / "a.md", "--json").out)
    assert [(Path(one["file"]).name, one["number"]) for one in made] == [("a.md", 8), ("b.md", 9)]


@pytest.mark.parametrize("base", ["http://[", "https://", "ftp://x", "https://x:99999", "x"])
def test_a_base_that_is_no_web_address_is_refused_in_one_line(kanfa: Kanfa, foreign: Path, base: str) -> None:
    ran = kanfa("import", foreign, "--base", base)
    assert ran.status == 2
    assert f"--base {base}: give a whole http(s) address" in ran.err


def test_a_folder_or_an_empty_file_among_the_files_keeps_no_other_out(kanfa: Kanfa, desk: Path, foreign: Path) -> None:
    (desk / "empty.md").touch()
    ran = kanfa("import", desk / "old", desk / "empty.md", foreign)
    assert ran.status == 2
    assert "is a folder" in ran.err
    assert "the file is empty" in ran.err
    assert (desk / "content/issues/008/issue.md").is_file()


def test_two_files_with_one_number_are_named_and_none_is_written(kanfa: Kanfa, desk: Path) -> None:
    for name in ("a.md", "b.md"):
        (desk / name).write_text("---\nnumber: 77\n---\n\n正文。\n", encoding="utf-8")
    ran = kanfa("import", desk / "a.md", desk / "b.md")
    assert ran.status == 2
    assert "a.md is issue 77 too" in ran.err
    assert not (desk / "content/issues/077").exists()


def test_what_a_killed_import_left_is_cleared_by_the_next_one(kanfa: Kanfa, desk: Path, foreign: Path) -> None:
    left = desk / "content/issues/.099.new"
    left.mkdir(parents=True)
    (left / "issue.md").write_text("half", encoding="utf-8")
    assert kanfa("import", foreign).status == 0
    assert not left.exists()
