"""A manifest names a release by its content, and nothing in a stored manifest is taken on trust."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import pytest

from kanfa.errors import AlteredRelease, RenderError
from kanfa.publication import Publication
from kanfa.release.manifest import canonical, names_fault, parse_manifest, record_of, stored_bytes


def test_a_stored_manifest_is_read_back_as_it_was(manifest, reports):
    stored = parse_manifest(stored_bytes(manifest, reports))
    assert stored.manifest == manifest
    assert stored.record == {name: record_of(data) for name, data in reports.items()}


def test_the_digest_is_the_hash_of_sorted_compact_utf8_json(manifest):
    data = canonical(manifest)
    again = json.dumps(json.loads(data), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert data == again
    assert "告别" in data.decode()
    assert manifest.digest == hashlib.sha256(data).hexdigest()[:16]


def test_timings_do_not_change_the_digest(manifest, reports):
    slower = {**reports, "report.json": b'{"timings": {"read": 9.99}}\n'}
    first, second = (parse_manifest(stored_bytes(manifest, some)) for some in (reports, slower))
    assert first.record != second.record
    assert first.manifest.digest == second.manifest.digest


def test_the_order_of_files_does_not_change_the_digest(make_manifest, files):
    backwards = dict(reversed(files.items()))
    assert list(backwards) != list(files)
    assert make_manifest(backwards).digest == make_manifest(files).digest


def test_the_folder_of_the_issue_does_not_change_the_digest(make_manifest, issue):
    elsewhere = dataclasses.replace(issue, file="issue.md")
    assert make_manifest(issue=elsewhere).digest == make_manifest().digest


def test_folders_of_the_machine_do_not_change_the_digest(make_manifest):
    here = make_manifest(settings=Publication(name="周报", outbox="outbox", archive="archive").settings())
    there = make_manifest(settings=Publication(name="周报", outbox="staged", archive="public").settings())
    assert here.digest == there.digest


@pytest.mark.parametrize(
    "change",
    [
        {"content": {"web.html": b"other"}},
        {"sources": {"issue.md": "2" * 64}},
        {"settings": {"name": "another"}},
        {"versions": {"kanfa": "0.2.0"}},
        {"waivers": {"ISS001": "the author insists"}},
        {"outcomes": {"email": "ok"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_everything_that_shapes_a_release_changes_the_digest(make_manifest, change):
    assert make_manifest(**change).digest != make_manifest().digest


def test_the_cover_is_named_only_when_the_release_holds_it(make_manifest, files):
    assert make_manifest().issue.cover == "images/cover.png"
    del files["images/cover.png"]
    assert make_manifest(files).issue.cover is None


def test_a_waiver_typed_in_a_broken_encoding_can_still_be_stored(make_manifest):
    assert make_manifest(waivers={"ISS001": "caf\udce9"}).waivers == {"ISS001": "caf?"}


UNSAFE = [
    "/etc/passwd",
    "../email.html",
    "images/../../x",
    "images\\x.png",
    "C:x",
    "images//x.png",
    "",
    "a\nb.html",
    "a\x00b",
    "a\u202eb",
    ".hidden",
    "images/.x",
    "x ",
    "x.",
    "nul.txt",
    "images/COM1",
    "x" * 256,
    "manifest.json",
    "Report.HTML",
]


@pytest.mark.parametrize("name", UNSAFE)
def test_no_format_can_name_a_file_outside_or_beside_the_rules(make_manifest, name):
    with pytest.raises(RenderError, match="no release may hold"):
        make_manifest({name: b"x"})


@pytest.mark.parametrize("name", UNSAFE)
def test_a_stored_manifest_with_such_a_name_is_refused(manifest, reports, name):
    whole = json.loads(stored_bytes(manifest, reports))
    whole["files"][name] = {"sha256": "0" * 64, "size": 1}
    with pytest.raises(AlteredRelease, match=r"manifest\.json: files"):
        parse_manifest(json.dumps(whole).encode())


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        (["images/A.png", "images/a.png"], "'images/a.png' is too like 'images/A.png'"),
        (["caf\u00e9.html", "cafe\u0301.html"], "is too like"),
        (["images", "images/a.png"], "'images' is a file and also a folder of 'images/a.png'"),
        (["web.html", "images/封面.png"], ""),
    ],
)
def test_names_that_one_file_system_takes_for_one_are_refused(names, fault):
    found = names_fault(names)
    assert fault in found
    assert bool(fault) == bool(found)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({"files": {"web.html": {"sha256": "0" * 63, "size": 1}}}, "web.html.sha256"),
        ({"files": {"web.html": {"sha256": "0" * 64, "size": -1}}}, "web.html.size"),
        ({"files": {"web.html": {"sha256": "0" * 64, "size": "1"}}}, "web.html.size"),
        ({"record": {"email.html": {"sha256": "0" * 64, "size": 1}}}, "record.email.html"),
        ({"surplus": 1}, "surplus"),
        ({"schema": 2}, "schema"),
        ({"waivers": None}, "waivers"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_damaged_manifest_is_refused_with_the_place(manifest, reports, damage, message):
    whole = {**json.loads(stored_bytes(manifest, reports)), **damage}
    with pytest.raises(AlteredRelease, match=message):
        parse_manifest(json.dumps(whole).encode())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b'{"files": "' + b"\\ud800" + b'"}'])
def test_what_is_no_json_object_is_refused(data):
    with pytest.raises(AlteredRelease, match=r"manifest\.json: file"):
        parse_manifest(data)
