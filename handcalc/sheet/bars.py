"""Bars: upright ones for how often, lying ones for shares of a whole. Grey, so that they print everywhere; the number
stands at each bar."""

from __future__ import annotations

from collections.abc import Sequence

from handcalc.formula.maths import Maths
from handcalc.sheet.axes import ABOVE, BELOW, HEIGHT, LEFT, RIGHT, SIZE, WIDTH
from handcalc.sheet.picture import Label, Mark, Picture, Stroke

GREY, LIGHT = 0.55, 0.9
FILLED = 0.8
"""A bar's share of its place."""
HIGH = 15.0
"""A lying bar with the space to the next."""
NAME = 70.0
"""Room for the names of lying bars."""
AT = 5.0
"""Between a bar and what is said at it."""
Named = tuple[Maths | str, float, str]
"""What a bar is called, how long it is, and what is said at its end."""


def upright(bars: Sequence[Named], *, across: str, up: str, alt: str) -> Picture:
    """A bar for each name, side by side, of which the longest is as high as the picture."""
    most = max((long for _, long, _ in bars), default=0.0) or 1.0
    place = WIDTH / max(len(bars), 1)
    marks: list[Mark] = []
    for n, (name, long, said) in enumerate(bars):
        x, high = LEFT + place * (n + 0.5), HEIGHT * long / most
        if long:
            marks += [Stroke(x, BELOW, x, BELOW + high, width=place * FILLED, grey=GREY)]
            marks += [Label(x, BELOW + high + AT + SIZE / 4, said, size=SIZE)]
        marks += [Label(x, BELOW - 11, name, size=SIZE)]
    marks += [Stroke(LEFT, BELOW, LEFT + WIDTH, BELOW), Label(LEFT + WIDTH / 2, 11, across, size=SIZE)]
    marks += [Label(LEFT, BELOW + HEIGHT + 22, up, "left", SIZE)]
    return Picture(LEFT + WIDTH + RIGHT, BELOW + HEIGHT + ABOVE + 6, tuple(marks), alt)


def lying(bars: Sequence[Named], *, alt: str) -> Picture:
    """A bar for each name, one below the other, on a light one that is the whole; lengths are shares, from 0 to 1."""
    height = HIGH * len(bars) + 4
    marks: list[Mark] = []
    for n, (name, long, said) in enumerate(bars):
        y = height - 2 - HIGH * (n + 0.5)
        marks += [Stroke(NAME, y, NAME + WIDTH, y, width=HIGH * FILLED, grey=LIGHT)]
        if long > 0:
            marks += [Stroke(NAME, y, NAME + WIDTH * min(long, 1.0), y, width=HIGH * FILLED, grey=GREY)]
        marks += [Label(NAME - AT, y, name, "right", SIZE), Label(NAME + WIDTH + AT, y, said, "left", SIZE)]
    return Picture(NAME + WIDTH + 40, height, tuple(marks), alt)
