"""What the reader makes of Markdown: the source on the left, the tree on the right."""

from __future__ import annotations

import textwrap

import pytest
from issue_outline import outline

from kanfa.issue.reader import read

CASES = {
    "paragraphs": ("甲\n\n乙", "p 甲\np 乙"),
    "marks": ("*a* **b** ~~c~~ `d` ***e***", "p emphasis[a] strong[b] deleted[c] `d` emphasis[strong[e]]"),
    "hard breaks": ("a  \nb\\\nc", "p a¶b¶c"),
    "soft break between Latin words becomes a space": ("one\ntwo", "p one two"),
    "soft break between Han characters vanishes": ("中\n文", "p 中文"),
    "soft break after full-width punctuation vanishes": ("好，\n**真**的", "p 好，strong[真]的"),
    "soft break before a Chinese quotation mark vanishes": ("他说\n“好”", "p 他说“好”"),
    "soft break between Han and Latin becomes a space": ("使用\nHelm", "p 使用 Helm"),
    "Korean keeps its spaces": ("한국\n사람", "p 한국 사람"),
    "link": ("[甲](https://a.org/b 'T')", "p <https://a.org/b|甲>"),
    "reference links": ("[甲][x]乙[x]\n\n[x]: https://a.org/", "p <https://a.org/|甲>乙<https://a.org/|x>"),
    "mail address": ("<a@b.org>", "p <mailto:a@b.org|a@b.org>"),
    "bare address stops at Chinese": ("见https://a.org/b。谢", "p 见<https://a.org/b|https://a.org/b>。谢"),
    "no bare address inside a link or code": (
        "[https://a.org](https://b.org) `https://c.org`",
        "p <https://b.org|https://a.org> `https://c.org`",
    ),
    "bare address with marks in it": ("https://a.org/x_y_z*", "p <https://a.org/x_y_z|https://a.org/x_y_z>*"),
    "entities and escapes": (r"&copy; AT&amp;T \*x\*", "p © AT&T *x*"),
    "template marks are text": ("{{ 7*7 }} {% raw %}", "p {{ 7*7 }} {% raw %}"),
    "inline picture": ("看![章](a.png)此", "p 看img[a.png|章]此"),
    "picture alone is a figure": ("![章](a.png)", "figure img[a.png|章]"),
    "its title is the caption": ('![章](a.png "朱印")', "figure img[a.png|章] “朱印”"),
    "linked picture alone": ("[![章](a.png)](https://a.org)", "figure img[a.png|章] → https://a.org"),
    "alt text without marks": ("![a *b* `c`](a.png)", "figure img[a.png|a b c]"),
    "bullet list": ("- a\n- b\n  - c", "ul\n  item\n    p a\n  item\n    p b\n    ul\n      item\n        p c"),
    "ordered list from three": ("3. a\n4. b", "ol(3)\n  item\n    p a\n  item\n    p b"),
    "loose list": ("- a\n\n- b", "ul loose\n  item\n    p a\n  item\n    p b"),
    "quote in quote": ("> a\n>\n> > b", "quote\n  p a\n  quote\n    p b"),
    "fence": ("```Sh x\na\n\nb\n```", "code(sh) 'a\\n\\nb'"),
    "indented code": ("    a\n    b", "code() 'a\\nb'"),
    "divider": ("a\n\n---", "p a\ndivider"),
    "table": ("|a|b|\n|:-|-:|\n|1|**2**|", "table\n  | a{left!} | b{right!}\n  | 1{left} | strong[2]{right}"),
    "sections and groups": (
        "x\n\n## A\n\na\n\n### B\n\nb\n\n## C\n\nc",
        "p x\nh1 A\n  p a\n  h2 B\n    p b\nh1 C\n  p c",
    ),
    "several H1 are sections": ("# A\n\na\n\n# B\n\nb", "h1 A\n  p a\nh1 B\n  p b"),
    "H1 and H2 mixed": ("# A\n\n## B\n\nb\n\n# C\n\nc", "h1 A\n  h2 B\n    p b\nh1 C\n  p c"),
    "skipped level": ("## A\n\n#### B\n\nb\n\n#### C\n\nc", "h1 A\n  h2 B\n    p b\n  h2 C\n    p c"),
    "heading in a quote": ("> # A", "quote\n  p strong[A]"),
    "footnotes by first use": ("b[^y] a[^x] b[^y]\n\n[^x]: X\n\n[^y]: Y", "p b^1 a^2 b^1\nnote\n  p Y\nnote\n  p X"),
    "inline footnote": ("a^[记*号*]", "p a^1\nnote\n  p 记emphasis[号]"),
    "footnote within a footnote": ("a[^x]\n\n[^x]: X[^y]\n\n[^y]: Y", "p a^1\nnote\n  p X^2\nnote\n  p Y"),
    "footnote of two paragraphs": ("a[^x]\n\n[^x]: X\n\n    Z", "p a^1\nnote\n  p X\n  p Z"),
    "unused footnote is kept": ("a\n\n[^x]: X", "p a\nnote\n  p X"),
    "doubled footnote is kept": ("a[^x]\n\n[^x]: X\n\n[^x]: Z", "p a^1\nnote\n  p X\nnote\n  p Z"),
    "undefined footnote stays text": ("a[^x]", "p a[^x]"),
    "comments are dropped": ("a<!-- x -->b\n\n<!-- y\n\nz -->\n\nc", "p ab\np c"),
    "refused link keeps its text": ("[a *b*](hhttps://x.org)c", "p a emphasis[b]c"),
    "pseudo-numbering is text": ("1、甲\n2、乙", "p 1、甲 2、乙"),
    "empty cells beyond the head hold nothing": (
        "|a|b|\n|-|-|\n| 1 | 2 | |\n|3|4|||",
        "table\n  | a{!} | b{!}\n  | 1 | 2\n  | 3 | 4",
    ),
    "an empty cell before a full one counts": ("|a|\n|-|\n|1||2|", "table\n  | a{!}\n  | 1 |  | 2"),
    "cells beyond the head stay visible": ("|a|\n|-|\n|1|2|", "table\n  | a{!}\n  | 1 | 2"),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_markdown_becomes_this_tree(source: str, expected: str) -> None:
    assert outline(read(source).issue) == expected


def test_a_soft_break_between_han_and_latin_is_a_space_even_before_a_number() -> None:
    assert outline(read("共\n20 个").issue) == "p 共 20 个"


def test_anchors_tell_the_position_and_levels_the_depth() -> None:
    issue = read("## A\n\n### B\n\n#### C\n\n### D\n\n## E\n").issue
    a, e = issue.sections
    assert [s.anchor for s in (a, a.groups[0], a.groups[0].groups[0], a.groups[1], e)] == [
        "s1",
        "s1-1",
        "s1-1-1",
        "s1-2",
        "s2",
    ]
    assert [s.level for s in (a, a.groups[0], a.groups[0].groups[0])] == [1, 2, 3]


def test_references_are_distinct_and_in_order_of_first_use_with_figures_notes_and_headings() -> None:
    source = textwrap.dedent("""\
        ## [标题](https://a.org/1)

        一[二](https://a.org/2)[再](https://a.org/1)注[^n] <x@y.org> [电话](tel:123)

        [![图](a.png)](https://a.org/3)

        [^n]: <https://a.org/4>
        """)
    references = read(source).issue.references
    assert [(r.number, r.href, r.text, r.line) for r in references] == [
        (1, "https://a.org/1", "标题", 1),
        (2, "https://a.org/2", "二", 3),
        (3, "mailto:x@y.org", "x@y.org", 3),
        (4, "tel:123", "电话", 3),
        (5, "https://a.org/3", "图", 5),
        (6, "https://a.org/4", "https://a.org/4", 7),
    ]


def test_empty_cells_beyond_the_head_are_no_finding() -> None:
    assert read("# T\n\n| a | b |\n|---|---|\n| 1 | 2 | |\n| 3 | 4 | | |").findings == ()
