"""What became of an issue that does not fit one article (WX140 … WX144), and QR codes of addresses (WX145)."""

from kanfa.findings import Rule, Severity
from kanfa.wechat.limits import LIMITS


def _warning(number: int, name: str, reason: str, source: str, cure: str) -> Rule:
    return Rule(f"WX{number:03d}", name, Severity.WARNING, reason, source, cure)


CUT = _warning(
    140,
    "article-cut",
    "the issue does not fit one article: the rest is on the web page, behind 阅读原文",
    LIMITS.content_chars.source,
    "shorten the issue, or set too_long under [wechat] to “split” to publish it as several articles",
)
SPLIT = _warning(
    141,
    "article-split",
    "the issue does not fit one article: it is published as several",
    LIMITS.content_chars.source,
    "shorten the issue to publish it as one article",
)
PASSAGE_TOO_LONG = _warning(
    142,
    "passage-too-long",
    "an article can only end between passages, and this one fits none",
    LIMITS.content_chars.source,
    "divide this paragraph, table, code block or list item",
)
CUT_WITHOUT_ADDRESS = _warning(
    143,
    "cut-without-address",
    "a cut article must lead to the rest, and the publication has no public address",
    "house rule: nothing silently dropped",
    "set url in kanfa.toml to the archive's public address",
)
TOO_MANY_PARTS = _warning(
    144,
    "too-many-parts",
    "a draft holds a limited number of articles",
    LIMITS.articles.source,
    "publish the issue as two issues, or shorten it",
)
CODES_LEFT_OUT = Rule(
    "WX145",
    "codes-left-out",
    Severity.INFO,
    "every QR code is a picture, and an article should not have many: the first addresses have one",
    LIMITS.images.source,
    "leave link_codes off in kanfa.toml for issues with many addresses",
)

RULES = (CUT, SPLIT, PASSAGE_TOO_LONG, CUT_WITHOUT_ADDRESS, TOO_MANY_PARTS, CODES_LEFT_OUT)
