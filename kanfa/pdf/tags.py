"""The tag tree of a finished PDF, as a screen reader walks it (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

CONTENT: Final = ""
"""Name of a leaf: marked content of a page."""
PICTURES = frozenset({"Figure", "Formula"})
"""Tags of what has an alternative text."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One structure element, or one piece of marked content in it."""

    name: str
    """Without its slash; `CONTENT` for marked content."""
    depth: int
    """0 for the document; a child has one more."""
    page: int
    """1-based; 0 where the file says none."""
    content: int = -1
    """Number of the marked content; -1 for an element."""
    alt: str = ""
    language: str = ""
    """Where it differs from that of what the element stands in."""


def tags_of(pdf: Any) -> tuple[Tag, ...]:
    """Every element and every piece of content in reading order, parents before children."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    root = pdf.Root.get("/StructTreeRoot")
    return tuple(_below(root.get("/K"), 0, 0, numbers)) if root is not None else ()


def _below(kids: Any, depth: int, page: int, numbers: dict[tuple[int, int], int]) -> Iterator[Tag]:
    """The tags of `/K`: a number, a dictionary or an array of both. Iterative: a file may nest as it likes."""
    import pikepdf

    stack: list[tuple[Any, int, int]] = [(kids, depth, page)]
    while stack:
        kid, depth, page = stack.pop()
        if isinstance(kid, pikepdf.Array):
            stack.extend((one, depth, page) for one in reversed(list(kid)))
        elif isinstance(kid, int):
            yield Tag(CONTENT, depth, page, kid)
        elif isinstance(kid, pikepdf.Dictionary):
            own = kid.get("/Pg")
            page = numbers.get(own.objgen, 0) if own is not None else page
            if "/MCID" in kid:
                yield Tag(CONTENT, depth, page, int(kid["/MCID"]))
            elif "/S" in kid:
                alt, language = str(kid.get("/Alt", "")), str(kid.get("/Lang", ""))
                yield Tag(str(kid["/S"]).lstrip("/"), depth, page, alt=alt, language=language)
                stack.append((kid.get("/K"), depth + 1, page))


def within(tags: Sequence[Tag], at: int) -> Sequence[Tag]:
    """What stands below `tags[at]`."""
    end = at + 1
    while end < len(tags) and tags[end].depth > tags[at].depth:
        end += 1
    return tags[at + 1 : end]
