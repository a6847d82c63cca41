"""Parity: the proof that nothing was lost between the issue and each output.

The tree is cut into pieces of text, each with its source line; every piece must be found in the text
read back from the finished bytes, in the order of the tree. Comparison ignores white space and
invisible joiners and folds compatibility forms (NFKC), because a PDF or a mail breaks lines where it
likes. Formats may add words (numbers of references, labels, a contents list), but only between pieces:
pieces end where a format is allowed to add, that is at the borders of links, pictures and note calls.

Matching takes the heaviest ascending chain of occurrences (long pieces first), so a lost paragraph is
reported alone even when its words occur elsewhere too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from urllib.parse import unquote, urlsplit, urlunsplit

from kanfa.findings import Finding, Rule, Severity
from kanfa.formats import Reading
from kanfa.issue.model import Issue
from kanfa.placing import Piece, fold, lost_pieces, pieces_of

TEXT_MISSING = Rule(
    "PAR001",
    "text-missing",
    Severity.ERROR,
    "every sentence of the issue stands in every output",
    "house rule: nothing silently dropped",
    "look for a template or style that leaves this passage out; if the text itself is at fault, rewrite the line",
)
LINK_MISSING = Rule(
    "PAR002",
    "link-missing",
    Severity.ERROR,
    "every address of the issue stands in every output",
    "house rule: nothing silently dropped",
    "check that the link is written as [text](https://…) and that no template removes it",
)
IMAGE_MISSING = Rule(
    "PAR003",
    "image-missing",
    Severity.ERROR,
    "every picture of the issue, or its words, stands in every output",
    "house rule: nothing silently dropped",
    "give the picture an alt text and keep the file beside the issue",
)
FIELD_MISSING = Rule(
    "PAR004",
    "field-missing",
    Severity.ERROR,
    "title, summary, names and back issues stand in every output",
    "house rule: nothing silently dropped",
    "put the field back into the format's template",
)
FORMAT_FAILED = Rule(
    "PAR090",
    "format-failed",
    Severity.ERROR,
    "a format that made no artifact cannot be proved complete",
    "house rule: a release is all or nothing",
    "mend what the message names, then publish again",
)
RULES = (TEXT_MISSING, LINK_MISSING, IMAGE_MISSING, FIELD_MISSING, FORMAT_FAILED)

_SUBSTITUTE = re.compile(r"\[图|\$")
"""Where the substitute of a picture or of a formula may begin."""


def fold_address(href: str) -> str:
    """An address as parity compares it: percent-decoded, host in lower case, an empty path as `/`."""
    parts = urlsplit(href.strip())
    path = unquote(parts.path) or ("/" if parts.netloc else "")
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), path, unquote(parts.query), unquote(parts.fragment)))


def substitutes(text: str, issue: Issue) -> list[str]:
    """Labels of the pictures of `issue` whose substitutes stand in `text`, in reading order.

    The issue says which words may stand there: a label may hold brackets itself, so a substitute cannot show
    where it ends. Where several could begin, the longest is meant. For the `read_back` of formats.
    """
    if "图" not in text and "$" not in text:
        return []  # most texts of an article: the walk over the issue is for the others
    flat = fold(text)
    wanted = sorted({fold(node.words): node.label for node in issue.pictured()}.items(), key=lambda one: -len(one[0]))
    found: list[str] = []
    at = 0
    while start := _SUBSTITUTE.search(flat, at):
        words, label = next(
            ((words, label) for words, label in wanted if flat.startswith(words, start.start())), ("", "")
        )
        if words:
            found.append(label)
        at = start.start() + max(len(words), 1)
    return found


def _collapse(values: Iterable[str]) -> list[str]:
    """The values without immediate repetitions: a link over two lines is one link."""
    kept: list[str] = []
    for value in values:
        if not kept or kept[-1] != value:
            kept.append(value)
    return kept


def lost_values(expected: Sequence[str], found: Sequence[str]) -> list[int]:
    """Indexes of `expected` that `found` lacks, counted as a multiset; order says which of several equals is meant."""
    missing = Counter(expected)
    missing.subtract(Counter(found))
    if all(count <= 0 for count in missing.values()):
        return []
    lost: list[int] = []
    for code, start, end, _, _ in SequenceMatcher(None, expected, found, autojunk=False).get_opcodes():
        if code in {"delete", "replace"}:
            for index in range(start, end):
                if missing[expected[index]] > 0:
                    missing[expected[index]] -= 1
                    lost.append(index)
    for index, value in enumerate(expected):  # in `found`, but only in another order
        if missing[value] > 0 and index not in lost:
            missing[value] -= 1
            lost.append(index)
    return sorted(lost)


def _shortened(text: str, most: int = 60) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _text_findings(issue: Issue, reading: Reading) -> Iterator[Finding]:
    by_block: dict[int, list[Piece]] = {}
    for piece in lost_pieces(pieces_of(issue), reading.text):
        by_block.setdefault(piece.block, []).append(piece)
    for pieces in by_block.values():
        words = "”, “".join(_shortened(piece.text) for piece in pieces[:3])
        where, at, output = {"element": reading.output}, pieces[0].line, reading.output
        if len(pieces) > 3:
            more = len(pieces) - 3
            yield TEXT_MISSING.at(
                at, "missing from {output}: “{words}” and {more} more", **where, output=output, words=words, more=more
            )
        else:
            yield TEXT_MISSING.at(at, "missing from {output}: “{words}”", **where, output=output, words=words)


def _link_findings(issue: Issue, reading: Reading) -> Iterator[Finding]:
    links = [(fold_address(link.href), link.href, link.line) for link in issue.links()]
    found = [fold_address(href) for href in reading.links]
    if reading.each_link:
        kept = [link for at, link in enumerate(links) if not at or links[at - 1][0] != link[0]]
        lost = [kept[index] for index in lost_values([link[0] for link in kept], _collapse(found))]
    else:
        first = {link[0]: link for link in reversed(links)}
        there = set(found)
        lost = [link for address, link in first.items() if address not in there][::-1]
    for _, href, line in lost:
        where = {"element": reading.output, "output": reading.output}
        yield LINK_MISSING.at(line, "missing from {output}: {href}", href=href, **where)


def _image_findings(issue: Issue, reading: Reading) -> Iterator[Finding]:
    images = list(issue.pictured())
    expected = [fold(image.label) for image in images]
    for index in lost_values(expected, [fold(words) for words in reading.images]):
        image = images[index]
        found = {"element": reading.output, "output": reading.output, "label": _shortened(image.label)}
        yield IMAGE_MISSING.at(image.line, "missing from {output}: picture “{label}”", **found)


def _field_findings(issue: Issue, reading: Reading) -> Iterator[Finding]:
    fields = [("title", issue.title), ("summary", issue.summary), ("publisher", issue.publisher)]
    fields += [("authors", name) for name in issue.authors] + [("editors", name) for name in issue.editors]
    haystack = fold(reading.text)
    for name, value in fields:
        if fold(value) not in haystack:
            found = {"element": reading.output, "output": reading.output, "value": _shortened(value)}
            yield FIELD_MISSING.at(issue.line_of(name), "missing from {output}: {field} “{value}”", field=name, **found)
    for previous in issue.previous:
        if fold(previous.title) not in haystack:
            found = {"element": reading.output, "output": reading.output, "title": _shortened(previous.title)}
            yield FIELD_MISSING.at(previous.line, "missing from {output}: back issue “{title}”", **found)


def scope(issue: Issue) -> dict[str, int]:
    """How much every output was compared with: blocks of text, links, pictures."""
    return {
        "passages": len({piece.block for piece in pieces_of(issue)}),
        "links": sum(1 for _ in issue.links()),
        "pictures": sum(1 for _ in issue.pictured()),
    }


def compare(issue: Issue, reading: Reading) -> list[Finding]:
    """Everything of `issue` that `reading` lacks: text, links, pictures, fields; an empty list is the proof."""
    return [
        *_text_findings(issue, reading),
        *_link_findings(issue, reading),
        *_image_findings(issue, reading),
        *_field_findings(issue, reading),
    ]
