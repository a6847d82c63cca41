"""Warnings (WX101 … WX127) and what the renderer reports by itself (WX131 … WX137)."""

from kanfa.findings import Rule, Severity
from kanfa.wechat.limits import LIMITS

THEME = "change the theme or template under templates/wechat/"


def _warning(number: int, name: str, reason: str, source: str, cure: str = THEME) -> Rule:
    return Rule(f"WX{number:03d}", name, Severity.WARNING, reason, source, cure)


CLASS_ATTR = _warning(
    101, "class-attr", "classes are kept and do nothing: noise that counts", "measured on real accounts"
)
BODY_H1 = _warning(102, "body-h1", "WeChat shows the title by itself", "structure specification")
SEMANTIC_BLOCK = _warning(
    103,
    "semantic-block-tag",
    "these elements lose their style on paste",
    "reported in the issue threads of several Markdown-to-WeChat tools",
    "use section",
)
RUBY = _warning(104, "ruby", "ruby is untested on phones", "unverified", "write 字(zì)")
GRADIENT = _warning(105, "gradient-behind-text", "dark mode mixes the gradient to one colour", "dark-mode engine")
TEXT_ON_IMAGE = _warning(106, "text-on-bg-image", "text on a picture keeps its light-mode colour", "dark-mode engine")
FONT_FAMILY = _warning(
    107, "font-family", "fonts have no effect on Chinese and drift on iOS 17", "structure specification"
)
FLOAT = _warning(108, "float", "text does not flow round pictures on phones", "measured on real accounts")
PX_WIDTH = _warning(
    109, "px-width", "a wide px box sits differently on each screen", "structure checker", "use 100 % or a percentage"
)
BLACK = _warning(
    110,
    "colour-black",
    "pure black is swallowed in list items",
    "reported in the issue threads of several Markdown-to-WeChat tools",
    "write #333 instead of pure black",
)
BG_WITHOUT_COLOUR = _warning(
    111, "bg-without-colour", "a background without a text colour is judged with the inherited one", "dark-mode engine"
)
DARK_LOW = _warning(
    112, "dark-contrast-low", "hard to read: contrast below 4.5, or 3 for large text", "WCAG 2, house policy"
)
DARK_EXEMPT = _warning(
    113, "dark-exemption-used", "exemptions are themselves reported by the checker", "structure checker"
)
TINTED_PANEL = _warning(
    114,
    "tinted-panel",
    "a pale tinted panel stays a bright block in dark mode",
    "dark-mode engine",
    "use an exact grey",
)
TABLE_COLUMNS = _warning(
    115,
    "table-columns",
    "more than four columns do not fit a phone: readers must scroll sideways",
    LIMITS.table_columns.source,
    "drop columns or split the table",
)
TABLE_WIDTH = _warning(
    116, "table-column-width", "column widths are wiped when the editor saves", "measured on real accounts"
)
NESTED_TABLE = _warning(
    117, "nested-table", "tables in tables fall apart", "measured on real accounts", "make two tables"
)
IMG_AWKWARD = _warning(
    118,
    "img-awkward-width",
    "374 to 675 px wide pictures sit differently on each screen",
    "structure checker, observed",
)
IMG_NO_DATA_W = _warning(
    119, "img-no-data-w", "without data-w WeChat must guess the picture's size", "structure specification"
)
MANY_IMAGES = _warning(
    120, "many-images", "many pictures make the article slow", LIMITS.images.source, "drop some pictures"
)
URL_NOT_LISTED = _warning(
    121,
    "url-not-in-references",
    "an address of the issue stands nowhere in the article",
    "house rule: nothing silently dropped",
    "put the block with data-references back into the article template",
)
TITLE_LONG = _warning(
    122, "title-long", "the share card cuts longer titles", LIMITS.title_share.source, "shorten short_title"
)
TITLE_EMOJI = _warning(
    123,
    "title-emoji",
    "the editor dislikes emoji and other astral characters in titles",
    "reported in the issue threads of several Markdown-to-WeChat tools",
    "use plain characters",
)
AUTHOR_LONG = _warning(
    124, "author-long", "some accounts still allow 8 characters only", LIMITS.author_old.source, "shorten wechat.author"
)
CHARS_NEAR = _warning(
    125,
    "content-chars-near",
    "little room is left for WeChat's picture addresses",
    LIMITS.content_chars_near.source,
    "cut a passage or an address",
)
LEADING_CODE = _warning(
    126,
    "leading-code-or-svg",
    "the style of a first code block or drawing may be lost",
    "reported in the issue threads of several Markdown-to-WeChat tools",
)
NO_HINT = _warning(
    127,
    "no-overflow-hint",
    "nobody sees that a block scrolls sideways",
    "reported in the issue threads of several Markdown-to-WeChat tools",
)
IMAGE_SUBSTITUTED = _warning(
    131,
    "image-substituted",
    "a picture that is not beside the issue cannot be shown; words and its address stand for it",
    "draft API, official: outside pictures are filtered",
    "run `kanfa images pull ISSUE`, or save the picture beside issue.md and name it by its relative path",
)
IMAGE_CONVERTED = Rule(
    "WX132",
    "image-converted",
    Severity.INFO,
    "WeChat takes PNG and JPEG below 1 MB; of a moving picture the first frame is shown",
    LIMITS.image_bytes.source,
    "save the picture as PNG or JPEG below 1 MB to decide yourself how it looks",
)
IMAGE_UNREADABLE = _warning(
    133,
    "image-unreadable",
    "the picture could not be converted for WeChat; words stand for it",
    "media/uploadimg, official",
    "open the file in an image editor and save it as PNG or JPEG",
)
COVER_GENERATED = _warning(
    134,
    "cover-generated",
    "a draft needs a cover, and the issue has none",
    "draft API, field thumb_media_id",
    "give a cover in the front matter; 900 × 383 px",
)
LIBRARY = _warning(
    135,
    "library-message",
    "a library complained while the theme was inlined",
    "cssutils, the parser behind premailer",
    THEME,
)
QR_TOO_LONG = _warning(
    136,
    "qr-too-long",
    "the address is too long for a QR code; its words and the address stand alone",
    "ISO/IEC 18004: 2,331 bytes with error correction M",
    "link to a shorter address",
)
CODE_PLAIN = Rule(
    "WX137",
    "code-plain",
    Severity.INFO,
    "colours of code count towards the limit: an article that still comes too near to it has plain code",
    LIMITS.content_chars_near.source,
    "shorten the article or its code to see the colours again",
)

RULES = (
    CLASS_ATTR,
    BODY_H1,
    SEMANTIC_BLOCK,
    RUBY,
    GRADIENT,
    TEXT_ON_IMAGE,
    FONT_FAMILY,
    FLOAT,
    PX_WIDTH,
    BLACK,
    BG_WITHOUT_COLOUR,
    DARK_LOW,
    DARK_EXEMPT,
    TINTED_PANEL,
    TABLE_COLUMNS,
    TABLE_WIDTH,
    NESTED_TABLE,
    IMG_AWKWARD,
    IMG_NO_DATA_W,
    MANY_IMAGES,
    URL_NOT_LISTED,
    TITLE_LONG,
    TITLE_EMOJI,
    AUTHOR_LONG,
    CHARS_NEAR,
    LEADING_CODE,
    NO_HINT,
    IMAGE_SUBSTITUTED,
    IMAGE_CONVERTED,
    IMAGE_UNREADABLE,
    COVER_GENERATED,
    LIBRARY,
    QR_TOO_LONG,
    CODE_PLAIN,
)
