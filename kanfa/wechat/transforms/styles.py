"""Style attributes after inlining: safe for WeChat's filters, and as short as they can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from lxml.html import HtmlElement

from kanfa.wechat.setting import Setting
from kanfa.wechat.style import Declaration, colours_in, parse_style, value_of, write_style
from kanfa.wechat.tree import elements, move_children, new, parent_of, set_styles, styles

INHERITED = frozenset(
    {"color", "font-family", "font-size", "font-style", "font-weight", "letter-spacing", "line-height"}
) | frozenset({"list-style-type", "text-align", "white-space", "word-break", "word-spacing"})
"""Properties that children take over and that may be dropped when they only repeat it."""
OWN_LOOK: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), frozenset({"font-size", "font-weight"})),
    **dict.fromkeys(("sup", "sub", "small"), frozenset({"font-size"})),
    **dict.fromkeys(("ul", "ol"), frozenset({"list-style-type"})),
    "strong": frozenset({"font-weight"}),
    "em": frozenset({"font-style"}),
    "code": frozenset({"font-family", "font-size"}),
    "th": frozenset({"font-weight", "text-align"}),
    "a": frozenset({"color"}),
    "blockquote": frozenset({"color", "font-size"}),
}
"""Properties for which reader or browser gives an element a look of its own, so that a repetition is none."""
INITIAL_INK = "#333"
EXACT = 1e-6
"""Difference of two numbers that are the same."""


def unquoted(root: HtmlElement, _: Setting) -> None:
    """No quote characters and no !important in style values.

    Prevents: a quote written as an entity empties the whole style attribute, a quoted url() removes the
    element, and !important defeats dark mode.
    """
    _rewrite(root, _without_quotes)


def _rewrite(root: HtmlElement, change: Callable[[str], str]) -> None:
    """Change every style attribute by a function of its text; one that becomes empty is left out."""
    for element in elements(root):
        if (style := element.get("style")) is not None:
            if changed := change(style):
                element.set("style", changed)
            else:
                del element.attrib["style"]


@lru_cache(maxsize=2048)
def _without_quotes(style: str) -> str:
    kept = [Declaration(d.name, d.value.replace('"', "").replace("'", "")) for d in parse_style(style)]
    return write_style(d for d in kept if d.name != "?")


def short_colours(root: HtmlElement, _: Setting) -> None:
    """Colours and numbers in their shortest exact form: `#aabbcc` → `#abc`, `rgba(0,0,0,.2)` → `#0003`, `0.2` → `.2`.

    Dark mode reads colours as the browser writes them back, so their spelling makes no difference to it.
    Prevents: a 20,000 character budget spent on zeros.
    """
    _rewrite(root, _with_short_values)


@lru_cache(maxsize=2048)
def _with_short_values(style: str) -> str:
    return write_style(Declaration(d.name, short_value(d.value)) for d in parse_style(style))


def short_value(value: str) -> str:
    """One value with short colours and numbers, without spaces after commas."""
    words = [_short_word(word) for word in value.replace(", ", ",").split(" ")]
    return " ".join(words)


def _short_word(word: str) -> str:
    if word.startswith("0."):
        return word[1:]
    colours = colours_in(word) if word.startswith(("#", "rgb(", "rgba(")) else []
    if len(colours) != 1:
        return word
    red, green, blue, alpha = colours[0]
    if abs(alpha * 15 - round(alpha * 15)) > EXACT:
        return word.replace(",0.", ",.")  # fifteenths are all that one digit can say
    pairs = [f"{round(channel):02x}" for channel in (red, green, blue, *([alpha * 255] if alpha != 1 else []))]
    return "#" + "".join(pair[0] for pair in pairs) if all(p[0] == p[1] for p in pairs) else "#" + "".join(pairs)


def inked(root: HtmlElement, _: Setting) -> None:
    """Every element with a background says its text colour.

    Prevents: dark mode converts a lone background and leaves the text in the colour of another one.
    """
    for element in elements(root):
        if "background" not in (element.get("style") or ""):
            continue
        declared = styles(element)
        if colours_in(value_of(declared, "background", "background-color")) and not value_of(declared, "color"):
            above = (value_of(styles(parent), "color") for parent in element.iterancestors())
            set_styles(element, [*declared, Declaration("color", next(filter(None, above), INITIAL_INK))])


def lean(root: HtmlElement, _: Setting) -> None:
    """Drop declarations that repeat what the element inherits anyway.

    Prevents: an article that is too long for no visible reason.
    """
    _lean(root, {})


def _lean(element: HtmlElement, inherited: Mapping[str, str]) -> None:
    if not isinstance(element.tag, str):
        return
    own = OWN_LOOK.get(element.tag, frozenset())
    if "style" not in element.attrib:
        here = {name: value for name, value in inherited.items() if name not in own} if own else inherited
        for child in element:
            if len(child) or "style" in child.attrib:
                _lean(child, here)
        return
    declared = styles(element)
    painted = bool(value_of(declared, "background", "background-color"))
    kept: list[Declaration] = []
    here = {name: value for name, value in inherited.items() if name not in own}
    for declaration in declared:
        name = declaration.name
        repeats = name in INHERITED and here.get(name) == declaration.folded and not _is_relative(declaration)
        if not repeats or (name == "color" and painted):
            kept.append(declaration)
        if name in INHERITED:
            here[name] = "" if _is_relative(declaration) else declaration.folded
    set_styles(element, kept)
    for child in element:
        _lean(child, here)


def _is_relative(declaration: Declaration) -> bool:
    return declaration.folded.endswith(("em", "%"))


def bare(root: HtmlElement, _: Setting) -> None:
    """No class, no id, no mark of our own, no empty style, no span that says nothing.

    Prevents: noise that counts towards the limit; `id` is removed by WeChat, an empty style looks like a loss.
    """
    for element in elements(root):
        for name in ("class", "id", "data-references"):
            element.attrib.pop(name, None)
        if not element.get("style", "kept").strip():
            del element.attrib["style"]
    for span in elements(root, "span"):
        if not span.attrib:
            unwrap(span)


def unwrap(element: HtmlElement) -> None:
    """Put the content of an element in its place."""
    holder = new("holder")
    move_children(element, holder)
    parent = parent_of(element)
    text, children = holder.text or "", list(holder)
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    at = parent.index(element)
    tail, element.tail = element.tail or "", None
    parent.remove(element)
    for offset, child in enumerate(children):
        parent.insert(at + offset, child)
    if children:
        children[-1].tail = (children[-1].tail or "") + tail
    elif previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
