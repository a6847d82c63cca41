"""Editorial lint: each rule once, at its line, beside a text that is near and clean."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from kanfa.findings import Finding, Rule
from kanfa.issue import editorial_rules as editorial
from kanfa.issue import rules
from kanfa.issue.lint import lint
from kanfa.issue.model import Asset
from kanfa.issue.reader import read
from kanfa.publication import LintSettings, Publication, SectionSettings

HEAD = "---\ntitle: 题\nnumber: 9\ndate: 2019-07-02\nsummary: 摘要\n---\n"
PLAIN = Publication(name="n")
LIST = "- 这是一个完整的句子没错。\n- 这又是一个完整的句子。\n"

CASES: list[tuple[Rule, int, str, str]] = [
    (editorial.LINK_SIMPLIFY, 7, "[甲](https://a.org/b//c)", "[甲](https://web.archive.org/web/2019/https://a.org/b)"),
    (editorial.LINK_INSECURE, 7, "[甲](http://sub.github.com/a)", "[甲](http://a.org/) [乙](https://b.org/)"),
    (editorial.LINK_INSECURE, 7, "[甲](http://a.org/b) [乙](https://a.org/)", "[甲](http://github.com:8080/a)"),
    (
        editorial.LINK_FRAGMENTED,
        7,
        "[甲](https://a.org)**[乙](https://a.org)** [丙](https://a.org)[丁](https://a.org)",
        "",
    ),
    (
        editorial.LINK_BARE,
        8,
        "甲\n乙 https://a.org。",
        "甲\n<https://a.org> `https://a.org` [https://a.org](https://b.org)",
    ),
    (editorial.LINK_TEXT, 7, "[点击这里](https://a.org)", "[点击这里下载](https://a.org)"),
    (editorial.LINK_TEXT, 7, "[» Here.](https://a.org)", "[Here we go](https://a.org)"),
    (editorial.LINK_CUT, 7, f"[{'a' * 67}...](https://a.org)", f"[{'a' * 50}…](https://a.org)"),
    (editorial.BACKTICK_ODD, 8, "甲\n乙 ``丙`", "甲\n`乙` \\` `` a`b ``"),
    (editorial.ISSUE_NUMBER, 2, "", "甲"),
    (editorial.WORD_REPEATED, 7, "of the\nthe end", "的的确确不了了之 that that is is, the the.x"),
    (editorial.LATIN_FULLWIDTH, 7, "第９期", "第9期！？"),
    (editorial.QUOTES_MIXED, 7, '他说"好"', 'say "yes" 《论「好」》“一”“二”'),
    (editorial.BRACKET_UNMATCHED, 8, "甲\n乙（丙", "1）甲；2）乙 (a) :) （甲(b)丙）"),
    (editorial.ELLIPSIS, 7, "甲...", "a... ……"),
    (editorial.MARKS_DOUBLED, 7, "甲，。", "甲！！乙？！"),
    (editorial.DATE_WRONG, 7, "2019 年 2 月 29 日", "2020 年 2 月 29 日（星期六）和 7 月 2 日（周二）"),
    (editorial.DATE_WRONG, 7, "1 月 1 日星期四", "1 月 1 日星期二"),
    (editorial.HEADING_MARK, 7, "## 甲。\n\n乙", "## 甲？\n\n乙\n\n## Vol.\n\n丙"),
    (
        editorial.ITEM_ENDS,
        9,
        f"{LIST}- 这一个句子却没有写完它",
        f"{LIST}- 短\n- 这一个句子是写完了的（#1）。\n- 它也写完了啊真的。（1）",
    ),
    (editorial.NAME_SPELLING, 7, "用 Etcd 存", "`github` github.com kubernetes-sigs/x Kubelet-x kubernetes#1"),
    (editorial.NAME_SPELLING, 7, "the Kubelet now", "Kubelet now runs. Kubectl too"),
    (editorial.TERM_TYPO, 7, "a Kuberntes cluster", "containers deployed, clusters released, `goruntine`"),
    (editorial.COPYEDIT_MARKS, 7, "“甲”,乙", "甲，b (c), d"),
    (editorial.COPYEDIT_SPACING, 8, "用 A 和 B\n用C 吗", "用C和D吗第9期"),
    (editorial.COPYEDIT_SPACING, 8, "用A和B\n用 C吗", "用 C 和 D 吗 第9期"),
    (editorial.SPACE_DOUBLED, 7, "甲。  a", "甲  \n乙 <!-- x --> 丙 `a  b`"),
]


def found(source: str, publication: Publication | None = PLAIN, **more: object) -> list[Finding]:
    result = read(source, "009/issue.md", publication)
    return [*result.findings, *lint(result.issue, publication, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "line", "faulty", "clean"), CASES, ids=[f"{n}-{c[0].name}" for n, c in enumerate(CASES)]
)
def test_the_fault_is_found_once_and_alone(rule: Rule, line: int, faulty: str, clean: str) -> None:
    head = HEAD.replace("题", "第八期") + "甲\n" if rule is editorial.ISSUE_NUMBER else HEAD
    ours = [(f.rule.name, f.line) for f in found(head + faulty) if f.rule is not rules.LINK_DUPLICATE]
    assert ours == [(rule.name, line)]
    assert [f.rule.name for f in found(HEAD + (clean or "甲"))] == []


def test_a_strict_section_takes_no_address_twice_and_none_of_recent_issues() -> None:
    publication = Publication(name="n", sections=(SectionSettings(name="要闻", strict_links=True),))
    text = (
        HEAD
        + "[甲](https://a.org)\n\n## 要 闻\n\n[乙](https://a.org)\n\n### 组\n\n[丙](https://c.org)\n\n## 别处\n\n[丁](https://c.org)"
    )
    recent = {"https://c.org": ("第八期", 12), "https://a.org": ("第七期", 3)}
    assert [(f.rule, f.line, f.message) for f in found(text, publication, recent=recent) if f.rule in LINKS] == [
        (editorial.LINK_REPEATED, 11, "https://a.org is also linked on line 7"),
        (editorial.LINK_REPEATED, 15, "https://c.org was linked in 第八期 before, on line 12"),
        (rules.LINK_DUPLICATE, 19, "https://c.org is also linked on line 15"),
    ]


LINKS = {editorial.LINK_REPEATED, rules.LINK_DUPLICATE}


def test_editions_for_different_formats_may_repeat_a_link() -> None:
    text = f"{HEAD}:::only email\n[甲](https://a.org)\n:::\n\n:::only pdf\n[乙](https://a.org)\n:::"
    assert [f.rule for f in found(text) if f.rule in LINKS] == []


def test_the_publications_own_glossary_is_followed_before_the_known_names() -> None:
    publication = Publication(
        name="n", glossary={"K8s": ("k8s", "K8S"), "istio": (), "Argo CD": ("Argo",), "小程序": ("小程式",)}
    )
    messages = [(f.line, f.message) for f in found(f"{HEAD}用 k8s 和 istio\n用 Argo CD、Argo 与小程式", publication)]
    assert messages == [
        (7, "not as in the glossary: “k8s → K8s”"),
        (8, "not as in the glossary: “Argo → Argo CD”、“小程式 → 小程序”"),
    ]
    assert {f.rule for f in found(f"{HEAD}用 k8s", publication)} == {editorial.GLOSSARY}


def test_reading_time_is_counted_in_han_characters_and_latin_words() -> None:
    publication = Publication(name="n", lint=LintSettings(minutes=2, characters_per_minute=10))
    assert found(f"{HEAD}{'字' * 18} two words", publication) == []
    (finding,) = found(f"{HEAD}{'字' * 18} two words `three`", publication)
    assert (finding.rule, finding.line) == (editorial.READING_TIME, 1)
    assert finding.message == "about 3 minutes to read (21 characters and words); the limit is 2"


def test_rules_that_are_switched_off_say_nothing_but_errors_always_do() -> None:
    text = f"{HEAD}的的 [](https://a.org)"
    off = Publication(name="n", lint=LintSettings(off=("ISS110", "ISS034")))
    assert [f.rule for f in found(text, off)] == [rules.LINK_EMPTY]


def test_copy_editing_can_be_switched_off() -> None:
    quiet = Publication(name="n", lint=LintSettings(autocorrect=False))
    assert [f.rule for f in found(f"{HEAD}甲,a")] == [editorial.COPYEDIT_MARKS]
    assert found(f"{HEAD}甲,a", quiet) == found(f"{HEAD}甲,a", None) == []


def test_a_picture_wider_than_any_channel_shows_is_told_once() -> None:
    issue = read(f"{HEAD}![甲](a.png) ![乙](a.png)\n\n![丙](b.png)").issue
    assets = tuple(
        Asset(f"{n}.png", f"{n}.png", "image/png", b"", "", width, 10) for n, width in (("a", 2001), ("b", 2000))
    )
    told = [(f.rule, f.line, f.message) for f in lint(replace(issue, assets=assets))]
    assert told == [(editorial.IMAGE_WIDE, 7, "a.png is 2001 pixels wide and 10 high")]


def test_several_places_of_one_line_are_one_finding() -> None:
    (finding,) = found(f"{HEAD}甲... 乙... 丙... 丁......")
    assert finding.message == "“...”、“......” stands for an ellipsis; write ……"


def test_every_template_is_constant_so_that_it_can_be_translated() -> None:
    findings = found(f"{HEAD}甲,乙 的的 ＡＢ [这里](http://github.com//a?utm_source=x) Etcd goruntine")
    assert len({f.template for f in findings}) == len(findings) > 6
    assert all("甲" not in f.template and "github" not in f.template for f in findings)


@pytest.mark.parametrize(
    "source",
    [
        "（" * 30_000,
        "的的" * 20_000,
        "甲,a " * 20_000,
        "“" * 30_000,
        "a  " * 20_000,
        "goruntine " * 10_000,
        "`" * 30_000,
        "（(" * 10_000 + ")" * 10_000,
        "甲乙A" * 20_000,
        "https://a.org " * 1_900,
        "[a](https://b.org)" * 2_000,
    ],
    ids=range(11),
)
def test_lint_is_linear_in_the_text(source: str) -> None:
    issue = read(f"{HEAD}{source}").issue
    start = time.process_time()
    list(lint(issue, PLAIN))
    assert time.process_time() - start < 10.0  # a quadratic search would take minutes
