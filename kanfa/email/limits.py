"""Every number of the e-mail channel, each with its source; renderer and checks share them."""

from __future__ import annotations

from typing import Final

BODY_WIDTH: Final = 600
"""Width of the mail in CSS pixels: the usual measure that every desktop preview shows whole."""

CONTENT_WIDTH: Final = 536
"""Widest picture in the text, CSS pixels: BODY_WIDTH less 32 px of padding on either side."""

MAX_NESTING: Final = 100
"""Deepest element of the MJML; the engine dies of some 60,000 levels (own count, mrml 6.0.1)."""

MAX_NODE_DEPTH: Final = 16
"""Nested lists, quotes and spans shown as such; one level makes at most five elements, so MAX_NESTING holds."""

MAX_MJML_CHARS: Final = 2_000_000
"""Largest MJML that is handed to the engine, in characters: twenty times what Gmail would show."""

GMAIL_CLIP_BYTES: Final = 104_448
"""Gmail cuts a longer HTML part ("view entire message"), UTF-8 bytes after decoding. Source: common experience."""

GMAIL_WARN_BYTES: Final = 90_000
"""UTF-8 bytes of HTML from which the editor is told how near the cut is."""

SIZES_SHOWN_BYTES: Final = GMAIL_CLIP_BYTES * 6 // 10
"""UTF-8 bytes of HTML from which the editor is told what each section takes."""

SIZES_NAMED: Final = 8
"""Sections that such a note names, the largest first."""

ENCODED_WARN_BYTES: Final = 102 * 1024
"""Bytes of the base64 part: one source says that Gmail counts these."""

STYLE_BYTES: Final = 16_384
"""All style blocks together, UTF-8 bytes; Gmail drops the block that crosses it. Source: Gmail CSS support page."""

CHARSET_WITHIN_BYTES: Final = 1_024
"""The charset declaration must stand within these first bytes. Source: HTML Living Standard, 4.2.5.4."""

LINE_OCTETS: Final = 998
"""Longest line of a message without its line end. Source: RFC 5322, 2.1.1."""

ENCODED_LINE_OCTETS: Final = 76
"""Longest line of a base64 body. Source: RFC 2045, 6.8."""

ENCODED_WORD_CHARS: Final = 75
"""Longest encoded word of a header. Source: RFC 2047, 2."""

TOKEN_CHARS: Final = 64
"""Longest value that delivery puts in place of a subscriber's token; sizes are judged with it."""

IMAGE_BYTES: Final = 200 * 1024
"""One picture above this loads slowly on a phone. Source: common practice."""

IMAGES_BYTES: Final = 1024 * 1024
"""All pictures of one mail together."""

IMAGE_COUNT: Final = 20
"""Pictures in one mail."""

ALT_CHARS: Final = 125
"""Longest alt text that screen readers speak in one go. Source: common practice."""

HREF_WARN_CHARS: Final = 250
"""Chinese mail systems cut addresses at 255 characters. Source: vendors' guides."""

HREF_CHARS: Final = 2_000
"""Longest address that every browser takes."""

LINK_COUNT: Final = 100
"""Different addresses in one mail from which filters grow suspicious."""

TOKEN_RUN: Final = 40
"""Characters without a place to break that still fit a line of a 320 px screen."""

TEXT_PX: Final = 16
"""Size of running text: what 1 em of a formula is."""

PHONE_WIDTH: Final = 335
"""Room for text on a phone: 375 px less 20 px of padding on either side."""

FORMULA_EM: Final = 28
"""Widest formula that a phone shows with letters of 12 px: PHONE_WIDTH / TEXT_MIN_PX."""

LONG_CODE_LINES: Final = 40
"""Code of more lines loses its colours first when a mail grows beyond GMAIL_WARN_BYTES: a token costs some 60 bytes."""

TABLE_COLUMNS: Final = 6
"""Columns of a data table that a phone of 375 px shows with some three Chinese characters in each."""

TABLE_NESTING: Final = 8
"""Layout tables within one another that Outlook still draws well."""

TEXT_MIN_PX: Final = 12
"""Smallest text anywhere."""

BODY_TEXT_MIN_PX: Final = 14
"""Smallest body text."""

CONTRAST: Final = 4.5
"""Least contrast of text. Source: WCAG 2.2, 1.4.3 (AA)."""

CONTRAST_LARGE: Final = 3.0
"""Least contrast of text from 24 px, or from 18.66 px in bold. Source: WCAG 2.2, 1.4.3 (AA)."""

CONTRAST_INVERTED: Final = 3.0
"""Least contrast of text whose colours a program has turned round: what large text needs, as the method is a guess."""

PREHEADER_UNITS: Final = (20, 50)
"""Length of a preheader that phones show whole: an East Asian character counts 1, any other a half, so that
20 to 50 Chinese or 40 to 100 Latin characters fit."""

PREHEADER_FILLERS: Final = 60
"""Invisible pairs after the preheader, so that a preview shows nothing of the masthead; at most 90."""

LINE_HEIGHTS: Final = (1.6, 1.8)
"""Line height of running Chinese text, as a multiple of its size. Source: usual measure of Chinese typesetting."""

OUTLOOK_BORDER_PX: Final = 8
"""Widest border that Outlook for Windows draws as it is. Source: common practice."""

FILLERS_MOST: Final = 90
"""Invisible pairs after the preheader from which some programs show it cut. Source: own policy."""

SUBJECT_UNITS: Final = 40
"""Longest subject that inboxes show whole, in Chinese characters; any other character counts a half."""

LOGO_PIXELS: Final = 4_000_000
"""Larger pictures are photographs, and are not looked through for dark ink on a transparent ground."""

LOGO_SIDE: Final = 64
"""Side in pixels to which a picture is shrunk before its ink is looked at."""
