"""A person approves exactly the bytes that were staged. The name is a record, not a proof of identity."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from kanfa.errors import AlteredRelease, UsageError
from kanfa.release import ledger
from kanfa.release.ledger import Clock, Entry, Event
from kanfa.release.store import Staged, Verified, find_release, verify

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved which bytes, and when."""

    digest: str
    slug: str
    by: str
    at: datetime.datetime
    """UTC."""
    manifest_sha256: str
    """SHA-256 of manifest.json as it was approved."""
    new: bool
    """False when the same person had approved the same bytes before; nothing was recorded then."""

    @property
    def message(self) -> str:
        """One line for people."""
        when = f"{self.at:%Y-%m-%d %H:%M} UTC"
        if self.new:
            return f"{self.slug}/{self.digest} is approved by {self.by} ({when})"
        return f"{self.slug}/{self.digest} was approved by {self.by} before ({when}); nothing changed"


def approvals(outbox: Path, digest: str) -> list[Approval]:
    """Every approval of a release, oldest first."""
    return [_approval(entry) for entry in ledger.history(outbox, digest) if entry.event is Event.APPROVED]


def approve(outbox: Path, reference: str, by: str, now: Clock) -> Approval:
    """Verify the release and record that `by` approves it.

    The same name for the same bytes is recorded once. Raises UsageError for a name that is blank or no
    plain text, UnknownRelease, and AlteredRelease when a byte changed since the release was staged.
    """
    name = " ".join(by.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise UsageError(f"an approval needs a name of 1 to {LONGEST_NAME} printable characters: --by NAME")
    verified = verify(find_release(outbox, reference))
    check_as_staged(outbox, verified)
    release = verified.release
    for approval in approvals(outbox, release.digest):
        if approval.by == name and approval.manifest_sha256 == verified.manifest_sha256:
            return approval
    detail = {"manifest_sha256": verified.manifest_sha256}
    entry = ledger.record(
        outbox, Event.APPROVED, digest=release.digest, slug=release.slug, now=now, who=name, detail=detail
    )
    return _approval(entry, new=True)


def record_staged(outbox: Path, staged: Staged, now: Clock, who: str = "") -> Entry:
    """Write into the ledger what staging did."""
    return ledger.record(
        outbox,
        Event.STAGED,
        digest=staged.digest,
        slug=staged.path.parent.name,
        now=now,
        who=who,
        detail={"manifest_sha256": staged.manifest_sha256, "new": staged.new},
    )


def check_as_staged(outbox: Path, verified: Verified) -> None:
    """Refuse a manifest.json that is not the one the ledger saw staged; a release it does not know passes."""
    release = verified.release
    staged = [entry for entry in ledger.history(outbox, release.digest) if entry.event is Event.STAGED]
    # Any line will do: a run killed after it staged leaves none, and the next run writes one for what it found.
    if staged and all(entry.detail.get("manifest_sha256") != verified.manifest_sha256 for entry in staged):
        raise AlteredRelease(f"{release.reference}: manifest.json is not the one staged on {staged[-1].at:%Y-%m-%d}")


def _approval(entry: Entry, new: bool = False) -> Approval:
    sha256 = str(entry.detail.get("manifest_sha256", ""))
    return Approval(entry.digest, entry.slug, entry.who, entry.at, sha256, new)
