"""Hints on what spam filters look at: EML130–EML134. No filter publishes its scores; these are what is widely known."""

from __future__ import annotations

from typing import Final

from kanfa.findings import Rule, Severity

W, INFO = Severity.WARNING, Severity.INFO

SHOUTING: Final = Rule(
    "EML130", "shouting-subject", W, "a subject in capitals or with many exclamation marks looks like advertising",
    "SpamAssassin: SUBJ_ALL_CAPS, PLING_PLING", "write the title as a sentence",
)  # fmt: skip
SALES_WORDS: Final = Rule(
    "EML131", "sales-words", INFO, "filters know some words from unwanted advertising; in a subject they weigh most",
    "SpamAssassin: subject tests; vendors' guides of Chinese mail services", "nothing; or say it in other words",
)  # fmt: skip
LONG_SUBJECT: Final = Rule(
    "EML132", "long-subject", W, "inboxes show about 40 Chinese characters of a subject, phones fewer",
    "common practice", "shorten the title; what matters comes first",
)  # fmt: skip
ADVERTISING: Final = Rule(
    "EML133", "advertising-unmarked", INFO, "in China the subject of mail with advertising starts with “广告” or “AD”",
    "互联网电子邮件服务管理办法, Art. 13", 'if that means this issue, set subject_prefix in [email] of kanfa.toml',
)  # fmt: skip
HIDDEN_TEXT: Final = Rule(
    "EML134", "hidden-text", W, "text that readers cannot see is what filters look for; only the preview may be hidden",
    "SpamAssassin: HTML_FONT_LOW_CONTRAST and tests of hidden text", "show the text, or leave it out",
)  # fmt: skip

RULES: Final = (SHOUTING, SALES_WORDS, LONG_SUBJECT, ADVERTISING, HIDDEN_TEXT)
"""By id."""
