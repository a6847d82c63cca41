"""How the mail is designed: tokens in one place, parts that can be replaced, lean markup, and a web copy.

What a publication's own token or part does wrong ends as one error that names file, line and cure.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import pytest
from email_samples import callout, everything, lead, paragraph, section

from kanfa.channel_settings import EmailSettings
from kanfa.cli import main
from kanfa.email.contrast import ratio
from kanfa.email.dom import Element, parse_html, words
from kanfa.email.lean import declared, pruned
from kanfa.email.render import look_of, render
from kanfa.email.tokens import KINDS, resolved, tokens_of
from kanfa.email.writer import EmailWriter
from kanfa.errors import PublicationError, RenderError
from kanfa.formats import Artifact
from kanfa.issue.model import Issue, List
from kanfa.publication import Publication

MOST_BYTES = 45 * 1024
"""What sixty items may take: less than half of what Gmail shows."""
NEWS = "社区发布了新版本的调度器，支持按照拓扑感知的方式分配资源，并且显著降低了大规模集群的调度延迟与内存占用"


def own(folder: Path, publication: Publication, **tokens: str) -> Publication:
    """The publication with a folder of its own and these tokens in its kanfa.toml."""
    lines = "\n".join(f'{name.replace("_", "-")} = "{value}"' for name, value in tokens.items())
    (folder / "kanfa.toml").write_text(f"[email.tokens]\n{lines}\n", encoding="utf-8")
    settings = {name.replace("_", "-"): value for name, value in tokens.items()}
    return publication.model_copy(update={"root": folder, "email": EmailSettings(tokens=settings)})


def part(folder: Path, name: str, text: str) -> None:
    """An own template of the publication."""
    path = folder / "templates" / "email" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def mail(artifact: Artifact) -> Element:
    """The HTML part, parsed."""
    return parse_html(artifact.files["email.html"].decode())


# ---------------------------------------------------------------- tokens


def test_a_token_recolours_mail_and_page(tmp_path: Path, issue: Issue, publication: Publication) -> None:
    """One line of kanfa.toml, by day and by night."""
    red = own(tmp_path, publication, head="#7f1d1d", night_head="#fecaca", card="#fffdfa", text_size="17px")
    artifact = render(issue, red)
    html, page = artifact.files["email.html"].decode(), artifact.files["web.html"].decode()
    assert "color:#7f1d1d" in parse_html(html).xpath("//h1")[0].get("style")
    assert "#fecaca!important" in html
    assert "font-size:17px" in html
    assert "background-color:#fffdfa" in html
    assert "--head:#7f1d1d" in page
    assert "--head:#fecaca" in page


def test_no_variable_reaches_a_mail_program(artifact: Artifact) -> None:
    """Only Apple's mail knows var()."""
    assert b"var(" not in artifact.files["email.html"]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("haed", "#7f1d1d", "no token has this name; head was meant?"),
        ("xyzzy", "#7f1d1d", "All names stand in templates/email/tokens.toml"),
        ("head", "dark red", "head = “dark red” is not allowed: write # and six hex digits"),
        ("head", "#abc", "six hex digits"),
        ("text-size", "1rem", "text-size = “1rem” is not allowed: write whole px"),
        ("text-size", "99px", "from 12px to 48px"),
        ("text-line", "28px", "without a unit"),
        ("side", "2vw", "from 0px to 32px"),
        ("body-font", "Comic Sans", "end the list in sans-serif"),
        ("body-font", "x;} sans-serif", "end the list in sans-serif"),
        ("body-font", "'Foo, serif", "put names with spaces in '…'"),  # every style after the open quote would be lost
        ("body-font", ",, serif", "end the list in sans-serif"),
        ("text-size", "１６px", "write whole px"),  # digits of another script are none to a mail program
    ],
)
def test_a_bad_token_is_refused_with_its_line(  # noqa: PLR0917 - fixtures and cases
    name: str, value: str, words: str, tmp_path: Path, issue: Issue, publication: Publication
) -> None:
    """The error names kanfa.toml, the line, the token and the cure."""
    with pytest.raises(PublicationError) as caught:
        render(issue, own(tmp_path, publication, **{name: value}))
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'kanfa.toml'}:2: [email.tokens] {name}")
    assert words in message
    assert message.endswith(f'{name} = "{value}"')


def test_an_own_file_of_tokens_need_hold_only_what_differs(tmp_path: Path, publication: Publication) -> None:
    """kanfa.toml wins over it; a fault of it names the file."""
    part(tmp_path, "tokens.toml", '[colours]\nhead = "#7f1d1d"\nlink = "#1d4ed8"\n')
    tokens = tokens_of(own(tmp_path, publication, link="#0b5f86"))
    assert (tokens["head"], tokens["link"], tokens["text"]) == ("#7f1d1d", "#0b5f86", "#1f2328")
    for text, fault in [
        ("[colours]\nhaed = '#7f1d1d'\n", "head was meant?"),
        ("[colors]\n", r"\[colors\] is none of the tables"),
        ("[colours]\nhead = 3\n", "six hex digits"),
        ("[colours", "Expected"),
    ]:
        part(tmp_path, "tokens.toml", text)
        with pytest.raises(RenderError, match=f"templates/email/tokens.toml: .*{fault}"):
            tokens_of(own(tmp_path, publication))


def test_a_misspelt_variable_of_the_theme_is_named_with_its_line(publication: Publication) -> None:
    """A designer's slip does not reach a reader."""
    with pytest.raises(RenderError, match=r"theme.css, line 2: var\(--haed\) is no token; var\(--head\) was meant\?"):
        resolved("/* a */\n.a { color: var(--haed) }", tokens_of(publication), "email/theme.css")


def test_every_token_is_of_its_kind_and_used(publication: Publication, root: Path) -> None:
    """Each value holds what its table asks for; each name stands in a style sheet or a template; each colour has a
    night."""
    import tomllib

    folder = root / "templates" / "email"
    tables = tomllib.loads((folder / "tokens.toml").read_text(encoding="utf-8"))
    assert set(tables) == set(KINDS)
    files = [*folder.rglob("*.j2"), *folder.glob("*.css")]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    for table, values in tables.items():
        for name, value in values.items():
            assert KINDS[table].holds(value), name
            assert any(mark in text for mark in (f"var(--{name.removeprefix('night-')})", f'tokens["{name}"]')), name
    assert {f"night-{name}" for name in tables["colours"]} == set(tables["night"])
    assert len(tokens_of(publication)) == sum(map(len, tables.values()))


@pytest.mark.parametrize("night", ["", "night-"])
def test_every_text_can_be_read_on_every_ground_it_stands_on(night: str, publication: Publication) -> None:
    """WCAG 2 AA, 4.5:1, by day and by night."""
    tokens = tokens_of(publication)
    grounds = {
        "card": "text muted head link note tip important warning caution",
        "soft": "text muted head link comment keyword string number name builtin added removed",
        "stress": "text comment keyword string number name builtin added removed",
        "page": "muted head",
        "tint": "code head text",
        "digest": "text link",
        "mark": "mark-text",
        "button": "button-text",
        "code-title": "code-title-text",
        **{f"{kind}-tint": f"text {kind} link" for kind in ("note", "tip", "important", "warning", "caution")},
    }
    for ground, texts in grounds.items():
        for name in texts.split():
            found = ratio(tokens[night + name], tokens[night + ground])
            assert found >= 4.5, f"{night}{name} on {night}{ground}: {found:.2f}"


# ---------------------------------------------------------------- parts


def test_a_construct_is_restyled_by_a_file_of_its_name(tmp_path: Path, publication: Publication) -> None:
    """The rest stays as it is."""
    part(tmp_path, "parts/callout.html.j2", '<div role="note"><h4>※ {{ title }}</h4>{{ content }}</div>')
    issue = replace(everything(), sections=(section("章", callout("tip", paragraph("话"), title="题")),))
    (found,) = mail(render(issue, own(tmp_path, publication))).xpath("//div[@role='note']")
    assert [words(node) for node in found] == ["※ 提示：题", "话"]


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("parts/callout.html.j2", "<div>\n<p>{{ title }}\n{{ content }}</div>", 2, "no well-formed markup"),
        ("parts/quote.html.j2", "<div>\n<p class=x>{{ content }}</p></div>", 2, "no well-formed markup"),
        ("parts/quote.html.j2", '<div>\n<div class="qoute">{{ content }}</div></div>', 2, "class “qoute”"),
        ("parts/item.html.j2", "{{ box }}\n\n{{ titel }}", 3, "'titel' is undefined"),
        ("parts/table.html.j2", "{{ head }}\n{% if %}", 2, "Expected an expression"),
        ("parts/footer.mjml.j2", '{{ "" }}\n<mj-section css-class="fooot" />', 2, "class “fooot”"),
    ],
)
def test_what_an_own_part_does_wrong_is_one_error_with_file_and_line(  # noqa: PLR0917 - fixtures and cases
    name: str, text: str, line: int, message: str, tmp_path: Path, issue: Issue, publication: Publication
) -> None:
    """Unclosed and unquoted markup, unknown classes and names, faults of the template language."""
    part(tmp_path, name, text)
    with pytest.raises(RenderError) as caught:
        render(issue, own(tmp_path, publication))
    assert f"templates/email/{name}:{line}" in str(caught.value)
    assert message in str(caught.value)


def test_an_edited_part_is_read_anew(tmp_path: Path, issue: Issue, publication: Publication) -> None:
    """Templates are compiled once, but a preview shows what was saved last."""
    for words_ in ("一稿", "二稿"):
        part(tmp_path, "parts/quote.html.j2", f"<div>{words_}{{{{ content }}}}</div>")
        assert words_.encode() in render(issue, own(tmp_path, publication)).files["email.html"]


# ---------------------------------------------------------------- lean


def items(kind: str) -> str:
    """An issue of sixty items in five sections, 40 to 60 characters each, with one link each."""
    lines = ["---", "title: 六十条消息一封读完", "number: 60", "date: 2019-06-01"]
    lines += ["summary: 六十条消息，一封信读完：调度、网络、存储与安全的最新进展都在这里。", "---", ""]
    for number in range(60):
        if number % 12 == 0:
            lines += ["", f"## 第 {number // 12 + 1} 章 社区动态", ""]
        text = "".join(islice(cycle(NEWS), number % 9, number % 9 + 40 + number % 21))
        link = f"https://github.com/kubernetes/kubernetes/pull/{79000 + number}"
        if kind == "lead":
            lines += [f"- **[{text[:14]}]({link})**", "", f"  {text[14:]}。", ""]
        else:
            lines += [f"- [{text[:10]}]({link}){text[10:]}。"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("kind", ["lead", "plain"])
def test_sixty_items_take_less_than_half_of_what_gmail_shows(kind: str, tmp_path: Path) -> None:
    """Through the public command, as an editor would find out."""
    source, target = tmp_path / "issue.md", tmp_path / "email.html"
    source.write_text(items(kind), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["render", str(source), "--to", "email", "-o", str(target)])
    assert not ended.value.code
    root = parse_html(target.read_text(encoding="utf-8"))
    assert len(root.xpath("//li[.//a[contains(@href,'/pull/')]]")) == 60
    assert target.stat().st_size <= MOST_BYTES


def test_rules_of_absent_classes_are_left_out() -> None:
    """A selector goes when the mail lacks a class or an element it names; then its rule, then its query."""
    css = "@media screen{.a,.b .c{color:#111111}.b{color:#222222}}@media print{.c{color:#333333}}"
    assert pruned(css, frozenset({".a"})) == "@media screen{.a{color:#111111}}"
    assert pruned(css, frozenset({".b", ".c"})).count("{") == 5
    assert pruned("[data-ogsc] .a h1,.a h2{color:#111111}", frozenset({".a", "h1"})).startswith("[data-ogsc] .a h1{")
    assert pruned(":root{color-scheme:light dark}", frozenset()) == ":root{color-scheme:light dark}"


def test_styles_are_written_short() -> None:
    """No unit behind zero; names of fonts in single quotes, which an attribute need not escape."""
    assert declared('padding: 0px 20px; font-family: "A B", serif') == {
        "padding": "0 20px",
        "font-family": "'A B',serif",
    }


def test_every_class_left_in_the_mail_has_a_reader(artifact: Artifact, publication: Publication) -> None:
    """A class that only wrote styles into its elements is gone with them."""
    html = artifact.files["email.html"].decode()
    assert 'class="box"' not in html
    assert 'class="callout callout-tip"' in html
    assert look_of(publication).theme.light not in html


# ---------------------------------------------------------------- without any style block


def stripped(html: str) -> Element:
    """The body as QQ Mail, NetEase and Foxmail show it: no head, no style block, no class, no comment."""
    root = parse_html(html)
    body = root.find("body")
    for node in list(body.iter()):
        if not isinstance(node.tag, str):
            parent, before = node.getparent(), node.getprevious()
            if node.tail and before is not None:
                before.tail = (before.tail or "") + node.tail
            elif node.tail:
                parent.text = (parent.text or "") + node.tail
            parent.remove(node)
        else:
            node.attrib.pop("class", None)
    return body


def inherited(node: Element, name: str) -> str:
    """The value an element ends up with from style attributes alone, its own or one round it."""
    for element in (node, *node.iterancestors()):
        found = declared(element.get("style") or "").get(name)
        if found:
            return found
    return ""


def test_without_styles_and_comments_everything_is_there_in_order(artifact: Artifact, issue: Issue) -> None:
    """Words, links, colours, sizes and widths stand in the elements themselves."""
    html = artifact.files["email.html"].decode()
    body = stripped(html)
    assert words(body) == words(parse_html(html).find("body"))
    assert [a.get("href") for a in body.iter("a")] == [a.get("href") for a in parse_html(html).iter("a")]
    places = [words(body).find(title) for title in (issue.title, *(words_of_title(part) for part in issue.sections))]
    assert -1 not in places
    assert places == sorted(places)
    for node in body.iter():
        if (node.text or "").strip() and inherited(node, "display") != "none":
            assert inherited(node, "color"), node.text
            assert inherited(node, "background-color") or inherited(node, "background"), node.text
            assert int(inherited(node, "font-size").removesuffix("px")) >= 12, node.text
            assert inherited(node, "font-family").endswith(("sans-serif", "monospace")), node.text
    assert all((image.get("width") or "").isdecimal() for image in body.iter("img"))
    assert "max-width:600px" in html


def words_of_title(part: object) -> str:
    """The words of a section's title."""
    from kanfa.text import words_of

    return words_of(*part.title)  # type: ignore[attr-defined]


def test_the_way_to_the_web_page_is_a_button_that_outlook_draws(artifact: Artifact, publication: Publication) -> None:
    """Padding and colour on a table cell; the link inside needs neither."""
    (cell,) = mail(artifact).xpath("//td[a[normalize-space()='在浏览器中阅读']]")
    style = declared(cell.get("style"))
    assert style["padding"] == "10px 28px"
    assert style["background-color"] == tokens_of(publication)["button"]


# ---------------------------------------------------------------- the page for the archive


def page(artifact: Artifact) -> Element:
    """The page, parsed."""
    return parse_html(artifact.files["web.html"].decode())


def test_the_page_tells_other_sites_what_it_is(artifact: Artifact, issue: Issue, publication: Publication) -> None:
    """Open Graph, canonical address and JSON-LD say the same."""
    root = page(artifact)
    shown = {meta.get("property"): meta.get("content") for meta in root.iter("meta") if meta.get("property")}
    address = publication.issue_url(issue.slug)
    (block,) = root.iter("script")
    data = json.loads(block.text)
    assert root.xpath("//link[@rel='canonical']/@href") == [address] == [shown["og:url"]] == [data["url"]]
    assert shown["og:title"] == data["headline"] == issue.title
    assert block.get("type") == "application/ld+json"
    assert data["inLanguage"] == issue.language


@pytest.mark.parametrize("title", ["</script><script>alert(1)</script>", "\" & ' <!-- x", "]]>"])
def test_no_title_ends_the_block_of_data(title: str, issue: Issue, publication: Publication) -> None:
    """Whatever it holds, it stays data."""
    root = page(render(replace(issue, title=title), publication))
    (block,) = root.iter("script")
    assert json.loads(block.text)["headline"] == title


def test_the_page_holds_nothing_of_a_subscriber(artifact: Artifact, publication: Publication) -> None:
    """It is public."""
    html = artifact.files["web.html"].decode()
    assert "__UNSUB__" not in html
    assert publication.email.unsubscribe_url not in html
    assert "@media print" in html
    assert "prefers-color-scheme:dark" in html


# ---------------------------------------------------------------- the writer and its parts


def test_each_construct_of_the_writer_has_a_file(root: Path, issue: Issue, publication: Publication) -> None:
    """Every part that is written stands under templates, and every part that stands there is written."""
    written: set[str] = set()
    writer = EmailWriter(issue, publication, {})
    plain: Callable[..., object] = writer.parts.write

    def write(name: str, **values: object) -> object:
        written.add(name)
        return plain(name, **values)

    writer.parts.write = write  # type: ignore[method-assign, assignment]
    for part_ in (*issue.preamble, *issue.sections, List((lead("题", "https://e.org/", source="刊"),), 1)):
        writer.write(part_)
    files = {path.name.removesuffix(".html.j2") for path in (root / "templates/email/parts").glob("*.html.j2")}
    assert written == files - {"button"}
