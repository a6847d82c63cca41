"""The catalogue of the e-mail room: EML001 onwards, in families. Ids never change.

001–019 the document, 020–039 style sheets and properties, 040–059 tables, pictures and links,
060–079 access, dark mode and preheader, 080–089 the message, 090–095 and 098 what the renderer replaced,
096–097 pictures and elements again.
"""

from __future__ import annotations

from typing import Final

from kanfa.findings import Rule, Severity

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
TEMPLATE: Final = "correct templates/email/ and render again"

DOCTYPE: Final = Rule(
    "EML001", "doctype", E, "without exactly <!DOCTYPE html> mail programs fall into quirks mode",
    "HTML Living Standard 13.1.1; common practice",
    "leave the doctype to the renderer; take no other step after inlining",
)  # fmt: skip
LANGUAGE: Final = Rule(
    "EML002", "language", E,
    "screen readers and CJK fonts need a real language on html and on the wrapper, which webmails keep",
    "WCAG 2.2 3.1.1", "set language: zh-CN in the front matter, and lang and dir in issue.mjml.j2",
)  # fmt: skip
HEAD: Final = Rule(
    "EML003", "head", E, "title, viewport and UTF-8 charset (within the first 1,024 bytes) must be there",
    "HTML Living Standard 4.2.5.4", "give the issue a title and leave the head to the renderer",
)  # fmt: skip
LEFTOVER_MJML: Final = Rule(
    "EML004", "leftover-mjml", E, "an mj- tag in the output is shown as nothing or as broken layout",
    "own measurement, mrml 6.0.1", TEMPLATE,
)  # fmt: skip
LEFTOVER_TEMPLATE: Final = Rule(
    "EML005", "leftover-template", E,
    "template marks that are not the editor's own text mean that a value was not filled in",
    "common practice", TEMPLATE,
)  # fmt: skip
RUST_ESCAPE: Final = Rule(
    "EML006", "rust-escape", E, 'the MJML engine prints some characters of attributes as \\u{…}, \\n, \\t, \\" or \\\\',
    "own measurement, mrml 6.0.1", "write the attribute through kanfa.email.mjml.serialise",
)  # fmt: skip
CONDITIONAL: Final = Rule(
    "EML007", "conditional-comment", E, "an unbalanced comment for Outlook hides the rest of the mail there",
    "Microsoft, conditional comments; common practice",
    "close each <!--[if mso]> with <![endif]--> within the same mj-raw",
)  # fmt: skip
FORBIDDEN_ELEMENT: Final = Rule(
    "EML008", "forbidden-element", E, "mail programs remove the element or treat the mail as dangerous",
    "caniemail.com; common practice", "remove the element; link to the web version instead",
)  # fmt: skip
CHARACTER: Final = Rule(
    "EML009", "bad-character", E, "control characters and U+FFFD show as boxes; one U+0092 makes Gmail cut the mail",
    "common practice; Unicode 23.8",
    "retype the word in the source; U+FFFD means that a file was read in the wrong encoding",
)  # fmt: skip
UNSAFE_ADDRESS: Final = Rule(
    "EML010", "unsafe-address", E,
    "event handlers and addresses other than http(s), mailto and tel are stripped or blocked",
    "caniemail.com; common practice", "use an absolute https address",
)  # fmt: skip
CLIPPED: Final = Rule(
    "EML011", "clipped", E, "Gmail cuts the HTML at about 102 KB, and the unsubscribe link with it",
    "common experience with Gmail", "shorten the issue, or move a section to the web version",
)  # fmt: skip
NEARLY_CLIPPED: Final = Rule(
    "EML012", "nearly-clipped", W, "the HTML comes near the size at which Gmail cuts it",
    "common experience with Gmail", "shorten the issue, or accept it knowingly",
)  # fmt: skip
LINE_LENGTH: Final = Rule(
    "EML013", "line-length", E, "a line over 998 octets is rejected or cut by mail servers",
    "RFC 5322 2.1.1", "let kanfa.email.message build the message: it encodes both parts as base64",
)  # fmt: skip
CONTROL_CHARACTER: Final = Rule(
    "EML014", "control-character", W, "control characters cannot travel in mail; they were left out",
    "RFC 5322; Unicode 23.1", "delete the invisible character from that line",
)  # fmt: skip
TEXT_PART: Final = Rule(
    "EML015", "no-text-part", E,
    "the text part must carry the title and the web address; spam filters compare it with the HTML",
    "RFC 2046 5.1.4; SpamAssassin", "leave email.txt to the renderer",
)  # fmt: skip
REPEATED_SUBJECT: Final = Rule(
    "EML016", "repeated-subject", W, "Gmail folds what repeats within a thread, and equal subjects make one",
    "common experience with Gmail", "give the issue a title of its own",
)  # fmt: skip

STYLE_SIZE: Final = Rule(
    "EML020", "style-size", E, "Gmail drops the style block that crosses 16,384 bytes",
    "Gmail CSS support; caniemail.com", "shorten the media queries of templates/email/theme.css",
)  # fmt: skip
STYLE_SYNTAX: Final = Rule(
    "EML021", "style-syntax", E,
    "Gmail drops a whole block for one nested or broken rule; risky selectors belong in a last block",
    "caniemail.com; common practice", "correct theme.css: no nested at-rules, [data-ogsc] rules last",
)  # fmt: skip
STYLE_IMPORT: Final = Rule(
    "EML022", "style-import", E, "web fonts and imports reach few readers and cost a request",
    "caniemail.com", "remove @import, @font-face and link elements",
)  # fmt: skip
STYLE_NEEDED: Final = Rule(
    "EML023", "style-needed", W,
    "many webmails remove every style block, so text needs its colour, size and font in the elements",
    "caniemail.com: style element", "give the class a rule outside @media in theme.css",
)  # fmt: skip
SELECTOR: Final = Rule(
    "EML024", "selector", W,
    "attribute, child, sibling, universal and chained selectors fail in Outlook and Gmail's mobile web",
    "caniemail.com: selectors", "use element, class and id selectors, side by side or nested",
)  # fmt: skip
IMPORTANT: Final = Rule(
    "EML025", "inline-important", W, "Outlook ignores a declaration with !important in a style attribute",
    "common practice", "keep !important inside media queries",
)  # fmt: skip
PROPERTY_GMAIL: Final = Rule(
    "EML026", "property-unsupported", E,
    "position, transform, animation, filter, variables and modern colours fail in Gmail and Outlook",
    "caniemail.com 2026-06-29", "remove the declaration from theme.css",
)  # fmt: skip
PROPERTY_LAYOUT: Final = Rule(
    "EML027", "property-layout", E, "float, flex, grid and negative margins fail in Outlook for Windows",
    "caniemail.com 2026-06-29", "lay out with tables",
)  # fmt: skip
PROPERTY_UNIT: Final = Rule(
    "EML028", "property-unit", E, "calc(), min(), max(), clamp(), rem, ch, vw and vh fail in Outlook, some in Yahoo",
    "caniemail.com 2026-06-29", "use px, em or %",
)  # fmt: skip
PROPERTY_PICTURE: Final = Rule(
    "EML029", "property-picture", E,
    "background pictures, gradients, object-fit, visibility and z-index fail in Outlook, some in Gmail",
    "caniemail.com 2026-06-29", "use background-color and img elements",
)  # fmt: skip
PROPERTY_BOX: Final = Rule(
    "EML030", "property-box", E,
    "overflow, white-space, opacity, min- and max-height and the like fail in Outlook for Windows",
    "caniemail.com 2026-06-29", "remove the declaration; keep white space with a pre element",
)  # fmt: skip
PADDING: Final = Rule(
    "EML031", "padding", W, "Outlook for Windows pads table cells only",
    "caniemail.com: padding", "move the padding to a table cell",
)  # fmt: skip
LINE_HEIGHT: Final = Rule(
    "EML032", "line-height", W, "Outlook rounds a line height up unless mso-line-height-rule:exactly stands beside it",
    "common practice", "add mso-line-height-rule:exactly to that rule of theme.css",
)  # fmt: skip
COLOUR_ATTRIBUTE: Final = Rule(
    "EML033", "colour-attribute", E,
    "bgcolor and color attributes must have six hex digits: old engines misread shorter ones",
    "common practice", "write #ffffff instead of #fff",
)  # fmt: skip
TEXT_SIZE: Final = Rule(
    "EML034", "text-size", E, "text below 12 px cannot be read on a phone",
    "own policy", "raise font-size in theme.css",
)  # fmt: skip
FONT_STACK: Final = Rule(
    "EML035", "font-stack", W, "a font stack must end in a generic family, and body text be 14 px or more",
    "own policy", "end font-family with sans-serif or monospace; use at least 14 px for the text",
)  # fmt: skip

LAYOUT_TABLE: Final = Rule(
    "EML040", "layout-table", E,
    "a layout table that is not marked as one is read out cell by cell, and Outlook adds gaps",
    "WAI-ARIA 1.2; common practice", 'add role="presentation" border="0" cellpadding="0" cellspacing="0"',
)  # fmt: skip
DATA_TABLE: Final = Rule(
    "EML041", "data-table-headers", W, "a data table without header cells cannot be followed by ear",
    "WCAG 2.2 1.3.1", "give the table a header row",
)  # fmt: skip
TABLE_SCOPE: Final = Rule(
    "EML042", "table-scope", E, "a header cell must say what it heads",
    "WCAG 2.2 1.3.1 H63", 'add scope="col" or scope="row" to th',
)  # fmt: skip
WIDTH: Final = Rule(
    "EML043", "width", W, "a mail wider than 640 px or with tables nested more than eight deep breaks in previews",
    "common practice", "keep the width at 600 px; nest fewer quotations",
)  # fmt: skip
OFFICE_SETTINGS: Final = Rule(
    "EML044", "office-settings", E, "without PixelsPerInch 96 Outlook scales pictures on dense screens",
    "Microsoft; common practice", "leave the head to the renderer",
)  # fmt: skip
LONG_TOKEN: Final = Rule(
    "EML045", "long-token", W,
    "a word of more than 40 characters, or of more than its share in a table, widens the mail on a phone",
    "own policy", "break the word, or let the writer mark it (class long; in a table class wrap)",
)  # fmt: skip
IMAGE_ADDRESS: Final = Rule(
    "EML046", "image-address", E, "a picture needs an absolute https address and must be PNG, JPEG or GIF",
    "caniemail.com: image formats", "load the picture into the issue's folder, or use its https address",
)  # fmt: skip
IMAGE_WEBP: Final = Rule(
    "EML047", "image-webp", W, "Outlook for Windows cannot show WebP",
    "caniemail.com: image-webp", "put the picture into the issue's folder: it is then converted",
)  # fmt: skip
IMAGE_ALT: Final = Rule(
    "EML048", "image-alt", E, "unknown senders' pictures are off by default: without alt text nothing is left",
    "WCAG 2.2 1.1.1", "describe the picture between the square brackets",
)  # fmt: skip
IMAGE_ALT_WORDS: Final = Rule(
    "EML049", "image-alt-words", W, "alt text that is a file name or over 125 characters helps nobody",
    "WCAG 2.2 1.1.1; common practice", "say in one sentence what the picture shows",
)  # fmt: skip
IMAGE_WIDTH: Final = Rule(
    "EML050", "image-width", E,
    "Outlook needs a whole number of pixels, at most 600; phones need max-width and height:auto",
    "common practice; own measurement", "leave the img element to the writer",
)  # fmt: skip
IMAGE_WEIGHT: Final = Rule(
    "EML051", "image-weight", W, "heavy or many pictures load slowly and look like advertising to filters",
    "common practice", "shrink the picture (at most 200 KB, all together 1 MB, 20 pictures)",
)  # fmt: skip
IMAGES_ONLY: Final = Rule(
    "EML052", "images-only", W, "a mail of pictures alone is empty where pictures are off",
    "common practice", "say in text what the pictures say",
)  # fmt: skip
LINK_ADDRESS: Final = Rule(
    "EML053", "link-address", E,
    "a link must be an absolute http(s), mailto or tel address, percent-encoded, up to 2,000 characters",
    "RFC 3986; common practice", "write the whole address, starting with https://",
)  # fmt: skip
LINK_LENGTH: Final = Rule(
    "EML054", "link-length", W, "Chinese mail systems cut addresses at 255 characters",
    "vendors' guides", "remove tracking parameters from the address",
)  # fmt: skip
LINK_FRAGMENT: Final = Rule(
    "EML055", "link-fragment", W, "links to a place in the same mail are dead in Gmail's and Yahoo's apps",
    "caniemail.com: local anchors", "link to the web version",
)  # fmt: skip
LINK_DISGUISED: Final = Rule(
    "EML056", "link-disguised", E, "text that looks like one address and leads to another is what phishing looks like",
    "common practice of mail filters", "show the address the link leads to, or use words",
)  # fmt: skip
LINK_SUSPICIOUS: Final = Rule(
    "EML057", "link-suspicious", W, "shorteners, bare IP addresses and plain http raise spam scores",
    "common practice of mail filters", "use the final https address",
)  # fmt: skip
LINK_AMBIGUOUS: Final = Rule(
    "EML058", "link-ambiguous", W, "the same words with different targets cannot be told apart in a list of links",
    "WCAG 2.2 2.4.9", "say in each link what it leads to",
)  # fmt: skip
LINK_COUNT_RULE: Final = Rule(
    "EML059", "link-count", W, "more than 100 different addresses look like a link farm to filters",
    "common practice of mail filters", "keep the most useful links",
)  # fmt: skip

CONTRAST_RULE: Final = Rule(
    "EML060", "contrast", E, "text needs a contrast of 4.5:1 (large text 3:1), by day and by night",
    "WCAG 2.2 1.4.3", "change color or background-color in theme.css",
)  # fmt: skip
HEADINGS: Final = Rule(
    "EML061", "headings", E, "exactly one h1 and no level skipped, so that a screen reader can jump",
    "WCAG 2.2 1.3.1", "leave headings to the writer; a title is required",
)  # fmt: skip
LINK_TEXT: Final = Rule(
    "EML062", "link-text", E, "a link without words says nothing about where it leads",
    "WCAG 2.2 2.4.4", "write words between the square brackets",
)  # fmt: skip
REWRITTEN_ELEMENT: Final = Rule(
    "EML063", "rewritten-element", W, "Gmail and Outlook rewrite header, main, section, nav and figure",
    "caniemail.com: HTML5 semantics", "use div or td, with an ARIA role where it helps",
)  # fmt: skip
DARK_META: Final = Rule(
    "EML064", "dark-mode", W, "without both colour-scheme metas and a dark block dark mode is guesswork",
    "caniemail.com: prefers-color-scheme", "keep the metas in issue.mjml.j2 and the dark block in theme.css",
)  # fmt: skip
DARK_PAIR: Final = Rule(
    "EML065", "dark-pair", W,
    "a background without a text colour beside it turns unreadable where colours are inverted",
    "common practice", "set color and background-color in the same rule of theme.css",
)  # fmt: skip
PREHEADER: Final = Rule(
    "EML066", "preheader", E,
    "the first text of the mail is its preview: a hidden digest that differs from the subject",
    "common practice", "write a summary in the front matter that says more than the title",
)  # fmt: skip
PREHEADER_COLOUR: Final = Rule(
    "EML067", "preheader-colour", W, "white hidden text costs spam points",
    "SpamAssassin 4.0.1, own measurement", "hide the preheader without a colour",
)  # fmt: skip
PREHEADER_LENGTH: Final = Rule(
    "EML068", "preheader-length", W, "a preview shows about 20–50 Chinese or 40–100 Latin characters",
    "common practice", "lengthen or shorten summary in the front matter",
)  # fmt: skip
DUTY_LINKS: Final = Rule(
    "EML069", "duty-links", E,
    "a visible unsubscribe link and one to the web version; neither the text nor the web version holds a personal link",
    "RFC 8058; Gmail and Yahoo sender rules",
    "keep both links in the footer of issue.mjml.j2, out of web.html.j2 and out of the text",
)  # fmt: skip

TABLE_COLUMNS_RULE: Final = Rule(
    "EML070", "table-columns", W, "a table of more than six columns is wider than a phone; what is beyond is cut off",
    "own measurement at 375 px", "turn rows and columns round, split the table, or make it a list",
)  # fmt: skip

MESSAGE: Final = Rule(
    "EML080", "message", E, "the message must hold the same subject, sender, text and HTML as the staged files",
    "RFC 5322; own policy", "leave email.eml to the renderer",
)  # fmt: skip
HEADER_FOLDING: Final = Rule(
    "EML081", "header-folding", E,
    "an encoded or broken List-Unsubscribe shows no button; an encoded word may have 75 characters",
    "RFC 2047 2; RFC 2369; RFC 8058", "keep unsubscribe_url ASCII without white space",
)  # fmt: skip
UNSUBSCRIBE_TOKEN: Final = Rule(
    "EML082", "unsubscribe-token", W, "one address for all subscribers cannot tell who wants to leave",
    "RFC 8058 3.1", "put __UNSUB__ into unsubscribe_url of kanfa.toml",
)  # fmt: skip

IMAGE_MISSING: Final = Rule(
    "EML090", "image-missing", W, "a picture could not be shown; its words stand in its place",
    "own policy: nothing is dropped in silence", "put the file beside issue.md, or correct its name",
)  # fmt: skip
IMAGE_CONVERTED: Final = Rule(
    "EML091", "image-converted", INFO,
    "pictures that some program cannot show are sent in another form; of a moving one the first frame may remain",
    "caniemail.com: image formats", "nothing; or give a PNG, JPEG or GIF of the size that is shown",
)  # fmt: skip
LINK_UNUSABLE: Final = Rule(
    "EML092", "link-unusable", W, "an address that no mail program follows is shown as text",
    "own policy: nothing is dropped in silence", "write an absolute https address",
)  # fmt: skip
TOO_DEEP: Final = Rule(
    "EML093", "too-deep", W, "very deep nesting breaks mail programs, so the deepest levels are flattened",
    "own policy; own measurement of the engine", "nest fewer lists or quotations",
)  # fmt: skip

FORMULA_MISSING: Final = Rule(
    "EML094", "formula-missing", W, "a formula could not be made a picture; its TeX stands in its place",
    "own policy: nothing is dropped in silence", "simplify the formula, or write it as code",
)  # fmt: skip
CODE_PLAIN: Final = Rule(
    "EML095", "code-plain", INFO, "the colours of code cost room; near the size at which Gmail cuts, text comes first",
    "common experience with Gmail; own measurement", "nothing; or shorten the code and link to the whole of it",
)  # fmt: skip
PICTURE_FILE: Final = Rule(
    "EML096", "picture-file", E, "a picture that the mail names but nobody stages is a broken picture for every reader",
    "own policy", "leave pictures to the writer; put the file beside issue.md",
)  # fmt: skip
UNRELIABLE_ELEMENT: Final = Rule(
    "EML097", "unreliable-element", W, "each mail program sets ruby and folds details in its own way, or not at all",
    "caniemail.com: HTML5 semantics", "write the reading in brackets, and passages opened",
)  # fmt: skip
FORMULA_WIDE: Final = Rule(
    "EML098", "formula-wide", W, "a formula wider than a phone is made smaller until its letters cannot be read",
    "own policy", "break the formula over several, or write it with fewer terms",
)  # fmt: skip

RULES: Final[tuple[Rule, ...]] = tuple(
    sorted((value for value in list(globals().values()) if isinstance(value, Rule)), key=lambda rule: rule.id)
)
"""All rules of the room, by id."""
