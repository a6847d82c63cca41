"""The HTML of each construct, from a file that a designer can replace: `templates/email/parts/*.html.j2`.

The built-in parts are tested; a publication's own may be wrong. So what those wrote is remembered, and when the
mail turns out to be no well-formed markup, the part at fault is found by its output.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lxml import etree
from markupsafe import Markup

from kanfa.email.boxes import LAYOUT
from kanfa.email.places import template_places
from kanfa.errors import RenderError
from kanfa.html import el
from kanfa.publication import Publication
from kanfa.templating import is_own, load_template

FORMAT = "email"
LAYOUT_ATTRIBUTES: Final = Markup(str(el("table", LAYOUT)).removeprefix("<table ").removesuffix("></table>"))  # noqa: S704 - from el
"""Attributes of tables that only place things, as templates write them: `<table {{ layout }}>`."""


class Parts:
    """The construct parts of one publication. Make one for each mail: it remembers what the own parts wrote."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._templates: dict[str, Callable[..., str]] = {}
        self._own: dict[str, bool] = {}
        self._written: list[tuple[str, str]] = []

    def write(self, name: str, **values: object) -> Markup:
        """The HTML of the part `name` (`callout`). Raises RenderError, with file and line, for a template's fault."""
        file = f"email/parts/{name}.html.j2"
        if name not in self._templates:
            self._templates[name] = load_template(self._publication, file)
            self._own[name] = is_own(self._publication, file)
        html = self._templates[name](layout=LAYOUT_ATTRIBUTES, **values)
        if self._own[name]:
            self._written.append((file, html))
        return Markup(html)  # noqa: S704 - the template escapes whatever is no markup

    def malformed(self) -> RenderError | None:
        """The first own part whose output is no well-formed markup by itself, as an error with its line."""
        # parts within parts are written first, so the first that fails is the one at fault
        for file, html in self._written:
            try:
                etree.fromstring(f"<part>{html}</part>")
            except etree.XMLSyntaxError as error:
                lines = html.split("\n")
                shown = lines[min(_opened(error), len(lines)) - 1]
                return self._error(file, f"its output is no well-formed markup: {error.msg}", shown)
        return None

    def _error(self, file: str, message: str, shown: str) -> RenderError:
        tag = shown.strip().partition(" ")[0].partition(">")[0]
        places = template_places(self._publication, shown, tag)
        where = next((place for place in places if place.startswith(f"templates/{file}")), f"templates/{file}")
        cure = "close every element where it began, and quote every value"
        return RenderError(FORMAT, f"{where}: {message}\n    {shown.strip()[:160]}\n    cure: {cure}")


def _opened(error: etree.XMLSyntaxError) -> int:
    """The 1-based line where the element began that is not closed, else the line of the fault."""
    # the parser says “Opening and ending tag mismatch: p line 2 and div”
    after = (error.msg or "").partition(" line ")[2].partition(" ")[0]
    return int(after) if after.isdecimal() and int(after) > 0 else error.lineno or 1
