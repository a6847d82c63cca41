"""Themes: tokens resolved, one theme built on another, and every theme readable in both modes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner
from lxml.html import HtmlElement

from kanfa import pipeline
from kanfa.cli.check import check
from kanfa.errors import RenderError, UsageError
from kanfa.findings import Finding
from kanfa.issue.model import Node, Only, PreviousIssue, walk
from kanfa.publication import Publication, find_publication
from kanfa.wechat import FORMAT
from kanfa.wechat.checks.dark import colour_of
from kanfa.wechat.darkmode import Shade
from kanfa.wechat.inline import inline_css
from kanfa.wechat.sample import sample
from kanfa.wechat.style import value_of
from kanfa.wechat.theme import load
from kanfa.wechat.theme_check import check_theme, sample_article
from kanfa.wechat.tree import elements, parse_fragment, serialise, single_section, styles

ROOT = Path(__file__).parents[2]
THEMES = ["plain", "letterpress", "ink"]


def css_of(css: str, publication: Publication) -> str:
    return load("own.css", css, publication).css.strip()


def judged(css: str, publication: Publication) -> list[tuple[str, str, int]]:
    return [(one.rule.id, one.file, one.line) for one in check_theme("own.css", css, publication)]


def test_tokens_stand_for_their_values(publication: Publication) -> None:
    """One may refer to another; one that is missing may have a fall-back."""
    css = ":root { --a: #125; --b: 1px solid var(--a) }\np { border: var(--b); margin: var(--c, 0 auto) }"
    assert css_of(css, publication) == "p { border: 1px solid #125; margin: 0 auto }"


def test_lines_stay_where_they_are(publication: Publication) -> None:
    """So that a finding about the resolved sheet names the line of the file."""
    css = ":root {\n  --a: red\n}\n\n/* x */\np { color: var(--a) }"
    resolved = load("own.css", css, publication).css
    assert resolved.split("\n")[5] == "p { color: red }"


@pytest.mark.parametrize(
    ("css", "place", "words"),
    [
        ("\np { color: var(--x) }", "own.css:2", "names no token"),
        (":root { --a: var(--b); --b: var(--a) }\np { color: var(--a) }", "own.css:", "circle"),
        ('@import "../secret.css";', "own.css:1", "name another theme"),
        ("@import url(https://a.example/x.css);", "own.css:1", "name another theme"),
        ('\n@import "../../etc/passwd";', "own.css:2", "name another theme"),
        (":root {\n--a: f(var(--b));\n--b: f(var(--a)) }\np { color: var(--a) }", "own.css:3", "circle"),
        (f"p {{ margin: {'(' * 9000} }}", "own.css", "too deep"),
        (f"/*{'x' * 100_000}*/", "own.css:1", "at most 100,000"),
    ],
)
def test_a_theme_that_cannot_be_resolved_names_its_line(
    css: str, place: str, words: str, publication: Publication
) -> None:
    """Refused by a render, found by the check of themes."""
    with pytest.raises(RenderError, match=words) as error:
        load("own.css", css, publication)
    assert str(error.value).startswith(place)
    assert [rule for rule, _, _ in judged(css, publication)] == ["WX150"]


def test_tokens_that_double_each_other_do_not_fill_the_memory(publication: Publication) -> None:
    """Eight times eight times eight … values, asked for by one declaration, are refused where they become long."""
    tokens = "".join(f"--a{at}: {f'var(--a{at + 1}) ' * 8};\n" for at in range(12))
    with pytest.raises(RenderError, match="a value may have 1,000"):
        load("own.css", f":root {{ {tokens} --a12: 1px }}\np {{ margin: var(--a0) }}", publication)


def test_a_fault_in_a_token_is_named_where_the_token_stands(publication: Publication, tmp_path: Path) -> None:
    """Which may be another file than the one that asks for it."""
    own = with_files(publication, tmp_path, base=":root {\n\n--a: var(--gone) }")
    with pytest.raises(RenderError, match=r"^templates/wechat/base\.css:3: var\(--gone\) names no token"):
        load("own.css", '@import "base.css";\np { color: var(--a) }', own)


def test_imports_in_a_circle_are_refused_where_it_closes(publication: Publication, tmp_path: Path) -> None:
    """A file that two others import is none, and is read once."""
    own = with_files(
        publication, tmp_path, one='\n@import "two.css";', two='@import "one.css";', base="p { margin: 0 }"
    )
    with pytest.raises(RenderError, match=r"two\.css:1: @import \"one\.css\" leads in a circle"):
        load("templates/wechat/one.css", '\n@import "two.css";', own)
    diamond = with_files(publication, tmp_path, one='@import "base.css";', two='@import "base.css";')
    sheets = load("own.css", '@import "one.css";\n@import "two.css";', diamond).sheets
    assert [Path(sheet.file).name for sheet in sheets] == ["base.css", "one.css", "two.css", "own.css"]


@pytest.mark.parametrize("selector", ["p >", "p..x", ":is(p, li)"])
def test_a_selector_that_nobody_understands_is_found(selector: str, publication: Publication) -> None:
    """premailer leaves the rule out without a word."""
    assert judged(f"h2 {{ color: #333 }}\n{selector} {{ color: #333 }}", publication)[-1] == ("WX151", "own.css", 2)


def test_a_background_picture_is_found_in_its_own_line(publication: Publication) -> None:
    """Both by what it is and by where it stands behind words."""
    css = "h2 { color: #333 }\n.chapter { background-image: url(https://mmbiz.qpic.cn/x) }"
    assert judged(css, publication) == [("WX106", "own.css", 2)]


def with_files(publication: Publication, folder: Path, **files: str) -> Publication:
    """The publication with themes of its own."""
    themes = folder / "templates" / "wechat"
    themes.mkdir(parents=True, exist_ok=True)
    for name, css in files.items():
        (themes / f"{name}.css").write_text(css, "utf-8")
    return publication.model_copy(update={"root": folder})


def test_a_theme_may_be_another_one_in_other_colours(publication: Publication, tmp_path: Path) -> None:
    """Two lines are a theme: the tokens of what is imported take their new values."""
    folder = tmp_path / "templates" / "wechat"
    folder.mkdir(parents=True)
    (folder / "own.css").write_text('@import "plain.css";\n:root { --brand: #521 }\n', "utf-8")
    settings = publication.wechat.model_copy(update={"theme": "own"})
    own = publication.model_copy(update={"root": tmp_path, "wechat": settings})
    html = FORMAT.render(sample(), own).files["wechat.html"].decode()
    assert "color:#521;font-size:20px" in html
    assert "color:#125;font-size:20px" not in html


def test_the_sample_holds_every_construct() -> None:
    """A theme is judged by all that an issue can hold."""
    kinds = {type(node) for block in sample().body() for node in walk(block)} | {PreviousIssue}
    assert {kind.__name__ for kind in set(get_args(Node)) - kinds - {Only}} == set()


@pytest.mark.parametrize("theme", THEMES)
def test_our_own_themes_are_without_fault(theme: str, publication: Publication) -> None:
    """Nothing forbidden, nothing that is never inlined, nothing too faint."""
    path = ROOT / "templates" / "wechat" / f"{theme}.css"
    assert check_theme(f"templates/wechat/{theme}.css", path.read_text("utf-8"), publication) == []


def contrasts(element: HtmlElement, shade: Shade) -> list[tuple[float, float, str]]:
    """Light and dark contrast of each text of a finished article."""
    if element.tag == "svg":
        return []
    declared = styles(element)
    paper = colour_of(value_of(declared, "background", "background-color"))
    inner = shade.inside(colour_of(value_of(declared, "color")), paper)
    own = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
    found = [(inner.light_contrast, inner.dark_contrast, own)] if own else []
    return found + [one for child in element for one in contrasts(child, inner)]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("number", ["000-specimen", "009"])
def test_every_text_is_readable_in_both_modes(theme: str, number: str) -> None:
    """4.5 for every text of the finished article, captions and small print too, by WeChat's own conversion."""
    publication = find_publication(ROOT)
    assert publication is not None
    own = publication.model_copy(update={"wechat": publication.wechat.model_copy(update={"theme": theme})})
    source = pipeline.read(ROOT / "content" / "issues" / number / "issue.md", own)
    artifact = pipeline.render(FORMAT, source.issue, own)
    found = contrasts(parse_fragment(artifact.files["wechat.html"].decode()), Shade())
    assert len(found) > 50
    assert [one for one in found if min(one[:2]) < 4.5] == []
    assert [one.rule.id for one in pipeline.check(FORMAT, artifact, source.issue, own) if one.rule.id < "WX120"] == []


@pytest.mark.parametrize(
    ("css", "rule"),
    [
        ("p { position: fixed }", "WX021"),
        ("p { width: calc(100% - 1px) }", "WX023"),
        ("img { opacity: .5 }", "WX036"),
        ("h4 { float: left }", "WX108"),
        ("h4 { font-family: KaiTi }", "WX107"),
        ("h4 { background: #e3f2fd; color: #333 }", "WX114"),
        ("p { colour red }", "WX150"),
        ("hr { border-top: 1px solid #a315 }", "WX135"),
        ("p::before { content: none }", "WX151"),
        ("@media print { p { color: red } }", "WX151"),
        ("h4 { color: #888 }", "WX152"),
        ("h4 { color: #333 !important }", "WX153"),
    ],
)
def test_one_fault_of_a_theme_is_one_finding_with_its_line(css: str, rule: str, publication: Publication) -> None:
    """In the theme's own file."""
    assert judged(f'@import "plain.css";\n\n{css}\n', publication) == [(rule, "own.css", 3)]


def test_a_faint_token_is_found_where_it_is_defined(publication: Publication) -> None:
    """Not where the imported theme uses it."""
    css = '@import "plain.css";\n:root {\n  --brand: #777;\n}\n'
    assert set(judged(css, publication)) == {("WX152", "own.css", 3)}


def test_small_print_may_be_fainter_than_text(publication: Publication) -> None:
    """3.0 is enough for captions; #888 on white has 3.5."""
    assert judged('@import "plain.css";\n.caption { color: #888 }\n', publication) == []
    assert judged('@import "plain.css";\n.caption { color: #999 }\n', publication) == [("WX152", "own.css", 2)]


def test_remembered_styles_are_those_that_the_library_gives(publication: Publication) -> None:
    """The second article is styled from memory, a theme with positional selectors never is; both are right."""
    for extra in ("", "li:first-child { color: #125 }"):
        theme = load("own.css", f'@import "plain.css";\n.lead + .para {{ margin: 4px 0 0 }}\n{extra}', publication)
        first, second = (serialise(sample_article(theme, publication)) for _ in range(2))
        assert first == second
    css = "p + p { color: red }"
    for html, shown in (
        ("<p>a</p><p>b</p>", [None, "color:red"]),
        ("<p>a</p><p>b</p><p>c</p>", [None, *["color:red"] * 2]),
    ):
        article, _ = inline_css(single_section(parse_fragment(f"<section>{html}</section>")), css)
        assert [one.get("style") for one in elements(article, "p")] == shown


def test_complaints_of_the_library_are_told_each_time(publication: Publication) -> None:
    """A render from memory says what the first one said."""
    css = "p { color: red; x y }"
    told: list[list[Finding]] = []
    for _ in range(2):
        article = single_section(parse_fragment("<section><p>a</p></section>"))
        told.append(inline_css(article, css)[1])
    assert told[0] == told[1]
    assert {one.rule.id for one in told[0]} == {"WX135"}


# ---------------------------------------------------------------- the command


def run(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(check, ["--theme", *arguments], standalone_mode=False)
    if outcome.exception is not None:
        raise outcome.exception
    return outcome.return_value, outcome.stdout


def test_all_themes_are_checked_when_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the publication and the built-in ones."""
    monkeypatch.chdir(ROOT)
    status, shown = run("--format", "json")
    assert status == 0
    assert [one["issue"] for one in json.loads(shown)] == [f"templates/wechat/{name}.css" for name in sorted(THEMES)]


def test_a_file_is_checked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 1 for an error; the finding has its file, line and text."""
    monkeypatch.chdir(ROOT)
    path = tmp_path / "own.css"
    path.write_text('@import "plain.css";\np { position: fixed }\n', "utf-8")
    status, shown = run(str(path), "--format", "json")
    (finding,) = json.loads(shown)["findings"]
    assert status == 1
    assert (finding["rule"], finding["file"], finding["line"]) == ("WX021", path.as_posix(), 2)
    assert finding["excerpt"] == "p { position: fixed }"


def test_a_theme_that_is_not_there_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message lists those that are."""
    monkeypatch.chdir(ROOT)
    with pytest.raises(UsageError, match="ink, letterpress, plain"):
        run("absent")
    with pytest.raises(UsageError, match="is no file"):
        run("absent.css")
