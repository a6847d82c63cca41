"""What is said about pictures, in Chinese: every fault has its sentence, also when it befalls the cover."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kanfa.issue import picture_rules
from kanfa.issue.assets import load_assets
from kanfa.issue.model import Figure, Image, Issue
from kanfa.issue.picture_rules import IMAGE_SVG, RULES, Unusable
from kanfa.issue.vector import drawing
from kanfa.messages import translator

CHINESE = translator("zh")
ADVICE = {"ISS068", "ISS069"}
"""Rules about pictures that are used all the same; what they say is never a fault of the cover."""


def _strings(nodes: list[ast.stmt], name: str) -> Iterator[str]:
    for node in (part for top in nodes for part in ast.walk(top)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            assert isinstance(node.value, ast.Constant)
            yield str(node.value.value)


def said(root: Path) -> Iterator[tuple[str, str]]:
    """Rule id and template of every `Unusable` of these rules and every `_fault` of a drawing."""
    rules = {name: rule.id for name, rule in vars(picture_rules).items() if rule in RULES}
    for module in ("assets", "sniff", "vector"):
        tree = ast.parse((root / f"kanfa/issue/{module}.py").read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if not isinstance(call.func, ast.Name) or function.name == "_fault":
                    continue
                if call.func.id == "_fault":
                    assert isinstance(call.args[0], ast.Constant)
                    yield IMAGE_SVG.id, f"picture “{{src}}” {call.args[0].value}"
                elif call.func.id == "Unusable":
                    rule, words = call.args
                    assert isinstance(rule, ast.Name)
                    if rule.id not in rules:
                        continue
                    if isinstance(words, ast.Name):
                        yield from ((rules[rule.id], text) for text in _strings(function.body, words.id))
                    else:
                        assert isinstance(words, ast.Constant)
                        yield rules[rule.id], str(words.value)


def test_every_fault_has_its_chinese_sentence_also_as_one_of_the_cover(root: Path) -> None:
    """The cover has a rule of its own, under which every fault of a picture may be told."""
    found = set(said(root))
    assert {rule for rule, _ in found} == {rule.id for rule in RULES} - {"ISS065"}
    assert [pair for pair in sorted(found) if pair[1] not in CHINESE.words[pair[0]].messages] == []
    faults = {template for rule, template in found if rule not in ADVICE}
    assert faults == set(CHINESE.words["ISS065"].messages)


def test_the_limits_are_the_same_numbers_in_chinese() -> None:
    """They stand in the English sentences as expressions, in the catalogue as digits."""
    one, all_of_them = CHINESE.words["ISS064"].reason, CHINESE.words["ISS066"].reason
    for wanted in (
        f"{picture_rules.MAX_BYTES // 1024**2} MB",
        f"{picture_rules.MAX_PIXELS // 10_000} 万像素",
        f"WebP {picture_rules.MAX_WEBP_PIXELS // 10_000} 万",
        f"合计 {picture_rules.MAX_MOVING_PIXELS // 100_000_000} 亿",
    ):
        assert wanted in one
    assert f"{picture_rules.MAX_TOTAL_BYTES // 1024**2} MB" in all_of_them


def test_a_missing_picture_and_a_missing_cover_are_told_in_chinese(tmp_path: Path) -> None:
    issue = Issue("题", "issue.md", preamble=(Figure(Image("a.png", "字", 3), 3),), cover=Image("b.png", "封面", 2))
    _, findings = load_assets(issue, tmp_path)
    assert [CHINESE.finding(finding).message for finding in findings] == [
        "图片“a.png”不存在",
        "封面图片“b.png”不存在",
    ]


def test_the_caret_stands_under_the_address_of_the_picture(tmp_path: Path) -> None:
    issue = Issue("题", "issue.md", preamble=(Figure(Image("图/a.png", "字", 1), 1),))
    _, findings = load_assets(issue, tmp_path)
    assert findings[0].located("issue.md", ["见 ![字](图/a.png)"]).column == 8


def test_a_fault_of_a_drawing_says_what_and_where_in_chinese() -> None:
    with pytest.raises(Unusable) as caught:
        drawing(b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4">\n<script/></svg>')
    template = CHINESE.words["ISS067"].messages[caught.value.template]
    assert template.format_map(caught.value.values | {"src": "a.svg"}) == "图片“a.svg”的文件第 2 行含有 <script>"
