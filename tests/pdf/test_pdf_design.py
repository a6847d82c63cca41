"""The edition on every page size, for the screen and for paper, and without each part that a publication may leave out.

Every issue of the publication is set, and each file is held against PDF/A-3a and PDF/UA-1.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pdf_samples import PUBLICATION, full_issue, item, paragraph, small_issue

from kanfa import pipeline
from kanfa.issue.model import Callout, Code, Figure, Issue, Item, Link, List, Strong, Text
from kanfa.labels import CHINESE
from kanfa.parity import compare
from kanfa.pdf import FORMAT
from kanfa.pdf.anatomy import dissect, page_texts
from kanfa.pdf.limits import GEOMETRIES, LIMITS
from kanfa.pdf.outline import sections
from kanfa.pdf.render import compose, has_contents, styles
from kanfa.pdf.validation import failures as clauses_broken
from kanfa.pdf.writer import PdfWriter
from kanfa.publication import Publication, find_publication

HERE = Path(__file__).resolve().parents[2]
ISSUES = sorted((HERE / "content/issues").glob("*/issue.md"))
PARTS = {
    "parts/cover.html.j2",
    "parts/cover-picture.html.j2",
    "parts/cover-sections.html.j2",
    "parts/contents.html.j2",
    "parts/back-issues.html.j2",
    "parts/references.html.j2",
    "parts/colophon.html.j2",
    "heads.css",
}
"""Files below templates/pdf that a publication may replace by an empty one."""


def with_pdf(publication: Publication, **settings: object) -> Publication:
    """The publication with these settings of the table `[pdf]`."""
    return publication.model_copy(update={"pdf": publication.pdf.model_copy(update=settings)})


def printed(issue: Issue, publication: Publication) -> bytes:
    """The file; no finding may arise, and nothing of the issue may be lost."""
    artifact = FORMAT.render(issue, publication)
    assert [(f.rule.id, f.message) for f in artifact.findings] == []
    for reading in FORMAT.read_back(artifact, issue, publication):
        assert [(f.line, f.message) for f in compare(issue, reading)] == []
    return artifact.files["issue.pdf"]


@pytest.fixture(scope="module")
def weekly() -> Publication:
    """The publication of the repository."""
    found = find_publication(HERE)
    assert found is not None
    return found


def failures(data: bytes) -> list[str]:
    """The clauses of both standards that the file breaks."""
    return [f"{failure.profile} {failure.rule}: {failure.message}" for failure in clauses_broken(data)]


# -- every issue, page size and medium


@pytest.mark.parametrize("medium", ["screen", "print"])
@pytest.mark.parametrize("size", GEOMETRIES)
@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.parent.name)
def test_every_issue_meets_both_standards_on_every_page(path, size, medium, weekly):
    """Nothing fails in PDF/A-3a or PDF/UA-1, and nothing is lost."""
    publication = with_pdf(weekly, page_size=size, medium=medium)
    assert failures(printed(pipeline.read(path, weekly).issue, publication)) == []


@pytest.mark.parametrize("part", sorted(PARTS))
def test_the_specimen_meets_both_standards_without_any_one_part(part, weekly, tmp_path):
    """An empty file of the publication's own takes the place of the built-in one."""
    override = tmp_path / "templates/pdf" / part
    override.parent.mkdir(parents=True)
    override.write_text("", encoding="utf-8")
    issue = pipeline.read(ISSUES[0], weekly).issue
    publication = with_pdf(weekly.model_copy(update={"root": tmp_path}), medium="print", contents_page="always")
    data = FORMAT.render(issue, publication).files["issue.pdf"]
    assert failures(data) == []


def test_each_part_of_the_template_may_be_left_out():
    """The list above is complete."""
    assert {f"parts/{path.name}" for path in (HERE / "templates/pdf/parts").iterdir()} | {"heads.css"} == PARTS


# -- contents


def test_an_issue_that_the_cover_can_list_has_no_page_of_contents():
    """The cover names its sections with their pages; more of them, or much text, need a page."""
    publication, issue = PUBLICATION, small_issue()
    few = list(sections(issue, CHINESE))
    assert not has_contents(issue, few, publication)
    assert has_contents(issue, few * (LIMITS.contents_entries + 1), publication)
    long = small_issue(paragraph(5, "长" * LIMITS.contents_length))
    assert has_contents(long, few, publication)
    assert has_contents(issue, few * 5, with_pdf(publication, page_size="phone"))


@pytest.mark.parametrize(("wanted", "made"), [("always", True), ("never", False)])
def test_the_publication_may_decide_about_the_page_of_contents(wanted, made):
    """`auto` is only the default; without sections there is nothing to list."""
    publication = with_pdf(PUBLICATION, contents_page=wanted)
    assert ('<nav class="contents"' in compose(small_issue(), publication).html) is made
    assert not has_contents(small_issue(sections=()), [], publication)


def test_the_cover_names_the_groups_of_a_section_and_the_page_of_each_section():
    """A reader finds what the issue holds before the first page is turned."""
    data = FORMAT.render(full_issue(), PUBLICATION).files["issue.pdf"]
    (text, *_) = page_texts(data, GEOMETRIES["A4"])
    assert "02 业界要闻" in text
    assert "上游" in text


# -- screen and paper


def test_links_on_paper_carry_the_number_of_their_address():
    """The same address has one number; an address in words has none; the list gives each in full."""
    words = paragraph(
        5,
        Link("https://helm.sh/", (Text("Helm", 5),), 5),
        "，",
        Strong((Link("https://helm.sh/", (Code("helm", 5),), 5),), 5),
        "，",
        Link("https://knative.dev/docs", (Text("文档", 5),), 5),
        "，",
        Link("https://istio.io", (Text("https://istio.io", 5),), 5),
    )
    html = compose(small_issue(words), with_pdf(PUBLICATION, medium="print")).html
    assert html.count('<sup class="reference">1</sup>') == 2
    assert html.count('<sup class="reference">') == 3
    assert '<span class="address-number">2</span>https://knative.dev/docs</p>' in html
    assert "参考链接" in html
    assert "参考链接" not in compose(small_issue(words), PUBLICATION).html


def test_links_on_paper_still_lead_somewhere():
    """A file for the printer is read on a screen, too."""
    issue = small_issue(paragraph(5, Link("https://helm.sh/", (Text("Helm", 5),), 5)))
    data = printed(issue, with_pdf(PUBLICATION, medium="print"))
    assert [link.uri for link in dissect(data).links if link.uri] == ["https://helm.sh/"]


def test_each_page_size_and_medium_has_its_styles():
    """The common ones first, so that the others have the last word."""
    assert styles(PUBLICATION) == ("print.css", "cover.css", "heads.css")
    phone = with_pdf(PUBLICATION, page_size="phone", medium="print")
    assert styles(phone) == ("print.css", "cover.css", "heads.css", "phone.css", "paper.css")


# -- lines and pages


@pytest.mark.parametrize(("size", "least", "most"), [("A4", 36, 40), ("Letter", 36, 40), ("phone", 17, 22)])
def test_a_line_holds_no_more_ideographs_than_the_eye_follows(size, least, most):
    """Forty at most on paper (W3C clreq, 2.3.1), as many as an article has on a telephone."""
    publication = with_pdf(PUBLICATION, page_size=size)
    data = printed(small_issue(paragraph(5, "字" * 400)), publication)
    text = page_texts(data, GEOMETRIES[size])[1]
    assert least <= max(line.count("字") for line in text.split("\n")) <= most


def test_no_line_begins_or_ends_with_a_mark_that_must_not():
    """Whatever stands before: GB/T 15834, clreq 3.1.2; also ～ and —— and the curly quotation marks."""
    sentence = "在这里陪您“跟踪动态”读懂社区——云原生项目～有什么（活动）、《书名》。" * 4
    shifted = (paragraph(5 + n, "字" * n + sentence) for n in range(38))
    pages = page_texts(printed(small_issue(*shifted), PUBLICATION), GEOMETRIES["A4"])[1:]
    lines = [line.strip() for page in pages for line in page.split("\n") if line.strip()]
    assert not [line for line in lines if line[0] in "～—、。）》”"]
    assert not [line for line in lines if line[-1] in "（《“"]
    assert [line for line in lines if line[0] == "“"]  # what Unicode's rules alone would not allow


def test_mixed_scripts_have_their_glyphs():
    """Chinese, English, Japanese, Korean, Greek, signs and emoji: none is missing, none is lost."""
    words = "直骨“引号”English café かなカナ 日本語の文章 한국어 Ελληνικά Кириллица 🚀✅❤️👍🏽👩‍💻🇨🇳1️⃣⚠️ ①℃™→★"
    data = printed(small_issue(paragraph(5, words), paragraph(6, Strong((Text(words, 6),), 6))), PUBLICATION)
    assert failures(data) == []


@pytest.mark.parametrize("lines", [27, 30, 33])
def test_a_short_callout_is_never_split(lines):
    """Also one that holds a list, wherever the page ends."""
    items = List(tuple(item(n, f"第{n}校") for n in (9, 10, 11)), 9)
    note = Callout("important", (items,), 8, (Text("三校之后", 8),))
    filler = (paragraph(5, "占位。") for _ in range(lines))
    pages = page_texts(printed(small_issue(*filler, note), PUBLICATION), GEOMETRIES["A4"])
    (page,) = (page for page in pages if "三校之后" in page)
    assert all(f"第 {n} 校" in page or f"第{n}校" in page for n in (9, 10, 11))


def test_a_callout_may_be_split_when_it_is_long():
    """Otherwise it would leave a hole as high as itself; before a picture the hole would be an empty box."""
    writer = PdfWriter(full_issue(), CHINESE)
    figure = next(node for node in full_issue().walk() if isinstance(node, Figure))
    assert "short" not in writer.write(Callout("note", (paragraph(5, "长" * 600),), 5))
    assert "short" in writer.write(Callout("note", (figure,), 5))
    assert "short" not in writer.write(Callout("note", (figure, paragraph(5, "长" * 1600)), 5))
    assert "short" in writer.write(Callout("note", (paragraph(5, "长" * 60),), 5))


@pytest.mark.parametrize("lines", [26, 29, 32])
def test_no_item_of_a_nested_list_stands_alone_on_a_page(lines):
    """The last one takes its neighbour along."""
    inner = List(tuple(item(n, f"内{n}。") for n in range(6, 12)), 6)
    outer = List((Item((paragraph(5, "外层。"), inner), 5),), 5)
    filler = (paragraph(5, "占位。") for _ in range(lines))
    pages = page_texts(printed(small_issue(*filler, outer), PUBLICATION), GEOMETRIES["A4"])
    found = [sum(page.replace(" ", "").count(f"内{n}。") for n in range(6, 12)) for page in pages]
    assert sum(found) == 6
    assert 1 not in found
