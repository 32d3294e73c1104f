"""Mistakes at one step: the same page with one formula as a student writes it who makes a known mistake there.

Everything after the step follows from it, by the right formulas. To find what a mistake makes of each step, the page
is written once more by a hand that makes it everywhere; formulas hold names only, so that any one of them can stand in
the right page.

Glossary
    slip     a mistake at one step
    hand     how somebody does an operation (`derive.page`)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from flint import ctx, fmpq

from handcalc.derive.bare import Bare
from handcalc.derive.carried import Carried
from handcalc.derive.certify import LAST_PRECISION, CannotDecide
from handcalc.derive.functions import NoValue, value_of
from handcalc.derive.identity import chosen
from handcalc.derive.page import FORWARD, Step
from handcalc.derive.passes import NumericPass
from handcalc.derive.places import places_by_slot
from handcalc.derive.program import Program
from handcalc.derive.run import Run
from handcalc.derive.solution import Solution
from handcalc.derive.span import Span, ends
from handcalc.derive.tape import Slots, Undecided, Value
from handcalc.derive.tolerance import Interval, accepted, rounded
from handcalc.derive.write import written, written_by
from handcalc.derive.writer import Turn, Written
from handcalc.formula.maths import Slot
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Num, Ref, quantities, replaced
from handcalc.formula.words import Words, say, told
from handcalc.network import Network
from handcalc.ops.chain_rule import ChainRule
from handcalc.ops.operation import Mistake, Operation


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake that shows at the step of `quantity`: `wrong` is that step as it is written then."""

    quantity: Quantity
    mistake: Mistake
    operation: Operation
    """What is done wrong."""
    wrong: Step

    @property
    def key(self) -> str:
        return self.quantity.key

    @property
    def number(self) -> int:
        return self.mistake.number

    @property
    def code(self) -> str:
        return self.mistake.code

    def tell(self, language: str = "en") -> str:
        """What is done wrong: "the bias is left out"."""
        return told(language, self.operation.name, f"mistake {self.code}", self.mistake.tell)

    def sentence(self, language: str = "en") -> Words:
        """``The mistake is in the line of z₂: the bias is left out.``"""
        return say(language, "slip", quantity=Slot(self.quantity), mistake=self.tell(language))


ALIKE = 10**12
"""Numbers that differ by less than a part of 1 in so many are the same one, where balls hold them."""


def slips(solution: Solution) -> tuple[Slip, ...]:
    """Every mistake at every step of the first pass that shows there, in the order of the steps.

    Not one whose result is accepted at its step, or looks like that of another one there, or after which a later line
    has no value. None where there are letters.
    """
    worked = solution.first
    if not isinstance(worked, NumericPass):
        return ()
    intervals, places = accepted(worked), places_by_slot(worked.program, worked.network.rounding)
    found: dict[tuple[Quantity, fmpq], Slip] = {}
    for slip in possible(worked.run.shape, worked.turn):
        slot = worked.program.slots.number[slip.quantity]
        if (value := value_with(worked, slip)) is None:
            continue
        printed = rounded(ends(value).low, places[slot], worked.network.rounding)
        if (slip.quantity, printed) in found or is_accepted(intervals[slip.quantity], ends(value), printed):
            continue
        if _has_values_after(worked, slot, value):
            found[slip.quantity, printed] = slip
    return tuple(found.values())


def with_slip(solution: Solution, slip: Slip) -> Solution:
    """The solution of somebody who makes `slip` and nothing else wrong: the same steps under the same keys.

    No statements stand for its lines, since a block with one wrong entry has none. Raises Impossible or CannotDecide
    where rounding leaves a later line without a value.
    """
    return _Slipped(solution.network.changed(statements="scalar"), slip, solution.first.turn.update)


@lru_cache(maxsize=64)
def possible(shape: Bare, turn: Turn) -> tuple[Slip, ...]:
    """Every mistake at every step whose formula it changes, whatever the numbers; of a step first what its own
    operation does wrong, rare ones last."""
    right = written(shape, turn)
    number = Slots.of(right.page.givens, (step.target for step in right.steps)).number
    found = [*_of_operations(shape, turn, right), *_of_the_page(right)]
    known = [
        slip
        for slip in found
        if not isinstance(slip.wrong.formula, Num)
        and all(number[q] < number[slip.quantity] for q in quantities(slip.wrong.formula))
    ]
    return tuple(sorted(known, key=lambda slip: (number[slip.quantity], slip.mistake.rare)))


def _of_operations(shape: Bare, turn: Turn, right: Written) -> Iterator[Slip]:
    for operation, mistake in _registered(shape, turn):
        wrong = written_by(partial(_with_mistake, mistake=mistake), shape, turn)
        if [step.target for step in wrong.steps] != [step.target for step in right.steps]:
            continue
        both = [pair for pair in zip(right.steps, wrong.steps, strict=True) if pair[0].formula != pair[1].formula]
        forward = any(ours.stage in FORWARD for ours, _ in both)
        for ours, theirs in both:
            if forward and _routes(ours) != _routes(theirs):  # the right slope of what is wrong
                continue
            step = replace(ours, formula=theirs.formula, paths=theirs.paths)
            yield Slip(ours.target, mistake, operation, step)


def _routes(step: Step) -> list[tuple[Quantity, Formula]]:
    return [(path.via, path.local) for path in step.paths]


def _registered(shape: Bare, turn: Turn) -> list[tuple[Operation, Mistake]]:
    """The mistakes of what is used on a page, each once; those of the chain rule last, which others say better."""
    met: dict[type[Operation], Operation] = {}

    def meet(operation: Operation) -> Operation:
        return met.setdefault(type(operation), operation) and operation

    written_by(meet, shape, turn)
    found = {
        id(mistake): (operation, mistake)
        for operation in sorted(met.values(), key=lambda one: isinstance(one, ChainRule))
        for mistake in operation.mistakes
    }
    return list(found.values())


def _with_mistake(operation: Operation, *, mistake: Mistake) -> Operation:
    known = any(one is mistake for one in operation.mistakes)
    return operation.with_mistake(mistake) if known else operation


UPDATED_WEIGHTS = Mistake(20, "updated-weights", "the weights are updated before the slope goes back through them",
                          "page", None)  # fmt: skip
OLD_PARAMETERS = Mistake(46, "old-parameters", "the parameters from before the update are taken", "page", None)
OF_THE_PAGE = (UPDATED_WEIGHTS, OLD_PARAMETERS)
"""Mistakes that are no operation's: what is right at another place of the page."""


def _of_the_page(right: Written) -> Iterator[Slip]:
    new = {step.target.later(-1): step.formula for step in right.steps if step.target.later(-1) in right.learned}
    for step in right.steps:
        if step.stage == "rerun":
            formula = replaced(step.formula, lambda q: Ref(q.later(-1)) if q.later(-1) in new else None)
            mistake = OLD_PARAMETERS
        elif step.stage == "gradients" and step.of not in new:
            formula, mistake = replaced(step.formula, new.get), UPDATED_WEIGHTS
        else:
            continue
        if formula != step.formula:
            yield Slip(step.target, mistake, step.operation, replace(step, formula=formula, paths=()))


def value_with(worked: NumericPass, slip: Slip) -> Value | None:
    """What the step gives with the mistake; None where it has no value, or no one value."""
    try:
        return _value_with(worked, slip)
    except Undecided:
        return None


def _value_with(worked: NumericPass, slip: Slip) -> Value | None:
    with ctx.workprec(_bits(worked)):
        try:
            found = value_of(chosen(slip.wrong.formula, worked.value), worked.value)
        except (NoValue, ZeroDivisionError):
            return None
        return found if _is_number(found) else None


def _bits(worked: NumericPass) -> int:
    """To work with: in rounded carry, where all values are decimals, enough to round anything."""
    return LAST_PRECISION if worked.network.carry == "rounded" else worked.precision


def certified_shows(worked: NumericPass, slip: Slip, asked: Collection[int]) -> bool:
    """Whether nobody takes for right what `slip` makes of the lines in the slots `asked`: of its own where that is
    asked, else of one of the later ones, worked from it as the sheet says.

    A line without a value shows. If a ball leaves open which case applies, or how a result is rounded, nothing that
    follows shows.
    """
    program, rounding = worked.program, worked.network.rounding
    slot, carried = program.slots.number[slip.quantity], None
    if rounding.carry == "rounded":
        carried = Carried(rounding, places_by_slot(program, rounding), program, dict(enumerate(worked.values))).number
    try:
        value = _value_with(worked, slip)
        if slot in asked:
            return _is_seen(worked, slot, value)
        return any(i in asked and _is_seen(worked, i, one) for i, one in _worked_from(worked, slot, value, carried))
    except (Undecided, CannotDecide):
        return False


def changes_nothing(worked: NumericPass, slip: Slip) -> bool:
    """Whether the step gives with the mistake the very number that it is carried on with: a = z of a live ReLU."""
    slot, wrong = worked.program.slots.number[slip.quantity], value_with(worked, slip)
    if wrong is None:
        return False
    if worked.network.carry == "rounded":
        places = places_by_slot(worked.program, worked.network.rounding)[slot]
        wrong = rounded(ends(wrong).low, places, worked.network.rounding)
    with ctx.workprec(_bits(worked)):
        difference = (wrong - worked.values[slot]) * ALIKE
        return bool(-1 < difference < 1)


def _is_seen(worked: NumericPass, slot: int, value: Value | None) -> bool:
    """Whether `value` isn't accepted in `slot`."""
    if value is None:
        return True
    if "accepted" not in worked.memo:
        worked.memo["accepted"] = accepted(worked)
    interval = worked.memo["accepted"][worked.program.slots.quantities[slot]]
    places = places_by_slot(worked.program, worked.network.rounding)[slot]
    printed = rounded(ends(value).low, places, worked.network.rounding)
    return not is_accepted(interval, ends(value), printed)


def _is_number(value: Value) -> bool:
    return isinstance(value, fmpq) or bool(value.is_finite())


def is_accepted(interval: Interval, value: Span, printed: fmpq) -> bool:
    """Whether a result, as it is or as it is `printed`, is one that a student may reach by rounding."""
    return bool(value.low <= interval.most and value.high >= interval.least) or interval.holds(printed)


def _has_values_after(worked: NumericPass, slot: int, value: Value) -> bool:
    """Whether every later step has a value where that in `slot` is `value`."""
    try:
        return all(one is not None for _, one in _worked_from(worked, slot, value))
    except Undecided:
        return False


def _worked_from(
    worked: NumericPass, slot: int, value: Value | None, carried: Callable[[Value, int], Value] | None = None
) -> Iterator[tuple[int, Value | None]]:
    """The results of the step in `slot`, which gives `value`, and of those that depend on it, each with its slot; None
    where one has no value. Where results are rounded, `carried` gives the number that is used.

    Raises Undecided where a ball doesn't say which case applies.
    """
    program, values, found = worked.program, list(worked.values), {slot: value}
    for i in range(slot, len(values)):
        operands = program.operands[i - program.first]
        if i > slot and found.keys().isdisjoint(operands):
            continue
        with ctx.workprec(_bits(worked)):
            if i > slot:
                lost = any(j in found and found[j] is None for j in operands)
                found[i] = None if lost else _line(program, i, values)
            if found[i] is not None:
                found[i] = values[i] = carried(found[i], i) if carried else found[i]
        yield i, found[i]


def _line(program: Program, slot: int, values: Sequence[Value]) -> Value | None:
    try:
        found = program.lines[slot - program.first](values)
    except (NoValue, ZeroDivisionError):
        return None
    return found if _is_number(found) else None


class _Slipped(Solution):
    """A solution of which the pass after `update` updates is worked on a page with a slip."""

    def __init__(self, network: Network, slip: Slip, update: int) -> None:
        self.slip, self.update = slip, update
        super().__init__(network)

    def _run(self, shape: Bare, numbers: Sequence[fmpq]) -> Run:
        return _SlippedRun(shape, numbers, self.updates, self.slip, self.update)


class _SlippedRun(Run):
    def __init__(self, shape: Bare, numbers: Sequence[fmpq], updates: int, slip: Slip, update: int) -> None:
        super().__init__(shape, numbers, updates)
        self.slip, self.apart = slip, update
        self._programs: dict[Turn, Program] = {}

    def program(self, turn: Turn) -> Program:
        if turn.update != self.apart:
            return super().program(turn)
        if turn not in self._programs:
            page, q = written(self.shape, turn), self.slip.quantity
            steps = tuple(self.slip.wrong if step.target == q else step for step in page.steps)
            self._programs[turn] = Program(replace(page, steps=steps), frozenset({q}))
        return self._programs[turn]
