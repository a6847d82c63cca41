"""Articles measured in Chromium: each fault is seen where it is, and what readers see is what is measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from wechat_values import picture_bytes

from kanfa import pipeline
from kanfa.browser import Browser
from kanfa.formats import installed
from kanfa.publication import Publication
from kanfa.wechat.layout.judging import judged
from kanfa.wechat.layout.limits import COLUMNS
from kanfa.wechat.layout.measuring import announced, measured, uploaded

LONG = "社区里每周都有许多新的事情发生，值得读者花一点时间了解。" * 6
WORD = "x" * 300
SCROLLER = '<section style="overflow-x:auto">{}</section>'
WIDE_ROW = "<tr>" + '<th style="white-space:nowrap">一列很长很长的名字</th>' * 8 + "</tr>"

ARTICLES: dict[str, tuple[str, list[str]]] = {
    "text that can be broken": (f"<p>{LONG}{WORD}</p>", []),
    "picture that fills the column on a phone alone": ('<p><img src="images/500.png" alt="图"></p>', ["WX041"]),
    "picture that fills it everywhere": ('<p><img src="images/500.png" alt="图" style="width:100%"></p>', []),
    "picture that fills it nowhere": ('<p><img src="images/200.png" alt="图"></p>', []),
    "picture that is meant so": ('<p><img src="images/500.png" alt="图" data-ignore-width="1"></p>', []),
    "uploaded picture": (
        '<p><img src="https://mmbiz.qpic.cn/x/0" data-w="500" data-ratio="0.5" alt=""></p>',
        ["WX041"],
    ),
    "box in pixels": ('<section style="width:500px"><p>字</p><p>字</p></section>', ["WX041"]),
    "box that passes the edge": ('<p style="width:50%;transform:translateX(120%)">字</p>', ["WX042"]),
    "block that is moved aside": (f'<p style="transform:translateX(30px)">{LONG}</p>', ["WX047"]),
    "box that a phone narrows": (
        f'<section style="padding:0 20px"><section style="width:360px">{LONG}</section></section>',
        ["WX043"],
    ),
    "pre that scrolls": (f'<pre style="overflow-x:auto">{WORD}</pre>', ["WX044"]),
    "pre that wraps": (f'<pre style="white-space:pre-wrap;word-break:break-all">{WORD}</pre>', []),
    "close lines": (f'<p style="line-height:.8">{LONG}</p>', ["WX045"]),
    "lines without height": (f'<p style="line-height:0">{LONG}</p>', ["WX045"]),
    "low box": (f'<section style="height:40px;overflow:hidden">{LONG}</section>', ["WX046"]),
    "low box that scrolls": (f'<section style="height:40px;overflow-y:auto">{LONG}</section>', []),
    "unbroken line": (f'<p style="white-space:nowrap">{WORD}</p>', ["WX047"]),
    "unbroken line that scrolls": (SCROLLER.format(f'<span style="white-space:nowrap">{WORD}</span>'), []),
    "wide table": (SCROLLER.format(f'<table style="margin:0;width:100%">{WIDE_ROW}</table>'), ["WX042"]),
    "wide table that is meant so": (
        SCROLLER.format(f'<table data-ignore-width="1" style="width:100%"><thead>{WIDE_ROW}</thead></table>'),
        [],
    ),
}
PICTURES = {f"images/{width}.png": picture_bytes(size=(width, 60)) for width in (200, 500)}


@pytest.fixture(scope="module")
def faults(browser: Browser) -> dict[str, list[str]]:
    """The rules that each of ARTICLES breaks; all of them are measured as one, each in a section of its own."""
    html = "".join(f"<section>{body}</section>" for body, _ in ARTICLES.values())
    layout = measured(f'<section style="font-size:16px;line-height:1.7">{html}</section>', PICTURES, browser)
    found = [(finding.element, finding.rule.id) for finding in judged(layout, lambda _: 1)]
    places = ["section>section", *(f"section>section[{number}]" for number in range(2, len(ARTICLES) + 1))]
    return {
        name: [rule for element, rule in found if element.startswith(f"{place}>")]
        for name, place in zip(ARTICLES, places, strict=True)
    }


@pytest.mark.parametrize("name", ARTICLES)
def test_each_fault_is_found_once_and_its_cure_is_silent(name: str, faults: dict[str, list[str]]) -> None:
    assert faults[name] == ARTICLES[name][1]


def test_the_page_is_the_readers_after_storage_and_editor(browser: Browser) -> None:
    """Position and calc() are dropped by storage, widths of cells by the editor, px widths clamped by the reader."""
    html = (
        '<section><p style="position:absolute;width:calc(50% + 3px)">字</p>'
        '<table><tbody><tr><td style="width:300px">一</td></tr></tbody></table><script>1</script></section>'
    )
    layout = measured(html, {}, browser)
    assert [(each.tag, each.width) for each in layout.elements if each.tag in {"p", "td", "script"}] == [
        ("p", ""),
        ("td", ""),
    ]


def test_every_column_is_as_wide_as_the_checkers_and_pictures_have_arrived(browser: Browser) -> None:
    layout = measured('<section><p>字</p><img src="images/200.png" alt="图"></section>', PICTURES, browser)
    assert [(column.right - column.left) for column in layout.columns.values()] == list(COLUMNS)
    assert {column.boxes[1].right for column in layout.columns.values()} == set(COLUMNS)
    assert {column.boxes[2].right for column in layout.columns.values()} == {200}
    assert [each.path for each in layout.elements] == ["section", "section>p", "section>img"]


def test_pictures_get_the_addresses_of_uploaded_ones_and_nothing_else_is_touched() -> None:
    html = '<section><img src="images/图 1.png" alt=\'a&amp;b\'><p style="color:&#39;red">字</p></section>'
    assert uploaded(html, {"images/图 1.png": b""}) == (
        '<section><img src="https://mmbiz.qpic.cn/images/%E5%9B%BE%201.png" alt="a&amp;b">'
        '<p style="color:&#39;red">字</p></section>'
    )


def test_a_picture_that_lies_at_wechat_gets_the_room_it_asks_for() -> None:
    stored = (
        '<img data-src="https://mmbiz.qpic.cn/a" data-w="90" data-ratio="0.5">'
        '<img data-src="https://mmbiz.qpic.cn/b" data-w="0"><img data-src="https://mmbiz.qpic.cn/c" data-w="99999999">'
    )
    assert list(announced(stored)) == ["https://mmbiz.qpic.cn/a"]


# ---------------------------------------------------------------- our own articles

HARD = """\
---
title: 版面压力测试
number: 7
date: 2026-01-05
summary: 一句话。
authors: [张三]
---

## 图片

![大](images/500.png)

行内 ![小](images/200.png) 图。

- 列表

  ![列](images/373.png)

> ![引](images/373.png)

1. 一

   {word}

   - 二
     - 三 ![深](images/500.png)
       - {word}

::: tip 提示
![框](images/373.png)
:::

## 宽表

| 甲乙丙丁 | 甲乙丙丁 | 甲乙丙丁 | 甲乙丙丁 | 甲乙丙丁 | 甲乙丙丁 | 甲乙丙丁 | 甲乙丙丁 |
|---|---|---|---|---|---|---|---|
| Supercalifragilistic | b | c | d | `eeeeeeeeeeeeeeeeeeeee` | f | g | h |

| 图 | 文 |
|---|---|
| ![表](images/500.png) | Supercalifragilisticexpialidocious |

## 长

{word}

`{word}`

[{word}](https://example.org/{word})

```text
{word}
    {word}
```

$$
\\sum_{{i=1}}^n \\frac{{a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q}}{{x}} = \\int_0^1 f(x) \\,dx
$$
"""


@pytest.fixture(scope="module")
def themes(root: Path) -> list[str]:
    return sorted(path.stem for path in (root / "templates/wechat").glob("*.css"))


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hard")
    (folder / "images").mkdir()
    for width in (200, 373, 500):
        (folder / f"images/{width}.png").write_bytes(picture_bytes(size=(width, 90)))
    (folder / "issue.md").write_text(HARD.format(word="Word" * 60), encoding="utf-8")
    return folder / "issue.md"


def found_in(path: Path, theme: str, browser: Browser) -> Mapping[str, str]:
    """The layout findings about an issue in one theme, by element."""
    publication = Publication(name="测试周刊", url="https://weekly.example.org")
    publication = publication.model_copy(update={"wechat": publication.wechat.model_copy(update={"theme": theme})})
    issue, wechat = pipeline.read(path, publication).issue, installed()["wechat"]
    found = pipeline.measure(wechat, pipeline.render(wechat, issue, publication), issue, publication, browser)
    return {finding.element: f"{finding.rule.id} {finding.line} {finding.message}" for finding in found}


def test_the_publications_own_issues_are_silent_in_every_theme(root: Path, themes: list[str], browser: Browser) -> None:
    issues = sorted((root / "content/issues").glob("*/issue.md"))
    assert issues
    assert {path.parent.name: found_in(path, theme, browser) for path in issues for theme in themes} == {
        path.parent.name: {} for path in issues
    }


def test_an_issue_full_of_awkward_sizes_is_silent_in_every_theme(
    hard: Path, themes: list[str], browser: Browser
) -> None:
    assert {theme: found_in(hard, theme, browser) for theme in themes} == {theme: {} for theme in themes}
