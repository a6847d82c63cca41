"""The catalogue of findings about the constructs of the text: containers, formulas, code, ruby (ISS080–ISS089).

Ids never change.
"""

from __future__ import annotations

from kanfa.findings import Rule, Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_POLICY = "editorial policy"
_SYNTAX = "kanfa's list of containers"

CONTAINER_UNKNOWN = Rule(
    "ISS080", "container-unknown", _ERROR, "A container of this name does not exist; only what it holds is shown.",
    _SYNTAX, "Use note, tip, important, warning, caution, details, figure, qr, only or except; or write \\:::.",
)  # fmt: skip
CONTAINER_OPEN = Rule(
    "ISS081", "container-open", _ERROR, "A container that is never closed has no effect; what it holds is shown.",
    _SYNTAX, "Close it with a line of as many colons, in the same list item or quote; give an outer one more colons.",
)  # fmt: skip
CONTAINER_STRAY = Rule(
    "ISS082", "container-stray", _WARNING, "Colons that close no container stand in the text.", _SYNTAX,
    "Remove the line, or open a container before it with :::name.",
)  # fmt: skip
CONTAINER_CONTENT = Rule(
    "ISS083", "container-content", _ERROR, "A container without what it is made for cannot be set.", _SYNTAX,
    "Put one picture and its caption into :::figure, one link into :::qr, and text into the others.",
)  # fmt: skip
FORMAT_UNKNOWN = Rule(
    "ISS084", "format-unknown", _ERROR, "A passage for a format that does not exist reaches the wrong readers.",
    "entry points of the group kanfa.formats", "Name formats after :::only or :::except, e.g. :::only email pdf.",
)  # fmt: skip
ALERT_UNKNOWN = Rule(
    "ISS085", "alert-unknown", _WARNING, "Only five kinds of alert exist; of any other, readers see the mark.",
    "GitHub documentation, Basic writing and formatting syntax, Alerts",
    "Write [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] or [!CAUTION]; or escape it as \\[!.",
)  # fmt: skip
FORMULA = Rule(
    "ISS086", "formula", _ERROR, "A formula that cannot be set is shown as the TeX it is written in.",
    "ziamath, which sets the formulas", "Correct the TeX; or write \\$ where no formula is meant.",
)  # fmt: skip
CODE_LINES = Rule(
    "ISS087", "code-lines", _WARNING, "Lines to stress that the code does not have cannot be stressed.",
    "CommonMark 0.31 §4.5 (info string)", "Count the lines of the code from 1 and write them as {2,4-5}.",
)  # fmt: skip
RUBY_PARTS = Rule(
    "ISS088", "ruby-parts", _WARNING, "A reading stands beside its characters only when both are given, once.",
    "W3C clreq §4.3", "Write {字|zì}, or escape the brace as \\{.",
)  # fmt: skip
CONTAINER_PLACE = Rule(
    "ISS089", "container-place", _ERROR, "Within a line of text, as in a table cell, a container has no effect.",
    _SYNTAX, "Move the container out of the cell or the caption.",
)  # fmt: skip

RULES: tuple[Rule, ...] = tuple(rule for rule in tuple(globals().values()) if isinstance(rule, Rule))
"""Every rule about the constructs of the text."""
