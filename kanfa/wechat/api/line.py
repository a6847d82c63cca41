"""What is wrong when no answer comes: certificate, name, port or time, in words and with the cure."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from kanfa.errors import ApiUnanswered, ApiUnreachable

CERTIFICATE = (
    "set this machine's clock; if a proxy here opens encrypted connections, name the file of its authority in "
    "SSL_CERT_FILE"
)


def fault_of(call: str, base: str, error: Exception) -> ApiUnanswered | ApiUnreachable:
    """The fault of one request, none of its own words but the certificate's: they may hold the address with its token.

    ApiUnreachable, which nothing repeats, when the other side cannot prove who it is or does not speak TLS.
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = cause.verify_message or "not valid"
            return ApiUnreachable(f"{call}: the certificate of {base} is refused: {reason}\n    cure: {CERTIFICATE}")
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            reason = getattr(cause, "reason", None) or "no reason given"
            return ApiUnreachable(
                f"{call}: {base} does not speak TLS as it should ({reason})\n"
                "    cure: see that [wechat] api names the port of https; http is for a sandbox on this machine"
            )
    words, cure = _common(error, causes)
    return ApiUnanswered(f"{call}: no answer from {base}: {words}" + (f"\n    cure: {cure}" if cure else ""))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it; libraries wrap the operating system's error in their own."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _common(error: Exception, causes: list[BaseException]) -> tuple[str, str]:
    """What may pass by itself, and what a person can do about it."""
    kinds = tuple(type(cause) for cause in causes)
    if any(issubclass(kind, socket.gaierror) for kind in kinds):
        return "its name cannot be resolved", "see that this machine is on the network, and how [wechat] api is spelt"
    if any(issubclass(kind, ConnectionRefusedError) for kind in kinds):
        return "it refuses the connection", "start the sandbox that [wechat] api names, or mend its port"
    if isinstance(error, httpx.ProxyError):
        return "the proxy does not pass the call on", "see that HTTPS_PROXY names the right proxy"
    if isinstance(error, httpx.ConnectTimeout):
        return "it does not take the connection in time", "see that a firewall lets this machine out"
    if isinstance(error, httpx.TimeoutException):
        return "it takes too long", ""
    return f"the connection broke off ({type(error).__name__})", ""
