"""What the PDF room says, in Chinese: each sentence under each rule that may speak it."""

from __future__ import annotations

import ast
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pdf_samples import paragraph, small_issue

from kanfa.messages import translator
from kanfa.pdf import rules
from kanfa.pdf.anatomy import Anatomy
from kanfa.pdf.check_metadata import check_source, check_title
from kanfa.pdf.checks import Edition, check_budgets
from kanfa.pdf.limits import PdfLimits
from kanfa.pdf.records import findings_of
from kanfa.publication import Publication

CHINESE = translator("zh")
CHOSEN = {
    "check_profiles": {"PDF001", "PDF002"},
    "findings_of": {"PDF004", "PDF005"},
    "missing_image": {"PDF015", "PDF016"},
    "_cover": {"PDF015", "PDF016"},
    "check_edges": {"PDF034", "PDF035"},
}
"""Functions that choose their rule as they run, and what they choose from."""
EMPTY = Anatomy(
    pages=2,
    body=1,
    language="",
    title="",
    shows_title=True,
    info={},
    packet=b"",
    boxes=(),
    untabbed=(),
    bookmarks=(),
    tags=(),
    links=(),
    fonts=(),
    attachments=(),
    local_paths=(),
    damage=(),
)
ISSUE = replace(small_issue(paragraph(5, "好")), title="周报", source="# 原稿\n")
EDITION = Edition(b"%PDF-1.7", EMPTY, ("", ""), (), "", ISSUE, Publication(), frozenset())


def _constants(function: ast.FunctionDef, template: ast.expr) -> set[str]:
    """The sentences that an argument of `Rule.at` may be."""
    if isinstance(template, ast.Constant):
        return {str(template.value)}
    assert isinstance(template, ast.Name), ast.unparse(template)
    values = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == template.id
    ]
    return {str(value.value) for value in values if isinstance(value, ast.Constant)}


def said(root: Path) -> Iterator[tuple[str, str]]:
    """Rule id and template of every finding of the room."""
    known = {name: {rule.id} for name, rule in vars(rules).items() if rule in rules.RULES}
    for path in sorted((root / "kanfa/pdf").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Attribute) and call.func.attr == "at":
                    spoken = _constants(function, call.args[1])
                    assert spoken, f"{path.name}:{call.lineno}"
                    name = ast.unparse(call.func.value).rpartition(".")[2]
                    chosen = CHOSEN[function.name] if name == "rule" else known[name]
                    yield from ((rule, words) for rule in chosen for words in spoken)


def test_every_sentence_has_a_chinese_one_under_its_rule(root: Path) -> None:
    """And the catalogue holds none that nobody says."""
    found = set(said(root))
    assert {rule for rule, _ in found} == {rule.id for rule in rules.RULES}
    assert found == {(rule.id, words) for rule in rules.RULES for words in CHINESE.words[rule.id].messages}


def test_findings_about_a_file_are_told_in_chinese() -> None:
    edition = replace(EDITION, limits=PdfLimits(max_pages=1, max_bytes=4))
    found = [*check_title(edition), *check_budgets(edition), *check_source(edition)]
    spoken = [CHINESE.finding(finding).message for finding in found]
    assert spoken[0] == "文件没有标明语言，本期是 zh-CN"
    assert spoken[2:4] == ["共 2 页，至多 1 页", "共 8 字节，至多 4 字节"]
    assert spoken[4] == f"没有附上本期原稿（{hashlib.sha256(ISSUE.source.encode()).hexdigest()[:12]}）"


def test_the_english_sentences_name_what_is_lacking() -> None:
    """A file without language and attachment is no file with an empty one."""
    found = [*check_title(EDITION), *check_source(EDITION)]
    assert found[0].message == "the file's language is none, the issue's zh-CN"
    assert found[-2].message.startswith("attached is nothing instead of the issue's text (")
    assert found[-1].message == "the issue's tree is not attached"


def test_words_of_the_engine_stay_as_they_are() -> None:
    """They come from a library; braces in them are no fields."""
    record = logging.makeLogRecord({"msg": "Ignored `a{b}` at 1:2, invalid", "levelno": logging.WARNING})
    [finding] = findings_of([record], ISSUE)
    assert finding.message == "Ignored `a{b}` at 1:2, invalid"
    assert CHINESE.finding(finding).message == "排版引擎报告：Ignored `a{b}` at 1:2, invalid"
