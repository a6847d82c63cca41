"""Transforms: one test for each defect that one of them prevents."""

from __future__ import annotations

import pytest

from kanfa.errors import RenderError
from kanfa.wechat.inline import inline_css
from kanfa.wechat.setting import Setting
from kanfa.wechat.transforms import (
    Transform,
    bare,
    code,
    inked,
    leading_guard,
    lean,
    links,
    lists,
    plain_elements,
    short_colours,
    tables,
    unquoted,
    white_space,
)
from kanfa.wechat.transforms.links import is_live, shows_address
from kanfa.wechat.tree import elements, parse_fragment, serialise, single_section, text_of


def after(transform: Transform, html: str, setting: Setting | None = None) -> str:
    """The inside of the article's section after one transform."""
    root = single_section(parse_fragment(f"<section>{html}</section>"))
    transform(root, setting or Setting())
    return serialise(root).removeprefix("<section>").removesuffix("</section>")


# -- elements


def test_a_div_that_the_editor_would_dissolve_becomes_a_section() -> None:
    """`div` loses its style; article, figure and caption lose theirs on paste."""
    html = "<div><h1>题</h1></div><figure><figcaption>注</figcaption></figure>"
    assert after(plain_elements, html) == "<section><h2>题</h2></section><section><p>注</p></section>"


def test_marks_outside_the_small_set_keep_their_meaning_as_a_class() -> None:
    """del, mark and kbd are not among the elements an article should have."""
    html = "<p><del>a</del><mark>b</mark><kbd>c</kbd></p>"
    assert after(plain_elements, html) == (
        '<p><span class="deleted">a</span><span class="mark">b</span><span class="key">c</span></p>'
    )


def test_white_space_between_blocks_would_become_blank_lines() -> None:
    """The editor shows white space between block tags; inside text one space stays."""
    html = "\n  <p>\n a\n b <strong> c</strong> </p>\n  <p>d<br>\n e</p>\n"
    assert after(white_space, html) == "<p>a b <strong> c</strong></p><p>d<br>e</p>"


def test_white_space_that_was_meant_survives() -> None:
    """No-break and ideographic spaces are content."""
    assert after(white_space, "<p>\u3000\u3000段</p><p>&nbsp;</p>") == "<p>\u3000\u3000段</p><p>&nbsp;</p>"


def test_the_style_of_a_first_code_block_would_be_dropped() -> None:
    """An invisible paragraph before and after it keeps it."""
    html = '<section class="code">x</section><p>y</p>'
    guard = '<p class="guard">&nbsp;</p>'
    assert after(leading_guard, html) == f'{guard}<section class="code">x</section>{guard}<p>y</p>'
    assert after(leading_guard, "<p>y</p>" + html) == "<p>y</p>" + html


# -- links


def test_an_outside_address_would_vanish_with_its_href() -> None:
    """The text stays, a number follows, and the list says the address in full."""
    html = '<p><a href="https://helm.sh/">Helm</a></p><section data-references=""></section>'
    assert after(links, html) == (
        '<p><span class="link">Helm<sup class="call">[1]</sup></span></p>'
        '<section data-references=""><p class="entries">[1] Helm<br>https://helm.sh/</p></section>'
    )


def test_the_same_address_has_one_number_and_one_entry() -> None:
    """Numbered by first use."""
    a, b = '<a href="https://a.example/">A</a>', '<a href="https://b.example/">B</a>'
    html = after(links, f"<p>{b}{a}{b}</p><section data-references></section>")
    assert html.count("[1]") == 3
    assert html.count("https://b.example/") == 1
    assert html.index("[1] B") < html.index("[2] A")


def test_articles_of_wechat_stay_clickable() -> None:
    """mp.weixin.qq.com is the only host whose links survive."""
    html = '<p><a href="https://mp.weixin.qq.com/s/x" title="t">往期</a></p>'
    assert after(links, html) == '<p><a href="https://mp.weixin.qq.com/s/x">往期</a></p>'


def test_a_link_whose_text_is_the_address_needs_no_number() -> None:
    """The address stands there in full already, and may break anywhere."""
    html = '<p><a href="https://a.example/x">https://a.example/x</a> <a href="mailto:a@b.example">a@b.example</a></p>'
    assert after(links, html) == (
        '<p><span class="address">https://a.example/x</span> <span class="address">a@b.example</span></p>'
    )


def test_an_anchor_would_refuse_the_whole_draft() -> None:
    """`#…` leaves only its text."""
    assert after(links, '<p><a href="#top">上面</a></p>') == '<p><span class="link">上面</span></p>'


def test_a_list_of_no_addresses_is_not_shown() -> None:
    """The block of the list goes when there is nothing to list."""
    assert after(links, "<p>x</p><section data-references><p>参考链接</p></section>") == "<p>x</p>"


def test_a_privileged_account_keeps_its_outside_links() -> None:
    """The setting says so; other schemes are still written out."""
    html = '<p><a href="https://helm.sh/">Helm</a></p>'
    assert after(links, html, Setting(privileged_links=True)) == html
    assert not is_live("mailto:a@b.example", privileged=True)


def test_a_linked_picture_is_listed_with_its_words() -> None:
    """A picture cannot be a link; its number stands beside it."""
    html = (
        '<p><a href="https://a.example/"><img src="images/a.png" alt="图景"></a></p><section data-references></section>'
    )
    assert "[1] 图景<br>https://a.example/" in after(links, html)


def test_the_list_is_one_paragraph_with_a_line_for_each_title_and_address() -> None:
    """A paragraph for each entry would cost a tenth of the list's characters."""
    a, b = '<a href="https://a.example/">A</a>', '<a href="https://b.example/"></a>'
    html = after(links, f"<p>{a}{b}</p><section data-references></section>")
    assert '<p class="entries">[1] A<br>https://a.example/<br>[2] https://b.example/</p>' in html


def test_a_live_link_that_shows_nothing_is_listed_instead() -> None:
    """Nobody can tap an empty `<a>`: parsers leave one where a link stood round another link."""
    html = '<p><a href="https://mp.weixin.qq.com/s/x"></a>字</p><section data-references></section>'
    made = after(links, html)
    assert "<a" not in made
    assert "[1] https://mp.weixin.qq.com/s/x" in made


def test_the_list_names_a_substituted_picture_by_its_words_alone() -> None:
    """The marks of a substitute go where all of a link's text is one; brackets of plain text stay."""
    inner = '<span class="substitute">[图：甲]乙]</span>'
    html = f'<p><a href="https://a.example/">{inner}</a> <a href="https://b.example/">[图：丙]与[丁]</a></p>'
    made = after(links, html + "<section data-references></section>")
    assert "[1] 甲]乙<br>https://a.example/" in made
    assert "[2] [图：丙]与[丁]<br>https://b.example/" in made


@pytest.mark.parametrize("words", ["https://example.com：官网", "//注意：说明文字", "https://[x"])
def test_a_link_text_that_is_no_address_is_text(words: str) -> None:
    """Colons and brackets of prose are not mistaken for broken hosts."""
    html = f'<p><a href="https://example.com">{words}</a></p><section data-references></section>'
    assert f"[1] {words}<br>https://example.com" in after(links, html)
    assert not is_live(words)


@pytest.mark.parametrize(
    ("text", "href", "same"),
    [
        ("https://helm.sh", "https://helm.sh/", True),
        ("https://a.example/中", "https://a.example/%E4%B8%AD", True),
        ("helm.sh", "https://helm.sh/", False),
        ("Helm", "https://helm.sh/", False),
        ("", "https://helm.sh/", False),
    ],
)
def test_only_a_whole_address_shows_an_address(text: str, href: str, same: bool) -> None:
    """Percent-encoding and an empty path make no difference; a missing scheme does."""
    assert shows_address(text, href) is same


# -- lists


def test_white_space_between_items_would_become_empty_bullets() -> None:
    """Nothing but items stands in a list."""
    assert after(lists, "<ul>\n <li>甲</li>\n <li>乙</li>\n</ul>") == "<ul><li>甲</li><li>乙</li></ul>"


def test_a_paragraph_in_an_item_would_add_a_blank_line() -> None:
    """Paragraphs of an item are sections."""
    html = "<ul><li><p>甲</p><p>乙</p></li></ul>"
    assert after(lists, html) == '<ul><li><section>甲</section><section class="para">乙</section></li></ul>'


def test_a_leading_bold_word_would_stand_on_a_line_of_its_own() -> None:
    """An item that opens with an element holds one section."""
    html = "<ul><li><strong>甲</strong>乙</li></ul>"
    assert after(lists, html) == "<ul><li><section><strong>甲</strong>乙</section></li></ul>"


def test_a_second_level_stays_native() -> None:
    """Two levels are safe."""
    html = "<ul><li>甲<ul><li>乙</li></ul></li></ul>"
    assert after(lists, html) == html


def test_a_third_level_would_be_flattened_so_all_become_rows() -> None:
    """Rows carry their markers as text and their level as a class; none stands in another."""
    html = after(lists, "<ul><li>甲<ul><li>乙<ul><li>丙</li></ul></li></ul></li></ul>")
    assert "<ul>" not in html
    assert html.count('<section class="row level-') == 3
    assert [html.index(f"level-{n}") for n in range(3)] == sorted(html.index(f"level-{n}") for n in range(3))
    assert '<section class="marker">▪</section><section class="cell">丙</section>' in html


def test_numbers_would_start_anew_after_a_block() -> None:
    """An ordered list with blocks writes its numbers as text, from its own start."""
    html = after(lists, '<ol start="3"><li><p>甲</p><pre>x</pre></li><li>乙</li></ol>')
    assert ">3.</section>" in html
    assert ">4.</section>" in html
    assert "<ol" not in html


def test_a_plain_ordered_list_stays_native() -> None:
    """Its start is kept."""
    html = '<ol start="3"><li>甲</li><li>乙</li></ol>'
    assert after(lists, html) == html


def test_an_empty_item_keeps_its_place() -> None:
    """WeChat removes an empty item, and all later numbers change."""
    assert after(lists, "<ol><li></li><li>乙</li></ol>") == "<ol><li>&nbsp;</li><li>乙</li></ol>"


def test_blocks_after_an_inner_list_stay_behind_it() -> None:
    """Their row has no marker."""
    html = after(lists, "<ol><li><p>甲</p><ul><li>乙</li></ul><p>丙</p></li></ol>")
    root = parse_fragment(html)
    assert [text_of(row) for row in root] == ["1.甲", "◦乙", "\u00a0丙"]


# -- code


def test_newlines_and_indentation_of_code_would_be_lost() -> None:
    """Lines break with br, indentation stands as no-break spaces, tabs as columns."""
    html = after(code, "<pre>if x:\n    y\n\tz  = 1</pre>")
    four = "&nbsp;" * 4
    assert html == f'<section class="code">if x:<br>{four}y<br>{four}z&nbsp; = 1</section>'


def test_code_with_coloured_words_keeps_its_lines() -> None:
    """Newlines within and behind inner elements count too."""
    html = after(code, "<pre><code><span>a\nb</span>\n  c</code></pre>")
    assert html == '<section class="code"><span><span>a<br>b</span><br>&nbsp;&nbsp;c</span></section>'


def test_inline_code_stays_on_one_line() -> None:
    """A newline is a space there, and runs of spaces are kept."""
    assert after(code, "<p><code>a\nb  c</code></p>") == "<p><code>a b&nbsp; c</code></p>"


# -- tables


def test_an_empty_cell_would_collapse() -> None:
    """It holds a no-break space; every second body row is striped by hand."""
    html = after(tables, "<table><tr><th>h</th></tr><tr><td> </td></tr><tr><td>c</td></tr></table>")
    assert "<td>&nbsp;</td>" in html
    assert '<td class="striped">c</td>' in html


def test_five_columns_would_be_squeezed() -> None:
    """They scroll, cells do not wrap, and a hint says so; column groups go."""
    cells = "<td>x</td>" * 5
    html = after(tables, f"<table><colgroup><col></colgroup><tr>{cells}</tr></table>")
    hint = '<p class="scroll-hint">← 左右滑动查看 →</p>'
    assert html.startswith(f'{hint}<section class="scroller"><table class="wide" data')
    assert "colgroup" not in html
    assert html.count("nowrap") == 5


# -- styles


def test_a_quote_in_a_style_would_empty_it() -> None:
    """Quotes and !important leave; addresses in url() stand bare."""
    style = "font-family:&quot;PingFang SC&quot;,monospace;color:#333!important"
    assert (
        after(unquoted, f'<p style="{style}">x</p>') == '<p style="font-family:PingFang SC,monospace;color:#333">x</p>'
    )


def test_long_colours_would_eat_the_budget() -> None:
    """Six digits become three where they can; rgb() becomes a hash, and so does alpha that one digit can say."""
    style = "color:#aabbcc;border:1px solid rgb(0, 0, 1);background:rgba(0, 0, 0, .2)"
    assert after(short_colours, f'<p style="{style}">x</p>') == (
        '<p style="color:#abc;border:1px solid #000001;background:#0003">x</p>'
    )
    style = "outline-color:rgba(127, 127, 127, .4);background:rgba(127, 127, 127, 0.25)"
    assert after(short_colours, f'<p style="{style}">x</p>') == (
        '<p style="outline-color:#7f7f7f66;background:rgba(127,127,127,.25)">x</p>'
    )


def test_a_lone_background_would_be_unreadable_in_dark_mode() -> None:
    """It gets the colour that its text has anyway."""
    html = '<section style="color:#0f766e"><p style="background:#f7f7f7">x</p></section>'
    assert after(inked, html) == (
        '<section style="color:#0f766e"><p style="background:#f7f7f7;color:#0f766e">x</p></section>'
    )


def test_repeated_inherited_styles_would_eat_the_budget() -> None:
    """What is inherited anyway is dropped, except where an element has its own look or a background."""
    html = (
        '<section style="color:#333;font-size:16px"><p style="color:#333;margin:0">x</p>'
        '<h3 style="font-size:16px">y</h3><span style="background:#eee;color:#333">z</span></section>'
    )
    assert after(lean, html) == (
        '<section style="color:#333;font-size:16px"><p style="margin:0">x</p>'
        '<h3 style="font-size:16px">y</h3><span style="background:#eee;color:#333">z</span></section>'
    )


def test_a_relative_size_is_no_repetition() -> None:
    """1.2em in 1.2em is larger."""
    html = '<section style="font-size:1.2em"><p style="font-size:1.2em">x</p></section>'
    assert after(lean, html) == html


def test_ids_and_classes_are_noise() -> None:
    """They go, with empty styles and spans that say nothing."""
    html = '<p id="a" class="b" style="">x<span class="c">y<em>z</em></span>!</p>'
    assert after(bare, html) == "<p>xy<em>z</em>!</p>"


# -- inlining and the tree


def test_a_fault_in_the_theme_is_reported_every_time() -> None:
    """The library's cache must not swallow the second message."""
    for _ in range(2):
        article, complaints = inline_css(single_section(parse_fragment("<section>x</section>")), "p { color: ; }")
        assert {finding.rule.id for finding in complaints} == {"WX135"}
        assert serialise(article) == "<section>x</section>"


def test_a_selector_that_cannot_be_read_stops_the_render() -> None:
    """Silence would mean an article without looks."""
    with pytest.raises(RenderError, match="theme's CSS"):
        inline_css(single_section(parse_fragment("<section>x</section>")), "p:nth-child { color: red }")


def test_two_sections_are_refused() -> None:
    """A template must make one top-level section."""
    with pytest.raises(RenderError, match="exactly one"):
        single_section(parse_fragment("<section>a</section><section>b</section>"))


def test_serialised_html_reads_back_as_it_was() -> None:
    """Entities, quotes and no-break spaces survive a round."""
    html = "<section title=\"&quot;x&quot; &amp; y\">a &lt;b&gt; 'c' &nbsp;<br></section>"
    assert serialise(single_section(parse_fragment(html))) == html
    assert [element.tag for element in elements(parse_fragment(html))] == ["body", "section", "br"]
