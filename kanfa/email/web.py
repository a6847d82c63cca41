"""The page for “view in browser” and for the archive: one file, no script, nothing personal."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kanfa.email.images import Picture
from kanfa.html import HtmlWriter, el
from kanfa.issue.model import Image, Issue, Table, text_of
from kanfa.labels import format_date, labels_for
from kanfa.publication import Publication
from kanfa.templating import read_file, render_template

PDF_NAME = "issue.pdf"
"""The archival edition, which the archive puts beside the page."""


class WebWriter(HtmlWriter):
    """Semantic HTML for browsers."""

    def __init__(self, issue: Issue, pictures: Mapping[str, Picture]) -> None:
        super().__init__(issue)
        self.pictures = pictures

    def image_src(self, image: Image) -> str:
        picture = self.pictures.get(image.src)
        if picture is not None:
            return f"images/{picture.name}"
        return image.src if image.is_remote else ""

    def table(self, node: Table) -> Markup:
        # a wide table scrolls by itself, so that the page never does
        return el("div", {"class": "scroll"}, super().table(node))


def web_page(issue: Issue, publication: Publication, pictures: Mapping[str, Picture]) -> str:
    """The page as a whole document; pictures are relative (`images/…`), so it works from a folder too."""
    labels = labels_for(issue.language)
    writer = WebWriter(issue, pictures)
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
        css=Markup(read_file(publication, "email/web.css")),  # noqa: S704 - our own file; style holds no markup
        canonical=publication.issue_url(issue.slug),
        volume=labels.volume(issue.number) if issue.number is not None else "",
        date=format_date(issue.date, issue.language) if issue.date else "",
        cover=writer.write(issue.cover) if issue.cover else "",
        preamble=writer.write_all(issue.preamble),
        chapters=[writer.write(section) for section in issue.sections],
        notes=writer.write_all(issue.notes),
        contents=[(section.anchor, " ".join(text_of(*section.title).split())) for section in issue.sections],
        people=[(label, names) for label, names in people if names],
        pdf=PDF_NAME,
    )
