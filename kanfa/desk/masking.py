"""Addresses without what opens doors: tokens and signatures become `…` before anything is shown or kept.

What an editor wrote stands in the issue; but a server may redirect to an address with a ticket in it, which must
reach neither a report nor a cache.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

_SECRET_PARTS = (
    "token", "secret", "passw", "pwd", "signature", "credential", "session", "ticket", "auth", "jwt",
    "apikey", "api_key", "api-key", "accesskey", "access_key", "x-amz-", "x-goog-", "x-oss-", "x-cos-",
)  # fmt: skip
_SECRET_NAMES = frozenset({"key", "sig", "sign", "code", "sid", "pass", "uin", "state", "nonce", "otp"})
_LONGEST = 40
"""Characters of a value that is shown; what is longer is seldom meant for people."""


def masked(address: str) -> str:
    """`address` without user name and password, its secret or very long parameters replaced by `…`."""
    parts = urlsplit(address)
    query, fragment = _parameters(parts.query), parts.fragment
    if "=" in fragment:  # OAuth hands tokens over there
        fragment = _parameters(fragment)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, fragment))


def _parameters(text: str) -> str:
    return "&".join(_parameter(pair) for pair in text.split("&")) if text else ""


def _parameter(pair: str) -> str:
    name, equals, value = pair.partition("=")
    low = name.lower()
    secret = low in _SECRET_NAMES or any(part in low for part in _SECRET_PARTS)
    if equals and value and (secret or len(value) > _LONGEST):
        return f"{name}=…"
    return pair if len(pair) <= _LONGEST or equals else "…"
