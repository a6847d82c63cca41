"""What `kanfa import` decides about a foreign issue: each decision is a finding, so that nothing changes silently."""

from __future__ import annotations

from kanfa.findings import Rule, Severity

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_POLICY = "house rule: nothing silently dropped"
_FORMS = "own count of 4 400 published issues"

ENCODING = Rule(
    "IMP001", "import-encoding", _INFO, "An issue is UTF-8 with plain line ends.", "RFC 3629 (UTF-8)",
    "Nothing to do; look at one paragraph to see that the characters are right.",
)  # fmt: skip
FRONT_MATTER = Rule(
    "IMP002", "import-front-matter", _INFO, "An issue begins with YAML between two lines of `---`.", _FORMS,
    "Read the new front matter once.",
)  # fmt: skip
FRONT_MATTER_REPAIRED = Rule(
    "IMP003", "import-front-matter-repaired", _WARNING, "The foreign front matter could not be read as it stands.",
    _FORMS, "Compare the new front matter with the old one.",
)  # fmt: skip
FIELD_KEPT = Rule(
    "IMP004", "import-field-kept", _INFO, "A field that an issue does not know is kept as a comment.", _POLICY,
    "Move what it says to a field that is used, or delete the comment.",
)  # fmt: skip
NUMBER_GIVEN = Rule(
    "IMP005", "import-number", _INFO, "An issue of a publication has a number, and its folder is named after it.",
    _FORMS, "Import with `--number N` if another number is right.",
)  # fmt: skip
TITLE_MOVED = Rule(
    "IMP006", "import-title", _INFO, "The title stands in the front matter.", _FORMS, "Read the title once.",
)  # fmt: skip
HEADINGS_MOVED = Rule(
    "IMP007", "import-headings", _INFO, "Sections are headings of level 2: level 1 is the title.", _FORMS,
    "Nothing to do.",
)  # fmt: skip
SHORTCODE = Rule(
    "IMP008", "import-shortcode", _INFO, "Tags of a site generator mean nothing outside that generator.",
    "Hugo and Jekyll documentation", "Look at the place once.",
)  # fmt: skip
SHORTCODE_LEFT = Rule(
    "IMP009", "import-shortcode-left", _WARNING, "A tag of a site generator would be printed as it is written.",
    "Hugo and Jekyll documentation", "Write by hand what the tag stood for, or delete it.",
)  # fmt: skip
PICTURE_COPIED = Rule(
    "IMP010", "import-picture", _INFO, "Pictures of an issue lie beside it.", _POLICY, "Nothing to do.",
)  # fmt: skip
PICTURE_MISSING = Rule(
    "IMP011", "import-picture-missing", _WARNING, "A picture that is not beside the issue cannot be shown.", _POLICY,
    "Put the file into the issue's folder and name it by a relative path.",
)  # fmt: skip
LINK_RESOLVED = Rule(
    "IMP012", "import-link", _INFO, "A relative address leads nowhere in a mail.", "RFC 3986 §5",
    "Open the link once.",
)  # fmt: skip
TEXT_LOST = Rule(
    "IMP013", "import-lost", _ERROR, "Every word, link and picture of the foreign issue stands in the new one.",
    _POLICY, "Do not trust this import; copy the passage by hand and report the file.",
)  # fmt: skip
LANGUAGE_GUESSED = Rule(
    "IMP014", "import-language", _INFO, "The words that a format adds are in the language of the issue.",
    "W3C, Language tags in HTML and XML", "Mend `language:` if the guess is wrong.",
)  # fmt: skip
RULES = (
    ENCODING, FRONT_MATTER, FRONT_MATTER_REPAIRED, FIELD_KEPT, NUMBER_GIVEN, TITLE_MOVED, HEADINGS_MOVED, SHORTCODE,
    SHORTCODE_LEFT, PICTURE_COPIED, PICTURE_MISSING, LINK_RESOLVED, TEXT_LOST,
    LANGUAGE_GUESSED,
)  # fmt: skip
