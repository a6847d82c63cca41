"""The page for “view in browser” and for the archive: one file, nothing that runs, nothing personal."""

from __future__ import annotations

import json
from collections.abc import Mapping

from lxml import etree
from markupsafe import Markup

from kanfa.email.directed import DirectedWriter
from kanfa.email.images import Picture
from kanfa.email.tokens import Tokens, tokens_of
from kanfa.email.writer import MISSING
from kanfa.errors import MathError
from kanfa.html import Attributes, el
from kanfa.issue.model import (
    Callout,
    Cell,
    Image,
    Issue,
    Item,
    Math,
    MathBlock,
    Paragraph,
    PreviousIssue,
    QrCode,
    Section,
    Table,
)
from kanfa.labels import format_date, labels_for
from kanfa.maths import typeset
from kanfa.publication import Publication
from kanfa.qr import qr_svg
from kanfa.scripts import direction_of
from kanfa.templating import read_file, render_template
from kanfa.text import kind_before, words_of

NIGHT = "night-"
PDF_NAME = "issue.pdf"
"""The archival edition, which the archive puts beside the page."""


class WebWriter(DirectedWriter):
    """Semantic HTML for browsers."""

    def __init__(self, issue: Issue, pictures: Mapping[str, Picture]) -> None:
        super().__init__(issue)
        self.pictures = pictures
        self.labels = labels_for(issue.language)

    def image_src(self, image: Image) -> str:
        picture = self.pictures.get(image.src)
        if picture is not None:
            return f"images/{picture.name}"
        return image.src if image.is_remote else ""

    def missing_image(self, image: Image) -> Markup:
        return el("span", {"class": MISSING}, image.words)

    def paragraph(self, node: Paragraph) -> Markup:
        return el("p", {"dir": self.direction(node.children)}, self.write_all(node.children))

    def item(self, node: Item, tight: bool = True) -> Markup:
        way = self.item_direction(node)
        with self.running(way):
            return el("li", {"dir": way}, self.item_body(node, tight))

    def cell_attributes(self, node: Cell) -> dict[str, str | int | None]:
        return {**super().cell_attributes(node), "dir": self.direction(node.children)}

    def heading(self, node: Section) -> Markup:
        level = min(6, node.level + self.heading_offset)
        attributes: Attributes = {"id": node.anchor, "dir": self.direction(node.title)}
        return el(f"h{level}", attributes, self.heading_text(node.title))

    def table(self, node: Table) -> Markup:
        # a wide table scrolls by itself, so that the page never does
        return el("div", {"class": "scroll"}, super().table(node))

    def task_box(self, checked: bool) -> Markup:
        words = self.labels.done if checked else self.labels.open
        return el("span", {"class": "task", "role": "img", "aria-label": words}, "☑" if checked else "☐")

    def callout(self, node: Callout) -> Markup:
        title = el("p", {"class": "callout-title"}, kind_before(node, self.labels), self.write_all(node.title))
        attributes = {"class": f"callout {node.kind}", "role": "note"}
        return el("div", attributes, title, self.write_all(node.blocks))

    def math(self, node: Math) -> Markup:
        return self.formula(node)

    def math_block(self, node: MathBlock) -> Markup:
        return el("div", {"class": "math-block"}, self.formula(node))

    def formula(self, node: Math | MathBlock) -> Markup:
        """The formula as paths in the colour and size of the text beside it; its TeX for those who listen."""
        try:
            formula = typeset(node.tex, display=isinstance(node, MathBlock))
        except MathError:
            return el("code", {"class": MISSING}, node.words)
        svg = etree.fromstring(formula.svg)
        svg.set("class", "math")
        svg.set("role", "img")
        svg.set("aria-label", node.label)
        size = f"width:{formula.width:g}em;height:{formula.height:g}em"
        svg.set("style", size if isinstance(node, MathBlock) else f"{size};vertical-align:-{formula.depth:g}em")
        etree.cleanup_namespaces(svg)
        return Markup(etree.tostring(svg, encoding="unicode"))  # noqa: S704 - lxml has escaped the TeX

    def qr_code(self, node: QrCode) -> Markup:
        # the code is for paper: a style shows it in print only
        try:
            code = Markup(qr_svg(node.link.href))  # noqa: S704 - one path of segno's, no words in it
        except ValueError:  # an address longer than any code holds
            return super().qr_code(node)
        words = el("span", {"class": "scan"}, self.labels.scan)
        picture = el("span", {"class": "qr-code", "aria-hidden": "true"}, code, words)
        return el("div", {"class": "qr"}, el("p", None, self.write(node.link)), picture)


def older(issue: Issue) -> PreviousIssue | None:
    """The nearest earlier issue that has an address: the highest number below this one, else the first listed."""
    linked = [earlier for earlier in issue.previous if earlier.href]
    numbered = [(earlier.number, earlier) for earlier in linked if earlier.number is not None]
    if issue.number is not None:
        below = [pair for pair in numbered if pair[0] < issue.number]
        if below:
            return max(below, key=lambda pair: pair[0])[1]
    return linked[0] if linked else None


def palette(tokens: Tokens) -> Markup:
    """The tokens as CSS variables, by day and by night; a `night-` value takes the place of the day's."""
    day = ";".join(f"--{name}:{value}" for name, value in tokens.items() if not name.startswith(NIGHT))
    night = ";".join(
        f"--{name.removeprefix(NIGHT)}:{value}" for name, value in tokens.items() if name.startswith(NIGHT)
    )
    rules = f":root{{{day}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}"
    return Markup(rules)  # noqa: S704 - values of tokens hold neither < nor &


def linked_data(issue: Issue, publication: Publication, picture: str) -> Markup:
    """What the page says about itself for search engines: JSON-LD, schema.org/Article.

    `<`, `>` and `&` are written as JSON escapes, so that no title can end the element it stands in.
    """
    address = publication.issue_url(issue.slug)
    publisher = issue.publisher or publication.publisher or publication.name
    whole: dict[str, object] = {"@type": "Periodical", "name": publication.name, "url": publication.url}
    volume = {"@type": "PublicationIssue", "issueNumber": issue.number, "isPartOf": whole}
    values: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": issue.title,
        "description": issue.summary,
        "url": address,
        "mainEntityOfPage": address,
        "inLanguage": issue.language,
        "datePublished": issue.date.isoformat() if issue.date else "",
        "image": picture,
        "keywords": list(issue.keywords),
        "author": [{"@type": "Person", "name": name} for name in issue.authors],
        "editor": [{"@type": "Person", "name": name} for name in issue.editors],
        "publisher": {"@type": "Organization", "name": publisher},
        "license": publication.licence if publication.licence.startswith("https://") else "",
        "isPartOf": whole if issue.number is None else volume,
    }
    text = json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False, sort_keys=True)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)  # noqa: S704 - the characters that end or open elements are escaped above


def card_picture(issue: Issue, publication: Publication, pictures: Mapping[str, Picture]) -> str:
    """Absolute address of the cover, for cards that other sites show; empty without a cover."""
    if issue.cover is None:
        return ""
    picture = pictures.get(issue.cover.src)
    if picture is not None:
        return f"{publication.issue_url(issue.slug)}images/{picture.name}"
    return issue.cover.src if issue.cover.is_remote else ""


def web_page(issue: Issue, publication: Publication, pictures: Mapping[str, Picture]) -> str:
    """The page as a whole document; pictures are relative (`images/…`), so it works from a folder too."""
    labels = labels_for(issue.language)
    writer = WebWriter(issue, pictures)
    picture = card_picture(issue, publication, pictures)
    people = (
        (labels.authors, labels.names(issue.authors)),
        (labels.editors, labels.names(issue.editors)),
        (labels.publisher, issue.publisher),
    )
    return render_template(
        publication,
        "email/web.html.j2",
        issue=issue,
        publication=publication,
        labels=labels,
        direction=direction_of,
        css=Markup(read_file(publication, "email/web.css")),  # noqa: S704 - our own file; style holds no markup
        palette=palette(tokens_of(publication)),
        linked_data=linked_data(issue, publication, picture),
        card_picture=picture,
        canonical=publication.issue_url(issue.slug),
        volume=labels.volume(issue.number) if issue.number is not None else "",
        date=format_date(issue.date, issue.language) if issue.date else "",
        cover=writer.write(issue.cover) if issue.cover else "",
        preamble=writer.write_all(issue.preamble),
        chapters=[writer.write(section) for section in issue.sections],
        notes=writer.write_all(issue.notes),
        contents=[(section.anchor, words_of(*section.title)) for section in issue.sections],
        people=[(label, names) for label, names in people if names],
        older=older(issue),
        newer=issue.newer if issue.newer and issue.newer.href else None,
        pdf=PDF_NAME,
    )
