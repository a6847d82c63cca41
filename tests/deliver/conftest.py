"""An outbox with releases of three issues, made by hand, and a channel that only keeps notes."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kanfa.deliver import delivery
from kanfa.deliver.channel import Channel, Outcome, Plan
from kanfa.deliver.delivery import Delivery
from kanfa.issue.model import Asset, Image, Issue
from kanfa.publication import Publication
from kanfa.release.approval import approve
from kanfa.release.manifest import build_manifest
from kanfa.release.store import Release, find_release, stage

PNG = b"\x89PNG sample"
REPORTS = {"report.json": b"{}", "report.html": b"<p>report</p>"}
Make = Callable[..., Release]


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def publication(tmp_path: Path) -> Publication:
    return Publication(name="云原生生态周报", tagline="跟踪动态，读懂社区", licence="CC BY 4.0", root=tmp_path)


@pytest.fixture
def archive(publication: Publication) -> Path:
    return publication.base / "archive"


@pytest.fixture
def clock() -> Callable[[], datetime.datetime]:
    start = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)
    minutes = itertools.count()
    return lambda: start + datetime.timedelta(minutes=next(minutes))


@pytest.fixture
def make_release(outbox: Path) -> Make:
    """Stages issue `number` with this text; files of the release can be left out by name."""

    def make(number: int = 9, text: str = "Helm 3 告别 Tiller", without: tuple[str, ...] = ()) -> Release:
        cover = Asset("cover.png", "cover.png", "image/png", PNG, "0" * 64, 1200, 510)
        issue = Issue(
            title=f"云原生生态周报 Vol. {number}：{text}",
            file="issue.md",
            number=number,
            date=datetime.date(2019, 7, 2) + datetime.timedelta(weeks=number - 9),
            summary=f"{text}，以及更多。",
            cover=Image("cover.png", "夜空", 1),
            assets=(cover,),
        )
        files = {
            "email.html": b"<p>mail</p>",
            "web.html": f"<p>{text}</p>".encode(),
            "issue.pdf": b"%PDF-1.7 sample",
            "images/cover.png": PNG,
        }
        files = {name: data for name, data in files.items() if name not in without}
        parts: dict[str, dict[str, str]] = {
            "sources": {},
            "settings": {},
            "versions": {},
            "waivers": {},
            "outcomes": {},
        }
        manifest = build_manifest(issue, files, **parts)
        return find_release(outbox, stage(outbox, manifest, files, REPORTS).digest)

    return make


@pytest.fixture
def release(make_release: Make) -> Release:
    return make_release()


@pytest.fixture
def approved(make_release: Make, outbox: Path, clock: Callable[[], datetime.datetime]) -> Make:
    """Stages and approves."""

    def make(*args: object, **kwargs: object) -> Release:
        release = make_release(*args, **kwargs)
        approve(outbox, release.digest, "心贵", clock)
        return release

    return make


@pytest.fixture
def deliver(outbox: Path, publication: Publication, clock: Callable) -> Callable[..., list[Delivery]]:
    def call(release: Release | str, *channels: str, **options: object) -> list[Delivery]:
        reference = release if isinstance(release, str) else release.digest
        options = {"publication": publication, "now": clock, "who": "editor", **options}
        return delivery.deliver(outbox, reference, channels or ("archive",), **options)

    return call


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def toy(notes: list[str]) -> Channel:
    """A channel for which nothing is ever there."""

    def give(verified, publication, target):
        notes.append(f"{verified.release.slug} to {target}")
        return Outcome("noted")

    return Channel("toy", "keeps notes", lambda _: "the notebook", lambda *_: Plan(("write a note",)), give)


@pytest.fixture
def broken(toy: Channel) -> Channel:
    def fail(*_):
        raise OSError(28, "No space left on device")

    return replace(toy, name="broken", deliver=fail)
