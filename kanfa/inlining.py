"""One door to cssutils, the parser behind premailer.

It has one logger and is not safe for threads, and flows render formats side by side.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ALONE = threading.Lock()


class _Collector(logging.Handler):
    """Keeps messages of warnings and worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def css_library() -> Iterator[list[str]]:
    """Use premailer or cssutils inside; yields what the library complains about, which nobody else hears.

    The library's logger is put back afterwards, and no other thread uses it meanwhile.
    """
    collector = _Collector()
    log = logging.getLogger("CSSUTILS")
    with _ALONE:
        before, propagated, level = log.handlers[:], log.propagate, log.level
        log.handlers, log.propagate = [collector], False
        try:
            yield collector.messages
        finally:
            log.handlers, log.propagate = before, propagated
            log.setLevel(level)
