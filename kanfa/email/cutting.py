"""Where a mail ends that Gmail would clip: at a section, with a link to the rest on the web page.

A cut keeps a beginning of the issue: whole sections, or, where not even the first fits, whole passages of it.
The mail says itself where it ends (`Rest.words`), in the HTML as in the text, and that is what parity believes:
`declared` and `declared_in_text` find the cut in the finished mail, and everything before it must be there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeVar
from urllib.parse import urlsplit

from kanfa.email.size_rules import CUT, CUT_IMPOSSIBLE, CUT_WITHOUT_ADDRESS
from kanfa.email.sizes import is_clipped
from kanfa.email.text import RULE
from kanfa.email.writer import EmailWriter
from kanfa.findings import Finding
from kanfa.issue.model import Issue
from kanfa.labels import is_chinese
from kanfa.placing import fold
from kanfa.portions import latest, passages, portion
from kanfa.publication import Publication
from kanfa.text import words_of

T = TypeVar("T")
CONTINUE: Final = "continue"
"""Class of the element that says where the mail ends; the only one of that class (`email/parts/continue.mjml.j2`)."""


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


def stops(issue: Issue) -> list[Stop]:
    """Every place where the mail of `issue` may end, in reading order: before each passage but the first."""
    row, count = passages(issue), len(issue.sections)
    return [
        Stop(
            kept=kept,
            left=len(row) - kept,
            line=following.line,
            title=following.title,
            anchor=following.anchor,
            sections=(before.section + 1, count - before.section - 1),
            whole=following.section > before.section,
        )
        for kept, (before, following) in enumerate(pairwise(row), 1)
    ]


def beginning(issue: Issue, stop: Stop) -> Issue:
    """The issue up to `stop`. Footnotes that only the rest calls are gone, and addresses that only it links to;
    all others keep their numbers, and notes that nothing calls stay."""
    return portion(issue, 0, stop.kept, uncalled=True)


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


def declared(words: str, addresses: Collection[str], issue: Issue, publication: Publication) -> Issue | None:
    """The part of `issue` that a finished page says it holds; None: all of it.

    `words` and `addresses` are those of its element of the class CONTINUE, which no text of an issue can make: an
    issue that quotes the sentence, or links to its own page, declares nothing.
    """
    flat = fold(words)
    said = [(flat.find(fold(sentence(stop, issue.language))), stop) for stop in _allowed(issue, publication)]
    found = min(((place, stop.kept, stop) for place, stop in said if place >= 0), default=None)
    if found is None or rest_of(issue, publication, found[-1]).href not in addresses:
        return None
    return beginning(issue, found[-1])


def declared_in_text(text: str, issue: Issue, publication: Publication) -> Issue | None:
    """The part of `issue` that a finished text says it holds; None: all of it.

    A divider, the sentence and the address of the rest stand together, as `read_on` writes them at the left edge:
    the text of an issue has an empty line below a divider, or is indented.
    """
    for block in text.split("\n\n"):
        if not block.startswith(f"{RULE}\n"):
            continue
        said = fold(block.removeprefix(RULE))
        for stop in _allowed(issue, publication):
            end = f"\n<{rest_of(issue, publication, stop).href}>"
            if said.startswith(fold(sentence(stop, issue.language))) and block.endswith(end):
                return beginning(issue, stop)
    return None


def _allowed(issue: Issue, publication: Publication) -> list[Stop]:
    """A mail ends early only where the settings have it cut."""
    return stops(issue) if publication.email.too_long == "cut" else []


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
        made = write(beginning(issue, stop), rest_of(issue, publication, stop))
        return None if is_clipped(made[1]) else made

    found = last_that_fits(issue, attempt)
    if found is None:
        first = next(iter(issue.body()), None)
        finding = CUT_IMPOSSIBLE.at(first.line if first else 1, "the first passage alone is longer than Gmail shows")
        return replace(whole, findings=(finding,))
    stop, (writer, html) = found
    return Fitted(beginning(issue, stop), rest_of(issue, publication, stop), writer, html, (_finding(stop),))


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
    found = latest(at_sections, attempt)
    if found is not None:
        return found
    first = at_sections[0].kept if at_sections else len(every) + 1
    return latest([stop for stop in every if stop.kept < first], attempt)
