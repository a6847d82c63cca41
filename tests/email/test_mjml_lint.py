"""Bad MJML: what the engine takes in silence, or refuses without a place, gets one message with line, text and cure.

The table holds a template for each mistake; beside it stands what the engine alone would do with it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from mjml import mjml2html

from kanfa.email import mjml
from kanfa.email.checks import check
from kanfa.email.limits import MAX_MJML_CHARS
from kanfa.email.mjml_lint import faults
from kanfa.email.render import render
from kanfa.errors import RenderError
from kanfa.issue.model import Issue
from kanfa.publication import Publication
from kanfa.templating import read_file

FRAME = """<mjml lang="zh-CN" dir="ltr">
<mj-head><mj-title>题</mj-title>
{head}
</mj-head><mj-body>
{body}
</mj-body></mjml>"""
HEAD_LINE, BODY_LINE = 3, 5
"""Where a one-line fault stands in FRAME."""


def column(content: str) -> str:
    return f"<mj-section><mj-column>{content}</mj-column></mj-section>"


def text(content: str) -> str:
    return column(f"<mj-text>{content}</mj-text>")


IN_SILENCE: dict[str, tuple[str, str]] = {
    # --- components and where they stand
    "unknown component": ("<mj-foo />", "<mj-foo> is not allowed: no component of that name"),
    "misspelt component": (column("<mj-txt>x</mj-txt>"), "<mj-txt> is not allowed"),
    "accordion": (column("<mj-accordion />"), "<mj-accordion> is not allowed: its output differs most"),
    "carousel": (column("<mj-carousel />"), "<mj-carousel> is not allowed: its output differs most"),
    "hero": ("<mj-hero />", "<mj-hero> is not allowed: its output differs most"),
    "navbar with a fixed id": (column("<mj-navbar />"), "<mj-navbar> is not allowed: its output differs most"),
    "text without a column": (
        "<mj-section><mj-text>x</mj-text></mj-section>",
        "<mj-text> must not stand in <mj-section>",
    ),
    "text in text": (text("<mj-text>x</mj-text>"), "<mj-text> must not stand in <mj-text>"),
    "column in column": (column("<mj-column></mj-column>"), "<mj-column> must not stand in <mj-column>"),
    "section in section": ("<mj-section><mj-section /></mj-section>", "<mj-section> must not stand in <mj-section>"),
    "section in column": (column("<mj-section />"), "<mj-section> must not stand in <mj-column>"),
    "column without a section": ("<mj-column></mj-column>", "<mj-column> must not stand in <mj-body>"),
    "wrapper in wrapper": ("<mj-wrapper><mj-wrapper /></mj-wrapper>", "<mj-wrapper> must not stand in <mj-wrapper>"),
    "button in text": (
        text('<mj-button href="https://x.example/">x</mj-button>'),
        "<mj-button> must not stand in <mj-text>",
    ),
    "text in table": (column("<mj-table><mj-text>x</mj-text></mj-table>"), "<mj-text> must not stand in <mj-table>"),
    "words in a section": ("<mj-section>words</mj-section>", "text directly in <mj-section>: “words”"),
    "words in the body": ("words", "text directly in <mj-body>: “words”"),
    "Jinja in a section": ("<mj-section>{% if x %}</mj-section>", "text directly in <mj-section>: “{% if x %}”"),
    # --- attributes the engine ignores
    "unknown attribute": (column('<mj-text colour="#ffffff">x</mj-text>'), "<mj-text> has no attribute colour"),
    "gutter": ('<mj-section gutter="10px" />', "<mj-section> has no attribute gutter"),
    "sizes": (
        column('<mj-image src="https://x.example/a.png" alt="" width="9px" sizes="1" />'),
        "<mj-image> has no attribute sizes",
    ),
    "raw at the start of the file": ('<mj-raw position="file-start"></mj-raw>', "<mj-raw> has no attribute position"),
    # --- values of the wrong type
    "colour that is none": ('<mj-section background-color="rot" />', "wants a colour of six hex digits, not “rot”"),
    "short colour": (column('<mj-text color="#fff">x</mj-text>'), "wants a colour of six hex digits, not “#fff”"),
    "modern colour": (column('<mj-text color="rgb(0 0 0 / 50%)">x</mj-text>'), "wants a colour of six hex digits"),
    "padding in em": ('<mj-section padding="1em" />', "wants a list of one to four px lengths, not “1em”"),
    "padding in percent": ('<mj-section padding="5%" />', "wants a list of one to four px lengths, not “5%”"),
    "length without px": (
        column('<mj-text font-size="16">x</mj-text>'),
        "<mj-text font-size> wants a length in px, not “16”",
    ),
    "size in rem": (column('<mj-text font-size="1rem">x</mj-text>'), "<mj-text font-size> wants a length in px"),
    "percent where px is": (column('<mj-spacer height="5%" />'), "<mj-spacer height> wants a length in px, not “5%”"),
    "alignment that is none": (
        column('<mj-text align="centre">x</mj-text>'),
        "<mj-text align> wants a align, not “centre”",
    ),
    "font without a generic family": (
        column('<mj-text font-family="PingFang SC">x</mj-text>'),
        "wants a font list that ends in a generic family",
    ),
    "class in capitals": ('<mj-section css-class="Card" />', "<mj-section css-class> wants a class list, not “Card”"),
    "border without a colour": ('<mj-section border-top="1px solid" />', "wants a border, not “1px solid”"),
    "picture wider than the mail": (
        column('<mj-image src="https://x.example/a.png" alt="" width="900px" />'),
        "<mj-image width> is “900px”, wider than the mail",
    ),
    "columns over 100 %": (
        '<mj-section><mj-column width="70%"></mj-column><mj-column width="40%"></mj-column></mj-section>',
        "the columns of this <mj-section> are 110 % wide together",
    ),
    "value left empty": (column('<mj-text color="">x</mj-text>'), "wants a colour of six hex digits, not “”"),
    # --- what must be there
    "picture without alt": (column('<mj-image src="https://x.example/a.png" width="9px" />'), "<mj-image> lacks alt"),
    "picture without width": (column('<mj-image src="https://x.example/a.png" alt="" />'), "<mj-image> lacks width"),
    "picture in text without alt": (text('<img src="https://x.example/a.png" width="9" />'), "<img> lacks alt"),
    "picture in percent": (
        text('<img src="https://x.example/a.png" alt="" width="50%" />'),
        "<img width> wants a whole number, not “50%”",
    ),
    "picture by a relative address": (
        text('<img src="images/a.png" alt="" width="9" />'),
        "<img src> wants a picture's address, not “images/a.png”",
    ),
    "component's picture by a relative address": (
        column('<mj-image src="images/a.png" alt="" width="9px" />'),
        "<mj-image src> wants a web address, not “images/a.png”",
    ),
    "button without an address": (column("<mj-button>x</mj-button>"), "<mj-button> lacks href"),
    "link without an address": (text("<a>x</a>"), "<a> lacks href"),
    # --- markup that mail programs refuse or move
    "script": (text("<script>x</script>"), "<script> is not allowed in mail"),
    "iframe": (text('<iframe src="https://x.example/" />'), "<iframe> is not allowed in mail"),
    "form": (text("<form><input /></form>"), "<form> is not allowed in mail"),
    "vector drawing": (text("<svg><path /></svg>"), "<svg> is not allowed in mail"),
    "video": (text("<video />"), "<video> is not allowed in mail"),
    "element outside text": (column("<p>x</p>"), "<p> must not stand in <mj-column>"),
    "event handler": (text('<p onclick="x">x</p>'), "<p> has no attribute onclick"),
    "script as address": (
        text('<a href="javascript:alert(1)">x</a>'),
        "<a href> leads nowhere from a mail: “javascript:",
    ),
    "data as address": (text('<a href="data:text/html,x">x</a>'), "<a href> leads nowhere from a mail: “data:"),
    "relative address": (text('<a href="/archive/">x</a>'), "<a href> leads nowhere from a mail: “/archive/”"),
    "address without its scheme": (text('<a href="//x.example/">x</a>'), "<a href> leads nowhere from a mail: “//x"),
    "button with a relative address": (
        column('<mj-button href="/a">x</mj-button>'),
        "<mj-button href> wants a address",
    ),
    "cell without a row": (text("<table><td>x</td></table>"), "<td> must not stand in <table>"),
    "paragraph between rows": (text("<table><p>x</p></table>"), "<p> must not stand in <table>"),
    "words between cells": (text("<table><tr>x</tr></table>"), "text directly in <tr>: “x”"),
    "item without a list": (text("<li>x</li>"), "<li> must not stand in <mj-text>"),
    "cell's colour by name": (text('<table><tr><td bgcolor="red">x</td></tr></table>'), "<td bgcolor> wants a colour"),
    "style that does not parse": (text('<p style="color">x</p>'), "<p style> does not parse: “color”"),
    "meta in the text": (text('<meta name="a" content="b" />'), "<meta> must not stand in <mj-text>"),
    # --- comments for Outlook
    "comment never closed by its mark": (
        "<mj-raw><!--[if mso]><b>x</b>--></mj-raw>",
        "a conditional comment is not closed by <![endif]",
    ),
    "comment over two raws": (
        "<mj-raw><!--[if mso]><table><tr><td></mj-raw><mj-section /><mj-raw></td></tr></table><![endif]--></mj-raw>",
        "a comment swallows MJML",
    ),
    "comment that swallows a section": (
        "<mj-raw><!--[if mso]><mj-section /><![endif]--></mj-raw>",
        "a comment swallows MJML",
    ),
    "not-mso without its partner": (
        "<mj-raw><!--[if !mso]><!--><b>x</b></mj-raw>",
        "<!--[if !mso]><!--> is not closed by <!--<![endif]-->",
    ),
    "partner without its not-mso": (
        "<mj-raw><b>x</b><!--<![endif]--></mj-raw>",
        "<!--<![endif]--> closes a comment that this element does not open",
    ),
    "unknown condition": ("<mj-raw><!--[if outlook]><b>x</b><![endif]--></mj-raw>", "unknown condition [if outlook]"),
    "attribute without a value": (text("<p hidden>x</p>"), "no well-formed markup: Specification mandates value"),
    "bold over two paragraphs": (text("<p><b>x</p></b>"), "no well-formed markup: Opening and ending tag mismatch"),
    "nested too deeply": (text("<div>" * 120 + "</div>" * 120), "more than 100 elements within one another"),
}
"""The body of a template, and its one message. The engine makes a mail of each without a word."""

HEADS_IN_SILENCE: dict[str, tuple[str, str]] = {
    "style to be inlined": ('<mj-style inline="inline">p {}</mj-style>', "<mj-style> has no attribute inline"),
    "web font": ('<mj-font name="a" href="https://x.example/a.css" />', "<mj-font> is not allowed: web fonts"),
    "white preview text": ("<mj-preview>x</mj-preview>", "<mj-preview> is not allowed: its white text"),
    "style sheet from the web": (
        "<mj-style>@import 'https://x.example/a.css';</mj-style>",
        "@import in a style block",
    ),
    "style block that does not parse": (
        "<mj-style>p { color: #111111 } }</mj-style>",
        "the style block does not parse",
    ),
    "breakpoint without px": ('<mj-breakpoint width="480" />', "<mj-breakpoint width> wants a length in px, not “480”"),
    "two titles": ("<mj-title>x</mj-title>", "a second <mj-title>"),
}
"""The same for what stands in the head."""

WITHOUT_A_PLACE: dict[str, tuple[str, str]] = {
    "unquoted attribute": (text("<p class=a>x</p>"), "no well-formed markup: AttValue"),
    "paragraph never closed": (text("<p>x"), "no well-formed markup: Opening and ending tag mismatch"),
    "lone less-than": (text("a < b"), "no well-formed markup: StartTag: invalid element name"),
    "two hyphens in a comment": (text("<!-- a -- b -->"), "no well-formed markup: Double hyphen within comment"),
    "CDATA": (text("<![CDATA[x]]>"), "CDATA is not understood by the engine"),
    "table for Outlook never closed": (
        "<mj-raw><!--[if mso]><table><tr><td>x</td></tr><![endif]--></mj-raw>",
        "the comments for Outlook do not balance: <table> has no partner",
    ),
    "table for Outlook closed twice": (
        "<mj-raw><!--[if mso]><table></table></table><![endif]--></mj-raw>",
        "the comments for Outlook do not balance: </table> has no partner",
    ),
    "processing instruction": (text("<?php x ?>"), "entities and processing instructions are not understood"),
}
"""The engine refuses these, with an offset or less; and so do we, with the line."""

MISTAKES = {**IN_SILENCE, **WITHOUT_A_PLACE}


def refusal(source: str, publication: Publication | None = None) -> str:
    """The one message about faulty MJML."""
    with pytest.raises(RenderError) as caught:
        mjml.lint(mjml.parse(source, publication), source, publication)
    return str(caught.value)


def assert_refused(source: str, line: int, words: str) -> None:
    """One fault, its words, its line, the line itself and a cure."""
    message = refusal(source)
    assert f"line {line} of its output: " in message
    assert words in message
    _, shown, cure = message.split("\n")
    assert shown.strip().lstrip("…") in source
    assert cure.startswith("    cure: ")
    try:
        root = mjml.parse(source)
    except RenderError:
        return
    assert len(list(faults(root))) == 1


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_in_a_body_has_one_message(name: str) -> None:
    """The line is the mistake's own, and it is shown."""
    body, words = MISTAKES[name]
    assert_refused(FRAME.format(head="", body=body), BODY_LINE, words)


@pytest.mark.parametrize("name", HEADS_IN_SILENCE)
def test_each_mistake_in_a_head_has_one_message(name: str) -> None:
    """The same for heads."""
    head, words = HEADS_IN_SILENCE[name]
    assert_refused(FRAME.format(head=head, body=text("x")), HEAD_LINE, words)


@pytest.mark.parametrize("name", IN_SILENCE)
def test_the_engine_makes_a_mail_of_a_bad_body_without_a_word(name: str) -> None:
    """When an upgrade of the engine refuses one of these itself, this says so."""
    assert "<html" in mjml2html(FRAME.format(head="", body=IN_SILENCE[name][0]), fonts={})


@pytest.mark.parametrize("name", HEADS_IN_SILENCE)
def test_the_engine_makes_a_mail_of_a_bad_head_without_a_word(name: str) -> None:
    """The same for heads."""
    assert "<html" in mjml2html(FRAME.format(head=HEADS_IN_SILENCE[name][0], body=text("x")), fonts={})


@pytest.mark.parametrize("name", WITHOUT_A_PLACE)
def test_the_engine_refuses_without_naming_a_line(name: str) -> None:
    """Its messages hold an offset in bytes at most, and no word of the template."""
    with pytest.raises(ValueError, match="in root template") as caught:
        mjml2html(FRAME.format(head="", body=WITHOUT_A_PLACE[name][0]), fonts={})
    assert "line" not in str(caught.value)


DOCUMENTS: dict[str, tuple[str, str]] = {
    "another root": ("<html><body></body></html>", "the root is <html>, not <mjml>"),
    "no language": ('<mjml dir="ltr"><mj-head><mj-title>x</mj-title></mj-head><mj-body /></mjml>', "<mjml> lacks lang"),
    "two bodies": (FRAME.format(head="", body="").replace("</mjml>", "<mj-body /></mjml>"), "a second <mj-body>"),
    "two heads": (
        FRAME.format(head="", body="").replace("<mj-body>", "<mj-head /><mj-body>"),
        "a second <mj-head>",
    ),
    "head behind the body": (
        '<mjml lang="en" dir="ltr"><mj-body /><mj-head><mj-title>x</mj-title></mj-head></mjml>',
        "<mj-head> stands behind <mj-body>",
    ),
    "no body": (
        '<mjml lang="en" dir="ltr"><mj-head><mj-title>x</mj-title></mj-head></mjml>',
        "<mjml> holds no <mj-body>",
    ),
    "no title": ('<mjml lang="en" dir="ltr"><mj-head></mj-head><mj-body /></mjml>', "<mj-head> holds no <mj-title>"),
    "empty title": (
        '<mjml lang="en" dir="ltr"><mj-head><mj-title> </mj-title></mj-head><mj-body /></mjml>',
        "<mj-title> is empty",
    ),
    "include": (FRAME.format(head='<mj-include path="../../etc/passwd" />', body=""), "use Jinja's include"),
    "html attributes": (FRAME.format(head="<mj-html-attributes />", body=""), "the engine does not know it"),
    "document type": ("<!DOCTYPE mjml>" + FRAME.format(head="", body=""), "a doctype"),
    "attribute given twice": (
        FRAME.format(head="", body='<mj-section padding="1px" padding="2px" />'),
        "Attribute padding redefined",
    ),
    "no end": (FRAME.format(head="", body="").removesuffix("</mjml>"), "no well-formed markup"),
    "comment for Outlook without an end": (
        FRAME.format(head="", body="<mj-raw><!--[if mso]>x</mj-raw>"),
        "no well-formed markup: Comment not terminated",
    ),
    "element of 60,000 levels": (text("<div>" * 60_000), "no well-formed markup"),
}
"""Whole templates."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_mistake_in_a_document_has_one_message(name: str) -> None:
    """Whatever concerns the template as a whole."""
    source, words = DOCUMENTS[name]
    message = refusal(source)
    assert words in message
    assert "\n    cure: " in message
    if "well-formed" not in message and "redefined" not in message:
        assert len(list(faults(mjml.parse(source)))) == 1


def test_a_template_of_any_length_is_refused_before_the_engine_sees_it() -> None:
    """Two million characters are twenty times what Gmail shows."""
    assert f"at most {MAX_MJML_CHARS}" in refusal(" " * (MAX_MJML_CHARS + 1))


def test_the_table_is_as_long_as_it_says() -> None:
    """Nobody shortens it unnoticed."""
    assert len(MISTAKES) + len(HEADS_IN_SILENCE) + len(DOCUMENTS) >= 90


def test_good_markup_has_no_fault() -> None:
    """What our own templates use passes: raws with comments in pairs, lists, tables, columns of 100 %."""
    raw = (
        "<mj-raw><!--[if mso]><table><tr><td><![endif]--></mj-raw>"
        '<mj-section><mj-column width="60%"><mj-text><ul><li>x</li></ul><table><tr><td>x</td></tr></table>'
        '<a href="mailto:a@x.example">x</a></mj-text></mj-column><mj-column width="40%"></mj-column></mj-section>'
        "<mj-raw><!--[if mso]></td></tr></table><![endif]--><!--[if !mso]><!--><b>x</b><!--<![endif]--></mj-raw>"
    )
    source = FRAME.format(head='<mj-attributes><mj-all color="#111111" /></mj-attributes>', body=raw)
    assert list(faults(mjml.parse(source))) == []


# ---------------------------------------------------------------- in a publication's own templates


@pytest.fixture
def own(publication: Publication, tmp_path: Path) -> Publication:
    """A publication with a templates folder of its own."""
    (tmp_path / "templates" / "email" / "parts").mkdir(parents=True)
    return publication.model_copy(update={"root": tmp_path})


def override(own: Publication, name: str, old: str, new: str) -> int:
    """Change one line of a built-in template in the publication's own copy; the 1-based line."""
    assert own.root is not None
    source = read_file(own, name)
    assert source.count(old) == 1
    (own.root / "templates" / name).write_text(source.replace(old, new), encoding="utf-8")
    return source[: source.find(old)].count("\n") + 1


FOOTER = "email/parts/footer.mjml.j2"
BEFORE_IMPRINT = "{% if imprint %}"


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ('<img src="https://x.example/a.png" width="9" />\n{% if imprint %}', "<img> lacks alt"),
        ("<script>x</script>\n{% if imprint %}", "<script> is not allowed in mail"),
        ("<p>{{ publication.name }}\n{% if imprint %}", "no well-formed markup"),
    ],
)
def test_a_fault_names_file_and_line_of_the_template(issue: Issue, own: Publication, new: str, words: str) -> None:
    """The editor of a template is told where it stands, not only what came out of it."""
    line = override(own, FOOTER, BEFORE_IMPRINT, new)
    with pytest.raises(RenderError) as caught:
        render(issue, own)
    message = str(caught.value)
    assert words in message
    if "well-formed" not in words:
        assert message.startswith(f"email: templates/{FOOTER}:{line}: ")
        assert new.split("\n")[0] in message


@pytest.mark.parametrize(
    ("new", "rule"),
    [
        (
            '<p><img src="http://x.example/a.png" alt="一枚印章" width="9" style="border:0;height:auto" /></p>'
            "{% if imprint %}",
            "EML046",
        ),
        (
            "<table role='presentation' border='0' cellpadding='0' cellspacing='0'><tr><td>" * 9
            + "x"
            + "</td></tr></table>" * 9
            + "{% if imprint %}",
            "EML043",
        ),
        ('<p style="font-size:9px">x</p>{% if imprint %}', "EML034"),
        ('<p><a href="https://x.example/">https://y.example/</a></p>{% if imprint %}', "EML056"),
    ],
    ids=["picture without https", "nine tables within one another", "small print", "link in disguise"],
)
def test_what_passes_the_lint_is_found_in_the_mail(issue: Issue, own: Publication, new: str, rule: str) -> None:
    """Values that an issue may bring along too are no faults of a template: the checks of the mail find them."""
    override(own, FOOTER, BEFORE_IMPRINT, new)
    before = [finding.rule.id for finding in check(render(issue, own.model_copy(update={"root": None})), issue, own)]
    found = [finding.rule.id for finding in check(render(issue, own), issue, own)]
    assert sorted(found) == sorted([*before, rule])
