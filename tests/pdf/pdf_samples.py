"""Issues made by hand for the tests of the PDF room: one with every node kind, and a small one to vary."""

from __future__ import annotations

import datetime
import hashlib
import io
from dataclasses import replace

from PIL import Image as Pillow

from kanfa.issue.model import (
    Asset,
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
    Inline,
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
from kanfa.publication import Publication

PUBLICATION = Publication(
    name="云原生生态周报",
    tagline="跟踪动态，读懂社区",
    publisher="云原生编辑部",
    url="https://weekly.example.org",
    licence="CC BY 4.0",
)
HELM, KNATIVE = "https://helm.sh/docs/?a=1&b=2", "https://knative.dev/"


def drawn(width: int, height: int, colour: str = "#0f766e", mode: str = "RGB", kind: str = "PNG") -> bytes:
    """A flat picture as a file."""
    out = io.BytesIO()
    Pillow.new("RGB", (width, height), colour).convert(mode).save(out, kind)
    return out.getvalue()


def asset(src: str, data: bytes, width: int, height: int, media_type: str = "image/png") -> Asset:
    """A loaded picture whose name in the release is the last part of `src`."""
    name = src.rsplit("/", 1)[-1]
    return Asset(src, name, media_type, data, hashlib.sha256(data).hexdigest(), width, height)


def paragraph(line: int, *children: Inline | str) -> Paragraph:
    """A paragraph; plain strings become Text nodes of its line."""
    nodes = tuple(Text(child, line) if isinstance(child, str) else child for child in children)
    return Paragraph(nodes, line)


def item(line: int, *children: Inline | str) -> Item:
    """A list item of one paragraph."""
    return Item((paragraph(line, *children),), line)


def full_issue() -> Issue:
    """Every node kind at least once, in Chinese as an editor would write it."""
    t = Text
    news = Section(
        (t("业界要闻", 20),),
        1,
        "s1",
        (
            paragraph(
                22,
                "本周Kubernetes发布1.15版本，",
                Strong((Link(HELM, (t("Helm", 22), Code("v3", 22), t("公测", 22)), 22),), 22),
                "值得一试",
                NoteRef(1, 22),
                "；详见",
                Link(KNATIVE, (Emphasis((t("Knative", 22),), 22), t("文档 <b>&amp;", 22)), 22, title="文档"),
                "与",
                Link("mailto:editor@example.org", (t("来信", 22),), 22),
                "。",
            ),
            List(
                (
                    item(24, "第一条：", Code("kubectl get pods", 24), "，气温约20～30℃"),
                    Item(
                        (
                            paragraph(25, "第二条"),
                            List((item(26, "里层", LineBreak(26), "换行"),), 26),
                        ),
                        25,
                    ),
                ),
                24,
            ),
            List((item(28, "从三数起"), item(29, "接着是四")), 28, start=3, tight=False),
            Quote((paragraph(31, "活字者，字活而版死。"), Quote((paragraph(32, "拆了重排。"),), 32)), 31),
        ),
        (
            Section(
                (t("上游：", 34), Code("client-go", 34), NoteRef(1, 34)),
                2,
                "s1-1",
                (
                    CodeBlock("def f(x: str) -> str:\n\treturn x  # 制表符与 <标签>\n" + "长" * 120, 36, "python"),
                    paragraph(
                        41,
                        Deleted((t("旧", 41),), 41),
                        Inserted((t("新", 41),), 41),
                        Underline((t("线", 41),), 41),
                        "H",
                        Subscript((t("2", 41),), 41),
                        "O与mc",
                        Superscript((t("2", 41),), 41),
                        Small((t("小字", 41),), 41),
                        Mark((t("荧光", 41),), 41),
                        Keyboard((t("Ctrl", 41),), 41),
                        "火箭 🚀 与对勾 ✅。",
                    ),
                ),
                (),
                34,
            ),
        ),
        20,
    )
    pictures = Section(
        (t("图与表", 50),),
        1,
        "s2",
        (
            Figure(Image("images/press.png", "一排活字", 52), 52, (t("手盘里的活字", 52),), KNATIVE),
            paragraph(
                54,
                "落款",
                Image("images/seal.png", "红底白字小印", 54),
                "如上，远处一图",
                Image("https://example.org/far.png", "远方", 54),
            ),
            Table(
                (Row((Cell((t("容器", 56),), 56, "left", True), Cell((t("宽度", 56),), 56, "center", True)), 56),),
                (
                    Row((Cell((Strong((t("邮件", 58),), 58),), 58), Cell((t("600 px", 58),), 58, "right")), 58),
                    Row((Cell((t("合并两栏", 59),), 59, colspan=2),), 59),
                ),
                56,
                (t("三种容器", 55),),
            ),
            Details((t("彩蛋", 61),), (paragraph(61, "谢谢你点开。"),), 61),
            Divider(63),
            paragraph(65, "全文完。"),
        ),
        (),
        50,
    )
    return Issue(
        title="Vol. 9：Helm 3告别Tiller",
        file="content/issues/009/issue.md",
        number=9,
        date=datetime.date(2019, 7, 2),
        summary="Helm 3 首个 Alpha 移除 Tiller。",
        authors=("心贵", "莫源"),
        editors=("木环",),
        publisher="阿里巴巴容器平台",
        cover=Image("images/cover.png", "晨光里的容器", 6),
        keywords=("云原生", "Helm"),
        preamble=(paragraph(18, "您正在读的，是第九期。"),),
        sections=(news, pictures),
        notes=(Note(1, (paragraph(70, "注释一句。"), paragraph(71, "注释又一句。")), 70),),
        previous=(
            PreviousIssue(8, "Gartner 发布云原生趋势", 12, "https://example.org/8"),
            PreviousIssue(None, "没有编号的一期", 13),
        ),
        assets=(
            asset("images/cover.png", drawn(1800, 766, "#1f2a5a"), 1800, 766),
            asset("images/press.png", drawn(1280, 720), 1280, 720),
            asset("images/seal.png", drawn(64, 64, "#c2410c"), 64, 64),
        ),
        source="---\ntitle: 样张\n---\n\n本周Kubernetes发布1.15版本\n",
        lines_of={"title": 2, "summary": 5, "previous": 11},
    )


def ruby(line: int, below: str, above: str) -> Ruby:
    """Characters with their reading."""
    return Ruby((Text(below, line),), (Text(above, line),), line)


def lead(line: int, title: str, source: str, *summary: str) -> Item:
    """A lead item; its summary stands on the following lines."""
    link = Link(f"{KNATIVE}{line}", (Text(title, line),), line)
    head = Lead(link, line, (Text(source, line),) if source else ())
    return Item((head, *(paragraph(line + at, words) for at, words in enumerate(summary, 1))), line)


LONG_CODE = "kubectl get pods --all-namespaces --output=wide --sort-by=.metadata.creationTimestamp --watch=true --v=9"
"""One line of code that no page has room for."""


def constructs_issue() -> Issue:
    """Callouts, lead items, tasks, coloured code, readings, formulas and QR codes, in every place they may stand."""
    t = Text
    half = Math(r"\frac{1}{2}", 12)
    words = Section(
        (t("注音与", 10), Math("x^2", 10), ruby(10, "字", "zì")),
        1,
        "s1",
        (
            paragraph(12, "质能方程", Math("E=mc^2", 12), "人人皆知，", half, "与", ruby(12, "鑫", "xīn"), "也是。"),
            paragraph(
                13, Strong((ruby(13, "囧", "jiǒng"),), 13), "与", ruby(13, "很长很长很长很长的词", "hěn cháng"), "。"
            ),
            MathBlock(r"\int_0^1 x\,dx = \frac{1}{2}", 15),
            *(
                Callout(kind, (paragraph(20 + at, f"提醒之{at}。"),), 20 + at, title)
                for at, (kind, title) in enumerate(
                    {
                        "note": (),
                        "tip": (t("小技巧 ", 21), Code("kubectl", 21)),
                        "important": (),
                        "warning": (t("注意版本", 23),),
                        "caution": (ruby(24, "慎", "shèn"),),
                    }.items()
                )
            ),
            Callout(
                "note", (List((item(31, "甲"), item(32, "乙")), 31), CodeBlock(LONG_CODE, 33, "console", (1,))), 30
            ),
        ),
        (),
        10,
    )
    news = Section(
        (t("要闻", 40),),
        1,
        "s2",
        (
            List(
                (lead(41, "第一条新闻", "官方博客", "摘要一。", "摘要二。"), lead(44, "无来源的新闻", "", "摘要三。")),
                41,
            ),
            List((lead(47, "编号的新闻", "CNCF", "摘要四。"), lead(49, "没有摘要", "InfoQ")), 47, start=1, tight=False),
            List((Item((paragraph(51, "做完了"),), 51, True), Item((paragraph(52, "还没做"),), 52, False)), 51),
            List(
                (
                    Item((paragraph(54, "第一步"), paragraph(55, "说明")), 54, True),
                    Item((CodeBlock("make", 56, "sh"),), 56, False),
                ),
                54,
                start=2,
                tight=False,
            ),
            List((Item((lead(58, "新闻也是任务", "某处").blocks[0],), 58, False),), 58),
            QrCode(Link("https://weekly.example.org/9?a=1&b=2", (t("网页版", 60),), 60), 60),
            QrCode(Link("https://weekly.example.org/", (t("https://weekly.example.org/", 61),), 61), 61),
        ),
        (),
        40,
    )
    code = Section(
        (t("代码", 70),),
        1,
        "s3",
        (
            CodeBlock('def f(x: int) -> str:\n\n    return "字" * 3  # 注释', 72, "python", (1, 3), "f.py"),
            CodeBlock("- replicas: 1\n+ replicas: 3\n", 80, "diff"),
            CodeBlock(LONG_CODE + "\n\nexit", 84, "console"),
            Table((), (Row((Cell((Math("a_1", 92), ruby(92, "表", "biǎo")), 92), Cell((t("格", 92),), 92)), 92),), 92),
            paragraph(94, "한국어 문장, שלום עולם 与 مرحبا بالعالم 与 ☐ ☑ 頔 ɡ ê̄。", Code("עברית 한글", 94)),
            Quote((paragraph(96, "שלום עולם! هذا نص طويل 123 من اليمين إلى اليسار."),), 96),
        ),
        (),
        70,
    )
    return Issue(
        title="新的写法",
        file="issue.md",
        number=10,
        date=datetime.date(2019, 7, 9),
        preamble=(paragraph(8, "卷首也有", Math(r"\pi", 8), "。"),),
        sections=(words, news, code),
        source="# 新的写法\n",
    )


def small_issue(*blocks: Inline | Paragraph | Figure | List | Quote | CodeBlock, **changes: object) -> Issue:
    """A one-page issue without cover; `changes` replace its fields."""
    issue = Issue(
        title="小样",
        file="issue.md",
        sections=(Section((Text("一节", 3),), 1, "s1", blocks or (paragraph(5, "一句话。"),), (), 3),),  # type: ignore[arg-type]
        source="# 小样\n\n## 一节\n\n一句话。\n",
    )
    return replace(issue, **changes)  # type: ignore[arg-type]
