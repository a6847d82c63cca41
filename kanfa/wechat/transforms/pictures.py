"""Pictures: what the structure checker must know of those that keep their own width."""

from __future__ import annotations

from lxml.html import HtmlElement

from kanfa.wechat.limits import LIMITS
from kanfa.wechat.setting import Setting
from kanfa.wechat.style import number_of, value_of
from kanfa.wechat.tree import elements, styles


def own_widths(root: HtmlElement, _setting: Setting) -> None:
    """Narrow pictures of some size say that their width is meant.

    Prevents: width-variance. In a list, a quote or a box they keep their size on a computer and shrink on a phone,
    which is right and which the checker takes for a fault.
    """
    for image in elements(root, "img"):
        declared = value_of(styles(image), "width")
        width = number_of(declared, "px") if declared else number_of(image.get("data-w") or "", "")
        if width is not None and LIMITS.steady_image.value < width <= LIMITS.narrow_image.value:
            image.set("data-ignore-width", "1")
