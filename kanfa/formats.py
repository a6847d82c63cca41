"""What a format is, and how the engine finds the formats that are installed.

A format is one `Format` value, named by an entry point of the group `kanfa.formats`. It renders an
issue into an `Artifact`, checks that artifact by its own rules, and reads text, links and pictures back
out of it, so that parity can compare them with the tree. Nothing else in the engine knows its name.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kanfa import plugins
from kanfa.errors import UsageError
from kanfa.findings import Finding, Rule
from kanfa.issue.model import Issue
from kanfa.publication import Publication

if TYPE_CHECKING:  # an optional extra
    from kanfa.browser import Browser

GROUP = "kanfa.formats"

UNDATED = datetime.date(2000, 1, 1)
"""The day that stands in an artifact whose form demands one, for an issue without a date: the clock is never asked."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a format made of one issue."""

    format: str
    files: Mapping[str, bytes] = field(repr=False)
    """Every file by its name in the release, e.g. `email.html`, `images/cover.png`."""
    findings: tuple[Finding, ...] = ()
    """What the renderer itself had to say: each substitute it made, each log record of its library."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader can take out of one output, read back from its finished bytes."""

    output: str
    """The output's name, e.g. `email`, `text`, `pdf`, `wechat`."""
    text: str
    """All visible text in reading order. White space does not matter."""
    links: tuple[str, ...]
    """Addresses in reading order; with `each_link` one for every link, else each address at least once."""
    images: tuple[str, ...]
    """The words that stand for each picture (alt text or visible substitute), in reading order."""
    each_link: bool = True
    shown: Issue | None = None
    """The issue as this output declares to show it, where the publication's settings have it cut; None: all of it."""


@dataclass(frozen=True, slots=True)
class Format:
    """One room of the house: its doors are three functions and its rules."""

    name: str
    outputs: Mapping[str, str]
    """File of the artifact for each output name; the names are what `kanfa render --to` takes."""
    rules: tuple[Rule, ...]
    render: Callable[[Issue, Publication], Artifact]
    """Pure: no clock, no network, no file outside the templates."""
    check: Callable[[Artifact, Issue, Publication], Iterable[Finding]]
    read_back: Callable[[Artifact, Issue, Publication], Iterable[Reading]]
    render_one: Callable[[Issue, Publication, str], Artifact] | None = None
    """The artifact with at least the file of one output, for `kanfa render`, where that is less work than all of it."""
    tools: tuple[str, ...] = ()
    """Distributions whose versions shape the bytes; they are written into the manifest."""
    templates: tuple[str, ...] = ()
    """Folders below `templates/` whose files shape the bytes; hashed into the manifest."""
    ready: Callable[[], Mapping[str, str]] | None = None
    """Probe of the machine for `kanfa doctor`: names and versions of what it found.
    Raises EnvironmentProblem, with the command that cures it."""
    measure: Callable[[Artifact, Issue, Publication, Browser], Iterable[Finding]] | None = None
    """What only a browser can judge of an artifact; runs when it is asked for (`kanfa check --layout`).
    Raises EnvironmentProblem when the browser fails."""
    measured: tuple[Rule, ...] = ()
    """The rules, among `rules`, that `measure` judges by."""


def maker_of(output: str) -> Format | None:
    """The format that makes `output`, or None. Our own is taken without loading the others where it has that name."""
    format = plugins.own(GROUP, output, Format)
    if format is not None and output in format.outputs:
        return format
    return next((format for format in installed().values() if output in format.outputs), None)


def installed() -> dict[str, Format]:
    """Every installed format by name, in the order of their names.

    Raises UsageError when an entry point does not name a Format, or two formats claim one name or output.
    """
    found = plugins.installed(GROUP, Format)
    outputs: dict[str, str] = {}
    for format in found.values():
        for output in format.outputs:
            if outputs.setdefault(output, format.name) != format.name:
                raise UsageError(f"the formats {outputs[output]} and {format.name} both make the output {output}")
    return found
