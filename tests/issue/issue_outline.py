"""A compact, readable form of the tree for expectations: one line for each block, marks inside a line in brackets."""

from __future__ import annotations

from kanfa.issue.model import (
    Callout,
    Cell,
    Code,
    CodeBlock,
    Details,
    Figure,
    Image,
    Issue,
    Item,
    Lead,
    LineBreak,
    Link,
    List,
    Math,
    MathBlock,
    Node,
    NoteRef,
    Only,
    Paragraph,
    QrCode,
    Row,
    Ruby,
    Section,
    Table,
    Text,
)


def outline(issue: Issue) -> str:
    """The body, indented by depth."""
    return "\n".join(line for block in issue.body() for line in _block(block, 0))


def line(*nodes: Node) -> str:
    """Inline nodes on one line: `strong[…]`, `<href|…>`, `¶` for a break."""
    return "".join(_inline(node) for node in nodes)


def _inline(node: Node) -> str:
    match node:
        case Text():
            return node.text
        case Code():
            return f"`{node.text}`"
        case LineBreak():
            return "¶"
        case NoteRef():
            return f"^{node.number}"
        case Image():
            return f"img[{node.src}|{node.alt}]"
        case Math():
            return f"math[{node.tex}]"
        case Ruby():
            return f"ruby[{line(*node.children)}|{line(*node.reading)}]"
        case Link():
            return f"<{node.href}|{line(*node.children)}>"
    return f"{node.method}[{line(*node.parts())}]"


def _block(node: Node, depth: int) -> list[str]:
    pad = "  " * depth
    match node:
        case Paragraph():
            return [f"{pad}p {line(*node.children)}"]
        case CodeBlock():
            extra = f" “{node.title}”" if node.title else ""
            extra += f" {list(node.highlighted)}" if node.highlighted else ""
            return [f"{pad}code({node.language}) {node.text!r}{extra}"]
        case MathBlock():
            return [f"{pad}math {node.tex}"]
        case QrCode():
            return [f"{pad}qr {line(node.link)}"]
        case Lead():
            source = f" · {line(*node.source)}" if node.source else ""
            return [f"{pad}lead {line(node.link)}{source}"]
        case Item() if node.checked is not None:
            return [f"{pad}item [{'x' if node.checked else ' '}]", *_blocks(node.blocks, depth + 1)]
        case Callout():
            title = f" {line(*node.title)}" if node.title else ""
            return [f"{pad}{node.kind}{title}", *_blocks(node.blocks, depth + 1)]
        case Only():
            word = "except" if node.excepted else "only"
            return [f"{pad}{word} {' '.join(node.formats)}", *_blocks(node.blocks, depth + 1)]
        case Figure():
            caption = f" “{line(*node.caption)}”" if node.caption else ""
            link = f" → {node.href}" if node.href else ""
            return [f"{pad}figure {line(node.image)}{caption}{link}"]
        case Section():
            head = [f"{pad}h{node.level} {line(*node.title)}"]
            return head + _blocks((*node.blocks, *node.groups), depth + 1)
        case List():
            kind = "ul" if node.start is None else f"ol({node.start})"
            return [f"{pad}{kind}{'' if node.tight else ' loose'}", *_blocks(node.items, depth + 1)]
        case Table():
            caption = [f"{pad}  caption {line(*node.caption)}"] if node.caption else []
            return [f"{pad}table", *caption, *_blocks((*node.head, *node.body), depth + 1)]
        case Row():
            return [f"{pad}| " + " | ".join(_cell(cell) for cell in node.cells)]
        case Details():
            return [f"{pad}details {line(*node.summary)}", *_blocks(node.blocks, depth + 1)]
    return [f"{pad}{node.method}", *_blocks(node.parts(), depth + 1)]


def _cell(cell: Cell) -> str:
    extra = cell.align + (f" ×{cell.colspan}" if cell.colspan > 1 else "") + ("!" if cell.header else "")
    return f"{line(*cell.children)}{'{' + extra + '}' if extra else ''}"


def _blocks(nodes: tuple[Node, ...], depth: int) -> list[str]:
    return [text for node in nodes for text in _block(node, depth)]
