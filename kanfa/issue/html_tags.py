"""Which HTML tags an issue may use in its Markdown, and how they behave."""

from __future__ import annotations

MARK_TAGS = frozenset({"u", "ins", "del", "s", "sup", "sub", "small", "kbd", "mark", "a"})
"""Inline tags with a node kind of their own."""

VOID = frozenset({"img", "br"})
"""Tags without an end."""

UNWRAPPED = frozenset({"div", "span", "center"})
"""Tags that only hold other things."""

BLOCKS = frozenset({"p", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "details", "summary",
                    "figure", "figcaption"})  # fmt: skip
"""Block tags with a meaning in the tree."""

ALLOWED = MARK_TAGS | VOID | UNWRAPPED | BLOCKS | {"iframe"}
"""The allow-list; every other tag is shown as text and reported."""

OPTIONAL_END = frozenset({"p", "tr", "td", "th", "thead", "tbody", "tfoot", "caption"})
"""Tags whose end HTML lets one omit."""

ENDS: dict[str, frozenset[str]] = {
    "p": frozenset({"p"}),
    "td": frozenset({"td", "th", "caption"}),
    "th": frozenset({"td", "th", "caption"}),
    "tr": frozenset({"tr", "caption"}),
    "thead": frozenset({"thead", "tbody", "tfoot", "caption"}),
    "tbody": frozenset({"thead", "tbody", "tfoot", "caption"}),
    "tfoot": frozenset({"thead", "tbody", "tfoot", "caption"}),
}
"""Open elements that a start tag ends by itself."""

SCOPES = frozenset({"table", "details", "figure"})
"""An implied end never reaches beyond one of these."""

MARKDOWN_FORM = {
    "b": "**…**", "strong": "**…**", "i": "*…*", "em": "*…*", "code": "`…`", "hr": "---", "li": "- …", "ul": "- …",
    "ol": "1. …", "blockquote": "> …", "pre": "``` fences", "h1": "# …", "h2": "## …", "h3": "### …", "h4": "#### …",
    "h5": "##### …", "h6": "###### …", "strike": "~~…~~", "ruby": "{字|zì}", "math": "$…$",
}  # fmt: skip
"""What to write instead of some tags."""

REAL = frozenset(
    [
        "abbr",
        "acronym",
        "address",
        "area",
        "article",
        "aside",
        "audio",
        "base",
        "basefont",
        "bdi",
        "bdo",
        "big",
        "blink",
        "body",
        "button",
        "canvas",
        "cite",
        "col",
        "colgroup",
        "data",
        "datalist",
        "dd",
        "dfn",
        "dialog",
        "dir",
        "dl",
        "dt",
        "embed",
        "fieldset",
        "font",
        "footer",
        "form",
        "frame",
        "frameset",
        "head",
        "header",
        "hgroup",
        "html",
        "input",
        "label",
        "legend",
        "link",
        "main",
        "map",
        "marquee",
        "math",
        "menu",
        "meta",
        "meter",
        "nav",
        "nobr",
        "noscript",
        "object",
        "optgroup",
        "option",
        "output",
        "param",
        "picture",
        "progress",
        "q",
        "rb",
        "rp",
        "rt",
        "rtc",
        "ruby",
        "samp",
        "script",
        "search",
        "section",
        "select",
        "slot",
        "source",
        "style",
        "svg",
        "template",
        "textarea",
        "time",
        "title",
        "track",
        "tt",
        "var",
        "video",
        "wbr",
    ]
)
"""Elements of HTML that an issue does not know: nobody mistyped another one."""
