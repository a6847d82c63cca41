"""The specimen's outputs, written out so that a change to any of them is seen as a readable diff.

HTML is written as an outline, one element or text to a line; the PDF as its bookmarks, links, pictures and
text. `make golden` writes the files anew; read the diff before you commit it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import lxml.html
import pikepdf
import pytest

from kanfa import pipeline
from kanfa.formats import Artifact, installed
from kanfa.issue.export import to_json
from kanfa.pipeline import Source
from kanfa.placing import fold
from kanfa.publication import Publication, find_publication

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def publication(root: Path) -> Publication:
    found = find_publication(root)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def source(root: Path, publication: Publication) -> Source:
    return pipeline.read(root / "content/issues/000-specimen/issue.md", publication)


@pytest.fixture(scope="module")
def artifacts(source: Source, publication: Publication) -> Mapping[str, Artifact]:
    return {name: pipeline.render(format, source.issue, publication) for name, format in installed().items()}


def outline(html: str) -> str:
    """Every element with its attributes, and every text, on a line of its own, indented by depth."""

    def lines(element: lxml.html.HtmlElement, depth: int) -> Iterator[str]:
        indent = "  " * depth
        if not isinstance(element.tag, str):
            yield f"{indent}<!-- {(element.text or '').strip()} -->"
        else:
            attributes = "".join(f" {name}={value!r}" for name, value in element.attrib.items())
            yield f"{indent}{element.tag}{attributes}"
            if element.text and element.text.strip():
                yield f"{indent}  | {element.text.strip()}"
            for child in element:
                yield from lines(child, depth + 1)
        if element.tail and element.tail.strip():
            yield f"{indent}| {element.tail.strip()}"

    return "\n".join(lines(lxml.html.document_fromstring(html), 0)) + "\n"


def pdf_summary(artifact: Artifact, source: Source, publication: Publication) -> str:
    """What is in the PDF, independent of where a Pango version breaks its lines."""

    def bookmarks(items: list[pikepdf.OutlineItem], depth: int = 0) -> Iterator[str]:
        for item in items:
            yield "  " * depth + item.title
            yield from bookmarks(list(item.children), depth + 1)

    with pikepdf.open(io.BytesIO(artifact.files["issue.pdf"])) as pdf, pdf.open_outline() as marks:
        shown = ["# bookmarks", *bookmarks(list(marks.root))]
    (reading,) = installed()["pdf"].read_back(artifact, source.issue, publication)
    text = fold(reading.text).replace("。", "。\n")
    return (
        "\n".join([*shown, "", "# links", *reading.links, "", "# pictures", *reading.images, "", "# text", text]) + "\n"
    )


def compare(name: str, written: str, request: pytest.FixtureRequest) -> None:
    path = HERE / "000-specimen" / name
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
    assert written.splitlines() == path.read_text(encoding="utf-8").splitlines(), "see `make golden`"


@pytest.mark.parametrize(
    ("format", "file"), [("email", "email.html"), ("email", "web.html"), ("wechat", "wechat.html")]
)
def test_html_outputs_are_as_reviewed(
    artifacts: Mapping[str, Artifact], format: str, file: str, request: pytest.FixtureRequest
) -> None:
    compare(file.replace(".html", ".outline.txt"), outline(artifacts[format].files[file].decode()), request)


def test_plain_text_is_as_reviewed(artifacts: Mapping[str, Artifact], request: pytest.FixtureRequest) -> None:
    compare("email.txt", artifacts["email"].files["email.txt"].decode().replace("\r\n", "\n"), request)


def test_the_draft_fields_are_as_reviewed(artifacts: Mapping[str, Artifact], request: pytest.FixtureRequest) -> None:
    compare("wechat.json", artifacts["wechat"].files["wechat.json"].decode(), request)


def test_the_tree_is_as_reviewed(source: Source, request: pytest.FixtureRequest) -> None:
    compare("issue.json", to_json(source.issue), request)


def test_the_pdf_holds_what_was_reviewed(
    artifacts: Mapping[str, Artifact], source: Source, publication: Publication, request: pytest.FixtureRequest
) -> None:
    compare("pdf.txt", pdf_summary(artifacts["pdf"], source, publication), request)


def test_the_specimen_is_clean_in_every_format(
    artifacts: Mapping[str, Artifact], source: Source, publication: Publication
) -> None:
    found = list(source.findings)
    for name, artifact in artifacts.items():
        format = installed()[name]
        found += pipeline.check(format, artifact, source.issue, publication)
        found += pipeline.compare(format, artifact, source.issue, publication)
    assert [finding.to_dict() for finding in found if finding.severity == "error"] == []
