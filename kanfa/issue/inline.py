"""Lines of text: from the rough tree to the model's inline nodes, with bare addresses linked and strays reported."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kanfa.findings import Finding, Rule
from kanfa.issue import construct_rules, rules
from kanfa.issue.addresses import Fault, normal, picture, short
from kanfa.issue.autolink import bare_addresses
from kanfa.issue.formulas import Formulas, one_line
from kanfa.issue.model import (
    Code,
    Deleted,
    Emphasis,
    Figure,
    Image,
    Inline,
    Inserted,
    Keyboard,
    LineBreak,
    Link,
    Mark,
    Math,
    NoteRef,
    Ruby,
    Small,
    Strong,
    Subscript,
    Superscript,
    Text,
    Underline,
)
from kanfa.issue.raw import (
    BREAK,
    CODE,
    DIRECTIVE,
    GAP,
    MATH,
    MATH_BLOCK,
    NOTE_REF,
    READING,
    RUBY,
    SOFT_BREAK,
    TEXT,
    Raw,
    plain,
    soft_break,
)
from kanfa.issue.unsupported import unsupported_in

_Mark = Emphasis | Strong | Deleted | Inserted | Underline | Superscript | Subscript | Small | Mark | Keyboard
_MARKS: Mapping[str, type[_Mark]] = {
    "em": Emphasis, "strong": Strong, "s": Deleted, "del": Deleted, "ins": Inserted, "u": Underline, "sup": Superscript,
    "sub": Subscript, "small": Small, "mark": Mark, "kbd": Keyboard,
}  # fmt: skip
Finder = Callable[[str], Iterable[tuple[int, int, str]]]
"""Finds words that stand for links in a run of text: (start, end, address), in order and apart from each other."""
EDGE = "#edge"
"""Where a block among inline parts begins or ends; several in a row make one break."""

_KEPT = frozenset({TEXT, BREAK, SOFT_BREAK, NOTE_REF, CODE, MATH, MATH_BLOCK, RUBY, "img", "pre", "a", "iframe"})
_ESCAPED = "\ufffc"
_STRAY = re.compile(r"\*\*+|~~+|(?<![A-Za-z0-9_])__+(?=\S)|(?<=\S)__+(?![A-Za-z0-9_])")
_EXEMPT = re.compile(r"\*\*(?:kwargs\b|[A-Za-z_]\w*[),\]])|(?<=[A-Za-z0-9)])\*\*(?=[0-9])|__[A-Za-z]\w*?__")
_LITERAL = re.compile(r"\]\(|\[[^\[\]]{1,200}\((?=https?://)|(?<!\w)\[(?!\^)[^\[\]]{1,200}\]\[[^\[\]]{0,200}\]")
_NOTE = re.compile(r"\[\^[^\s\]]{1,100}\]")


def no_shorthands(_text: str) -> Iterable[tuple[int, int, str]]:
    """Nothing is declared."""
    return ()


class Inliner:
    """Builds inline nodes; keeps the numbers of the footnotes by first use in `note_numbers`."""

    def __init__(self, findings: list[Finding], notes: Mapping[str, Raw]) -> None:
        self.note_numbers: dict[str, int] = {}
        self.formulas = Formulas()
        self.shorthands: Finder = no_shorthands
        """Asked about each run of text outside code and links; escaped characters are hidden from it."""
        self._findings = findings
        self._notes = notes

    def inlines(self, nodes: Sequence[Raw], *, in_link: bool = False) -> tuple[Inline, ...]:
        """The inline nodes of `nodes`; blocks among them are set as lines, with breaks between."""
        built: list[Inline] = []
        run: list[Raw] = []
        flat = list(self._flattened(nodes))
        for index, node in enumerate(flat):
            if node.tag == EDGE and (index == 0 or flat[index - 1].tag == EDGE or index == len(flat) - 1):
                continue
            if node.tag == SOFT_BREAK:
                run.append(Raw(TEXT, node.line, text=soft_break(flat, index)))
            elif node.tag == TEXT:
                run.append(node)
            else:
                built += self._text(run, in_link=in_link)
                run = []
                built += self._node(node, in_link=in_link)
        built += self._text(run, in_link=in_link)
        return tuple(_merged(built))

    def _node(self, node: Raw, *, in_link: bool) -> Sequence[Inline]:
        match node.tag:
            case "#code":
                return [Code(node.text, node.line)]
            case "pre":
                return [Code(" ".join(node.text.split("\n")), node.line)]
            case "#break" | "#edge":
                return [LineBreak(node.line)]
            case "#ref" if node.text not in self._notes:
                return [Text(f"[^{node.text}]", node.line)]
            case "#ref":
                number = self.note_numbers.setdefault(node.text, len(self.note_numbers) + 1)
                return [NoteRef(number, node.line)]
            case "#math" | "#formula":
                return [self._formula(node)]
            case "#ruby":
                return self._ruby(node, in_link=in_link)
            case "img":
                return self._image(node)
            case "a":
                return self._link(node, in_link=in_link)
            case "iframe":
                return self._frame(node, in_link=in_link)
        children = self.inlines(node.children, in_link=in_link)
        kind = _MARKS.get(node.tag)
        return [kind(children, node.line)] if kind and children else children

    def _formula(self, node: Raw) -> Inline:
        tex = one_line(node.text)
        if fault := self.formulas.fault(tex, display=False):
            self._findings.append(fault.at(node.line, quote=f"${tex}$"))
            return Code(tex, node.line)
        return Math(tex, node.line)

    def _ruby(self, node: Raw, *, in_link: bool) -> Sequence[Inline]:
        above = [part for child in node.children if child.tag == READING for part in child.children]
        children = tidy(self.inlines([part for part in node.children if part.tag != READING], in_link=in_link))
        reading = tidy(self.inlines(above, in_link=in_link))
        return [Ruby(children, reading, node.line)] if children and reading else [*children, *reading]

    def _link(self, node: Raw, *, in_link: bool) -> Sequence[Inline]:
        written = node.attrs.get("href")
        if written is None:
            quote = "<a " if node.attrs else "<a>"
            self._findings.append(rules.HTML_UNWRAPPED.at(node.line, "<a> without href has no effect", quote=quote))
            return self.inlines(node.children, in_link=in_link)
        children = self.inlines(node.children, in_link=True)
        href = normal(written)
        if isinstance(href, Fault):
            self._findings.append(href.at(node.line))
        elif in_link:
            message = "the link to {href} stands inside another link"
            self._findings.append(rules.LINK_NESTED.at(node.line, message, quote=written, href=href))
        else:
            title = node.attrs.get("title", "")
            if title.strip():
                message, shown = "“{title}”, the title of the link to {href}", {"title": title[:80], "href": href}
                self._findings.append(rules.TITLE_HOVER.at(node.line, message, quote=title, **shown))
            return [Link(href, children, node.line, title)]
        return children

    def _frame(self, node: Raw, *, in_link: bool) -> Sequence[Inline]:
        source = node.attrs.get("src", "")
        shown = " ".join((node.attrs.get("title") or plain(node.children)).split()) or source
        href = normal(source)
        text = Text(shown, node.line)
        if isinstance(href, Fault):
            self._findings.append(href.at(node.line))
            return [text] if shown else []
        if in_link:
            message = "the frame {href} stands inside a link"
            self._findings.append(rules.LINK_NESTED.at(node.line, message, quote=source, href=href))
            return [text]
        message = "the frame became a link to {href}"
        self._findings.append(rules.HTML_FRAME.at(node.line, message, quote=source, href=href))
        return [Link(href, (text,), node.line)]

    def _image(self, node: Raw) -> Sequence[Inline]:
        alt, title = " ".join(node.attrs.get("alt", "").split()), node.attrs.get("title", "")
        source = picture(node.attrs.get("src", ""))
        if isinstance(source, Fault):
            self._findings.append(source.at(node.line))
            return [Text(f"[图：{alt or title or '图片'}]", node.line)]
        width = node.attrs.get("width", "").removesuffix("px")
        wanted = int(width) if width.isascii() and width.isdigit() and 0 < len(width) < 5 else None
        return [Image(source, alt, node.line, title, wanted or None)]

    def _flattened(self, nodes: Iterable[Raw]) -> Iterator[Raw]:
        """Inline parts in order; a block among them gives its own parts, with a break on either side."""
        for node in nodes:
            if node.tag == GAP:
                continue
            if node.tag in _KEPT or node.tag in _MARKS:
                yield node
            elif node.tag in {"span", READING}:
                yield from self._flattened(node.children)
            else:
                if node.tag == DIRECTIVE:
                    template, written = "{opening} stands within a line of text", node.attrs["written"]
                    rule = construct_rules.CONTAINER_PLACE
                    self._findings.append(rule.at(node.line, template, quote=written, opening=short(written)))
                yield Raw(EDGE, node.line)
                yield from self._flattened(node.children)
                yield Raw(EDGE, node.line)

    # -- running text

    def _text(self, run: Sequence[Raw], *, in_link: bool) -> Iterator[Inline]:
        """One text node for a run of pieces; bare addresses in it become links."""
        text = "".join(piece.text for piece in run)
        if not text:
            return
        starts, at = [], 0
        ends: dict[int, tuple[int, int]] = {}
        for piece in run:
            starts.append(at)
            ends[piece.line] = ends.get(piece.line, (at, at))[0], at + len(piece.text)
            at += len(piece.text)
        first = next(piece.line for piece in run if piece.text)

        def line_at(offset: int) -> int:
            return run[bisect_right(starts, offset) - 1].line

        shadow = "".join(_ESCAPED * len(piece.text) if piece.escaped else piece.text for piece in run)
        told: set[tuple[Rule, int]] = set()
        for offset, (start, end), finding in self._strays(shadow):
            line = line_at(offset)
            if finding.rule is not rules.STRAY_EMPHASIS or (finding.rule, line) not in told:
                quote = shadow[max(start, ends[line][0]) : min(end, ends[line][1])].strip()
                self._findings.append(replace(finding, line=line, quote=quote))
            told.add((finding.rule, line))  # marks come in pairs: one finding for a line
        done = 0
        for start, end, written in () if in_link else self._words_for_links(text, shadow):
            href = normal(written)
            if isinstance(href, Fault):
                self._findings.append(href.at(line_at(start)))
                continue
            if start > done:
                yield Text(text[done:start], line_at(done) if done else first)
            yield Link(href, (Text(text[start:end], line_at(start)),), line_at(start))
            done = end
        if done < len(text):
            yield Text(text[done:], line_at(done) if done else first)

    def _words_for_links(self, text: str, shadow: str) -> list[tuple[int, int, str]]:
        """Bare addresses of `text`, and the shorthands outside them; in order."""
        bare = [(start, end, text[start:end]) for start, end in bare_addresses(text)]
        short = [
            (start, end, href)
            for start, end, href in self.shorthands(shadow)
            if not any(start < other_end and other < end for other, other_end, _ in bare)
        ]
        return sorted([*bare, *short])

    def _strays(self, shadow: str) -> Iterator[tuple[int, tuple[int, int], Finding]]:
        """Marks that were meant to be Markdown and stayed literal: the offset of each, and the span to quote."""
        if "[" in shadow or "](" in shadow:
            for match in _NOTE.finditer(shadow):
                finding = rules.NOTE_UNDEFINED.at(1, "{mark} has no footnote", mark=match[0])
                yield match.start(), match.span(), finding
            done = 0
            for match in _LITERAL.finditer(shadow):
                start, end = _pair(shadow, match)
                if start >= done:
                    shown = short(shadow[start:end].replace(_ESCAPED, "·"))
                    finding = rules.LINK_LITERAL.at(1, "“{text}” did not become a link", text=shown)
                    yield match.start(), (start, end), finding
                done = max(done, end)
        for start, end, what in unsupported_in(shadow):
            yield start, (start, end), what.at(1)
        if "**" in shadow or "__" in shadow or "~~" in shadow:
            exempt = [match.span() for match in _EXEMPT.finditer(shadow)]
            for match in _STRAY.finditer(shadow):
                if not any(start <= match.start() < end for start, end in exempt):
                    span = max(0, match.start() - 8), match.end() + 10
                    shown = shadow[slice(*span)].replace(_ESCAPED, "·").strip()
                    finding = rules.STRAY_EMPHASIS.at(1, "“{text}” keeps its marks", text=shown)
                    yield match.start(), span, finding


def _merged(nodes: Iterable[Inline]) -> Iterator[Inline]:
    """`nodes` with neighbouring texts made one."""
    held: Text | None = None
    for node in nodes:
        if isinstance(node, Text):
            held = replace(held, text=held.text + node.text) if held else node
            continue
        if held:
            yield held
        held = None
        yield node
    if held:
        yield held


def tidy(nodes: Iterable[Inline]) -> tuple[Inline, ...]:
    """`nodes` without white space at the two ends of the line, and without hard breaks there."""
    kept = list(nodes)
    while kept and (isinstance(kept[0], LineBreak) or is_blank(kept[0])):
        kept.pop(0)
    while kept and (isinstance(kept[-1], LineBreak) or is_blank(kept[-1])):
        kept.pop()
    if kept and isinstance(first := kept[0], Text) and first.text[0] in " \t\n":
        kept[0] = replace(first, text=first.text.lstrip(" \t\n"))
    if kept and isinstance(last := kept[-1], Text) and last.text[-1] in " \t\n":
        kept[-1] = replace(last, text=last.text.rstrip(" \t\n"))
    return tuple(kept)


def is_blank(node: Inline) -> bool:
    """Whether `node` is text of nothing but white space."""
    return isinstance(node, Text) and not node.text.strip(" \t\n")


def as_figure(part: Inline) -> Figure | None:
    """The figure that `part` is when it stands alone: a picture, or a link round nothing but a picture."""
    if isinstance(part, Image):
        return _figure(part, part.line)
    inner = tidy(part.children) if isinstance(part, Link) else ()
    if isinstance(part, Link) and len(inner) == 1 and isinstance(inner[0], Image):
        return _figure(inner[0], part.line, href=part.href)
    return None


def _figure(image: Image, line: int, href: str = "") -> Figure:
    """A picture alone in its paragraph; its title is the caption."""
    caption = (Text(image.title, image.line),) if image.title else ()
    return Figure(image, line, caption, href)


def _pair(text: str, match: re.Match[str]) -> tuple[int, int]:
    """From the bracket that opens what looks like a link to the one that closes it, as far as they stand near."""
    start, end = match.span()
    if match[0] == "](":
        opening = text.rfind("[", max(0, start - 200), start)
        start = opening if opening >= 0 else start
    if "(" in match[0]:
        closing = text.find(")", end, end + 300)
        space = re.compile(r"\s|$").search(text, end)
        end = closing + 1 if closing >= 0 else space.end() if space else end
    return start, end
