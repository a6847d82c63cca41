"""Each trap of the tools (MJML engine, premailer, Python's email package) has a test named after its cure."""

from __future__ import annotations

import random
import socket
import threading
import unicodedata
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import etree

from kanfa.email import inline, mjml
from kanfa.email.dom import parse_html
from kanfa.email.headers import mail_policy
from kanfa.email.limits import MAX_MJML_CHARS
from kanfa.email.message import bodies, build_message, parse_message
from kanfa.email.render import render
from kanfa.email.theme import declarations, lost, split
from kanfa.errors import RenderError
from kanfa.formats import Artifact
from kanfa.issue.model import Image, Issue, Link, Paragraph, Text
from kanfa.publication import EmailSettings, Publication

FRAME = '<mjml lang="zh-CN" dir="ltr"><mj-head><mj-title>题</mj-title>{head}</mj-head><mj-body>{body}</mj-body></mjml>'
TEXT = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
IN_COLUMN = "<mj-section><mj-column>{}</mj-column></mj-section>"


def converted(body: str, head: str = "") -> str:
    """MJML through the lint, the safe writing and the engine."""
    source = FRAME.format(head=head, body=body)
    root = mjml.parse(source)
    mjml.lint(root, source)
    return mjml.to_html(mjml.serialise(root))


def refusal(body: str, head: str = "") -> str:
    """What the lint says about faulty MJML."""
    with pytest.raises(RenderError) as caught:
        converted(body, head)
    return str(caught.value)


# ---------------------------------------------------------------- the MJML engine


def test_t1_attribute_values_survive_the_engine() -> None:
    """Quotes, backslashes, line ends, wide spaces, emoji and joiners come out of an attribute as they went in."""
    value = "a\"b\\c\n\t\u3000\u00a0 ❤\ufe0f 👩\u200d💻 e\u0301 \u200b\u2028\ue000\u3164 <&>'{{ 7*7 }}"
    root = mjml.parse(FRAME.format(head="", body=TEXT.format('<a href="https://x.example/" title="T">x</a>')))
    next(root.iter("a")).set("title", value)
    back = parse_html(mjml.to_html(mjml.serialise(root)))
    assert next(back.iter("a")).get("title") == value


def test_t1_every_assigned_character_survives_the_engine() -> None:
    """All assigned characters of the first plane, in one attribute."""
    letters = [chr(code) for code in range(0x20, 0xFFFE) if unicodedata.category(chr(code)) not in {"Cc", "Cn", "Cs"}]
    value = "".join(letters)
    root = mjml.parse(FRAME.format(head="", body=TEXT.format('<a href="https://x.example/" title="T">x</a>')))
    next(root.iter("a")).set("title", value)
    assert next(parse_html(mjml.to_html(mjml.serialise(root))).iter("a")).get("title") == value


def test_t1_the_title_survives_as_label_of_the_wrapper() -> None:
    """The engine copies mj-title into aria-label, so the title is written as safely as an attribute."""
    source = FRAME.replace("题", 'Say "hi"\\now　👩\u200d💻 &lt;b&gt;').format(head="", body=TEXT.format("x"))
    root = parse_html(mjml.to_html(mjml.serialise(mjml.parse(source))))
    assert next(root.iter("div")).get("aria-label") == 'Say "hi"\\now　👩\u200d💻 <b>' == root.findtext("head/title")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<mj-foo />", "<mj-foo> is not allowed"),
        ("<mj-section><mj-text>x</mj-text></mj-section>", "<mj-text> must not stand in <mj-section>"),
        (
            "<mj-section><mj-column><mj-text colour='#ffffff'>x</mj-text></mj-column></mj-section>",
            "no attribute colour",
        ),
        ("<mj-section background-color='rot' />", "wants a colour of six hex digits, not “rot”"),
        ("<mj-section padding='1em' />", "wants a list of one to four px lengths"),
        (TEXT.format("<script>x</script>"), "<script> is not allowed"),
        (TEXT.format("<p onclick='x'>x</p>"), "<p> has no attribute onclick"),
        ("<mj-section>text</mj-section>", "text directly in <mj-section>"),
    ],
)
def test_t2_what_the_engine_would_accept_in_silence_is_refused(body: str, words: str) -> None:
    """Unknown tags, misplaced tags, unknown attributes and bad values name themselves and their line."""
    message = refusal(body)
    assert words in message
    assert "line 1 of its output" in message


def test_t2_the_engine_raises_no_warning_on_our_template(issue: Issue, publication: Publication) -> None:
    """The same engine in another package reports warnings; a whole issue gives none."""
    mrml = pytest.importorskip("mrml")
    from kanfa.email import render as module
    from kanfa.email.images import pictures
    from kanfa.email.writer import EmailWriter

    writer = EmailWriter(issue, publication, pictures(issue))
    source = module.email_mjml(issue, publication, writer, module.look_of(publication))
    assert mrml.to_html(mjml.serialise(mjml.parse(source))).warnings == []


def test_t3_engine_errors_name_line_and_source_line() -> None:
    """Byte offsets of the engine are turned into a line, also after characters of several bytes."""
    with pytest.raises(RenderError, match=r"line 3 of its output: .*unexpected") as caught:
        mjml.to_html("<mjml>\n<!-- 中文 -->\n<mj-head><b></mj-head></mjml>")
    assert str(caught.value).endswith("\n    <mj-head><b></mj-head></mjml>")


@pytest.mark.parametrize("body", ["<p a=b>x</p>", "<p>x", "a < b", "<!-- a -- b -->", "<![CDATA[x]]>&nbsp;"], ids=repr)
def test_t4_markup_that_is_not_well_formed_is_refused_with_its_line(body: str) -> None:
    """What the engine cannot parse never reaches it."""
    with pytest.raises(RenderError, match="line 2 of its output: no well-formed markup"):
        mjml.parse("<mjml>\n" + body + "</mjml>")


def test_t5_template_marks_of_the_editor_are_text(issue: Issue, publication: Publication) -> None:
    """Jinja runs before MJML and never over an editor's text."""
    words = "{{ 7*7 }} {% raw %} <mj-raw> {# c #}"
    made = render(replace(issue, preamble=(Paragraph((Text(words, 8),), 8),)), publication)
    root = parse_html(made.files["email.html"].decode())
    assert words in "".join(root.itertext())
    assert words in made.files["email.txt"].decode()


def test_t6_a_conditional_comment_must_end_where_it_began() -> None:
    """A comment for Outlook that swallows MJML, or is never closed, is refused."""
    assert "swallows MJML" in refusal("<mj-raw><!--[if mso]><mj-section /><![endif]--></mj-raw>")
    assert "not closed by <![endif]" in refusal("<mj-raw><!--[if mso]><b>x</b>--></mj-raw>")
    assert "not closed by <!--<![endif]-->" in refusal("<mj-raw><!--[if !mso]><!--><b>x</b></mj-raw>")


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("", '<mj-style inline="inline">p {}</mj-style>'),
        ("", "<mj-html-attributes />"),
        ('<mj-section gutter="10px" />', ""),
        (IN_COLUMN.format("<mj-image src='https://x.example/a' alt='' width='9px' sizes='1' />"), ""),
        ("", '<mj-raw position="file-start"></mj-raw>'),
    ],
)
def test_t7_features_the_engine_lacks_are_refused(body: str, head: str) -> None:
    """Inline styles, html attributes, gutters, sizes and file-start are not in the allow-list."""
    assert refusal(body, head)


def test_t8_a_picture_without_alt_is_refused() -> None:
    """The engine leaves a missing alt missing."""
    assert "<mj-image> lacks alt" in refusal(IN_COLUMN.format('<mj-image src="https://x/a.png" width="9px" />'))
    assert "<img> lacks alt" in refusal(TEXT.format('<img src="https://x/a.png" width="9" />'))


def test_t9_nesting_and_size_are_capped_before_the_engine() -> None:
    """Deep nesting kills the process of the engine; it is refused with a line, in a thread as well."""
    deep = TEXT.format("<div>" * 120 + "x" + "</div>" * 120)
    errors: list[str] = []
    thread = threading.Thread(target=lambda: errors.append(refusal(deep)))
    thread.start()
    thread.join()
    assert "more than 100 elements within one another" in errors[0]
    with pytest.raises(RenderError, match="no well-formed markup"):
        mjml.parse(TEXT.format("<div>" * 60_000 + "</div>" * 60_000))
    with pytest.raises(RenderError, match=f"at most {MAX_MJML_CHARS}"):
        mjml.parse("x" * (MAX_MJML_CHARS + 1))


def test_t10_includes_are_jinja_and_name_the_template(issue: Issue, publication: Publication, tmp_path: Path) -> None:
    """mj-include is refused; an error in an included template names that template."""
    assert "use Jinja's include" in refusal("", '<mj-include path="../../etc/passwd" />')
    parts = tmp_path / "templates" / "email" / "parts"
    parts.mkdir(parents=True)
    (parts / "footer.mjml.j2").write_text("{{ nothing_of_that_name }}", encoding="utf-8")
    with pytest.raises(RenderError, match="nothing_of_that_name"):
        render(issue, publication.model_copy(update={"root": tmp_path}))


# ---------------------------------------------------------------- premailer

MEDIA = "@media screen and (max-width: 480px) { .a { color: #111111 !important; } }"


def test_t11_the_mail_keeps_its_doctype(artifact: Artifact) -> None:
    """premailer drops a doctype in small letters; quirks mode follows."""
    assert artifact.files["email.html"].startswith(b"<!DOCTYPE html>\n<html ")


def inlined(css: str, body: str = '<p class="a">x</p>') -> str:
    """A small mail with that theme."""
    theme = split(css)
    styles = "".join(f"<mj-style>{part}</mj-style>" for part in (theme.light, theme.media, theme.risky) if part)
    return inline.inlined(converted(TEXT.format(body), styles), theme)


def test_t12_important_stays_in_media_rules(artifact: Artifact) -> None:
    """Columns work on phones only while !important stands in the media rules."""
    assert (
        lost(
            MEDIA, "\n".join(style.text for style in parse_html(inlined(".a { color: #222222 }" + MEDIA)).iter("style"))
        )
        == []
    )
    sheets = [style.text or "" for style in parse_html(artifact.files["email.html"].decode()).iter("style")]
    assert sum(rule.important for sheet in sheets for rule in declarations(sheet)) > 50


def test_t13_picture_widths_stay_whole_numbers(artifact: Artifact) -> None:
    """premailer would copy width:100% from the style into the attribute."""
    images = list(parse_html(artifact.files["email.html"].decode()).iter("img"))
    assert [image.get("width") for image in images] == ["600", "32", "536", "62", "41"]


def test_t14_nothing_asks_the_network(issue: Issue, publication: Publication, monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection and no look-up of a name, even while the theme is parsed."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    html = render(issue, publication).files["email.html"].decode()
    assert "@import" not in html
    assert "fonts.googleapis" not in html


def test_t15_tokens_and_queries_survive_inlining() -> None:
    """A token inside a real address is kept exactly, the query string too."""
    address = "https://unsub.invalid/__UNSUB__?a=1&b=%E4%B8%AD"
    html = inlined(".a { color: #222222 }", f'<a class="a" href="{address.replace("&", "&amp;")}">x</a>')
    assert next(parse_html(html).iter("a")).get("href") == address
    assert "__UNSUB__?a=1&amp;b=%E4%B8%AD" in html


@pytest.mark.parametrize("other", ["", "p { color: #111111 }"], ids=["alone", "hidden by another rule"])
def test_t16_a_declaration_lost_in_inlining_is_an_error(other: str) -> None:
    """The CSS parser drops modern values without a word; the comparison does not."""
    with pytest.raises(RenderError, match=r"inlining dropped 1 declarations, first \.a \{ color: "):
        inlined(other + ".a { color: rgb(0 0 0 / 50%); margin: 0 }")


def test_t16_every_declaration_of_the_theme_reaches_the_mail() -> None:
    """The parts of the theme that stay in the head are compared declaration by declaration."""
    assert lost(MEDIA, MEDIA.replace(" !important", "")) == declarations(MEDIA)
    assert lost(MEDIA, MEDIA) == []


def test_t17_a_nested_at_rule_does_not_stop_rendering_and_is_a_finding(
    issue: Issue, publication: Publication, tmp_path: Path
) -> None:
    """premailer raises on nested rules with other options; ours keep them, and rule EML021 refuses them."""
    from kanfa.email.checks import check
    from kanfa.templating import read_file

    folder = tmp_path / "templates" / "email"
    folder.mkdir(parents=True)
    nested = "@media screen { @media (min-width: 1px) { .copy { color: #111111 !important; } } }"
    (folder / "theme.css").write_text(read_file(publication, "email/theme.css") + nested, encoding="utf-8")
    own = publication.model_copy(update={"root": tmp_path})
    found = [finding.rule.id for finding in check(render(issue, own), issue, own)]
    assert found == ["EML021"]


def test_t18_control_characters_are_taken_out_and_found(issue: Issue, publication: Publication) -> None:
    """Controls, U+FEFF and lone surrogates never reach the mail; each place is a finding with its line."""
    words = "a\x00b\x07c\x92d\ufeffe\ud800f\tg"
    dirty = replace(issue, preamble=(Paragraph((Text(words, 8), Link("https://x.example/", (), 9, "t\x01t")), 8),))
    made = render(dirty, publication)
    assert "abcdef\tg" in made.files["email.html"].decode()
    found = [(finding.rule.id, finding.line) for finding in made.findings if finding.rule.id == "EML014"]
    assert found == [("EML014", 8), ("EML014", 9)]


def test_t19_only_our_own_rules_are_written_into_the_elements(artifact: Artifact) -> None:
    """The engine's reset rules stay in the head, and premailer's mark does not stay behind."""
    html = artifact.files["email.html"].decode()
    assert "data-premailer" not in html
    assert "#outlook a" in html
    assert "mso-table-lspace" not in html.partition("<body")[2]
    assert ".copy h1 {" not in html.replace("  .copy h1 {", "").partition("@media")[0]


def test_t20_nothing_is_pretty_printed(artifact: Artifact) -> None:
    """No white space is put between elements, where mail programs would show it; filler stays characters."""
    html = artifact.files["email.html"].decode()
    assert "<tbody><tr><td" in html
    assert "\u00a0\u200c\u00a0\u200c" in html


# ---------------------------------------------------------------- Python's email package


def test_t21_a_long_unsubscribe_address_is_neither_encoded_nor_broken(issue: Issue, publication: Publication) -> None:
    """Mail programs show their button only for the plain address."""
    address = "https://unsub.invalid/" + "t" * 200 + "/__UNSUB__?a=1,2"
    settings = publication.email.model_copy(update={"unsubscribe_url": address})
    data = build_message(issue, publication.model_copy(update={"email": settings}), "<p>x</p>", "x\n")
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in data


def test_t21_list_headers_break_between_addresses_only() -> None:
    """The first address stays on the header's line, commas inside an address do not count."""
    message = EmailMessage(policy=mail_policy())
    first, second = f"<https://a.example/{'x' * 90}?q=1,2>", "<mailto:leave@a.example>"
    message["List-Unsubscribe"] = f"{first}, {second}"
    message["Feedback-ID"] = "9:list:weekly:" + "s" * 90
    data = message.as_bytes()
    assert f"List-Unsubscribe: {first},\r\n {second}\r\n".encode() in data
    assert b"Feedback-ID: 9:list:weekly:" + b"s" * 90 + b"\r\n" in data
    assert parse_message(data)["List-Unsubscribe"] == f"{first}, {second}"


@pytest.mark.parametrize("address", ["<https://例.example/>", "<https://a.example/ b>"])
def test_t21_list_headers_refuse_what_they_cannot_carry(address: str) -> None:
    """Non-ASCII and white space inside an address are refused when the header is set."""
    with pytest.raises(ValueError, match=r"not ASCII|white space"):
        EmailMessage(policy=mail_policy())["List-Unsubscribe"] = address


def test_t22_no_subject_loses_a_space_and_no_encoded_word_is_too_long() -> None:
    """Nine hundred random Chinese and Latin subjects come back as they were."""
    chance = random.Random(20190628)
    letters = "云原生周报发布生态 abc DEF 12：，  "
    for _ in range(900):
        subject = "".join(chance.choice(letters) for _ in range(chance.randrange(1, 120))).strip() or "x"
        message = EmailMessage(policy=mail_policy())
        message["Subject"] = subject
        data = message.as_bytes()
        assert parse_message(data)["Subject"] == subject
        for line in data.split(b"\r\n"):
            assert len(line) <= 76
            assert all(len(word) <= 75 for word in line.split() if word.startswith(b"=?"))


def test_t22_a_subject_that_looks_encoded_is_not_decoded(issue: Issue, publication: Publication) -> None:
    """What an editor writes as =?…?= arrives as written."""
    title = "Subject =?utf-8?q?x?= in mail　end"
    data = build_message(replace(issue, title=title), publication, "<p>x</p>", "x\n")
    assert parse_message(data)["Subject"] == title


def test_t22_a_message_that_does_not_give_itself_back_is_an_error(
    issue: Issue, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are parsed and compared before they leave the renderer."""
    monkeypatch.setattr("kanfa.email.message.bodies", lambda message: ("other", bodies(message)[1]))
    with pytest.raises(RenderError, match="does not give back its text part"):
        build_message(issue, publication, "<p>x</p>", "x\n")


def test_t23_both_parts_travel_as_base64_in_short_lines(artifact: Artifact) -> None:
    """One-line HTML sent as 8bit would break the limit of 998 octets."""
    data = artifact.files["email.eml"]
    message = parse_message(data)
    assert [part.get("Content-Transfer-Encoding") for part in message.iter_parts()] == ["base64", "base64"]
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert data.isascii()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert bodies(message)[1].rstrip("\n") == artifact.files["email.html"].decode().rstrip("\n")


@pytest.mark.parametrize("name", ["a\r\nBcc: x@y.example", "a\nb"])
def test_t23_line_ends_in_header_values_are_refused(issue: Issue, name: str) -> None:
    """The library refuses them, and the error names the format."""
    settings = EmailSettings().model_copy(update={"from_name": name})  # as if the settings had not been validated
    with pytest.raises(RenderError, match="a header cannot be written"):
        build_message(issue, Publication().model_copy(update={"email": settings}), "<p>x</p>", "x\n")


def test_css_inline_agrees_with_premailer_on_the_theme() -> None:
    """A second inliner writes the same declarations into the same element."""
    css_inline = pytest.importorskip("css_inline")
    page = '<!DOCTYPE html><html><head><style>{}</style></head><body><p class="a">x</p></body></html>'
    css = ".a { color:#1f2328; margin:0 0 16px; mso-line-height-rule:exactly; }"
    other = css_inline.CSSInliner(load_remote_stylesheets=False).inline(page.format(css))
    ours = parse_html(inlined(css)).xpath("//p/@style")[0]
    theirs = etree.fromstring(other, etree.HTMLParser()).xpath("//p/@style")[0]
    assert "".join(ours.split()) == "".join(theirs.split()).removesuffix(";")


def test_a_picture_address_needs_no_escape(issue: Issue, publication: Publication) -> None:
    """Ampersands of a remote cover's address pass the engine unharmed."""
    cover = Image("https://img.example.org/a.png?x=1&y=2", "封面的话", 5)
    html = render(replace(issue, cover=cover), publication).files["email.html"].decode()
    assert parse_html(html).xpath("//img")[0].get("src") == cover.src
