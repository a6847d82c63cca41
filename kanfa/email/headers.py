"""Header classes that cure the standard library's folding.

A header token of 78 characters or more, such as a long List-Unsubscribe address, would become an encoded
word that no mail program reads; a long Subject can lose a space where it is folded; a long name gains some.
"""

from __future__ import annotations

from email import policy
from email.header import Header, decode_header, make_header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueSingleAddressHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import quote, unquote
from typing import Any, Final

LINE: Final = 75
"""Longest line of a folded Subject, characters; RFC 2047 allows 76."""

WORD: Final = 50
"""Longest word of plain ASCII that is left as it is: with the longest name of a header it fits one line."""

ATOM_MARKS: Final = frozenset("!#$%&'*+-/=?^_`{|}~ ")
"""What may stand in a display name without quotes beside letters and digits: `atext` and the space between words."""

LIST_HEADERS: Final = ("list-unsubscribe", "list-archive", "list-help", "list-post", "list-subscribe", "feedback-id")
"""Headers that must never be encoded or broken inside an address."""


class AddressListHeader(UnstructuredHeader, BaseHeader):
    """A header of addresses in angle brackets (RFC 2369): folded only between them, never encoded."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Refuse, when the header is set, what could not be written as plain ASCII. Raises ValueError."""
        if not value.isascii():
            raise ValueError(f"not ASCII: {value!r}; percent-encode the address")
        for entry in entries(value):
            inner = entry.strip()
            if inner.startswith("<") and any(char.isspace() for char in inner):
                raise ValueError(f"white space inside the address {inner!r}")
        super().parse(value, kwds)

    def fold(self, *, policy: Policy) -> str:
        """The header with a line for each address; the first stays on the header's line."""
        lines = f",{policy.linesep} ".join(entry.strip() for entry in entries(str(self)))
        return f"{self.name}: {lines}{policy.linesep}"


class SubjectHeader(UnstructuredHeader, BaseHeader):
    """A Subject folded by the legacy encoder, which loses no space and keeps encoded words short."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        """The header in lines of at most 75 characters."""
        text = str(self)
        return f"{self.name}: {_encoded(text, text, self.name, policy)}{policy.linesep}"


class ListIdHeader(UnstructuredHeader, BaseHeader):
    """`name <id>` (RFC 2919): the name quoted or encoded where it must be, the id on a line of its own then."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Bring name and id into one form, whether they were set or read. Raises ValueError without an id."""
        name, identifier = _name_and_address(value)
        if not identifier:
            raise ValueError(f"no <identifier> at the end of {value!r}")
        super().parse(value, kwds)
        kwds["decoded"] = f"{phrase(name)} <{identifier}>"

    def fold(self, *, policy: Policy) -> str:
        """The header in lines of at most 75 characters, as far as the id allows."""
        name, identifier = _name_and_address(str(self))
        return _named(self.name, name, identifier, policy)


class SenderHeader(UniqueSingleAddressHeader, BaseHeader):  # type: ignore[misc]  # the registry joins them so too
    """From: the name is written by the legacy encoder, as Subject is, and read by the legacy decoder.

    The library's own parser keeps the space between two encoded words, which means nothing (RFC 2047, 6.2), and so
    puts spaces into every long Chinese name; and of several spaces in a name it keeps one.
    """

    @classmethod
    def parse(cls, value: Any, kwds: dict[str, Any]) -> None:
        """One mailbox; what is no `name <address>` is left to the library."""
        if isinstance(value, str):
            name, address = _name_and_address(value)
            value = Address(name, addr_spec=address) if name and address else value
        super().parse(value, kwds)

    def fold(self, *, policy: Policy) -> str:
        """The header in lines of at most 75 characters, as far as the address allows."""
        address = self.address
        if not address.display_name:
            return f"{self.name}: {address.addr_spec}{policy.linesep}"
        return _named(self.name, address.display_name, address.addr_spec, policy)


def phrase(name: str) -> str:
    """A display name as a header holds it: quoted when it is ASCII with marks that mean something there, such as a
    comma (RFC 5322, 3.2.3 to 3.2.5). Any other name travels as encoded words, which need no quotes."""
    if not name.isascii() or all(char.isalnum() or char in ATOM_MARKS for char in name):
        return name
    return f'"{quote(name)}"'


def _name_and_address(value: str) -> tuple[str, str]:
    """The parts of `name <address>`, the name without quotes and decoded; the address is empty where it lacks."""
    words, found, rest = value.rpartition("<")
    address = rest.strip()
    if not found or not address.endswith(">"):
        return "", ""
    words = words.strip(" \t")
    if len(words) > 1 and words.startswith('"') and words.endswith('"'):
        return unquote(words), address[:-1]
    return str(make_header(decode_header(words))) if "=?" in words else words, address[:-1]


def _named(header: str, name: str, address: str, policy: Policy) -> str:
    encoded = _encoded(name, phrase(name), header, policy)
    last = f"{header}: {encoded}".rpartition(policy.linesep)[2]
    gap = " " if len(last) + len(address) + 2 < LINE else f"{policy.linesep} "
    return f"{header}: {encoded}{gap}<{address}>{policy.linesep}"


def _encoded(text: str, plain: str, header: str, policy: Policy) -> str:
    """`plain` folded at its spaces where that gives `text` back, else `text` as encoded words."""
    charset = "us-ascii" if _folds_unchanged(text) else "utf-8"
    shown = plain if charset == "us-ascii" else text
    return Header(shown, charset, maxlinelen=LINE, header_name=header).encode(linesep=policy.linesep)


def _folds_unchanged(text: str) -> bool:
    """Whether lines broken at spaces mean the same: no run of spaces, no word longer than a line, and nothing that
    looks like an encoded word, which readers would decode."""
    short = max(map(len, text.split(" "))) <= WORD
    return text.isascii() and "=?" not in text and "  " not in text and short


def entries(value: str) -> list[str]:
    """The addresses of a header value: cut at `>,` only, because an address may hold commas."""
    pieces = value.split(">,")
    return [f"{piece}>" for piece in pieces[:-1]] + pieces[-1:]


def mail_policy() -> EmailPolicy[EmailMessage]:
    """CRLF, 7-bit bodies, and the header classes of this module."""
    registry = HeaderRegistry()
    registry.map_to_type("subject", SubjectHeader)
    registry.map_to_type("from", SenderHeader)
    registry.map_to_type("list-id", ListIdHeader)
    for name in LIST_HEADERS:
        registry.map_to_type(name, AddressListHeader)
    return policy.SMTP.clone(cte_type="7bit", header_factory=registry)
