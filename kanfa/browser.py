"""A headless Chromium that sees only what it is handed: for pictures of a release and for layout checks.

    with chromium() as browser, browser.page(375, dark=True) as page:
        page.show(html, {"images/cover.png": data})
        picture = page.png()
        width = page.evaluate("document.documentElement.scrollWidth")

Nothing is fetched: a page gets the files it is shown with and `data:` addresses, every other request is
refused and noted in `Page.blocked`. Scripts of a page never run, as in a mail program; `evaluate` is ours.
Letters come from the edition's own fonts through a private fontconfig, so that pictures look the same on
every Linux machine, and no text is a row of boxes on one without Chinese fonts.

Needs the extra `browser` (Playwright, which drives a Chromium that is installed already and brings none).
"""

from __future__ import annotations

import mimetypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

from kanfa.errors import EnvironmentProblem
from kanfa.templating import builtin_folder

if TYPE_CHECKING:  # an optional extra
    from playwright.sync_api import Browser as PlaywrightBrowser
    from playwright.sync_api import BrowserContext, Playwright, Route

VARIABLE = "KANFA_CHROMIUM"
"""Environment variable that names the Chromium to use, a path or a command."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-lcd-text",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    # preconnect and DNS prefetch pass by the request handler: no name has an address here
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
ADDRESS = "https://page.invalid/"
"""Where a shown page stands; `.invalid` never resolves (RFC 2606)."""
LONGEST = 16_000
"""Device pixels of the longest picture; Chromium paints nothing beyond 16,384."""
PATIENCE_MS = 60_000
"""Milliseconds until a browser that does not answer is given up."""

PLAYWRIGHT_CURE = "pip install 'kanfa[browser]'"
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family><family>Noto Emoji</family></prefer></alias>
<alias><family>system-ui</family><prefer><family>Noto Sans SC</family></prefer></alias>
<alias><family>serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias></fontconfig>
"""
"""The edition's fonts alone, and which of them stands for a generic family."""


def executable() -> str:
    """Path of the Chromium to drive: $KANFA_CHROMIUM, else the first known name on PATH, else a macOS app.

    Raises EnvironmentProblem when there is none, or when the variable names none.
    """
    wanted = os.environ.get(VARIABLE)
    if wanted:
        found = shutil.which(wanted)
        if found is None:
            raise EnvironmentProblem(f"{VARIABLE} names no program: {wanted}", f"unset {VARIABLE}")
        return found
    for name in (*NAMES, *MAC_APPS):
        found = shutil.which(name)
        if found is not None:
            return found
    raise EnvironmentProblem("Chromium is missing; pictures and layout checks need it", cure())


def cure() -> str:
    """The command that installs Chromium on this kind of machine."""
    if sys.platform == "darwin":
        return "brew install --cask chromium"
    return "apt-get install -y --no-install-recommends chromium"


def check_environment() -> Mapping[str, str]:
    """Versions of what pictures are taken with. Raises EnvironmentProblem, with its cure, when one is missing."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        playwright = version("playwright")
    except PackageNotFoundError:
        raise EnvironmentProblem("Playwright is missing; pictures and layout checks need it", PLAYWRIGHT_CURE) from None
    path = executable()
    try:
        asked = subprocess.run([path, "--version"], check=True, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        raise EnvironmentProblem(f"{path} does not start: {error}", cure()) from None
    numbers = [word for word in asked.stdout.split() if word[0].isdigit()]
    return {"chromium": numbers[0] if numbers else asked.stdout.strip(), "playwright": playwright}


class Page:
    """One window; `with` closes it."""

    def __init__(self, context: BrowserContext, width: int, height: int, scale: float) -> None:
        self._context = context
        self._page = context.new_page()
        self._files: dict[str, bytes] = {}
        self.width, self.window, self.scale = width, height, scale
        self.blocked: list[str] = []
        """Addresses that the page asked for and was refused, in order."""
        context.route("**/*", self._answer)

    def show(self, html: str, files: Mapping[str, bytes] | None = None) -> None:
        """Open `html` and wait until it is laid out.

        `files` are what it may load: by names relative to the page (`images/cover.png`), or by whole addresses
        (`https://…/cover.png`), which are answered from here too.
        """
        from playwright.sync_api import Error

        self._files = {**(files or {}), ADDRESS: html.encode()}
        self.blocked.clear()
        try:
            self._page.goto(ADDRESS, wait_until="load")
        except Error as error:
            raise _broken(error) from None

    def resize(self, width: int) -> None:
        """Make the window `width` CSS pixels wide; the page is laid out anew, nothing is loaded again."""
        from playwright.sync_api import Error

        try:
            self._page.set_viewport_size({"width": width, "height": self.window})
        except Error as error:
            raise _broken(error) from None
        self.width = width

    @property
    def height(self) -> int:
        """CSS pixels of the whole page from top to bottom, at least the window's height."""
        return int(self.evaluate("Math.max(document.documentElement.scrollHeight, document.body?.scrollHeight ?? 0)"))

    def png(self, full: bool = True, most: int | None = None) -> bytes:
        """A PNG of the page, or of the window with `full=False`; `width` × `scale` pixels wide.

        It ends after `most` CSS pixels, and after LONGEST device pixels in any case: compare with `height`.
        """
        from playwright.sync_api import Error

        tall = max(1, self.height) if full else self.window
        tall = min(tall, most or tall, int(LONGEST / self.scale))
        clip: Any = {"x": 0, "y": 0, "width": self.width, "height": tall}
        try:
            return self._page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")
        except Error as error:
            raise _broken(error) from None

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """The value of a JavaScript expression or function in the page, as plain Python values."""
        from playwright.sync_api import Error

        try:
            return self._page.evaluate(script, argument)
        except Error as error:
            raise _broken(error) from None

    def close(self) -> None:
        """Close the window and forget its files."""
        self._context.close()
        self._files = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _answer(self, route: Route) -> None:
        address = route.request.url
        name = unquote(urlsplit(address).path.removeprefix("/")) if address.startswith(ADDRESS) else address
        found = self._files.get(address, self._files.get(name))
        if found is None:
            self.blocked.append(address)
            # “aborted” leaves the page as it stands where a refresh or a frame wanted to go elsewhere
            route.abort("aborted" if route.request.is_navigation_request() else "blockedbyclient")
        elif address == ADDRESS:
            route.fulfill(body=found, content_type="text/html; charset=utf-8")
        else:
            kind = mimetypes.guess_type(urlsplit(address).path)[0] or "application/octet-stream"
            route.fulfill(body=found, content_type=kind)


class Browser:
    """A running Chromium; `chromium()` opens and closes it."""

    def __init__(self, browser: PlaywrightBrowser) -> None:
        self._browser = browser

    @property
    def version(self) -> str:
        """Chromium's own version, `156.0.8078.79`."""
        return str(self._browser.version)

    def page(self, width: int, *, height: int = 800, dark: bool = False, scale: float = 1.0) -> Page:
        """A window of `width` × `height` CSS pixels, each `scale` device pixels; `dark` as the reader's setting."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=False,
            accept_downloads=False,
            service_workers="block",
            locale="zh-CN",
            timezone_id="UTC",
        )
        context.set_default_timeout(PATIENCE_MS)
        return Page(context, width, height, scale)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium with a fresh profile, the edition's fonts and no network; closed and removed afterwards.

    Raises EnvironmentProblem, with the command that cures it, when Playwright or Chromium is missing or does
    not start. Playwright runs an event loop of its own in this thread: do not enter it from a coroutine.
    """
    path = executable()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise EnvironmentProblem("Playwright is missing; pictures and layout checks need it", PLAYWRIGHT_CURE) from None
    home = tempfile.TemporaryDirectory(prefix="kanfa-browser-", ignore_cleanup_errors=True)
    with home, sync_playwright() as playwright:
        browser = _launched(playwright, path, Path(home.name))
        try:
            yield Browser(browser)
        finally:
            browser.close()


def _launched(playwright: Playwright, path: str, home: Path) -> PlaywrightBrowser:
    from playwright.sync_api import Error

    fonts = home / "fonts.conf"
    folder = escape(str(builtin_folder() / "pdf" / "fonts"))
    fonts.write_text(FONTCONFIG.format(fonts=folder, cache=escape(str(home / "fonts"))), encoding="utf-8")
    # settings, crash reports and caches of the browser go where its profile goes
    own = {"HOME": home, "XDG_CONFIG_HOME": home / "config", "XDG_CACHE_HOME": home / "cache", "FONTCONFIG_FILE": fonts}
    try:
        return playwright.chromium.launch(
            executable_path=path,
            headless=True,
            args=list(FLAGS),
            chromium_sandbox=os.geteuid() != 0,  # root cannot have one
            timeout=PATIENCE_MS,
            env={**_without_secrets(os.environ), **{name: str(value) for name, value in own.items()}},
        )
    except Error as error:
        sandbox = "No usable sandbox" in error.message
        mended = "apt-get install -y chromium-sandbox" if sandbox else cure()
        raise EnvironmentProblem(f"{path} does not start: {_first_line(error)}", mended) from None


def _without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without our own variables, some of which are credentials."""
    return {name: value for name, value in environment.items() if not name.startswith("KANFA_")}


def _broken(error: Exception) -> EnvironmentProblem:
    return EnvironmentProblem(f"Chromium failed: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
