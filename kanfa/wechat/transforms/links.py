"""Links: only mp.weixin.qq.com stays clickable; every other address becomes `[n]` and a line in the list."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from lxml.html import HtmlElement

from kanfa.wechat.addresses import host_of, split_or_none
from kanfa.wechat.pictures import Picture
from kanfa.wechat.setting import Setting
from kanfa.wechat.tree import append_text, classes, drop, elements, move_children, new, replace, text_of

LIVE_HOST = "mp.weixin.qq.com"
LIST_MARK = "data-references"
"""Attribute with which the template marks the block of the reference list; it leaves with `bare`."""
SUBSTITUTE = "substitute"
"""Class of the words that stand for a picture: `[图：…]`."""
PICTURE_WORDS = ("[图：", "]")
"""What opens and closes a substitute."""


def is_live(href: str, privileged: bool = False) -> bool:
    """Whether WeChat keeps this address clickable: its own articles, and all web links of a privileged account."""
    parts = split_or_none(href)
    if parts is None or parts.scheme not in {"http", "https"}:
        return False
    return privileged or host_of(href) == LIVE_HOST


def shows_address(text: str, href: str) -> bool:
    """Whether `text` is the address itself, so that readers need no number: `https://…`, or the mailbox of a mailto."""
    shown = text.strip()
    return bool(shown) and (_fold(shown) == _fold(href) or _fold(f"mailto:{shown}") == _fold(href))


def _fold(href: str) -> str:
    parts = split_or_none(href)
    if parts is None:
        return href
    bare = parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), path=parts.path or "/")
    return unquote(bare.geturl())


def shows_something(anchor: HtmlElement) -> bool:
    """Whether readers can see and tap a link: one without text or picture is as good as lost."""
    return bool(text_of(anchor).strip()) or next(anchor.iter("img", "svg"), None) is not None


@dataclass(frozen=True, slots=True)
class _Entry:
    """One address of the list."""

    number: int
    title: str


def links(root: HtmlElement, setting: Setting) -> None:
    """Outside links → text with `[n]`, numbered by first use, each address once, all listed in full.

    Prevents: addresses that vanish (the API removes `href`), and drafts refused with 45166 for anchors.
    """
    addresses: dict[str, _Entry] = {}
    for anchor in elements(root, "a"):
        href = (anchor.get("href") or "").strip()
        if is_live(href, setting.privileged_links) and shows_something(anchor):
            anchor.attrib.pop("title", None)
            continue
        words = _words_of(anchor)
        title = anchor.get("title") or ""
        span = new("span", "link")
        move_children(anchor, span)
        if shows_address(words, href):
            span.set("class", "address")
        elif href and not href.startswith("#"):
            entry = addresses.setdefault(href, _Entry(len(addresses) + 1, _entry_title(words, title)))
            span.append(new("sup", "call", f"[{entry.number}]"))
        replace(anchor, span)
    for place in root.xpath(f"//*[@{LIST_MARK}]"):
        if addresses:
            _fill(place, addresses, setting)
        else:
            drop(place)


def _words_of(anchor: HtmlElement) -> str:
    """What the list says of a link: its text, else its pictures' words, without the marks of a substitute."""
    inner = list(anchor)
    alone = len(inner) == 1 and not (anchor.text or "").strip() and not (inner[0].tail or "").strip()
    pictures = (image.get("alt") or image.get("aria-label") or "" for image in anchor.iter("img", "svg"))
    words = " ".join(text_of(anchor).split()) or " ".join(pictures)
    if SUBSTITUTE in classes(anchor) or (alone and SUBSTITUTE in classes(inner[0])):
        return words.removeprefix(PICTURE_WORDS[0]).removesuffix(PICTURE_WORDS[1])
    return words


def _entry_title(words: str, title: str) -> str:
    return f"{words}（{title}）" if words and title else words or title


def _fill(place: HtmlElement, addresses: dict[str, _Entry], setting: Setting) -> None:
    """One paragraph for all entries: a paragraph for each would cost a tenth of the list's characters."""
    block = new("p", "entries")
    for href, entry in addresses.items():
        if len(block) or block.text:
            block.append(new("br"))
        append_text(block, f"[{entry.number}] {entry.title}")
        if entry.title:
            block.append(new("br"))
        append_text(block, href)
        if (code := setting.codes.get(href)) is not None:
            block.append(_code_mark(code, f"{setting.labels.scan}{setting.labels.colon}{entry.title or href}"))
    place.append(block)


def _code_mark(code: Picture, words: str) -> HtmlElement:
    """The QR code of one entry: whoever cannot tap an address may press the picture for long."""
    image = new("img", "code-mark")
    for name, value in (("src", code.name), ("alt", words), ("data-ratio", "1"), ("data-w", str(code.width))):
        image.set(name, value)
    return image
