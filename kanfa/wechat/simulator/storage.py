"""L1, the filter of draft/add and draft/update: what is refused, what is dropped, and how the rest is stored.

Measured on real accounts by reading drafts back, unless a step says otherwise. The order of the steps is ours.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from kanfa.wechat.addresses import host_of, split_or_none
from kanfa.wechat.simulator.css import Fate, fate_of, filtered, is_picture_host
from kanfa.wechat.simulator.markup import Attribute, Element, parse, serialise

ARTICLES = "mp.weixin.qq.com"
PLAYER = "v.qq.com"
REFUSED_TAGS = frozenset({"mp-miniprogram", "mpvoice"})
DROPPED_TAGS = frozenset({
    "script", "style", "noscript", "object", "embed", "form", "input", "button", "select", "textarea", "label",
    "option", "canvas", "link", "meta", "base", "title", "head",
})  # fmt: skip
DROPPED_ATTRIBUTES = frozenset({"id", "contenteditable", "ping"})
BLOCKS = frozenset({
    "section", "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "hr", "pre", "div", "table",
    "thead", "tbody", "tfoot", "tr", "td", "th", "figure", "figcaption", "article", "aside", "header", "footer",
    "nav", "main", "dl", "dt", "dd",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """Where accounts were seen to differ."""

    strict_div: bool = True
    """Whether a `div` with block children is dissolved and its style lost (one account), or kept (two others)."""
    privileged_links: bool = False
    """Whether outside links are kept; most accounts lose them."""


def refusal(text: str) -> str:
    """Why the API would refuse the whole article (45166), in words; empty when it takes it."""
    for element in parse(text).elements():
        if element.tag in REFUSED_TAGS:
            return f"<{element.tag}>"
        href = element.get("href") if element.tag == "a" else None
        if href is not None and (reason := _bad_link(href.strip())):
            return f'{reason} href="{href.strip()[:80]}"'
    return ""


def _bad_link(href: str) -> str:
    parts = split_or_none(href)
    if href.startswith("#"):
        return "anchor"
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        return "relative or unknown address"
    if host_of(href) == ARTICLES and any(name == "tempkey" for name, _ in parse_qsl(parts.query)):
        return "temporary address"
    return ""


def store(text: str, account: Account | None = None) -> str:
    """What draft/get gives back for the article `text`. Ask `refusal` first; never raises."""
    root = parse(text)
    _rebuild(root, account or Account(), in_drawing=False)
    return serialise(root)


def _rebuild(parent: Element, account: Account, in_drawing: bool) -> None:
    """Filter everything below `parent`, innermost first."""
    children: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, str):
            children.append(child.replace("\n", " ") if parent.tag == "code" else child)
        else:
            children += _filtered(child, account, in_drawing, parent)
    parent.children = children
    if parent.tag in {"ul", "ol"}:  # models the editor's defect: white space becomes an empty bullet
        parent.children = [Element("li") if isinstance(c, str) and not c.strip() else c for c in parent.children]


def _filtered(element: Element, account: Account, in_drawing: bool, parent: Element) -> list[Element | str]:
    """What stands in the place of one element."""
    tag = element.tag
    drawing = in_drawing or tag == "svg"
    if tag in DROPPED_TAGS and not (drawing and tag == "title"):
        return []
    if tag == "iframe" and host_of(element.get("src") or element.get("data-src") or "") != PLAYER:
        return []
    if tag == "details":
        element.children = [c for c in element.children if isinstance(c, Element) and c.tag == "summary"]
    if tag in {"video", "audio"}:
        element.children, element.attributes = [], [a for a in element.attributes if a.name.lower() != "src"]
    _rebuild(element, account, drawing)
    if drawing and tag == "a":
        return element.children
    if drawing and tag == "image" and not is_picture_host(element.get("href") or element.get("xlink:href") or ""):
        return []
    _clean_attributes(element, drawing, account)
    if _style(element) is Fate.UNWRAPPED or tag == "details":
        return element.children
    if tag == "img":
        return [element] if _picture(element) else []
    if tag == "div" and account.strict_div and any(_is_block(child) for child in element.children):
        return list(dissolved(element, "span" if parent.tag == "p" else "p"))
    return [element]


def _clean_attributes(element: Element, drawing: bool, account: Account) -> None:
    kept = []
    for attribute in element.attributes:
        name = attribute.name.lower()
        if name in DROPPED_ATTRIBUTES or name.startswith("on") or (element.tag == "img" and name == "width"):
            continue
        if element.tag == "a" and name == "href" and not _is_kept_link(attribute.value, account):
            continue
        kept.append(Attribute(name, attribute.source) if drawing else attribute)
    element.attributes = kept


def _is_kept_link(href: str, account: Account) -> bool:
    return account.privileged_links or host_of(href) == ARTICLES


def _style(element: Element) -> Fate:
    """Apply the traps of the style attribute; says what becomes of the element."""
    style = element.find("style")
    if style is None:
        return Fate.KEPT
    fate = fate_of(style.source)
    style.source = "" if fate is Fate.BLANKED else filtered(style.source)
    return fate


def _is_block(child: Element | str) -> bool:
    return isinstance(child, Element) and child.tag in BLOCKS


def dissolved(div: Element, wrapper: str) -> Iterator[Element | str]:
    """The block children of a `div` in its place, what stands between them each in a `wrapper` without a style."""
    run: list[Element | str] = []
    for child in [*div.children, None]:
        if child is not None and not _is_block(child):
            run.append(child)
            continue
        if any(isinstance(part, Element) or part.strip() for part in run):
            yield Element(wrapper, [], run)
        run = []
        if child is not None:
            yield child


def _picture(element: Element) -> bool:
    """Rewrite the address of a picture as the API does; False for one that lies elsewhere and is filtered out."""
    source = element.find("src") or element.find("data-src")
    if source is None or not is_picture_host(source.value):
        return False
    source.name = "data-src"
    source.source = html.escape(stored_address(source.value.strip()), quote=False)
    return True


def stored_address(address: str) -> str:
    """An uploaded picture's address as it is stored: https, and `/640` with `from=appmsg` for a final `/0`."""
    parts = urlsplit(address)
    path, query = parts.path, parts.query
    if path.endswith("/0"):
        path = f"{path[:-1]}640"
        query = f"{query}&from=appmsg" if query else "from=appmsg"
    return urlunsplit(("https", parts.netloc, path, query, parts.fragment))
