"""`images.lock`: which file beside the issue holds the picture of which web address.

Pure but for `read_lock`, and without any network: rendering asks it instead of the web. JSON, one entry for each
address, sorted, so that two editors' changes merge line by line.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kanfa.errors import Place, SourceError

FILE_NAME = "images.lock"
FOLDER = "images"
VERSION = 1
MAX_BYTES = 1024 * 1024
"""Largest lock file; one entry has about 300 bytes."""
_CURE = "take back the version that was committed, or delete it and run `kanfa images pull ISSUE`"


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture that was pulled."""

    file: str
    """Path from the issue's folder: `images/name.png`."""
    sha256: str
    size: int
    """Bytes."""
    media_type: str
    width: int
    """Pixels."""
    height: int
    """Pixels."""

    def holds(self, data: bytes) -> bool:
        """Whether `data` are the bytes that were pulled."""
        return len(data) == self.size and hashlib.sha256(data).hexdigest() == self.sha256


@dataclass(frozen=True, slots=True)
class Lock:
    """The entries by web address."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    exists: bool = False
    """Whether the issue has a lock file at all."""

    def with_entry(self, address: str, entry: Entry) -> Lock:
        """The lock with one more entry, or another one."""
        return Lock({**self.entries, address: entry}, True)


def locked(lock: Lock, src: str) -> str | None:
    """The local name of the picture that the issue calls `src`, when it was pulled; else None."""
    entry = lock.entries.get(src)
    return entry.file if entry else None


def read_lock(folder: Path) -> Lock:
    """The lock in the issue's `folder`; an empty one when there is none. Raises SourceError for a damaged one."""
    path = folder / FILE_NAME
    try:
        kind = path.lstat()  # a link could lead out of the folder
        if not stat.S_ISREG(kind.st_mode) or kind.st_size > MAX_BYTES:
            raise SourceError(f"it is no ordinary file of a size that a lock may have; {_CURE}", Place(FILE_NAME, 1))
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return Lock()
    except UnicodeDecodeError:
        raise SourceError(f"no UTF-8; {_CURE}", Place(FILE_NAME, 1)) from None
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror}", Place(FILE_NAME, 1)) from None
    return parse_lock(text)


def parse_lock(text: str) -> Lock:
    """The lock that `text` describes. Raises SourceError with the line at fault."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        line = min(error.lineno, max(1, len(lines)))
        raise SourceError(
            f"no JSON: {error.msg}; {_CURE}", Place(FILE_NAME, line, lines[line - 1] if lines else "")
        ) from None
    except (RecursionError, ValueError) as error:  # a number of thousands of digits is a ValueError of int()
        fault = "nested too deeply" if isinstance(error, RecursionError) else "a number in it is too long"
        raise SourceError(f"no JSON: {fault}; {_CURE}", Place(FILE_NAME, 1)) from None
    images = document.get("images") if isinstance(document, dict) else None
    if not isinstance(images, dict) or document.get("version") != VERSION:
        raise SourceError(f"it is no lock of version {VERSION}; {_CURE}", Place(FILE_NAME, 1))
    return Lock({address: _entry(address, value, text) for address, value in sorted(images.items())}, True)


def _entry(address: str, value: Any, text: str) -> Entry:
    kinds: dict[str, type] = {
        "file": str, "sha256": str, "size": int, "media_type": str, "width": int, "height": int
    }  # fmt: skip
    whole = isinstance(value, dict) and set(value) == set(kinds)
    if not whole or any(type(value[name]) is not kind for name, kind in kinds.items()):
        raise SourceError(f"the entry of {address[:80]} is damaged; {_CURE}", _place_of(address, text))
    entry = Entry(**value)
    if not _is_safe(entry.file):
        raise SourceError(
            f"“{entry.file[:80]}” is no file of the folder {FOLDER}; {_CURE}", _place_of(entry.file, text)
        )
    return entry


def _is_safe(name: str) -> bool:
    folder, _, file = name.partition("/")
    known = file.isascii() and all(char.isalnum() or char in "-_." for char in file)
    return folder == FOLDER and bool(file) and known and not file.startswith(".")


def _place_of(words: str, text: str) -> Place:
    written = json.dumps(words, ensure_ascii=False)
    for number, line in enumerate(text.splitlines(), start=1):
        if written in line:
            return Place(FILE_NAME, number, line)
    return Place(FILE_NAME, 1)


def lock_text(lock: Lock) -> str:
    """The file's text: the same for the same entries, however they came."""
    images = {address: asdict(entry) for address, entry in lock.entries.items()}
    document = {"version": VERSION, "images": images}
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
