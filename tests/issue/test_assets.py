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


def issue_with(*sources: str, cover: str | None = None) -> Issue:
    """An issue with pictures at lines 1, 2, … and a cover at line 9."""
    figures = tuple(Figure(Image(src, "字", line), line) for line, src in enumerate(sources, start=1))
    return Issue("题", "issue.md", preamble=figures, cover=Image(cover, "封面", 9) if cover else None)


def load(folder: Path, *sources: str, cover: str | None = None) -> tuple[list[str], list[tuple[str, int]]]:
    """Names of the assets, and rule and line of each finding, for pictures at lines 1, 2, …"""
    loaded, findings = load_assets(issue_with(*sources, cover=cover), folder)
    return [asset.name for asset in loaded], [(finding.rule.id, finding.line) for finding in findings]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("PNG", "a.png"), ("JPEG", "a.jpg"), ("GIF", "a.gif"), ("WEBP", "a.webp"), ("AVIF", "a.avif")],
)
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


SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}><rect width="5" height="5"/></svg>'


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="120" height="60"', (120, 60)),
        ('width="1in" height="72pt"', (96, 96)),
        ('viewBox="0 0 300 150"', (300, 150)),
        ('width="100%" height="auto" viewBox="0 0 300 150"', (300, 150)),
        ('width="600" viewBox="0 0 300 150"', (600, 300)),
    ],
)
def test_an_svg_knows_its_size_in_pixels(tmp_path: Path, attributes: str, size: tuple[int, int]) -> None:
    (tmp_path / "a.svg").write_text(SVG.format(attributes))
    (loaded,), findings = load_assets(issue_with("a.svg"), tmp_path)
    assert (loaded.name, loaded.media_type, findings) == ("a.svg", "image/svg+xml", [])
    assert (loaded.width, loaded.height) == size


def test_what_programs_add_to_an_svg_is_no_fault(tmp_path: Path) -> None:
    """Foreign vocabularies, comments, metadata and local references: what a drawing program writes."""
    (tmp_path / "a.svg").write_text(
        """<?xml version="1.0" encoding="UTF-8"?><!-- made by hand -->
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
          xmlns:i="http://www.inkscape.org/namespaces/inkscape" width="9" height="9" i:version="1.3">
        <i:namedview i:zoom="4"/><metadata><i:x/></metadata>
        <defs><linearGradient id="g"><stop offset="0"/></linearGradient><path id="p" d="M0 0H9"/></defs>
        <style>.a { fill: url(#g) } @media print { .a { fill: red } }</style>
        <rect class="a" width="9" height="9" style="stroke:url('#g')"/><use xlink:href="#p"/></svg>"""
    )
    assert load(tmp_path, "a.svg") == (["a.svg"], [])


def test_letters_that_no_font_has_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG.format('width="50" height="50"').replace("<rect", "<text>云 ᚠ</text><rect"))
    names, findings = load(tmp_path, "a.svg")
    assert (names, findings) == (["a.svg"], [("ISS069", 1)])
    (tmp_path / "b.svg").write_text(SVG.format('width="50" height="50"').replace("<rect", "<text>云</text><rect"))
    assert load(tmp_path, "b.svg") == (["b.svg"], [])


def test_a_strip_is_announced(tmp_path: Path) -> None:
    (tmp_path / "strip.png").write_bytes(picture(size=(3, 12_000)))
    (tmp_path / "tall.png").write_bytes(picture(size=(400, 1_900)))
    assert load(tmp_path, "tall.png", "strip.png") == (["tall.png", "strip.png"], [("ISS068", 2)])


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "AVIF"])
def test_width_and_height_are_those_of_the_upright_picture(tmp_path: Path, kind: str) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    Pillow.new("RGB", (40, 20)).save(tmp_path / "a", kind, exif=exif)
    (loaded,), _ = load_assets(issue_with("a"), tmp_path)
    assert (loaded.width, loaded.height) == (20, 40)


def test_two_files_never_get_one_name(tmp_path: Path) -> None:
    """Not even when both the names and the first digits of the hashes are alike, or a name is endless."""
    sources = []
    for number in range(4):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / f"{'x' * 200}.png").write_bytes(picture())
        sources.append(f"{number}/{'x' * 200}.png")
    names, _ = load(tmp_path, *sources)
    assert len(set(names)) == 4
    assert all(len(name) < 110 for name in names)
