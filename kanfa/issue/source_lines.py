"""The body of a source with every character in its place, for those who point at lines and columns."""

from __future__ import annotations

from kanfa.issue import front_matter
from kanfa.issue.raw import BIDI, CONTROLS

ODD = "\ufffd"
"""Stands for a character that the reader replaces or takes out, so that columns stay true."""


def body_of(source: str, file: str = "") -> str:
    """`source` with the lines of its front matter blank and `ODD` for each character that the reader does not keep.

    Raises SourceError only for front matter that the reader refuses as well.
    """
    kept = front_matter.split(BIDI.sub("", CONTROLS.sub(ODD, source)), file).body.split("\n")
    odd = BIDI.sub(ODD, CONTROLS.sub(ODD, source)).split("\n")
    return "\n".join(line if shown else "" for line, shown in zip(odd, kept, strict=True))
