"""Rules on what mail programs support: EML100–EML103. How much each program matters is the publication's choice."""

from __future__ import annotations

from typing import Final

from kanfa.email.clients.table import table
from kanfa.findings import Rule, Severity

SOURCE: Final = f"caniemail.com, data of {table().edition}"

CLIENT_REQUIRED: Final = Rule(
    "EML100", "client-required", Severity.ERROR,
    "a mail program that this newsletter must work in does not show this",
    SOURCE, "do without it; or weigh that program less in [email.clients] of kanfa.toml",
)  # fmt: skip
CLIENT_WANTED: Final = Rule(
    "EML101", "client-wanted", Severity.WARNING,
    "a mail program that this newsletter should work in does not show this, or a required one only in part",
    SOURCE, "do without it, or see to it that nothing is lost there; [email.clients] of kanfa.toml weighs programs",
)  # fmt: skip
CLIENT_NOTED: Final = Rule(
    "EML102", "client-noted", Severity.INFO,
    "some mail programs do not show this; nothing a reader needs is lost with it, or few use them",
    SOURCE, "nothing; or do without it; [email.clients] of kanfa.toml weighs programs",
)  # fmt: skip
INVERTED_CONTRAST: Final = Rule(
    "EML103", "inverted-contrast", Severity.WARNING,
    "some programs turn all colours round at night and ask nobody; text must stay readable then",
    "own estimate: lightness turned round, contrast of 3:1 (WCAG 2.2 1.4.3, large text)",
    "choose a colour that is further from its background in lightness, in theme.css or tokens.toml",
)  # fmt: skip

RULES: Final = (CLIENT_REQUIRED, CLIENT_WANTED, CLIENT_NOTED, INVERTED_CONTRAST)
"""By id."""
