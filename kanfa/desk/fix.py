"""`kanfa fix`: the changes to an issue's text that leave its sense alone.

Changes come from the hits of lint that carry a replacement, and from addresses. Each is an `Edit`: an exact span of
one line, so code, marks, other lines, line ends and the byte order mark cannot change. A batch that would alter
anything but words and addresses (a mark that becomes a list, say) is taken apart, and the culprit left out.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

from kanfa.errors import SourceError, UsageError
from kanfa.findings import Rule
from kanfa.issue import editorial_rules as editorial
from kanfa.issue import rules, suppress
from kanfa.issue.addresses import Fault, normal
from kanfa.issue.lint import hits_of
from kanfa.issue.lint_links import TRACKING, insecure
from kanfa.issue.model import Code, CodeBlock, Image, Issue, Link, Math, MathBlock, Text
from kanfa.issue.prose import Address, Prose, prose_of
from kanfa.issue.reader import decode, read
from kanfa.publication import Publication
from kanfa.release.files import replace_file

FIXABLE: tuple[Rule, ...] = (
    rules.LINK_TRACKING,
    rules.PUNCT_HALFWIDTH,
    rules.CHAR_INVISIBLE,
    editorial.LINK_INSECURE,
    editorial.LATIN_FULLWIDTH,
    editorial.ELLIPSIS,
    editorial.GLOSSARY,
    editorial.NAME_SPELLING,
    editorial.COPYEDIT_MARKS,
    editorial.SPACE_DOUBLED,
)
"""The rules whose findings, or some of them, have one safe answer."""

MAX_ROUNDS = 5
"""Rounds until nothing is left to change; one change can uncover another (two spaces where a no-break space was)."""

MAX_CHECKS = 50
"""How often a batch with a culprit in it is halved, the issue read anew each time; what is left then stays as it is."""

_FIELDS = frozenset({rules.PUNCT_HALFWIDTH.id, rules.CHAR_INVISIBLE.id, editorial.GLOSSARY.id})
"""The rules that may change title and summary in the front matter."""
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUERY = re.compile(r"([^?#]*)\?([^#]*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One change: at 1-based `line` and 0-based `column`, `old` becomes `new`."""

    line: int
    column: int
    old: str
    new: str
    rule: str
    """Id of the rule that asks for it."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What `fixed` made of a text."""

    text: str
    edits: tuple[Edit, ...]
    """In the order in which they were made; lines never shift."""


def plan(source: str, file: str, publication: Publication | None, only: Collection[str] = ()) -> list[Edit]:
    """The safe changes to `source`, apart from each other and in order.

    `only` names the rules to follow, all of `FIXABLE` when empty. Where two rules ask for one place, the first of the
    text's own rules counts. What a comment in the text allows, and rules that the publication switched off, change
    nothing. Raises SourceError as the reader does.
    """
    issue = read(source, file, publication).issue
    prose = prose_of(issue)
    off = set(publication.lint.off) if publication is not None else set()
    allowed = suppress.collect(issue.source)
    taken: dict[int, list[Edit]] = {}
    for edit in (*_of_words(prose, publication), *_of_addresses(prose, issue)):
        wanted = edit.rule in only if only else edit.rule not in off
        permitted = any(edit.rule in one.rules and one.reason and one.first <= edit.line <= one.last for one in allowed)
        others = taken.setdefault(edit.line, [])
        if wanted and not permitted and edit.old != edit.new and not any(_overlap(edit, other) for other in others):
            others.append(edit)
    return sorted(edit for edits in taken.values() for edit in edits)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all `edits` made; its line ends and its byte order mark stay as they are.

    Raises UsageError for edits that overlap, and for one whose `old` does not stand at its place.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    rest = text.removeprefix(mark)
    lines, ends = _LINE_END.split(rest), [*_LINE_END.findall(rest), ""]
    done: Edit | None = None
    for edit in sorted(edits, reverse=True):
        line = lines[edit.line - 1] if 0 < edit.line <= len(lines) else ""
        if done is not None and _overlap(edit, done):
            raise UsageError(f"two changes overlap on line {edit.line}: {edit.rule} and {done.rule}")
        if not line.startswith(edit.old, edit.column) or edit.column > len(line):
            raise UsageError(f"line {edit.line} is not the one that was read: “{edit.old}” is not there; run it again")
        lines[edit.line - 1] = line[: edit.column] + edit.new + line[edit.column + len(edit.old) :]
        done = edit
    return mark + "".join(line + end for line, end in zip(lines, ends, strict=True))


def fixed(text: str, file: str, publication: Publication | None, only: Collection[str] = ()) -> Fixed:
    """`text` with every safe change made, until none is left. Doing it twice changes nothing more."""
    made: list[Edit] = []
    refused: set[Edit] = set()
    for _ in range(MAX_ROUNDS):
        edits = [edit for edit in plan(_unmarked(text), file, publication, only) if edit not in refused]
        kept = _harmless(text, edits, file, publication)
        refused |= set(edits) - set(kept)
        if not kept:
            break
        text = apply(text, kept)
        made += kept
    return Fixed(text, tuple(made))


def difference(before: str, after: str, file: str) -> str:
    """A unified diff, or nothing. Line ends are shown as plain ones."""
    old, new = ([f"{line}\n" for line in _LINE_END.split(text)] for text in (before, after))
    return "".join(difflib.unified_diff(old, new, f"a/{file}", f"b/{file}", n=2))


def text_of_file(data: bytes, file: str) -> str:
    """The text of an issue file as it stands, line ends and byte order mark included. Raises SourceError."""
    decode(data, file)
    return data.decode("utf-8")


def write(path: Path, before: bytes, after: str) -> None:
    """Put `after` in the place of the file, all or nothing; its mode is kept.

    Raises UsageError when the file is no longer `before`, or cannot be written.
    """
    target = path.resolve()
    try:
        if target.read_bytes() != before:
            raise UsageError(f"{path} was changed in the meantime; nothing was written. Run it again.")
        replace_file(target, after.encode("utf-8"), mode=target.stat().st_mode & 0o7777)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None


# ---------------------------------------------------------------- where the changes come from


def _of_words(prose: Prose, publication: Publication | None) -> Iterator[Edit]:
    for hit in hits_of(prose, publication).all():
        spot = hit.passage.spot(hit.start, hit.end) if hit.new is not None else None
        if spot and hit.new is not None and (hit.passage.kind != "field" or hit.rule.id in _FIELDS):
            yield Edit(spot.line, spot.column, hit.old, hit.new, hit.rule.id)


def _of_addresses(prose: Prose, issue: Issue) -> Iterator[Edit]:
    """Changes to addresses, each as small as it can be, so that several can change one address."""
    lines = issue.source.split("\n")
    for address in prose.addresses:
        if not lines[address.spot.line - 1].startswith(address.written, address.spot.column):
            continue
        if isinstance(normal(address.written), Fault):
            continue
        yield from _tracking(address)
        if insecure(address.written):
            yield _within(address, 0, address.written[:4], "https", editorial.LINK_INSECURE)


def _tracking(address: Address) -> Iterator[Edit]:
    match = _QUERY.fullmatch(address.written)
    if match is None:
        return
    pieces = match[2].split("&")
    kept = [piece for piece in pieces if not TRACKING.fullmatch(unquote_plus(piece.partition("=")[0]))]
    if len(kept) < len(pieces):
        old, new = f"?{match[2]}", f"?{'&'.join(kept)}" if kept else ""
        yield _within(address, match.end(1), old, new, rules.LINK_TRACKING)


def _within(address: Address, at: int, old: str, new: str, rule: Rule) -> Edit:
    return Edit(address.spot.line, address.spot.column + at, old, new, rule.id)


def _overlap(one: Edit, other: Edit) -> bool:
    """Whether two edits share a character, or begin at one place."""
    if one.line != other.line:
        return False
    first, second = sorted((one, other))
    return first.column == second.column or first.column + len(first.old) > second.column


# ---------------------------------------------------------------- what must not change


def _harmless(text: str, edits: Sequence[Edit], file: str, publication: Publication | None) -> list[Edit]:
    """The edits that change nothing but words and addresses; halved again and again until the culprits are out."""
    shape = _shape(text, file, publication) if edits else []
    checks = itertools.count()

    def kept(sure: list[Edit], batch: list[Edit]) -> list[Edit]:
        if not batch or _shape(apply(text, [*sure, *batch]), file, publication) == shape:
            return [*sure, *batch]
        if len(batch) == 1 or next(checks) >= MAX_CHECKS:
            return sure
        middle = len(batch) // 2
        return kept(kept(sure, batch[:middle]), batch[middle:])

    return kept([], list(edits))


def _shape(text: str, file: str, publication: Publication | None) -> list[tuple[str, int, str]]:
    """Kind, line and content of every node in order: words and addresses left out, code and formulas not.

    Empty for front matter that cannot be read any more.
    """
    try:
        issue = read(_unmarked(text), file, publication).issue
    except SourceError:
        return []
    found = [("number", 0, str(issue.number)), ("date", 0, str(issue.date)), ("by", 0, "、".join(issue.authors))]
    for node in issue.walk():
        match node:
            case Text():
                continue
            case Code() | CodeBlock():
                inside = node.text
            case Math() | MathBlock():
                inside = node.tex
            case Image():
                inside = node.src
            case Link():
                inside = node.host
            case _:
                inside = ""
        found.append((node.method, node.line, inside))
    return found


def _unmarked(text: str) -> str:
    """The text as the reader sees it: without byte order mark, with plain line ends."""
    return _LINE_END.sub("\n", text.removeprefix("\ufeff"))
