"""Reading a page for what its status does not say: is the place there, and is it the article or only its grave?"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree, html

WECHAT = "mp.weixin.qq.com"
MAX_BYTES = 4 * 1024 * 1024
"""Bytes of a page that are read; a WeChat article has up to three million, most of them scripts."""

WITHHELD = (
    "该内容已被发布者删除",
    "此内容因违规无法查看",
    "此内容因违规已删除",
    "此内容被投诉且经审核涉嫌侵权",
    "该公众号已迁移",
    "此帐号已注销",
    "此账号已注销",
    "此帐号已自主注销",
    "此帐号已被屏蔽",
    "链接已过期",
    "内容无法查看",
    "参数错误",
)
"""What WeChat shows in an article's place, with status 200. Source: common experience of readers, 2019–2025."""
SUSPICIOUS = ("环境异常", "完成验证后即可继续访问", "访问过于频繁")
"""What WeChat shows to visitors that it takes for machines."""
_ARTICLE = frozenset({"js_content", "js_article", "img-content", "js_image_content"})
"""Elements that only a living article has: its text may speak of deleted articles."""

_BY_SCRIPTS = ("/", "!", ":~:", "issuecomment-", "discussion", "diff-", "pullrequestreview-", "event-")
"""Beginnings of fragments that scripts or browsers read: routes, text to highlight, threads of GitHub."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was looked for on a page."""

    anchors: frozenset[str]
    """Every id, and every name of an anchor."""
    text: str
    """What a reader sees, scripts and styles left out, white space removed."""


def read_page(body: bytes) -> Page:
    """The page of these bytes; an empty one when they are no HTML. Never raises for what a server sends."""
    parser = html.HTMLParser(encoding=_encoding(body), no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(body, parser=parser)
    except (etree.LxmlError, ValueError):  # nothing but white space, or deeper than the parser goes
        return Page(frozenset(), "")
    anchors: set[str] = set()
    pieces: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        skipped = not isinstance(element.tag, str) or element.tag in {"script", "style", "template"}
        if event == "start":
            hidden += skipped
            anchors.update(filter(None, (element.get("id"), element.get("name") if element.tag == "a" else None)))
            if not hidden and element.text:
                pieces.append(element.text)
        else:
            hidden -= skipped
            if not hidden and element.tail:
                pieces.append(element.tail)
    return Page(frozenset(anchors), "".join("".join(pieces).split()))


def _encoding(body: bytes) -> str | None:
    """UTF-8 where it is that, else None: the parser then reads the page's own declaration."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body)  # the last character may be cut
    except UnicodeDecodeError:
        return None
    return "utf-8"


def withheld(page: Page) -> str:
    """What WeChat says in place of the article, or ``."""
    return "" if page.anchors & _ARTICLE else next((words for words in WITHHELD if words in page.text), "")


def suspects(page: Page, address: str) -> bool:
    """Whether WeChat wants a proof that a person reads, instead of showing the article."""
    if "captcha" in urlsplit(address).path:
        return True
    return not page.anchors & _ARTICLE and any(words in page.text for words in SUSPICIOUS)


def is_place(fragment: str) -> bool:
    """Whether a fragment names an element that a page must have, and is nothing that a script or browser reads."""
    return bool(fragment) and "=" not in fragment and not _is_line(fragment) and not fragment.startswith(_BY_SCRIPTS)


def _is_line(fragment: str) -> bool:
    """`L10`, `L10-L20`, `10`: lines of code, drawn by scripts."""
    return all(part.lstrip("L").isdigit() for part in fragment.split("-"))


def has_place(page: Page, fragment: str) -> bool:
    """Whether the page has the place; GitHub writes `user-content-` before the names that its readers see."""
    name = unquote(fragment)
    return bool(page.anchors & {name, fragment, f"user-content-{name}", f"user-content-{name.lower()}"})
