"""What a release consists of, and the digest that names it.

The digest is taken over the manifest's canonical form. That form holds no clock time and no path of the
machine, so that the same sources give the same digest on another day and in another folder. The reports
hold timings; `manifest.json` therefore lists them in a part of its own, `record`, which the digest leaves out.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError

from kanfa.errors import AlteredRelease, RenderError
from kanfa.issue.model import Issue

MANIFEST = "manifest.json"
REPORTS = ("report.json", "report.html")
"""The only files of a release that the digest does not cover."""
DIGEST_LENGTH = 16
"""Hex digits of a digest: 64 bits, far more than the releases of any newsletter need to stay apart."""
WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
"""Names that Windows gives to devices, whatever their extension (Microsoft, “Naming Files”)."""


def name_fault(name: str) -> str:
    """Why `name` may not be a file of a release, or an empty string.

    A good name is a relative path with `/` between its parts, none of them hidden, special or longer than
    255 bytes of UTF-8 (the limit of common file systems), in characters that print.
    """
    if not name.isprintable() or "\\" in name or ":" in name:
        return "holds a control character, a backslash or a colon"
    if name.startswith("/"):
        return "is an absolute path"
    for part in name.split("/"):
        if part in {"", ".", ".."}:
            return "has an empty part, `.` or `..`"
        if part.startswith(".") or part != part.strip() or part.endswith("."):
            return "has a part that is hidden or ends in a space or a dot"
        if part.partition(".")[0].lower() in WINDOWS_DEVICES:
            return "is the name of a Windows device"
        if len(part.encode(errors="surrogatepass")) > 255:
            return "is longer than 255 bytes"
    return ""


def _folded(name: str) -> str:
    # macOS and Windows take names that differ in case, or in how an accent is encoded, for one file.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def names_fault(names: Iterable[str]) -> str:
    """Why these names cannot be the files of one release, or an empty string: the first fault, by name."""
    seen: dict[str, str] = {_folded(name): name for name in (MANIFEST, *REPORTS)}
    folders: dict[str, str] = {}
    for name in sorted(names):
        if fault := name_fault(name):
            return f"{name!r} {fault}"
        folded = _folded(name)
        if folded in seen:
            return f"{name!r} is too like {seen[folded]!r}"
        seen[folded] = name
        parts = folded.split("/")
        folders |= {"/".join(parts[:count]): name for count in range(1, len(parts))}
    clash = next((folded for folded in folders if folded in seen), None)
    return f"{seen[clash]!r} is a file and also a folder of {folders[clash]!r}" if clash is not None else ""


def _safe_name(name: str) -> str:
    if fault := name_fault(name):
        raise ValueError(fault)
    return name


FileName = Annotated[str, AfterValidator(_safe_name)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$"), AfterValidator(_safe_name)]
STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file by its content."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    sha256: Sha256
    """64 hex digits."""
    size: Annotated[int, Field(ge=0)]
    """Bytes."""


def record_of(data: bytes) -> FileRecord:
    """The record of a file that holds `data`."""
    return FileRecord(hashlib.sha256(data).hexdigest(), len(data))


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """What the archive and the ledger need to know about the issue itself."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    slug: Slug
    number: int | None
    title: str
    date: datetime.date | None
    summary: str
    language: str
    source: str
    """Name of the Markdown file, without its folder."""
    cover: FileName | None = None
    """The release's file that shows the cover, when it has one."""
    cover_alt: str = ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the digest covers."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    issue: IssueRecord
    files: dict[FileName, FileRecord]
    sources: dict[str, Sha256]
    """SHA-256 of what went in: the issue, its pictures, the templates."""
    settings: dict[str, Any]
    versions: dict[str, str]
    waivers: dict[str, str]
    """Reason for each rule whose findings an editor allowed."""
    outcomes: dict[str, str]
    """For each format `ok`, or what stands against it."""
    schema: Literal[1] = 1
    """Version of this form; a later one gets another number."""


@dataclass(frozen=True, slots=True)
class Manifest(_Parts):
    """Everything that makes a release the release it is. Equal manifests have equal digests."""

    @property
    def digest(self) -> str:
        """The release's name: the first 16 hex digits of SHA-256 over the canonical form."""
        return hashlib.sha256(canonical(self)).hexdigest()[:DIGEST_LENGTH]


@dataclass(frozen=True, slots=True)
class StoredManifest:
    """`manifest.json`: the manifest, and the hashes of the reports beside it."""

    manifest: Manifest
    record: Mapping[str, FileRecord] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, FileRecord]:
        """Every file that the release's folder must hold, except manifest.json itself, by name."""
        return dict(sorted({**self.manifest.files, **self.record}.items()))


def _storable(text: str) -> str:
    """`text` without lone surrogates, which no UTF-8 file can hold; the command line may let some in."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _issue_record(issue: Issue, names: Iterable[str]) -> IssueRecord:
    asset = issue.asset(issue.cover.src) if issue.cover is not None else None
    cover = f"images/{asset.name}" if asset is not None else None
    shown = cover in set(names)
    return IssueRecord(
        slug=issue.slug,
        number=issue.number,
        title=_storable(issue.title),
        date=issue.date,
        summary=_storable(issue.summary),
        language=issue.language,
        source=issue.file.replace("\\", "/").rsplit("/", 1)[-1],
        cover=cover if shown else None,
        cover_alt=_storable(issue.cover.label) if issue.cover is not None and shown else "",
    )


def build_manifest(
    issue: Issue,
    files: Mapping[str, bytes],
    *,
    sources: Mapping[str, str],
    settings: Mapping[str, Any],
    versions: Mapping[str, str],
    waivers: Mapping[str, str],
    outcomes: Mapping[str, str],
) -> Manifest:
    """The manifest of a release that consists of `files` (content by name).

    The order of the mappings does not matter, nor does the folder the issue lies in. Settings that only
    name folders of this machine are left out. Raises RenderError when a format gave a file an unsafe
    name, or two files have names that one file system would take for the same.
    """
    if fault := names_fault(files):
        raise RenderError("release", f"a format made a file that no release may hold: {fault}")
    draft = Manifest(
        issue=_issue_record(issue, files),
        files={name: record_of(data) for name, data in sorted(files.items())},
        sources=dict(sorted(sources.items())),
        settings=dict(settings),
        versions=dict(sorted(versions.items())),
        waivers={rule: _storable(reason) for rule, reason in sorted(waivers.items())},
        outcomes=dict(sorted(outcomes.items())),
    )
    try:  # what is staged today must be readable tomorrow
        return parse_manifest(stored_bytes(draft, {})).manifest
    except AlteredRelease as error:
        raise RenderError("release", str(error)) from None


def canonical(manifest: Manifest) -> bytes:
    """The bytes the digest is taken of: JSON in UTF-8, keys sorted, no white space."""
    text = json.dumps(
        asdict(manifest), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
    )
    return text.encode("utf-8")


def _plain(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a manifest")


def stored_bytes(manifest: Manifest, reports: Mapping[str, bytes]) -> bytes:
    """The bytes of `manifest.json`, laid out for people: the manifest, and the record of the reports."""
    record = {name: asdict(record_of(data)) for name, data in reports.items()}
    whole = {**json.loads(canonical(manifest)), "digest": manifest.digest, "record": record}
    return (json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


@dataclass(frozen=True, slots=True)
class _File(_Parts):
    """The file as it lies on disk; its `digest` stands there for people, ours is computed."""

    digest: str = ""
    record: dict[Literal["report.json", "report.html"], FileRecord] = field(default_factory=dict)


@cache
def _reader() -> TypeAdapter[_File]:
    return TypeAdapter(_File)


def parse_manifest(data: bytes) -> StoredManifest:
    """Read the bytes of a `manifest.json` back; nothing in them is taken on trust.

    Raises AlteredRelease when they are no manifest, or when it names a file outside its own folder, a
    hidden or reserved one, or two that a file system would take for one.
    """
    try:
        read = _reader().validate_json(data)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(key) for key in fault["loc"] if key != "[key]")
        raise AlteredRelease(f"{MANIFEST}: {where or 'file'}: {fault['msg']}") from None
    if fault_found := names_fault(read.files):
        raise AlteredRelease(f"{MANIFEST}: files: {fault_found}")
    parts = {name: getattr(read, name) for name in (part.name for part in fields(_Parts))}
    return StoredManifest(Manifest(**parts), dict(sorted(read.record.items())))
