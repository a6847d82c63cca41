"""QR codes of links, for readers who hold paper or a second screen."""

from __future__ import annotations

import io

MODULE = 4
"""Pixels of one module in the PNG: 33 modules with their quiet zone give 164 px."""
QUIET = 4
"""Modules of empty margin (ISO/IEC 18004 §6.3.8)."""


def qr_svg(href: str) -> str:
    """The code as `<svg>` of one path, black on white, with `viewBox` and no size; same address, same bytes."""
    target = io.BytesIO()
    _made(href).save(
        target, kind="svg", border=QUIET, xmldecl=False, svgns=True, omitsize=True, nl=False, dark="#000", light="#fff",
        svgclass=None, lineclass=None,
    )  # fmt: skip
    return target.getvalue().decode()


def qr_png(href: str) -> bytes:
    """The code as a black and white PNG."""
    target = io.BytesIO()
    _made(href).save(target, kind="png", border=QUIET, scale=MODULE)
    return target.getvalue()


def _made(href: str):  # type: ignore[no-untyped-def]  # segno's class is private to it
    """Error correction M (15 %): a code on paper gets stains. Raises ValueError beyond 2,331 bytes."""
    import segno

    return segno.make_qr(href, error="m")
