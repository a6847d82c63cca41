"""The issues round an issue: found by their folders, called what they call themselves, and never read in full."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kanfa import neighbours, pipeline
from kanfa.errors import UsageError
from kanfa.findings import Finding
from kanfa.issue import reader
from kanfa.issue.model import PreviousIssue
from kanfa.locate import issue_files, resolve
from kanfa.publication import BackIssues, LintSettings, Publication, SectionSettings

URL = "https://weekly.example.org"
Write = Callable[..., Path]


@pytest.fixture
def house(tmp_path: Path) -> Publication:
    return Publication(url=URL, root=tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the issue of one folder; its front matter is a title and whatever else is given."""

    def write(folder: str, more: str = "", title: str = "") -> Path:
        path = tmp_path / "content" / "issues" / folder / "issue.md"
        path.parent.mkdir(parents=True)
        path.write_text(
            f"---\ntitle: {title or f'题 {folder}'}\nsummary: 摘要\n{more}---\n\n正文。\n", encoding="utf-8"
        )
        return path

    return write


def own(findings: tuple[Finding, ...]) -> list[tuple[str, int]]:
    """Rule and line of the findings about structure and neighbours."""
    return [(finding.rule.id, finding.line) for finding in findings if finding.rule.id.startswith("ISS09")]


def test_the_latest_earlier_issues_are_listed_the_nearest_first_and_the_next_is_named(
    write: Write, house: Publication
) -> None:
    paths = [write(f"{number:03d}") for number in range(1, 13)]
    near = neighbours.of(paths[9], house)
    assert [earlier.number for earlier in near.older] == [9, 8, 7, 6, 5, 4, 3, 2]
    assert near.older[0] == PreviousIssue(9, "题 009", 1, f"{URL}/009/")
    assert near.newer == PreviousIssue(11, "题 011", 1, f"{URL}/011/")
    assert neighbours.of(paths[0], house) == neighbours.Neighbours(newer=near_of(paths[1], house))
    assert neighbours.of(paths[11], house).newer is None


def near_of(path: Path, house: Publication) -> PreviousIssue:
    """How the issue at `path` is listed by its neighbours."""
    number = int(path.parent.name)
    return PreviousIssue(number, f"题 {number:03d}", 1, f"{URL}/{number:03d}/")


def test_how_many_are_listed_is_a_setting(write: Write, house: Publication) -> None:
    paths = [write(f"{number:03d}") for number in range(1, 6)]
    for count in (0, 2):
        settings = house.model_copy(update={"back_issues": BackIssues(count=count)})
        assert len(neighbours.of(paths[4], settings).older) == count


def test_title_number_and_address_are_those_the_issue_gives_itself(write: Write, house: Publication) -> None:
    path = write("007-seven", "number: 70\n", "第七期")
    path.write_text("# 第八期：标题在正文里\n\n正文。\n", encoding="utf-8")
    write("009", "number: 90\n", "九十")
    last = write("010")
    assert [(one.number, one.title, one.href) for one in neighbours.of(last, house).older] == [
        (90, "九十", f"{URL}/090/"),
        (8, "第八期：标题在正文里", f"{URL}/008/"),
    ]


def test_folders_named_by_dates_are_a_row_of_their_own(write: Write, house: Publication) -> None:
    write("001")
    paths = [write(day) for day in ("2026-01-05", "2026-01-12", "2026-01-19")]
    near = neighbours.of(paths[1], house)
    assert [(one.number, one.href) for one in near.older] == [(None, f"{URL}/2026-01-05/")]
    assert near.newer is not None
    assert near.newer.title == "题 2026-01-19"


def test_the_specimen_is_nobodys_neighbour_and_has_none(write: Write, house: Publication) -> None:
    specimen, first = write("000-specimen"), write("001")
    assert neighbours.of(first, house) == neighbours.Neighbours()
    assert neighbours.of(specimen, house) == neighbours.Neighbours()


def test_a_file_outside_the_issues_has_no_neighbours(write: Write, house: Publication, tmp_path: Path) -> None:
    write("001")
    other = write("002").rename(tmp_path / "draft.md")
    assert not neighbours.is_member(other, house)
    assert neighbours.of(other, house) == neighbours.Neighbours()
    assert pipeline.read(other, house).issue.previous == ()


def test_without_a_public_address_earlier_issues_are_listed_without_links(write: Write, tmp_path: Path) -> None:
    write("001")
    assert neighbours.of(write("002"), Publication(root=tmp_path)).older == (PreviousIssue(1, "题 001", 1),)


def test_an_issue_that_lists_none_gets_the_list_and_one_that_does_keeps_its_own(
    write: Write, house: Publication
) -> None:
    write("001")
    assert [one.number for one in pipeline.read(write("002"), house).issue.previous] == [1]
    listed = pipeline.read(write("003", "previous:\n  - {number: 2, title: 二}\n  - {number: 1, title: 一}\n"), house)
    assert [one.title for one in listed.issue.previous] == ["二", "一"]
    assert pipeline.read(write("004", "previous: []\n"), house).issue.previous == ()
    newer = pipeline.read(house.base / "content/issues/001/issue.md", house).issue.newer
    assert newer is not None
    assert newer.number == 2


def test_a_gap_in_the_list_is_shown_and_reported(write: Write, house: Publication) -> None:
    write("001")
    write("002")
    source = pipeline.read(write("004"), house)
    assert [one.number for one in source.issue.previous] == [2, 1]
    assert own(source.findings) == [("ISS096", 1)]


def test_an_earlier_issue_that_cannot_be_read_is_left_out_and_named(write: Write, house: Publication) -> None:
    write("001")
    write("002")
    write("003").write_bytes(b"\xff\xfe\x00")
    source = pipeline.read(write("004", "number: 4\n"), house)
    (finding,) = [finding for finding in source.findings if finding.rule.id == "ISS097"]
    assert [one.number for one in source.issue.previous] == [2, 1]
    assert (finding.line, finding.message.partition(":")[0]) == (
        1,
        "the earlier issue in 003 cannot be read and is not listed",
    )
    clean = pipeline.read(house.base / "content/issues/002/issue.md", house)
    assert own(clean.findings) == []
    assert clean.issue.newer is not None
    assert clean.issue.newer.number == 4


def test_a_folder_that_names_another_number_is_reported(write: Write, house: Publication) -> None:
    assert own(pipeline.read(write("001", "number: 2\n"), house).findings) == [("ISS098", 4)]
    assert own(pipeline.read(write("003", "number: 3\n"), house).findings) == []
    assert own(pipeline.read(write("2026-01-05", "number: 4\n"), house).findings) == []


def test_only_the_publications_own_issues_follow_its_declaration(
    write: Write, house: Publication, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = house.model_copy(update={"sections": (SectionSettings(name="要闻", required=True, numbered=True),)})
    text = "---\ntitle: 题\nsummary: 摘要\nnumber: 1\n---\n## 要闻\n\n1、甲\n"
    inside, draft = write("001"), tmp_path / "draft.md"
    foreign = tmp_path_factory.mktemp("elsewhere") / "issue.md"
    for path in (inside, draft, foreign):
        path.write_text(text, encoding="utf-8")
    kinds = [pipeline.read(path, settings).issue.sections[0].blocks[0].method for path in (inside, draft, foreign)]
    assert kinds == ["list", "list", "paragraph"]
    for path in (inside, draft, foreign):
        path.write_text(text.replace("要闻", "别的"), encoding="utf-8")
    found = [own(pipeline.read(path, settings).findings) for path in (inside, draft, foreign)]
    assert found == [[("ISS091", 1), ("ISS090", 6)], [], []]


def test_addresses_of_recent_issues_are_known_where_a_section_is_strict(write: Write, house: Publication) -> None:
    strict = SectionSettings(name="要闻", strict_links=True)
    settings = house.model_copy(update={"sections": (strict,), "lint": LintSettings(recent=2)})
    for number in range(1, 5):
        path = write(f"00{number}")
        links = f"[甲](https://a.org/{number}) [乙](https://b.org/) [@a](https://c.org/)"
        path.write_text(f"---\ntitle: 题 {number}\nsummary: 摘要\n---\n## 要闻\n\n{links}\n", encoding="utf-8")
    assert neighbours.recent_links(path, settings) == {
        "https://a.org/3": ("content/issues/003/issue.md", 7),
        "https://b.org/": ("content/issues/003/issue.md", 7),
        "https://a.org/2": ("content/issues/002/issue.md", 7),
    }
    assert neighbours.recent_links(path, house) == {}
    found = [finding for finding in pipeline.read(path, settings).findings if finding.rule.id == "ISS102"]
    assert [(finding.line, "https://b.org/" in finding.message) for finding in found] == [(7, True)]


def test_the_language_of_the_publication_is_that_of_an_issue_that_names_none(write: Write, house: Publication) -> None:
    english = house.model_copy(update={"language": "en"})
    assert pipeline.read(write("001"), english).issue.language == "en"
    assert pipeline.read(write("002", "language: fr\n"), english).issue.language == "fr"


def test_the_work_for_one_issue_does_not_grow_with_the_archive(
    write: Write, house: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [write(f"{number:03d}") for number in range(1, 101)]
    heads: list[str] = []
    real = reader.read_head

    def counted(source: str, file: str = "issue.md") -> object:
        heads.append(file)
        return real(source, file)

    monkeypatch.setattr(reader, "read_head", counted)
    monkeypatch.setattr(reader, "read", None)
    neighbours.of(paths[49], house)
    assert heads == [f"{number:03d}/issue.md" for number in (49, 48, 47, 46, 45, 44, 43, 42, 51)]


def test_the_head_is_what_reading_in_full_finds(root: Path) -> None:
    path = root / "content/issues/009/issue.md"
    head, full = neighbours.head(path), reader.read(path.read_text(encoding="utf-8"), "009/issue.md").issue
    for name in ("title", "short_title", "number", "date", "slug", "previous", "authors", "cover", "lines_of"):
        assert getattr(head, name) == getattr(full, name)
    assert head.body() == ()


def test_a_folder_named_by_a_date_is_no_number_and_can_be_asked_for(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kanfa.toml").write_text('name = "刊"\n', encoding="utf-8")
    first, last = write("2026-01-05"), write("2026-01-12-extra")
    monkeypatch.chdir(tmp_path)
    publication = resolve("latest")[1]
    assert issue_files(publication) == {}
    assert resolve("latest")[0] == last
    assert resolve("2026-01-05")[0] == first
    with pytest.raises(UsageError, match="2026-01-06 does not exist"):
        resolve("2026-01-06")
    number = write("007")
    assert resolve("latest")[0] == number == resolve("7")[0]
    write("2026-01-05-again")
    with pytest.raises(UsageError, match="issue 2026-01-05 exists twice"):
        resolve("2026-01-05")
