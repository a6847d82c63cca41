"""The outbox holds whole releases only: staged once, never overwritten, proved byte by byte."""

from __future__ import annotations

import dataclasses
import os
import stat
from pathlib import Path

import pytest

from kanfa.errors import AlteredRelease, EnvironmentProblem, UnknownRelease
from kanfa.release import ledger, owner
from kanfa.release.approval import record_staged
from kanfa.release.files import names_below
from kanfa.release.manifest import MANIFEST
from kanfa.release.store import Release, clean, find_release, list_releases, stage, verify


def names(outbox):
    return sorted(names_below(outbox))


def test_a_release_holds_every_file_and_its_manifest(release, manifest, files, reports):
    assert release.path.name == manifest.digest
    assert release.reference == f"009/{manifest.digest}"
    assert set(names(release.path)) == {*files, *reports, MANIFEST}
    verified = verify(release)
    assert verified.manifest == manifest
    assert {name: verified.read(name) for name in {**files, **reports}} == {**files, **reports}


def test_everybody_may_read_a_release_whatever_the_umask(outbox, manifest, files, reports):
    before = os.umask(0o077)
    try:
        path = stage(outbox, manifest, files, reports).path
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert stat.S_IMODE((path / "images").stat().st_mode) == 0o755
    assert {stat.S_IMODE((path / name).stat().st_mode) for name in files} == {0o644}


def test_the_same_release_again_is_the_one_that_is_there(outbox, release, manifest, files, reports):
    times = {path: path.stat().st_mtime_ns for path in release.path.rglob("*")}
    again = stage(outbox, manifest, files, {**reports, "report.json": b"slower this time"})
    assert (again.path, again.new) == (release.path, False)
    assert again.manifest_sha256 == verify(release).manifest_sha256
    assert {path: path.stat().st_mtime_ns for path in release.path.rglob("*")} == times


def test_a_damaged_release_is_not_overwritten_by_staging_it_again(outbox, release, manifest, files, reports):
    (release.path / "web.html").write_bytes(b"damaged")
    with pytest.raises(AlteredRelease, match=r"web\.html was altered(.|\n)*move .* away"):
        stage(outbox, manifest, files, reports)
    assert (release.path / "web.html").read_bytes() == b"damaged"


def test_an_outbox_that_cannot_be_made_is_a_problem_of_the_machine(tmp_path, manifest, files, reports):
    (tmp_path / "outbox").write_text("a file")
    with pytest.raises(EnvironmentProblem, match="cannot be written"):
        stage(tmp_path / "outbox", manifest, files, reports)


def test_files_that_the_manifest_does_not_describe_are_never_staged(outbox, manifest, files, reports):
    with pytest.raises(ValueError, match="not built from these files"):
        stage(outbox, manifest, {**files, "web.html": b"other"}, reports)
    assert not outbox.exists()


def test_an_error_while_writing_leaves_nothing_behind(outbox, manifest, files, reports, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentProblem, match="No space left on device"):
        stage(outbox, manifest, files, reports)
    assert names(outbox) == ["009/"]


# ---------------------------------------------------------------- proving


def alter(path):
    (path / "web.html").write_bytes((path / "web.html").read_bytes().replace(b"p", b"q", 1))


def swap_for_link(path):
    (path / "web.html").rename(path.parent / "kept.html")
    (path / "web.html").symlink_to(path.parent / "kept.html")


def link_folder(path):
    (path / "images").rename(path.parent / "kept")
    (path / "images").symlink_to(path.parent / "kept")


def edit_manifest(path):
    (path / MANIFEST).write_text((path / MANIFEST).read_text().replace("2019-07-02", "2019-07-03"))


DAMAGE = {
    "an altered byte": (alter, r"web\.html was altered"),
    "a longer file": (lambda path: os.truncate(path / "issue.pdf", 100), r"issue\.pdf was altered"),
    "an altered report": (lambda path: (path / "report.html").write_text("fine"), r"report\.html was altered"),
    "a missing file": (lambda path: (path / "issue.pdf").unlink(), r"issue\.pdf is missing"),
    "an extra file": (
        lambda path: (path / "images/x.png").write_text("x"),
        r"images/x\.png is not part of the release",
    ),
    "an extra folder": (lambda path: (path / "extra").mkdir(), "extra/ is not part of the release"),
    "a linked file": (swap_for_link, r"web\.html is a symbolic link"),
    "a linked folder": (link_folder, "images is a symbolic link"),
    "a pipe": (
        lambda path: ((path / "web.html").unlink(), os.mkfifo(path / "web.html")),
        r"web\.html is no plain file",
    ),
    "no manifest": (lambda path: (path / MANIFEST).unlink(), r"manifest\.json is missing"),
    "an edited manifest": (edit_manifest, r"manifest\.json was altered"),
    "a broken manifest": (lambda path: (path / MANIFEST).write_text("{"), r"manifest\.json: file: Invalid JSON"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_release_that_differs_from_its_manifest_is_refused(release, damage):
    harm, message = DAMAGE[damage]
    harm(release.path)
    with pytest.raises(AlteredRelease, match=message):
        verify(release)


def test_a_release_that_is_itself_a_link_is_refused(outbox, release, tmp_path):
    release.path.rename(tmp_path / "elsewhere")
    release.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AlteredRelease, match="symbolic link"):
        verify(find_release(outbox, release.digest))


def test_a_release_under_another_digest_is_refused(release):
    other = release.path.rename(release.path.with_name("0" * 16))
    with pytest.raises(AlteredRelease, match="what it says is"):
        verify(Release(other, "009", "0" * 16))


def test_a_file_that_changes_after_the_proof_is_noticed_when_it_is_read(release):
    verified = verify(release)
    alter(release.path)
    with pytest.raises(AlteredRelease, match=r"web\.html was altered"):
        verified.read("web.html")


def test_looking_at_a_release_in_the_finder_does_not_alter_it(release):
    (release.path / ".DS_Store").write_bytes(b"view settings")
    verify(release)


# ---------------------------------------------------------------- finding


def test_a_release_is_found_by_digest_prefix_issue_and_path(outbox, release, monkeypatch):
    digest = release.digest
    for reference in (digest, digest[:6], digest.upper(), f"009/{digest}", f"009/{digest[:8]}", str(release.path)):
        assert find_release(outbox, reference) == release
    monkeypatch.chdir(release.path)
    assert find_release(outbox, ".") == release


def test_what_is_not_there_is_refused_with_the_candidates(outbox, release, tmp_path):
    for reference, message in [
        ("f" * 16, rf"It holds: 009/{release.digest}"),
        (release.digest[:5], rf"too short; 6 digits are needed: 009/{release.digest}"),
        ("9", rf"'9' is an issue; name one of its releases: 009/{release.digest}"),
        (f"010/{release.digest}", "has no release"),
        ("../../etc", "has no release"),
        ("", "has no release"),
        (str(tmp_path), "has no release"),
    ]:
        with pytest.raises(UnknownRelease, match=message):
            find_release(outbox, reference)


def test_an_empty_outbox_says_how_to_fill_it(outbox):
    with pytest.raises(UnknownRelease, match="kanfa publish ISSUE"):
        find_release(outbox, "abcdef")
    assert not outbox.exists()


def test_a_prefix_that_fits_two_releases_is_refused_with_both(outbox, release):
    twin = release.path.with_name(release.digest[:10] + "0" * 6)
    twin.mkdir()
    with pytest.raises(UnknownRelease, match=rf"fits several releases: .*{twin.name}"):
        find_release(outbox, release.digest[:8])


def test_releases_are_listed_newest_first_by_the_ledger(outbox, make_manifest, files, clock, issue):
    first = stage(outbox, make_manifest(versions={"kanfa": "1"}), files, {})
    second = stage(outbox, make_manifest(versions={"kanfa": "2"}), files, {})
    other = stage(outbox, make_manifest(issue=dataclasses.replace(issue, number=8)), files, {})
    for staged in (second, other, first):
        record_staged(outbox, staged, clock)
    record_staged(outbox, dataclasses.replace(second, new=False), clock)
    assert [found.digest for found in list_releases(outbox)] == [first.digest, other.digest, second.digest]
    assert [found.digest for found in list_releases(outbox, "009")] == [first.digest, second.digest]


def test_without_a_ledger_the_age_of_the_folder_counts(outbox, make_manifest, files, reports):
    old = stage(outbox, make_manifest(versions={"kanfa": "1"}), files, reports)
    new = stage(outbox, make_manifest(versions={"kanfa": "2"}), files, reports)
    os.utime(old.path, (1, 1))
    assert [found.digest for found in list_releases(outbox)] == [new.digest, old.digest]
    assert not (outbox / ledger.LEDGER).exists()


# ---------------------------------------------------------------- cleaning


def test_build_folders_of_the_dead_go_and_those_of_the_living_stay(outbox):
    folder = outbox / "009"
    gone = folder / f"{owner.PREFIX}{2**22 + 1}-123-abc"
    recycled = folder / f"{owner.PREFIX}{os.getpid()}-1-abc"
    mine = folder / f"{owner.build_prefix()}abc"
    strange = folder / ".build-by-hand"
    for path in (gone, recycled, mine, strange):
        (path / "images").mkdir(parents=True)
    assert clean(outbox) == sorted([gone, recycled])
    assert sorted(folder.iterdir()) == sorted([mine, strange])


def test_a_build_folder_that_somebody_holds_stays_even_if_its_owner_cannot_be_seen(outbox):
    """Two containers share an outbox; neither sees the other's processes."""
    unseen = outbox / "009" / f"{owner.PREFIX}{2**22 + 1}-123-abc"
    unseen.mkdir(parents=True)
    with owner.held(unseen):
        assert clean(outbox) == []
    assert clean(outbox) == [unseen]


def test_a_link_named_like_a_build_folder_is_left_alone(outbox, tmp_path):
    (tmp_path / "precious").mkdir()
    (outbox / "009").mkdir(parents=True)
    link = outbox / "009" / f"{owner.PREFIX}{2**22 + 1}-123-abc"
    link.symlink_to(tmp_path / "precious")
    assert clean(outbox) == []
    assert (tmp_path / "precious").is_dir()


@pytest.mark.parametrize("proc", ["/proc", "/nowhere"], ids=["proc", "ps"])
def test_the_start_of_a_process_tells_it_from_an_earlier_one(monkeypatch, proc):
    monkeypatch.setattr(owner, "PROC", Path(proc))
    assert owner.started(os.getpid()) == owner.started(os.getpid()) != ""
    assert owner.started(os.getpid()) != owner.started(1)
    assert owner.started(os.getpid()).isalnum()
    assert owner.started(2**22 + 1) == ""
