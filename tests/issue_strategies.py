"""Whole issues as Hypothesis strategies: their Markdown, and beside it a plain model of what it holds.

The model is made while the text is written and knows nothing of the reader: words, links, pictures, footnotes and
nodes in reading order, each with the formats that may show it. So the tests compare two independent accounts.

`steady` gives the settings: the same examples on every run, so that CI is stable, and none made smaller, because
that takes minutes. With KANFA_SEARCH=20 in the environment a run takes twenty times as many examples, others each
time, and shrinks what fails.
"""

from __future__ import annotations

import html
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from kanfa.publication import Publication, Series, Shorthands

T = TypeVar("T")
FORMATS = frozenset({"email", "pdf", "wechat"})
Kind = Literal["text", "link", "picture", "note", "aside", "node", "heading", "token", "hidden"]
Draw = Callable[[st.SearchStrategy["Passage"]], "Passage"]

SEARCH = int(os.environ.get("KANFA_SEARCH", "0"))
settings.register_profile(
    "steady",
    deadline=None,
    derandomize=not SEARCH,
    phases=[Phase.generate, Phase.shrink] if SEARCH else [Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def steady(examples: int) -> settings:
    """Settings for `examples` examples that are the same on every run."""
    return settings(settings.get_profile("steady"), max_examples=examples * max(SEARCH, 1))


def holds_for(strategy: st.SearchStrategy[T], *, batches: int, each: int = 10) -> Callable[[Callable[[T], None]], Any]:
    """Make a test of what must hold for `batches` × `each` examples of `strategy`.

    Hypothesis finds the first ten examples afresh and makes most later ones from them, so many small batches show more.
    Batches of one number and size are the same in all tests: what was rendered for one test serves the next.
    """

    def decorate(check: Callable[[T], None]) -> Any:
        @pytest.mark.parametrize("batch", range(batches))
        def test(batch: int) -> None:
            run = steady(each)(given(strategy)(lambda value: check(value)))
            (run if SEARCH else seed(batch)(run))()

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return decorate


PUBLICATION = Publication(
    name="测试周刊",
    url="https://weekly.example.org",
    shorthands=Shorthands(
        repository="kubernetes/kubernetes",
        repositories={"knative": "knative/serving"},
        people="https://github.com/{}",
        series=(Series(prefix="CVE-", address="https://www.cve.org/CVERecord?id={}", whole=True),),
    ),
)


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that an issue holds, and the formats whose readers get it."""

    kind: Kind
    value: str
    """Words as readers see them, a normal address, the label of a picture, the label of a note, the name of a node."""
    formats: frozenset[str] = FORMATS


@dataclass(frozen=True, slots=True)
class Passage:
    """A bit of Markdown, from a word to many blocks, with what it holds in reading order."""

    source: str
    held: tuple[Held, ...] = ()

    def within(self, before: str, after: str = "", *held: Held) -> Passage:
        """The passage between marks; `held` comes before what it holds itself."""
        return Passage(before + self.source + after, (*held, *self.held))

    def lined(self, first: str, rest: str) -> Passage:
        """The passage with `first` before its first line and `rest` before all others (blank ones: no white space)."""
        head, *tail = self.source.split("\n")
        return replace(self, source="\n".join([first + head, *((rest + line).rstrip() for line in tail)]))


def node(*names: str) -> tuple[Held, ...]:
    return tuple(Held("node", name) for name in names)


def joined(passages: Iterable[Passage], separator: str) -> Passage:
    parts = list(passages)
    return Passage(separator.join(part.source for part in parts), tuple(held for part in parts for held in part.held))


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section with its groups, written below each other."""

    passage: Passage


@dataclass(frozen=True, slots=True)
class Sample:
    """One whole issue."""

    head: str
    title: str
    preamble: Passage
    chapters: tuple[Chapter, ...]
    notes: Mapping[str, Passage]

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        printer.text(f"Sample of\n{self.source}")

    @property
    def source(self) -> str:
        """The Markdown of the issue."""
        notes = [text.lined(f"[^{label}]: ", "    ").source for label, text in self.notes.items()]
        definitions = [f"[{label}]: {written}" for label, (written, _) in REFERENCES.items()]
        body = [self.preamble.source, *(chapter.passage.source for chapter in self.chapters)]
        return self.head + "\n\n".join([*body, *notes, "\n".join(definitions)]) + "\n"

    def held(self, format: str | None = None) -> list[Held]:
        """Everything in reading order, the notes last in the order of their first calls; in one format or in all."""
        body = [self.preamble, *(chapter.passage for chapter in self.chapters)]
        shown = [one for part in body for one in part.held if format is None or format in one.formats]
        called = dict.fromkeys((one.kind, one.value) for one in shown if one.kind == "note")
        order: list[Held] = []
        for one in shown:
            if one.kind == "aside":
                order.append(Held("text", one.value))
            elif one.kind == "note" and called.pop((one.kind, one.value), 0) is None:
                order += self.notes[one.value].held
        return [one for one in shown if one.kind != "aside"] + order

    def values(self, kind: Kind, format: str | None = None) -> list[str]:
        """The values of one kind in reading order."""
        return [one.value for one in self.held(format) if one.kind == kind]

    def nodes(self) -> Counter[str]:
        """How many nodes of each kind the tree has, of the kinds that the model counts."""
        return Counter(self.values("node"))


# -- words

HAN = "云原生生态周报读者编辑发布升级容器镜像社区版本特性性能修复接口调度网络存储安全团队"
SCRIPTS = (
    "Kubernetes", "Helm 3", "etcd", "v0.7.0", "naïve café", "cafe\u0301", "Ελλάδα", "Привет", "かなカナ", "한국어",
    "\u1112\u1161\u11ab", "ก็ได้", "क्षितिज", "שלום", "مرحبا بكم", "𠮷野家", "ＡＢＣ１２３", "🚀", "✅", "👩‍💻", "👍🏽", "🇨🇳",
    "☎️", "升级，再升级", "“引号”", "《周报》", "（括号）", "——破折", "等等……", "snake_case_name", "AT&T", "C++", "100%", "x = 1",
)  # fmt: skip
HOSTILE = (
    (r"\*\*", "**"), (r"\*\*粗\*\*", "**粗**"), (r"\_\_init\_\_", "__init__"), (r"\](http", "](http"), (r"\[a\]\(b\)", "[a](b)"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"), ("{{ 7+7 }}", "{{ 7+7 }}"),
    ("{% raw %}", "{% raw %}"), ("a < b > c", "a < b > c"), ("&amp;amp;", "&amp;"), ("&copy;", "©"), ("]]>", "]]>"),
    ("--&gt;", "-->"), (r"\#12", "#12"), (r"\@x", "@x"), (r"\$x^2\$", "$x^2$"), ("$5 和 $10", "$5 和 $10"),
    (r"\{字}", "{字}"), (r"\`code\`", "`code`"), ("%s %(x)s {0}", "%s %(x)s {0}"), (r"C:\\temp", r"C:\temp"), ("~~ x", "~~ x"),
    ("a@b", "a@b"), ("foo#bar", "foo#bar"), ("&notit; &#65;", "&notit; A"), (r"\&amp;", "&amp;"), ('"\'', '"\''),
)  # fmt: skip
"""What looks like a mark and is none: as written, and as readers see it."""

han = st.text(HAN, min_size=1, max_size=14)
words = st.one_of(han, han, st.sampled_from(SCRIPTS), st.lists(st.sampled_from(SCRIPTS), min_size=2, max_size=3).map(" ".join))


def said(text: str) -> Passage:
    return Passage(text, (Held("text", text),))


plain = words.map(said)
hostile = st.sampled_from(HOSTILE).map(lambda pair: Passage(pair[0], (Held("text", pair[1]),)))

MARKS = (
    ("**", "**", "Strong"), ("__", "__", "Strong"), ("*", "*", "Emphasis"), ("_", "_", "Emphasis"), ("~~", "~~", "Deleted"),
    ("<del>", "</del>", "Deleted"), ("<ins>", "</ins>", "Inserted"), ("<u>", "</u>", "Underline"), ("<sup>", "</sup>", "Superscript"),
    ("<sub>", "</sub>", "Subscript"), ("<small>", "</small>", "Small"), ("<mark>", "</mark>", "Mark"), ("<kbd>", "</kbd>", "Keyboard"),
)  # fmt: skip
marked = st.builds(lambda mark, text: text.within(mark[0], mark[1], *node(mark[2])), st.sampled_from(MARKS), plain)
glued = st.builds(
    lambda mark, inner, after: Passage(
        f"前{mark[0]}“{inner}：”{mark[1]}{after}", (*node(mark[2]), Held("text", f"前“{inner}：”"), Held("text", after))
    ),
    st.sampled_from([MARKS[0], MARKS[2], MARKS[4]]), han, han,
)  # fmt: skip
CODE = ("**kwargs", "__init__", "a ** b", "[a](http://b.example)", "__x__", "<b>", "#12", "$x$", "{字}", "a && b", "{{ x }}", "->")
code = st.sampled_from(CODE).map(lambda text: Passage(f"`{text}`", (Held("text", text), *node("Code"))))
calm = st.sampled_from(CODE[5:]).map(lambda text: Passage(f"`{text}`", (Held("text", text), *node("Code"))))
"""Code without marks, for headings and links: lists of contents and of references repeat them."""

# -- links

ADDRESSES = (
    ("https://helm.sh/blog/helm-3", ""), ("https://example.com/?a=1&b=2&copy=3", ""), ("https://example.com/%E4%BD%A0", ""),
    ("https://en.example.com/wiki/A_(b)", ""), ("https://mp.weixin.qq.com/s/AbCdEf", ""), ("http://mp.weixin.qq.com/s?id=1", ""),
    ("https://例子.中国/路径?问=答#节", "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF%E5%BE%84?%E9%97%AE=%E7%AD%94#%E8%8A%82"),
    ("HTTPS://Example.COM/Path", "https://example.com/Path"), ("https://example.com", ""), ("mailto:editor@example.com", ""),
    ("tel:+86-10-1234", ""), ("https://example.com/a~b'c", ""), ("https://example.com/" + "long/" * 30, ""),
)  # fmt: skip
REFERENCES = {
    "r1": ("https://refs.example.com/1", "https://refs.example.com/1"),
    "文献 二": ("<https://refs.example.com/二> '题'", "https://refs.example.com/%E4%BA%8C"),
}
SHORTHANDS = (
    ("#74074", "https://github.com/kubernetes/kubernetes/issues/74074"),
    ("knative#3886", "https://github.com/knative/serving/issues/3886"),
    ("owner/name#1", "https://github.com/owner/name/issues/1"), ("@wojtek-t", "https://github.com/wojtek-t"),
    ("CVE-2019-5736", "https://www.cve.org/CVERecord?id=CVE-2019-5736"),
)  # fmt: skip
BARE = ("https://bare.example.com/a_b", "https://bare.example.com/x?y=1", "http://mp.weixin.qq.com/s/bare")

addresses = st.sampled_from(ADDRESSES).map(lambda pair: (pair[0], pair[1] or pair[0]))
SHAPES = ("[{0}]({1})", '[{0}]({1} "题")', "[{0}](<{1}>)")


def linked(text: Passage, shape: str, address: tuple[str, str]) -> Passage:
    held = (*node("Link"), *text.held, Held("link", address[1]))
    return Passage(shape.format(text.source, address[0]), held)


def _tagged(text: Passage, address: tuple[str, str]) -> Passage:
    return linked(text, '<a href="{1}">{0}</a>', (html.escape(address[0]), address[1]))


def _named(text: Passage, label: str) -> Passage:
    return linked(text, "[{0}][{1}]", (label, REFERENCES[label][1]))


def _itself(text: str, href: str, before: str = "", after: str = "") -> Passage:
    return Passage(f"{before}{text}{after}", (*node("Link"), Held("text", text), Held("link", href)))


inner = st.one_of(plain, plain, marked, calm)
calm_link = st.builds(linked, inner, st.sampled_from(SHAPES), addresses)
link = st.one_of(
    st.builds(linked, inner, st.sampled_from(SHAPES), addresses),
    st.builds(linked, inner, st.just(SHAPES[0]), addresses),
    st.builds(_tagged, plain, addresses),
    st.builds(_named, inner, st.sampled_from(sorted(REFERENCES))),
    st.sampled_from(BARE).map(lambda one: _itself(one, one)),
    st.sampled_from(BARE).map(lambda one: _itself(one, one, "<", ">")),
    st.just(_itself("editor@example.com", "mailto:editor@example.com", "<", ">")),
)
shorthand = st.sampled_from(SHORTHANDS).map(lambda pair: _itself(*pair))

# -- pictures, formulas, ruby, notes

SOURCES = ("images/a.png", "images/b.jpg", "images/missing.png", "https://img.example.net/c.png")
"""Two pictures that exist (`draw_pictures` of the tests makes them), one that does not, and a remote one."""
TEX = ("E=mc^2", r"\frac{a}{b}", r"\sum_{i=1}^n i", "x_1 < y", r"\alpha+\beta", "a^2+b^2=c^2")

alts = st.one_of(words, words, st.sampled_from(["图 [一] 与 (二)", "a & b < c", "50% 的 $5"]))


def pictured(alt: str, source: str, title: str = "") -> Passage:
    written = alt.replace("[", r"\[").replace("]", r"\]")
    shown = f'![{written}]({source} "{title}")' if title else f"![{written}]({source})"
    return Passage(shown, (*node("Image"), Held("picture", alt)))


picture = st.builds(pictured, alts, st.sampled_from(SOURCES))
formula = st.sampled_from(TEX).map(lambda tex: Passage(f"${tex}$", (*node("Math"), Held("picture", tex))))
RUBY = (("字", "zì"), ("汉字", "hàn zì"), ("明日", "あした"), ("WWW", "万维网"))
ruby = st.sampled_from(RUBY).map(
    lambda pair: Passage(f"{{{pair[0]}|{pair[1]}}}", (*node("Ruby"), Held("text", pair[0]), Held("text", pair[1])))
)
LABELS = ("1", "b", "注")
call = st.one_of(
    st.sampled_from(LABELS).map(lambda label: Passage(f"[^{label}]", (*node("NoteRef"), Held("note", label)))),
    han.map(lambda text: Passage(f"^[{text}]", (*node("NoteRef", "Note"), Held("aside", text)))),
)

# -- lines


@st.composite
def line(draw: Draw, *, notes: bool, rich: bool = True, cell: bool = False, breaks: bool = False) -> Passage:
    """One line of text that begins with plain words; with `breaks` perhaps several lines of one paragraph."""
    kinds = [plain, plain, hostile, marked, glued, code, link, link, shorthand] if rich else [plain, marked, calm, calm_link]
    kinds += [picture, formula] if rich else []
    kinds += [ruby] if rich and not cell else []  # its bar would end the cell
    kinds += [call] if notes else []
    pieces = [draw(plain), *(draw(draw(st.sampled_from(kinds))) for _ in range(draw(st.integers(0, 4))))]
    separators = st.sampled_from([" ", " ", "\n", "\\\n", "  \n", "<br>"]) if breaks else st.just(" ")
    built = pieces[0]
    for piece in pieces[1:]:
        built = joined([built, piece], draw(separators))
    return built


# -- blocks

SNIPPETS = (
    "def f(x):", "    return x < 1 & y", "kubectl get pods --all-namespaces", "{% raw %}{{ x }}{% endraw %}", "# 注释：不动，",
    "\tkey: value", "**kwargs, __init__", "[a](http://b.example)", "", "<script>alert(1)</script>", ":::note", "> [!NOTE]",
    "- [ ] x", "$x$ {字|zì} #12 @x", "x" * 150, "字" * 90, "👩‍💻 שלום", "&amp;",
)  # fmt: skip
INFOS = ("", "python", "python {2,4-5}", 'yaml title="a b.yaml"', 'sh hl_lines="1"', "text", "{.go}", "mermaid")


def fenced(lines: Sequence[str], info: str) -> Passage:
    title = (Held("text", "a b.yaml"),) if "title" in info else ()
    held = (*node("CodeBlock"), *title, *(Held("text", text) for text in lines if text.strip()))
    return Passage("\n".join([f"```{info}", *lines, "```"]), held)


def indented(lines: Sequence[str]) -> Passage:
    held = (*node("CodeBlock"), *(Held("text", text) for text in lines))
    return Passage("<!-- -->\n\n" + "\n".join(f"    {text}" for text in lines), held)


def image_alone(alt: str, source: str, caption: str, address: tuple[str, str] | None) -> Passage:
    shown = pictured(alt, source, caption)
    held = (*node("Figure"), *shown.held, *((Held("text", caption),) if caption else ()))
    if address is None:
        return Passage(shown.source, held)
    return Passage(f"[{shown.source}]({address[0]})", (*held, Held("link", address[1])))


def html_figure(alt: str, source: str, caption: str) -> Passage:
    tags = f'<figure><img src="{source}" alt="{html.escape(alt)}"><figcaption>{html.escape(caption)}</figcaption></figure>\n'
    return Passage(tags, (*node("Figure", "Image"), Held("picture", alt), Held("text", caption)))


def html_table(head: str, rows: Sequence[str]) -> Passage:
    body = "".join(f"<tr><td>{html.escape(row)}</td><td>乙</td></tr>\n" for row in rows)
    held = (Held("text", head), *(one for row in rows for one in (Held("text", row), Held("text", "乙"))))
    return Passage(f'<table>\n<tr><th colspan="2">{html.escape(head)}</th></tr>\n{body}</table>\n', (*node("Table"), *held))


def frame(title: str, address: tuple[str, str]) -> Passage:
    held = (*node("Link"), Held("text", title), Held("link", address[1]))
    return Passage(f'<iframe src="{html.escape(address[0])}" title="{html.escape(title)}"></iframe>\n', held)


def qr(text: str, address: tuple[str, str]) -> Passage:
    return linked(said(text), "[{0}]({1})", address).within(":::qr\n", "\n:::", *node("QrCode"))


def display(tex: str, fence: tuple[str, str]) -> Passage:
    return Passage(f"{fence[0]}\n{tex}\n{fence[1]}", (*node("MathBlock"), Held("picture", tex)))


def piped(rows: Sequence[Passage], width: int) -> Passage:
    """A table of as many whole rows as the cells give."""
    cells = list(rows)[: len(rows) // width * width]
    lines = ["| " + " | ".join(cell.source for cell in cells[at : at + width]) + " |" for at in range(0, len(cells), width)]
    lines.insert(1, "|" + ":-:|" * width)
    return Passage("\n".join(lines), (*node("Table"), *(held for cell in cells for held in cell.held)))


snippets = st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=5)
leaf = st.one_of(
    st.builds(fenced, snippets, st.sampled_from(INFOS)),
    st.builds(indented, st.lists(st.sampled_from(SNIPPETS[2:5:2] + SNIPPETS[6:8]), min_size=1, max_size=3)),
    st.builds(image_alone, alts, st.sampled_from(SOURCES), st.one_of(st.just(""), words), st.one_of(st.none(), addresses)),
    st.builds(html_figure, words, st.sampled_from(SOURCES[:2]), words),
    st.builds(html_table, words, st.lists(words, min_size=1, max_size=3)),
    st.builds(frame, words, st.sampled_from([("https://player.example.com/v?a=1&b=2",) * 2])),
    st.builds(qr, words, addresses),
    st.builds(display, st.sampled_from(TEX), st.sampled_from([("$$", "$$"), ("```math", "```")])),
    st.sampled_from(["---", "***", "_ _ _"]).map(lambda rule: Passage(rule, node("Divider"))),
    han.map(lambda text: Passage(f"<!-- 编者：藏{text}藏 -->", (Held("hidden", f"藏{text}藏"),))),
)  # fmt: skip
CALLOUTS = ("note", "tip", "important", "warning", "caution")


@st.composite
def items(draw: Draw, depth: int, notes: bool) -> Passage:
    """One list: bullets, numbers, tasks or leads, some with blocks of their own."""
    marker, box = draw(st.sampled_from([("- ", ""), ("* ", ""), ("1. ", ""), ("7) ", ""), ("- ", "[x] "), ("- ", "[ ] "), ("- ", "lead")]))
    built = []
    for _ in range(draw(st.integers(1, 4))):
        text = draw(line(notes=notes, breaks=not box))
        if box == "lead":
            title = linked(draw(plain), "**[{0}]({1})**", draw(addresses))
            source = draw(st.sampled_from([Passage(""), *(said(name).within(f" {mark} ") for mark, name in zip("·｜", ("CNCF", "社区"), strict=True))]))
            text = joined([title.within("", "", *node("Lead", "Strong")[:1]), source, text.within("\n")], "")
        elif box:
            text = text.within(box)
        inside = [text, draw(blocks(depth - 1, notes, most=2))] if depth and draw(st.booleans()) else [text]
        built.append(joined(inside, "\n\n").lined(marker, " " * len(marker)).within("", "", *node("Item")))
    return joined(built, draw(st.sampled_from(["\n", "\n\n"])))


def _callout(kind: str, title: Passage, body: Passage, colons: str) -> Passage:
    """A container, or without colons an alert of GitHub's."""
    held = (*node("Callout"), *title.held, *body.held)
    if colons:
        return Passage(f"{colons}{kind} {title.source}\n{body.source}\n{colons}", held)
    quoted = "\n".join(f"> {text}".rstrip() for text in body.source.split("\n"))
    return Passage(f"> [!{kind.upper()}] {title.source}\n>\n{quoted}", held)


def _only(formats: frozenset[str], body: Passage, colons: str, word: str, separator: str) -> Passage:
    """A passage for some formats, which begins with a word that stands nowhere else."""
    named = sorted(formats if word == "only" else FORMATS - formats)
    token = f"〔仅{'与'.join(sorted(formats))}见〕"
    inside = [Held("token", token), Held("text", token), *body.held]
    held = (Held("node", "Only"), *(replace(one, formats=one.formats & formats) for one in inside))
    return Passage(f"{colons}{word} {separator.join(named)}\n{token}\n\n{body.source}\n{colons}", held)


FORMAT_SETS = st.sampled_from([frozenset(one) for one in (["email"], ["pdf"], ["wechat"], ["email", "pdf"], ["pdf", "wechat"])])


@st.composite
def container(draw: Draw, depth: int, notes: bool) -> Passage:
    """What holds other blocks."""
    body, colons = draw(blocks(depth - 1, notes, most=2)), ":" * (3 + depth)
    title = draw(line(notes=False, rich=False))
    match draw(st.sampled_from(["quote", "callout", "alert", "only", "except", "details", "html", "div", "figure"])):
        case "quote":
            quoted = "\n".join(f"> {text}".rstrip() for text in body.source.split("\n"))
            return Passage(quoted, (*node("Quote"), *body.held))
        case "callout":
            return _callout(draw(st.sampled_from(CALLOUTS)), title, body, colons)
        case "alert":
            return _callout(draw(st.sampled_from(CALLOUTS)), title, body, "")
        case ("only" | "except") as word:
            return _only(draw(FORMAT_SETS), body, colons, word, draw(st.sampled_from([" ", "|", " | "])))
        case "details":
            return joined([title, body], "\n").within(f"{colons}details ", f"\n{colons}", *node("Details"))
        case "html":
            summary = said(draw(han)).within("<details><summary>", "</summary>\n\n", *node("Details"))
            return joined([summary, body.within("", "\n\n</details>\n")], "")
        case "div":
            return body.within('<div align="center">\n\n', "\n\n</div>\n")
    shown = pictured(draw(alts), draw(st.sampled_from(SOURCES)))
    return joined([shown, draw(line(notes=notes))], "\n\n").within(":::figure\n", "\n:::", *node("Figure"))


@st.composite
def blocks(draw: Draw, depth: int, notes: bool, most: int = 4) -> Passage:
    """Some blocks with blank lines between; the first is a paragraph, so that nothing runs into what stands before."""
    paragraph = line(notes=notes, breaks=True)
    table = st.builds(piped, st.lists(line(notes=notes, cell=True), min_size=4, max_size=8), st.integers(1, 3))
    kinds = [paragraph, leaf, leaf, table, items(depth, notes), *([container(depth, notes)] * 4 if depth else [])]
    rest = [draw(draw(st.sampled_from(kinds))) for _ in range(draw(st.integers(0, most - 1)))]
    return joined([draw(paragraph), *rest], "\n\n")


# -- issues


@st.composite
def chapters(draw: Draw, notes: bool = True, top: int = 2) -> Chapter:
    """A section of heading level `top`, perhaps with groups."""
    parts = []
    for level in draw(st.sampled_from([(0,), (0,), (0, 1), (0, 1, 1), (0, 1, 2), (0, 2)])):
        title = draw(line(notes=False, rich=False))
        shown = "".join(one.value for one in title.held if one.kind == "text")
        closing = draw(st.sampled_from(["", "", " ##"]))
        parts.append(title.within("#" * (top + level) + " ", closing, *node("Section"), Held("heading", shown)))
        parts.append(draw(blocks(2, notes, most=4)))
    return Chapter(joined(parts, "\n\n"))


def _yaml(title: str, summary: str, extra: bool) -> str:
    fields = {"title": title, "number": 7, "date": "2019-07-02", "summary": summary}
    more = {"authors": ["毕昇", "Gutenberg"], "editors": ["校对"], "publisher": "样张组", "keywords": ["排版"]}
    previous = [{"number": 6, "title": f"前{title}"}, {"number": 4, "title": "更前", "url": "https://weekly.example.org/4"}]
    shown = {**fields, **more, "cover": "images/a.png", "cover_alt": "封面", "previous": previous} if extra else fields
    return "---\n" + "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in shown.items()) + "---\n\n"


@st.composite
def heads(draw: Callable[[st.SearchStrategy[object]], object]) -> tuple[str, str]:
    """The beginning of an issue in one of the ways that the wild knows, and its title."""
    title, summary = f"第七期 {draw(words)}", f"本期说{draw(han)}。"
    shown = json.dumps(title, ensure_ascii=False)
    ways = (
        _yaml(title, summary, True), _yaml(title, summary, False), _yaml(title, summary, False) + f"# {title}\n\n",
        f"+++\ntitle = {shown}\ndate = 2019-07-02\n+++\n\n", f"Title: {title}\nNumber: 7\nDate: 2019-07-02\n\n", f"# {title}\n\n",
    )  # fmt: skip
    return str(draw(st.sampled_from(ways))), title


@st.composite
def samples(draw: Callable[[st.SearchStrategy[object]], object], notes: bool = True, least: int = 1) -> Sample:
    """One whole issue of one to three sections; without `notes` no footnote, whose number others would share."""
    head, title = draw(heads())  # type: ignore[misc]
    preamble = draw(st.one_of(st.just(Passage("")), blocks(0, notes, most=2)))
    parts = tuple(draw(st.lists(chapters(notes), min_size=least, max_size=3)))  # type: ignore[call-overload]
    called = {one.value for part in (preamble, *(c.passage for c in parts)) for one in part.held if one.kind == "note"}
    texts = {label: draw(blocks(0, False, most=2)) for label in LABELS if label in called}
    defined = {label: text.within("", "", *node("Note")) for label, text in texts.items()}
    return Sample(head, title, preamble, parts, defined)


def with_chapter(sample: Sample, index: int, chapter: Chapter) -> Sample:
    """`sample` with one of its sections written anew."""
    return replace(sample, chapters=(*sample.chapters[:index], chapter, *sample.chapters[index + 1 :]))


ODD = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from([*"*_`~[](){}<>#|$\\:>-!^\n\t \"'&", "\u202e", "\u200b", "\x00", "\x0c", "\ufeff", "\u2028", ":::", "```", "\n\n", "---\n"]),
)


@st.composite
def damaged(draw: Callable[[st.SearchStrategy[object]], object], sources: st.SearchStrategy[str]) -> str:
    """A text with one to four faults: cut short, lines or characters deleted, doubled, swapped or strange."""
    text = str(draw(sources))
    for _ in range(int(draw(st.integers(1, 4)))):  # type: ignore[call-overload]
        by_line = draw(st.booleans())
        parts = text.split("\n") if by_line else list(text)
        at, other = (int(draw(st.integers(0, max(len(parts) - 1, 0)))) for _ in range(2))  # type: ignore[call-overload]
        if not parts:
            break
        match draw(st.sampled_from(["cut", "delete", "double", "swap", "insert"])):
            case "cut":
                del parts[at + 1 :]
            case "delete":
                del parts[at]
            case "double":
                parts.insert(other, parts[at])
            case "swap":
                parts[at], parts[other] = parts[other], parts[at]
            case _:
                parts.insert(at, str(draw(ODD)))
        text = ("\n" if by_line else "").join(parts)
    return text


def in_order(values: Iterable[str], text: str) -> Iterator[str]:
    """Those of `values` that `text` does not hold behind the one before."""
    at = 0
    for value in values:
        found = text.find(value, at)
        if found < 0:
            yield value
        else:
            at = found + len(value)
