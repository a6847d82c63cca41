"""Every rule of the room: one case that triggers it exactly once, and a clean mail that triggers none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from email_faults import (
    Case,
    adding,
    before_body_end,
    email,
    findings_of,
    grid,
    heavy,
    in_head,
    linking,
    long_list,
    missing,
    nested,
    no_header,
    pictures_only,
    spoil,
    style,
    with_image,
)
from email_samples import paragraph

from kanfa.email import FORMAT
from kanfa.email.limits import GMAIL_CLIP_BYTES
from kanfa.email.rules import RULES
from kanfa.formats import Artifact
from kanfa.issue.model import (
    CodeBlock,
    Figure,
    Image,
    Issue,
    Link,
    Math,
    MathBlock,
    PreviousIssue,
    Strong,
    Text,
)
from kanfa.publication import Publication

SECOND_LINK = paragraph(Link("https://other.example/", (Text("Helm", 71),), 71), line=71)

CASES = [
    Case("EML001", "<!DOCTYPE html>", "<!doctype html>"),
    Case("EML002", 'lang="zh-CN"', 'lang="und"'),
    Case("EML002", issue=lambda issue: replace(issue, language="中文", lines_of={"language": 7}), line=7),
    Case("EML003", '<meta name="viewport"', '<meta name="other"'),
    Case("EML004", *before_body_end("<mj-text></mj-text>")),
    Case("EML005", *before_body_end("<p>{{ unfilled }}</p>")),
    Case("EML006", *before_body_end('<p title="a\\u{3000}b">字</p>')),
    Case("EML007", *before_body_end("<!--[if mso]><b>x</b>-->")),
    Case("EML007", *before_body_end("<!--[if mso]><table><tr><![endif]-->")),
    Case("EML007", *before_body_end("<!--[if !mso]><!-->")),
    Case("EML007", *before_body_end("<!--[if mso|IE]>x<![endif]-->")),
    Case("EML008", *before_body_end("<video></video>")),
    Case("EML009", issue=adding(paragraph("坏\ufffd字", line=73)), line=73),
    Case("EML010", *before_body_end('<p onclick="x()">字</p>')),
    Case("EML010", *before_body_end('<img alt="字" width="9" style="height:auto;border:0" src="javascript:x">')),
    Case("EML011", issue=long_list(GMAIL_CLIP_BYTES), line=70),
    Case("EML012", issue=long_list(46_000), line=70),
    Case("EML013", files=spoil("email.eml", b"\r\nDate:", b"\r\nX-Long: " + b"x" * 999 + b"\r\nDate:")),
    Case("EML015", files=spoil("email.txt", "云原生生态周报 Vol. 9：".encode(), b"")),
    Case("EML016", issue=lambda issue: replace(issue, previous=(PreviousIssue(8, issue.title, 3),)), line=1),
    Case("EML020", *in_head("<style>p { color: #1f2328; }" + "/*" + "x" * 16_400 + "*/</style>")),
    Case("EML021", *in_head("<style>@media screen { @media print { p { color: #1f2328; } } }</style>")),
    Case("EML022", *in_head("<style>@import url(https://x.example/a.css);</style>")),
    Case("EML023", *style("font-size:16px")),
    Case("EML024", *in_head("<style>p > a { color: #1f2328; }</style>")),
    Case("EML025", *style("color:#1f2328 !important")),
    Case("EML026", *style("transform:none")),
    Case("EML027", *style("float:left")),
    Case("EML028", *style("width:10rem")),
    Case("EML029", *style("visibility:visible")),
    Case("EML030", *style("white-space:nowrap")),
    Case("EML031", *style("padding:4px")),
    Case("EML032", *style("line-height:20px")),
    Case("EML033", *before_body_end('<p><font color="#fff"></font></p>')),
    Case("EML034", *style("font-size:10px")),
    Case("EML035", *style("font-family:Arial")),
    Case("EML040", *before_body_end("<table><tr><td>字</td></tr></table>")),
    Case("EML041", issue=no_header, line=80),
    Case("EML042", 'scope="col"', 'scope="none"', line=40),
    Case("EML043", issue=adding(nested(8)), line=79),
    Case("EML044", "PixelsPerInch>96<", "PixelsPerInch>72<"),
    Case("EML045", *before_body_end(f"<p>{'x' * 41}</p>")),
    Case("EML046", issue=with_image("http://img.example.org/a.png", "旧图"), line=75),
    Case("EML046", issue=with_image("https://img.example.org/a.svg", "矢量图"), line=75),
    Case("EML047", issue=with_image("https://img.example.org/a.webp", "新图"), line=75),
    Case("EML048", 'alt="一排活字"', ""),
    Case("EML049", issue=with_image("bare.png", "", "bare.png"), line=75),
    Case("EML049", issue=with_image("wordy.png", "话" * 126, "wordy.png"), line=75),
    Case("EML050", 'width="536"', 'width="100%"', line=45),
    Case("EML051", files=heavy, line=45),
    Case("EML052", issue=pictures_only),
    Case("EML053", *before_body_end('<a href="/x">字</a>')),
    Case("EML054", issue=linking("https://x.example/" + "a" * 250), line=71),
    Case("EML055", *before_body_end('<a href="#s1">字</a>')),
    Case("EML056", issue=linking("https://evil.example/", "www.bank.com"), line=71),
    Case("EML057", issue=linking("http://x.example/"), line=71),
    Case("EML057", issue=linking("https://bit.ly/abc"), line=71),
    Case("EML057", issue=linking("https://127.0.0.1/abc"), line=71),
    Case("EML058", issue=adding(SECOND_LINK), line=71),
    Case(
        "EML059",
        issue=adding(
            *(paragraph(Link(f"https://x.example/{n}", (Text(f"第{n}条", 71),), 71), line=71) for n in range(101))
        ),
    ),
    Case("EML060", *style("color:#cccccc")),
    Case("EML061", *before_body_end("<h1>又一个</h1>")),
    Case("EML062", issue=linking("https://x.example/", ""), line=71),
    Case("EML063", *before_body_end("<section>字</section>")),
    Case("EML064", 'name="supported-color-schemes"', 'name="other"'),
    Case("EML065", *style("background-color:#ffffff")),
    Case("EML066", 'class="preheader"', 'class="other"'),
    Case("EML067", 'class="preheader" style="', 'class="preheader" style="color:#ffffff;'),
    Case("EML068", issue=lambda issue: replace(issue, summary="太短", lines_of={"summary": 6}), line=6),
    Case("EML069", 'href="https://unsub.invalid/__UNSUB__"', 'href="https://elsewhere.example/"'),
    Case("EML069", files=spoil("web.html", b"</body>", b'<a href="https://unsub.invalid/__UNSUB__">x</a></body>')),
    Case("EML070", issue=adding(grid(7, "字")), line=80),
    Case("EML080", files=spoil("email.eml", b"To: reader@", b"To: other@")),
    Case("EML081", files=spoil("email.eml", b"List-Unsubscribe: <", b"List-Unsubscribe: =?utf-8?q?=3C")),
    Case("EML082", settings=email(unsubscribe_url="https://weekly.example.org/leave")),
    Case("EML014", issue=adding(paragraph("响\x07铃", line=74)), line=74),
    Case("EML090", issue=with_image("gone.png", "不在的图"), line=75),
    Case("EML091", issue=with_image("new.webp", "网页图", "new.webp", "WEBP"), line=75),
    Case("EML092", issue=linking("ftp://x.example/a", "文件"), line=71),
    Case("EML093", issue=adding(nested(17)), line=78),
    Case("EML094", issue=adding(paragraph(Math(r"\frac{a", 76), line=76)), line=76),
    Case("EML095", issue=adding(CodeBlock("x = 1  # 一\n" * 900, 77, "python")), line=77),
    Case("EML096", files=missing, line=45),
    Case("EML097", *before_body_end("<ruby>字<rt>zì</rt></ruby>")),
    Case("EML098", issue=adding(MathBlock(" + ".join(f"x_{{{n}}}" for n in range(20)), 76)), line=76),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_each_rule_fires_exactly_once_with_its_line(
    case: Case, issue: Issue, publication: Publication, artifact: Artifact
) -> None:
    """The fault is found once, at the editor's line when the text causes it."""
    found = [finding for finding in findings_of(case, issue, publication, artifact) if finding.rule.id == case.rule]
    assert [finding.line for finding in found] == [case.line], [finding.message for finding in found]


def test_a_clean_mail_has_no_finding(artifact: Artifact, issue: Issue, publication: Publication) -> None:
    """An issue with every kind of node is silent: the clean case of every rule."""
    assert artifact.findings == ()
    assert list(FORMAT.check(artifact, issue, publication)) == []


def test_every_rule_has_a_case() -> None:
    """The table above is complete, and the catalogue is in order with unique ids. Later families have tables of
    their own, beside what they are about."""
    ids = [rule.id for rule in FORMAT.rules]
    assert {case.rule for case in CASES} == {rule.id for rule in RULES}
    assert ids == sorted(set(ids))


def test_every_rule_says_why_and_how_to_cure_it() -> None:
    """Reason, source and cure are one line each."""
    for rule in FORMAT.rules:
        assert all(text and "\n" not in text for text in (rule.name, rule.reason, rule.source, rule.cure)), rule.id


def test_template_marks_and_escapes_in_the_text_are_no_fault(issue: Issue, publication: Publication) -> None:
    """An article on templates may show them; only marks that nobody wrote are left-overs."""
    words = Strong((Text("{{ 7*7 }} {% raw %} C:\\new \\u{3000} None", 71),), 71)
    picture = Figure(Image("press.png", "路径 C:\\new", 72), 72)
    case = Case("", issue=adding(paragraph(words, line=71), picture))
    assert findings_of(case, issue, publication) == []
