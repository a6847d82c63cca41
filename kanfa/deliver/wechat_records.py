"""What the WeChat channel remembers, below `<state>/wechat/<account>/` of the publication.

    drafts/009.json                    the draft of an issue: its media_id, what was sent, what was there afterwards
    uploads/body-<sha256>.json         the address of an uploaded picture; cover-… the media_id of a cover
    backups/009-<time>-<number>.json   a draft as it was before it was overwritten
    forced.json                        when a token was refreshed by force

`<account>` is a hash of API address and AppID. No file holds a credential or a token. Each is replaced in one step
and on disk before the next call is made. A damaged record is none: then the draft is looked for in the draft box.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from kanfa.deliver.wechat_compare import restorable
from kanfa.release.files import replace_file, sync_folder
from kanfa.release.manifest import Sha256
from kanfa.wechat.api.answers import Article

FOLDER = "wechat"


class Phase(StrEnum):
    """How far a delivery came."""

    ADDING = "adding"
    """draft/add was about to be called: whether there is a draft, only the draft box knows."""
    SENDING = "sending"
    """There is a draft; what it holds was not read back yet."""
    STAGED = "staged"
    """It was read back and is as it should be."""
    DIFFERENT = "staged-but-different"
    """It was read back and differs; a person has to look."""


class Mark(BaseModel):
    """By what an article is found again in the draft box."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    digest: str
    source: str


class Record(BaseModel):
    """The draft of one issue."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: Literal[1] = 1
    issue: str
    release: str
    """Digest of the release that was last handed over."""
    phase: Phase
    media_id: str = ""
    marks: tuple[Mark, ...] = ()
    sent: tuple[Sha256, ...] = ()
    """`payload_hash` of each article as it was last sent."""
    pending: tuple[Sha256, ...] = ()
    """`essences_of` every draft that was sent since it was last read back."""
    known: tuple[Sha256, ...] = ()
    """`fingerprint` of each article as it was last read back."""
    flags: tuple[tuple[int, int], ...] = ()
    """Comment settings that the release asked for when the draft was last read back, in the order of FLAGS."""
    differences: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    """media_ids of earlier drafts of this issue, which a person is to delete."""


class Upload(BaseModel):
    """One uploaded picture."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sha256: Sha256
    result: str
    """Its https address, or its media_id."""


class Forced(BaseModel):
    """Times of forced refreshes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    times: tuple[float, ...]
    """Seconds since 1970."""


M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Records:
    """The folder of one account."""

    folder: Path

    def draft(self, slug: str) -> Record | None:
        """What is known about an issue's draft."""
        found = _read(self.folder / "drafts" / f"{slug}.json", Record)
        return found if found is not None and found.issue == slug else None

    def save(self, record: Record) -> Record:
        """Remember it; on disk when this returns."""
        self._write(f"drafts/{record.issue}.json", record.model_dump(mode="json"))
        return record

    def of_others(self, slug: str) -> set[str]:
        """media_ids of other issues' drafts."""
        paths = sorted((self.folder / "drafts").glob("*.json"))
        return {found.media_id for path in paths if path.stem != slug and (found := _read(path, Record))}

    def upload(self, kind: str, sha256: str) -> str | None:
        """The address or media_id of a picture that was uploaded before."""
        found = _read(self.folder / "uploads" / f"{kind}-{sha256}.json", Upload)
        return found.result if found is not None and found.sha256 == sha256 else None

    def note_upload(self, kind: str, sha256: str, result: str) -> None:
        """Remember an upload."""
        self._write(f"uploads/{kind}-{sha256}.json", Upload(sha256=sha256, result=result).model_dump())

    def forget_upload(self, kind: str, sha256: str) -> None:
        """Upload it anew next time: WeChat does not have it any more."""
        (self.folder / "uploads" / f"{kind}-{sha256}.json").unlink(missing_ok=True)

    def forced(self) -> tuple[float, ...]:
        """When tokens were refreshed by force."""
        found = _read(self.folder / "forced.json", Forced)
        return found.times if found is not None else ()

    def note_forced(self, times: Sequence[float]) -> None:
        """Remember those times."""
        self._write("forced.json", Forced(times=tuple(times)).model_dump())

    def back_up(self, slug: str, media_id: str, articles: Sequence[Article], at: float) -> Path:
        """Keep a draft as it is: as stored, and in the form that draft/update takes back."""
        stored = [article.model_dump(mode="json") for article in articles]
        whole = {"media_id": media_id, "stored": stored, "restorable": [restorable(one) for one in articles]}
        moment = datetime.datetime.fromtimestamp(at, datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
        folder, number = self.folder / "backups", 0
        while (path := folder / f"{slug}-{moment}-{number:02d}.json").exists():
            number += 1
        self._write(path.relative_to(self.folder).as_posix(), whole)
        return path

    def _write(self, name: str, value: Any) -> None:
        path = self.folder / name
        make_folder(path.parent)
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        replace_file(path, text.encode("utf-8", "backslashreplace"), mode=0o600)


def make_folder(folder: Path) -> None:
    """Make a folder with those above it, on disk when this returns: a file outlives no folder that is lost."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in reversed(made):
        sync_folder(path.parent)


def _read(path: Path, kind: type[M]) -> M | None:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
