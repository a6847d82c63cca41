"""An issue that does not fit one article: refused, cut at a section with 阅读原文 leading on, or split into several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from math import ceil

from kanfa.findings import Finding
from kanfa.issue.model import Issue
from kanfa.portions import Passage, divided, evened, longest_that_fits, passages, portion
from kanfa.publication import Publication
from kanfa.wechat.addresses import host_of
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.parts import Rest, chapters_before, part_issue, rest_of_cut, rest_of_part
from kanfa.wechat.pictures import Album
from kanfa.wechat.render import Written, dressed, finished, finishes_for
from kanfa.wechat.rules.fitting import CUT, CUT_WITHOUT_ADDRESS, PASSAGE_TOO_LONG, SPLIT, TOO_MANY_PARTS

Fitted = tuple[list[Written], list[Finding]]


def fitted(issue: Issue, publication: Publication, album: Album) -> Fitted:
    """The articles of an issue in their order, one where it fits, with the findings that say what was done.

    Where nothing can be done the issue stays whole; its length is then the error of rule WX085.
    """
    whole = dressed(issue, publication, album)
    policy = publication.wechat.too_long
    if policy == "refuse" or whole.delivered <= LIMITS.content_chars.value:
        return [whole], []
    row = passages(issue)
    if policy == "split":
        return _split(issue, publication, album, row, whole)
    if host_of(publication.issue_url(issue.slug)).endswith(".invalid"):
        message = "the article is too long and cannot lead to the rest: url is {url}"
        return [whole], [CUT_WITHOUT_ADDRESS.at(1, message, url=publication.url)]
    return _cut(issue, publication, album, row, whole)


def _cut(issue: Issue, publication: Publication, album: Album, row: Sequence[Passage], whole: Written) -> Fitted:
    def fits(start: int, end: int) -> bool:
        if end == len(row):
            return False  # whole, it was too long
        shown = portion(issue, start, end)
        *_, plainest = finishes_for(shown)
        return finished(shown, publication, album, plainest, rest_of_cut(issue, row, end)).has_room

    end = longest_that_fits(row, 0, fits)
    if end is None:
        return [whole], [_too_long(issue, publication, album, row, 0)]
    stop, left = row[end], len(row) - end
    message = "the article ends before “{title}”: {left} passages are behind 阅读原文 only"
    if stop.opens != 1:
        message = "the article ends within “{title}”: {left} passages are behind 阅读原文 only"
    if not stop.title:
        message = "the article ends here: {left} passages are behind 阅读原文 only"
    finding = CUT.at(stop.line, message, title=stop.title, left=left)
    return [dressed(portion(issue, 0, end), publication, album, rest_of_cut(issue, row, end))], [finding]


def _split(issue: Issue, publication: Publication, album: Album, row: Sequence[Passage], whole: Written) -> Fitted:
    """The parts, or the issue whole where a passage is too long by itself or there would be too many parts."""
    least = ceil(whole.delivered / LIMITS.content_chars.value)
    if least > LIMITS.articles.value:
        return [whole], [_too_many(least)]

    @cache
    def plain(start: int, end: int) -> Written:
        """A part with everything that any part may have to say."""
        around = replace(portion(issue, start, end), short_title="…")
        *_, plainest = finishes_for(around)
        words = Rest("…" * 60, tuple({passage.title for passage in row[start:end]}))
        return finished(around, publication, album, plainest, words)

    def fits(start: int, end: int) -> bool:
        return plain(start, end).has_room

    def enough(start: int, end: int) -> bool:
        return plain(start, end).delivered * 4 >= LIMITS.content_chars_near.value

    ends, blocked = divided(row, fits, enough)
    if blocked is not None:
        return [whole], [_too_long(issue, publication, album, row, ends[-1] if ends else 0)]
    if len(ends) > LIMITS.articles.value:
        return [whole], [_too_many(len(ends))]
    ends = evened(row, ends, fits, lambda start, end: plain(start, end).delivered)
    articles = [
        dressed(
            part_issue(issue, row, ends, index),
            publication,
            album,
            rest_of_part(issue, row, ends, index),
            before=chapters_before(row, ends, index),
        )
        for index in range(len(ends))
    ]
    return articles, [_border(row[end], number, len(ends)) for number, end in enumerate(ends[:-1], 2)]


def _too_many(count: int) -> Finding:
    most = LIMITS.articles.value
    return TOO_MANY_PARTS.at(
        1, "{count} articles or more would be needed; a draft holds {most}", count=count, most=most
    )


def _border(passage: Passage, number: int, count: int) -> Finding:
    message = "article {number} of {count} begins before “{title}”"
    if passage.opens != 1:
        message = "article {number} of {count} begins within “{title}”"
    if not passage.title:  # before the first heading
        message = "article {number} of {count} begins here"
    return SPLIT.at(passage.line, message, number=number, count=count, title=passage.title)


def _too_long(issue: Issue, publication: Publication, album: Album, row: Sequence[Passage], at: int) -> Finding:
    alone = portion(issue, at, at + 1)
    *_, plainest = finishes_for(alone)
    length = finished(alone, publication, album, plainest).delivered
    message = "an article with this passage alone has {length:,} characters; {most:,} are wanted"
    return PASSAGE_TOO_LONG.at(row[at].line, message, length=length, most=LIMITS.content_chars_near.value)
