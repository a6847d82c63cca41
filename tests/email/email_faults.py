"""Faults made on purpose: in the finished HTML, in the issue, in the settings, or in any file of the artifact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from email_samples import asset, item, paragraph, section

from kanfa.email.checks import check
from kanfa.email.limits import IMAGE_BYTES
from kanfa.email.render import render
from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Cell, Figure, Image, Issue, Link, List, Quote, Row, Table, Text
from kanfa.publication import Publication

FIRST_STYLE = '<style type="text/css">'


@dataclass(frozen=True)
class Case:
    """A fault: made in the finished HTML (`old` → `new`), in the issue, in the settings, or in any file."""

    rule: str
    old: str = ""
    new: str = ""
    issue: Callable[[Issue], Issue] | None = None
    settings: Callable[[Publication], Publication] | None = None
    files: Callable[[dict[str, bytes]], None] | None = None
    line: int = 1


def before_body_end(markup: str) -> tuple[str, str]:
    """Puts markup at the end of the mail's text."""
    return "</div></body>", markup + "</div></body>"


def in_head(markup: str) -> tuple[str, str]:
    """Puts markup into the head, before the first style block."""
    return FIRST_STYLE, markup + FIRST_STYLE


def style(declarations: str, tag: str = "p") -> tuple[str, str]:
    """An element with that style, of readable text."""
    return before_body_end(f'<{tag} style="{declarations}">字</{tag}>')


def adding(*blocks: object) -> Callable[[Issue], Issue]:
    """The issue with one more section of these blocks, at line 70."""

    def change(issue: Issue) -> Issue:
        return replace(issue, sections=(*issue.sections, section("新增", *blocks, line=70, anchor="s3")))

    return change


def linking(href: str, words: str = "链接", line: int = 71) -> Callable[[Issue], Issue]:
    """The issue with one more link."""
    return adding(paragraph(Link(href, (Text(words, line),) if words else (), line), "。", line=line))


def with_image(src: str, alt: str, asset_name: str = "", media: str = "PNG") -> Callable[[Issue], Issue]:
    """The issue with one more picture, at line 75."""

    def change(issue: Issue) -> Issue:
        more = (*issue.assets, asset(src, asset_name, media)) if asset_name else issue.assets
        return replace(adding(Figure(Image(src, alt, 75), 75))(issue), assets=more)

    return change


def heavy(files: dict[str, bytes]) -> None:
    """The picture of line 45 with too many bytes."""
    files["images/press.png"] += bytes(IMAGE_BYTES)


def nested(levels: int) -> object:
    """Quotations within one another."""
    block: object = paragraph("最深", line=79)
    for _ in range(levels):
        block = Quote((block,), 78)  # type: ignore[arg-type]
    return block


def pictures_only(issue: Issue) -> Issue:
    """The title, and a picture."""
    return Issue(title="周报", file="issue.md", assets=issue.assets, cover=issue.cover)


def no_header(issue: Issue) -> Issue:
    """A data table without header cells, at line 80."""
    row = Row((Cell((Text("甲", 80),), 80), Cell((Text("乙", 80),), 80)), 80)
    return adding(Table((), (row,), 80))(issue)


def long_list(size: int) -> Callable[[Issue], Issue]:
    """Items that fill about so many bytes."""
    return adding(List(tuple(item(paragraph("云" * 100, line=72), line=72) for _ in range(size // 330)), 72))


def missing(files: dict[str, bytes]) -> None:
    """The artifact without the picture of line 45."""
    del files["images/press.png"]


def spoil(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    """Replaces bytes in a file of the artifact, once."""

    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def email(**changes: object) -> Callable[[Publication], Publication]:
    """Other settings of `[email]`."""
    return lambda publication: publication.model_copy(update={"email": publication.email.model_copy(update=changes)})


def grid(columns: int, words: str, line: int = 80) -> Table:
    """A data table of two rows, with that text in each cell."""
    head = Row(tuple(Cell((Text("列", line),), line, header=True) for _ in range(columns)), line)
    return Table(
        (head,), (Row(tuple(Cell((Text(words, line + 2),), line + 2) for _ in range(columns)), line + 2),), line
    )


def findings_of(case: Case, issue: Issue, publication: Publication, ready: Artifact | None = None) -> list[Finding]:
    """All findings of renderer and checks for a case; `ready` is the mail when issue and settings are as they were."""
    same = case.issue is None and case.settings is None
    issue = case.issue(issue) if case.issue else issue
    publication = case.settings(publication) if case.settings else publication
    artifact = ready if ready and same else render(issue, publication)
    files = dict(artifact.files)
    if case.old:
        html = files["email.html"].decode()
        assert case.old in html
        files["email.html"] = html.replace(case.old, case.new, 1).encode()
    if case.files:
        case.files(files)
    return [*artifact.findings, *check(Artifact("email", files), issue, publication)]
