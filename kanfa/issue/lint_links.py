"""Links: repeated, in pieces, bare, tracking, or with words that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from kanfa.findings import Finding
from kanfa.issue import editorial_rules as editorial
from kanfa.issue import rules
from kanfa.issue.lint_words import words
from kanfa.issue.model import Figure, Issue, Link, Node, Only, Pictured, QrCode, Section, Text, text_of, walk
from kanfa.issue.prose import Address, Prose
from kanfa.publication import Publication

Recent = Mapping[str, tuple[str, int]]
"""Addresses of recent issues: normalised address → (name of the issue, line)."""

TRACKING = re.compile(
    r"utm_\w+|spm|scm|fbclid|gclid|msclkid|yclid|igshid|mc_[ce]id|source_type|share_token", re.IGNORECASE
)
"""Query parameters that tell a site where its visitors come from."""

_EMPTY_WORDS = frozenset({
    "here", "click here", "this", "this link", "link", "click", "read more", "这里", "在这里", "点击这里", "点这里",
    "点击此处", "此处", "这儿", "链接", "点击链接", "此链接", "点我", "点击", "点此", "戳我", "戳这里", "传送门",
})  # fmt: skip
_FRAME = re.compile(r"^\W+|\W+$")
"""Brackets, arrows and full stops round the words of a link."""
_BROKEN = re.compile(r"(?:\]|\[[^\[\]]{1,200})\($")
"""What stands before the address of a link that did not come about; the reader tells of it."""
_CUT = 70
"""Characters after which a common link saver cuts titles (own count of 4 400 published issues)."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A link and what its place means for repetitions."""

    link: Link
    strict: bool
    only: int = 0
    """Which passage for some formats it stands in; 0 for none."""
    again: bool = False
    """Whether it repeats an address on purpose, or as a piece of the link before."""


def findings(issue: Issue, prose: Prose, publication: Publication | None, recent: Recent) -> Iterator[Finding]:
    """Every editorial finding about the links of `issue`."""
    placed = [one for block in issue.body() for one in _placed(block, publication, strict=False, only=0)]
    secure = {one.link.host for one in placed if one.link.scheme == "https"}
    for one in placed:
        yield from _words_of(one.link)
        yield from _address_of(one.link, secure)
    yield from _pieces(issue)
    yield from _repeated(placed, recent)
    yield from _bare(prose.addresses, issue.source.split("\n"))


def insecure(address: str, secure: Iterable[str] = ()) -> bool:
    """Whether `address` is http, while its host is known to answer over https or is one of `secure`."""
    if not address.lower().startswith("http://"):
        return False
    host = (urlsplit(address).hostname or "").lower()
    parts = host.split(".")
    known = any(".".join(parts[at:]) in words().https for at in range(len(parts)))
    return (known or host in set(secure)) and urlsplit(address).port is None


def doubled_slash(address: str) -> bool:
    """Whether the path of an http(s) address has two slashes in a row; an address within the address may."""
    path = urlsplit(address).path
    return "//" in path and not re.search(r"https?:/", path, re.IGNORECASE)


def _placed(node: Node, publication: Publication | None, *, strict: bool, only: int) -> Iterator[_Placed]:
    match node:
        case Section() if publication is not None and (declared := publication.section(text_of(*node.title))):
            strict = strict or declared.strict_links
        case Only():
            only = node.line
        case QrCode():
            yield _Placed(node.link, strict, only, again=True)
            return
        case Link():
            yield _Placed(node, strict, only)
        case Figure() if node.href:
            yield _Placed(Link(node.href, (node.image,), node.line), strict, only)
    second = {id(link) for _, link in _neighbours(node)}
    for part in node.parts():
        for one in _placed(part, publication, strict=strict, only=only):
            yield _Placed(one.link, one.strict, one.only, again=True) if id(one.link) in second else one


def _neighbours(node: Node) -> Iterator[tuple[Link, Link]]:
    """Links to one address that stand side by side below `node`, with nothing but spaces between."""
    before: Link | None = None
    for part in node.parts():
        if isinstance(part, Link):
            if before is not None and before.href == part.href and before.line == part.line:
                yield before, part
            before = part
        elif not (isinstance(part, Text) and not part.text.strip()):
            before = None


def _words_of(link: Link) -> Iterator[Finding]:
    text = text_of(*link.children).strip()
    if not text:
        if not any(isinstance(part, Pictured) for part in walk(link)):
            yield rules.LINK_EMPTY.at(link.line, "the link to {href} has no text", href=link.href)
    elif _FRAME.sub("", text).lower() in _EMPTY_WORDS:
        template = "“{text}” is all that the link to {href} says"
        yield editorial.LINK_TEXT.at(link.line, template, quote=text, text=text, href=link.href)
    elif text.endswith(("…", "...")) and _CUT in {len(text), len(text.rstrip("….")), len(text) - 3}:
        template = "the words of the link were cut after {count} characters: “{text}”"
        yield editorial.LINK_CUT.at(link.line, template, quote=text, count=_CUT, text=text)


def _address_of(link: Link, secure: set[str]) -> Iterator[Finding]:
    parameters = [name for name, _ in parse_qsl(urlsplit(link.href).query, keep_blank_values=True)]
    tracking = list(dict.fromkeys(name for name in parameters if TRACKING.fullmatch(name)))
    if tracking:
        names = ", ".join(tracking)
        yield rules.LINK_TRACKING.at(
            link.line, "{href} carries {names}", quote=tracking[0], href=link.href, names=names
        )
    if link.scheme in {"http", "https"} and doubled_slash(link.href):
        yield editorial.LINK_SIMPLIFY.at(link.line, "{href} has two slashes in its path", href=link.href)
    if insecure(link.href, secure):
        yield editorial.LINK_INSECURE.at(link.line, "{href}: {host} answers over https", href=link.href, host=link.host)


def _pieces(issue: Issue) -> Iterator[Finding]:
    for node in issue.walk():
        for before, link in _neighbours(node):
            one, other = text_of(*before.children), text_of(*link.children)
            template = "“{one}” and “{other}” are two links side by side to {href}"
            yield editorial.LINK_FRAGMENTED.at(link.line, template, one=one, other=other, href=link.href)


def _repeated(placed: Sequence[_Placed], recent: Recent) -> Iterator[Finding]:
    first: dict[str, _Placed] = {}
    for one in placed:
        link, known = one.link, first.setdefault(one.link.href, one)
        if known is not one and not one.again and not (known.only and one.only and known.only != one.only):
            template = "{href} is also linked on line {line}"
            rule = editorial.LINK_REPEATED if one.strict else rules.LINK_DUPLICATE
            yield rule.at(link.line, template, href=link.href, line=known.link.line)
        elif one.strict and known is one and link.href in recent:
            name, line = recent[link.href]
            template = "{href} was linked in {issue} before, on line {line}"
            yield editorial.LINK_REPEATED.at(link.line, template, href=link.href, issue=name, line=line)


def _bare(addresses: Iterable[Address], lines: Sequence[str]) -> Iterator[Finding]:
    for address in addresses:
        before = lines[address.spot.line - 1][: address.spot.column]
        if address.bare and not _BROKEN.search(before):
            template = "the address {address} stands bare in the text"
            yield editorial.LINK_BARE.at(address.spot.line, template, quote=address.written, address=address.written)
