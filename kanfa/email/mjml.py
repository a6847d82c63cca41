"""MJML between the template and the engine: parse, lint, write safely, convert.

The engine (mrml, through mjml-python) accepts nearly everything in silence and prints attribute values
with Rust's debug escapes. So the markup is parsed as XML here, compared with an allow-list, and written
again with attribute values that hold nothing but harmless ASCII; every fault names its line.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from markupsafe import escape

from kanfa.email.dom import Element
from kanfa.email.grammar import (
    HTML_ATTRIBUTES,
    HTML_TAGS,
    KNOWN_BUT_UNSAFE,
    REQUIRED,
    TAGS,
    VALUE_TYPES,
)
from kanfa.email.limits import MAX_MJML_CHARS, MAX_NESTING
from kanfa.errors import RenderError

FORMAT = "email"
HOLDS_HTML = frozenset({"mj-text", "mj-raw", "mj-table", "mj-button"})
VOID = frozenset({"br", "hr", "img", "meta"})
SAFE = frozenset(map(chr, range(0x20, 0x7F))) - frozenset('"&<>\\')


def fault(message: str, mjml: str, line: int) -> RenderError:
    """A RenderError that names the 1-based line of the template's output and shows it."""
    lines = mjml.splitlines()
    shown = lines[line - 1].strip()[:160] if 0 < line <= len(lines) else ""
    return RenderError(FORMAT, f"templates/email/issue.mjml.j2, line {line} of its output: {message}\n    {shown}")


def parse(mjml: str) -> Element:
    """The tree of `mjml`. Raises RenderError with line and source line when it is no well-formed XML or too large."""
    if len(mjml) > MAX_MJML_CHARS:
        raise RenderError(FORMAT, f"the mail has {len(mjml)} characters of MJML, at most {MAX_MJML_CHARS} are rendered")
    # libxml2 itself refuses more than 256 levels and never sees a DTD or an entity of a template.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
    try:
        return etree.fromstring(mjml.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise fault(f"no well-formed markup: {error.msg}", mjml, error.lineno or 1) from None


def lint(root: Element, mjml: str) -> None:
    """Compare the tree with the allow-list of `grammar`. Raises RenderError for the first fault.

    Checks tags, their parents, attributes, the type of each value, `alt`, conditional comments and nesting.
    """
    for message, line in faults(root):
        raise fault(message, mjml, line)


def faults(root: Element) -> Iterator[tuple[str, int]]:
    """Every fault of the tree with its line, in reading order."""
    if root.tag != "mjml":
        yield f"the root is <{root.tag}>, not <mjml>", root.sourceline
    pending: list[tuple[Element, int]] = [(root, 1)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_NESTING:
            yield f"more than {MAX_NESTING} elements within one another", node.sourceline
            return
        yield from _node_faults(node)
        pending.extend((child, depth + 1) for child in reversed(node))


def _node_faults(node: Element) -> Iterator[tuple[str, int]]:
    line = node.sourceline or 1
    if node.tag is etree.Comment:
        yield from ((message, line) for message in _comment_faults(node))
    elif not isinstance(node.tag, str):
        yield "entities, CDATA and processing instructions are not understood by the engine", line
    elif node.tag.startswith("mj"):
        yield from ((message, line) for message in _component_faults(node))
    else:
        yield from ((message, line) for message in _html_faults(node))


def _component_faults(node: Element) -> Iterator[str]:
    tag, parent = node.tag, node.getparent()
    if tag not in TAGS:
        yield f"<{tag}> is not allowed: {KNOWN_BUT_UNSAFE.get(tag, 'no component of that name')}"
        return
    component = TAGS[tag]
    in_attributes = parent is not None and parent.tag == "mj-attributes"
    if parent is not None and not in_attributes and parent.tag not in component.parents:
        yield f"<{tag}> must not stand in <{parent.tag}>"
    for name, value in node.attrib.items():
        if name not in component.attributes:
            yield f"<{tag}> has no attribute {name}"
        elif not VALUE_TYPES[component.attributes[name]].fullmatch(value):
            yield f"<{tag} {name}> wants a {component.attributes[name]}, not “{value}”"
    if not in_attributes:
        yield from (f"<{tag}> lacks {name}" for name in REQUIRED.get(tag, ()) if name not in node.attrib)
    if tag not in HOLDS_HTML and tag not in {"mj-title", "mj-style"} and (node.text or "").strip():
        yield f"text directly in <{tag}>"
    if tag == "mj-style" and ("<" in (node.text or "") or "&" in (node.text or "") or len(node)):
        yield "< and & are not allowed in a style block"


def _html_faults(node: Element) -> Iterator[str]:
    tag, parent = node.tag, node.getparent()
    if tag not in HTML_TAGS:
        yield f"<{tag}> is not allowed in mail"
        return
    if parent is not None and parent.tag.startswith("mj") and parent.tag not in HOLDS_HTML:
        yield f"<{tag}> must not stand in <{parent.tag}>"
    allowed = HTML_ATTRIBUTES["*"] | HTML_ATTRIBUTES.get(tag, frozenset())
    yield from (f"<{tag}> has no attribute {name}" for name in node.attrib if name not in allowed)
    yield from (f"<{tag}> lacks {name}" for name in REQUIRED.get(tag, ()) if name not in node.attrib)


def _comment_faults(node: Element) -> Iterator[str]:
    text = (node.text or "").strip()
    if "mj-" in text:
        yield "a comment swallows MJML: each conditional comment must end where it began"
    if text.startswith("[if") and not text.endswith(("<![endif]", "><!")):
        yield "a conditional comment is not closed by <![endif]"
    if text.startswith("[if") and text.endswith("><!"):
        following = [sibling for sibling in node.itersiblings() if sibling.tag is etree.Comment]
        if not following or (following[0].text or "").strip() != "<![endif]":
            yield "<!--[if !mso]><!--> is not closed by <!--<![endif]--> in the same element"


def encode_attribute(value: str) -> str:
    """`value` as the engine prints it unharmed: plain ASCII as it is, all else as a numeric reference.

    The engine writes attribute values with Rust's debug formatting (`\\n`, `\\"`, `\\u{3000}`); it leaves
    references alone.
    """
    return "".join(char if char in SAFE else f"&#x{ord(char):x};" for char in value)


def serialise(root: Element) -> str:
    """The tree as MJML that the engine cannot damage."""
    pieces: list[str] = []
    _write(root, pieces)
    return "".join(pieces)


def _write(node: Element, pieces: list[str]) -> None:
    if node.tag is etree.Comment:
        pieces.append(f"<!--{node.text}-->")
    else:
        attributes = "".join(f' {name}="{encode_attribute(value)}"' for name, value in node.attrib.items())
        pieces.append(f"<{node.tag}{attributes}")
        if node.tag in VOID:
            pieces.append(" />")
        else:
            pieces.append(f">{_text(node, node.text)}")
            for child in node:
                _write(child, pieces)
            pieces.append(f"</{node.tag}>")
    if node.tail and node.getparent() is not None:
        pieces.append(_text(node.getparent(), node.tail))


def _text(parent: Element, text: str | None) -> str:
    if not text:
        return ""
    if parent.tag == "mj-title":  # the engine copies it into aria-label, so it is an attribute value too
        return encode_attribute(text)
    if parent.tag == "mj-style":
        return text
    return str(escape(text))


def to_html(mjml: str) -> str:
    """Convert with the engine, the only place that calls it. `fonts={}` keeps web fonts out of the mail.

    Raises RenderError with line and source line, which the engine gives as byte offsets or not at all.
    """
    from mjml import mjml2html

    try:
        html: str = mjml2html(mjml, fonts={})
    except ValueError as error:
        raise fault(f"MJML engine: {error}", mjml, line_at(mjml, _offset(str(error)))) from None
    return html


def _offset(message: str) -> int:
    """Byte offset in a message such as `unexpected token in root template at position 15:25`; 0 without one."""
    first, _, _ = message.rpartition(" ")[2].partition(":")
    return int(first) if first.isdecimal() else 0


def line_at(text: str, offset: int) -> int:
    """1-based line of the UTF-8 byte `offset`."""
    return text.encode()[:offset].count(b"\n") + 1
