"""Rules on links and pictures (WX051 … WX060) and on the draft's fields (WX081 … WX089)."""

from kanfa.findings import Rule, Severity
from kanfa.wechat.limits import LIMITS


def _error(number: int, name: str, reason: str, source: str, cure: str) -> Rule:
    return Rule(f"WX{number:03d}", name, Severity.ERROR, reason, source, cure)


LINK_ANCHOR = _error(
    51,
    "link-anchor",
    "a link to a place within the page refuses the whole draft (45166)",
    "draft API, measured",
    "remove the link: WeChat has no anchors",
)
LINK_RELATIVE = _error(
    52,
    "link-relative",
    "a relative link refuses the whole draft (45166)",
    "draft API, measured",
    "write the whole address",
)
LINK_SCHEME = _error(
    53,
    "link-scheme",
    "only http and https can be links",
    "unverified; treated like a relative link",
    "write the address as text",
)
LINK_EXTERNAL = _error(
    54,
    "link-external",
    "the address of a link outside mp.weixin.qq.com is removed (editor error 64562)",
    "draft API, measured",
    "let the renderer list it, or set privileged_links in kanfa.toml if the account may publish outside links",
)
LINK_TEMPKEY = _error(
    55,
    "link-tempkey",
    "a temporary preview link refuses the whole draft (45166)",
    "draft API, reported",
    "link to the published article: its address has no tempkey",
)
IMG_UNSTAGED = _error(
    56,
    "img-not-mmbiz",
    "only pictures that are staged with the article reach WeChat's hosts; others are removed",
    "draft API, official",
    "put the picture beside issue.md and name it by its relative path",
)
IMG_DATA_URI = _error(
    57,
    "img-data-uri",
    "pictures inside the text vanish",
    "reported in the issue threads of several Markdown-to-WeChat tools",
    "save the picture as a file beside issue.md",
)
IMG_FORMAT = _error(
    58,
    "img-format",
    "uploads must be PNG or JPEG (40005)",
    "media/uploadimg, official",
    "save the picture as PNG or JPEG",
)
IMG_TOO_LARGE = _error(
    59, "img-too-large", "uploads must be below 1 MB (40009)", LIMITS.image_bytes.source, "make the picture smaller"
)
IMG_NO_ALT = _error(
    60,
    "img-no-alt",
    "a picture needs words for those who cannot see it",
    "house policy",
    "write ![what the picture shows](…)",
)
TITLE_EMPTY = _error(81, "title-empty", "a draft needs a title (45003)", LIMITS.title.source, "give the issue a title")
TITLE_LENGTH = _error(
    82, "title-length", "the title is too long (45003)", LIMITS.title.source, "give a short_title in the front matter"
)
AUTHOR_LENGTH = _error(
    83, "author-length", "the author is too long (45110)", LIMITS.author.source, "shorten wechat.author in kanfa.toml"
)
DIGEST_LENGTH = _error(
    84, "digest-length", "the digest is too long (45004)", LIMITS.digest.source, "shorten summary in the front matter"
)
CONTENT_CHARS = _error(
    85,
    "content-chars",
    "the article is too long (45002); tags count too",
    LIMITS.content_chars.source,
    "cut or split the largest section, or shorten it to a list of titles and point to 阅读原文",
)
CONTENT_BYTES = _error(
    86, "content-bytes", "the article is too large (45002)", LIMITS.content_bytes.source, "cut or split the issue"
)
SOURCE_URL_LENGTH = _error(
    87,
    "source-url-length",
    "阅读原文 takes at most 1 KB (45005)",
    LIMITS.source_url.source,
    "shorten url in kanfa.toml",
)
SOURCE_URL_INVALID = _error(
    88,
    "source-url-invalid",
    "阅读原文 must be an absolute web address (41039)",
    "draft API, field content_source_url",
    "set url in kanfa.toml to the archive's public address",
)
COVER_MISSING = _error(
    89,
    "cover-missing",
    "a news draft needs a cover (40007)",
    "draft API, field thumb_media_id",
    "give a cover in the front matter; PNG or JPEG, 900 × 383 px",
)
RULES = (
    LINK_ANCHOR,
    LINK_RELATIVE,
    LINK_SCHEME,
    LINK_EXTERNAL,
    LINK_TEMPKEY,
    IMG_UNSTAGED,
    IMG_DATA_URI,
    IMG_FORMAT,
    IMG_TOO_LARGE,
    IMG_NO_ALT,
    TITLE_EMPTY,
    TITLE_LENGTH,
    AUTHOR_LENGTH,
    DIGEST_LENGTH,
    CONTENT_CHARS,
    CONTENT_BYTES,
    SOURCE_URL_LENGTH,
    SOURCE_URL_INVALID,
    COVER_MISSING,
)
