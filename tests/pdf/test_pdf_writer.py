"""The HTML that the PDF engine gets, one node kind at a time."""

from __future__ import annotations

from typing import get_args

import pytest
from pdf_samples import asset, drawn, item, paragraph, small_issue

from kanfa.issue.model import (
    Cell,
    Code,
    Figure,
    Image,
    Item,
    Link,
    List,
    Node,
    Note,
    NoteRef,
    Paragraph,
    Quote,
    Row,
    Section,
    Strong,
    Table,
    Text,
)
from kanfa.labels import CHINESE
from kanfa.pdf.limits import LIMITS
from kanfa.pdf.writer import PdfWriter

PICTURE = asset("images/a.png", drawn(400, 300), 400, 300)
SIGN = asset("images/sign.png", drawn(32, 32), 32, 32)


def written(*blocks, **changes):
    """HTML of the blocks, and the ids and lines of the findings."""
    writer = PdfWriter(small_issue(assets=(PICTURE, SIGN), **changes), CHINESE)
    html = writer.write_all(blocks)
    return str(html), [(finding.rule.id, finding.line) for finding in writer.findings]


@pytest.mark.parametrize("kind", get_args(Node))
def test_the_writer_knows_every_node(kind):
    """A node kind without a method would be lost."""
    assert callable(getattr(PdfWriter, kind.method))


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (paragraph(1, "用Helm的"), '<p><span class="gap">用</span><span class="gap">Helm</span>的</p>'),
        (paragraph(1, 'a <b> & "c"'), "<p>a &lt;b&gt; &amp; &#34;c&#34;</p>"),
        (paragraph(1, "用", Strong((Text("v3", 1),), 1)), '<p><span class="gap">用</span><strong>v3</strong></p>'),
        (
            paragraph(1, Link("https://x.org/?a=1&b", (Strong((Text("甲", 1),), 1), Code("k", 1)), 1)),
            '<p><a href="https://x.org/?a=1&amp;b"><strong>甲</strong><code>k</code></a></p>',
        ),
        (List((item(1, "三"),), 1, start=3), '<ol style="counter-reset:list-item 2"><li>三</li></ol>'),
        (List((item(1, "一"),), 1, start=1), "<ol><li>一</li></ol>"),
        (List((item(1, "松"),), 1, tight=False), "<ul><li><p>松</p></li></ul>"),
        (
            Figure(Image("images/a.png", "图", 1), 1, (Text("题", 1),), "https://x.org/"),
            '<figure><a href="https://x.org/"><img src="asset:a.png" alt="图" style="width:400px" /></a>'
            "<figcaption>题</figcaption></figure>",
        ),
        (
            paragraph(1, Image("images/sign.png", "", 1)),
            '<p><img src="asset:sign.png" alt="图片" class="sign" /></p>',
        ),
        (
            paragraph(1, Image("images/a.png", "图", 1, width=90)),
            '<p><img src="asset:a.png" alt="图" class="picture" style="width:90px" /></p>',
        ),
        (
            Table((), (Row((Cell((Text("行首", 1),), 1, header=True), Cell((Text("值", 1),), 1)), 1),), 1),
            '<table class="data"><tbody><tr><th scope="row">行首</th><td>值</td></tr></tbody></table>',
        ),
        (
            Section((Text("上游", 1), NoteRef(1, 1)), 2, "s1-1", (), (), 1),
            '<h3 id="s1-1" data-title="上游" data-running="上游">上游'
            '<sup class="note-ref" id="fnref-1"><a href="#fn-1">[1]</a></sup></h3>',
        ),
        (
            Section((), 1, "s1", (), (), 1),
            '<h2 id="s1" data-title="无题" data-running="无题">无题</h2>',
        ),
    ],
)
def test_each_construct_is_written_as_the_engine_needs_it(block, html):
    """Escaped, numbered by counters, pictures with words, headings with plain titles for the bookmarks."""
    assert written(block) == (html, [])


def test_a_note_has_its_number_in_front_and_the_way_back_at_its_end():
    """The number stands in the first paragraph, the arrow in the last."""
    html, findings = written(paragraph(1, "正文", NoteRef(1, 1)), Note(1, (paragraph(9, "甲"), paragraph(10, "乙")), 9))
    assert html.endswith(
        '<div class="note" id="fn-1"><p><span class="note-number">[1]</span> 甲</p>'
        '<p>乙<a href="#fnref-1" class="note-back">↑</a></p></div>'
    )
    assert findings == []


def test_a_note_that_holds_only_a_list_keeps_number_and_way_back():
    """They get lines of their own."""
    html, _ = written(paragraph(1, NoteRef(1, 1)), Note(1, (List((item(9, "甲"),), 9),), 9))
    assert '<p><span class="note-number">[1]</span> </p><ul><li>甲</li></ul><p><a href="#fnref-1"' in html


def test_links_never_stand_within_links():
    """A note call or a remote picture inside a link is shown without a link of its own."""
    link = Link("https://x.org/", (Text("甲", 3), NoteRef(1, 3), Image("https://far.org/a.png", "远", 3)), 3)
    html, findings = written(paragraph(3, link))
    assert html.count("<a ") == 1
    assert "[图：远]" in html
    assert findings == [("PDF016", 3)]


def test_a_linked_figure_without_its_picture_keeps_the_link():
    """The words take the picture's place in the link."""
    html, findings = written(Figure(Image("images/gone.png", "丢了", 4), 4, href="https://x.org/"))
    assert '<a href="https://x.org/"><span class="substitute">[图：丢了]</span></a>' in html
    assert findings == [("PDF015", 4)]


def test_an_address_that_may_not_be_linked_is_printed():
    """Nothing is dropped: the address follows the words."""
    html, findings = written(paragraph(6, Link("ftp://x.org/a", (Text("甲", 6),), 6)))
    assert html == '<p>甲<span class="address">（ftp://x.org/a）</span></p>'
    assert findings == [("PDF010", 6)]


def test_nesting_stops_at_the_limit_and_keeps_the_words():
    """The list beyond the limit becomes plain words and one finding at its line."""
    block: List = List((item(99, "最里"),), 99)
    for line in range(LIMITS.max_nesting, 0, -1):
        block = List((Item((paragraph(line, "层"), block), line),), line)
    html, findings = written(block)
    assert html.count("<ul>") == LIMITS.max_nesting
    assert "最里" in html
    assert findings == [("PDF018", 99)]


def test_marks_within_marks_stop_at_the_limit():
    """Thirty bold marks within each other are one finding, and the word stays."""
    node: Text | Strong = Text("芯", 7)
    for _ in range(LIMITS.max_inline_nesting + 6):
        node = Strong((node,), 7)
    html, findings = written(Paragraph((node,), 7))
    assert "芯" in html
    assert findings == [("PDF018", 7)]


def test_quotes_in_quotes_are_allowed_below_the_limit():
    """Two levels are everyday."""
    assert written(Quote((Quote((paragraph(1, "内"),), 1),), 1))[1] == []


def test_spans_of_cells_are_capped():
    """A colspan of thousands would keep the engine busy for minutes."""
    html, _ = written(Table((), (Row((Cell((Text("宽", 1),), 1, colspan=65534),), 1),), 1))
    assert f'colspan="{LIMITS.max_span}"' in html


def test_a_table_with_much_text_or_many_columns_gets_its_widths_from_us():
    """The engine would take minutes for the first and let the second run off the page."""
    long = Table((), (Row((Cell((Text("长" * 200, 1),), 1), Cell((Text("短", 1),), 1)), 1),), 1)
    wide = Table((), (Row(tuple(Cell((Text("格", 1),), 1) for _ in range(12)), 1),), 1)
    assert '<table class="data fixed"><colgroup><col style="width:9' in written(long)[0]
    assert written(wide)[0].startswith('<table class="data fixed small">')


def test_a_very_long_word_may_begin_on_a_line_of_its_own():
    """Only words beyond the limit, and Han characters, which break anyway, do not count."""
    assert written(paragraph(1, "见", Code("x" * 80, 1)))[0].startswith("<p>见<wbr /><code>")
    assert "wbr" not in written(paragraph(1, Code("长" * 80, 1), Code("short", 1)))[0]


def test_a_long_word_at_the_start_of_its_block_gets_no_empty_line():
    """The break would stand before anything else; bold and links around the word change nothing."""
    words = Strong((Link("https://x.org/", (Code("x" * 80, 1),), 1),), 1)
    assert "wbr" not in written(paragraph(1, words))[0]
    assert "wbr" not in written(Table((), (Row((Cell((Code("x" * 80, 1),), 1),), 1),), 1))[0]
