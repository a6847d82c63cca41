"""The same look in fewer characters: shorter elements, and no margins that the neighbours give anyway."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

from kanfa.wechat.setting import Setting
from kanfa.wechat.style import number_of, parse_style, value_of
from kanfa.wechat.tree import elements, font_size_of, is_block, move_children, new, set_styles, styles

HEADINGS = frozenset({"h2", "h3", "h4"})
LISTS = frozenset({"ul", "ol"})
HEAVY = frozenset({"700", "bold"})
BOLD_BY_ITSELF = frozenset({"th", "b"})
"""A bold element in these would be bolder still."""
SIDES = 4
FLOWING = frozenset({"", "block", "list-item", "table"})
"""Values of `display` with which the margins of neighbours collapse."""


class Margins(NamedTuple):
    """Pixels above and below an element that has none at its sides."""

    above: float
    below: float


def bold(root: HtmlElement, _: Setting) -> None:
    """`strong` → `b`, and text of weight 700 → `b` as well: the reader's page has no bold but what the article says.

    Prevents: nine characters for the weight of each heading, ten for each word that is stressed.
    """
    for strong in elements(root, "strong"):
        strong.tag = "b"
    for element in elements(root):
        if "font-weight" not in (element.get("style") or ""):
            continue
        declared = styles(element)
        if value_of(declared, "font-weight") not in HEAVY or element.tag in BOLD_BY_ITSELF:
            continue
        if any(is_block(inner) for inner in element.iterdescendants() if isinstance(inner.tag, str)):
            continue
        set_styles(element, [d for d in declared if d.name != "font-weight"])
        inner = new("b")
        move_children(element, inner)
        element.append(inner)


def covered(root: HtmlElement, _: Setting) -> None:
    """Drop the margins of a block where those of its neighbours reach as far: margins collapse, so the larger counts.

    Only behind a heading, of a list's first item, of a picture between two texts, and where nothing stands above:
    whoever deletes or moves a passage in WeChat's editor still has a margin on one side of each gap.
    Prevents: some twenty characters for each section and list that nobody sees.
    """
    for element in elements(root):
        own = margins_of(element)
        if own is None or own == (0, 0):
            continue
        if _is_covered_above(element, own.above) and _is_covered_below(element, own.below):
            set_styles(element, [d for d in styles(element) if d.name != "margin"])


def margins_of(element: HtmlElement) -> Margins | None:
    """The margins that a block declares; None without any, or when they are of a kind that is not dealt with here."""
    style = element.get("style") or ""
    if "margin" not in style or not _flows(element):
        return None
    return _margins(style, font_size_of(element) if "em" in style else 0)


@lru_cache(maxsize=2048)
def _margins(style: str, em: float) -> Margins | None:
    """`em` is the pixels of one."""
    declared = parse_style(style)
    if any(d.name == "float" or d.name.startswith("margin-") for d in declared):
        return None
    sizes = [_pixels(word, em) for word in value_of(declared, "margin").split()]
    if not 1 <= len(sizes) <= SIDES:
        return None
    above, right, below, left = (sizes * SIDES)[:SIDES] if len(sizes) != SIDES - 1 else [*sizes, sizes[1]]
    if above is None or below is None or min(above, below) < 0 or right != 0 or left != 0:
        return None
    return Margins(above, below)


def _pixels(word: str, em: float) -> float | None:
    factor = number_of(word, "em")
    return number_of(word, "px") if factor is None else factor * em


def _flows(element: HtmlElement) -> bool:
    """Whether the element's margins collapse with those of its neighbours."""
    parent = element.getparent()
    around = value_of(styles(parent), "display") if parent is not None else ""
    own = value_of(styles(element), "display")
    return is_block(element) and own in FLOWING and not around.endswith(("flex", "grid"))


def _is_covered_above(element: HtmlElement, size: float) -> bool:
    if size == 0:
        return True
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        return (before.tag in HEADINGS or _is_picture(element)) and _reaches(before, size, below=True)
    if parent is None or parent.tag not in LISTS or not _is_open(parent):
        return False
    before = parent.getprevious()
    return before is not None and _reaches(before, size, below=True)


def _is_picture(element: HtmlElement) -> bool:
    """Whether a paragraph is one picture and no word."""
    return len(element) == 1 and element[0].tag == "img" and not f"{element.text or ''}{element[0].tail or ''}".strip()


def _is_covered_below(element: HtmlElement, size: float) -> bool:
    if size == 0:
        return True
    after = element.getnext()
    if after is None or (element.tail or "").strip():
        return False
    if after.tag in LISTS and len(after) and _is_open(after):
        after = after[0]
    return _reaches(after, size, below=False)


def _reaches(neighbour: HtmlElement, size: float, *, below: bool) -> bool:
    found = margins_of(neighbour) if isinstance(neighbour.tag, str) else None
    if found is None or (below and (neighbour.tail or "").strip()):
        return False
    return (found.below if below else found.above) >= size


def _is_open(node: HtmlElement) -> bool:
    """Whether the margins of a list's items reach out of it: it has no margin, border or padding above and below."""
    return all(d.name.startswith("list-style") or d.name == "padding-left" for d in styles(node))
