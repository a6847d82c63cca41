"""Take the README's pictures: `make pictures`.

Renders Vol. 9, opens the outputs in headless Chromium (with the edition's own fonts, so that every machine
draws the same letters) and the PDF with pdftoppm, and writes small PNG files beside this script.
Needs chromium and pdftoppm; on Debian: apt-get install chromium poppler-utils.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from kanfa import pipeline
from kanfa.formats import installed
from kanfa.publication import Publication, find_publication
from kanfa.wechat.preview import preview

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COLOURS = 256
"""Palette of a picture: enough for flat design, and each file stays far below 300 KB."""


FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family><family>Noto Emoji</family></prefer></alias>
<alias><family>system-ui</family><prefer><family>Noto Sans SC</family></prefer></alias>
<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias></fontconfig>
"""
"""The edition's own fonts, and which of them stands for a generic family."""


def browser() -> str:
    """The name of an installed Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    sys.exit("pictures: chromium is missing; on Debian: apt-get install chromium")


def screenshot(page: Path, width: int, height: int, *, dark: bool = False, scale: float = 1.0) -> Image.Image:
    """`page` as a reader sees it in a window of `width` × `height` CSS pixels."""
    frame = page.with_name(f"frame-{page.stem}.html")  # a window may not be narrower than 500 px, a frame may
    inner = f'<iframe src="{page.name}" width="{width}" height="{height}" style="border:0"></iframe>'
    frame.write_text(f'<body style="margin:0">{inner}', encoding="utf-8")
    with tempfile.TemporaryDirectory() as profile:
        shot = Path(profile) / "shot.png"
        fonts = Path(profile) / "fonts.conf"
        fonts.write_text(FONTS.format(fonts=ROOT / "templates/pdf/fonts", cache=profile), encoding="utf-8")
        subprocess.run(
            [
                browser(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                "--allow-file-access-from-files", f"--user-data-dir={profile}/user",
                f"--force-device-scale-factor={scale}", f"--window-size={max(width, 500)},{height}",
                *(["--blink-settings=preferredColorScheme=0"] if dark else []),
                f"--screenshot={shot}", frame.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )  # fmt: skip
        picture = Image.open(shot).convert("RGB")
        return picture.crop((0, 0, round(width * scale), round(height * scale)))


def pdf_pages(path: Path, pages: list[int], dpi: int) -> list[Image.Image]:
    """Pages (1-based) of a PDF as pictures."""
    found = []
    for page in pages:
        words = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-png", str(path)]
        made = subprocess.run(words, check=True, capture_output=True, timeout=120)
        found.append(Image.open(io.BytesIO(made.stdout)).convert("RGB"))
    return found


def side_by_side(pictures: list[Image.Image], gap: int = 28, ground: str = "#e8eaee") -> Image.Image:
    """The pictures in one row on a quiet ground."""
    height = max(picture.height for picture in pictures)
    width = sum(picture.width for picture in pictures) + gap * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, height + 2 * gap), ground)
    x = gap
    for picture in pictures:
        sheet.paste(picture, (x, gap))
        x += picture.width + gap
    return sheet


def save(picture: Image.Image, name: str) -> None:
    """Write one picture with a small palette and say how large it is."""
    path = HERE / name
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


def write_pages(folder: Path) -> Mapping[str, Path]:
    """Every output of Vol. 9 as a local file whose pictures are local too."""
    publication = find_publication(ROOT) or Publication()
    source = pipeline.read(ROOT / "content/issues/009/issue.md", publication)
    files: dict[str, bytes] = {}
    for format in installed().values():
        files |= pipeline.render(format, source.issue, publication).files
    hosted = publication.issue_url(source.issue.slug)
    files["email.html"] = files["email.html"].replace(hosted.encode() + b"images/", b"images/")
    article = files["wechat.html"].decode()
    files["wechat-light.html"] = preview(article, dark=False).encode()
    files["wechat-dark.html"] = preview(article, dark=True).encode()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return {name: folder / name for name in files}


def main() -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        pages = write_pages(Path(folder))
        mail = screenshot(pages["email.html"], 600, 1060)
        phone = screenshot(pages["wechat-light.html"], 375, 1060)
        cover, *rest = pdf_pages(pages["issue.pdf"], [1, 3], 92)
        save(side_by_side([mail, cover, phone]), "outputs.png")
        narrow = screenshot(pages["email.html"], 375, 1000)
        night = screenshot(pages["email.html"], 375, 1000, dark=True)
        wechat_night = screenshot(pages["wechat-dark.html"], 375, 1000)
        save(side_by_side([narrow, night, wechat_night], ground="#9aa0aa"), "phone.png")
        save(side_by_side([cover, *rest]), "pdf.png")
        save(screenshot(pages["web.html"], 900, 1000), "web.png")


if __name__ == "__main__":
    main()
