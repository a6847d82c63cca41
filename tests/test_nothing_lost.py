"""Parity at work: our own issues are complete in every output, and whatever a writer drops is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import Markup

from kanfa import pipeline
from kanfa.email.web import WebWriter
from kanfa.email.writer import EmailWriter
from kanfa.formats import installed
from kanfa.issue.model import Issue, Paragraph, text_of
from kanfa.pdf.writer import PdfWriter
from kanfa.pipeline import Source
from kanfa.publication import Publication
from kanfa.text import TextWriter
from kanfa.wechat.writer import WeChatWriter

SETTINGS = Publication(name="云原生生态周报", url="https://weekly.example.org")
WRITERS = {"email": EmailWriter, "web": WebWriter, "text": TextWriter, "pdf": PdfWriter, "wechat": WeChatWriter}
ISSUES = ("000-specimen", "009")


@pytest.fixture(scope="module", params=ISSUES)
def source(request: pytest.FixtureRequest, root: Path) -> Source:
    return pipeline.read(root / "content" / "issues" / request.param / "issue.md", SETTINGS)


def lost(output: str, issue: Issue) -> list[tuple[str, int]]:
    """Rule and line of everything parity misses in one output."""
    format = next(format for format in installed().values() if output in format.outputs)
    artifact = pipeline.render(format, issue, SETTINGS)
    found = pipeline.compare(format, artifact, issue, SETTINGS)
    return [(finding.rule.id, finding.line) for finding in found if f"missing from {output}:" in finding.message]


@pytest.mark.parametrize("output", WRITERS)
def test_our_own_issues_are_complete_in_every_output(source: Source, output: str) -> None:
    assert lost(output, source.issue) == []


def dropping(writer: type, method: str, line: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `writer` write nothing for the node at `line` that `method` writes."""
    written = getattr(writer, method)

    def drop(self: object, node: Paragraph) -> str:
        return Markup("") if node.line == line else written(self, node)

    monkeypatch.setattr(writer, method, drop)


@pytest.mark.parametrize("output", WRITERS)
def test_a_paragraph_that_a_writer_drops_is_reported_alone_with_its_line(
    output: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = pipeline.read(root / "content/issues/000-specimen/issue.md", SETTINGS)
    paragraphs = [
        block
        for section in source.issue.sections
        for block in section.blocks
        if isinstance(block, Paragraph) and not any(link.line == block.line for link in source.issue.links())
    ]
    chosen = paragraphs[len(paragraphs) // 2]
    assert text_of(chosen)
    dropping(WRITERS[output], "paragraph", chosen.line, monkeypatch)
    assert {line for _, line in lost(output, source.issue)} == {chosen.line}
    assert {rule for rule, _ in lost(output, source.issue)} == {"PAR001"}


@pytest.mark.parametrize("output", WRITERS)
def test_a_heading_that_a_writer_drops_is_reported_alone_with_its_line(
    output: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = pipeline.read(root / "content/issues/009/issue.md", SETTINGS)
    group = next(section for section in source.issue.sections if section.groups).groups[0]
    dropping(WRITERS[output], "heading", group.line, monkeypatch)
    found = lost(output, source.issue)
    # A contents list may still name the group; then no reader has lost the words, only their place.
    assert found in ([("PAR001", group.line)], [])
    if output in {"email", "text", "wechat"}:
        assert found


@pytest.mark.parametrize("output", ["email", "pdf"])
def test_a_link_that_a_writer_drops_is_reported_with_its_line(
    output: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = pipeline.read(root / "content/issues/009/issue.md", SETTINGS)
    link = list(source.issue.links())[3]
    dropping(WRITERS[output], "link", link.line, monkeypatch)
    assert ("PAR002", link.line) in lost(output, source.issue)


def test_a_text_without_its_list_of_addresses_has_lost_every_link(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = pipeline.read(root / "content/issues/009/issue.md", SETTINGS)
    monkeypatch.setattr(TextWriter, "reference_list", lambda self: "")
    assert len(lost("text", source.issue)) == len({one.href for one in source.issue.links()})
