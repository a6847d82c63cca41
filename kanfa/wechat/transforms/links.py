"""Links: only mp.weixin.qq.com stays clickable; every other address becomes `[n]` and a line in the list."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from kanfa.wechat.setting import Setting
from kanfa.wechat.tree import append_text, drop, elements, move_children, new, replace, text_of

LIVE_HOST = "mp.weixin.qq.com"
LIST_MARK = "data-references"
"""Attribute with which the template marks the block of the reference list; it leaves with `bare`."""


def is_live(href: str, privileged: bool = False) -> bool:
    """Whether WeChat keeps this address clickable: its own articles, and all web links of a privileged account."""
    parts = urlsplit(href)
    if parts.scheme not in {"http", "https"}:
        return False
    return privileged or (parts.hostname or "").lower() == LIVE_HOST


def shows_address(text: str, href: str) -> bool:
    """Whether `text` is the address itself, so that readers need no number: `https://…`, or the mailbox of a mailto."""
    shown = text.strip()
    return bool(shown) and (_fold(shown) == _fold(href) or _fold(f"mailto:{shown}") == _fold(href))


def _fold(href: str) -> str:
    parts = urlsplit(href)
    bare = parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), path=parts.path or "/")
    return unquote(bare.geturl())


def links(root: HtmlElement, setting: Setting) -> None:
    """Outside links → text with `[n]`, numbered by first use, each address once, all listed in full.

    Prevents: addresses that vanish (the API removes `href`), and drafts refused with 45166 for anchors.
    """
    addresses: dict[str, str] = {}
    for anchor in elements(root, "a"):
        href = (anchor.get("href") or "").strip()
        if is_live(href, setting.privileged_links):
            anchor.attrib.pop("title", None)
            continue
        words = " ".join(text_of(anchor).split()) or " ".join(i.get("alt") or "" for i in anchor.iter("img"))
        title = anchor.get("title") or ""
        span = new("span", "link")
        move_children(anchor, span)
        if shows_address(words, href):
            span.set("class", "address")
        elif href and not href.startswith("#"):
            addresses.setdefault(href, _entry_title(words, title))
            call = new("sup", "call", f"[{list(addresses).index(href) + 1}]")
            span.append(call)
        replace(anchor, span)
    for place in root.xpath(f"//*[@{LIST_MARK}]"):
        if addresses:
            _fill(place, addresses)
        else:
            drop(place)


def _entry_title(words: str, title: str) -> str:
    if words.startswith("[图：") and words.endswith("]"):
        words = words[3:-1]  # the substitute stands in the text; here the picture's words are enough
    return f"{words}（{title}）" if words and title else words or title


def _fill(place: HtmlElement, addresses: dict[str, str]) -> None:
    for number, (href, title) in enumerate(addresses.items(), start=1):
        entry = new("p", "", f"[{number}] {title}" if title else f"[{number}] ")
        if title:
            entry.append(new("br"))
        append_text(entry, href)
        place.append(entry)
