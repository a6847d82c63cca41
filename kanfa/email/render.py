"""An issue as mail: HTML, plain text, the message itself, and the page for “view in browser”.

The order of work, each step in a module of its own:

1. `clean`   characters that no mail may carry are taken out
2. `writer`  the tree becomes HTML; the template (Jinja2) puts it into MJML
3. `mjml`    parse, compare with the allow-list, write safely, convert with the engine
4. `inline`  styles into the elements, proof that none got lost, doctype
5. `cutting` a mail that Gmail would clip ends at a section, when the settings say so
6. `text`    the plain-text part, from the tree
7. `message` both parts as an RFC 5322 message, parsed back and compared
8. `web`     the standalone page
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kanfa.email import cutting, inline, mjml, theme
from kanfa.email.clean import cleaned
from kanfa.email.grammar import VALUE_TYPES
from kanfa.email.images import Picture, pictures
from kanfa.email.lean import require_known_classes
from kanfa.email.limits import BODY_WIDTH, GMAIL_WARN_BYTES, LONG_CODE_LINES, PREHEADER_FILLERS
from kanfa.email.tokens import Tokens, resolved, tokens_of
from kanfa.email.web import older
from kanfa.email.writer import EmailWriter
from kanfa.errors import RenderError
from kanfa.formats import Artifact
from kanfa.issue.model import Image, Issue, Paragraph
from kanfa.labels import Labels, format_date, labels_for
from kanfa.publication import Publication
from kanfa.scripts import direction_of
from kanfa.templating import read_file, render_template
from kanfa.text import words_of

FORMAT = "email"
PREHEADER_CHARS = 90
"""Where a preheader made from the text itself ends."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of contents."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Body:
    """The issue's text as HTML, in the pieces that the template places."""

    preamble: Markup
    chapters: tuple[Markup, ...]
    notes: Markup
    contents: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """How the mail of one publication looks."""

    tokens: Tokens
    theme: theme.Theme
    """With the values of the tokens in it."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover as the template shows it."""

    src: str
    alt: str
    width: int


def render(issue: Issue, publication: Publication, *, alone: bool = False) -> Artifact:
    """The mail of an issue. Pure: no clock, no network; the same values give the same bytes.

    Files: `email.html`, `email.txt`, `email.eml`, `web.html`, and `images/…` for each local picture and formula;
    `alone` leaves out text, message and page, for whoever looks at the mail only. Raises RenderError for faults of
    templates, the MJML engine or the message, never for the editor's text.
    """
    issue, findings = cleaned(issue)
    shown = pictures(issue)
    mail = _fitted(issue, publication, shown)
    companions = {} if alone else _companions(mail, issue, publication, shown)
    files = {"email.html": mail.html.encode(), **companions, **_images(mail, shown)}
    return Artifact(FORMAT, files, (*findings, *mail.writer.findings, *mail.findings))


def _companions(
    mail: cutting.Fitted, issue: Issue, publication: Publication, shown: Mapping[str, Picture]
) -> dict[str, bytes]:
    """What goes with the mail: plain text, the message of both, the page for “view in browser”."""
    from kanfa.email.message import build_message
    from kanfa.email.text import plain_text
    from kanfa.email.web import web_page

    rest = mail.rest
    text = plain_text(mail.issue, publication, continued=rest.href if rest else "", left_out=rest.lines if rest else ())
    return {
        "email.txt": text.encode(),
        "email.eml": build_message(issue, publication, mail.html, text),
        "web.html": web_page(issue, publication, shown).encode(),
    }


def _images(mail: cutting.Fitted, shown: Mapping[str, Picture]) -> dict[str, bytes]:
    pictures_shown = {f"images/{picture.name}": picture.data for picture in shown.values()}
    return pictures_shown | {f"images/{formula.name}": formula.data for formula in mail.writer.formulas.values()}


def _fitted(issue: Issue, publication: Publication, shown: Mapping[str, Picture]) -> cutting.Fitted:
    """The mail, without colours of code or cut at a section where it would be longer than Gmail shows."""
    writer, html = _within_reach(issue, publication, shown)

    def write(part: Issue, rest: cutting.Rest) -> tuple[EmailWriter, str]:
        own = EmailWriter(part, publication, shown, writer.coloured_lines)
        return own, email_html(part, publication, own, rest)

    return cutting.fitted(issue, publication, writer, html, write)


def _within_reach(issue: Issue, publication: Publication, shown: Mapping[str, Picture]) -> tuple[EmailWriter, str]:
    """The writer and its mail. When that comes near Gmail's cut, long code loses its colours, then any code."""
    coloured_lines: int | None = None
    while True:
        writer = EmailWriter(issue, publication, shown, coloured_lines)
        html = email_html(issue, publication, writer)
        if not writer.longest_coloured or len(html.encode()) < GMAIL_WARN_BYTES:
            return writer, html
        coloured_lines = LONG_CODE_LINES if writer.longest_coloured > LONG_CODE_LINES else 0


def email_html(issue: Issue, publication: Publication, writer: EmailWriter, rest: cutting.Rest | None = None) -> str:
    """The HTML part, a whole document with the tokens of each subscriber still in place.

    `rest` is what a mail that ends early says about what it leaves to the web page.
    """
    look = look_of(publication)
    source = email_mjml(issue, publication, writer, look, rest)
    try:
        root = mjml.parse(source, publication)
        mjml.lint(root, source, publication)
    except RenderError as fault:
        # a part that leaves an element open spoils whatever stands round it
        raise writer.parts.malformed() or fault from None
    require_known_classes(root, look.theme, source, publication)
    return inline.inlined(mjml.to_html(mjml.serialise(root)), look.theme)


def look_of(publication: Publication) -> Look:
    """The tokens and the theme of a publication. Raises RenderError or PublicationError for a fault of theirs."""
    tokens = tokens_of(publication)
    css = resolved(read_file(publication, "email/theme.css"), tokens, "email/theme.css")
    return Look(tokens, theme.split(css))


def email_mjml(
    issue: Issue,
    publication: Publication,
    writer: EmailWriter,
    look: Look,
    rest: cutting.Rest | None = None,
) -> str:
    """The MJML that the templates make."""
    labels = labels_for(issue.language)
    cover = _cover(issue, writer)
    # a language the editor mistyped must not reach the markup; rule EML002 names its line
    is_language = VALUE_TYPES["language tag"].fullmatch(issue.language)
    return render_template(
        publication,
        "email/issue.mjml.j2",
        issue=issue,
        publication=publication,
        language=issue.language if is_language else publication.language,
        labels=labels,
        direction=direction_of,
        theme=look.theme,
        tokens=look.tokens,
        width=BODY_WIDTH,
        web_address=publication.issue_url(issue.slug),
        volume=labels.volume(issue.number) if issue.number is not None else "",
        date=format_date(issue.date, issue.language) if issue.date else "",
        preheader=preheader(issue, publication),
        # no-break space and zero-width non-joiner: invisible, and neither is trimmed by a preview
        filler="\u00a0\u200c" * PREHEADER_FILLERS,
        cover=cover,
        cover_missing=writer.missing_image(issue.cover) if issue.cover and not cover else "",
        body=_body(issue, writer),
        rest=rest,
        people=people(issue, labels),
        older=older(issue),
        newer=issue.newer if issue.newer and issue.newer.href else None,
        imprint=imprint(publication, issue),
    )


def preheader(issue: Issue, publication: Publication) -> str:
    """What inboxes show after the subject: the summary, else the first words of the text, else the tagline."""
    if issue.summary and issue.summary != issue.title:
        return " ".join(issue.summary.split())
    for node in issue.walk():
        if isinstance(node, Paragraph):
            words = words_of(*node.children)
            if words and words != issue.title:
                return words if len(words) <= PREHEADER_CHARS else f"{words[: PREHEADER_CHARS - 1]}…"
    return publication.tagline or publication.name


def people(issue: Issue, labels: Labels) -> tuple[tuple[str, str], ...]:
    """Label and names of those who made the issue; what nobody filled in is left out."""
    rows = (
        (labels.authors, labels.names(issue.authors)),
        (labels.editors, labels.names(issue.editors)),
        (labels.publisher, issue.publisher),
    )
    return tuple((label, names) for label, names in rows if names)


def imprint(publication: Publication, issue: Issue) -> str:
    """Publisher and licence in one line, as far as the settings name them."""
    publisher = publication.publisher if publication.publisher != issue.publisher else ""
    return " · ".join(part for part in (publisher, publication.licence) if part)


def _body(issue: Issue, writer: EmailWriter) -> Body:
    entries = [Entry(section.anchor, words_of(*section.title)) for section in issue.sections]
    return Body(
        preamble=writer.write_all(issue.preamble),
        chapters=tuple(writer.write(section) for section in issue.sections),
        notes=writer.write_all(issue.notes),
        contents=tuple(entry for entry in entries if entry.title) if len(entries) > 1 else (),
    )


def _cover(issue: Issue, writer: EmailWriter) -> Cover | None:
    image = issue.cover
    if image is None:
        return None
    src = writer.image_src(image)
    if not src or any(char.isspace() for char in src):
        return None
    alt = image.label if image.alt or image.title else labels_for(issue.language).cover
    return Cover(src, alt, cover_width(image, writer))


def cover_width(image: Image, writer: EmailWriter) -> int:
    """Shown width of the cover in pixels: the whole mail, or the picture's own width when that is less."""
    picture = writer.pictures.get(image.src)
    return min(BODY_WIDTH, picture.width) if picture else BODY_WIDTH
