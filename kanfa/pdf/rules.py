"""The rule catalogue of the PDF edition."""

from __future__ import annotations

from kanfa.findings import Rule, Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

ARCHIVE_PROFILE = Rule(
    "PDF001",
    "archive-profile",
    ERROR,
    "the archive edition is PDF/A-3a, so that it opens the same way in ten years",
    "ISO 19005-3 (PDF/A-3), checked with page-validation",
    "undo the last change of templates/pdf; if the content alone causes it, report the clause named in the message",
)
ACCESSIBLE_PROFILE = Rule(
    "PDF002",
    "accessible-profile",
    ERROR,
    "screen readers need the tags, titles and alternative texts of PDF/UA-1",
    "ISO 14289-1 (PDF/UA-1), checked with page-validation",
    "undo the last change of templates/pdf; if the content alone causes it, report the clause named in the message",
)
MISSING_GLYPH = Rule(
    "PDF003",
    "missing-glyph",
    ERROR,
    "a character that no font of the edition has is printed as an empty box and cannot be searched",
    "ISO 19005-3, 6.2.11.8 (.notdef glyph)",
    "write the character differently, or add it to the fonts with templates/pdf/build_fonts.py",
)
RESOURCE_FAILED = Rule(
    "PDF004",
    "resource-failed",
    ERROR,
    "the renderer could not use a picture, an anchor or an option, and left it out",
    "WeasyPrint's log, level error",
    "mend the picture or the template that the message names",
)
STYLE_IGNORED = Rule(
    "PDF005",
    "style-ignored",
    WARNING,
    "the renderer did not understand something in the template or its style sheet and skipped it",
    "WeasyPrint's log, level warning",
    "remove or rewrite the declaration that the message names in templates/pdf",
)
FOREIGN_FONT = Rule(
    "PDF006",
    "foreign-font",
    ERROR,
    "every font is embedded and comes from templates/pdf/fonts, or the page looks different elsewhere",
    "ISO 19005-3, 6.2.11.4; house rule: the same bytes on every machine",
    "name only the families of templates/pdf/fonts in print.css, and keep fonts.conf",
)
LANGUAGE = Rule(
    "PDF007",
    "document-language",
    ERROR,
    "a screen reader chooses its voice by the document's language",
    "ISO 14289-1, 7.2",
    "give the issue or kanfa.toml a language such as zh-CN, and keep lang on the template's html element",
)
TITLE = Rule(
    "PDF008",
    "document-title",
    ERROR,
    "the reader's window shows the title of the issue, not a file name",
    "ISO 14289-1, 7.1",
    "keep the title element in templates/pdf/issue.html.j2",
)
BOOKMARKS = Rule(
    "PDF009",
    "bookmarks",
    ERROR,
    "the bookmarks are the headings of the issue, in their order",
    "ISO 14289-1, 7.17; house rule",
    "keep the headings and their data-title in the template; print.css must not switch bookmarks off",
)
LINK_TARGET = Rule(
    "PDF010",
    "link-target",
    ERROR,
    "a link of an archived file must be complete by itself: http, https, mailto or tel",
    "house rule; ISO 32000-1, 12.6.4.7 (relative addresses need a base)",
    "write the whole address, beginning with https://",
)
LOCAL_PATH = Rule(
    "PDF011",
    "local-path",
    ERROR,
    "an address of the building machine (file://) leads nowhere and gives its folders away",
    "house rule",
    "write absolute addresses in content and template",
)
PAGE_BUDGET = Rule(
    "PDF012",
    "page-budget",
    WARNING,
    "readers of a weekly do not print a book",
    "own policy",
    "split the issue, or move long code and tables behind a link",
)
SIZE_BUDGET = Rule(
    "PDF013",
    "size-budget",
    WARNING,
    "large files are not forwarded",
    "own policy",
    "scale the pictures to the width at which they are printed: about 1400 pixels",
)
TEXT_LAYER = Rule(
    "PDF014",
    "text-layer",
    ERROR,
    "readers search and copy: every page holds real characters",
    "ISO 14289-1, 7.21.7 (Unicode mapping)",
    "look at the page named in the message; a font or a template has lost its text",
)
PICTURE_MISSING = Rule(
    "PDF015",
    "picture-missing",
    WARNING,
    "a picture that could not be loaded is printed as its words",
    "house rule: nothing silently dropped",
    "put the file beside the issue under the name that the text uses",
)
PICTURE_REMOTE = Rule(
    "PDF016",
    "picture-remote",
    WARNING,
    "an archived file embeds its pictures; one on the web is printed as its words with a link",
    "ISO 19005-3, 6.2 (no external content); rendering uses no network",
    "run `kanfa images pull ISSUE`, or save the picture beside the issue and name that file",
)
SOURCE_ATTACHED = Rule(
    "PDF017",
    "source-attached",
    ERROR,
    "the edition carries its own source, byte for byte",
    "ISO 19005-3, 6.8 (embedded files); house rule",
    "publish again; the attachment must equal the issue's text",
)
TOO_DEEP = Rule(
    "PDF018",
    "nested-too-deep",
    ERROR,
    "beyond this depth the page has no width left and the renderer runs out of stack",
    "own policy",
    "flatten the list, quotation or marks",
)
ANIMATION_STILL = Rule(
    "PDF019",
    "animation-still",
    INFO,
    "paper does not move: only the first picture of an animation is printed",
    "house rule: nothing silently dropped",
    "check that the first picture says enough, or add a link to the animation",
)
PICTURE_CONVERTED = Rule(
    "PDF020",
    "picture-converted",
    INFO,
    "a picture in printing colours (CMYK) or with more than 8 bits of grey is converted to what the edition can hold",
    "ISO 19005-3, 6.2.4.3",
    "save the picture as sRGB with 8 bits to decide about its colours yourself",
)
TABLE_TOO_WIDE = Rule(
    "PDF021",
    "table-too-wide",
    WARNING,
    "a table with so many columns has no room for its words on paper; its rows are printed as paragraphs",
    "house rule: nothing is cut off",
    "split the table, or exchange its rows and columns",
)
QR_TOO_LONG = Rule(
    "PDF022",
    "qr-too-long",
    WARNING,
    "an address this long makes a QR code that no camera reads from paper; its words and address are printed alone",
    "ISO/IEC 18004, 7.3 (capacity); own policy on its size",
    "link to a shorter address, without tracking parameters",
)
FORMULA_TOO_WIDE = Rule(
    "PDF023",
    "formula-too-wide",
    WARNING,
    "a formula cannot be broken by itself: one far wider than the page is printed too small to read",
    "own policy",
    r"break the formula into several, or into lines with \begin{aligned} … \\ … \end{aligned}",
)

LINK_PLACE = Rule(
    "PDF030",
    "link-place",
    ERROR,
    "a link without an area on its page can be neither clicked nor reached",
    "ISO 32000-1, 12.5.2 (Rect)",
    "give the link some words, and keep links out of what print.css hides or moves off the page",
)
JUMP_LOST = Rule(
    "PDF031",
    "jump-lost",
    ERROR,
    "a link within the file must lead to a place that is there",
    "ISO 32000-1, 12.3.2.3 (named destinations)",
    "keep the ids of headings and notes in the template",
)
CONTRAST = Rule(
    "PDF032",
    "contrast",
    ERROR,
    "text must stand out from its ground: 4.5 to 1, large type 3 to 1",
    "WCAG 2.2, 1.4.3 (AA), measured in the finished file",
    "darken the text or lighten its ground in templates/pdf/print.css",
)
PICTURE_COARSE = Rule(
    "PDF033",
    "picture-coarse",
    WARNING,
    "below 150 pixels to the inch a printed picture looks blurred",
    "own policy; printers ask for 300",
    "use a larger original, or give the picture a smaller width",
)
CUT_OFF = Rule(
    "PDF034",
    "cut-off",
    ERROR,
    "what runs over the edge of the page is lost in print and on the screen",
    "house rule: nothing silently dropped",
    "break the word or the code line named in the message, or mend its style in print.css",
)
OVERFULL = Rule(
    "PDF035",
    "overfull",
    WARNING,
    "a line or a picture that reaches into the margin looks broken, and printers may cut it",
    "house rule; TeX's overfull box",
    "break the word or the code line named in the message, or mend its style in print.css",
)
LAST_PAGE = Rule(
    "PDF036",
    "last-page",
    INFO,
    "a last page with a few lines wastes a sheet and looks forgotten",
    "own policy",
    "shorten the issue by these lines, or leave it",
)
METADATA = Rule(
    "PDF037",
    "metadata",
    ERROR,
    "archives and searches go by the file's metadata: they are those of the issue, in both places",
    "ISO 19005-3, 6.6.2 (XMP) and 6.1.3 (document information)",
    "keep the meta elements in templates/pdf/issue.html.j2",
)
STRUCTURE = Rule(
    "PDF038",
    "structure",
    ERROR,
    "a screen reader meets the headings, lists, tables, quotations and pictures of the issue, in its order",
    "ISO 14289-1, 7.1 (tagged content in logical order)",
    "undo the last change of templates/pdf; if the content alone causes it, report the passage named in the message",
)
TAB_ORDER = Rule(
    "PDF039",
    "tab-order",
    ERROR,
    "the keyboard reaches the links of a page in reading order",
    "ISO 14289-1, 7.18.3 (Tabs)",
    "publish again; if it stays, report the page named in the message",
)
TEXT_ADDED = Rule(
    "PDF040",
    "text-added",
    ERROR,
    "the edition says what the issue says, once, and beyond it only its own labels",
    "house rule: the archive is the issue",
    "look for a template that repeats a passage or adds words; declared words stand in kanfa/labels.py",
)

RULES = (
    ARCHIVE_PROFILE,
    ACCESSIBLE_PROFILE,
    MISSING_GLYPH,
    RESOURCE_FAILED,
    STYLE_IGNORED,
    FOREIGN_FONT,
    LANGUAGE,
    TITLE,
    BOOKMARKS,
    LINK_TARGET,
    LOCAL_PATH,
    PAGE_BUDGET,
    SIZE_BUDGET,
    TEXT_LAYER,
    PICTURE_MISSING,
    PICTURE_REMOTE,
    SOURCE_ATTACHED,
    TOO_DEEP,
    ANIMATION_STILL,
    PICTURE_CONVERTED,
    TABLE_TOO_WIDE,
    QR_TOO_LONG,
    FORMULA_TOO_WIDE,
    LINK_PLACE,
    JUMP_LOST,
    CONTRAST,
    PICTURE_COARSE,
    CUT_OFF,
    OVERFULL,
    LAST_PAGE,
    METADATA,
    STRUCTURE,
    TAB_ORDER,
    TEXT_ADDED,
)
