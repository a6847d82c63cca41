"""Names and terms: the publication's glossary, well-known names, likely typos."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from kanfa.findings import Finding
from kanfa.issue import editorial_rules as editorial
from kanfa.issue.hits import Hit, by_line
from kanfa.issue.lint_text import HAN, MAX_MATCHES
from kanfa.issue.prose import OBJECT, Passage, Prose

_BEFORE = r"(?<![A-Za-z0-9_./#@:+~=\\$%&-])"
_AFTER = r"(?![A-Za-z0-9_#@/=+~\\(-]|[.:'’][A-Za-z0-9])"
"""A word alone: no part of a path, an identifier, a host or a version."""
_WORD = re.compile(rf"{_BEFORE}[A-Za-z]{{7,20}}{_AFTER}")
_LONG = 9
"""Letters from which a word may be two slips away from its term; shorter ones one."""


@dataclass(frozen=True, slots=True)
class Words:
    """kanfa's own lists: `names.toml`."""

    names: Mapping[str, str]
    """Name in lower case → as its project writes it."""
    pattern: re.Pattern[str]
    """Any of the names in any casing."""
    terms: Mapping[str, Sequence[str]]
    """First letter → names and terms that typos are traced back to."""
    near: frozenset[str]
    """Right words in lower case: names, terms, and those that only look like a typo of one."""
    https: frozenset[str]
    """Hosts that answer over https."""


@cache
def words() -> Words:
    """The lists, read once from the package's own file."""
    data: dict[str, list[str]] = tomllib.loads((files("kanfa.issue") / "names.toml").read_text("utf-8"))
    names = {name.lower(): name for name in data["names"]}
    longest_first = sorted(data["names"], key=len, reverse=True)
    pattern = re.compile(_BEFORE + f"(?:{'|'.join(map(re.escape, longest_first))})" + _AFTER, re.IGNORECASE)
    terms: dict[str, list[str]] = {}
    for term in (*data["names"], *data["terms"]):
        if len(term) >= 7 and term.isalpha():
            terms.setdefault(term[0].lower(), []).append(term)
    known = {word.lower() for key in ("names", "terms", "near") for word in data[key]}
    return Words(names, pattern, terms, frozenset(known), frozenset(data["https"]))


def hits(prose: Prose, glossary: Mapping[str, Sequence[str]]) -> Iterator[Hit]:
    """Wrong spellings of the glossary and of known names, and likely typos. `glossary`: right → wrong spellings."""
    wrong = {spelling: right for right, spellings in glossary.items() for spelling in spellings}
    pattern = _any_of(wrong)
    decided = {word.lower() for word in (*glossary, *wrong)}
    typos: dict[str, str] = {}
    for passage in prose.passages:
        told = list(islice(_glossary(passage, pattern, wrong), MAX_MATCHES)) if pattern else []
        yield from told
        yield from islice(_names(passage, decided), MAX_MATCHES)
        yield from islice(_typos(passage, decided, typos), MAX_MATCHES)


def findings(found: Sequence[Hit]) -> Iterator[Finding]:
    """What the hits of this module say to the editor."""
    for place in by_line(found):
        if place.rule is editorial.TERM_TYPO:
            yield place.rule.at(place.line, "likely typos: {shown}", quote=place.quote, shown=place.shown)
        elif place.rule is editorial.GLOSSARY:
            yield place.rule.at(place.line, "not as in the glossary: {shown}", quote=place.quote, shown=place.shown)
        elif place.rule is editorial.NAME_SPELLING:
            yield place.rule.at(place.line, "names spelt otherwise: {shown}", quote=place.quote, shown=place.shown)


def _any_of(spellings: Mapping[str, str]) -> re.Pattern[str] | None:
    """Any of `spellings` as a whole word; beside Chinese characters every place is the edge of a word."""

    def whole(word: str) -> str:
        before = _BEFORE if word[0].isascii() else ""
        return before + re.escape(word) + (_AFTER if word[-1].isascii() else "")

    longest_first = sorted(spellings, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(whole, longest_first))) if spellings else None


def _glossary(passage: Passage, pattern: re.Pattern[str], wrong: Mapping[str, str]) -> Iterator[Hit]:
    for match in pattern.finditer(passage.text):
        right = wrong[match[0]]
        if not _within(passage.text, match, right):
            said = f"{match[0]} → {right}"
            yield Hit(editorial.GLOSSARY, passage, match.start(), match.end(), right, said)


def _within(text: str, match: re.Match[str], right: str) -> bool:
    """Whether the wrong spelling is only a part of the right one, which stands here in full."""
    inner = right.find(match[0])
    return inner >= 0 and text.startswith(right, match.start() - inner) and match.start() >= inner


def _names(passage: Passage, decided: set[str]) -> Iterator[Hit]:
    for match in words().pattern.finditer(passage.text):
        right = words().names[match[0].lower()]
        if match[0] != right and match[0].lower() not in decided and not _opens_sentence(passage.text, match, right):
            said = f"{match[0]} → {right}"
            yield Hit(editorial.NAME_SPELLING, passage, match.start(), match.end(), right, said)


def _opens_sentence(text: str, match: re.Match[str], right: str) -> bool:
    """Whether a name in lower case has its capital because an English sentence begins with it."""
    if match[0] != right[0].upper() + right[1:] or re.search(f"[{HAN}]", text):
        return False
    before = text[: match.start()].rstrip(" \n")
    return not before or before[-1] in f".!?:–—{OBJECT}"


def _typos(passage: Passage, decided: set[str], known: dict[str, str]) -> Iterator[Hit]:
    """Words that are nearly a term. `known` keeps what each word was found to mean; empty for nothing."""
    for match in _WORD.finditer(passage.text):
        word = match[0].lower()
        if word not in known:
            known[word] = "" if word in decided else _meant(word)
        if right := known[word]:
            yield Hit(editorial.TERM_TYPO, passage, match.start(), match.end(), said=f"{match[0]} → {right}?")


def _meant(word: str) -> str:
    lists = words()
    if word in lists.near or any(word.removesuffix(end) in lists.near for end in ("s", "es", "d", "ed", "ing", "less")):
        return ""
    for term in lists.terms.get(word[0], ()):
        whole = term.lower()
        allowed = 2 if min(len(word), len(whole)) >= _LONG else 1
        is_form = word.startswith(whole) or (whole.startswith(word) and len(whole) - len(word) > 1)
        if not is_form and abs(len(word) - len(whole)) <= allowed and _distance(word, whole, allowed) <= allowed:
            return term
    return ""


def _distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour (optimal string alignment); `most` + 1 for more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
