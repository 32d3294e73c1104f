"""Two curves that are better seen than read: an activation with its tangent, and the loss on the way of one step.

Both are worked out anew at many places with the lines of the pass; that is drawing, and no printed digit depends on it.
A curve shows values, so that it stands on keys only.

Glossary
    part    how much of the step is taken: 0 before it, 1 after it
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from flint import arb, fmpq

from handcalc.derive.functions import Impossible, NoValue
from handcalc.derive.passes import NumericPass
from handcalc.derive.solution import Solution
from handcalc.derive.tape import Undecided, Value, as_rational, line_codes
from handcalc.formula.maths import Fenced, Maths, Relation, Row, Shown, Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Ref
from handcalc.formula.words import phrase
from handcalc.ops.operation import Elementwise, Made
from handcalc.sheet import axes
from handcalc.sheet.axes import ABOVE, BELOW, HEIGHT, LEFT, RIGHT, WIDTH, Axis, decimal
from handcalc.sheet.labels import on_a_line, wide
from handcalc.sheet.picture import Circle, Label, Mark, Picture, Stroke
from handcalc.sheet.said import layer_titles

SAMPLES, PARTS = 96, 40
"""Of an activation's curve; of the loss, from part 0 to part 2."""
LEAST_REACH = 4
"""An activation is drawn from −4 to 4 at least."""
TANGENT = 0.22
"""How far the tangent reaches to each side, as a part of the width."""
AIR = Decimal("0.06")
"""Below and above a curve, as a part of its height."""
OVER = 8.0
"""So far a label may stand above the axes: there is white below the letter of the axis."""
JUMP = Decimal("0.3")
"""What rises by more of the whole height from one sample to the next is a jump, and isn't joined."""

Point = tuple[Decimal, Decimal]


def activation_plot(solution: Solution, quantity: Quantity) -> Picture | None:
    """a against z with the point (z, a) and the tangent there, for the activation a = `quantity` of one weighted sum.

    None where `quantity` is nothing of that kind (an output of softmax), or depends on letters.

    **Raises:** UnknownQuantity.
    """
    worked, slot = solution.find(quantity)
    quantity = worked.program.slots.quantities[slot]
    made = _activation(worked.program.page.page.made, quantity)
    if made is None or not isinstance(worked, NumericPass):
        return None
    z = made.inputs[0][made.places[quantity][0]]
    assert isinstance(z, Ref)
    place, line = worked.program.slots.number[z.quantity], worked.program.lines[slot - worked.program.first]
    slope = line_codes(worked.program.slots, [made.operation.local(Ref(quantity), z, made)])[0]
    values, z0 = list(worked.values), decimal(worked.values[place])
    low, high = min(-LEAST_REACH, int(z0) - 2), max(LEAST_REACH, int(z0) + 2)
    curve: list[Point] = []
    for n in range(SAMPLES + 1):
        values[place] = fmpq(low) + fmpq((high - low) * n, SAMPLES)
        curve.append((decimal(values[place]), decimal(line(values))))
    point, rise = (z0, decimal(worked.values[slot])), decimal(slope(worked.values))
    across, up = Axis.linear(Decimal(low), Decimal(high)), _around([a for _, a in curve])
    marks: list[Mark] = [*_line(curve, across, up), *_tangent(point, rise, across, up), _dot(point, across, up)]
    pair = (Shown(q, on_a_line(worked.printed.result[i][-1][1])) for q, i in ((z.quantity, place), (quantity, slot)))
    marks.append(_beside(point, Fenced(Row(_listed(*pair))), marks, across, up))
    kind = ", ".join(
        title for layer in worked.program.page.layers if quantity in [ref.quantity for ref in layer.outputs]
        for title in layer_titles(layer, solution.network.language)
    )  # fmt: skip
    alt = phrase(solution.network.language, "plot of an activation", kind=kind or made.operation.name)
    return _plot(solution, across, up, Slot(z.quantity), Slot(quantity), marks, alt)


def step_plot(solution: Solution) -> Picture | None:
    """The loss between the weights before and after the first update, and as far again beyond: L(w + t(w′ − w)) for t
    from 0 to 2, with points at 0 and 1.

    None without an update or a loss, with letters, and where it has no value at one of the points.
    """
    worked = solution.first
    objective = worked.program.page.objective
    if not solution.updates or not objective or not isinstance(worked, NumericPass):
        return None
    curve = list(_on_the_way(worked, objective.quantity))
    ends = [point for point in curve if point[0] in (0, 1)]
    if len(ends) < 2:
        return None
    across, up = Axis.linear(Decimal(0), Decimal(2)), _around([loss for _, loss in curve])
    language = solution.network.language
    marks: list[Mark] = [*_line(curve, across, up), *(_dot(point, across, up) for point in ends)]
    for point, word in zip(ends, ("before the step", "after the step"), strict=True):
        marks.append(_beside(point, phrase(language, word), marks, across, up))
    name = objective.quantity.without_context()
    alt = phrase(language, "plot of a step")
    return _plot(solution, across, up, phrase(language, "part of the step"), Slot(name), marks, alt)


def _activation(made: Sequence[Made], quantity: Quantity) -> Made | None:
    return next((m for m in made if quantity in m.formulas and isinstance(m.operation, Elementwise)), None)


def _on_the_way(worked: NumericPass, objective: Quantity) -> Iterator[Point]:
    """(part, loss); parts at which the loss has no value, or which case applies isn't certain, are left out."""
    number, tape = worked.program.slots.number, worked.program.tape()
    given = list(worked.values[: worked.program.first])
    way = [
        (number[q], before := _rational(worked.values[number[q]]), _rational(worked.values[number[q.later()]]) - before)
        for q in worked.program.page.learned
    ]
    for n in range(PARTS + 1):
        part = fmpq(2 * n, PARTS)
        for slot, before, step in way:
            given[slot] = before + part * step
        try:
            yield decimal(part), decimal(tape(given)[number[objective]])
        except (Impossible, NoValue, Undecided, ZeroDivisionError):
            continue


def _rational(value: Value) -> fmpq:
    """Near enough to draw with: not the exact number, which would become longer from line to line."""
    return as_rational(arb(value).mid())


def _around(heights: Sequence[Decimal]) -> Axis:
    """With some air below the lowest and above the highest."""
    axis = Axis.linear(min(heights), max(heights))
    span = axis.high - axis.low
    return replace(axis, low=axis.low - AIR * span, high=axis.high + AIR * span)


def _spot(point: Point, across: Axis, up: Axis) -> tuple[float, float]:
    return LEFT + WIDTH * across.at(point[0]), BELOW + HEIGHT * up.at(point[1])


def _line(curve: Sequence[Point], across: Axis, up: Axis) -> Iterator[Mark]:
    for start, end in pairwise(curve):
        if abs(end[1] - start[1]) < JUMP * (up.high - up.low):
            yield Stroke(*_spot(start, across, up), *_spot(end, across, up), width=1.0)


def _tangent(point: Point, rise: Decimal, across: Axis, up: Axis) -> Iterator[Mark]:
    """Through `point`, as far as it stays between the axes."""
    x, y = _spot(point, across, up)
    steep = float(rise) * HEIGHT / WIDTH * float((across.high - across.low) / (up.high - up.low))
    ends = []
    for side in (-1, 1):
        reach = min(TANGENT * WIDTH, x - LEFT if side < 0 else LEFT + WIDTH - x)
        if steep:
            room = BELOW + HEIGHT - y if steep * side > 0 else y - BELOW
            reach = min(reach, room / abs(steep))
        ends.append((x + side * reach, y + side * reach * steep))
    yield Stroke(*ends[0], *ends[1], width=1.2, ink="second")


def _dot(point: Point, across: Axis, up: Axis) -> Mark:
    return Circle(*_spot(point, across, up), 2.4, width=0.6, fill=0.0)


def _beside(point: Point, content: Maths | str, lines: Sequence[Mark], across: Axis, up: Axis) -> Mark:
    """What is said of a point, on the side of it where the fewest `lines` pass."""
    x, y = _spot(point, across, up)
    width = wide(content, axes.SIZE)

    def passing(side: tuple[int, int]) -> int:
        left, low = (x + 6 if side[0] > 0 else x - 6 - width), y + 11 * side[1] - 6
        outside = left < LEFT or left + width > LEFT + WIDTH or low < BELOW or low + 12 > BELOW + HEIGHT + OVER
        return (
            1000 * outside
            + abs(side[1])
            + 10 * sum(_passes(line, left - 2, low, left + width + 2, low + 12) for line in lines)
        )

    sides = [(right, over) for far in (1, 2) for right, over in ((1, -far), (-1, far), (1, far), (-1, -far))]
    right, over = min(sides, key=passing)
    return Label(x + 7 * right, y + 11 * over, content, "left" if right > 0 else "right", axes.SIZE)


def _passes(line: Mark, left: float, low: float, right: float, high: float) -> bool:
    """Whether a line comes into a rectangle, looked at every few points."""
    if not isinstance(line, Stroke):
        return False
    dx, dy = line.x2 - line.x1, line.y2 - line.y1
    count = 1 + int(max(abs(dx), abs(dy)) / 4)
    places = ((line.x1 + n / count * dx, line.y1 + n / count * dy) for n in range(count + 1))
    return any(left < x < right and low < y < high for x, y in places)


def _listed(*items: Maths) -> tuple[Maths, ...]:
    return tuple(mark for item in items for mark in (Relation(","), item))[1:]


def _plot(
    solution: Solution, across: Axis, up: Axis, below: Maths | str, above: Maths, marks: Sequence[Mark], alt: str
) -> Picture:
    comma = solution.notation.decimal == "comma"
    drawn = (*axes.across(across, below, comma), *axes.up(up, above, comma), *marks)
    return Picture(LEFT + WIDTH + RIGHT, BELOW + HEIGHT + ABOVE, drawn, alt, plotted=True)
