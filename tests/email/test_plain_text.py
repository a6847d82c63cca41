"""The plain-text part as a reader of text sees it: as good as made by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from email_samples import paragraph, section

from kanfa.email.check_message import check
from kanfa.email.mail import Mail
from kanfa.email.message import build_message
from kanfa.email.reading import read_back
from kanfa.email.text import plain_text
from kanfa.formats import Artifact, Reading
from kanfa.issue.model import Image, Issue, Link, Paragraph, PreviousIssue, Quote, Text
from kanfa.issue.references import references_of
from kanfa.parity import compare
from kanfa.publication import Publication
from kanfa.text import COLUMNS
from kanfa.wrapping import width_of

LONG = "云原生生态周报 Vol. 9：Helm 3 告别 Tiller，Knative 0.7.0 发布，大规模集群值得回移的四项改进逐一道来"


def reading(issue: Issue, publication: Publication) -> Reading:
    """What parity takes out of the plain text."""
    text = plain_text(issue, publication).encode()
    artifact = Artifact("email", {"email.html": b"<p></p>", "email.txt": text, "web.html": b"<p></p>"})
    return next(found for found in read_back(artifact, issue, publication) if found.output == "text")


def test_the_text_opens_with_its_title_what_it_is_and_where_it_can_be_seen(
    issue: Issue, publication: Publication
) -> None:
    rule = "=" * width_of(issue.title)
    assert plain_text(issue, publication).split("\n")[:5] == [
        rule,
        issue.title,
        rule,
        "云原生生态周报 · Vol. 9 · 2019年6月28日",
        "网页版：<https://weekly.example.org/archive/009/>",
    ]


def test_no_line_is_wider_than_a_mail_window_but_code_and_addresses(issue: Issue, publication: Publication) -> None:
    long = replace(
        issue,
        title=LONG,
        summary=LONG * 2,
        authors=("某某某",) * 20,
        preamble=(paragraph(LONG * 5), Quote((paragraph(LONG * 3),), 9)),
        sections=(section(LONG), section(LONG, paragraph(LONG))),
        previous=(PreviousIssue(8, LONG, 3),),
        cover=Image("cover.png", LONG, 5),
    )
    wide = [line for line in plain_text(long, publication).split("\n") if width_of(line) > COLUMNS]
    assert wide == []


def test_the_text_ends_with_why_it_came_and_how_to_leave(issue: Issue, publication: Publication) -> None:
    settings = publication.email.model_copy(
        update={"preferences_url": "https://weekly.example.org/preferences", "postal_address": "杭州市某路 1 号"}
    )
    own = publication.model_copy(update={"email": settings})
    assert plain_text(issue, own).split("\n")[-8:] == [
        "* * *",
        "您收到这封邮件，是因为您订阅了《云原生生态周报》。",
        "网页版：<https://weekly.example.org/archive/009/>",
        "往期归档：<https://weekly.example.org/archive>",
        "订阅设置：<https://weekly.example.org/preferences>",
        "退订：<https://unsub.invalid/__UNSUB__>",
        "容器平台 · CC BY 4.0 · 杭州市某路 1 号",
        "",
    ]


def test_a_cut_issue_says_where_the_rest_is(issue: Issue, publication: Publication) -> None:
    address = "https://weekly.example.org/archive/009/#s2"
    text = plain_text(issue, publication, continued=address)
    assert f"* * *\n（信到这里为止，余下的内容在网页上）\n<{address}>" in text
    text = plain_text(issue, publication, continued=address, left_out=("还有 3 节：", "- 推荐阅读"))
    assert f"还有 3 节：\n- 推荐阅读\n<{address}>" in text
    assert address not in plain_text(issue, publication)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_parity_finds_everything_again_in_the_wrapped_text(
    issue: Issue, publication: Publication, language: str
) -> None:
    """Words, addresses and pictures, also where a picture's words are broken over lines inside a quotation."""
    broken = Paragraph((Text("前文" * 30, 9), Image("x.png", f"字模] [{LONG}", 9)), 9)
    whole = replace(issue, language=language, preamble=(Quote((broken, Quote((broken,), 9)), 9),))
    assert compare(whole, reading(whole, publication)) == []


def test_parity_still_misses_what_the_text_lacks(issue: Issue, publication: Publication) -> None:
    """The proof that the one above proves something."""
    found = reading(issue, publication)
    more = replace(issue, preamble=(*issue.preamble, paragraph("没有人写过的话", Image("y.png", "没有的图", 9))))
    assert {one.rule.id for one in compare(more, found)} == {"PAR001", "PAR003"}


def test_an_english_issue_names_its_pictures_in_english(issue: Issue, publication: Publication) -> None:
    text = plain_text(replace(issue, language="en"), publication)
    assert "[Image: 一排活字]" in text
    assert "[图：" not in text


def test_every_address_can_be_read_back_wherever_it_stands(publication: Publication) -> None:
    """Below a word, inside a sentence, longer than a line."""
    long = f"https://example.org/{'a-long-path/' * 12}?q=1&r=%E4%B8%AD"
    link, bare = Link(long, (Text("长", 3),), 3), Link(long + "#x", (Text(long + "#x", 4),), 4)
    issue = Issue("题", "issue.md", preamble=(paragraph("见", link, "。"), paragraph("裸址：", bare, "。")))
    issue = replace(issue, references=references_of(issue))
    assert {long, long + "#x"} <= set(reading(issue, publication).links)


def test_a_long_title_broken_over_lines_is_still_found(issue: Issue, publication: Publication) -> None:
    long = replace(issue, title=LONG)
    text = plain_text(long, publication)
    assert LONG not in text
    files = {"email.txt": text.encode(), "email.eml": build_message(long, publication, "<p>x</p>", text)}
    assert list(check(Mail("<p>x</p>", long, publication, files))) == []


def test_short_code_stays_whole_and_the_text_is_the_same_whatever_the_hash_seed() -> None:
    """A set of codes, one of which begins another, must not decide by its order which spaces are held."""
    script = (
        "from kanfa.email.text import plain_text; from kanfa.issue.reader import read;"
        "from kanfa.publication import Publication; import hashlib;"
        "words = '这里要写得长一些好让代码落在行尾附近才看得出差别来呀' + '再' * 4;"
        "code = '`git log -p --stat`';"
        "source = f'# 题\\n\\n{words} `git log` 与 {code} 各有所长，{words} {code} 再说一遍。\\n';"
        "print(hashlib.sha256(plain_text(read(source, 'a/issue.md').issue, Publication()).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in range(4)
    }
    assert len(found) == 1
