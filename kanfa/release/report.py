"""The report of a release: findings, sizes, parity and timings, once for scripts and once for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kanfa.findings import Finding, Report, Severity
from kanfa.labels import Labels, format_date, is_chinese, labels_for
from kanfa.messages import translator
from kanfa.publication import Publication
from kanfa.release.manifest import Manifest
from kanfa.templating import render_template

Parity = Mapping[str, Mapping[str, int | float | str | bool]]
"""For each output what was compared and how much of it came back, e.g. `{"pdf": {"text": "100 %", "links": 42}}`."""

CHINESE = {
    "report": "发布报告",
    "findings": "检查结果",
    "none": "没有发现任何问题。",
    "error": "错误",
    "warning": "警告",
    "info": "提示",
    "count_error": "个错误",
    "count_warning": "条警告",
    "count_info": "条提示",
    "line": "行",
    "rule": "规则",
    "finding": "问题与改法",
    "waived": "已放行，理由：",
    "cure": "改法",
    "formats": "各渠道",
    "ok": "正常",
    "files": "文件",
    "size": "大小",
    "parity": "内容核对",
    "passages": "段落",
    "links": "链接",
    "pictures": "图片",
    "lost": "遗失",
    "output": "成品",
    "timings": "用时",
    "step": "步骤",
    "seconds": "秒",
    "total": "合计",
    "versions": "工具版本",
    "digest": "版本摘要",
    "passed": "可以发布",
    "refused": "暂不可发布",
    "issue_level": "原稿",
}
ENGLISH = {
    "report": "Release report",
    "findings": "Findings",
    "none": "Nothing was found.",
    "error": "Error",
    "warning": "Warning",
    "info": "Note",
    "count_error": "errors",
    "count_warning": "warnings",
    "count_info": "notes",
    "line": "Line",
    "rule": "Rule",
    "finding": "Finding and cure",
    "waived": "Allowed, because:",
    "cure": "Cure",
    "formats": "Formats",
    "ok": "ok",
    "files": "Files",
    "size": "Size",
    "parity": "Nothing lost",
    "passages": "passages",
    "links": "links",
    "pictures": "pictures",
    "lost": "lost",
    "output": "Output",
    "timings": "Time taken",
    "step": "Step",
    "seconds": "s",
    "total": "Total",
    "versions": "Tools",
    "digest": "Digest",
    "passed": "ready to approve",
    "refused": "not publishable",
    "issue_level": "source",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the table of times."""

    step: str
    seconds: str
    """With two decimals."""
    percent: int
    """Share of the longest step, 0 to 100."""


def size_text(size: int) -> str:
    """A number of bytes for people, in units of 1024 as mail programs count: `87.4 KB`, `1.2 MB`."""
    if size < 1024:
        return f"{size} B"
    kilobytes = size / 1024
    return f"{kilobytes:.1f} KB" if kilobytes < 1000 else f"{kilobytes / 1024:.1f} MB"


def report_json(report: Report, timings: Mapping[str, float], parity: Parity | None = None) -> bytes:
    """The report for scripts: what `kanfa check --format json` prints, with outcomes, parity and timings.

    `timings` are seconds by step.
    """
    whole = {
        **report.to_dict(),
        "outcomes": dict(report.outcomes),
        "parity": {output: dict(measures) for output, measures in (parity or {}).items()},
        "timings": {step: round(seconds, 3) for step, seconds in timings.items()},
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _bars(timings: Mapping[str, float]) -> list[Bar]:
    longest = max(timings.values(), default=0.0) or 1.0
    return [Bar(step, f"{seconds:.2f}", round(100 * seconds / longest)) for step, seconds in timings.items()]


def _counts(findings: Sequence[Finding], words: Mapping[str, str]) -> list[tuple[str, int, str]]:
    numbers = {severity: sum(1 for f in findings if f.severity is severity) for severity in Severity}
    return [(str(severity), number, words[f"count_{severity}"]) for severity, number in numbers.items()]


def report_html(
    report: Report,
    timings: Mapping[str, float],
    publication: Publication,
    manifest: Manifest | None = None,
    parity: Parity | None = None,
) -> bytes:
    """The report for people: one page that needs nothing beside it and runs no script.

    Title, digest and tools are shown when the manifest is given. The words follow the publication's
    language. Raises RenderError for a fault of the template `report/report.html.j2`.
    """
    language = publication.language
    words = CHINESE if is_chinese(language) else ENGLISH
    report = translator(publication.messages or language).report(report)
    labels: Labels = labels_for(language)
    issue = manifest.issue if manifest is not None else None
    context: dict[str, Any] = {
        "language": language,
        "words": words,
        "labels": labels,
        "publication": publication,
        "report": report,
        "title": issue.title if issue is not None else report.issue,
        "volume": labels.volume(issue.number) if issue is not None and issue.number is not None else "",
        "date": format_date(issue.date, language) if issue is not None and issue.date is not None else "",
        "digest": manifest.digest if manifest is not None else "",
        "versions": dict(manifest.versions) if manifest is not None else {},
        "findings": sorted(report.findings, key=lambda f: (f.severity.rank, f.line)),
        "counts": _counts(report.findings, words),
        "files": [(name, size_text(size)) for name, size in report.sizes.items()],
        "total_size": size_text(sum(report.sizes.values())),
        "parity": parity or {},
        "measures": list(dict.fromkeys(name for measures in (parity or {}).values() for name in measures)),
        "bars": _bars(timings),
        "total_seconds": f"{sum(timings.values()):.2f}",
    }
    page = render_template(publication, "report/report.html.j2", **context)
    return page.encode("utf-8", "backslashreplace")
