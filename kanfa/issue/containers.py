"""What stands between colons, and the quotes that GitHub calls alerts, as nodes of the model."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from kanfa.findings import Finding
from kanfa.issue import construct_rules as rules
from kanfa.issue.addresses import short
from kanfa.issue.directives import CALLOUTS, MEANT, NAMES, PASSAGES
from kanfa.issue.inline import Inliner, as_figure, tidy
from kanfa.issue.model import (
    Block,
    Callout,
    CalloutKind,
    Details,
    Figure,
    Issue,
    Link,
    Only,
    Paragraph,
    QrCode,
    Quote,
    Text,
)
from kanfa.issue.raw import BREAK, GAP, SOFT_BREAK, TEXT, TITLE, Raw, descendants

MAX_QR = 2_331
"""Bytes of an address that a QR code of error correction M holds (ISO/IEC 18004, version 40)."""

_ALERT = re.compile(r"\[!([A-Za-z]{1,40})\](?:[+-](?=[ \t]|$))?[ \t]*")
_FORMAT = re.compile(r"[a-z][a-z0-9-]*")
_BETWEEN = re.compile(r"[\s|,，、]+")


class Builder(Protocol):
    """What turns the inside of a container into nodes."""

    findings: list[Finding]
    inliner: Inliner

    def blocks(self, nodes: Iterable[Raw]) -> tuple[Block, ...]:
        """The blocks of `nodes`."""


def container(node: Raw, build: Builder) -> Sequence[Block]:
    """The node of a container, or, with a finding, what it holds."""
    name = node.attrs["name"]
    if name in PASSAGES:
        return _passage(node, build)
    head = next((child for child in node.children if child.tag == TITLE), None)
    title = tidy(build.inliner.inlines(head.children)) if head else ()
    rest = [child for child in node.children if child is not head]
    titled = [Paragraph(title, title[0].line)] if title else []
    blocks = build.blocks(rest)
    if name not in NAMES:
        build.findings.append(_unknown(node))
        return [*titled, *blocks]
    if name == "figure":
        return _figure(node, (*titled, *blocks), build)
    if name == "qr":
        return _qr_code(node, (*titled, *blocks), build)
    if not blocks and (name == "details" or not title):
        build.findings.append(_empty(node))
        return titled
    if name == "details":
        return [Details(title, blocks, node.line)]
    return [Callout(_kind(name), blocks, node.line, title)]


def _kind(name: str) -> CalloutKind:
    return next(kind for kind in CALLOUTS if kind == name)


def _unknown(node: Raw) -> Finding:
    name, written = node.attrs["name"], node.attrs["written"]
    if near := _near(name, NAMES):
        template = "there is no container “{name}”; {near} was meant?"
        return rules.CONTAINER_UNKNOWN.at(node.line, template, quote=written, name=short(name), near=near)
    return rules.CONTAINER_UNKNOWN.at(node.line, "there is no container “{name}”", quote=written, name=short(name))


def _near(name: str, known: Collection[str]) -> str:
    """Which of the `known` names was probably meant, or nothing."""
    word = re.sub(r"[^a-z]", " ", name).split()[:1]
    if not word:
        return ""
    if MEANT.get(word[0]) in known:
        return MEANT[word[0]]
    return next(iter(difflib.get_close_matches(word[0][:20], known, n=1, cutoff=0.6)), "")


def _empty(node: Raw) -> Finding:
    written = node.attrs["written"]
    return rules.CONTAINER_CONTENT.at(node.line, "{opening} holds nothing", quote=written, opening=short(written))


def _figure(node: Raw, blocks: Sequence[Block], build: Builder) -> Sequence[Block]:
    """One figure from a picture and a paragraph, in one block or in two."""
    pictures = [block for block in blocks if isinstance(block, Figure)]
    texts = [block for block in blocks if isinstance(block, Paragraph)]
    if not pictures and len(texts) == 1 == len(blocks):
        head = as_figure(texts[0].children[0])
        rest = tidy(texts[0].children[1:])
        if head and rest:
            pictures, texts, blocks = [head], [Paragraph(rest, texts[0].line)], [head, texts[0]]
    if len(pictures) == 1 and len(texts) <= 1 and len(pictures) + len(texts) == len(blocks):
        caption = texts[0].children if texts else pictures[0].caption
        return [replace(pictures[0], line=node.line, caption=caption)]
    refused = not pictures and any(part.tag == "img" for part in descendants(node.children))
    if not refused:
        build.findings.append(
            rules.CONTAINER_CONTENT.at(
                node.line,
                "{opening} needs one picture and at most one paragraph; it holds {count} pictures in {blocks} blocks",
                quote=node.attrs["written"],
                opening=short(node.attrs["written"]),
                count=len(pictures),
                blocks=len(blocks),
            )
        )
    return blocks


def _qr_code(node: Raw, blocks: Sequence[Block], build: Builder) -> Sequence[Block]:
    only = blocks[0] if len(blocks) == 1 else None
    link = only.children[0] if isinstance(only, Paragraph) and len(only.children) == 1 else None
    if isinstance(link, Link) and len(link.href) <= MAX_QR:
        return [QrCode(link, node.line)]
    written, rule = node.attrs["written"], rules.CONTAINER_CONTENT
    if isinstance(link, Link):
        template = "the address has {count} bytes, a QR code holds {limit}"
        build.findings.append(rule.at(node.line, template, quote=written, count=len(link.href), limit=MAX_QR))
    elif not (_is_text(only) and any(part.tag == "a" for part in descendants(node.children))):
        template = "{opening} needs one paragraph that is one link, and nothing else"
        build.findings.append(rule.at(node.line, template, quote=written, opening=short(written)))
    return blocks


def _is_text(block: Block | None) -> bool:
    """Whether a paragraph holds words only: its link was refused, which is reported already."""
    return isinstance(block, Paragraph) and len(block.children) == 1 and isinstance(block.children[0], Text)


def _passage(node: Raw, build: Builder) -> Sequence[Block]:
    """A passage for some formats; without a format that could be one, it is shown in all."""
    blocks = build.blocks(node.children)
    names = [name for name in _BETWEEN.split(node.attrs["words"]) if name]
    formats = tuple(dict.fromkeys(name for name in names if _FORMAT.fullmatch(name)))
    bad = [name for name in names if not _FORMAT.fullmatch(name)]
    written = node.attrs["written"]
    if bad:
        template = "“{name}” is no name of a format: small Latin letters, digits and hyphens are"
        finding = rules.FORMAT_UNKNOWN.at(node.line, template, quote=bad[0], name=short(bad[0]))
        build.findings.append(finding)
    elif not formats:
        finding = rules.FORMAT_UNKNOWN.at(node.line, "{opening} names no format", quote=written, opening=written)
        build.findings.append(finding)
    if not blocks:
        build.findings.append(_empty(node))
        return []
    return [Only(formats, blocks, node.line, node.attrs["name"] == "except")] if formats else blocks


def unknown_formats(issue: Issue, names: Collection[str]) -> Iterator[Finding]:
    """One finding for each name after :::only or :::except that is none of `names`, the formats that exist. Pure."""
    known = sorted(names)
    for node in issue.walk():
        for name in node.formats if isinstance(node, Only) else ():
            if name not in known:
                template = "there is no format “{name}”; there are {known}"
                yield rules.FORMAT_UNKNOWN.at(node.line, template, quote=name, name=name, known=", ".join(known))


def quote(node: Raw, build: Builder) -> Sequence[Block]:
    """A block quotation, or the callout that it is as a GitHub alert: its first line begins with `[!NOTE]`."""
    first = next((child for child in node.children if child.tag != GAP), None)
    found = _mark(first) if first else None
    kind = next((kind for kind in CALLOUTS if found and kind == found[1].lower()), None)
    if not first or not found or not kind:
        if found and first:
            build.findings.append(_unknown_alert(found, first.line))
        inner = build.blocks(node.children)
        return [Quote(inner, node.line)] if inner else []
    text, *more = first.children
    end = next((at for at, part in enumerate(more) if part.tag in {SOFT_BREAK, BREAK}), len(more))
    title = tidy(build.inliner.inlines([replace(text, text=text.text[found.end() :]), *more[:end]]))
    below = more[end + 1 :]
    opening = [Raw("p", below[0].line, below)] if below else []
    blocks = build.blocks([*opening, *(child for child in node.children if child is not first)])
    if not blocks and not title:
        template = "{mark} holds nothing"
        build.findings.append(rules.CONTAINER_CONTENT.at(first.line, template, quote=found[0], mark=found[0]))
        return []
    return [Callout(kind, blocks, node.line, title)]


def _mark(first: Raw) -> re.Match[str] | None:
    """The mark of an alert at the start of a paragraph."""
    text = first.children[0] if first.tag == "p" and first.children else None
    return _ALERT.match(text.text) if text and text.tag == TEXT and not text.escaped else None


def _unknown_alert(found: re.Match[str], line: int) -> Finding:
    mark = found[0].rstrip()
    if near := _near(found[1].lower(), CALLOUTS):
        template = "{mark} is no alert; [!{near}] was meant?"
        return rules.ALERT_UNKNOWN.at(line, template, quote=mark, mark=mark, near=near.upper())
    return rules.ALERT_UNKNOWN.at(line, "{mark} is no alert", quote=mark, mark=mark)
