"""Many candidates for the numbers of one question, worked out side by side in floats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy
from flint import fmpq

from handcalc.derive.lane_code import Lane, Line, lane_lines
from handcalc.derive.lanes import Booleans, Lanes, lanes_of
from handcalc.derive.page import Step
from handcalc.derive.program import Program, program
from handcalc.derive.run import Run
from handcalc.derive.tape import is_rational
from handcalc.derive.write import written
from handcalc.derive.writer import Turn
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import ZERO, Call, Cases, Formula, Num, children, is_class, quantities
from handcalc.ops.operation import Loss
from handcalc.quiz.template import Template, read


class Slots(NamedTuple):
    """Of one page the slots of asked gradients, of asked updates with what they update, and of pairs in one block; and
    those of the loss, asked or not."""

    gradients: tuple[int, ...]
    updates: tuple[tuple[int, int], ...]
    pairs: tuple[tuple[object, int, int], ...]
    losses: tuple[int, ...]


@dataclass(frozen=True)
class Worked:
    """One pass: `values` are (slots, candidates)."""

    update: int
    program: Program
    lanes: Lanes
    values: Lane

    def of(self, quantity: Quantity) -> Lane:
        found: Lane = self.values[self.program.slots.number[quantity]]
        return found

    def steps(self, *stages: str) -> Iterator[tuple[int, Step, Lane]]:
        """The steps of these stages, each with its slot and its values."""
        for slot, step in enumerate(self.program.steps, self.program.first):
            if step.stage in stages:
                yield slot, step, self.values[slot]

    @property
    def rational(self) -> frozenset[int]:
        """The slots whose values are rational whatever the numbers."""
        return _rational(self.program)

    @property
    def differences(self) -> list[tuple[object, bool, Lane]]:
        """What is compared: whose line, whether with a number, and how far apart the two are."""
        pairs = _pairs(self.program)
        lines = _sides(self.program)
        with numpy.errstate(all="ignore"):
            found = [line(self.values) for line in lines]  # type: ignore[arg-type]
        return [(key, constant, found[2 * n] - found[2 * n + 1]) for n, (key, constant, _) in enumerate(pairs)]

    def only(self, which: Booleans) -> Worked:
        """The same of some candidates."""
        return replace(self, values=self.values[:, which])

    @property
    def rectified(self) -> list[Lane]:
        """The outputs of units that are dead where they are 0."""
        return [self.of(step.target) for step in self.program.steps if step.stage == "forward" and _rectifies(step)]


@dataclass(frozen=True)
class Wave:
    """Candidates for one template: `values[k]` holds the exact numbers of candidate k by place."""

    template: Template
    values: Sequence[Sequence[fmpq]]

    @property
    def count(self) -> int:
        return len(self.values)

    def only(self, which: Booleans) -> Wave:
        """The same of some candidates."""
        found = Wave(self.template, [self.values[int(k)] for k in numpy.flatnonzero(which)])
        found.__dict__["passes"] = tuple(one.only(which) for one in self.passes)
        return found

    @cached_property
    def passes(self) -> tuple[Worked, ...]:
        """Every pass up to the last update, and the one after it."""
        network, shape = self.template.network, self.template.shape
        run = Run(shape, self.values[0], network.steps if shape.optimiser else 0)
        numbers = numpy.array([[int(x.p) / int(x.q) for x in one] for one in self.values]).T
        found: list[Worked] = []
        for update in range(run.updates + 1):
            turn = run.turn(update, again="rerun" in network.show and update == run.updates - 1 and run.samples == 1)
            made = program(shape, turn)
            given = self._given(made, turn, numbers, found[-1] if found else None)
            lanes = lanes_of(made, network.rounding)
            found.append(Worked(update, made, lanes, lanes.values(given)))
        return tuple(found)

    def _given(self, made: Program, turn: Turn, numbers: Lane, before: Worked | None) -> Lane:
        """The given numbers of a pass; what is learned is the one before's."""
        sources = written(self.template.shape, turn).sources
        rows = [
            numpy.full(self.count, float(read(source).value)) if isinstance(source, str) else numbers[source]
            for source in sources
        ]
        if before is not None:
            givens = made.page.page.givens
            for old, new in zip(before.program.page.learned, made.page.learned, strict=True):
                rows[givens.index(new)] = before.of(old.later())
        return numpy.array(rows)

    @cached_property
    def shown(self) -> tuple[Worked, ...]:
        """The passes that are worked line by line on paper."""
        last = len(self.passes) - 1
        wanted = [n - 1 for n in self.template.network.show_updates if n <= last] if last else [0]
        return tuple(self.passes[n] for n in wanted)

    @cached_property
    def losses(self) -> list[Lane]:
        """The loss before each update of all samples, and after the last."""
        network, shape = self.template.network, self.template.shape
        if shape.optimiser is None or (shape.batch == "online" and len(shape.inputs) > 1) or network.circuit:
            return []
        return [one.of(objective.quantity) for one in self.passes if (objective := one.program.page.objective)]

    @property
    def classifies(self) -> bool:
        """Whether the largest output says which class is meant."""
        loss = self.template.network.loss
        kind = loss.operation if loss else None
        return bool(kind and issubclass(kind, Loss) and (kind.one_hot or kind.needs_class))


@lru_cache(maxsize=128)
def learns_from_classes(made: Program) -> bool:
    """Whether nothing is learned from what is predicted right, as of a perceptron."""
    outputs = {ref.quantity for row in made.page.outputs for ref in row}
    return any(step.target in outputs and is_class(step.formula) for step in made.steps)


def _rectifies(step: Step) -> bool:
    f = step.formula
    return isinstance(f, Call) and f.name == "max" and any(isinstance(one, Num) for one in f.args)


@lru_cache(maxsize=128)
def _rational(made: Program) -> frozenset[int]:
    known = set(range(made.first))
    number = made.slots.number
    for slot, formula in enumerate(made.formulas, made.first):
        if is_rational(formula, lambda q: number[q] in known):
            known.add(slot)
    return frozenset(known)


@lru_cache(maxsize=128)
def _pairs(made: Program) -> list[tuple[object, bool, tuple[Formula, Formula]]]:
    """All that is compared, but for what hangs on a class: (ŷ − y)z is 0 where the prediction is right."""
    classes = {step.target for step in made.steps if is_class(step.formula)}
    return [
        ((step.target, n), isinstance(pair[0], Num) or isinstance(pair[1], Num), pair)
        for step in made.steps
        for n, pair in enumerate(compared(step.formula))
        if classes.isdisjoint(q for side in pair for q in quantities(side))
    ]


@lru_cache(maxsize=128)
def _sides(made: Program) -> list[Line]:
    return lane_lines(made.slots, [side for _, _, pair in _pairs(made) for side in pair])


def compared(f: Formula) -> Iterator[tuple[Formula, Formula]]:
    """The pairs that `f` compares."""
    match f:
        case Cases(left, _, right, _, _):
            yield left, right
        case Call("max", args):
            yield from combinations(args, 2)
        case Call("abs", (inner,)):
            yield inner, ZERO
    for part in children(f):
        yield from compared(part)


@lru_cache(maxsize=64)
def slots_of(program: Program, asked: frozenset[Quantity]) -> Slots:
    number, made = program.slots.number, list(enumerate(program.steps, program.first))
    learned = set(program.page.learned)
    settled = learns_from_classes(program)
    blocks: dict[str, list[tuple[Quantity, int]]] = {}
    for slot, step in made:
        if step.target in asked and not is_class(step.formula) and not (step.stage == "update" and settled):
            blocks.setdefault(step.target.block(), []).append((step.target, slot))
    objective = program.page.objective
    losses = {objective.quantity, objective.quantity.later()} if objective else set()
    update = program.page.turn.update
    return Slots(
        tuple(slot for slot, step in made if step.stage == "gradients" and step.target in asked),
        tuple(
            (slot, number[old])
            for slot, step in made
            if step.stage == "update" and step.target in asked and (old := step.target.later(-1)) in learned
        ),
        tuple(((update, p, q), i, j) for entries in blocks.values() for (p, i), (q, j) in combinations(entries, 2)),
        tuple(slot for slot, step in made if step.target in losses),
    )
