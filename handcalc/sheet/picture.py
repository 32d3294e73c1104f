"""A drawing as lines, circles and labels, the same for PDF, SVG and TikZ.

Units are points (1/72 inch); the origin is the lower left corner, y goes up. Marks are drawn in order.

There are two inks. The first is black; the second is a dark blue whose lines are dashed and whose labels are slanted,
so that it is told from the first on a black-and-white print as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from handcalc.formula.maths import Maths

Ink = Literal["first", "second"]
Anchor = Literal["left", "middle", "right"]
SECOND = (0, 56, 140)
"""The second ink: red, green and blue, of 255."""
SLANT = 0.21
"""How far its labels lean over for each point of height."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line, with an arrow head at the far end where `arrow`."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.6
    dashed: bool = False
    arrow: bool = False
    grey: float = 0.0
    """0 is black, 1 is white; the second ink has no greys."""
    ink: Ink = "first"


@dataclass(frozen=True, slots=True)
class Circle:
    x: float
    y: float
    radius: float
    width: float = 0.8
    fill: float | None = 1.0
    """Grey of the inside, 1 is white; None leaves it open."""


@dataclass(frozen=True, slots=True)
class Label:
    """A formula, or plain text (a user's: renderers escape it), of type size `size` placed at (x, y).

    `anchor` says which point of the label lies there; vertically it is always the middle.
    `clear` paints white behind it, so that a line under it doesn't strike it through.
    """

    x: float
    y: float
    content: Maths | str
    anchor: Anchor = "middle"
    size: float = 9.0
    clear: bool = False
    ink: Ink = "first"


Mark = Stroke | Circle | Label


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    marks: tuple[Mark, ...]
    alt: str
    """What the picture shows, in words."""
    plotted: bool = False
    """Whether its lines show values themselves, so that it can't stand where one of them is hidden."""
    blanks: bool = False
    """Whether it has room to write in what is hidden; else a hidden label is left out."""


def left_over(picture: Picture, marks: Sequence[Mark]) -> Picture:
    """`picture` with those of its `marks` that are left, without the room at the foot of what isn't."""
    foot = min(map(_lowest, marks), default=0.0) - min(map(_lowest, picture.marks), default=0.0)
    return replace(picture, marks=tuple(_lowered(mark, foot) for mark in marks), height=picture.height - foot)


def _lowest(mark: Mark) -> float:
    match mark:
        case Stroke():
            return min(mark.y1, mark.y2)
        case Circle():
            return mark.y - mark.radius
        case Label():
            return mark.y - mark.size / 2


def _lowered(mark: Mark, down: float) -> Mark:
    if isinstance(mark, Stroke):
        return replace(mark, y1=mark.y1 - down, y2=mark.y2 - down)
    return replace(mark, y=mark.y - down)
