"""Slopes by differences: a gradient is how much the loss changes where one number is a little larger, a little smaller.

Only formulas of the forward pass are worked, from the number on that is changed; no rule of calculus is used. Where
parameters are updated in place, a slope is that of Σ ∂L/∂y·y over the results y that the number goes into, with the
parameters that are new by then; and of a factor (∂a/∂z) that of one operation.

A slope that is a stated convention is that of a straight line which stands in for the operation: of a step the line
a + (z − z₀), of the perceptron rule the line L + (a − y)·(a′ − a).

Glossary
    x, y      what is changed, and what changes with it
    after     the slots that are worked again from x to y
    stations  where a way ends, each with the slot of its own gradient
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, getcontext
from typing import Any, NamedTuple

from handcalc.derive.bare import Bare
from handcalc.derive.page import FORWARD, Step
from handcalc.derive.program import Program
from handcalc.ops.operation import Made
from handcalc.quiz.agreement import Tally, relative
from handcalc.quiz.by_decimals import NO_VALUE, Line

CLOSE = Decimal("1e-12")
"""How far a difference may be from the slope, relative to it."""
NOISE = Decimal("1e-25")
"""The same of a slope that is nearly 0, relative to what changes."""
KINK = Decimal("1e-6")
"""Where there is a kink, the slopes on its two sides differ by more than this."""


class Share(NamedTuple):
    """What a number adds to the straight line that stands in for a result: its change, times its error from a target,
    times a gradient, or as it is."""

    of: int
    target: int | None = None
    gradient: int | None = None


StandIn = tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Slope:
    """The gradient in slot `target`: what changes with slot `x`."""

    target: int
    x: int
    after: tuple[int, ...]
    stations: tuple[tuple[int, int | None], ...]
    """Slots of y, each with that of ∂L/∂y; None of the loss itself."""
    new: tuple[tuple[int, int], ...]
    """The parameters that are new by then: their slots, and those of the new values."""
    minus: bool
    stand_ins: dict[int, StandIn]


def check_slopes(
    shape: Bare,
    program: Program,
    values: Sequence[Decimal | None],
    lines: Sequence[Line],
    printed: Sequence[str],
    tally: Tally,
) -> None:
    """Every gradient of a pass, by the `values` of its slots, with its `printed` digits."""
    step = Decimal(1).scaleb(-(getcontext().prec * 36 // 100))
    for slope in _slopes(shape, program):
        expected = values[slope.target]
        if expected is None or None in [values[i] for i in (slope.x, *slope.after, *(new for _, new in slope.new))]:
            tally.leave("no value")
            continue
        ahead = _Ahead(slope, program.first, values, lines)
        try:
            above, below = ahead.changed(step), ahead.changed(-step)
            found = (above - below) / (2 * step)
            if abs(found - expected) <= CLOSE * abs(expected) + NOISE * (1 + abs(above)):
                tally.agrees(relative(found, expected))
            elif ahead.kink(above, below, step):
                tally.leave("at a kink")
            else:
                tally.differs(program.slots.quantities[slope.target].key, printed[slope.target], found)
        except NO_VALUE:
            tally.leave("no value beside it")


@dataclass(frozen=True, slots=True)
class _Ahead:
    slope: Slope
    first: int
    values: Sequence[Decimal | None]
    lines: Sequence[Line]

    def changed(self, step: Decimal) -> Decimal:
        """What there is at the stations where x is larger by `step`."""
        slope = self.slope
        v: list[Any] = list(self.values)
        for old, new in slope.new:
            v[old] = v[new]
        v[slope.x] += step
        for slot in slope.after:
            if slot in slope.stand_ins:
                v[slot] = self._on_the_line(slot, v)
            else:
                v[slot] = self.lines[slot - self.first](v)
        found = Decimal(0)
        for y, gradient in slope.stations:
            found += v[y] if gradient is None else self._upstream(gradient) * v[y]
        return -found if slope.minus else found

    def kink(self, above: Decimal, below: Decimal, step: Decimal) -> bool:
        here = self.changed(Decimal(0))
        left, right = (here - below) / step, (above - here) / step
        return abs(left - right) > KINK * max(abs(left), abs(right))

    def _upstream(self, slot: int) -> Any:
        value: Any = self.values[slot]
        return -value if self.slope.minus else value

    def _on_the_line(self, slot: int, v: Sequence[Any]) -> Any:
        here: Any = self.values
        found = here[slot]
        for of, target, gradient in self.slope.stand_ins[slot]:
            times = 1 if gradient is None else self._upstream(gradient)
            times = times if target is None else here[of] - here[target]
            found += times * (v[of] - here[of])
        return found


def _slopes(shape: Bare, program: Program) -> tuple[Slope, ...]:
    if "slopes" not in program.memo:
        program.memo["slopes"] = tuple(_found(shape, program))
    found: tuple[Slope, ...] = program.memo["slopes"]
    return found


def _found(shape: Bare, program: Program) -> Iterator[Slope]:
    number, new = program.slots.number, dict[int, int]()
    gradients: dict[int, dict[int, int]] = {}  # by loss: of what, and which
    lines = _stand_ins(program)
    for step in program.steps:
        if step.stage == "update" and step.target.role == "":
            new[number[step.target.later(-1)]] = number[step.target]
        if step.stage != "gradients" or step.target.of is None:
            continue
        target, x = number[step.target], number[step.target.of]
        y = number[replace(step.target, of=None, role="")]
        stations: dict[int, int | None] = {y: None}
        ways, through = program.steps, dict[int, dict[int, int]]()
        if shape.factors is not None and step is not program.steps[-1]:
            ways = _of_one_operation(program, y)
        elif new:
            stations |= gradients.get(y, {})
            through = {loss: of for loss, of in gradients.items() if loss != y}
        after, ends = _ways(program, ways, x, stations, through)
        shares = {loss: tuple(Share(q, gradient=g) for q, g in of.items() if q in after)
                  for loss, of in through.items()}  # fmt: skip
        minus = step.target.role == "minus gradient"
        yield Slope(target, x, after, tuple((end, stations[end]) for end in ends), tuple(new.items()), minus,
                    lines | shares)  # fmt: skip
        gradients.setdefault(y, {})[x] = target


def _stand_ins(program: Program) -> dict[int, StandIn]:
    """By the slot of a result the straight line that stands in for its operation by convention."""
    number, found = program.slots.number, dict[int, StandIn]()
    made_by = {ref.quantity: made for made in program.page.page.made for ref in made.outputs}
    quoted = [step.operation for step in program.steps if step.stage == "gradients" and not step.paths]
    for made in program.page.page.made:
        if made.operation.name == "step" and made.operation.conventional:
            found |= _straight(program, made)
        if made.operation.name == "perceptron" and any(made.operation is one for one in quoted):
            block, targets = made.inputs[:2]
            outputs: list[Any] = list(block)
            found[number[made.outputs[0].quantity]] = tuple(
                Share(number[a.quantity], number[y.quantity]) for a, y in zip(outputs, list[Any](targets), strict=True)
            )
            for a in outputs:
                found |= _straight(program, made_by[a.quantity])
    return found


def _straight(program: Program, made: Made) -> dict[int, StandIn]:
    """Each result as what it is made of, and a constant."""
    number = program.slots.number
    sums: list[Any] = list(made.inputs[0])
    pairs = zip(sums, made.outputs, strict=True)
    return {number[a.quantity]: (Share(number[z.quantity]),) for z, a in pairs}


def _of_one_operation(program: Program, y: int) -> tuple[Step, ...]:
    made = program.steps[y - program.first]
    same = (step for step in program.steps if step.operation is made.operation and step.sample == made.sample)
    return tuple(same)


def _ways(
    program: Program, steps: Iterable[Step], x: int, stations: Iterable[int], through: dict[int, dict[int, int]]
) -> tuple[tuple[int, ...], list[int]]:
    """The slots on the ways from x to the first stations, and these; `through` others the way goes to their loss."""
    number, first = program.slots.number, program.first
    ends, others = set(stations) - {x}, {q for of in through.values() for q in of} - {x}

    def operands(slot: int) -> Iterable[int]:
        return through[slot] if slot in through else program.operands[slot - first]

    changed, reached, after = {x}, set[int](), []
    for step in steps:
        slot = number[step.target]
        if step.stage in FORWARD and not (reached if slot in through else changed).isdisjoint(operands(slot)):
            after.append(slot)
            (reached if slot in others else changed).update(() if slot in ends else (slot,))
    needed: set[int] = set()
    for slot in reversed(after):
        if slot in ends or slot in needed:
            needed |= {slot, *operands(slot)}
    return tuple(slot for slot in after if slot in needed), [slot for slot in after if slot in ends]
