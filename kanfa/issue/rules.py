"""The catalogue of findings about the issue itself: ISS001–ISS019 metadata, 020–029 structure, 030–044 links,
045–049 pictures in the text, 050–059 HTML, 060–069 picture files,
070–079 characters and marks (and an empty heading). Ids never change."""

from __future__ import annotations

from kanfa.findings import Rule, Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_POLICY = "editorial policy"
_COUNT = "own count of 4 400 published issues"

NO_CONTENT = Rule(
    "ISS001", "no-content", _ERROR, "An issue without content cannot be published.", _POLICY,
    "Write at least one paragraph or item below the front matter.",
)  # fmt: skip
TITLE_MISSING = Rule(
    "ISS002", "title-missing", _WARNING, "Mail subject, PDF title and WeChat title all need a title.",
    "RFC 5322 §3.6.5; WeChat draft API, field title", "Add `title:` to the front matter, or one # heading at the top.",
)  # fmt: skip
TITLE_LONG = Rule(
    "ISS003", "title-long", _WARNING, "WeChat refuses titles of more than 32 characters.",
    "WeChat draft API, field title", "Add `short_title:` with at most 32 characters.",
)  # fmt: skip
SHORT_TITLE_LONG = Rule(
    "ISS004", "short-title-long", _ERROR, "WeChat refuses titles of more than 32 characters.",
    "WeChat draft API, field title", "Shorten `short_title:` to 32 characters.",
)  # fmt: skip
IDENTITY_MISSING = Rule(
    "ISS005", "identity-missing", _WARNING, "Without number and date the archive cannot order the issue.",
    _POLICY, "Add `number:` or `date:` to the front matter.",
)  # fmt: skip
SUMMARY_MISSING = Rule(
    "ISS006", "summary-missing", _WARNING, "Mail preview and WeChat digest would show whatever text comes first.",
    "WeChat draft API, field digest", "Add `summary:` with one sentence to the front matter.",
)  # fmt: skip
SUMMARY_LONG = Rule(
    "ISS007", "summary-long", _WARNING, "WeChat cuts digests after 120 characters; previews show fewer.",
    "WeChat draft API, field digest", "Shorten `summary:` to 120 characters.",
)  # fmt: skip
META_TYPE = Rule(
    "ISS008", "meta-type", _ERROR, "A field of the front matter cannot be understood.", _POLICY,
    "Write the value in the form the message names.",
)  # fmt: skip
META_UNUSED = Rule(
    "ISS009", "meta-unused", _INFO, "A field of the front matter has no effect here.", _POLICY,
    "Remove the field, or correct its name.",
)  # fmt: skip
META_DUPLICATE = Rule(
    "ISS010", "meta-duplicate", _WARNING, "A field given twice shows only its last value.", "YAML 1.2 §3.2.1.1",
    "Keep one of the two lines.",
)  # fmt: skip
META_PLACE = Rule(
    "ISS011", "meta-place", _WARNING, "Other tools read front matter only when its fence is the very first line.",
    "Hugo and Jekyll documentation", "Move the fence to line 1.",
)  # fmt: skip
TITLE_DIFFERS = Rule(
    "ISS012", "title-differs", _INFO, "The front matter and the # heading name different titles.", _POLICY,
    "Make them equal, or turn the heading into a section (##).",
)  # fmt: skip
TITLE_MARKUP = Rule(
    "ISS013", "title-markup", _WARNING, "A title is plain text in every channel: links, pictures and marks are lost.",
    _POLICY, "Move them out of the # heading, or put them into words.",
)  # fmt: skip

HEADING_JUMP = Rule(
    "ISS020", "heading-jump", _WARNING, "A skipped heading level breaks outlines and screen-reader navigation.",
    "WCAG 2.2, technique G141", "Use the next level: ## for sections, ### for groups in them.",
)  # fmt: skip
SECTION_EMPTY = Rule(
    "ISS021", "section-empty", _WARNING, "A heading without content reads as a mistake.", _POLICY,
    "Write the section or remove its heading.",
)  # fmt: skip
TOO_DEEP = Rule(
    "ISS022", "too-deep", _ERROR, "Nesting beyond twelve levels cannot be shown; its text is set without structure.",
    _POLICY, "Flatten the lists, quotes or marks.",
)  # fmt: skip
NOTE_UNDEFINED = Rule(
    "ISS023", "note-undefined", _WARNING, "A footnote mark without footnote stays in the text.",
    "markdown-it footnote syntax", "Add `[^name]: text`, or escape the bracket as \\[.",
)  # fmt: skip
NOTE_UNUSED = Rule(
    "ISS024", "note-unused", _WARNING, "A footnote that nothing refers to is set after the others.",
    "markdown-it footnote syntax", "Refer to it with `[^name]`, or remove it.",
)  # fmt: skip
NOTE_DUPLICATE = Rule(
    "ISS025", "note-duplicate", _WARNING, "Two footnotes share a name; marks lead to the first.",
    "markdown-it footnote syntax", "Rename one of them.",
)  # fmt: skip
ITEM_EMPTY = Rule(
    "ISS026", "item-empty", _WARNING, "An empty item shows as a bullet without text.", _POLICY,
    "Write the item or remove its bullet.",
)  # fmt: skip
TABLE_CELLS = Rule(
    "ISS027", "table-cells", _ERROR, "Cells beyond the head row have no column.", "GFM specification §4.10",
    "Add columns to the head row, or escape the bar as \\|.",
)  # fmt: skip
FENCE_OPEN = Rule(
    "ISS028", "fence-open", _WARNING, "A code fence that is never closed takes in everything after it.",
    "CommonMark 0.31 §4.5", "Close the fence with a line of the same marks.",
)  # fmt: skip
HEADING_NESTED = Rule(
    "ISS029", "heading-nested", _INFO, "A heading inside a quote, an item, a note or a table is set as a bold line.",
    _POLICY, "Move it out, or write it in **bold**.",
)  # fmt: skip

LINK_SCHEME = Rule(
    "ISS030", "link-scheme", _ERROR, "Only http, https, mailto and tel links open everywhere.", _COUNT,
    "Correct the address; a copied typo lives on for weeks.",
)  # fmt: skip
LINK_RELATIVE = Rule(
    "ISS031", "link-relative", _ERROR, "A mail or an article has no folder that a relative link could start from.",
    "RFC 3986 §5.1", "Write the complete address with https://.",
)  # fmt: skip
LINK_ADDRESS = Rule(
    "ISS032", "link-address", _ERROR, "An address that is not well formed opens nowhere.", "RFC 3986 §3",
    "Correct the address.",
)  # fmt: skip
LINK_LITERAL = Rule(
    "ISS033", "link-literal", _WARNING, "Readers would see the brackets of a link that did not come about.", _COUNT,
    "Complete the brackets; write spaces in addresses as %20; define the reference; or escape as \\[.",
)  # fmt: skip
LINK_EMPTY = Rule(
    "ISS034", "link-empty", _ERROR, "A link without text cannot be seen or clicked.", "WCAG 2.2 §2.4.4",
    "Write the link's text.",
)  # fmt: skip
LINK_DUPLICATE = Rule(
    "ISS035", "link-duplicate", _INFO, "The same address stands twice in this issue.", _COUNT,
    "Keep one, unless both are meant.",
)  # fmt: skip
LINK_TRACKING = Rule(
    "ISS036", "link-tracking", _WARNING, "Tracking parameters report your readers to others.", _COUNT,
    "Remove the parameters from the address.",
)  # fmt: skip
LINK_NESTED = Rule(
    "ISS037", "link-nested", _ERROR, "A link cannot hold another link or whole blocks; this one is lost.",
    "HTML Living Standard §4.5.1", "Put each link round its own words.",
)  # fmt: skip
REF_UNUSED = Rule(
    "ISS038", "ref-unused", _INFO, "A link definition that nothing refers to is not shown.", "CommonMark 0.31 §4.7",
    "Use it or remove it.",
)  # fmt: skip
REF_DUPLICATE = Rule(
    "ISS039", "ref-duplicate", _WARNING, "Of two definitions with one name only the first counts.",
    "CommonMark 0.31 §4.7", "Rename or remove one.",
)  # fmt: skip
TITLE_HOVER = Rule(
    "ISS040", "title-hover", _INFO, "The title of a link or of a picture in a line shows only under a pointer.",
    "HTML Living Standard §3.2.6.1", "Write it into the text if it matters.",
)  # fmt: skip
LINK_CREDENTIALS = Rule(
    "ISS041", "link-credentials", _ERROR, "A password in an address is published with it.",
    "RFC 3986 §3.2.1", "Remove everything between // and @; change the password if it was real.",
)  # fmt: skip

IMAGE_ALT = Rule(
    "ISS045", "image-alt", _WARNING, "Without words a picture is nothing where pictures are blocked or read aloud.",
    "WCAG 2.2 §1.1.1", "Write them in the brackets: ![what it shows](file).",
)  # fmt: skip
IMAGE_SOURCE = Rule(
    "ISS046", "image-source", _ERROR, "The picture has no usable address.", "RFC 3986 §3",
    "Name a file beside the issue or a complete https address.",
)  # fmt: skip

HTML_UNKNOWN = Rule(
    "ISS050", "html-unknown", _ERROR, "This HTML has no meaning here, so it is shown as text.", "kanfa's list of tags",
    "Write it in Markdown, or put `<…>` in backticks when it is code.",
)  # fmt: skip
HTML_UNWRAPPED = Rule(
    "ISS051", "html-unwrapped", _INFO, "The tag has no effect; what it holds is kept.", "kanfa's list of tags",
    "Remove the tag.",
)  # fmt: skip
HTML_UNBALANCED = Rule(
    "ISS052", "html-unbalanced", _WARNING, "An opening and a closing tag do not match.",
    "HTML Living Standard §13.1.2", "Close every tag in the paragraph or block where it was opened.",
)  # fmt: skip
HTML_FRAME = Rule(
    "ISS053", "html-frame", _INFO, "Mail, PDF and WeChat show no embedded pages; the frame became a link.",
    "caniemail.com, feature html-iframe", "Nothing, or write the link yourself.",
)  # fmt: skip

COMMENT_OPEN = Rule(
    "ISS054", "comment-open", _ERROR, "An HTML comment that is never closed takes in everything after it.",
    "CommonMark 0.31 §4.6", "Close the comment with -->.",
)  # fmt: skip

STRAY_EMPHASIS = Rule(
    "ISS070", "stray-emphasis", _WARNING, "Readers would see the marks.", "CommonMark 0.31 §6.2, GFM §6.5",
    "Remove spaces inside the marks, balance them, or escape them as \\* or \\~.",
)  # fmt: skip
PUNCT_HALFWIDTH = Rule(
    "ISS071", "punct-halfwidth", _WARNING, "Between Han characters punctuation is full-width.", "W3C clreq §3.1",
    "Use ，；：！？（）.",
)  # fmt: skip
CHAR_INVISIBLE = Rule(
    "ISS072", "char-invisible", _INFO, "A character that nobody sees breaks search and lines.", _COUNT,
    "Remove it, or use a plain space.",
)  # fmt: skip
CHAR_CONTROL = Rule(
    "ISS073", "char-control", _ERROR, "Control characters are forbidden in mail, XML and PDF text; � stands for it.",
    "XML 1.0 §2.2", "Delete the character.",
)  # fmt: skip
UNSUPPORTED_MARKUP = Rule(
    "ISS074", "unsupported-markup", _WARNING, "This form belongs to another tool; readers would see its marks.",
    "CommonMark 0.31, which knows no such form", "Write it in plain Markdown, or put it in backticks.",
)  # fmt: skip
BIDI_CONTROL = Rule(
    "ISS075", "bidi-control", _ERROR, "Readers would see another text than the one that stands there.",
    "Unicode UTR 36 §2.8; CVE-2021-42574", "Remove the character.",
)  # fmt: skip
NUMBERED_LINES = Rule(
    "ISS076", "numbered-lines", _WARNING, "Numbered lines of one paragraph flow into one line.",
    "CommonMark 0.31 §6.8", "End each line with two spaces, or write `1.`.",
)  # fmt: skip
HEADING_EMPTY = Rule(
    "ISS077", "heading-empty", _ERROR, "A heading without words leaves a gap in the page and in the contents.",
    "WCAG 2.2, technique H42", "Write the heading or remove its marks.",
)  # fmt: skip

RULES: tuple[Rule, ...] = tuple(rule for rule in tuple(globals().values()) if isinstance(rule, Rule))
"""Every rule about the issue itself, except those about picture files."""
