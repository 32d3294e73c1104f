"""A curve over the updates: axes, and a line from one point to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from handcalc.derive.tape import Value
from handcalc.sheet import axes
from handcalc.sheet.axes import ABOVE, BELOW, CONTEXT, HEIGHT, LEFT, ONE, RIGHT, WIDTH, Axis, decimal
from handcalc.sheet.picture import Circle, Picture, Stroke

MOST_POINTS, MOST_CIRCLES = 300, 25
"""Of the line; circles mark the points where there are few."""
DECADES = 2
"""A loss that spans more powers of ten has a logarithmic axis."""
Point = tuple[int, str | Value]


def loss_plot(
    points: Iterable[Point], *, across: str, up: str, alt: str, comma: bool = False, logarithmic: bool | None = None
) -> Picture:
    """Draw `points`, (number of the update, loss), as a line from one to the next.

    **Arguments:**

    - `across`, `up`: what the axes show, in words; `alt`: what the picture shows, in words.
    - `comma`: ticks are written with a decimal comma.
    - `logarithmic`: whether the vertical axis is; by default where the loss is always above 0 and
      spans more than two powers of ten.

    **Raises:** ValueError if there is no point, or if one isn't above 0 and `logarithmic` is asked for.
    """
    curve = sorted((Decimal(n), decimal(loss)) for n, loss in points)
    if not curve:
        raise ValueError("a plot needs at least one point")
    losses = [loss for _, loss in curve]
    if logarithmic is None:
        logarithmic = min(losses) > 0 and CONTEXT.divide(max(losses), min(losses)) > 10**DECADES
    if logarithmic and min(losses) <= 0:
        raise ValueError("a logarithmic axis can't show a loss of 0 or less")
    x = Axis.linear(curve[0][0], curve[-1][0], least=ONE)
    y = (
        Axis.logarithmic(min(losses), max(losses))
        if logarithmic
        else Axis.linear(min(min(losses), Decimal(0)), max(losses))
    )
    spots = [(LEFT + WIDTH * x.at(n), BELOW + HEIGHT * y.at(loss)) for n, loss in thinned(curve)]
    line = [Stroke(*start, *end, width=1.0) for start, end in pairwise(spots)]
    circles = [Circle(*spot, 1.8, width=0.6, fill=0.0) for spot in spots] if len(spots) <= MOST_CIRCLES else []
    marks = (*axes.across(x, across, comma), *axes.up(y, up, comma), *line, *circles)
    return Picture(LEFT + WIDTH + RIGHT, BELOW + HEIGHT + ABOVE, marks, alt, plotted=True)


def thinned(curve: Sequence[tuple[Decimal, Decimal]], most: int = MOST_POINTS) -> list[tuple[Decimal, Decimal]]:
    """At most `most` points of `curve`: its ends, and of each stretch between them the lowest and the highest."""
    if len(curve) <= most:
        return list(curve)
    inner, stretches = range(1, len(curve) - 1), (most - 2) // 2
    kept = {0, len(curve) - 1}
    for s in range(stretches):
        stretch = inner[len(inner) * s // stretches : len(inner) * (s + 1) // stretches]
        kept |= {min(stretch, key=lambda i: curve[i][1]), max(stretch, key=lambda i: curve[i][1])}
    return [curve[i] for i in sorted(kept)]
