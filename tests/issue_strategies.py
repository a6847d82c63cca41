"""Whole issues as Hypothesis strategies: their Markdown, and beside it a plain model of what it holds.

So the tests compare two independent accounts of one issue: the model (`issue_lines`), and what the engine made of it.

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
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from hypothesis.vendor.pretty import RepresentationPrinter
from issue_lines import (
    FORMATS,
    LABELS,
    REFERENCES,
    SOURCES,
    TEX,
    Held,
    Kind,
    Passage,
    addresses,
    alts,
    han,
    joined,
    line,
    linked,
    node,
    pictured,
    plain,
    said,
    words,
)

from kanfa.publication import Publication, Series, Shorthands

T = TypeVar("T")
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

    Hypothesis makes the first ten examples afresh and most later ones out of those, so many small batches show more.
    Equal batches of one strategy hold the same examples in every test: what was rendered for one serves the next.
    """

    def decorate(check: Callable[[T], None]) -> Any:
        @pytest.mark.parametrize("batch", range(batches))
        def test(batch: int) -> None:
            run = steady(each)(given(strategy)(check))
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
class Sample:
    """One whole issue."""

    head: str
    title: str
    preamble: Passage
    chapters: tuple[Passage, ...]
    """Each a section of the first level with its groups."""
    notes: Mapping[str, Passage]

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        printer.text(f"Sample of\n{self.source}")

    @property
    def source(self) -> str:
        """The Markdown of the issue."""
        notes = [text.indented(f"[^{label}]: ", "    ").source for label, text in self.notes.items()]
        definitions = [f"[{label}]: {written}" for label, (written, _) in REFERENCES.items()]
        body = [passage.source for passage in (self.preamble, *self.chapters)]
        return self.head + "\n\n".join([*body, *notes, "\n".join(definitions)]) + "\n"

    def held(self, format: str | None = None) -> list[Held]:
        """Everything in reading order, the notes last in the order of their first calls; in one format or in all."""
        body = (one for passage in (self.preamble, *self.chapters) for one in passage.held)
        shown = [one for one in body if format is None or format in one.formats]
        notes: list[Held] = []
        called: set[str] = set()
        for one in shown:
            if one.kind == "aside":
                notes.append(Held("text", one.value))
            elif one.kind == "note" and one.value not in called:
                called.add(one.value)
                notes += self.notes[one.value].held
        return [one for one in shown if one.kind != "aside"] + notes

    def values(self, kind: Kind, format: str | None = None) -> list[str]:
        """The values of one kind in reading order."""
        return [one.value for one in self.held(format) if one.kind == kind]

    def nodes(self) -> Counter[str]:
        """How many nodes of each kind the tree has, of the kinds that the model counts."""
        return Counter(self.values("node"))

    def with_chapter(self, index: int, chapter: Passage) -> Sample:
        """The issue with one of its sections written anew."""
        return replace(self, chapters=(*self.chapters[:index], chapter, *self.chapters[index + 1 :]))


# -- blocks

SNIPPETS = (
    "kubectl get pods --all-namespaces", "# 注释：不动，", "**kwargs, __init__", "[a](http://b.example)", "def f(x):",
    "    return x < 1 & y", "{% raw %}{{ x }}{% endraw %}", "\tkey: value", "", "<script>alert(1)</script>", ":::note",
    "> [!NOTE]", "- [ ] x", "$x$ {字|zì} #12 @x", "x" * 150, "字" * 90, "👩‍💻 שלום", "&amp;",
)  # fmt: skip
INFOS = ("", "python", "python {2,4-5}", 'yaml title="a b.yaml"', 'sh hl_lines="1"', "text", "{.go}", "mermaid")


def fenced(lines: Sequence[str], info: str) -> Passage:
    title = (Held("text", "a b.yaml"),) if "title" in info else ()
    held = (*node("CodeBlock"), *title, *(Held("text", text) for text in lines if text.strip()))
    return Passage("\n".join([f"```{info}", *lines, "```"]), held)


def code_by_spaces(lines: Sequence[str]) -> Passage:
    held = (*node("CodeBlock"), *(Held("text", text) for text in lines))
    return Passage("<!-- -->\n\n" + "\n".join(f"    {text}" for text in lines), held)


def image_alone(alt: str, source: str, caption: str, address: tuple[str, str] | None) -> Passage:
    shown = pictured(alt, source, caption)
    held = (*node("Figure"), *shown.held, *((Held("text", caption),) if caption else ()))
    if address is None:
        return Passage(shown.source, held)
    return Passage(f"[{shown.source}]({address[0]})", (*held, Held("link", address[1])))


def html_figure(alt: str, source: str, caption: str) -> Passage:
    tags = f'<img src="{source}" alt="{html.escape(alt)}"><figcaption>{html.escape(caption)}</figcaption>'
    return Passage(
        f"<figure>{tags}</figure>\n", (*node("Figure", "Image"), Held("picture", alt), Held("text", caption))
    )


def html_table(head: str, rows: Sequence[str]) -> Passage:
    body = "".join(f"<tr><td>{html.escape(row)}</td><td>乙</td></tr>\n" for row in rows)
    held = (Held("text", head), *(one for row in rows for one in (Held("text", row), Held("text", "乙"))))
    top = f'<tr><th colspan="2">{html.escape(head)}</th></tr>\n'
    return Passage(f"<table>\n{top}{body}</table>\n", (*node("Table"), *held))


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
    split = (cells[at : at + width] for at in range(0, len(cells), width))
    lines = ["| " + " | ".join(cell.source for cell in row) + " |" for row in split]
    lines.insert(1, "|" + ":-:|" * width)
    return Passage("\n".join(lines), (*node("Table"), *(held for cell in cells for held in cell.held)))


snippets = st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=5)
leaf = st.one_of(
    st.builds(fenced, snippets, st.sampled_from(INFOS)),
    st.builds(code_by_spaces, st.lists(st.sampled_from(SNIPPETS[:4]), min_size=1, max_size=3)),
    st.builds(image_alone, alts, st.sampled_from(SOURCES), st.just("") | words, st.none() | addresses),
    st.builds(html_figure, words, st.sampled_from(SOURCES[:2]), words),
    st.builds(html_table, words, st.lists(words, min_size=1, max_size=3)),
    st.builds(frame, words, st.sampled_from([("https://player.example.com/v?a=1&b=2",) * 2])),
    st.builds(qr, words, addresses),
    st.builds(display, st.sampled_from(TEX), st.sampled_from([("$$", "$$"), ("```math", "```")])),
    st.sampled_from(["---", "***", "_ _ _"]).map(lambda rule: Passage(rule, node("Divider"))),
    han.map(lambda text: Passage(f"<!-- 编者：藏{text}藏 -->", (Held("hidden", f"藏{text}藏"),))),
)  # fmt: skip
CALLOUTS = ("note", "tip", "important", "warning", "caution")


LISTS = (("- ", ""), ("* ", ""), ("1. ", ""), ("7) ", ""), ("- ", "[x] "), ("- ", "[ ] "), ("- ", "lead"))
"""Marker of a list, and what begins each of its items."""
ORIGINS = (Passage(""), said("CNCF").within(" · "), said("社区").within(" ｜ "))
"""Where a lead item comes from."""


@st.composite
def items(draw: DrawFn, depth: int, notes: bool) -> Passage:
    """One list: bullets, numbers, tasks or leads, some with blocks of their own."""
    marker, box = draw(st.sampled_from(LISTS))
    built = []
    for _ in range(draw(st.integers(1, 4))):
        text = draw(line(notes=notes, breaks=not box))
        if box == "lead":
            title = linked(draw(plain), "**[{0}]({1})**", draw(addresses)).within("", "", *node("Lead"))
            text = joined([title, draw(st.sampled_from(ORIGINS)), text.within("\n")], "")
        elif box:
            text = text.within(box)
        inside = [text, draw(blocks(depth - 1, notes, most=2))] if depth and draw(st.booleans()) else [text]
        built.append(joined(inside, "\n\n").indented(marker, " " * len(marker)).within("", "", *node("Item")))
    return joined(built, draw(st.sampled_from(["\n", "\n\n"])))


def _callout(kind: str, title: Passage, body: Passage, colons: str) -> Passage:
    """A container, or without colons an alert of GitHub's."""
    held = (*node("Callout"), *title.held, *body.held)
    if colons:
        return Passage(f"{colons}{kind} {title.source}\n{body.source}\n{colons}", held)
    return Passage(f"> [!{kind.upper()}] {title.source}\n>\n{body.quoted().source}", held)


def _only(formats: frozenset[str], body: Passage, colons: str, word: str, separator: str) -> Passage:
    """A passage for some formats, which begins with a word that stands nowhere else."""
    named = sorted(formats if word == "only" else FORMATS - formats)
    token = f"〔仅{'与'.join(sorted(formats))}见〕"
    inside = [Held("token", token), Held("text", token), *body.held]
    held = (Held("node", "Only"), *(replace(one, formats=one.formats & formats) for one in inside))
    return Passage(f"{colons}{word} {separator.join(named)}\n{token}\n\n{body.source}\n{colons}", held)


AUDIENCES = (["email"], ["pdf"], ["wechat"], ["email", "pdf"], ["pdf", "wechat"])


@st.composite
def container(draw: DrawFn, depth: int, notes: bool) -> Passage:
    """What holds other blocks."""
    body, colons = draw(blocks(depth - 1, notes, most=2)), ":" * (3 + depth)
    title = draw(line(notes=False, rich=False))
    match draw(st.sampled_from(["quote", "callout", "alert", "only", "except", "details", "html", "div", "figure"])):
        case "quote":
            return body.quoted().within("", "", *node("Quote"))
        case "callout":
            return _callout(draw(st.sampled_from(CALLOUTS)), title, body, colons)
        case "alert":
            return _callout(draw(st.sampled_from(CALLOUTS)), title, body, "")
        case ("only" | "except") as word:
            formats = frozenset(draw(st.sampled_from(AUDIENCES)))
            return _only(formats, body, colons, word, draw(st.sampled_from([" ", "|", " | "])))
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
def blocks(draw: DrawFn, depth: int, notes: bool, most: int = 4) -> Passage:
    """Some blocks with blank lines between; the first is a paragraph, so that nothing runs into what stands before."""
    paragraph = line(notes=notes, breaks=True)
    table = st.builds(piped, st.lists(line(notes=notes, cell=True), min_size=4, max_size=8), st.integers(1, 3))
    kinds = [paragraph, leaf, leaf, table, items(depth, notes), *([container(depth, notes)] * 4 if depth else [])]
    rest = [draw(draw(st.sampled_from(kinds))) for _ in range(draw(st.integers(0, most - 1)))]
    return joined([draw(paragraph), *rest], "\n\n")


# -- issues


@st.composite
def chapters(draw: DrawFn, notes: bool = True) -> Passage:
    """A section, perhaps with groups."""
    parts = []
    for level in draw(st.sampled_from([(0,), (0,), (0, 1), (0, 1, 1), (0, 1, 2), (0, 2)])):
        title = draw(line(notes=False, rich=False))
        shown = "".join(one.value for one in title.held if one.kind == "text")
        closing = draw(st.sampled_from(["", "", " ##"]))
        parts.append(title.within("##" + "#" * level + " ", closing, *node("Section"), Held("heading", shown)))
        parts.append(draw(blocks(2, notes, most=4)))
    return joined(parts, "\n\n")


def _yaml(title: str, summary: str, extra: bool) -> str:
    fields = {"title": title, "number": 7, "date": "2019-07-02", "summary": summary}
    more = {"authors": ["毕昇", "Gutenberg"], "editors": ["校对"], "publisher": "样张组", "keywords": ["排版"]}
    older = {"number": 4, "title": "更前", "url": "https://weekly.example.org/4"}
    previous = [{"number": 6, "title": f"前{title}"}, older]
    shown = {**fields, **more, "cover": "images/a.png", "cover_alt": "封面", "previous": previous} if extra else fields
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in shown.items())
    return f"---\n{''.join(lines)}---\n\n"


@st.composite
def heads(draw: DrawFn) -> tuple[str, str]:
    """The beginning of an issue in one of the ways that the wild knows, and its title."""
    title, summary = f"第七期 {draw(words)}", f"本期说{draw(han)}。"
    shown = json.dumps(title, ensure_ascii=False)
    ways = (
        _yaml(title, summary, True),
        _yaml(title, summary, False),
        _yaml(title, summary, False) + f"# {title}\n\n",
        f"+++\ntitle = {shown}\ndate = 2019-07-02\n+++\n\n",
        f"Title: {title}\nNumber: 7\nDate: 2019-07-02\n\n",
        f"# {title}\n\n",
    )
    return draw(st.sampled_from(ways)), title


@st.composite
def samples(draw: DrawFn, notes: bool = True, least: int = 1) -> Sample:
    """One whole issue of one to three sections; without `notes` no footnote, whose number others would share."""
    head, title = draw(heads())
    preamble = draw(st.just(Passage("")) | blocks(0, notes, most=2))
    parts = tuple(draw(st.lists(chapters(notes), min_size=least, max_size=3)))
    called = {one.value for part in (preamble, *parts) for one in part.held if one.kind == "note"}
    texts = {label: draw(blocks(0, False, most=2)) for label in LABELS if label in called}
    defined = {label: text.within("", "", *node("Note")) for label, text in texts.items()}
    return Sample(head, title, preamble, parts, defined)


ODD = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("*_`~[](){}<>#|$\\:-!^\n\t \"'&\u202e\u200b\x00\x0c\ufeff\u2028"),
    st.sampled_from([":::", "```", "\n\n", "---\n", "<!--", "</"]),
)


@st.composite
def damaged(draw: DrawFn, sources: st.SearchStrategy[str]) -> str:
    """A text with one to four faults: cut short, lines or characters deleted, doubled, swapped or strange."""
    text = draw(sources)
    for _ in range(draw(st.integers(1, 4))):
        by_line = draw(st.booleans())
        parts = text.split("\n") if by_line else list(text)
        if not parts:
            break
        at, other = (draw(st.integers(0, len(parts) - 1)) for _ in range(2))
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
                parts.insert(at, draw(ODD))
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
