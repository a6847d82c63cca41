"""What a release says about its draft: `wechat.json` read back, pictures given WeChat's addresses, limits kept.

The article was approved byte for byte. Only the addresses of its pictures are put in, with the tree that wrote it;
an article that this tree would write differently is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kanfa.errors import DeliveryFailed, RenderError
from kanfa.findings import Rule
from kanfa.release.manifest import FileName, Sha256
from kanfa.release.store import Verified
from kanfa.wechat.draft import FIELDS_FILE
from kanfa.wechat.limits import IMAGE_TYPES, LIMITS, Limit, length_of
from kanfa.wechat.rules import content as rule
from kanfa.wechat.tree import elements, parse_fragment, serialise, single_section

IMAGES = "images/"


class Staged(BaseModel):
    """A table of `wechat.json`; unknown keys are left to whoever wrote them."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Picture(Staged):
    """One picture of the release."""

    name: FileName
    sha256: Sha256
    media_type: str


class Part(Staged):
    """One article of the draft."""

    article_type: Literal["news"] = "news"
    title: str
    author: str = ""
    digest: str = ""
    content: FileName
    content_sha256: Sha256
    content_source_url: str = ""
    need_open_comment: Literal[0, 1] = 0
    only_fans_can_comment: Literal[0, 1] = 0
    cover: Picture
    images: tuple[Picture, ...] = ()


class _File(Part):
    parts: Annotated[tuple[Part, ...], Field()] = ()
    """The articles behind the first one, for an issue that was split."""


@dataclass(frozen=True, slots=True)
class Post:
    """The draft that a release asks for: its articles in order, and every file they need."""

    parts: tuple[Part, ...]
    files: Mapping[str, bytes]
    waived: frozenset[str]
    """Ids of rules whose findings an editor allowed."""

    def html(self, part: Part) -> str:
        """The article as it was approved, pictures by local name."""
        return self.files[part.content].decode("utf-8")

    def body_pictures(self) -> list[Picture]:
        """Every picture of the bodies once, in the order of the articles."""
        return list({picture.sha256: picture for part in self.parts for picture in part.images}.values())

    def covers(self) -> list[Picture]:
        """Every cover once."""
        return list({part.cover.sha256: part.cover for part in self.parts}.values())


def read_post(verified: Verified) -> Post:
    """The draft of a verified release. Raises DeliveryFailed when it has none, or one that cannot be sent as it is."""
    if FIELDS_FILE not in verified.manifest.files:
        raise DeliveryFailed(f"{verified.release.reference} holds no WeChat article ({FIELDS_FILE} is missing)")
    try:
        read = _File.model_validate_json(verified.read(FIELDS_FILE))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"])) or "file"
        raise DeliveryFailed(f"{FIELDS_FILE}: {where}: {fault['msg']}; publish the issue again") from None
    parts = (Part.model_validate(read.model_dump(exclude={"parts"})), *read.parts)
    files: dict[str, bytes] = {}
    for part in parts:
        for name, sha256 in [(part.content, part.content_sha256), *((p.name, p.sha256) for p in _pictures(part))]:
            record = verified.manifest.files.get(name)
            if record is None or record.sha256 != sha256:
                raise DeliveryFailed(f"{FIELDS_FILE} names {name}, which is not the release's; publish the issue again")
            files[name] = verified.read(name)
    post = Post(parts, files, frozenset(verified.manifest.waivers))
    _refuse_too_much(post)
    for part in parts:
        _check_pictures(part, post.html(part))
    return post


def _pictures(part: Part) -> Iterator[Picture]:
    yield part.cover
    yield from part.images


def _check_pictures(part: Part, html: str) -> None:
    known = {picture.name for picture in part.images}
    article = single_section_of(part, html)
    for image in elements(article, "img"):
        source = image.get("src") or ""
        if source.startswith(IMAGES) and source not in known:
            raise DeliveryFailed(f"{part.content} shows {source}, which {FIELDS_FILE} does not list; publish again")
        if not source.startswith(IMAGES):
            raise DeliveryFailed(f"{part.content} shows “{source[:80]}”, which is no picture of the release ({_id()})")
    for picture in _pictures(part):
        if picture.media_type not in IMAGE_TYPES:
            raise DeliveryFailed(f"{picture.name} is {picture.media_type}; WeChat takes PNG and JPEG (40005)")


def _id() -> str:
    return rule.IMG_UNSTAGED.id


def single_section_of(part: Part, html: str) -> Any:
    """The article's tree. Raises DeliveryFailed when writing it again would change a byte."""
    try:
        article = single_section(parse_fragment(html))
    except RenderError as error:
        raise DeliveryFailed(f"{part.content}: {error}") from None
    if serialise(article) != html:
        raise DeliveryFailed(f"{part.content} is not as Kanfa writes articles; publish the issue again")
    return article


def with_addresses(post: Post, part: Part, addresses: Mapping[str, str]) -> str:
    """The article with WeChat's addresses (by SHA-256 of the picture) in place of local names, nothing else changed."""
    by_name = {picture.name: addresses[picture.sha256] for picture in part.images}
    article = single_section_of(part, post.html(part))
    for image in elements(article, "img"):
        image.set("src", by_name[image.get("src") or ""])
    return serialise(article)


def payloads(post: Post, addresses: Mapping[str, str], covers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every article as draft/add takes it; `addresses` and `covers` by SHA-256.

    Raises DeliveryFailed when an article is too long with the addresses in it.
    """
    made = []
    for part in post.parts:
        content = with_addresses(post, part, addresses)
        _refuse_content(post, part, content)
        made.append(
            {
                "article_type": part.article_type,
                "title": part.title,
                "author": part.author,
                "digest": part.digest,
                "content": content,
                "content_source_url": part.content_source_url,
                "thumb_media_id": covers[part.cover.sha256],
                "need_open_comment": part.need_open_comment,
                "only_fans_can_comment": part.only_fans_can_comment,
            }
        )
    return made


# ---------------------------------------------------------------- limits


def _refuse_too_much(post: Post) -> None:
    """What WeChat would refuse, before anything is uploaded."""
    if len(post.parts) > LIMITS.articles.value:
        raise DeliveryFailed(f"the draft has {len(post.parts)} articles; one holds at most {LIMITS.articles.value}")
    for part in post.parts:
        if not part.title.strip():
            raise DeliveryFailed(f"{part.content}: the draft has no title ({rule.TITLE_EMPTY.id})")
        for field, limit, judge in (
            ("title", LIMITS.title, rule.TITLE_LENGTH),
            ("author", LIMITS.author, rule.AUTHOR_LENGTH),
            ("digest", LIMITS.digest, rule.DIGEST_LENGTH),
        ):
            _refuse(post, field, length_of(getattr(part, field)), limit, judge)
        url = len(part.content_source_url.encode())
        _refuse(post, "content_source_url", url, LIMITS.source_url, rule.SOURCE_URL_LENGTH)
        _refuse_content(post, part, post.html(part))
        for picture in part.images:
            size = len(post.files[picture.name])
            _refuse(post, picture.name, size, LIMITS.image_bytes, rule.IMG_TOO_LARGE)
        _refuse(post, part.cover.name, len(post.files[part.cover.name]), LIMITS.cover_bytes, rule.IMG_TOO_LARGE)


def _refuse_content(post: Post, part: Part, content: str) -> None:
    _refuse(post, part.content, length_of(content), LIMITS.content_chars, rule.CONTENT_CHARS)
    _refuse(post, part.content, len(content.encode()), LIMITS.content_bytes, rule.CONTENT_BYTES)


def _refuse(post: Post, what: str, length: int, limit: Limit, judge: Rule) -> None:
    if length > limit.value and judge.id not in post.waived:
        raise DeliveryFailed(
            f"{what} has {length:,} {limit.unit}; at most {limit.value:,} ({judge.id}, {limit.source})"
        )
