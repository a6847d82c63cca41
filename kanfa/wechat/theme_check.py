"""A theme, judged by itself: every declaration by the rules on styles, every colour on the sample article.

Findings name the theme's own file and line: the declaration that decided, found with the cascade's own order.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import cssutils
import lxml.html
import tinycss2
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement
from PIL import Image
from tinycss2 import ast

from kanfa.errors import RenderError
from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.inlining import css_library
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.wechat.checks.advice import looks_of
from kanfa.wechat.checks.css import faults_of
from kanfa.wechat.checks.dark import colour_of
from kanfa.wechat.darkmode import Shade, hex_of
from kanfa.wechat.draft import CONTENT_FILE, FIELDS_FILE, draft_fields, fields_file
from kanfa.wechat.inline import inline_css
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.made_pictures import make
from kanfa.wechat.pictures import Picture, prepare
from kanfa.wechat.render import write_article
from kanfa.wechat.rules.advice import LIBRARY
from kanfa.wechat.rules.themes import THEME_CONTRAST, THEME_FAULT, THEME_IMPORTANT, THEME_SELECTOR
from kanfa.wechat.sample import sample
from kanfa.wechat.setting import Setting
from kanfa.wechat.style import Declaration, value_of
from kanfa.wechat.theme import Sheet, Theme, declarations_of, load
from kanfa.wechat.transforms import AFTER_INLINING, BEFORE_INLINING
from kanfa.wechat.transforms.styles import inked, unquoted
from kanfa.wechat.tree import classes, elements, parse_fragment, serialise, single_section, styles
from kanfa.wechat.writer import WeChatWriter

TEXT_CONTRAST = 4.5
SMALL_PRINT_CONTRAST = 3.0
SMALL_PRINT = frozenset(
    {"caption", "kicker", "lead-source", "code-title", "scroll-hint", "press-hint", "end", "call", "reading"}
)
"""Classes of captions and of what only accompanies the text."""
INKS = ("color",)
PAPERS = ("background", "background-color", "background-image")
PROPERTIES = {
    "WX105": PAPERS, "WX106": PAPERS, "WX107": ("font-family",), "WX108": ("float",), "WX109": ("width",),
    "WX110": INKS, "WX111": PAPERS, "WX114": PAPERS,
}  # fmt: skip
"""Properties that a rule on looks is about: they lead back to the theme."""
AT_RULES = frozenset({"charset", "import"})


@dataclass(slots=True)
class _Cascade:
    """Where each property of each element of the sample came from."""

    places: dict[tuple[HtmlElement, str], tuple[str, int]] = field(default_factory=dict)
    """File and line of the declaration that decided."""

    def place(self, element: HtmlElement, names: tuple[str, ...]) -> tuple[str, int] | None:
        """Where one of these properties of the element, or of what it inherits from, was declared."""
        for holder in (element, *element.iterancestors()):
            found = [self.places[holder, name] for name in names if (holder, name) in self.places]
            if found:
                return found[-1]
        return None


def check_theme(file: str, css: str, publication: Publication) -> list[Finding]:
    """Everything wrong with the theme that begins with the text `css` of `file`, with file and line, in their order."""
    faults = list(_unreadable(file, css))
    try:
        theme = load(file, css, publication)
        found = [*faults, *(one for sheet in theme.sheets for one in _sheet(sheet)), *_on_sample(theme, publication)]
    except RenderError as error:
        place, problem = error.args
        name, _, line = str(place).rpartition(":")
        where = (name, int(line)) if line.isdigit() else (file, 1)
        return [*faults, replace(THEME_FAULT.at(where[1], "{problem}", problem=problem), file=where[0])]
    unique: dict[tuple[object, ...], Finding] = {}
    for one in found:  # a pair of colours that one declaration makes is one fault, however often it is seen
        told = dict(one.values)
        values = one.values if one.rule is not THEME_CONTRAST else (one.template, told["ink"], told["paper"])
        unique.setdefault((one.rule, one.file, one.line, values), one)
    return sorted(unique.values(), key=lambda one: (one.file, one.line, one.severity.rank, one.rule.id))


def _unreadable(file: str, css: str) -> Iterator[Finding]:
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        nodes = [rule]
        if isinstance(rule, ast.QualifiedRule):
            nodes = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
        for node in nodes:
            if isinstance(node, ast.ParseError):
                problem = node.message.partition(", got")[0]
                yield replace(THEME_FAULT.at(node.source_line, "{problem}", problem=problem), file=file)


def _sheet(sheet: Sheet) -> Iterator[Finding]:
    """What can be said of the rules as they stand, tokens resolved."""
    image, other = lxml.html.Element("img"), lxml.html.Element("section")
    for rule in tinycss2.parse_stylesheet(sheet.css, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, ast.AtRule) and rule.lower_at_keyword not in AT_RULES:
            words = f"@{rule.at_keyword} {tinycss2.serialize(rule.prelude).strip()}".strip()
            finding = THEME_SELECTOR.at(rule.source_line, "{words} is not inlined", quote=words, words=words)
            yield replace(finding, file=sheet.file)
        if not isinstance(rule, ast.QualifiedRule):
            continue
        selector = tinycss2.serialize(rule.prelude).strip()
        if "::" in selector or any(f":{name}" in selector for name in ("before", "after", "hover", "active")):
            message = "{words} is not inlined"
            yield replace(THEME_SELECTOR.at(rule.source_line, message, quote=selector, words=selector), file=sheet.file)
        elif (unknown := _not_understood(selector)) is not None:
            message = "{words} is no selector that can be inlined"
            yield replace(THEME_SELECTOR.at(rule.source_line, message, quote=unknown, words=unknown), file=sheet.file)
        element = image if selector.split()[-1:] == ["img"] else other
        for node in declarations_of(rule):
            yield from (replace(one, file=sheet.file) for one in _declaration(node, element))


def _not_understood(selector: str) -> str | None:
    """The first part of a selector that premailer leaves out, because it cannot be read or looks for no element."""
    for part in selector.split(","):
        try:
            CSSSelector(part.strip(), translator="html")
        except (SelectorError, ValueError):
            return part.strip()
    return None


def _declaration(node: ast.Declaration, element: HtmlElement) -> Iterator[Finding]:
    declared = Declaration(node.lower_name, tinycss2.serialize(node.value).strip())
    shown = f"{declared.name}:{declared.value}"
    for rule in faults_of(declared, element):
        yield rule.at(node.source_line, "{declaration}", quote=declared.value, declaration=shown)
    with css_library() as complaints:  # what the parser behind premailer cannot read, it leaves out
        cssutils.parseStyle(shown, validate=False)
    if complaints:
        yield LIBRARY.at(node.source_line, "{message}", quote=declared.value, message=complaints[-1])
    if node.important:
        yield THEME_IMPORTANT.at(node.source_line, "{declaration} !important", quote="!important", declaration=shown)


# ---------------------------------------------------------------- on the sample


def _on_sample(theme: Theme, publication: Publication) -> Iterator[Finding]:
    article = sample_article(theme, publication)
    cascade = _traced(article, theme)
    first = theme.sheets[-1].file
    for element in elements(article):
        for finding in looks_of(element):
            place = cascade.place(element, PROPERTIES.get(finding.rule.id, ())) or (first, 1)
            yield replace(finding, file=place[0], line=place[1], element="")
    yield from _contrasts(article, Shade(), cascade, first, small=False)


def sample_article(theme: Theme, publication: Publication) -> HtmlElement:
    """The sample with the theme's styles on it, classes still in place."""
    issue = sample()
    setting = Setting.of(issue, publication)
    album = prepare(issue)
    writer = WeChatWriter(issue, album.body, setting, make(issue, (), LIMITS.drawings.value))
    article = single_section(parse_fragment(write_article(writer, publication)))
    for transform in BEFORE_INLINING:
        transform(article, setting)
    article, _ = inline_css(article, theme.css)
    for transform in (unquoted, inked):
        transform(article, setting)
    return article


def sample_artifact(file: str, css: str, publication: Publication) -> tuple[Artifact, Issue]:
    """The sample in a theme as it would be staged, for who measures it, with the issue that it shows.

    Its pictures are blank ones of the size that they say. Raises RenderError for a theme that cannot be read.
    """
    issue = sample()
    article = sample_article(load(file, css, publication), publication)
    setting = Setting.of(issue, publication)
    for transform in AFTER_INLINING:
        transform(article, setting)
    content = serialise(article).encode()
    album = prepare(issue)
    pictures = {picture.name: _blank(picture) for picture in album.body.values()}
    pictures |= {picture.name: picture.data for picture in make(issue, (), LIMITS.drawings.value).pictures().values()}
    fields = fields_file(draft_fields(issue, publication, content, album.body, album.cover))
    return Artifact("wechat", {CONTENT_FILE: content, FIELDS_FILE: fields, **pictures}), issue


def _blank(picture: Picture) -> bytes:
    target = io.BytesIO()
    Image.new("1", (picture.width, picture.height)).save(target, "PNG")
    return target.getvalue()


def _traced(article: HtmlElement, theme: Theme) -> _Cascade:
    """Where each property came from: the most specific rule, of equal ones the last, as premailer decides.

    A value that a token gives leads to the token.
    """
    decided: dict[tuple[HtmlElement, str], tuple[tuple[bool, int, int, int], tuple[str, int]]] = {}
    tokens = theme.tokens_used()
    for sheet in theme.sheets:
        for rule in tinycss2.parse_stylesheet(sheet.css, skip_comments=True, skip_whitespace=True):
            declared = declarations_of(rule)
            for selector in tinycss2.serialize(rule.prelude).split(",") if declared else ():
                for element, weight in _matches(article, selector.strip()):
                    for node in declared:
                        key, rank = (element, node.lower_name), (bool(node.important), *weight)
                        if key not in decided or rank >= decided[key][0]:
                            place = (sheet.file, node.source_line)
                            decided[key] = (rank, tokens.get((*place, node.lower_name), place))
    return _Cascade({key: place for key, (_, place) in decided.items()})


def _matches(article: HtmlElement, selector: str) -> Iterator[tuple[HtmlElement, tuple[int, int, int]]]:
    from cssselect import parse

    try:
        (parsed,) = parse(selector)
        found: list[HtmlElement] = CSSSelector(selector, translator="html")(article)  # type: ignore[assignment]
    except (SelectorError, ValueError):  # premailer has said so
        return
    for element in found:
        yield element, parsed.specificity()


def _contrasts(element: HtmlElement, shade: Shade, cascade: _Cascade, file: str, *, small: bool) -> Iterator[Finding]:
    """Every text that stands directly in an element, in both modes."""
    if element.tag == "svg":
        return
    declared = styles(element)
    inner = shade.inside(colour_of(value_of(declared, *INKS)), colour_of(value_of(declared, *PAPERS)))
    small = small or bool(SMALL_PRINT & set(classes(element)))
    own = "".join([element.text or "", *(child.tail or "" for child in element)]).replace("\u00a0", " ").strip()
    if own:
        where = cascade.place(element, INKS) or cascade.place(element, PAPERS) or (file, 1)
        yield from _faint(element, inner, where, SMALL_PRINT_CONTRAST if small else TEXT_CONTRAST)
    for child in element:
        if isinstance(child.tag, str):
            yield from _contrasts(child, inner, cascade, file, small=small)


def _faint(element: HtmlElement, shade: Shade, where: tuple[str, int], least: float) -> Iterator[Finding]:
    name = f"{element.tag}.{'.'.join(classes(element))}".rstrip(".")
    light = "{name} has a contrast of {ratio} in light mode, {ink} on {paper}; {least} is wanted"
    dark = "{name} has a contrast of {ratio} in dark mode, {ink} on {paper}; {least} is wanted"
    for message, ratio, ink, paper in (
        (light, shade.light_contrast, shade.light_text, shade.light_background),
        (dark, shade.dark_contrast, shade.dark_text, shade.dark_background),
    ):
        if ratio < least:
            values = {"ink": hex_of(ink), "paper": hex_of(paper), "least": f"{least:g}"}
            finding = THEME_CONTRAST.at(where[1], message, name=name, ratio=f"{ratio:.2f}", **values)
            yield replace(finding, file=where[0])
