"""The pictures beside an issue: found, opened, sniffed and named. The only part of the issue room that reads files.

A picture may be hostile. Its path must stay in the issue's folder (symbolic links are followed before the
test), its bytes must be one of six formats by content, and its pixel count is limited before decoding.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from kanfa.desk.link_rules import LOCK_MISMATCH, LOCK_MISSING
from kanfa.desk.lockfile import Entry, Lock, read_lock
from kanfa.errors import SourceError
from kanfa.findings import Finding, Rule
from kanfa.issue.model import Asset, Image, Issue
from kanfa.issue.picture_rules import (
    COVER_UNUSED,
    IMAGE_FORMAT,
    IMAGE_MISSING,
    IMAGE_OUTSIDE,
    IMAGE_SVG,
    IMAGE_SVG_TEXT,
    IMAGE_TALL,
    IMAGE_TOO_LARGE,
    IMAGES_TOO_LARGE,
    MAX_BYTES,
    MAX_TOTAL_BYTES,
    RULES,
    TALL,
    TALL_PIXELS,
    Unusable,
)
from kanfa.issue.sniff import Sniffed, sniff

__all__ = ["MAX_BYTES", "RULES", "SUFFIXES", "load_assets"]

SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/svg+xml": ".svg",
}
"""Extension of each media type that an asset may have."""

_NAME_CHARS = 80
"""Characters of the editor's own name that a picture keeps: paths within a release must stay short."""
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that let a name read otherwise than it is (Unicode UTR 36, 2.8)."""
_TEST_WIDTH = 1600
"""Pixels of width at which an SVG is drawn on trial: the widest that a channel asks for."""


def load_assets(issue: Issue, folder: Path) -> tuple[tuple[Asset, ...], list[Finding]]:
    """The pictures of `issue`, read from `folder`, and a finding for each that cannot be used.

    A picture on the web is read from the file that `images.lock` names for its address; nothing is ever fetched.
    Never raises for what an editor wrote; memory is bounded by MAX_TOTAL_BYTES and one decoded picture.
    """
    assets: list[Asset] = []
    by_path: dict[Path, Asset] = {}
    lock, findings = _lock_of(issue, folder)
    total = 0
    for image, is_cover in _wanted(issue, lock):
        entry = lock.entries.get(image.src)
        try:
            path = _pulled(entry, folder) if entry else _locate(image.src, folder)
            if path in by_path:  # one file under two spellings is one picture
                _compare(entry, by_path[path].data)
                assets.append(replace(by_path[path], src=image.src))
                continue
            data = _read(path)
            _compare(entry, data)
            if total + len(data) > MAX_TOTAL_BYTES:
                raise Unusable(IMAGES_TOO_LARGE, "no room is left for picture “{src}”")
            sniffed, advice = _recognised(data, path.suffix)
        except Unusable as fault:
            rule = COVER_UNUSED if is_cover and fault.rule is not LOCK_MISMATCH else fault.rule
            findings.append(_finding(rule, image, fault))
            continue
        total += len(data)
        sha256 = hashlib.sha256(data).hexdigest()
        name = _name(entry.file if entry else image.src, sniffed.media_type, sha256, {asset.name for asset in assets})
        by_path[path] = Asset(image.src, name, sniffed.media_type, data, sha256, sniffed.width, sniffed.height)
        assets.append(by_path[path])
        for hint in (*advice, *_strips(sniffed)):
            findings.append(_finding(hint.rule, image, hint))
    return tuple(assets), findings


def _finding(rule: Rule, image: Image, fault: Unusable) -> Finding:
    """The finding about one picture, with its address as messages may show it."""
    values: dict[str, Any] = {**fault.values, "src": _printable(image.src)}
    return rule.at(image.line, fault.template, quote=image.src, **values)


def _shown(issue: Issue) -> Iterator[tuple[Image, bool]]:
    """Pictures of the body and the cover (True), each address once."""
    cover = [(issue.cover, True)] if issue.cover else []
    seen: set[str] = set()
    for image, is_cover in [*((image, False) for image in issue.images()), *cover]:
        if image.src not in seen:
            seen.add(image.src)
            yield image, is_cover


def _wanted(issue: Issue, lock: Lock) -> Iterator[tuple[Image, bool]]:
    """Those of them that have a file: local ones, and those on the web that were pulled."""
    return ((image, is_cover) for image, is_cover in _shown(issue) if not image.is_remote or image.src in lock.entries)


def _lock_of(issue: Issue, folder: Path) -> tuple[Lock, list[Finding]]:
    """What was pulled, and a finding for each picture on the web that was not, once an editor pulls at all."""
    try:
        lock = read_lock(folder)
    except SourceError as error:
        words = "images.lock, line {at}: {fault}"
        return Lock(), [LOCK_MISMATCH.at(1, words, at=error.place.line, fault=error.message)]
    if not lock.exists:  # the formats say by themselves what becomes of a picture on the web
        return lock, []
    lacking = [image for image, _ in _shown(issue) if image.is_remote and image.src not in lock.entries]
    words = "picture “{src}” is not in images.lock"
    return lock, [LOCK_MISSING.at(image.line, words, quote=image.src, src=_printable(image.src)) for image in lacking]


def _pulled(entry: Entry, folder: Path) -> Path:
    """The file of a picture that was pulled."""
    try:
        return _locate(entry.file, folder)
    except Unusable:
        raise Unusable(LOCK_MISMATCH, "{file}, pulled for picture “{src}”, is gone", file=entry.file) from None


def _compare(entry: Entry | None, data: bytes) -> None:
    """Refuse a file that is not the picture that was pulled."""
    if entry is not None and not entry.holds(data):
        raise Unusable(LOCK_MISMATCH, "{file}, pulled for picture “{src}”, is another picture now", file=entry.file)


def _is_deceptive(char: str) -> bool:
    """Whether a character moves, hides or ends what stands around it."""
    return char in _BIDI or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def _printable(src: str) -> str:
    """An address as messages may show it, at most 200 characters."""
    return "".join(f"\\u{ord(char):04x}" if _is_deceptive(char) else char for char in src[:200])


def _locate(src: str, folder: Path) -> Path:
    """The file that `src` names, proved to lie in `folder`."""
    try:
        parts = urlsplit(src)
    except ValueError:  # "//[": no address at all
        raise Unusable(IMAGE_OUTSIDE, "picture “{src}” is no relative path inside the issue's folder") from None
    name = unquote(parts.path)
    inside = not parts.scheme and not parts.netloc and name and not name.startswith(("/", "~"))
    if not inside or "\\" in name or any(map(_is_deceptive, src + name)):
        raise Unusable(IMAGE_OUTSIDE, "picture “{src}” is no relative path inside the issue's folder")
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise Unusable(IMAGE_OUTSIDE, "picture “{src}” leads out of the issue's folder")
        path.stat()
    except (OSError, RuntimeError, ValueError):  # not there, a loop of links, a name the system refuses
        raise Unusable(IMAGE_MISSING, "picture “{src}” does not exist") from None
    return path


def _read(path: Path) -> bytes:
    """The bytes of an ordinary file. What is asked is the file that was opened, never its name a second time."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe or a device may do something already
            raise Unusable(IMAGE_MISSING, "picture “{src}” is no file")
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Unusable(IMAGE_MISSING, "picture “{src}” is no file")
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        words = "picture “{src}” cannot be read: {fault}"
        raise Unusable(IMAGE_MISSING, words, fault=error.strerror or "unknown fault") from None
    if len(data) > MAX_BYTES:
        raise Unusable(IMAGE_TOO_LARGE, "picture “{src}” has more than {most:,} bytes", most=MAX_BYTES)
    return data


def _recognised(data: bytes, suffix: str) -> tuple[Sniffed, list[Unusable]]:
    """What the file is, and what is to be said about it all the same."""
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"<":
        if data[:2] == b"\x1f\x8b":
            raise Unusable(IMAGE_FORMAT, "picture “{src}” is compressed; unpack it first")
        return sniff(data), []
    if suffix.lower() != ".svg":  # markup under the name of a photograph is no slip of an editor
        words = "picture “{src}” holds markup; only a file named .svg may"
        raise Unusable(IMAGE_FORMAT, words)
    return _drawn_on_trial(data)


def _drawn_on_trial(data: bytes) -> tuple[Sniffed, list[Unusable]]:
    """An SVG, checked, and drawn once apart: only that shows whether it can be drawn in bounded time."""
    from kanfa import raster
    from kanfa.issue import vector

    drawing = vector.drawing(data)
    fonts = raster.house_fonts() if drawing.words.strip() else ()
    lacking = raster.undrawable(drawing.words, fonts)
    try:
        raster.rasterized_apart(drawing.svg, width=drawing.width_within(_TEST_WIDTH), fonts=fonts)
    except ValueError as error:
        raise Unusable(IMAGE_SVG, "picture “{src}” cannot be drawn: {fault}", fault=str(error)[:120]) from None
    advice = (
        [Unusable(IMAGE_SVG_TEXT, "picture “{src}” writes {chars}, which no font here has", chars=lacking[:40])]
        if lacking
        else []
    )
    return Sniffed(vector.MEDIA_TYPE, drawing.width, drawing.height), advice


def _strips(sniffed: Sniffed) -> Iterator[Unusable]:
    """What is to be said about a picture many times as high as wide."""
    if sniffed.height >= TALL_PIXELS and sniffed.height > TALL * sniffed.width:
        words = "picture “{src}” is {width:,} × {height:,} pixels: a strip that no page and no screen holds whole"
        yield Unusable(IMAGE_TALL, words, width=sniffed.width, height=sniffed.height)


def _name(src: str, kind: str, sha256: str, taken: set[str]) -> str:
    """A unique ASCII file name; the editor's own name where it is one."""
    stem = PurePosixPath(unquote(urlsplit(src).path)).stem
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in stem).strip("-")
    safe = safe[:_NAME_CHARS].lower()
    names = chain(
        (safe or sha256[:12], f"{safe or 'image'}-{sha256[:8]}"),
        (f"{safe or 'image'}-{sha256[:8]}-{n}" for n in count(2)),
    )
    return next(name + SUFFIXES[kind] for name in names if name + SUFFIXES[kind] not in taken)
