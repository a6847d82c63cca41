"""The kinds of values that kanfa.toml holds: addresses, folders, mailboxes, patterns, weekdays. Each checks itself.

A value that does not fit raises ValueError with words for the editor; pydantic gathers them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Settings(BaseModel):
    """One table of kanfa.toml: unknown keys are faults, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _address(value: str) -> str:
    parts = urlsplit(value)  # raises ValueError for an address that is none, such as https://[x
    odd = any(char.isspace() or not char.isprintable() for char in value)
    if parts.scheme not in {"https", "http"} or not parts.hostname or odd:
        raise ValueError("must be an absolute http(s) address without white space")
    if parts.port == 0:  # asking for a port that cannot be raises ValueError with words of its own
        raise ValueError("names port 0, which nobody can reach")
    return value


def _folder(value: str) -> str:
    path = Path(value)
    if path.is_absolute() or ".." in path.parts or not path.parts or not value.isprintable():
        raise ValueError("must be a folder inside the publication")
    return value


def _secure(value: str) -> str:
    if not value.startswith("https://"):
        raise ValueError("must be an https address: one-click unsubscription asks for it (RFC 8058)")
    return value


def _mailbox(value: str) -> str:
    try:
        domain = HeaderAddress(addr_spec=value).domain
    except (ValueError, IndexError, MessageError):
        domain = ""
    if not domain or not value.isascii():
        raise ValueError("must be one plain ASCII mail address, such as weekly@news.example.org")
    return value


def _phrase(value: str) -> str:
    if any(not char.isprintable() for char in value) or "=?" in value:
        raise ValueError("must be one line of plain text")
    return value.strip()


Address = Annotated[str, AfterValidator(_address)]
Folder = Annotated[str, AfterValidator(_folder)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Phrase = Annotated[str, AfterValidator(_phrase)]
SecureAddress = Annotated[Address, AfterValidator(_secure)]


Name = Annotated[str, AfterValidator(_phrase), Field(min_length=1)]
Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
"""A GitHub repository as `owner/name`."""


def _pattern(value: str) -> str:
    if value.count("{}") != 1 or "{" in value.replace("{}", ""):
        raise ValueError("must hold {} exactly once, where the number or name goes")
    return _address(value.replace("{}", "1")) and value


AddressPattern = Annotated[str, AfterValidator(_pattern)]
"""An http(s) address with one `{}` in it."""


def _issue_pattern(value: str) -> str:
    bare = value.replace("{repository}", "owner/name", 1).replace("{number}", "1", 1)
    if "{repository}" not in value or "{number}" not in value or "{" in bare:
        raise ValueError("must hold {repository} and {number}, each exactly once")
    return _address(bare) and value


IssuePattern = Annotated[str, AfterValidator(_issue_pattern)]
"""An http(s) address with one `{repository}` (owner/name) and one `{number}` in it."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(value: object) -> object:
    """ISO's number of a weekday: 1 for Monday to 7 for Sunday, for which 0 is good as well."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 7:
        return value or 7
    name = value.strip().lower() if isinstance(value, str) else ""
    if name in {*_DAYS, *(day[:3] for day in _DAYS)}:
        return next(number for number, day in enumerate(_DAYS, 1) if day.startswith(name))
    if name[:-1] in {"周", "星期", "礼拜"} and name[-1] in "一二三四五六日天":
        return min("一二三四五六日天".index(name[-1]) + 1, 7)
    raise ValueError("must be a weekday: a name such as tuesday or 周二, or a number from 1 (Monday) to 7 (Sunday)")


Weekday = Annotated[int, BeforeValidator(_weekday)]
"""A day of the week by ISO's number; written as a name or a number."""


def folded(name: str) -> str:
    """`name` in the form in which names are compared: without white space, case and difference of width."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def twice(names: Iterable[str]) -> str | None:
    """The first of `names` that is another spelling of one before it."""
    known: set[str] = set()
    for name in names:
        if folded(name) in known:
            return name
        known.add(folded(name))
    return None
