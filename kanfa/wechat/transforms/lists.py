"""Lists: compact native ones where WeChat keeps them, rows with text markers where it does not."""

from __future__ import annotations

from lxml.html import HtmlElement

from kanfa.wechat.limits import LIMITS
from kanfa.wechat.setting import Setting
from kanfa.wechat.tree import NBSP, append_text, classes, drop, elements, is_block, move_children, new, replace, text_of

BULLETS = ("•", "◦", "▪")
"""Markers of rows by level; the last serves all deeper ones."""
DEEPEST_INDENT = 3
"""Rows of deeper levels are indented no further: the column is 335 px."""
SPACE = " \t\r\n\f"


def lists(root: HtmlElement, _: Setting) -> None:
    """Compact native lists; nested ones beyond two levels and numbered ones with blocks become rows.

    Items that all open with a Lead are marked, so that the theme can set them without bullets.
    Prevents: empty bullets from white space, blank lines from `<p>` in `<li>`, a leading bold word on a
    line of its own, flattened deep lists, and numbers that start anew after a block.
    """
    for node in elements(root, "ul", "ol"):
        if root not in node.iterancestors():
            continue  # already part of the rows of an outer list
        if _stays_native(node):
            _compact(node)
            if node.tag == "ul" and all(len(item) and "lead" in classes(item[0]) for item in node):
                node.set("class", "leads")
        else:
            replace(node, *_rows(node, 0))


def _stays_native(node: HtmlElement) -> bool:
    outer = sum(1 for parent in node.iterancestors("ul", "ol"))
    if outer + _depth(node) > LIMITS.list_depth.value or any(_box(item) is not None for item in node.iter("li")):
        return False
    return node.tag == "ul" or all(_is_simple(item) for item in node.iterchildren("li"))


def _box(item: HtmlElement) -> HtmlElement | None:
    """The mark of a task that opens an item of a bullet list: it takes the bullet's place."""
    parent = item.getparent()
    if parent is None or parent.tag != "ul" or not len(item) or (item.text or "").strip(SPACE):
        return None
    return item[0] if "task" in classes(item[0]) else None


def _depth(node: HtmlElement) -> int:
    inner = [_depth(child) for child in node.iterdescendants("ul", "ol")]
    return 1 + max(inner, default=0)


def _is_simple(item: HtmlElement) -> bool:
    """Whether an item is nothing but one run of text."""
    blocks = [child for child in item if is_block(child)]
    alone = len(item) == 1 and not f"{item.text or ''}{item[0].tail or ''}".strip(SPACE)
    return not blocks or (alone and blocks[0].tag in {"p", "section"})


def blocks_of(item: HtmlElement) -> list[HtmlElement]:
    """The content of an item as blocks: runs of text and paragraphs as `section`, everything else as it is."""
    found: list[HtmlElement] = []
    run = new("section")
    append_text(run, item.text or "")
    for child in list(item):
        tail, child.tail = child.tail or "", None
        if not is_block(child):
            run.append(child)
            append_text(run, tail)
            continue
        found += _filled(run)
        run = new("section")
        append_text(run, tail)
        if child.tag == "p":
            paragraph = new("section", child.get("class") or "")
            move_children(child, paragraph)
            found += _filled(paragraph)
        else:
            found.append(child)
    found += _filled(run)
    for later in found[1:]:
        if later.tag == "section" and not later.get("class"):
            later.set("class", "para")
    if not any(text_of(block).strip(SPACE) or list(block.iter("img", "svg")) for block in found):
        run.text = NBSP  # an item without content keeps its place; WeChat drops an empty one
        found.insert(0, run)
    return found


def _filled(section: HtmlElement) -> list[HtmlElement]:
    """The section without white space at its ends, or nothing when it is empty."""
    if section.text:
        section.text = section.text.lstrip(SPACE) or None
    if len(section):
        section[-1].tail = (section[-1].tail or "").rstrip(SPACE) or None
    elif section.text:
        section.text = section.text.rstrip(SPACE) or None
    return [section] if section.text or len(section) else []


def _compact(node: HtmlElement) -> None:
    node.text = None
    for item in list(node):
        blocks = blocks_of(item)
        item.text = item.tail = None
        for child in list(item):
            item.remove(child)
        if _opens_with_text(blocks[0]) and (len(blocks) == 1 or blocks[1].tag in {"ul", "ol"}):
            move_children(blocks.pop(0), item)  # only a leading bold word or code needs the section
        item.extend(blocks)


def _opens_with_text(block: HtmlElement) -> bool:
    return block.tag == "section" and not block.get("class") and bool((block.text or "").strip(SPACE))


def _rows(node: HtmlElement, level: int) -> list[HtmlElement]:
    """Rows of one list and all lists in it, one after the other: no nesting, so nothing can be flattened."""
    rows: list[HtmlElement] = []
    start = int(node.get("start") or 1)
    for index, item in enumerate(node.iterchildren("li")):
        marker = f"{start + index}." if node.tag == "ol" else BULLETS[min(level, len(BULLETS) - 1)]
        if (box := _box(item)) is not None:
            marker = text_of(box).strip()
            drop(box)
        cell: HtmlElement | None = None
        for block in blocks_of(item):
            if block.tag in {"ul", "ol"}:
                if marker:
                    rows.append(_row(marker, level)[0])
                rows += _rows(block, level + 1)
                marker, cell = "", None
                continue
            if cell is None:
                row, cell = _row(marker or NBSP, level)
                rows.append(row)
                marker = ""
            cell.append(block)
    for row in rows:
        _unwrap_single(row[-1])
    return rows


def _row(marker: str, level: int) -> tuple[HtmlElement, HtmlElement]:
    row = new("section", f"row level-{min(level, DEEPEST_INDENT)}")
    cell = new("section", "cell")
    row.append(new("section", "marker", marker))
    row.append(cell)
    return row, cell


def _unwrap_single(cell: HtmlElement) -> None:
    """A cell that holds one run of text holds it directly: one level less."""
    if len(cell) == 1 and cell[0].tag == "section" and cell[0].get("class") in {None, "para"} and not cell.text:
        only = cell[0]
        cell.remove(only)
        move_children(only, cell)
    elif not len(cell) and not cell.text:
        cell.text = NBSP
