"""`wechat.json`: the fields of the draft, as the draft API names them, with pictures by local name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.wechat.limits import LIMITS, length_of
from kanfa.wechat.pictures import Picture

CONTENT_FILE = "wechat.html"
FIELDS_FILE = "wechat.json"
SENTENCE_ENDS = "。！？!?"
CLAUSE_ENDS = "；，、;,"


def draft_title(issue: Issue) -> str:
    """The short title where the editor gave one; the full title is never cut."""
    return issue.short_title or issue.title


def draft_author(publication: Publication) -> str:
    """The author of the settings as it stands, else the publication's name if every account takes one so long.

    Otherwise nothing: the field is optional, and nobody chose a name that would only bring a warning.
    """
    name = publication.name if length_of(publication.name) <= LIMITS.author_old.value else ""
    return publication.wechat.author or name


def draft_digest(summary: str) -> str:
    """The summary, or as much of it as a digest may hold: whole sentences or clauses, else cut short with “…”.

    The article's opening shows the whole summary, so nothing is lost; the editor is told by the issue's own checks.
    """
    most = LIMITS.digest.value
    if length_of(summary) <= most:
        return summary
    kept = summary[:most]
    while length_of(kept) > most - 1:
        kept = kept[:-1]
    for ends in (SENTENCE_ENDS, CLAUSE_ENDS):
        at = max(kept.rfind(mark) for mark in ends)
        if at >= most // 2:
            return kept[: at + 1] if ends == SENTENCE_ENDS else f"{kept[:at]}…"
    return f"{kept.rstrip()}…"


def part_file(index: int) -> str:
    """File of the article with this 0-based place in the draft: `wechat.html`, `wechat-2.html`, …"""
    return CONTENT_FILE if index == 0 else f"wechat-{index + 1}.html"


def draft_fields(
    issue: Issue,
    publication: Publication,
    content: bytes,
    pictures: Mapping[str, Picture],
    cover: Picture,
    *,
    file: str = CONTENT_FILE,
) -> dict[str, Any]:
    """Every field of one article as plain JSON values; `thumb_media_id` is what delivery makes of `cover`.

    `pictures` are those of the article, by name.
    """
    return {
        "article_type": "news",
        "title": draft_title(issue),
        "author": draft_author(publication),
        "digest": draft_digest(issue.summary),
        "content": file,
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "content_source_url": publication.issue_url(issue.slug),
        "need_open_comment": 0,
        "only_fans_can_comment": 0,
        "cover": cover.entry(),
        "images": [pictures[name].entry() for name in sorted(pictures)],
    }


def fields_file(fields: dict[str, Any]) -> bytes:
    """The file's bytes: sorted keys, readable Chinese, a newline at the end."""
    return (json.dumps(fields, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def parts_in(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The fields of every article of a draft, in order: those at the top, then those under `parts`."""
    return [fields, *fields.get("parts", ())]
