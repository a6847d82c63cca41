"""Foreign issues become canonical ones, and say what was decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from kanfa.desk import import_rules, importing
from kanfa.desk.importing import Imported
from kanfa.errors import SourceError
from kanfa.findings import Rule
from kanfa.issue import reader
from kanfa.issue.model import text_of

PLAIN = """---
title: 周报
date: 2024-04-23
language: zh-CN
---

## 要闻

- [Helm](https://helm.sh/) 发布了新版本。
"""


def imported(text: str | bytes, file: str = "weekly.md", number: int | None = 7, **options: object) -> Imported:
    """Import one text as issue 7."""
    data = text.encode() if isinstance(text, str) else text
    return importing.convert(importing.understand(data, file), number=number, **options)  # type: ignore[arg-type]


def said(result: Imported) -> list[tuple[str, int]]:
    """Rule and line of each decision, but for the number that this file always gets."""
    return [(one.rule.id, one.line) for one in result.findings if one.rule is not import_rules.NUMBER_GIVEN]


def test_a_canonical_issue_changes_in_nothing_but_its_number() -> None:
    result = imported(PLAIN)
    assert said(result) == []
    before, after = reader.read(PLAIN).issue, reader.read(result.text).issue
    assert (after.title, after.date, after.number) == (before.title, before.date, 7)
    assert [text_of(one) for one in after.sections] == [text_of(one) for one in before.sections] != []
    assert [link.href for link in after.links()] == [link.href for link in before.links()] == ["https://helm.sh/"]
    assert result.text.startswith("---\nnumber: 7\ntitle: 周报\ndate: 2024-04-23\n")
    assert result.text.endswith("## 要闻\n\n- [Helm](https://helm.sh/) 发布了新版本。\n")


CASES: list[tuple[str, str | bytes, Rule, int, str]] = [
    ("GBK is decoded", PLAIN.encode("gb18030"), import_rules.ENCODING, 1, "发布了新版本"),
    ("UTF-16 is decoded", PLAIN.encode("utf-16"), import_rules.ENCODING, 1, "发布了新版本"),
    ("a byte order mark is taken out", b"\xef\xbb\xbf" + PLAIN.encode(), import_rules.ENCODING, 1, "---\nnumber"),
    ("carriage returns are taken out", PLAIN.replace("\n", "\r\n"), import_rules.ENCODING, 1, "## 要闻\n"),
    (
        "TOML becomes YAML",
        '+++\ntitle = "周报"\nlanguage = "zh-CN"\n+++\n\n正文。\n',
        import_rules.FRONT_MATTER, 1, "title: 周报\n",
    ),
    ("Pelican's lines become YAML", "Title: 周报\nLang: zh\n\n正文。\n", import_rules.FRONT_MATTER, 1, "title: 周报\n"),
    (
        "YAML that is none is read line by line",
        "---\ntitle: 周报: 第一期\nlang: zh\n---\n\n正文。\n",
        import_rules.FRONT_MATTER_REPAIRED, 2, "title: '周报: 第一期'\n",
    ),
    (
        "a fence that is never closed ends at the blank line",
        "---\ntitle: 周报\nlang: zh\n\n正文。\n",
        import_rules.FRONT_MATTER_REPAIRED, 1, "title: 周报\n",
    ),
    (
        "an unknown field is kept as a comment",
        PLAIN.replace("title:", "layout: post\ntitle:"),
        import_rules.FIELD_KEPT, 2, "# layout: post\n",
    ),
    ("a level 1 heading becomes the title", "# 周报\n\n正文。\n", import_rules.TITLE_MOVED, 1, "title: 周报\n"),
    (
        "sections of level 1 go one level down",
        PLAIN.replace("## 要闻", "# 要闻\n\n甲\n\n二级\n---\n\n乙\n\n# 其他"),
        import_rules.HEADINGS_MOVED, 7, "## 要闻\n\n甲\n\n### 二级\n\n\n乙\n\n## 其他\n",
    ),
    (
        "a figure of Hugo becomes a picture",
        PLAIN + '\n{{< figure src="https://example.org/a.png" alt="图" caption="说明" >}}\n',
        import_rules.SHORTCODE, 11, '![图](<https://example.org/a.png> "说明")\n',
    ),
    (
        "code of Jekyll becomes a fence",
        PLAIN + "\n{% highlight go %}\nfmt.Println()\n{% endhighlight %}\n",
        import_rules.SHORTCODE, 11, "```go\nfmt.Println()\n",
    ),
    (
        "a tag nobody knows stays, with a warning",
        PLAIN + "\n{{< gallery one two >}}\n",
        import_rules.SHORTCODE_LEFT, 11, "{{< gallery one two >}}",
    ),
    (
        "a picture that is not there stays, with a warning",
        PLAIN + "\n![图](gone.png)\n",
        import_rules.PICTURE_MISSING, 11, "![图](gone.png)",
    ),
    (
        "an English text is marked as such",
        PLAIN.replace("language: zh-CN\n", "").replace("发布了新版本", "was released with many new features, " * 5)
        .replace("要闻", "News").replace("周报", "Weekly"),
        import_rules.LANGUAGE_GUESSED, 1, "language: en\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rule", "line", "holds"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_each_decision_is_reported_once(text: str | bytes, rule: Rule, line: int, holds: str) -> None:
    result = imported(text)
    assert said(result) == [(rule.id, line)]
    assert holds in result.text
    assert result.complete


def test_a_number_is_reported_when_the_file_does_not_give_it_as_a_field() -> None:
    def lines(text: str) -> list[str]:
        return [one.message for one in imported(text).findings if one.rule is import_rules.NUMBER_GIVEN]

    assert lines(PLAIN) == ["the file names no number; it became issue 7"]
    assert lines(PLAIN.replace("周报", "周报第 7 期")) == ["the number 7 was taken from title or file name"]
    assert lines(PLAIN.replace("title:", "number: 3\ntitle:")) == ["the file says 3; it became issue 7"]
    assert lines(PLAIN.replace("title:", "number: 7\ntitle:")) == []


def test_pictures_and_links_are_named_anew_where_they_are_known() -> None:
    text = PLAIN + "\n![图](/img/a.png) 与 [旧文](/posts/1)，`[旧文](/posts/1)`\n"
    result = imported(text, base="https://example.org/", found={"/img/a.png": "images/a.png"}.get)
    assert said(result) == [("IMP010", 11), ("IMP012", 11)]
    assert "![图](images/a.png) 与 [旧文](https://example.org/posts/1)，`[旧文](/posts/1)`" in result.text


def test_code_is_never_translated() -> None:
    text = PLAIN + '\n```\n{{< figure src="x.png" >}}\n# 不是标题\n```\n'
    assert imported(text).text.endswith('```\n{{< figure src="x.png" >}}\n# 不是标题\n```\n')


def test_what_would_be_lost_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parity compares the new issue with the foreign one, whatever a step of ours did to it."""
    monkeypatch.setattr("kanfa.desk.foreign.translate_tags", lambda body: body.lines.__setitem__(8, "- 空"))
    result = imported(PLAIN)
    assert not result.complete
    assert {("IMP013", 9)} == set(said(result))


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(SourceError):
        imported(b"\x89PNG\r\n\x1a\n\x00\x00")


def test_the_earliest_issue_comes_first() -> None:
    files = [("b.md", "Title: b\nDate: 2024-02-01\n\nx\n"), ("a.md", "Title: a\nDate: 2024-01-01\n\nx\n")]
    numbered = ("c.md", "Title: c\nNumber: 3\n\nx\n")
    understood = [importing.understand(text.encode(), name) for name, text in [*files, numbered]]
    assert importing.order(understood) == [2, 1, 0]


def test_every_file_of_the_corpus_is_imported_complete(corpus: list[Path]) -> None:
    for path in corpus:
        result = imported(path.read_bytes(), path.name, number=1)
        assert result.complete, path.name
        assert reader.read(result.text).issue.title


@pytest.mark.parametrize(
    ("text", "holds", "lacks"),
    [
        ("`[a](b.html)` [a](b.html)", "`[a](b.html)` [a](https://s.example/b.html)", ""),
        ("```\n[a](b.html)\n```\n[a](b.html)", "```\n[a](b.html)\n```\n[a](https://s.example/b.html)", ""),
        ("[a](b\\_c.html)", "[a](https://s.example/b_c.html)", "b\\_c"),
        ("[a](b&amp;c.html)", "[a](https://s.example/b&c.html)", "&amp;"),
        ("[a](<b c.html>)", "[a](<https://s.example/b c.html>)", ""),
        ("[a](//[x) [b](http://[x)", "[a](//[x) [b](http://[x)", ""),
        ("[a]({filename}b.md)", "[a]({filename}b.md)", "s.example"),
    ],
)
def test_an_address_is_found_as_it_is_written_and_never_in_code(text: str, holds: str, lacks: str) -> None:
    result = imported(PLAIN + "\n" + text + "\n", base="https://s.example/")
    assert result.complete
    assert holds in result.text
    assert not lacks or lacks not in result.text


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('{{< figure\n  src="a.png"\n  title="图"\n>}}', '![图](<a.png> "图")'),
        ('{{< figure src="a.png" title="图 "引" 题" >}}', 'title="图 "引" 题"'),
        ('{{< figure src="a.png" link="https://a.example/" >}}', "[![](<a.png>)](<https://a.example/>)"),
        ('{{ youtube(id="abc") }}', "<https://www.youtube.com/watch?v=abc>"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("`{{< figure src=a >}}`", "`{{< figure src=a >}}`"),
        ("{{< highlight go >}}\n没有结尾", "{{< highlight go >}}\n没有结尾"),
        ("字 {{< highlight go >}}x{{< /highlight >}} 字", "{{< highlight go >}}x{{< /highlight >}}"),
        ("{{< highlight md >}}\n```\nx\n```\n{{< /highlight >}}", "````md\n```\nx\n```\n````"),
    ],
)
def test_a_tag_becomes_markdown_only_when_no_word_of_it_is_lost(text: str, holds: str) -> None:
    result = imported(PLAIN + "\n" + text + "\n")
    assert result.complete
    assert holds in result.text


def test_a_picture_that_stands_in_html_is_reported() -> None:
    """Even when the same file is named in Markdown, whose address alone becomes another one."""
    result = imported(
        PLAIN + '\n![图](a.png)\n\n<img src="a.png" alt="又">\n', found=lambda written: f"images/{written}"
    )
    assert ("IMP011", 13) in said(result)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(SourceError, match="the file is empty"):
        imported("\n \n")


def test_a_file_with_too_much_in_it_is_refused_at_the_line_of_the_foreign_file() -> None:
    text = "# 周报\n\n" + "".join(f"[{n}](x{n}.html)\n\n" for n in range(2001))
    with pytest.raises(SourceError) as caught:
        imported(text, base="https://s.example/")
    assert caught.value.place.line == 4003


def test_the_address_of_an_earlier_issue_that_is_none_is_kept_as_a_comment() -> None:
    result = imported("---\ntitle: 周报\nprevious: [{number: 1, title: 旧, url: 'http://[x'}]\n---\n\n正文。\n")
    assert "http://[x" in result.text


def test_a_picture_and_a_link_of_one_address_are_told_apart() -> None:
    text = PLAIN + "\n[看](a.png) 和 ![图](a.png)\n"
    made = imported(text, base="https://old.example.org/post/", found={"a.png": "images/a.png"}.get).text
    assert "[看](https://old.example.org/post/a.png) 和 ![图](images/a.png)" in made


def test_a_video_tag_whose_words_would_be_lost_stays() -> None:
    assert 'title="重要说明"' in imported(PLAIN + '\n{{< youtube id="abc" title="重要说明" >}}\n').text
