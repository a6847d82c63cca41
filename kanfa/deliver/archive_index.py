"""The archive's front page: every issue, newest first. The same issues give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from kanfa.labels import format_date, is_chinese, labels_for
from kanfa.publication import Publication
from kanfa.release.manifest import IssueRecord
from kanfa.release.report import size_text
from kanfa.templating import render_template

CHINESE = {"latest": "最新一期", "read": "在线阅读", "count": "共 {n} 期", "year": "{n} 年", "undated": "未署日期"}
ENGLISH = {"latest": "Latest issue", "read": "Read online", "count": "Issues: {n}", "year": "{n}", "undated": "Undated"}


@dataclass(frozen=True, slots=True)
class IssueOnShelf:
    """One issue of the archive, and the bytes of each file that is there, by name within its folder."""

    issue: IssueRecord
    sizes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One issue as the page shows it; an empty address means that there is nothing to link to."""

    volume: str
    title: str
    summary: str
    language: str
    date: str
    iso_date: str
    page: str
    page_size: str
    pdf: str
    pdf_size: str
    cover: str
    cover_alt: str


def newest_first(issues: Iterable[IssueOnShelf]) -> list[IssueOnShelf]:
    """By date, then by number, then by name; issues without a date come last."""

    def age(shelved: IssueOnShelf) -> tuple[str, int, str]:
        issue = shelved.issue
        return issue.date.isoformat() if issue.date else "", issue.number or 0, issue.slug

    return sorted(issues, key=age, reverse=True)


def bare_title(title: str, name: str, volume: str) -> str:
    """The title without the publication's name and the number before it, which the page shows already."""
    rest = title
    for known in (name, volume):
        after = rest.removeprefix(known)
        if known and after != rest and not after[:1].isalnum():  # `Vol. 9` does not stand in `Vol. 99`
            rest = after.strip()
    shortened = rest.lstrip("：:·•|—–-，, ").strip()
    return shortened if shortened and rest != title else title


def _line(shelved: IssueOnShelf, publication: Publication) -> Line:
    issue, sizes = shelved.issue, shelved.sizes
    volume = labels_for(publication.language).volume(issue.number) if issue.number is not None else ""

    def address(name: str | None) -> str:
        return quote(f"{issue.slug}/{name}") if name in sizes else ""

    def size(name: str) -> str:
        return size_text(sizes[name]) if name in sizes else ""

    return Line(
        volume=volume,
        title=bare_title(issue.title, publication.name, volume),
        summary=issue.summary,
        language=issue.language,
        date=format_date(issue.date, publication.language) if issue.date else "",
        iso_date=issue.date.isoformat() if issue.date else "",
        page=address("index.html"),
        page_size=size("index.html"),
        pdf=address("issue.pdf"),
        pdf_size=size("issue.pdf"),
        cover=address(issue.cover),
        cover_alt=issue.cover_alt,
    )


def index_page(issues: Iterable[IssueOnShelf], publication: Publication) -> bytes:
    """The page that lists `issues`, whatever order they come in; its links are relative to its folder.

    Raises RenderError for a fault of the template `archive/index.html.j2`.
    """
    lines = [_line(shelved, publication) for shelved in newest_first(issues)]
    words = CHINESE if is_chinese(publication.language) else ENGLISH
    years = [
        (words["year"].format(n=year) if year else words["undated"], list(group))
        for year, group in groupby(lines[1:], key=lambda line: line.iso_date[:4])
    ]
    page = render_template(
        publication,
        "archive/index.html.j2",
        publication=publication,
        labels=labels_for(publication.language),
        words=words,
        count=words["count"].format(n=len(lines)),
        latest=lines[0] if lines else None,
        years=years,
    )
    return page.encode("utf-8")
