"""The lint of MJML: everything the engine would take in silence, or refuse without saying where.

Each fault has a line of the MJML, what is wrong, and what to write instead. One mistake gives one fault: nothing
is looked for inside an element that is refused itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

import tinycss2
from lxml import etree

from kanfa.email.dom import Element
from kanfa.email.grammar import (
    CONDITIONS,
    HTML_ATTRIBUTES,
    HTML_CHILDREN,
    HTML_PARENTS,
    HTML_TAGS,
    HTML_VALUES,
    KNOWN_BUT_UNSAFE,
    LINKABLE,
    NEEDED,
    ONCE,
    REFUSED_ATTRIBUTES,
    REQUIRED,
    TAGS,
    VALUE_TYPES,
    VOID,
    WIDTHS,
)
from kanfa.email.limits import BODY_WIDTH, MAX_NESTING
from kanfa.email.theme import parsed

HOLDS_HTML: Final = frozenset({"mj-text", "mj-raw", "mj-table", "mj-button"})
HOLDS_TEXT: Final = HOLDS_HTML | {"mj-title", "mj-style"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake of a template."""

    line: int
    """1-based line of the MJML, which is what the templates print."""
    message: str
    cure: str
    needle: str = ""
    """What the line of the template holds literally, e.g. `<mj-text`."""


def faults(root: Element) -> Iterator[Fault]:
    """Every fault of the tree, in reading order; those of the comments for Outlook as a whole come last."""
    if root.tag != "mjml":
        yield Fault(root.sourceline, f"the root is <{root.tag}>, not <mjml>", "begin the template with <mjml lang dir>")
        return
    if root.getroottree().docinfo.doctype:
        yield Fault(1, "a doctype", "leave it out: the renderer writes the mail's own")
    pending: list[tuple[Element, int]] = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_NESTING:
            message = f"more than {MAX_NESTING} elements within one another"
            yield Fault(node.sourceline, message, "nest less: the engine dies of deep nesting")
            return
        refusal = _refusal(node)
        if refusal is not None:
            yield refusal
            continue
        if isinstance(node.tag, str):
            yield from _attribute_faults(node)
            yield from _content_faults(node)
            pending.extend((child, depth + 1) for child in reversed(node))
    yield from _outlook_faults(root)


def _at(node: Element, message: str, cure: str, needle: str = "") -> Fault:
    return Fault(node.sourceline or 1, message, cure, needle or (f"<{node.tag}" if isinstance(node.tag, str) else ""))


# ---------------------------------------------------------------- may it stand here?


def _refusal(node: Element) -> Fault | None:
    """Why an element may not stand where it stands, or at all."""
    if node.tag is etree.Comment:
        return _comment_fault(node)
    if not isinstance(node.tag, str):
        cure = "write characters as they are, or as numbers such as &#160;"
        return _at(node, "entities and processing instructions are not understood by the engine", cure, "&")
    return _component_refusal(node) if node.tag.startswith("mj") else _html_refusal(node)


def _component_refusal(node: Element) -> Fault | None:
    tag, parent = node.tag, node.getparent()
    if tag not in TAGS:
        reason = KNOWN_BUT_UNSAFE.get(tag, "no component of that name")
        return _at(node, f"<{tag}> is not allowed: {reason}", f"use one of {', '.join(sorted(TAGS))}")
    if parent is None or parent.tag == "mj-attributes":
        return None
    if parent.tag not in TAGS[tag].parents:
        wanted = " or ".join(f"<{name}>" for name in sorted(TAGS[tag].parents)) or "nothing"
        return _at(node, f"<{tag}> must not stand in <{parent.tag}>", f"put it into {wanted}")
    if tag in ONCE and any(sibling.tag == tag for sibling in node.itersiblings(preceding=True)):
        return _at(node, f"a second <{tag}>", "join the two: the engine keeps only one of them")
    if tag == "mj-head" and any(sibling.tag == "mj-body" for sibling in node.itersiblings(preceding=True)):
        return _at(node, "<mj-head> stands behind <mj-body>", "put the head first")
    return None


def _html_refusal(node: Element) -> Fault | None:
    tag, parent = node.tag, node.getparent()
    if tag not in HTML_TAGS:
        cure = "use elements that every mail program shows: p, h1–h6, ul, ol, table, a, img, span, div"
        return _at(node, f"<{tag}> is not allowed in mail", cure)
    if parent is None:
        return None
    if parent.tag.startswith("mj") and parent.tag not in HOLDS_HTML:
        return _at(node, f"<{tag}> must not stand in <{parent.tag}>", "put it into <mj-text> or <mj-raw>")
    wanted = HTML_PARENTS.get(tag)
    if wanted is not None and parent.tag not in wanted:
        names = " or ".join(f"<{name}>" for name in sorted(wanted))
        return _at(node, f"<{tag}> must not stand in <{parent.tag}>", f"put it into {names}")
    inside = HTML_CHILDREN.get(parent.tag)
    if inside is not None and tag not in inside:
        names = " or ".join(f"<{name}>" for name in sorted(inside))
        return _at(node, f"<{tag}> must not stand in <{parent.tag}>", f"<{parent.tag}> holds nothing but {names}")
    return None


def _comment_fault(node: Element) -> Fault | None:
    text = (node.text or "").strip()
    if "mj-" in text:
        cure = "end each conditional comment in the <mj-raw> in which it begins"
        return _at(node, "a comment swallows MJML", cure, "<!--")
    if not text.startswith("[if"):
        return None
    condition = text[: text.find("]") + 1]
    if condition not in CONDITIONS:
        cure = f"write one of {', '.join(sorted(CONDITIONS))}"
        return _at(node, f"unknown condition {condition or text[:40]}", cure, "<!--[if")
    if not text.endswith(("<![endif]", "><!")):
        return _at(node, "a conditional comment is not closed by <![endif]", "end it with <![endif]-->", "<!--[if")
    return None


# ---------------------------------------------------------------- attributes


def _attribute_faults(node: Element) -> Iterator[Fault]:
    yield from _component_attributes(node) if node.tag.startswith("mj") else _html_attributes(node)
    for name in REQUIRED.get(node.tag, ()):
        if name not in node.attrib and (node.getparent() is None or node.getparent().tag != "mj-attributes"):
            yield _at(node, f"<{node.tag}> lacks {name}", REQUIRED_CURES.get(name, f"write {name}=…"))
    style = node.get("style")
    if style is not None:
        yield from _style_faults(node, style)


REQUIRED_CURES: Final = {
    "alt": 'write what the picture shows, or alt="" for one that only decorates',
    "width": "write the shown width in whole pixels: Outlook would take the file's own",
    "href": "write where it leads: a button without an address cannot be pressed",
    "lang": 'write lang="{{ language }}": screen readers need it',
    "dir": 'write dir="ltr"',
}


def _component_attributes(node: Element) -> Iterator[Fault]:
    known = TAGS[node.tag].attributes
    for name, value in node.attrib.items():
        if name not in known:
            cure = REFUSED_ATTRIBUTES.get(name) or f"known are {', '.join(sorted(known)) or 'none'}"
            yield _at(node, f"<{node.tag}> has no attribute {name}", cure)
        elif not VALUE_TYPES[known[name]].fullmatch(value):
            yield _wants(node, name, known[name], value)
        elif name == "width" and node.tag in WIDTHS and value.endswith("px") and int(value[:-2]) > BODY_WIDTH:
            cure = f"write at most {BODY_WIDTH}px"
            yield _at(node, f"<{node.tag} width> is “{value}”, wider than the mail", cure)


def _html_attributes(node: Element) -> Iterator[Fault]:
    tag = node.tag
    allowed = HTML_ATTRIBUTES["*"] | HTML_ATTRIBUTES.get(tag, frozenset())
    kinds = HTML_VALUES.get(tag, {})
    for name, value in node.attrib.items():
        if name not in allowed:
            cure = "mail programs run no scripts" if name.startswith("on") else "leave it out, or use a class"
            yield _at(node, f"<{tag}> has no attribute {name}", cure)
        elif name in kinds and not VALUE_TYPES[kinds[name]].fullmatch(value):
            yield _wants(node, name, kinds[name], value)
        elif tag == "a" and name == "href" and urlsplit(value).scheme.lower() not in LINKABLE:
            cure = "write the whole address, https:// first; mailto: and tel: work too"
            yield _at(node, f"<a href> leads nowhere from a mail: “{value[:80]}”", cure)


def _wants(node: Element, name: str, kind: str, value: str) -> Fault:
    return _at(node, f"<{node.tag} {name}> wants a {kind}, not “{value[:80]}”", f"write a {kind}")


def _style_faults(node: Element, style: str) -> Iterator[Fault]:
    for part in tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if part.type != "declaration":
            message = f"<{node.tag} style> does not parse: “{style[:80]}”"
            yield _at(node, message, "write property: value; property: value")
            return


# ---------------------------------------------------------------- content


def _content_faults(node: Element) -> Iterator[Fault]:
    tag = node.tag
    if (tag.startswith("mj") and tag not in HOLDS_TEXT) or tag in HTML_CHILDREN:
        yield from _loose_text(node)
    for child in NEEDED.get(tag, ()):
        if node.find(child) is None:
            yield _at(node, f"<{tag}> holds no <{child}>", f"add <{child}>")
    if tag == "mj-title" and not (node.text or "").strip():
        yield _at(node, "<mj-title> is empty", "write {{ issue.title }}")
    if tag == "mj-style":
        yield from _sheet_faults(node)
    if tag == "mj-section":
        yield from _column_faults(node)
    yield from _pair_faults(node)


def _loose_text(node: Element) -> Iterator[Fault]:
    """Text where only elements may stand; its line is counted from the element before it."""
    tag = node.tag
    for before, piece in [(node, node.text), *((child, child.tail) for child in node)]:
        loose = (piece or "").strip()
        if not loose:
            continue
        cure = "put it into <mj-text>" if tag.startswith("mj") else f"put it into a child of <{tag}>"
        if "{%" in loose or "{{" in loose:
            cure = "template marks are left over: Jinja runs before MJML, so look for {% raw %} or a doubled brace"
        line = (before.sourceline or 1) + piece[: piece.find(loose)].count("\n")
        words = loose.split("\n")[0]
        yield Fault(line, f"text directly in <{tag}>: “{words[:60]}”", cure, words[:40])
        return


def _sheet_faults(node: Element) -> Iterator[Fault]:
    css = node.text or ""
    if "<" in css or "&" in css or len(node):
        yield _at(node, "< and & are not allowed in a style block", "write CSS alone, without markup and entities")
        return
    for rule in parsed(css):
        if rule.type == "error":
            yield _at(node, f"the style block does not parse: {rule.message}", "mend the CSS")
            return
        if rule.type == "at-rule" and rule.lower_at_keyword in {"import", "font-face"}:
            cure = "leave it out: mail programs load no style sheets and no fonts"
            yield _at(node, f"@{rule.lower_at_keyword} in a style block", cure, f"@{rule.lower_at_keyword}")


def _column_faults(node: Element) -> Iterator[Fault]:
    widths = [column.get("width", "") for column in node.findall("mj-column")]
    percent = sum(int(width[:-1]) for width in widths if width.endswith("%") and width[:-1].isdecimal())
    if percent > 100:
        message = f"the columns of this <mj-section> are {percent} % wide together"
        yield _at(node, message, "write widths that make 100 %, or leave them out")


def _pair_faults(node: Element) -> Iterator[Fault]:
    """`<!--[if !mso]><!-->` and `<!--<![endif]-->` within one element."""
    opened: Element | None = None
    for child in node:
        text = (child.text or "").strip() if child.tag is etree.Comment else ""
        if text.startswith("[if") and text.endswith("><!"):
            opened = child
        elif text == "<![endif]" and opened is not None:
            opened = None
        elif text == "<![endif]":
            message = "<!--<![endif]--> closes a comment that this element does not open"
            yield _at(child, message, "put <!--[if !mso]><!--> before it, in the same element", "<!--<![endif]")
    if opened is not None:
        message = "<!--[if !mso]><!--> is not closed by <!--<![endif]--> in the same element"
        yield _at(opened, message, "close it where it was opened", "<!--[if")


class _Tags(HTMLParser):
    """Which elements the comments for Outlook leave open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, Element]] = []
        self.wrong: tuple[str, Element] | None = None
        self.comment: Element = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, self.comment))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<v:fill />` opens nothing."""

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1][0] == tag:
            self.open.pop()
        elif self.wrong is None:
            self.wrong = (f"</{tag}>", self.comment)


def _outlook_faults(root: Element) -> Iterator[Fault]:
    """The markup inside the comments for Outlook, taken together, must close what it opens."""
    tags = _Tags()
    for comment in root.iter(etree.Comment):
        text = (comment.text or "").strip()
        if text.startswith("[if") and text.endswith("<![endif]") and "mj-" not in text:
            tags.comment = comment
            tags.feed(text[text.find(">") + 1 : -len("<![endif]")])
    wrong = tags.wrong or ((f"<{tags.open[0][0]}>", tags.open[0][1]) if tags.open else None)
    if wrong is not None:
        message = f"the comments for Outlook do not balance: {wrong[0]} has no partner"
        yield _at(wrong[1], message, "close in a later comment what an earlier one opens", "<!--[if")
