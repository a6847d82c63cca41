"""`kanfa fix`: only what is safe, only where it stands, and never twice."""

from __future__ import annotations

import stat
from collections import Counter
from pathlib import Path

import click.testing
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kanfa.cli.fix import fix
from kanfa.desk.fix import FIXABLE, Edit, apply, difference, fixed, plan, text_of_file, write
from kanfa.errors import SourceError, UsageError
from kanfa.issue.lint import lint
from kanfa.issue.model import Code, CodeBlock, Link, Text
from kanfa.issue.reader import read
from kanfa.publication import LintSettings, Publication

HEAD = "---\ntitle: 题\nnumber: 9\nsummary: 摘要\n---\n"
PUBLICATION = Publication(name="n", glossary={"小程序": ("小程式",)})


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ("甲,乙(丙)丁", "甲，乙（丙）丁", ["ISS071"] * 3),
        ("甲(乙)。", "甲（乙）。", ["ISS071"] * 2),
        ("甲(b)乙 甲(乙", "甲(b)乙 甲(乙", []),
        ("a\u200bb\u00a0c", "ab c", ["ISS072"] * 2),
        ("a \u00a0b", "a b", ["ISS072", "ISS125"]),
        ("甲, a", "甲，a", ["ISS123"] * 2),
        ("用 Github、小程式", "用 GitHub、小程序", ["ISS120", "ISS121"]),
        ("第９期...完...", "第9期……完……", ["ISS111", "ISS114", "ISS114"]),
        ("[a](http://github.com/x?utm_source=y&z=1#f)", "[a](https://github.com/x?z=1#f)", ["ISS036", "ISS101"]),
        ("[a]\n\n[a]: <https://a.org?spm=1>", "[a]\n\n[a]: <https://a.org>", ["ISS036"]),
        ("https://a.org/?utm_source=y。", "https://a.org/。", ["ISS036"]),
        ("[a](http://a.org//b) [c](https://a.org)", "[a](http://a.org//b) [c](https://a.org)", []),
        ("甲**,**乙", "甲**，**乙", ["ISS071"]),
    ],
)
def test_what_is_safe_is_changed(before: str, after: str, rules: list[str]) -> None:
    result = fixed(HEAD + before, "issue.md", PUBLICATION)
    assert result.text == HEAD + after
    assert sorted(edit.rule for edit in result.edits) == sorted(rules)
    assert fixed(result.text, "issue.md", PUBLICATION).edits == ()


@pytest.mark.parametrize(
    "body",
    [
        "`甲,乙  Github`\n\n```\n甲,乙 http://github.com\n```\n\n    甲,乙",
        "[a](甲,乙) <!-- 甲,乙 --> <kbd>甲,乙</kbd> 甲\\,乙 甲&#44;乙 $a,b$",
        '<a href="http://github.com/">a</a>',
        "https://a.org/甲 kubernetes/kubernetes#1 github.com/x @github",
        "\u200b- 甲\n\n\u00a0\u00a0- 乙\n\n\u200b# 丙",
        "甲,乙 <!-- kanfa: allow ISS071 because 原文如此 -->",
        "goruntine 的的（甲 甲，，乙 [这里](https://a.org)",
    ],
)
def test_what_is_no_prose_or_no_clear_case_stays_as_it_is(body: str) -> None:
    assert plan(HEAD + body, "issue.md", PUBLICATION) == []


def test_a_change_that_would_make_a_footnote_is_left_out_and_the_others_are_made() -> None:
    source = f"{HEAD}甲[^\u200b1]乙,丙[^1]\n\n１. 丁\n\n[^1]: 戊\n"
    result = fixed(source, "issue.md", None)
    assert result.text == source.replace(",", "，")
    assert [edit.rule for edit in result.edits] == ["ISS071"]


def test_title_and_summary_change_only_by_the_rules_that_read_them() -> None:
    source = "---\ntitle: 甲,乙 Github ...\nnumber: 9\nsummary: '丙:丁'\nauthors: [甲,乙]\n---\na"
    assert fixed(source, "issue.md", None).text == source.replace("甲,乙 G", "甲，乙 G").replace("丙:丁", "丙：丁")


def test_line_ends_and_byte_order_mark_stay_as_they_are() -> None:
    source = "\ufeff" + HEAD.replace("\n", "\r\n") + "甲,乙\r丙,丁\r\n\n戊,己"
    assert fixed(source, "issue.md", None).text == source.replace(",", "，")


def test_only_the_named_rules_are_followed_and_those_switched_off_are_not() -> None:
    source = f"{HEAD}甲,乙 Github"
    off = Publication(name="n", lint=LintSettings(off=("ISS071",)))
    assert fixed(source, "issue.md", None, ["ISS071"]).text == f"{HEAD}甲，乙 Github"
    assert fixed(source, "issue.md", off).text == f"{HEAD}甲,乙 GitHub"


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([Edit(1, 0, "ab", "x", "A"), Edit(1, 1, "bc", "y", "B")], "overlap on line 1"),
        ([Edit(1, 0, "a", "x", "A"), Edit(1, 0, "a", "y", "B")], "overlap on line 1"),
        ([Edit(1, 1, "a", "x", "A")], "“a” is not there"),
        ([Edit(7, 0, "a", "x", "A")], "line 7"),
    ],
)
def test_changes_that_overlap_or_miss_their_place_are_refused(edits: list[Edit], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        apply("abc", edits)


def test_every_rule_that_can_be_fixed_leaves_no_finding_of_its_kind() -> None:
    source = f"{HEAD}甲,乙 a\u200bb 第９期 完... Github 甲,a b  c [a](http://github.com/?utm_x=1) 小程式"
    wanted = {rule.id for rule in FIXABLE}
    assert {f.rule.id for f in lint(read(source).issue, PUBLICATION)} >= wanted
    after = fixed(source, "issue.md", PUBLICATION).text
    assert not {f.rule.id for f in lint(read(after).issue, PUBLICATION)} & wanted


PIECES = st.sampled_from(
    [
        "甲,乙",
        "丙:",
        "（",
        "(",
        ")",
        "a",
        " ",
        "  ",
        "\n",
        "\n\n",
        "**",
        "`",
        "[a](http://github.com/?utm_x=1)",
        "- ",
        "> ",
        "# ",
        "| ",
        "|-|\n",
        "\u200b",
        "\u00a0",
        "\t",
        "１．",
        "１. ",
        "...",
        "Github",
        "```\n",
        "    ",
        "https://a.org?spm=1",
        "<kbd>",
        "</kbd>",
        "\\",
        "&amp;",
        ":::note\n",
        ":::\n",
        "{字|zì}",
        "$x,y$",
        "[r]\n",
        "[r]: https://c.org?fbclid=1\n",
        "<td>",
        "~~",
        "! [ ]",
        "- [x] ",
    ]
)


@settings(max_examples=120, deadline=None)
@given(st.lists(PIECES, max_size=20))
def test_code_links_and_lines_survive_and_a_second_run_finds_nothing(pieces: list[str]) -> None:
    source = HEAD + "".join(pieces)
    try:
        before = read(source).issue
    except SourceError:
        return
    result = fixed(source, "issue.md", None)
    after = read(result.text).issue
    assert [(n.text, n.line) for n in before.walk() if isinstance(n, Code | CodeBlock)] == [
        (n.text, n.line) for n in after.walk() if isinstance(n, Code | CodeBlock)
    ]
    kinds = [[type(n) for n in issue.walk() if not isinstance(n, Text)] for issue in (before, after)]
    assert kinds[0] == kinds[1]
    assert Counter(link.host for link in before.links()) == Counter(link.host for link in after.links())
    assert result.text.count("\n") == source.count("\n")
    assert fixed(result.text, "issue.md", None).edits == ()


def test_real_issues_keep_their_links_and_code(corpus: list[Path]) -> None:
    for path in corpus:
        source = path.read_text("utf-8")
        result = fixed(source, path.name, None)
        issues = [read(text, path.name).issue for text in (source, result.text)]
        codes = [[n.text for n in i.walk() if isinstance(n, Code | CodeBlock)] for i in issues]
        hosts = [[n.host for n in i.walk() if isinstance(n, Link)] for i in issues]
        assert codes[0] == codes[1]
        assert hosts[0] == hosts[1]
        assert fixed(result.text, path.name, None).edits == ()


# ---------------------------------------------------------------- the file


def test_the_file_is_replaced_at_once_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "issue.md"
    path.write_bytes(b"a")
    path.chmod(0o640)
    write(path, b"a", "乙\r\n")
    assert path.read_bytes() == "乙\r\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [child.name for child in tmp_path.iterdir()] == ["issue.md"]


def test_a_file_that_changed_in_the_meantime_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "issue.md"
    path.write_bytes(b"b")
    with pytest.raises(UsageError, match="changed in the meantime"):
        write(path, b"a", "c")
    assert path.read_bytes() == b"b"


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "issue.md", tmp_path / "link.md"
    path.write_bytes(b"a")
    link.symlink_to(path)
    write(link, b"a", "b")
    assert (link.is_symlink(), path.read_bytes()) == (True, b"b")


def test_a_file_that_is_no_text_is_refused_as_the_reader_does() -> None:
    with pytest.raises(SourceError, match="UTF-8"):
        text_of_file("甲".encode("gbk"), "issue.md")


def test_the_difference_is_a_unified_diff() -> None:
    assert difference("a\r\nb\r\n", "a\r\nc\r\n", "x.md") == "--- a/x.md\n+++ b/x.md\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n \n"
    assert difference("a", "a", "x.md") == ""


# ---------------------------------------------------------------- the command


def run(*words: str) -> click.testing.Result:
    return click.testing.CliRunner().invoke(fix, words, standalone_mode=False, catch_exceptions=True)


def test_the_command_shows_a_diff_and_changes_nothing_until_it_is_told_to(tmp_path: Path) -> None:
    path = tmp_path / "issue.md"
    path.write_text(f"{HEAD}甲,乙\n", "utf-8")
    shown = run(str(path))
    assert shown.exit_code == 0
    assert "-甲,乙\n+甲，乙\n" in shown.output
    assert "1 change to make; --write makes them: ISS071 punct-halfwidth ×1" in shown.output
    assert "甲,乙" in path.read_text("utf-8")
    assert "1 change made" in run(str(path), "--write").output
    assert path.read_text("utf-8") == f"{HEAD}甲，乙\n"
    assert "nothing to change" in run(str(path), "--write").output


def test_a_rule_without_safe_change_is_named_with_those_that_have_one(tmp_path: Path) -> None:
    (tmp_path / "issue.md").write_text("a", "utf-8")
    refused = run(str(tmp_path / "issue.md"), "--rule", "ISS001")
    assert isinstance(refused.exception, UsageError)
    assert "ISS071" in str(refused.exception)


def test_a_correction_that_cannot_be_written_leaves_no_draft_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even when it is interrupted in the middle: the file is the old one, and alone."""
    path = tmp_path / "issue.md"
    path.write_bytes(b"a")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(path, b"a", "b")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("issue.md", b"a")]
