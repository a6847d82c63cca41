"""The words a format adds by itself (“作者”, “网页版”, …), for each language as data.

An issue whose language starts with `zh` gets Chinese words, every other one English words. Dates are
written without the machine's locale, so that the bytes are the same everywhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""English names of the months, January first."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Every fixed word of the three formats in one language."""

    contents: str
    """Heading of the list of sections."""
    summary: str
    """Stands before the issue's digest."""
    previous: str
    """Heading of the list of earlier issues."""
    colophon: str
    """Heading over the people who made the issue."""
    authors: str
    editors: str
    publisher: str
    date: str
    keywords: str
    licence: str
    references: str
    """Heading of the list of addresses."""
    notes: str
    """Heading of the footnotes."""
    note: str
    """One footnote, e.g. in the title of its link."""
    back: str
    """Title of the link from a footnote to its call."""
    cover: str
    """Words for a cover without alt text of its own."""
    image: str
    """Words for any other picture without alt text."""
    untitled: str
    """Words for a section without a title."""
    preamble: str
    """Words for what stands before the first section, where it needs a name."""
    web_version: str
    """Link to the issue's page, for readers whose mail program fails."""
    read_on_web: str
    """Words of the button that leads to the issue's page."""
    pdf_version: str
    """Link to the archival PDF."""
    archive: str
    """Link to all issues."""
    unsubscribe: str
    preferences: str
    original: str
    """“Read the original”: link from a copy to the issue's page."""
    subscribed: str
    """One sentence on why the mail came; `{name}` is the publication."""
    newer: str
    """Link to the issue after this one."""
    older: str
    """Link to the issue before this one."""
    source: str
    """Stands before where a lead item comes from, for those who cannot see how it is set."""
    done: str
    """Alternative words for the box of a finished task."""
    open: str
    """Alternative words for the box of an open task."""
    details: str
    """Over a passage to open that has no summary of its own."""
    scan: str
    """Under a QR code: what it is for."""
    callouts: Mapping[str, str]
    """The word over a callout of each kind that has no title of its own."""
    issue_pattern: str
    """An issue by its number; `{n}` is the number."""
    page_pieces: tuple[str, str, str]
    """What stands before the page number, between it and the number of pages, and after both."""
    and_so_on: str
    """Separator of names in a list."""
    colon: str
    """What stands between a label and its value."""

    def issue_number(self, number: int) -> str:
        """An issue by its number in running text: `第 9 期`, `Issue 9`."""
        return self.issue_pattern.format(n=number)

    def volume(self, number: int) -> str:
        """An issue by its number in a masthead: `Vol. 9` in every language."""
        return f"Vol. {number}"

    def page_of(self, page: int, pages: int) -> str:
        """A page by its 1-based number: `第 3 页，共 8 页`."""
        before, between, after = self.page_pieces
        return f"{before}{page}{between}{pages}{after}"

    def names(self, names: tuple[str, ...]) -> str:
        """Several names as one text."""
        return self.and_so_on.join(names)

    def subscribed_to(self, name: str) -> str:
        """Why the mail came, in one sentence."""
        return self.subscribed.replace("{name}", name)


CHINESE = Labels(
    contents="本期目录",
    summary="导读",
    previous="前期周报回顾",
    colophon="本期编者",
    authors="作者",
    editors="责任编辑",
    publisher="出版",
    date="日期",
    keywords="关键词",
    licence="许可",
    references="参考链接",
    notes="注释",
    note="注",
    back="回到正文",
    cover="封面",
    image="图片",
    untitled="无题",
    preamble="卷首",
    web_version="网页版",
    read_on_web="在浏览器中阅读",
    pdf_version="PDF 版",
    archive="往期归档",
    unsubscribe="退订",
    preferences="订阅设置",
    original="阅读原文",
    subscribed="您收到这封邮件，是因为您订阅了《{name}》。",
    newer="下一期",
    older="上一期",
    source="来源",
    done="已完成",
    open="未完成",
    details="详情",
    scan="扫码阅读",
    callouts={"note": "说明", "tip": "提示", "important": "重要", "warning": "注意", "caution": "当心"},
    issue_pattern="第 {n} 期",
    page_pieces=("第 ", " 页，共 ", " 页"),
    and_so_on="、",
    colon="：",
)
"""Words for every language tag that starts with `zh`."""

ENGLISH = Labels(
    contents="In this issue",
    summary="Summary",
    previous="Earlier issues",
    colophon="About this issue",
    authors="Authors",
    editors="Editors",
    publisher="Published by",
    date="Date",
    keywords="Keywords",
    licence="Licence",
    references="References",
    notes="Notes",
    note="Note",
    back="Back to the text",
    cover="Cover",
    image="Picture",
    untitled="Untitled",
    preamble="Foreword",
    web_version="Web version",
    read_on_web="Read in the browser",
    pdf_version="PDF edition",
    archive="All issues",
    unsubscribe="Unsubscribe",
    preferences="Preferences",
    original="Read the original",
    subscribed="You receive this mail because you subscribed to {name}.",
    newer="Next issue",
    older="Previous issue",
    source="Source",
    done="done",
    open="open",
    details="Details",
    scan="Scan to read",
    callouts={"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "caution": "Caution"},
    issue_pattern="Issue {n}",
    page_pieces=("Page ", " of ", ""),
    and_so_on=", ",
    colon=": ",
)
"""Words for every other language."""


def is_chinese(language: str) -> bool:
    """Whether the language tag (`zh-CN`, `zh`, `en-GB`) means Chinese."""
    return language.lower().partition("-")[0] == "zh"


def labels_for(language: str) -> Labels:
    """The words for an issue's language tag; never fails."""
    return CHINESE if is_chinese(language) else ENGLISH


def format_date(date: datetime.date, language: str) -> str:
    """A date for readers: `2019年6月28日` or `28 June 2019`."""
    if is_chinese(language):
        return f"{date.year}年{date.month}月{date.day}日"
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"
