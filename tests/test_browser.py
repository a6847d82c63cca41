"""A browser that sees only what it is handed, and pictures that are the same everywhere."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from kanfa import browser as room
from kanfa.browser import Browser, check_environment, chromium, executable
from kanfa.errors import EnvironmentProblem


def picture(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGB")


def square(colour: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (10, 10), colour).save(target, "PNG")
    return target.getvalue()


@pytest.mark.skipif(not os.environ.get("CI"), reason="a developer may do without Chromium, CI may not")
def test_in_ci_there_is_a_browser() -> None:
    """Or every test of layout would be left out without anybody seeing it."""
    assert check_environment()["chromium"]


def test_a_page_gets_its_files_and_nothing_else(browser: Browser) -> None:
    """By name or by whole address; what is missing is refused and noted, whatever asked for it."""
    html = (
        '<!DOCTYPE html><link rel="stylesheet" href="https://fonts.example/a.css">'
        '<img src="images/%E7%BA%A2.png"><img src="https://shop.example/blue.png"><img src="https://else.example/x.png">'
        '<iframe src="https://frame.example/"></iframe>'
    )
    files = {"images/红.png": square("red"), "https://shop.example/blue.png": square("blue")}
    with browser.page(320) as page:
        page.show(html, files)
        assert page.evaluate("[...document.images].map(image => image.naturalWidth)") == [10, 10, 0]
        refused = {"https://fonts.example/a.css", "https://else.example/x.png", "https://frame.example/"}
        assert set(page.blocked) == refused


def test_a_page_cannot_leave_and_runs_no_script(browser: Browser) -> None:
    """A refresh leads nowhere; scripts of the page are dead, ours are not."""
    with browser.page(320) as page:
        page.show(
            '<meta http-equiv="refresh" content="0;url=https://away.example/"><body>here'
            '<script>document.body.textContent = "gone"</script>'
            "<img src=x onerror=\"document.body.textContent='gone'\">"
        )
        assert page.evaluate("document.body.innerText").strip() == "here"
        assert page.evaluate("(words) => words.length", ["a", "b"]) == 2


def test_light_and_dark_are_what_the_reader_sets(browser: Browser) -> None:
    html = "<style>body{background:#fff}@media (prefers-color-scheme: dark){body{background:#102030}}</style>"
    found = []
    for dark in (False, True):
        with browser.page(320, height=100, dark=dark) as page:
            page.show(html)
            found.append(picture(page.png(full=False)).getpixel((5, 5)))
    assert found == [(255, 255, 255), (16, 32, 48)]


def test_a_picture_is_as_wide_as_asked_and_as_long_as_the_page(browser: Browser) -> None:
    """Up to what Chromium can paint: a longer page is cut, and its height tells."""
    with browser.page(320, height=100, scale=2) as page:
        page.show('<!DOCTYPE html><body style="margin:0"><div style="height:450px">')
        assert picture(page.png()).size == (640, 900)
        assert picture(page.png(full=False)).size == (640, 200)
        assert picture(page.png(most=50)).size == (640, 100)
        page.show('<!DOCTYPE html><body style="margin:0"><div style="height:50000px">')
        assert page.height == 50_000
        assert picture(page.png()).size == (640, room.LONGEST)


def test_the_same_page_gives_the_same_bytes_in_the_editions_own_letters(browser: Browser) -> None:
    """Chinese, emoji and code in fonts of this repository, on a machine that may have none."""
    html = '<!DOCTYPE html><p style="font:20px sans-serif"><span>汉字</span> <b id=b>😀</b> <code>x</code>'
    with browser.page(320) as one, browser.page(320) as other:
        one.show(html)
        other.show(html)
        assert one.png() == other.png()
        # in DejaVu, the only other font of the house, neither character would be a square of the letters' size
        assert one.evaluate("document.querySelector('span').getBoundingClientRect().width") == 40


@pytest.mark.usefixtures("browser")
def test_nothing_is_left_behind() -> None:
    """Profile, caches and settings go with the browser: a process that had all its folders here leaves them empty."""
    with tempfile.TemporaryDirectory(prefix="k") as name:  # short: the path of Chromium's socket may have 107 bytes
        _leaves_nothing_in(Path(name))


def _leaves_nothing_in(tmp_path: Path) -> None:
    code = "from kanfa.browser import chromium\nwith chromium() as browser: browser.page(320).show('x')"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=120)
    assert list(tmp_path.iterdir()) == []


def test_the_variable_comes_first_and_a_wrong_one_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's wish is passed over in silence."""
    own = tmp_path / "my-chromium"
    own.write_text("#!/bin/sh\necho Chromium 1.2.3.4 built by hand\n")
    own.chmod(0o755)
    monkeypatch.setenv(room.VARIABLE, str(own))
    assert executable() == str(own)
    assert check_environment()["chromium"] == "1.2.3.4"
    monkeypatch.setenv(room.VARIABLE, "/nowhere/chromium")
    with pytest.raises(EnvironmentProblem, match="KANFA_CHROMIUM names no program: /nowhere/chromium"):
        executable()


def test_a_missing_browser_is_one_line_with_its_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(room.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(room, "MAC_APPS", ())
    with pytest.raises(EnvironmentProblem, match="Chromium is missing") as caught:
        executable()
    assert caught.value.cure == room.cure()


def test_a_browser_that_does_not_start_is_an_error_with_a_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What stands under the name is no browser."""
    pytest.importorskip("playwright")
    own = tmp_path / "chromium"
    own.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    own.chmod(0o755)
    monkeypatch.setenv(room.VARIABLE, str(own))
    with pytest.raises(EnvironmentProblem, match="does not start"):
        check_environment()


def test_without_playwright_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is no dependency of Kanfa itself."""
    own = tmp_path / "chromium"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv(room.VARIABLE, str(own))
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(EnvironmentProblem, match="Playwright is missing") as caught, chromium():
        pass
    assert caught.value.cure == "pip install 'kanfa[browser]'"
