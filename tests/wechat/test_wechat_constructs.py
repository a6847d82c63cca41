"""The newer constructs as WeChat readers get them: callouts, leads, tasks, code, ruby, formulas and codes to scan."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from lxml.html import HtmlElement
from wechat_values import bullets, link, paragraph, text

from kanfa.formats import Artifact
from kanfa.issue.model import (
    Block,
    Callout,
    CalloutKind,
    CodeBlock,
    Issue,
    Item,
    Lead,
    Link,
    List,
    Math,
    MathBlock,
    QrCode,
    Ruby,
    Text,
)
from kanfa.parity import compare
from kanfa.publication import Publication
from kanfa.wechat import FORMAT
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.tree import elements, parse_fragment, text_of

MakeIssue = Callable[..., Issue]
KINDS: tuple[CalloutKind, ...] = ("note", "tip", "important", "warning", "caution")
LONG = "\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}"
PYTHON = '@cache\ndef f(x):\n\treturn len("a b")  # 注\n\n\nf(1)'


@pytest.fixture
def shown(issue: MakeIssue, publication: Publication) -> Callable[..., tuple[Artifact, HtmlElement]]:
    """The article of some blocks, after it proved to be silent under every rule and to have lost nothing."""

    def render(*blocks: Block, says: tuple[str, ...] = (), **fields: object) -> tuple[Artifact, HtmlElement]:
        made = issue(*blocks, **fields)
        artifact = FORMAT.render(made, publication)
        assert tuple(finding.rule.id for finding in artifact.findings) == says
        assert [finding for finding in FORMAT.check(artifact, made, publication) if finding.rule.id != "WX125"] == []
        (reading,) = FORMAT.read_back(artifact, made, publication)
        assert compare(made, reading) == []
        return artifact, parse_fragment(artifact.files["wechat.html"].decode())

    return render


Shown = Callable[..., tuple[Artifact, HtmlElement]]


def lead(href: str, title: str, *blocks: Block, source: str = "") -> Item:
    head = Lead(Link(href, (Text(title, 10),), 10), 10, (Text(source, 10),) if source else ())
    return Item((head, *blocks), 10)


def starting(body: HtmlElement, tag: str, words: str) -> HtmlElement:
    """The last, hence innermost, element of this tag whose text starts with `words`."""
    return [element for element in elements(body, tag) if text_of(element).startswith(words)][-1]


# -- callouts


@pytest.mark.parametrize("kind", KINDS)
def test_a_callout_is_a_panel_with_a_bar_under_the_word_of_its_kind(shown: Shown, kind: CalloutKind) -> None:
    """Its tint is so pale that dark mode darkens it, and every text on it keeps a contrast of 4.5."""
    inner = (
        paragraph("文字 ", link("https://a.example/", "链接")),
        bullets("甲"),
        Callout("tip", (paragraph("内"),), 10),
    )
    artifact, body = shown(Callout(kind, inner, 10))
    words = {"note": "说明", "tip": "提示", "important": "重要", "warning": "注意", "caution": "当心"}
    panel = starting(body, "section", words[kind])
    assert "border-left:4px solid" in (panel.get("style") or "")
    assert "background:#f" in (panel.get("style") or "")
    assert artifact.findings == ()


def test_a_callout_says_its_kind_before_a_title_of_its_own(shown: Shown) -> None:
    """Unless the title says it already."""
    _, body = shown(Callout("warning", (paragraph("文"),), 10, (text("先备份"),)))
    assert text_of(starting(body, "p", "注意")) == "注意：先备份"
    _, body = shown(Callout("warning", (paragraph("文"),), 10, (text("注意事项"),)))
    assert text_of(starting(body, "p", "注意")) == "注意事项"


# -- lists


def test_lead_items_stand_without_bullets_and_name_their_source_in_small(shown: Shown) -> None:
    """Title and number, then where it comes from, then the summary on a line of its own."""
    first = lead("https://a.example/", "标题甲", paragraph("摘要甲"), source="InfoQ")
    _, body = shown(List((first, lead("https://mp.weixin.qq.com/s/b", "标题乙")), 10))
    (node,) = elements(body, "ul")
    assert "list-style:none" in (node.get("style") or "")
    assert [text_of(part) for part in node[0]] == ["标题甲[1] InfoQ", "摘要甲"]
    assert "font-size:12px" in (starting(body, "span", "InfoQ").get("style") or "")


def test_a_list_that_only_begins_with_leads_keeps_its_bullets(shown: Shown) -> None:
    _, body = shown(List((lead("https://a.example/", "标题"), Item((paragraph("条目"),), 10)), 10))
    assert "list-style" not in (elements(body, "ul")[0].get("style") or "")
    assert "list-style" not in (elements(shown(bullets("甲"))[1], "ul")[0].get("style") or "")


def test_a_numbered_lead_has_its_number(shown: Shown) -> None:
    _, body = shown(List((lead("https://a.example/", "标题", paragraph("摘要")),), 10, start=4))
    assert "4.标题[1]摘要" in text_of(body)


@pytest.mark.parametrize("tight", [True, False])
def test_the_box_of_a_task_takes_the_place_of_its_bullet(shown: Shown, tight: bool) -> None:
    """A list with tasks is made of rows; an item without a box keeps its bullet."""
    inner = List((Item((paragraph("里"),), 10, True), Item((paragraph("无"),), 10)), 10)
    tasks = (Item((paragraph("甲"),), 10, True), Item((paragraph("乙"), inner), 10, False))
    _, body = shown(List(tasks, 10, tight=tight))
    rows = [element for element in elements(body, "section") if "display:table;" in (element.get("style") or "") + ";"]
    assert [text_of(row) for row in rows] == ["☑甲", "☐乙", "☑里", "◦无"]
    assert elements(body, "ul") == []


def test_a_numbered_task_has_number_and_box(shown: Shown) -> None:
    _, body = shown(List((Item((paragraph("甲"),), 10, True),), 10, start=1))
    assert text_of(elements(body, "ol")[0]) == "☑ 甲"


# -- code


def test_code_has_colours_in_few_spans_and_keeps_every_space(shown: Shown) -> None:
    """One span for each run of one look; indentation and tabs are no-break spaces, empty lines stay."""
    _, body = shown(CodeBlock(PYTHON, 10, "python"))
    panel = starting(body, "section", "@cache")
    spans = [(text_of(span), span.get("style")) for span in elements(panel, "span")]
    assert [words for words, _ in spans] == ["@cache", "def", "f", "return", "len", '"a b"', "# 注", "1"]
    assert all((style or "").startswith("color:#") and len(style or "") == 10 for _, style in spans)
    assert text_of(panel) == '@cachedef f(x):\u00a0\u00a0\u00a0\u00a0return len("a b")\u00a0 # 注f(1)'
    assert len(elements(panel, "br")) == 5


def test_stressed_lines_have_a_bar_and_the_title_stands_above(shown: Shown) -> None:
    """Neighbouring lines share one box; an empty line before or in it keeps its height."""
    block = CodeBlock("a\n\nb\n\nc\nd", 10, highlighted=(3, 4, 6), title="main.py")
    _, body = shown(block)
    panel = starting(body, "section", "a")
    boxes = elements(panel, "section")[1:]
    assert [text_of(box) for box in boxes] == ["b\u00a0", "d"]
    assert all("box-shadow:-4px 0" in (box.get("style") or "") for box in boxes)
    assert text_of(panel) == "a\u00a0b\u00a0cd"
    title = panel.getprevious()
    assert title is not None
    assert text_of(title) == "main.py"


def test_code_loses_its_colours_before_the_article_is_too_long(shown: Shown) -> None:
    """The finding says how long it would be; the code itself is whole."""
    lines = "\n".join(f'print("{n}")' for n in range(290))
    artifact, body = shown(CodeBlock(lines, 33, "python"), paragraph("字"), says=("WX137",))
    (finding,) = artifact.findings
    assert finding.line == 33
    assert finding.message.endswith("characters with colours; 18,000 are wanted")
    assert elements(body, "br") != []
    assert len(artifact.files["wechat.html"].decode()) < LIMITS.content_chars_near.value
    assert elements(starting(body, "section", "print"), "span") == []


# -- ruby, formulas, codes


def test_ruby_is_the_reading_in_brackets(shown: Shown) -> None:
    """Nobody has shown that phones keep ruby."""
    _, body = shown(paragraph("这是", Ruby((text("汉字"),), (text("hàn zì"),), 10), "。"))
    assert "这是汉字（hàn zì）。" in text_of(body)
    assert elements(body, "ruby") == []


def test_a_formula_is_a_drawing_in_the_colour_of_its_text(shown: Shown) -> None:
    """It needs no upload, stands on the line and says its TeX."""
    artifact, body = shown(
        paragraph("即 ", Math("E=mc^2", 10), "。"), MathBlock(LONG, 11), bullets((paragraph(Math("x", 12)),))
    )
    inline, block, item = elements(body, "svg")
    assert (inline.get("aria-label"), inline.get("fill"), inline.get("role")) == ("E=mc^2", "currentColor", "img")
    assert inline.get("style") == "width:3.75em;vertical-align:-.02em"
    assert (block.get("aria-label"), item.get("aria-label")) == (LONG, "x")
    assert "text-align:center" in (block.getparent().get("style") or "")
    assert not any("formula" in name for name in artifact.files)


def test_a_formula_beyond_the_budget_is_a_picture_that_is_uploaded(shown: Shown) -> None:
    """Listed for delivery, on a white card, with the TeX as its words; equal ones share a file."""
    long = [MathBlock(f"{LONG} + {n}", 20 + n) for n in range(5)]
    artifact, body = shown(*long, long[-1], paragraph(Math("\\color{red}{y}", 40)))
    images = elements(body, "img")
    assert len(images) + len(elements(body, "svg")) == 7
    assert {image.get("alt") for image in images} >= {"\\color{red}{y}"}
    entries = {entry["name"]: entry for entry in json.loads(artifact.files["wechat.json"])["images"]}
    assert {str(image.get("src")) for image in images} == set(entries)
    for image in images:
        entry = entries[str(image.get("src"))]
        assert entry["size"] == len(artifact.files[entry["name"]])
        assert str(entry["width"]) == image.get("data-w")


def test_a_formula_wider_than_a_phone_fills_the_column(shown: Shown) -> None:
    """Widths between 374 and 675 px would sit differently on each screen."""
    _, body = shown(MathBlock("+".join(f"\\frac{{x_{{{n}}}}}{{y}}" for n in range(20)), 10))
    (image,) = elements(body, "img")
    assert image.get("style") == "width:100%"


def test_formulas_become_pictures_before_the_article_is_too_long(shown: Shown) -> None:
    """Only those whose path is as short as a picture's element stay drawings."""
    _, body = shown(paragraph("字" * 15_000), MathBlock(LONG, 11), paragraph(Math("i", 12)))
    assert [image.get("alt") for image in elements(body, "img")] == [LONG]
    assert [drawing.get("aria-label") for drawing in elements(body, "svg")] == ["i"]


def test_a_link_may_hold_nothing_but_a_formula(shown: Shown) -> None:
    """The list of addresses names it by its TeX."""
    _, body = shown(paragraph(Link("https://a.example/", (Math("x", 10),), 10)))
    assert "[1] x" in text_of(body)


def test_a_code_to_scan_stands_over_its_words_and_its_address_is_listed(shown: Shown) -> None:
    """A phone cannot scan itself: the hint says to press."""
    artifact, body = shown(
        QrCode(link("https://a.example/long", "全文"), 10), QrCode(link("https://a.example/long", "再"), 11)
    )
    image, again = elements(body, "img")
    assert image.get("src") == again.get("src")
    assert image.get("alt") == "扫码阅读：全文"
    assert "width:164px" in (image.get("style") or "")
    assert "全文[1]长按识别二维码" in text_of(body)
    assert "[1] 全文https://a.example/long" in text_of(body)
    (entry,) = json.loads(artifact.files["wechat.json"])["images"]
    assert artifact.files[entry["name"]].startswith(b"\x89PNG")


def test_an_address_too_long_for_a_code_stands_as_a_link(shown: Shown) -> None:
    """A finding says why there is no code."""
    artifact, body = shown(QrCode(link("https://a.example/" + "x" * 2400, "全文", 21), 21), says=("WX136",))
    assert artifact.findings[0].line == 21
    assert elements(body, "img") == []
    assert "全文[1]" in text_of(body)


def test_an_english_issue_is_told_to_press_in_english(shown: Shown) -> None:
    _, body = shown(QrCode(link("https://a.example/", "Full text"), 10), language="en")
    assert "press and hold to open" in text_of(body)


def test_everything_drawn_is_the_same_each_time(issue: MakeIssue, publication: Publication) -> None:
    """Drawings, pictures and codes; names come from what they show."""
    blocks = (MathBlock(LONG, 10), MathBlock("\\color{red}{y}", 11), QrCode(link("https://a.example/", "x"), 12))
    first, second = (FORMAT.render(issue(*blocks), publication).files for _ in range(2))
    assert first == second
    assert sum("wechat-formula-" in name for name in first) == 1
