"""The report says the same to scripts and to people, and nothing in it can act as markup."""

from __future__ import annotations

import json

import lxml.html
import pytest

from kanfa.findings import Report, Rule, Severity
from kanfa.publication import Publication
from kanfa.release.report import report_html, report_json, size_text

RULE = Rule("ISS099", "sample-rule", Severity.ERROR, "a reason", "a source", "Write <b>it</b> differently.")
NOTE = Rule("WX099", "sample-note", Severity.INFO, "a reason", "a source", "Nothing to do.")
TIMINGS = {"read": 0.01, "render pdf": 2.0, "check": 0.5}


@pytest.fixture
def report() -> Report:
    lines = ["", "", "看这里 <script>alert(1)</script> & 更多"]
    nasty = RULE.at(3, 'the tag <script> & "quotes"').located("issue.md", lines)
    note = NOTE.at(1, "a small thing").located("issue.md", lines, "wechat")
    return Report("issue.md", (note, nasty), {"email.html": 89_500, "issue.pdf": 1_300_000}, {"email": "ok"})


def test_the_json_report_is_what_check_prints_with_parity_and_timings(report):
    found = json.loads(report_json(report, TIMINGS, {"pdf": {"links": 42}}))
    assert {key: found[key] for key in report.to_dict()} == report.to_dict()
    assert found["parity"] == {"pdf": {"links": 42}}
    assert found["timings"] == TIMINGS
    assert found["outcomes"] == {"email": "ok"}


def test_the_page_shows_each_finding_with_line_excerpt_and_cure_worst_first(report):
    page = lxml.html.fromstring(report_html(report, TIMINGS, Publication(language="en")))
    shown = [" ".join(item.text_content().split()) for item in page.xpath("//ol/li")]
    assert shown == [
        'Error issue.md:3 ISS099 sample-rule source the tag <script> & "quotes" '
        "3看这里 <script>alert(1)</script> & 更多 CureWrite <b>it</b> differently.",
        "Note issue.md:1 WX099 sample-note wechat a small thing CureNothing to do.",
    ]


def test_the_page_needs_nothing_beside_it_and_runs_no_script(report):
    page = lxml.html.fromstring(report_html(report, TIMINGS, Publication()))
    assert page.xpath("//script | //link | //img | //iframe | //@src | //@href | //@onclick") == []
    assert "url(" not in page.xpath("string(//style)")


def test_the_words_follow_the_publication(report):
    chinese = report_html(report, TIMINGS, Publication(language="zh-CN")).decode()
    english = report_html(report, TIMINGS, Publication(language="en")).decode()
    assert "检查结果" in chinese
    assert "暂不可发布" in chinese
    assert "Findings" in english
    assert "not publishable" in english


def test_title_number_date_and_digest_come_from_the_manifest(report, manifest):
    page = lxml.html.fromstring(report_html(report, TIMINGS, Publication(), manifest, {"pdf": {"links": 42}}))
    words = " ".join(page.text_content().split())
    for expected in (
        manifest.issue.title,
        "Vol. 9",
        "2019年7月2日",
        manifest.digest,
        "87.4 KB",
        "1.2 MB",
        "2.51",
        "42",
    ):
        assert expected in words


def test_a_clean_issue_has_a_page_that_says_so():
    page = report_html(Report("issue.md"), {}, Publication()).decode()
    assert "没有发现任何问题" in page
    assert "可以发布" in page


def test_a_waiver_stands_beside_the_finding_it_allows(report):
    from kanfa.findings import waived

    allowed = Report("issue.md", tuple(waived(report.findings, {"ISS099": "作者坚持 <这样>"})))
    assert "作者坚持 &lt;这样&gt;" in report_html(allowed, {}, Publication()).decode()


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (104_448, "102.0 KB"), (1_300_000, "1.2 MB")]
)
def test_sizes_count_in_units_of_1024(size, text):
    assert size_text(size) == text
