"""Callouts, lead items, tasks, code, formulas, readings and links to scan: in mail, in its text part, on the page."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import get_args

import pytest
from email_samples import PYTHON, callout, item, lead, paragraph, section, task
from PIL import Image as PillowImage

from kanfa import parity
from kanfa.email import FORMAT
from kanfa.email.checks import check
from kanfa.email.contrast import dark_styles, ratio
from kanfa.email.dom import Element, parse_html, words
from kanfa.email.formulas import formula_picture
from kanfa.email.limits import CONTENT_WIDTH, GMAIL_WARN_BYTES, LONG_CODE_LINES
from kanfa.email.mail import Mail
from kanfa.email.render import render
from kanfa.email.web import older
from kanfa.formats import Artifact
from kanfa.issue.model import (
    Block,
    CalloutKind,
    Cell,
    Code,
    CodeBlock,
    Details,
    Issue,
    Item,
    Link,
    List,
    Mark,
    Math,
    MathBlock,
    PreviousIssue,
    QrCode,
    Quote,
    Row,
    Ruby,
    Table,
    Text,
)
from kanfa.issue.references import references_of
from kanfa.publication import Publication

RUBY = Ruby((Text("汉字", 9),), (Text("hàn zì", 9),), 9)
SCAN = QrCode(Link("https://example.org/scan", (Text("手机上读", 9),), 9), 9)


def issue_with(issue: Issue, *blocks: object) -> Issue:
    """The issue with one section of these blocks."""
    changed = replace(issue, sections=(section("一", *blocks),))
    return replace(changed, references=references_of(changed))


def made(issue: Issue, publication: Publication, *blocks: object) -> Artifact:
    """The artifact of such an issue."""
    return render(issue_with(issue, *blocks), publication)


def mail(artifact: Artifact) -> Element:
    """The parsed mail."""
    return parse_html(artifact.files["email.html"].decode())


def page(artifact: Artifact) -> Element:
    """The parsed page."""
    return parse_html(artifact.files["web.html"].decode())


def text(artifact: Artifact) -> str:
    """The text part."""
    return artifact.files["email.txt"].decode()


# ---------------------------------------------------------------- nothing is lost

EVERYWHERE: list[Block] = [
    callout("note", paragraph("话一。"), title="题目"),
    callout("warning", CodeBlock("甲乙\n丙丁", 9), paragraph("话二")),
    Quote((CodeBlock("甲乙\n丙丁", 9), callout("tip", paragraph("话三"))), 9),
    List((lead("题目", "https://example.org/a", paragraph("摘要"), source="来源处"),), 9),
    List((lead("题目", "https://example.org/a", source="来源处", checked=True),), 9, tight=False),
    List((task("做完", True), item(paragraph("不是任务"))), 9),
    paragraph(Math("E=mc^2", 9), RUBY, Math("E=mc^2", 9)),
    callout("note", MathBlock("E=mc^2", 9), paragraph(RUBY)),
    Details((Math("x", 9), Text("折叠", 9)), (SCAN,), 9),
    Table((Row((Cell((RUBY, Math("y", 9)), 9, header=True),), 9),), (Row((Cell((Math("z", 9),), 9),), 9),), 9),
    CodeBlock(PYTHON, 9, "python", (1, 2, 5), "a.py"),
    CodeBlock("\n\n甲\n\n", 9, "", (1, 5)),
    SCAN,
]


@pytest.mark.parametrize("block", EVERYWHERE, ids=lambda block: type(block).__name__)
def test_nothing_of_a_construct_is_lost_in_any_output(block: Block, issue: Issue, publication: Publication) -> None:
    changed = issue_with(issue, block)
    artifact = render(changed, publication)
    lost = [
        found.message
        for reading in FORMAT.read_back(artifact, changed, publication)
        for found in parity.compare(changed, reading)
    ]
    assert lost == []
    assert [found.message for found in check(artifact, changed, publication) if found.rule.id != "EML058"] == []


def test_a_formula_that_the_page_lacks_is_missed(issue: Issue, publication: Publication) -> None:
    changed = issue_with(issue, paragraph("因此", Math("E=mc^2", 9)))
    artifact = render(changed, publication)
    files = {**artifact.files, "web.html": artifact.files["web.html"].replace(b"<svg", b"<b").replace(b"/svg", b"/b")}
    reading = list(FORMAT.read_back(Artifact("email", files), changed, publication))[-1]
    assert [found.rule.id for found in parity.compare(changed, reading)] == ["PAR003"]


# ---------------------------------------------------------------- callouts


@pytest.mark.parametrize("kind", get_args(CalloutKind))
def test_a_callout_has_bar_tint_and_word_of_its_kind_in_the_elements(
    kind: CalloutKind, issue: Issue, publication: Publication
) -> None:
    """No style block is needed, and the word says without colours what it is."""
    artifact = made(issue, publication, callout(kind, paragraph("话")))
    cell = mail(artifact).xpath(f"//td[contains(@class,'callout-{kind}')]")[0]
    assert {"background-color", "border-left", "padding"} <= {
        part.split(":")[0] for part in cell.get("style").split(";")
    }
    assert cell.getparent().getparent().get("role") == "presentation"
    word = {"note": "说明", "tip": "提示", "important": "重要", "warning": "注意", "caution": "当心"}[kind]
    assert words(cell) == f"{word}话"
    assert f"【{word}】\n|\u00a0话" in text(artifact)
    assert words(page(artifact).xpath(f"//div[@class='callout {kind}']/p")[0]) == word


@pytest.mark.parametrize(("title", "shown"), [("先备份", "注意：先备份"), ("注意事项", "注意事项")])
def test_the_word_of_the_kind_stands_before_a_title_that_does_not_say_it(
    title: str, shown: str, issue: Issue, publication: Publication
) -> None:
    artifact = made(issue, publication, callout("warning", paragraph("话"), title=title))
    assert words(mail(artifact).xpath("//div[@role='note']/p")[0]) == shown
    assert f"【{shown}】" in text(artifact)
    assert words(page(artifact).xpath("//p[@class='callout-title']")[0]) == shown


# ---------------------------------------------------------------- lists


def test_a_lead_item_is_title_source_and_summary_under_each_other(issue: Issue, publication: Publication) -> None:
    listed = List((lead("好文", "https://example.org/a", paragraph("摘要。"), source="某刊"),), 9)
    artifact = made(issue, publication, listed)
    (found,) = mail(artifact).xpath("//li[strong/a]")
    assert [(part.tag, words(part)) for part in found] == [("strong", "好文"), ("div", "某刊"), ("div", "摘要。")]
    assert "• 好文\n  <https://example.org/a>\n  来源：某刊\n  摘要。" in text(artifact)


def test_tasks_have_boxes_with_words_in_place_of_bullets(issue: Issue, publication: Publication) -> None:
    artifact = made(issue, publication, List((task("甲", True), task("乙", False)), 9))
    boxes = mail(artifact).xpath("//span[@role='img']")
    assert [(box.text, box.get("aria-label")) for box in boxes] == [("☑", "已完成"), ("☐", "未完成")]
    assert len(mail(artifact).xpath("//div[@role='list']/div[@role='listitem']/table")) == 2
    assert "☑ 甲\n☐ 乙" in text(artifact)


def test_numbered_tasks_keep_their_numbers(issue: Issue, publication: Publication) -> None:
    artifact = made(issue, publication, List((task("甲", True), task("乙", False)), 9, 3))
    assert words(mail(artifact).xpath("//ol[@start='3']/li")[1]) == "☐ 乙"
    assert "3. ☑ 甲\n4. ☐ 乙" in text(artifact)


# ---------------------------------------------------------------- code


@pytest.mark.parametrize(
    "node",
    [
        CodeBlock(PYTHON, 9, "python"),
        CodeBlock(PYTHON, 9, "python", (1, 4, 5)),
        CodeBlock("a: 1  # 一\n\nb: 2\n", 9, "yaml", (2,)),
        CodeBlock("-a\n+b\n\n c", 9, "diff"),
    ],
)
def test_coloured_code_keeps_every_space_and_line_end(node: CodeBlock, issue: Issue, publication: Publication) -> None:
    """Copied code must run. The engine drops white space between elements, so none stands there."""
    shown = [pre.xpath("string()") for pre in mail(made(issue, publication, node)).iter("pre")]
    assert [line.rstrip() for line in "\n".join(shown).split("\n")] == [line.rstrip() for line in node.text.split("\n")]


def test_stressed_lines_are_bands_of_the_whole_width(issue: Issue, publication: Publication) -> None:
    root = mail(made(issue, publication, CodeBlock("甲\n乙\n丙\n丁", 9, "", (2, 3))))
    bands = root.xpath("//td[@class='code-bands']//td")
    assert [(band.get("class"), words(band)) for band in bands] == [
        ("code-run", "甲"),
        ("code-hl", "乙 丙"),
        ("code-run", "丁"),
    ]


def test_the_title_of_code_stands_above_it(issue: Issue, publication: Publication) -> None:
    artifact = made(issue, publication, CodeBlock("x", 9, "", (), "main.py"))
    rows = mail(artifact).xpath("//table[.//pre]")[-1].xpath("./tr/td")
    assert [(cell.get("class"), words(cell)) for cell in rows] == [("code-title", "main.py"), ("code-cell", "x")]
    assert "main.py：\n    x" in text(artifact)


def test_a_long_title_of_code_may_break(issue: Issue, publication: Publication) -> None:
    title = "kanfa/" + "a" * 40 + ".py"
    changed = issue_with(issue, CodeBlock("x", 9, "", (), title))
    assert list(check(render(changed, publication), changed, publication)) == []


def test_tokens_are_readable_by_day_and_by_night(issue: Issue, publication: Publication, artifact: Artifact) -> None:
    """Each colour of code on each ground that code may have, whatever the issue shows."""
    kinds = ("comment", "keyword", "string", "number", "name", "builtin", "added", "removed")
    spans = "".join(f'<span class="tok-{kind}">x</span>' for kind in kinds)
    html = artifact.files["email.html"].decode().replace("</body>", f'<p class="code-hl">{spans}</p></body>')
    night = dark_styles(Mail(html, issue, publication, {}))
    by_night = [style for node, style in night.items() if (node.get("class") or "").startswith("tok-")]
    assert len({style["color"] for style in by_night}) >= len(kinds) - 1
    for style in by_night:
        assert min(ratio(style["color"], ground) for ground in ("#10142a", "#3a2a1c")) >= 4.5
    for span in mail(artifact).xpath("//span[starts-with(@class,'tok-')]"):
        colour = span.get("style").removeprefix("color:")
        assert min(ratio(colour, ground) for ground in ("#f5f7fb", "#fdf0e0")) >= 4.5


def test_near_gmails_cut_long_code_loses_its_colours_first(issue: Issue, publication: Publication) -> None:
    """Then any code does; a mail far from the cut keeps them, however long its code is."""
    long = CodeBlock("x = 1  # 一\n" * 700, 9, "python")
    short = CodeBlock("x = 1  # 一\n" * (LONG_CODE_LINES - 1), 8, "python")
    few = made(issue, publication, CodeBlock("x = 1  # 一\n" * 60, 9, "python"), short)
    assert few.findings == ()
    many = made(issue, publication, long, short)
    assert [(found.rule.id, found.line) for found in many.findings] == [("EML095", 9)]
    assert len(many.files["email.html"]) < GMAIL_WARN_BYTES
    assert mail(many).xpath("count(//pre[span])") == 1
    every = made(issue, publication, *[short] * 20)
    assert {found.rule.id for found in every.findings} == {"EML095"}


# ---------------------------------------------------------------- formulas and readings


def test_a_formula_is_a_picture_of_twice_its_size_on_a_light_plate(issue: Issue, publication: Publication) -> None:
    """Its corner pixels are the plate's rounded corners, the middle of its upper edge is white at night too."""
    artifact = made(issue, publication, paragraph(Math(r"\frac{a}{b}", 9)))
    (image,) = mail(artifact).xpath("//img[@class='math']")
    assert image.get("alt") == r"\frac{a}{b}"
    name = image.get("src").rpartition("/")[2]
    with PillowImage.open(io.BytesIO(artifact.files[f"images/{name}"])) as opened:
        picture = opened.convert("RGBA")
    assert picture.width == 2 * int(image.get("width"))
    assert picture.getpixel((picture.width // 2, 1)) == (255, 255, 255, 255)
    style = image.get("style")
    assert "height:auto" in style
    assert "em;" in style
    assert "vertical-align:-0." in style


def test_the_same_formula_is_one_file_and_in_the_line_it_is_another_one() -> None:
    line, block = formula_picture(Math("x^2", 1)), formula_picture(MathBlock("x^2", 1))
    assert line == formula_picture(Math("x^2", 7))
    assert line.name != block.name
    assert line.name.startswith("math-")
    assert len(line.name) == len("math-12345678.png")


def test_a_wide_formula_is_no_wider_than_the_text(issue: Issue, publication: Publication) -> None:
    """It shrinks with the screen, and the editor is told."""
    tex = " + ".join(f"x_{{{number}}}" for number in range(40))
    artifact = made(issue, publication, MathBlock(tex, 9))
    (image,) = mail(artifact).xpath("//img[@class='math']")
    assert image.get("width") == str(CONTENT_WIDTH)
    assert "width:100%;max-width:" in image.get("style")
    assert [(found.rule.id, found.line) for found in artifact.findings] == [("EML098", 9)]


@pytest.mark.parametrize("tex", [r"\frac{", r"\,", ""])
def test_a_formula_that_cannot_be_set_leaves_its_words(tex: str, issue: Issue, publication: Publication) -> None:
    """The reader lets none through; a tree made by hand loses nothing either."""
    changed = issue_with(issue, paragraph("看", Math(tex, 9)))
    artifact = render(changed, publication)
    assert {found.rule.id for found in artifact.findings} <= {"EML094"}
    assert f"${tex}$" in text(artifact)
    for reading in FORMAT.read_back(artifact, changed, publication):
        assert parity.compare(changed, reading) == []


def test_the_page_has_formulas_in_the_colour_of_the_text(issue: Issue, publication: Publication) -> None:
    artifact = made(issue, publication, paragraph(Math(r"a < b", 9)))
    (svg,) = page(artifact).xpath("//*[local-name()='svg']")
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "a < b")
    assert "vertical-align:-" in svg.get("style")
    assert b"currentColor" in artifact.files["web.html"]
    assert not [
        name for name in artifact.files if name.startswith("images/math") and name in page(artifact).xpath("//@src")
    ]


def test_a_reading_stands_in_brackets_in_mail_and_above_on_the_page(issue: Issue, publication: Publication) -> None:
    artifact = made(issue, publication, paragraph(RUBY, "二字"))
    assert words(mail(artifact).xpath("//p[span[@class='reading']]")[0]) == "汉字（hàn zì）二字"
    assert not list(mail(artifact).iter("ruby"))
    assert "汉字（hàn zì）二字" in text(artifact)
    assert page(artifact).xpath("string(//ruby/rt)") == "hàn zì"


def test_formulas_and_readings_stand_in_the_list_of_contents(issue: Issue, publication: Publication) -> None:
    titled = replace(section("一"), title=(Text("论", 9), Math("x", 9), RUBY))
    artifact = render(replace(issue, sections=(titled, section("二", anchor="s2"))), publication)
    assert words(mail(artifact).xpath("//ol[contains(@class,'toc-list')]/li")[0]) == "论$x$汉字（hàn zì）"


# ---------------------------------------------------------------- links to scan, and the pager


def test_the_code_to_scan_stands_on_paper_only(issue: Issue, publication: Publication) -> None:
    """A phone cannot scan its own screen: the mail has the link, the page prints the code."""
    artifact = made(issue, publication, SCAN)
    assert mail(artifact).xpath("//p[strong/a]//a/@href") == ["https://example.org/scan"]
    assert not mail(artifact).xpath("//p[strong/a]//img")
    (code,) = page(artifact).xpath("//span[@class='qr-code']")
    assert code.get("aria-hidden") == "true"
    assert ".qr-code { display: none; }" in artifact.files["web.html"].decode()
    long = QrCode(Link("https://example.org/" + "a" * 2400, (Text("长", 9),), 9), 9)
    assert not page(made(issue, publication, long)).xpath("//span[@class='qr-code']")


def earlier(number: int | None, href: str) -> PreviousIssue:
    """An earlier issue."""
    return PreviousIssue(number, f"第 {number} 期", 3, href)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ((earlier(7, "https://x.org/7"), earlier(8, "https://x.org/8")), 8),
        ((earlier(8, ""), earlier(7, "https://x.org/7")), 7),
        ((earlier(12, "https://x.org/12"), earlier(3, "https://x.org/3")), 3),
        ((earlier(None, "https://x.org/a"), earlier(None, "https://x.org/b")), None),
    ],
)
def test_the_older_issue_is_the_nearest_one_with_an_address(
    listed: tuple[PreviousIssue, ...], expected: int | None, issue: Issue
) -> None:
    found = older(replace(issue, number=9, previous=listed))
    assert found is not None
    assert found.number == expected
    assert older(replace(issue, previous=(earlier(8, ""),))) is None


def test_the_page_leads_to_the_issues_before_and_after(
    artifact: Artifact, issue: Issue, publication: Publication
) -> None:
    links = page(artifact).xpath("//nav[@class='pager']/a")
    assert [(link.get("rel"), link.get("href"), words(link)) for link in links] == [
        ("prev", "https://weekly.example.org/archive/008/", "← 上一期云原生趋势"),
        ("next", "https://weekly.example.org/archive/010/", "下一期 →下一期的题目"),
    ]
    alone = render(replace(issue, previous=(), newer=None), publication)
    assert not page(alone).xpath("//nav[@class='pager'] | //link[@rel='prev']")


def test_the_box_of_a_task_in_a_loose_list_stands_in_its_first_line(issue: Issue, publication: Publication) -> None:
    """Beside items of another kind there is no column for the boxes."""
    mixed = List((item(paragraph("话")), Item((paragraph("成"), paragraph("又")), 1, True)), 1, None, False)
    (first, second) = mail(made(issue, publication, mixed)).xpath("//li[.//*[@role='img']]/p")
    assert (words(first), words(second)) == ("☑ 成", "又")


def test_a_reading_in_a_highlight_is_readable_by_night(issue: Issue, publication: Publication) -> None:
    """It takes the colour of the highlight, not the grey of readings."""
    artifact = made(issue, publication, paragraph(Mark((Ruby((Text("字", 1),), (Text("zì", 1),), 1),), 1)))
    changed = issue_with(issue, paragraph(Mark((Ruby((Text("字", 1),), (Text("zì", 1),), 1),), 1)))
    assert "EML060" not in {finding.rule.id for finding in check(artifact, changed, publication)}


def test_signs_without_a_place_to_break_stay_within_the_mail(issue: Issue, publication: Publication) -> None:
    """Between brackets `break-all` alone breaks nothing."""
    (code,) = mail(made(issue, publication, paragraph(Code("{" * 300, 1)))).xpath("//code")
    assert "word-break:break-all;overflow-wrap:anywhere" in code.get("style")


def test_styles_hold_no_byte_that_says_nothing(issue: Issue, publication: Publication) -> None:
    """A mail of many links is cut by its bytes; a semicolon alone parts two declarations."""
    html = made(issue, publication, paragraph(Text("话", 1))).files["email.html"].decode()
    assert "; color:" not in html.partition("<body")[2].replace("mj-", "")
    assert "{color:#e6e8ef!important}" in html
