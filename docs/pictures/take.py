"""Take the README's pictures: `make pictures`.

Renders Vol. 9, opens the outputs in headless Chromium (`kanfa.browser`: no network, the edition's own fonts, so that
every machine draws the same letters) and the PDF with pdftoppm, and writes small PNG files beside this script.
Needs chromium and pdftoppm; on Debian: apt-get install chromium poppler-utils.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from kanfa import pipeline
from kanfa.browser import Browser, chromium
from kanfa.formats import installed
from kanfa.publication import Publication, find_publication
from kanfa.shots.views import hosted
from kanfa.wechat.preview import preview

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COLOURS = 256
"""Palette of a picture: enough for flat design, and each file stays far below 300 KB."""


def screenshot(
    browser: Browser, files: Mapping[str, bytes], name: str, width: int, height: int, *, dark: bool = False
) -> Image.Image:
    """The page `name` as a reader sees it in a window of `width` × `height` CSS pixels."""
    html = files[name].decode()
    with browser.page(width, height=height, dark=dark) as page:
        page.show(html, {**files, **hosted(html, files)})
        return Image.open(io.BytesIO(page.png(full=False))).convert("RGB")


def pdf_pages(pdf: bytes, pages: list[int], dpi: int) -> list[Image.Image]:
    """Pages (1-based) of a PDF as pictures."""
    found = []
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        for page in pages:
            words = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-png", file.name]
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


def outputs() -> dict[str, bytes]:
    """Every output of Vol. 9 by its name, and the article as its readers see it."""
    publication = find_publication(ROOT) or Publication()
    source = pipeline.read(ROOT / "content/issues/009/issue.md", publication)
    files: dict[str, bytes] = {}
    for format in installed().values():
        files |= pipeline.render(format, source.issue, publication).files
    article = files["wechat.html"].decode()
    files["wechat-light.html"] = preview(article, dark=False).encode()
    files["wechat-dark.html"] = preview(article, dark=True).encode()
    return files


def main() -> None:
    """Take all pictures."""
    files = outputs()
    cover, *rest = pdf_pages(files["issue.pdf"], [1, 3], 92)
    with chromium() as browser:
        mail = screenshot(browser, files, "email.html", 600, 1060)
        phone = screenshot(browser, files, "wechat-light.html", 375, 1060)
        save(side_by_side([mail, cover, phone]), "outputs.png")
        narrow = screenshot(browser, files, "email.html", 375, 1000)
        night = screenshot(browser, files, "email.html", 375, 1000, dark=True)
        wechat_night = screenshot(browser, files, "wechat-dark.html", 375, 1000)
        save(side_by_side([narrow, night, wechat_night], ground="#9aa0aa"), "phone.png")
        save(side_by_side([cover, *rest]), "pdf.png")
        save(screenshot(browser, files, "web.html", 900, 1000), "web.png")


if __name__ == "__main__":
    main()
