"""Checks: every rule is triggered exactly once by one fault, and by nothing in a clean article."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from wechat_values import COVER, asset, link, paragraph, picture_bytes, section, text

from kanfa.formats import Artifact
from kanfa.issue.model import Image, Issue, Row, Table
from kanfa.messages import translator
from kanfa.publication import Publication
from kanfa.wechat import FORMAT
from kanfa.wechat.checks import check
from kanfa.wechat.draft import draft_digest
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.rules import RULES

CLEAN_FIELDS: dict[str, Any] = {
    "title": "第九期",
    "author": "编辑部",
    "digest": "一句话",
    "content_source_url": "https://weekly.example.org/009/",
    "cover": {"name": "images/cover.png"},
}
IMG = '<img src="images/a.png" alt="图" data-w="800" style="width:100%">'
CLEAN = (
    '<section style="color:#333;font-size:16px"><p>文字，<code style="background:#f3f3f3;color:#333">x</code></p>'
    "<ul><li><section>甲</section><ul><li>乙</li></ul></li></ul>"
    f'<p><a href="https://mp.weixin.qq.com/s/x">往期</a></p><section>{IMG}</section>'
    "<table><tr><td>一</td><td>二</td></tr></table></section>"
)


def inside(html: str) -> str:
    """An article with `html` behind a first paragraph."""
    return f'<section style="color:#333"><p>文字</p>{html}</section>'


def styled(style: str, tag: str = "p", words: str = "字") -> str:
    return inside(f'<{tag} style="{style}">{words}</{tag}>')


FAULTS: dict[str, str] = {
    # elements and attributes
    "WX001": inside("<p>x</p><video></video>"),
    "WX002": inside("<div>x</div>"),
    "WX003": inside('<p id="a">x</p>'),
    "WX004": inside('<p onclick="x()">x</p>'),
    "WX005": inside("<style>p{color:red}</style>"),
    "WX006": inside("<section>" * 10 + "深" + "</section>" * 10),
    "WX007": inside("<span leaf=''><section>x</section></span>"),
    "WX008": inside("<section nodeleaf=''>x</section>"),
    "WX009": inside("<section>" + "<span></span>" * 16 + "<span>x</span>" * 5 + "</section>"),
    "WX010": inside("<ul> <li>x</li></ul>"),
    "WX011": inside("<ul><li></li></ul>"),
    "WX012": inside("<ul><li><p>x</p></li></ul>"),
    "WX013": inside("<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li></ul>"),
    "WX014": inside("<p><code>a\nb</code></p>"),
    "WX015": "<section><p>&nbsp;</p></section>",
    "WX016": "<section>a</section><section>b</section>",
    # styles
    "WX021": styled("position:absolute"),
    "WX022": styled("filter:blur(1px)"),
    "WX023": styled("width:calc(100% - 2px)"),
    "WX024": styled("color:var(--ink)"),
    "WX025": styled("display:grid"),
    "WX026": styled("margin:0!important"),
    "WX027": inside("<p style='background:url(\"https://mmbiz.qpic.cn/x\")'></p>"),
    "WX028": inside('<p style="background:url(https://a.example/x)"></p>'),
    "WX029": inside("<p style=\"font-family:'x',monospace\">x</p>"),
    "WX030": styled("font-family:&quot;x&quot;,monospace"),
    "WX031": styled(""),
    "WX032": styled("text-align:start"),
    "WX033": styled("height:0"),
    "WX034": styled("height:30px", words="长" * 100),
    "WX035": styled("line-height:8px", words="长" * 100),
    "WX036": inside('<img src="images/a.png" alt="图" data-w="800" style="width:100%;opacity:.5">'),
    "WX037": styled("caret-color:rgba(0,0,0,0)"),
    # links and pictures
    "WX051": inside('<a href="#x">x</a>'),
    "WX052": inside('<a href="x.html">x</a>'),
    "WX053": inside('<a href="mailto:a@b.example">x</a>'),
    "WX054": inside('<a href="https://a.example/">x</a>'),
    "WX055": inside('<a href="https://mp.weixin.qq.com/s?tempkey=1">x</a>'),
    "WX056": inside('<img src="images/other.png" alt="图" data-w="800" style="width:100%">'),
    "WX057": inside('<img src="data:image/png;base64,AA" alt="图" data-w="800" style="width:100%">'),
    "WX058": inside('<img src="images/a.gif" alt="图" data-w="800" style="width:100%">'),
    "WX059": inside('<img src="images/big.png" alt="图" data-w="800" style="width:100%">'),
    "WX060": inside('<img src="images/a.png" alt="" data-w="800" style="width:100%">'),
    # drawings and dark mode
    "WX071": inside('<svg><path fill="url(#g)"></path></svg>'),
    "WX072": inside('<svg><a><path d="M0 0"></path></a></svg>'),
    "WX073": inside('<svg><animate begin="touchstart"></animate></svg>'),
    "WX074": inside('<svg><image href="https://a.example/x.png"></image></svg>'),
    "WX075": inside('<section style="background:#42b983">看不清</section>'),
    # content size
    "WX085": inside("字" * 20_000),
    "WX086": inside("字" * 400_000),
    # warnings
    "WX101": inside('<p class="x">x</p>'),
    "WX102": inside("<h1>x</h1>"),
    "WX103": inside("<figure>x</figure>"),
    "WX104": inside("<ruby>字<rt>zì</rt></ruby>"),
    "WX105": styled("background:linear-gradient(red,blue);color:#333"),
    "WX106": styled("background:url(https://mmbiz.qpic.cn/x)"),
    "WX107": styled("font-family:KaiTi"),
    "WX108": styled("float:left"),
    "WX109": styled("width:500px"),
    "WX110": styled("color:#000"),
    "WX111": styled("background:#eee"),
    "WX112": styled("color:#666"),
    "WX113": inside('<p data-no-dark="">x</p>'),
    "WX114": styled("background:#e3f2fd;color:#333"),
    "WX115": inside("<table><tr>" + "<td>x</td>" * 5 + "</tr></table>"),
    "WX116": inside('<table><tr><td width="10">x</td></tr></table>'),
    "WX117": inside("<table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>"),
    "WX118": inside('<img src="images/a.png" alt="图" data-w="500">'),
    "WX119": inside('<img src="images/a.png" alt="图" style="width:100%">'),
    "WX120": inside(IMG * 21),
    "WX125": inside("字" * 18_500),
    "WX126": '<section style="color:#333"><svg></svg><p>x</p></section>',
    "WX127": styled("overflow-x:auto"),
}
FIELD_FAULTS: dict[str, dict[str, Any]] = {
    "WX081": {"title": " "},
    "WX082": {"title": "长" * 33},
    "WX083": {"author": "长" * 17},
    "WX084": {"digest": "长" * 121},
    "WX087": {"content_source_url": "https://a.example/" + "x" * 1024},
    "WX088": {"content_source_url": "a.example/x"},
    "WX089": {"cover": None},
    "WX122": {"title": "长" * 22},
    "WX123": {"title": "火箭🚀"},
    "WX124": {"author": "九个字的作者名字啊"},
}
RENDERER_RULES = {"WX131", "WX132", "WX133", "WX134", "WX135", "WX136", "WX137"}
FITTING_RULES = {"WX140", "WX141", "WX142", "WX143", "WX144", "WX145"}
THEME_RULES = {"WX150", "WX151", "WX152", "WX153"}
LAYOUT_RULES = {rule.id for rule in FORMAT.measured}
ELSEWHERE = {"WX121", *FITTING_RULES, *THEME_RULES, *LAYOUT_RULES}
"""Rules with tests of their own: those of long articles, of themes, of the layout, and the one that needs links."""


def artifact(html: str = CLEAN, **fields: Any) -> Artifact:
    png = picture_bytes()
    files = {
        "wechat.html": html.encode(),
        "wechat.json": json.dumps({**CLEAN_FIELDS, **fields}).encode(),
        "images/cover.png": COVER.data,
        "images/a.png": png,
        "images/a.gif": picture_bytes("GIF"),
        "images/big.png": png + b"\0" * LIMITS.image_bytes.value,
    }
    return Artifact("wechat", files)


def ids(found: Any) -> list[str]:
    return [finding.rule.id for finding in found]


def test_a_clean_article_has_no_findings(issue: Callable[..., Issue], publication: Publication) -> None:
    """Silence is what a good article earns."""
    assert check(artifact(), issue(), publication) == ()


@pytest.mark.parametrize(("rule", "html"), FAULTS.items(), ids=list(FAULTS))
def test_one_fault_of_the_article_is_one_finding(
    rule: str, html: str, issue: Callable[..., Issue], publication: Publication
) -> None:
    """The rule fires once for its fault and not in the clean article."""
    assert ids(check(artifact(html), issue(), publication)).count(rule) == 1


@pytest.mark.parametrize(("rule", "fields"), FIELD_FAULTS.items(), ids=list(FIELD_FAULTS))
def test_one_fault_of_a_field_is_one_finding(
    rule: str, fields: dict[str, Any], issue: Callable[..., Issue], publication: Publication
) -> None:
    """Each field is measured alone."""
    assert ids(check(artifact(**fields), issue(), publication)) == [rule]


def test_every_rule_has_a_case() -> None:
    """A rule without a test would be a promise without proof."""
    assert {rule.id for rule in RULES} == {*FAULTS, *FIELD_FAULTS, *RENDERER_RULES, *ELSEWHERE}
    assert len({rule.id for rule in RULES}) == len(RULES) == len({rule.name for rule in RULES})
    assert all(rule.reason and rule.source and rule.cure for rule in RULES)
    assert FORMAT.rules == RULES


@pytest.mark.parametrize("fault", [*FAULTS, *FIELD_FAULTS])
def test_every_message_is_said_in_chinese_too(
    fault: str, issue: Callable[..., Issue], publication: Publication
) -> None:
    """With the same values, and in other words than in English."""
    made = artifact(FAULTS[fault]) if fault in FAULTS else artifact(**FIELD_FAULTS[fault])
    chinese = translator("zh")
    for finding in check(made, issue(), publication):
        spoken = chinese.finding(finding)
        assert finding.template in chinese.words[finding.rule.id].messages
        assert spoken.message != finding.message
        said = spoken.message.replace(",", "")
        assert all(str(value).replace(",", "") in said for _, value in finding.values)


def test_carets_stand_under_what_the_editor_wrote(issue: Callable[..., Issue], publication: Publication) -> None:
    """Addresses, pictures and titles: the words at fault are known, so the line can show them."""
    gif = asset("images/动 图.gif", picture_bytes("GIF"), "image/gif")
    written = issue(
        paragraph(link("mailto:a@b.example", "信箱", 21), link("https://helm.sh/", "Helm", 21)),
        paragraph(Image("images/动 图.gif", "动", 40)),
        assets=(gif,),
    )
    html = inside('<a href="mailto:a@b.example">信箱</a><img src="images/动 图.gif" alt="动" style="width:100%">')
    made = artifact(html, title="火箭🚀")
    made = dataclasses.replace(made, files={**made.files, gif.src: gif.data})
    quotes = {f.rule.id: f.quote for f in check(made, written, publication)}
    assert quotes["WX053"] == "mailto:a@b.example"
    assert quotes["WX058"] == "images/动 图.gif"
    assert quotes["WX121"] == "https://helm.sh/"
    assert quotes["WX123"] == "🚀"


def test_an_address_that_stands_nowhere_is_named_with_its_line(
    issue: Callable[..., Issue], publication: Publication
) -> None:
    """An override of the template may have lost the list."""
    written = issue(paragraph(link("https://helm.sh/", "Helm", 42), link("https://helm.sh/", "again", 43)))
    found = check(artifact(), written, publication)
    assert [(f.rule.id, f.line) for f in found] == [("WX121", 42)]


def test_a_live_or_listed_address_is_enough(issue: Callable[..., Issue], publication: Publication) -> None:
    """Case of the host and percent-encoding make no difference."""
    written = issue(paragraph(link("https://a.example/%E4%B8%AD", "x"), link("https://mp.weixin.qq.com/s/x", "y")))
    html = CLEAN.replace("文字，", "<span>https://A.example/中</span>文字，")
    assert check(artifact(html), written, publication) == ()


def test_faults_of_the_text_name_the_line_of_the_text(issue: Callable[..., Issue], publication: Publication) -> None:
    """Tables, links and pictures lead back to issue.md."""
    row = Row((), 30)
    written = issue(
        paragraph(link("https://mp.weixin.qq.com/s?tempkey=1", "临时", 21)),
        Table((), (row,), 30),
        paragraph(Image("images/a.gif", "动图", 40)),
        assets=(asset("images/a.gif", picture_bytes("GIF"), "image/gif"),),
    )
    html = inside(
        '<a href="https://mp.weixin.qq.com/s?tempkey=1">临时</a>'
        f"<table><tr>{'<td>x</td>' * 5}</tr></table>"
        '<img src="images/a.gif" alt="动图" data-w="800" style="width:100%">'
    )
    lines = {f.rule.id: f.line for f in check(artifact(html), written, publication)}
    assert lines == {"WX055": 21, "WX115": 30, "WX058": 40}


def test_an_article_that_is_too_long_names_its_largest_parts(
    issue: Callable[..., Issue], publication: Publication
) -> None:
    """The editor learns what to cut, and by how much."""
    written = issue(sections=(section("短讯", line=7), section("长文", line=90)))
    html = inside("<h2>短讯</h2><p>一</p><h2>长文</h2><p>" + "字" * 21_000 + "</p>")
    (finding,) = check(artifact(html), written, publication)
    assert finding.line == 90
    assert "长文 21,0" in finding.message
    assert finding.message.index("长文") < finding.message.index("短讯")


def test_a_title_that_is_too_long_names_its_own_line(issue: Callable[..., Issue], publication: Publication) -> None:
    """That of the short title where there is one; the reader fills it in where there is none."""
    for lines, line in (({"title": 2}, 2), ({"title": 2, "short_title": 4}, 4)):
        written = issue(title="长" * 33, short_title="长" * 33, lines_of=lines)
        (finding,) = check(artifact(title="长" * 33), written, publication)
        assert (finding.rule.id, finding.line, finding.quote) == ("WX082", line, "长" * 33)


def test_limits_count_astral_characters_twice(issue: Callable[..., Issue], publication: Publication) -> None:
    """Nobody says how WeChat counts; the larger number is taken."""
    assert "WX082" in ids(check(artifact(title="🚀" * 17), issue(), publication))


def test_a_privileged_account_may_link_outside(issue: Callable[..., Issue], publication: Publication) -> None:
    """The setting of the publication decides."""
    settings = publication.wechat.model_copy(update={"privileged_links": True})
    privileged = publication.model_copy(update={"wechat": settings})
    assert "WX054" not in ids(check(artifact(FAULTS["WX054"]), issue(), privileged))


def test_findings_say_where_in_the_article(issue: Callable[..., Issue], publication: Publication) -> None:
    """The element path counts siblings of one tag."""
    (finding,) = check(artifact(FAULTS["WX002"]), issue(paragraph(text("x", 12))), publication)
    assert (finding.element, finding.line) == ("section>div", 12)


def test_large_text_may_have_less_contrast(issue: Callable[..., Issue], publication: Publication) -> None:
    """3 : 1 is enough from 24 px, or 18.66 px in bold."""
    for style in ("color:#666;font-size:24px", "color:#666;font-size:20px;font-weight:bold"):
        assert check(artifact(styled(style)), issue(), publication) == ()


def test_panels_with_pictures_and_hidden_text_are_not_judged(
    issue: Callable[..., Issue], publication: Publication
) -> None:
    """The official checker skips them as well."""
    hidden = styled("display:none;background:#42b983", "section")
    assert "WX075" not in ids(check(artifact(hidden), issue(), publication))


def test_components_and_cards_are_let_through(issue: Callable[..., Issue], publication: Publication) -> None:
    """A name card with its data, a v.qq.com player and a section[nodeleaf] with one picture are allowed."""
    html = inside(
        '<section><mp-common-profile data-id="x==" data-pluginname="mpprofile"></mp-common-profile></section>'
        '<iframe src="https://v.qq.com/x"></iframe>'
        f'<section nodeleaf="">{IMG}</section>'
    )
    assert check(artifact(html), issue(), publication) == ()


def test_findings_are_equal_for_equal_artifacts(issue: Callable[..., Issue], publication: Publication) -> None:
    """A check is a function of values."""
    made = artifact(FAULTS["WX112"])
    again = dataclasses.replace(made)
    assert check(made, issue(), publication) == check(again, issue(), publication)


def test_a_long_article_is_checked_in_a_few_seconds(issue: Callable[..., Issue], publication: Publication) -> None:
    """Time grows with the article, not with its square."""
    made = artifact(inside("<p><span>字</span></p>" * 9_000))
    start = time.process_time()
    check(made, issue(), publication)
    assert time.process_time() - start < 30  # a quadratic search would take minutes


def test_a_faint_colour_pair_is_one_finding(issue: Callable[..., Issue], publication: Publication) -> None:
    """However many texts have it."""
    (finding,) = check(artifact(inside('<p style="color:#666">字</p>' * 3)), issue(), publication)
    assert (finding.rule.id, "3 texts" in finding.message) == ("WX112", True)
    assert "等 3 处" in translator("zh").finding(finding).message


def test_a_long_summary_makes_a_digest_that_is_short_enough() -> None:
    """It ends with a sentence where one ends late enough, else with an ellipsis."""
    assert draft_digest("短。") == "短。"
    assert draft_digest("长" * 99 + "。" + "长" * 50) == "长" * 99 + "。"
    assert draft_digest("长" * 99 + "，" + "长" * 50) == "长" * 99 + "…"
    assert draft_digest("长" * 121) == "长" * 119 + "…"
