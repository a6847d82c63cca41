"""Rules on details of markup, pictures and preheader: EML110–EML122."""

from __future__ import annotations

from typing import Final

from kanfa.findings import Rule, Severity

W, INFO = Severity.WARNING, Severity.INFO
THEME: Final = "correct templates/email/theme.css"

SRCSET: Final = Rule(
    "EML110", "srcset", W, "few mail programs choose among several pictures, and some show none of them",
    "caniemail.com: srcset and sizes", "give one picture with src",
)  # fmt: skip
ENCODED_LINE: Final = Rule(
    "EML111", "encoded-line", W, "lines of an encoded body have at most 76 characters",
    "RFC 2045 6.7 and 6.8", "leave email.eml to the renderer",
)  # fmt: skip
MEASURE: Final = Rule(
    "EML112", "measure", W,
    "Outlook for Windows takes whole pixels and per cent only, and centres a table by align=center, not by its margin",
    "caniemail.com: width, margin; common practice", THEME,
)  # fmt: skip
HIDDEN_IN_OUTLOOK: Final = Rule(
    "EML113", "hidden-in-outlook", W, "Outlook for Windows shows what display:none hides unless mso-hide:all is there",
    "common practice", "write display:none;mso-hide:all",
)  # fmt: skip
LINE_RATIO: Final = Rule(
    "EML114", "line-ratio", W, "lines of Chinese text stand 1.6 to 1.8 times their size apart",
    "own policy; usual measure of Chinese typesetting", "set line-height of the text in theme.css",
)  # fmt: skip
OUTLOOK_BORDER: Final = Rule(
    "EML115", "outlook-border", INFO, "Outlook for Windows draws no border wider than 8 px",
    "common practice", "use a coloured cell for a wide bar",
)  # fmt: skip
GIF_START: Final = Rule(
    "EML116", "gif-start", W, "Outlook for Windows shows the first frame of a moving picture only; this one is empty",
    "caniemail.com: image-gif", "let the picture begin with a frame that says something",
)  # fmt: skip
TRACKER: Final = Rule(
    "EML117", "tracker", Severity.ERROR, "the web version follows nobody: no script, no frame, no counting dot",
    "own policy", "take the element out of templates/email/web.html.j2",
)  # fmt: skip
VAGUE_LINK: Final = Rule(
    "EML118", "vague-link", W, "read out in a list of links, such words say nothing about where they lead",
    "WCAG 2.2 2.4.4 and 2.4.9", "let the link be the title of what it leads to",
)  # fmt: skip
EMOJI_HEADING: Final = Rule(
    "EML119", "emoji-heading", W, "a heading of pictographs alone is read out as their names, or not at all",
    "WCAG 2.2 2.4.6", "write words beside the pictograph",
)  # fmt: skip
DARK_INK: Final = Rule(
    "EML120", "dark-ink", W, "dark ink on a transparent ground vanishes where the mail is dark",
    "common practice; contrast of 3:1, WCAG 2.2 1.4.11", "give the picture a light ground",
)  # fmt: skip
FILLER: Final = Rule(
    "EML121", "preheader-filler", INFO, "filler keeps the masthead out of previews; more than 90 pairs gain nothing",
    "own policy", "leave the filler to the renderer, in the HTML only",
)  # fmt: skip
BACKGROUND: Final = Rule(
    "EML122", "background-shorthand", W, "some programs drop a background that is not called background-color",
    "caniemail.com: background", "write background-color, in theme.css",
)  # fmt: skip

RULES: Final = (
    SRCSET, ENCODED_LINE, MEASURE, HIDDEN_IN_OUTLOOK, LINE_RATIO, OUTLOOK_BORDER, GIF_START, TRACKER, VAGUE_LINK,
    EMOJI_HEADING, DARK_INK, FILLER, BACKGROUND,
)  # fmt: skip
"""By id."""
