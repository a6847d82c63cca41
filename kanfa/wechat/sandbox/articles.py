"""What draft/add and draft/update accept as an article, and in which form it is kept.

Source: the page of draft/add; limits stand in `kanfa.wechat.limits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kanfa.wechat.addresses import split_or_none
from kanfa.wechat.limits import LIMITS, length_of
from kanfa.wechat.sandbox.codes import Failure
from kanfa.wechat.sandbox.faults import FaultName
from kanfa.wechat.sandbox.state import SandboxState
from kanfa.wechat.simulator.markup import parse, serialise
from kanfa.wechat.simulator.reader import visible_text
from kanfa.wechat.simulator.storage import refusal, store

KINDS = frozenset({"news", "newspic"})
TEXT_FIELDS = ("title", "author", "digest", "content", "content_source_url", "thumb_media_id")
FLAGS = ("need_open_comment", "only_fans_can_comment")
CROPS = ("pic_crop_235_1", "pic_crop_1_1")


@dataclass(frozen=True, slots=True)
class _Bound:
    field: str
    most: int
    code: int
    in_bytes: bool = False


BOUNDS = (
    _Bound("title", LIMITS.title.value, 45003),
    _Bound("author", LIMITS.author.value, 45110),
    _Bound("digest", LIMITS.digest_api.value, 45004),
    _Bound("content", LIMITS.content_chars.value, 45002),
    _Bound("content", LIMITS.content_bytes.value, 45002, in_bytes=True),
    _Bound("content_source_url", LIMITS.source_url.value, 45005, in_bytes=True),
)


def accepted(article: Any, state: SandboxState) -> dict[str, Any] | Failure:
    """The article as the draft box keeps it, its content filtered; or why it is refused."""
    if not isinstance(article, dict):
        return Failure(47001, "an article is an object")
    kind = article.get("article_type") or "news"
    fields = {name: article.get(name, "") for name in TEXT_FIELDS}
    if kind not in KINDS or not all(isinstance(value, str) for value in fields.values()):
        return Failure(47001, "a field has the wrong type")
    flags = {name: article.get(name, 0) for name in FLAGS}
    failure = _bounds(fields) or _flags(flags) or _crops(article) or _address(fields["content_source_url"])
    failure = failure or (_cover(fields, state) if kind == "news" else _pictures(article, state))
    if failure:
        return failure
    if reason := refusal(fields["content"]):
        return Failure(45166, reason)
    fields["content"] = _stored(fields["content"], state)
    if not fields["digest"]:
        fields["digest"] = visible_text(fields["content"])[: LIMITS.digest_made.value]
    kept = {"article_type": kind, **fields, "show_cover_pic": 0, **{name: int(flag) for name, flag in flags.items()}}
    if kind == "newspic":
        names = [{"image_media_id": each["image_media_id"]} for each in article["image_info"]["image_list"]]
        kept["image_info"] = {"image_list": names}
    return kept


def _bounds(fields: dict[str, str]) -> Failure | None:
    if not fields["title"].strip():
        return Failure(45003, "title is empty")
    if not fields["content"].strip():
        return Failure(44003, "content is empty")
    for bound in BOUNDS:
        value = fields[bound.field]
        length = len(value.encode("utf-8", "surrogatepass")) if bound.in_bytes else length_of(value)
        if length > bound.most:
            unit = "bytes" if bound.in_bytes else "characters"
            return Failure(bound.code, f"{bound.field} has {length} {unit}, at most {bound.most}")
    return None


def _flags(flags: dict[str, Any]) -> Failure | None:
    wrong = [name for name, value in flags.items() if isinstance(value, bool) or value not in (0, 1)]
    return Failure(88000, f"{wrong[0]} is 0 or 1") if wrong else None


def _address(address: str) -> Failure | None:
    parts = split_or_none(address)
    if address and (parts is None or parts.scheme not in {"http", "https"} or not parts.netloc):
        return Failure(41039)
    return None


def _crops(article: dict[str, Any]) -> Failure | None:
    """Fractions from the top left: X1_Y1_X2_Y2, at most six decimals."""
    for name in CROPS:
        crop = article.get(name, "")
        if crop and not (isinstance(crop, str) and _is_crop(crop)):
            return Failure(53402, name)
    return None


def _is_crop(crop: str) -> bool:
    parts = crop.split("_")
    if len(parts) != 4 or not all(part.replace(".", "", 1).isdecimal() and part.isascii() for part in parts):
        return False
    if any(len(part.partition(".")[2]) > LIMITS.crop_decimals.value for part in parts):
        return False
    left, top, right, bottom = map(float, parts)
    return 0 <= left < right <= 1 and 0 <= top < bottom <= 1


def _cover(fields: dict[str, str], state: SandboxState) -> Failure | None:
    return None if fields["thumb_media_id"] in state.materials else Failure(40007, "thumb_media_id")


def _pictures(article: dict[str, Any], state: SandboxState) -> Failure | None:
    info, most = article.get("image_info"), LIMITS.newspic_pictures.value
    pictures = info.get("image_list") if isinstance(info, dict) else None
    if not isinstance(pictures, list) or not 0 < len(pictures) <= most:
        return Failure(47001, f"image_info.image_list holds 1 to {most} pictures")
    names = [picture.get("image_media_id") if isinstance(picture, dict) else None for picture in pictures]
    unknown = not all(isinstance(name, str) and name in state.materials for name in names)
    return Failure(40007, "image_media_id") if unknown else None


def _stored(content: str, state: SandboxState) -> str:
    stored = store(content, state.settings.account)
    return blanked(stored) if state.faults.strikes(FaultName.BLANK_STYLE) else stored


def blanked(stored: str) -> str:
    """The article with the style in its middle blanked, as happens on real accounts for no visible reason."""
    root = parse(stored)
    styles = [style for element in root.elements() if (style := element.find("style")) and style.source]
    if styles:
        styles[len(styles) // 2].source = ""
    return serialise(root)
