"""The finished edition: standards, text, links, bookmarks, metadata, and the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pdf_samples import PUBLICATION, asset, drawn, full_issue, item, paragraph, small_issue

from kanfa.errors import RenderError
from kanfa.issue.export import to_json
from kanfa.issue.model import Cell, Code, Figure, Image, Item, Link, List, Row, Section, Table, Text
from kanfa.labels import CHINESE
from kanfa.parity import compare
from kanfa.pdf import FORMAT
from kanfa.pdf.anatomy import page_texts
from kanfa.pdf.engine import Job, typeset
from kanfa.pdf.limits import GEOMETRIES
from kanfa.pdf.outline import headings

AGAIN = """
import hashlib
from pdf_samples import PUBLICATION, full_issue
from kanfa.pdf import FORMAT
print(hashlib.sha256(FORMAT.render(full_issue(), PUBLICATION).files["issue.pdf"]).hexdigest())
"""


def render(issue, publication=PUBLICATION):
    """The edition and the ids and lines of all findings, the renderer's and the checks'."""
    artifact = FORMAT.render(issue, publication)
    found = [*artifact.findings, *FORMAT.check(artifact, issue, publication)]
    return artifact, [(finding.rule.id, finding.line) for finding in found]


def test_the_sample_meets_both_standards_and_every_other_rule(artifact, issue):
    """Only the remote picture is reported, by the renderer."""
    assert [(finding.rule.id, finding.line) for finding in artifact.findings] == [("PDF016", 54)]
    assert list(FORMAT.check(artifact, issue, PUBLICATION)) == []


def test_nothing_of_the_sample_is_lost(artifact, issue):
    """Text, links, pictures and fields come back out of the bytes."""
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert compare(issue, reading) == []


def test_running_headers_and_page_numbers_are_not_part_of_the_text(artifact, issue):
    """They stand in the margins, outside of what is read back."""
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert "云原生生态周报 · Vol. 9" in reading.text  # the colophon
    assert reading.text.count("云原生生态周报") == 2  # cover and colophon
    assert "/ 5" not in reading.text


def test_links_come_back_in_reading_order(artifact, issue):
    """A link over bold, code and plain text is one; links within the file are none."""
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert reading.links == (
        "https://helm.sh/docs/?a=1&b=2",
        "https://knative.dev/",
        "mailto:editor@example.org",
        "https://knative.dev/",
        "https://example.org/far.png",
        "https://example.org/8",
    )


def test_pictures_come_back_as_their_words(artifact, issue):
    """Alternative texts without the cover's, then the visible substitutes."""
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert reading.images == ("一排活字", "红底白字小印", "远方")


def test_each_link_has_one_annotation(parts):
    """Markup within a link adds none, so a screen reader meets the link once."""
    assert [link.uri for link in parts.links].count("https://helm.sh/docs/?a=1&b=2") == 1


def test_bookmarks_are_the_headings(parts, issue):
    """Title, sections, groups and end matter, without the note calls in them."""
    assert parts.outline == tuple(heading.title for heading in headings(issue, CHINESE))
    assert parts.outline == (
        "Vol. 9：Helm 3告别Tiller",
        "业界要闻",
        "上游：client-go",
        "图与表",
        "注释",
        "前期周报回顾",
    )


def test_metadata_comes_from_the_issue(data):
    """Title, people, summary, keywords, language and date; never the clock."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        info = {name: str(value) for name, value in pdf.docinfo.items()}
        assert str(pdf.Root.Lang) == "zh-CN"
    assert info["/Title"] == "Vol. 9：Helm 3告别Tiller"
    assert info["/Author"] == "心贵, 莫源"
    assert info["/Subject"] == "Helm 3 首个 Alpha 移除 Tiller。"
    assert info["/Keywords"] == "云原生, Helm"
    assert info["/CreationDate"].startswith("D:20190702")
    assert info["/ModDate"].startswith("D:20190702")


def test_the_source_travels_in_the_file(parts, issue):
    """Byte for byte, under the issue's own name."""
    tree = ("issue-009.json", to_json(issue).encode())
    assert parts.attachments == (tree, ("issue-009.md", issue.source.encode()))


def test_the_cover_has_no_running_header_and_the_next_page_has(data):
    """The cover is the header; page numbers count it."""
    pages = page_texts(data, GEOMETRIES["A4"], margins=True)
    assert "1 /" not in pages[0]
    assert f"2 / {len(pages)}" in pages[1]
    assert "云原生生态周报 · Vol. 9" in pages[1]
    assert "业界要闻" in pages[1]


def test_the_same_issue_gives_the_same_bytes_in_other_processes(data, tmp_path):
    """Another folder, time zone, hash seed and language change nothing."""
    here = Path(__file__).parent
    wanted = hashlib.sha256(data).hexdigest()
    for zone, seed, folder in (("Asia/Shanghai", "1", tmp_path), ("America/Los_Angeles", "2", here)):
        env = os.environ | {
            "TZ": zone,
            "PYTHONHASHSEED": seed,
            "LC_ALL": "C",
            "PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1])]),
        }
        command = [sys.executable, "-c", AGAIN]
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == wanted, done.stderr


def test_an_issue_with_nothing_but_a_title_is_an_edition():
    """One page, valid, no contents, undated."""
    issue = small_issue(sections=(), source="# 小样\n")
    artifact, found = render(issue)
    assert found == []
    assert next(iter(FORMAT.read_back(artifact, issue, PUBLICATION))).text.count("小样") == 1


def test_an_english_issue_on_letter_paper_gets_english_words_and_its_page_size():
    """Labels follow the language, the geometry the publication."""
    publication = PUBLICATION.model_copy(update={"pdf": PUBLICATION.pdf.model_copy(update={"page_size": "Letter"})})
    issue = small_issue(language="en", authors=("Ada",))
    artifact, found = render(issue, publication)
    assert found == []
    (reading,) = FORMAT.read_back(artifact, issue, publication)
    assert "All issues" in reading.text
    assert "Authors" in reading.text
    with pikepdf.open(io.BytesIO(artifact.files["issue.pdf"])) as pdf:
        assert [round(float(side)) for side in pdf.pages[0].mediabox] == [0, 0, 612, 792]


def test_a_paragraph_that_goes_on_overleaf_is_read_back_whole():
    """List markers, drawn after a page's text, do not come between its halves."""
    words = "一段很长的话，要从这一页写到下一页。" * 150
    issue = small_issue(List((item(5, "先来一条"), item(6, words)), 5))
    artifact, found = render(issue)
    assert found == []
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert compare(issue, reading) == []


def test_markup_is_never_taken_for_markup():
    """Tags, entities, template signs and quotation marks are printed as they are."""
    words = "<script>alert(1)</script> &amp; {{ 7*7 }} {% raw %} \" ' <link rel=attachment href=file:///etc/passwd>"
    issue = small_issue(paragraph(5, words), title="<i>题</i>", authors=("<b>",))
    artifact, found = render(issue)
    assert found == []
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert compare(issue, reading) == []
    assert "49" not in reading.text


def test_deep_lists_do_not_break_the_engine():
    """The deepest allowed nesting is laid out and valid."""
    block = List((item(30, "底"),), 30)
    for line in range(29, 18, -1):
        block = List((Item((paragraph(line, "层"), block), line),), line)
    assert render(small_issue(block))[1] == []


def test_the_engine_reads_nothing_but_the_pictures_it_was_given(tmp_path):
    """A template that names a file or an address fails instead of fetching it."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(drawn(2, 2))
    for address in (secret.as_uri(), "https://example.org/a.png", "asset:other.png"):
        with pytest.raises(RenderError, match="asks for what the issue does not have"):
            typeset(Job(f'<html lang="zh"><title>t</title><img src="{address}" alt="a">', ""))


def test_a_tree_that_is_too_deep_is_a_render_error():
    """Thousands of levels exhaust the stack before any limit is reached; the message says so."""
    node: Text | Link = Text("芯", 5)
    for _ in range(3):
        node = Link("https://x.org/", (node,), 5)
    html = "<html lang='zh'><title>t</title>" + "<div>" * 900 + "深"
    with pytest.raises(RenderError, match="nested too deep"):
        typeset(Job(html, ""))


def test_tall_and_wide_pictures_stay_on_the_page():
    """Both are scaled to the text area; the file stays valid."""
    tall = asset("images/tall.png", drawn(60, 4000), 60, 4000)
    wide = asset("images/wide.png", drawn(4000, 40), 4000, 40)
    blocks = (Figure(Image(tall.src, "高", 5), 5), Figure(Image(wide.src, "宽", 7), 7))
    assert render(small_issue(*blocks, assets=(tall, wide)))[1] == []


def test_a_cover_without_its_file_is_reported_at_its_line():
    """The cover is set without picture."""
    issue = replace(full_issue(), assets=(), sections=(), preamble=())
    assert ("PDF015", 6) in render(issue)[1]


def test_text_that_fills_more_than_the_cover_is_not_lost():
    """A summary without measure goes on overleaf, on a page without running header."""
    issue = small_issue(title="很长的标题" * 30, summary="很长的摘要文字。" * 150)
    artifact, found = render(issue)
    assert found == []
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert compare(issue, reading) == []


def test_short_passages_are_found_below_their_own_headings():
    """Cover and contents repeat the headings; they are read last, so nothing is looked for among them."""
    chapters = tuple(
        Section((Text(f"第{n}章标题文字", n),), 1, f"s{n}", (paragraph(n, f"{n}。"),), (), n) for n in range(1, 12)
    )
    issue = small_issue(sections=chapters)
    artifact, _ = render(issue)
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert compare(issue, reading) == []


def test_wide_tables_and_long_words_stay_on_the_page():
    """Twelve columns, and a name that nothing separates from its neighbour."""
    cells = tuple(Cell((Text(f"列头Header{n}", 5),), 5, header=True) for n in range(12))
    words = paragraph(7, "见", Code("a" * 120, 7), Link("https://x.org/", (Text("c" * 200, 7),), 7))
    issue = small_issue(Table((Row(cells, 5),), (Row(cells, 6),), 5), words)
    artifact, found = render(issue)
    assert found == []
    (reading,) = FORMAT.read_back(artifact, issue, PUBLICATION)
    assert compare(issue, reading) == []


@pytest.mark.parametrize(("title", "summary"), [(41, 100), (81, 150), (150, 200), (20, 200), (150, 0)])
@pytest.mark.parametrize("size", GEOMETRIES)
def test_a_long_title_and_a_long_summary_keep_the_cover_one_page(title, summary, size):
    """With picture and eight sections: the second page is the text, or the list of contents."""
    chapters = tuple(
        Section((Text(f"第{n}章标题也不短", n),), 1, f"s{n}", (paragraph(n, "文。"),), (), n) for n in range(1, 9)
    )
    issue = replace(
        full_issue(), title="长" * title, summary="摘" * summary, sections=chapters, preamble=(), notes=(), previous=()
    )
    publication = PUBLICATION.model_copy(update={"pdf": PUBLICATION.pdf.model_copy(update={"page_size": size})})
    data = FORMAT.render(issue, publication).files["issue.pdf"]
    second = page_texts(data, GEOMETRIES[size])[1]
    assert second.startswith("本期目录") or "文。" in second
