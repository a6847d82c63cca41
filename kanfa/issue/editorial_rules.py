"""The catalogue of findings about editorial lint, glossary and suppressions: ISS100–109 links and pictures,
110–119 sentences, 120–122 words, 123–126 copy-editing, 130–132 suppressions. Ids never change."""

from __future__ import annotations

from kanfa.findings import Rule, Severity

_WARNING, _INFO = Severity.WARNING, Severity.INFO
_POLICY = "editorial policy"
_COUNT = "own count of 4 400 published issues"
_CLREQ = "W3C clreq §3.1"

LINK_SIMPLIFY = Rule(
    "ISS100", "link-simplify", _INFO, "Two slashes in a path are a slip; some servers answer 404.", "RFC 3986 §3.3",
    "Remove one of the slashes.",
)  # fmt: skip
LINK_INSECURE = Rule(
    "ISS101", "link-insecure", _INFO, "Anyone on the way can read and change what http carries.", "RFC 9110 §4.2.2",
    "Write https://, this host offers it.",
)  # fmt: skip
LINK_REPEATED = Rule(
    "ISS102", "link-repeated", _WARNING, "In this section an address stands only once, and never two issues running.",
    "kanfa.toml, [[sections]] strict_links", "Remove the repetition.",
)  # fmt: skip
LINK_FRAGMENTED = Rule(
    "ISS103", "link-fragmented", _WARNING, "One link in pieces is underlined in pieces and listed twice.", _COUNT,
    "Put one pair of brackets round all its words.",
)  # fmt: skip
LINK_BARE = Rule(
    "ISS104", "link-bare", _INFO, "A naked address says nothing about where it leads.", "WCAG 2.2 §2.4.4",
    "Write [words](address), or <address> when it is meant to be read.",
)  # fmt: skip
LINK_TEXT = Rule(
    "ISS105", "link-text", _WARNING, "Lists of links, as WeChat and screen readers make them, would all say “here”.",
    "WCAG 2.2, technique G91", "Link the words that name the target.",
)  # fmt: skip
LINK_CUT = Rule(
    "ISS106", "link-cut", _WARNING, "A title that a program cut off was copied from a list of links.", _COUNT,
    "Write the whole title.",
)  # fmt: skip
BACKTICK_ODD = Rule(
    "ISS107", "backtick-odd", _WARNING, "Readers would see the backtick, and the code as plain text.",
    "CommonMark 0.31 §6.1", "Close the code with as many backticks, or escape this one as \\`.",
)  # fmt: skip
IMAGE_WIDE = Rule(
    "ISS108", "image-wide", _INFO, "No channel shows so many pixels; every reader would load them.", _POLICY,
    "Scale the picture down: 1,600 pixels of width serve every channel.",
)  # fmt: skip
ISSUE_NUMBER = Rule(
    "ISS109", "number-differs", _WARNING, "A title copied from last week announces the wrong issue.", _COUNT,
    "Make title and `number:` agree.",
)  # fmt: skip

WORD_REPEATED = Rule(
    "ISS110", "word-repeated", _WARNING, "A word typed twice.", _POLICY, "Remove one of the two.",
)  # fmt: skip
LATIN_FULLWIDTH = Rule(
    "ISS111", "latin-fullwidth", _INFO, "Full-width digits and letters stand apart and are not found by search.",
    _CLREQ, "Use plain digits and letters.",
)  # fmt: skip
QUOTES_MIXED = Rule(
    "ISS112", "quotes-mixed", _INFO, "An issue keeps to one kind of quotation mark.", "GB/T 15834—2011 §4.8",
    "Use “…”, with ‘…’ inside.",
)  # fmt: skip
BRACKET_UNMATCHED = Rule(
    "ISS113", "bracket-unmatched", _WARNING, "A bracket or quotation mark without its partner.",
    "GB/T 15834—2011 §4.8–4.9", "Add the missing one, of the same width.",
)  # fmt: skip
ELLIPSIS = Rule(
    "ISS114", "ellipsis", _INFO, "In Chinese an ellipsis is six dots in the middle of two squares.",
    "GB/T 15834—2011 §4.11", "Write …… (U+2026 twice).",
)  # fmt: skip
MARKS_DOUBLED = Rule(
    "ISS115", "marks-doubled", _WARNING, "Two marks where one belongs.", "GB/T 15834—2011", "Keep one of them.",
)  # fmt: skip
DATE_WRONG = Rule(
    "ISS116", "date-wrong", _WARNING, "Readers come on the wrong day.", "Gregorian calendar",
    "Correct the date or the day of the week.",
)  # fmt: skip
HEADING_MARK = Rule(
    "ISS117", "heading-mark", _INFO, "A heading ends without a full stop, comma or colon.", "GB/T 15834—2011, practice",
    "Remove the mark.",
)  # fmt: skip
ITEM_ENDS = Rule(
    "ISS118", "item-ends", _INFO, "Items of one list end alike.", _POLICY, "Add the full stop that the others have.",
)  # fmt: skip
READING_TIME = Rule(
    "ISS119", "reading-time", _WARNING, "The issue takes longer than readers were promised.", "kanfa.toml, [lint]",
    "Cut it, or raise `minutes`.",
)  # fmt: skip

GLOSSARY = Rule(
    "ISS120", "glossary", _WARNING, "The publication has decided on another spelling.", "kanfa.toml, [glossary]",
    "Use the spelling of the glossary.",
)  # fmt: skip
NAME_SPELLING = Rule(
    "ISS121", "name-spelling", _INFO, "Projects care how their names are written.", "the projects' own pages",
    "Use the project's spelling, or put it in backticks when it is a command.",
)  # fmt: skip
TERM_TYPO = Rule(
    "ISS122", "term-typo", _INFO, "The word is one or two letters away from a known term.", "kanfa's list of terms",
    "Correct it, or put it in backticks when it is code.",
)  # fmt: skip

COPYEDIT_MARKS = Rule(
    "ISS123", "copyedit-marks", _INFO, "After Chinese words marks are full-width, without spaces.",
    "W3C clreq §3.1; autocorrect", "Run kanfa fix.",
)  # fmt: skip
COPYEDIT_SPACING = Rule(
    "ISS124", "copyedit-spacing", _INFO, "The issue mostly writes the other way between Chinese and Latin words.",
    "house style of this issue; autocorrect", "Follow the rest of the issue.",
)  # fmt: skip
SPACE_DOUBLED = Rule(
    "ISS125", "space-doubled", _INFO, "Two spaces show as a hole in plain text, and as one elsewhere.", _POLICY,
    "Keep one space.",
)  # fmt: skip

ALLOW_UNUSED = Rule(
    "ISS130", "allow-unused", _WARNING, "A permission that nothing needs will hide the next fault.", _POLICY,
    "Remove it.",
)  # fmt: skip
ALLOW_REASON = Rule(
    "ISS131", "allow-reason", _WARNING, "A permission without a reason is not heeded: nobody could judge it later.",
    _POLICY, "Write <!-- kanfa: allow ISS021 because … -->.",
)  # fmt: skip
ALLOW_UNKNOWN = Rule(
    "ISS132", "allow-unknown", _WARNING, "A note to kanfa that it does not understand has no effect.", _POLICY,
    "Write <!-- kanfa: allow ISS021 because … -->; `kanfa rules` lists the ids.",
)  # fmt: skip

RULES: tuple[Rule, ...] = tuple(rule for rule in tuple(globals().values()) if isinstance(rule, Rule))
"""Every rule of this catalogue."""
