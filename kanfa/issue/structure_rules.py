"""The catalogue of findings about declared sections and about the row of issues (ISS090–ISS099). Ids never change."""

from __future__ import annotations

from kanfa.findings import Rule, Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_DECLARED = "kanfa.toml, [[sections]]"

SECTION_UNKNOWN = Rule(
    "ISS090", "section-unknown", _INFO, "A heading that is not declared is often a misspelt one.", _DECLARED,
    "Correct the heading, or declare it as a section or as an alias of one.",
)  # fmt: skip
SECTION_MISSING = Rule(
    "ISS091", "section-missing", _ERROR, "The publication promises its readers this section in every issue.", _DECLARED,
    "Write the section, or declare it without `required`.",
)  # fmt: skip
SECTION_ORDER = Rule(
    "ISS092", "section-order", _WARNING, "Readers look for a section where it always stands.", _DECLARED,
    "Move the section, or change the order of the declaration.",
)  # fmt: skip
SECTION_TWICE = Rule(
    "ISS093", "section-twice", _WARNING, "Two sections of one name look like a mistake in contents and bookmarks.",
    _DECLARED, "Put both under one heading.",
)  # fmt: skip
SECTION_LONG = Rule(
    "ISS094", "section-long", _WARNING, "The section takes more room than the publication gives it.",
    "kanfa.toml, [[sections]] max_characters", "Cut it, move a part into another section, or raise max_characters.",
)  # fmt: skip
SECTION_ITEMS = Rule(
    "ISS095", "section-items", _WARNING, "The section has more items than the publication gives it room for.",
    "kanfa.toml, [[sections]] max_items", "Keep the best ones, or raise max_items.",
)  # fmt: skip
SERIES_GAP = Rule(
    "ISS096", "series-gap", _WARNING, "Readers take a number that is missing from the list for a lost issue.",
    "own count of 4 400 published issues", "Add the issue to `previous`, or leave the gap if it never appeared.",
)  # fmt: skip
NEIGHBOUR_UNREADABLE = Rule(
    "ISS097", "neighbour-unreadable", _WARNING, "An issue that cannot be read is missing from the earlier ones.",
    "kanfa.toml, [back_issues]", "Mend that issue, or list the earlier issues by hand in `previous`.",
)  # fmt: skip
FOLDER_NUMBER = Rule(
    "ISS098", "folder-number", _WARNING, "Commands find an issue by its folder, readers by the number it carries.",
    "editorial policy", "Rename the folder, or correct `number`.",
)  # fmt: skip
EDITION_EMPTY = Rule(
    "ISS099", "edition-empty", Severity.WARNING, "A heading under which nothing stands reads as a mistake.",
    "house rule: nothing silently dropped",
    "Put the heading into the passage too, or write something there for the other formats.",
)  # fmt: skip

RULES: tuple[Rule, ...] = tuple(rule for rule in tuple(globals().values()) if isinstance(rule, Rule))
"""Every rule of this catalogue."""
