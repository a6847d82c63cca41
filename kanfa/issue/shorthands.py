"""Short words that stand for links: `#74074`, `kubernetes#74074`, `owner/name#1`, `@wojtek-t`, `CVE-2019-5736`.

Only what a publication declares is linked; `owner/name#1` is, as soon as any repository is. A word counts only when
it stands alone: white space, brackets, Chinese characters and punctuation may touch it, Latin letters, digits
and `/ & = + - _ .` may not. So `foo#1`, `a@b.com`, `#1abc`, `@org/team` and `@me@host` stay text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kanfa.issue.inline import Finder, no_shorthands
from kanfa.publication import Shorthands

MAX_LOGIN, MAX_REPOSITORY = 39, 100
"""Longest names on GitHub, in characters: of a person or an organisation, and of a repository (its sign-up forms)."""

_WORD = re.compile(r"[A-Za-z0-9_./@#&=%+~$\\\u00c0-\u10ff\u1e00-\u1fff-]++")
"""A run of characters none of which ends a shorthand. Chinese and all other punctuation ends one."""
_LOGIN = r"(?=[A-Za-z0-9-]{1,39}(?![A-Za-z0-9-]))[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
_NUMBER = r"[1-9][0-9]{0,9}"
_PERSON = re.compile(rf"@({_LOGIN})")
_FULL = rf"{_LOGIN}/(?!\.{{1,2}}#)[A-Za-z0-9_.-]{{1,100}}"
_ISSUE = re.compile(rf"(?:(?P<full>{_FULL})|(?P<name>[A-Za-z][A-Za-z0-9_.-]{{0,99}}))?#(?P<number>{_NUMBER})")
_SERIES = re.compile(r"([A-Za-z][A-Za-z0-9]{0,39}-)([0-9]{1,20}(?:-[0-9]{1,20}){0,3})")
_LONGEST = MAX_LOGIN + 1 + MAX_REPOSITORY + 1 + 10
_CLOSERS = ".-~"
_HIDDEN = "\ufffc"
"""What an escaped character looks like in the text that is searched."""


def finder(shorthands: Shorthands, repository: str | None = None) -> Finder:
    """What finds the declared shorthands in a run of text, in time linear in its length.

    `repository` (owner/name) is what a bare `#123` means here; the publication's own when None.
    """
    address_of = _addresses(shorthands, repository or shorthands.repository)
    return _searcher(address_of) if address_of else no_shorthands


def _searcher(address_of: Callable[[str], str | None]) -> Finder:
    def find(text: str) -> Iterator[tuple[int, int, str]]:
        for match in _WORD.finditer(text):
            word = match[0].rstrip(_CLOSERS)
            if len(word) > _LONGEST or not ("#" in word or "@" in word or "-" in word):
                continue
            if _is_entity(text, match.start(), match.start() + len(word)):
                continue
            if address := address_of(word):
                yield match.start(), match.start() + len(word), address

    return find


def _is_entity(text: str, start: int, end: int) -> bool:
    """Whether the word is the middle of an entity whose `&` was escaped: `\\&#65;`."""
    return text[start] == "#" and text[end : end + 1] == ";" and text[max(0, start - 1) : start] == _HIDDEN


def _addresses(shorthands: Shorthands, repository: str | None) -> Callable[[str], str | None] | None:
    """What gives the address that one word stands for, or None; None when nothing at all is declared."""
    known = {name.casefold(): full for name, full in shorthands.repositories.items()}
    series = {one.prefix: one for one in shorthands.series}
    people = shorthands.people
    issues = bool(known or repository or "issues" in shorthands.model_fields_set)
    if not (issues or people or series):
        return None

    def address_of(word: str) -> str | None:
        if people and (person := _PERSON.fullmatch(word)):
            return people.replace("{}", person[1])
        if issues and (issue := _ISSUE.fullmatch(word)):
            short = known.get((issue["name"] or "").casefold())
            full = issue["full"] or (short if issue["name"] else repository)
            filled = shorthands.issues.replace("{repository}", full or "").replace("{number}", issue["number"])
            return filled if full else None
        one = _SERIES.fullmatch(word)
        if one and (declared := series.get(one[1])):
            return declared.address.replace("{}", one[0] if declared.whole else one[2])
        return None

    return address_of
