"""A small publication, an issue, and releases of it, made by hand: no format and no template is needed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kanfa.issue.model import Asset, Image, Issue
from kanfa.release.manifest import Manifest, build_manifest
from kanfa.release.store import Release, find_release, stage

FILES = {
    "email.html": b"<!doctype html><p>mail</p>",
    "web.html": "<!doctype html><p>第九期</p>".encode(),
    "issue.pdf": b"%PDF-1.7 sample",
    "images/cover.png": b"\x89PNG sample",
}
REPORTS = {"report.json": b'{"timings": {"read": 0.01}}\n', "report.html": b"<!doctype html><p>report</p>"}


@pytest.fixture
def files() -> dict[str, bytes]:
    return dict(FILES)


@pytest.fixture
def reports() -> dict[str, bytes]:
    return dict(REPORTS)


@pytest.fixture
def issue() -> Issue:
    cover = Asset("images/cover.png", "cover.png", "image/png", b"\x89PNG sample", "0" * 64, 1200, 510)
    return Issue(
        title="云原生生态周报 Vol. 9：Helm 3 告别 Tiller",
        file="content/issues/009/issue.md",
        number=9,
        date=datetime.date(2019, 7, 2),
        summary="Helm 3 首个 Alpha 移除 Tiller。",
        cover=Image("images/cover.png", "夜空下的管线", 1),
        assets=(cover,),
    )


@pytest.fixture
def make_manifest(issue: Issue, files: dict[str, bytes]) -> Callable[..., Manifest]:
    def make(content: Mapping[str, bytes] = files, **changes: Any) -> Manifest:
        parts: dict[str, Any] = {
            "issue": issue,
            "sources": {"issue.md": "1" * 64},
            "settings": {"name": "周报", "outbox": "outbox", "pdf": {"page_size": "A4"}},
            "versions": {"kanfa": "0.1.0"},
            "waivers": {},
            "outcomes": {"email": "ok", "pdf": "ok"},
        }
        return build_manifest(files=content, **{**parts, **changes})

    return make


@pytest.fixture
def manifest(make_manifest: Callable[..., Manifest]) -> Manifest:
    return make_manifest()


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


@pytest.fixture
def release(outbox: Path, manifest: Manifest, files: dict[str, bytes], reports: dict[str, bytes]) -> Release:
    return find_release(outbox, stage(outbox, manifest, files, reports).digest)


@pytest.fixture
def clock() -> Callable[[], datetime.datetime]:
    """Each look at this clock is a minute later than the one before."""
    moments = iter(datetime.datetime(2026, 1, 5, 9, minute, tzinfo=datetime.UTC) for minute in range(60))
    return lambda: next(moments)
