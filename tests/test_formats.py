"""A new format is one package from outside with one entry point; nothing else changes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kanfa.errors import UsageError
from kanfa.formats import installed, maker_of

TOY = """
from kanfa.findings import Rule, Severity
from kanfa.formats import Artifact, Format, Reading
from kanfa.issue.model import text_of
from kanfa.text import TextWriter

SHOUT = Rule("TOY001", "shouting", Severity.WARNING, "toys do not shout", "the nursery", "write it in lower case")

def render(issue, publication):
    writer = TextWriter(issue)
    fields = [issue.title, issue.summary, issue.publisher, *issue.authors, *issue.editors]
    fields += [previous.title for previous in issue.previous]
    text = "\\n".join([*fields, writer.blocks(issue.body()), writer.reference_list()])
    return Artifact("toy", {"toy.txt": text.encode()})

def check(artifact, issue, publication):
    if "SHOUT" in artifact.files["toy.txt"].decode():
        yield SHOUT.at(1, "somebody shouts")

def read_back(artifact, issue, publication):
    links = tuple(link.href for link in issue.links())
    images = tuple(image.label for image in issue.images())
    yield Reading("toy", artifact.files["toy.txt"].decode(), links, images)

FORMAT = Format("toy", {"toy": "toy.txt"}, (SHOUT,), render, check, read_back)
"""


def install(folder: Path, module: str, code: str, point: str) -> None:
    """Lay a package and its metadata into `folder`, as an installer would."""
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[kanfa.formats]\n{point}\n", encoding="utf-8")


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the module path, outside the project."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def test_the_three_formats_make_five_outputs() -> None:
    found = installed()
    assert sorted(found) == ["email", "pdf", "wechat"]
    assert sorted(output for format in found.values() for output in format.outputs) == [
        "email",
        "pdf",
        "text",
        "web",
        "wechat",
    ]


def test_a_format_from_outside_is_checked_compared_and_staged_with_the_others(
    outside: Path, root: Path, tmp_path: Path
) -> None:
    from kanfa import pipeline
    from kanfa.publication import Publication
    from kanfa.release.store import find_release, verify

    install(outside, "kanfa_toy", TOY, "toy = kanfa_toy:FORMAT")
    formats = installed()
    toy = formats["toy"]
    assert "TOY001" in pipeline.catalogue(formats.values())
    publication = Publication()
    source = pipeline.read(root / "content/issues/009/issue.md", publication)
    artifact = pipeline.render(toy, source.issue, publication)
    assert pipeline.check(toy, artifact, source.issue, publication) == ()
    assert pipeline.compare(toy, artifact, source.issue, publication) == ()
    report = pipeline.compile_report(source, {"toy": artifact}, [], {})
    staged = pipeline.stage(
        source,
        {"toy": artifact},
        report,
        formats=[toy],
        publication=publication,
        outbox=tmp_path / "outbox",
        timings={},
    )
    assert verify(find_release(tmp_path / "outbox", staged.digest)).read("toy.txt") == artifact.files["toy.txt"]
    sys.modules.pop("kanfa_toy")


def test_the_maker_of_an_output_is_found_by_whatever_name_it_has(outside: Path) -> None:
    """An output that is called as its own format loads that one alone; others are looked for among all."""
    for output, name in {"email": "email", "web": "email", "text": "email", "pdf": "pdf", "wechat": "wechat"}.items():
        found = maker_of(output)
        assert found is not None
        assert found.name == name
    assert maker_of("docx") is None
    install(outside, "kanfa_toy", TOY, "toy = kanfa_toy:FORMAT")
    toy = maker_of("toy")
    assert toy is not None
    assert toy.name == "toy"
    sys.modules.pop("kanfa_toy")


def test_what_is_no_format_and_what_claims_a_taken_name_is_refused(outside: Path) -> None:
    install(outside, "kanfa_wrong", "FORMAT = 1\n", "wrong = kanfa_wrong:FORMAT")
    with pytest.raises(UsageError, match="is not a Format"):
        installed()
    (outside / "kanfa_wrong.py").write_text(TOY.replace('{"toy": "toy.txt"}', '{"pdf": "toy.txt"}'), encoding="utf-8")
    sys.modules.pop("kanfa_wrong")
    with pytest.raises(UsageError, match="both make the output pdf"):
        installed()
    sys.modules.pop("kanfa_wrong")
