"""Issue numbers and dates as editors write them: 第九期, Vol. 9, #238, 2019-04-16T19:35:39+08:00 …"""

from __future__ import annotations

import datetime
import re

MAX_NUMBER = 99_999

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = "".join(_DIGITS) + "".join(_UNITS)
_PATTERNS = (
    re.compile(rf"第\s*([0-9０-９]{{1,5}}|[{_CHINESE}]{{1,9}})\s*[期号辑刊]"),
    re.compile(r"\b(?:Vol|Volume|No|Nr|Issue|Episode)\b\.?\s*#?\s*([0-9]{1,5})(?![0-9.]*[0-9])", re.IGNORECASE),
    re.compile(r"(?:^|(?<=[\s（(]))#([0-9]{1,5})\b"),
)
_TRAILING = re.compile(r"\S\s+(?!(?:19|20)[0-9]{2}$)([0-9]{1,5})$")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日)")
_TIME = re.compile(r"[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_FILE_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_FILE_NUMBER = re.compile(r"^(\d{1,3})(?=[-_.]|$)|(?:^|[-_])(?:vol|issue|no)?[-_.]?(\d{1,3})$", re.IGNORECASE)
_FOLDER_NUMBER = re.compile(r"^(\d{1,5})(?=[-_]|$)")
_ANY_NAME = frozenset({"issue", "index", "readme"})


def number_in(text: str) -> int | None:
    """The issue number that a title names as such (第九期, Vol. 9, #238), or None; at most `MAX_NUMBER`."""
    for pattern in _PATTERNS:
        if match := pattern.search(text.strip()):
            return _bounded(int(match[1]) if match[1].isdigit() else chinese_number(match[1]))
    return None


def trailing_number(title: str, file: str) -> int | None:
    """The bare number at the end of a title when the file's name holds it as well, or None.

    “This Week in Rust 598” is an issue only in `this-week-in-rust-598.md`: alone it could be “iOS 17”. A year is none.
    """
    match = _TRAILING.search(title.strip())
    stem = file.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    others = re.findall(r"[0-9]+", _FILE_DATE.sub(" ", stem))
    return int(match[1]) if match and int(match[1]) in {int(digits) for digits in others if len(digits) < 10} else None


def _bounded(value: int | None) -> int | None:
    return value if value is not None and value <= MAX_NUMBER else None


def plain_number(text: str) -> int | None:
    """The number that a metadata field holds: decimal digits (leading zeros mean nothing), or a form of `number_in`."""
    written = text.strip().lstrip("#").strip()
    if re.fullmatch(r"\d{1,9}", written):
        return _bounded(int(written))
    if chinese_number(written) is not None:
        return _bounded(chinese_number(written))
    return number_in(text) if re.search(r"第|vol|no|issue", text, re.IGNORECASE) else None


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral below ten thousand: 九, 二十一, 一百零八, 一二三 (digit by digit)."""
    if not text or any(char not in _CHINESE for char in text):
        return None
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, None
    for char in text:
        if char in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        else:
            digit = _DIGITS[char] or None
    return total + (digit or 0)


def date_in(text: str) -> datetime.date | None:
    """The calendar date that a metadata field names, as written and in no other time zone; None when it is none."""
    match = _DATE.match(text.strip())
    if not match:
        return None
    rest = text.strip()[match.end() :]
    if rest and not _TIME.fullmatch(rest):
        return None
    return _date(*(part for part in match.groups() if part))


def of_file(file: str) -> tuple[int | None, datetime.date | None]:
    """Number and date that a path names: `009/issue.md`, `weekly-01.md`, `2023-05-14-update.md`."""
    parts = file.replace("\\", "/").split("/")
    stem = parts[-1].rsplit(".", 1)[0]
    if match := _FILE_DATE.search(stem):
        return None, _date(*match.groups())
    if match := _FILE_NUMBER.search(stem):
        return int(match[1] or match[2]), None
    if stem.lower() in _ANY_NAME and len(parts) > 1:
        folder = parts[-2]
        if match := _FILE_DATE.search(folder):
            return None, _date(*match.groups())
        if match := _FOLDER_NUMBER.match(folder):
            return int(match[1]), None
    return None, None


def _date(*parts: str) -> datetime.date | None:
    try:
        return datetime.date(*(int(part) for part in parts))
    except ValueError:
        return None
