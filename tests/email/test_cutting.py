"""A mail that Gmail would clip ends at a section, says so, leads to the rest, and parity still proves what it holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from email_samples import item, paragraph, section

from kanfa import parity
from kanfa.email.cutting import rest_of, sentence, stops
from kanfa.email.dom import in_class, parse_html, words
from kanfa.email.limits import GMAIL_CLIP_BYTES, GMAIL_WARN_BYTES
from kanfa.email.message import bodies, parse_message
from kanfa.email.reading import read_back
from kanfa.email.render import render
from kanfa.email.sizes import mail_bytes
from kanfa.findings import Finding
from kanfa.formats import Artifact, installed
from kanfa.issue.model import Issue, Link, List, Note, NoteRef, Section, Text
from kanfa.issue.reader import decode, read
from kanfa.issue.references import references_of
from kanfa.pipeline import check, compare
from kanfa.publication import Publication

ADDRESS = "https://weekly.example.org/archive/012/"


def news(count: int, line: int, host: str = "example.org") -> List:
    """A list of news with a link and a sentence each."""
    return List(
        tuple(
            item(
                paragraph(
                    Link(f"https://{host}/{line}/{n}", (Text(f"标题 {line}-{n}。", line + n),), line + n),
                    f"第 {line}-{n} 条的概括，写得足够长，好让邮件变得很大，一直大到超出限制为止。" * 4,
                    line=line + n,
                ),
                line=line + n,
            )
            for n in range(1, count + 1)
        ),
        line,
    )


def numbered(*sections: Section, notes: tuple[Note, ...] = ()) -> Issue:
    """Issue 12 with these sections."""
    issue = Issue(
        title="第 12 期：长长的一期",
        file="issue.md",
        number=12,
        summary="这一期很长，长到一封邮件放不下，所以在栏目处收尾，其余的放在网页上。",
        preamble=(paragraph("开篇的话，请读下去。", NoteRef(1, 8), line=8),),
        sections=sections,
        notes=notes,
    )
    return replace(issue, references=references_of(issue))


def long_issue() -> Issue:
    """Six sections of twenty-five items each with a footnote: half as long again as Gmail shows."""
    sections = tuple(
        section(
            f"栏目{n}",
            paragraph(f"栏目{n}的引言", NoteRef(n + 1, n * 100 + 1), "。", line=n * 100 + 1),
            news(45, n * 100 + 2),
            line=n * 100,
            anchor=f"lan-mu-{n}",
        )
        for n in range(1, 7)
    )
    notes = tuple(
        Note(n, (paragraph(Link(f"https://example.org/note/{n}", (Text(f"脚注{n}的话", 900 + n),), 900 + n)),), 900 + n)
        for n in range(1, 8)
    )
    return numbered(*sections, notes=notes)


@pytest.fixture(scope="module")
def long() -> Issue:
    return long_issue()


@pytest.fixture(scope="module")
def cutting() -> Publication:
    """A publication that has long mails cut."""
    return Publication.model_validate(
        {"name": "云原生生态周报", "url": "https://weekly.example.org/archive", "email": {"too_long": "cut"}}
    )


@pytest.fixture(scope="module")
def cut(long: Issue, cutting: Publication) -> Artifact:
    return render(long, cutting)


def parity_of(artifact: Artifact, issue: Issue, publication: Publication) -> tuple[Finding, ...]:
    return compare(installed()["email"], artifact, issue, publication)


def page(artifact: Artifact, name: str = "email.html") -> str:
    return artifact.files[name].decode()


def of_rule(artifact: Artifact, rule: str) -> list[Finding]:
    return [finding for finding in artifact.findings if finding.rule.id == rule]


# ---------------------------------------------------------------- the mail that is cut


def test_the_issue_is_too_long_for_one_mail(long: Issue, cutting: Publication) -> None:
    """Without the policy the mail is whole, too large, and an error."""
    refusing = cutting.model_copy(update={"email": cutting.email.model_copy(update={"too_long": "refuse"})})
    made = render(long, refusing)
    assert mail_bytes(page(made)) > GMAIL_CLIP_BYTES * 1.2
    assert "EML011" in [one.rule.id for one in check(installed()["email"], made, long, refusing)]
    assert parity_of(made, long, refusing) == ()


def test_the_mail_ends_at_the_last_section_that_fits(cut: Artifact, long: Issue) -> None:
    """Whole sections stay; one more would be too long."""
    html = page(cut)
    headings = [words(heading) for heading in parse_html(html).iter("h2") if not in_class(heading, "small-head")]
    assert headings == [f"栏目{n}" for n in range(1, len(headings) + 1)]
    assert 2 <= len(headings) < 6
    assert mail_bytes(html) < GMAIL_CLIP_BYTES
    per_section = mail_bytes(html) / len(headings)
    assert mail_bytes(html) + per_section > GMAIL_CLIP_BYTES
    assert words(parse_html(html).xpath("//h2")[0]) == "栏目1"
    assert f"标题 {len(headings)}02-45。" in html  # its last item too


def test_the_mail_says_where_it_ends_and_leads_to_the_rest(cut: Artifact) -> None:
    """A sentence with a number, the titles of what follows, and a button to the first section left out."""
    root = parse_html(page(cut))
    closing = next(element for element in root.iter("div") if "continue" in (element.get("class") or ""))
    kept = sum(1 for heading in root.iter("h2") if not in_class(heading, "small-head"))
    left = (6 - kept) * 46
    assert words(closing).startswith(f"邮件到这里为止，后面还有 {left} 段，都在网页上：")
    assert [words(link) for link in closing.iter("a")][:-1] == [f"栏目{n}" for n in range(kept + 1, 7)]
    button = next(link for link in root.iter("a") if words(link) == "继续阅读")
    assert button.get("href") == f"{ADDRESS}#lan-mu-{kept + 1}"
    assert f'id="lan-mu-{kept + 1}"' in page(cut, "web.html")
    text = page(cut, "email.txt")
    assert f"后面还有 {left} 段" in text
    assert f"<{ADDRESS}#lan-mu-{kept + 1}>" in text
    assert f"标题 {kept + 1}02-1。" not in text


def test_footnotes_of_the_rest_vanish_and_the_others_keep_their_numbers(cut: Artifact) -> None:
    """So do the numbered addresses of the plain text."""
    html, text = page(cut), page(cut, "email.txt")
    assert "脚注1的话" in html
    assert "脚注2的话" in text
    assert "脚注7的话" not in html + text
    assert "https://example.org/602/1" not in html + text
    assert "脚注7的话" in page(cut, "web.html")


def test_the_web_page_stays_whole(cut: Artifact) -> None:
    """It is what the mail leads to."""
    assert "标题 602-45。" in page(cut, "web.html")


def test_the_message_holds_the_cut_mail(cut: Artifact) -> None:
    """Both parts of the message are the two files."""
    text, html = bodies(parse_message(cut.files["email.eml"]))
    assert "后面还有" in text
    assert "继续阅读" in html
    assert "标题 602-1。" not in text + html


def test_the_editor_is_told_where_the_mail_was_cut(cut: Artifact, long: Issue, cutting: Publication) -> None:
    """One warning on the heading with which the rest begins, and no error."""
    (finding,) = of_rule(cut, "EML140")
    kept = finding.line // 100 - 1
    shown = f"the mail ends before “栏目{kept + 1}”: {6 - kept} sections with {(6 - kept) * 46} passages"
    assert finding.message == f"{shown} are on the web page only"
    rules = [one.rule.id for one in check(installed()["email"], cut, long, cutting)]
    assert "EML011" not in rules
    assert rules.count("EML140") == 1


# ---------------------------------------------------------------- parity stays honest


def test_a_mail_that_was_cut_to_fit_is_not_called_nearly_too_long(
    cut: Artifact, long: Issue, cutting: Publication
) -> None:
    """Its length is Kanfa's own doing, and nothing for the editor to mend."""
    assert mail_bytes(page(cut)) > GMAIL_WARN_BYTES
    found = {one.rule.id for one in check(installed()["email"], cut, long, cutting)}
    assert found.isdisjoint({"EML011", "EML012", "EML143", "EML144"})
    assert "EML140" in found


def test_nothing_before_the_cut_is_lost(cut: Artifact, long: Issue, cutting: Publication) -> None:
    """Mail and text are compared with what they declare, the web page with the whole issue."""
    assert parity_of(cut, long, cutting) == ()
    shown = {reading.output: reading.shown for reading in read_back(cut, long, cutting)}
    assert shown["web"] is None
    for output in ("email", "text"):
        part = shown[output]
        assert part is not None
        assert 0 < len(part.sections) < 6


@pytest.mark.parametrize("name", ["email.html", "email.txt"])
def test_a_passage_lost_before_the_cut_is_found(cut: Artifact, long: Issue, cutting: Publication, name: str) -> None:
    """Whoever cuts may not lose anything else with it."""
    data = page(cut, name)
    assert data.count("标题 102-7。") == 1
    broken = replace(cut, files={**cut.files, name: data.replace("标题 102-7。", "").encode()})
    (finding,) = parity_of(broken, long, cutting)
    assert (finding.rule, finding.line) == (parity.TEXT_MISSING, 109)


def test_a_section_lost_before_the_cut_is_found(cut: Artifact, long: Issue, cutting: Publication) -> None:
    """Taking a whole section out of a mail that is cut behind it is 46 passages and 45 links lost."""
    root = parse_html(page(cut))
    heading = next(heading for heading in root.iter("h2") if words(heading) == "栏目2")
    chapter = next(node for node in heading.iterancestors("div") if (node.getparent().get("role") or "") == "article")
    chapter.getparent().remove(chapter)
    from lxml import etree

    html = etree.tostring(root, method="html", encoding="unicode", doctype="<!DOCTYPE html>")
    broken = replace(cut, files={**cut.files, "email.html": html.encode()})
    found = parity_of(broken, long, cutting)
    assert {finding.element for finding in found} == {"email"}
    assert {finding.rule for finding in found} == {parity.TEXT_MISSING, parity.LINK_MISSING}
    assert {finding.line // 100 for finding in found} == {2}


@pytest.mark.parametrize(("old", "new"), [("后面还有", "之后还有"), (f'href="{ADDRESS}#lan-mu', 'href="#lan-mu')])
def test_a_mail_that_does_not_say_it_is_cut_must_be_whole(
    cut: Artifact, long: Issue, cutting: Publication, old: str, new: str
) -> None:
    """Without the sentence, or without the way to the rest, the missing sections are lost."""
    broken = replace(cut, files={**cut.files, "email.html": page(cut).replace(old, new).encode()})
    assert len(parity_of(broken, long, cutting)) > 100


def test_a_mail_may_not_declare_a_cut_that_the_settings_do_not_allow(
    cut: Artifact, long: Issue, cutting: Publication
) -> None:
    """The words alone excuse nothing."""
    refusing = cutting.model_copy(update={"email": cutting.email.model_copy(update={"too_long": "refuse"})})
    assert {finding.element for finding in parity_of(cut, long, refusing)} == {"email", "text"}


def test_an_issue_that_quotes_the_sentence_is_read_to_its_own_end(cutting: Publication) -> None:
    """A sentence within the issue's own text declares nothing."""
    issue = numbered(
        section("一", paragraph(sentence(stops(long_issue())[3], "zh-CN"))), section("二", paragraph("尾"))
    )
    made = render(issue, cutting)
    assert [reading.shown for reading in read_back(made, issue, cutting)] == [None, None, None]
    assert parity_of(made, issue, cutting) == ()


QUOTING = """---
title: 引用
number: 9
---
## A

- a
- b

---

邮件到这里为止，后面还有 2 段，都在网页上：
- B
<{address}>

> ---
> 邮件到这里为止，后面还有 2 段，都在网页上：[B]({address}) <{address}>

- ---
  邮件到这里为止，后面还有 2 段，都在网页上：
  <{address}>

## B

- 倒数第二条
- 最后一条
"""


def test_an_issue_that_quotes_the_sentence_and_links_to_its_address_declares_nothing(cutting: Publication) -> None:
    """Every link of a list of contents leads to such an address: a mail that is whole must stay proved whole."""
    address = f"{cutting.issue_url('009')}#s2"
    issue = read(QUOTING.replace("{address}", address), "issue.md").issue
    stop = next(stop for stop in stops(issue) if stop.left == 2)
    assert (stop.title, rest_of(issue, cutting, stop).href) == ("B", address)
    made = render(issue, cutting)
    assert sentence(stop, "zh-CN") in page(made)
    assert [reading.shown for reading in read_back(made, issue, cutting)] == [None, None, None]
    for name in ("email.html", "email.txt"):
        lost = replace(made, files={**made.files, name: page(made, name).replace("最后一条", "").encode()})
        assert [finding.rule for finding in parity_of(lost, issue, cutting)] == [parity.TEXT_MISSING]


# ---------------------------------------------------------------- when there is no good place


def test_a_first_section_that_is_too_long_is_cut_between_its_items(cutting: Publication) -> None:
    """Items stay whole; the titles of what follows begin with the interrupted section."""
    issue = numbered(
        section("要闻", news(260, 20), line=19, anchor="yao-wen"),
        section("推荐", news(3, 400), line=399, anchor="tui-jian"),
    )
    made = render(issue, cutting)
    (finding,) = of_rule(made, "EML140")
    assert finding.message.startswith("the mail ends within “要闻”: ")
    assert finding.message.endswith(", 1 more sections, are on the web page only")
    assert finding.line > 100
    assert mail_bytes(page(made)) < GMAIL_CLIP_BYTES
    assert "要闻（续）" in page(made)
    assert f'href="{ADDRESS}#yao-wen"' in page(made)
    assert parity_of(made, issue, cutting) == ()


def test_an_issue_without_sections_is_cut_between_its_passages(cutting: Publication) -> None:
    """There is no heading to lead to, so the link goes to the page."""
    issue = replace(numbered(), preamble=(paragraph("开篇。"), news(260, 20)))
    issue = replace(issue, references=references_of(issue))
    made = render(issue, cutting)
    (finding,) = of_rule(made, "EML140")
    assert finding.message.startswith("the mail ends within the opening: ")
    assert f'href="{ADDRESS}"' in page(made)
    assert parity_of(made, issue, cutting) == ()


def test_a_cut_before_a_section_without_a_title_is_said_in_words(cutting: Publication) -> None:
    """There is nothing to quote."""
    issue = numbered(section("要闻", news(100, 20), line=19), section("", news(200, 200), line=199, anchor="s2"))
    (finding,) = of_rule(render(issue, cutting), "EML140")
    assert finding.message.startswith("the mail ends before an untitled section: 1 with 200 passages")
    assert finding.line == 199


def test_a_passage_that_is_too_long_by_itself_is_refused(cutting: Publication) -> None:
    """A passage is never torn; the mail stays whole, and too long."""
    issue = replace(numbered(), preamble=(paragraph("很长的一段话。" * 5400, line=7), paragraph("尾。", line=9)))
    made = render(issue, cutting)
    assert [(one.rule.id, one.line) for one in made.findings] == [("EML142", 7)]
    assert "尾。" in page(made)
    assert {"EML011", "EML142"} <= {one.rule.id for one in check(installed()["email"], made, issue, cutting)}


def test_without_a_public_address_nothing_is_cut(long: Issue, cutting: Publication) -> None:
    """The rest would be nowhere."""
    homeless = Publication.model_validate({"name": "x", "email": {"too_long": "cut"}})
    made = render(long, homeless)
    (finding,) = made.findings
    assert finding.rule.id == "EML141"
    assert finding.message == "the mail is too long and cannot lead to the rest: url is https://newsletter.invalid"
    assert "标题 602-45。" in page(made)


def test_a_mail_that_fits_is_not_cut(issue: Issue, cutting: Publication) -> None:
    """The policy changes nothing about a mail of ordinary length."""
    refusing = cutting.model_copy(update={"email": cutting.email.model_copy(update={"too_long": "refuse"})})
    assert render(issue, cutting).files == render(issue, refusing).files


# ---------------------------------------------------------------- real issues


def test_the_corpus_fits_or_is_cut(corpus: list[Path], cutting: Publication) -> None:
    """Every real issue becomes a mail that Gmail shows whole, twice as long ones too."""
    for path in corpus:
        source = decode(path.read_bytes(), path.name)
        issue = read(source, path.name).issue
        made = render(issue, cutting)
        assert mail_bytes(page(made)) < GMAIL_CLIP_BYTES, path.name
        assert not of_rule(made, "EML141") + of_rule(made, "EML142"), path.name
