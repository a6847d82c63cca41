"""WeasyPrint behind one function: HTML, CSS, pictures and an attachment in, bytes and log records out.

Nothing is fetched from disk or network, every log record is kept, and every way in which the library
fails becomes a RenderError.
"""

from __future__ import annotations

import datetime
import logging
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote

from kanfa.errors import RenderError
from kanfa.pdf.finisher import finish
from kanfa.pdf.pictures import Picture

LOGGER = "weasyprint"
SCHEME = "asset:"
"""Scheme under which the HTML names its pictures."""

UNDATED = datetime.date(2000, 1, 1)
"""Date of the attachment of an issue without a date: PDF/A wants one, and the clock must not give it."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text that the edition carries as an attachment."""

    name: str
    text: str
    description: str
    date: datetime.date | None


@dataclass(frozen=True, slots=True)
class Typeset:
    """A finished file and what the engine said while it was made."""

    data: bytes
    records: tuple[logging.LogRecord, ...]


class _Keeper(logging.Handler):
    """Keeps the records of its own thread, from warnings upwards."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
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


def typeset(html: str, css: str, pictures: Mapping[str, Picture], source: Source | None) -> Typeset:
    """Lay out `html` with `css` and write the PDF/A-3a, PDF/UA-1 file.

    Pictures are addressed as `asset:` and their name. `check_environment` must have run. Raises
    RenderError when the library fails.
    """
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        """Serves the pictures handed over by the caller; reads no disk and no network."""

        def fetch(self, url: str, headers: object = None) -> object:
            picture = pictures.get(unquote(url.removeprefix(SCHEME))) if url.startswith(SCHEME) else None
            if picture is None:
                raise ValueError("only pictures of the issue may be used")
            return URLFetcherResponse(url, picture.data, {"Content-Type": picture.media_type})

    fetcher = AssetFetcher(allowed_protocols=(), allow_redirects=False, timeout=2, fail_on_errors=True)
    fonts = FontConfiguration()  # a new one for each render: sharing it corrupts the heap
    attachments = None
    if source is not None:
        date = source.date or UNDATED
        moment = datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
        attachments = [
            weasyprint.Attachment(
                string=source.text.encode(),
                name=source.name,
                description=source.description,
                relationship="Source",
                created=moment,
                modified=moment,
                url_fetcher=fetcher,
            )
        ]
    with kept_records() as records, warnings.catch_warnings():
        # WeasyPrint 70 leaves its own colour profile open; whoever turns warnings into errors would fail here
        warnings.filterwarnings("ignore", "unclosed file .*sRGB2014", ResourceWarning)
        try:
            style = weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher)
            data = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(
                stylesheets=[style],
                font_config=fonts,
                attachments=attachments,
                pdf_variant="pdf/a-3a",
                finisher=finish,
            )
        except FatalURLFetchingError as error:  # a BaseException: nothing else would catch it
            raise RenderError("pdf", f"a template asks for what the issue does not have: {error}") from None
        except (RecursionError, MemoryError) as error:
            raise RenderError("pdf", f"the issue is nested too deep or too large ({type(error).__name__})") from None
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError, OSError) as error:
            raise RenderError("pdf", f"WeasyPrint failed: {type(error).__name__}: {error}") from error
        return Typeset(data, tuple(records))
