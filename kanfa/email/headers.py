"""Header classes that cure the standard library's folding.

A header token of 78 characters or more, such as a long List-Unsubscribe address, would become an encoded
word that no mail program reads; a long Subject can lose a space where it is folded.
"""

from __future__ import annotations

from email import policy
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UniqueSingleAddressHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from typing import Any, Final

LINE: Final = 75
"""Longest line of a folded Subject, characters; RFC 2047 allows 76."""

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
        # what looks like an encoded word must itself be encoded, or readers would decode it
        charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
        encoded = Header(text, charset, maxlinelen=LINE, header_name=self.name)
        return f"{self.name}: {encoded.encode(linesep=policy.linesep)}{policy.linesep}"


class ListIdHeader(UnstructuredHeader, BaseHeader):
    """`name <id>` (RFC 2919): the name encoded where it must be, the id on a line of its own then."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        """The header in lines of at most 75 characters, as far as the id allows."""
        name, _, identifier = str(self).rpartition(" ")
        return _named(self.name, name, identifier, policy)


class SenderHeader(UniqueSingleAddressHeader, BaseHeader):  # type: ignore[misc]  # the registry joins them so too
    """From: a name that needs encoding is folded by the legacy encoder, as Subject is."""

    def fold(self, *, policy: Policy) -> str:
        """The header in lines of at most 75 characters, as far as the address allows."""
        address = self.address
        if address.display_name.isascii():
            folded: str = super().fold(policy=policy)
            return folded
        return _named(self.name, address.display_name, f"<{address.addr_spec}>", policy)


def _named(header: str, name: str, address: str, policy: Policy) -> str:
    charset = "us-ascii" if name.isascii() else "utf-8"
    encoded = Header(name, charset, maxlinelen=LINE, header_name=header).encode(linesep=policy.linesep)
    last = f"{header}: {encoded}".rpartition(policy.linesep)[2]
    gap = " " if len(last) + len(address) < LINE else f"{policy.linesep} "
    return f"{header}: {encoded}{gap}{address}{policy.linesep}"


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
