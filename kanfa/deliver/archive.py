"""The archive channel: a folder that any web server, or a reader's own disk, can show.

    archive/index.html            every issue, newest first
    archive/009/index.html        the staged page, byte for byte
    archive/009/issue.pdf  images/…
    archive/009/release.json      which release this is, and the hashes of its files

The index is made from the release.json files that are there, so it is complete in whatever order issues
arrive. An issue's folder is written beside its place and swapped in: readers see the old release or the
new one. A run killed between the two renames is mended by the next delivery.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from kanfa.deliver.archive_index import IssueOnShelf, index_page
from kanfa.deliver.channel import Channel, Outcome, Plan
from kanfa.errors import DeliveryFailed
from kanfa.publication import Publication
from kanfa.release.files import fill_folder, locked, names_below, replace_file, sync_folder
from kanfa.release.manifest import STRICT, FileName, FileRecord, IssueRecord, record_of
from kanfa.release.report import size_text
from kanfa.release.store import Verified

INDEX = "index.html"
RECORD = "release.json"
PAGE = "web.html"
PDF = "issue.pdf"
NEW = ".kanfa-new-"
OLD = ".kanfa-old-"
OURS = b'name="generator" content="Kanfa'
"""In the head of every index we wrote; a page without it is somebody else's."""
WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Archived:
    """The content of one release.json."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    digest: str
    issue: IssueRecord
    files: dict[FileName, FileRecord]
    """By their names in the archive."""


@cache
def _reader() -> TypeAdapter[Archived]:
    return TypeAdapter(Archived)


def _files(verified: Verified) -> dict[str, bytes]:
    """What the issue's folder will hold."""
    names = {PAGE: INDEX, PDF: PDF}
    names |= {name: name for name in verified.manifest.files if name.startswith("images/")}
    files = {names[name]: verified.read(name) for name in sorted(names) if name in verified.manifest.files}
    records = {name: record_of(data) for name, data in sorted(files.items())}
    whole = asdict(Archived(verified.release.digest, verified.manifest.issue, records))
    whole["issue"]["date"] = verified.manifest.issue.date and verified.manifest.issue.date.isoformat()
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=2) + "\n"
    return {**files, RECORD: text.encode("utf-8")}


def _archived(folder: Path) -> Archived | None:
    """The record of an issue's folder, or None when there is none that can be read and belongs to it."""
    try:
        found = _reader().validate_json((folder / RECORD).read_bytes())
    except (OSError, ValidationError):
        return None
    return found if found.issue.slug == folder.name else None


def _shelf(folder: Path) -> tuple[list[Archived], list[str]]:
    """The issues of the archive, and the names of folders whose release.json is damaged."""
    if not folder.is_dir():
        return [], []
    folders = [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(".")]
    found = {path.name: _archived(path) for path in folders if (path / RECORD).exists()}
    return [one for one in found.values() if one], [name for name, one in found.items() if not one]


def _is_intact(folder: Path, files: Mapping[str, bytes]) -> bool:
    return (
        folder.is_dir()
        and set(names_below(folder)) == set(files)
        and all(not (folder / name).is_symlink() and (folder / name).read_bytes() == files[name] for name in files)
    )


def _index(folder: Path, publication: Publication, coming: Archived | None = None) -> bytes:
    """The list of all issues as the archive holds them, with `coming` in place of its earlier release."""
    issues = {archived.issue.slug: archived for archived in _shelf(folder)[0]}
    if coming is not None:
        issues[coming.issue.slug] = coming

    def sizes(one: Archived) -> dict[str, int]:
        kept = (name for name in one.files if one is coming or (folder / one.issue.slug / name).is_file())
        return {name: one.files[name].size for name in kept}

    return index_page([IssueOnShelf(one.issue, sizes(one)) for one in issues.values()], publication)


def _refuse_what_is_not_ours(folder: Path, slug: str, files: Mapping[str, bytes]) -> None:
    """Never replace what somebody else put where the archive is to go."""
    if folder.exists() and not folder.is_dir():
        raise DeliveryFailed(f"{folder} is a file; the archive needs a folder")
    place = folder / slug
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise DeliveryFailed(f"{place} is not a folder of the archive; move it away")
    strange = sorted(set(names_below(place)) - set(files)) if place.is_dir() else []
    if strange and _archived(place) is None:
        raise DeliveryFailed(f"{place} holds {strange[0]} and no {RECORD} of this issue; move the folder away")
    index = folder / INDEX
    if index.is_dir():
        raise DeliveryFailed(f"{index} is a folder; move it away")
    if index.exists() and not _shelf(folder)[0] and OURS not in index.read_bytes():
        raise DeliveryFailed(f"{index} was not written by the archive channel; choose another folder")


def target(publication: Publication) -> str:
    """The folder `archive` of kanfa.toml, starting from the publication."""
    return str(publication.base / publication.archive)


def plan(verified: Verified, publication: Publication, target: str) -> Plan:
    """What differs between the release and the archive; nothing when it stands there as it should."""
    folder = Path(target)
    files = _files(verified)
    issue = verified.manifest.issue
    _refuse_what_is_not_ours(folder, issue.slug, files)
    actions = []
    if not _is_intact(folder / issue.slug, files):
        actions += [f"write {issue.slug}/{name} ({size_text(len(data))})" for name, data in sorted(files.items())]
        before = _archived(folder / issue.slug)
        if before is not None and before.digest != verified.release.digest:
            actions.insert(0, f"replace release {before.digest} of issue {issue.slug} as a whole")
    coming = _reader().validate_json(files[RECORD])
    index = folder / INDEX
    if not index.is_file() or index.read_bytes() != _index(folder, publication, coming):
        actions.append(f"write {INDEX} (the list of all issues)")
    return Plan(tuple(actions))


def deliver(verified: Verified, publication: Publication, target: str) -> Outcome:
    """Put the release into the archive, as a whole, and bring the index up to date.

    Raises DeliveryFailed when something that is not ours stands in the way, or the archive stays locked
    by another delivery for a minute.
    """
    folder = Path(target)
    files = _files(verified)
    slug = verified.manifest.issue.slug
    _refuse_what_is_not_ours(folder, slug, files)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder, WAIT_SECONDS) as alone:
        if not alone:
            raise DeliveryFailed(f"another delivery to {folder} is running; try again later")
        _mend(folder)
        _refuse_what_is_not_ours(folder, slug, files)
        if not _is_intact(folder / slug, files):
            _swap_in(folder, slug, files)
        index = _index(folder, publication)
        if not (folder / INDEX).is_file() or (folder / INDEX).read_bytes() != index:
            replace_file(folder / INDEX, index)
        issues, damaged = _shelf(folder)
    left_out = f"; not in the index, their {RECORD} is damaged: {', '.join(damaged)}" if damaged else ""
    return Outcome(f"{folder / slug / INDEX}; the index lists {len(issues)}{left_out}")


def _mend(folder: Path) -> None:
    """Undo what a killed run left: give an issue its old folder back if it has none, remove the rest."""
    for left in sorted(folder.glob(f"{OLD}*")):
        place = folder / left.name.removeprefix(OLD)
        if place.exists():
            shutil.rmtree(left)
        else:
            left.rename(place)
    for left in sorted(folder.glob(f"{NEW}*")):
        shutil.rmtree(left)


def _swap_in(folder: Path, slug: str, files: Mapping[str, bytes]) -> None:
    new, old, place = folder / f"{NEW}{slug}", folder / f"{OLD}{slug}", folder / slug
    new.mkdir()
    fill_folder(new, files)
    if place.exists():
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    sync_folder(folder)
    if old.exists():
        shutil.rmtree(old)


CHANNEL = Channel(
    name="archive",
    description="the archive folder: each issue's page and PDF, and an index of all issues",
    target=target,
    plan=plan,
    deliver=deliver,
)
