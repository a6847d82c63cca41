"""Bringing an issue's pictures home from the web: each into `images/`, each into `images.lock`.

A picture is accepted only if the issue room would load it, so what was pulled can be rendered. Files are written
whole or not at all, and no file is ever replaced by another picture; the lock is saved after every picture, so a
run that was ended goes on where it stopped. The editor's Markdown stays as it is.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kanfa.desk.fetch import Fetcher
from kanfa.desk.lockfile import FILE_NAME, FOLDER, Entry, Lock, lock_text, read_lock
from kanfa.desk.masking import masked
from kanfa.errors import FetchError, UsageError
from kanfa.issue.assets import MAX_BYTES, load_assets
from kanfa.issue.model import Asset, Image, Issue, Paragraph
from kanfa.release.files import locked, replace_file

AT_ONCE = 4
"""Pictures fetched at the same time; each may have MAX_BYTES in memory."""
WAIT = 10.0
"""Seconds to wait for another run in the same folder."""
_MAX_STEM = 60
"""Characters of an address that a file's name keeps."""


class State(StrEnum):
    """What became of one picture."""

    FETCHED = "fetched"
    KEPT = "kept"
    """It is here already, as the lock describes it."""
    UPDATED = "updated"
    """The address holds another picture now; the lock names the new file, the old one stays."""
    FAILED = "failed"
    MISSING = "not pulled"
    """Only `verify`: the lock has no such address."""
    UNUSED = "unused"
    """Only `verify`: the issue does not show the address any more."""


BAD = frozenset({State.FAILED, State.MISSING})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One picture: its address without secrets, and what became of it."""

    address: str
    state: State
    line: int
    """1-based line of the issue; 0 when the issue does not show the picture."""
    entry: Entry | None = None
    note: str = ""
    """Why it failed, or what the editor should know."""


def remote_pictures(issue: Issue) -> dict[str, int]:
    """Every picture on the web that the issue shows, cover included: address → first line, in reading order."""
    cover = (issue.cover,) if issue.cover else ()
    found: dict[str, int] = {}
    for image in (*issue.images(), *cover):
        if image.is_remote:
            found.setdefault(image.src, image.line)
    return found


async def pull(issue: Issue, folder: Path, fetcher: Fetcher, *, update: bool = False) -> AsyncIterator[Outcome]:
    """Fetch what the lock of `folder` lacks, with `update` everything; one outcome for each picture, in reading order.

    Raises UsageError when another run holds the folder, SourceError when the lock is damaged.
    """
    with locked(folder, WAIT) as mine:
        if not mine:
            raise UsageError(f"{folder} is held by another `kanfa images pull`; wait until it has ended")
        lock = read_lock(folder)
        wanted = list(remote_pictures(issue).items())
        for start in range(0, len(wanted), AT_ONCE):
            group = wanted[start : start + AT_ONCE]
            got = await asyncio.gather(*(_obtained(address, folder, lock, fetcher, update) for address, _ in group))
            for (address, line), data in zip(group, got, strict=True):
                outcome, lock = _settled(address, line, data, folder=folder, lock=lock, update=update)
                yield outcome


async def _obtained(address: str, folder: Path, lock: Lock, fetcher: Fetcher, update: bool) -> bytes | str | None:
    """The picture's bytes, why they cannot be had, or None when they are here already."""
    entry = lock.entries.get(address)
    if entry and not update and not entry_fault(entry, folder):
        return None
    try:
        return await fetcher.picture(address, MAX_BYTES)
    except FetchError as error:
        return error.reason


def _settled(
    address: str, line: int, data: bytes | str | None, *, folder: Path, lock: Lock, update: bool
) -> tuple[Outcome, Lock]:
    """Save one picture and the lock; what became of it, and the lock as it is now."""
    known = lock.entries.get(address)
    shown = masked(address)
    if data is None:
        return Outcome(shown, State.KEPT, line, known), lock
    if isinstance(data, str):
        return Outcome(shown, State.FAILED, line, known, data), lock
    if known and not update and not known.holds(data):
        note = f"the address holds another picture than {FILE_NAME} describes; --update takes it"
        return Outcome(shown, State.FAILED, line, known, note), lock
    if known and known.holds(data) and not entry_fault(known, folder):
        return Outcome(shown, State.KEPT, line, known), lock
    try:
        entry = _saved(address, data, folder, lock)
        lock = lock.with_entry(address, entry)
        replace_file(folder / FILE_NAME, lock_text(lock).encode())
    except FetchError as error:
        return Outcome(shown, State.FAILED, line, known, error.reason), lock
    except OSError as error:
        return Outcome(shown, State.FAILED, line, known, f"it cannot be saved: {error.strerror or error}"), lock
    changed = known is not None and not known.holds(data)
    note = ""
    if known and known.file != entry.file:
        note = f"{known.file} {'holds the old picture and may go' if changed else 'is another picture now; it stays'}"
    return Outcome(shown, State.UPDATED if changed else State.FETCHED, line, entry, note), lock


def _saved(address: str, data: bytes, folder: Path, lock: Lock) -> Entry:
    """Write the picture under a name of its own. Raises FetchError and OSError."""
    media_type, suffix = _kind(data)
    if not suffix:
        raise FetchError(address, f"it is no picture but {_looks_like(data)}")
    asset = _loaded(address, data, suffix)
    sha256 = hashlib.sha256(data).hexdigest()
    inside = folder / FOLDER
    inside.mkdir(exist_ok=True)
    if not inside.resolve().is_relative_to(folder.resolve()):
        raise FetchError(address, f"the folder {FOLDER} leads out of the issue's folder")
    taken = {entry.file for other, entry in lock.entries.items() if other != address and entry.sha256 != sha256}
    for name in _names(address, sha256, suffix):
        path = inside / name
        free = not path.exists() and not path.is_symlink()
        if f"{FOLDER}/{name}" in taken or not (free or _has(path, data)):
            continue
        if free:
            replace_file(path, data)
        return Entry(f"{FOLDER}/{name}", sha256, len(data), media_type, asset.width, asset.height)
    raise FetchError(address, f"every name for it in {FOLDER} is taken by another file")


def _has(path: Path, data: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size == len(data) and path.read_bytes() == data


def _names(address: str, sha256: str, suffix: str) -> Iterator[str]:
    """Names for the picture, the nicest first; the last one is taken only by the same bytes."""
    stem = unquote(urlsplit(address).path).rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    safe = "".join(char if char.isascii() and (char.isalnum() or char == "_") else "-" for char in stem)
    safe = "-".join(filter(None, safe.split("-")))[:_MAX_STEM].strip("-")
    if len(safe) > 3:  # shorter ones say nothing (`640`, `0`), or are names of devices in Windows
        yield f"{safe}{suffix}"
    yield f"{safe or 'picture'}-{sha256[:8]}{suffix}"
    yield f"{sha256}{suffix}"


def _kind(data: bytes) -> tuple[str, str]:
    """Media type and suffix by the first bytes; empty for what is no picture."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", ".png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", ".jpg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif", ".gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", ".webp"
    if data[4:8] == b"ftyp" and b"avif" in data[8:64]:
        return "image/avif", ".avif"
    if _opening(data).startswith(("<svg", "<?xml")) and b"<svg" in data[:4096]:
        return "image/svg+xml", ".svg"
    return "", ""


def _opening(data: bytes) -> str:
    return data[:512].decode("utf-8-sig", "replace").lstrip().lower()


def _looks_like(data: bytes) -> str:
    return (
        "a web page" if _opening(data).startswith(("<!doctype html", "<html", "<head", "<body")) else "something else"
    )


def _loaded(address: str, data: bytes, suffix: str) -> Asset:
    """The picture as the issue room loads it: the one judge of what can be rendered. Raises FetchError."""
    name = f"picture{suffix}"
    probe = Issue("", "", preamble=(Paragraph((Image(name, "", 1),), 1),))
    with tempfile.TemporaryDirectory(prefix="kanfa-") as scratch:
        (Path(scratch) / name).write_bytes(data)
        assets, findings = load_assets(probe, Path(scratch))
    if not assets:
        raise FetchError(address, findings[0].message.replace(f"picture “{name}”", "it"))
    return assets[0]


# ---------------------------------------------------------------- without the network


def entry_fault(entry: Entry, folder: Path) -> str:
    """What is wrong with the file of an entry, or ``."""
    path = folder / entry.file
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return f"{entry.file} leads out of the issue's folder"
        if not path.is_file():
            return f"{entry.file} is gone"
        if path.stat().st_size != entry.size or not entry.holds(path.read_bytes()):
            return f"{entry.file} is not the picture that was pulled"
    except (OSError, RuntimeError) as error:
        return f"{entry.file} cannot be read: {error}"
    return ""


def verify(issue: Issue, folder: Path) -> list[Outcome]:
    """Compare issue, lock and files without asking anybody. Raises SourceError when the lock is damaged."""
    lock = read_lock(folder)
    shown = remote_pictures(issue)
    found = [_verified(address, line, lock.entries.get(address), folder) for address, line in shown.items()]
    for address, entry in lock.entries.items():
        if address not in shown:
            found.append(Outcome(masked(address), State.UNUSED, 0, entry, "the issue does not show it"))
    return found


def _verified(address: str, line: int, entry: Entry | None, folder: Path) -> Outcome:
    if entry is None:
        return Outcome(masked(address), State.MISSING, line, None, f"{FILE_NAME} does not know it")
    fault = entry_fault(entry, folder)
    return Outcome(masked(address), State.FAILED if fault else State.KEPT, line, entry, fault)
