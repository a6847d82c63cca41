"""From answers to findings: one for each link of the issue, at its line. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urlsplit

from kanfa.desk import link_rules as rules
from kanfa.desk import pages
from kanfa.desk.links import Answer, Status
from kanfa.desk.lockfile import Lock, locked
from kanfa.desk.masking import masked
from kanfa.desk.transport import Trouble
from kanfa.findings import Finding, Report, ordered
from kanfa.issue.addresses import short
from kanfa.issue.model import Issue


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place of the issue that a web address stands at."""

    address: str
    """Complete, without its fragment."""
    fragment: str
    line: int


def occurrences(issue: Issue, lock: Lock) -> list[Occurrence]:
    """Every http(s) address that readers can follow or that shows a picture; pulled pictures are not asked for."""
    cover = (issue.cover,) if issue.cover else ()
    pictures = [image for image in (*issue.images(), *cover) if image.is_remote and not locked(lock, image.src)]
    found = [(link.href, link.line) for link in issue.links()]
    found += [(image.src, image.line) for image in pictures]
    if "previous" in issue.lines_of:  # else the list is Kanfa's own, with addresses of the publication's pages
        found += [(earlier.href, earlier.line) for earlier in issue.previous]
    unique = dict.fromkeys(found)
    return [Occurrence(*urldefrag(href), line) for href, line in unique if href.startswith(("http://", "https://"))]


def questions(places: Iterable[Occurrence], *, fragments: bool) -> dict[str, list[str]]:
    """Each address once, in reading order, with the fragments that its page must have."""
    found: dict[str, list[str]] = {}
    for place in places:
        wanted = found.setdefault(place.address, [])
        if fragments and pages.is_place(place.fragment) and place.fragment not in wanted:
            wanted.append(place.fragment)
    return found


def report_of(issue: Issue, places: Iterable[Occurrence], answers: Mapping[str, Answer]) -> Report:
    """What the answers mean for the issue: findings with file, line and column."""
    lines = issue.source.split("\n")
    found = [finding for place in places for finding in findings_of(place, answers[place.address], lines)]
    return Report(issue.file, tuple(ordered(finding.located(issue.file, lines) for finding in found)))


def findings_of(place: Occurrence, answer: Answer, lines: list[str]) -> Iterator[Finding]:
    """What one answer means at one place; nothing for a link that works."""
    line, address = place.line, short(masked(place.address))
    quote = _quote(place, lines[line - 1] if 0 < line <= len(lines) else "")
    if answer.status is Status.BROKEN:
        yield _broken(line, address, answer, quote)
    elif answer.status is Status.TIMEOUT:
        if answer.trouble is Trouble.NAME_SERVER:
            yield rules.LINK_TIMEOUT.at(
                line, "no name server answers about {address} in time", quote=quote, address=address
            )
        else:
            yield rules.LINK_TIMEOUT.at(line, "{address} gives no answer in time", quote=quote, address=address)
    elif answer.status is Status.RATE_LIMITED:
        if answer.code == 429:
            yield rules.LINK_RATE_LIMITED.at(
                line, "the host of {address} wants to be asked less often", quote=quote, address=address
            )
        else:
            yield rules.LINK_RATE_LIMITED.at(
                line, "WeChat wants a proof that a person reads {address}", quote=quote, address=address
            )
    elif answer.status is Status.REDIRECTED:
        target = answer.target + (f"#{place.fragment}" if place.fragment and "#" not in answer.target else "")
        yield rules.LINK_MOVED.at(line, "{address} has moved to {target}", quote=quote, address=address, target=target)
    elif answer.status is Status.BLOCKED:
        yield rules.LINK_BLOCKED.at(
            line, "{address} is not asked: {reason}", quote=quote, address=address, reason=answer.reason
        )
    elif answer.status is Status.NEEDS_LOGIN:
        yield rules.LINK_LOGIN.at(line, "{address} answers HTTP {code}", quote=quote, address=address, code=answer.code)
    if place.fragment and place.fragment in answer.missing:
        yield rules.LINK_FRAGMENT.at(
            line,
            "the page {address} has no place “{place}”",
            quote=quote,
            address=address,
            place=short(unquote(place.fragment)),
        )


def _broken(line: int, address: str, answer: Answer, quote: str) -> Finding:
    if answer.code >= 400:
        return rules.LINK_DEAD.at(line, "{address} answers HTTP {code}", quote=quote, address=address, code=answer.code)
    if answer.code:
        return rules.LINK_DEAD.at(
            line, "WeChat withholds {address}: “{words}”", quote=quote, address=address, words=answer.reason
        )
    if answer.trouble is Trouble.NO_HOST:
        return rules.LINK_DEAD.at(line, "the host of {address} does not exist", quote=quote, address=address)
    if answer.trouble is Trouble.CERTIFICATE:
        return rules.LINK_DEAD.at(
            line,
            "browsers refuse {address}: its certificate is not valid ({reason})",
            quote=quote,
            address=address,
            reason=short(answer.reason),
        )
    if answer.trouble is Trouble.REDIRECTS:
        return rules.LINK_DEAD.at(
            line, "{address} redirects without end: {reason}", quote=quote, address=address, reason=answer.reason
        )
    return rules.LINK_DEAD.at(
        line, "{address} cannot be reached: {reason}", quote=quote, address=address, reason=short(answer.reason)
    )


def _quote(place: Occurrence, line: str) -> str:
    """The address as the source line has it, as far as that can be told; else its host, or nothing."""
    whole = place.address + (f"#{place.fragment}" if place.fragment else "")
    host = urlsplit(place.address).hostname or ""
    candidates = (whole, place.address, unquote(whole), place.address.rstrip("/"))
    found = next((words for words in candidates if words and words in line), "")
    return found or (host if host and line.count(host) == 1 else "")  # else carets might stand under another link


def summary(answers: Mapping[str, Answer], remembered: int) -> str:
    """`12 addresses: 9 working (7 known from before), 2 redirected, 1 broken`."""
    counts = [(status, sum(1 for answer in answers.values() if answer.status is status)) for status in Status]
    words = ", ".join(f"{count} {status}" for status, count in counts if count)
    known = f"; {remembered} known from before" if remembered else ""
    return f"{len(answers)} address{'' if len(answers) == 1 else 'es'}" + (f": {words}{known}" if words else "")
