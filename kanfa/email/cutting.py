"""Where a mail ends that Gmail would clip: at a section, with a link to the rest on the web page.

A cut keeps a beginning of the issue: whole sections, or, where not even the first fits, whole passages of it.
The mail says itself where it ends (`Rest.words`), in the HTML as in the text, and that is what parity believes:
`declared` finds the cut in the finished words, and everything before it must be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar
from urllib.parse import urlsplit

from kanfa.email.size_rules import CUT, CUT_IMPOSSIBLE, CUT_WITHOUT_ADDRESS
from kanfa.email.sizes import is_clipped
from kanfa.email.writer import EmailWriter
from kanfa.findings import Finding
from kanfa.issue.model import Issue, List, Node, Note, NoteRef, Section, walk
from kanfa.labels import is_chinese
from kanfa.placing import fold
from kanfa.publication import Publication
from kanfa.text import words_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where a mail may end: before a passage, which is an item of a list or any other block."""

    kept: int
    """Passages before it."""
    left: int
    """Passages behind it."""
    line: int
    """Source line of what follows: a heading or a passage."""
    title: str
    """Title of the section or group that follows, or that is interrupted; empty for the preamble."""
    anchor: str
    """Its anchor on the web page."""
    sections: tuple[int, int]
    """Sections of level 1 that are kept, in part or whole, and those that are not begun."""
    whole: bool
    """Whether a section of level 1 begins here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A title of what follows, and where it stands on the web page."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Rest:
    """What a mail says where it ends early; the template `email/parts/continue.mjml.j2` shows it."""

    words: str
    """One sentence with the number of passages that follow: no two stops of an issue share it."""
    label: str
    """Words of the button."""
    href: str
    """Where the rest begins on the web page."""
    entries: tuple[Entry, ...]
    """The sections that follow, the interrupted one first."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The same for the plain text; the address stands below them."""
        return (self.words, *(f"- {entry.title}" for entry in self.entries))


@dataclass(frozen=True, slots=True)
class _Passage:
    line: int
    title: str
    anchor: str
    section: int
    """0-based section of level 1; -1 in the preamble."""
    opens: bool
    """Whether its section of level 1 begins with it."""


def stops(issue: Issue) -> list[Stop]:
    """Every place where the mail of `issue` may end, in reading order: before each passage but the first."""
    passages = list(_passages(issue.preamble, "", "", -1))
    for index, section in enumerate(issue.sections):
        first, *others = _passages((section,), "", "", index)
        passages += [replace(first, opens=True), *others]
    count = len(issue.sections)
    found = []
    for kept, (before, following) in enumerate(pairwise(passages), 1):
        begun = before.section + 1
        found.append(
            Stop(
                kept,
                len(passages) - kept,
                following.line,
                following.title,
                following.anchor,
                (begun, count - begun),
                following.opens,
            )
        )
    return found


def _passages(nodes: Iterable[Node], title: str, anchor: str, section: int) -> Iterator[_Passage]:
    for node in nodes:
        if isinstance(node, Section):
            words = words_of(*node.title)
            inner = list(_passages((*node.blocks, *node.groups), words, node.anchor, section))
            first, *others = inner or [_Passage(node.line, words, node.anchor, section, False)]
            yield replace(first, line=node.line, title=words, anchor=node.anchor)  # it begins with the heading
            yield from others
        elif isinstance(node, List) and node.items:
            yield from (_Passage(item.line, title, anchor, section, False) for item in node.items)
        else:
            yield _Passage(node.line, title, anchor, section, False)


def shortened(issue: Issue, stop: Stop) -> Issue:
    """The issue up to `stop`. Footnotes that only the rest calls are gone, and addresses that only it links to;
    all others keep their numbers."""
    room = stop.kept
    preamble, room = _first(issue.preamble, room)
    sections, _ = _first(issue.sections, room)
    kept = {note.number for note in _called((*preamble, *sections), issue.notes)}
    everywhere = {part.number for node in issue.body() for part in walk(node) if isinstance(part, NoteRef)}
    notes = tuple(note for note in issue.notes if note.number in kept or note.number not in everywhere)
    cut = replace(issue, preamble=preamble, sections=sections, notes=notes)
    linked = {link.href for link in cut.links()}
    return replace(cut, references=tuple(one for one in issue.references if one.href in linked))


def _first(nodes: tuple[T, ...], room: int) -> tuple[tuple[T, ...], int]:
    """The first nodes as far as `room` passages go, the last of them in part, and the room that is left."""
    kept: list[T] = []
    for node in nodes:
        if room <= 0:
            break
        count = _count(node)
        kept.append(node if count <= room else _part(node, room))
        room -= count
    return tuple(kept), max(0, room)


def _count(node: object) -> int:
    if isinstance(node, Section):
        return max(1, sum(map(_count, (*node.blocks, *node.groups))))
    return max(1, len(node.items)) if isinstance(node, List) else 1


def _part(node: T, room: int) -> T:
    if isinstance(node, List):
        return replace(node, items=node.items[:room])
    if isinstance(node, Section):
        blocks, room = _first(node.blocks, room)
        return replace(node, blocks=blocks, groups=_first(node.groups, room)[0])
    raise TypeError(f"{type(node).__name__} is one passage and has no parts")


def _called(nodes: Sequence[Node], notes: Sequence[Note]) -> list[Note]:
    """The notes that `nodes` call, and those that such notes call."""
    by_number = {note.number: note for note in notes}
    found: dict[int, Note] = {}
    waiting = list(nodes)
    while waiting:
        for part in walk(waiting.pop()):
            note = by_number.get(part.number) if isinstance(part, NoteRef) else None
            if note is not None and note.number not in found:
                found[note.number] = note
                waiting.append(note)
    return list(found.values())


# ---------------------------------------------------------------- what the mail says


def sentence(stop: Stop, language: str) -> str:
    """What stands where the mail ends. The number in it tells the stops of one issue apart."""
    if is_chinese(language):
        return f"邮件到这里为止，后面还有 {stop.left} 段，都在网页上："
    if stop.left == 1:
        return "This mail ends here; 1 more passage follows on the web:"
    return f"This mail ends here; {stop.left} more passages follow on the web:"


def rest_of(issue: Issue, publication: Publication, stop: Stop) -> Rest:
    """What the mail of `issue` that ends at `stop` says about the rest."""
    address = publication.issue_url(issue.slug)
    begun, _ = stop.sections
    following = issue.sections[begun:]
    entries = [Entry(words_of(*section.title), f"{address}#{section.anchor}") for section in following]
    if not stop.whole and stop.title:
        more = f"{stop.title}（续）" if is_chinese(issue.language) else f"{stop.title} (continued)"
        entries.insert(0, Entry(more, _at(address, stop)))
    return Rest(
        words=sentence(stop, issue.language),
        label="继续阅读" if is_chinese(issue.language) else "Continue reading",
        href=_at(address, stop),
        entries=tuple(entry for entry in entries if entry.title),
    )


def _at(address: str, stop: Stop) -> str:
    return f"{address}#{stop.anchor}" if stop.anchor else address


def declared(words: str, addresses: Iterable[str], issue: Issue, publication: Publication) -> Issue | None:
    """The part of `issue` that a finished mail says it holds, from its words and addresses; None: all of it.

    A mail ends early only where the settings allow it, where it says so, and where it leads to the rest.
    """
    if publication.email.too_long != "cut":
        return None
    flat, there = fold(words), set(addresses)
    places = [(flat.rfind(fold(sentence(stop, issue.language))), stop) for stop in stops(issue)]
    said = [(place, stop) for place, stop in places if place >= 0]
    if not said:
        return None
    _, stop = max(said, key=lambda one: one[0])
    return shortened(issue, stop) if rest_of(issue, publication, stop).href in there else None


# ---------------------------------------------------------------- where to cut


@dataclass(frozen=True, slots=True)
class Fitted:
    """A mail that Gmail shows whole, or one that cannot be made so."""

    issue: Issue
    """The part of the issue that it holds."""
    rest: Rest | None
    writer: EmailWriter
    html: str
    findings: tuple[Finding, ...] = ()


def fitted(
    issue: Issue,
    publication: Publication,
    writer: EmailWriter,
    html: str,
    write: Callable[[Issue, Rest], tuple[EmailWriter, str]],
) -> Fitted:
    """The mail as it is when Gmail shows it whole, or kanfa.toml does not have it cut; else the mail that ends early.

    `writer` and `html` are those of the whole issue; `write` makes the mail of a part. A finding names the place of
    the cut, or says why there is none; then the mail stays whole, and its length is the error of rule EML011.
    """
    whole = Fitted(issue, None, writer, html)
    if publication.email.too_long != "cut" or not is_clipped(html):
        return whole
    if not has_address(publication):
        message = "the mail is too long and cannot lead to the rest: url is {url}"
        return replace(whole, findings=(CUT_WITHOUT_ADDRESS.at(1, message, url=publication.url),))

    def attempt(stop: Stop) -> tuple[EmailWriter, str] | None:
        made = write(shortened(issue, stop), rest_of(issue, publication, stop))
        return None if is_clipped(made[1]) else made

    found = last_that_fits(issue, attempt)
    if found is None:
        first = next(iter(issue.body()), None)
        finding = CUT_IMPOSSIBLE.at(first.line if first else 1, "the first passage alone is longer than Gmail shows")
        return replace(whole, findings=(finding,))
    stop, (writer, html) = found
    return Fitted(shortened(issue, stop), rest_of(issue, publication, stop), writer, html, (_finding(stop),))


def _finding(stop: Stop) -> Finding:
    title, sections, items = stop.title, stop.sections[1], stop.left
    if stop.whole and not title:
        message = "the mail ends before an untitled section: {sections} with {items} passages are on the web page only"
        return CUT.at(stop.line, message, sections=sections, items=items)
    if stop.whole:
        message = "the mail ends before “{title}”: {sections} sections with {items} passages are on the web page only"
        return CUT.at(stop.line, message, quote=title, title=title, sections=sections, items=items)
    if title:
        message = "the mail ends within “{title}”: {items} passages, {sections} more sections, are on the web page only"
        return CUT.at(stop.line, message, title=title, sections=sections, items=items)
    message = "the mail ends within the opening: {items} passages, {sections} sections, are on the web page only"
    return CUT.at(stop.line, message, sections=sections, items=items)


def has_address(publication: Publication) -> bool:
    """Whether the issue's page can be read: the default host ends in `.invalid` (RFC 2606)."""
    return not (urlsplit(publication.url).hostname or "").endswith(".invalid")


def last_that_fits(issue: Issue, attempt: Callable[[Stop], T | None]) -> tuple[Stop, T] | None:
    """The latest stop that `attempt` makes a mail for, with that mail; None when not even one passage fits.

    Sections of level 1 come first; passages are only tried where not even the first section fits whole.
    `attempt` returns None for a mail that is too long; it is called some log2(n) times.
    """
    every = stops(issue)
    at_sections = [stop for stop in every if stop.whole and stop.sections[0] > 0]
    found = _latest(at_sections, attempt)
    if found is not None:
        return found
    first = at_sections[0].kept if at_sections else len(every) + 1
    return _latest([stop for stop in every if stop.kept < first], attempt)


def _latest(candidates: Sequence[Stop], attempt: Callable[[Stop], T | None]) -> tuple[Stop, T] | None:
    """Binary search: a mail that ends later is longer."""
    best: tuple[Stop, T] | None = None
    low, high = 0, len(candidates)
    while low < high:
        middle = (low + high) // 2
        made = attempt(candidates[middle])
        if made is None:
            high = middle
        else:
            best, low = (candidates[middle], made), middle + 1
    return best
