"""Boxes as in TeX: what a formula has become when only lengths are left.

A box has a baseline; `height` reaches above it and `depth` below it. The origin of a box is the left end of
its baseline and y goes up. Lengths are points.

    Box     parts, each with its place
    Glyph   one glyph of the mathematical font, and what it says when the page is searched or copied
    Rule    a filled rectangle, from its lower left corner
    Gap     an empty frame to write in, from its lower left corner
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handcalc.render.typeset.metrics import Form


@dataclass(frozen=True, slots=True)
class Glyph:
    form: Form
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Gap:
    """`key` says what is to be written; "" where it may be anything. Not `framed`: only the place. `choice` is the
    letter that a tick stands for, "" where more than a tick is written."""

    key: str
    width: float
    height: float
    framed: bool = True
    choice: str = ""


Part = Glyph | Rule | Gap


@dataclass(frozen=True, slots=True)
class Box:
    """`italic` is how far the last glyph leans out on the right (0 if it stands upright)."""

    width: float
    height: float
    depth: float
    parts: tuple[tuple[float, float, Box | Part], ...] = ()
    italic: float = 0.0
    accent: float | None = None
    """Where the middle of an accent goes; None: in the middle."""
    plain: bool = False
    """A single glyph, on which scripts sit at the standard height."""

    @property
    def total(self) -> float:
        return self.height + self.depth


EMPTY = Box(0.0, 0.0, 0.0)


def glyph(form: Form, size: float, text: str) -> Box:
    return Box(
        form.width * size,
        form.height * size,
        form.depth * size,
        ((0.0, 0.0, Glyph(form, size, text)),),
        italic=form.italic * size,
        accent=form.accent * size,
        plain=True,
    )


def rule(width: float, height: float) -> Box:
    return Box(width, height, 0.0, ((0.0, 0.0, Rule(width, height)),))


def beside(boxes: Sequence[Box | float]) -> Box:
    """Boxes on one baseline, from left to right; a number is a space."""
    x = height = depth = 0.0
    parts: list[tuple[float, float, Box | Part]] = []
    for box in boxes:
        if isinstance(box, float):
            x += box
            continue
        parts.append((x, 0.0, box))
        x += box.width
        height, depth = max(height, box.height), max(depth, box.depth)
    last = boxes[-1] if boxes else EMPTY
    return Box(x, height, depth, tuple(parts), italic=last.italic if isinstance(last, Box) else 0.0)


def stacked(boxes: Sequence[Box], gap: float) -> Box:
    """Boxes one below another, so far apart; the baseline is that of the last."""
    parts: list[tuple[float, float, Box | Part]] = []
    y = sum(box.total for box in boxes) + gap * (len(boxes) - 1) - boxes[-1].depth
    height = y
    for box in boxes:
        parts.append((0.0, y - box.height, box))
        y -= box.total + gap
    return Box(max(box.width for box in boxes), height, boxes[-1].depth, tuple(parts))


def raised(box: Box, up: float) -> Box:
    return Box(box.width, box.height + up, box.depth - up, ((0.0, up, box),))


def marks(box: Box, x: float = 0.0, y: float = 0.0) -> Iterator[tuple[float, float, Part]]:
    """Every glyph, rule and gap in `box` with its place, in reading order, if the origin of the box is at (x, y)."""
    for dx, dy, part in box.parts:
        if isinstance(part, Box):
            yield from marks(part, x + dx, y + dy)
        else:
            yield x + dx, y + dy, part
