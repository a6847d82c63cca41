"""Right-to-left text runs its own way in mail and web page, and emphasis never slants Han."""

from __future__ import annotations

import pytest

from kanfa.email.dom import Element, classes, parse_html, words
from kanfa.email.render import render
from kanfa.formats import Artifact, installed
from kanfa.issue.model import Issue
from kanfa.issue.reader import read
from kanfa.pipeline import check, compare
from kanfa.publication import Publication

SOURCE = """---
title: עיתון השבוע.
number: 12
summary: تصدر هذه النشرة كل أسبوع، وفيها أخبار الحوسبة السحابية، ومقالات المحررين، وإصدارات البرامج المفتوحة.
---

中文的一段，*强调的话*，*emphasis*，**粗体*里的强调*。**

مرحبا بالعالم *جدا*.

## שלום עולם.

- زر [الموقع](https://example.org/a) الآن.
- 中文的一条。
- فقرة مع رمز:

  ```sh
  kubectl get pods
  ```

  - داخلية.
  - 里面的中文。

  فقرة أخرى.

  末尾的中文。

| 语言 | 句子 |
| --- | --- |
| 阿拉伯文 | هذه جملة. |

- [x] مهمة منجزة.
- [ ] 未完成的任务。

### فرع.
"""


@pytest.fixture(scope="module")
def mixed() -> Issue:
    return read(SOURCE, "issue.md").issue


@pytest.fixture(scope="module")
def made(mixed: Issue, publication: Publication) -> Artifact:
    return render(mixed, publication)


def page(made: Artifact, name: str) -> Element:
    return parse_html(made.files[name].decode())


def way(element: Element) -> str:
    """The way an element's text runs, as a mail program finds it out."""
    found: str = next(node.get("dir") for node in (element, *element.iterancestors()) if node.get("dir"))
    return found


def innermost(root: Element, text: str) -> Element:
    """The last element, and so the innermost, whose words these are."""
    return [node for node in root.iter() if isinstance(node.tag, str) and words(node).lstrip("☑☐ ") == text][-1]


@pytest.mark.parametrize("name", ["email.html", "web.html"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("עיתון השבוע.", "rtl"),
        ("中文的一段，强调的话，emphasis，粗体里的强调。", "ltr"),
        ("مرحبا بالعالم جدا.", "rtl"),
        ("שלום עולם.", "rtl"),
        ("زر الموقع الآن.", "rtl"),
        ("中文的一条。", "ltr"),
        ("فقرة مع رمز:", "rtl"),
        ("kubectl get pods", "ltr"),
        ("داخلية.", "rtl"),
        ("里面的中文。", "ltr"),
        ("فقرة أخرى.", "rtl"),
        ("末尾的中文。", "ltr"),
        ("阿拉伯文", "ltr"),
        ("هذه جملة.", "rtl"),
        ("مهمة منجزة.", "rtl"),
        ("未完成的任务。", "ltr"),
        ("فرع.", "rtl"),
    ],
)
def test_each_text_runs_its_own_way(made: Artifact, name: str, text: str, expected: str) -> None:
    """So a final full stop stands at the end, in whatever the text stands."""
    assert way(innermost(page(made, name).find("body"), text)) == expected


def test_in_the_mail_such_text_begins_at_the_right_edge(made: Artifact) -> None:
    """A cell too, whose column is aligned to the left."""
    turned = [
        node for node in page(made, "email.html").iter() if isinstance(node.tag, str) and node.get("dir") == "rtl"
    ]
    own = [node for node in turned if "digest" not in classes(node)]
    assert {node.tag for node in own} == {"h1", "h2", "h3", "p", "li", "td"}
    assert {"text-align:right" in node.get("style") for node in own} == {True}


def test_text_that_runs_as_the_page_says_nothing(artifact: Artifact) -> None:
    """No byte for issues without right-to-left text."""
    body = page(artifact, "email.html").find("body")
    assert [node.tag for node in body.iter() if isinstance(node.tag, str) and node.get("dir")] == ["div"]


def test_the_checks_and_parity_have_nothing_against_it(made: Artifact, mixed: Issue, publication: Publication) -> None:
    """Every mail program knows `dir`."""
    assert compare(installed()["email"], made, mixed, publication) == ()
    found = check(installed()["email"], made, mixed, publication)
    assert [finding.message for finding in found] == []


@pytest.mark.parametrize("name", ["email.html", "web.html"])
def test_emphasis_on_han_is_underlined_and_upright(made: Artifact, name: str) -> None:
    """No Chinese typography slants; other letters stay as they are."""
    shown = {words(node): "upright" in classes(node) for node in page(made, name).iter("em")}
    assert shown == {"强调的话": True, "emphasis": False, "里的强调": True, "جدا": False}


def test_the_line_below_emphasis_takes_the_colour_of_its_words(made: Artifact) -> None:
    """So it is seen by night, on any ground; Outlook, which draws no such line, underlines."""
    root = page(made, "email.html")
    styles = {words(node): node.get("style") for node in root.iter("em")}
    assert styles["强调的话"] == "font-style:normal;border-bottom:1px dotted"
    assert styles["emphasis"] is None
    assert ".upright { text-decoration: underline; }" in made.files["email.html"].decode()
