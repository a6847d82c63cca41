"""Rules that need a browser (WX041 … WX047): judged by `kanfa check --layout` alone."""

from kanfa.findings import Rule, Severity
from kanfa.wechat.rules.css import THEME

CHECKER = "article structure specification; its checker measures columns of 585, 677 and 375 px"


def _layout(number: int, name: str, reason: str, source: str, cure: str = THEME) -> Rule:
    return Rule(f"WX{number:03d}", name, Severity.ERROR, reason, source, cure)


WIDTH_CENTRING = _layout(
    41,
    "width-centring",
    "what fills the column on one screen and not on another stands askew there",
    CHECKER,
    "give it a width in per cent; for a picture: narrower than 374 px, or at least 677 px wide",
)
WIDTH_OVERFLOW = _layout(
    42,
    "width-overflow",
    "a block that passes the edge of the column is cut off",
    CHECKER,
    "shorten what cannot be broken, or let it scroll; else " + THEME,
)
WIDTH_VARIANCE = _layout(
    43,
    "width-variance",
    "a width that takes very different shares of the column looks different on every screen",
    CHECKER,
    "give it a width in per cent; else " + THEME,
)
PRE_OVERFLOW = _layout(
    44, "pre-overflow", "text in <pre> is never broken and runs out of the screen", CHECKER, "use white-space:pre-wrap"
)
LINES_OVERLAP = _layout(
    45,
    "lines-overlap",
    "lines closer than the size of the letters overlap, or collapse",
    CHECKER + "; it misses lines without height",
)
BOX_CLIPS = _layout(
    46,
    "box-clips",
    "text higher than its box is cut off or runs into what follows",
    CHECKER + "; it misses boxes in long articles",
)
CONTENT_CUT = _layout(
    47,
    "content-cut",
    "text or a picture runs beyond the column where nothing scrolls",
    "reader page: what lies outside the column is hidden; house",
    "shorten what cannot be broken; else " + THEME,
)

RULES = (WIDTH_CENTRING, WIDTH_OVERFLOW, WIDTH_VARIANCE, PRE_OVERFLOW, LINES_OVERLAP, BOX_CLIPS, CONTENT_CUT)
