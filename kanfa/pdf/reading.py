"""What a reader gets back out of the finished PDF: its text, its links, the words of its pictures."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from kanfa.formats import Artifact, Reading
from kanfa.issue.model import Code, CodeBlock, Image, Inline, Issue, Math, MathBlock, Node, Text
from kanfa.parity import substitutes
from kanfa.pdf.anatomy import Anatomy, dissect, page_texts
from kanfa.pdf.bidi import with_the_same_letters
from kanfa.pdf.limits import GEOMETRIES
from kanfa.placing import fold
from kanfa.publication import Publication

BULLETS = frozenset("▪–·")
"""The list markers of print.css; numbers end in a full stop."""


def read_back(artifact: Artifact, issue: Issue, publication: Publication) -> Iterable[Reading]:
    """One reading, made from the bytes alone.

    Annotations of one address that follow each other count as one link: a link over two lines has two of them.
    Formulas come back as the TeX of their alternative text. The picture of the cover belongs to the edition.
    """
    data = artifact.files["issue.pdf"]
    parts = dissect(data)
    text = flow_of(data, parts, issue, publication)
    links = tuple(uri for uri, _ in groupby(link.uri for link in parts.links if link.uri))
    figures = tuple(figure.alt for figure in parts.figures if figure.page >= parts.body)
    yield Reading("pdf", text, links, (*figures, *substitutes(text, issue)))


def flow_of(data: bytes, parts: Anatomy, issue: Issue, publication: Publication) -> str:
    """The text of a finished file in reading order.

    Running headers and page numbers are left out by their place on the page, list markers because they are
    drawn after the page's text and would stand in the midst of what goes on overleaf. Cover and contents
    repeat the headings, so they come last and nobody takes them for the headings themselves. Where a line with
    right-to-left words can be read in several ways, the issue says which is meant.
    """
    written = "".join(map(_folded, issue.walk()))

    def choose(candidates: list[str]) -> str:
        sure = next((text for text in candidates if fold(text) in written), "")
        return sure or with_the_same_letters(fold(candidates[0]), written) or candidates[0]

    pages = page_texts(data, GEOMETRIES[publication.pdf.page_size], choose=choose)
    clean = [without_markers(page, count) for page, count in zip(pages, parts.markers, strict=True)]
    return "\n".join([*clean[parts.body - 1 :], *clean[: parts.body - 1]])


def _folded(node: Node) -> str:
    """What a node itself puts into the text, folded: its characters, or the words that stand for a picture.

    A block begins with a line feed, which no line of a page holds: none is taken for the end of one and the
    beginning of the next.
    """
    start = "" if isinstance(node, Inline) else "\n"
    match node:
        case Text() | Code():
            return fold(node.text)
        case CodeBlock():
            return start + fold(node.title) + fold(node.text)
        case Image() | Math() | MathBlock():
            return start + fold(node.words)
    return start


def without_markers(text: str, count: int) -> str:
    """`text` of a page without the list markers at its end; `count` is how many the tag tree has for it."""
    for _ in range(count):
        head, _, last = text.rstrip().rpartition("\n")
        *before, word = last.split() or [""]
        if word not in BULLETS and not (word.endswith(".") and word[:-1].isdigit()):
            break
        text = head + "\n" + " ".join(before)
    return text
