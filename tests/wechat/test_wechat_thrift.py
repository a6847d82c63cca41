"""Thrift: the same look in fewer characters, and nothing that readers or editors could miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from kanfa.findings import Finding
from kanfa.issue.reader import read
from kanfa.publication import Publication
from kanfa.wechat import FORMAT
from kanfa.wechat.limits import LIMITS
from kanfa.wechat.setting import Setting
from kanfa.wechat.style import colours_in
from kanfa.wechat.transforms import Transform, bold, covered
from kanfa.wechat.tree import parse_fragment, serialise, single_section

HEADING = '<h2 style="margin:44px 0 18px">题</h2>'
ITEM = '<li style="margin:10px 0">{}</li>'


def after(transform: Transform, html: str) -> str:
    """The content of a section once one transform has run."""
    root = single_section(parse_fragment(f"<section>{html}</section>"))
    transform(root, Setting())
    return serialise(root).removeprefix("<section>").removesuffix("</section>")


def test_stress_and_weight_are_short_elements() -> None:
    """`b` is kept by WeChat like `strong`, and shorter than a weight in a style."""
    assert after(bold, '<p><strong style="color:#125">甲</strong>乙</p>') == '<p><b style="color:#125">甲</b>乙</p>'
    html = '<h2 style="font-size:20px;font-weight:700"><span style="color:#176">01</span>题</h2>'
    assert after(bold, html) == '<h2 style="font-size:20px"><b><span style="color:#176">01</span>题</b></h2>'


@pytest.mark.parametrize(
    "html",
    [
        '<section style="font-weight:700"><p>x</p></section>',
        '<table><tbody><tr><th style="font-weight:700">x</th></tr></tbody></table>',
        '<p style="font-weight:600">x</p>',
    ],
    ids=["blocks inside", "bold by itself", "another weight"],
)
def test_a_weight_that_an_element_could_not_say_stays(html: str) -> None:
    """`b` holds no blocks, and makes a table's heading bolder than bold."""
    assert after(bold, html) == html


def test_margins_that_the_neighbours_give_anyway_are_dropped() -> None:
    """Behind a heading, and of a list's first item: the larger margin counts, and it stays."""
    html = f'{HEADING}<p style="margin:16px 0">一</p><p style="margin:16px 0">二</p>'
    assert after(covered, html) == f'{HEADING}<p>一</p><p style="margin:16px 0">二</p>'
    html = f'{HEADING}<ul style="padding-left:22px">{ITEM.format("一")}{ITEM.format("二")}{ITEM.format("三")}</ul>'
    assert after(covered, html) == html.replace(ITEM.format("一"), "<li>一</li>")
    html = f'{HEADING}<p style="font-size:17px;margin:1em 0">一</p><p style="margin:1.1em 0">二</p>'
    assert after(covered, html) == html.replace(";margin:1em 0", "")
    html = f'<section style="margin:0 0 36px">刊头</section>{HEADING}'
    assert after(covered, html) == f"<section>刊头</section>{HEADING}"


@pytest.mark.parametrize(
    "html",
    [
        f'{HEADING}<p style="margin:20px 0">一</p><p style="margin:20px 0">二</p>',
        f'{HEADING}<p style="margin:16px 0">一</p><p>二</p>',
        f'{HEADING}<p style="margin:16px 0">一</p>',
        f'{HEADING}<p style="margin:16px auto">一</p><p style="margin:16px 0">二</p>',
        f'{HEADING}<p style="margin:1% 0">一</p><p style="margin:16px 0">二</p>',
        f'{HEADING}字<p style="margin:16px 0">一</p><p style="margin:16px 0">二</p>',
        f'{HEADING}<p style="margin:16px 0">一</p>字<p style="margin:16px 0">二</p>',
        f'{HEADING}<p style="margin:16px 0;float:left">一</p><p style="margin:16px 0">二</p>',
        f'{HEADING}<section style="margin:16px 0;display:inline-block">一</section><p style="margin:16px 0">二</p>',
        '<p style="margin:16px 0">一</p><p style="margin:16px 0">二</p><p style="margin:16px 0">三</p>',
        f'{HEADING}<ul style="padding:9px 22px">{ITEM.format("一")}{ITEM.format("二")}</ul>',
        f"<ul>{ITEM.format('一')}{ITEM.format('二')}</ul>",
        '<section style="display:flex"><p style="margin:0 0 9px">一</p><p style="margin:16px 0">二</p></section>',
        '<p style="margin:0">一</p>',
    ],
    ids=[
        "larger than the heading's",
        "nothing below",
        "last of all",
        "centred",
        "relative",
        "text above",
        "text below",
        "floating",
        "inline",
        "no heading",
        "the list has padding",
        "nothing above the list",
        "flex",
        "none at all",
    ],
)
def test_a_margin_that_shows_stays(html: str) -> None:
    """Where margins do not collapse, or only those of one side would be left."""
    assert after(covered, html) == html


def test_every_gap_keeps_a_margin_when_a_passage_is_deleted() -> None:
    """An operator works on the draft in WeChat's editor: no two neighbours lose theirs."""
    items = "".join(ITEM.format(number) for number in range(6))
    (ul,) = single_section(parse_fragment(f"<section>{after(covered, f'{HEADING}<ul>{items}</ul>')}</section>")).iter(
        "ul"
    )
    assert ["style" in item.attrib for item in ul] == [False, True, True, True, True, True]


def test_colours_with_alpha_are_read_in_every_spelling() -> None:
    """The checks and the preview see the same colour."""
    spellings = ("#0003", "#00000033", "rgba(0,0,0,.2)")
    assert [colours_in(f"1px solid {spelling}") for spelling in spellings] == [[(0, 0, 0, 0.2)]] * 3
    assert colours_in("#xyzw") == []


def own_issue(folder: str, publication: Publication) -> tuple[str, list[Finding]]:
    """The article of one issue of the repository and what is found in it; only the issue's pictures are missing."""
    path = Path(__file__).parents[2] / "content" / "issues" / folder / "issue.md"
    made = read(path.read_text(encoding="utf-8"), "issue.md").issue
    artifact = FORMAT.render(made, publication)
    return artifact.files["wechat.html"].decode(), list(FORMAT.check(artifact, made, publication))


def test_the_publications_own_issue_is_lean_and_clean(publication: Publication) -> None:
    """It spends about as many characters on its looks as on its words, and is well below the limit."""
    html, findings = own_issue("009", publication)
    assert len(html) < 2.2 * len("".join(parse_fragment(html).itertext()))
    assert len(html) < LIMITS.content_chars_near.value * 0.6
    assert findings == []


def test_the_specimen_of_everything_can_be_sent(publication: Publication) -> None:
    """It has one of each construct, so it may come near to the limit; nothing else is said about it."""
    html, findings = own_issue("000-specimen", publication)
    assert len(html) <= LIMITS.content_chars.value
    assert {finding.rule.id for finding in findings} <= {"WX125"}
