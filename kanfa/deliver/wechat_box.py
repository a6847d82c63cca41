"""Looking through the draft box for an issue's draft: by title and digest, else by the address of the issue's page."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from kanfa.deliver.wechat_article import Part
from kanfa.deliver.wechat_records import Mark
from kanfa.errors import DeliveryFailed
from kanfa.wechat.api.answers import Listed
from kanfa.wechat.api.client import Client


def marks_of(parts: Sequence[Part]) -> tuple[Mark, ...]:
    """By what the articles of a release are found again."""
    return tuple(Mark(title=part.title, digest=part.digest, source=part.content_source_url) for part in parts)


@dataclass(slots=True)
class Box:
    """The draft box during one delivery."""

    client: Client
    issue: str
    """The issue's slug."""
    _before: frozenset[str] | None = field(default=None, init=False)

    def before(self) -> frozenset[str]:
        """media_ids of what was there when this delivery first looked."""
        if self._before is None:
            self._listed()
        return self._before or frozenset()

    def look(self, ours: Sequence[Sequence[Mark]], foreign: Set[str], count: int | None = None) -> str | None:
        """The media_id of the draft that has one of these marks, those of `foreign` left out; None when there is none.

        `count`: only drafts with so many articles. Raises DeliveryFailed when several look alike.
        """
        listed = [draft for draft in self._listed() if draft.media_id not in foreign]
        if count is not None:
            listed = [draft for draft in listed if len(draft.articles) == count]
        for fits in (_same_marks, _same_page):
            found = list(dict.fromkeys(draft.media_id for draft in listed if any(fits(draft, marks) for marks in ours)))
            if len(found) > 1:
                raise DeliveryFailed(
                    f"{len(found)} drafts look like issue {self.issue}: {', '.join(found)}\n"
                    "    cure: delete all but one in the draft box (草稿箱) and deliver again"
                )
            if found:
                return found[0]
        return None

    def _listed(self) -> list[Listed]:
        listed = list(self.client.drafts())
        if self._before is None:
            self._before = frozenset(draft.media_id for draft in listed)
        return listed


def _same_marks(draft: Listed, marks: Sequence[Mark]) -> bool:
    """Titles, digests and pages are the same; an empty digest, or one among several articles, is not compared."""
    return len(draft.articles) == len(marks) and all(
        there.title == mark.title
        and there.content_source_url == mark.source
        and (not mark.digest or len(marks) > 1 or there.digest == mark.digest)
        for there, mark in zip(draft.articles, marks, strict=True)
    )


def _same_page(draft: Listed, marks: Sequence[Mark]) -> bool:
    """阅读原文 of the first article leads to the issue's own page."""
    return bool(draft.articles and marks[0].source) and draft.articles[0].content_source_url == marks[0].source
