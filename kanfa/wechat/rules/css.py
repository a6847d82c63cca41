"""Rules on style attributes (WX021 … WX037) and on dark mode and drawings (WX071 … WX075)."""

from kanfa.findings import Rule, Severity

THEME = "change the theme's CSS file under templates/wechat/"


def _css(number: int, name: str, reason: str, source: str, cure: str = THEME) -> Rule:
    return Rule(f"WX{number:03d}", name, Severity.ERROR, reason, source, cure)


CSS_POSITION = _css(21, "css-position", "positioning is removed", "draft API, measured; none in 24 published articles")
CSS_FILTER = _css(22, "css-filter", "filters are removed or not rendered", "measured, accounts differ")
CSS_CALC = _css(23, "css-calc", "a declaration with calc() is removed", "draft API, measured")
CSS_VAR = _css(
    24,
    "css-var",
    "custom properties have no effect",
    "reported in the issue threads of several Markdown-to-WeChat tools",
)
CSS_GRID = _css(25, "css-grid", "grid layout is untested on phones", "house policy; display:table works")
CSS_IMPORTANT = _css(26, "css-important", "!important defeats the reader's own CSS and dark mode", "official advice")
CSS_URL_QUOTED = _css(27, "css-url-quoted", "a quoted url() removes the whole element", "draft API, measured")
CSS_URL_EXTERNAL = _css(
    28, "css-url-external", "a url() outside WeChat's picture hosts is removed", "draft API, measured"
)
STYLE_QUOTE = _css(29, "style-quote", "quote characters in a style are rewritten as entities", "draft API, measured")
STYLE_QUOTE_ENTITY = _css(
    30, "style-quote-entity", "a quote written as an entity empties the whole style", "draft API, measured"
)
STYLE_EMPTY = _css(31, "style-empty", "an empty style is how WeChat shows that it removed one", "draft API, measured")
TEXT_ALIGN = _css(
    32, "text-align-start", "start and end are inconsistent on iOS 18", "structure specification", "use left or right"
)
HEIGHT_ZERO = _css(33, "height-zero", "text in a box of no height is invisible", "structure specification")
HEIGHT_CLIPS = _css(34, "height-clips-content", "a fixed height cuts text on narrow screens", "structure specification")
LINE_OVERLAP = _css(
    35, "line-height-overlap", "lines closer than the size of the letters overlap", "structure specification"
)
IMG_OPACITY = _css(
    36, "img-opacity", "the checker takes any opacity below 1 for an invisible picture", "structure specification"
)
CARET = _css(37, "caret-transparent", "a transparent caret hides where the operator types", "structure specification")

SVG_ID_REF = _css(71, "svg-id-ref", "ids are removed, so references to them point nowhere", "draft API, measured")
SVG_ANCHOR = _css(72, "svg-anchor", "links in drawings are removed", "draft API, measured")
SVG_BEGIN = _css(
    73, "svg-begin-touch", "an animation that begins at touchstart needs click too", "structure specification"
)
SVG_IMAGE = _css(74, "svg-external-image", "pictures in drawings must be on WeChat's hosts", "draft API, measured")
DARK_CONTRAST = _css(
    75, "dark-contrast", "the text cannot be read in dark mode (contrast below 1.5)", "official structure checker"
)

RULES = (
    CSS_POSITION,
    CSS_FILTER,
    CSS_CALC,
    CSS_VAR,
    CSS_GRID,
    CSS_IMPORTANT,
    CSS_URL_QUOTED,
    CSS_URL_EXTERNAL,
    STYLE_QUOTE,
    STYLE_QUOTE_ENTITY,
    STYLE_EMPTY,
    TEXT_ALIGN,
    HEIGHT_ZERO,
    HEIGHT_CLIPS,
    LINE_OVERLAP,
    IMG_OPACITY,
    CARET,
    SVG_ID_REF,
    SVG_ANCHOR,
    SVG_BEGIN,
    SVG_IMAGE,
    DARK_CONTRAST,
)
