"""What is new since an older version: matched by rule and words of the line, not by its number."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kanfa.desk.since import new_findings, version_at
from kanfa.errors import UsageError
from kanfa.findings import Finding
from kanfa.issue import rules


def found(rule: object, line: int, text: str, format: str = "") -> Finding:
    return Finding(rules.PUNCT_HALFWIDTH if rule == 1 else rules.CHAR_INVISIBLE, line, "m", excerpt=text, format=format)


def test_a_finding_is_old_when_its_rule_and_line_of_text_are() -> None:
    then = [found(1, 3, "甲,乙"), found(2, 4, "丙")]
    now = [found(1, 9, " 甲,乙 "), found(1, 4, "丙"), found(2, 1, "丙"), found(1, 2, "甲,乙", "email")]
    assert new_findings(now, then) == [now[1], now[3]]


def test_a_line_that_is_repeated_counts_as_often_as_it_stands() -> None:
    then = [found(1, 3, "甲")]
    now = [found(1, 1, "甲"), found(1, 2, "甲"), found(1, 3, "甲")]
    assert new_findings(now, then) == now[1:]
    assert new_findings(then, now) == new_findings([], now) == []


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with an issue in two versions, the older one tagged v1, in a folder with odd names."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "期 刊"
    folder.mkdir()

    def git(*words: str) -> None:
        identity = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    (folder / "第 *期.md").write_bytes("\ufeff旧\r\n".encode())
    git("add", ".")
    git("commit", "-q", "-m", "one")
    git("tag", "v1")
    (folder / "第 *期.md").write_text("新", "utf-8")
    (folder / "另.md").write_text("x", "utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "two")
    return folder


def test_the_bytes_of_an_older_version_come_from_git(repository: Path) -> None:
    assert version_at(repository / "第 *期.md", "v1") == "\ufeff旧\r\n".encode()
    assert version_at(repository / "第 *期.md", "HEAD") == "新".encode()


def test_a_file_that_was_not_there_yet_is_none(repository: Path) -> None:
    assert version_at(repository / "另.md", "v1") is None


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("nowhere", "no such revision"),
        ("--help", "name a commit"),
        ("", "name a commit"),
        ("v1:另.md", "no such revision"),
    ],
)
def test_a_revision_that_is_none_is_refused_with_the_cure(repository: Path, revision: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        version_at(repository / "另.md", revision)


def test_outside_a_repository_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="lies in no git repository"):
        version_at(tmp_path / "issue.md", "HEAD")


def test_without_git_the_cure_is_named(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="install git"):
        version_at(repository / "另.md", "HEAD")


def test_two_findings_about_the_whole_issue_are_told_apart_by_what_they_say() -> None:
    """Both stand on line 1, whose text is the fence of the front matter."""
    before = rules.LINK_DUPLICATE.at(1, "“Tools” is missing from line 3").located("issue.md", ["---"])
    moved = rules.LINK_DUPLICATE.at(1, "“Tools” is missing from line 9").located("issue.md", ["---"])
    fresh = rules.LINK_DUPLICATE.at(1, "“News” is missing from line 3").located("issue.md", ["---"])
    assert new_findings([moved, fresh], [before]) == [fresh]
