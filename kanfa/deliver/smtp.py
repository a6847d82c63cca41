"""The way to a mail server (RFC 5321): a connection that was proved before anything secret is said, and one mail at a
time over it. It knows nothing of issues, releases or subscribers.

User and password come from `KANFA_SMTP_USER` and `KANFA_SMTP_PASSWORD`; neither stands in an error. The server's
certificate is always verified; `KANFA_SMTP_CA_FILE` names a PEM file of authorities to trust instead of the machine's.
"""

from __future__ import annotations

import base64
import io
import os
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, Literal

from kanfa.channel_settings import SmtpSettings
from kanfa.errors import EnvironmentProblem, MailRefused

USER_VARIABLE: Final = "KANFA_SMTP_USER"
PASSWORD_VARIABLE: Final = "KANFA_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
CA_VARIABLE: Final = "KANFA_SMTP_CA_FILE"

PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
"""Port for each kind of security. Source: RFC 6409, 3.1; RFC 8314, 3.3; RFC 5321, 4.5.4.2."""

WORDS_CHARS: Final = 300
"""How much of a server's words is shown, characters; RFC 5321, 4.5.3.1.5 allows 512 octets for a line."""

ANSWER_BYTES: Final = 64 * 1024
"""How much of one answer is read; the longest that servers give, to EHLO, has some twenty lines of 512 octets."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in, and as whom."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    timeout: float
    """Seconds for each step."""
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def __str__(self) -> str:
        how = {"starttls": "STARTTLS", "tls": "TLS", "none": "not encrypted"}[self.security]
        return f"{self.host}:{self.port} ({how})"


def server_for(settings: SmtpSettings, environment: Mapping[str, str] = os.environ) -> Server:
    """The server of these settings with what the environment adds; nothing is asked of it yet.

    Raises EnvironmentProblem when user and password do not come together, hold what no login can carry, or would be
    sent without encryption.
    """
    user, password = environment.get(USER_VARIABLE, ""), environment.get(PASSWORD_VARIABLE, "")
    if bool(user) != bool(password):
        lacking = PASSWORD_VARIABLE if user else USER_VARIABLE
        raise EnvironmentProblem(f"{lacking} is not set: a login needs user and password", f"export {lacking}=…")
    if not all(value.isascii() and value.isprintable() for value in (user, password)):
        raise EnvironmentProblem(f"{USER_VARIABLE} or {PASSWORD_VARIABLE} holds characters that no login can carry")
    if password and settings.security == "none":
        raise EnvironmentProblem(
            f"{PASSWORD_VARIABLE} is set and [smtp] security is none: a password is never sent without encryption",
            'set security = "starttls" in [smtp] of kanfa.toml, or unset the password',
        )
    return Server(
        host=settings.host,
        port=settings.port or PORTS[settings.security],
        security=settings.security,
        timeout=settings.timeout,
        user=user,
        password=password,
        ca_file=environment.get(CA_VARIABLE, ""),
    )


class _Answers(io.RawIOBase):
    """What a server says, one answer at a time: each must end in time and be no longer than any answer needs.

    The socket's own time limit is for each packet, so that a server which sends a byte now and then, or lines without
    end, would hold us for ever.
    """

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        super().__init__()
        self._sock = sock
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """An answer is expected now."""
        self._until, self._left = monotonic() + self._seconds, ANSWER_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # what the buffered reader hands over
        """Raises TimeoutError when the time for this answer is over, _Endless when it is too long."""
        rest = self._until - monotonic()
        if rest <= 0:
            raise TimeoutError
        self._sock.settimeout(rest)
        try:
            count = self._sock.recv_into(buffer)
        finally:
            self._sock.settimeout(self._seconds)
        self._left -= count
        if self._left < 0:
            raise _Endless
        return count


class _Endless(OSError):
    """An answer that does not end."""


class _Patience(smtplib.SMTP):
    """smtplib's client with bounds on each answer."""

    _answers: _Answers

    def getreply(self) -> tuple[int, bytes]:
        """The next answer. Raises SMTPServerDisconnected when there is none, or none that ends."""
        if self.file is None and self.sock is not None:  # a new connection, or one that has just been encrypted
            self._answers = _Answers(self.sock, self.timeout)
            self.file = io.BufferedReader(self._answers)
        self._answers.begin()
        return super().getreply()


class _EncryptedPatience(_Patience, smtplib.SMTP_SSL):
    """The same for TLS from the first byte on."""


class Connection:
    """A conversation with a server, logged in where that was asked for."""

    def __init__(self, server: Server, smtp: smtplib.SMTP) -> None:
        self._server = server
        self._smtp = smtp

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Hand in one message for one recipient; returns when the server has taken it.

        The bytes go out as they are, so that a signature over them holds. Raises MailRefused with the server's words,
        after which the next message may follow, and EnvironmentProblem when the connection broke.
        """
        if self._smtp.sock is None:  # closed with the last refusal, as 421 announces
            raise EnvironmentProblem(
                f"{self._server} closed the connection before the mail to {recipient}; it was not sent",
                "send it once more in a few minutes",
            )
        with _explained(self._server, f"the mail to {recipient}", "it may or may not have been taken"):
            self._smtp.sendmail(sender, [recipient], message)


@contextmanager
def connected(server: Server) -> Iterator[Connection]:
    """A connection that is encrypted, verified and logged in as `server` says, closed at the end.

    Raises EnvironmentProblem, with the cure, when the server cannot be reached, is not the one its certificate should
    name, offers no encryption or no login, or does not know the user. Nothing is sent then, least of all a password.
    """
    context = _context(server)
    with _greeted(server):
        smtp = _opened(server, context)
    try:
        with _greeted(server):
            _log_in(server, smtp)
        yield Connection(server, smtp)
        with suppress(OSError):  # smtplib's errors too: what was to be said is said
            smtp.quit()
    finally:
        smtp.close()


def _context(server: Server) -> ssl.SSLContext | None:
    if server.security == "none":
        return None
    try:
        return ssl.create_default_context(cafile=server.ca_file or None)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        reason = "not certificates in PEM" if isinstance(error, ssl.SSLError) else getattr(error, "strerror", "")
        named = f"{CA_VARIABLE}={server.ca_file}"
        raise EnvironmentProblem(f"{named} cannot be used: {reason}", f"ls -l {server.ca_file}") from None


def _opened(server: Server, context: ssl.SSLContext | None) -> smtplib.SMTP:
    if server.security == "tls":
        return _EncryptedPatience(server.host, server.port, timeout=server.timeout, context=context)
    with ExitStack() as unfinished:  # whatever ends this early, Ctrl-C included, closes the connection
        smtp = _Patience(server.host, server.port, timeout=server.timeout)
        unfinished.callback(smtp.close)
        if context is not None:
            smtp.starttls(context=context)  # raises when the server offers none: there is no falling back
        unfinished.pop_all()
    return smtp


def _log_in(server: Server, smtp: smtplib.SMTP) -> None:
    if server.user:
        smtp.login(server.user, server.password)


@contextmanager
def _greeted(server: Server) -> Iterator[None]:
    """The same as `_explained` before there is a mail to refuse: whatever the server refuses is the connection."""
    try:
        with _explained(server, "the connection", "nothing was sent"):
            yield
    except MailRefused as error:
        raise EnvironmentProblem(f"{error}; nothing was sent", "ask who runs the server, or try again later") from None


@contextmanager
def _explained(server: Server, about: str, unsure: str) -> Iterator[None]:
    """Turn whatever smtplib, ssl and the sockets raise into one line for people; `unsure` says what may have happened
    when the conversation broke off."""
    settings = "check host, port and security in [smtp] of kanfa.toml"
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise MailRefused(str(server), about, code, _words(words, server)) from None
    except smtplib.SMTPAuthenticationError as error:
        said = f"{error.smtp_code} {_words(error.smtp_error, server)}".rstrip()
        cure = f"check {USER_VARIABLE} and {PASSWORD_VARIABLE}"
        raise EnvironmentProblem(f"{server} does not accept user and password: {said}", cure) from None
    except smtplib.SMTPResponseException as error:
        raise MailRefused(str(server), about, error.smtp_code, _words(error.smtp_error, server)) from None
    except smtplib.SMTPServerDisconnected as error:  # smtplib's word for whatever happens while it waits for a reply
        if isinstance(error.__context__, _Endless):
            fault = "sent an answer without end"
        else:
            fault = _silence(server) if isinstance(error.__context__, TimeoutError) else "closed the connection"
        raise EnvironmentProblem(f"{server} {fault}; {unsure}", settings) from None
    except smtplib.SMTPException as error:  # no STARTTLS, no AUTH, no method of login that we know
        raise EnvironmentProblem(f"{server}: {_words(str(error), server)} {unsure}", settings) from None
    except ssl.SSLCertVerificationError as error:
        cure = f"if the server has an authority of its own: export {CA_VARIABLE}=/path/to/ca.pem"
        reason = error.verify_message or error.reason
        raise EnvironmentProblem(f"{server} is not trusted: {reason}; {unsure}", cure) from None
    except ssl.SSLError as error:
        said = (error.reason or "").replace("_", " ").lower()
        raise EnvironmentProblem(f"{server} does not speak TLS as expected: {said}; {unsure}", settings) from None
    except TimeoutError:
        raise EnvironmentProblem(f"{server} {_silence(server)}; {unsure}", settings) from None
    except (socket.gaierror, UnicodeError):  # a name with an empty or too long part never gets as far as asking
        raise EnvironmentProblem(f"no machine is called {server.host}; {unsure}", settings) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentProblem(f"{server} cannot be reached: {reason}; {unsure}", settings) from None


def _silence(server: Server) -> str:
    return f"did not answer within {server.timeout:g} s"


def _words(said: bytes | str, server: Server) -> str:
    """A server's words in one line of printable characters, never with the password in it, should it be echoed."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    secrets = _secrets(server)
    for secret in secrets:
        text = text.replace(secret, "…")
    flat = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    for secret in secrets:  # once more: what stood on two lines stands in one now
        flat = flat.replace(secret, "…")
    return flat if len(flat) <= WORDS_CHARS else f"{flat[: WORDS_CHARS - 1]}…"


def _secrets(server: Server) -> list[str]:
    """The password as it is, and as the methods of login send it (RFC 4616, and LOGIN), longest first."""
    if not server.password:
        return []
    plain = f"\0{server.user}\0{server.password}"
    encoded = [base64.b64encode(text.encode()).decode() for text in (plain, server.password)]
    return [*encoded, *(text.rstrip("=") for text in encoded), server.password]
