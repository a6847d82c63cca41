"""The ledger: who staged, approved and delivered which digest, and when. Nothing in it is ever changed.

One SQLite file beside the releases, `outbox/ledger.sqlite`. Triggers refuse to change or remove a line.
The journal is SQLite's ordinary one: lines are few, and the write-ahead log needs shared memory, which
network drives do not have (sqlite.org/wal.html). Every write takes the lock at once (`BEGIN IMMEDIATE`)
and waits for other processes up to 30 seconds.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    create_engine,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from kanfa.errors import EnvironmentProblem

LEDGER = "ledger.sqlite"
BUSY_SECONDS = 30.0

Clock = Callable[[], datetime.datetime]
"""Gives the present moment with its time zone."""


class Event(StrEnum):
    """What can happen to a release."""

    STAGED = "staged"
    APPROVED = "approved"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    id: int
    """Counts up from 1 without reuse; the order of events."""
    at: datetime.datetime
    """UTC."""
    event: Event
    digest: str
    """The release; empty for a refused reference that named none."""
    slug: str
    who: str
    channel: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "id": self.id,
            "at": _iso(self.at),
            "event": str(self.event),
            "digest": self.digest,
            "issue": self.slug,
            "who": self.who,
            "channel": self.channel,
            "detail": dict(self.detail),
        }


METADATA = MetaData()
EVENTS = Table(
    "events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("event", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("slug", String, nullable=False),
    Column("who", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("detail", String, nullable=False),
    CheckConstraint(f"event IN ({', '.join(repr(str(event)) for event in Event)})", name="known_event"),
    Index("events_of_digest", "digest"),
    sqlite_autoincrement=True,
)
GUARDS = (
    "CREATE TRIGGER IF NOT EXISTS no_update BEFORE UPDATE ON events "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no line may be changed'); END",
    "CREATE TRIGGER IF NOT EXISTS no_delete BEFORE DELETE ON events "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no line may be removed'); END",
    # INSERT OR REPLACE removes the old line without asking the trigger above (sqlite.org/lang_conflict.html).
    "CREATE TRIGGER IF NOT EXISTS no_replace BEFORE INSERT ON events "
    "WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no line may be replaced'); END",
)


def record(
    outbox: Path,
    event: Event,
    *,
    digest: str,
    slug: str,
    now: Clock,
    who: str = "",
    channel: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Append one line; it is on disk when this returns. The ledger is made with its first line.

    `detail` holds plain JSON values. Raises EnvironmentProblem when the ledger cannot be written.
    """
    at = now().astimezone(datetime.UTC)
    values = {
        "at": _iso(at),
        "event": str(event),
        "digest": digest,
        "slug": slug,
        "who": who,
        "channel": channel,
        "detail": json.dumps(dict(detail or {}), sort_keys=True),
    }
    outbox.mkdir(parents=True, exist_ok=True)
    with _connected(outbox, "rwc") as connection:
        connection.exec_driver_sql("PRAGMA synchronous = FULL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        METADATA.create_all(connection)
        for guard in GUARDS:
            connection.execute(text(guard))
        row = connection.execute(insert(EVENTS).values(values).returning(*EVENTS.columns)).one()
        connection.exec_driver_sql("COMMIT")
    return _entry(row)


def history(outbox: Path, digest: str | None = None, slug: str | None = None) -> list[Entry]:
    """The lines about one release, one issue or everything, oldest first. No ledger means no lines."""
    if not (outbox / LEDGER).is_file():
        return []
    query = select(EVENTS).order_by(EVENTS.c.id)
    if digest is not None:
        query = query.where(EVENTS.c.digest == digest)
    if slug is not None:
        query = query.where(EVENTS.c.slug == slug)
    with _connected(outbox, "rw") as connection:
        if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'events'").first():
            return []  # a process was killed before its first line
        return [_entry(row) for row in connection.execute(query)]


def staged_times(outbox: Path) -> dict[str, float]:
    """When each release was first staged, in seconds since 1970, by digest."""
    times: dict[str, float] = {}
    for entry in history(outbox):
        if entry.event is Event.STAGED:
            times.setdefault(entry.digest, entry.at.timestamp())
    return times


def _iso(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _entry(row: Row[Any]) -> Entry:
    values = row._mapping
    at = datetime.datetime.fromisoformat(values["at"])
    parts = {name: values[name] for name in ("id", "digest", "slug", "who", "channel")}
    return Entry(at=at, event=Event(values["event"]), detail=json.loads(values["detail"]), **parts)


@contextmanager
def _connected(outbox: Path, mode: str) -> Iterator[Connection]:
    """A connection in which nothing is committed unless we say so; closed at the end."""
    path = outbox / LEDGER
    # `rw` instead of `ro` for reading: only a connection that may write can undo what a crash left half done.
    address = f"file:{quote(str(path.resolve()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except (DatabaseError, sqlite3.Error) as error:
        words = getattr(error, "orig", None) or error
        raise EnvironmentProblem(f"the ledger {path} cannot be used: {words}", f"ls -l {path}") from None
    finally:
        engine.dispose()
