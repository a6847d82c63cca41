"""What the articles of an issue say that does not fit one: titles with 上 / 下, digests, and where the rest is.

The article says itself where it ends, and that is what parity believes: `declared` finds the cut in the finished
words, and everything before it must be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kanfa.issue.model import Issue
from kanfa.labels import is_chinese
from kanfa.placing import fold
from kanfa.portions import Passage, passages, portion
from kanfa.publication import Publication
from kanfa.text import words_of
from kanfa.wechat.draft import draft_title
from kanfa.wechat.limits import LIMITS, length_of

NAMES = {2: ("上", "下"), 3: ("上", "中", "下")}
"""What the parts of a Chinese issue are called; more of them are counted."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What an article says where it ends before the issue does."""

    words: str
    titles: tuple[str, ...]
    """Titles of what follows; the first may be that of a section that goes on."""


def sentence(left: int, language: str) -> str:
    """What stands where a cut article ends; `left` passages follow. The number tells the cuts of an issue apart."""
    if is_chinese(language):
        return f"本文到此为止，后面还有 {left} 段，请点左下角“阅读原文”："
    return f"This article ends here; {left} more passage{'s' if left > 1 else ''} behind “Read the original”:"


def rest_of_cut(issue: Issue, row: Sequence[Passage], end: int) -> Rest:
    """The rest of an article that ends before passage `end`."""
    return Rest(sentence(len(row) - end, issue.language), titles_of(issue, row, end, len(row)))


def rest_of_part(issue: Issue, row: Sequence[Passage], ends: Sequence[int], index: int) -> Rest | None:
    """What the part `index` (0-based) says about the next one; nothing for the last."""
    if index + 1 >= len(ends):
        return None
    this, following = part_name(index, len(ends), issue.language), part_name(index + 1, len(ends), issue.language)
    if is_chinese(issue.language):
        words = f"本篇{this}到此为止，下一篇{following}里有："
    else:
        words = f"Part {this} ends here; part {following} is the next article:"
    return Rest(words, titles_of(issue, row, ends[index], ends[index + 1]))


def titles_of(issue: Issue, row: Sequence[Passage], start: int, end: int) -> tuple[str, ...]:
    """Titles of the sections that the passages from `start` to before `end` stand in."""
    sections = dict.fromkeys(passage.section for passage in row[start:end] if passage.section >= 0)
    titles = [words_of(*issue.sections[index].title) for index in sections]
    if titles and start and row[start].opens != 1 and row[start].section >= 0:
        titles[0] += "（续）" if is_chinese(issue.language) else " (continued)"
    return tuple(title for title in titles if title)


def chapters_before(row: Sequence[Passage], ends: Sequence[int], index: int) -> int:
    """How many chapters of the issue end before the part `index` (0-based): its own go on being counted from there."""
    return max(0, row[ends[index - 1]].section) if index else 0


def part_name(index: int, count: int, language: str) -> str:
    """`（上）`, `(1/4)`."""
    if is_chinese(language) and count in NAMES:
        return f"（{NAMES[count][index]}）"
    return f"({index + 1}/{count})"


def part_issue(issue: Issue, row: Sequence[Passage], ends: Sequence[int], index: int) -> Issue:
    """The issue that the part `index` (0-based) shows: its passages, its title, its digest.

    The summary opens the first part, back issues close the last; names stand in each, which may be forwarded alone.
    Later parts have the titles of their sections for a digest.
    """
    start, last = ends[index - 1] if index else 0, index + 1 == len(ends)
    shown = portion(issue, start, ends[index])
    name = part_name(index, len(ends), issue.language)
    summary = issue.summary
    if index or not summary:
        titles = titles_of(issue, row, start, ends[index])
        summary = f"{'、'.join(titles)}。" if is_chinese(issue.language) else f"{', '.join(titles)}."
    shown = replace(shown, short_title=part_title(draft_title(issue), name), summary=summary)
    if draft_title(issue) == issue.title and shown.short_title == f"{issue.title}{name}":
        shown = replace(shown, title=shown.short_title)  # WeChat shows the title: the article need not
    if not last:
        shown = replace(shown, previous=(), keywords=())
    return shown


def part_title(title: str, name: str) -> str:
    """The draft's title with the part's name behind it, shortened so that the name is never what a card cuts off."""
    if length_of(title) > LIMITS.title.value:
        return title + name  # no fault of the parts: the editor is told by the rule on titles
    short = len(title.encode()) <= LIMITS.title_share.value

    def fits(words: str) -> bool:
        whole = words + name
        return length_of(whole) <= LIMITS.title.value and not (short and len(whole.encode()) > LIMITS.title_share.value)

    if fits(title):
        return title + name
    kept = title
    while kept and not fits(f"{kept}…"):
        kept = kept[:-1]
    return f"{kept.rstrip(' ，、：；,:;')}…{name}"


def declared(words: str, source_url: str, issue: Issue, publication: Publication) -> Issue | None:
    """The part of `issue` that a finished article says it holds; None: all of it.

    An article ends early only where the settings allow it, where it says so, and where 阅读原文 leads to the rest.
    """
    if publication.wechat.too_long != "cut" or source_url != publication.issue_url(issue.slug):
        return None
    flat, count = fold(words), len(passages(issue))
    said = [(flat.rfind(fold(sentence(left, issue.language))), left) for left in range(1, count)]
    place, left = max(said, default=(-1, 0))
    return portion(issue, 0, count - left) if place >= 0 else None
