"""What a save in the web editor changes, and that it changes nothing of the articles we make."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from kanfa import pipeline
from kanfa.locate import resolve
from kanfa.wechat import FORMAT
from kanfa.wechat.simulator.editor import save
from kanfa.wechat.simulator.markup import parse
from kanfa.wechat.simulator.reader import page, visible_text
from kanfa.wechat.simulator.storage import refusal, store

CHAIN = "<section>" * 14 + "<p>a</p>" + "</section>" * 14

CASES = {
    "a div is dissolved": ('<div style="color:red"><p>a</p></div>', "<p>a</p>"),
    "one with text alone becomes a paragraph": (
        '<section><div style="color:red">a</div></section>',
        "<section><p>a</p></section>",
    ),
    "divs in divs are dissolved too": ("<div><div>a</div>b</div>", "<p>a</p><p>b</p>"),
    "cells lose their width": (
        '<table><tr><td width="9" style="width:50%;color:red">a</td><th style="width:50%">b</th></tr></table>',
        '<table><tr><td style="color:red">a</td><th>b</th></tr></table>',
    ),
    "other widths stay": ('<section style="width:50%">a</section>', '<section style="width:50%">a</section>'),
    "a leaf holds one component": (
        '<section nodeleaf=""><p>x</p><img data-src="a"><img data-src="b"></section>',
        '<section nodeleaf=""><img data-src="a"></section>',
    ),
    "a chain of the same wrapper is cut beyond ten levels": (CHAIN, "<section>" * 11 + "<p>a</p>" + "</section>" * 11),
}


@pytest.mark.parametrize(("stored", "saved"), CASES.values(), ids=CASES)
def test_a_save_in_the_editor_changes_what_operators_saw_it_change(stored: str, saved: str) -> None:
    assert save(stored) == saved
    assert save(saved) == saved


def test_a_chain_of_wrappers_that_differ_stays() -> None:
    chain = "".join(f'<section style="margin:{n}px">' for n in range(14)) + "a" + "</section>" * 14
    assert save(chain) == chain


def test_the_reader_takes_pictures_from_data_src_and_ignores_what_phones_ignore() -> None:
    html = page(
        '<section><div style="color:red">a</div><p style="filter:none;font-family:serif;margin:0">b</p>'
        '<code style="font-family:Menlo,monospace">c</code><img data-src="https://mmbiz.qpic.cn/a?b=1&amp;c=2"></section>',
        address=lambda address: address.replace("https://mmbiz.qpic.cn", ""),
    )
    assert "<div>a</div>" in html
    assert '<p style="margin:0">b</p>' in html
    assert "monospace" in html
    assert '<img src="/a?b=1&amp;c=2">' in html


def _counts(html: str) -> Counter[str]:
    """How often each element, a style, and an empty style occur."""
    elements = list(parse(html).elements())
    styles = [style.source for element in elements if (style := element.find("style"))]
    return Counter(element.tag for element in elements) + Counter(style=len(styles), empty=styles.count(""))


def _sent(source: Path) -> str:
    """The article of an issue as delivery sends it: local names of pictures replaced by uploaded addresses."""
    path, publication = resolve(str(source))
    artifact = pipeline.render(FORMAT, pipeline.read(path, publication).issue, publication)
    html = artifact.files["wechat.html"].decode()
    for number, image in enumerate(json.loads(artifact.files["wechat.json"])["images"]):
        html = html.replace(f'src="{image["name"]}"', f'src="http://mmbiz.qpic.cn/sz_mmbiz_png/{number}/0?wx_fmt=png"')
    return html


def _stays_whole(source: Path) -> None:
    sent = _sent(source)
    stored = store(sent)
    saved = save(stored)
    assert refusal(sent) == ""
    assert _counts(sent) == _counts(stored) == _counts(saved), source.name
    assert _counts(sent)["empty"] == 0
    assert save(saved) == saved
    assert visible_text(sent) == visible_text(stored) == visible_text(saved)


@pytest.mark.parametrize("name", ["000-specimen", "009"])
def test_the_publications_articles_survive_storage_and_a_save_unchanged(root: Path, name: str) -> None:
    """Text, headings, list items, pictures, tables and every style as they were sent; no style is blanked."""
    _stays_whole(root / "content" / "issues" / name / "issue.md")


def test_articles_of_other_editors_survive_storage_and_a_save_unchanged(corpus: list[Path]) -> None:
    for source in corpus:
        _stays_whole(source)
