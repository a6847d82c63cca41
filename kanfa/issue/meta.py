"""From the fields of the front matter to the metadata of the issue; what does not fit is a finding with its line."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kanfa.findings import Finding
from kanfa.issue import rules
from kanfa.issue.addresses import Fault, normal
from kanfa.issue.front_matter import Entry
from kanfa.issue.lower import cover as cover_image
from kanfa.issue.model import Image, PreviousIssue
from kanfa.issue.numbers import date_in, number_in, plain_number
from kanfa.issue.raw import join_lines

FIELDS: Mapping[str, tuple[str, ...]] = {
    "number": ("number",),
    "title": ("title",),
    "short_title": ("short_title",),
    "date": ("date",),
    "summary": ("summary", "description", "abstract"),
    "authors": ("authors", "author"),
    "editors": ("editors", "editor"),
    "publisher": ("publisher",),
    "cover": ("cover", "banner", "image"),
    "cover_alt": ("cover_alt",),
    "keywords": ("keywords", "tags", "categories", "category"),
    "language": ("language", "lang"),
    "previous": ("previous",),
}
"""The fields an issue knows, each with the names it may have in the front matter, the best one first."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_BETWEEN = re.compile(r"\s*[、，,;；]\s*")


@dataclass(frozen=True, slots=True)
class Meta:
    """The metadata that the front matter gave; the issue's defaults where it gave none."""

    number: int | None = None
    title: str = ""
    short_title: str = ""
    date: datetime.date | None = None
    summary: str = ""
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    publisher: str = ""
    cover: Image | None = None
    keywords: tuple[str, ...] = ()
    language: str = "zh-CN"
    previous: tuple[PreviousIssue, ...] = ()
    lines_of: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_meta(fields: Mapping[str, Entry]) -> Meta:
    """Check and convert all fields. Never raises: a wrong value is a finding, and the field keeps its default."""
    reading = _Reading(fields)
    meta = Meta(
        number=reading.number(),
        title=reading.line_of_text("title"),
        short_title=reading.line_of_text("short_title"),
        date=reading.date(),
        summary=reading.line_of_text("summary"),
        authors=reading.names("authors"),
        editors=reading.names("editors"),
        publisher=reading.line_of_text("publisher"),
        cover=reading.cover(),
        keywords=reading.names("keywords"),
        language=reading.language() or "zh-CN",
        previous=reading.previous(),
    )
    reading.report_unused()
    return Meta(
        **{name: getattr(meta, name) for name in Meta.__dataclass_fields__ if name not in {"lines_of", "findings"}},
        lines_of=reading.lines,
        findings=tuple(reading.findings),
    )


class _Reading:
    def __init__(self, fields: Mapping[str, Entry]) -> None:
        self.findings: list[Finding] = []
        self.lines: dict[str, int] = {}
        self._fields = fields
        self._used: set[str] = set()

    def report_unused(self) -> None:
        """One info for each field that nothing asked for."""
        for name, entry in self._fields.items():
            if name not in self._used:
                self.findings.append(
                    rules.META_UNUSED.at(entry.line, "{field}: is not used", quote=entry.key, field=name)
                )

    # -- each field

    def number(self) -> int | None:
        entry, text = self._scalar("number")
        if not entry or not text:
            return None
        value = plain_number(text)
        if value is None:
            message = "{field}: “{value}” is no issue number; write one from 0 to 99999"
            self._wrong(entry, "number", message, quote=text, value=text[:40])
        return value

    def line_of_text(self, name: str) -> str:
        """A field of one line of text."""
        return self._scalar(name)[1]

    def date(self) -> datetime.date | None:
        entry, text = self._scalar("date")
        if not entry or not text:
            return None
        value = date_in(text)
        if value is None:
            message = "{field}: “{value}” is no date; write it as 2024-04-23"
            self._wrong(entry, "date", message, quote=text, value=text[:40])
        return value

    def language(self) -> str:
        entry, text = self._scalar("language")
        if entry and text and not _LANGUAGE.fullmatch(text):
            message = "{field}: “{value}” is no language tag; write zh-CN or en"
            self._wrong(entry, "language", message, quote=text, value=text[:40])
            return ""
        return text.replace("_", "-")

    def names(self, name: str) -> tuple[str, ...]:
        """A list of names; all spellings of the field are merged. A plural field may be one line with commas."""
        found: dict[str, None] = {}
        for key in FIELDS[name]:
            entry = self._take(key, name)
            if not entry or entry.value is None:
                continue
            if isinstance(entry.value, str):
                parts = _BETWEEN.split(entry.value) if key.endswith("s") else [entry.value]
                found |= dict.fromkeys(text for part in parts if (text := join_lines(part)))
            elif isinstance(entry.value, Mapping):
                self._wrong(entry, key, "{field}: a list of names is expected, as in [甲, 乙]")
            else:
                found |= dict.fromkeys(self._items(key, entry.value))
        return tuple(found)

    def cover(self) -> Image | None:
        entry, source = self._scalar("cover")
        _, alt = self._scalar("cover_alt")
        if not entry or not source:
            return None
        image = cover_image(source, alt, entry.line)
        if isinstance(image, Fault):
            self.findings.append(image.at(entry.line))
            return None
        return image

    def previous(self) -> tuple[PreviousIssue, ...]:
        entry = self._take("previous", "previous")
        if not entry or entry.value is None:
            return ()
        if isinstance(entry.value, str | Mapping):
            message = "{field}: a list of issues is expected, each with number, title and url"
            self._wrong(entry, "previous", message)
            return ()
        return tuple(issue for item in entry.value if (issue := self._previous(item)))

    def _previous(self, item: Entry) -> PreviousIssue | None:
        if isinstance(item.value, str):
            title = join_lines(item.value)
            alone = plain_number(title) if title.isdigit() else None
            return PreviousIssue(
                number_in(title) if alone is None else alone, "" if alone is not None else title, item.line
            )
        if not isinstance(item.value, Mapping):
            self._wrong(item, "previous", "{field}: number, title and url are expected")
            return None
        inner = _Reading(item.value)
        number = inner.number()
        title = inner.line_of_text("title")
        entry, written = inner._scalar("url", ("url", "href", "link"))
        inner.report_unused()
        self.findings += inner.findings
        href = normal(written) if written else ""
        if isinstance(href, Fault):
            self.findings.append(href.at(entry.line if entry else item.line))
            href = ""
        if not title and number is None:
            self._wrong(item, "previous", "{field}: the issue has neither number nor title")
            return None
        return PreviousIssue(number, title, item.line, href)

    # -- help

    def _scalar(self, name: str, keys: Sequence[str] = ()) -> tuple[Entry | None, str]:
        """The first spelling of the field that is given, and its text on one line."""
        for key in keys or FIELDS[name]:
            if key in self._fields and name not in self.lines:
                entry = self._take(key, name)
                if entry and isinstance(entry.value, str):
                    return entry, join_lines(entry.value)
                if entry and entry.value is not None:
                    self._wrong(entry, key, "{field}: one line of text is expected, no list")
                return entry, ""
        return None, ""

    def _take(self, key: str, name: str) -> Entry | None:
        entry = self._fields.get(key)
        if entry:
            self._used.add(key)
            self.lines.setdefault(name, entry.line)
        return entry

    def _items(self, key: str, items: Iterable[Entry]) -> Iterable[str]:
        for item in items:
            if isinstance(item.value, str):
                if text := join_lines(item.value):
                    yield text
            elif item.value is not None:
                self._wrong(item, key, "{field}: a name is expected, no list")

    def _wrong(self, entry: Entry, name: str, template: str, *, quote: str = "", value: str = "") -> None:
        """A finding about the field `name`; `quote` is its value, unless that is a part of the field's name."""
        quote = entry.key if quote in entry.key else quote
        finding = rules.META_TYPE.at(entry.line, template, quote=quote, field=name, value=value)
        self.findings.append(finding)
