"""A picture as PDF operators: its lines, its circles, and its labels set in the mathematical font."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import hypot

from handcalc.formula.maths import Maths
from handcalc.render.typeset.boxes import Box
from handcalc.render.typeset.ink import Ink, ink, numbers, together
from handcalc.render.typeset.layout import typeset, upright
from handcalc.render.typeset.style import Level
from handcalc.sheet.picture import SECOND, SLANT, Circle, Label, Mark, Picture, Stroke

HEAD_LENGTH, HEAD_WIDTH = 5.0, 3.6
"""An arrow head, in points, for a line of 0.6 points; thicker lines have larger ones."""
CLEARANCE = 1.2
"""White around a label that is painted clear, in points."""
_BEND = 0.5522847498
"""A quarter circle of radius 1 as a Bézier curve has its control points this far along its tangents."""


_COLOUR = numbers(*(part / 255 for part in SECOND))


def drawn(picture: Picture) -> Ink:
    """Draw the picture with its lower left corner at the origin."""
    return together([_mark(mark) for mark in picture.marks])


def _mark(mark: Mark) -> Ink:
    match mark:
        case Stroke():
            return Ink(_stroke(mark).encode("ascii"))
        case Circle():
            return Ink(_circle(mark).encode("ascii"))
        case Label():
            return _label(mark)


def _stroke(stroke: Stroke) -> str:
    x, y = stroke.x2, stroke.y2
    head = ""
    line, fill = (
        (f"{_COLOUR} RG", f"{_COLOUR} rg")
        if stroke.ink == "second"
        else (f"{numbers(stroke.grey)} G", f"{numbers(stroke.grey)} g")
    )
    length = hypot(x - stroke.x1, y - stroke.y1)
    if stroke.arrow and length > 0:
        scale = max(stroke.width / 0.6, 1.0) ** 0.5
        along = ((x - stroke.x1) / length, (y - stroke.y1) / length)
        back = HEAD_LENGTH * scale
        foot = (x - along[0] * back, y - along[1] * back)
        wide = (-along[1] * HEAD_WIDTH * scale / 2, along[0] * HEAD_WIDTH * scale / 2)
        corners = numbers(foot[0] + wide[0], foot[1] + wide[1]), numbers(foot[0] - wide[0], foot[1] - wide[1])
        head = f" {fill} {numbers(x, y)} m {corners[0]} l {corners[1]} l f"
        x, y = x - along[0] * back * 0.8, y - along[1] * back * 0.8
    dash = "[3 2]" if stroke.dashed or stroke.ink == "second" else "[]"
    path = f"{numbers(stroke.x1, stroke.y1)} m {numbers(x, y)} l S"
    return f"q {line} {numbers(stroke.width)} w {dash} 0 d {path}{head} Q"


def _circle(circle: Circle) -> str:
    x, y, r = circle.x, circle.y, circle.radius
    path = [f"{numbers(x + r, y)} m"]
    turns = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 0))
    for (ax, ay), (bx, by) in pairwise(turns):
        points = (ax + _BEND * bx, ay + _BEND * by), (bx + _BEND * ax, by + _BEND * ay), (bx, by)
        path.append(numbers(*(v for px, py in points for v in (x + r * px, y + r * py))) + " c")
    paint = "s" if circle.fill is None else "b"
    fill = "" if circle.fill is None else f"{numbers(circle.fill)} g "
    return f"q 0 G {fill}{numbers(circle.width)} w {' '.join(path)} {paint} Q"


def _label(label: Label) -> Ink:
    box = label_box(label.content, label.size)
    x = label.x - box.width * {"left": 0.0, "middle": 0.5, "right": 1.0}[label.anchor]
    y = label.y - (box.height - box.depth) / 2
    text = _leaning(box, x, y) if label.ink == "second" else ink(box, x, y)
    if not label.clear:
        return text
    place = numbers(x - CLEARANCE, y - box.depth - CLEARANCE, box.width + 2 * CLEARANCE, box.total + 2 * CLEARANCE)
    return replace(text, operators=f"q 1 g {place} re f Q ".encode("ascii") + text.operators)


def _leaning(box: Box, x: float, y: float) -> Ink:
    """The box in the second ink, leaning to the right about the middle of its height."""
    text = ink(box)
    left = x - SLANT * (box.height - box.depth) / 2
    frame = f"q {_COLOUR} rg 1 0 {numbers(SLANT)} 1 {numbers(left, y)} cm "
    return Ink(frame.encode("ascii") + text.operators + b" Q", text.codes)


def label_box(content: Maths | str, size: float) -> Box:
    return typeset(content, size, Level.TEXT) if isinstance(content, Maths) else upright(content, size)
