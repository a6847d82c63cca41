"""The outbox: `outbox/<slug>/<digest>/`, each release staged as a whole, found and proved again.

A release is written into a build folder beside its final place, forced to disk and renamed. A run that
is killed leaves the whole release or a build folder, which the next run removes. Nothing is overwritten:
a release that is already there is compared instead.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kanfa.errors import AlteredRelease, EnvironmentProblem, UnknownRelease
from kanfa.release import owner
from kanfa.release.files import fill_folder, names_below, sync_folder
from kanfa.release.manifest import (
    DIGEST_LENGTH,
    MANIFEST,
    REPORTS,
    FileRecord,
    Manifest,
    parse_manifest,
    record_of,
    stored_bytes,
)

SHORTEST_PREFIX = 6
"""Hex digits that are enough to name a release, as long as only one begins so."""
TAKEN = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR})
"""What rename says when the final name is in use (POSIX rename; Linux and macOS differ)."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What staging did."""

    path: Path
    digest: str
    new: bool
    """False when the same release was staged before."""
    manifest_sha256: str
    """SHA-256 of the bytes of manifest.json."""


@dataclass(frozen=True, slots=True)
class Release:
    """A folder of the outbox that claims to be a release; `verify` proves it."""

    path: Path
    slug: str
    digest: str

    @property
    def reference(self) -> str:
        """The full name for people: `009/<digest>`."""
        return f"{self.slug}/{self.digest}"


@dataclass(frozen=True, slots=True)
class Verified:
    """A release whose every byte was compared with its manifest."""

    release: Release
    manifest: Manifest
    record: Mapping[str, FileRecord]
    """Hashes of the reports."""
    manifest_sha256: str

    def read(self, name: str) -> bytes:
        """The bytes of one file; raises AlteredRelease when they changed since the release was verified."""
        return _proved(self.release, name, {**self.manifest.files, **self.record}[name])


# ---------------------------------------------------------------- staging


def clean(outbox: Path) -> list[Path]:
    """Remove the build folders of runs that are gone, and name them. Folders of running processes stay."""
    removed = []
    for folder in _slug_folders(outbox):
        for build in sorted(folder.glob(f"{owner.PREFIX}*")):
            if not build.is_symlink() and build.is_dir() and owner.abandoned(build):
                shutil.rmtree(build, ignore_errors=True)
                removed.append(build)
    return removed


def stage(outbox: Path, manifest: Manifest, files: Mapping[str, bytes], reports: Mapping[str, bytes]) -> Staged:
    """Put a release into the outbox, as a whole or not at all; `files` and `reports` are content by name.

    A release that is there already is verified and left alone, its reports included. Left-over build
    folders are removed first. Raises AlteredRelease when something else stands under the release's name,
    EnvironmentProblem when the outbox cannot be written.
    """
    digest = manifest.digest
    if {name: record_of(data) for name, data in files.items()} != manifest.files or set(reports) - set(REPORTS):
        raise ValueError("the manifest was not built from these files")
    final = outbox / manifest.issue.slug / digest
    try:
        clean(outbox)
        final.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(final):
            return _already(final)
        stored = stored_bytes(manifest, reports)
        with _build_folder(final.parent) as build:
            fill_folder(build, {**files, **reports, MANIFEST: stored})
            if not _rename(build, final):
                return _already(final)
        sync_folder(final.parent)
        sync_folder(outbox)
    except OSError as error:
        cure = f"df -h {outbox} && ls -ld {outbox}"
        raise EnvironmentProblem(f"the outbox {outbox} cannot be written: {error.strerror or error}", cure) from None
    return Staged(final, digest, True, record_of(stored).sha256)


@contextmanager
def _build_folder(folder: Path) -> Iterator[Path]:
    build = Path(tempfile.mkdtemp(prefix=owner.build_prefix(), dir=folder))
    try:
        with owner.held(build):
            yield build
    finally:
        shutil.rmtree(build, ignore_errors=True)  # gone already when it was renamed


def _rename(build: Path, final: Path) -> bool:
    """Give the build its final name; False when another run was first."""
    try:
        build.rename(final)
    except OSError as error:
        if error.errno in TAKEN:
            return False
        raise
    return True


def _already(final: Path) -> Staged:
    try:
        verified = verify(Release(final, final.parent.name, final.name))
    except AlteredRelease as error:
        raise AlteredRelease(
            f"{error}\n    It is in the way of staging: move {final} away and publish again."
        ) from None
    return Staged(final, final.name, False, verified.manifest_sha256)


# ---------------------------------------------------------------- finding


def _is_digest(name: str) -> bool:
    return len(name) == DIGEST_LENGTH and not set(name) - set("0123456789abcdef")


def _slug_folders(outbox: Path) -> list[Path]:
    if not outbox.is_dir():
        return []
    return sorted(path for path in outbox.iterdir() if not path.name.startswith(".") and _is_folder(path))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _releases(outbox: Path) -> list[Release]:
    return [
        Release(path, folder.name, path.name)
        for folder in _slug_folders(outbox)
        for path in sorted(folder.iterdir())
        if _is_digest(path.name) and (path.is_dir() or path.is_symlink())  # a link is named, then refused
    ]


def list_releases(outbox: Path, slug: str | None = None) -> list[Release]:
    """The releases of the outbox, or of one issue, newest first.

    A release is as old as the ledger says, or as its folder is where the ledger does not know it. The
    list holds damaged ones too.
    """
    from kanfa.release.ledger import staged_times

    times = staged_times(outbox)
    releases = [release for release in _releases(outbox) if slug in {None, release.slug}]

    def age(release: Release) -> tuple[float, str]:
        return times.get(release.digest, release.path.lstat().st_mtime), release.digest

    return sorted(releases, key=age, reverse=True)


def find_release(outbox: Path, reference: str) -> Release:
    """The release that `reference` names.

    That is a digest or at least 6 digits of its beginning, alone or after the issue (`009/3fa9c1`), or the
    path of the release's folder. Raises UnknownRelease, naming the candidates, when none or several fit.
    """
    releases = _releases(outbox)
    wanted = reference.strip().rstrip("/")
    path = Path(wanted)
    if wanted and _is_folder_here(path):
        at_path = [found for found in releases if found.path.resolve() == path.resolve()]
        if at_path:
            return at_path[0]
    slug, _, prefix = wanted.rpartition("/")
    among = [found for found in releases if not slug or found.slug == slug]
    fitting = [found for found in among if found.digest.startswith(prefix.lower())]
    if len(prefix) >= SHORTEST_PREFIX and len(fitting) == 1:
        return fitting[0]
    if len(prefix) >= SHORTEST_PREFIX and fitting:
        raise UnknownRelease(f"{reference!r} fits several releases: {_names(fitting)}. Give more digits.")
    of_issue = [found for found in releases if wanted and found.slug in {wanted, wanted.zfill(3)}]
    if of_issue:
        raise UnknownRelease(f"{reference!r} is an issue; name one of its releases: {_names(of_issue)}")
    if prefix and fitting and len(prefix) < SHORTEST_PREFIX:
        raise UnknownRelease(f"{reference!r} is too short; {SHORTEST_PREFIX} digits are needed: {_names(fitting)}")
    known = f"It holds: {_names(releases)}" if releases else "It is empty; `kanfa publish ISSUE` fills it."
    raise UnknownRelease(f"the outbox {outbox} has no release {reference!r}. {known}")


def _is_folder_here(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # longer than any name may be, or with a NUL
        return False


def _names(releases: list[Release], most: int = 8) -> str:
    shown = [release.reference for release in releases[:most]]
    return ", ".join([*shown, *([f"and {len(releases) - most} more"] if len(releases) > most else [])])


# ---------------------------------------------------------------- proving


def verify(release: Release) -> Verified:
    """Compare every byte of a release with its manifest, and the manifest with the digest.

    Raises AlteredRelease naming the first file, by name, that is altered, missing, superfluous or no plain
    file. Symbolic links are never followed.
    """
    if not _is_folder(release.path) or release.path.parent.is_symlink():
        raise AlteredRelease(f"{release.reference}: its folder is gone or a symbolic link")
    try:
        present = sorted(names_below(release.path))
    except OSError as error:
        raise AlteredRelease(f"{release.reference}: {error.filename} cannot be read: {error.strerror}") from None
    linked = next((name for name in present if (release.path / name).is_symlink()), None)
    if linked is not None:
        raise AlteredRelease(f"{release.reference}: {linked} is a symbolic link; a release holds plain files only")
    if MANIFEST not in present:
        raise AlteredRelease(f"{release.reference}: {MANIFEST} is missing")
    data = _read(release, MANIFEST)
    try:
        stored = parse_manifest(data)
    except AlteredRelease as error:
        raise AlteredRelease(f"{release.reference}: {error}") from None
    if stored.manifest.digest != release.digest or stored.manifest.issue.slug != release.slug:
        named = f"{stored.manifest.issue.slug}/{stored.manifest.digest}"
        raise AlteredRelease(f"{release.reference}: {MANIFEST} was altered; what it says is {named}")
    expected = stored.files
    for name in sorted({*expected, *present} - {MANIFEST}):
        if name not in present:
            raise AlteredRelease(f"{release.reference}: {name} is missing")
        if name not in expected:
            raise AlteredRelease(f"{release.reference}: {name} is not part of the release")
        _proved(release, name, expected[name])
    return Verified(release, stored.manifest, stored.record, record_of(data).sha256)


def _read(release: Release, name: str) -> bytes:
    """The bytes of a plain file, whatever was put in its place since its folder was listed."""
    path = release.path / name
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise AlteredRelease(f"{release.reference}: {name} is no plain file")
            return file.read()
    except OSError as error:
        raise AlteredRelease(f"{release.reference}: {name} cannot be read: {error.strerror}") from None


def _proved(release: Release, name: str, expected: FileRecord) -> bytes:
    data = _read(release, name)
    if record_of(data) != expected:
        raise AlteredRelease(f"{release.reference}: {name} was altered; its bytes are not those of the manifest")
    return data
