"""Hints on what spam filters look at. Shorteners, disguised links, too many of them, pictures alone and a missing text
part have rules of their own: EML057, EML056, EML059, EML052, EML015."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kanfa.email import hint_rules
from kanfa.email.dom import Element, in_class, names
from kanfa.email.limits import SUBJECT_UNITS
from kanfa.email.mail import HIDDEN, Mail
from kanfa.findings import Finding
from kanfa.text import width_of

MARKS: Final = re.compile(r"[!！]")
WORD: Final = re.compile(r"[A-Za-z]+")
CAPITALS: Final = 3
"""Words of four letters or more, all in capitals, that make a subject loud; fewer are names."""
SALES: Final = re.compile(
    r"免费领|免费送|中奖|抽奖|发票|赚钱|兼职|贷款|返利|秒杀|特价|限时优惠|点击领取|"
    r"\b(?:viagra|casino|lottery|earn money|act now|100% free|click here|winner|no obligation)\b",
    re.IGNORECASE,
)
PAID: Final = re.compile(r"^(?:广告|推广|赞助|本期赞助|商业推广|advertisement|sponsored|sponsor)\b", re.IGNORECASE)
MARKED: Final = ("广告", "[AD]", "（广告）", "【广告】", "[广告]", "(广告)")
HEADS: Final = names("h1 h2 h3 h4 h5 h6 strong")


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML130–EML134."""
    yield from _subject(mail)
    yield from _advertising(mail)
    yield from _hidden(mail)


def _subject(mail: Mail) -> Iterator[Finding]:
    title, line = mail.issue.title, mail.issue.line_of("title")
    marks = len(MARKS.findall(title))
    words = [word for word in WORD.findall(title) if len(word) > CAPITALS]
    loud = [word for word in words if word.isupper()]
    if marks > 1:
        yield hint_rules.SHOUTING.at(line, "{count} exclamation marks", quote=title, count=marks)
    elif len(loud) >= CAPITALS and len(loud) == len(words):
        yield hint_rules.SHOUTING.at(line, "the subject is in capitals", quote=title)
    sales = SALES.search(title)
    if sales:
        yield hint_rules.SALES_WORDS.at(line, "“{word}”", quote=sales.group(), word=sales.group())
    prefix = mail.publication.email.subject_prefix
    units = round(width_of(f"{prefix}{title}") / 2)
    if units > SUBJECT_UNITS:
        message = "the subject is as long as {count} Chinese characters, better at most {most}"
        yield hint_rules.LONG_SUBJECT.at(line, message, quote=title, count=units, most=SUBJECT_UNITS)


def _advertising(mail: Mail) -> Iterator[Finding]:
    prefix, title = mail.publication.email.subject_prefix, mail.issue.title
    if prefix.strip("【】[]（）() ").upper() in {"广告", "AD"} or title.startswith(MARKED):
        return
    for element, text in mail.texts:
        paid = PAID.match(text.strip())
        if paid and any(node.tag in HEADS for node in (element, *element.iterancestors())):
            line = mail.line_of_text(text.strip())
            yield hint_rules.ADVERTISING.at(line, "“{text}”", quote=paid.group(), text=text.strip()[:40])
            return


def _hidden(mail: Mail) -> Iterator[Finding]:
    seen: set[Element] = set()
    for element, style in mail.styles.items():
        if not _hides(style) or in_class(element, HIDDEN) or seen & set(element.iterancestors()):
            continue
        seen.add(element)
        text = " ".join("".join(element.itertext()).split())
        if text:
            line = mail.line_of_text(text) if in_class(element, "copy") else 1
            yield hint_rules.HIDDEN_TEXT.at(line, "“{text}”", element=mail.path(element), text=text[:40])


def _hides(style: dict[str, str]) -> bool:
    return (
        style.get("display") == "none"
        or style.get("visibility") == "hidden"
        or style.get("opacity") == "0"
        or style.get("text-indent", "").startswith("-")
    )
