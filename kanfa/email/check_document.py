"""Rules for the document as a whole: doctype, head, leftovers, comments, characters, size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kanfa.email import rules
from kanfa.email.clean import is_forbidden
from kanfa.email.dom import names
from kanfa.email.grammar import CONDITIONS
from kanfa.email.limits import (
    CHARSET_WITHIN_BYTES,
    ENCODED_WARN_BYTES,
    GMAIL_CLIP_BYTES,
    GMAIL_WARN_BYTES,
    TOKEN_CHARS,
)
from kanfa.email.mail import Mail
from kanfa.email.message import TOKEN
from kanfa.findings import Finding
from kanfa.setting_types import folded

TEMPLATE_MARK: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|%7B%7B\S*", re.DOTALL)
RUST_MARK: Final = re.compile(r'\\u\{[0-9a-fA-F]+\}|\\[nt"\\]')
LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
FORBIDDEN: Final = names(
    "script iframe frame frameset object embed applet form input button select textarea video audio canvas svg "
    "math picture source dialog base template portal link"
)
ATTRIBUTES: Final = frozenset({"srcdoc", "formaction", "contenteditable"})
DANGEROUS: Final = ("javascript:", "vbscript:", "data:", "file:")


def check(mail: Mail) -> Iterator[Finding]:
    """Findings EML001–EML012 and EML016."""
    yield from _frame(mail)
    yield from _leftovers(mail)
    yield from _comments(mail)
    yield from _elements(mail)
    yield from _characters(mail)
    yield from _size(mail)
    # programs that make threads compare subjects without white space and case
    if any(folded(earlier.title) == folded(mail.issue.title) for earlier in mail.issue.previous):
        title, line = mail.issue.title, mail.issue.line_of("title")
        yield rules.REPEATED_SUBJECT.at(line, "an earlier issue is called “{title}” too", quote=title, title=title)


def _frame(mail: Mail) -> Iterator[Finding]:
    if not mail.html.startswith("<!DOCTYPE html>"):
        yield rules.DOCTYPE.at(1, "the mail starts with {start}", start=repr(mail.html[:20]))
    language = mail.root.get("lang", "")
    wrapper = next((element for element in mail.body if element.get("role") == "article"), None)
    if language != mail.issue.language or language == "und" or not LANGUAGE_TAG.fullmatch(language):
        message = "the issue's language is “{wanted}”, the mail's “{language}”"
        line, wanted = mail.issue.line_of("language"), mail.issue.language
        yield rules.LANGUAGE.at(line, message, quote=wanted, wanted=wanted, language=language)
    elif wrapper is None or wrapper.get("lang") != language or wrapper.get("dir") != mail.root.get("dir"):
        yield rules.LANGUAGE.at(1, "the wrapper in body has not the lang and dir of html")
    if not (mail.root.findtext("head/title") or "").strip():
        yield rules.HEAD.at(mail.issue.line_of("title"), "the mail has no title")
    if not mail.root.xpath("head/meta[@name='viewport']"):
        yield rules.HEAD.at(1, "no viewport meta")
    if b"charset=utf-8" not in mail.html.encode(errors="replace")[:CHARSET_WITHIN_BYTES].lower():
        yield rules.HEAD.at(1, "no UTF-8 charset within the first {most} bytes", most=CHARSET_WITHIN_BYTES)


def _leftovers(mail: Mail) -> Iterator[Finding]:
    for element in mail.elements:
        if element.tag.startswith("mj-"):
            yield rules.LEFTOVER_MJML.at(1, "<{tag}> is left", element=mail.path(element), tag=element.tag)
        for name, value in element.attrib.items():
            mark = RUST_MARK.search(value)
            if mark and mark.group() not in mail.own_words:
                shown = {"name": name, "mark": mark.group()}
                yield rules.RUST_ESCAPE.at(1, "{name} holds {mark}", element=mail.path(element), **shown)
            if value in {"None", "undefined"} and value not in mail.own_words:
                shown = {"name": name, "value": value}
                yield rules.LEFTOVER_TEMPLATE.at(1, '{name}="{value}"', element=mail.path(element), **shown)
    values = [value for element in mail.elements for value in element.attrib.values()]
    for text in [text for _, text in mail.texts] + values:
        for mark in TEMPLATE_MARK.findall(text):
            if mark not in mail.own_words:
                yield rules.LEFTOVER_TEMPLATE.at(1, "{mark} was not filled in", mark=mark[:60])


def _comments(mail: Mail) -> Iterator[Finding]:
    opened = 0
    outlook: list[str] = []
    for comment in (text.strip() for text in mail.comments):
        if comment.startswith("[if"):
            condition = comment[: comment.find("]") + 1]
            if condition not in CONDITIONS:
                yield rules.CONDITIONAL.at(1, "unknown condition {condition}", condition=condition or comment[:40])
            if comment.endswith("<!"):
                opened += 1
            elif comment.endswith("<![endif]"):
                outlook.append(comment)
            else:
                yield rules.CONDITIONAL.at(1, "{condition} is never closed", condition=condition)
        elif comment == "<![endif]":
            opened -= 1
            if opened < 0:
                yield rules.CONDITIONAL.at(1, "a conditional comment is closed that was never opened")
                opened = 0
    if opened:
        yield rules.CONDITIONAL.at(1, "<!--[if !mso]><!--> is never closed")
    joined = "".join(outlook)
    for tag in ("table", "tr", "td"):
        if joined.count(f"<{tag}>") + joined.count(f"<{tag} ") != joined.count(f"</{tag}>"):
            message = "<{tag}> and </{tag}> in the comments for Outlook do not balance"
            yield rules.CONDITIONAL.at(1, message, tag=tag)
            break


def _elements(mail: Mail) -> Iterator[Finding]:
    for element in mail.elements:
        refresh = element.tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh"
        if element.tag in FORBIDDEN or refresh:
            yield rules.FORBIDDEN_ELEMENT.at(1, "<{tag}>", element=mail.path(element), tag=element.tag)
        for name, value in element.attrib.items():
            if name.startswith("on") or name in ATTRIBUTES:
                yield rules.UNSAFE_ADDRESS.at(1, "attribute {name}", element=mail.path(element), name=name)
            elif name in {"href", "src", "background"} and value.strip().lower().startswith(DANGEROUS):
                line = mail.line_of_link(value)
                shown = {"element": mail.path(element), "quote": value, "name": name, "value": value[:60]}
                yield rules.UNSAFE_ADDRESS.at(line, "{name}: {value}", **shown)


def _characters(mail: Mail) -> Iterator[Finding]:
    for char in sorted({char for char in mail.html if (is_forbidden(char) and char != "\r") or char == "\ufffd"}):
        line, code = mail.line_of_text(char), f"U+{ord(char):04X}"
        yield rules.CHARACTER.at(line, "{code} in the mail", quote=char, code=code)


def _size(mail: Mail) -> Iterator[Finding]:
    growth = mail.html.count(TOKEN) * max(0, TOKEN_CHARS - len(TOKEN))
    size = len(mail.html.encode(errors="replace")) + growth
    encoded = -(-size // 3) * 4
    line = mail.line_of_largest_section()
    if size >= GMAIL_CLIP_BYTES:
        message = "{size:,} bytes of HTML; Gmail cuts at {most:,} (the largest section starts here)"
        yield rules.CLIPPED.at(line, message, size=size, most=GMAIL_CLIP_BYTES)
    elif mail.ends_early:  # cut to fit: rule EML140 says where
        return
    elif size >= GMAIL_WARN_BYTES:
        message = "{size:,} bytes of HTML; Gmail cuts at {most:,}"
        yield rules.NEARLY_CLIPPED.at(line, message, size=size, most=GMAIL_CLIP_BYTES)
    elif encoded > ENCODED_WARN_BYTES:
        message = "{size:,} bytes of HTML are {encoded:,} as base64; some count those against {most:,}"
        yield rules.NEARLY_CLIPPED.at(line, message, size=size, encoded=encoded, most=ENCODED_WARN_BYTES)
