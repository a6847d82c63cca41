"""The pictures beside an issue: found, opened, sniffed and named. The only part of the issue room that reads files.

A picture may be hostile. Its path must stay in the issue's folder (symbolic links are followed before the
test), its bytes must be one of four formats by content, and its pixel count is limited before decoding.
"""

from __future__ import annotations

import hashlib
import io
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PIL import Image as Pillow
from PIL import ImageFile, UnidentifiedImageError

from kanfa.findings import Finding, Rule, Severity
from kanfa.issue.model import Asset, Image, Issue

MAX_BYTES = 10 * 1024 * 1024
"""Largest picture file: what WeChat's add_material takes for a cover."""
MAX_PIXELS = 40_000_000
"""Largest picture in pixels; a decoded one then takes at most 160 MB."""
MAX_TOTAL_BYTES = 60 * 1024 * 1024
"""All pictures of one issue together; far above any mail or article, far below a machine's memory."""
MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with a second picture behind it, as some cameras write it
    "GIF": "image/gif",
    "WEBP": "image/webp",
}
SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}

_SAFE = "house rule: no file outside the issue's folder is ever read while rendering"

IMAGE_OUTSIDE = Rule(
    "ISS060",
    "image-outside",
    Severity.ERROR,
    "a picture outside the issue's folder is never read",
    _SAFE,
    "put the picture beside issue.md and name it by a relative path, or use its public https address",
)
IMAGE_MISSING = Rule(
    "ISS061",
    "image-missing",
    Severity.ERROR,
    "a picture that does not exist would be a hole in every format",
    "house rule: nothing silently dropped",
    "put the file beside issue.md, or mend its name (upper and lower case count)",
)
IMAGE_FORMAT = Rule(
    "ISS062",
    "image-format",
    Severity.ERROR,
    "no channel takes this kind of file as a picture",
    "common ground of e-mail clients, WeChat uploadimg and PDF/A",
    "export the picture as PNG or JPEG",
)
IMAGE_DAMAGED = Rule(
    "ISS063",
    "image-damaged",
    Severity.ERROR,
    "the picture's data are cut short or broken",
    "decoded by Pillow",
    "export the picture again",
)
IMAGE_TOO_LARGE = Rule(
    "ISS064",
    "image-too-large",
    Severity.ERROR,
    f"a picture may have {MAX_BYTES // 1024 // 1024} MB and {MAX_PIXELS // 1_000_000} million pixels",
    "WeChat add_material: 10 MB; memory while rendering",
    "scale the picture down; 1,600 pixels of width serve every channel",
)
COVER_UNUSED = Rule(
    "ISS065",
    "cover-unused",
    Severity.WARNING,
    "the cover could not be loaded, so the issue goes out without one",
    "house rule: nothing silently dropped",
    "put the cover picture beside issue.md and name it in the front matter by a relative path",
)
IMAGES_TOO_LARGE = Rule(
    "ISS066",
    "images-too-large",
    Severity.ERROR,
    f"all pictures of an issue together may have {MAX_TOTAL_BYTES // 1024 // 1024} MB",
    "memory while rendering; every picture travels in each release",
    "scale the pictures down, or leave some out",
)
RULES = (IMAGE_OUTSIDE, IMAGE_MISSING, IMAGE_FORMAT, IMAGE_DAMAGED, IMAGE_TOO_LARGE, COVER_UNUSED, IMAGES_TOO_LARGE)


class _Unusable(Exception):
    """Why one picture cannot be used."""

    def __init__(self, rule: Rule, message: str) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.message = message


def _locate(src: str, folder: Path) -> Path:
    """The file that `src` names, proved to lie in `folder`."""
    parts = urlsplit(src)
    name = unquote(parts.path)
    inside = not parts.scheme and not parts.netloc and name and not name.startswith(("/", "~"))
    if not inside or "\\" in name or any(ord(char) < 32 for char in src + name):
        raise _Unusable(IMAGE_OUTSIDE, f"picture “{src}” is no relative path inside the issue's folder")
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise _Unusable(IMAGE_OUTSIDE, f"picture “{src}” leads out of the issue's folder")
        kind = path.stat()
    except (OSError, RuntimeError, ValueError):  # not there, a loop of links, a name the system refuses
        raise _Unusable(IMAGE_MISSING, f"picture “{src}” does not exist") from None
    if not stat.S_ISREG(kind.st_mode):
        raise _Unusable(IMAGE_MISSING, f"picture “{src}” is no file")
    if kind.st_size > MAX_BYTES:
        raise _Unusable(IMAGE_TOO_LARGE, f"picture “{src}” has {kind.st_size:,} bytes")
    return path


@contextmanager
def _whole_pictures() -> Iterator[None]:
    """Let Pillow refuse pictures that are cut short, whatever another library told it: WeasyPrint allows them."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _sniff(src: str, data: bytes) -> tuple[str, int, int]:
    """Media type, width and height of a picture whose every pixel was decoded once."""
    try:
        with warnings.catch_warnings(), _whole_pictures():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)  # our own limit below is lower
            with Pillow.open(io.BytesIO(data), formats=["PNG", "JPEG", "GIF", "WEBP"]) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise _Unusable(IMAGE_TOO_LARGE, f"picture “{src}” has {width} × {height} pixels")
                kind = MEDIA_TYPES[picture.format or ""]
                picture.load()
                return kind, width, height
    except UnidentifiedImageError:
        raise _Unusable(IMAGE_FORMAT, f"picture “{src}” is no PNG, JPEG, GIF or WebP file") from None
    except Pillow.DecompressionBombError:
        raise _Unusable(IMAGE_TOO_LARGE, f"picture “{src}” has too many pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow's decoders raise for broken data
        raise _Unusable(IMAGE_DAMAGED, f"picture “{src}” cannot be decoded: {error}") from None


def _name(src: str, kind: str, sha256: str, taken: set[str]) -> str:
    """A unique ASCII file name; the editor's own name where it is one."""
    stem = unquote(urlsplit(src).path).rsplit("/", 1)[-1].rsplit(".", 1)[0]
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in stem).strip("-")
    name = (safe or sha256[:12]).lower() + SUFFIXES[kind]
    return name if name not in taken else f"{(safe or 'image').lower()}-{sha256[:8]}{SUFFIXES[kind]}"


def _wanted(issue: Issue) -> Iterator[tuple[Image, bool]]:
    """Local pictures of the body and the cover (True), each address once."""
    cover = [(issue.cover, True)] if issue.cover else []
    seen: set[str] = set()
    for image, is_cover in [*((image, False) for image in issue.images()), *cover]:
        if not image.is_remote and image.src not in seen:
            seen.add(image.src)
            yield image, is_cover


def load_assets(issue: Issue, folder: Path) -> tuple[tuple[Asset, ...], list[Finding]]:
    """The local pictures of `issue`, read from `folder`, and a finding for each that cannot be used.

    Never raises for what an editor wrote; memory is bounded by MAX_TOTAL_BYTES and one decoded picture.
    """
    assets: list[Asset] = []
    by_path: dict[Path, Asset] = {}
    findings: list[Finding] = []
    total = 0
    for image, is_cover in _wanted(issue):
        try:
            path = _locate(image.src, folder)
            if path in by_path:  # one file under two spellings is one picture
                assets.append(replace(by_path[path], src=image.src))
                continue
            data = path.read_bytes()
            if total + len(data) > MAX_TOTAL_BYTES:
                raise _Unusable(IMAGES_TOO_LARGE, f"no room is left for picture “{image.src}”")
            kind, width, height = _sniff(image.src, data)
        except _Unusable as fault:
            rule = COVER_UNUSED if is_cover else fault.rule
            findings.append(rule.at(image.line, fault.message))
            continue
        except OSError as error:
            findings.append(IMAGE_MISSING.at(image.line, f"picture “{image.src}” cannot be read: {error.strerror}"))
            continue
        total += len(data)
        sha256 = hashlib.sha256(data).hexdigest()
        name = _name(image.src, kind, sha256, {asset.name for asset in assets})
        by_path[path] = Asset(image.src, name, kind, data, sha256, width, height)
        assets.append(by_path[path])
    return tuple(assets), findings
