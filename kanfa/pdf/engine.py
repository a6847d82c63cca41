"""WeasyPrint behind one function: HTML, CSS, pictures and an attachment in, bytes and log records out.

Nothing is fetched from disk or network, every log record is kept, and every way in which the library
fails becomes a RenderError. What it cannot guard against by itself, endless time and memory, is the
business of `kanfa.pdf.worker`, which runs this function in a process that can be killed.
"""

from __future__ import annotations

import datetime
import gc
import logging
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kanfa.errors import RenderError
from kanfa.formats import UNDATED
from kanfa.pdf.fetcher import SCHEME, STYLE_BASE, Picture, Shelf, fetcher
from kanfa.pdf.finisher import finish
from kanfa.pdf.limits import ENGINE, POINTS_PER_MM

__all__ = ["SCHEME", "UNDATED", "Job", "Source", "Typeset", "kept_records", "typeset"]

LOGGER = "weasyprint"
PIXELS_PER_MM = 96 / 25.4
"""CSS pixels, in which the engine measures its pages."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text that the edition carries as an attachment."""

    name: str
    text: str
    description: str
    date: datetime.date | None


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that one file is made of: equal jobs give equal bytes."""

    html: str
    css: str
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    """The issue's pictures by name; the HTML addresses them as `asset:` and that name."""
    sources: tuple[Source, ...] = ()
    """What the edition was made from."""
    files: Mapping[str, Picture] = field(default_factory=dict)
    """The template's own pictures and styles by their names below templates/pdf."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """A finished file and what the engine said while it was made."""

    data: bytes
    records: tuple[logging.LogRecord, ...]


class _Keeper(logging.Handler):
    """Keeps the records of its own thread, from warnings upwards, and no more than anyone would read."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread and len(self.records) < ENGINE.records:
            self.records.append(record)


@contextmanager
def kept_records() -> Iterator[list[logging.LogRecord]]:
    """What WeasyPrint logs meanwhile in this thread, whatever level the program has set."""
    logger = logging.getLogger(LOGGER)
    keeper, level = _Keeper(), logger.level
    logger.addHandler(keeper)
    logger.setLevel(min(logger.getEffectiveLevel(), logging.WARNING))
    try:
        yield keeper.records
    finally:
        logger.setLevel(level)
        logger.removeHandler(keeper)


def typeset(job: Job) -> Typeset:
    """Lay out a job and write the PDF/A-3a, PDF/UA-1 file, in this process.

    `check_environment` must have run. Raises RenderError when the job passes a limit or the library fails.
    """
    from weasyprint.urls import FatalURLFetchingError

    _check_sizes(job)
    shelf = Shelf(job.pictures, job.files)
    with kept_records() as records, warnings.catch_warnings(), _collector_at_rest():
        # WeasyPrint 70 leaves its own colour profile open; whoever turns warnings into errors would fail here
        warnings.filterwarnings("ignore", "unclosed file .*sRGB2014", ResourceWarning)
        try:
            return Typeset(_write(job, shelf), tuple(records))
        except RenderError:
            raise
        except FatalURLFetchingError as error:  # a BaseException: nothing else would catch it
            if not shelf.refused:
                cause = type(error.__cause__ or error).__name__
                raise RenderError("pdf", f"a style sheet imports itself, or is nested too deep ({cause})") from None
            words = f"a template asks for what the issue does not have: {shelf.refused[-1]} (put it into templates/pdf)"
            raise RenderError("pdf", words) from None
        except (RecursionError, MemoryError) as error:
            raise RenderError("pdf", f"the issue is nested too deep or too large ({type(error).__name__})") from None
        except Exception as error:  # whatever a style sheet may bring about in the library
            words = " ".join(f"{type(error).__name__}: {error}".split())
            raise RenderError("pdf", f"WeasyPrint failed: {words[: ENGINE.message]}") from error


def _write(job: Job, shelf: Shelf) -> bytes:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    serve = fetcher(shelf)
    fonts = FontConfiguration()  # a new one for each render: sharing it corrupts the heap
    style = weasyprint.CSS(string=job.css, base_url=STYLE_BASE, font_config=fonts, url_fetcher=serve)
    document = weasyprint.HTML(string=job.html, url_fetcher=serve)
    _check_tree(document.etree_element)
    options = {"pdf_variant": "pdf/a-3a", "attachments": _attachments(job.sources, serve)}
    pages = document.render(font_config=fonts, stylesheets=[style], **options)
    _check_pages(pages.pages)
    data: bytes = pages.write_pdf(finisher=finish, **options)
    return data


def _attachments(sources: Iterable[Source], serve: Any) -> list[Any]:
    """The issue's own text and tree, dated like the issue: the library would take the clock."""
    import weasyprint

    found = []
    for source in sorted(sources, key=lambda one: one.name):  # a name tree is sorted (ISO 32000-1, 7.9.6)
        date = source.date or UNDATED
        moment = datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
        found.append(
            weasyprint.Attachment(
                string=source.text.encode(),
                name=source.name,
                description=source.description,
                relationship="Source",
                created=moment,
                modified=moment,
                url_fetcher=serve,
            )
        )
    return found


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Python's cycle collector walks every box of a document in vain, again and again, while it is being made."""
    thresholds = gc.get_threshold()
    gc.set_threshold(ENGINE.collected_every, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _check_sizes(job: Job) -> None:
    """What is too large to be parsed within reason."""
    for name, text, most in (("HTML", job.html, ENGINE.html), ("style sheet", job.css, ENGINE.css)):
        if len(text) > most:
            raise RenderError("pdf", f"the {name} has {len(text):,} characters, at most {most:,} are set")


def _check_tree(root: Any) -> None:
    """Depth, number and spans of the elements: the engine recurses into the first and never ends with the others."""
    count = 0
    level = [root]
    depth = 0
    while level:
        depth += 1
        count += len(level)
        if depth > ENGINE.depth:
            raise RenderError("pdf", f"the HTML is nested too deep: more than {ENGINE.depth} elements in each other")
        if count > ENGINE.elements:
            raise RenderError("pdf", f"the HTML has more than {ENGINE.elements:,} elements")
        for element in level:
            _check_spans(element)
        level = [child for element in level for child in element]


def _check_spans(element: Any) -> None:
    for name in ("colspan", "rowspan"):
        value = str(element.get(name) or "").strip()
        if value.isdecimal() and (len(value) > 4 or int(value) > ENGINE.most_span):
            raise RenderError("pdf", f"the HTML has a {name} of {value[:20]}, at most {ENGINE.most_span} are set")


def _check_pages(pages: list[Any]) -> None:
    most = ENGINE.page_side
    for number, page in enumerate(pages, start=1):
        for side in (page.width, page.height):
            if side / PIXELS_PER_MM > most:
                words = f"page {number} is {side / PIXELS_PER_MM:,.0f} mm long or wide, a PDF page at most {most:,.0f}"
                raise RenderError("pdf", words)
            if side * POINTS_PER_MM / PIXELS_PER_MM < ENGINE.page_least:
                raise RenderError("pdf", f"page {number} is too small to be a page of a PDF")
