"""What the reader reports, said in Chinese, with carets under the words at fault."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from kanfa.findings import Finding
from kanfa.issue.addresses import Fault, normal, picture
from kanfa.issue.reader import read
from kanfa.messages import translator

HEAD = "---\ntitle: 题\nnumber: 9\n---\n"
CHINESE = translator("zh")


def told(source: str) -> list[Finding]:
    """The findings of a source as an editor meets them: placed, and in Chinese."""
    lines = source.split("\n")
    return [CHINESE.finding(finding.located("issue.md", lines)) for finding in read(source).findings]


@pytest.mark.parametrize(
    ("body", "message", "column", "quote"),
    [
        ("见[甲](hhttps://a.org)", "“hhttps:”不能做链接（hhttps://a.org）；是想写 https: 吗？", 6, "hhttps://a.org"),
        ("[甲](irc://a.org)", "“irc:”不能做链接（irc://a.org）", 5, "irc://a.org"),
        ("[甲](a@b.org)", "“a@b.org”缺少协议名：请写 mailto:a@b.org", 5, "a@b.org"),
        ("![甲](data:x)", "“data:”不能用来放图片：请写文件名或 https 地址", 6, "data:x"),
        ("[甲](https://u:p@b.org/)", "“https://…@b.org/”的主机名前面带着密码", 5, "https://u:p@b.org/"),
        ("前面的字[b](c d)后面的字", "“[b](c d)”没有成为链接", 5, "[b](c d)"),
        ("一处\n**好** 与 **Note:**b", "“与 **Note:**b”里的标记没有生效", 7, "与 **Note:**b"),
        ("**Note:**b", "“**Note:**b”里的标记没有生效", 1, "**Note:**b"),
        ("甲[^n]", "[^n] 没有对应的脚注", 2, "[^n]"),
        ("共 $42$ 个", "美元符号之间只有一个数，照文字排出", 3, "$42$"),
        ("见 {{< b >}}", "Hugo 的短代码（{{< … >}} 或 {{% … %}}）照文字排出", 3, "{{<"),
        ("{% youtube x %}", "模板标签（{% … %}）照文字排出", 1, "{% youtube x %}"),
        ("## 甲 {#id}\n\na", "标题的属性（{#id .class}）照文字排出", 6, "{#id}"),
        ('甲 <span class="x">乙</span>', "<span> 不起作用；其中的内容保留", 3, '<span class="x">'),
        ("Rc<T>", "这里不能用 <T>：是没有转义的尖括号吗？代码请放进反引号", 3, "<T>"),
        ("<b>甲", "这里不能用 <b>：请写 **…**", 1, "<b>"),
        ("甲 <u>乙", "<u> 没有在它开始的那一块里结束", 3, "<u>"),
        ("甲\n1、乙\n2、丙", "从“1…”起的几行连成了一行", 1, "1、"),
        ("甲\u202e乙", "U+202E 会颠倒文字的次序，已去掉", 2, "\u202e"),
        ("### 甲\n\na", "标题是 3 级；这里应当是 2 级", 1, "###"),
        ("```\na", "这里用 ``` 开始的代码块没有结束", 1, "```"),
        ("|a|\n|-|\n|1|2|", "这一行有 2 个单元格，表格只有 1 列", 0, ""),
        ("甲 $50\\% % 乙$", "% 在 TeX 里表示注释；请写成 \\%（50\\% % 乙）", 3, "$50\\% % 乙$"),
        ("甲 {字|}", "{字|} 应当是文字和一个读音，中间一条竖线", 3, "{字|}"),
        (":::nte\na\n:::", "没有叫“nte”的容器；是想写 note 吗？", 1, ":::nte"),
    ],
)
def test_a_fault_of_the_text_is_told_in_chinese_at_its_place(body: str, message: str, column: int, quote: str) -> None:
    """Column 0 where no words of the line are at fault."""
    (finding,) = told(f"{HEAD}{body}")
    assert finding.message == message
    assert finding.column == column
    assert not column or finding.quote == quote


@pytest.mark.parametrize(
    ("head", "message", "column", "quote"),
    [
        ("date: 某日", "date：“某日”不是日期；请写成 2024-04-23 的样子", 7, "某日"),
        ("date: [甲]", "date：这里要写一行文字，不是列表", 1, "date"),
        ("language: e", "language：“e”不是语言代码；请写 zh-CN 或 en", 1, "language"),
        ("Cover-Size: cover_size", "cover_size：用不上", 1, "Cover-Size"),
        ("title: 题", "title：第 2 行已经写过", 1, "title"),
        ("cover: data:x", "“data:”不能用来放图片：请写文件名或 https 地址", 8, "data:x"),
    ],
)
def test_a_fault_of_the_metadata_is_told_in_chinese_at_its_place(
    head: str, message: str, column: int, quote: str
) -> None:
    """The caret stands under the value, or under the name of the field as it is written."""
    (finding,) = told(f"---\ntitle: 题\nnumber: 9\n{head}\n---\na")
    assert (finding.message, finding.line, finding.column, finding.quote) == (message, 4, column, quote)


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        ("[题](https://a.org)", "标题里的链接留不住"),
        ("题$x^2$", "标题里的公式留不住"),
        ("H<sub>2</sub>O", "标题里有留不住的内容：<sub>"),
    ],
)
def test_what_a_title_loses_is_named_in_chinese(heading: str, message: str) -> None:
    assert message in [finding.message for finding in told(f"# {heading}\n\na")]


def test_one_fault_at_several_places_of_a_line_is_told_once_at_the_first() -> None:
    (shortcode, span) = told(f'{HEAD}{{{{% a %}}}} {{{{< b >}}}} <span>c</span> <span class="d">e</span>')
    assert (shortcode.column, shortcode.quote) == (1, "{{%")
    assert (span.column, span.quote) == (21, "<span>")


@pytest.mark.parametrize("find", [normal, picture])
@pytest.mark.parametrize(
    "written",
    ["", "//a.org", "#a", "/a", "www.a.org", "localhost:1", "a@b.org", "x:y", "htp:y", "mailto:a", "tel:a", "https://",
     "https://[a", "https://a b.org", "https://a.org:x/", "https://a:b@c.org", "https://a.org/\tb"],
)  # fmt: skip
def test_whatever_is_wrong_with_an_address_has_its_chinese_sentence(find: object, written: str) -> None:
    """Under the rule for links and under that for pictures."""
    fault = normal(written) if find is normal else picture(written)
    if isinstance(fault, Fault):
        finding = fault.at(1)
        assert finding.message == fault.message
        assert finding.template in CHINESE.words[finding.rule.id].messages


@pytest.mark.parametrize(("catalogue", "room"), [("issue", "issue"), ("construct", "issue"), ("eml", "email")])
def test_the_chinese_catalogue_holds_no_sentence_that_nobody_says(root: Path, catalogue: str, room: str) -> None:
    """An English message that was changed must be changed there too."""
    said = {
        node.value
        for path in (root / "kanfa" / room).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    source = root / "kanfa" / "messages" / "zh" / f"{catalogue}.toml"
    words = tomllib.loads(source.read_text(encoding="utf-8"))
    assert [message for rule in words.values() for message in rule["messages"] if message not in said] == []
