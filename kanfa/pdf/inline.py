"""What stands within a line of the PDF edition: text with its gaps, marks, pictures, formulas, readings, links."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from kanfa.findings import Finding
from kanfa.html import HtmlWriter, el
from kanfa.issue.model import (
    Callout,
    Code,
    CodeBlock,
    Details,
    Image,
    Inline,
    Issue,
    LineBreak,
    Link,
    List,
    Math,
    MathBlock,
    Node,
    NoteRef,
    Pictured,
    PreviousIssue,
    Quote,
    Ruby,
    Text,
    text_of,
    walk,
)
from kanfa.labels import Labels
from kanfa.pdf import drawings, typography
from kanfa.pdf.fetcher import Picture
from kanfa.pdf.limits import FORMULA_MARK, GEOMETRIES, LIMITS, LINK_SCHEMES, POINTS_PER_MM, Geometry
from kanfa.pdf.rules import FORMULA_TOO_WIDE, LINK_TARGET, PICTURE_MISSING, PICTURE_REMOTE, TOO_DEEP
from kanfa.text import width_of

CONTAINERS = List | Quote | Details | Callout
"""Blocks that take width from what stands in them."""
SMALL_PICTURE = 128
"""Pixels of height up to which a picture within text is a sign among letters and is set at their size."""
BELOW_READING = Code | Image | LineBreak | Math | NoteRef | Ruby
"""Inline nodes with a size of their own: no reading can stand above them."""


NARROW = {"“": "latin", "”": "latin", "‘": "latin opening", "’": "latin closing"}
"""CSS classes of the curly marks in a Latin passage (print.css)."""


class InlineWriter(HtmlWriter):
    """The inline half of the PDF edition's writer. `findings` grows with each substitute that it makes.

    `numbered`: each link is followed by the number of its address in `addresses`, for readers on paper.
    """

    def __init__(
        self, issue: Issue, labels: Labels, geometry: Geometry = GEOMETRIES["A4"], *, numbered: bool = False
    ) -> None:
        super().__init__(issue)
        self.labels = labels
        self.geometry = geometry
        self.numbered = numbered
        self.addresses: dict[str, int] = {}
        """Addresses that a reader on paper cannot see, with their numbers, in the order of the links."""
        self.findings: list[Finding] = []
        self.drawings: dict[str, Picture] = {}
        """Formulas and QR codes by the names under which the HTML shows them."""
        self._followers: dict[int, str] = {}
        self._latin: set[int] = set()
        self._depth = 0
        self._inline_depth = 0
        self._in_link = False
        self._in_table = False
        self._first: set[int] = set()

    # -- depth

    def _room(self) -> float:
        """Points from margin to margin that containers have left, at least."""
        return (self.geometry.text_width - LIMITS.nesting_width * self._depth) * POINTS_PER_MM

    def write(self, node: Node) -> Markup:
        """The HTML of one node; a node nested beyond the limits gives its words and a finding."""
        inline = isinstance(node, Inline)
        if inline and node.parts() and self._inline_depth >= LIMITS.max_inline_nesting:
            return self._words_of(node)
        if isinstance(node, CONTAINERS) and self._depth >= LIMITS.max_nesting:
            return self._words_of(node)
        if not inline:
            return self._block(node)
        self._inline_depth += 1
        result = super().write(node)
        self._inline_depth -= 1
        return result

    def _begin(self, inlines: Sequence[Node]) -> None:
        """Learn about one block's inline content what its parts need to know: what follows, what comes first."""
        self._followers |= typography.followers(inlines)
        if typography.is_latin_only(text_of(*inlines)):
            self._latin |= {id(part) for top in inlines for part in walk(top) if isinstance(part, Text)}
        while inlines:
            self._first.add(id(inlines[0]))
            inlines = tuple(inlines[0].parts())

    def _words_of(self, node: Node) -> Markup:
        words = words_of(node)
        self.findings.append(TOO_DEEP.at(node.line, "set as plain words: {words}", words=quoted(words)))
        return escape(words)

    def _block(self, node: Node) -> Markup:
        inlines = tuple(part for part in node.parts() if isinstance(part, Inline))
        if inlines:
            self._begin(inlines)
        deeper = isinstance(node, CONTAINERS)
        self._depth += deeper
        result = super().write(node)
        self._depth -= deeper
        return result

    # -- text

    def phrase(self, text: str) -> Markup:
        """A piece of metadata, set like running text."""
        return self._set(text, "", latin=typography.is_latin_only(text))

    def text(self, node: Text) -> Markup:
        return self._set(node.text, self._followers.get(id(node), ""), latin=id(node) in self._latin)

    def _set(self, text: str, after: str, *, latin: bool) -> Markup:
        """`text` before the character `after`, in a passage that has no ideograph where `latin`."""
        pieces: list[Markup] = []
        for run in typography.runs(text, after):
            words = Markup("").join(
                el("span", {"class": NARROW[part]}, part) if narrow else typography.parted(typography.joined(part))
                for part, narrow in typography.narrowed(run.text, latin=latin)
            )
            pieces.append(el("span", {"class": "gap"}, words) if run.gap else words)
        return Markup("").join(pieces)

    def code(self, node: Code) -> Markup:
        code = el("code", None, typography.joined(node.text))
        return code if id(node) in self._first else self._breakable(node.text) + code

    def _breakable(self, text: str) -> Markup:
        """A break opportunity before an element that holds a very long word.

        The engine breaks such a word only at the start of a line; glued to what precedes, it would run off the
        page. At the start of a block the opportunity would give an empty line.
        """
        words = "".join(" " if typography.is_han(char) else char for char in text).split()
        longest = LIMITS.unbroken_cell if self._in_table else LIMITS.unbroken * self.geometry.letters
        return el("wbr") if max(map(len, words), default=0) > longest else Markup("")

    # -- pictures

    def image_src(self, image: Image) -> str:
        asset = self.issue.asset(image.src)
        return f"asset:{asset.name}" if asset else ""

    def missing_image(self, image: Image) -> Markup:
        rule = PICTURE_REMOTE if image.is_remote else PICTURE_MISSING
        label, src = quoted(image.label), quoted(image.src)
        self.findings.append(
            rule.at(image.line, "printed as words: {label} ({src})", label=label, src=src, quote=image.src)
        )
        words = image.words
        if image.is_remote and not self._in_link:
            return el("a", {"href": image.src, "class": "substitute"}, words)
        return el("span", {"class": "substitute"}, words)

    def image(self, node: Image) -> Markup:
        src = self.image_src(node)
        asset = self.issue.asset(node.src)
        if not src or asset is None:
            return self.missing_image(node)
        small = asset.height <= SMALL_PICTURE and node.width is None
        attributes = {"src": src, "alt": node.label, "class": "sign" if small else "picture"}
        return el("img", attributes | {"style": None if small else f"width:{node.width or asset.width}px"})

    # -- formulas and readings

    def math(self, node: Math) -> Markup:
        return self._formula(node, display=False)

    def _formula(self, node: Math | MathBlock, *, display: bool) -> Markup:
        """A formula as a picture that stands on the base line; one that is wider than the page is set smaller."""
        drawn = drawings.formula(node.tex, display=display)
        self.drawings[drawn.name] = drawn.picture
        room = self._room() / self.geometry.text
        if room < drawn.width * self.geometry.formula:
            percent = round(100 * room / drawn.width)
            self.findings.append(
                FORMULA_TOO_WIDE.at(node.line, "printed at {percent} % of its size", percent=percent, quote=node.tex)
            )
        style = f"width:{drawn.width:g}em" + ("" if display else f";vertical-align:{-drawn.depth:g}em")
        alternative = FORMULA_MARK + node.tex
        return el("img", {"src": f"asset:{drawn.name}", "alt": alternative, "class": "math", "style": style})

    def ruby(self, node: Ruby) -> Markup:
        """Characters below their reading; what is too long or too tall for that has it behind, in parentheses.

        The characters come first in the file, too: a style puts the reading above them, so that text is read and
        copied in the order of the issue.
        """
        below, above = self.write_all(node.children), self.write_all(node.reading)
        nodes = [part for top in node.parts() for part in walk(top)]
        longest = max(width_of(text_of(*node.children)), width_of(text_of(*node.reading)))
        if longest > LIMITS.ruby or any(isinstance(part, BELOW_READING) for part in nodes):
            return below + el("span", {"class": "reading"}, "（", above, "）")
        return el("span", {"class": "ruby"}, el("span", {"class": "rb"}, below), el("span", {"class": "rt"}, above))

    # -- links

    def link(self, node: Link) -> Markup:
        return self._linked(
            node.href, node.line, lambda: self.write_all(node.children), inline=id(node) not in self._first
        )

    def previous_title(self, item: PreviousIssue) -> Markup:
        """The title of an earlier issue, linked where it has an address."""
        return self._linked(item.href, item.line, lambda: self.phrase(item.title))

    def _linked(self, href: str, line: int, content: Callable[[], Markup], *, inline: bool = True) -> Markup:
        """`content` as a link; without address, within a link or with a refused scheme as itself.

        `inline`: other words of its block stand before it.
        """
        if not href or self._in_link:
            return content()
        if Link(href, (), line).scheme not in LINK_SCHEMES:
            message = "printed with its address instead of a link: {address}"
            self.findings.append(LINK_TARGET.at(line, message, address=quoted(href), quote=href))
            return content() + el("span", {"class": "address"}, f"（{href}）")
        self._in_link = True
        shown = content()
        self._in_link = False
        opening = self._breakable(shown.striptags()) if inline else Markup("")
        return opening + el("a", {"href": href}, shown) + self._reference(href, shown)

    def _reference(self, href: str, shown: Markup) -> Markup:
        """The number under which paper gives the address of a link; nothing where its words are the address."""
        if not self.numbered or typography.is_address(shown.striptags(), href):
            return Markup("")
        number = self.addresses.setdefault(href, len(self.addresses) + 1)
        return el("sup", {"class": "reference"}, str(number))

    def note_ref(self, node: NoteRef) -> Markup:
        if self._in_link:
            return el("sup", {"class": "note-ref"}, f"[{node.number}]")
        return super().note_ref(node)


def quoted(text: str) -> str:
    """`text` on one line, at most 60 characters, in quotation marks."""
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= 60 else flat[:59] + '…'}”"


def words_of(*nodes: Node) -> str:
    """The characters of `nodes` with the words of their pictures and formulas and the titles of their code."""
    pieces: list[str] = []
    for node in (part for top in nodes for part in walk(top)):
        if isinstance(node, Pictured):
            pieces.append(node.words)
        elif isinstance(node, CodeBlock):
            pieces.append(f"{node.title}\n{node.text}" if node.title else node.text)
        elif isinstance(node, Text | Code | LineBreak):
            pieces.append(text_of(node))
    return "".join(pieces)
