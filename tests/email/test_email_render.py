"""What the mail of an issue holds: files, structure, text, pictures, page, and what is read back from it."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import get_args

import pytest
from email_samples import asset, paragraph, section
from PIL import Image as PillowImage

from kanfa import parity
from kanfa.channel_settings import EmailSettings
from kanfa.email import FORMAT
from kanfa.email.checks import check
from kanfa.email.columns import longest_run
from kanfa.email.dom import parse_html, words
from kanfa.email.inline import inlined
from kanfa.email.mail import Mail
from kanfa.email.mjml import parse, serialise, to_html
from kanfa.email.render import preheader, render
from kanfa.email.theme import split
from kanfa.email.web import WebWriter
from kanfa.email.writer import EmailWriter
from kanfa.errors import RenderError
from kanfa.findings import Severity
from kanfa.formats import Artifact
from kanfa.issue.model import CodeBlock, Figure, Image, Issue, Link, Node, Paragraph, Quote, Strong, Text
from kanfa.publication import Publication


def html_of(artifact: Artifact) -> str:
    """The HTML part."""
    return artifact.files["email.html"].decode()


def mail_with(issue: Issue, publication: Publication, *blocks: object) -> str:
    """The HTML of the issue with other sections."""
    return html_of(render(replace(issue, sections=(section("一", *blocks),)), publication))


# ---------------------------------------------------------------- the artifact


def test_the_artifact_holds_mail_page_and_every_shown_picture(artifact: Artifact) -> None:
    """Three outputs, the message, and the pictures and formulas under the names that the mail refers to."""
    pictures = ["cover.png", "math-02978572.png", "math-bffaebff.png", "press.png", "seal.png"]
    images = [f"images/{name}" for name in pictures]
    assert sorted(artifact.files) == ["email.eml", "email.html", "email.txt", *images, "web.html"]
    assert set(FORMAT.outputs.values()) < set(artifact.files)


def test_the_same_issue_gives_the_same_bytes(artifact: Artifact, issue: Issue, publication: Publication) -> None:
    """No clock, no chance: boundary and Message-ID come from the content."""
    again = render(issue, publication)
    assert again.files == artifact.files
    other = render(replace(issue, title="另一个题目"), publication)
    assert other.files["email.eml"] != artifact.files["email.eml"]


@pytest.mark.parametrize("kind", get_args(Node))
@pytest.mark.parametrize("writer", [EmailWriter, WebWriter])
def test_every_writer_knows_every_node(kind: type[Node], writer: type) -> None:
    """A new kind of node cannot be forgotten."""
    assert callable(getattr(writer, kind.method))


def test_nothing_of_the_issue_is_lost(artifact: Artifact, issue: Issue, publication: Publication) -> None:
    """The tree and what is read back from mail, text part and page are compared."""
    readings = list(FORMAT.read_back(artifact, issue, publication))
    assert [reading.output for reading in readings] == list(FORMAT.outputs)
    for reading in readings:
        assert parity.compare(issue, reading) == []


def test_links_of_the_template_are_not_read_back(artifact: Artifact, issue: Issue, publication: Publication) -> None:
    """Only what the editor linked counts, earlier issues included; the cover is no picture of the text."""
    reading = next(iter(FORMAT.read_back(artifact, issue, publication)))
    earlier = "https://weekly.example.org/archive/008/"
    assert reading.links == (*(link.href for link in issue.links()), earlier)
    assert reading.images == ("小印", "一排活字", r"\nabla f = \frac{a}{b}", r"\sum_{i=1}^{n} x_i^2")
    assert reading.text.split()[:2] == ["网页版", "云原生生态周报"]


def test_one_section_of_mjml_for_each_chapter(artifact: Artifact) -> None:
    """Sections cost 1.3 KB each, so items share one."""
    root = parse_html(html_of(artifact))
    cards = root.xpath("//div[contains(concat(' ', @class, ' '), ' card ')]")
    assert [words(card)[:6] for card in cards[2:5]] == ["开篇的话，请", "业界要闻He", "推荐阅读推荐"]


def test_headings_start_at_one_and_skip_no_level(artifact: Artifact) -> None:
    """The title is the only h1."""
    root = parse_html(html_of(artifact))
    assert [words(heading) for heading in root.iter("h1")] == ["云原生生态周报 Vol. 9：Helm 3 发布"]
    assert [words(heading) for heading in root.iter("h2")][:2] == ["业界要闻", "推荐阅读"]
    assert [words(heading) for heading in root.iter("h3")] == ["小节"]


def test_contents_lead_to_the_web_version_and_gaps_of_earlier_issues_stay(artifact: Artifact) -> None:
    """Links within a mail are dead in many apps; Vol. 7 is missing and stays missing."""
    root = parse_html(html_of(artifact))
    entries = root.xpath("//ol[contains(@class,'toc-list')]//a/@href")
    assert entries == ["https://weekly.example.org/archive/009/#s1", "https://weekly.example.org/archive/009/#s2"]
    assert "Vol. 8云原生趋势Vol. 6亮点汇总" in words(root.find("body"))


def test_footer_shows_preferences_and_postal_address_when_there_are_any(issue: Issue) -> None:
    """Both are left out by default."""
    settings = EmailSettings(preferences_url="https://x.example/prefs", postal_address="某市某路 1 号")
    html = html_of(render(issue, Publication(email=settings)))
    assert 'href="https://x.example/prefs"' in html
    assert "某市某路 1 号" in html
    assert "订阅设置" not in html_of(render(issue, Publication()))


def test_an_english_issue_has_english_words(issue: Issue, publication: Publication) -> None:
    """Labels and date follow the language of the issue."""
    made = render(replace(issue, language="en"), publication)
    assert "Unsubscribe" in html_of(made)
    assert "28 June 2019" in made.files["email.txt"].decode()
    assert 'lang="en"' in html_of(made)


# ---------------------------------------------------------------- text that must survive

HARD = [
    "{{ 7*7 }}",
    "{% raw %}",
    "<mj-raw>",
    "</style><script>",
    "\"quotes\" 'single'",
    "C:\\new\\tab",
    "全\u3000角",
    "❤\ufe0f 👩\u200d💻",
    "&amp;",
]


@pytest.mark.parametrize("words", HARD)
def test_hard_text_survives_everywhere(words: str, issue: Issue, publication: Publication) -> None:
    """In text, code, headings, link titles and alt texts, in every file."""
    link = Link("https://x.example/", (Text("链", 9),), 9, words)
    picture = Figure(Image("press.png", words, 9), 9, (Text(words, 9),))
    hard = replace(
        issue,
        title=words + "题",
        sections=(section(words, paragraph(words, link), CodeBlock(words, 9), picture),),
    )
    made = render(hard, publication)
    root = parse_html(html_of(made))
    assert "".join(root.find("body").itertext()).count(words) >= 5
    assert {words} <= set(root.xpath("//a/@title")) & set(root.xpath("//img/@alt"))
    assert made.files["email.txt"].decode().count(words) >= 4
    assert [finding for finding in check(made, hard, publication) if finding.severity is Severity.ERROR] == []


def test_the_preview_text_is_not_in_the_text_part(artifact: Artifact) -> None:
    """Invisible filler belongs to the HTML alone, and the text part has no joiners."""
    text = artifact.files["email.txt"].decode()
    assert not {"\u200c", "\u2060", "\u200b"} & set(text)
    assert text.endswith("<https://unsub.invalid/__UNSUB__>\n容器平台 · CC BY 4.0\n")


def test_the_preview_is_the_summary_or_the_first_words(issue: Issue, publication: Publication) -> None:
    """Never the subject again."""
    assert preheader(issue, publication) == issue.summary
    assert preheader(replace(issue, summary=issue.title), publication) == "开篇的话，请读下去。"
    assert preheader(Issue("题", "issue.md"), publication) == "跟踪动态，读懂社区"


def test_code_keeps_its_spaces_and_wraps(issue: Issue, publication: Publication) -> None:
    """Copied code must run: real spaces, no no-break spaces; long words may break anywhere."""
    code = "if x:\n\treturn " + "y" * 60
    pre = next(parse_html(mail_with(issue, publication, CodeBlock(code, 9))).iter("pre"))
    assert pre.text == code.expandtabs(4)
    assert "white-space:pre-wrap" in pre.get("style")
    assert "word-break:break-all" in pre.get("style")


def test_long_words_may_break(issue: Issue, publication: Publication) -> None:
    """A long address in the text does not widen a phone's screen; words around it stay whole."""
    address = "https://x.example/" + "a" * 60
    html = mail_with(issue, publication, paragraph("见 ", address, "。"))
    assert [words(span) for span in parse_html(html).xpath("//span[contains(@style,'break-all')]")] == [address]
    assert longest_run("中文 abc中def") == 3


def test_deep_nesting_is_flattened_and_nothing_is_lost(issue: Issue, publication: Publication) -> None:
    """Sixty quotations and sixty spans within one another still give a mail, with every word and link."""
    inline: object = Link("https://deep.example/", (Text("最深的链接", 9),), 9)
    for _ in range(60):
        inline = Strong((inline,), 9)  # type: ignore[arg-type]
    block: object = Paragraph((inline,), 9)  # type: ignore[arg-type]
    for _ in range(60):
        block = Quote((block,), 9)  # type: ignore[arg-type]
    deep = replace(issue, sections=(section("一", block),))
    made = render(deep, publication)
    assert [finding.rule.id for finding in made.findings] == ["EML093"]
    assert "https://deep.example/" in next(iter(FORMAT.read_back(made, deep, publication))).links


# ---------------------------------------------------------------- pictures


def test_webp_is_sent_as_png(issue: Issue, publication: Publication) -> None:
    """Outlook cannot show WebP; the same picture gives the same PNG, and names never collide."""
    assets = (asset("a.webp", "a.webp", "WEBP"), asset("a.png", "a.png"))
    figures = (Figure(Image("a.webp", "甲", 9), 9), Figure(Image("a.png", "乙", 9), 9))
    made = render(replace(issue, cover=None, assets=assets, sections=(section("一", *figures),)), publication)
    assert sorted(name for name in made.files if name.startswith("images/")) == ["images/a-webp.png", "images/a.png"]
    data = made.files["images/a-webp.png"]
    assert PillowImage.open(io.BytesIO(data)).format == "PNG"


def test_a_picture_that_cannot_be_shown_leaves_its_words(issue: Issue, publication: Publication) -> None:
    """The substitute is visible, found and read back."""
    gone = replace(issue, sections=(section("一", Figure(Image("gone.png", "不在的图", 9), 9)),))
    made = render(gone, publication)
    assert "[图：不在的图]" in html_of(made)
    assert [(finding.rule.id, finding.line) for finding in made.findings] == [("EML090", 9)]
    assert "不在的图" in next(iter(FORMAT.read_back(made, gone, publication))).images


def test_remote_pictures_are_used_as_they_are(issue: Issue, publication: Publication) -> None:
    """Their size is unknown: Outlook gets the text's width, all others their own."""
    src = "https://img.example.org/a.png?a=1&b=2"
    root = parse_html(mail_with(issue, publication, paragraph(Image(src, "远图", 9))))
    image = root.xpath("//img[@alt='远图']")[0]
    assert (image.get("src"), image.get("width")) == (src, "536")
    assert "max-width:100%" in image.get("style")


# ---------------------------------------------------------------- the page


def test_the_page_holds_no_script_and_nothing_personal(artifact: Artifact) -> None:
    """It works from a folder: pictures and PDF are relative; its own address is canonical."""
    page = artifact.files["web.html"].decode()
    assert page.startswith("<!DOCTYPE html>")
    root = parse_html(page)
    assert [node.get("type") for node in root.iter("script")] == ["application/ld+json"]  # data, which nothing runs
    assert "unsub" not in page
    assert root.xpath("//img/@src") == ["images/cover.png", "images/seal.png", "images/press.png"]
    assert root.xpath("//link[@rel='canonical']/@href") == ["https://weekly.example.org/archive/009/"]
    assert root.xpath("//link[@rel='alternate']/@href") == ["issue.pdf"]
    assert {"#s1", "#s2", "#fn-1"} <= set(root.xpath("//a/@href"))
    assert {"s1", "s2", "fn-1"} <= set(root.xpath("//@id"))


# ---------------------------------------------------------------- the engine's baseline


def test_the_engines_own_output_breaks_no_property_rule(
    issue: Issue, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every component we may use, fresh from the engine: the exemptions are complete, and still needed."""
    components = (
        '<mj-text>字</mj-text><mj-image src="https://x.example/a.png" alt="图" width="90px" />'
        '<mj-button href="https://x.example/">按</mj-button><mj-divider /><mj-spacer height="9px" />'
        "<mj-table><tr><td>格</td></tr></mj-table>"
    )
    source = (
        '<mjml lang="zh-CN" dir="ltr"><mj-head><mj-title>题</mj-title></mj-head><mj-body><mj-wrapper>'
        f"<mj-section><mj-column>{components}</mj-column></mj-section></mj-wrapper></mj-body></mjml>"
    )
    html = inlined(to_html(serialise(parse(source))), split(""))
    from kanfa.email import baseline, check_style

    def property_findings() -> set[str]:
        mail = Mail(html, issue, publication, {})
        return {finding.rule.id for finding in check_style.check(mail) if "EML026" <= finding.rule.id <= "EML033"}

    assert property_findings() == set()
    for tag in baseline.ENGINE_STYLES:
        fewer = {name: styles for name, styles in baseline.ENGINE_STYLES.items() if name != tag}
        monkeypatch.setattr(check_style, "ENGINE_STYLES", fewer)
        assert property_findings() != set(), f"the exemption for <{tag}> is no longer needed"


def test_a_theme_that_does_not_parse_names_its_line() -> None:
    """The designer learns where."""
    with pytest.raises(RenderError, match="line 2"):
        split("p { color: #111111 }\n} x")


def test_what_holds_a_picture_is_not_cut_to_the_height_of_a_line(issue: Issue, publication: Publication) -> None:
    """Word's exact line height would show a slice of a picture that stands beside text."""
    html = mail_with(issue, publication, paragraph("印", Image("seal.png", "小印", 9)), paragraph("字"))
    chapter = parse_html(html).xpath("//p[img]|//p[.='字']")
    assert ["mso-line-height-rule:at-least" in (node.get("style") or "") for node in chapter] == [True, False]


def test_words_for_the_cover_when_it_cannot_be_shown(issue: Issue, publication: Publication) -> None:
    """The title follows; the words stand below it."""
    html = html_of(render(replace(issue, assets=issue.assets[1:]), publication))
    assert "[图：管线盘成数字 9]" in html


def test_an_address_that_mail_cannot_follow_is_shown(issue: Issue, publication: Publication) -> None:
    """Nothing is dropped: the words stay and the address stands behind them."""
    html = mail_with(issue, publication, paragraph(Link("ftp://x.example/a", (Text("文件", 9),), 9)))
    assert "文件（ftp://x.example/a）" in "".join(parse_html(html).itertext())


def test_issues_without_number_date_or_names_have_a_mail_too(publication: Publication) -> None:
    """Only a title is needed; the message then carries a fixed date until delivery."""
    made = render(Issue("题目", "issue.md"), publication)
    assert b"\r\nDate: Sat, 01 Jan 2000 00:00:00 +0000\r\n" in made.files["email.eml"]
    assert [
        f.rule.id for f in check(made, Issue("题目", "issue.md"), publication) if f.severity is Severity.ERROR
    ] == []


def test_a_mail_rendered_alone_is_the_mail_of_the_whole_artifact(issue: Issue, publication: Publication) -> None:
    """`kanfa render --to email` leaves text, message and web page unmade, and changes nothing else."""
    whole = FORMAT.render(issue, publication)
    assert FORMAT.render_one is not None
    alone = FORMAT.render_one(issue, publication, "email")
    assert alone.findings == whole.findings
    assert set(whole.files) - set(alone.files) == {"email.txt", "email.eml", "web.html"}
    assert {name: whole.files[name] for name in alone.files} == dict(alone.files)
    assert FORMAT.render_one(issue, publication, "web").files == whole.files
