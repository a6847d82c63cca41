"""Writing so that a crash leaves the old or the new, never a half: fsync, then rename."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

FOLDER_MODE = 0o755
FILE_MODE = 0o644
IGNORED = frozenset({".DS_Store"})
"""What macOS puts into any folder that somebody looks at; never staged, never delivered."""


def names_below(folder: Path, prefix: str = "") -> Iterator[str]:
    """Everything below `folder` that is no folder, links included, and every folder that is empty (`name/`)."""
    for entry in os.scandir(folder):
        if entry.name in IGNORED and entry.is_file(follow_symlinks=False):
            continue
        name = f"{prefix}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from list(names_below(folder / entry.name, f"{name}/")) or [f"{name}/"]
        else:
            yield name


def sync_folder(folder: Path) -> None:
    """Force the names in `folder` to disk: a rename is lasting only after this."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, readable by all, and force it to disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), FILE_MODE)
        os.fsync(file.fileno())


def fill_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` below the empty `folder` and force everything to disk, the folder itself included.

    Readable by all, whatever the umask: a web server or a colleague reads what an editor staged.
    """
    folders = {folder}
    for name, data in sorted(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        folders |= {path.parent, *(parent for parent in path.parents if parent.is_relative_to(folder))}
        write_new(path, data)
    for made in sorted(folders, key=lambda path: len(path.parts), reverse=True):
        made.chmod(FOLDER_MODE)
        sync_folder(made)


def replace_file(path: Path, data: bytes, mode: int | None = None) -> None:
    """Give the file at `path` this content in one step; readers see the old or the new.

    `mode` is its permission bits; without it everybody may read the file.
    """
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    try:
        write_new(draft, data)
        if mode is not None:
            draft.chmod(mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)  # there is one only when something failed
    sync_folder(path.parent)


@contextmanager
def locked(path: Path, wait: float) -> Iterator[bool]:
    """Hold the lock of `path` (a folder, or a file that is made); yields False after `wait` seconds without it."""
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT
    descriptor = os.open(path, flags, FILE_MODE)
    try:
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    yield False
                    return
                time.sleep(0.05)
            else:
                yield True
                return
    finally:
        os.close(descriptor)
