"""Lines of Markdown as Hypothesis strategies, and the model of what a bit of Markdown holds.

The model is made while the text is written and knows nothing of the reader: words, links, pictures, footnotes and
nodes in reading order, each with the formats that may show it. `issue_strategies` makes whole issues of it.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

FORMATS = frozenset({"email", "pdf", "wechat"})
Kind = Literal["text", "link", "picture", "note", "aside", "node", "heading", "token", "hidden"]


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that an issue holds, and the formats whose readers get it."""

    kind: Kind
    value: str
    """Words as readers see them, a normal address, the label of a picture, the label of a note, the name of a node."""
    formats: frozenset[str] = FORMATS


@dataclass(frozen=True, slots=True)
class Passage:
    """A bit of Markdown, from a word to a whole section, with what it holds in reading order."""

    source: str
    held: tuple[Held, ...] = ()

    def within(self, before: str, after: str = "", *held: Held) -> Passage:
        """The passage between marks; `held` comes before what it holds itself."""
        return Passage(before + self.source + after, (*held, *self.held))

    def indented(self, first: str, rest: str) -> Passage:
        """The passage with `first` before its first line and `rest` before all others but blank ones."""
        head, *tail = self.source.split("\n")
        return replace(self, source="\n".join([first + head, *(rest + line if line else "" for line in tail)]))

    def quoted(self) -> Passage:
        """The passage as a quotation."""
        return replace(self, source="\n".join(f"> {line}" if line else ">" for line in self.source.split("\n")))


def node(*names: str) -> tuple[Held, ...]:
    return tuple(Held("node", name) for name in names)


def joined(passages: Iterable[Passage], separator: str) -> Passage:
    parts = list(passages)
    return Passage(separator.join(part.source for part in parts), tuple(held for part in parts for held in part.held))


# -- words

HAN = "云原生生态周报读者编辑发布升级容器镜像社区版本特性性能修复接口调度网络存储安全团队"
SCRIPTS = (
    "Kubernetes", "Helm 3", "etcd", "v0.7.0", "naïve café", "cafe\u0301", "Ελλάδα", "Привет", "かなカナ", "한국어",
    "\u1112\u1161\u11ab", "ก็ได้", "क्षितिज", "שלום", "مرحبا بكم", "𠮷野家", "ＡＢＣ１２３", "🚀", "✅", "👩‍💻", "👍🏽",
    "🇨🇳", "☎️", "升级，再升级", "“引号”", "《周报》", "（括号）", "——破折", "等等……", "snake_case_name", "AT&T", "C++",
    "100%", "x = 1",
)  # fmt: skip
HOSTILE = (
    (r"\*\*", "**"), (r"\*\*粗\*\*", "**粗**"), (r"\_\_init\_\_", "__init__"), (r"\](http", "](http"),
    (r"\[a\]\(b\)", "[a](b)"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"), ("{{ 7+7 }}", "{{ 7+7 }}"),
    ("{% raw %}", "{% raw %}"), ("a < b > c", "a < b > c"), ("&amp;amp;", "&amp;"), ("&copy;", "©"), ("]]>", "]]>"),
    ("--&gt;", "-->"), (r"\#12", "#12"), (r"\@x", "@x"), (r"\$x^2\$", "$x^2$"), ("$5 和 $10", "$5 和 $10"),
    (r"\{字}", "{字}"), (r"\`code\`", "`code`"), ("%s %(x)s {0}", "%s %(x)s {0}"), (r"C:\\temp", r"C:\temp"),
    ("~~ x", "~~ x"),
    ("a@b", "a@b"), ("foo#bar", "foo#bar"), ("&notit; &#65;", "&notit; A"), (r"\&amp;", "&amp;"), ('"\'', '"\''),
)  # fmt: skip
"""What looks like a mark and is none: as written, and as readers see it."""

han = st.text(HAN, min_size=1, max_size=14)
foreign = st.lists(st.sampled_from(SCRIPTS), min_size=1, max_size=3).map(" ".join)
words = st.one_of(han, foreign)


def said(text: str) -> Passage:
    return Passage(text, (Held("text", text),))


plain = words.map(said)
hostile = st.sampled_from(HOSTILE).map(lambda pair: Passage(pair[0], (Held("text", pair[1]),)))

MARKS = (
    ("**", "**", "Strong"), ("__", "__", "Strong"), ("*", "*", "Emphasis"), ("_", "_", "Emphasis"),
    ("~~", "~~", "Deleted"), ("<del>", "</del>", "Deleted"), ("<ins>", "</ins>", "Inserted"),
    ("<u>", "</u>", "Underline"), ("<sup>", "</sup>", "Superscript"), ("<sub>", "</sub>", "Subscript"),
    ("<small>", "</small>", "Small"), ("<mark>", "</mark>", "Mark"), ("<kbd>", "</kbd>", "Keyboard"),
)  # fmt: skip
marked = st.builds(lambda mark, text: text.within(mark[0], mark[1], *node(mark[2])), st.sampled_from(MARKS), plain)
glued = st.builds(
    lambda mark, inner, after: Passage(
        f"前{mark[0]}“{inner}：”{mark[1]}{after}", (*node(mark[2]), Held("text", f"前“{inner}：”"), Held("text", after))
    ),
    st.sampled_from([MARKS[0], MARKS[2], MARKS[4]]), han, han,
)  # fmt: skip
CALM = ("<b>", "#12", "$x$", "{字}", "a && b", "{{ x }}", "->")
CODE = ("**kwargs", "__init__", "a ** b", "[a](http://b.example)", "__x__", *CALM)


def coded(text: str) -> Passage:
    return Passage(f"`{text}`", (Held("text", text), *node("Code")))


code = st.sampled_from(CODE).map(coded)
calm = st.sampled_from(CALM).map(coded)
"""Code without marks, for headings and links: lists of contents and of references repeat them."""

# -- links

ADDRESSES = (
    ("https://helm.sh/blog/helm-3", ""), ("https://example.com/?a=1&b=2&copy=3", ""), ("https://example.com", ""),
    ("https://example.com/%E4%BD%A0", ""), ("https://en.example.com/wiki/A_(b)", ""), ("tel:+86-10-1234", ""),
    ("https://mp.weixin.qq.com/s/AbCdEf", ""), ("http://mp.weixin.qq.com/s?id=1", ""),
    ("https://例子.中国/路径?问=答#节", "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF%E5%BE%84?%E9%97%AE=%E7%AD%94#%E8%8A%82"),
    ("HTTPS://Example.COM/Path", "https://example.com/Path"), ("mailto:editor@example.com", ""),
    ("https://example.com/a~b'c", ""), ("https://example.com/" + "long/" * 30, ""),
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
"""Two pictures that exist (the tests make them), one that does not, and a remote one."""
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
def line(draw: DrawFn, *, notes: bool, rich: bool = True, cell: bool = False, breaks: bool = False) -> Passage:
    """One line of text that begins with plain words; with `breaks` perhaps several lines of one paragraph."""
    kinds = [plain, plain, marked, calm, calm_link]
    kinds += [hostile, glued, code, link, link, shorthand, picture, formula] if rich else []
    kinds += [ruby] if rich and not cell else []  # its bar would end the cell
    kinds += [call] if notes else []
    pieces = [draw(plain), *(draw(draw(st.sampled_from(kinds))) for _ in range(draw(st.integers(0, 4))))]
    separators = st.sampled_from([" ", " ", "\n", "\\\n", "  \n", "<br>"]) if breaks else st.just(" ")
    built: Passage = pieces[0]
    for piece in pieces[1:]:
        built = joined([built, piece], draw(separators))
    return built
