"""Picture files without what nobody should publish: camera, place, author, software, thumbnails, second pictures.

Only whole segments, chunks and blocks are left out; what the picture shows stays as it was, bit by bit. Every
function raises ValueError for a file whose structure cannot be followed.
"""

from __future__ import annotations

from collections.abc import Iterator

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_SHOWN = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"sBIT"})
"""Chunks that decide what is seen (PNG, third edition, 11). A colour profile is the caller's business."""
_PNG_MOVING = frozenset({b"acTL", b"fcTL", b"fdAT"})

_SOI, _EOI, _SOS, _APP0, _APP14, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xEE, 0xFE
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""
_JFIF_BYTES = 14
"""Length of a JFIF segment's content without its thumbnail (ITU-T T.871, 10.1)."""

_GIF_LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
"""Application blocks that say how often a moving picture is repeated; all others are notes of programs."""


def bare(data: bytes, media_type: str, *, still: bool = False) -> bytes:
    """The PNG, JPEG or GIF without its metadata; the very same bytes when it has none.

    `still`: without the further pictures of a moving PNG too. Raises ValueError for other media types.
    """
    if media_type == "image/png":
        return _bare_png(data, _PNG_SHOWN if still else _PNG_SHOWN | _PNG_MOVING)
    if media_type == "image/jpeg":
        return b"".join(_jpeg_parts(data))
    if media_type == "image/gif":
        return b"".join(part for _, part in gif_parts(data))
    raise ValueError(f"{media_type} is never passed on as it is")


def _bare_png(data: bytes, kept: frozenset[bytes]) -> bytes:
    if not data.startswith(_PNG_HEAD):
        raise ValueError("no PNG")
    parts, at, kind = [_PNG_HEAD], len(_PNG_HEAD), b""
    while kind != b"IEND":
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
        if len(kind) < 4 or end > len(data):
            raise ValueError("the PNG is cut short")
        if kind in kept:
            parts.append(data[at:end])
        at = end
    return b"".join(parts)


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    """The segments that a decoder needs, each scan with its coded data; nothing behind the end of the picture."""
    if data[:2] != bytes((0xFF, _SOI)):
        raise ValueError("no JPEG")
    yield data[:2]
    at = 2
    while True:
        if data[at : at + 1] != b"\xff":
            raise ValueError("the JPEG has no marker where one must stand")
        while data[at + 1 : at + 2] == b"\xff":  # any marker may be filled up with these
            at += 1
        marker = data[at + 1] if at + 1 < len(data) else _EOI
        if marker == _EOI:
            yield bytes((0xFF, _EOI))
            return
        if marker in _BARE_MARKERS:
            at += 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if end > len(data) or end < at + 4:
            raise ValueError("the JPEG is cut short")
        if marker == _SOS:
            end = _end_of_scan(data, end)
        yield _jpeg_segment(marker, data[at:end])
        at = end


def _jpeg_segment(marker: int, segment: bytes) -> bytes:
    """The segment as it stays: nothing of notes, a JFIF header without thumbnail, anything else as it is."""
    if marker == _APP0:
        content = segment[4:]
        if not content.startswith(b"JFIF\0") or len(content) < _JFIF_BYTES:
            return b""
        return segment[:2] + (_JFIF_BYTES + 2).to_bytes(2) + content[: _JFIF_BYTES - 2] + b"\0\0"
    if marker == _APP14:  # without it the colours of CMYK and some RGB files are read wrongly
        return segment if segment[4:].startswith(b"Adobe") else b""
    return b"" if marker == _COM or _APP0 <= marker <= 0xEF else segment


def _end_of_scan(data: bytes, at: int) -> int:
    """Where coded data end: before the first marker that is neither a stuffed 0xFF nor a restart."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    raise ValueError("the JPEG is cut short")


def gif_parts(data: bytes) -> Iterator[tuple[bool, bytes]]:
    """The blocks of a GIF that show something, each with whether it is one of its pictures.

    Raises ValueError, when that point is reached, for a file that ends within a block.
    """
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 13:
        raise ValueError("no GIF")
    at = 13 + _table(data[10])
    yield False, data[:at]
    waiting = b""  # a graphic control block belongs to what follows it
    while at < len(data) and data[at] != 0x3B:
        start = at
        if data[at] == 0x2C and at + 9 < len(data):
            at = _end_of_blocks(data, at + 10 + _table(data[at + 9]) + 1)
            yield True, waiting + data[start:at]
            waiting = b""
        elif data[at] == 0x21 and at + 1 < len(data):
            label, at = data[at + 1], _end_of_blocks(data, at + 2)
            if label == 0xF9:
                waiting = data[start:at]
            elif label == 0xFF and data[start + 3 : start + 14] in _GIF_LOOPS:
                yield False, data[start:at]
            elif label == 0x01:  # plain text, which no program draws
                waiting = b""
        else:
            raise ValueError("the GIF has no block where one must stand")
    yield False, b"\x3b"


def _table(flags: int) -> int:
    """Bytes of the colour table that the flags of a GIF announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_blocks(data: bytes, at: int) -> int:
    """Behind a chain of sub-blocks, each preceded by its length; 0 ends it."""
    while at < len(data):
        if not data[at]:
            return at + 1
        at += 1 + data[at]
    raise ValueError("the GIF is cut short")
