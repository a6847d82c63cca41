"""MJML between the template and the engine: parse, lint, write safely, convert.

The engine (mrml, through mjml-python) accepts nearly everything in silence and prints attribute values
with Rust's debug escapes. So the markup is parsed as XML here, compared with an allow-list (`mjml_lint`), and
written again with attribute values that hold nothing but harmless ASCII; every fault names its line.
"""

from __future__ import annotations

from typing import Final

from lxml import etree
from markupsafe import escape

from kanfa.email.dom import Element
from kanfa.email.grammar import VOID
from kanfa.email.limits import MAX_MJML_CHARS
from kanfa.email.mjml_lint import faults
from kanfa.email.places import template_places
from kanfa.errors import RenderError
from kanfa.publication import Publication

CDATA: Final = "<![CDATA["
MOST_SHOWN: Final = 160
"""Characters of an offending line that a message shows."""
FORMAT = "email"
SAFE = frozenset(map(chr, range(0x20, 0x7F))) - frozenset('"&<>\\')


def fault(
    message: str, mjml: str, line: int, *, cure: str = "", needle: str = "", publication: Publication | None = None
) -> RenderError:
    """A RenderError that names the line of the template, or the 1-based line of what the templates print, and shows it.

    With a publication its templates are searched for the one that printed the line.
    """
    lines = mjml.split("\n")
    printed = lines[line - 1] if 0 < line <= len(lines) else ""
    places = template_places(publication, printed, needle) if publication is not None and needle else []
    where = " or ".join(places) or f"templates/email/issue.mjml.j2, line {line} of its output"
    shown = _around(printed, needle)
    return RenderError(FORMAT, f"{where}: {message}\n    {shown}" + (f"\n    cure: {cure}" if cure else ""))


def _around(line: str, needle: str) -> str:
    """At most 160 characters of a line, which may hold a whole chapter, with the offending text among them."""
    text = line.strip()
    start = max(0, text.find(needle) - 40) if needle and len(text) > MOST_SHOWN else 0
    return ("…" if start else "") + text[start : start + MOST_SHOWN]


def parse(mjml: str, publication: Publication | None = None) -> Element:
    """The tree of `mjml`. Raises RenderError with line and source line when it is no well-formed XML or too large."""
    if len(mjml) > MAX_MJML_CHARS:
        raise RenderError(FORMAT, f"the mail has {len(mjml)} characters of MJML, at most {MAX_MJML_CHARS} are rendered")
    # libxml2 itself refuses more than 256 levels and never sees a DTD or an entity of a template.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
    try:
        root = etree.fromstring(mjml.encode(), parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        cure = "close every element, quote every value, write &#160; for &nbsp; and no -- within a comment"
        needle = _literal(mjml, line)
        raise fault(
            f"no well-formed markup: {error.msg}", mjml, line, cure=cure, needle=needle, publication=publication
        ) from None
    if CDATA in mjml:  # nowhere else may the mark stand: text holds it escaped
        line = mjml[: mjml.find(CDATA)].count("\n") + 1
        cure = "write the text as it is, with &lt; and &amp;"
        raise fault(
            "CDATA is not understood by the engine", mjml, line, cure=cure, needle=CDATA, publication=publication
        )
    return root


def _literal(mjml: str, line: int) -> str:
    """The first tag of a line, which its template holds literally."""
    text = mjml.split("\n")[line - 1].strip() if line <= mjml.count("\n") + 1 else ""
    return text.partition(" ")[0].partition(">")[0]


def lint(root: Element, mjml: str, publication: Publication | None = None) -> None:
    """Compare the tree with the allow-list of `grammar`. Raises RenderError for the first fault.

    Checks tags, their parents and number, attributes, the type of each value, `alt`, style sheets, conditional
    comments and nesting. With a publication the message names the file and line of its template.
    """
    for found in faults(root):
        raise fault(found.message, mjml, found.line, cure=found.cure, needle=found.needle, publication=publication)


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
