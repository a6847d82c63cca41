"""Every limit of the WeChat article in one table, used by the renderer, the checks and the sandbox alike.

Where sources disagree, the value is the strict one of those that were measured or are official, and
the comment says so. Characters are counted as the larger of code points and UTF-16 units, because
nobody documents how WeChat counts 字.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound with its unit and its source."""

    value: int
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class WeChatLimits:
    """The bounds of one article; `value` is the largest number that still passes."""

    title: Limit = Limit(32, "characters", "draft API, field title (≤ 32 字); older pages say 64")
    title_share: Limit = Limit(64, "bytes", "share card: 64 bytes of UTF-8, about 21 Han characters; reported")
    author: Limit = Limit(16, "characters", "draft API, field author (≤ 16 字); older pages say 8")
    author_old: Limit = Limit(8, "characters", "draft API before 2025, field author")
    digest: Limit = Limit(120, "characters", "web editor; the draft API says 128")
    digest_api: Limit = Limit(128, "characters", "draft API, field digest (≤ 128 字)")
    content_chars: Limit = Limit(19_999, "characters", "draft API, field content (< 20,000), tags included")
    content_chars_near: Limit = Limit(
        18_000, "characters", "house margin: delivered image addresses are longer than local names"
    )
    picture_address: Limit = Limit(150, "characters", "house: uploadimg's addresses have 130 to 150")
    drawing: Limit = Limit(
        3_500, "characters", "house: path of one formula; most of those with a sum or a fraction have 1,000 to 3,000"
    )
    drawings: Limit = Limit(7_000, "characters", "house: paths of all formulas, about a third of an article")
    drawing_free: Limit = Limit(
        300, "characters", "house: a picture's element and uploaded address are as long as such a path"
    )
    theme: Limit = Limit(100_000, "characters", "house: a theme and its imports; those that come along have 10,000")
    content_bytes: Limit = Limit(999_999, "bytes", "draft API, field content (< 1 MB), UTF-8")
    source_url: Limit = Limit(1024, "bytes", "draft API, field content_source_url (≤ 1 KB)")
    image_bytes: Limit = Limit(999_999, "bytes", "media/uploadimg (< 1 MB, JPG or PNG)")
    cover_bytes: Limit = Limit(10_000_000, "bytes", "material/add_material type=image (10 MB)")
    thumb_bytes: Limit = Limit(64_000, "bytes", "material/add_material type=thumb (64 KB, JPG)")
    articles: Limit = Limit(8, "articles", "draft API: most articles of one draft; very old pages say 10")
    digest_made: Limit = Limit(54, "characters", "draft API, field digest: so much of the text when it is left out")
    newspic_pictures: Limit = Limit(20, "pictures", "draft API, image_info.image_list of article_type newspic")
    crop_decimals: Limit = Limit(6, "decimals", "draft API, pic_crop_235_1 and pic_crop_1_1")
    batch: Limit = Limit(20, "drafts", "draft/batchget, field count (1 to 20)")
    token_seconds: Limit = Limit(7_200, "seconds", "stable_token: expires_in is at most this")
    token_overlap: Limit = Limit(300, "seconds", "stable_token: renewed so early; both tokens are valid until then")
    token_calls: Limit = Limit(10_000, "calls a minute", "stable_token, normal mode")
    token_calls_day: Limit = Limit(500_000, "calls a day", "stable_token, normal mode")
    forced_calls: Limit = Limit(20, "calls a day", "stable_token with force_refresh")
    forced_apart: Limit = Limit(30, "seconds", "stable_token: least time between two forced refreshes")
    previews: Limit = Limit(100, "calls a day", "message/mass/preview")
    materials: Limit = Limit(100_000, "pictures", "material/add_material: size of the library")
    images: Limit = Limit(20, "pictures", "house margin: 19 measured in one article without loss")
    nesting: Limit = Limit(10, "levels", "article structure specification; its checker starts at 15")
    list_depth: Limit = Limit(2, "levels", "reported: deeper native lists are flattened or get two bullets")
    table_columns: Limit = Limit(4, "columns", "335 px usable on a phone: more columns need a scrolling block")
    empty_children: Limit = Limit(15, "nodes", "article structure specification, redundant-node (> 15 empty of > 20)")
    children: Limit = Limit(20, "nodes", "article structure specification, redundant-node")
    narrow_image: Limit = Limit(373, "px", "structure checker, observed: a picture up to here keeps its width")
    steady_image: Limit = Limit(
        236, "px", "structure checker, width-variance: up to here no narrower box on a phone changes the share too much"
    )
    wide_image: Limit = Limit(676, "px", "structure checker, observed: a picture from here on fills the column")
    px_width: Limit = Limit(373, "px", "structure checker, observed: wider px boxes are centred differently per screen")
    column: Limit = Limit(677, "px", "width of the article column on a computer and in the editor")


LIMITS = WeChatLimits()
"""The table itself."""

IMAGE_TYPES = {"image/png": ".png", "image/jpeg": ".jpg"}
"""Media types that `media/uploadimg` takes, with the extension of their files. Official: others give 40005."""

MATERIAL_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/bmp"})
"""Media types that `material/add_material` takes for type=image. Official."""

PICTURE_HOSTS = frozenset({"mmbiz.qpic.cn", "mmbiz.qlogo.cn"})
"""Hosts of uploaded pictures; what lies elsewhere is filtered out of an article. Official."""


def length_of(text: str) -> int:
    """Length in characters as WeChat may count them: the larger of code points and UTF-16 units."""
    return max(len(text), len(text.encode("utf-16-le", errors="surrogatepass")) // 2)
