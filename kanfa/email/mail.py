"""A finished mail, parsed once for all checks: tree, styles, and where each thing stands in issue.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from lxml import etree

from kanfa.email.dom import Element, in_class, parse_html
from kanfa.email.theme import style_of
from kanfa.formats import Artifact
from kanfa.issue.model import Code, CodeBlock, Image, Issue, Node, Section, Table, Text, walk
from kanfa.publication import Publication

Style = dict[str, str]
HIDDEN: Final = "preheader"
"""Class of the hidden preview text."""


@dataclass(frozen=True)
class Mail:
    """`email.html` with what checks ask of it again and again. Not slotted: properties are kept."""

    html: str
    issue: Issue
    publication: Publication
    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def of(cls, artifact: Artifact, issue: Issue, publication: Publication) -> Mail:
        """The mail of an artifact; bytes that are no UTF-8 become U+FFFD, which is a finding of its own."""
        return cls(artifact.files["email.html"].decode(errors="replace"), issue, publication, artifact.files)

    @cached_property
    def root(self) -> Element:
        """The `html` element."""
        return parse_html(self.html)

    @cached_property
    def elements(self) -> list[Element]:
        """All elements in document order, without comments."""
        return [element for element in self.root.iter() if isinstance(element.tag, str)]

    @cached_property
    def body(self) -> list[Element]:
        """The elements below body."""
        return [element for element in self.elements if any(node.tag == "body" for node in element.iterancestors())]

    @cached_property
    def styles(self) -> dict[Element, Style]:
        """The `style` attribute of each element that has one; of a property named twice the last value counts."""
        texts = {element: style for element in self.elements if (style := element.get("style"))}
        # a mail has few different style attributes, so each text is parsed once
        parsed = {text: {name: value for name, value, _ in style_of(text)} for text in dict.fromkeys(texts.values())}
        return {element: dict(parsed[text]) for element, text in texts.items()}

    @cached_property
    def sheets(self) -> list[str]:
        """The text of each style block."""
        return [element.text or "" for element in self.elements if element.tag == "style"]

    @cached_property
    def comments(self) -> list[str]:
        """The text of each comment."""
        return [comment.text or "" for comment in self.root.iter(etree.Comment)]

    @cached_property
    def texts(self) -> list[tuple[Element, str]]:
        """Every piece of visible text with the element it stands in; hidden preview, style and title left out."""
        found: list[tuple[Element, str]] = []
        for element in self.body:
            if in_class(element, HIDDEN):
                continue
            pieces = [element.text or "", *(child.tail or "" for child in element)]
            found.extend((element, piece) for piece in pieces if piece.strip())
        return found

    @cached_property
    def ends_early(self) -> bool:
        """Whether the mail ends with a link to the rest, so that it was made as long as Gmail shows."""
        return any(in_class(element, "continue") for element in self.body)

    @cached_property
    def own_words(self) -> str:
        """Every string of the issue and of the settings: what may look like a template mark or an escape."""
        return every_string(self.issue, self.publication)

    def effective(self, element: Element, name: str) -> str:
        """The value of an inherited property: the nearest one in a style attribute; empty when there is none."""
        for node in (element, *element.iterancestors()):
            value = self.styles.get(node, {}).get(name)
            if value:
                return value
        return ""

    def path(self, element: Element) -> str:
        """Where an element stands in the HTML."""
        return str(self.root.getroottree().getpath(element))

    # -- lines of issue.md

    @cached_property
    def link_lines(self) -> dict[str, int]:
        """Line of the first link to each address, its last slashes left out; earlier issues come last."""
        lines: dict[str, int] = {}
        links = [(link.href, link.line) for link in self.issue.links()]
        for href, line in links + [(earlier.href, earlier.line) for earlier in self.issue.previous]:
            lines.setdefault(href.rstrip("/"), line)
        return lines

    def line_of_link(self, href: str) -> int:
        """Line of the first link with that address, else 1."""
        return self.link_lines.get(href.rstrip("/"), 1)

    def line_of_image(self, alt: str, src: str = "") -> int:
        """Line of the first picture or formula with that address or, failing that, with those words; else 1."""
        images = [*([self.issue.cover] if self.issue.cover else []), *self.issue.pictured()]
        exact = [image.line for image in images if src and isinstance(image, Image) and image.src == src]
        return next(iter(exact + [image.line for image in images if image.label == alt]), 1)

    @cached_property
    def written(self) -> list[tuple[str, int]]:
        """Each run of text and code of the issue with its line, in reading order."""
        nodes = [node for node in self.issue.walk() if isinstance(node, Text | Code | CodeBlock)]
        titles = [(node.title, node.line) for node in nodes if isinstance(node, CodeBlock) and node.title]
        return [*((node.text, node.line) for node in nodes), *titles]

    def line_of_text(self, text: str) -> int:
        """Line of the first node that holds the text, else of the title when it does, else 1."""
        for words, line in self.written:
            if text in words:
                return line
        return self.issue.line_of("title") if text in self.issue.title else self.issue.line_of("summary")

    def line_of_table(self, position: int) -> int:
        """Line of the data table at that 0-based position, else 1."""
        tables = [node.line for node in self.issue.walk() if isinstance(node, Table)]
        return tables[position] if position < len(tables) else 1

    def line_of_largest_section(self) -> int:
        """Line of the section that holds most text, else 1."""
        sections = sorted(self.issue.sections, key=lambda section: -_weight(section))
        return sections[0].line if sections else 1


def _weight(section: Section) -> int:
    return sum(len(node.text) for node in walk(section) if isinstance(node, Text | Code | CodeBlock))


def strings_of(issue: Issue) -> Iterator[tuple[str, int]]:
    """All text an editor gave with its line: metadata, tree, addresses, earlier issues."""
    for name in ("title", "summary", "publisher"):
        yield getattr(issue, name), issue.line_of(name)
    for name in ("authors", "editors"):
        yield from ((person, issue.line_of(name)) for person in getattr(issue, name))
    nodes: list[Node] = [*issue.walk(), *([issue.cover] if issue.cover else [])]
    for node in nodes:
        names = ("text", "href", "src", "alt", "title", "tex")
        yield from ((value, node.line) for name in names if isinstance(value := getattr(node, name, None), str))
    for earlier in issue.previous:
        yield from ((earlier.title, earlier.line), (earlier.href, earlier.line))


def every_string(issue: Issue, publication: Publication) -> str:
    """All text an editor gave, in one string: source, tree, metadata, addresses, settings."""
    settings = (publication.name, publication.tagline, publication.publisher, publication.licence)
    return "\n".join((issue.source, *(text for text, _ in strings_of(issue)), *settings))
