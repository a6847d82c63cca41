"""Files made to hurt: each is refused with one finding, soon, and in little memory."""

from __future__ import annotations

import base64
import io
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as Pillow

from kanfa import raster
from kanfa.issue.assets import load_assets
from kanfa.issue.model import Figure, Image, Issue
from kanfa.issue.vector import drawing

MEGABYTES = 500
"""Memory that loading any of these files may take, kanfa itself included."""


def found(folder: Path, src: str) -> list[tuple[str, int]]:
    """Rule and line of each finding about one picture; no finding means that it was taken."""
    assets, findings = load_assets(Issue("题", "issue.md", preamble=(Figure(Image(src, "字", 7), 7),)), folder)
    assert len(assets) + len(findings) == 1
    return [(finding.rule.id, finding.line) for finding in findings]


# ---------------------------------------------------------------- bombs


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, idat: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", idat) + chunk(b"IEND", b"")


def gigabyte() -> bytes:
    """1 GB of zeros in 1 MB."""
    packer = zlib.compressobj(9)
    first, again = (packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + again * 1023


def saved(kind: str, size: tuple[int, int] = (64, 48), **how: object) -> bytes:
    target = io.BytesIO()
    Pillow.new("RGB", size, "teal").save(target, kind, **how)
    return target.getvalue()


def gif(size: tuple[int, int], frames: int) -> bytes:
    """The same picture again and again."""
    target = io.BytesIO()
    Pillow.new("P", size).save(target, "GIF")
    data = target.getvalue()
    start = data.index(b"\x2c", 13 + (3 << ((data[10] & 7) + 1)))
    return data[:start] + (b"\x21\xf9\x04\0\0\0\0\0" + data[start:-1]) * frames + b";"


def avif(width: int, height: int) -> bytes:
    """A small picture that claims another size."""
    data = saved("AVIF")
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def webp(width: int, height: int) -> bytes:
    """A moving picture with one small part on a canvas of any size."""
    part = saved("WEBP", lossless=True)[12:]
    small = struct.pack("<I", 0)[:3] * 2 + struct.pack("<I", 63)[:3] + struct.pack("<I", 47)[:3]
    canvas = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBP"
    frame = small + struct.pack("<I", 100)[:3] + b"\0" + part
    for kind, data in ((b"VP8X", b"\x02\0\0\0" + canvas), (b"ANIM", bytes(6)), (b"ANMF", frame)):
        body += kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "pixels.png": (lambda: png(50_000, 50_000, idat=gigabyte()), "ISS064"),
    "text.png": (lambda: png(4, 4, chunk(b"zTXt", b"k\0\0" + gigabyte()), idat=b""), "ISS063"),
    "profile.png": (lambda: png(4, 4, chunk(b"iCCP", b"k\0\0" + gigabyte()), idat=b""), "ISS063"),
    "xmp.png": (lambda: png(4, 4, chunk(b"iTXt", b"k\0\1\0\0\0" + gigabyte()), idat=b""), "ISS063"),
    "cut.jpg": (lambda: saved("JPEG", (900, 900))[:2_000], "ISS063"),
    "frames.gif": (lambda: gif((1_000, 1_000), 500), "ISS064"),
    "many.gif": (lambda: gif((1, 1), 200_000), "ISS064"),
    "pixels.avif": (lambda: avif(16_000, 16_000), "ISS064"),
    "pixels.webp": (lambda: webp(16_000, 16_000), "ISS064"),
    "pixels-just-too-many.webp": (lambda: webp(5_000, 5_000), "ISS064"),
    "empty.png": (lambda: b"", "ISS063"),
    "page.png": (lambda: b"<html><script>x</script></html>", "ISS062"),
    "drawing.png": (lambda: SVG.format("").encode(), "ISS062"),
    "document.jpg": (lambda: b"%PDF-1.7", "ISS062"),
    "packed.svg": (lambda: b"\x1f\x8b\x08", "ISS062"),
    "embedded.svg": (lambda: SVG.format(embedded(png(50_000, 50_000, idat=b""))).encode(), "ISS067"),
    "long.svg": (lambda: SVG.format("<!--" + "x" * 600_000 + "-->").encode(), "ISS067"),
    "laughs.svg": (lambda: SVG.format(laughs()).encode(), "ISS067"),
}
"""File name: how to make it, and the one rule that refuses it."""

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="30">{}</svg>'
)


def embedded(data: bytes, kind: str = "png") -> str:
    return f'<image href="data:image/{kind};base64,{base64.b64encode(data).decode()}" width="9" height="9"/>'


def laughs() -> str:
    """A rectangle drawn a thousand million times."""
    groups = (f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 10))
    return '<g id="g0"><rect/></g>' + "".join(groups)


MEASURE = """
import json, resource, sys
from pathlib import Path
from kanfa.issue.assets import load_assets
from kanfa.issue.model import Figure, Image, Issue
for name in json.loads(sys.argv[2]):
    assets, found = load_assets(Issue("t", "i.md", preamble=(Figure(Image(name, "x", 1), 1),)), Path(sys.argv[1]))
    print(name, len(assets), *(finding.rule.id for finding in found))
sizes = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(max(sizes) // (1024 * 1024 if sys.platform == "darwin" else 1024))
"""


def test_bombs_are_refused_with_one_finding_each_in_little_memory(tmp_path: Path) -> None:
    """All of them in one process, whose largest size is measured."""
    for name, (make, _) in BOMBS.items():
        (tmp_path / name).write_bytes(make())
    command = [sys.executable, "-c", MEASURE, str(tmp_path), json.dumps(list(BOMBS))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    *lines, size = done.stdout.splitlines()
    assert lines == [f"{name} 0 {rule}" for name, (_, rule) in BOMBS.items()]
    assert int(size) < MEGABYTES


# ---------------------------------------------------------------- names and kinds of files


@pytest.mark.parametrize(
    "src",
    [
        "new\nline.png",
        "new%0Aline.png",
        "escape\x1b[31m.png",
        "escape%1B.png",
        "c1\x9b.png",
        "separator\u2028.png",
        "bidi\u202egnp.exe",
        "bidi%E2%80%AEgnp.exe",
        "isolate\u2066.png",
        "half\ud800.png",
        "//[",
    ],
)
def test_a_name_that_deceives_is_refused_and_shown_without_its_tricks(tmp_path: Path, src: str) -> None:
    assets, findings = load_assets(Issue("题", "issue.md", preamble=(Figure(Image(src, "字", 7), 7),)), tmp_path)
    assert (assets, [(finding.rule.id, finding.line) for finding in findings]) == ((), [("ISS060", 7)])
    assert findings[0].message.isprintable()


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    """A pipe would wait for ever, a device never end."""
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "device.png").symlink_to("/dev/zero")
    assert found(tmp_path, "pipe.png") == [("ISS061", 7)]
    assert found(tmp_path, "folder.png") == [("ISS061", 7)]
    assert found(tmp_path, "device.png") == [("ISS060", 7)]


# ---------------------------------------------------------------- drawings


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
        "<script/>",
        '<script xmlns=""/>',
        "<foreignObject/>",
        '<rect onload="alert(1)"/>',
        '<rect ONCLICK="alert(1)"/>',
        "<rect><animate attributeName='x' to='9'/></rect>",
        "<rect><set attributeName='x' to='9'/></rect>",
        "<style>@keyframes a { to { fill: red } }</style>",
        '<image href="https://example.org/a.png"/>',
        '<image xlink:href="../secret.png"/>',
        '<image href="file:///etc/passwd"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
        '<image href="data:image/png,%89PNG"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        '<use href="other.svg#a"/>',
        '<a href="https://example.org/"><rect/></a>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<rect fill="url(https://example.org/#a)"/>',
        '<rect style="fill:u\\72l(https://example.org/#a)"/>',
        "<rect style=\"fill:image-set('a.png' 1x)\"/>",
        '<style>@import "a.css";</style>',
        "<style>@font-face { src: url(a.woff) }</style>",
        "<style>rect { fill: url(a.svg#b) }</style>",
        '<g xml:base="https://example.org/"/>',
        '<filter id="f"><feImage href="#x"/></filter>',
        '<filter id="f"><feTurbulence numOctaves="999999999"/></filter>',
        '<g id="a"><use href="#a"/></g>',
        '<pattern id="p"><rect fill="url(#p)"/></pattern>',
        '<marker id="m">' + "<rect/>" * 500 + "</marker><path marker-mid='url(#m)' d='" + "M0 0" * 200 + "'/>",
        "<g>" * 255,
        "<g>" * 230 + "</g>" * 230,
        "<text>&nbsp;</text>",
        "<rect",
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.svg").write_text(SVG.format(content))
    assert found(tmp_path, "a.svg") == [("ISS067", 7)]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG.format("<text>&x;</text>"),
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        + SVG.format(""),
        '<?xml-stylesheet href="https://example.org/a.css"?>' + SVG.format(""),
        "<svg width='9' height='9'/>",
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="9"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="nan" height="-4"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 inf nan"/>',
    ],
)
def test_a_drawing_whose_frame_is_not_its_own_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.svg").write_text(text)
    assert found(tmp_path, "a.svg") == [("ISS067", 7)]


def test_a_drawing_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """Parsers disagree about them: what one reads as text is markup to another."""
    (tmp_path / "a.svg").write_bytes(b'<?xml version="1.0" encoding="UTF-16"?>' + b"<svg>\xff\xfe</svg>")
    assert found(tmp_path, "a.svg") == [("ISS067", 7)]


def test_a_small_picture_within_a_drawing_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG.format(embedded(saved("PNG")) + embedded(saved("JPEG"), "jpeg")))
    assert found(tmp_path, "a.svg") == []
    (tmp_path / "b.svg").write_text(SVG.format(embedded(saved("PNG"), "jpeg")))
    assert found(tmp_path, "b.svg") == [("ISS067", 7)]


def test_nothing_but_the_drawing_itself_is_handed_on() -> None:
    """Comments, notes of programs and foreign attributes stay behind; the size is written in pixels."""
    content = '<!-- secret --><x:note xmlns:x="urn:x">secret</x:note><rect x:label="secret" xmlns:x="urn:x"/>'
    made = drawing(SVG.format(content).encode())
    assert "secret" not in made.svg
    assert 'width="90" height="30"' in made.svg


def test_a_drawing_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few elements may take hours: blurred again and again. The process that draws them ends."""
    monkeypatch.setattr(raster, "SECONDS", 1)
    blur = '<filter id="f"><feGaussianBlur stdDeviation="9"/></filter>'
    (tmp_path / "a.svg").write_text(SVG.format(blur + '<rect width="90" height="30" filter="url(#f)"/>' * 3_000))
    assert found(tmp_path, "a.svg") == [("ISS067", 7)]
