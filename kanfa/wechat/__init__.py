"""The WeChat room: one issue as an article for a WeChat Official Account (微信公众号), checked before it leaves.

`FORMAT` is the whole door. Importing it is cheap; lxml, premailer and Pillow load with the first render.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kanfa.findings import Finding
from kanfa.formats import Artifact, Format, Reading
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.wechat.rules import RULES
from kanfa.wechat.rules.layout import RULES as LAYOUT_RULES

if TYPE_CHECKING:  # an optional extra
    from kanfa.browser import Browser


def _render(issue: Issue, publication: Publication) -> Artifact:
    from kanfa.wechat.render import render

    return render(issue, publication)


def _check(artifact: Artifact, issue: Issue, publication: Publication) -> Iterable[Finding]:
    from kanfa.wechat.checks import check

    return check(artifact, issue, publication)


def _read_back(artifact: Artifact, issue: Issue, publication: Publication) -> Iterable[Reading]:
    from kanfa.wechat.reading import read_back

    return read_back(artifact, issue, publication)


def _measure(artifact: Artifact, issue: Issue, publication: Publication, browser: Browser) -> Iterable[Finding]:
    from kanfa.wechat.layout.findings import check_layout

    return check_layout(artifact, issue, publication, browser)


FORMAT = Format(
    name="wechat",
    outputs={"wechat": "wechat.html"},
    rules=RULES,
    render=_render,
    check=_check,
    read_back=_read_back,
    tools=(
        "premailer",
        "cssutils",
        "lxml",
        "jinja2",
        "pillow",
        "pygments",
        "ziamath",
        "latex2mathml",
        "resvg_py",
        "segno",
    ),
    templates=("wechat",),
    measure=_measure,
    measured=LAYOUT_RULES,
)
"""What the engine knows of this room."""

__all__ = ["FORMAT"]
