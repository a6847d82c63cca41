"""Links that refuse or lose their draft, and pictures that never arrive."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

from lxml.html import HtmlElement

from kanfa.findings import Finding
from kanfa.wechat.addresses import split_or_none
from kanfa.wechat.checks.article import Article
from kanfa.wechat.checks.css import is_wechat_host
from kanfa.wechat.checks.structure import in_drawing
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.rules import content as rule
from kanfa.wechat.transforms.links import LIVE_HOST
from kanfa.wechat.tree import path_of

MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""First bytes of the formats that WeChat takes."""


def links(article: Article) -> Iterator[Finding]:
    """Every `a` by its address; one without `href` is plain text."""
    for anchor in article.elements("a"):
        href = anchor.get("href")
        if href is None or in_drawing(anchor):
            continue
        parts = split_or_none(href.strip())
        host = (parts.hostname or "").lower() if parts else ""
        if href.strip().startswith("#"):
            fault, message = rule.LINK_ANCHOR, "link to {href}"
        elif parts is None or not parts.scheme:
            fault, message = rule.LINK_RELATIVE, "link to “{href}”"
        elif parts.scheme.lower() not in {"http", "https"}:
            fault, message = rule.LINK_SCHEME, "link to {href}"
        elif host == LIVE_HOST and "tempkey" in parse_qs(parts.query, keep_blank_values=True):
            fault, message = rule.LINK_TEMPKEY, "temporary link {href}"
        elif host != LIVE_HOST and not article.publication.wechat.privileged_links:
            fault, message = rule.LINK_EXTERNAL, "link to {href}"
        else:
            continue
        yield fault.at(article.line_of_href(href), message, quote=href, href=href, element=path_of(anchor))


def pictures(article: Article) -> Iterator[Finding]:
    """Every picture is staged, of a kind and size that uploads take, and has words."""
    for image in article.elements("img"):
        yield from _picture(article, image)


def _picture(article: Article, image: HtmlElement) -> Iterator[Finding]:
    src, alt = image.get("src") or "", image.get("alt") or ""
    line, quote = article.line_of_image(src, alt), article.spelling_of_image(src)
    if not alt.strip():
        message = "picture {src} has no words"
        yield rule.IMG_NO_ALT.at(line, message, quote=quote, src=src[:80], element=path_of(image))
    if src.startswith("data:"):
        yield rule.IMG_DATA_URI.at(line, "{address}…", quote=src, address=src[:40], element=path_of(image))
    elif src not in article.artifact.files:
        if not is_wechat_host(src):
            message = "picture “{src}” is not staged with the article"
            yield rule.IMG_UNSTAGED.at(line, message, quote=src, src=src, element=path_of(image))
    else:
        yield from staged_picture(article, src, line, LIMITS.image_bytes.value)


def staged_picture(article: Article, name: str, line: int, most: int) -> Iterator[Finding]:
    """Kind and size of one staged file; `most` in bytes."""
    data, quote = article.artifact.files[name], article.spelling_of_image(name)
    if not data.startswith(tuple(MAGIC.values())):
        yield rule.IMG_FORMAT.at(line, "{name} is neither PNG nor JPEG", quote=quote, name=name)
    if len(data) > most:
        message = "{name} has {size:,} bytes; at most {most:,}"
        yield rule.IMG_TOO_LARGE.at(line, message, quote=quote, name=name, size=len(data), most=most)


LINK_IMAGE_CHECKS = (links, pictures)
