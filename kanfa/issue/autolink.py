"""Bare web addresses in running text, as Chinese text needs them.

Common linkifiers take the Chinese words after an address for its continuation. Here an address ends at
white space, at any CJK character and at typographic punctuation; closing punctuation is left to the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ADDRESS = re.compile(r"(?<![A-Za-z])https?://[^\s<>\u2010-\u2027\u2e80-\ufaff\ufe30-\ufe4f\uff00-\uffef]+")
_CLOSERS = frozenset(".,;:!?'\"*_~")


def bare_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each bare http(s) address in `text`, in order."""
    for match in _ADDRESS.finditer(text):
        end = match.start() + _kept(match[0])
        host = text[match.start() : end].partition("//")[2]
        if host and host[0].isalnum():
            yield match.start(), end


def _kept(address: str) -> int:
    """How much of `address` belongs to it: no closing punctuation, no `)` or `]` that it did not open."""
    end = len(address)
    surplus = {")": address.count(")") - address.count("("), "]": address.count("]") - address.count("[")}
    while end:
        last = address[end - 1]
        if last in _CLOSERS:
            end -= 1
        elif surplus.get(last, 0) > 0:
            surplus[last] -= 1
            end -= 1
        else:
            break
    return end
