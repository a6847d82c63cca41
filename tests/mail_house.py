"""A mail server on this machine, its certificate, and a DKIM key with its DNS record: what tests of sending share."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import random
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
USER, PASSWORD = "weekly", "s3cret-Passw0rd"


ALPHABETS = (
    "云原生周报发布生态，。！“”《》　",
    "abc DEF 12",
    "😀👩‍💻❤️🇨🇳🚀",
    "שלום عالم \u200f\u200e",
    "é̂ñ̃ हिन्दी ไทย",
    ",.;:<>@\"()[]\\'/?=_-&$#%!",
)
LONG_WORD = "w" * 128


def some_text(chance: random.Random, words: int) -> str:
    """Words of mixed scripts with one space between them, several, or none."""

    def word() -> str:
        kind = chance.randrange(len(ALPHABETS) + 1)
        letters = ALPHABETS[kind] if kind < len(ALPHABETS) else ""
        return "".join(chance.choice(letters) for _ in range(chance.randrange(1, 14))) if letters else LONG_WORD

    made = "".join(word() + chance.choice(("", " ", "  ")) for _ in range(chance.randrange(1, words)))
    return made.strip(" ") or "x"


@dataclass
class Inbox:
    """A server's handler that keeps what it is handed, and refuses recipients whose address says so."""

    mails: list[Any] = field(default_factory=list)
    reply: str = "250 taken"
    relay_to: int = 0
    """Port of the next server; 0 keeps the mail here."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address.startswith("nobody"):
            return "550 5.1.1 no such \x1b[31muser\x07 here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        envelope.was_encrypted = session.ssl is not None
        self.mails.append(envelope)
        if self.relay_to:
            head = b"Received: from client.example\r\n by relay.example with ESMTP; Mon, 5 Jan 2026 09:00:00 +0000\r\n"
            with smtplib.SMTP(HOST, self.relay_to, timeout=10) as onward:
                onward.sendmail(envelope.mail_from, envelope.rcpt_tos, head + envelope.content)
        return self.reply

    @property
    def contents(self) -> list[bytes]:
        """The bytes of each mail."""
        return [bytes(mail.content) for mail in self.mails]


def knows(user: str, password: str) -> Callable[..., AuthResult]:
    """A server's check of user and password."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        fits = (data.login, data.password) == (user.encode(), password.encode())
        # a careless server that repeats what it was told
        return AuthResult(success=fits, handled=False, message=None if fits else f"535 wrong: {password}")

    return check


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(inbox: object, **options: Any) -> Iterator[int]:
    """A mail server while the block runs; its port."""
    controller = Controller(inbox, hostname=HOST, port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        found.listen()
        yield int(found.getsockname()[1])


def certificate(folder: Path, host: str = HOST) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for `host`: the file to trust it by, and the server's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kanfa test")])
    now = datetime.datetime.now(datetime.UTC)
    try:
        known: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        known = x509.DNSName(host)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{host}.crt.pem", folder / f"{host}.key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(_pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def _pem(key: Any) -> bytes:
    return bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def dkim_key(bits: int = 2048) -> tuple[bytes, bytes]:
    """A private key in PEM, and the DNS record of its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return _pem(key), b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
