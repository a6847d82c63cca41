"""HTML in Markdown: the allow-list becomes nodes, everything else stays visible as text with a finding."""

from __future__ import annotations

import pytest
from issue_outline import outline

from kanfa.issue.model import Image
from kanfa.issue.reader import read

CASES = {
    "inline marks": (
        "H<sub>2</sub><sup>3</sup> <u>a</u><ins>b</ins><del>c</del><s>d</s> <small>e</small><kbd>f</kbd><mark>g</mark>",
        "p Hsubscript[2]superscript[3] underline[a]inserted[b]deleted[c]deleted[d] small[e]keyboard[f]mark[g]",
        [],
    ),
    "a tag round Markdown": ("<u>a **b** c</u>", "p underline[a strong[b] c]", []),
    "break": ("a<br>b<br/>c", "p a¶b¶c", []),
    "link": ('<a href="https://a.org/?a=1&amp;b=2">x</a>', "p <https://a.org/?a=1&b=2|x>", []),
    "anchor without href": ('<a name="x">y</a>', "p y", ["html-unwrapped"]),
    "picture": ('<img src="a.png" alt="章">', "figure img[a.png|章]", []),
    "picture in a centred paragraph": (
        '<p align="center">\n  <img src="a.png" alt="章">\n</p>',
        "figure img[a.png|章]",
        [],
    ),
    "two pictures in two blocks": (
        '<img src="a.png" alt="a">\n\n<img src="b.png" alt="b">',
        "figure img[a.png|a]\nfigure img[b.png|b]",
        [],
    ),
    "figure": (
        '<figure><img src="a.png" alt="章"><figcaption>朱<sup>2</sup></figcaption></figure>',
        "figure img[a.png|章] “朱superscript[2]”",
        [],
    ),
    "figure with two pictures": (
        '<figure><img src="a.png" alt="a">\n<a href="https://a.org"><img src="b.png" alt="b"></a>'
        "<figcaption>朱</figcaption></figure>",
        "figure img[a.png|a]\nfigure img[b.png|b] “朱” → https://a.org",
        [],
    ),
    "figure with a link": (
        '<figure><a href="https://a.org"><img src="a.png" alt="章"></a></figure>',
        "figure img[a.png|章] → https://a.org",
        [],
    ),
    "details on one line": ("<details><summary>题</summary>文</details>", "details 题\n  p 文", []),
    "details round Markdown": (
        "<details>\n<summary>题</summary>\n\n- a\n\n</details>\n\nb",
        "details 题\n  ul\n    item\n      p a\np b",
        [],
    ),
    "details that end within a paragraph": (
        "<details>\n<summary>题</summary>\n\na</details>\n\n## b\n\nc",
        "details 题\n  p a\nh1 b\n  p c",
        [],
    ),
    "details without a summary": ("<details>\n\na\n\n</details>", "details \n  p a", []),
    "table": (
        '<table><caption>T</caption><tr><th colspan="2">a</th></tr><tr><td align="right">b</td><td>c</td></tr></table>',
        "table\n  caption T\n  | a{ ×2!}\n  | b{right} | c",
        [],
    ),
    "table with omitted ends": ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "table\n  | a | b\n  | c | d", []),
    "blocks in a cell become lines": ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", "table\n  | a¶b", []),
    "text in a table but in no cell": ("<table>x<tr><td>a</td></tr></table>", "p x\ntable\n  | a", ["html-unbalanced"]),
    "frame": ('<iframe src="https://v.org/1" title="三分钟"></iframe>', "p <https://v.org/1|三分钟>", ["html-frame"]),
    "div and span are unwrapped": (
        "<div>\n\n## A\n\na <span>b</span>\n\n</div>",
        "h1 A\n  p a b",
        ["html-unwrapped", "html-unwrapped"],
    ),
    "swallowed generics": ("`x` Rc<T> 与 Vec<String>", "p `x` Rc<T> 与 Vec<String>", ["html-unknown", "html-unknown"]),
    "generics at the start of a line": ("<T>\nfoo", "p <T> foo", ["html-unknown"]),
    "script is text": ("<script>alert(1)</script>", "p <script>alert(1)</script>", ["html-unknown"]),
    "script that never closes": ("<script>a\n\nb", "p <script>a b", ["html-unknown"]),
    "unknown end alone": ("a</font>", "p a</font>", ["html-unknown"]),
    "declaration": ("<!DOCTYPE html>", "p <!DOCTYPE html>", ["html-unknown"]),
    "marked section": ("<![CDATA[x]]>", "p <![CDATA[x]]>", ["html-unknown"]),
    "tag that never ends": ('<div class="a\nb', 'p <div class="a b', ["html-unknown"]),
    "open mark": ("a <u>b", "p a underline[b]", ["html-unbalanced"]),
    "end alone": ("a</u>", "p a", ["html-unbalanced"]),
    "crossing marks": ("<u>a **b</u> c**", "p underline[a strong[b c]]", ["html-unbalanced"]),
    "link round blocks": ('<a href="https://a.org">\n\nx\n\n</a>', "p x", ["link-nested"]),
    "link in a link": ('[a <a href="https://b.org">b</a>](https://a.org)', "p <https://a.org|a b>", ["link-nested"]),
    "comment that never closes": ("<!-- a\n\nb", "p <!-- a b", ["comment-open"]),
}


@pytest.mark.parametrize(("source", "expected", "rules"), CASES.values(), ids=CASES)
def test_html_becomes_this_tree(source: str, expected: str, rules: list[str]) -> None:
    result = read(f"---\ntitle: T\n---\n{source}")
    assert outline(result.issue) == expected
    assert [finding.rule.name for finding in result.findings] == rules


@pytest.mark.parametrize(("written", "width"), [("120", 120), ("120px", 120), ("50%", None), ("0", None), ("９", None)])
def test_the_width_of_a_picture_is_kept_when_it_is_pixels(written: str, width: int | None) -> None:
    (image,) = read(f'a <img src="x.png" alt="x" width="{written}">').issue.images()
    assert isinstance(image, Image)
    assert image.width == width


def test_findings_inside_an_html_block_name_their_own_line() -> None:
    result = read("---\ntitle: T\n---\n<p>\na\n<font>b</font>\n</p>\n")
    assert [(f.rule.name, f.line) for f in result.findings] == [("html-unknown", 6)]
