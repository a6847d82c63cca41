"""The e-mail room: HTML mail, its plain-text part, the message, and the page for “view in browser”.

Doors: `FORMAT` with `render`, `check` and `read_back`. Heavy libraries are imported when a door is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kanfa.email import client_rules, detail_rules, hint_rules, size_rules
from kanfa.email.rules import RULES
from kanfa.findings import Finding
from kanfa.formats import Artifact, Format, Reading
from kanfa.issue.model import Issue
from kanfa.publication import Publication

__all__ = ["FORMAT"]


def _render(issue: Issue, publication: Publication) -> Artifact:
    from kanfa.email.render import render

    return render(issue, publication)


def _render_one(issue: Issue, publication: Publication, output: str) -> Artifact:
    from kanfa.email.render import render

    return render(issue, publication, alone=output == "email")


def _check(artifact: Artifact, issue: Issue, publication: Publication) -> Iterable[Finding]:
    from kanfa.email.checks import check

    return check(artifact, issue, publication)


def _read_back(artifact: Artifact, issue: Issue, publication: Publication) -> Iterable[Reading]:
    from kanfa.email.reading import read_back

    return read_back(artifact, issue, publication)


def _ready() -> Mapping[str, str]:
    from kanfa.email.clients.table import table

    return {"caniemail data": table().edition}


FORMAT = Format(
    name="email",
    outputs={"email": "email.html", "text": "email.txt", "web": "web.html"},
    rules=(*RULES, *client_rules.RULES, *detail_rules.RULES, *hint_rules.RULES, *size_rules.RULES),
    render=_render,
    render_one=_render_one,
    check=_check,
    read_back=_read_back,
    tools=(
        "mjml-python",
        "premailer",
        "cssutils",
        "lxml",
        "jinja2",
        "pygments",
        "ziamath",
        "latex2mathml",
        "resvg_py",
        "segno",
    ),
    templates=("email",),
    ready=_ready,
)
"""The format `email`."""
