"""Formulas as drawings in the text: the few elements of a set formula, written as one short path.

An article may have 20,000 characters, and a formula comes as 2,000 to 12,000 characters of outlines. Whole
hundredths of an em and relative steps say the same in about a third; at 16 px the rounding is a twelfth of a pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from kanfa.maths import Formula

UNITS = 100
"""Steps of an em, in the SVG that comes and in the one that goes."""
OWN_INK = frozenset({"", "currentColor"})
Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula as one path in the colour of its text."""

    path: str
    width: int
    """In hundredths of an em, like everything here."""
    height: int
    depth: int
    """How far it reaches below the base line; negative when it ends above."""

    @property
    def view_box(self) -> str:
        """The value of `viewBox`."""
        return f"0 0 {self.width} {self.height}"


class _Undrawable(Exception):
    """The formula holds something that one filled path cannot say."""


@lru_cache(maxsize=256)
def drawn(formula: Formula) -> Drawing | None:
    """The formula as one path; None when it has colours or lines of its own, which need a picture."""
    root = etree.fromstring(formula.svg)
    left, top, width, height = (float(part) for part in str(root.get("viewBox")).split())
    pen = _Pen(left, top)
    try:
        for command, numbers in _outlines(root):
            pen.draw(command, numbers)
    except (_Undrawable, ValueError):  # a number that is none: steps written in another way
        return None
    return Drawing(pen.path, round(width), round(height), round(top + height))


def _outlines(root: etree._Element) -> Iterator[tuple[str, list[float]]]:
    for element in root.iter():
        tag = etree.QName(element).localname
        if not OWN_INK.issuperset({element.get("fill", "")}) or element.get("stroke") or element.get("transform"):
            raise _Undrawable
        if tag == "path":
            yield from _commands(str(element.get("d")))
        elif tag == "rect":
            x, y, width, height = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
            yield "M", [x, y]
            for corner in ((x + width, y), (x + width, y + height), (x, y + height)):
                yield "L", [*corner]
            yield "Z", []
        elif tag not in {"svg", "g"}:
            raise _Undrawable


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """The steps of a path; ziamath writes absolute ones, with white space between all their parts."""
    command, numbers = "", list[float]()
    for word in data.split():
        if word.isalpha():
            if command:
                yield command, numbers
            command, numbers = word, []
        else:
            numbers.append(float(word))
    if command:
        yield command, numbers


class _Pen:
    """Writes absolute steps as short relative ones; positions are rounded, so errors do not add up."""

    def __init__(self, left: float, top: float) -> None:
        self.left, self.top = left, top
        self.at: Point = (0, 0)
        self.start: Point = (0, 0)
        self.last = ""
        self.path = ""

    def draw(self, command: str, numbers: list[float]) -> None:
        """One step. Raises _Undrawable for steps that are not known here."""
        if len(numbers) % 2:
            raise _Undrawable
        points = [(round(x - self.left), round(y - self.top)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        if command == "Z" and not points:
            self.path += "z"
            self.last, self.at = "z", self.start
        elif command == "M" and len(points) == 1:
            self._write("m", points)
            self.start = self.at
            self.last = "m "  # numbers behind a move would be lines: the next step says its letter
        elif command == "L" and len(points) == 1:
            self._line(points[0])
        elif command == "Q" and len(points) == 2:
            (cx, cy), (x, y) = (self._step(point) for point in points)
            if cx * y == cy * x:  # control point and end in one line
                self._line(points[1])
            else:
                self._write("q", points)
        else:
            raise _Undrawable

    def _line(self, to: Point) -> None:
        across, down = self._step(to)
        if across and down:
            self._write("l", [to])
        elif across:
            self._append("h", [across])
        elif down:
            self._append("v", [down])
        self.at = to

    def _step(self, point: Point) -> Point:
        return point[0] - self.at[0], point[1] - self.at[1]

    def _write(self, letter: str, points: list[Point]) -> None:
        self._append(letter, [part for point in points for part in self._step(point)])
        self.at = points[-1]

    def _append(self, letter: str, numbers: list[int]) -> None:
        """A minus sign parts two numbers as well as a space does, and a letter counts until the next one."""
        if letter != self.last:
            self.path += letter
        for position, number in enumerate(numbers):
            first = letter != self.last and position == 0
            self.path += f"{number}" if first or number < 0 else f" {number}"
        self.last = letter
