"""The theme's CSS becomes style attributes (premailer), without network, files or global state left behind."""

from __future__ import annotations

from xml.dom import DOMException

import lxml.html
import premailer
from cssselect import SelectorError
from lxml.html import HtmlElement

from kanfa.errors import RenderError
from kanfa.findings import Finding
from kanfa.inlining import css_library
from kanfa.wechat.rules.advice import LIBRARY

PRESENTATION = ["align", "valign", "bgcolor", "width", "height"]
"""HTML attributes that premailer would add for old mail programs; here they only cost characters."""


def inline_css(article: HtmlElement, css: str) -> tuple[HtmlElement, list[Finding]]:
    """Write `css` into style attributes of `article`; returns the article and what the library complained about.

    Pseudo-elements and media queries cannot be inlined and are left out by premailer; `!important` counts
    within the cascade only. Raises RenderError for CSS that cannot be parsed at all.
    """
    page = lxml.html.Element("html")
    page.append(article)
    with css_library() as messages:
        try:
            premailer.Premailer(
                css_text=css,
                keep_style_tags=False,
                remove_classes=False,  # the last transform does it: `inked` and `lean` come first
                disable_leftover_css=True,
                disable_basic_attributes=PRESENTATION,
                disable_validation=True,  # cssutils knows CSS 2.1; the checks judge values
                align_floating_images=False,
                cache_css_parsing=False,  # a cached sheet would complain only once per process
                allow_network=False,
                allow_loading_external_files=False,
            ).transform(page)
        except (DOMException, SelectorError) as error:
            raise RenderError("wechat", f"the theme's CSS cannot be read: {error}") from None
    return article, [LIBRARY.at(1, "{message}", message=message) for message in dict.fromkeys(messages)]
