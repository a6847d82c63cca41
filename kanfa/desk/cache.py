"""What links answered lately, in the publication's state folder: `.kanfa/links.json`.

Only good answers are kept, so that a mended or dead link is asked anew each time. An address is kept as its
SHA-256 and a new address without its secrets: the file shows nobody where a ticket would open a door. A damaged
file is an empty one.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kanfa.desk.links import Answer, Status
from kanfa.publication import Publication
from kanfa.release.files import locked, replace_file

FILE_NAME = "links.json"
VERSION = 1
MAX_BYTES = 16 * 1024 * 1024
"""Largest cache that is read; an entry has about 150 bytes."""
KEPT = 365
"""Days after which an answer is dropped, whatever anybody asks."""
WAIT = 5.0
"""Seconds to wait for another run that writes."""
GOOD = frozenset({Status.WORKING, Status.REDIRECTED})


@dataclass(frozen=True, slots=True)
class Remembered:
    """A good answer, and when it was given."""

    answer: Answer
    at: datetime.datetime


Memory = Mapping[str, Remembered]
"""By `key_of` the address."""


def key_of(address: str) -> str:
    """SHA-256 of the address."""
    return hashlib.sha256(address.encode()).hexdigest()


def path_of(publication: Publication) -> Path | None:
    """The publication's cache; None outside any publication, where nothing is kept."""
    return publication.root / publication.state / FILE_NAME if publication.root is not None else None


def load(path: Path | None) -> Memory:
    """What is remembered; nothing when there is no file or when it cannot be understood."""
    if path is None:
        return {}
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:  # a pipe would block
            return {}
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):  # not there, not readable, no JSON, no UTF-8
        return {}
    answers = document.get("answers") if isinstance(document, dict) and document.get("version") == VERSION else None
    found = {key: _remembered(value) for key, value in answers.items()} if isinstance(answers, dict) else {}
    return {key: value for key, value in found.items() if value is not None}


def _remembered(value: Any) -> Remembered | None:
    try:
        at = datetime.datetime.fromisoformat(value["at"])
        answer = Answer(Status(value["status"]), code=int(value["code"]), target=str(value["target"]))
    except (KeyError, TypeError, ValueError, OverflowError):  # int() of Infinity, which Python's JSON knows
        return None
    return Remembered(answer, at) if answer.status in GOOD and at.tzinfo is not None else None


def recall(memory: Memory, address: str, now: datetime.datetime, days: float) -> Answer | None:
    """The answer for `address` when it is at most `days` old and not of the future; else None."""
    found = memory.get(key_of(address))
    if found is None or not datetime.timedelta(0) <= now - found.at < datetime.timedelta(days=days):
        return None
    return found.answer


def merged(memory: Memory, answers: Mapping[str, Answer], now: datetime.datetime) -> Memory:
    """The memory after `answers` (by address) were given `now`: good ones in, others out, old ones dropped."""
    kept = {key: value for key, value in memory.items() if now - value.at < datetime.timedelta(days=KEPT)}
    for address, answer in answers.items():
        kept.pop(key_of(address), None)
        if answer.status in GOOD:
            kept[key_of(address)] = Remembered(answer, now)
    return kept


def save(path: Path | None, answers: Mapping[str, Answer], now: datetime.datetime) -> None:
    """Add `answers` to the file, in one step. Raises OSError when it cannot be written."""
    if path is None or not answers:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.parent, WAIT) as mine:
        if mine:  # else another run is writing; asking again costs less than waiting
            replace_file(path, _text(merged(load(path), answers, now)).encode())


def _text(memory: Memory) -> str:
    answers = {
        key: {
            "at": value.at.isoformat(timespec="seconds"),
            "status": str(value.answer.status),
            "code": value.answer.code,
            "target": value.answer.target,
        }
        for key, value in memory.items()
    }
    return json.dumps({"version": VERSION, "answers": answers}, indent=1, sort_keys=True) + "\n"
