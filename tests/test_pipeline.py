"""The main job as plain functions: what is read, how failures become findings, what a release records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from kanfa import pipeline
from kanfa.errors import EnvironmentProblem, NotPublishable, RenderError, UsageError
from kanfa.findings import Finding, Rule, Severity
from kanfa.formats import Artifact, Format, Reading
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.release.store import find_release, verify

SHORT = Rule("TXT001", "too-short", Severity.ERROR, "a test needs words", "this test", "write more words")
TEXT = "---\nnumber: 5\ntitle: 题目\ndate: 2026-01-05\nsummary: 摘要\n---\n\n第一段。\n"


def plain(text: str = "题目 摘要 第一段。", findings: Iterable[Finding] = ()) -> Format:
    """A format that makes one text file of fixed content."""

    def render(issue: Issue, publication: Publication) -> Artifact:
        return Artifact("plain", {"plain.txt": text.encode()}, tuple(findings))

    def check(artifact: Artifact, issue: Issue, publication: Publication) -> list[Finding]:
        return []

    def read_back(artifact: Artifact, issue: Issue, publication: Publication) -> list[Reading]:
        return [Reading("plain", artifact.files["plain.txt"].decode(), (), ())]

    return Format("plain", {"plain": "plain.txt"}, (SHORT,), render, check, read_back)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "005"
    folder.mkdir()
    (folder / "issue.md").write_text(TEXT, encoding="utf-8")
    return folder / "issue.md"


def test_findings_name_the_file_as_the_user_did_and_show_its_line(path: Path, publication: Publication) -> None:
    path.write_text(TEXT + "\n![](gone.png)\n", encoding="utf-8")
    source = pipeline.read(path, publication)
    (error,) = [finding for finding in source.findings if finding.severity is Severity.ERROR]
    assert (error.file, error.line, error.excerpt) == (path.as_posix(), 10, "![](gone.png)")


def test_inside_a_publication_the_file_is_named_from_its_root(path: Path) -> None:
    publication = Publication(root=path.parent.parent.resolve())
    assert pipeline.read(path, publication).issue.file == "005/issue.md"


def test_the_number_does_not_depend_on_where_one_stands(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("## 要闻\n\n第一段。\n", encoding="utf-8")
    monkeypatch.chdir(path.parent)
    assert pipeline.read(Path("issue.md"), Publication()).issue.number == 5


def test_the_publications_publisher_fills_in_for_a_missing_one(path: Path) -> None:
    assert pipeline.read(path, Publication(publisher="出版方")).issue.publisher == "出版方"


def test_a_format_without_an_artifact_is_an_error_with_its_reason(path: Path, publication: Publication) -> None:
    source = pipeline.read(path, publication)
    for error in (RenderError("pdf", "no font"), EnvironmentProblem("no font", "x"), ValueError("no font")):
        finding = pipeline.failed("pdf", error, source.issue)
        assert finding.rule.id == "PAR090"
        assert "no font" in finding.message
        report = pipeline.compile_report(source, {}, [finding], {})
        assert not report.ok


def test_a_complete_artifact_is_staged_and_an_error_refuses_it(
    path: Path, publication: Publication, tmp_path: Path
) -> None:
    source = pipeline.read(path, publication)
    format = plain()
    artifact = pipeline.render(format, source.issue, publication)
    assert pipeline.compare(format, artifact, source.issue, publication) == ()
    good = pipeline.compile_report(source, {"plain": artifact}, [], {})
    assert good.outcomes == {"plain": "ok"}
    assert good.sizes == {"plain.txt": len(artifact.files["plain.txt"])}
    outbox = tmp_path / "outbox"
    bad = pipeline.compile_report(source, {"plain": artifact}, [SHORT.at(8, "x").located("f", [], "plain")], {})
    assert bad.outcomes == {"plain": "1 error"}
    with pytest.raises(NotPublishable, match="1 error; nothing was staged"):
        pipeline.stage(
            source, {"plain": artifact}, bad, formats=[format], publication=publication, outbox=outbox, timings={}
        )
    assert not outbox.exists()
    staged = [
        pipeline.stage(
            source, {"plain": artifact}, good, formats=[format], publication=publication, outbox=outbox, timings=timings
        )
        for timings in ({"read": 0.1}, {"read": 9.9})
    ]
    assert [one.new for one in staged] == [True, False]
    assert staged[0].digest == staged[1].digest


def test_a_waiver_that_was_used_stands_in_the_manifest_and_an_unused_one_changes_nothing(
    path: Path, publication: Publication, tmp_path: Path
) -> None:
    source = pipeline.read(path, publication)
    format = plain()
    artifact = pipeline.render(format, source.issue, publication)
    digests = []
    for found, waivers in (([], {}), ([], {"TXT001": "why"}), ([SHORT.at(1, "x")], {"TXT001": "why"})):
        report = pipeline.compile_report(source, {"plain": artifact}, found, waivers)
        staged = pipeline.stage(
            source, {"plain": artifact}, report, formats=[format], publication=publication, outbox=tmp_path, timings={}
        )
        digests.append(staged.digest)
    assert digests[0] == digests[1] != digests[2]
    assert verify(find_release(tmp_path, digests[2])).manifest.waivers == {"TXT001": "why"}


def test_the_report_says_what_was_compared_and_what_is_lost(path: Path, publication: Publication) -> None:
    source = pipeline.read(path, publication)
    format = plain("题目 摘要")
    artifact = pipeline.render(format, source.issue, publication)
    found = pipeline.compare(format, artifact, source.issue, publication)
    report = pipeline.compile_report(source, {"plain": artifact}, found, {})
    proof = pipeline.proof(source, {"plain": artifact}, report, [format], publication)
    assert proof == {"plain": {"passages": 1, "links": 0, "pictures": 0, "lost": 1}}


def test_an_output_that_shows_a_part_is_counted_by_that_part(path: Path, publication: Publication) -> None:
    path.write_text(TEXT + "\n第二段。\n\n第三段。\n", encoding="utf-8")
    source = pipeline.read(path, publication)
    part = replace(source.issue, preamble=source.issue.preamble[:1])
    format = plain()
    parting = replace(format, read_back=lambda *_: [Reading("plain", "题目 摘要 第一段。", (), (), shown=part)])
    artifact = pipeline.render(format, source.issue, publication)
    report = pipeline.compile_report(source, {"plain": artifact}, [], {})
    counted = [pipeline.proof(source, {"plain": artifact}, report, [one], publication) for one in (format, parting)]
    assert [proof["plain"]["passages"] for proof in counted] == [3, 1]


def test_two_formats_may_share_a_file_only_if_its_bytes_are_equal() -> None:
    one, same = Artifact("a", {"images/x.png": b"1"}), Artifact("b", {"images/x.png": b"1"})
    assert pipeline.release_files({"a": one, "b": same}) == {"images/x.png": b"1"}
    with pytest.raises(RenderError, match="also made by another format"):
        pipeline.release_files({"a": one, "b": replace(same, files={"images/x.png": b"2"})})


def test_two_rules_with_one_id_are_refused() -> None:
    other = replace(plain(), name="other", rules=(replace(SHORT, name="another"),))
    with pytest.raises(UsageError, match="two rules have the id TXT001"):
        pipeline.catalogue([plain(), other])
