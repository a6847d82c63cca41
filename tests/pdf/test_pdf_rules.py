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
from kanfa.pdf.anatomy import Link as FoundLink
from kanfa.pdf.anatomy import dissect
from kanfa.pdf.checks import CHECKS, RENDERER_RULES, Edition, check_profiles
from kanfa.pdf.limits import PdfLimits
from kanfa.pdf.rules import RULES
from kanfa.pdf.tables import ragged_line


def altered(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The file after `change`, saved again."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def broken(edition: Edition, **changes: object) -> Edition:
    """The edition with other parts."""
    return replace(edition, parts=replace(edition.parts, **changes))


def without_relationship(pdf: pikepdf.Pdf) -> None:
    """An attachment that does not say what it is."""
    del pdf.Root.AF[0].AFRelationship


def without_title_bar(pdf: pikepdf.Pdf) -> None:
    """The window would show the file's name."""
    del pdf.Root.ViewerPreferences


EDITION_CASES: dict[str, Callable[[Edition], Edition]] = {
    "PDF001": lambda e: replace(e, data=altered(e.data, without_relationship)),
    "PDF002": lambda e: replace(e, data=altered(e.data, without_title_bar)),
    "PDF006": lambda e: broken(e, fonts=(*e.parts.fonts, ("SimSun", True))),
    "PDF007": lambda e: broken(e, language=""),
    "PDF008": lambda e: broken(e, title="无题"),
    "PDF009": lambda e: broken(e, outline=("Vol. 9：Helm 3告别Tiller", "错了")),
    "PDF010": lambda e: broken(e, links=(*e.parts.links, FoundLink("irc://irc.example.org/kanfa", 3))),
    "PDF011": lambda e: broken(e, local_paths=("file:///home/editor/a.html",)),
    "PDF012": lambda e: replace(e, limits=PdfLimits(max_pages=2)),
    "PDF013": lambda e: replace(e, limits=PdfLimits(max_bytes=1000)),
    "PDF014": lambda e: replace(e, texts=("文字", " \n", "文字")),
    "PDF017": lambda e: broken(e, attachments=(("issue-009.md", b"# something else"),)),
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
    folder = tmp_path / "templates" / "pdf"
    folder.mkdir(parents=True)
    (folder / "print.css").write_text(
        "*{image-rendering:crisp-edges} body{font-family:'Noto Sans SC';ruby-align:center}"
    )
    own = PUBLICATION.model_copy(update={"root": tmp_path})
    found = FORMAT.render(small_issue(), own).findings
    assert [(finding.rule.id, finding.line) for finding in found] == [("PDF005", 1)]


def test_every_rule_has_a_case():
    """The catalogue and the tables above name the same rules; PDF005 has a test of its own."""
    assert {rule.id for rule in RULES} == {*EDITION_CASES, *ISSUE_CASES, "PDF005"}
    assert {rule.id for rule in RENDERER_RULES} <= {*ISSUE_CASES, "PDF005"}


def test_every_rule_explains_itself():
    """Ids are unique and numbered without gaps; reason, source and cure are given."""
    assert [rule.id for rule in RULES] == [f"PDF{number:03d}" for number in range(1, len(RULES) + 1)]
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
    found = list(checks.check_bookmarks(broken(edition, outline=(*edition.parts.outline, "多余"))))
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
