"""The message (RFC 5322) of an issue: text and HTML, with the headers a mailing list must carry.

It is the staged sample: delivery puts each subscriber's address, token and Message-ID in place. Nothing in
it depends on the clock or on chance: boundary and Message-ID come from the content.
"""

from __future__ import annotations

import datetime
import hashlib
from email import message_from_bytes
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from kanfa.email.headers import mail_policy
from kanfa.errors import RenderError
from kanfa.issue.model import Issue
from kanfa.publication import Publication

FORMAT = "email"
UNDATED: Final = datetime.date(1970, 1, 1)
"""Date of the staged message of an issue without a date; RFC 5322 wants one, and delivery sets the day of sending."""


def build_message(issue: Issue, publication: Publication, html: str, text: str) -> bytes:
    """The complete message, CRLF line ends, both parts base64.

    `Date` is midnight UTC of the issue's date (1970-01-01 for an issue without one); delivery replaces it.
    Raises RenderError when a header value is refused, or when parsing the bytes gives anything else back.
    """
    try:
        message = compose(issue, publication, html, text)
        data = message.as_bytes()
    except (ValueError, MessageError) as error:
        raise RenderError(FORMAT, f"a header cannot be written: {error}") from None
    differences = compare(data, message, html, text)
    if str(message["Subject"]) != subject(issue):
        differences.append("Subject")
    if differences:
        raise RenderError(FORMAT, f"the message does not give back its {', '.join(differences)}")
    return data


def compose(issue: Issue, publication: Publication, html: str, text: str) -> EmailMessage:
    """The message as an object. Raises ValueError for header values that no header may hold."""
    settings = publication.email
    digest = content_hash(issue.title, html, text)
    message = EmailMessage(policy=mail_policy())
    message["From"] = Address(settings.from_name or publication.name, addr_spec=settings.from_address)
    message["To"] = Address(addr_spec=settings.to_address)
    title = subject(issue)
    # the library decodes what looks like an encoded word, so such a title is handed over encoded
    message["Subject"] = Header(title, "utf-8").encode() if "=?" in title else title
    midnight = datetime.datetime.combine(issue.date or UNDATED, datetime.time(), datetime.UTC)
    message["Date"] = format_datetime(midnight)
    message["Message-ID"] = f"<{digest[:32]}@{settings.from_address.rpartition('@')[2]}>"
    message["List-Id"] = f"{publication.name} <{settings.list_id}>"
    message["List-Unsubscribe"] = f"<{settings.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["List-Archive"] = f"<{publication.url}>"
    message["MIME-Version"] = "1.0"
    message.set_content(text, cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    message.set_boundary(f"=_{digest[32:64]}")
    return message


def subject(issue: Issue) -> str:
    """The title in one line; only line feeds and tabs become spaces, an ideographic space stays."""
    return issue.title.replace("\n", " ").replace("\t", " ").strip(" ")


def content_hash(*parts: str) -> str:
    """SHA-256 of texts as 64 hex digits; the borders between them count."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def parse_message(data: bytes) -> EmailMessage:
    """A message read back from its bytes."""
    message = message_from_bytes(data, policy=mail_policy())
    if not isinstance(message, EmailMessage):
        raise RenderError(FORMAT, "the message cannot be parsed")
    return message


def bodies(message: EmailMessage) -> tuple[str, str]:
    """Text and HTML part of a message, line ends as LF; empty where one is missing."""
    found = []
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        content = part.get_content() if part is not None else ""
        found.append(str(content).replace("\r\n", "\n"))
    return found[0], found[1]


def compare(data: bytes, message: EmailMessage, html: str, text: str) -> list[str]:
    """Names of what the parsed bytes do not give back exactly: headers and both bodies."""
    parsed = parse_message(data)
    names = ("From", "To", "Subject", "Message-ID", "List-Id", "List-Unsubscribe", "List-Archive")
    differences = [name for name in names if str(parsed[name]) != str(message[name])]
    back_text, back_html = bodies(parsed)
    if back_text != text:
        differences.append("text part")
    if back_html not in {html, f"{html}\n"}:
        differences.append("HTML part")
    return differences
