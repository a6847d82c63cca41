"""One defect in a clean Chinese issue gives exactly that finding, on that line, and no other."""

from __future__ import annotations

import pytest

from kanfa.findings import Finding, Rule
from kanfa.issue import editorial_rules as editorial
from kanfa.issue import rules
from kanfa.issue.lint import lint
from kanfa.issue.reader import read
from kanfa.publication import LintSettings, Publication, SectionSettings

CLEAN = """\
---
number: 9
title: 云原生周报第九期
date: 2019-07-02
summary: 本期介绍 Helm 3 与 Knative 0.7.0。
---

## 业界要闻

《云原生周报》每周与读者见面一次，一线专家陪您“跟踪动态，读懂社区”。

- **[Helm 3 首个测试版](https://helm.sh/blog)正式发布**。在 Kubernetes 上分发应用，它早已是事实标准。
- [Talos](https://github.com/talos-systems/talos) 是专为 Kubernetes 而生的操作系统，比 CoreOS 还要精简。
- 本次聚会定于 7 月 6 日（周六）举行，欢迎来自各个社区的朋友（含远程参会者）报名。

## 上游进展

用 `kubectl get pods` 查看状态，例如：

```yaml
kind: daemonset,foo  # 这里的,不动
```

1. 新增 `WatchBookmark` 特性，性能大为改观。
2. 修复 DaemonSet 中的死锁，详见 [kubernetes#78974](https://github.com/kubernetes/kubernetes/pull/78974)。

![示意图](https://example.org/a.png "图一：流程")
"""

PUBLICATION = Publication(
    name="云原生周报",
    glossary={"容器镜像": ("容器映像",), "Cloud Run": ("CloudRun",)},
    sections=(SectionSettings(name="业界要闻", strict_links=True),),
    lint=LintSettings(minutes=1),
)

TABLE: list[tuple[Rule, str, str, str]] = [
    (rules.LINK_SCHEME, "hhttps", "https://helm.sh/blog", "hhttps://helm.sh/blog"),
    (rules.LINK_SCHEME, "ttps", "https://helm.sh/blog", "ttps://helm.sh/blog"),
    (rules.LINK_SCHEME, "mail", "https://helm.sh/blog", "mail:a@helm.sh"),
    (rules.LINK_LITERAL, "bracket", "[Talos](https", "Talos](https"),
    (rules.LINK_TRACKING, "utm", "helm.sh/blog", "helm.sh/blog?utm_source=x"),
    (editorial.LINK_SIMPLIFY, "slashes", "helm.sh/blog", "helm.sh//blog"),
    (editorial.LINK_INSECURE, "known host", "https://github.com/talos", "http://github.com/talos"),
    (editorial.LINK_REPEATED, "strict", "talos-systems/talos) 是", "talos-systems/talos) [是](https://helm.sh/blog)"),
    (rules.LINK_DUPLICATE, "not strict", "性能大为改观", "[性能](https://helm.sh/blog)大为改观"),
    (editorial.LINK_FRAGMENTED, "pieces", "[Helm 3 首", "[Helm 3](https://helm.sh/blog)[ 首"),
    (editorial.LINK_BARE, "bare", "事实标准", "事实标准 https://helm.sh/docs"),
    (editorial.LINK_TEXT, "here", "[Talos]", "[这里]"),
    (editorial.LINK_CUT, "cut", "[Talos]", f"[{'长' * 70}…]"),
    (rules.LINK_EMPTY, "empty", "[Talos]", "[]"),
    (rules.IMAGE_ALT, "alt", "![示意图]", "![]"),
    (rules.STRAY_EMPHASIS, "emphasis", "**[Helm 3 首", "[Helm 3 首"),
    (editorial.BACKTICK_ODD, "backtick", "`WatchBookmark`", "`WatchBookmark"),
    (rules.HTML_UNKNOWN, "generic", "死锁", " Vec<String> 死锁"),
    (rules.PUNCT_HALFWIDTH, "comma", "一次，一线", "一次,一线"),
    (rules.PUNCT_HALFWIDTH, "brackets", "（含远程参会者）", "(含远程参会者)"),
    (rules.CHAR_INVISIBLE, "zero width", "操作系统", "操作\u200b系统"),
    (rules.CHAR_INVISIBLE, "no-break space", "首个测试版", "首个\u00a0测试版"),
    (rules.HEADING_JUMP, "jump", "## 上游进展\n", "## 上游进展\n\n#### 小组\n"),
    (rules.SECTION_EMPTY, "empty section", "## 上游进展\n", "### 空\n\n## 上游进展\n"),
    (editorial.WORD_REPEATED, "的的", "的操作系统", "的的操作系统"),
    (editorial.WORD_REPEATED, "the the", "正式发布", "the the 正式发布"),
    (editorial.LATIN_FULLWIDTH, "letters", "比 CoreOS", "比 ＣoreOS"),
    (editorial.QUOTES_MIXED, "straight", "事实标准", '"事实标准"'),
    (editorial.QUOTES_MIXED, "corner", "死锁", "「死锁」与“死锁”"),
    (editorial.BRACKET_UNMATCHED, "open", "《云原生周报》", "《云原生周报"),
    (editorial.BRACKET_UNMATCHED, "widths", "（周六）", "（周六) "),
    (editorial.BRACKET_UNMATCHED, "quote", "读懂社区”", "读懂社区"),
    (editorial.ELLIPSIS, "dots", "死锁，", "死锁...，"),
    (editorial.ELLIPSIS, "full stops", "还要精简。", "还要精简。。。"),
    (editorial.MARKS_DOUBLED, "commas", "状态，例如", "状态，，例如"),
    (editorial.DATE_WRONG, "weekday", "（周六）", "（周日）"),
    (editorial.DATE_WRONG, "no date", "7 月 6 日（周六）", "6 月 31 日"),
    (editorial.HEADING_MARK, "colon", "## 上游进展", "## 上游进展："),
    (editorial.ITEM_ENDS, "stop", "还要精简。", "还要精简"),
    (editorial.GLOSSARY, "word", "死锁", "容器映像死锁"),
    (editorial.GLOSSARY, "latin", "死锁", " CloudRun 死锁"),
    (editorial.NAME_SPELLING, "github", "比 CoreOS", "比 Github"),
    (editorial.NAME_SPELLING, "daemonset", "修复 DaemonSet", "修复 Daemonset"),
    (editorial.TERM_TYPO, "Daemenset", "修复 DaemonSet", "修复 Daemenset"),
    (editorial.TERM_TYPO, "goruntine", "修复 DaemonSet", "修复 goruntine"),
    (editorial.TERM_TYPO, "Adimission", "修复 DaemonSet", "修复 Adimission"),
    (editorial.TERM_TYPO, "Serveless", "修复 DaemonSet", "修复 Serveless"),
    (editorial.COPYEDIT_MARKS, "before Latin", "应用，它早已", "应用,Helm 早已"),
    (editorial.COPYEDIT_MARKS, "space", "例如：", "例如 ："),
    (editorial.COPYEDIT_SPACING, "tight", "在 Kubernetes 上", "在Kubernetes 上"),
    (editorial.SPACE_DOUBLED, "two", "查看状态", "查看  状态"),
    (editorial.ISSUE_NUMBER, "last week's", "周报第九期", "周报第八期"),
    (editorial.READING_TIME, "long", "死锁", "死锁" + "字" * 400),
    (rules.TITLE_LONG, "title", "云原生周报第九期", "云原生周报第九期" + "长" * 30),
    (rules.SUMMARY_MISSING, "summary", "summary: 本期介绍 Helm 3 与 Knative 0.7.0。\n", ""),
]


def found(source: str) -> list[Finding]:
    result = read(source, "009/issue.md", PUBLICATION)
    return [*result.findings, *lint(result.issue, PUBLICATION)]


def expected_line(rule: Rule, mutated: str) -> int:
    """The first line that differs; findings about the issue as a whole stand on line 1."""
    if rule in {editorial.READING_TIME, rules.SUMMARY_MISSING}:
        return 1
    pairs = zip(CLEAN.split("\n"), mutated.split("\n"), strict=False)
    return next(number for number, (before, after) in enumerate(pairs, 1) if before != after)


def test_the_issue_is_clean() -> None:
    assert found(CLEAN) == []


@pytest.mark.parametrize(("rule", "name", "old", "new"), TABLE, ids=[f"{r.name}-{n}" for r, n, _, _ in TABLE])
def test_one_defect_gives_one_finding(rule: Rule, name: str, old: str, new: str) -> None:
    assert CLEAN.count(old) >= 1
    mutated = CLEAN.replace(old, new, 1)
    findings = found(mutated)
    assert [(f.rule.name, f.line) for f in findings] == [(rule.name, expected_line(rule, mutated))]


@pytest.mark.parametrize(("rule", "name", "old", "new"), TABLE, ids=[f"{r.name}-{n}" for r, n, _, _ in TABLE])
def test_a_quote_stands_in_the_line_it_is_said_of(rule: Rule, name: str, old: str, new: str) -> None:
    mutated = CLEAN.replace(old, new, 1)
    for finding in found(mutated):
        if finding.rule in editorial.RULES and finding.quote:
            assert finding.quote in mutated.split("\n")[finding.line - 1]
