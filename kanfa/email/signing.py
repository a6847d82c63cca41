"""DKIM signatures (RFC 6376) over a finished message: the last step before it is sent.

The private key is a PEM file that `KANFA_DKIM_KEY_FILE` names. Neither the key nor any part of it ever stands in an
error, a log or an artifact.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Final

import dkim
from dkim.crypto import parse_pem_private_key

from kanfa.channel_settings import DkimSettings
from kanfa.errors import EnvironmentProblem

KEY_VARIABLE: Final = "KANFA_DKIM_KEY_FILE"

KEY_BITS: Final = 2048
"""Shortest RSA key that is used. Source: RFC 8301, 3.2 (signers SHOULD use 2048); Gmail's and Yahoo's sender rules."""

KEY_BYTES: Final = 64 * 1024
"""No key file is larger; what is, is some other file."""

SIGNED: Final = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Archive",
    "List-Help",
    "List-Post",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
)
"""Headers that the signature covers where the message has them. RFC 6376, 5.4.1; RFC 8058, 4 asks for both
unsubscribe headers."""

ONCE: Final = ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")
"""Named once more than the message has them, so that nobody can add a second one. Source: RFC 6376, 8.15."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A domain's key, ready to sign."""

    domain: str
    selector: str
    key: bytes = field(repr=False)
    """PEM."""

    def signed(self, message: bytes) -> bytes:
        """`message` with a DKIM-Signature before it; send these very bytes. The signature names the time it was made.

        rsa-sha256, relaxed/relaxed, the whole body. Raises EnvironmentProblem when the sender is of another domain:
        such a signature would not count for DMARC (RFC 7489, 3.1.1).
        """
        headers = message_from_bytes(message, policy=SMTP)
        sender = str(headers["From"]).rpartition("@")[2].rstrip("> ").lower()
        domain = self.domain.lower()
        if sender != domain and not sender.endswith(f".{domain}"):
            raise EnvironmentProblem(
                f"[dkim] domain is {self.domain}, and the sender is of {sender}: the signature would not count",
                "set domain in [dkim] of kanfa.toml to the domain of from_address in [email]",
            )
        names = [name for name in (*SIGNED, *ONCE) if name in headers]
        signature: bytes = dkim.sign(
            message,
            self.selector.encode("ascii"),
            domain.encode("ascii"),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            signature_algorithm=b"rsa-sha256",
            include_headers=[name.lower().encode("ascii") for name in names],
        )
        return signature + message


def signer_for(settings: DkimSettings, environment: Mapping[str, str] = os.environ) -> Signer | None:
    """What signs for these settings; None when they name no domain, so that nothing is to be signed.

    Raises EnvironmentProblem, never with anything of the key, when the settings are half filled in, or the key is not
    named, cannot be read, is no RSA key in PEM, or is shorter than 2048 bits.
    """
    if not settings.domain:
        return None
    if not settings.selector:
        raise EnvironmentProblem("[dkim] names a domain and no selector", 'add selector = "…" to [dkim] in kanfa.toml')
    named = environment.get(KEY_VARIABLE, "")
    if not named:
        cure = f"export {KEY_VARIABLE}=/path/to/{settings.selector}.private.pem"
        raise EnvironmentProblem(f"[dkim] asks for signatures, and {KEY_VARIABLE} names no key", cure)
    key = _read(Path(named))
    bits = _bits(key, named)
    if bits < KEY_BITS:
        cure = f"openssl genrsa -out {settings.selector}.private.pem {KEY_BITS}"
        raise EnvironmentProblem(f"the DKIM key {named} has {bits} bits; {KEY_BITS} are the least that counts", cure)
    return Signer(settings.domain, settings.selector, key)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(KEY_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise EnvironmentProblem(f"the DKIM key {path} cannot be read: {reason}", f"ls -l {path}") from None
    if len(data) > KEY_BYTES:
        raise EnvironmentProblem(f"{path} is too large for a DKIM key", f"ls -l {path}")
    return data.replace(b"\r\n", b"\n")  # the parser knows no other line end


def _bits(key: bytes, name: str) -> int:
    """Length of the key's modulus. What the parser says is not passed on: it may quote the file."""
    try:
        modulus = parse_pem_private_key(key)["modulus"]
    except Exception:  # noqa: BLE001 - the parser raises whatever its steps do, IndexError and struct.error included
        modulus = None
    if not isinstance(modulus, int):
        raise EnvironmentProblem(
            f"{name} is not an RSA private key in PEM without a password", f"openssl rsa -in {name} -check -noout"
        )
    return modulus.bit_length()
