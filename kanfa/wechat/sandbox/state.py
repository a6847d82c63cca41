"""What a sandbox knows: drafts, pictures, tokens, faults, quotas; in memory, or kept in a folder as well."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kanfa.errors import UsageError
from kanfa.release.files import replace_file
from kanfa.release.manifest import Sha256
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.sandbox.faults import Faults
from kanfa.wechat.sandbox.settings import SandboxSettings
from kanfa.wechat.sandbox.tokens import DAY, TokenOffice, Window

STATE_FILE = "state.json"
PICTURES = "images"
MEDIA_ID_BYTES = 48
"""Bytes of randomness in a media_id: 64 characters, as WeChat's own; clients are told to have room for 128."""
FORMS = {"image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif", "image/bmp": "bmp"}
"""Media type → what WeChat calls the form in a picture's address."""


@dataclass(slots=True)
class Draft:
    """One entry of the draft box."""

    media_id: str
    articles: list[dict[str, Any]]
    """Fields as draft/get answers them, without `url`; `content` as it was stored, not as it was sent."""
    updated: int
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One picture that was uploaded."""

    key: str
    """Hex digest of the bytes; the part of the address that names the picture."""
    media_type: str
    data: bytes = field(repr=False)

    @property
    def url(self) -> str:
        """The address that the API answers with: http, on the host of uploaded pictures."""
        form = FORMS[self.media_type]
        return f"http://mmbiz.qpic.cn/sz_mmbiz_{form}/{self.key}/0?wx_fmt={form}"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call that was answered."""

    path: str
    """Without `/cgi-bin/`: `draft/add`."""
    code: int
    """`errcode`; 0 for success."""


MediaId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
"""It stands in the addresses of pages. Length: the page of draft/add."""
Flag = Annotated[int, Field(ge=0, le=1)]


class _KeptPicture(BaseModel):
    model_config = ConfigDict(extra="forbid")
    image_media_id: MediaId


class _KeptPictures(BaseModel):
    model_config = ConfigDict(extra="forbid")
    image_list: list[_KeptPicture]


class _KeptArticle(BaseModel):
    """The fields that `articles.accepted` makes."""

    model_config = ConfigDict(extra="forbid")
    article_type: Literal["news", "newspic"]
    title: str
    author: str
    digest: str
    content: str
    content_source_url: str
    thumb_media_id: str
    show_cover_pic: Flag
    need_open_comment: Flag
    only_fans_can_comment: Flag
    image_info: _KeptPictures | None = None


class _KeptDraft(BaseModel):
    model_config = ConfigDict(extra="forbid")
    articles: Annotated[list[_KeptArticle], Field(min_length=1)]
    updated: Annotated[int, Field(ge=0, le=9_999_999_999)]


class _Kept(BaseModel):
    """`state.json`."""

    model_config = ConfigDict(extra="forbid")
    drafts: dict[MediaId, _KeptDraft]
    uploads: dict[Sha256, Literal["image/png", "image/jpeg", "image/gif", "image/bmp"]]
    """Key → media type. A key names a file: it is a digest and nothing else."""
    materials: dict[MediaId, Sha256]
    """media_id → key."""
    published: dict[str, str]


class SandboxState:
    """Everything that calls change. Only the server's own thread changes it; tests read it and switch faults."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.drafts: dict[str, Draft] = {}
        self.uploads: dict[str, Upload] = {}
        self.materials: dict[str, str] = {}
        self.published: dict[str, str] = {}
        self.calls: list[Recorded] = []
        self.faults = Faults()
        self.tokens = TokenOffice(settings.clock)
        self.previews = Window(DAY, LIMITS.previews.value)

    @classmethod
    def opened(cls, settings: SandboxSettings) -> Self:
        """A new state, with what the settings' folder holds. Raises UsageError for a folder that cannot be used."""
        state = cls(settings)
        if settings.folder is None:
            return state
        try:
            (settings.folder / PICTURES).mkdir(parents=True, exist_ok=True)
            path = settings.folder / STATE_FILE
            if path.exists():
                state._load(_Kept.model_validate_json(path.read_bytes()), settings.folder)
        except (ValidationError, UnicodeDecodeError):
            raise UsageError(f"{settings.folder / STATE_FILE} is no state of a sandbox; move the folder away") from None
        except OSError as error:
            raise UsageError(f"{settings.folder} cannot keep the state: {error.strerror}") from None
        return state

    def _load(self, kept: _Kept, folder: Path) -> None:
        for key, media_type in kept.uploads.items():
            self.uploads[key] = Upload(key, media_type, _picture_in(folder, key).read_bytes())
        for name, draft in kept.drafts.items():
            articles = [article.model_dump(exclude_none=True) for article in draft.articles]
            self.drafts[name] = Draft(name, articles, draft.updated)
        self.materials = {name: key for name, key in kept.materials.items() if key in self.uploads}
        self.published = dict(kept.published)

    def keep(self) -> None:
        """Write the state into its folder, if it has one. Raises OSError when the folder cannot be written."""
        folder = self.settings.folder
        if folder is None:
            return
        for upload in self.uploads.values():
            path = _picture_in(folder, upload.key)
            if not path.exists():
                replace_file(path, upload.data)
        kept: Mapping[str, Any] = {
            "drafts": {d.media_id: {"articles": d.articles, "updated": d.updated} for d in self.drafts.values()},
            "uploads": {upload.key: upload.media_type for upload in self.uploads.values()},
            "materials": self.materials,
            "published": self.published,
        }
        replace_file(folder / STATE_FILE, json.dumps(kept, ensure_ascii=False, indent=1).encode())

    def newest(self) -> list[Draft]:
        """The drafts, the one changed last first; of one second, the one added last."""
        return sorted(self.drafts.values(), key=lambda draft: draft.updated)[::-1]

    def now(self) -> int:
        """Seconds since 1970 by the settings' clock."""
        return int(self.settings.clock())

    def add_upload(self, data: bytes, media_type: str) -> Upload:
        """Keep a picture; the same bytes have the same address."""
        upload = Upload(hashlib.sha256(data).hexdigest(), media_type, data)
        return self.uploads.setdefault(upload.key, upload)

    def add_material(self, upload: Upload) -> str:
        """Put a picture into the library of permanent material and return its media_id."""
        media_id = new_id()
        self.materials[media_id] = upload.key
        return media_id

    def add_draft(self, articles: list[dict[str, Any]]) -> Draft:
        """Put a draft into the box."""
        draft = Draft(new_id(), articles, self.now())
        self.drafts[draft.media_id] = draft
        return draft

    def reset(self) -> None:
        """Forget everything but the settings: an account as on its first day."""
        if self.settings.folder is not None:
            for key in self.uploads:
                _picture_in(self.settings.folder, key).unlink(missing_ok=True)
        fresh = SandboxState(self.settings)
        for name in ("drafts", "uploads", "materials", "published", "calls", "faults", "tokens", "previews"):
            setattr(self, name, getattr(fresh, name))
        self.keep()


def _picture_in(folder: Path, key: str) -> Path:
    """Where a picture is kept: the only place that makes a path of a key."""
    return folder / PICTURES / key


def new_id() -> str:
    """A fresh media_id."""
    return secrets.token_urlsafe(MEDIA_ID_BYTES)
