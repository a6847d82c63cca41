"""`kanfa send-test`: a staged mail to a few addresses, for looking at it in real mail programs."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kanfa.cli.common import outbox_option, printable, show_error
from kanfa.locate import outbox_of, publication_here

if TYPE_CHECKING:
    from kanfa.deliver.smtp import Server
    from kanfa.email.signing import Signer
    from kanfa.release.store import Verified

STAGED = "email.eml"
TEST_TOKEN = "kanfa-test"  # noqa: S105 - belongs to nobody, and unsubscribes nobody
"""What stands in the unsubscribe address instead of a subscriber's token."""
ADDRESS_CHARS = 254
"""Longest address that a server takes. Source: RFC 5321, 4.5.3.1.3 (256 octets with the angle brackets)."""
MARKS = {True: "[测试] ", False: "[Test] "}
"""Before the subject, by whether the issue is Chinese."""


def _addresses(values: tuple[str, ...]) -> list[str]:
    """Each address once, in their order. Raises UsageError for what is no plain mail address."""
    from pydantic import TypeAdapter, ValidationError

    from kanfa.errors import UsageError
    from kanfa.setting_types import Mailbox

    reader = TypeAdapter(Mailbox)
    for value in values:
        try:
            reader.validate_python(value)
            usable = len(value) <= ADDRESS_CHARS and value.isprintable() and value == value.strip()
        except ValidationError:
            usable = False
        if not usable:
            shown = value if value.isprintable() else ascii(value)
            raise UsageError(f"--to {shown}: must be one plain ASCII mail address, such as me@example.org")
    return list(dict.fromkeys(values))


def _staged(outbox: Path, reference: str) -> tuple[Verified, bytes]:
    """The release, every byte of it proved, and its mail."""
    from kanfa.errors import UsageError
    from kanfa.release.approval import check_as_staged
    from kanfa.release.store import find_release, verify

    verified = verify(find_release(outbox, reference))
    check_as_staged(outbox, verified)
    if STAGED not in verified.manifest.files:
        raise UsageError(f"{verified.release.reference} holds no {STAGED}: the format email was not published")
    return verified, verified.read(STAGED)


def _for(recipient: str, verified: Verified, staged: bytes, signer: Signer | None) -> bytes:
    """The bytes for one recipient, signed where that is set up."""
    from kanfa.cli.releases import now
    from kanfa.email.message import parse_message
    from kanfa.email.outgoing import made_out
    from kanfa.labels import is_chinese

    domain = parse_message(staged)["From"].addresses[0].domain
    message = made_out(
        staged,
        to=recipient,
        token=TEST_TOKEN,
        date=now(),
        message_id=f"test.{verified.release.digest}.{secrets.token_hex(8)}@{domain}",
        mark=MARKS[is_chinese(verified.manifest.issue.language)],
    )
    return signer.signed(message) if signer else message


def _rehearse(server: Server, mails: dict[str, bytes]) -> None:
    login = " and log in" if server.user else ""
    click.echo(f"would connect to {printable(str(server))}{login}")
    for recipient, message in mails.items():
        head = message.partition(b"\r\n\r\n")[0].decode("ascii")
        click.echo(f"\nwould send {len(message):,} bytes to {recipient}:")
        click.echo("\n".join(f"    {printable(line)}" for line in head.split("\r\n")))


@click.command("send-test")
@click.argument("release")
@click.option("--to", "recipients", multiple=True, required=True, metavar="ADDRESS", help="May be given several times.")
@click.option("--dry-run", is_flag=True, help="Print the headers and the server; connect to nobody.")
@outbox_option
def send_test(release: str, recipients: tuple[str, ...], dry_run: bool, outbox: Path | None) -> None:
    """Send the staged mail of RELEASE to ADDRESS, to see it in real mail programs. It need not be approved.

    Nothing is rendered again and nothing is recorded: no approval, no delivery, no file. The subject begins with
    [测试] or [Test]; the unsubscribe link holds the id kanfa-test, which unsubscribes nobody. The server is that of
    [smtp] in kanfa.toml, user and password come from KANFA_SMTP_USER and KANFA_SMTP_PASSWORD. Exit status 1 when the
    release was changed after it was staged, or the server refused a mail; 2 when it cannot be reached or used.
    """
    from kanfa.deliver.smtp import connected, server_for
    from kanfa.email.message import parse_message
    from kanfa.email.signing import signer_for
    from kanfa.errors import DeliveryFailed, MailRefused

    publication = publication_here()
    addresses = _addresses(recipients)
    verified, staged = _staged(outbox_of(publication, outbox), release)
    server, signer = server_for(publication.smtp), signer_for(publication.dkim)
    mails = {address: _for(address, verified, staged, signer) for address in addresses}
    if dry_run:
        _rehearse(server, mails)
        return
    sender = parse_message(staged)["From"].addresses[0].addr_spec
    refusals: list[MailRefused] = []
    with connected(server) as connection:
        for recipient, message in mails.items():
            try:
                connection.send(sender, recipient, message)
            except MailRefused as error:
                if len(mails) == 1:
                    raise
                show_error(error)
                refusals.append(error)
            else:
                signed = "signed" if signer else "not signed"
                click.echo(f"{verified.release.reference} sent to {recipient} ({len(message):,} bytes, {signed})")
    if refusals:
        raise DeliveryFailed(f"{len(refusals)} of {len(mails)} mails were refused")
