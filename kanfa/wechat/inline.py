"""The theme's CSS becomes style attributes (premailer), without network, files or global state left behind."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from xml.dom import DOMException

import lxml.html
import premailer
from cssselect import SelectorError
from lxml.html import HtmlElement

from kanfa.errors import RenderError
from kanfa.findings import Finding
from kanfa.wechat.rules.advice import LIBRARY

PRESENTATION = ["align", "valign", "bgcolor", "width", "height"]
"""HTML attributes that premailer would add for old mail programs; here they only cost characters."""


_ALONE = threading.Lock()
"""cssutils has one logger and is not safe for threads; flows run formats side by side."""


class _Collector(logging.Handler):
    """Keeps messages of warnings and worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[_Collector]:
    """cssutils' one logger with our handler in place of its own, put back afterwards."""
    collector = _Collector()
    log = logging.getLogger("CSSUTILS")
    before, propagated = log.handlers[:], log.propagate
    log.handlers, log.propagate = [collector], False
    try:
        yield collector
    finally:
        log.handlers, log.propagate = before, propagated


def inline_css(article: HtmlElement, css: str) -> tuple[HtmlElement, list[Finding]]:
    """Write `css` into style attributes of `article`; returns the article and what the library complained about.

    Pseudo-elements and media queries cannot be inlined and are left out by premailer; `!important` counts
    within the cascade only. Raises RenderError for CSS that cannot be parsed at all.
    """
    page = lxml.html.Element("html")
    page.append(article)
    with _ALONE, _listening() as heard:
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
    return article, [LIBRARY.at(1, message) for message in dict.fromkeys(heard.messages)]
