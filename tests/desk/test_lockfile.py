"""images.lock is the same text for the same pictures, and a damaged one is never half believed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kanfa.desk.lockfile import FILE_NAME, Entry, Lock, lock_text, locked, parse_lock, read_lock
from kanfa.errors import SourceError

ENTRY = Entry("images/helm.png", "ab" * 32, 12, "image/png", 3, 2)
HELM = "https://helm.sh/图/helm.png?v=1"
LOCK = Lock({HELM: ENTRY, "http://a.example.org/b.gif": replace(ENTRY, file="images/b.gif")}, True)


def test_an_address_of_the_lock_has_a_local_name_and_no_other_has() -> None:
    assert locked(LOCK, HELM) == "images/helm.png"
    assert locked(LOCK, "https://helm.sh/") is None
    assert locked(Lock(), HELM) is None


def test_the_lock_is_written_sorted_and_reads_back_as_it_was() -> None:
    text = lock_text(LOCK)
    assert parse_lock(text) == Lock(dict(sorted(LOCK.entries.items())), True)
    assert text == lock_text(Lock(dict(reversed(LOCK.entries.items())), True))
    assert text.index("http://a.example.org") < text.index("https://helm.sh")
    assert "图" in text
    assert text.endswith("}\n")


def test_an_issue_without_a_lock_has_an_empty_one(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == Lock({}, exists=False)
    (tmp_path / FILE_NAME).write_text(lock_text(LOCK), encoding="utf-8")
    assert read_lock(tmp_path).exists


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("", "no JSON", 1),
        ('{\n"version": 1,\n<<<<<<< ours\n', "no JSON", 3),
        ("[" * 100_000, "no JSON", 1),
        ("[]", "no lock of version 1", 1),
        ('{"version": 2, "images": {}}', "no lock of version 1", 1),
        ('{"version": 1}', "no lock of version 1", 1),
    ],
)
def test_a_damaged_lock_is_refused_with_its_line(text: str, words: str, line: int) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        parse_lock(text)
    assert (caught.value.place.file, caught.value.place.line) == (FILE_NAME, line)


@pytest.mark.parametrize(
    "change",
    [{"file": 1}, {"size": "12"}, {"size": True}, {"sha256": None}, {"more": 1}, {"width": 1.5}],
)
def test_a_damaged_entry_is_refused_at_its_line(change: dict[str, object]) -> None:
    document = json.loads(lock_text(LOCK))
    document["images"][HELM] |= change
    with pytest.raises(SourceError, match=r"the entry of https://helm\.sh") as caught:
        parse_lock(json.dumps(document, ensure_ascii=False, indent=2))
    assert HELM in caught.value.place.text


@pytest.mark.parametrize(
    "name",
    ["../secret.png", "/etc/passwd", "images/../../x.png", "images/a/b.png", "images/", "images/.hidden", "x.png",
     "images/图.png", "images\\x.png", "images/a b.png"],
)  # fmt: skip
def test_an_entry_names_a_file_of_the_folder_images_and_nothing_else(name: str) -> None:
    text = lock_text(Lock({HELM: replace(ENTRY, file=name)}, True))
    with pytest.raises(SourceError, match="no file of the folder images"):
        parse_lock(text)


def test_what_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe{")
    with pytest.raises(SourceError, match="no UTF-8"):
        read_lock(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(SourceError, match="no ordinary file"):
        read_lock(tmp_path)


def test_an_entry_knows_its_bytes() -> None:
    data = b"a picture"
    entry = Entry("images/a.png", "9d6ff6bff8e4f65d4c7a1ae3d1c8b4d7", len(data), "image/png", 1, 1)
    assert not entry.holds(data)
    import hashlib

    assert replace(entry, sha256=hashlib.sha256(data).hexdigest()).holds(data)
    assert not replace(entry, sha256=hashlib.sha256(data).hexdigest(), size=1).holds(data)


def test_a_number_too_long_to_read_is_a_damaged_lock_with_its_cure() -> None:
    with pytest.raises(SourceError, match="a number in it is too long; take back the version"):
        parse_lock('{"version": 1, "images": {"u": {"size": ' + "9" * 5000 + "}}}")


def test_a_lock_that_is_a_link_is_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("root:x:0:0\n", encoding="utf-8")
    folder = tmp_path / "009"
    folder.mkdir()
    (folder / FILE_NAME).symlink_to(secret)
    with pytest.raises(SourceError) as caught:
        read_lock(folder)
    assert "root:x" not in str(caught.value)
