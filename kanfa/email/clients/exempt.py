"""What is not reported although some client lacks it, or is reported more gently; each group with its reason.

Names are those of caniemail.com's pages. What the MJML engine writes stands in `kanfa.email.baseline`.
"""

from __future__ import annotations

from typing import Final

from kanfa.email.dom import names

FUNDAMENTAL: Final = (
    (
        "tables, text and pictures: without them there is no mail; what is partial is rare values of attributes",
        names(
            "html-align html-valign html-width html-height html-table html-cellpadding html-cellspacing html-p "
            "html-div html-span html-h1-h6 html-img html-strong html-blockquote html-hr html-pre html-code "
            "html-del html-strike html-small html-lists html-lang html-dir html-role html-body "
            "html-mailto-links image-png image-jpg image-gif html-background"
        ),
    ),
    (
        "font, colour, border and space: known everywhere; partial where units, shorthands or elements are rare ones",
        names(
            "css-background-color css-border css-border-collapse css-font css-font-size "
            "css-font-weight css-line-height css-margin css-padding css-width css-height "
            "css-max-width css-text-align css-text-decoration css-text-transform css-text-indent "
            "css-vertical-align css-display css-direction css-list-style-type css-rgb css-background "
            "css-letter-spacing"
        ),
    ),
    (
        "units of print and of the page: known everywhere",
        names("css-unit-px css-unit-percent css-unit-em css-unit-ex css-unit-pt css-unit-cm css-unit-mm css-unit-in"),
    ),
    (
        "style blocks as such: nothing of a mail may depend on them, which rule EML023 asks for; the parts of "
        "selectors are rule EML024's, !important is EML025's, nesting is EML021's",
        names(
            "html-style css-at-media css-important css-comments html-comments css-nesting css-selector-class "
            "css-selector-id css-selector-type css-selector-descendant css-selector-grouping "
            "css-selector-attribute css-selector-chaining css-selector-child css-selector-universal "
            "css-selector-adjacent-sibling css-selector-general-sibling"
        ),
    ),
    (
        "elements and attributes with a rule of their own: EML008, EML022, EML046, EML047, EML055, EML063, EML097, "
        "EML110",
        names(
            "html-audio html-video html-object html-form html-select html-textarea html-dialog "
            "html-base html-link html-picture html-svg html-button-reset html-button-submit "
            "html-input-checkbox html-input-hidden html-input-radio html-input-reset "
            "html-input-submit html-input-text css-at-import css-at-font-face image-svg image-avif "
            "image-heif image-ico image-base64 image-webp html-anchor-links "
            "html-semantics html-ruby html-rt html-rp html-srcset"
        ),
    ),
    (
        "said a second time, for programs that do not know word-break",
        names("css-overflow-wrap css-word-wrap"),
    ),
    (
        "hints that change nothing a reader would miss: a link opens all the same, the palette by day is whole",
        names("html-target html-meta-color-scheme css-color-scheme css-at-media-prefers-color-scheme"),
    ),
)
"""Reason and features that are never reported."""

GRACEFUL: Final = (
    (
        "decoration: corners are square, shadows and fine lines missing, nothing else",
        names(
            "css-border-radius css-border-radius-logical css-box-shadow css-text-shadow css-outline "
            "css-outline-offset css-text-decoration-color css-text-decoration-line "
            "css-text-decoration-style css-text-decoration-thickness css-text-decoration-skip-ink "
            "css-text-underline-offset css-text-underline-position css-accent-color css-list-style "
            "css-list-style-position css-caption-side css-rgba"
        ),
    ),
    (
        "setting of lines: they break elsewhere",
        names(
            "css-word-break css-hyphens css-hyphenate-character css-hyphenate-limit-chars "
            "css-text-wrap css-font-kerning css-font-stretch css-font-size-adjust css-text-justify "
            "css-text-align-last css-orphans css-widows css-tab-size css-sytem-ui html-wbr"
        ),
    ),
    (
        "answers to the pointer or the keyboard: the mail stands still",
        names(
            "css-pseudo-class-hover css-pseudo-class-active css-pseudo-class-focus "
            "css-pseudo-class-focus-visible css-pseudo-class-focus-within css-pseudo-class-visited "
            "css-pseudo-class-link css-transition css-cursor css-user-select css-at-media-hover "
            "css-at-media-prefers-reduced-motion"
        ),
    ),
    (
        "words about words: the text itself stays",
        names(
            "html-abbr html-acronym html-address html-bdi html-dfn html-aria-label html-aria-hidden "
            "html-aria-labelledby html-aria-describedby html-aria-live html-loading-attribute "
            "css-text-emphasis css-text-emphasis-position"
        ),
    ),
)
"""Reason and features that are a note at most, whoever lacks them, and nothing where only a style block has them."""

ENHANCING: Final = (
    (
        "boxes that scroll by themselves where a client can do that; elsewhere the table is as wide as the screen",
        names("css-min-width css-overflow"),
    ),
    (
        "formulas at night: whoever knows neither shows them on a light plate",
        names("css-filter css-mix-blend-mode"),
    ),
)
"""Reason and features that the shipped theme uses in style blocks alone, on top of a mail that is whole without."""

NAMED: Final = names(
    "css-position css-inset css-transform css-animation css-filter css-clip-path "
    "css-left-right-top-bottom css-variables css-modern-color css-float css-gap css-justify-content "
    "css-align-items css-flex-direction css-display-flex css-display-grid css-grid-template "
    "css-background-image css-object-fit css-list-style-image "
    "css-visibility css-z-index css-linear-gradient css-radial-gradient css-conic-gradient "
    "css-overflow css-text-overflow css-white-space css-opacity css-min-width css-min-height "
    "css-max-height css-border-spacing "
    "css-word-spacing css-unit-calc css-function-clamp css-function-min css-function-max css-unit-rem "
    "css-unit-ch css-unit-vw css-unit-vh"
)
"""Features that rules EML026–EML030 name, with a cure, when a client that the publication requires lacks them."""


def of(groups: tuple[tuple[str, frozenset[str]], ...]) -> frozenset[str]:
    """All features of some groups."""
    return frozenset().union(*(slugs for _, slugs in groups))
