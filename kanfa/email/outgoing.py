"""A staged message made out to one recipient: the same text and HTML, never rendered again."""

from __future__ import annotations

import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import format_datetime
from functools import partial
from html import escape

from kanfa.email.dom import parse_html
from kanfa.email.headers import entries
from kanfa.email.message import FORMAT, TOKEN, Value, assemble, bodies, compare, parse_message
from kanfa.errors import RenderError


def made_out(staged: bytes, *, to: str, token: str, date: datetime.datetime, message_id: str, mark: str = "") -> bytes:
    """`staged` (the bytes of email.eml) for one recipient, CRLF line ends, unsigned.

    `to` is a plain ASCII address; `token` takes the place of `__UNSUB__` in the unsubscribe address, wherever that
    address stands: an author's own words are left alone. `date` must know its time zone. `message_id` is without
    angle brackets. `mark` is put before the subject. Raises RenderError when a value cannot stand in a header, or the
    message does not give back what went in.
    """
    original = parse_message(staged)
    text, html = bodies(original)
    address = unsubscribe_address(str(original["List-Unsubscribe"] or ""))
    own = address.replace(TOKEN, token)
    headers: dict[str, Value] = {}
    for name in original:
        if not name.lower().startswith(("content-", "mime-")):
            headers[name] = str(original[name])
    headers |= {
        "From": original["From"].addresses[0],
        "To": Address(addr_spec=to),
        "Subject": f"{mark}{original['Subject']}",
        "Date": format_datetime(date),
        "Message-ID": f"<{message_id}>",
    }
    if address:
        headers["List-Unsubscribe"] = str(original["List-Unsubscribe"]).replace(address, own)
        text = text.replace(address, own)
        for written in (escape, partial(escape, quote=False), str):  # as templates, serialisers and people write it
            html = html.replace(written(address), written(own))
        if left := [href for href in addresses_in(html) if TOKEN in href]:
            raise RenderError(FORMAT, f"the subscriber's token could not be put into {left[0]}")
    try:
        message = assemble(headers, html, text, boundary=original.get_boundary("=_kanfa"))
        data = message.as_bytes()
    except (ValueError, MessageError) as error:
        raise RenderError(FORMAT, f"a header cannot be written: {error}") from None
    differences = compare(data, message, html, text)
    if differences:
        raise RenderError(FORMAT, f"the message does not give back its {', '.join(differences)}")
    return data


def addresses_in(html: str) -> list[str]:
    """The address of each link, in reading order."""
    return [str(link.get("href", "")) for link in parse_html(html).iter("a")]


def unsubscribe_address(header: str) -> str:
    """The first address of a List-Unsubscribe header that holds the token; empty when none does."""
    found = (entry.strip().removeprefix("<").removesuffix(">") for entry in entries(header))
    return next((address for address in found if TOKEN in address), "")
