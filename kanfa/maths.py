"""Formulas: TeX → SVG paths, without a browser, a network or a font on the reader's machine.

ziamath sets the formula with STIX Two Math, which it carries. Everything that could make it slow or wrong is
refused first: its time doubles with each level of nesting, it shows an unknown command as its name, and its
font has no Han characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import ParseError, tostring

from lxml import etree

from kanfa.errors import MathError

MAX_TEX = 1_000
"""Characters of one formula."""
MAX_NESTING = 6
"""Fractions, roots, scripts and stretched brackets inside each other: one level more doubles the time."""
MAX_EM = 250
"""Width and height of a formula in em; a line of text has 40."""
MAX_ELEMENTS = 400
"""Elements of the formula's MathML."""
_PARSER_NAMES = {"mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable"}
_UNSAFE = ("\\def", "\\newcommand", "\\renewcommand", "\\href", "\\url", "\\require", "\\let", "\\unicode")
_SIZE = 100.0
"""Font size while setting; everything handed out is in em."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was set."""

    svg: str
    """A whole `<svg>` of paths in `currentColor`, with `viewBox` and without width, height, ids or style."""
    width: float
    """In em of the surrounding text."""
    height: float
    """In em, depth included."""
    depth: float
    """In em: how far the formula reaches below the base line (`vertical-align: -depth em`)."""


@lru_cache(maxsize=256)
def typeset(tex: str, *, display: bool = False) -> Formula:
    """Set one formula; `display` as on lines of its own. The same TeX gives the same bytes.

    Raises MathError, which says what is wrong, for TeX that cannot be set: the reader asks here once and turns
    such a formula into code, so that the writers never meet it.
    """
    _refuse(tex)
    from ziamath.config import config
    from ziamath.zmath import Latex

    config.svg2 = False  # paths in place: WeChat and mail take neither <symbol> nor ids
    try:
        set_formula = Latex(tex, size=_SIZE, color="currentColor", inline=not display)
        root = set_formula.svgxml()
    except ParseError:  # MathML is XML, and \\text goes into it as it is
        raise MathError("& and < have no meaning here; write \\& or \\lt") from None
    except RecursionError:
        raise MathError("the formula holds too many brackets inside each other") from None
    except Exception as error:  # noqa: BLE001 - whatever its three parsers raise, the TeX is at fault
        raise MathError(f"the formula cannot be set: {type(error).__name__} {error}".strip(": ")) from None
    left, top, width, height = (float(part) for part in root.attrib["viewBox"].split())
    if width <= 0 or height <= 0 or not len(root):
        raise MathError("the formula shows nothing")
    if max(width, height) > MAX_EM * _SIZE:
        raise MathError("the formula is far larger than a page")
    for name in ("width", "height"):
        del root.attrib[name]
    root.set("viewBox", f"{left:g} {top:g} {width:g} {height:g}")
    svg = etree.tostring(etree.fromstring(tostring(root)), encoding="unicode")
    return Formula(svg, round(width / _SIZE, 3), round(height / _SIZE, 3), round((top + height) / _SIZE, 3))


def _refuse(tex: str) -> None:
    """Raise MathError for what ziamath would set slowly, wrongly or not at all."""
    if not tex.strip():
        raise MathError("the formula is empty")
    if len(tex) > MAX_TEX:
        raise MathError(f"the formula has {len(tex):,} characters; {MAX_TEX:,} are allowed")
    if unsafe := next((name for name in _UNSAFE if name in tex), ""):
        raise MathError(f"{unsafe} is no part of a formula here")
    if foreign := next((char for char in tex if ord(char) > 0x2FFF), ""):
        raise MathError(f"“{foreign}” is in no font for formulas; write it beside the formula")
    from latex2mathml.converter import convert_to_element

    try:
        tree = convert_to_element(tex)
    except (Exception, RecursionError) as error:  # noqa: BLE001 - the converter raises a dozen kinds, builtin ones too
        words = str(error) or type(error).__name__.removesuffix("Error")
        raise MathError(f"the formula cannot be read: {words}") from None
    elements = list(tree.iter())
    if len(elements) > MAX_ELEMENTS:
        raise MathError(f"the formula has {len(elements)} parts; {MAX_ELEMENTS} are allowed")
    unknown = next((e.text for e in elements if e.text and e.text.startswith("\\") and len(e.text) > 1), None)
    if unknown:
        raise MathError(f"{unknown} is no command that is known here")
    deepest = _depth(tree)
    if deepest > MAX_NESTING:
        raise MathError(f"the formula is nested {deepest} deep; {MAX_NESTING} are allowed")


def _depth(element: object) -> int:
    """Levels of what doubles the time, inside each other."""
    children = list(element)  # type: ignore[call-overload]
    fenced = element.tag == "mrow" and any(child.get("fence") == "true" for child in children)  # type: ignore[attr-defined]
    own = int(element.tag in _PARSER_NAMES or fenced)  # type: ignore[attr-defined]
    return own + max((_depth(child) for child in children), default=0)
