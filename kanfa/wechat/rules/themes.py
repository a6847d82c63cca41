"""Rules on themes (WX150 … WX153): what `kanfa check --theme` says beyond the rules on styles."""

from kanfa.findings import Rule, Severity

THEME_FAULT = Rule(
    "WX150",
    "theme-fault",
    Severity.ERROR,
    "the theme cannot be read as it stands",
    "CSS Syntax; CSS Custom Properties",
    "mend the line that the message names",
)
THEME_SELECTOR = Rule(
    "WX151",
    "theme-not-inlined",
    Severity.WARNING,
    "only plain rules become style attributes; pseudo-elements and at-rules never reach an article",
    "premailer; the draft API removes style elements",
    "write a rule for the element itself, or change the article's template",
)
THEME_CONTRAST = Rule(
    "WX152",
    "theme-contrast",
    Severity.ERROR,
    "text needs a contrast of 4.5, captions and small print 3.0, in light mode and after WeChat's conversion",
    "WCAG 2 (1.4.3); dark-mode engine of the WeChat reader",
    "take a darker text or a paler background; in dark mode exact greys and almost white panels turn dark",
)
THEME_IMPORTANT = Rule(
    "WX153",
    "theme-important",
    Severity.WARNING,
    "!important decides between the theme's own rules and never reaches an article",
    "structure specification: !important defeats the reader's CSS",
    "write a more specific selector",
)

RULES = (THEME_FAULT, THEME_SELECTOR, THEME_CONTRAST, THEME_IMPORTANT)
