"""`kanfa new`: the next issue stands ready, with its date, its sections and nothing that must be typed twice."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from cli_house import Kanfa

from kanfa import pipeline
from kanfa.cli import main
from kanfa.cli.new import Start, date_of_next, draft
from kanfa.errors import UsageError
from kanfa.findings import Severity
from kanfa.issue.model import text_of
from kanfa.issue.reader import read
from kanfa.issue.structure import check
from kanfa.publication import Publication, SectionSettings, find_publication

TUESDAY = datetime.date(2019, 7, 2)
TOML = """\
name = "测试周刊"
url = "https://weekly.example.org"
weekday = "tuesday"

[[sections]]
name = "前言"

[[sections]]
name = "业界要闻"
required = true
numbered = true
max_items = 8
"""


class Ran(NamedTuple):
    """What a command did."""

    status: int
    out: str
    err: str


New = Callable[..., Ran]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publication whose issue 7 is far in the future, and the current folder in it."""
    (tmp_path / "kanfa.toml").write_text(TOML, encoding="utf-8")
    folder = tmp_path / "content" / "issues" / "007"
    folder.mkdir(parents=True)
    text = "---\nnumber: 7\ntitle: 第七期\ndate: 2999-12-31\nsummary: 摘要\n---\n\n## 业界要闻\n\n1、甲\n"
    (folder / "issue.md").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def new(capsys: pytest.CaptureFixture[str]) -> New:
    """Run `kanfa new` in this process."""

    def run(*words: object) -> Ran:
        with pytest.raises(SystemExit) as caught:
            main(["new", *map(str, words)])
        shown = capsys.readouterr()
        return Ran(caught.value.code if isinstance(caught.value.code, int) else 0, shown.out, shown.err)

    return run


@pytest.mark.parametrize(
    ("weekday", "latest", "today", "expected"),
    [
        (None, TUESDAY, datetime.date(2019, 7, 4), datetime.date(2019, 7, 4)),
        (2, TUESDAY, TUESDAY, datetime.date(2019, 7, 9)),
        (2, datetime.date(2019, 7, 8), TUESDAY, datetime.date(2019, 7, 9)),
        (2, datetime.date(2019, 6, 4), TUESDAY, TUESDAY),
        (2, None, TUESDAY, TUESDAY),
        (2, None, datetime.date(2019, 7, 3), datetime.date(2019, 7, 9)),
        (7, TUESDAY, TUESDAY, datetime.date(2019, 7, 7)),
        (1, TUESDAY, datetime.date(2019, 7, 20), datetime.date(2019, 7, 22)),
    ],
)
def test_the_date_is_the_next_such_day_after_the_latest_issue_and_not_before_today(
    weekday: int | None, latest: datetime.date | None, today: datetime.date, expected: datetime.date
) -> None:
    assert date_of_next(weekday, latest, today) == expected


def test_the_next_issue_has_number_date_and_the_declared_sections(new: New, desk: Path) -> None:
    ran = new("第八期：“新” #8")
    path = desk / "content/issues/008/issue.md"
    assert (ran.status, ran.out.strip()) == (0, str(path))
    issue = pipeline.read(path, find_publication(desk) or Publication()).issue
    assert (issue.number, issue.title, issue.date) == (8, "第八期：“新” #8", datetime.date(3000, 1, 7))
    assert [text_of(*section.title) for section in issue.sections] == ["业界要闻"]
    source = path.read_text(encoding="utf-8")
    assert "\n## 前言\n-->" in source
    assert "<!-- 条目写作 1、2、3、；至多 8 条 -->" in source
    assert (path.parent / "images").is_dir()


def test_earlier_issues_are_not_typed_and_listed_all_the_same(new: New, desk: Path) -> None:
    path = Path(new("第八期").out.strip())
    assert "previous" not in read(path.read_text(encoding="utf-8")).issue.lines_of
    assert [one.title for one in pipeline.read(path, find_publication(desk) or Publication()).issue.previous] == [
        "第七期"
    ]


def test_it_lacks_nothing_but_what_is_to_be_written(new: New, desk: Path) -> None:
    source = pipeline.read(Path(new("第八期").out.strip()), find_publication(desk) or Publication())
    assert [(finding.rule.name, finding.severity) for finding in source.findings] == [
        ("summary-missing", Severity.WARNING),
        ("section-empty", Severity.WARNING),
    ]


def test_date_and_number_may_be_given(new: New, desk: Path) -> None:
    path = Path(new("第十二期", "--number", 12, "--date", "2026-02-03").out.strip())
    issue = read(path.read_text(encoding="utf-8")).issue
    assert (path.parent.name, issue.number, issue.date) == ("012", 12, datetime.date(2026, 2, 3))
    assert Path(new("第十三期").out.strip()).parent.name == "013"


def test_a_number_that_exists_is_refused_in_one_line(new: New, desk: Path) -> None:
    before = (desk / "content/issues/007/issue.md").read_bytes()
    ran = new("又是第七期", "--number", 7)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert f"issue 7 exists already: {desk / 'content/issues/007/issue.md'}" in ran.err
    assert (desk / "content/issues/007/issue.md").read_bytes() == before


@pytest.mark.parametrize("words", [[" "], ["甲\n乙"], ["题", "--number", "0"], ["题", "--date", "tomorrow"]])
def test_wrong_words_make_nothing(new: New, desk: Path, words: list[str]) -> None:
    assert new(*words).status == 2
    assert [path.name for path in (desk / "content/issues").iterdir()] == ["007"]


def test_a_latest_issue_that_cannot_be_read_is_no_obstacle(new: New, desk: Path) -> None:
    (desk / "content/issues/007/issue.md").write_bytes(b"\x00")
    assert new("第八期").status == 0


def test_a_folder_in_the_way_is_named(new: New, desk: Path) -> None:
    (desk / "content/issues/008").write_text("", encoding="utf-8")
    ran = new("第八期")
    assert ran.status == 2
    assert "008" in ran.err


def test_comments_speak_the_language_of_the_publication() -> None:
    sections = (
        SectionSettings(name="C# & *news* -->", required=True),
        SectionSettings(name="A -->", strict_links=True),
    )
    publication = Publication(language="en", sections=sections)
    text = draft(Start(1, "Title: one", TUESDAY), publication)
    assert text.isascii()
    assert "date: 2019-07-02 # Tuesday\n" in text
    issue = read(text, publication=publication).issue
    assert [text_of(*section.title) for section in issue.sections] == ["C# & *news* -->"]
    assert list(check(issue, publication)) == []


def test_without_a_declaration_only_the_front_matter_is_written() -> None:
    latest = read("---\nnumber: 6\ntitle: 'a\u2028b'\n---\n").issue
    text = draft(Start(7, "题", TUESDAY, latest), Publication())
    assert text.endswith("---\n\n")
    result = read(text)
    assert (result.issue.number, result.issue.body()) == (7, ())
    assert [finding.rule.name for finding in result.findings] == []


def test_after_the_last_day_of_the_calendar_the_date_must_be_given() -> None:
    with pytest.raises(UsageError, match="no day comes after 9999-12-31"):
        date_of_next(2, datetime.date.max, datetime.date(2026, 1, 1))


def test_an_issue_that_is_a_link_to_nowhere_is_refused_and_nothing_is_made(kanfa: Kanfa, desk: Path) -> None:
    folder = desk / "content/issues/077"
    folder.mkdir()
    (folder / "issue.md").symlink_to(desk / "nowhere.md")
    ran = kanfa("new", "题", "--number", "77")
    assert ran.status == 2
    assert "is a symbolic link" in ran.err
    assert not (folder / "images").exists()
    assert not (desk / "nowhere.md").exists()
