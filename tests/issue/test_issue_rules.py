"""Each rule about the issue: a text that breaks it once and nothing else, and one close to it that is clean."""

from __future__ import annotations

import re
import time

import pytest

from kanfa.findings import Finding, Rule
from kanfa.issue import rules
from kanfa.issue.lint import lint
from kanfa.issue.model import text_of
from kanfa.issue.reader import read

HEAD = "---\ntitle: 题\nnumber: 9\nsummary: 摘要\n---\n"
LONG = "长" * 33

Case = tuple[Rule, int, str, str]
"""The rule, the line of the finding, the text with the fault, and the clean one."""

CASES: list[Case] = [
    (rules.NO_CONTENT, 1, HEAD, f"{HEAD}a"),
    (rules.TITLE_MISSING, 1, "---\nnumber: 9\nsummary: s\n---\na", "---\nnumber: 9\nsummary: s\n---\n# T\n\na"),
    (
        rules.TITLE_LONG,
        2,
        f"---\ntitle: {LONG}\nnumber: 9\nsummary: s\n---\na",
        f"---\ntitle: {LONG}\nshort_title: 短\nnumber: 9\nsummary: s\n---\na",
    ),
    (
        rules.SHORT_TITLE_LONG,
        6,
        f"---\ntitle: 题\nnumber: 9\nsummary: s\n\nshort_title: {LONG}\n---\na",
        f"---\ntitle: 题\nnumber: 9\nsummary: s\n\nshort_title: {LONG[1:]}\n---\na",
    ),
    (
        rules.IDENTITY_MISSING,
        1,
        "---\ntitle: 题\nsummary: s\n---\na",
        "---\ntitle: 题\nsummary: s\ndate: 2024-01-01\n---\na",
    ),
    (rules.SUMMARY_MISSING, 1, "---\ntitle: 题\nnumber: 9\n---\na", f"{HEAD}a"),
    (
        rules.SUMMARY_LONG,
        4,
        f"---\ntitle: 题\nnumber: 9\nsummary: {'摘' * 121}\n---\na",
        f"---\ntitle: 题\nnumber: 9\nsummary: {'摘' * 120}\n---\na",
    ),
    (
        rules.META_TYPE,
        5,
        "---\ntitle: 题\nnumber: 9\nsummary: s\ndate: 某日\n---\na",
        "---\ntitle: 题\nnumber: 9\nsummary: s\ndate: 2024-01-01\n---\na",
    ),
    (rules.META_UNUSED, 2, "---\nlayout: post\ntitle: 题\nnumber: 9\nsummary: s\n---\na", f"{HEAD}a"),
    (rules.META_DUPLICATE, 5, "---\ntitle: 题\nnumber: 8\nsummary: s\nnumber: 9\n---\na", f"{HEAD}a"),
    (
        rules.META_DUPLICATE,
        3,
        "Title: 题\nTags: a\nTags: b\nNumber: 9\nSummary: s\n\na",
        "Title: 题\nTags: a, b\nNumber: 9\nSummary: s\n\na",
    ),
    (rules.META_PLACE, 2, f"\n{HEAD}a", f"{HEAD}a"),
    (rules.TITLE_DIFFERS, 6, f"{HEAD}# 别的\n\na", f"{HEAD}# 题\n\na"),
    (
        rules.TITLE_MARKUP,
        5,
        "---\nnumber: 9\nsummary: s\n---\n# [题](https://a.org)\n\na",
        "---\nnumber: 9\nsummary: s\n---\n# *题*\n\na",
    ),
    (rules.HEADING_JUMP, 8, f"{HEAD}## a\n\n#### b\n\nc", f"{HEAD}## a\n\n### b\n\nc"),
    (rules.SECTION_EMPTY, 8, f"{HEAD}a\n\n## b", f"{HEAD}a\n\n## b\n\nc"),
    (rules.TOO_DEEP, 6, HEAD + "- " * 13 + "a", HEAD + "- " * 12 + "a"),
    (rules.NOTE_UNDEFINED, 7, f"{HEAD}a\nb[^c]", f"{HEAD}a\nb\\[^c] `[^c]`"),
    (rules.NOTE_UNUSED, 8, f"{HEAD}a\n\n[^c]: d", f"{HEAD}a[^c]\n\n[^c]: d"),
    (rules.NOTE_DUPLICATE, 10, f"{HEAD}a[^c]\n\n[^c]: d\n\n[^c]: e", f"{HEAD}a[^c][^d]\n\n[^c]: d\n\n[^d]: e"),
    (rules.ITEM_EMPTY, 7, f"{HEAD}- a\n-\n- b", f"{HEAD}- a\n- b"),
    (rules.TABLE_CELLS, 8, f"{HEAD}|a|\n|-|\n|1|2|", f"{HEAD}|a|\n|-|\n|1\\|2|"),
    (rules.FENCE_OPEN, 8, f"{HEAD}a\n\n```\nb", f"{HEAD}a\n\n- b\n\n  ```\n  b\n  ```\n\n> ```\n> c\n> ```"),
    (rules.HEADING_NESTED, 6, f"{HEAD}> ## a", f"{HEAD}> **a**"),
    (rules.LINK_SCHEME, 6, f"{HEAD}[a](hhttps://a.org)", f"{HEAD}[a](https://a.org)"),
    (rules.LINK_RELATIVE, 6, f"{HEAD}[a](/b)", f"{HEAD}[a](mailto:a@b.org)"),
    (rules.LINK_ADDRESS, 6, f"{HEAD}[a](https:///b)", f"{HEAD}[a](https://b/)"),
    (rules.LINK_LITERAL, 7, f"{HEAD}a\n[b](c d)", f"{HEAD}a\n\\[b\\](c d) `[b](c d)` a[i][j]"),
    (rules.LINK_EMPTY, 6, f"{HEAD}a [](https://a.org)", f"{HEAD}a [![b](c.png)](https://a.org)"),
    (
        rules.LINK_DUPLICATE,
        7,
        f"{HEAD}[a](https://a.org)\n[b](HTTPS://A.org)",
        f"{HEAD}[a](https://a.org)\n[b](https://b.org)",
    ),
    (
        rules.LINK_TRACKING,
        6,
        f"{HEAD}[a](https://a.org/?x=1&utm_source=b&utm_medium=c)",
        f"{HEAD}[a](https://a.org/?x=1#utm_source)",
    ),
    (rules.LINK_NESTED, 6, f'{HEAD}[a <a href="https://b.org">b</a>](https://a.org)', f"{HEAD}[a b](https://a.org)"),
    (rules.REF_UNUSED, 8, f"{HEAD}a\n\n[b]: https://b.org", f"{HEAD}[a][b] ![c]\n\n[b]: https://b.org\n[c]: c.png"),
    (
        rules.REF_DUPLICATE,
        9,
        f"{HEAD}[b]\n\n[b]: https://b.org\n[B]: https://c.org",
        f"{HEAD}[b] [c]\n\n[b]: https://b.org\n[c]: https://c.org",
    ),
    (
        rules.TITLE_HOVER,
        7,
        f'{HEAD}a\n[甲](https://a.org "说明")',
        f'{HEAD}![a](b.png "说明")\n\n[甲](https://a.org "")',
    ),
    (rules.TITLE_HOVER, 6, f'{HEAD}a![甲](b.png "说明")', f"{HEAD}a![甲](b.png)"),
    (rules.TITLE_HOVER, 6, f'{HEAD}[![甲](b.png)](https://a.org "说明")', f"{HEAD}[![甲](b.png '题')](https://a.org)"),
    (
        rules.TITLE_HOVER,
        6,
        f'{HEAD}<figure><img src="b.png" alt="a" title="t"><figcaption>c</figcaption></figure>',
        f'{HEAD}<figure><img src="b.png" alt="a" title="t"></figure>',
    ),
    (rules.IMAGE_ALT, 8, f"{HEAD}a\n\n![](b.png)", f"{HEAD}a\n\n![b](b.png)"),
    (rules.IMAGE_SOURCE, 6, f"{HEAD}![a](data:image/png;base64,x)", f"{HEAD}![a](b.png)"),
    (rules.HTML_UNKNOWN, 7, f"{HEAD}a\nRc<T>", f"{HEAD}a\n`Rc<T>` Rc\\<T> 1 < 2"),
    (rules.HTML_UNWRAPPED, 6, f"{HEAD}a <span>b</span>", f"{HEAD}a <small>b</small>"),
    (rules.HTML_UNBALANCED, 6, f"{HEAD}a <u>b", f"{HEAD}a <u>b</u>"),
    (rules.HTML_FRAME, 6, f'{HEAD}<iframe src="https://a.org"></iframe>', f"{HEAD}<https://a.org>"),
    (rules.COMMENT_OPEN, 8, f"{HEAD}a\n\n<!-- b\n\nc", f"{HEAD}a\n\n<!-- b\n\nc -->"),
    (rules.STRAY_EMPHASIS, 7, f"{HEAD}a\n**Note:**b", f"{HEAD}a\n**注：**b \\*\\*c f(x, **d) 2 * 3 x__y `**` **kwargs"),
    (rules.STRAY_EMPHASIS, 7, f"{HEAD}a\n~~ b ~~", f"{HEAD}a\n~~注：~~b \\~~c `~~` a ~ b"),
    *(
        (rules.UNSUPPORTED_MARKUP, line, f"{HEAD}{faulty}", f"{HEAD}{clean}")
        for line, faulty, clean in (
            (7, 'a\n{{< b "c" >}} d {{< /b >}}', "a\n`{{< b >}}` \\{{< c >}} {{ 7*7 }} {% raw %}"),
            (6, "{{% b %}}", "    {{% b %}}"),
            (6, '{{<figure src="a.png">}}', "{{ a }}<u>b</u>"),
            (7, "甲\n$$\n\n$a_1", "`$$` \\$\\$a\\$\\$ $$ a"),
            (6, "甲 $ \\alpha $ 乙", "`$ \\alpha $` $5 和 $6，$HOME_DIR/$B"),
            (6, "甲 $E=mc^2$2 乙", "甲 \\$E=mc^2$2 乙"),
            (6, "共 $42$ 个", "共 `$42$` 个，$42"),
            (6, "这是==亮==的", "`==亮==` a == b == c"),
            (6, "见[[维基]]", "`[[维基]]` a[[1,2]]"),
            (8, "a\n\n[TOC]", "a [TOC] b"),
            (6, "## 甲 {#id .cls}\n\na", "## 甲 {}\n\na {#id}"),
            (6, "{% youtube x %}", "{% raw %}{{ a }}{% endraw %} `{% youtube x %}`"),
            (7, "词\n: 释义", "词：释义\n\n: 释义"),
        )
    ),
    (rules.PUNCT_HALFWIDTH, 7, f"{HEAD}a\n甲,乙:丙", f"{HEAD}a\n甲，乙 a,b 甲, `甲,乙` 3:1 甲:a"),
    (rules.CHAR_INVISIBLE, 7, f"{HEAD}a\nb\u200bc", f"{HEAD}a\nb&nbsp;c `d\te`\n\n    f\tg"),
    (rules.BIDI_CONTROL, 7, f"{HEAD}a\nb\u202ec", f"{HEAD}a\nb c"),
    (rules.NUMBERED_LINES, 7, f"{HEAD}a\n1、甲\n2、乙\n3、丙", f"{HEAD}1、甲  \n2、乙\n\n`1、`\n3、a"),
    (rules.HEADING_EMPTY, 6, f"{HEAD}##\n\na", f"{HEAD}## b\n\na"),
    (rules.LINK_CREDENTIALS, 6, f"{HEAD}[a](https://admin:secret@b.org/)", f"{HEAD}[a](https://b.org/@c:d)"),
    (
        rules.TABLE_CELLS,
        6,
        HEAD + "<table><tr><td>a</td><td>b</td></tr>\n<tr><td>c</td></tr></table>".replace("\n", ""),
        HEAD + '<table><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></table>',
    ),
    (rules.CHAR_CONTROL, 7, f"{HEAD}a\nb\x08c", f"{HEAD}a\nb c"),
]


NAMES = [f"{number}-{case[0].name}" for number, case in enumerate(CASES)]


def found(source: str) -> list[Finding]:
    result = read(source)
    return [*result.findings, *lint(result.issue)]


@pytest.mark.parametrize(("rule", "line", "faulty", "clean"), CASES, ids=NAMES)
def test_the_fault_is_found_once_and_alone(rule: Rule, line: int, faulty: str, clean: str) -> None:
    findings = found(faulty)
    assert [(finding.rule.name, finding.line) for finding in findings] == [(rule.name, line)]
    assert [finding.rule.name for finding in found(clean)] == []


def test_every_rule_has_a_case_and_a_complete_entry() -> None:
    assert {case[0] for case in CASES} == set(rules.RULES)
    assert len({rule.id for rule in rules.RULES}) == len({rule.name for rule in rules.RULES}) == len(rules.RULES)
    for rule in rules.RULES:
        assert re.fullmatch(r"ISS0[0-57]\d", rule.id)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
        assert rule.reason
        assert rule.source
        assert rule.cure


def test_half_width_marks_of_a_line_are_one_finding_across_marks_and_soft_breaks() -> None:
    findings = found(f"{HEAD}**甲**,乙\n丙,丁;戊!己?庚")
    assert [(f.line, f.message) for f in findings] == [
        (6, "half-width punctuation between Han characters: “甲,乙”"),
        (7, "half-width punctuation between Han characters: “丙,丁”、“丁;戊”、“戊!己” and 1 more"),
    ]


def test_title_and_summary_are_read_too() -> None:
    findings = found("---\ntitle: 甲,乙\nnumber: 1\nsummary: 丙,丁\ncover: a.png\n---\na")
    assert [(f.rule.name, f.line) for f in findings] == [
        ("image-alt", 5),
        ("punct-halfwidth", 2),
        ("punct-halfwidth", 4),
    ]


def test_template_marks_are_no_findings() -> None:
    assert found(f"{HEAD}{{{{ 7*7 }}}} {{% raw %}}") == []


@pytest.mark.parametrize(
    ("heading", "what"),
    [
        ("[题](https://a.org)", "a link"),
        ("题![](a.png)", "a picture"),
        ('题<iframe src="https://a.org">a</iframe>', "a frame"),
        ("~~题~~", "a deletion"),
        ("<del>题</del><s>题</s>", "a deletion"),
        ("题[^n]", "the mark of a footnote"),
        ("H<sub>2</sub>O", "<sub>"),
        ("[~~题~~](https://a.org)", "a link, a deletion"),
    ],
)
def test_whatever_a_title_cannot_keep_is_named_in_one_finding(heading: str, what: str) -> None:
    findings = read(f"# {heading}\n\na\n\n[^n]: b").findings
    assert [f.message for f in findings if f.rule is rules.TITLE_MARKUP] == [
        f"the title cannot keep what it holds: {what}"
    ]


def test_shortcodes_without_spaces_stay_text() -> None:
    result = read(f'{HEAD}{{{{<figure src="a.png">}}}}b\n\nc')
    assert [(f.rule.name, f.line) for f in result.findings] == [("unsupported-markup", 6)]
    assert text_of(*result.issue.body()).startswith('{{<figure src="a.png">}}b')


def test_lengths_count_an_emoji_twice_as_wechat_may() -> None:
    head = "---\nnumber: 9\nsummary: s\ntitle: "
    assert [f.rule.name for f in found(f"{head}{'🚀' * 16}\n---\na")] == []
    (finding,) = found(f"{head}{'🚀' * 16}长\n---\na")
    assert (finding.rule, finding.message[:27]) == (rules.TITLE_LONG, "the title has 33 characters")


def test_punctuation_is_found_on_its_line_beside_marks_and_repeated_words() -> None:
    findings = found(f"{HEAD}一二三四五六七,八九\n十\n一二三四伍六七,八九\n十\n*丙*,丁")
    assert [f.line for f in findings] == [6, 8, 10]


@pytest.mark.parametrize(
    "source",
    [
        "中&#44;中" * 20_000,
        "\n\n".join("".join(chr(0x4E00 + (m + n) % 20_000) + "&#44;" for m in range(200)) for n in range(100)),
        "*中*&#8203;" * 6_000,
        "中,中" * 25_000,
        "a,\t" * 60_000 + "中&#44;中\u200b",
    ],
)
def test_places_are_found_in_linear_time(source: str) -> None:
    issue = read(f"{HEAD}{source}").issue
    start = time.process_time()
    list(lint(issue))
    assert time.process_time() - start < 10.0  # a quadratic search would take minutes


@pytest.mark.parametrize(
    ("source", "messages"),
    [
        ("前面的字[b](c d)后面的字", ["“[b](c d)” did not become a link"]),
        ("[a][b](c d)", ["“[a][b]” did not become a link"]),
        ("<dl>", ["<dl> is not supported; it is shown as text"]),
        ("a <wbr> <dfn>", [f"<{tag}> is not supported; it is shown as text" for tag in ("dfn", "wbr")]),
        ("a <ruby>", ["<ruby> is not allowed here: write {字|zì} instead"]),
    ],
)
def test_messages_quote_the_whole_pair_and_suggest_nothing_for_real_elements(source: str, messages: list[str]) -> None:
    assert [finding.message for finding in found(f"{HEAD}{source}")] == messages


def test_turning_marks_are_taken_out_of_text_and_entities() -> None:
    result = read(f"{HEAD}a\u202eb&#x2066;c")
    assert text_of(*result.issue.body()) == "abc"
    assert [f.rule.name for f in result.findings] == ["bidi-control", "bidi-control"]
