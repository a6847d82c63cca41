"""The HTML writer: each node kind in one line, everything escaped by construction."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kanfa.html import HtmlWriter, el
from kanfa.issue import model as m
from kanfa.issue.model import Issue, Node, Text

T = Text("文", 1)
P = m.Paragraph((T,), 1)
LINK = m.Link("https://x.org/", (T,), 1)
LEAD = m.Lead(LINK, 1)
ASSET = m.Asset("a b.png", "a-b.png", "image/png", b"", "0" * 64, 640, 480)
ISSUE = Issue("题", "issue.md", assets=(ASSET,))

WRITTEN: list[tuple[Node, str]] = [
    (Text("<&\"'>", 1), "&lt;&amp;&#34;&#39;&gt;"),
    (m.Code("a<b", 1), "<code>a&lt;b</code>"),
    (m.LineBreak(1), "<br />"),
    (m.NoteRef(2, 1), '<sup class="note-ref" id="fnref-2"><a href="#fn-2">[2]</a></sup>'),
    (m.Image("a b.png", "字模", 1), '<img src="images/a-b.png" alt="字模" width="640" />'),
    (m.Image("a b.png", "字模", 1, width=64), '<img src="images/a-b.png" alt="字模" width="64" />'),
    (m.Image("gone.png", "字模", 1), "<span>[图：字模]</span>"),
    (m.Image("https://x.org/a.png", "", 1), '<a href="https://x.org/a.png">[图：图片]</a>'),
    (m.Emphasis((T,), 1), "<em>文</em>"),
    (m.Strong((T,), 1), "<strong>文</strong>"),
    (m.Deleted((T,), 1), "<del>文</del>"),
    (m.Inserted((T,), 1), "<ins>文</ins>"),
    (m.Underline((T,), 1), "<u>文</u>"),
    (m.Superscript((T,), 1), "<sup>文</sup>"),
    (m.Subscript((T,), 1), "<sub>文</sub>"),
    (m.Small((T,), 1), "<small>文</small>"),
    (m.Mark((T,), 1), "<mark>文</mark>"),
    (m.Keyboard((T,), 1), "<kbd>文</kbd>"),
    (m.Link('https://x.org/?a=1&b="', (T,), 1), '<a href="https://x.org/?a=1&amp;b=&#34;">文</a>'),
    (P, "<p>文</p>"),
    (m.List((m.Item((P,), 1),), 1), "<ul><li>文</li></ul>"),
    (m.List((m.Item((P, P), 1),), 1), "<ul><li>文<br />文</li></ul>"),
    (m.List((m.Item((P,), 1),), 1, tight=False), "<ul><li><p>文</p></li></ul>"),
    (m.List((m.Item((P,), 1),), 1, start=3), '<ol start="3"><li>文</li></ol>'),
    (m.List((m.Item((P,), 1),), 1, start=1), "<ol><li>文</li></ol>"),
    (m.Item((P,), 1), "<li>文</li>"),
    (m.Quote((P,), 1), "<blockquote><p>文</p></blockquote>"),
    (m.CodeBlock("a\n\t<b>", 1, "python"), '<pre><code class="language-python">a\n\t&lt;b&gt;</code></pre>'),
    (m.Cell((T,), 1, "right"), '<td class="right">文</td>'),
    (m.Cell((T,), 1, header=True, colspan=2), '<th colspan="2" scope="col">文</th>'),
    (m.Row((m.Cell((T,), 1),), 1), "<tr><td>文</td></tr>"),
    (m.Table((), (m.Row((), 1),), 1), '<table class="data"><tbody><tr></tr></tbody></table>'),
    (m.Figure(m.Image("x.png", "字", 1), 1, (T,)), "<figure><span>[图：字]</span><figcaption>文</figcaption></figure>"),
    (m.Details((T,), (P,), 1), '<div class="details"><p class="summary"><strong>文</strong></p><p>文</p></div>'),
    (m.Divider(1), "<hr />"),
    (
        m.Note(1, (P,), 1),
        '<div class="note" id="fn-1"><span class="note-number">[1] </span><p>文</p>'
        '<a href="#fnref-1" class="note-back">↩</a></div>',
    ),
    (m.Section((T,), 1, "s1", (P,), (), 1), '<h2 id="s1">文</h2><p>文</p>'),
    (m.Math("a<b", 1), '<code class="math">$a&lt;b$</code>'),
    (m.MathBlock("x", 1), '<p class="math-block"><code class="math">$$x$$</code></p>'),
    (m.Ruby((T,), (Text("wén", 1),), 1), "<ruby>文<rp>（</rp><rt>wén</rt><rp>）</rp></ruby>"),
    (m.Callout("tip", (P,), 1), '<div class="callout tip"><p class="callout-title">提示</p><p>文</p></div>'),
    (
        m.Callout("note", (), 1, (Text("题", 1),)),
        '<div class="callout note"><p class="callout-title">题</p></div>',
    ),
    (m.Only(("pdf",), (P,), 1), "<p>文</p>"),
    (m.Item((P,), 1, True), '<li><span class="task">☑ </span>文</li>'),
    (m.Item((P,), 1, False), '<li><span class="task">☐ </span>文</li>'),
    (LEAD, '<p class="lead"><strong class="lead-title"><a href="https://x.org/">文</a></strong></p>'),
    (
        m.Lead(LINK, 1, (Text("源", 1),)),
        '<p class="lead"><strong class="lead-title"><a href="https://x.org/">文</a></strong>'
        ' <span class="lead-source">源</span></p>',
    ),
    (
        m.Item((LEAD, P), 1),
        '<li><p class="lead"><strong class="lead-title"><a href="https://x.org/">文</a></strong></p>文</li>',
    ),
    (m.QrCode(LINK, 1), '<p class="qr"><a href="https://x.org/">文</a></p>'),
    (
        m.CodeBlock("x = 1\ny", 1, "python", (2,), "a.py"),
        '<p class="code-title">a.py</p><pre><code class="language-python">x = <span class="tok-number">1</span>\n'
        '<span class="hl">y</span></code></pre>',
    ),
]


@pytest.mark.parametrize(("node", "html"), WRITTEN, ids=lambda value: type(value).__name__)
def test_each_kind_of_node_has_its_html(node: Node, html: str) -> None:
    assert HtmlWriter(ISSUE).write(node) == html


def test_a_linked_figure_links_its_picture_when_it_can_be_shown() -> None:
    figure = m.Figure(m.Image("a b.png", "字", 1), 1, href="https://x.org/")
    assert '<a href="https://x.org/"><img' in HtmlWriter(ISSUE).write(figure)


def test_the_link_of_a_figure_outlives_its_picture() -> None:
    figure = m.Figure(m.Image("gone.png", "字", 1), 1, href="https://x.org/")
    assert HtmlWriter(ISSUE).write(figure) == '<figure><a href="https://x.org/"><span>[图：字]</span></a></figure>'


def test_only_the_first_call_of_a_note_is_the_target_of_the_way_back() -> None:
    writer = HtmlWriter(ISSUE)
    assert 'id="fnref-1"' in writer.write(m.NoteRef(1, 1))
    assert "id=" not in writer.write(m.NoteRef(1, 2))


def test_groups_stand_one_heading_level_lower_and_never_below_h6() -> None:
    deep = m.Section((T,), 7, "s1-1-1", (), (), 2)
    assert HtmlWriter(ISSUE).write(m.Section((T,), 2, "s1-1", (), (deep,), 1)) == (
        '<h3 id="s1-1">文</h3><h6 id="s1-1-1">文</h6>'
    )


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(TEXT, TEXT)
@settings(max_examples=150, deadline=None)
def test_whatever_an_editor_types_arrives_as_text_and_never_as_markup(text: str, address: str) -> None:
    link = m.Link(address, (Text(text, 1),), 1)
    tree = etree.fromstring(str(HtmlWriter(ISSUE).write(m.Paragraph((link, m.Code(text, 1)), 1))))
    assert [element.tag for element in tree.iter()] == ["p", "a", "code"]
    assert "".join(tree.itertext()) == text * 2
    assert tree[0].get("href") == address


def test_attributes_that_are_none_are_left_out() -> None:
    assert el("a", {"href": "x", "title": None}, "<") == '<a href="x">&lt;</a>'


def test_a_passage_to_open_without_a_summary_has_a_word_of_the_issues_language() -> None:
    node = m.Details((), (), 1)
    assert "详情" in HtmlWriter(ISSUE).write(node)
    assert "Details" in HtmlWriter(m.Issue("t", "issue.md", language="en")).write(node)
