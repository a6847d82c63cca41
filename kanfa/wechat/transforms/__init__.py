"""What WeChat does to an article, answered one peculiarity at a time, on the lxml tree.

Each function changes the tree it is given and nothing else. Two chains, in this order:

before the theme's CSS is inlined (classes still stand, so that new elements get their styles too)
    plain_elements   div, article, figure, h1, h5 … → the elements an article may have
    links            outside links → text and `[n]`, with the list of addresses
    lists            compact native lists, or rows with markers
    code             newlines → `<br>`, indentation → no-break spaces
    tables           zebra, empty cells, a scrolling block for many columns
    white_space      none between block tags
    leading_guard    no code and no drawing as the first node

after it
    unquoted         no quote characters and no !important in style values
    short_colours    `#aabbcc` → `#abc`, `rgba(0,0,0,.2)` → `#0003`
    inked            every background has a text colour of its own
    lean             declarations that say what is inherited anyway are dropped
    covered          margins that the neighbours give anyway are dropped
    bold             `strong` and text of weight 700 → `b`
    bare             no class, no id, no empty style, no span without purpose
"""

from __future__ import annotations

from collections.abc import Callable

from lxml.html import HtmlElement

from kanfa.wechat.setting import Setting
from kanfa.wechat.transforms.code import code
from kanfa.wechat.transforms.links import links
from kanfa.wechat.transforms.lists import lists
from kanfa.wechat.transforms.pictures import own_widths
from kanfa.wechat.transforms.shape import leading_guard, plain_elements, white_space
from kanfa.wechat.transforms.styles import bare, inked, lean, short_colours, unquoted
from kanfa.wechat.transforms.tables import tables
from kanfa.wechat.transforms.thrift import bold, covered

Transform = Callable[[HtmlElement, Setting], None]

BEFORE_INLINING: tuple[Transform, ...] = (plain_elements, links, lists, code, tables, white_space, leading_guard)
AFTER_INLINING: tuple[Transform, ...] = (own_widths, unquoted, short_colours, inked, lean, covered, bold, bare)

__all__ = [
    "AFTER_INLINING",
    "BEFORE_INLINING",
    "Setting",
    "Transform",
    "bare",
    "bold",
    "code",
    "covered",
    "inked",
    "leading_guard",
    "lean",
    "links",
    "lists",
    "own_widths",
    "plain_elements",
    "short_colours",
    "tables",
    "unquoted",
    "white_space",
]
