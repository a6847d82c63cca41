"""The plain-text writer: readable without any markup, links numbered and listed."""

from __future__ import annotations

import pytest

from kanfa.issue import model as m
from kanfa.issue.model import Issue, Node, Reference, Text
from kanfa.text import QUOTE_MARK, TextWriter, width_of, words_of

T = Text("文", 1)
P = m.Paragraph((T,), 1)
LINK = m.Link("https://helm.sh/", (Text("Helm", 1),), 1)
ISSUE = Issue("题", "issue.md", references=(Reference(1, "https://helm.sh/", "Helm", 1),))

WRITTEN: list[tuple[Node, str]] = [
    (LINK, "Helm[1]"),
    (m.Code("a b", 1), "a b"),
    (m.NoteRef(2, 1), "〔注2〕"),
    (m.Image("x.png", "字模", 1), "[图：字模]"),
    (m.Deleted((T,), 1), "（删：文）"),
    (m.Superscript((T,), 1), "^文"),
    (m.Subscript((T,), 1), "_文"),
    (m.List((m.Item((P,), 1), m.Item((P, P), 1)), 1), "• 文\n• 文\n  文"),
    (m.List((m.Item((P,), 1), m.Item((P,), 1)), 1, start=9, tight=False), "9. 文\n\n10. 文"),
    (m.List((m.Item((P, m.List((m.Item((P,), 1),), 1)), 1),), 1), "• 文\n  ◦ 文"),
    (m.Quote((P, m.Quote((P,), 1)), 1), ">\u00a0文\n\n>\u00a0>\u00a0文"),
    (m.CodeBlock("if x:\n\ty", 1), "    if x:\n        y"),
    (m.Figure(m.Image("x.png", "字", 1), 1, (T,)), "[图：字]\n文"),
    (m.Details((T,), (P,), 1), "文\n\n文"),
    (m.Divider(1), "* * *"),
    (m.Note(1, (P, P), 1), "〔注1〕文\n\n    文"),
    (m.Section((Text("要闻", 1),), 1, "s1", (P,), (), 1), "要闻\n====\n\n文"),
    (m.Section((m.Math("x^2", 1),), 1, "s1", (P,), (), 1), "$x^2$\n=====\n\n文"),
    (m.Section((Text("组", 1),), 2, "s1-1", (), (), 1), "组\n--"),
    (m.Section((Text("小组", 1),), 3, "s1-1-1", (), (), 1), "小组"),
    (m.Math("x^2", 1), "$x^2$"),
    (m.MathBlock("x\n+ y", 1), "    $$x\n    + y$$"),
    (m.Ruby((T,), (Text("wén", 1),), 1), "文（wén）"),
    (m.Callout("caution", (P, P), 1), "【当心】\n|\u00a0文\n|\u00a0\n|\u00a0文"),
    (m.Callout("caution", (P,), 1, (Text("题", 1),)), "【当心：题】\n|\u00a0文"),
    (m.Callout("tip", (), 1, (Text("提示一二", 1),)), "【提示一二】"),
    (m.Only(("email",), (P, P), 1), "文\n\n文"),
    (m.List((m.Item((P,), 1, True), m.Item((P, P), 1, False)), 1), "☑ 文\n☐ 文\n  文"),
    (m.List((m.Item((P,), 1, True),), 1, start=2), "2. ☑ 文"),
    (m.List((m.Item((m.Lead(LINK, 1), P), 1),), 1), "• Helm[1]\n  文"),
    (m.List((m.Item((m.Lead(LINK, 1, (T,)), P), 1),), 1), "• Helm[1]\n  来源：文\n  文"),
    (m.QrCode(LINK, 1), "Helm[1]"),
    (m.CodeBlock("x", 1, "", (1,), "a.py"), "a.py：\n    x"),
]


@pytest.mark.parametrize(("node", "text"), WRITTEN, ids=lambda value: type(value).__name__)
def test_each_kind_of_node_reads_well_as_plain_text(node: Node, text: str) -> None:
    assert TextWriter(ISSUE).write(node) == text


def test_a_table_has_a_rule_below_its_head() -> None:
    head = m.Row((m.Cell((Text("名", 1),), 1, header=True), m.Cell((Text("版本", 1),), 1, header=True)), 1)
    body = m.Row((m.Cell((Text("Helm", 1),), 1), m.Cell((Text("3", 1),), 1)), 2)
    assert TextWriter(ISSUE).write(m.Table((head,), (body,), 1)) == "名 | 版本\n---------\nHelm | 3"


def test_every_address_is_listed_in_angle_brackets() -> None:
    assert TextWriter(ISSUE).reference_list() == "[1] <https://helm.sh/>"


def test_the_words_of_a_heading_keep_formulas_and_readings_and_leave_notes_out() -> None:
    title = (Text("论 ", 1), m.Math("x", 1), m.LineBreak(1), m.Ruby((T,), (T,), 1), m.NoteRef(1, 1), m.Strong((T,), 1))
    assert words_of(*title) == "论 $x$ 文（文）文"


def test_marks_of_quotations_can_be_told_from_an_authors_own() -> None:
    quoted = TextWriter(ISSUE).write(m.Quote((m.CodeBlock("> a\n> b", 1),), 1))
    assert quoted.replace(QUOTE_MARK, "") == "    > a\n    > b"


def test_a_han_character_takes_two_columns() -> None:
    assert width_of("Helm 发布") == 9
