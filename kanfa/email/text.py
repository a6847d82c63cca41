"""The plain-text part: the whole issue for readers of text, written from the tree and not from the HTML."""

from __future__ import annotations

from kanfa.issue.model import Issue, PreviousIssue
from kanfa.labels import Labels, format_date, labels_for
from kanfa.publication import Publication
from kanfa.text import RULE_WIDTH, TextWriter, width_of, words_of


def plain_text(issue: Issue, publication: Publication) -> str:
    """The issue as text, UTF-8 when encoded, lines ended by LF, the last one too.

    Title, meta, digest, contents, body, notes, colophon, earlier issues, numbered addresses, web version, unsubscribe.
    """
    writer = TextWriter(issue)
    labels = labels_for(issue.language)
    blocks = [
        _opening(issue, publication, labels),
        f"{labels.summary}{labels.colon}{issue.summary}" if issue.summary else "",
        f"[图：{issue.cover.alt or issue.cover.title or labels.cover}]" if issue.cover else "",
        _contents(issue, labels),
        writer.blocks(issue.preamble),
        writer.blocks(issue.sections),
        _headed(labels.notes, writer.blocks(issue.notes)),
        _people(issue, labels),
        _headed(labels.previous, "\n".join(_earlier(earlier, labels) for earlier in issue.previous)),
        _headed(labels.references, writer.reference_list()),
        _closing(issue, publication, labels),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _opening(issue: Issue, publication: Publication, labels: Labels) -> str:
    meta = [
        publication.name,
        labels.volume(issue.number) if issue.number is not None else "",
        format_date(issue.date, issue.language) if issue.date else "",
    ]
    rule = "=" * min(RULE_WIDTH, max(3, width_of(issue.title)))
    return "\n".join([issue.title, rule, " · ".join(part for part in meta if part)])


def _headed(title: str, body: str) -> str:
    return f"{title}\n{'-' * width_of(title)}\n\n{body}" if body else ""


def _contents(issue: Issue, labels: Labels) -> str:
    titles = [words_of(*section.title) for section in issue.sections]
    if len(titles) < 2:
        return ""
    return _headed(labels.contents, "\n".join(f"{n}. {title}" for n, title in enumerate(titles, start=1)))


def _people(issue: Issue, labels: Labels) -> str:
    rows = (
        (labels.authors, labels.names(issue.authors)),
        (labels.editors, labels.names(issue.editors)),
        (labels.publisher, issue.publisher),
    )
    return _headed(labels.colophon, "\n".join(f"{label}{labels.colon}{names}" for label, names in rows if names))


def _earlier(earlier: PreviousIssue, labels: Labels) -> str:
    number = f"{labels.volume(earlier.number)}  " if earlier.number is not None else ""
    address = f"\n  <{earlier.href}>" if earlier.href else ""
    return f"{number}{earlier.title}{address}"


def _closing(issue: Issue, publication: Publication, labels: Labels) -> str:
    settings = publication.email
    lines = [
        "* * *",
        labels.subscribed_to(publication.name),
        f"{labels.web_version}{labels.colon}<{publication.issue_url(issue.slug)}>",
        f"{labels.archive}{labels.colon}<{publication.url}>",
    ]
    if settings.preferences_url:
        lines.append(f"{labels.preferences}{labels.colon}<{settings.preferences_url}>")
    lines.append(f"{labels.unsubscribe}{labels.colon}<{settings.unsubscribe_url}>")
    extra = " · ".join(part for part in (publication.publisher, publication.licence, settings.postal_address) if part)
    return "\n".join([*lines, *([extra] if extra else [])])
