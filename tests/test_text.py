"""The plain-text writer: readable without any markup, links numbered and listed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kanfa.issue import model as m
from kanfa.issue.model import Issue, Node, Reference, Text
from kanfa.issue.references import references_of
from kanfa.text import COLUMNS, QUOTE_MARK, TextWriter, width_of, words_of

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
    (m.Quote((P, m.Quote((P,), 1)), 1), ">\u00a0文\n>\u00a0\n>\u00a0>\u00a0文"),
    (m.CodeBlock("if x:\n\ty", 1), "    if x:\n        y"),
    (m.Figure(m.Image("x.png", "字", 1), 1, (T,)), "[图：字]\n文"),
    (m.Details((T,), (P,), 1), "文\n\n文"),
    (m.Divider(1), "* * *"),
    (m.Note(1, (P, P), 1), "〔注1〕文\n\n    文"),
    (m.Section((Text("要闻", 1),), 1, "s1", (P,), (), 1), "要闻\n====\n\n文"),
    (m.Section((m.Math("x^2", 1),), 1, "s1", (P,), (), 1), "$x^2$\n=====\n\n文"),
    (m.Section((Text("组", 1),), 2, "s1-1", (), (), 1), "组\n--"),
    (m.Section((Text("小组", 1),), 3, "s1-1-1", (), (), 1), "■ 小组"),
    (m.Math("x^2", 1), "$x^2$"),
    (m.MathBlock("x\n+ y", 1), "    $$x\n    + y$$"),
    (m.Ruby((T,), (Text("wén", 1),), 1), "文（wén）"),
    (m.Callout("caution", (P, P), 1), "【当心】\n|\u00a0文\n|\u00a0\n|\u00a0文"),
    (m.Callout("caution", (P,), 1, (Text("题", 1),)), "【当心：题】\n|\u00a0文"),
    (m.Callout("tip", (), 1, (Text("提示一二", 1),)), "【提示一二】"),
    (m.Only(("email",), (P, P), 1), "文\n\n文"),
    (m.List((m.Item((P,), 1, True), m.Item((P, P), 1, False)), 1), "☑ 文\n☐ 文\n  文"),
    (m.List((m.Item((P,), 1, True),), 1, start=2), "2. ☑ 文"),
    (m.List((m.Item((m.Lead(LINK, 1), P), 1),), 1), "• Helm\n  <https://helm.sh/>\n  文"),
    (m.List((m.Item((m.Lead(LINK, 1, (T,)), P), 1),), 1), "• Helm\n  <https://helm.sh/>\n  来源：文\n  文"),
    (m.QrCode(LINK, 1), "Helm\n<https://helm.sh/>"),
    (m.CodeBlock("x", 1, "", (1,), "a.py"), "a.py：\n    x"),
]


@pytest.mark.parametrize(("node", "text"), WRITTEN, ids=lambda value: type(value).__name__)
def test_each_kind_of_node_reads_well_as_plain_text(node: Node, text: str) -> None:
    assert TextWriter(ISSUE).write(node) == text


def cells(*texts: str, align: m.Align = "", header: bool = False, colspan: int = 1, rowspan: int = 1) -> m.Row:
    """A row of cells that are all alike."""
    made = (m.Cell((Text(text, 1),) if text else (), 1, align, header, colspan, rowspan) for text in texts)
    return m.Row(tuple(made), 1)


def test_a_table_is_aligned_by_the_columns_its_characters_take_and_has_a_rule_below_its_head() -> None:
    head = cells("名", "版本", header=True)
    body = (cells("Helm", "3"), cells("云原生", "3.0.0"))
    table = m.Table((head,), body, 1, (Text("表一", 1),))
    assert TextWriter(ISSUE).write(table).split("\n") == [
        "表一",
        "名     | 版本",
        "-------+------",
        "Helm   | 3",
        "云原生 | 3.0.0",
    ]


def test_columns_of_a_table_are_set_right_or_in_the_middle_as_the_editor_wants() -> None:
    rows = (
        m.Row((*cells("1", align="right").cells, *cells("中", align="center").cells, *cells("x").cells), 1),
        m.Row((*cells("1,024", align="right").cells, *cells("600 px", align="center").cells, *cells("y").cells), 1),
    )
    assert TextWriter(ISSUE).write(m.Table((), rows, 1)).split("\n") == [
        "    1 |   中   | x",
        "1,024 | 600 px | y",
    ]


def test_cells_over_several_columns_and_rows_keep_the_others_in_their_columns() -> None:
    over = m.Row((*cells("两行", rowspan=2).cells, *cells("横跨两栏的话", colspan=2).cells), 1)
    table = m.Table((), (over, cells("a", "b"), cells("1", "2", "3")), 1)
    assert TextWriter(ISSUE).write(table).split("\n") == [
        "两行 | 横跨两栏的话",
        "     | a | b",
        "1    | 2 | 3",
    ]


def test_a_table_too_wide_for_the_text_is_told_row_by_row() -> None:
    """Heads first, once; then each row with the head before each cell. Nothing is torn apart, empty cells are left
    out."""
    head = cells("组件", "说明", "备注", header=True)
    body = (cells("etcd", "存" * 40, ""), cells("Helm", "包管理", "可选"))
    assert TextWriter(ISSUE).write(m.Table((head,), body, 1)).split("\n") == [
        "组件 | 说明 | 备注",
        "------------------",
        "",
        "组件：etcd",
        f"说明：{'存' * 32}",
        f"  {'存' * 8}",
        "",
        "组件：Helm",
        "说明：包管理",
        "备注：可选",
    ]


def test_only_addresses_that_do_not_stand_beside_their_words_are_numbered() -> None:
    """A lead's address is below it, a bare one is itself; the rest are numbered without gaps."""
    bare = m.Link("https://bare.example/", (Text("https://bare.example/", 1),), 1)
    plain = m.Link("https://plain.example/", (Text("文", 1),), 1)
    lead = m.Item((m.Lead(LINK, 1), P), 1)
    issue = Issue("题", "i.md", preamble=(m.List((lead,), 1), m.Paragraph((bare, plain), 1)))
    issue = replace(issue, references=references_of(issue))
    writer = TextWriter(issue)
    assert writer.blocks(issue.preamble) == ("• Helm\n  <https://helm.sh/>\n  文\n\n<https://bare.example/>文[1]")
    assert writer.reference_list() == "[1] <https://plain.example/>"


def test_an_address_that_is_a_leads_and_another_links_too_keeps_its_number() -> None:
    issue = Issue("题", "i.md", preamble=(m.List((m.Item((m.Lead(LINK, 1), P), 1),), 1), m.Paragraph((LINK,), 1)))
    issue = replace(issue, references=references_of(issue))
    assert "Helm[1]" in TextWriter(issue).blocks(issue.preamble)
    assert TextWriter(issue).reference_list() == "[1] <https://helm.sh/>"


def test_an_issue_in_another_language_has_marks_of_its_own() -> None:
    writer = TextWriter(Issue("T", "i.md", language="en"))
    nodes = (m.Image("x.png", "type", 1), m.NoteRef(1, 1), m.Deleted((Text("old", 1),), 1), m.Image("y.png", "", 1))
    assert writer.inlines(nodes) == "[Image: type][note 1](deleted: old)[Image: Picture]"
    assert writer.write(m.Callout("tip", (), 1)) == "[Tip]"
    assert writer.write(m.Note(1, (m.Paragraph((Text("It.", 1),), 1),), 1)) == "[note 1] It."


def test_what_stands_in_lists_and_quotations_is_wrapped_to_the_room_there_is() -> None:
    long = m.Paragraph((Text("字" * 40, 1),), 1)
    quoted = m.Quote((m.List((m.Item((long,), 1),), 1),), 1)
    assert TextWriter(ISSUE).write(quoted).split("\n") == [
        f"{QUOTE_MARK}• {'字' * 34}",
        f"{QUOTE_MARK}  {'字' * 6}",
    ]
    assert all(width_of(line) <= COLUMNS for line in TextWriter(ISSUE).write(quoted).split("\n"))


def test_short_code_in_a_line_stays_in_one_piece() -> None:
    line = m.Paragraph((Text("字" * 30, 1), m.Code("helm repo update", 1), Text("。", 1)), 1)
    assert TextWriter(ISSUE).write(line) == f"{'字' * 30}\nhelm repo update。"


def test_code_is_never_wrapped() -> None:
    code = "x = " + "1 + " * 40 + "1"
    assert TextWriter(ISSUE).write(m.CodeBlock(code, 1)) == f"    {code}"


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
