"""Callouts, lead items, tasks, code, readings, formulas and QR codes: their HTML, and their pages."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from pdf_samples import LONG_CODE, PUBLICATION, constructs_issue, item, lead, paragraph, ruby, small_issue

from kanfa.formats import Artifact
from kanfa.issue.model import (
    Callout,
    Code,
    CodeBlock,
    Image,
    Issue,
    Item,
    Link,
    List,
    Math,
    MathBlock,
    Paragraph,
    QrCode,
    Ruby,
    Strong,
    Text,
)
from kanfa.labels import CHINESE, ENGLISH
from kanfa.parity import compare
from kanfa.pdf import FORMAT
from kanfa.pdf.anatomy import page_texts
from kanfa.pdf.drawings import formula, qr_code, wrap_mark
from kanfa.pdf.inline import words_of
from kanfa.pdf.limits import FORMULA_MARK, GEOMETRIES, LIMITS
from kanfa.pdf.outline import plain
from kanfa.pdf.writer import PdfWriter

AGAIN = """
import hashlib
from pdf_samples import PUBLICATION, constructs_issue
from kanfa.pdf import FORMAT
print(hashlib.sha256(FORMAT.render(constructs_issue(), PUBLICATION).files["issue.pdf"]).hexdigest())
"""


@pytest.fixture(scope="module")
def weekly() -> Issue:
    """The sample with every construct."""
    return constructs_issue()


@pytest.fixture(scope="module", params=["A4", "Letter"])
def page_size(request: pytest.FixtureRequest) -> str:
    """Both papers."""
    return str(request.param)


@pytest.fixture(scope="module")
def printed(weekly: Issue, page_size: str) -> Artifact:
    """The sample's edition."""
    return FORMAT.render(weekly, on_paper(page_size))


def on_paper(size: str):
    """The publication with that page size."""
    return PUBLICATION.model_copy(update={"pdf": PUBLICATION.pdf.model_copy(update={"page_size": size})})


def written(*blocks, labels=CHINESE) -> str:
    """HTML of the blocks; no finding may arise."""
    writer = PdfWriter(small_issue(), labels)
    html = writer.write_all(blocks)
    assert writer.findings == []
    return str(html)


def pages_of(*blocks, size: str = "A4") -> list[str]:
    """Text of each page on which the blocks are set, the cover left out."""
    data = FORMAT.render(small_issue(*blocks), on_paper(size)).files["issue.pdf"]
    return page_texts(data, GEOMETRIES[size])[1:]


# -- the whole sample


def test_a_weekly_with_every_construct_meets_both_standards_without_a_finding(printed, weekly, page_size):
    """PDF/A-3a, PDF/UA-1, fonts, bookmarks, links: every check of the room."""
    assert [(f.rule.id, f.message) for f in printed.findings] == []
    assert [(f.rule.id, f.message) for f in FORMAT.check(printed, weekly, on_paper(page_size))] == []


def test_nothing_of_it_is_lost(printed, weekly, page_size):
    """Text in its order, links, formulas; also text from right to left."""
    (reading,) = FORMAT.read_back(printed, weekly, on_paper(page_size))
    assert [(f.line, f.message) for f in compare(weekly, reading)] == []


def test_formulas_come_back_as_their_tex(printed, weekly, page_size):
    """From the alternative texts of the tags, without the writer's mark."""
    (reading,) = FORMAT.read_back(printed, weekly, on_paper(page_size))
    wanted = [r"\pi", "x^2", "E=mc^2", r"\frac{1}{2}", r"\int_0^1 x\,dx = \frac{1}{2}", "a_1"]
    assert [words for words in reading.images if not words.startswith("扫码")] == wanted
    assert FORMULA_MARK not in "".join(reading.images)


def test_formulas_are_tagged_as_formulas_and_codes_as_figures(printed):
    """ISO 14289-1, 7.7: a screen reader says that mathematics begins."""
    with pikepdf.open(io.BytesIO(printed.files["issue.pdf"])) as pdf:
        elements = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/StructElem"]
        tagged = [(str(e.S), str(e.Alt)) for e in elements if "/Alt" in e]
    assert ("/Formula", "E=mc^2") in tagged
    assert ("/Figure", "扫码阅读：网页版") in tagged
    assert {tag for tag, _ in tagged} == {"/Formula", "/Figure"}


def test_the_same_weekly_gives_the_same_bytes_in_another_process(tmp_path):
    """Formulas and codes are drawn anew there, under another hash seed and in another folder."""
    here = Path(__file__).parent
    wanted = hashlib.sha256(FORMAT.render(constructs_issue(), PUBLICATION).files["issue.pdf"]).hexdigest()
    for seed, zone in (("1", "Asia/Shanghai"), ("77", "America/Los_Angeles")):
        path = os.pathsep.join([str(here), str(here.parents[1])])
        env = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C", "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", AGAIN], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.stdout.strip() == wanted, done.stderr


# -- callouts


def test_a_callout_says_its_kind_in_words():
    """Its own title follows the word, unless it begins with it; colour alone would say it to nobody who prints grey."""
    body = (paragraph(2, "文"),)
    assert '<div class="callout of-tip short"><p class="callout-title">提示</p>' in written(Callout("tip", body, 1))
    assert ">提示：妙招</p>" in written(Callout("tip", body, 1, (Text("妙招", 1),)))
    assert ">注意版本</p>" in written(Callout("warning", body, 1, (Text("注意版本", 1),)))
    assert ">Caution</p>" in written(Callout("caution", body, 1), labels=ENGLISH)


@pytest.mark.parametrize("lines", range(24, 36))
def test_a_callout_is_never_broken_from_its_title(lines):
    """Wherever the page ends: title and first words stand on one page."""
    filler = [paragraph(5, "占位。") for _ in range(lines)]
    pages = pages_of(*filler, Callout("note", (paragraph(9, "正文开头" + "很长的正文。" * 40),), 8, (Text("题目", 8),)))
    (page,) = [page for page in pages if "题目" in page]
    assert "正文开头" in page


# -- lead items and tasks


@pytest.mark.parametrize("lines", range(24, 36))
def test_a_lead_item_keeps_its_summary(lines):
    """Title, source and the first lines of the summary stand on one page."""
    filler = [paragraph(5, "占位。") for _ in range(lines)]
    pages = pages_of(*filler, List((lead(8, "新闻题目", "来源处", "摘要开头" + "很长的摘要。" * 40),), 8))
    (page,) = [page for page in pages if "新闻题目" in page]
    assert "来源处" in page
    assert "摘要开头" in page


def test_a_lead_item_is_a_headline_with_its_source_and_paragraphs_below():
    """Tight or loose, the summary has paragraphs of its own."""
    html = written(List((lead(1, "题", "源", "摘"),), 1))
    assert html == (
        '<ul><li class="lead-item"><p class="lead"><strong class="lead-title"><a href="https://knative.dev/1">题</a>'
        '</strong> <span class="lead-source">· 源</span></p><p>摘</p></li></ul>'
    )
    assert "lead-source" not in written(List((lead(1, "题", "", "摘"),), 1))


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (
            List((Item((paragraph(1, "做"),), 1, True),), 1),
            '<ul><li class="task-item"><span class="task">☑</span> 做</li></ul>',
        ),
        (
            List((Item((paragraph(1, "做"), paragraph(2, "二")), 1, False),), 1, tight=False),
            '<ul><li class="task-item"><p><span class="task">☐</span> 做</p><p>二</p></li></ul>',
        ),
        (List((Item((paragraph(1, "做"),), 1, True),), 1, start=1), '<ol><li><span class="task">☑</span> 做</li></ol>'),
        (
            List((Item((CodeBlock("x", 1),), 1, False),), 1, tight=False),
            '<ul><li class="task-item"><p><span class="task">☐</span> </p>'
            '<pre class="code short"><code>x</code></pre></li></ul>',
        ),
        (List((Item((), 1, True),), 1), '<ul><li class="task-item"><span class="task">☑</span> </li></ul>'),
    ],
)
def test_the_box_of_a_task_stands_in_its_first_line(node, html):
    """In the bullet's place, behind a number."""
    assert written(node) == html


# -- code


def test_code_gets_spans_for_its_colours_and_boxes_only_where_lines_are_stressed():
    """A box for each line costs time, so plain code is one run of text."""
    assert written(CodeBlock("if x:\n  1", 1, "python")) == (
        '<pre class="code short"><code><span class="tok-keyword">if</span> x:\n  '
        '<span class="tok-number">1</span></code></pre>'
    )
    assert written(CodeBlock("a\n\nb", 1, "", (3,))) == (
        '<pre class="code short"><code><span class="line">a</span><span class="line"></span>'
        '<span class="line hl">b</span></code></pre>'
    )


def test_a_title_stands_above_its_code():
    """As words of its own, which the text read back has, too."""
    assert written(CodeBlock("x", 1, title="a <b>.py")).startswith('<p class="code-title">a &lt;b&gt;.py</p><pre ')


def test_a_line_that_will_be_wrapped_is_marked():
    """On paper nobody scrolls: the continued part gets an arrow. Within a list the room is smaller."""
    assert '<span class="line long">' in written(CodeBlock(LONG_CODE, 1))
    fits = "x" * 74
    assert "line" not in written(CodeBlock(fits, 1))
    assert "line long" in written(List((Item((CodeBlock(fits, 1),), 1),), 1))
    assert "line long" in written(CodeBlock("长" * 60, 1))
    assert wrap_mark().data.count(b"M2 ") == 60


def test_a_long_block_of_code_is_not_broken_after_its_first_line():
    """Two lines stay together on either side of the break."""
    code = CodeBlock("\n".join(f"line{n:02d}" for n in range(30)), 6, "", (1, 30), "long.txt")
    for lines in (24, 26, 28, 30):
        pages = pages_of(*(paragraph(5, "占位。") for _ in range(lines)), code)
        (page,) = [page for page in pages if "line00" in page]
        assert "long.txt" in page
        assert "line01" in page


# -- readings


def test_a_reading_stands_behind_its_characters_in_the_file_and_above_them_on_the_page():
    """Search, copy and parity meet the characters first."""
    assert written(paragraph(1, "见", ruby(1, "字", "zì"), "。")) == (
        '<p>见<span class="ruby"><span class="rb">字</span><span class="rt">zì</span></span>。</p>'
    )


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ((Text("很长很长很长很长的词", 1),), (Text("hěn", 1),)),
        ((Text("字", 1),), (Text("a reading of many letters", 1),)),
        ((Math("x", 1),), (Text("x", 1),)),
        ((Text("字", 1),), (Code("zi", 1),)),
    ],
)
def test_what_no_reading_can_stand_above_has_it_behind(below, above):
    """A long passage could not be broken over lines; a formula has a height of its own. (Limit: LIMITS.ruby.)"""
    html = written(Paragraph((Ruby(below, above, 1),), 1))
    assert 'class="reading">（' in html
    assert 'class="rb"' not in html


def test_a_reading_does_not_move_the_lines():
    """Lines with and without readings stand equally far apart."""
    import pypdfium2

    words = paragraph(5, "平平无奇的文字。" * 9, ruby(5, "行", "háng"), "距不变。" + "再来几行。" * 30)
    document = pypdfium2.PdfDocument(FORMAT.render(small_issue(words), PUBLICATION).files["issue.pdf"])
    page = document[1].get_textpage()
    text = page.get_text_range()
    feet = {round(page.get_charbox(at, loose=True)[1], 1) for at, char in enumerate(text) if char in "平再来行"}
    steps = [high - low for low, high in pairwise(sorted(feet))]
    document.close()
    assert len(steps) == 6
    assert max(steps) - min(steps) < 0.2


# -- formulas and codes


def test_a_formula_is_a_picture_on_the_base_line():
    """Width and depth in em of the text round it; the alternative text carries the mark for the finisher."""
    drawn = formula("x_g", display=False)
    assert drawn.depth > 0
    assert written(paragraph(1, Math("x_g", 1))) == (
        f'<p><img src="asset:{drawn.name}" alt="{FORMULA_MARK}x_g" class="math" '
        f'style="width:{drawn.width:g}em;vertical-align:{-drawn.depth:g}em" /></p>'
    )
    assert 'class="math-block"><img' in written(MathBlock("x", 1))
    assert b"currentColor" not in drawn.picture.data


def test_drawings_have_one_name_for_one_content():
    """The same formula twice is embedded once."""
    writer = PdfWriter(small_issue(), CHINESE)
    writer.write(paragraph(1, Math("x", 1), Math("x", 1), Math("y", 1)))
    assert len(writer.drawings) == 2


def test_a_code_has_its_words_and_its_whole_address_beside_it():
    """Whoever cannot scan can read; an address that is the link's text already is not said twice."""
    html = written(QrCode(Link("https://x.org/?a&b", (Text("网页版", 1),), 1), 1))
    assert 'alt="扫码阅读：网页版"' in html
    assert '<p class="qr-link"><a href="https://x.org/?a&amp;b">网页版</a></p>' in html
    assert '<p class="qr-address">https://x.org/?a&amp;b</p>' in html
    assert "qr-address" not in written(QrCode(Link("https://x.org/", (Text("https://x.org/", 1),), 1), 1))


def test_a_code_grows_with_its_address():
    """Modules never become smaller than cameras read."""
    assert qr_code("https://x.org/").width == LIMITS.qr_side
    assert LIMITS.qr_side < qr_code("https://x.org/" + "a" * 300).width < LIMITS.qr_most
    with pytest.raises(ValueError, match="data"):
        qr_code("https://x.org/" + "a" * 3000)


def test_an_address_beyond_every_code_is_a_finding_with_its_offending_text():
    """Words and address are printed all the same."""
    href = "https://x.org/" + "a" * 3000
    writer = PdfWriter(small_issue(), CHINESE)
    html = writer.write(QrCode(Link(href, (Text("网页版", 4),), 4), 4))
    assert [(f.rule.id, f.line, f.quote) for f in writer.findings] == [("PDF022", 4, href)]
    assert "<img" not in html
    assert f">{href}</p>" in html


# -- words


def test_headings_as_plain_words_have_formulas_and_no_readings():
    """Bookmarks, contents and running headers are one line of text."""
    title = (Text("论", 1), Math("x^2", 1), ruby(1, "字", "zì"), Strong((Code("v3", 1),), 1))
    assert plain(title, CHINESE) == "论x^2字v3"


def test_words_in_place_of_what_is_nested_too_deep_have_pictures_and_titles():
    """Nothing is dropped, not even there."""
    node = Item((paragraph(1, "见", Math("x", 1), Image("a.png", "图一", 1)), CodeBlock("y", 2, title="t")), 1)
    assert words_of(node) == "见$x$[图：图一]t\ny"


def test_every_script_of_a_chinese_weekly_has_its_letters():
    """Pinyin with tone marks, ballot boxes, Hangul, Hebrew, Arabic, characters of the net and of names."""
    words = "āáǎà ōóǒò ēéěè īíǐì ūúǔù ǖǘǚǜü ńňǹḿê ê̄ ɑɡ ☐☑☒✓✔ 囧頔囍 한국어 똠방 שָׁלוֹם مرحبا"
    issue = small_issue(paragraph(5, words), paragraph(6, Strong((Text(words, 6),), 6)), paragraph(7, Code(words, 7)))
    assert FORMAT.render(issue, PUBLICATION).findings == ()


def test_an_item_without_words_does_not_fail():
    """An empty list item is an empty list item."""
    assert written(List((Item((), 1), item(2, "后")), 1)) == "<ul><li></li><li>后</li></ul>"
