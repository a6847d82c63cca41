"""Pictures beside an issue: only its own files, only real pictures, nothing larger than a channel takes."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageFile

from kanfa.issue import assets
from kanfa.issue.assets import load_assets
from kanfa.issue.model import Figure, Image, Issue


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Pillow.new("RGB", size, "teal").save(buffer, kind)
    return buffer.getvalue()


def load(folder: Path, *sources: str, cover: str | None = None) -> tuple[list[str], list[tuple[str, int]]]:
    """Names of the assets, and rule and line of each finding, for pictures at lines 1, 2, …"""
    figures = tuple(Figure(Image(src, "字", line), line) for line, src in enumerate(sources, start=1))
    issue = Issue("题", "issue.md", preamble=figures, cover=Image(cover, "封面", 9) if cover else None)
    loaded, findings = load_assets(issue, folder)
    return [asset.name for asset in loaded], [(finding.rule.id, finding.line) for finding in findings]


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("GIF", "a.gif"), ("WEBP", "a.webp")])
def test_the_bytes_and_not_the_name_say_what_a_picture_is(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / "a.bin").write_bytes(picture(kind))
    assert load(tmp_path, "a.bin") == ([name], [])


def test_names_become_ascii_and_stay_unique(tmp_path: Path) -> None:
    for folder in ("一", "二"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "图 1.png").write_bytes(picture(size=(len(folder), 3 if folder == "一" else 4)))
    names, findings = load(tmp_path, "一/图%201.png", "二/图 1.png", "一/图%201.png")
    assert findings == []
    assert names[0] == "1.png"
    assert names[1].startswith("1-")
    assert len(names) == 2


@pytest.mark.parametrize(
    "src",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "~/secret.png",
        "..\\x.png",
        "a/../../outside.png",
        "%2e%2e/outside.png",
        "data:image/png;base64,AAAA",
        "//host/a.png",
        "a\nb.png",
        "ftp://x.org/a.png",
    ],
)
def test_a_picture_outside_the_folder_is_never_read(tmp_path: Path, src: str) -> None:
    folder = tmp_path / "issue"
    folder.mkdir()
    (tmp_path / "outside.png").write_bytes(picture())
    assert load(folder, src) == ([], [("ISS060", 1)])


def test_a_symbolic_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "issue"
    folder.mkdir()
    (tmp_path / "outside.png").write_bytes(picture())
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    assert load(folder, "link.png", "loop.png") == ([], [("ISS060", 1), ("ISS061", 2)])


def test_a_missing_file_and_a_folder_are_named_at_their_lines(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    assert load(tmp_path, "gone.png", "images") == ([], [("ISS061", 1), ("ISS061", 2)])


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert load(tmp_path, "a.png") == ([], [("ISS062", 1)])


def test_a_picture_cut_short_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    Pillow.effect_noise((200, 200), 80).save(buffer, "JPEG")
    (tmp_path / "a.jpg").write_bytes(buffer.getvalue()[:2000])
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it behind
    assert load(tmp_path, "a.jpg") == ([], [("ISS063", 1)])


def test_a_gigantic_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    (tmp_path / "a.png").write_bytes(data + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT")))
    assert load(tmp_path, "a.png") == ([], [("ISS064", 1)])


def test_a_file_over_ten_megabytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "MAX_BYTES", 10)
    (tmp_path / "a.png").write_bytes(picture())
    assert load(tmp_path, "a.png") == ([], [("ISS064", 1)])


def test_one_file_under_several_spellings_is_one_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    names, findings = load(tmp_path, "a.png", "./a.png", "a.png?1")
    assert (names, findings) == (["a.png"] * 3, [])


def test_all_pictures_together_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_bytes(picture())
    (tmp_path / "b.png").write_bytes(picture(size=(5, 5)))
    monkeypatch.setattr(assets, "MAX_TOTAL_BYTES", len(picture()) + 10)
    assert load(tmp_path, "a.png", "b.png") == (["a.png"], [("ISS066", 2)])


def test_a_jpeg_with_a_second_picture_behind_it_is_a_jpeg(tmp_path: Path) -> None:
    one = Pillow.new("RGB", (8, 8))
    one.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[Pillow.new("RGB", (8, 8), "red")])
    assert load(tmp_path, "a.jpg") == (["a.jpg"], [])


def test_a_cover_that_cannot_be_used_only_warns(tmp_path: Path) -> None:
    assert load(tmp_path, cover="/img/banner.jpg") == ([], [("ISS065", 9)])


def test_a_remote_picture_is_left_to_the_formats(tmp_path: Path) -> None:
    assert load(tmp_path, "https://example.org/a.png") == ([], [])
