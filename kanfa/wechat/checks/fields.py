"""The draft's fields, measured before the API would refuse them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from kanfa.findings import Finding
from kanfa.labels import is_chinese, labels_for
from kanfa.wechat.addresses import split_or_none
from kanfa.wechat.checks.article import Article
from kanfa.wechat.checks.links_images import staged_picture
from kanfa.wechat.limits import LIMITS, length_of
from kanfa.wechat.rules import advice
from kanfa.wechat.rules import content as rule
from kanfa.wechat.tree import serialise, text_of

LARGEST_SHOWN = 5
"""Sections named in the message about an article that is too long."""


def _title_line(article: Article) -> int:
    """Where the draft's title stands: a short title that nobody wrote is the title itself."""
    return article.issue.line_of("short_title" if "short_title" in article.issue.lines_of else "title")


def title(article: Article) -> Iterator[Finding]:
    """A title, not too long, without astral characters."""
    text, line = str(article.fields.get("title") or ""), _title_line(article)
    if not text.strip():
        yield rule.TITLE_EMPTY.at(line, "the draft has no title")
    if (length := length_of(text)) > LIMITS.title.value:
        message, most = "title “{title}” has {length} characters; at most {most}", LIMITS.title.value
        yield rule.TITLE_LENGTH.at(line, message, quote=text, title=text[:60], length=length, most=most)
    elif (size := len(text.encode())) > LIMITS.title_share.value:
        message, most = "title “{title}” has {size} bytes; share cards show {most}", LIMITS.title_share.value
        yield advice.TITLE_LONG.at(line, message, quote=text, title=text, size=size, most=most)
    if astral := next((char for char in text if ord(char) > 0xFFFF), ""):
        yield advice.TITLE_EMOJI.at(line, "title “{title}”", quote=astral, title=text)


def author(article: Article) -> Iterator[Finding]:
    """The author's length; an empty one is allowed."""
    text = str(article.fields.get("author") or "")
    if (length := length_of(text)) > LIMITS.author.value:
        message, most = "author “{author}” has {length} characters; at most {most}", LIMITS.author.value
        yield rule.AUTHOR_LENGTH.at(1, message, author=text[:60], length=length, most=most)
    elif length > LIMITS.author_old.value:
        message = "author “{author}” has {length} characters; some accounts take 8"
        yield advice.AUTHOR_LONG.at(1, message, author=text, length=length)


def digest(article: Article) -> Iterator[Finding]:
    """The digest's length."""
    text = str(article.fields.get("digest") or "")
    if (length := length_of(text)) > LIMITS.digest.value:
        message, line = "digest has {length} characters; at most {most}", article.issue.line_of("summary")
        yield rule.DIGEST_LENGTH.at(line, message, quote=text, length=length, most=LIMITS.digest.value)


def content(article: Article) -> Iterator[Finding]:
    """Characters and bytes of the article as sent, tags included; the message names the largest parts."""
    length, size = length_of(article.html), len(article.html.encode())
    most, near, most_bytes = LIMITS.content_chars.value, LIMITS.content_chars_near.value, LIMITS.content_bytes.value
    if length <= near and size <= most_bytes:
        return
    parts = part_sizes(article)
    shown = "; ".join(
        f"{name} {chars:,} (L{line})" if line > 1 else f"{name} {chars:,}"
        for name, chars, line in parts[:LARGEST_SHOWN]
    )
    largest = next((line for _, _, line in parts if line > 1), 1)
    if length > most:
        message = "{length:,} characters, {excess:,} too many. Largest parts: {parts}"
        yield rule.CONTENT_CHARS.at(largest, message, length=length, excess=length - most, parts=shown)
    elif length > near:
        message = "{length:,} of {most:,} characters. Largest parts: {parts}"
        yield advice.CHARS_NEAR.at(largest, message, length=length, most=most, parts=shown)
    if size > most_bytes:
        message = "{size:,} bytes; at most {most:,}. Largest parts: {parts}"
        yield rule.CONTENT_BYTES.at(largest, message, size=size, most=most_bytes, parts=shown)


def part_sizes(article: Article) -> list[tuple[str, int, int]]:
    """Characters of each part of the article with its name and source line, largest first."""
    sizes: dict[str, int] = {}
    name = "开篇" if is_chinese(article.issue.language) else "opening"
    heading = _list_heading(article)
    for block in _parts(article.body[0], heading) if len(article.body) else []:
        if block.tag == "h2":
            name = " ".join(text_of(block).split())
        elif _opens_with(block, heading):
            name = heading
        sizes[name] = sizes.get(name, 0) + length_of(serialise(block))
    ranked = sorted(sizes.items(), key=lambda item: -item[1])
    return [(part, size, article.line_of_text(part)) for part, size in ranked]


def _parts(root: HtmlElement, heading: str) -> Iterator[HtmlElement]:
    """The article's blocks; for the one that gathers the end matter, the blocks in it."""
    for block in _children(root):
        if block.tag == "section" and any(_opens_with(inner, heading) for inner in _children(block)):
            yield from _children(block)
        else:
            yield block


def _children(element: HtmlElement) -> list[HtmlElement]:
    """The child elements; comments are none."""
    return [child for child in element if isinstance(child.tag, str)]


def _opens_with(block: HtmlElement, heading: str) -> bool:
    return block.tag == "section" and len(block) > 0 and text_of(block[0]) == heading


def _list_heading(article: Article) -> str:
    return labels_for(article.issue.language).references


def source_url(article: Article) -> Iterator[Finding]:
    """阅读原文 is a web address of at most 1 KB; none is allowed too."""
    address = str(article.fields.get("content_source_url") or "")
    if not address:
        return
    if (size := len(address.encode())) > LIMITS.source_url.value:
        message, most = "{size:,} bytes; at most {most:,}", LIMITS.source_url.value
        yield rule.SOURCE_URL_LENGTH.at(1, message, size=size, most=most)
    parts = split_or_none(address)
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or not parts.netloc
        or any(char.isspace() for char in address)
    ):
        yield rule.SOURCE_URL_INVALID.at(1, "content_source_url is “{address}”", address=address[:80])


def cover(article: Article) -> Iterator[Finding]:
    """A cover that is staged and can be uploaded."""
    entry = article.fields.get("cover") or {}
    name, line = str(entry.get("name") or ""), article.issue.line_of("cover")
    if name not in article.artifact.files:
        message = "cover “{name}” is not staged" if name else "the draft has no cover"
        yield rule.COVER_MISSING.at(line, message, name=name)
    else:
        yield from staged_picture(article, name, line, LIMITS.cover_bytes.value)


FIELD_CHECKS = (title, author, digest, content, source_url, cover)
OF_THE_ISSUE = (title, author, source_url, cover)
"""Checks of what all parts of a split issue have from it: a fault of theirs is one, however many the parts."""
