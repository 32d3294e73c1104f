"""Bars: upright ones for how often, lying ones for shares of a whole. Grey, so that they print everywhere; the number
stands at each bar."""

from __future__ import annotations

from collections.abc import Sequence

from handcalc.formula.maths import Maths, Slot
from handcalc.sheet.axes import ABOVE, BELOW, HEIGHT, LEFT, RIGHT, SIZE, WIDTH
from handcalc.sheet.labels import wide
from handcalc.sheet.picture import Label, Mark, Picture, Stroke

GREY, LIGHT = 0.55, 0.9
FILLED = 0.8
"""A bar's share of its place."""
HIGH, TALL = 17.0, 25.0
"""A lying bar with the space to the next; one that is called by a slope."""
LEAST = 12.0
"""Left of the names of lying bars, and between them and the bars."""
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


def lying(bars: Sequence[Named], *, up: str, alt: str) -> Picture:
    """A bar for each name, one below the other, on a light one that is the whole; lengths are shares, from 0 to 1."""
    left = LEAST + max((wide(name, SIZE) for name, _, _ in bars), default=0.0)
    y = height = sum(_high(name) for name, _, _ in bars) + 2 * SIZE
    marks: list[Mark] = [Label(left, height - SIZE / 2, up, "left", SIZE)]
    y -= 2 * SIZE
    for name, long, said in bars:
        middle = y - _high(name) / 2
        marks += [Stroke(left, middle, left + WIDTH, middle, width=HIGH * FILLED, grey=LIGHT)]
        if long > 0:
            marks += [Stroke(left, middle, left + WIDTH * min(long, 1.0), middle, width=HIGH * FILLED, grey=GREY)]
        marks += [Label(left - AT, middle, name, "right", SIZE), Label(left + WIDTH + AT, middle, said, "left", SIZE)]
        y -= _high(name)
    return Picture(left + WIDTH + RIGHT + AT, height, tuple(marks), alt)


def _high(name: Maths | str) -> float:
    """A slope is a fraction, which needs more room."""
    return TALL if isinstance(name, Slot) and name.quantity.of is not None else HIGH
