"""How pictures are looked at in tests: the box of each label, as large as our typesetter makes it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from handcalc.formula.maths import Maths
from handcalc.formula.notation import untraced
from handcalc.render.text import plain
from handcalc.render.typeset.picture import label_box
from handcalc.sheet.picture import SLANT, Circle, Label, Picture, Stroke

Box = tuple[float, float, float, float]


def plainly(picture: Picture) -> Picture:
    """The picture as renderers see it."""
    marks = (
        replace(m, content=untraced(m.content)) if isinstance(m, Label) and isinstance(m.content, Maths) else m
        for m in picture.marks
    )
    return replace(picture, marks=tuple(marks))


def box(label: Label) -> Box:
    """Left, bottom, right, top."""
    size = label_box(label.content, label.size)
    wide = size.width + SLANT * size.total * (label.ink == "second")
    left = label.x - wide * {"left": 0.0, "middle": 0.5, "right": 1.0}[label.anchor]
    return left, label.y - size.total / 2, left + wide, label.y + size.total / 2


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def touches(circle: Circle, found: Box) -> bool:
    x = min(max(circle.x, found[0]), found[2])
    y = min(max(circle.y, found[1]), found[3])
    return (x - circle.x) ** 2 + (y - circle.y) ** 2 < circle.radius**2


def faults(picture: Picture) -> list[str]:
    """What stands on something else, or outside."""
    labels = [mark for mark in picture.marks if isinstance(mark, Label)]
    circles = [mark for mark in picture.marks if isinstance(mark, Circle)]
    boxes = [(said(label), box(label)) for label in labels]
    found = [f"{a} on {b}" for (a, one), (b, other) in combinations(boxes, 2) if overlap(one, other)]
    for label, (name, one) in zip(labels, boxes, strict=True):
        if one[0] < 0 or one[1] < 0 or one[2] > picture.width or one[3] > picture.height:
            found.append(f"{name} outside")
        others = [circle for circle in circles if (circle.x, circle.y) != (label.x, label.y)]  # its own sign is in it
        found += [f"{name} on a unit" for circle in others if touches(circle, one)]
    return found


def said(label: Label) -> str:
    return plain(label.content) if isinstance(label.content, Maths) else label.content


def struck(picture: Picture) -> list[str]:
    """Labels with a line through them, of lines that go across or up."""
    lines = [mark for mark in picture.marks if isinstance(mark, Stroke)]
    found = []
    for label in (mark for mark in picture.marks if isinstance(mark, Label)):
        left, low, right, high = box(label)
        for line in lines:
            (x1, x2), (y1, y2) = sorted((line.x1, line.x2)), sorted((line.y1, line.y2))
            if x1 < right and left < x2 and y1 < high and low < y2:
                found.append(said(label))
    return found
