"""Good answers are remembered for a while, without telling anybody which addresses were asked."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import pytest

from kanfa.desk import cache
from kanfa.desk.links import Answer, Status
from kanfa.publication import Publication
from kanfa.release.files import locked

NOW = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
GOOD = Answer(Status.WORKING, 200)
MOVED = Answer(Status.REDIRECTED, 200, target="https://helm.sh/zh/?ticket=…")
HELM = "https://helm.sh/?token=abc"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".kanfa" / "links.json"


def test_good_answers_are_remembered_and_others_are_not(path: Path) -> None:
    cache.save(path, {HELM: GOOD, "https://b/": MOVED, "https://c/": Answer(Status.BROKEN, 404)}, NOW)
    memory = cache.load(path)
    assert cache.recall(memory, HELM, NOW, 7) == GOOD
    assert cache.recall(memory, "https://b/", NOW, 7) == MOVED
    assert cache.recall(memory, "https://c/", NOW, 7) is None


def test_an_answer_expires(path: Path) -> None:
    cache.save(path, {HELM: GOOD}, NOW)
    memory = cache.load(path)
    assert cache.recall(memory, HELM, NOW + 6.9 * DAY, 7) == GOOD
    assert cache.recall(memory, HELM, NOW + 7 * DAY, 7) is None
    assert cache.recall(memory, HELM, NOW, 0) is None
    assert cache.recall(memory, HELM, NOW - DAY, 7) is None  # a clock that was wrong


def test_a_link_that_broke_is_forgotten_and_the_others_stay(path: Path) -> None:
    cache.save(path, {HELM: GOOD, "https://b/": GOOD}, NOW)
    cache.save(path, {HELM: Answer(Status.TIMEOUT)}, NOW + DAY)
    memory = cache.load(path)
    assert cache.recall(memory, HELM, NOW + DAY, 7) is None
    assert cache.recall(memory, "https://b/", NOW + DAY, 7) == GOOD


def test_what_is_older_than_a_year_is_dropped(path: Path) -> None:
    cache.save(path, {HELM: GOOD}, NOW)
    cache.save(path, {"https://b/": GOOD}, NOW + 366 * DAY)
    assert len(cache.load(path)) == 1


def test_no_address_stands_in_the_file(path: Path) -> None:
    cache.save(path, {HELM: GOOD, "https://b.example.org/": MOVED}, NOW)
    text = path.read_text(encoding="utf-8")
    for secret in ("token", "abc", "b.example.org"):
        assert secret not in text
    cache.save(path, {}, NOW)
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"version": 9, "answers": {}}', '{"version": 1}', '{"version": 1, "answers": []}',
     "[" * 100_000, '{"version": 1, "answers": {"x": 1, "y": {"at": "no", "status": "working"}}}',
     '{"version": 1, "answers": {"x": {"at": "2026-01-05T00:00:00", "status": "working", "code": 1, "target": ""}}}',
     '{"version": 1, "answers": {"x": {"at": "2026-01-05T00:00:00Z", "status": "odd", "code": 1, "target": ""}}}',
     '{"version": 1, "answers": {"x": {"at": "2026-01-05T00:00:00Z", "status": "broken", "code": 1, "target": ""}}}'],
)  # fmt: skip
def test_a_damaged_file_is_an_empty_one_and_is_mended_by_the_next_run(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    assert cache.load(path) == {}
    cache.save(path, {HELM: GOOD}, NOW)
    assert cache.recall(cache.load(path), HELM, NOW, 7) == GOOD


def test_bytes_that_are_no_text_and_files_that_are_no_file_are_empty_too(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert cache.load(path) == {}
    path.unlink()
    path.mkdir()
    assert cache.load(path) == {}


def test_the_same_answers_give_the_same_bytes(path: Path) -> None:
    cache.save(path, {HELM: GOOD, "https://b/": GOOD}, NOW)
    before = path.read_bytes()
    path.unlink()
    cache.save(path, {"https://b/": GOOD, HELM: GOOD}, NOW)
    assert path.read_bytes() == before
    assert json.loads(before)["version"] == 1


def test_outside_a_publication_nothing_is_kept(tmp_path: Path) -> None:
    assert cache.path_of(Publication()) is None
    assert cache.load(None) == {}
    cache.save(None, {HELM: GOOD}, NOW)
    assert cache.path_of(Publication(root=tmp_path)) == tmp_path / ".kanfa" / "links.json"


def test_a_run_that_finds_the_folder_held_keeps_nothing_and_goes_on(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "WAIT", 0.05)
    path.parent.mkdir()
    with locked(path.parent, 0):
        cache.save(path, {HELM: GOOD}, NOW)
    assert not path.exists()


def test_a_cache_that_is_a_pipe_or_holds_infinity_is_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "links.json"
    os.mkfifo(path)
    assert cache.load(path) == {}
    path.unlink()
    entry = '{"at": "2026-01-01T00:00:00+00:00", "status": "working", "code": Infinity, "target": ""}'
    path.write_text('{"version": 1, "answers": {"a": ' + entry + "}}", encoding="utf-8")
    assert cache.load(path) == {}
