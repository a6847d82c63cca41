"""Handing mail in: encrypted, verified, as the very bytes, and every refusal in one clear line."""

from __future__ import annotations

import base64
import random
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.headerregistry import Address
from pathlib import Path

import dkim
import pytest
from mail_house import HOST, PASSWORD, USER, Inbox, certificate, dkim_key, free_port, knows, serving, silent, some_text

from kanfa.channel_settings import DkimSettings, EmailSettings, SmtpSettings
from kanfa.deliver.smtp import WORDS_CHARS, Server, _words, connected, server_for
from kanfa.email.limits import LINE_OCTETS
from kanfa.email.message import Value, assemble, bodies, build_message, parse_message
from kanfa.email.signing import signer_for
from kanfa.errors import EnvironmentProblem, KanfaError, MailRefused
from kanfa.issue.model import Issue
from kanfa.publication import Publication

LOGIN = {"KANFA_SMTP_USER": USER, "KANFA_SMTP_PASSWORD": PASSWORD}
TO = "reader@example.org"
FROM = "weekly@news.example.org"
MESSAGE = b"From: weekly@news.example.org\r\nSubject: x\r\n\r\n.dots\r\n..\r\nend\r\n"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def guarded(inbox: Inbox, trusted: tuple[Path, ssl.SSLContext]) -> Iterator[Callable[..., Server]]:
    """A server that asks for STARTTLS and a login; call with what the environment holds."""
    public, context = trusted
    options = {"tls_context": context, "require_starttls": True, "auth_required": True}
    with serving(inbox, **options, authenticator=knows(USER, PASSWORD)) as port:

        def server(**environment: str) -> Server:
            found = {**LOGIN, "KANFA_SMTP_CA_FILE": str(public), **environment}
            return server_for(SmtpSettings(host=HOST, port=port, timeout=5), found)

        yield server


def send(server: Server, to: str = TO, message: bytes = MESSAGE) -> None:
    with connected(server) as connection:
        connection.send(FROM, to, message)


def plain(port: int, timeout: float = 5) -> Server:
    return server_for(SmtpSettings(host=HOST, port=port, security="none", timeout=timeout), {})


def failure(server: Server, to: str = TO) -> KanfaError:
    with pytest.raises(KanfaError) as caught:
        send(server, to)
    assert PASSWORD not in f"{caught.value} {caught.value!r} {caught.value.args}"
    assert len(str(caught.value).split("\n")) <= 2  # the line, and its cure
    return caught.value


def test_the_very_bytes_arrive_over_starttls_after_a_login(guarded: Callable[..., Server], inbox: Inbox) -> None:
    send(guarded())
    (mail,) = inbox.mails
    assert mail.content == MESSAGE
    assert (mail.mail_from, mail.rcpt_tos, mail.was_encrypted) == (FROM, [TO], True)


def test_the_very_bytes_arrive_over_tls(inbox: Inbox, trusted: tuple[Path, ssl.SSLContext]) -> None:
    public, context = trusted
    with serving(inbox, ssl_context=context) as port:
        settings = SmtpSettings(host=HOST, port=port, security="tls", timeout=5)
        send(server_for(settings, {"KANFA_SMTP_CA_FILE": str(public)}))
    assert inbox.contents == [MESSAGE]


def test_one_connection_carries_several_mails_and_goes_on_after_a_refusal(inbox: Inbox) -> None:
    with serving(inbox) as port, connected(plain(port)) as connection:
        connection.send(FROM, TO, MESSAGE)
        with pytest.raises(MailRefused):
            connection.send(FROM, "nobody@example.org", MESSAGE)
        connection.send(FROM, "other@example.org", MESSAGE)
    assert [mail.rcpt_tos for mail in inbox.mails] == [[TO], ["other@example.org"]]


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_kind_of_security_has_its_port(security: str, port: int) -> None:
    assert server_for(SmtpSettings.model_validate({"security": security}), {}).port == port


# ---------------------------------------------------------------- what is refused before anything is sent


def test_a_password_is_never_sent_without_encryption() -> None:
    with pytest.raises(EnvironmentProblem, match="never sent without encryption") as caught:
        server_for(SmtpSettings(security="none"), LOGIN)
    assert PASSWORD not in str(caught.value)


def test_a_server_without_starttls_is_told_nothing(inbox: Inbox) -> None:
    with serving(inbox) as port:
        error = failure(server_for(SmtpSettings(host=HOST, port=port, timeout=5), LOGIN))
    assert "STARTTLS extension not supported by server. nothing was sent" in str(error)
    assert error.exit_status == 2
    assert inbox.mails == []


def test_a_certificate_of_nobody_we_trust_is_refused(guarded: Callable[..., Server], inbox: Inbox) -> None:
    error = failure(guarded(KANFA_SMTP_CA_FILE=""))
    assert "is not trusted: self-signed certificate; nothing was sent" in str(error)
    assert "KANFA_SMTP_CA_FILE" in str(error)
    assert inbox.mails == []


def test_a_certificate_for_another_host_is_refused(inbox: Inbox, tmp_path: Path) -> None:
    public, context = certificate(tmp_path, "mail.example.org")
    with serving(inbox, tls_context=context, require_starttls=True) as port:
        settings = SmtpSettings(host=HOST, port=port, timeout=5)
        assert "is not trusted: IP address mismatch" in str(
            failure(server_for(settings, {"KANFA_SMTP_CA_FILE": str(public)}))
        )


@pytest.mark.parametrize("written", [None, "no certificate"], ids=["absent", "no PEM"])
def test_a_file_of_authorities_that_cannot_be_used_is_named(tmp_path: Path, written: str | None) -> None:
    path = tmp_path / "ca.pem"
    if written:
        path.write_text(written, encoding="utf-8")
    error = failure(server_for(SmtpSettings(host=HOST), {"KANFA_SMTP_CA_FILE": str(path)}))
    assert f"KANFA_SMTP_CA_FILE={path} cannot be used" in str(error)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"KANFA_SMTP_USER": USER}, "KANFA_SMTP_PASSWORD is not set"),
        ({"KANFA_SMTP_PASSWORD": PASSWORD}, "KANFA_SMTP_USER is not set"),
        ({**LOGIN, "KANFA_SMTP_PASSWORD": "密码"}, "characters that no login can carry"),
    ],
)
def test_half_a_login_is_none(environment: dict[str, str], words: str) -> None:
    with pytest.raises(EnvironmentProblem, match=words):
        server_for(SmtpSettings(), environment)


def test_the_password_is_in_no_representation() -> None:
    assert PASSWORD not in repr(server_for(SmtpSettings(), LOGIN))


# ---------------------------------------------------------------- what the server or the network refuses


def test_a_wrong_password_is_said_with_the_servers_words_and_without_the_password(
    inbox: Inbox, trusted: tuple[Path, ssl.SSLContext]
) -> None:
    """Even when the server repeats what it was told."""
    public, context = trusted
    check = knows("somebody else", PASSWORD)
    with serving(inbox, tls_context=context, require_starttls=True, authenticator=check) as port:
        settings = SmtpSettings(host=HOST, port=port, timeout=5)
        error = failure(server_for(settings, {**LOGIN, "KANFA_SMTP_CA_FILE": str(public)}))
    assert "does not accept user and password: 535 wrong: …" in str(error)
    assert (type(error), error.exit_status) == (EnvironmentProblem, 2)


def test_a_refused_recipient_is_said_in_the_servers_words_cleaned(inbox: Inbox) -> None:
    with serving(inbox) as port:
        error = failure(plain(port), "nobody@example.org")
    assert str(error).endswith("refused the mail to nobody@example.org: 550 5.1.1 no such [31muser here")
    assert isinstance(error, MailRefused)
    assert (error.code, error.is_temporary, error.exit_status) == (550, False, 1)


@pytest.mark.parametrize(("reply", "temporary"), [("554 spam", False), ("451 later", True)])
def test_a_refused_message_tells_never_from_not_now(inbox: Inbox, reply: str, temporary: bool) -> None:
    inbox.reply = reply
    with serving(inbox) as port:
        error = failure(plain(port))
    assert isinstance(error, MailRefused)
    assert str(error).endswith(reply)
    assert error.is_temporary is temporary


def test_a_talkative_server_is_cut_short(inbox: Inbox) -> None:
    inbox.reply = f"554 {'spam ' * 80}"
    with serving(inbox) as port:
        assert len(str(failure(plain(port)))) < WORDS_CHARS + 100


def test_a_port_nobody_listens_at() -> None:
    error = failure(plain(free_port()))
    assert "cannot be reached: Connection refused; nothing was sent" in str(error)
    assert error.exit_status == 2


def test_a_host_nobody_has() -> None:
    settings = SmtpSettings(host="mail.invalid", security="none", timeout=5)
    assert "no machine is called mail.invalid" in str(failure(server_for(settings, {})))


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 64}.example.org"], ids=["an empty part", "a part too long"])
def test_a_host_that_nobody_can_have(host: str) -> None:
    server = server_for(SmtpSettings(host=host, security="none", timeout=5), {})
    assert "no machine is called" in str(failure(server))


def test_a_server_that_never_answers() -> None:
    with silent() as port:
        assert "did not answer within 0.2 s; nothing was sent" in str(failure(plain(port, timeout=0.2)))


@pytest.mark.parametrize(
    ("piece", "pause", "words"),
    [
        (b"220-hello\r\n" * 1000, 0.0, "sent an answer without end; nothing was sent"),
        (b"2" * 100_000, 0.0, "refused the connection: 500 Line too long."),
        (b"2", 0.05, "did not answer within 0.3 s; nothing was sent"),
    ],
)
def test_a_server_whose_answer_never_ends_does_not_hold_us(piece: bytes, pause: float, words: str) -> None:
    """Lines without end, a line without end, and a byte now and then: the socket's own time limit ends none of them."""
    with socket.create_server((HOST, 0)) as listening:
        done = threading.Event()

        def talk() -> None:
            client, _ = listening.accept()
            with client, suppress(OSError):
                while not done.wait(pause):
                    client.sendall(piece)

        thread = threading.Thread(target=talk)
        thread.start()
        error = failure(plain(listening.getsockname()[1], timeout=0.3))
        done.set()
        thread.join()
    assert words in str(error)


@pytest.mark.parametrize("echo", [f"\0{USER}\0{PASSWORD}".encode(), PASSWORD.encode()])
def test_a_password_that_a_server_repeats_as_it_was_sent_is_not_shown(echo: bytes) -> None:
    """AUTH PLAIN and AUTH LOGIN send it in base64, which anybody can read."""
    sent = base64.b64encode(echo).decode()
    for said in (f"bad: {sent}", f"bad: {sent.rstrip('=')} {PASSWORD}".encode()):
        shown = _words(said, server_for(SmtpSettings(), LOGIN))
        assert shown.startswith("bad: …")
        assert sent.rstrip("=") not in shown
        assert PASSWORD not in shown


def test_a_server_that_hangs_up_in_the_middle_leaves_it_open_whether_it_took_the_mail() -> None:
    """After the message was handed over and before the answer, nobody can know."""
    with socket.create_server((HOST, 0)) as listening:

        def talk() -> None:
            client, _ = listening.accept()
            with client, client.makefile("rb") as lines:
                client.sendall(b"220 hello\r\n")
                for line in lines:
                    if line == b".\r\n":
                        return
                    if line[:4].lower() in {b"ehlo", b"mail", b"rcpt"}:
                        client.sendall(b"250 ok\r\n")
                    elif line[:4].lower() == b"data":
                        client.sendall(b"354 go on\r\n")

        thread = threading.Thread(target=talk)
        thread.start()
        error = failure(plain(listening.getsockname()[1]))
        thread.join()
    assert "closed the connection; it may or may not have been taken" in str(error)


def test_a_port_that_speaks_no_tls(inbox: Inbox) -> None:
    with serving(inbox) as port:
        error = failure(server_for(SmtpSettings(host=HOST, port=port, security="tls", timeout=5), {}))
    assert "does not speak TLS as expected" in str(error)


# ---------------------------------------------------------------- signatures


@pytest.fixture(scope="module")
def key() -> tuple[bytes, bytes]:
    return dkim_key()


def settings_for(domain: str = "news.example.org", selector: str = "k1") -> DkimSettings:
    return DkimSettings(domain=domain, selector=selector)


def key_file(folder: Path, data: bytes) -> dict[str, str]:
    path = folder / "k1.pem"
    path.write_bytes(data)
    return {"KANFA_DKIM_KEY_FILE": str(path)}


@pytest.fixture(scope="module")
def issues_mail() -> bytes:
    publication = Publication(name="云原生生态周报", email=EmailSettings(from_address=FROM))
    return build_message(Issue("第九期", "issue.md", number=9), publication, "<p>信</p>", "信\n")


def verifies(message: bytes, record: bytes) -> bool:
    return bool(
        dkim.verify(message, dnsfunc=lambda name, **_: record if name == b"k1._domainkey.news.example.org." else None)
    )


def test_a_signature_holds_after_a_relay_has_added_its_headers(
    tmp_path: Path, key: tuple[bytes, bytes], issues_mail: bytes
) -> None:
    """Through one server to the next: what arrives there is what was signed."""
    private, record = key
    signer = signer_for(settings_for(), key_file(tmp_path, private))
    assert signer is not None
    last = Inbox()
    with serving(last) as port, serving(Inbox(relay_to=port)) as first:
        send(plain(first), message=signer.signed(issues_mail))
    (arrived,) = last.contents
    assert arrived.startswith(b"Received: from client.example")
    assert verifies(arrived, record)


def test_generated_mails_arrive_signed_and_equal_through_two_servers(tmp_path: Path, key: tuple[bytes, bytes]) -> None:
    """Names, subjects and texts of every script, over one connection, each verified where it arrives."""
    private, record = key
    signer = signer_for(settings_for(), key_file(tmp_path, private))
    assert signer is not None
    chance = random.Random(6376)
    sent = []
    last = Inbox()
    with serving(last) as port, serving(Inbox(relay_to=port)) as first, connected(plain(first)) as connection:
        for number in range(60):
            title, text = some_text(chance, 12), f"{some_text(chance, 300)}\n"
            headers: dict[str, Value] = {
                "From": Address(some_text(chance, 6), addr_spec=FROM),
                "To": TO,
                "Subject": title,
                "Message-ID": f"<{number}@news.example.org>",
                "List-Unsubscribe": f"<https://unsub.example.org/{'t' * chance.randrange(300)}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
            connection.send(FROM, TO, signer.signed(assemble(headers, f"<p>{text}</p>\n", text, "=_b").as_bytes()))
            sent.append((title, headers["From"], headers["List-Unsubscribe"], text))
    arrived = []
    for data in last.contents:
        assert verifies(data, record)
        assert max(map(len, data.split(b"\r\n"))) <= LINE_OCTETS
        back = parse_message(data)
        arrived.append((back["Subject"], back["From"].addresses[0], back["List-Unsubscribe"], bodies(back)[0]))
    assert arrived == sent


@pytest.mark.parametrize(
    "header",
    ["From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
     "MIME-Version", "Content-Type"],
)  # fmt: skip
def test_every_header_that_matters_is_signed(
    tmp_path: Path, key: tuple[bytes, bytes], issues_mail: bytes, header: str
) -> None:
    """A changed header breaks the signature; both unsubscribe headers are among them, as RFC 8058 asks."""
    private, record = key
    signer = signer_for(settings_for(), key_file(tmp_path, private))
    assert signer is not None
    signed = signer.signed(issues_mail)
    assert verifies(signed, record)
    changed = signed.replace(f"\r\n{header}: ".encode(), f"\r\n{header}: x".encode(), 1)
    assert changed != signed
    assert not verifies(changed, record)


@pytest.mark.parametrize("header", ["From: a@b.example", "List-Unsubscribe: <https://evil.example/>", "Subject: y"])
def test_nobody_can_add_a_second_header(
    tmp_path: Path, key: tuple[bytes, bytes], issues_mail: bytes, header: str
) -> None:
    private, record = key
    signer = signer_for(settings_for(), key_file(tmp_path, private))
    assert signer is not None
    assert not verifies(f"{header}\r\n".encode() + signer.signed(issues_mail), record)


def test_a_signature_is_over_the_whole_body(tmp_path: Path, key: tuple[bytes, bytes], issues_mail: bytes) -> None:
    private, record = key
    signer = signer_for(settings_for(), key_file(tmp_path, private.replace(b"\n", b"\r\n")))  # a file from Windows
    assert signer is not None
    signed = signer.signed(issues_mail)
    head = signed.partition(b"\r\nFrom: ")[0]
    assert b"a=rsa-sha256" in head
    assert b"c=relaxed/relaxed" in head
    assert b" l=" not in head
    assert signed.endswith(issues_mail)
    assert not verifies(signed + b"more\r\n", record)


def test_nothing_is_signed_when_no_domain_is_set() -> None:
    assert signer_for(DkimSettings(), {}) is None


def problem(settings: DkimSettings, environment: dict[str, str]) -> str:
    with pytest.raises(EnvironmentProblem) as caught:
        signer_for(settings, environment)
    return str(caught.value)


def test_a_key_that_is_missing_is_named_by_its_variable(tmp_path: Path) -> None:
    assert "KANFA_DKIM_KEY_FILE names no key" in problem(settings_for(), {})
    assert "names a domain and no selector" in problem(settings_for(selector=""), {})
    path = tmp_path / "none.pem"
    assert f"{path} cannot be read: No such file" in problem(settings_for(), {"KANFA_DKIM_KEY_FILE": str(path)})


@pytest.mark.parametrize(
    "content",
    [
        b"secret words",
        b"",
        b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHNlY3JldA==\n-----END PRIVATE KEY-----\n",
        b"\x00" * 70_000,
    ],
    ids=["no key", "empty", "with a password", "not RSA", "too large"],
)
def test_a_file_that_is_no_usable_key_is_refused_and_never_quoted(tmp_path: Path, content: bytes) -> None:
    said = problem(settings_for(), key_file(tmp_path, content))
    assert "is not an RSA private key" in said or "too large" in said
    assert "secret" not in said
    assert "MC4C" not in said


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    private, _ = dkim_key(1024)
    said = problem(settings_for(), key_file(tmp_path, private))
    assert "has 1024 bits; 2048 are the least" in said
    assert "openssl genrsa" in said


def test_a_signature_for_another_domain_than_the_senders_is_refused(
    tmp_path: Path, key: tuple[bytes, bytes], issues_mail: bytes
) -> None:
    signer = signer_for(settings_for("other.example"), key_file(tmp_path, key[0]))
    assert signer is not None
    assert key[0].decode()[40:80] not in repr(signer)
    with pytest.raises(EnvironmentProblem, match=r"domain is other\.example, and the sender is of news\.example\.org"):
        signer.signed(issues_mail)
