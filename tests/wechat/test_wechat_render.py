"""Render: one issue in, the article, its fields and its pictures out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from wechat_values import COVER, asset, bullets, link, paragraph, picture_bytes, section, text

from kanfa.errors import RenderError
from kanfa.formats import Artifact
from kanfa.issue.model import (
    Callout,
    Cell,
    Code,
    CodeBlock,
    Deleted,
    Details,
    Divider,
    Emphasis,
    Figure,
    Image,
    Inserted,
    Issue,
    Item,
    Keyboard,
    Lead,
    LineBreak,
    Link,
    List,
    Mark,
    Math,
    MathBlock,
    Node,
    Note,
    NoteRef,
    Only,
    PreviousIssue,
    QrCode,
    Quote,
    Row,
    Ruby,
    Small,
    Strong,
    Subscript,
    Superscript,
    Table,
    Underline,
    walk,
)
from kanfa.publication import Publication
from kanfa.wechat import FORMAT
from kanfa.wechat.tree import elements, parse_fragment, text_of

ROOT = Path(__file__).parents[2]
MakeIssue = Callable[..., Issue]


def html_of(artifact: Artifact) -> str:
    return artifact.files["wechat.html"].decode()


def fields_of(artifact: Artifact) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(artifact.files["wechat.json"])
    return fields


def words_of(artifact: Artifact) -> str:
    return text_of(parse_fragment(html_of(artifact)))


def full_issue(make: MakeIssue) -> Issue:
    """An issue that holds every kind of node but Only, which the pipeline resolves."""
    inline = (
        text("正文 "),
        Code("x  = 1", 10),
        LineBreak(10),
        NoteRef(1, 10),
        Emphasis((text("斜"),), 10),
        Strong((text("粗"),), 10),
        Deleted((text("删"),), 10),
        Inserted((text("插"),), 10),
        Underline((text("线"),), 10),
        Superscript((text("上"),), 10),
        Subscript((text("下"),), 10),
        Small((text("小"),), 10),
        Mark((text("亮"),), 10),
        Keyboard((text("Ctrl"),), 10),
        link("https://helm.sh/", "外链"),
        Ruby((text("字"),), (text("zì"),), 10),
        Math("x", 10),
        Image("images/icon.png", "小图", 10),
    )
    cell = Cell((text("格"),), 10, "right")
    empty = Cell((), 10, header=True, colspan=2)
    blocks = (
        paragraph(*inline),
        bullets("甲", (paragraph("乙"), bullets("丙"))),
        bullets("一", (paragraph("二"), CodeBlock("a\n b", 10)), start=3),
        Quote((paragraph("引文"),), 10),
        CodeBlock("def f():\n\treturn 1", 10, "python"),
        Table((Row((empty,), 10),), (Row((cell, cell), 10),), 10, (text("表题"),)),
        Figure(Image("images/cover.png", "大图", 10), 10, (text("图题"),), "https://figure.example/"),
        Details((text("摘要行"),), (paragraph("里面"),), 10),
        Divider(10),
        Callout("tip", (paragraph("提示文"),), 10),
        List((Item((Lead(Link("https://lead.example/", (text("导语"),), 10), 10, (text("来源"),)),), 10),), 10),
        MathBlock("\\frac{a}{b}", 10),
        QrCode(link("https://qr.example/", "扫码"), 10),
    )
    groups = (section("组", paragraph("组文"), level=2, groups=(section("深", level=3),)),)
    return make(
        sections=(section("要闻", *blocks, groups=groups),),
        preamble=(paragraph("开场"),),
        notes=(Note(1, (paragraph("注文"),), 60),),
        previous=(PreviousIssue(8, "上期", 4, "https://mp.weixin.qq.com/s/8"), PreviousIssue(None, "特刊", 5)),
        assets=(asset("images/icon.png", picture_bytes(size=(40, 40)), size=(40, 40)),),
        authors=("张三", "李四"),
        editors=("王五",),
        keywords=("云",),
        publisher="出版社",
    )


def test_every_kind_of_node_renders_without_findings(issue: MakeIssue, publication: Publication) -> None:
    """The issue holds each kind that a writer meets; the article passes every check and says everything."""
    full = full_issue(issue)
    kinds = {type(node) for block in full.body() for node in walk(block)}
    assert kinds == set(get_args(Node)) - {Only}
    artifact = FORMAT.render(full, publication)
    assert artifact.findings == ()
    assert list(FORMAT.check(artifact, full, publication)) == []


def test_the_body_stands_in_its_order(issue: MakeIssue, publication: Publication) -> None:
    """Summary, opening, sections, notes, addresses, people, back issues, original."""
    words = words_of(FORMAT.render(full_issue(issue), publication))
    marks = ["一句话。", "开场", "要闻", "组文", "注释", "注文", "参考链接", "作者：张三、李四", "责任编辑：王五"]
    marks += [
        "出版：出版社",
        "前期周报回顾",
        "Vol. 8 上期",
        "特刊",
        "阅读原文：https://weekly.example.org/archive/009/",
    ]
    places = [words.index(mark) for mark in marks]
    assert places == sorted(places)


def test_outside_links_are_listed_and_wechat_links_stay(issue: MakeIssue, publication: Publication) -> None:
    """Source and expectation on one screen."""
    made = issue(paragraph(link("https://helm.sh/", "Helm 3"), " 与", link("https://mp.weixin.qq.com/s/x", "往期")))
    artifact = FORMAT.render(made, publication)
    assert "Helm 3[1] 与往期" in words_of(artifact)
    assert "[1] Helm 3https://helm.sh/" in words_of(artifact)
    (live,) = elements(parse_fragment(html_of(artifact)), "a")
    assert live.get("href") == "https://mp.weixin.qq.com/s/x"


def test_the_article_is_one_bare_section(issue: MakeIssue, publication: Publication) -> None:
    """No class, no id, no white space between tags, no element outside WeChat's set."""
    html = html_of(FORMAT.render(full_issue(issue), publication))
    body = parse_fragment(html)
    assert [child.tag for child in body] == ["section"]
    names = {name for element in elements(body) for name in element.attrib}
    drawn = {"aria-label", "d", "fill", "role", "viewbox"}
    assert names == {"alt", "colspan", "data-ratio", "data-w", "href", "src", "style"} | drawn
    blocks = {
        "section",
        "p",
        "h2",
        "h3",
        "h4",
        "blockquote",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    inline = {"span", "b", "em", "code", "sup", "sub", "br", "a", "img", "hr", "svg", "path"}
    assert {str(element.tag) for element in elements(body)} <= blocks | inline | {"body"}
    assert not any(f"</{tag}> " in html or f"> <{tag}" in html for tag in ("p", "section", "ul", "li", "h2", "table"))
    assert "\n" not in html


def test_the_draft_fields_are_written_as_they_will_be_sent(issue: MakeIssue, publication: Publication) -> None:
    """Sorted, readable, with a digest of the content and pictures by local name."""
    artifact = FORMAT.render(full_issue(issue), publication)
    fields = fields_of(artifact)
    assert (fields["article_type"], fields["title"], fields["author"]) == ("news", "第九期", "云原生生态周报")
    assert (fields["digest"], fields["need_open_comment"], fields["only_fans_can_comment"]) == ("一句话。", 0, 0)
    assert fields["content_source_url"] == "https://weekly.example.org/archive/009/"
    assert fields["cover"]["name"] == "images/cover.png"
    names = [image["name"] for image in fields["images"]]
    assert names[:2] == ["images/cover.png", "images/icon.png"]
    assert [name[:17] for name in names[2:]] == ["images/wechat-qr-"]
    for image in [fields["cover"], *fields["images"]]:
        assert image["size"] == len(artifact.files[image["name"]])
    raw = artifact.files["wechat.json"].decode()
    assert raw.endswith("}\n")
    assert "第九期" in raw
    assert list(fields) == sorted(fields)


def test_the_same_issue_gives_the_same_bytes(issue: MakeIssue, publication: Publication) -> None:
    """No clock, no chance."""
    first, second = (FORMAT.render(full_issue(issue), publication) for _ in range(2))
    assert first.files == second.files


def test_the_short_title_is_the_drafts_and_the_full_one_opens_the_article(
    issue: MakeIssue, publication: Publication
) -> None:
    """Nothing of a long title is cut or lost."""
    made = issue(paragraph("x"), title="很长的标题" * 8, short_title="短题")
    artifact = FORMAT.render(made, publication)
    assert fields_of(artifact)["title"] == "短题"
    assert "很长的标题" * 8 in words_of(artifact)
    same = FORMAT.render(issue(paragraph("x")), publication)
    assert "第九期" not in words_of(same)


@pytest.mark.parametrize(("name", "author"), [("名" * 8, "名" * 8), ("名" * 9, ""), ("Newsletter", "")])
def test_a_publication_signs_with_its_name_where_every_account_takes_it(
    issue: MakeIssue, name: str, author: str
) -> None:
    """The author field is optional; a cut name would be worse, and a warning on every issue helps nobody."""
    made, own = issue(paragraph("x")), Publication(name=name)
    artifact = FORMAT.render(made, own)
    assert fields_of(artifact)["author"] == author
    assert list(FORMAT.check(artifact, made, own)) == []


def test_an_author_of_the_settings_is_written_as_it_stands(issue: MakeIssue, publication: Publication) -> None:
    """Whoever chose a longer one is warned, not overruled."""
    settings = publication.wechat.model_copy(update={"author": "Cloud Native Ed."})
    own = publication.model_copy(update={"wechat": settings})
    made = issue(paragraph("x"))
    artifact = FORMAT.render(made, own)
    assert fields_of(artifact)["author"] == "Cloud Native Ed."
    assert [finding.rule.id for finding in FORMAT.check(artifact, made, own)] == ["WX124"]


def test_a_picture_from_elsewhere_becomes_words_and_an_address(issue: MakeIssue, publication: Publication) -> None:
    """Rendering never loads anything; the finding has the line and a cure."""
    made = issue(paragraph(Image("https://a.example/x.png", "图景", 33)))
    artifact = FORMAT.render(made, publication)
    assert "[图：图景][1]" in words_of(artifact)
    assert "[1] 图景https://a.example/x.png" in words_of(artifact)
    assert [(f.rule.id, f.line) for f in artifact.findings] == [("WX131", 33)]


def test_wide_pictures_fill_the_column_and_narrow_ones_keep_their_width(
    issue: MakeIssue, publication: Publication
) -> None:
    """Widths from 374 to 675 px would sit differently on each screen."""
    small = asset("images/s.png", picture_bytes(size=(300, 100)), size=(300, 100))
    middle = asset("images/m.png", picture_bytes(size=(500, 100)), size=(500, 100))
    made = issue(
        paragraph(Image("images/s.png", "小", 10), Image("images/s.png", "小", 10, width=120)),
        Figure(Image("images/m.png", "中", 11), 11),
        assets=(small, middle),
    )
    artifact = FORMAT.render(made, publication)
    images = elements(parse_fragment(html_of(artifact)), "img")
    assert [image.get("style") for image in images] == [None, "width:120px", "width:100%"]
    assert [(image.get("data-w"), image.get("data-ratio")) for image in images[1:]] == [
        ("300", "0.3333"),
        ("500", "0.2"),
    ]
    assert list(FORMAT.check(artifact, made, publication)) == []


def test_a_linked_figure_says_its_address(issue: MakeIssue, publication: Publication) -> None:
    """Outside addresses are listed under the picture's words; WeChat's own stay live round the picture."""
    picture = Image("images/cover.png", "大图", 10)
    outside = words_of(FORMAT.render(issue(Figure(picture, 10, (), "https://a.example/")), publication))
    assert "大图）https" in outside.replace("[1] ", "（", 1).replace("https", "）https", 1)
    live = html_of(FORMAT.render(issue(Figure(picture, 10, (), "https://mp.weixin.qq.com/s/x")), publication))
    assert '<a href="https://mp.weixin.qq.com/s/x"' in live


def test_a_privileged_account_keeps_the_link_round_a_figure(issue: MakeIssue, publication: Publication) -> None:
    """The link holds the picture, so that there is something to tap."""
    settings = publication.wechat.model_copy(update={"privileged_links": True})
    made = issue(Figure(Image("images/cover.png", "图字", 10), 10, (), "https://x.example/"))
    artifact = FORMAT.render(made, publication.model_copy(update={"wechat": settings}))
    (anchor,) = elements(parse_fragment(html_of(artifact)), "a")
    assert anchor.get("href") == "https://x.example/"
    assert [child.tag for child in anchor] == ["img"]


def test_an_english_issue_has_english_words(issue: MakeIssue, publication: Publication) -> None:
    """Labels, dates and hints follow the issue's language."""
    made = issue(paragraph(NoteRef(1, 10), link("https://a.example/", "x")), language="en", authors=("A", "B"))
    words = words_of(FORMAT.render(made, publication))
    assert "[Note 1]" in words
    assert "References" in words
    assert "Authors: A, B" in words


def test_a_publication_may_bring_its_own_theme_and_template(
    issue: MakeIssue, publication: Publication, tmp_path: Path
) -> None:
    """Overrides are shaped like everything else: a div and a link of theirs do no harm."""
    folder = tmp_path / "templates" / "wechat"
    folder.mkdir(parents=True)
    (folder / "article.html.j2").write_text(
        '<section><div class="x">{{ issue.summary }} <a href="https://a.example/">站</a></div></section>', "utf-8"
    )
    (folder / "red.css").write_text(".x { color: #aa0000; font-family: 'Own Font', monospace !important }", "utf-8")
    settings = publication.wechat.model_copy(update={"theme": "red"})
    own = publication.model_copy(update={"root": tmp_path, "wechat": settings})
    html = html_of(FORMAT.render(issue(), own))
    assert html == (
        '<section><section style="color:#a00;font-family:Own Font,monospace">'
        "一句话。 站<sup>[1]</sup></section></section>"
    )


def test_a_missing_theme_is_a_render_error(issue: MakeIssue, publication: Publication) -> None:
    """The message names the file."""
    settings = publication.wechat.model_copy(update={"theme": "absent"})
    with pytest.raises(RenderError, match=r"absent\.css"):
        FORMAT.render(issue(), publication.model_copy(update={"wechat": settings}))


def test_an_article_that_is_too_long_names_its_largest_parts(issue: MakeIssue, publication: Publication) -> None:
    """The list of addresses is a part of its own, wherever the template puts it."""
    made = issue(paragraph(*(link(f"https://a.example/{'x' * 200}{n}", "字") for n in range(100))))
    found = list(FORMAT.check(FORMAT.render(made, publication), made, publication))
    (finding,) = [finding for finding in found if finding.rule.id == "WX085"]
    assert "Largest parts: 参考链接 2" in finding.message


def test_importing_the_room_loads_no_heavy_library() -> None:
    """`kanfa --help` should not wait for premailer."""
    import subprocess
    import sys

    program = "import sys, kanfa.wechat; print([n for n in ('lxml', 'premailer', 'PIL', 'jinja2') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_cover_is_staged_but_not_shown(issue: MakeIssue, publication: Publication) -> None:
    """WeChat shows the cover by itself."""
    artifact = FORMAT.render(issue(paragraph("x")), publication)
    assert artifact.files["images/cover.png"] == COVER.data
    assert "<img" not in html_of(artifact)
    assert fields_of(artifact)["images"] == []


def test_text_that_looks_like_markup_stays_text(issue: MakeIssue, publication: Publication) -> None:
    """Escaped by construction, from the tree to the finished bytes."""
    words = "<b> & \"q\" 'a' {{ 7*7 }} &lt; </section> \u00a0x"
    made = issue(paragraph(words), CodeBlock(words, 11), summary=words)
    artifact = FORMAT.render(made, publication)
    assert words_of(artifact).count("<b> & \"q\" 'a' {{ 7*7 }} &lt; </section> \u00a0x") == 3
    assert list(FORMAT.check(artifact, made, publication)) == []


def test_the_address_of_a_figure_without_its_picture_is_not_lost(issue: MakeIssue, publication: Publication) -> None:
    """Words for the picture, a number for the address."""
    made = issue(Figure(Image("images/absent.png", "缺图", 20), 20, (), "https://figure.example/"))
    artifact = FORMAT.render(made, publication)
    assert "[图：缺图]" in words_of(artifact)
    assert "https://figure.example/" in words_of(artifact)
    assert [f.rule.id for f in artifact.findings] == ["WX131"]


def test_a_picture_that_cannot_be_converted_is_reported_once(issue: MakeIssue, publication: Publication) -> None:
    """Its words stand for it; a second finding would say nothing new."""
    broken = asset("images/a.gif", b"GIF89a broken", "image/gif", (10, 10))
    made = issue(paragraph(Image("images/a.gif", "坏", 15)), assets=(broken,))
    artifact = FORMAT.render(made, publication)
    assert "[图：坏]" in words_of(artifact)
    assert [f.rule.id for f in artifact.findings] == ["WX133"]


def test_a_placeholder_address_is_not_printed(issue: MakeIssue) -> None:
    """Outside any publication there is no page to point to."""
    assert "阅读原文" not in words_of(FORMAT.render(issue(paragraph("x")), Publication(name="周报")))
