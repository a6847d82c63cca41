"""Rules for the length of a mail: EML140–EML149. Which section weighs what, and where a mail was cut."""

from __future__ import annotations

from typing import Final

from kanfa.findings import Rule, Severity

CUT: Final = Rule(
    "EML140", "mail-cut", Severity.WARNING,
    "the issue is longer than Gmail shows, so kanfa.toml has the mail end early; the page on the web holds all of it",
    "house rule: a long mail ends at a section, never in the middle of a tag",
    "put what matters most first, or shorten the issue until all of it fits",
)  # fmt: skip
CUT_WITHOUT_ADDRESS: Final = Rule(
    "EML141", "cut-without-address", Severity.ERROR,
    "a mail that ends early must lead to the rest, and this publication has no public address",
    "RFC 2606 2: nothing answers under .invalid",
    'set url in kanfa.toml to where the issues can be read, or too_long = "refuse" and shorten the issue',
)  # fmt: skip
CUT_IMPOSSIBLE: Final = Rule(
    "EML142", "cut-impossible", Severity.ERROR,
    "not even the first passage fits into what Gmail shows, so there is no place to cut",
    "house rule: a passage is kept whole or left to the web page",
    "split this table, list item or block of code, or link to it",
)  # fmt: skip
SECTION_SIZES: Final = Rule(
    "EML143", "section-sizes", Severity.INFO,
    "from 60 % of what Gmail shows an editor wants to know which section weighs what",
    "own measurement; Gmail's cut is common experience",
    "nothing to do below the limit; above it shorten the first section that is named",
)  # fmt: skip
LEAVE_OUT: Final = Rule(
    "EML144", "what-to-leave-out", Severity.INFO,
    "which sections, left out, bring the mail back under the limit",
    "own measurement",
    'move them to the next issue, or set [email] too_long = "cut" in kanfa.toml so that the mail ends early',
)  # fmt: skip
RULES: Final = (CUT, CUT_WITHOUT_ADDRESS, CUT_IMPOSSIBLE, SECTION_SIZES, LEAVE_OUT)
