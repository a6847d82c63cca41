"""Traps 1–20 of the MJML engine and of premailer: what the bare library does, and what the mail of an issue shows.

When an upgrade cures a trap its first half fails and says so; then the cure may go. Traps 21–23, those of Python's
email package, stand in test_message_round_trip.py; details of the cures in test_email_traps.py and test_mjml_lint.py.
"""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from email_samples import paragraph
from mjml import mjml2html
from premailer import Premailer, transform
from test_cutting import page
from test_email_traps import FRAME, IN_COLUMN, TEXT, inlined

from kanfa.email.check_document import RUST_MARK
from kanfa.email.dom import parse_html
from kanfa.email.mail import every_string
from kanfa.email.render import render
from kanfa.email.theme import declarations
from kanfa.errors import RenderError
from kanfa.formats import Artifact
from kanfa.issue.model import Image, Issue, Link, Text
from kanfa.issue.reader import decode, read
from kanfa.pipeline import read as read_issue
from kanfa.publication import Publication, find_publication
from kanfa.templating import read_file

FOOTER = "email/parts/footer.mjml.j2"
IMPRINT = "{% if imprint %}"


def bare(body: str, head: str = "") -> str:
    """What the engine makes of MJML without any help."""
    return str(mjml2html(FRAME.format(head=head, body=body), fonts={}))


def styled(css: str, body: str = '<p class="a">x</p>') -> str:
    """A page with a style block."""
    return f"<html><head><style>{css}</style></head><body>{body}</body></html>"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """What premailer's CSS library says of its own accord is not the point here."""
    logger = logging.getLogger("CSSUTILS")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    yield
    logger.setLevel(level)


@pytest.fixture
def own(publication: Publication, tmp_path: Path) -> Publication:
    """A publication with templates of its own."""
    (tmp_path / "templates" / "email" / "parts").mkdir(parents=True)
    return publication.model_copy(update={"root": tmp_path})


def with_footer(own: Publication, markup: str) -> Publication:
    """The publication whose footer holds that markup too."""
    assert own.root is not None
    source = read_file(own, FOOTER)
    assert source.count(IMPRINT) == 1
    (own.root / "templates" / FOOTER).write_text(source.replace(IMPRINT, markup + IMPRINT), encoding="utf-8")
    return own


def refused(issue: Issue, own: Publication, markup: str) -> str:
    """The error of a mail whose footer holds that markup."""
    with pytest.raises(RenderError) as caught:
        render(issue, with_footer(own, markup))
    return str(caught.value)


# ---------------------------------------------------------------- the MJML engine


def test_trap_01_attribute_values_are_no_debug_print(issue: Issue, publication: Publication) -> None:
    """A wide space in a title comes out as eight ASCII characters of the engine; in the mail it is itself."""
    title = 'a　b"c\\d'
    assert 'title="a\\u{3000}b"' in bare(TEXT.format('<a href="https://x.example/" title="a　b">x</a>'))
    link = Link("https://x.example/", (Text("字", 8),), 8, title)
    html = page(render(replace(issue, preamble=(paragraph(link),)), publication))
    assert title in [anchor.get("title") for anchor in parse_html(html).iter("a")]


def test_trap_02_unknown_tags_are_refused(issue: Issue, own: Publication) -> None:
    """The engine prints them as they are."""
    assert "<mj-foo" in bare("<mj-foo />")
    assert "<mj-foo> " in refused(issue, own, "<mj-foo />")


def test_trap_03_an_error_names_its_line(issue: Issue, own: Publication) -> None:
    """The engine gives byte offsets or nothing."""
    with pytest.raises(ValueError, match=r"position \d+:\d+$"):
        bare(TEXT.format("<![CDATA[x]]>"))
    message = refused(issue, own, "\n<p><![CDATA[x]]></p>\n")
    line = read_file(own, FOOTER).split("\n").index("<p><![CDATA[x]]></p>") + 1
    assert message.startswith(f"email: templates/{FOOTER}:{line}: CDATA")


def test_trap_04_markup_that_is_not_well_formed_names_its_fault(issue: Issue, own: Publication) -> None:
    """The engine says no more than that it cannot parse."""
    with pytest.raises(ValueError, match=r"unable to parse next template in root template$"):
        bare(TEXT.format("<p class=a>x</p>"))
    assert "AttValue" in refused(issue, own, "<p class=a>x</p>")


def test_trap_05_no_jinja_reaches_the_engine(issue: Issue, own: Publication, publication: Publication) -> None:
    """The engine passes a statement on as text; a template that leaves one is refused, an editor's own stays."""
    assert "{% if x %}" in bare("<mj-section>{% if x %}</mj-section>")
    assert "template marks are left over" in refused(issue, own, "</div></mj-text>{{ '{% if x %}' }}<mj-text><div>")
    html = page(render(replace(issue, preamble=(paragraph("{% if x %}"),)), publication))
    assert "{% if x %}" in html


def test_trap_06_a_comment_may_not_swallow_a_section(issue: Issue, own: Publication) -> None:
    """Opened in one mj-raw and closed in another, raw MJML stands in the engine's output."""
    split = "<mj-raw><!--[if mso]><table></mj-raw><mj-section /><mj-raw></table><![endif]--></mj-raw>"
    assert "<mj-section>" in bare(split)
    assert "a comment swallows MJML" in refused(issue, own, "<!--[if mso]><mj-section /><![endif]-->")


def test_trap_07_features_the_engine_lacks_are_refused(issue: Issue, own: Publication) -> None:
    """A style to be inlined stays in the head, and a gutter changes nothing."""
    html = bare(TEXT.format("<p>x</p>"), '<mj-style inline="inline">p { color: #123456; }</mj-style>')
    assert "#123456" in html.partition("<body")[0]
    assert "#123456" not in html.partition("<body")[2]
    assert bare('<mj-section gutter="10px"><mj-column /></mj-section>') == bare(
        "<mj-section><mj-column /></mj-section>"
    )
    close, reopen = "</div></mj-text></mj-column></mj-section>", "<mj-section><mj-column><mj-text><div>"
    assert "<mj-section> has no attribute gutter" in refused(issue, own, f'{close}<mj-section gutter="9px" />{reopen}')


def test_trap_08_every_picture_has_alt(issue: Issue, own: Publication, artifact: Artifact) -> None:
    """The engine leaves a missing alt missing, where the reference writes an empty one."""
    assert " alt=" not in bare(IN_COLUMN.format('<mj-image src="https://x.example/a.png" width="9px" />'))
    assert "<img> lacks alt" in refused(issue, own, '<img src="https://x.example/a.png" width="9" />')
    assert all(image.get("alt") for image in parse_html(page(artifact)).iter("img"))


def test_trap_09_deep_nesting_never_reaches_the_engine(issue: Issue, own: Publication) -> None:
    """Sixty thousand levels kill a process of the bare engine; here they are an error with a line."""
    deep = "mjml2html('<mjml><mj-body><mj-raw>' + '<div>' * 60000 + '</div>' * 60000 + '</mj-raw></mj-body></mjml>')"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); from mjml import mjml2html; "
    killed = subprocess.run([sys.executable, "-c", limit + deep], capture_output=True, check=False, timeout=60)
    assert killed.returncode < 0
    assert "more than 100 elements" in refused(issue, own, "<div>" * 120 + "</div>" * 120)


def test_trap_10_an_include_that_fails_names_the_template(issue: Issue, own: Publication) -> None:
    """The engine says that it could not load something; Jinja's error names the file and the line."""
    with pytest.raises(ValueError, match=r"unable to load included template in root template at position \d+:\d+"):
        bare("", '<mj-include path="missing.mjml" />')
    message = refused(issue, own, '{% include "email/parts/missing.mjml.j2" %}')
    assert "missing.mjml.j2" in message
    assert "templates/" in message


# ---------------------------------------------------------------- premailer


def test_trap_11_the_doctype_stays(artifact: Artifact) -> None:
    """The engine writes it in small letters, premailer looks for capitals and drops it."""
    made = bare(TEXT.format("x"))
    assert made.startswith("<!doctype html>")
    assert "<!doctype" not in transform(made, allow_network=False).lower()
    assert page(artifact).startswith("<!DOCTYPE html>\n<html")


MEDIA = "@media screen { .a { color: #111111 !important; } }"


def test_trap_12_important_stays(artifact: Artifact, publication: Publication) -> None:
    """premailer strips the mark inside media rules; the mail holds as many as its theme."""
    assert "!important" not in transform(styled(MEDIA), allow_network=False)
    assert inlined(".a { color: #222222 }" + MEDIA).count("!important") >= 1
    assert_important(page(artifact), publication)


def test_trap_13_picture_widths_stay_numbers(artifact: Artifact) -> None:
    """premailer copies a width of 100 % into the attribute, and Outlook shows the picture at its natural size."""
    html = styled("img { width: 100% }", '<img width="300" src="https://x.example/a.png">')
    assert 'width="100%"' in transform(html, allow_network=False)
    widths = [image.get("width") or "" for image in parse_html(page(artifact)).iter("img")]
    assert widths
    assert all(width.isdecimal() for width in widths)


def test_trap_14_nobody_asks_the_network(
    issue: Issue, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """premailer's CSS library looks up the names of imports even with the network forbidden."""
    asked: list[str] = []

    def refuse(host: str, *_: object, **__: object) -> None:
        asked.append(str(host))
        raise OSError(f"no network for {host}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    Premailer(styled("@import url('http://fonts.invalid/a.css'); .a { color: red }"), allow_network=False).transform()
    assert asked
    asked.clear()
    render(issue, publication)
    assert asked == []


def test_trap_15_a_token_is_not_encoded(artifact: Artifact) -> None:
    """Braces and spaces are percent-encoded by premailer; a token without them is kept."""
    assert "{{%20u%20}}" in transform('<p><a href="https://x.example/{{ u }}">x</a></p>', allow_network=False)
    assert 'href="https://unsub.invalid/__UNSUB__"' in page(artifact)


def test_trap_16_no_declaration_vanishes(issue: Issue, own: Publication) -> None:
    """premailer drops a modern colour without a word; in our theme it is an error that names it."""
    css = ".a { color: rgb(0 0 0 / 50%) }"
    assert "rgb" not in Premailer(styled(css), disable_validation=True, allow_network=False).transform()
    assert own.root is not None
    theme = read_file(own, "email/theme.css")
    (own.root / "templates" / "email" / "theme.css").write_text(f"{theme}\n.copy p {{ color: rgb(0 0 0 / 50%); }}\n")
    with pytest.raises(RenderError, match=r"inlining dropped 1 declarations.*\.copy p \{ color: rgb"):
        render(issue, own)


def test_trap_17_a_nested_at_rule_stops_nothing(issue: Issue, own: Publication) -> None:
    """premailer's defaults raise an AttributeError; the mail is made, and rule EML021 refuses it."""
    nested = "@media screen { @media (min-width: 1px) { .copy { color: #111111 !important; } } }"
    with pytest.raises(AttributeError):
        Premailer(styled(nested), allow_network=False).transform()
    assert own.root is not None
    theme = read_file(own, "email/theme.css")
    (own.root / "templates" / "email" / "theme.css").write_text(theme + nested, encoding="utf-8")
    assert page(render(issue, own)).count("min-width: 1px") + page(render(issue, own)).count("min-width:1px") == 1


def test_trap_18_no_control_character_passes(issue: Issue, publication: Publication) -> None:
    """premailer passes them on; one of them makes Gmail cut the mail."""
    assert "\x01" in Premailer("<p>a\x01b</p>", allow_network=False).transform()
    made = render(replace(issue, preamble=(paragraph("甲\x01乙\x92丙"),)), publication)
    assert "甲乙丙" in page(made)
    assert not [char for char in page(made) if (ord(char) < 0x20 and char != "\n") or 0x7F <= ord(char) <= 0x9F]


def test_trap_19_reset_rules_are_not_inlined(artifact: Artifact) -> None:
    """By itself premailer writes the engine's resets into every element: a fifth more bytes."""
    made = bare("".join(TEXT.format("<p>x</p>") for _ in range(20)))
    everywhere = transform(made, strip_important=False, keep_style_tags=True, allow_network=False)
    assert len(everywhere) > len(made) * 1.1
    assert "mso-table-lspace" in everywhere.partition("<body")[2]
    assert "mso-table-lspace" not in page(artifact).partition("<body")[2]
    assert "data-premailer" not in page(artifact)


def test_trap_20_nothing_is_pretty_printed(artifact: Artifact) -> None:
    """White space between elements shows as gaps in mail programs."""
    html = "<html><body><table><tr><td>x</td><td>y</td></tr></table></body></html>"
    assert "</td>\n" in Premailer(html, allow_network=False).transform()
    assert "</td>\n<td" not in page(artifact)


# ---------------------------------------------------------------- the marks of a naive renderer, in real issues


def assert_no_marks(issue: Issue, publication: Publication) -> None:
    """None of what a plain chain of the same tools would leave in this issue's mail."""
    html = page(render(issue, publication))
    root = parse_html(html)
    assert html.startswith("<!DOCTYPE html>")
    assert "<mj-" not in html
    assert "data-premailer" not in html
    words = every_string(issue, publication)
    for element in root.iter():
        for value in element.attrib.values():
            mark = RUST_MARK.search(value)
            assert mark is None or mark.group() in words, value
    assert all((image.get("width") or "").isdecimal() for image in root.iter("img"))
    assert_important(html, publication)


def assert_important(html: str, publication: Publication) -> None:
    """Every rule under a media query of the theme keeps its mark: without it an inline style would win."""
    theme = declarations(read_file(publication, "email/theme.css"))
    own = {"".join(rule.condition.split()) for rule in theme if rule.condition and rule.important}
    kept = [rule for style in parse_html(html).iter("style") for rule in declarations(style.text or "")]
    ours = [rule for rule in kept if "".join(rule.condition.split()) in own]
    assert len(ours) > 20
    assert [rule for rule in ours if not rule.important] == []


def test_no_issue_of_the_publication_shows_a_mark(root: Path) -> None:
    """Everything under content/."""
    publication = find_publication(root)
    assert publication is not None
    paths = sorted((root / "content" / "issues").glob("*/issue.md"))
    assert paths
    for path in paths:
        assert_no_marks(read_issue(path, publication).issue, publication)


def test_no_issue_of_other_editors_shows_a_mark(corpus: list[Path], publication: Publication) -> None:
    """Everything that lies beside the checkout."""
    for path in corpus:
        assert_no_marks(read(decode(path.read_bytes(), path.name), path.name).issue, publication)


def test_an_issue_full_of_marks_shows_its_own(publication: Publication, issue: Issue) -> None:
    """Characters that the engine would print as escapes stand in titles, addresses and alt texts as they are."""
    words = '引“号”　「全角」\u00a0❤\ufe0f 👩\u200d💻 C:\\new\\table "q"'
    link = Link("https://x.example/a%20b?c=%E4%B8%AD", (Text(words, 9),), 9, words)
    picture = Image("https://x.example/a.png", words, 9)
    html = page(render(replace(issue, title=words, preamble=(paragraph(link, picture, line=9),)), publication))
    root = parse_html(html)
    assert words in [anchor.get("title") for anchor in root.iter("a")]
    assert words in [image.get("alt") for image in root.iter("img")]
    assert root.findtext("head/title") == words
