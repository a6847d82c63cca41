"""The layout rules as functions of measurements. The checker stops at one element of a paragraph; here each is judged.

Conditions and names are those of the checker (see `limits`), read from its code. Stricter, because its specification
is: an element of fixed width is judged too where it is a paragraph by itself or holds several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import floor

from kanfa.findings import Finding
from kanfa.wechat.layout import limits
from kanfa.wechat.layout.measuring import Box, Column, Element, Layout
from kanfa.wechat.rules import layout as rule

SPLITTING = frozenset({"p", "div", "section", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
"""An element with such a child is no paragraph; its children are. Checker."""
WHOLE = frozenset({"blockquote"})
"""What is one paragraph whatever it holds. Checker."""
FLEXIBLE = ("auto", "100%")
"""Widths of a style attribute that hold nothing fixed. Checker."""
RUNNING = frozenset({"p", "div", "section", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "a"})
"""Elements whose own text the second test of lines counts. Checker."""
REPLACED = frozenset({"img", "svg", "hr"})
"""What shows something without any text."""
SCROLLING = frozenset({"auto", "scroll"})
ROWS = frozenset({"table", "thead", "tbody", "tr", "td", "th"})
"""Boxes of tables grow with their text whatever height they are given (CSS 2.1, 17.5.3)."""
SHOWN = 30
"""Characters of the text that a message quotes."""

Place = Callable[[Element], int]
"""Tells the line of issue.md that an element comes from."""


def judged(layout: Layout, place: Place) -> Iterator[Finding]:
    """All findings about one article, rule by rule."""
    for judge in JUDGES:
        yield from judge(layout, place)


def paragraphs(layout: Layout, of: int = -1) -> Iterator[int]:
    """Indexes of the elements that the checker takes for paragraphs, blank ones left out."""
    for index in layout.children.get(of, ()):
        element = layout.elements[index]
        below = layout.children.get(index, ())
        splits = any(layout.elements[child].tag in SPLITTING for child in below)
        if splits and element.tag not in WHOLE:
            yield from paragraphs(layout, index)
        elif not is_blank(layout, index):
            yield index


def is_blank(layout: Layout, index: int) -> bool:
    """Whether an element shows nothing: no text, and no elements but `br` and `span[leaf]`."""
    first, *below = (layout.elements[each] for each in layout.inside(index))
    if first.text.strip() or first.tag in REPLACED:
        return False
    return all(each.tag == "br" or each.leaf for each in below)


def candidates(layout: Layout) -> Iterator[int]:
    """Indexes of the elements whose width is compared between screens."""
    for index, element in enumerate(layout.elements):
        if element.drawing or element.tag in {"svg", "table"}:
            continue
        if element.ignored or any(layout.elements[above].ignored for above in layout.ancestors(index)):
            continue
        fixed = bool(element.width) and not any(word in element.width.lower() for word in FLEXIBLE)
        if element.tag == "img" or fixed or _in_table_head(layout, index):
            yield index


def _in_table_head(layout: Layout, index: int) -> bool:
    return layout.elements[index].tag == "th" and any(
        layout.elements[above].tag == "thead" for above in layout.ancestors(index)
    )


def _fills(box: Box, column: Column) -> bool:
    """The checker's “centred”: the gaps at left and right, with their signs, add up to nothing."""
    return abs((box.left - column.left) + (column.right - box.right)) <= limits.EDGE


def _overflows(box: Box, column: Column) -> bool:
    beyond = box.left < column.left - limits.EDGE or box.right > column.right + limits.EDGE
    return beyond and not _fills(box, column)


def _where(layout: Layout, index: int, test: Callable[[Box, Column], bool], columns: tuple[int, ...]) -> list[int]:
    """The widths of those columns in which the test holds for the element."""
    return [width for width in columns if test(layout.columns[width].boxes[index], layout.columns[width])]


def _list(widths: list[int]) -> str:
    return ", ".join(map(str, widths))


def shown(element: Element) -> str:
    """What a message calls the element: its text, else the words of a picture, else its tag."""
    text = " ".join((element.text.strip() or element.words).split())
    return text[:SHOWN] or f"<{element.tag}>"


def widths(layout: Layout, place: Place) -> Iterator[Finding]:
    """Candidates keep their place and their share of the column on every screen. One finding for each, the worst."""
    for index in candidates(layout):
        element = layout.elements[index]
        filled = _where(layout, index, _fills, limits.SCREENS)
        beyond = _where(layout, index, _overflows, limits.SCREENS)
        if len(filled) == len(limits.SCREENS):
            continue
        if filled:
            others = [width for width in limits.SCREENS if width not in filled]
            yield rule.WIDTH_CENTRING.at(
                place(element),
                "“{text}” fills the column at {filled} px and not at {others} px",
                text=shown(element),
                filled=_list(filled),
                others=_list(others),
                element=element.path,
            )
        elif 0 < len(beyond) < len(limits.SCREENS):
            yield _overflow(element, beyond, place)
        elif _varies(layout, index):
            taken = [f"{_width(layout.columns[width].boxes[index])}/{width}" for width in limits.SCREENS]
            yield rule.WIDTH_VARIANCE.at(
                place(element),
                "“{text}” takes {taken} px",
                text=shown(element),
                taken=", ".join(taken),
                element=element.path,
            )


def _width(box: Box) -> int:
    return floor(box.right - box.left + 0.5)


def _varies(layout: Layout, index: int) -> bool:
    taken = [_width(layout.columns[width].boxes[index]) for width in limits.SCREENS]
    ratios = [width / screen for width, screen in zip(taken, limits.SCREENS, strict=True)]
    differs = any(abs(width - taken[0]) > limits.WIDTH_DIFFERENCE for width in taken)
    return differs and any(abs(ratio - ratios[0]) > limits.RATIO_DIFFERENCE for ratio in ratios)


def _overflow(element: Element, beyond: list[int], place: Place) -> Finding:
    return rule.WIDTH_OVERFLOW.at(
        place(element),
        "“{text}” passes the edge of the column at {widths} px",
        text=shown(element),
        widths=_list(beyond),
        element=element.path,
    )


def overflowing(layout: Layout, place: Place) -> Iterator[Finding]:
    """No paragraph passes the edge of the column in any width.

    Left out: what `widths` told of already, and what scrolls without the checker ever looking at it.
    """
    told = set(candidates(layout))
    for index in paragraphs(layout):
        element = layout.elements[index]
        beyond = _where(layout, index, _overflows, limits.COLUMNS)
        known = index in told and 0 < len(set(beyond) & set(limits.SCREENS)) < len(limits.SCREENS)
        passed = element.ignored or (not element.looked_at and _scrolls(layout, index))
        if beyond and not known and not passed:
            yield _overflow(element, beyond, place)


def preformatted(layout: Layout, place: Place) -> Iterator[Finding]:
    """`pre` breaks its lines."""
    for index, element in enumerate(layout.elements):
        if element.tag != "pre" or not element.text.strip():
            continue
        boxes = {width: column.boxes[index] for width, column in layout.columns.items()}
        wide = [width for width, box in boxes.items() if box.scroll_width > box.client_width + limits.EDGE]
        if wide:
            message = "“{text}” runs out of its <pre> at {widths} px"
            yield rule.PRE_OVERFLOW.at(
                place(element), message, text=shown(element), widths=_list(wide), element=element.path
            )


def lines(layout: Layout, place: Place) -> Iterator[Finding]:
    """Lines of text are not closer than the size of the letters."""
    for index in _texts(layout):
        element = layout.elements[index]
        close = _where(layout, index, partial(_too_close, element), limits.COLUMNS)
        if close:
            box = layout.columns[close[0]].boxes[index]
            yield rule.LINES_OVERLAP.at(
                place(element),
                "“{text}”: lines of {height} px for letters of {size} px",
                text=shown(element),
                height=f"{_line_height(box):g}",
                size=f"{box.font_size:g}",
                element=element.path,
            )


def _texts(layout: Layout) -> Iterator[int]:
    """Elements in which lines stand: those with text of their own, outside drawings."""
    for index, element in enumerate(layout.elements):
        if element.own and not element.drawing and element.tag != "svg":
            yield index


def _line_height(box: Box) -> float:
    return box.font_size * limits.NORMAL_LINE_HEIGHT if box.line_height is None else box.line_height


def _too_close(element: Element, box: Box, _: Column) -> bool:
    if box.font_size <= 0:
        return False
    height = _line_height(box)
    if height == 0:
        return True
    if height + limits.LINE_SLACK < box.font_size and box.height > limits.ONE_LINE * box.font_size:
        return True
    count = floor(box.height / height + 0.5)
    return element.tag in RUNNING and count >= 2 and box.height / count < limits.CLOSEST_LINES * box.font_size


def clipped(layout: Layout, place: Place) -> Iterator[Finding]:
    """Text stays within a box of fixed height, and nothing is taller than the article."""
    for index, element in enumerate(layout.elements):
        if not _is_fixed(element) or element.drawing or element.tag in ROWS or element.tag in REPLACED:
            continue
        if element.svg_mode or not element.text.strip():
            continue
        cut = _where(layout, index, _spills, limits.COLUMNS)
        if cut:
            box = layout.columns[cut[-1]].boxes[index]
            yield rule.BOX_CLIPS.at(
                place(element),
                "“{text}”: {needed} px of text in a box of {height} px at {widths} px",
                text=shown(element),
                needed=round(box.scroll_height),
                height=round(box.client_height),
                widths=_list(cut),
                element=element.path,
            )
    yield from _taller(layout, place)


def _is_fixed(element: Element) -> bool:
    return element.height not in {"", "auto"} or element.most not in {"", "none"}


def _spills(box: Box, _: Column) -> bool:
    return box.overflow_y not in SCROLLING and box.scroll_height > box.client_height + limits.TALLER_SHORT


def _taller(layout: Layout, place: Place, of: int = -1, level: int = 1) -> Iterator[Finding]:
    """The first elements from the top that are taller than the whole article; what scrolls may be."""
    column = layout.columns[limits.SCREENS[0]]
    slack = limits.TALLER if column.height > limits.SHORT_ARTICLE else limits.TALLER_SHORT
    for index in layout.children.get(of, ()) if level <= limits.LEVELS else ():
        element, box = layout.elements[index], column.boxes[index]
        if box.overflow_y in SCROLLING:
            continue
        if box.height > column.height + slack and not element.drawing:
            message = "“{text}” is {height} px high in an article of {whole} px"
            yield rule.BOX_CLIPS.at(
                place(element),
                message,
                text=shown(element),
                height=round(box.height),
                whole=round(column.height),
                element=element.path,
            )
        else:
            yield from _taller(layout, place, index, level + 1)


def cut(layout: Layout, place: Place) -> Iterator[Finding]:
    """Text and pictures end at the edge of the column, unless something round them scrolls."""
    for index, element in enumerate(layout.elements):
        beyond = [] if _scrolls(layout, index) else _where(layout, index, _inked_beyond, limits.COLUMNS)
        if beyond:
            yield rule.CONTENT_CUT.at(
                place(element),
                "“{text}” is cut off at {widths} px",
                text=shown(element),
                widths=_list(beyond),
                element=element.path,
            )


def _scrolls(layout: Layout, index: int) -> bool:
    """Whether the element, or something round it, lets its reader scroll sideways."""
    boxes = layout.columns[limits.SCREENS[0]].boxes
    return any(boxes[each].overflow_x in SCROLLING for each in (index, *layout.ancestors(index)))


def _inked_beyond(box: Box, column: Column) -> bool:
    return box.ink is not None and (box.ink[0] < column.left - limits.EDGE or box.ink[1] > column.right + limits.EDGE)


JUDGES = (widths, overflowing, preformatted, lines, clipped, cut)
