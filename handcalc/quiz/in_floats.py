"""What is asked of a student's numbers, gate by gate; over many candidates at once, in floats.

A float decides where it is far enough from a limit; limits lie where no short decimal does, so that the last bit of a
machine's exponential never chooses between two candidates. What hangs on printed digits is looked at once more, exactly
(`certified`).

Glossary
    unit     of the last printed place: 0.0001 with four decimals
    probe    candidates that belong to no student: what holds for all of them holds by construction
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy

from handcalc.derive.lane_code import Lane
from handcalc.derive.lanes import Booleans
from handcalc.derive.page import FORWARD
from handcalc.formula.quantity import Quantity
from handcalc.quiz.wave import Wave, learns_from_classes, slots_of

JUST_OVER = 1.000_027
"""Times a limit: no short decimal lies there."""
FROM_THE_END = 0.01 * JUST_OVER
"""An output of a sigmoid or softmax is as far as this from 0 and 1, one of tanh from −1 and 1."""
NOTHING = 1e-12
"""Below this a float is an exact 0."""
MOST_VALUE, MOST_DECIMALS = 100, 4
"""Of a friendly result: its size, and the places of one that ends."""


@dataclass(frozen=True)
class Looks:
    """What a gate looks at: candidates, what they are asked, and what is known of the probe."""

    wave: Wave
    asked: frozenset[Quantity]
    places: int
    figures: bool
    always: frozenset[object]
    """What fails in each candidate of the probe: it is by construction."""

    def unit(self, values: Lane) -> Lane:
        if not self.figures:
            return numpy.full_like(values, 10.0**-self.places)
        with numpy.errstate(divide="ignore"):
            exponent = numpy.floor(numpy.log10(numpy.abs(values)))
        return numpy.where(numpy.isfinite(exponent), 10.0 ** (exponent + 1 - self.places), 0.0)


Fails = Iterator[tuple[object, Booleans]]
"""What is looked at, and in which candidates it fails."""


def friendly(looks: Looks) -> Fails:
    for worked in looks.wave.shown:
        for slot, step, value in worked.steps(*FORWARD, "rerun"):
            yield ("large", step.target), numpy.abs(value) > MOST_VALUE * JUST_OVER
            if slot in worked.rational and step.stage in ("forward", "scaling", "output"):
                scaled = numpy.abs(value) * 10.0**MOST_DECIMALS
                yield ("long", step.target), numpy.abs(scaled - numpy.rint(scaled)) > 1e-5


def edges(looks: Looks) -> Fails:
    yield from _compared(looks, constant=True)


def ties(looks: Looks) -> Fails:
    yield from _compared(looks, constant=False)
    for worked in looks.wave.shown:
        for outputs in worked.program.page.outputs if looks.wave.classifies else ():
            for a, b in combinations([worked.of(ref.quantity) for ref in outputs], 2):
                yield ("output", len(outputs)), numpy.abs(a - b) < 1e-9


def _compared(looks: Looks, *, constant: bool) -> Fails:
    for worked in looks.wave.shown:
        for key, is_constant, difference in worked.differences:
            if is_constant is constant:
                yield key, numpy.abs(difference) < 1e-9


def live_and_dead(looks: Looks) -> Fails:
    for worked in looks.wave.shown:
        found = worked.rectified
        if found:
            dead = numpy.array([value <= 0 for value in found])
            yield "units", numpy.logical_or(dead.all(axis=0), ~dead.any(axis=0))


def saturation(looks: Looks) -> Fails:
    for worked in looks.wave.shown:
        for slot, step, value in worked.steps(*FORWARD, "rerun"):
            if (range_ := worked.program.ranges[slot]) is not None:
                low, high = range_
                yield step.target, ~((value - low > FROM_THE_END) & (high - value > FROM_THE_END))


def vanishing(looks: Looks) -> Fails:
    for worked in looks.wave.shown:
        layers: dict[tuple[object, ...], list[Booleans]] = {}
        for _, step, value in worked.steps("gradients"):
            zero = numpy.abs(value) < NOTHING
            yield step.target, ~zero & (numpy.abs(value) < 0.6 * JUST_OVER * looks.unit(value))
            if step.of is not None and step.of.letter == "z" and not learns_from_classes(worked.program):
                layers.setdefault((worked.update, step.of.layer, step.sample), []).append(zero)
        for layer, zeros in layers.items():
            yield layer, numpy.all(zeros, axis=0)


def confusable(looks: Looks) -> Fails:
    for worked in looks.wave.shown:
        for pair, i, j in slots_of(worked.program, looks.asked).pairs:
            a, b = worked.values[i], worked.values[j]
            nothing = (numpy.abs(a) < NOTHING) & (numpy.abs(b) < NOTHING)
            yield pair, ~nothing & (numpy.abs(a - b) < JUST_OVER * looks.unit(a))


def two_figures(looks: Looks) -> Fails:
    for worked in looks.wave.shown:
        for i in slots_of(worked.program, looks.asked).gradients:
            size = numpy.abs(worked.values[i])
            small = (size > NOTHING) & (size < 10 * JUST_OVER * looks.unit(worked.values[i]))
            yield worked.program.slots.quantities[i], small


def visible_updates(looks: Looks) -> Fails:
    for worked in looks.wave.shown:
        for new, old in slots_of(worked.program, looks.asked).updates:
            value = worked.values[new]
            change = numpy.abs(value - worked.values[old])
            unseen = (change > NOTHING) & (change < JUST_OVER * looks.unit(value))
            yield worked.program.slots.quantities[new], unseen


def falling_loss(looks: Looks) -> Fails:
    losses = looks.wave.losses
    if len(losses) > 1:
        first, last = losses[0], losses[-1]
        yield "loss", ~(first - last > JUST_OVER * looks.unit(first))


Function = Callable[[Looks], Fails]
IN_FLOATS: Mapping[str, Function] = {
    "friendly": friendly,
    "edges": edges,
    "live and dead": live_and_dead,
    "saturation": saturation,
    "vanishing": vanishing,
    "ties": ties,
    "confusable": confusable,
    "two figures": two_figures,
    "visible updates": visible_updates,
    "falling loss": falling_loss,
}
"""The gates that look at candidates in floats, each by its name."""
BY_CONSTRUCTION = frozenset({"friendly", "edges", "ties", "confusable"})
"""Of these what fails in each candidate of the probe doesn't count: no choice of numbers changes it."""


def failing(name: str, looks: Looks) -> tuple[Booleans, list[tuple[str, int]]]:
    """The candidates that the gate `name` rejects, and how many for what."""
    found = numpy.zeros(looks.wave.count, dtype=bool)
    where = []
    for what, mask in IN_FLOATS[name](looks):
        if (name, what) not in looks.always and mask.any():
            found |= mask
            where.append((_told(what), int(mask.sum())))
    return found, where


def _told(what: object) -> str:
    """``z1[2]``; ``dL/dW1[1,1] and dL/dW1[2,1]``"""
    quantities = [part for part in (what if isinstance(what, tuple) else (what,)) if isinstance(part, Quantity)]
    return " and ".join(q.key for q in quantities)


def always(looks: Looks, names: Sequence[str]) -> frozenset[object]:
    """What fails in every candidate of the probe, of the gates where that is by construction."""
    return frozenset(
        (name, what) for name in names if name in BY_CONSTRUCTION for what, mask in IN_FLOATS[name](looks) if mask.all()
    )
