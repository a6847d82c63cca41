"""The plain-text writer: readable without any markup, links numbered and listed."""

from __future__ import annotations

import pytest

from kanfa.issue import model as m
from kanfa.issue.model import Issue, Node, Reference, Text
from kanfa.text import TextWriter, width_of

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
    (m.Quote((P, m.Quote((P,), 1)), 1), "> 文\n\n> > 文".replace("\n\n", "\n\n")),
    (m.CodeBlock("if x:\n\ty", 1), "    if x:\n        y"),
    (m.Figure(m.Image("x.png", "字", 1), 1, (T,)), "[图：字]\n文"),
    (m.Details((T,), (P,), 1), "文\n\n文"),
    (m.Divider(1), "* * *"),
    (m.Note(1, (P, P), 1), "〔注1〕文\n\n    文"),
    (m.Section((Text("要闻", 1),), 1, "s1", (P,), (), 1), "要闻\n====\n\n文"),
    (m.Section((Text("组", 1),), 2, "s1-1", (), (), 1), "组\n--"),
    (m.Section((Text("小组", 1),), 3, "s1-1-1", (), (), 1), "小组"),
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


def test_a_han_character_takes_two_columns() -> None:
    assert width_of("Helm 发布") == 9
