"""The plain-text part: the whole issue for readers of text, written from the tree and not from the HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kanfa.issue.model import Issue, PreviousIssue
from kanfa.labels import Labels, format_date, is_chinese, labels_for
from kanfa.publication import Publication
from kanfa.text import COLUMNS, TextWriter, image_words, indented, underlined, words_of
from kanfa.wrapping import width_of, wrapped

RULE: Final = "* * *"
"""What parts the issue from the mail's own words."""


def plain_text(issue: Issue, publication: Publication, *, continued: str = "", left_out: Sequence[str] = ()) -> str:
    """The issue as text, UTF-8 when encoded, lines ended by LF, the last one too.

    Title, meta, web version, digest, contents, body, notes, colophon, earlier issues, numbered addresses, closing
    lines with the unsubscribe address. `continued` is where a reader finds the rest of an issue that was cut; it is
    named behind the body, after the lines `left_out` on what follows there. Lines are at most `kanfa.text.COLUMNS`
    wide; code, formulas and addresses are never broken.
    """
    writer = TextWriter(issue)
    labels = labels_for(issue.language)
    blocks = [
        _opening(issue, publication, labels),
        _wrap(f"{labels.summary}{labels.colon}{issue.summary}") if issue.summary else "",
        _cover(issue, labels),
        _contents(issue, labels),
        writer.blocks(issue.preamble),
        *(f"\n{writer.write(section)}" for section in issue.sections),
        read_on(issue, continued, left_out),
        _headed(labels.notes, writer.blocks(issue.notes)),
        _people(issue, labels),
        _headed(labels.previous, "\n".join(_earlier(earlier, labels) for earlier in issue.previous)),
        _headed(labels.references, writer.reference_list()),
        _closing(issue, publication, labels),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _wrap(text: str) -> str:
    return wrapped(text, COLUMNS)


def _opening(issue: Issue, publication: Publication, labels: Labels) -> str:
    """The title between two rules, so that no section looks like it; what the issue is; where it can be seen."""
    title = _wrap(issue.title)
    rule = "=" * max(3, *(width_of(line) for line in title.split("\n")))
    meta = [
        publication.name,
        labels.volume(issue.number) if issue.number is not None else "",
        format_date(issue.date, issue.language) if issue.date else "",
    ]
    web = f"{labels.web_version}{labels.colon}<{publication.issue_url(issue.slug)}>"
    return "\n".join([rule, title, rule, _wrap(" · ".join(part for part in meta if part)), _wrap(web)])


def _cover(issue: Issue, labels: Labels) -> str:
    cover = issue.cover
    if cover is None:
        return ""
    words = cover if cover.alt or cover.title else replace(cover, alt=labels.cover)
    return _wrap(image_words(words, issue.language))


def _headed(title: str, body: str) -> str:
    return f"{underlined(title, '-')}\n\n{body}" if body else ""


def _contents(issue: Issue, labels: Labels) -> str:
    titles = [words_of(*section.title) for section in issue.sections]
    if len(titles) < 2:
        return ""
    return _headed(labels.contents, "\n".join(_hung(f"{n}. ", title) for n, title in enumerate(titles, start=1)))


def _hung(lead: str, text: str) -> str:
    return indented(wrapped(text, COLUMNS - width_of(lead)), lead, " " * width_of(lead))


def read_on(issue: Issue, address: str, left_out: Sequence[str]) -> str:
    """What stands where a text ends early, without an empty line: by that parity knows it."""
    words = "\n".join(map(_wrap, left_out)) or (
        "（信到这里为止，余下的内容在网页上）"
        if is_chinese(issue.language)
        else "(The rest of this issue is on the web)"
    )
    return f"{RULE}\n{words}\n<{address}>" if address else ""


def _people(issue: Issue, labels: Labels) -> str:
    rows = (
        (labels.authors, labels.names(issue.authors)),
        (labels.editors, labels.names(issue.editors)),
        (labels.publisher, issue.publisher),
    )
    lines = [_wrap(f"{label}{labels.colon}{names}") for label, names in rows if names]
    return _headed(labels.colophon, "\n".join(lines))


def _earlier(earlier: PreviousIssue, labels: Labels) -> str:
    number = f"{labels.volume(earlier.number)}  " if earlier.number is not None else ""
    address = f"\n  <{earlier.href}>" if earlier.href else ""
    return _hung(number, earlier.title) + address


def _closing(issue: Issue, publication: Publication, labels: Labels) -> str:
    settings = publication.email
    lines = [
        RULE,
        _wrap(labels.subscribed_to(publication.name)),
        f"{labels.web_version}{labels.colon}<{publication.issue_url(issue.slug)}>",
        f"{labels.archive}{labels.colon}<{publication.url}>",
    ]
    if settings.preferences_url:
        lines.append(f"{labels.preferences}{labels.colon}<{settings.preferences_url}>")
    lines.append(f"{labels.unsubscribe}{labels.colon}<{settings.unsubscribe_url}>")
    extra = " · ".join(part for part in (publication.publisher, publication.licence, settings.postal_address) if part)
    return "\n".join([*lines, *([_wrap(extra)] if extra else [])])
