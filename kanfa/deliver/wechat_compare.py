"""What WeChat stored, compared with what was sent: text, structure, pictures and fields."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from kanfa.wechat.api.answers import Article
from kanfa.wechat.tree import elements, parse_fragment, serialise, text_of

COUNTED = (
    "section", "p", "img", "table", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "li",
)  # fmt: skip
"""Elements whose number must survive storage."""
FIELDS = ("title", "author", "digest", "content_source_url")
FLAGS = ("need_open_comment", "only_fans_can_comment")
AROUND = 12
"""Characters shown before and behind the first difference of two texts."""


class Kind(StrEnum):
    """What differs."""

    FIELD = "field"
    TEXT = "text"
    STRUCTURE = "structure"
    STYLES = "styles"
    PICTURES = "pictures"
    LINKS = "links"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between what was sent and what is stored."""

    kind: Kind
    words: str
    """For people."""

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What is compared of one article's content."""

    text: str
    """All text, every run of white space one space."""
    counts: Mapping[str, int]
    styles: int
    """Style attributes."""
    blank: int
    """Of these, empty ones: WeChat blanks a style it does not like, and sometimes one for no visible reason."""
    images: tuple[str, ...]
    """Keys of the pictures in their order."""
    links: tuple[str, ...]


def anatomy(content: str) -> Anatomy:
    """The anatomy of an article as sent or as stored."""
    body = parse_fragment(content)
    found = Counter(str(element.tag) for element in elements(body))
    styles = [value for element in elements(body) if (value := element.get("style")) is not None]
    return Anatomy(
        text=" ".join(text_of(body).split()),
        counts={tag: found[tag] for tag in COUNTED},
        styles=len(styles),
        blank=sum(1 for value in styles if not value.strip()),
        images=tuple(_picture_key(image) for image in elements(body, "img")),
        links=tuple(href for link in elements(body, "a") if (href := link.get("href"))),
    )


def _picture_key(image: HtmlElement) -> str:
    """Host and path of a picture without the size at its end: `/0` is stored as `/640`, http as https."""
    address = image.get("data-src") or image.get("src") or ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    path, _, size = parts.path.rpartition("/")
    return f"{parts.netloc}{path if size.isdecimal() else parts.path}"


def differences(sent: Mapping[str, Any], stored: Article, *, alone: bool) -> list[Difference]:
    """Every difference that matters, fields first; empty when the draft is as it should be.

    `alone`: whether it is the draft's only article; WeChat keeps no digest of others. An empty digest is not
    compared: WeChat writes one. Expected changes (`data-src`, sizes of pictures, `<br  />`) are none.
    """
    found = _field_differences(sent, stored, alone)
    wanted, there = anatomy(str(sent["content"])), anatomy(stored.content)
    if wanted.text != there.text:
        found.append(Difference(Kind.TEXT, f"text: {_first_difference(wanted.text, there.text)}"))
    for tag in COUNTED:
        if wanted.counts[tag] != there.counts[tag]:
            words = f"<{tag}>: {wanted.counts[tag]} sent, {there.counts[tag]} stored"
            found.append(Difference(Kind.STRUCTURE, words))
    if wanted.styles != there.styles:
        found.append(Difference(Kind.STYLES, f"style attributes: {wanted.styles} sent, {there.styles} stored"))
    if there.blank:
        found.append(Difference(Kind.STYLES, f'style="": {there.blank} stored'))
    if wanted.images != there.images:
        found.append(Difference(Kind.PICTURES, f"pictures: {_first_other(wanted.images, there.images)}"))
    if wanted.links != there.links:
        found.append(Difference(Kind.LINKS, f"links: {_first_other(wanted.links, there.links)}"))
    return found


def all_differences(made: Sequence[Mapping[str, Any]], stored: Sequence[Article]) -> list[tuple[int, Difference]]:
    """`differences` of a whole draft, each with the 0-based place of its article."""
    alone = len(made) == 1
    return [
        (place, difference)
        for place, (payload, article) in enumerate(zip(made, stored, strict=True))
        for difference in differences(payload, article, alone=alone)
    ]


def with_flags(
    made: Sequence[Mapping[str, Any]], before: Sequence[tuple[int, int]], stored: Sequence[Article]
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The articles with the comment settings that an update is to send, and in words where they are not the release's.

    Comments are opened and closed on the web too. A setting that is stored as the last release asked for (`before`,
    each in the order of FLAGS; empty when nobody knows) follows the new release; any other one is a person's and stays.
    """
    flagged, kept = [], []
    for place, (payload, article) in enumerate(zip(made, stored, strict=True)):
        asked = dict(zip(FLAGS, before[place], strict=True)) if len(before) == len(stored) else {}
        there = {name: getattr(article, name) for name in FLAGS}
        stay = {name: value for name, value in there.items() if value not in {payload[name], asked.get(name)}}
        where = f"article {place + 1}: " if len(stored) > 1 else ""
        kept += [
            f"{where}{name} stays {value} as it is in the draft box (the release says {payload[name]})"
            for name, value in stay.items()
        ]
        flagged.append({**payload, **stay})
    return flagged, tuple(kept)


def _field_differences(sent: Mapping[str, Any], stored: Article, alone: bool) -> list[Difference]:
    found = []
    for name in (*FIELDS, "thumb_media_id", *FLAGS):
        if name == "digest" and (not sent[name] or not alone):
            continue
        if sent[name] != getattr(stored, name):
            words = f"{name}: “{sent[name]}” sent, “{getattr(stored, name)}” stored"
            found.append(Difference(Kind.FIELD, words))
    return found


def _first_difference(wanted: str, there: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(wanted, there, strict=False)) if a != b), min(len(wanted), len(there)))
    start = max(0, at - AROUND)
    return f"“…{wanted[start : at + AROUND]}…” sent, “…{there[start : at + AROUND]}…” stored"


def _first_other(wanted: tuple[str, ...], there: tuple[str, ...]) -> str:
    if len(wanted) != len(there):
        return f"{len(wanted)} sent, {len(there)} stored"
    return next(f"“{a}” sent, “{b}” stored" for a, b in zip(wanted, there, strict=True) if a != b)


# ---------------------------------------------------------------- recognising


def essences_of(payloads: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """For each article of a draft as sent, a hash of what a person would have changed on purpose.

    That is its place among the articles, title, author, source address, cover, text and number of pictures, and the
    digest when WeChat keeps it. Styles are left out, because WeChat blanks some; so are comment settings.
    """
    alone = len(payloads) == 1
    return tuple(
        _essence(place, payload, anatomy(str(payload["content"])), payload["digest"] if alone else "")
        for place, payload in enumerate(payloads)
    )


def possible_essences(stored: Sequence[Article]) -> tuple[frozenset[str], ...]:
    """For each article of a draft as stored, the `essences_of` every article that it may have been when it was sent.

    WeChat writes a digest for one sent without; and before its upload a cover has no media_id.
    """
    alone = len(stored) == 1
    found = []
    for place, article in enumerate(stored):
        there, fields = anatomy(article.content), article.model_dump()
        found.append(
            frozenset(
                _essence(place, {**fields, "thumb_media_id": cover}, there, digest)
                for cover in (article.thumb_media_id, "")
                for digest in (article.digest if alone else "", "")
            )
        )
    return tuple(found)


def _essence(place: int, fields: Mapping[str, Any], there: Anatomy, digest: str) -> str:
    names = ("title", "author", "content_source_url", "thumb_media_id")
    return _hash([place, *(fields[name] for name in names), digest, there.text, len(there.images)])


def fingerprint(article: Article) -> str:
    """A hash of a stored article as it is, styles included; comment settings and preview address are left out."""
    body = parse_fragment(article.content)
    kept = [*(getattr(article, name) for name in (*FIELDS, "thumb_media_id")), serialise(body)]
    return _hash(kept)


def payload_hash(payload: Mapping[str, Any]) -> str:
    """A hash of an article as sent, without its comment settings, which a person may change on the web."""
    return _hash({name: value for name, value in payload.items() if name not in FLAGS})


def _hash(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def restorable(article: Article) -> dict[str, Any]:
    """A stored article in the form that draft/update takes back.

    A stored style holds quotes as entities, and sending an entity blanks the whole attribute (measured): the
    quotes are decoded, `"` becomes `'`. `data-src` becomes `src` again.
    """
    body = parse_fragment(article.content)
    for element in elements(body):
        if (style := element.get("style")) is not None:
            element.set("style", style.replace('"', "'"))
        if (source := element.attrib.pop("data-src", None)) is not None:
            element.set("src", source)
    content = serialise(body).removeprefix("<body>").removesuffix("</body>")
    names = (*FIELDS, "thumb_media_id", *FLAGS)
    return {"article_type": "news", "content": content, **{name: getattr(article, name) for name in names}}
