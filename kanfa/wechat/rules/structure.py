"""Rules on elements and attributes (WX001 … WX016)."""

from kanfa.findings import Rule, Severity

TEMPLATE = "a fault of the template or of an override under templates/wechat/: mend it there"
SPEC = "WeChat article structure specification"

TAG_FORBIDDEN = Rule(
    "WX001",
    "tag-forbidden",
    Severity.ERROR,
    "the draft API removes this element, or refuses the draft for it",
    "draft API, measured; JavaScript official",
    "write the content with p, section, span, lists, tables and pictures only",
)
DIV_USED = Rule(
    "WX002",
    "div-used",
    Severity.ERROR,
    "the editor dissolves div together with its style",
    "measured on one account, reported by many",
    "use section",
)
ATTR_ID = Rule(
    "WX003",
    "attr-id",
    Severity.ERROR,
    "ids are removed everywhere, so nothing may rely on one",
    "draft API, measured",
    TEMPLATE,
)
ATTR_EVENT = Rule(
    "WX004",
    "attr-event",
    Severity.ERROR,
    "event handlers, contenteditable and ping are removed",
    "draft API, measured",
    TEMPLATE,
)
STYLE_TAG = Rule(
    "WX005",
    "style-tag",
    Severity.ERROR,
    "style and link elements are removed: only style attributes survive",
    "draft API, measured",
    "put the rules into the theme's CSS file, which is inlined",
)
NEST_DEPTH = Rule(
    "WX006",
    "nest-depth",
    Severity.ERROR,
    "deeply nested elements are merged by the editor",
    f"{SPEC}: 10 levels (its checker starts at 15)",
    "nest lists and quotations less deeply in this passage",
)
SPAN_LEAF_BLOCK = Rule(
    "WX007",
    "span-leaf-block",
    Severity.ERROR,
    "a span with the attribute leaf may hold text and inline elements only",
    SPEC,
    TEMPLATE,
)
NODELEAF_CONTENT = Rule(
    "WX008",
    "nodeleaf-content",
    Severity.ERROR,
    "a section with nodeleaf must hold exactly one picture or component; text in it vanishes on phones",
    f"{SPEC}; measured",
    TEMPLATE,
)
REDUNDANT_NODES = Rule(
    "WX009",
    "redundant-nodes",
    Severity.ERROR,
    "an element with more than 20 children of which more than 15 are empty",
    SPEC,
    TEMPLATE,
)
LIST_WHITESPACE = Rule(
    "WX010",
    "list-whitespace",
    Severity.ERROR,
    "text between the items of a list becomes empty bullets",
    "reported for many tools",
    TEMPLATE,
)
LIST_EMPTY_ITEM = Rule(
    "WX011",
    "list-empty-item",
    Severity.ERROR,
    "an empty item shows as a lone bullet or is removed",
    "reported for many tools",
    "remove the empty item",
)
LIST_PARAGRAPH = Rule(
    "WX012",
    "list-paragraph-in-item",
    Severity.ERROR,
    "a paragraph in an item adds blank lines",
    "reported for many tools",
    TEMPLATE,
)
LIST_DEPTH = Rule(
    "WX013",
    "list-depth",
    Severity.ERROR,
    "native lists beyond two levels are flattened or get two bullets",
    "reported for many tools",
    TEMPLATE,
)
CODE_NEWLINE = Rule(
    "WX014",
    "code-raw-newline",
    Severity.ERROR,
    "newlines in code are lost",
    "reported for all major tools",
    TEMPLATE,
)
NO_TEXT = Rule(
    "WX015",
    "no-text",
    Severity.ERROR,
    "an article without text is refused",
    SPEC,
    "write something",
)
ROOT = Rule(
    "WX016",
    "fragment-root",
    Severity.ERROR,
    "the article must be one section: whole documents and loose nodes are rearranged",
    "house rule; a whole document is a known mistake of other tools",
    TEMPLATE,
)
RULES = (
    TAG_FORBIDDEN,
    DIV_USED,
    ATTR_ID,
    ATTR_EVENT,
    STYLE_TAG,
    NEST_DEPTH,
    SPAN_LEAF_BLOCK,
    NODELEAF_CONTENT,
    REDUNDANT_NODES,
    LIST_WHITESPACE,
    LIST_EMPTY_ITEM,
    LIST_PARAGRAPH,
    LIST_DEPTH,
    CODE_NEWLINE,
    NO_TEXT,
    ROOT,
)
