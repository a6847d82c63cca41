"""One door to premailer and to cssutils, the parser behind it.

cssutils has one logger and is not safe for threads, and flows render formats side by side.
"""

from __future__ import annotations

import importlib
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_ALONE = threading.Lock()


class _Collector(logging.Handler):
    """Keeps messages of warnings and worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def premailer_library() -> Any:
    """The module `premailer`, imported without `requests`, which it needs for style sheets from the network alone.

    That library takes a tenth of the time of a whole `kanfa render`. It is loaded when premailer asks it for anything.
    """
    with _ALONE:
        if "premailer" in sys.modules or "requests" in sys.modules:
            return importlib.import_module("premailer")
        promise = ModuleType("requests")
        promise.__getattr__ = lambda name: getattr(importlib.import_module("requests"), name)  # type: ignore[method-assign]
        sys.modules["requests"] = promise
        try:
            return importlib.import_module("premailer")
        finally:
            del sys.modules["requests"]  # anybody else gets the library itself


class _NoProfiles:
    """In place of cssutils' tables of valid values: knows no property, so that no value is compared with a table."""

    knownNames = frozenset[str]()  # noqa: N815 - cssutils' name


@contextmanager
def css_library(validate: bool = True) -> Iterator[list[str]]:
    """Use premailer or cssutils inside; yields what the library complains about, which nobody else hears.

    The library's logger is put back afterwards, and no other thread uses it meanwhile. Without `validate` it does not
    complain about values: it would compile hundreds of patterns to judge them by CSS 2.1.
    """
    import cssutils

    collector = _Collector()
    log = logging.getLogger("CSSUTILS")
    with _ALONE:
        before, propagated, level = log.handlers[:], log.propagate, log.level
        log.handlers, log.propagate = [collector], False
        profile = cssutils.profile
        if not validate:
            cssutils.profile = _NoProfiles()
        try:
            yield collector.messages
        finally:
            cssutils.profile = profile
            log.handlers, log.propagate = before, propagated
            log.setLevel(level)
