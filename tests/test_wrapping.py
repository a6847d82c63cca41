"""Lines of text by the columns they take: no word, number or address torn apart, no mark on the wrong end of a line."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest

from kanfa.wrapping import NO_END, NO_START, clusters, width_of, wrapped

FAMILY = "👩\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Helm 发布", 9),
        ("ＡＢ", 4),
        ("e\u0301", 1),
        ("\u0301", 0),
        ("a\u200bb\u00ad", 2),
        ("👍", 2),
        ("👍🏽", 2),
        ("❤", 1),
        ("❤\ufe0f", 2),
        (FAMILY, 2),
        ("🇨🇳🇩🇪", 4),
        ("각", 2),
        ("", 0),
    ],
)
def test_a_character_takes_the_columns_a_terminal_gives_it(text: str, columns: int) -> None:
    assert width_of(text) == columns


def test_what_readers_take_for_one_character_stays_one() -> None:
    assert list(clusters(f"e\u0301{FAMILY}🇨🇳🇩🇪👍🏽文")) == ["e\u0301", FAMILY, "🇨🇳", "🇩🇪", "👍🏽", "文"]


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("云原生生态周报", 6, ["云原生", "生态周", "报"]),
        ("云原生，生态", 6, ["云原", "生，生", "态"]),
        ("云原《生态》", 6, ["云原", "《生", "态》"]),
        ("发布Kubernetes版", 8, ["发布", "Kubernetes", "版"]),
        ("one two three", 8, ["one two", "three"]),
        ("见 https://example.org/a,b-c/d 页", 12, ["见", "https://example.org/a,b-c/d", "页"]),
        ("版本 1.24.0 与 1,024 个", 9, ["版本", "1.24.0 与", "1,024 个"]),
        ("２０１９年七月", 8, ["２０１９", "年七月"]),
        ("上游进展[12]发布", 8, ["上游进", "展[12]发", "布"]),
        ("上游进展〔注1〕", 8, ["上游进", "展〔注1〕"]),
        ("甲乙丙——丁", 6, ["甲乙", "丙——丁"]),
        ("甲乙丙……丁", 6, ["甲乙", "丙……丁"]),
        ("他说“好的”了", 6, ["他说", "“好的”", "了"]),
        ("a  b c", 3, ["a  b", "c"]),
        (f"{FAMILY}{FAMILY}{FAMILY}", 4, [f"{FAMILY}{FAMILY}", FAMILY]),
        ("一\n二三四", 4, ["一", "二三", "四"]),
        ("", 4, [""]),
    ],
)
def test_lines_are_broken_where_a_typesetter_would(text: str, columns: int, lines: list[str]) -> None:
    assert wrapped(text, columns).split("\n") == lines


def test_nothing_is_lost_and_no_mark_stands_on_the_wrong_end_of_a_line() -> None:
    """Five hundred random texts."""
    chance = random.Random(11)
    pieces = [
        "云",
        "原",
        "生",
        "，",
        "。",
        "《",
        "》",
        "“",
        "”",
        "Helm",
        "3.1",
        " ",
        "、",
        "（",
        "）",
        "👍🏽",
        "é",
        "——",
    ]
    for _ in range(500):
        text = "".join(chance.choice(pieces) for _ in range(chance.randrange(1, 120)))
        lines = wrapped(text, 20).split("\n")
        assert "".join("".join(lines).split()) == "".join(text.split())
        for before, after in pairwise(lines):
            assert after[:1] not in NO_START
            assert before[-1:] not in NO_END


@pytest.mark.parametrize("text", ["改了两处 - 项目", "乘号写作一个 * 星号", "见下文之第 12. 条"])
def test_no_line_begins_with_what_looks_like_the_marker_of_a_list(text: str) -> None:
    for columns in range(6, 20):
        assert not any(re.match(r"[-*] |\d+\. ", line) for line in wrapped(text, columns).split("\n")[1:])


def test_a_long_text_is_wrapped_in_one_pass() -> None:
    """A million characters, so that a quadratic step would be felt."""
    lines = wrapped("云原生 Kubernetes，" * 50_000, 72).split("\n")
    assert all(width_of(line) <= 72 for line in lines)
