"""Fixtures of the WeChat tests; their building blocks are in wechat_values.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from wechat_values import COVER, section

from kanfa.issue.model import Asset, Block, Image, Issue
from kanfa.publication import Publication


@pytest.fixture
def publication() -> Publication:
    return Publication(name="云原生生态周报", publisher="出版社", url="https://weekly.example.org/archive")


@pytest.fixture
def issue() -> Callable[..., Issue]:
    """An issue with title, summary and cover, and whatever blocks or fields a test gives."""

    def make(*blocks: Block, assets: tuple[Asset, ...] = (), **fields: object) -> Issue:
        values: dict[str, object] = {
            "title": "第九期",
            "file": "issue.md",
            "number": 9,
            "summary": "一句话。",
            "cover": Image("images/cover.png", "封面", 3),
            "sections": (section("要闻", *blocks),) if blocks else (),
            "assets": (COVER, *assets),
        }
        return Issue(**{**values, **fields})  # type: ignore[arg-type]

    return make
