"""One finished file with everything that a check may compare it with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kanfa.findings import Finding, Rule
from kanfa.issue.model import Issue
from kanfa.labels import Labels, labels_for
from kanfa.pdf.anatomy import Anatomy
from kanfa.pdf.limits import LIMITS, PdfLimits
from kanfa.pdf.marks import OUTSIDE, Mark
from kanfa.pdf.rules import MISSING_GLYPH
from kanfa.pdf.tags import CONTENT, PICTURES, Tag, within
from kanfa.placing import fold
from kanfa.publication import Publication

PASSAGE = 12
"""Characters by which a passage is recognised on a page."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The bytes, what stands in them, and what they were made of."""

    data: bytes
    parts: Anatomy
    texts: tuple[str, ...]
    """Text of each page, margins included."""
    marks: tuple[Mark, ...]
    """Every run of text and every picture, in the order of painting."""
    flow: str
    """The text in reading order, without running headers, page numbers and list markers."""
    issue: Issue
    publication: Publication
    families: frozenset[str]
    said: tuple[Finding, ...] = ()
    """What the renderer itself has reported: the substitutes that it made."""
    limits: PdfLimits = LIMITS

    @property
    def language(self) -> str:
        """Language tag that the file must have."""
        return self.issue.language or self.publication.language

    @property
    def labels(self) -> Labels:
        """The words that the edition adds, in its language."""
        return labels_for(self.language)

    def lines_said(self, rule: Rule) -> frozenset[int]:
        """Source lines at which the renderer has reported `rule`."""
        return frozenset(finding.line for finding in self.said if finding.rule is rule)

    @property
    def missing_glyphs(self) -> bool:
        """Whether the renderer has reported a character without glyph."""
        return bool(self.lines_said(MISSING_GLYPH))

    def written(self) -> Mapping[tuple[int, int], str]:
        """Text of each marked content by page and number."""
        found: dict[tuple[int, int], str] = defaultdict(str)
        for mark in self.marks:
            if mark.content != OUTSIDE:
                found[mark.page, mark.content] += mark.text
        return found

    def pictured(self) -> Mapping[tuple[int, int], Tag]:
        """The picture that each marked content belongs to, by page and number."""
        tags = self.parts.tags
        return {
            (leaf.page, leaf.content): tag
            for at, tag in enumerate(tags)
            if tag.name in PICTURES
            for leaf in within(tags, at)
            if leaf.name == CONTENT
        }

    def line_of(self, text: str) -> int:
        """Source line of the first passage that holds `text`, or that `text` holds; 1 if there is none."""
        wanted = fold(text)
        if not wanted:
            return 1
        lines = self.issue.source.split("\n")
        at = next((n for n, line in enumerate(lines, start=1) if wanted in fold(line)), 0)
        return at or next((n for n, line in enumerate(lines, start=1) if wanted[:PASSAGE] in fold(line)), 1)

    def line_of_picture(self, words: str) -> int:
        """Source line of the picture with these words; 1 if there is none."""
        cover: Collection[tuple[str, int]] = ()
        if self.issue.cover is not None:
            cover = ((self.issue.cover.alt or self.issue.cover.title, self.issue.cover.line),)
        named = [*((picture.label, picture.line) for picture in self.issue.pictured()), *cover]
        return next((line for label, line in named if fold(label) == fold(words)), 1)
