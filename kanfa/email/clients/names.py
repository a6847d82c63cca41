"""How a feature of caniemail.com is recognised: from its title to keys such as `property float` or `tag wbr`.

Used when the table is reduced, so that a check only looks keys up. The kinds of keys are those of `detect`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ODD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # several properties, or words that are no property's name
        "css-block-inline-size": ("property block-size",),  # inline-size has an entry of its own
        "css-border-inline-block": ("property border-inline", "property border-block"),
        "css-border-inline-block-individual": (
            "property border-block-end", "property border-block-start",
            "property border-inline-end", "property border-inline-start",
        ),
        "css-border-inline-block-longhand": tuple(
            f"property border-{axis}-{part}" for axis in ("block", "inline") for part in ("color", "style", "width")
        ),
        "css-border-radius": (
            "property border-radius", "property border-top-left-radius", "property border-top-right-radius",
            "property border-bottom-left-radius", "property border-bottom-right-radius",
        ),
        "css-border-radius-logical": tuple(
            f"property border-{one}-{other}-radius" for one in ("start", "end") for other in ("start", "end")
        ),
        "css-column-layout-properties": tuple(
            f"property {name}"
            for name in (
                "column-fill", "column-rule", "column-rule-color", "column-rule-style", "column-rule-width",
                "column-span", "column-width", "columns",
            )
        ),
        "css-color-scheme": ("property color-scheme",),
        "css-gap": ("property gap", "property row-gap", "property column-gap"),
        "css-grid-template": tuple(f"property grid-template{end}" for end in ("", "-areas", "-columns", "-rows")),
        "css-left-right-top-bottom": tuple(f"property {side}" for side in ("left", "right", "top", "bottom")),
        "css-margin-block-start-end": ("property margin-block-start", "property margin-block-end"),
        "css-margin-inline-block": ("property margin-inline", "property margin-block"),
        "css-margin-inline-start-end": ("property margin-inline-start", "property margin-inline-end"),
        "css-padding-block-start-end": ("property padding-block-start", "property padding-block-end"),
        "css-padding-inline-block": ("property padding-inline", "property padding-block"),
        "css-padding-inline-start-end": ("property padding-inline-start", "property padding-inline-end"),
        "css-scroll-snap": ("property scroll-snap-type", "property scroll-snap-align", "property scroll-snap-stop"),
        "css-overflow": ("property overflow", "property overflow-x", "property overflow-y"),
        "css-animation": tuple(
            f"property animation{end}" for end in ("", "-name", "-duration", "-delay", "-iteration-count")
        ),
        "css-transition": tuple(f"property transition{end}" for end in ("", "-property", "-duration", "-delay")),
        "css-outline": tuple(f"property outline{end}" for end in ("", "-color", "-style", "-width")),
        "css-text-emphasis": tuple(f"property text-emphasis{end}" for end in ("", "-color", "-style")),
        "css-display-flex": ("value display flex", "value display inline-flex"),
        "css-display-grid": ("value display grid", "value display inline-grid"),
        "css-display-none": ("value display none",),
        "css-flex-direction": ("value flex-direction column", "value flex-direction column-reverse"),
        "css-flex-wrap": ("value flex-wrap wrap",),
        # words, functions and units within values
        "css-important": ("word !important",),
        "css-intrinsic-size": ("word fit-content", "word min-content", "word max-content"),
        "css-modern-color": ("function lch", "function oklch", "function lab", "function oklab"),
        "css-sytem-ui": tuple(f"word {name}" for name in ("system-ui", "ui-serif", "ui-sans-serif", "ui-monospace")),
        "css-unit-calc": ("function calc",),
        "css-unit-initial": ("word initial",),
        "css-variables": ("function var", "property --"),
        # style sheets
        "css-at-media-device-pixel-ratio": ("media -webkit-min-device-pixel-ratio", "media -webkit-device-pixel-ratio"),
        "css-at-media-hover": ("media hover", "media any-hover"),
        "css-at-media-orientation": ("media orientation",),
        "css-at-media-prefers-color-scheme": ("media prefers-color-scheme",),
        "css-at-media-prefers-reduced-motion": ("media prefers-reduced-motion",),
        "css-comments": ("comment css",),
        "css-nesting": ("nesting css",),
        "css-pseudo-class-lang": ("pseudo lang",),
        # elements and attributes
        "css-inert-attribute": ("attribute inert",),
        "html-address": ("tag address",),
        "html-anchor-links": ("link fragment",),
        "html-base": ("tag base",),
        "html-doctype": (),  # rule EML001 asks for it
        "html-h1-h6": tuple(f"tag h{level}" for level in range(1, 7)),
        "html-image-maps": ("tag map",),
        "html-lists": ("tag ul", "tag ol", "tag dl"),
        "html-mailto-links": ("link mailto",),
        "html-meta-color-scheme": ('input meta name="color-scheme"',),
        "html-semantics": tuple(
            f"tag {tag}"
            for tag in (
                "article", "aside", "details", "figcaption", "figure", "footer", "header", "main", "mark", "nav",
                "section", "summary", "time",
            )
        ),
        "html-srcset": ("attribute srcset", "attribute sizes"),
        "html-comments": ("comment html",),
        "amp": ("attribute amp4email",),
        "bimi": (),  # a record of the sender's domain, nothing of a mail
        "image-apng": ("image apng",),
        "image-base64": ("image base64",),
        "image-heif": ("image heif", "image heic"),
        "image-jpg": ("image jpg", "image jpeg"),
        "image-tiff": ("image tiff", "image tif"),
    }
)  # fmt: skip
"""Features whose title does not say how they are recognised."""

_TITLES: Final = (
    (re.compile(r"@([a-z-]+)"), "at {}"),
    (re.compile(r"::?([a-z-]+)(?:\(\))?"), "pseudo {}"),
    (re.compile(r"([a-z-]+)\(\)"), "function {}"),
    (re.compile(r"([a-z%]+) unit"), "unit {}"),
    (re.compile(r'<((?:input|button) type="[a-z]+")> element'), "input {}"),
    (re.compile(r"<([a-z0-9]+)>(?: element)?"), "tag {}"),
    (re.compile(r"Embedded <(svg)> image"), "tag {}"),
    (re.compile(r"([a-z-]+) attribute"), "attribute {}"),
    (re.compile(r"([a-z-]+)(?: property| shorthand)? *"), "property {}"),
)
"""Titles as a whole, and the key that each makes; the first that fits counts."""

_SELECTORS: Final = "css-selector-"


def keys_of(slug: str, title: str, category: str) -> tuple[str, ...]:
    """The keys under which a feature is found in a mail; () for what is no matter of a mail's own bytes.

    Raises ValueError for a feature that nothing here recognises: new data then asks for a line in `ODD`.
    """
    if slug in ODD:
        return ODD[slug]
    if slug.startswith(_SELECTORS):
        return (f"selector {slug.removeprefix(_SELECTORS)}",)
    if category == "image":
        return (f"image {slug.removeprefix('image-')}",)
    for pattern, key in _TITLES:
        match = pattern.fullmatch(title)
        if match:
            kind = "function" if slug.startswith("css-function-") else ""
            return (f"{kind} {match[1]}" if kind else key.format(match[1]),)
    raise ValueError(f"{slug} (“{title}”): say in ODD how it is recognised")
