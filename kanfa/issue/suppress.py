"""Findings that an editor allows, in the text where they stand.

    <!-- kanfa: allow ISS021 because 留给下期 -->                 on a line of its own: the block that follows
    正文 <!-- kanfa: allow ISS071, EML012 because … -->           at the end of a line: that line
    <!-- kanfa: allow ISS124 in section because … -->             the section it stands in (`in issue`: everything)

A permission needs a reason, else it is not heeded. What is allowed stays in the report and carries the reason, as
with `--allow`: an error then counts as a warning. Only comments are read, never code: the Markdown parser says which
is which.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from markdown_it.token import Token

from kanfa.findings import Finding, Severity
from kanfa.issue import editorial_rules as editorial
from kanfa.issue.markdown import MAX_DEPTH, parse
from kanfa.issue.source_lines import body_of

LASTING = frozenset({"PAR090"})
"""What no comment of the text can allow: that a whole format is missing. `--allow` can."""

_OURS = re.compile(r"\s*kanfa\s*[:：]", re.IGNORECASE)
_ALLOW = re.compile(
    r"\s*kanfa\s*[:：]\s*allow\s+(?P<rules>[^\s,，、]+(?:\s*[,，、]\s*[^\s,，、]+)*)"
    r"(?:\s+in\s+(?P<scope>section|issue))?(?:\s+(?:because\b|因为)\s*[:：]?\s*(?P<reason>.*))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_COMMAS = re.compile(r"\s*[,，、]\s*")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment that allows findings."""

    rules: tuple[str, ...]
    """Ids, as the comment names them; empty when the comment cannot be understood."""
    first: int
    """First 1-based line it speaks of."""
    last: int
    """Last line it speaks of."""
    reason: str
    """Why; without a reason the comment is not heeded."""
    line: int
    """Where the comment stands."""

    def covers(self, finding: Finding) -> bool:
        """Whether it allows `finding`."""
        return bool(self.reason) and finding.rule.id in self.rules and self.first <= finding.line <= self.last


def collect(source: str) -> tuple[Suppression, ...]:
    """The permissions that the comments of `source` give, in the order of their lines.

    `source` is the text of an issue with `\\n` line ends, front matter included. Raises SourceError only for front
    matter that the reader refuses as well.
    """
    if "<!--" not in source or not re.search("kanfa", source, re.IGNORECASE):
        return ()
    tokens, _ = parse(body_of(source))
    count = source.count("\n") + 1
    sections = _sections(tokens, count)
    found: list[Suppression] = []
    for index, token in enumerate(tokens):
        if token.type == "html_block" and token.map is not None:
            block = _following(tokens, index)
            for words, offset in _comments(token.content):
                found += _read(words, token.map[0] + 1 + offset, block, sections, count)
        elif token.type == "inline" and token.map is not None:
            for child in token.children or ():
                line = token.map[0] + 1 + int(child.meta.get("at", 0))
                for words, _ in _comments(child.content) if child.type == "html_inline" else ():
                    found += _read(words, line, (line, line), sections, count)
    return tuple(sorted(found, key=lambda one: one.line))


def apply(findings: Iterable[Finding], suppressions: Sequence[Suppression]) -> list[Finding]:
    """The findings, those that a comment allows marked with its reason. A waiver that stands already stays."""
    return [_waived(finding, suppressions) for finding in findings]


def audit(
    findings: Iterable[Finding], suppressions: Iterable[Suppression], known: Collection[str], ran: Collection[str]
) -> Iterator[Finding]:
    """What is wrong with the permissions themselves: unused, without reason, or not understood.

    `findings` are all that were found, allowed or not; `known` the ids of the catalogue; `ran` those of the rules that
    had their say. A permission for a format that was not made is not called unused.
    """
    found = list(findings)
    for one in suppressions:
        if not one.rules:
            template = "the comment speaks to kanfa and cannot be understood"
            yield editorial.ALLOW_UNKNOWN.at(one.line, template, quote="kanfa")
            continue
        strange = [rule for rule in one.rules if rule not in known]
        for rule in strange:
            near = get_close_matches(rule.upper(), sorted(known), 1)
            if near:
                template = "there is no rule {rule}; {near} was meant?"
                yield editorial.ALLOW_UNKNOWN.at(one.line, template, quote=rule, rule=rule, near=near[0])
            else:
                yield editorial.ALLOW_UNKNOWN.at(one.line, "there is no rule {rule}", quote=rule, rule=rule)
        if not one.reason:
            rules = ", ".join(one.rules)
            yield editorial.ALLOW_REASON.at(one.line, "{rules} is allowed without a reason", quote=rules, rules=rules)
            continue
        for rule in one.rules:
            heeded = any(finding.rule.id == rule and one.covers(finding) for finding in found)
            if rule in known and rule in ran and not heeded:
                template = "nothing on lines {first} to {last} needs that {rule} is allowed"
                last = max(one.first, one.last)
                yield editorial.ALLOW_UNUSED.at(one.line, template, quote=rule, first=one.first, last=last, rule=rule)


def switched_on(findings: Iterable[Finding], off: Collection[str]) -> list[Finding]:
    """The findings without those of the rules in `off`. Errors cannot be switched off."""
    return [one for one in findings if one.rule.id not in off or one.rule.severity is Severity.ERROR]


def _waived(finding: Finding, suppressions: Sequence[Suppression]) -> Finding:
    if finding.waiver or finding.rule.id in LASTING:
        return finding
    reason = next((one.reason for one in suppressions if one.covers(finding)), "")
    return replace(finding, waiver=reason) if reason else finding


def _comments(html: str) -> Iterator[tuple[str, int]]:
    """The words of each comment in a piece of HTML that begins with one, and how many lines before it."""
    at = html.find("<!--")
    while at >= 0 and (end := html.find("-->", at + 4)) >= 0:
        yield html[at + 4 : end], html.count("\n", 0, at)
        at = html.find("<!--", end)


def _read(
    words: str, line: int, block: tuple[int, int], sections: Sequence[tuple[int, int]], count: int
) -> Iterator[Suppression]:
    if not _OURS.match(words):
        return
    match = _ALLOW.fullmatch(words)
    if match is None:
        yield Suppression((), line, line, "", line)
        return
    first, last = block
    if match["scope"]:
        whole = match["scope"].lower() == "issue"
        first, last = (1, count) if whole else next(part for part in sections if part[0] <= line <= part[1])
    reason = " ".join((match["reason"] or "").split())
    yield Suppression(tuple(_COMMAS.split(match["rules"])), first, last, reason, line)


def _following(tokens: Sequence[Token], index: int) -> tuple[int, int]:
    """First and last line of the block after the comment, other comments passed over; its own line when none is."""
    for at, token in enumerate(tokens[index + 1 :], index + 1):
        comment = token.type == "html_block" and token.content.lstrip().startswith("<!--")
        if token.map is not None and token.nesting >= 0 and not comment:
            return token.map[0] + 1, _end_of_container(tokens, at) if token.type == "directive" else token.map[1]
    own = tokens[index].map or [0, 1]
    return own[0] + 1, own[1]


def _end_of_container(tokens: Sequence[Token], opening: int) -> int:
    """Last line of the container that `tokens[opening]` opens; its own line when it is never closed."""
    waiting: list[Token] = []
    for token in tokens[opening:]:
        if len(waiting) > MAX_DEPTH:  # no container is as deep as that
            break
        if token.type == "directive":
            waiting.append(token)
        elif token.type == "directive_end" and token.map is not None:
            colons = len(token.markup)
            same = [one for one in waiting if len(one.markup) == colons]
            closed = next(reversed(same or [one for one in waiting if len(one.markup) < colons]), None)
            if closed is tokens[opening]:
                return token.map[1]
            if closed is not None:
                waiting.remove(closed)
    own = tokens[opening].map or [0, 1]
    return own[1]


def _sections(tokens: Sequence[Token], count: int) -> list[tuple[int, int]]:
    """First and last line of each section, the innermost first; at the end what stands before the first heading."""
    heads = [
        (token.map[0] + 1, int(token.tag[1]))
        for token in tokens
        if token.type == "heading_open" and token.level == 0 and token.map is not None
    ]
    found = []
    for at, (line, level) in enumerate(heads):
        end = next((other - 1 for other, other_level in heads[at + 1 :] if other_level <= level), count)
        found.append((line, end))
    found.sort(key=lambda part: part[1] - part[0])
    return [*found, (1, heads[0][0] - 1 if heads else count), (1, count)]
