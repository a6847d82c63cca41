"""Issues that no editor plans: long names, long tables, emoji of several parts, lists in lists, boxed pictures."""

from __future__ import annotations

import pytest
from pdf_samples import PUBLICATION, asset, drawn, paragraph, small_issue

from kanfa import pipeline
from kanfa.issue.model import (
    Callout,
    Cell,
    CodeBlock,
    Figure,
    Image,
    Issue,
    Item,
    List,
    Row,
    Section,
    Table,
    Text,
)
from kanfa.labels import CHINESE
from kanfa.pdf import FORMAT
from kanfa.pdf.anatomy import page_texts
from kanfa.pdf.limits import GEOMETRIES, LIMITS
from kanfa.pdf.marks import Mark, marks_of
from kanfa.pdf.outline import sections
from kanfa.pdf.render import compose, has_contents
from kanfa.publication import Publication


def on(size: str, medium: str = "screen") -> Publication:
    """The publication with that page size and medium."""
    pdf = PUBLICATION.pdf.model_copy(update={"page_size": size, "medium": medium})
    return PUBLICATION.model_copy(update={"pdf": pdf})


def printed(issue: Issue, publication: Publication = PUBLICATION) -> bytes:
    """The file; no finding may arise."""
    artifact, findings = pipeline.produce(FORMAT, issue, publication)
    assert [(found.rule.id, found.message) for found in findings] == []
    assert artifact is not None
    return artifact.files["issue.pdf"]


def named(*titles: str) -> tuple[Section, ...]:
    """Sections of one sentence each."""
    return tuple(
        Section((Text(title, at),), 1, f"s{at}", (paragraph(at, f"第{at}句话。"),), (), at)
        for at, title in enumerate(titles, start=3)
    )


def row(*words: str, header: bool = False) -> Row:
    return Row(tuple(Cell((Text(word, 5),), header, 5) for word in words), 5)


def where(marks: tuple[Mark, ...], words: str) -> Mark:
    """The first run of text that begins with `words`."""
    return next(mark for mark in marks if mark.text.startswith(words))


@pytest.mark.parametrize("emoji", ["🏳️‍🌈", "❤️‍🔥", "👁️‍🗨️", "👩‍❤️‍👨", "👨‍👩‍👧‍👦", "👍🏽", "1️⃣"])
def test_emoji_of_several_parts_meet_both_standards(emoji):
    """A variation selector before a joiner would leave the glyph without a text; in words as in code."""
    printed(small_issue(paragraph(5, f"旗 {emoji} 后"), CodeBlock(f"say('{emoji}')", 7, "python")))


def test_the_head_of_a_table_that_goes_on_overleaf_is_no_addition():
    """The engine repeats it on each page; the check of additions knows that."""
    body = tuple(row(f"项目{at}", f"v{at}") for at in range(60))
    table = Table((row("名称", "发布版本", header=True),), body, 5)
    data = printed(small_issue(table))
    assert sum("发布版本" in page for page in page_texts(data, GEOMETRIES["A4"])) == 3


@pytest.mark.parametrize("size", ["A4", "phone"])
def test_long_names_of_sections_leave_the_cover_one_page(size):
    """It lists those that it has room for, and a page of contents lists all."""
    names = [f"第{at}节" + "很长的名称" * 11 for at in "一二三四五六七八"]
    issue = small_issue(sections=named(*names))
    pages = page_texts(printed(issue, on(size)), GEOMETRIES[size])
    assert CHINESE.contents in pages[1]
    assert 0 < sum(name[:4] in pages[0] for name in names) < len(names)


def test_one_section_needs_no_page_of_contents():
    """Not even where the cover has no room to list it."""
    issue = small_issue(title="很长的标题" * 20)
    assert not has_contents(issue, list(sections(issue, CHINESE)), on("phone"))
    issue = small_issue(title="很长的标题" * 20, sections=named("甲", "乙"))
    assert has_contents(issue, list(sections(issue, CHINESE)), on("phone"))


def test_a_cover_that_overflows_has_no_page_number():
    """Neither at the inner edge nor, on the left pages of a printed sheet, at the outer."""
    issue = small_issue(title="很长的标题" * 40, summary="很长的摘要" * 120)
    artifact = FORMAT.render(issue, on("phone", "print"))
    pages = page_texts(artifact.files["issue.pdf"], GEOMETRIES["phone"], margins=True)
    assert "摘要" in pages[1]
    assert "2 / " not in pages[1]


def test_lists_of_one_item_chain_nothing_together():
    """Items that each hold a list of one: the first page is filled, and the heading has its list below it."""
    inner = [List((Item((paragraph(at, f"细节{at}。"),), at),), None, True, at) for at in range(5, 65)]
    outer = List(tuple(Item((paragraph(one.line, f"条目{one.line}。"), one), one.line) for one in inner), None, True, 5)
    pages = page_texts(printed(small_issue(outer)), GEOMETRIES["A4"])
    assert "一节" in pages[1]
    assert "细节15。" in pages[1]


def test_a_callout_goes_overleaf_with_its_picture():
    """Broken before the picture, it would leave an empty box behind."""
    chart = asset("chart.png", drawn(1200, 900), 1200, 900)
    callout = Callout("note", (paragraph(40, "看图。"), Figure(Image("chart.png", "图", 41), 41)), 39)
    words = [paragraph(at, "一句相当长的话占去了这一页上的一些地方。" * 6) for at in range(5, 12)]
    pages = page_texts(printed(small_issue(*words, callout, assets=(chart,))), GEOMETRIES["A4"])
    assert "看图" not in pages[1]
    assert "看图" in pages[2]


def test_a_callout_taller_than_a_page_may_break():
    """Nothing is kept together that has no room."""
    chart = asset("chart.png", drawn(1200, 900), 1200, 900)
    figures = [Figure(Image("chart.png", f"图{at}", at), at) for at in range(5, 9)]
    html = compose(small_issue(Callout("note", tuple(figures), 4), assets=(chart,)), PUBLICATION).html
    assert 'class="callout of-note"' in html


@pytest.mark.parametrize("size", ["A4", "phone"])
def test_the_colophon_begins_beside_its_labels(size):
    """A publisher's name of several lines stands beside its label, not above it."""
    publication = on(size)
    publisher = "一个名称很长很长的出版单位联合另一个名称也很长的出版单位"
    issue = small_issue(authors=("亚历山大", "威廉", "弗里德里希", "海因里希"), publisher=publisher)
    marks = marks_of(printed(issue, publication))
    colophon = [mark for mark in marks if mark.page == marks[-1].page]
    for label, value in ((CHINESE.publisher, publisher[:4]), (CHINESE.authors, "亚历山大")):
        beside = [mark for mark in colophon if mark.text.startswith(value)][-1]
        assert where(tuple(colophon), label).box[1] == pytest.approx(beside.box[1], abs=2)
        assert beside.box[0] > where(tuple(colophon), label).box[2]


def test_names_are_parted_as_their_language_parts_them():
    """A name that holds a Chinese comma is one name; English names stand between English commas."""
    html = compose(small_issue(authors=("Ann、Bob", "Cid"), language="en"), PUBLICATION).html
    assert '<span class="name">Ann、Bob</span>, <span class="name">Cid</span>' in html


def test_the_limits_of_the_cover_agree():
    """The least cover lists as many lines as sections."""
    assert all(one.cover_lines >= max(one.cover_sections) for one in GEOMETRIES.values())
    assert LIMITS.cover_entry < LIMITS.cover_line
