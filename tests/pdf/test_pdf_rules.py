"""Every rule of the room: one case that breaks it exactly once, and a clean one that does not."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pdf_samples import PUBLICATION, asset, drawn, item, paragraph, small_issue
from PIL import Image as Pillow

from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.export import to_json
from kanfa.issue.model import (
    Cell,
    CodeBlock,
    Figure,
    Image,
    Item,
    Link,
    List,
    MathBlock,
    QrCode,
    Row,
    Table,
    Text,
)
from kanfa.pdf import FORMAT, checks
from kanfa.pdf.anatomy import Bookmark, dissect
from kanfa.pdf.anatomy import Link as FoundLink
from kanfa.pdf.check_layout import contrast
from kanfa.pdf.check_links import check_bookmarks, check_places
from kanfa.pdf.check_metadata import check_source, check_title
from kanfa.pdf.checks import CHECKS, RENDERER_RULES, Edition, check_profiles, edition_of
from kanfa.pdf.limits import GEOMETRIES, PdfLimits
from kanfa.pdf.marks import Mark
from kanfa.pdf.rules import RULES
from kanfa.pdf.tables import ragged_line
from kanfa.publication import Publication
from kanfa.templating import read_file


def altered(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The file after `change`, saved again."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def reread(edition: Edition, change: Callable[[pikepdf.Pdf], None]) -> Edition:
    """The edition after `change` of its file, taken apart again."""
    data = altered(edition.data, change)
    return edition_of(Artifact("pdf", {"issue.pdf": data}), edition.issue, edition.publication)


def broken(edition: Edition, **changes: object) -> Edition:
    """The edition with other parts."""
    return replace(edition, parts=replace(edition.parts, **changes))


def without_relationship(pdf: pikepdf.Pdf) -> None:
    """An attachment that does not say what it is."""
    del pdf.Root.AF[0].AFRelationship


def without_title_bar(pdf: pikepdf.Pdf) -> None:
    """The window would show the file's name."""
    del pdf.Root.ViewerPreferences


def first_annotation(pdf: pikepdf.Pdf, key: str) -> pikepdf.Object:
    """The first annotation that has `key`."""
    return next(a for page in pdf.pages for a in page.obj.get("/Annots", []) if key in a)


def without_area(pdf: pikepdf.Pdf) -> None:
    """A link that nobody can click."""
    first_annotation(pdf, "/A").Rect = pikepdf.Array([100, 100, 100, 100])


def to_nowhere(pdf: pikepdf.Pdf) -> None:
    """A jump to a place without name."""
    first_annotation(pdf, "/Dest").Dest = pikepdf.String("fn-99")


def without_tab_order(pdf: pikepdf.Pdf) -> None:
    """One page whose links have no order."""
    del next(page.obj for page in pdf.pages if "/Annots" in page.obj).Tabs


def other_author(pdf: pikepdf.Pdf) -> None:
    """The document information names somebody else; the XMP packet does not."""
    pdf.docinfo["/Author"] = pikepdf.String("佚名")


def heading_as_paragraph(pdf: pikepdf.Pdf) -> None:
    """A heading that only looks like one."""
    next(
        item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/H3"
    ).S = pikepdf.Name.P


def with_last_page(edition: Edition, filled: float) -> Edition:
    """The edition with one line on its last page, which ends where `filled` of the text area is."""
    _, bottom, _, top = GEOMETRIES["A4"].content_box
    low = top - filled * (top - bottom)
    pages = edition.parts.pages
    kept = [mark for mark in edition.marks if mark.page != pages]
    return replace(edition, marks=(*kept, Mark(pages, (120.0, low, 200.0, low + 10), 0, "好", size=10)))


EDITION_CASES: dict[str, Callable[[Edition], Edition]] = {
    "PDF001": lambda e: replace(e, data=altered(e.data, without_relationship)),
    "PDF002": lambda e: replace(e, data=altered(e.data, without_title_bar)),
    "PDF006": lambda e: broken(e, fonts=(*e.parts.fonts, ("SimSun", True))),
    "PDF007": lambda e: broken(e, language=""),
    "PDF008": lambda e: broken(e, title="无题"),
    "PDF009": lambda e: broken(e, bookmarks=(e.parts.bookmarks[0], Bookmark("错了", 1, 3))),
    "PDF010": lambda e: broken(e, links=(*e.parts.links, FoundLink("irc://irc.example.org/kanfa", 3, (9, 9, 99, 99)))),
    "PDF011": lambda e: broken(e, local_paths=("file:///home/editor/a.html",)),
    "PDF012": lambda e: replace(e, limits=PdfLimits(max_pages=2)),
    "PDF013": lambda e: replace(e, limits=PdfLimits(max_bytes=1000)),
    "PDF014": lambda e: replace(e, texts=("文字", " \n", "文字")),
    "PDF017": lambda e: broken(e, attachments=(e.parts.attachments[0], ("issue-009.md", b"# something else"))),
    "PDF030": lambda e: reread(e, without_area),
    "PDF031": lambda e: reread(e, to_nowhere),
    "PDF036": lambda e: with_last_page(e, 0.05),
    "PDF037": lambda e: reread(e, other_author),
    "PDF038": lambda e: reread(e, heading_as_paragraph),
    "PDF039": lambda e: reread(e, without_tab_order),
    "PDF040": lambda e: replace(e, flow=e.flow + "这句话哪儿也没写过"),
}
"""Faults of a finished file, by the rule that finds them."""


def clean_of(edition: Edition) -> list[Finding]:
    """What all checks say."""
    return [finding for check in CHECKS for finding in check(edition)]


@pytest.mark.parametrize("rule", EDITION_CASES)
def test_a_faulty_file_breaks_its_rule_once(edition, rule):
    """The untouched file breaks none (see the last test of this table)."""
    assert [finding.rule.id for finding in clean_of(EDITION_CASES[rule](edition))].count(rule) == 1


def test_the_sample_breaks_no_rule(edition):
    """The clean case of every rule above."""
    assert clean_of(edition) == []


FAR = Image("https://example.org/far.png", "远方", 8)
GIF = io.BytesIO()
Pillow.new("RGB", (8, 8), "red").save(GIF, "GIF", save_all=True, append_images=[Pillow.new("RGB", (8, 8), "blue")])
MOVING = asset("images/moving.gif", GIF.getvalue(), 8, 8, "image/gif")
PRESS = asset("images/press.jpg", drawn(40, 30, mode="CMYK", kind="JPEG"), 40, 30, "image/jpeg")
COARSE = asset("images/coarse.png", drawn(280, 200), 280, 200)
SPOILT = asset("images/spoilt.png", b"\x89PNG\r\n\x1a\n no picture", 40, 30)


def nest(depth: int) -> List:
    """Lists within each other; the innermost stands at line `depth`."""
    block = List((item(depth, "底"),), depth)
    for line in range(depth - 1, 0, -1):
        block = List((Item((paragraph(line, "层"), block), line),), line)
    return block


CROWDED = Table((), (Row(tuple(Cell((Text(f"Value{n}", 7),), 7) for n in range(48)), 7),), 7, (Text("四十八列", 7),))

ISSUE_CASES = {
    "PDF003": (small_issue(paragraph(5, "好"), paragraph(7, "泰文字母 กข 两枚")), 7),
    "PDF004": (small_issue(Figure(Image(SPOILT.src, "坏图", 9), 9), assets=(SPOILT,)), 9),
    "PDF010": (small_issue(paragraph(6, Link("irc://irc.example.org/", (Text("聊天", 6),), 6))), 6),
    "PDF015": (small_issue(Figure(Image("images/gone.png", "丢了", 6), 6)), 6),
    "PDF016": (small_issue(Figure(FAR, 8)), 8),
    "PDF018": (small_issue(nest(13)), 13),
    "PDF019": (small_issue(Figure(Image(MOVING.src, "动画", 7), 7), assets=(MOVING,)), 7),
    "PDF020": (small_issue(Figure(Image(PRESS.src, "印刷色", 7), 7), assets=(PRESS,)), 7),
    "PDF021": (small_issue(CROWDED), 7),
    "PDF022": (small_issue(QrCode(Link("https://example.org/" + "a" * 900, (Text("太长", 7),), 7), 7)), 7),
    "PDF033": (small_issue(Figure(Image(COARSE.src, "粗糙", 7, width=560), 7), assets=(COARSE,)), 7),
    "PDF023": (small_issue(MathBlock("+".join(["x"] * 120), 7)), 7),
}
"""Content that the renderer reports, with the line it must name."""


@pytest.mark.parametrize("rule", ISSUE_CASES)
def test_content_that_breaks_a_rule_is_reported_once_at_its_line(rule):
    """Nothing else is reported: one fault, one finding; and the file stays valid."""
    issue, line = ISSUE_CASES[rule]
    artifact = FORMAT.render(issue, PUBLICATION)
    found = [*artifact.findings, *FORMAT.check(artifact, issue, PUBLICATION)]
    assert [(finding.rule.id, finding.line) for finding in found] == [(rule, line)]


def test_a_style_that_the_engine_does_not_know_is_reported(tmp_path: Path):
    """An own style sheet is the usual place of such a slip."""
    found = FORMAT.render(small_issue(), styled(tmp_path, "body { ruby-align: center }")).findings
    assert [(finding.rule.id, finding.line) for finding in found] == [("PDF005", 1)]


STYLE_CASES = {
    "PDF032": ("main p { color: #999 }", paragraph(7, "看不清的一行。"), 7),
    "PDF034": ("main p { white-space: nowrap }", paragraph(7, "字" * 60), 7),
    "PDF035": ("main p { white-space: nowrap }", paragraph(7, "字" * 42), 7),
}
"""Faults of a publication's own style sheet: what it adds, the paragraph that suffers, the line that is named."""


def styled(folder: Path, addition: str) -> Publication:
    """The publication with a style sheet that ends in `addition`."""
    templates = folder / "templates" / "pdf"
    templates.mkdir(parents=True)
    (templates / "print.css").write_text(read_file(PUBLICATION, "pdf/print.css") + addition)
    return PUBLICATION.model_copy(update={"root": folder})


@pytest.mark.parametrize("rule", STYLE_CASES)
def test_a_faulty_style_is_reported_once_at_the_line_that_suffers(rule, tmp_path: Path):
    """Measured in the finished file, so that it does not matter by which declaration it came about."""
    css, block, line = STYLE_CASES[rule]
    lines = ["# 小样"] * (line - 1) + ["".join(node.text for node in block.children)]
    issue = small_issue(block, source="\n".join(lines))
    own = styled(tmp_path, css)
    found = list(FORMAT.check(FORMAT.render(issue, own), issue, own))
    assert [(finding.rule.id, finding.line) for finding in found] == [(rule, line)]


def test_every_rule_has_a_case():
    """The catalogue and the tables above name the same rules; PDF005 has a test of its own."""
    assert {rule.id for rule in RULES} == {*EDITION_CASES, *ISSUE_CASES, *STYLE_CASES, "PDF005"}
    assert {rule.id for rule in RENDERER_RULES} <= {*ISSUE_CASES, "PDF005"}


def test_every_rule_explains_itself():
    """Ids are unique and in order; reason, source and cure are given."""
    assert [rule.id for rule in RULES] == sorted({rule.id for rule in RULES})
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.reason and rule.source and rule.cure for rule in RULES)


def test_a_missing_character_is_named_within_code():
    """The line is the code's own line, below its fence."""
    source = "# 小样\n\n## 一节\n\n```\n好\nก\n```\n"
    issue = small_issue(CodeBlock("好\nก", 5), source=source)
    assert [(f.rule.id, f.line) for f in FORMAT.render(issue, PUBLICATION).findings] == [("PDF003", 7)]


def test_a_truncated_file_is_an_error_and_not_a_crash(data):
    """The validator's own failure is a finding of each profile."""
    from kanfa.pdf.validation import failures

    assert [failure.rule for failure in failures(data[:2000])] == ["PARSE", "PARSE"]


def test_a_damaged_cross_reference_is_found(edition):
    """Some readers mend it silently; an archive may not rely on that."""
    found = list(check_profiles(broken(edition, damage=("xref entry for object 7 is wrong",))))
    assert [finding.rule.id for finding in found] == ["PDF001"]


def test_bookmarks_beyond_the_headings_are_reported(edition):
    """One entry too many is as wrong as one too few."""
    found = list(check_bookmarks(broken(edition, bookmarks=(*edition.parts.bookmarks, Bookmark("多余", 1, 3)))))
    assert [finding.message for finding in found] == ["bookmark “多余” is no heading of the issue"]


def test_a_font_that_is_not_embedded_is_reported(edition):
    """Even one of the edition's own family."""
    found = list(checks.check_fonts(broken(edition, fonts=(("Noto-Sans-SC", False),))))
    assert [finding.message for finding in found] == ["Noto-Sans-SC is not embedded"]


def test_local_paths_are_found_in_any_dictionary(data):
    """An address of the building machine may hide in an annotation."""

    def spoil(pdf: pikepdf.Pdf) -> None:
        annotation = next(a for page in pdf.pages for a in page.obj.get("/Annots", []) if "/A" in a)
        annotation.A.URI = pikepdf.String("file:///tmp/build/a.html")

    assert dissect(altered(data, spoil)).local_paths == ("file:///tmp/build/a.html",)


def test_a_missing_character_that_the_shaper_takes_apart_is_named_at_its_line():
    """Thai SARA AM is asked for as two characters; and nothing but PDF003 is said about it."""
    issue = small_issue(paragraph(5, "好"), paragraph(7, "泰文 พำ 两枚"))
    artifact = FORMAT.render(issue, PUBLICATION)
    found = [*artifact.findings, *FORMAT.check(artifact, issue, PUBLICATION)]
    assert [(finding.rule.id, finding.line) for finding in found] == [("PDF003", 7)]


def test_rows_of_unequal_length_are_reported_at_their_table():
    """The validator knows no lines; the table that it means is found by its spans."""
    even = Table((), (Row((Cell((Text("甲", 5),), 5),), 5),), 5)
    wide = Row((Cell((Text("乙", 9),), 9, colspan=2), Cell((Text("丙", 9),), 9)), 9)
    ragged = Table((), (wide, Row((Cell((Text("丁", 10),), 10),), 10)), 9)
    issue = small_issue(even, ragged)
    found = list(FORMAT.check(FORMAT.render(issue, PUBLICATION), issue, PUBLICATION))
    assert {(finding.rule.id, finding.line) for finding in found} == {("PDF002", 9)}


def test_a_cell_that_reaches_below_the_last_row_is_ragged():
    """Rowspans count like colspans."""
    deep = Table((), (Row((Cell((Text("甲", 6),), 6, rowspan=3), Cell((Text("乙", 6),), 6)), 6),), 6)
    assert ragged_line(small_issue(Table((), (Row((Cell((Text("齐", 5),), 5),), 5),), 5), deep)) == 6
    assert ragged_line(small_issue()) == 1


def test_characters_that_cannot_be_copied_are_reported_at_the_passage_they_stand_in(edition):
    """The page's text breaks off in it, or the passage before is whole and the next one is meant."""
    issue = small_issue(paragraph(5, "第一句话写在这里。"), paragraph(7, "第二句话写得长一些，字坏在后面。"))
    for text, line in (("第一句话写在这里。\ufffd", 7), ("第一句话写在这里。\n第二句话写得长一些，字\ufffd在", 7)):
        found = list(checks.check_text(replace(edition, issue=issue, texts=(text,))))
        assert [(finding.rule.id, finding.line) for finding in found] == [("PDF014", line)]
    blank = replace(edition, issue=issue, texts=("第一句话写在这里。", " "))
    assert [finding.line for finding in checks.check_text(blank)] == [7]


@pytest.mark.parametrize(("level", "page", "words"), [(3, 3, "stands at level 3"), (1, 1, "leads to page 1")])
def test_a_bookmark_at_the_wrong_level_or_page_is_reported_at_its_heading(edition, level, page, words):
    """A title alone leads nowhere."""
    title, first, *rest = edition.parts.bookmarks
    wrong = replace(first, level=level, page=page)
    found = list(check_bookmarks(broken(edition, bookmarks=(title, wrong, *rest))))
    assert [finding.rule.id for finding in found] == ["PDF009"]
    assert words in found[0].message


def test_a_link_beside_its_page_is_reported(edition):
    """It has an area, but nobody will ever see it."""
    beside = FoundLink("https://helm.sh/", 3, (700, 10, 720, 20))
    found = list(check_places(broken(edition, links=(*edition.parts.links, beside))))
    assert [finding.message for finding in found] == ["a link stands beside page 3: https://helm.sh/"]


def test_a_title_that_no_window_shows_is_reported(edition):
    """Viewers show the file's name unless they are told."""
    found = list(check_title(broken(edition, shows_title=False)))
    assert [(finding.rule.id, finding.line) for finding in found] == [("PDF008", edition.issue.line_of("title"))]


def test_an_attached_tree_is_that_of_the_issue(edition):
    """The right one passes, another one does not."""
    tree, markdown = edition.parts.attachments
    assert tree == ("issue-009.json", to_json(edition.issue).encode())
    assert list(check_source(edition)) == []
    for wrong in [(markdown,), (("issue-009.json", tree[1][:-2]), markdown)]:
        assert [f.rule.id for f in check_source(broken(edition, attachments=wrong))] == ["PDF017"]


def test_a_passage_that_stands_there_twice_is_an_addition(edition):
    """Titles, labels, numbers and addresses may be repeated; the text of the issue may not."""
    again = "本期目录 1. [2] 业界要闻 https://helm.sh/docs/?a=1&b=2 "
    assert clean_of(replace(edition, flow=edition.flow + again)) == []
    found = clean_of(replace(edition, flow=edition.flow + again + "第一条：再说一遍"))
    assert [finding.rule.id for finding in found] == ["PDF040"]
    assert "第一条:再说一遍" in found[0].message


def test_contrast_is_that_of_the_guidelines():
    """Black on white is 21 to 1; the grey #767676 is the lightest that passes on white."""
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x76, 0x76, 0x76), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
