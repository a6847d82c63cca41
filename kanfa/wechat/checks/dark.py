"""Dark mode and drawings: contrast after WeChat's own conversion, and what SVG may not rely on."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from kanfa.findings import Finding
from kanfa.wechat.checks.article import Article
from kanfa.wechat.checks.css import is_wechat_host
from kanfa.wechat.darkmode import Rgba, Shade, hex_of
from kanfa.wechat.rules import advice
from kanfa.wechat.rules import css as rule
from kanfa.wechat.style import colours_in, urls_in, value_of
from kanfa.wechat.tree import font_size_of, path_of, styles

LEAST_CONTRAST = 1.5
"""Official: below it the checker reports darkmode-low-contrast."""
GOOD_CONTRAST = 4.5
LARGE_CONTRAST = 3.0
LARGE_TEXT = 24.0
LARGE_BOLD = 18.66
"""WCAG 2: sizes in px from which text counts as large."""
BOLD = frozenset({"bold", "bolder", "600", "700", "800", "900"})
NEEDS_ID = frozenset(["use", "marker", "clippath", "mask", "lineargradient", "radialgradient", "filter", "symbol"])


def colour_of(value: str) -> Rgba | None:
    """The one solid colour of a value, or None."""
    found = colours_in(value)
    return found[-1] if found and "gradient" not in value else None


_Faint = dict[tuple[str, str], list[tuple[HtmlElement, str, float]]]
"""By text and background colour, the texts that are hard to read: a colour pair is one fault, however often used."""


def contrasts(article: Article) -> Iterator[Finding]:
    """Every text that stands directly in an element, against what is behind it in dark mode."""
    faint: _Faint = {}
    yield from _walk(article, article.body, Shade(), faint, bold=False)
    for (ink, paper), places in faint.items():
        element, own, ratio = places[0]
        one = "“{text}”: contrast {ratio} in dark mode, {ink} on {paper}"
        several = "“{text}” ({count} texts): contrast {ratio} in dark mode, {ink} on {paper}"
        yield advice.DARK_LOW.at(
            article.line_of_text(own),
            several if len(places) > 1 else one,
            text=own[:30],
            count=len(places),
            ratio=f"{ratio:.2f}",
            ink=ink,
            paper=paper,
            element=path_of(element),
        )


def _walk(article: Article, element: HtmlElement, shade: Shade, faint: _Faint, bold: bool) -> Iterator[Finding]:
    declared = styles(element)
    background = value_of(declared, "background", "background-color")
    images = " ".join(d.value for d in declared if d.name in {"background", "background-image", "border-image"})
    if element.tag == "svg" or value_of(declared, "display") == "none" or urls_in(images):
        return
    inner = shade.inside(colour_of(value_of(declared, "color")), colour_of(background))
    weight = value_of(declared, "font-weight")
    heavy = weight in BOLD or (bold and not weight) or element.tag in {"strong", "b"}
    own = "".join([element.text or "", *(child.tail or "" for child in element)]).replace("\u00a0", " ").strip()
    if own:
        yield from _judged(article, element, own, inner, faint, bold=heavy)
    for child in element:
        if isinstance(child.tag, str):
            yield from _walk(article, child, inner, faint, heavy)


def _judged(
    article: Article, element: HtmlElement, own: str, shade: Shade, faint: _Faint, *, bold: bool
) -> Iterator[Finding]:
    ratio = shade.dark_contrast
    size = font_size_of(element)
    large = size >= LARGE_TEXT or (bold and size >= LARGE_BOLD)
    ink, paper = hex_of(shade.dark_text), hex_of(shade.dark_background)
    if ratio < LEAST_CONTRAST:
        yield rule.DARK_CONTRAST.at(
            article.line_of_text(own),
            "“{text}”: contrast {ratio} in dark mode, {ink} on {paper}",
            text=own[:30],
            ratio=f"{ratio:.2f}",
            ink=ink,
            paper=paper,
            element=path_of(element),
        )
    elif ratio < (LARGE_CONTRAST if large else GOOD_CONTRAST):
        faint.setdefault((ink, paper), []).append((element, own, ratio))


def drawings(article: Article) -> Iterator[Finding]:
    """Drawings without references, links, outside pictures and touch-only animations."""
    for svg in article.elements("svg"):
        for element in [svg, *svg.iterdescendants()]:
            if not isinstance(element.tag, str):
                continue
            tag = element.tag.lower()
            values = {str(name).lower(): value or "" for name, value in element.items()}
            target = values.get("href") or values.get("xlink:href") or ""
            if tag in NEEDS_ID or target.startswith("#") or any("url(#" in value for value in values.values()):
                yield rule.SVG_ID_REF.at(1, "<{tag}> needs an id", tag=tag, element=path_of(element))
            if tag == "a":
                yield rule.SVG_ANCHOR.at(1, "link to {target}", target=target, element=path_of(element))
            if tag == "image" and not is_wechat_host(target) and target not in article.artifact.files:
                yield rule.SVG_IMAGE.at(1, "picture {target}", target=target, element=path_of(element))
            begin = values.get("begin", "")
            if tag.startswith("animate") and "touchstart" in begin and "click" not in begin:
                yield rule.SVG_BEGIN.at(1, "begin={begin}", begin=begin, element=path_of(element))


def exemptions(article: Article) -> Iterator[Finding]:
    """Nothing is exempted from the dark-mode checks."""
    for element in article.elements():
        for name in ("data-ignore-dm", "data-no-dark"):
            if name in element.attrib:
                yield advice.DARK_EXEMPT.at(1, "{name} is used", name=name, element=path_of(element))


DARK_CHECKS = (contrasts, drawings, exemptions)
