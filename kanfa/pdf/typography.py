"""Setting that CSS cannot do here: gaps between Han and Latin, curly marks of Latin words, line-break repairs.

Pure functions on runs of text. The characters stay as they are, except for three that nobody sees: U+2060 and U+200B
come in where lines must not or may break, U+FE0F goes out of sequences of emoji. Gaps are margins, so that search and
copy give back what the editor wrote (W3C clreq, 3.2.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import category

from kanfa.issue.model import Code, Image, Keyboard, LineBreak, Math, Node, NoteRef, Ruby, Text, walk

WORD_JOINER = "\u2060"
BREAK = "\u200b"
VARIATION = "\ufe0f"
JOINER = "\u200d"
UNPARTED = ("～", "——")
"""Marks that must not begin a line although the engine would let them."""

CURLY = frozenset("‘’“”")
"""Quotation marks and apostrophe whose width depends on the script around them."""

HAN = (
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),  # 々〆〇
    (0x3021, 0x3029),  # Hangzhou numerals
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),  # small kana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
"""Code points that count as ideographs for the gap (CSS Text 4, text-autospace)."""
LATIN_END = 0x1FFF
"""Last code point of the alphabets that take a gap: Latin, Greek, Cyrillic and their extensions."""

BARRIERS = Code | Image | Keyboard | LineBreak | Math | NoteRef
"""Inline nodes with a margin of their own, or none: text beside them takes no gap."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, and whether a gap follows it."""

    text: str
    gap: bool = False


def is_han(char: str) -> bool:
    """Whether `char` is an ideograph or kana; false for an empty string."""
    return bool(char) and any(low <= ord(char) <= high for low, high in HAN)


def is_latin(char: str) -> bool:
    """Whether `char` is a letter or digit of an alphabet written with word spaces; false for an empty string."""
    return bool(char) and ord(char) <= LATIN_END and category(char)[0] in "LN"


def runs(text: str, after: str = "") -> list[Run]:
    """Cut `text` so that each place where Han meets Latin lies behind a run with a gap.

    `after` is the character beside the end of `text` in another node, or empty. A gap always follows: at
    the end of a line it cannot be seen, at the beginning of one it would look like an indent. The run that
    carries it is short, one ideograph or one word, because every box costs time and a break opportunity.
    """
    result: list[Run] = []
    start = 0
    for at in range(1, len(text) + 1):
        following = text[at] if at < len(text) else after
        if not _gap(text[at - 1], following):
            continue
        head = _carrier(text, start, at)
        if head > start:
            result.append(Run(text[start:head]))
        result.append(Run(text[head:at], gap=True))
        start = at
    if start < len(text):
        result.append(Run(text[start:]))
    return result


def _carrier(text: str, start: int, end: int) -> int:
    """Where the run that carries the gap begins: at the last ideograph, or at the last word (never within one)."""
    if is_han(text[end - 1]):
        return end - 1
    head = end
    while head > start and not text[head - 1].isspace() and not is_han(text[head - 1]):
        head -= 1
    return head


def _gap(left: str, right: str) -> bool:
    return (is_han(left) and is_latin(right)) or (is_latin(left) and is_han(right))


def joined(text: str) -> str:
    """`text` with U+2060 before each `～` and `——`.

    The engine's line breaker lets these slip to the start of a line (clreq, 3.1.2, forbids the first, strict
    setting the second); all other marks stay where they belong, also at the borders of elements.
    """
    text = sequenced(text)
    for mark in UNPARTED:
        if mark in text:
            text = text.replace(mark, WORD_JOINER + mark)
    return text


def sequenced(text: str) -> str:
    """`text` without the variation selector before a joiner in a sequence of emoji, such as 🏳️‍🌈.

    The picture is the same (Unicode TS 51, minimally qualified sequences). With it the engine gives the glyph of the
    whole sequence an empty text, which no reader can copy and both standards forbid.
    """
    return text.replace(VARIATION + JOINER, JOINER)


def parted(text: str) -> str:
    """`text` with U+200B where a line may break beside a curly quotation mark that touches an ideograph.

    Unicode lets no line break on either side of “ and ” (UAX 14, LB19), because languages use them differently; Han
    text may break before the first and behind the second, and looks ragged otherwise.
    """
    if "“" not in text and "”" not in text:
        return text
    pieces = []
    for at, char in enumerate(text):
        if char == "“" and at and is_han(text[at - 1]):
            pieces.append(BREAK)
        pieces.append(char)
        if char == "”" and is_han(text[at + 1 : at + 2]):
            pieces.append(BREAK)
    return "".join(pieces)


def is_latin_only(text: str) -> bool:
    """Whether `text` has no ideograph, so that its quotation marks are those of an alphabet."""
    return not any(map(is_han, text))


def narrowed(text: str, *, latin: bool) -> list[tuple[str, bool]]:
    """`text` in pieces, each with whether it is a curly mark that is set as narrow as its neighbours.

    Chinese and English share these code points, and a Chinese font gives all of them a whole em (clreq, 3.1.1): “We’ve”
    would fall apart. An apostrophe between letters is always narrow, all marks are where `latin` says that the passage
    has no ideograph.
    """
    pieces: list[tuple[str, bool]] = []
    start = 0
    for at, char in enumerate(text):
        apostrophe = char == "’" and at > 0 and is_latin(text[at - 1]) and is_latin(text[at + 1 : at + 2])
        if char not in CURLY or not (latin or apostrophe):
            continue
        if at > start:
            pieces.append((text[start:at], False))
        pieces.append((char, True))
        start = at + 1
    if start < len(text):
        pieces.append((text[start:], False))
    return pieces


def is_address(words: str, href: str) -> bool:
    """Whether the words of a link tell its address by themselves, with or without its scheme."""
    shown = "".join(words.replace(WORD_JOINER, "").split())
    return shown.rstrip("/") in {href.rstrip("/"), href.partition("://")[2].rstrip("/"), href.partition(":")[2]}


def followers(inlines: Iterable[Node]) -> dict[int, str]:
    """For each Text below `inlines` (one block's inline content), by identity: the character after it.

    Empty when there is none, or when a node with a margin of its own stands there.
    """
    leaves: list[Text | None] = []
    for node in inlines:
        _collect(node, leaves)
    pairs = zip(leaves, [*leaves[1:], None], strict=False)
    return {id(leaf): right.text[0] if right is not None else "" for leaf, right in pairs if leaf is not None}


def _collect(node: Node, leaves: list[Text | None]) -> None:
    if isinstance(node, Ruby):
        leaves.append(None)
        for inlines in (node.children, node.reading):  # one stands above the other
            for inline in inlines:
                _collect(inline, leaves)
            leaves.append(None)
    elif isinstance(node, BARRIERS):
        leaves.append(None)
        leaves.extend(leaf for leaf in walk(node) if isinstance(leaf, Text) and leaf.text)
        leaves.append(None)
    elif isinstance(node, Text):
        if node.text:
            leaves.append(node)
    else:
        for part in node.parts():
            _collect(part, leaves)
