"""Request bodies: JSON the way the API counts it, one file out of a form, and what kind of picture bytes are."""

from __future__ import annotations

import json
from email.message import Message
from typing import Any

from starlette.requests import Request

from kanfa.wechat.sandbox.codes import Failure

ASCII = 0x80
DRAINED = 64_000_000
"""Bytes of a body too large that are still read, so that the client can finish and see the answer."""
SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}
"""First bytes of each form that some call takes."""


async def bounded(request: Request, most: int) -> bytes | None:
    """The body of a request; None when it has more than `most` bytes, of which no more are kept."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size <= most:
            pieces.append(piece)
        else:
            pieces.clear()
        if size > DRAINED:
            break
    return b"".join(pieces) if size <= most else None


def json_object(body: bytes, content_type: str) -> dict[str, Any] | Failure:
    """The JSON object of a body; 47001 for a form, for what is no UTF-8, no JSON or no object."""
    if "form" in content_type.lower():
        return Failure(47001, "the body is a form, not JSON")
    try:
        value = json.loads(with_literal_escapes(body.decode("utf-8")))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return Failure(47001)
    return value if isinstance(value, dict) else Failure(47001, "no object")


def with_literal_escapes(text: str) -> str:
    r"""JSON in which every `\u4e2d` stands for its six characters, as the API reads it.

    Official note: send raw UTF-8; escapes are counted and shown literally. Escapes of ASCII are left alone, because
    JSON cannot do without them.
    """
    pieces, at = [], 0
    while (found := text.find("\\", at)) >= 0:
        escape = text[found : found + 6]
        is_literal = escape[1:2] == "u" and _code(escape[2:]) >= ASCII
        pieces.append(text[at:found] + ("\\\\u" if is_literal else text[found : found + 2]))
        at = found + 2
    return "".join(pieces) + text[at:]


def _code(digits: str) -> int:
    return int(digits, 16) if len(digits) == 4 and all(digit in "0123456789abcdefABCDEF" for digit in digits) else 0


def file_of(body: bytes, content_type: str, field: str = "media") -> bytes | None:
    """The bytes of the file `field` in a multipart form (RFC 7578); None when there is none."""
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary:
        return None
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    for part in (b"\r\n" + body).split(b"\r\n" + mark)[1:]:
        head, blank, data = part.partition(b"\r\n\r\n")
        if blank and not part.startswith(b"--") and _is_field(head, field):
            return data
    return None


def _is_field(head: bytes, field: str) -> bool:
    """Whether the lines before a part's data name this field."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-disposition":
            header = Message()
            header["content-disposition"] = value.decode("latin-1").replace("\r", "").replace("\n", "").strip()
            return header.get_param("name", header="content-disposition") == field
    return False


def picture_type(data: bytes) -> str:
    """The media type of a picture by its first bytes; empty for anything else."""
    return next((kind for signature, kind in SIGNATURES.items() if data.startswith(signature)), "")
