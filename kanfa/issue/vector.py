"""SVG pictures: parsed without entities, held against a list of what a drawing needs, and written anew.

What is handed on is never the editor's file but the tree that was checked, so that no other parser can read
something else into it. Drawing it can still take long; `kanfa.raster.rasterized_apart` bounds that.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

import tinycss2
from lxml import etree

from kanfa.issue.picture_rules import (
    IMAGE_SVG,
    MAX_DRAWN_PIXELS,
    MAX_EMBEDDED_BYTES,
    MAX_EMBEDDED_PIXELS,
    MAX_SVG_BYTES,
    MAX_SVG_ELEMENTS,
    MAX_SVG_SIDE,
    Unusable,
)

MEDIA_TYPE = "image/svg+xml"
SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_XML = "{http://www.w3.org/XML/1998/namespace}"


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ANIMATIONS = frozenset({"animate", "animateColor", "animateMotion", "animateTransform", "discard", "mpath", "set"})
_ELEMENTS = _names(
    "a circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite feDropShadow feFlood "
    "feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feOffset filter g image line linearGradient "
    "marker mask metadata path pattern polygon polyline radialGradient rect stop style svg switch symbol text textPath "
    "title tspan use"
)
"""What a still drawing is made of. Of the filters only those whose cost does not depend on a number they are given."""
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "em": 16.0}
"""CSS pixels of each unit of length."""
_LENGTH = re.compile(r"\+?(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)(px|pt|pc|in|cm|mm|em|)", re.IGNORECASE)
_MAX_CHAIN = 200
"""Elements within or behind each other; far below Python's own limit."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG that only draws."""

    svg: str = field(repr=False)
    """The checked tree, written anew, with its size in pixels; no comment, no foreign namespace, no notes."""
    width: int
    """CSS pixels."""
    height: int
    """CSS pixels."""
    words: str = ""
    """The text that it shows: drawing it needs fonts."""

    def width_within(self, width: int) -> int:
        """At most `width` pixels of width, less for a long drawing: the PNG has at most MAX_DRAWN_PIXELS."""
        return max(1, min(width, int((MAX_DRAWN_PIXELS * self.width / self.height) ** 0.5)))


def drawing(data: bytes) -> Drawing:
    """The SVG file `data`, checked. Raises Unusable (ISS067) with the first thing that a drawing may not hold."""
    if len(data) > MAX_SVG_BYTES:
        raise _fault("has {size:,} bytes; an SVG may have {most:,}", size=len(data), most=MAX_SVG_BYTES)
    root = _parsed(data)
    urls: list[tuple[etree._Element, str]] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if _is_kept(element):
            urls.extend((element, target) for target in _targets(element))
            waiting.extend(element.iterchildren(etree.Element))
    width, height = _size(root)
    _bounded(root, urls)
    root.set("width", str(width))
    root.set("height", str(height))
    words = "".join(_text(element) for element in root.iter(f"{{{SVG}}}text"))
    return Drawing(etree.tostring(root, encoding="unicode", with_tail=False), width, height, words)


def _fault(words: str, **values: str | int) -> Unusable:
    return Unusable(IMAGE_SVG, "picture “{src}” " + words, **values)


def _row(element: etree._Element) -> int:
    return int(getattr(element, "sourceline", None) or 1)


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _parsed(data: bytes) -> etree._Element:
    """The root element; no document type, no entity, no style sheet from elsewhere."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _fault("is not UTF-8, as an SVG must be here") from None
    lowered = text.lower()
    if "<!doctype" in lowered or "<!entity" in lowered:
        raise _fault("has a DOCTYPE or entities; delete the line that begins with <!DOCTYPE")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _fault("is no well-formed XML: {fault}", fault=str(error)[:120]) from None
    if root.tag != f"{{{SVG}}}svg":
        raise _fault('is no SVG: its first element must be <svg xmlns="{namespace}">', namespace=SVG)
    if root.xpath("boolean(//processing-instruction('xml-stylesheet'))"):
        raise _fault("takes its styles from another file")
    return root


def _is_kept(element: etree._Element) -> bool:
    """Whether the element draws. One of another vocabulary is taken out of the tree; a forbidden one is a fault."""
    name = etree.QName(element)
    if name.namespace and name.namespace not in (SVG, _XHTML):
        parent = element.getparent()
        if parent is not None:
            before, tail = element.getprevious(), element.tail or ""  # lxml takes the text behind it out too
            parent.remove(element)
            if before is not None:
                before.tail = (before.tail or "") + tail
            else:
                parent.text = (parent.text or "") + tail
        return False
    if name.localname in _ANIMATIONS:
        raise _fault("is animated: <{tag}> in its line {row}", tag=name.localname, row=_row(element))
    if name.namespace != SVG or name.localname not in _ELEMENTS:
        raise _fault("holds <{tag}> in its line {row}", tag=name.localname[:40], row=_row(element))
    return True


def _targets(element: etree._Element) -> Iterator[str]:
    """The ids that the element refers to; foreign attributes are taken off it, forbidden ones are a fault."""
    for key, value in [(str(key), str(value)) for key, value in element.attrib.items()]:
        name = etree.QName(key).localname
        plain = not key.startswith("{")
        if key == f"{_XML}base" or (plain and name.lower().startswith("on")):
            raise _fault("has the attribute {name} in its line {row}", name=name[:40], row=_row(element))
        if name in {"href", "src"} and (plain or key == _XLINK_HREF):
            yield from _reference(element, value.strip())
        elif not plain and not key.startswith(_XML):
            del element.attrib[key]
        elif name == "style" or "\\" in value or "url" in value.lower():
            yield from _references_of_css(element, value)
    if etree.QName(element).localname == "style":
        yield from _references_of_css(element, _text(element))


def _reference(element: etree._Element, target: str) -> Iterator[str]:
    if target.startswith("#"):
        if etree.QName(element).localname != "a":  # a link to a place within the picture draws nothing twice
            yield unquote(target[1:])
    elif target.lower().startswith("data:") and etree.QName(element).localname == "image":
        _check_embedded(target)
    elif target:
        raise _fault("refers to {target}", target=target[:80])


def _references_of_css(element: etree._Element, css: str) -> Iterator[str]:
    """The ids in `url(#…)`; imports, key frames and addresses are a fault."""
    waiting = list(tinycss2.parse_component_value_list(css))
    while waiting:
        token = waiting.pop()
        if token.type == "at-keyword" and token.lower_value.endswith(("import", "keyframes", "font-face")):
            raise _fault("has @{name} in its style sheet", name=token.lower_value[:40])
        if token.type == "url":
            yield from _reference(element, token.value.strip())
        elif token.type == "function":
            if token.lower_name in {"url", "src", "image", "image-set"}:
                strings = [part.value for part in token.arguments if part.type == "string"]
                if len(strings) != 1:
                    raise _fault("refers to {target}", target=f"{token.lower_name}(…)")
                yield from _reference(element, strings[0].strip())
            waiting.extend(token.arguments)
        elif token.type in {"() block", "[] block", "{} block"}:
            waiting.extend(token.content)


def _check_embedded(target: str) -> None:
    """A picture within the picture: a small PNG or JPEG, held against the same tests as any other."""
    from kanfa.issue.sniff import sniff

    head, _, payload = target.partition(",")
    kind = head[len("data:") :].lower().replace(" ", "")
    if kind not in {"image/png;base64", "image/jpeg;base64", "image/jpg;base64"}:
        raise _fault("holds {kind}; only small PNG and JPEG pictures may stand in an SVG", kind=f"data:{kind[:40]}")
    try:
        data = base64.b64decode("".join(unquote(payload).split()), validate=True)
        found = sniff(data) if len(data) <= MAX_EMBEDDED_BYTES else None
    except (binascii.Error, ValueError, Unusable):
        raise _fault("holds a picture that is broken or too large") from None
    wanted = "image/png" if "png" in kind else "image/jpeg"
    if found is None or found.media_type != wanted or found.width * found.height > MAX_EMBEDDED_PIXELS:
        raise _fault("holds a picture that is broken or too large")


def _size(root: etree._Element) -> tuple[int, int]:
    """Width and height in CSS pixels, from the attributes or the viewBox."""
    width, height = _length(root.get("width", "")), _length(root.get("height", ""))
    box = [_number(part) for part in root.get("viewBox", "").replace(",", " ").split()]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        if not width and not height:
            width, height = box[2], box[3]
        width = width or height * box[2] / box[3]
        height = height or width * box[3] / box[2]
    if not width or not height:
        raise _fault("says nowhere how large it is: it needs width and height, or a viewBox")
    if not max(width, height) <= MAX_SVG_SIDE:
        raise _fault("is more than {most:,} pixels wide or high", most=MAX_SVG_SIDE)
    return math.ceil(width), math.ceil(height)


def _length(words: str) -> float:
    """A length in CSS pixels; 0 for one that depends on what is around, or is none."""
    found = _LENGTH.fullmatch(words.strip())
    return float(found[1]) * _UNITS[found[2].lower()] if found else 0.0


def _number(words: str) -> float:
    try:
        number = float(words)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0


def _bounded(root: etree._Element, urls: list[tuple[etree._Element, str]]) -> None:
    """Refuse what draws too many elements once every reference is followed, or refers to itself.

    An element that refers to another counts it too; one that hands a paint down, once for each element in it; a
    marker is drawn at every corner of a path; what a style sheet refers to may be drawn by every element.
    """
    by_id: dict[str, list[etree._Element]] = defaultdict(list)
    for element in root.iter(etree.Element):
        if name := element.get("id"):
            by_id[name].append(element)
    refs: dict[etree._Element, list[etree._Element]] = defaultdict(list)
    for element, target in urls:
        refs[element].extend(by_id.get(target, ()))
    known: dict[etree._Element, int] = {}
    active: set[etree._Element] = set()

    def cost(element: etree._Element) -> int:
        if element in known:
            return known[element]
        if element in active or len(active) > _MAX_CHAIN:
            raise _fault("refers to itself, or is nested too deep")
        active.add(element)
        tag = etree.QName(element).localname
        total = 1 + sum(cost(child) for child in element.iterchildren(etree.Element))
        for target in refs[element]:
            holder = root if tag == "style" else element
            times = 1 if tag == "use" else sum(1 for _ in holder.iter(etree.Element))
            if etree.QName(target).localname == "marker":
                times += sum(len(e.get("d", "") + e.get("points", "")) // 2 for e in holder.iter(etree.Element))
            total += cost(target) * times
            if total > MAX_SVG_ELEMENTS:
                break
        active.discard(element)
        if total > MAX_SVG_ELEMENTS:
            raise _fault("draws more than {most:,} elements once every reference is followed", most=MAX_SVG_ELEMENTS)
        known[element] = total
        return total

    cost(root)
