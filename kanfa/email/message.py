"""The message (RFC 5322) of an issue: text and HTML, with the headers a mailing list must carry.

It is the staged sample: delivery puts each subscriber's address, token and Message-ID in place. Nothing in
it depends on the clock or on chance: boundary and Message-ID come from the content.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from email import message_from_bytes
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from kanfa.email.headers import mail_policy, phrase
from kanfa.errors import RenderError
from kanfa.formats import UNDATED
from kanfa.issue.model import Issue
from kanfa.publication import Publication

FORMAT = "email"
TOKEN: Final = "__UNSUB__"  # noqa: S105 - a placeholder, not a secret
"""Stands in the unsubscribe address of a staged mail, where each subscriber's own token goes."""

Value = str | Address
TEXT_TYPE, HTML_TYPE = "plain", "html"


def build_message(issue: Issue, publication: Publication, html: str, text: str) -> bytes:
    """The complete message, CRLF line ends, both parts base64.

    `Date` is midnight UTC of the issue's date (`UNDATED` for an issue without one); delivery replaces it.
    Raises RenderError when a header value is refused, or when parsing the bytes gives anything else back.
    """
    try:
        message = compose(issue, publication, html, text)
        data = message.as_bytes()
    except (ValueError, MessageError) as error:
        raise RenderError(FORMAT, f"a header cannot be written: {error}") from None
    differences = compare(data, message, html, text)
    if str(message["Subject"]) != subject(issue, publication):
        differences.append("Subject")
    if differences:
        raise RenderError(FORMAT, f"the message does not give back its {', '.join(differences)}")
    return data


def compose(issue: Issue, publication: Publication, html: str, text: str) -> EmailMessage:
    """The message as an object. Raises ValueError for header values that no header may hold."""
    settings = publication.email
    digest = content_hash(issue.title, html, text)
    midnight = datetime.datetime.combine(issue.date or UNDATED, datetime.time(), datetime.UTC)
    headers: dict[str, Value] = {
        "From": Address(settings.from_name or publication.name, addr_spec=settings.from_address),
        "To": Address(addr_spec=settings.to_address),
        "Subject": subject(issue, publication),
        "Date": format_datetime(midnight),
        "Message-ID": f"<{digest[:32]}@{settings.from_address.rpartition('@')[2]}>",
        "List-Id": f"{phrase(publication.name)} <{settings.list_id}>",
        "List-Unsubscribe": f"<{settings.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Archive": f"<{publication.url}>",
        "List-Help": f"<mailto:{settings.from_address}?subject=help>",
        "List-Post": "NO",
    }
    return assemble(headers, html, text, boundary=f"=_{digest[32:64]}")


def assemble(headers: Mapping[str, Value], html: str, text: str, boundary: str) -> EmailMessage:
    """A message of both parts with these headers in this order. Raises ValueError for values no header may hold."""
    message = EmailMessage(policy=mail_policy())
    for name, value in headers.items():
        # the library decodes what looks like an encoded word, so such a text is handed over encoded
        shown = isinstance(value, str) and name == "Subject" and "=?" in value
        message[name] = Header(str(value), "utf-8").encode(maxlinelen=0) if shown else value
    message["MIME-Version"] = "1.0"
    message.set_content(text, cte="base64")
    message.add_alternative(html, subtype=HTML_TYPE, cte="base64")
    message.set_boundary(boundary)
    return message


def subject(issue: Issue, publication: Publication) -> str:
    """The prefix that the settings want, and the title, in one line; only line feeds and tabs become spaces, an
    ideographic space stays."""
    title = issue.title.replace("\n", " ").replace("\t", " ").strip(" ")
    prefix = publication.email.subject_prefix
    return f"{prefix} {title}" if prefix else title


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
    for kind in (TEXT_TYPE, HTML_TYPE):
        part = message.get_body((kind,))
        content = part.get_content() if part is not None else ""
        found.append(str(content).replace("\r\n", "\n"))
    return found[0], found[1]


def compare(data: bytes, message: EmailMessage, html: str, text: str) -> list[str]:
    """Names of what the parsed bytes do not give back exactly: headers and both bodies."""
    parsed = parse_message(data)
    names = [name for name in message if not name.startswith(("Content-", "MIME-"))]
    differences = [name for name in names if str(parsed[name]) != str(message[name])]
    back_text, back_html = bodies(parsed)
    if back_text != text:
        differences.append("text part")
    if back_html not in {html, f"{html}\n"}:
        differences.append("HTML part")
    return differences
