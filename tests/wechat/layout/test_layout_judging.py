"""The layout rules on measurements written by hand; no browser is needed."""

from __future__ import annotations

import pytest
from layout_house import Node, beyond, laid_out, messages, pixels, rules

from kanfa.wechat.layout.judging import candidates, judged, paragraphs


def test_an_ordinary_article_is_silent() -> None:
    article = laid_out(Node("p"), Node("section"), Node("p", 2), Node("img", 2, text="", size=pixels(200)))
    assert rules(article) == []


# ---------------------------------------------------------------- what is judged


def test_paragraphs_are_found_below_blocks_and_a_quote_stays_whole() -> None:
    article = laid_out(
        Node("section"), Node("p", 1), Node("blockquote", 1), Node("p", 3), Node("p", text=""), Node("hr", text="")
    )
    assert [article.elements[index].path for index in paragraphs(article)] == ["p#2", "blockquote#3", "hr#6"]


def test_a_paragraph_that_holds_only_an_editors_empty_span_is_none() -> None:
    article = laid_out(Node("p", text=""), Node("span", 1, text="", element={"leaf": True}), Node("br", 2, text=""))
    assert list(paragraphs(article)) == []


def test_pictures_fixed_widths_and_heads_of_tables_are_compared_between_screens() -> None:
    article = laid_out(
        Node("img"),
        Node("span", element={"width": "40%"}),
        Node("span", element={"width": "100%"}),
        Node("span", element={"width": "auto"}),
        Node("svg", element={"width": "3em"}),
        Node("table", element={"width": "100px"}),
        Node("thead", 6),
        Node("th", 7),
        Node("td", 6),
        Node("section", element={"ignored": True}),
        Node("img", 10),
    )
    assert [article.elements[index].path for index in candidates(article)] == ["img#1", "span#2", "th#8"]


# ---------------------------------------------------------------- WX041, WX042, WX043: widths


@pytest.mark.parametrize(("width", "silent"), [(373, True), (374, False), (500, False), (675, False), (676, True)])
def test_a_picture_must_fill_the_column_everywhere_or_nowhere(width: int, silent: bool) -> None:
    """The widths are those observed with the checker."""
    found = rules(laid_out(Node("p"), Node("img", 1, size=pixels(width))))
    assert found == ([] if silent else [("WX041", "img#2")])


def test_the_message_names_the_columns() -> None:
    article = laid_out(Node("section", size=pixels(500), element={"width": "500px"}))
    assert messages(article) == ["“一段文字” fills the column at 375 px and not at 585, 677 px"]


def test_a_block_of_fixed_width_is_judged_where_it_holds_several_paragraphs_too() -> None:
    article = laid_out(Node("section", size=pixels(500), element={"width": "500px"}), Node("p", 1), Node("p", 1))
    assert rules(article) == [("WX041", "section#1")]


def test_every_element_of_a_paragraph_is_judged_not_only_the_last() -> None:
    article = laid_out(Node("p"), *(Node("img", 1, size=pixels(500)) for _ in range(3)))
    assert rules(article) == [("WX041", f"img#{number}") for number in (2, 3, 4)]


def test_a_candidate_may_not_pass_the_edge_on_some_screens_only() -> None:
    head = Node("th", 2, size=lambda column: (300, 500))
    assert rules(laid_out(Node("table"), Node("thead", 1), head)) == [("WX042", "th#3")]


def test_a_paragraph_may_not_pass_the_edge_on_any_screen() -> None:
    assert messages(laid_out(Node("p", size=lambda column: (20, column + 20.5)))) == []
    assert messages(laid_out(Node("p", size=lambda column: (0, column + 2)))) == [
        "“一段文字” passes the edge of the column at 585, 677, 375, 335 px"
    ]


def test_a_pixel_beyond_the_edge_is_rounding() -> None:
    assert rules(laid_out(Node("p", size=lambda column: (-0.4, column + 1)))) == []


def test_an_exemption_counts_for_the_paragraph_on_itself_alone() -> None:
    inside = laid_out(Node("section", element={"ignored": True}), Node("p", 1, size=beyond))
    assert rules(inside) == [("WX042", "p#2")]
    assert rules(laid_out(Node("table", size=beyond, element={"ignored": True}))) == []


def test_what_scrolls_passes_where_the_checker_never_looks_at_it() -> None:
    scroller = Node("section", box={"overflow_x": "auto"})
    assert rules(laid_out(scroller, Node("table", 1, size=beyond, element={"looked_at": False}))) == []
    assert rules(laid_out(scroller, Node("table", 1, size=beyond))) == [("WX042", "table#2")]
    assert rules(laid_out(Node("table", size=beyond, element={"looked_at": False}))) == [("WX042", "table#1")]


def test_a_share_of_the_column_may_not_change_too_much() -> None:
    """Narrowed on the phone: 360 of 585 px are 62 %, 340 of 375 px are 91 %."""
    shrinks = Node("img", size=lambda column: (10, 10 + min(360, column - 35)))
    assert messages(laid_out(shrinks)) == ["“一段文字” takes 360/585, 360/677, 340/375 px"]
    assert rules(laid_out(shrinks)) == [("WX043", "img#1")]


def test_a_width_that_is_the_same_everywhere_or_keeps_its_share_is_silent() -> None:
    same = Node("img", size=pixels(250, left=10))
    share = Node("hr", size=lambda column: (column * 0.35, column * 0.65), element={"width": "30%"}, text="")
    assert rules(laid_out(same, share)) == []


# ---------------------------------------------------------------- WX044 … WX047


def test_pre_may_not_be_wider_than_its_box() -> None:
    wide = {"scroll_width": 900, "client_width": 335}
    assert rules(laid_out(Node("pre", box=wide))) == [("WX044", "pre#1")]
    assert rules(laid_out(Node("pre", box={"scroll_width": 336, "client_width": 335}))) == []
    assert rules(laid_out(Node("pre", text=" ", box=wide), Node("section", box=wide))) == []


@pytest.mark.parametrize(
    ("line_height", "font_size", "height", "overlaps"),
    [
        (0, 16, 0, True),  # collapses; the checker misses it
        (5, 16, 30, True),  # first test
        (5, 16, 18, True),  # one line, but the second test counts four
        (14, 16, 42, True),  # second test: three lines
        (15.3, 16, 46, False),
        (None, 16, 38.4, False),  # `normal`
        (0, 0, 0, False),  # a spacer without size
    ],
)
def test_lines_may_not_be_closer_than_letters(
    line_height: float | None, font_size: float, height: float, overlaps: bool
) -> None:
    box = {"line_height": line_height, "font_size": font_size}
    assert rules(laid_out(Node("p", height=height, box=box))) == ([("WX045", "p#1")] if overlaps else [])


def test_lines_are_judged_where_text_stands() -> None:
    close: dict[str, object] = {"line_height": 0, "font_size": 16}
    wrapper = Node("section", text="", element={"own": False}, box=close)
    drawing = Node("text", element={"drawing": True}, box=close)
    assert rules(laid_out(wrapper, drawing)) == []


def test_text_stays_in_a_box_of_fixed_height() -> None:
    spills: dict[str, object] = {"scroll_height": 180, "client_height": 40}
    fixed: dict[str, object] = {"height": "40px"}
    assert messages(laid_out(Node("section", element=fixed, box=spills))) == [
        "“一段文字”: 180 px of text in a box of 40 px at 585, 677, 375, 335 px"
    ]
    most = Node("section", element={"most": "40px"}, box=spills)
    assert rules(laid_out(most)) == [("WX046", "section#1")]
    for silent in (
        Node("section", box=spills),
        Node("section", element={"height": "auto"}, box=spills),
        Node("section", element=fixed, box={**spills, "overflow_y": "auto"}),
        Node("section", element=fixed, box={"scroll_height": 44, "client_height": 40}),
        Node("td", element=fixed, box=spills),
        Node("section", text="", element=fixed, box=spills),
        Node("section", element={**fixed, "svg_mode": True}, box=spills),
    ):
        assert rules(laid_out(silent)) == []


def test_nothing_is_taller_than_the_article() -> None:
    article = laid_out(Node("section"), Node("p", 1, height=330), height=300)
    assert messages(article) == ["“一段文字” is 330 px high in an article of 300 px"]
    assert rules(laid_out(Node("p", height=318), height=300)) == []
    assert rules(laid_out(Node("p", height=108), height=100)) == [("WX046", "p#1")]
    assert rules(laid_out(Node("section", box={"overflow_y": "scroll"}), Node("p", 1, height=900), height=300)) == []


def test_text_and_pictures_end_at_the_edge_unless_they_scroll() -> None:
    cut = Node("p", box={"ink": (0, 700)})
    assert messages(laid_out(cut)) == ["“一段文字” is cut off at 585, 677, 375, 335 px"]
    assert rules(laid_out(cut)) == [("WX047", "p#1")]
    left = Node("svg", text="", element={"words": "公式"}, box={"ink": (-5, 100)})
    assert messages(laid_out(left)) == ["“公式” is cut off at 585, 677, 375, 335 px"]
    scrolls = Node("section", box={"overflow_x": "auto"})
    assert rules(laid_out(scrolls, Node("p", 1, box={"ink": (0, 700)}))) == []
    assert rules(laid_out(Node("p", box={"ink": (0, 335.5)}))) == []


# ---------------------------------------------------------------- what a finding carries


def test_a_finding_has_the_line_it_is_told_and_the_path_of_its_element() -> None:
    article = laid_out(Node("p", text="一" * 90, size=lambda column: (0, column + 9)))
    (found,) = judged(article, lambda element: len(element.text))
    assert (found.line, found.element) == (90, "p#1")
    assert found.message.startswith(f"“{'一' * 30}” ")


def test_an_element_without_words_is_called_by_its_tag() -> None:
    (said,) = messages(laid_out(Node("p"), Node("hr", text="", size=lambda column: (0, column + 9))))
    assert said.startswith("“<hr>” ")
