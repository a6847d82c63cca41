"""`kanfa new`: the next issue's folder, with its front matter begun and its declared sections in place."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import yaml

from kanfa.errors import SourceError, UsageError
from kanfa.issue.model import Issue
from kanfa.issue.numbers import MAX_NUMBER
from kanfa.locate import issue_files, publication_here
from kanfa.neighbours import head
from kanfa.publication import Publication, SectionSettings

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>&~${}|#@])")

_CHINESE: Mapping[str, str] = {
    "days": "一二三四五六日",
    "day": "星期{day}",
    "summary": "一句话导读，至多 120 字：邮件预览和微信摘要都用它",
    "names": "写成 [张三, 李四]",
    "short_title": "短标题，至多 32 字：标题更长时，微信用它",
    "cover": "封面图片，放在本文件旁边的 images 文件夹里",
    "cover_alt": "封面上画了什么，写给看不见图的人",
    "previous": "往期列表自动生成，最多 {count} 期；要自己列，就写 previous:",
    "latest": "上一期是第 {number} 期：{title}",
    "optional": "选用的栏目，去掉这两行注释标记就启用",
    "numbered": "条目写作 1、2、3、",
    "characters": "至多 {most} 字",
    "items": "至多 {most} 条",
    "strict": "链接不与近期重复",
    "and": "；",
}
_ENGLISH: Mapping[str, str] = {
    "days": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "day": "{day}",
    "summary": "one sentence of at most 120 characters: mail previews and WeChat digests show it",
    "names": "as in [Ann Lee, Bo Chen]",
    "short_title": "at most 32 characters: WeChat shows it when the title is longer",
    "cover": "a picture in the folder images beside this file",
    "cover_alt": "what the cover shows, for those who cannot see it",
    "previous": "earlier issues are listed by themselves, at most {count}; to list them by hand, write previous:",
    "latest": "the issue before is number {number}: {title}",
    "optional": "an optional section: remove the two comment lines to use it",
    "numbered": "write items as 1、2、3、",
    "characters": "at most {most} characters",
    "items": "at most {most} items",
    "strict": "no link twice, nor one of recent issues",
    "and": "; ",
}


def date_of_next(weekday: int | None, latest: datetime.date | None, today: datetime.date) -> datetime.date:
    """The date of the next issue: the first such day (ISO, 1 is Monday) after `latest`, and not before `today`.

    Without a weekday it is today. Raises UsageError when the calendar has no such day.
    """
    if weekday is None:
        return today
    try:
        start = max(today, latest + datetime.timedelta(days=1)) if latest else today
        return start + datetime.timedelta(days=(weekday - start.isoweekday()) % 7)
    except OverflowError:
        raise UsageError(
            f"no day comes after {latest}, the date of the issue before; mend it, or give --date"
        ) from None


@dataclass(frozen=True, slots=True)
class Start:
    """What is known of an issue before it is written."""

    number: int
    title: str
    date: datetime.date
    latest: Issue | None = None
    """The issue before it."""


def draft(start: Start, publication: Publication) -> str:
    """The text of a new issue: what is known, comments on what is to be filled in, the declared sections."""
    words = _CHINESE if publication.language.lower().startswith("zh") else _ENGLISH
    front = "\n".join(_front_matter(words, start, publication))
    sections = "".join(f"{_section(settings, words)}\n" for settings in publication.sections)
    return f"---\n{front}\n---\n\n{sections}"


def _front_matter(words: Mapping[str, str], start: Start, publication: Publication) -> Iterator[str]:
    days = words["days"].split() if " " in words["days"] else words["days"]
    yield f"number: {start.number}"
    yield yaml.safe_dump({"title": start.title}, allow_unicode=True, width=100_000).rstrip("\n")
    yield f"date: {start.date} # {words['day'].format(day=days[start.date.weekday()])}"
    yield f'summary: "" # {words["summary"]}'
    yield f"authors: [] # {words['names']}"
    yield "editors: []"
    yield "keywords: []"
    yield f"# short_title: # {words['short_title']}"
    yield f"# cover: images/cover.png # {words['cover']}"
    yield f"# cover_alt: # {words['cover_alt']}"
    if start.latest is not None and start.latest.number is not None:
        shown = "".join(char for char in start.latest.title if char.isprintable())[:60]
        yield f"# {words['latest'].format(number=start.latest.number, title=shown)}"
    if publication.back_issues.count:
        yield f"# {words['previous'].format(count=publication.back_issues.count)}"


def _section(settings: SectionSettings, words: Mapping[str, str]) -> str:
    """The heading of a declared section, in a comment when it is optional, with what holds for it."""
    heading = "## " + _MEANS_SOMETHING.sub(r"\\\1", settings.name)
    hints = list(_hints(settings, words))
    if not settings.required:
        return f"<!-- {words['and'].join([words['optional'], *hints])}\n{heading}\n-->\n"
    return f"{heading}\n\n<!-- {words['and'].join(hints)} -->\n" if hints else f"{heading}\n"


def _hints(settings: SectionSettings, words: Mapping[str, str]) -> Iterator[str]:
    if settings.numbered:
        yield words["numbered"]
    if settings.max_items:
        yield words["items"].format(most=settings.max_items)
    if settings.max_characters:
        yield words["characters"].format(most=settings.max_characters)
    if settings.strict_links:
        yield words["strict"]


def _latest(files: Iterable[Path]) -> Issue | None:
    """The head of the last issue that can be read."""
    for path in reversed(list(files)):
        try:
            return head(path)
        except (OSError, SourceError):
            continue  # a broken back issue is that issue's own finding, not a reason to refuse a new one
    return None


@click.command()
@click.argument("title")
@click.option("--number", type=click.IntRange(1, MAX_NUMBER), help="Number of the issue; the next one when left out.")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Date of the issue; when left out, the publication's next weekday, or today without one.",
)
def new(title: str, number: int | None, date: datetime.datetime | None) -> None:
    """Make the next issue's folder for TITLE and print the path of its issue.md.

    Its front matter is begun, its required sections stand as headings, its optional ones as comments. Earlier
    issues need not be listed: they are found when the issue is read.
    """
    if not title.strip() or any(not char.isprintable() for char in title):
        shown = "".join(char if char.isprintable() else "�" for char in title)[:80]
        raise UsageError(f"TITLE “{shown}” is not one line of text; write it without line ends and control characters")
    publication = publication_here()
    issues = issue_files(publication)
    if number is not None and number in issues:
        raise UsageError(f"issue {number} exists already: {issues[number]}; leave --number out for the next one")
    number = number if number is not None else max(issues, default=0) + 1
    if number > MAX_NUMBER:
        raise UsageError(f"an issue has a number of at most {MAX_NUMBER}")
    latest = _latest(path for other, path in issues.items() if 0 < other < number)
    today = datetime.datetime.now().astimezone().date()
    day = date.date() if date else date_of_next(publication.weekday, latest.date if latest else None, today)
    folder = publication.base / publication.content / f"{number:03d}"
    path = folder / "issue.md"
    text = draft(Start(number, title.strip(), day, latest), publication)
    try:
        if path.is_symlink():  # one that leads nowhere is no issue yet
            raise UsageError(f"{path} is a symbolic link; delete it, or give another --number")
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        (folder / "images").mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    click.echo(path)
