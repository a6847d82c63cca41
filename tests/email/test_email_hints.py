"""Forced inversion, details of markup and pictures, and what spam filters look at: EML103 and EML110–EML134."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from email_faults import Case, adding, before_body_end, email, findings_of, linking, spoil, style
from email_samples import paragraph, section
from PIL import Image as PillowImage

from kanfa.email import client_rules, detail_rules, hint_rules
from kanfa.email.checks import check
from kanfa.email.contrast import inverted, ratio
from kanfa.findings import Finding
from kanfa.formats import Artifact
from kanfa.issue.model import Issue, Link, Text
from kanfa.publication import Publication

RULES = (*client_rules.RULES[3:], *detail_rules.RULES, *hint_rules.RULES)
READABLE = "color:#1f2328;font-size:16px;font-family:sans-serif;"


def each_ends_with(words: str) -> Callable[[Issue], Issue]:
    """The issue with two more links of these words, to different places."""
    places = ("https://x.example/1", "https://x.example/2")
    return adding(*(paragraph(Link(href, (Text(words, 71),), 71), line=71) for href in places))


def titled(title: str) -> Callable[[Issue], Issue]:
    """The issue with that title, at line 2."""
    return lambda issue: replace(issue, title=title, lines_of={"title": 2})


def chapter(title: str, line: int = 70) -> Callable[[Issue], Issue]:
    """The issue with one more section of that title."""
    more = section(title, paragraph("值得一读。", line=line + 1), line=line, anchor="s3")
    return lambda issue: replace(issue, sections=(*issue.sections, more))


def drawn(media: str, *frames: PillowImage.Image) -> bytes:
    """A picture of these frames."""
    target = io.BytesIO()
    frames[0].save(target, media, **({"save_all": True, "append_images": frames[1:]} if len(frames) > 1 else {}))
    return target.getvalue()


def ink(colour: tuple[int, int, int], ground: tuple[int, int, int, int] = (0, 0, 0, 0)) -> bytes:
    """A square of that colour in the middle of a ground, which is transparent unless said otherwise."""
    image = PillowImage.new("RGBA", (40, 20), ground)
    image.paste((*colour, 255), (10, 5, 30, 15))
    return drawn("PNG", image)


def frames(first: int, second: int) -> bytes:
    """A moving picture: of one grey when both numbers are the same, else with a square in its first frame."""
    empty, full = PillowImage.new("L", (20, 10), 255), PillowImage.new("L", (20, 10), 255)
    full.paste(0, (5, 2, 15, 8))
    return drawn("GIF", *(full if number else empty for number in (first, second)))


def instead(data: bytes) -> Callable[[dict[str, bytes]], None]:
    """The picture of line 45 with other bytes."""

    def change(files: dict[str, bytes]) -> None:
        files["images/press.png"] = data

    return change


def long_line(files: dict[str, bytes]) -> None:
    """The message with its last line joined to the one before."""
    head, _, body = files["email.eml"].partition(b"\r\n\r\n")
    lines = body.split(b"\r\n")
    place = next(number for number, line in enumerate(lines) if len(line) == 76)
    lines[place : place + 2] = [lines[place] + lines[place + 1]]
    files["email.eml"] = head + b"\r\n\r\n" + b"\r\n".join(lines)


LAST_PICTURE = 'alt="一排活字"'

CASES = [
    Case("EML103", *style("color:#ffffff;background-color:#6666ff;")),
    Case("EML110", LAST_PICTURE, f'{LAST_PICTURE} srcset="x 2x"', line=45),
    Case("EML111", files=long_line),
    Case("EML112", *before_body_end('<div style="width:10.5px"></div>')),
    Case("EML112", *before_body_end('<div style="height:3pt"></div>')),
    Case("EML112", *before_body_end('<table role="presentation" style="margin:0 auto"></table>')),
    Case("EML113", *before_body_end('<div style="display:none"></div>')),
    Case("EML114", *before_body_end(f'<div class="copy"><p style="{READABLE}line-height:1.2">字</p></div>')),
    Case("EML115", *before_body_end('<div style="border-left:9px solid #000000"></div>')),
    Case("EML116", files=instead(frames(0, 1)), line=45),
    Case("EML117", files=spoil("web.html", b"</body>", b"<script></script></body>")),
    Case("EML117", files=spoil("web.html", b"</body>", b'<img src="x" width="1" height="1"></body>')),
    Case("EML118", issue=linking("https://x.example/", "点击这里"), line=71),
    Case("EML118", issue=linking("https://x.example/", "Read more →"), line=71),
    Case("EML118", issue=each_ends_with("点这里"), line=71),  # an issue that ends every item so is told once
    Case("EML119", issue=chapter("🎉 🚀"), line=70),
    Case("EML120", files=instead(ink((20, 20, 40))), line=45),
    Case("EML121", "\u00a0\u200c", "\u00a0\u200c" * 91),
    Case("EML121", files=lambda files: files.update({"email.txt": files["email.txt"] + "\u00a0\u200c".encode()})),
    Case("EML122", *before_body_end('<div style="background:#ffffff"></div>')),
    Case("EML130", issue=titled("本周大事！！"), line=2),
    Case("EML130", issue=titled("BREAKING NEWS FROM KUBERNETES"), line=2),
    Case("EML131", issue=titled("本期抽奖"), line=2),
    Case("EML132", issue=titled("长" * 41), line=2),
    Case("EML133", issue=chapter("赞助"), line=70),
    Case("EML134", *before_body_end('<div style="visibility:hidden">看不见</div>')),
]
SILENT = [
    Case("EML103", *style("color:#ffffff;background-color:#0f766e;")),
    Case("EML111", files=lambda files: None),
    Case("EML112", *before_body_end('<div style="width:100%;height:10px"></div>')),
    Case("EML113", *before_body_end('<div style="display:none;mso-hide:all"></div>')),
    Case("EML114", *before_body_end(f'<div class="copy"><p style="{READABLE}line-height:1.7">字</p></div>')),
    Case("EML115", *before_body_end('<div style="border-left:8px solid #000000"></div>')),
    Case("EML116", files=instead(frames(1, 0))),
    Case("EML117", files=spoil("web.html", b"</body>", b'<img src="x" width="100" height="1 0"></body>')),
    Case("EML118", issue=linking("https://x.example/", "这里有一份迁移指南")),
    Case("EML119", issue=chapter("🎉 庆祝")),
    Case("EML120", files=instead(ink((250, 250, 250)))),
    Case("EML120", files=instead(ink((20, 20, 40), (255, 255, 255, 255)))),
    Case("EML122", *before_body_end('<div style="background:#ffffff;background-color:#ffffff"></div>')),
    Case("EML130", issue=titled("CNCF 与 KEDA：本周要闻！")),
    Case("EML131", issue=titled("免费的午餐：无服务器的成本")),
    Case("EML132", issue=titled("长" * 40)),
    Case("EML133", issue=chapter("赞助"), settings=email(subject_prefix="广告")),
    Case("EML133", issue=adding(paragraph("赞助商与我们无关。", line=71))),
    Case("EML134", *before_body_end('<div style="visibility:hidden"></div>')),
]


def named(case: Case, found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.rule.id == case.rule]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_each_rule_fires_exactly_once_with_its_line(
    case: Case, issue: Issue, publication: Publication, artifact: Artifact
) -> None:
    """The fault is found once, at the editor's line when the text causes it."""
    found = named(case, findings_of(case, issue, publication, artifact))
    assert [finding.line for finding in found] == [case.line], [finding.message for finding in found]


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case.rule)
def test_what_is_near_a_fault_is_none(case: Case, issue: Issue, publication: Publication, artifact: Artifact) -> None:
    assert named(case, findings_of(case, issue, publication, artifact)) == []


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == {rule.id for rule in RULES}


def test_a_colour_turned_round_keeps_its_hue() -> None:
    assert [inverted(colour) for colour in ("#ffffff", "#000", "#ff0000", "#0f766e")] == [
        "#000000", "#ffffff", "#ff0000", "#89f0e8",
    ]  # fmt: skip
    assert ratio(inverted("#1f2328"), inverted("#ffffff")) > 7


def test_pictures_that_cannot_be_read_are_another_rules_matter(
    issue: Issue, publication: Publication, artifact: Artifact
) -> None:
    for data in (b"GIF89a broken", ink((20, 20, 40))[:40], b""):
        files = {**artifact.files, "images/press.png": data}
        found = {finding.rule.id for finding in check(Artifact("email", files), issue, publication)}
        assert not found & {"EML116", "EML120"}
