"""Addresses taken apart, where any text may turn up in the place of one."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


def split_or_none(text: str) -> SplitResult | None:
    """The parts of an address, or None for a text that cannot be one, such as `//注意：说明文字` or `https://[x`."""
    try:
        return urlsplit(text)
    except ValueError:  # brackets without an IPv6 address, or a host that changes under NFKC
        return None


def host_of(address: str) -> str:
    """The host in lower case; empty when there is none."""
    parts = split_or_none(address.strip())
    return (parts.hostname or "").lower() if parts is not None else ""
