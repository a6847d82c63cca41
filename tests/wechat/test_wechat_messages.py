"""What the renderer reports by itself is said in Chinese too; the checks' messages are tested with the checks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from wechat_values import asset, paragraph, picture_bytes, text

from kanfa.findings import Finding
from kanfa.issue.model import CodeBlock, Image, Issue, Link, QrCode
from kanfa.messages import translator
from kanfa.publication import Publication
from kanfa.wechat import FORMAT
from kanfa.wechat.inline import inline_css
from kanfa.wechat.tree import new

MakeIssue = Callable[..., Issue]
GIF = asset("images/动.gif", picture_bytes("GIF"), "image/gif")
BROKEN = dataclasses.replace(GIF, data=b"GIF89a broken")
OUTSIDE = Image("https://a.example/c.png", "远", 12)
LONG = "https://a.example/" + "x" * 3_000
COLOURED = CodeBlock("\n".join(f"if {number}:  # {number}" for number in range(700)), 14, "python")


def reported(issue: Issue, publication: Publication, rule: str) -> Finding:
    """The renderer's one finding of a rule."""
    (finding,) = [found for found in FORMAT.render(issue, publication).findings if found.rule.id == rule]
    return finding


@pytest.mark.parametrize(
    ("rule", "said", "quote"),
    [
        ("WX131", "图片 https://a.example/c.png 显示为 [图：远]", "https://a.example/c.png"),
        ("WX132", "images/动.gif：由 image/gif，", "images/动.gif"),
        ("WX133", "images/动.gif（image/gif）无法转换：", "images/动.gif"),
        ("WX134", "封面 https://a.example/c.png 不能用，已画一张代替", "https://a.example/c.png"),
        ("WX136", "地址有 3,018 字节：https://a.example/x", "https://a.example/x"),
        ("WX137", "应在 18,000 字以内", ""),
    ],
)
def test_what_the_renderer_decided_is_said_in_chinese(
    rule: str, said: str, quote: str, issue: MakeIssue, publication: Publication
) -> None:
    """With the words of the source line under which the carets stand."""
    cases: dict[str, Callable[[], Issue]] = {
        "WX131": lambda: issue(paragraph(OUTSIDE)),
        "WX132": lambda: issue(paragraph(Image("images/动.gif", "动", 12)), assets=(GIF,)),
        "WX133": lambda: issue(paragraph(Image("images/动.gif", "动", 12)), assets=(BROKEN,)),
        "WX134": lambda: issue(paragraph("x"), cover=OUTSIDE),
        "WX136": lambda: issue(QrCode(Link(LONG, (text("x"),), 12), 12)),
        "WX137": lambda: issue(COLOURED),
    }
    finding = reported(cases[rule](), publication, rule)
    spoken = translator("zh").finding(finding)
    assert spoken.message != finding.message
    assert said in spoken.message
    assert finding.quote.startswith(quote)


def test_a_missing_cover_and_a_faulty_theme_are_said_in_chinese(issue: MakeIssue, publication: Publication) -> None:
    """The library's own words stay as they are."""
    chinese = translator("zh")
    missing = reported(issue(paragraph("x"), cover=None), publication, "WX134")
    assert chinese.finding(missing).message == "这一期没有指定封面，已画一张代替"
    _, complaints = inline_css(new("section", text="x"), "p { color: ; }")
    assert all(chinese.finding(found).message == f"样式库的警告：{found.message}" for found in complaints)
    assert complaints
