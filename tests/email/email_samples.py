"""One issue that holds every kind of node, made by hand, and the small builders it is made with."""

from __future__ import annotations

import datetime
import hashlib
import io
from dataclasses import replace
from typing import get_args

from PIL import Image as PillowImage

from kanfa.issue.model import (
    Asset,
    Callout,
    CalloutKind,
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
    Note,
    NoteRef,
    Paragraph,
    PreviousIssue,
    QrCode,
    Quote,
    Row,
    Ruby,
    Section,
    Small,
    Strong,
    Subscript,
    Superscript,
    Table,
    Text,
    Underline,
)
from kanfa.issue.references import references_of


def picture(media: str = "PNG", width: int = 40, height: int = 20) -> bytes:
    """A small picture in one colour."""
    target = io.BytesIO()
    PillowImage.new("RGB", (width, height), (31, 42, 90)).save(target, media)
    return target.getvalue()


def asset(src: str, name: str, media: str = "PNG", width: int = 40) -> Asset:
    """An asset with a picture of that kind."""
    data = picture(media, width)
    return Asset(src, name, f"image/{media.lower()}", data, hashlib.sha256(data).hexdigest(), width, 20)


def paragraph(*children: object, line: int = 20) -> Paragraph:
    """A paragraph; strings become text nodes."""
    return Paragraph(
        tuple(Text(child, line) if isinstance(child, str) else child for child in children),  # type: ignore[misc]
        line,
    )


def section(
    title: str, *blocks: object, line: int = 10, anchor: str = "s1", groups: tuple[Section, ...] = ()
) -> Section:
    """A section of level 1."""
    return Section((Text(title, line),), 1, anchor, tuple(blocks), groups, line)  # type: ignore[arg-type]


def item(*blocks: object, line: int = 30) -> Item:
    """An item of a list."""
    return Item(tuple(blocks), line)  # type: ignore[arg-type]


PYTHON = """@cached
def answer(text: str) -> int:
    # 求和
    return len(text) + 42

class Weekly: ..."""
"""Code with a comment, keywords, names, a builtin, a number, and an empty line."""


def lead(title: str, href: str, *blocks: object, source: str = "", checked: bool | None = None, line: int = 62) -> Item:
    """A lead item."""
    head = Lead(Link(href, (Text(title, line),), line), line, (Text(source, line),) if source else ())
    return Item((head, *blocks), line, checked)  # type: ignore[arg-type]


def task(words: str, checked: bool, *blocks: object, line: int = 64) -> Item:
    """A task."""
    return Item((paragraph(words, line=line), *blocks), line, checked)  # type: ignore[arg-type]


def callout(kind: CalloutKind, *blocks: object, title: str = "", line: int = 66) -> Callout:
    """A passage set apart."""
    return Callout(kind, blocks, line, (Text(title, line),) if title else ())  # type: ignore[arg-type]


def constructs() -> tuple[object, ...]:
    """Every kind of node that stands for more than plain Markdown."""
    inner = List((item(paragraph("其中一条", line=68), line=68),), 68)
    code = CodeBlock("helm 2to3 convert", 69, "bash")
    return (
        List(
            (
                lead("推荐的文章", "https://example.org/read", paragraph("值得一读。", line=63), source="某博客"),
                lead("没有来源", "https://example.org/bare", inner),
            ),
            62,
        ),
        List((task("发布", True), task("迁移", False, List((task("文档", True),), 65))), 64),
        List((task("带号的任务", True),), 65, 1),
        *(
            callout(kind, paragraph(Link(f"https://example.org/{kind}", (Text(f"见{kind}", 67),), 67), line=67))
            for kind in get_args(CalloutKind)
        ),
        callout("tip", paragraph("一行即可：", Code("helm", 67), line=67), inner, code, title="迁移工具"),
        paragraph(
            "公式", Math(r"\nabla f = \frac{a}{b}", 70), "在行内，", Ruby((Text("刊", 70),), (Text("kān", 70),), 70)
        ),
        MathBlock(r"\sum_{i=1}^{n} x_i^2", 71),
        CodeBlock(PYTHON, 72, "python", (1, 5), "weekly/answer.py"),
        CodeBlock("- old\n+ new\n", 73, "diff"),
        QrCode(Link("https://example.org/scan", (Text("手机上继续读", 74),), 74), 74),
    )


def everything() -> Issue:
    """An issue with every kind of node."""
    helm = Link("https://helm.sh/", (Text("Helm", 21),), 21, "包管理")
    spans = (
        Emphasis((Text("斜", 22),), 22),
        Strong((Text("粗", 22),), 22),
        Deleted((Text("删", 22),), 22),
        Inserted((Text("增", 22),), 22),
        Underline((Text("线", 22),), 22),
        Superscript((Text("上", 22),), 22),
        Subscript((Text("下", 22),), 22),
        Small((Text("小", 22),), 22),
        Mark((Text("亮", 22),), 22),
        Keyboard((Text("Ctrl", 22),), 22),
        Code("a  b", 22),
        LineBreak(22),
        NoteRef(1, 22),
        Image("seal.png", "小印", 22),
    )
    head = Row((Cell((Text("容器", 40),), 40, "left", True), Cell((Text("宽度", 40),), 40, "right", True)), 40)
    row = Row((Cell((Text("邮件", 42),), 42), Cell((Text("600", 42),), 42, "right")), 42)
    bullets = List((item(paragraph("第一条"), List((item(paragraph("其下")),), 31)),), 30)
    numbers = List((item(paragraph("三")), item(paragraph("四"), paragraph("再说"))), 33, 3, tight=False)
    blocks = (
        paragraph(helm, " 发布了。"),
        paragraph(*spans, line=22),
        bullets,
        numbers,
        Quote((paragraph("活字者，字活而版死。"),), 35),
        CodeBlock("if x:\n    return 1", 37, "python"),
        Table((head,), (row,), 40, (Text("表一", 39),)),
        Figure(Image("press.png", "一排活字", 45), 45, (Text("手盘里的活字", 45),), "https://example.org/press"),
        Details((Text("彩蛋", 47),), (paragraph("只有一句。"),), 47),
        Divider(49),
    )
    group = Section((Text("小节", 50),), 2, "s1-1", (paragraph("小节的话。", line=51),), (), 50)
    issue = Issue(
        title="云原生生态周报 Vol. 9：Helm 3 发布",
        file="issue.md",
        number=9,
        date=datetime.date(2019, 6, 28),
        summary="Helm 3 首个 Alpha 移除 Tiller，大规模集群值得回移的四项改进。",
        authors=("心贵", "莫源"),
        editors=("木环",),
        publisher="容器平台",
        cover=Image("cover.png", "管线盘成数字 9", 5),
        preamble=(paragraph("开篇的话，请读下去。", line=8),),
        sections=(section("业界要闻", *blocks, groups=(group,)), section("推荐阅读", *constructs(), anchor="s2")),
        notes=(Note(1, (paragraph("脚注的话。"),), 60),),
        previous=(
            PreviousIssue(8, "云原生趋势", 3, "https://weekly.example.org/archive/008/"),
            PreviousIssue(6, "亮点汇总", 3),
        ),
        assets=(
            asset("cover.png", "cover.png", width=1200),
            asset("press.png", "press.png", width=900),
            asset("seal.png", "seal.png", width=32),
        ),
        newer=PreviousIssue(10, "下一期的题目", 1, "https://weekly.example.org/archive/010/"),
    )
    return replace(issue, references=references_of(issue))
