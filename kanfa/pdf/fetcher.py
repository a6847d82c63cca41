"""What the PDF engine may open: the issue's own pictures and the template's own files, all handed over as bytes.

The engine itself reads no disk and no network. An address is looked up in a table or refused; there is no third way,
so redirects, `file:`, `data:` and schemes that nobody thought of need no rules of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kanfa.errors import RenderError
from kanfa.pdf.limits import ENGINE

SCHEME = "asset:"
"""Scheme under which the HTML names the pictures of the issue."""
TEMPLATE_SCHEME = "template:"
"""Scheme under which the HTML names files beside it, below templates/pdf."""
STYLE_BASE = "https://template.invalid/"
"""Where the style sheet lies as far as the engine knows, so that `url(seal.svg)` finds the file beside print.css.
The name can never exist (RFC 2606), and nothing is ever fetched from it."""

TEMPLATE_TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
"""Files that a template may use. Fonts are no such files: fonts.conf names them."""
SHOWN = 100
"""Characters of a refused address that a message repeats."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes that the engine may embed."""

    media_type: str
    data: bytes


def template_files(folders: list[Path]) -> dict[str, Picture]:
    """Pictures and style sheets below templates/pdf by their names there; `folders` as they are searched.

    A link that leads out of its folder is passed over: who wants the file can copy it. Raises RenderError when a
    file cannot be read, or when all together pass the size that a template may have.
    """
    found: dict[str, Picture] = {}
    size = 0
    for folder in folders:
        top = folder / "pdf"
        for path in sorted(top.rglob("*")) if top.is_dir() else []:
            name = path.relative_to(top).as_posix()
            media_type = TEMPLATE_TYPES.get(path.suffix.lower())
            if media_type is None or name in found or not _is_own(path, folder):
                continue
            size += path.stat().st_size
            if size > ENGINE.template_bytes:
                most = f"{ENGINE.template_bytes:,}"
                raise RenderError("pdf", f"templates/pdf/{name}: pictures and styles take more than {most} bytes")
            try:
                found[name] = Picture(media_type, path.read_bytes())
            except OSError as error:
                raise RenderError("pdf", f"templates/pdf/{name} cannot be read: {error.strerror}") from None
    return found


def _is_own(path: Path, folder: Path) -> bool:
    return path.is_file() and path.resolve().is_relative_to(folder)


class Shelf:
    """The table of everything that may be served, and the addresses that were refused."""

    def __init__(self, pictures: Mapping[str, Picture], files: Mapping[str, Picture]) -> None:
        self._pictures = pictures
        self._files = files
        self.refused: list[str] = []
        """Addresses that were asked for in vain, shortened."""

    def find(self, url: str) -> Picture:
        """What is served for `url`. Raises ValueError when it is none of the issue's or the template's files."""
        for table, scheme in self._tables():
            if url.startswith(scheme):
                name = unquote(url.removeprefix(scheme).partition("?")[0].partition("#")[0])
                picture = table.get(name)
                if picture is not None:
                    return picture
        self.refused.append(shortened(url))
        raise ValueError("only files of the issue and of templates/pdf may be used")

    def _tables(self) -> Iterator[tuple[Mapping[str, Picture], str]]:
        yield self._pictures, SCHEME
        yield self._files, TEMPLATE_SCHEME
        yield self._files, STYLE_BASE


def shortened(url: str) -> str:
    """An address as a message repeats it: one line, at most SHOWN characters (a data address may have millions)."""
    words = " ".join(url[: SHOWN + 1].split())
    return words if len(url) <= SHOWN else f"{words[:SHOWN]}…"


def fetcher(shelf: Shelf) -> Any:
    """WeasyPrint's view of `shelf`. An address that it does not have ends the render."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class ShelfFetcher(URLFetcher):  # type: ignore[misc]
        """Serves from the shelf, and has no handler that could open anything else."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False, timeout=2, fail_on_errors=True)
            self.handle_open.clear()

        def fetch(self, url: str, headers: object = None) -> object:
            picture = shelf.find(url)
            return URLFetcherResponse(url, picture.data, {"Content-Type": picture.media_type})

    return ShelfFetcher()
