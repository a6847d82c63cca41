"""Rules for the message as it travels: lines, headers, both parts; and for the plain-text part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kanfa.email import rules
from kanfa.email.limits import ENCODED_LINE_OCTETS, ENCODED_WORD_CHARS, LINE_OCTETS
from kanfa.email.mail import Mail
from kanfa.email.message import TOKEN, bodies, parse_message, subject
from kanfa.findings import Finding

LACKING: Final = {
    ("title",): "email.txt lacks the title",
    ("web",): "email.txt lacks the web address",
    ("unsubscribe",): "email.txt lacks the unsubscribe link",
    ("title", "web"): "email.txt lacks the title, the web address",
    ("title", "unsubscribe"): "email.txt lacks the title, the unsubscribe link",
    ("web", "unsubscribe"): "email.txt lacks the web address, the unsubscribe link",
    ("title", "web", "unsubscribe"): "email.txt lacks the title, the web address, the unsubscribe link",
}
"""Whole sentences, which can be translated."""


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML013, EML015 and EML080–EML082."""
    data = mail.files.get("email.eml", b"")
    text = mail.files.get("email.txt", b"").decode(errors="replace")
    lines = data.split(b"\r\n")
    longest = max(map(len, lines))
    if longest > LINE_OCTETS:
        yield rules.LINE_LENGTH.at(1, "a line of {count} octets, at most {most}", count=longest, most=LINE_OCTETS)
    yield from _same(mail, data, text)
    yield from _headers(mail, lines)
    settings = mail.publication.email
    wanted = {
        "title": mail.issue.title,
        "web": mail.publication.issue_url(mail.issue.slug),
        "unsubscribe": settings.unsubscribe_url,
    }
    flat = "".join(text.split())  # a long title is wrapped
    lacking = tuple(name for name, words in wanted.items() if "".join(words.split()) not in flat)
    if lacking:
        yield rules.TEXT_PART.at(1, LACKING[lacking])
    if TOKEN not in settings.unsubscribe_url:
        href = settings.unsubscribe_url
        yield rules.UNSUBSCRIBE_TOKEN.at(1, "unsubscribe_url = {href} holds no __UNSUB__", href=href)


def _same(mail: Mail, data: bytes, text: str) -> Iterator[Finding]:
    message = parse_message(data)
    back_text, back_html = bodies(message)
    wrong = [
        name
        for name, same in (
            ("Subject", str(message["Subject"]) == subject(mail.issue, mail.publication)),
            ("From", mail.publication.email.from_address in str(message["From"])),
            ("To", mail.publication.email.to_address == str(message["To"])),
            ("text part", back_text == text),
            ("HTML part", back_html.rstrip("\n") == mail.html.rstrip("\n")),
        )
        if not same
    ]
    if wrong:
        message_words = "{parts} of email.eml differ from what was staged"
        yield rules.MESSAGE.at(1, message_words, parts=", ".join(wrong))


def _headers(mail: Mail, lines: list[bytes]) -> Iterator[Finding]:
    head = lines[: lines.index(b"")] if b"" in lines else lines
    unfolded = b"\n".join(head).replace(b"\n ", b" ").replace(b"\n\t", b" ").split(b"\n")
    wanted = f"List-Unsubscribe: <{mail.publication.email.unsubscribe_url}>"
    if not any(line.decode(errors="replace").startswith(wanted) for line in unfolded):
        yield rules.HEADER_FOLDING.at(1, "List-Unsubscribe does not hold the address as it is")
    if b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" not in unfolded:
        yield rules.HEADER_FOLDING.at(1, "List-Unsubscribe-Post is not exactly List-Unsubscribe=One-Click")
    for line in head:
        words = [word for word in line.split() if word.startswith(b"=?")]
        if any(len(word) > ENCODED_WORD_CHARS for word in words) or (words and len(line) > ENCODED_LINE_OCTETS):
            shown = line[:40].decode("ascii", "replace")
            yield rules.HEADER_FOLDING.at(1, "an encoded word or its line is too long: {line}…", line=shown)
