"""Tables: every cell carries its own look, because nothing on rows or columns survives the editor."""

from __future__ import annotations

from lxml.html import HtmlElement

from kanfa.wechat.limits import LIMITS
from kanfa.wechat.setting import Setting
from kanfa.wechat.tree import NBSP, classes, drop, elements, new, replace


def columns_of(table: HtmlElement) -> int:
    """Largest number of columns of a row, spans counted."""
    rows = [list(row.iterchildren("td", "th")) for row in table.iter("tr")]
    return max((sum(int(cell.get("colspan") or 1) for cell in row) for row in rows), default=0)


def tables(root: HtmlElement, setting: Setting) -> None:
    """Zebra by hand, filled empty cells, no column groups; more than four columns scroll, with a hint.

    Prevents: collapsed empty cells, a dashed row for `colgroup`, stripes that are lost, and wide tables
    squeezed into 335 px (a scroller only overflows when its cells do not wrap). Such a table tells the structure
    checker so itself: on the scroller the exemption has no effect.
    """
    for table in elements(root, "table"):
        for group in elements(table, "colgroup", "col"):
            if group.getparent() is not None:
                drop(group)
        wide = columns_of(table) > LIMITS.table_columns.value
        for number, row in enumerate(table.iter("tr")):
            for cell in row.iterchildren("td", "th"):
                _dress(cell, striped=number % 2 == 0 and cell.tag == "td", wide=wide)
        if wide:
            hint, scroller = new("p", "scroll-hint", setting.scroll_hint), new("section", "scroller")
            table.set("class", "wide")
            table.set("data-ignore-width", "1")
            replace(table, hint, scroller)
            scroller.append(table)


def _dress(cell: HtmlElement, striped: bool, wide: bool) -> None:
    names = [*classes(cell), *(["striped"] if striped else []), *(["nowrap"] if wide else [])]
    if names:
        cell.set("class", " ".join(names))
    if not len(cell) and not (cell.text or "").strip(" \t\r\n"):
        cell.text = NBSP
