"""Passes one after the other: each works the same page out on the environment that the one before has produced.

Only the passes that are shown become lines; of the others the loss is kept, for a table and a plot.

Exact rationals triple in length at each update, so past 1,000 digits a rational is carried as a ball that holds it.
A ball grows from pass to pass: the run begins with as many more bits as are lost on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb, ctx, fmpq

from handcalc.derive.bare import Bare
from handcalc.derive.carried import rounded_carry
from handcalc.derive.certify import CannotDecide, find_rationals
from handcalc.derive.program import program
from handcalc.derive.tape import Undecided, Value
from handcalc.derive.write import Turn, written
from handcalc.formula.number import read_number
from handcalc.network.rounding import Rounding

LONG = 3_322
"""Bits of a number of 1,000 digits."""
MOST_BITS = 200_000
"""Of the balls of a run; a run that loses more is given up."""
FIRST_CHECK = 16
"""Passes after which the loss of bits is looked at for the first time; then each time twice as many."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run has kept: the learned values before each pass that was asked for, and the loss of every pass."""

    bits: int
    learned: dict[int, list[Value]]
    losses: list[Value]


class Run:
    """The passes of one network: `numbers` are its given numbers, `updates` how many there are."""

    def __init__(self, shape: Bare, numbers: Sequence[fmpq], updates: int) -> None:
        self.shape, self.numbers, self.updates = shape, numbers, updates
        samples = len(shape.inputs)
        self.samples = samples if shape.batch == "online" and samples > 1 else 1
        self.wanted: set[int] = set()
        """The passes whose beginning is asked for."""
        self._ran: dict[int, Ran] = {}
        self._texts: list[tuple[list[fmpq], list[str]]] = []

    def turn(self, update: int, *, again: bool = False) -> Turn:
        return Turn(update, update % self.samples, again)

    def typed(self, turn: Turn) -> list[Value]:
        """The numbers that the file gives for the sample and the count of `turn`; of what is learned the first ones."""
        return [self._number(source) for source in written(self.shape, turn).sources]

    def given(self, update: int, bits: int) -> list[Value]:
        """The value of every given quantity of the pass after `update` updates, right to `bits` bits."""
        page, values = written(self.shape, self.turn(update)), self.typed(self.turn(update))
        if update:
            self.wanted.add(update)
            slots = [page.page.givens.index(q) for q in page.learned]
            for slot, value in zip(slots, self._learned(update, bits), strict=True):
                values[slot] = value
        return values

    def carried_texts(self, update: int, typed: Sequence[str], rounding: Rounding) -> tuple[list[fmpq], list[str]]:
        """In rounded carry the learned numbers before the pass `update`, and their texts; `typed` holds given ones."""
        while len(self._texts) <= update:
            done = len(self._texts) - 1
            sample = max(done, 0) % self.samples
            template = program(self.shape, Turn(0, sample))
            page, number = template.page, template.slots.number
            learned = [number[q] for q in page.learned]
            texts = [source if isinstance(source, str) else typed[source] for source in page.sources]
            values = [self._number(source) for source in page.sources]
            if done < 0:
                self._texts.append(([values[i] for i in learned], [texts[i] for i in learned]))
                continue
            for i, value, text in zip(learned, *self._texts[done], strict=True):
                values[i], texts[i] = value, text
            for i, q in enumerate(page.page.givens):
                if q.key == "t":
                    values[i], texts[i] = fmpq(done + 1), str(done + 1)
            made, printed = rounded_carry(template, values, texts, rounding)
            new = [number[q.later()] for q in page.learned]
            self._texts.append(([made[i] for i in new], [printed.operand[i] for i in new]))
        return self._texts[update]

    def losses(self, bits: int = 64) -> list[Value]:
        """The loss of each pass, before its update."""
        return self._kept(self.updates, bits).losses[: self.updates]

    def _number(self, source: int | str) -> fmpq:
        return read_number(source).value if isinstance(source, str) else self.numbers[source]

    def _learned(self, update: int, bits: int) -> list[Value]:
        ran = self._kept(update, bits)
        if update not in ran.learned:
            del self._ran[bits]
            ran = self._kept(update, bits)
        return ran.learned[update]

    def _kept(self, update: int, bits: int) -> Ran:
        """The passes up to `update`, with as many bits as it takes for `bits` of them to be right at the end."""
        found = self._ran.get(bits)
        if found is not None and len(found.losses) >= update:
            return found
        last = max(update, *self.wanted) if self.wanted else update
        work = max([ran.bits - other for other, ran in self._ran.items()], default=0) + bits + 16
        while work <= MOST_BITS:
            result = self._try(last, bits, work)
            if isinstance(result, Ran):
                self._ran[bits] = result
                return result
            work = result
        raise CannotDecide(written(self.shape, Turn()).learned[0], updates=last)

    def _try(self, last: int, bits: int, work: int) -> Ran | int:
        """The run with `work` bits; or how many are needed, as far as one can see."""
        template = program(self.shape, Turn())
        slots, page = template.slots, template.page
        tape = template.tape()
        learned = [slots.number[q] for q in page.learned]
        new = [slots.number[q.later()] for q in page.learned]
        loss = slots.number[page.objective.quantity] if page.objective else None
        givens = [self._environment(k) for k in range(self.samples)]
        state: list[Value] = [givens[0][i] for i in learned]
        counter = next((i for i, q in enumerate(page.page.givens) if q.key == "t"), None)
        kept, losses = {0: list(state)}, []
        check = FIRST_CHECK
        with ctx.workprec(work):
            for update in range(last):
                given = givens[update % self.samples]
                for i, value in zip(learned, state, strict=True):
                    given[i] = value
                if counter is not None:
                    given[counter] = fmpq(update + 1)
                try:
                    values = tape(given)
                except Undecided:
                    return 2 * work
                find_rationals(template, values)
                state = [_carried(values[i]) for i in new]
                if loss is not None:
                    losses.append(values[loss])
                if update + 1 in self.wanted or update + 1 == last:
                    kept[update + 1] = list(state)
                if update + 1 == check or update + 1 == last:
                    right = _right(state)
                    if right < bits:
                        lost = work - max(right, 0)
                        return bits + max(2 * (work - bits), lost * last // (update + 1) + 64)
                    check *= 2
        return Ran(work, kept, losses)

    def _environment(self, sample: int) -> list[Value]:
        return self.typed(Turn(0, sample))


def _carried(value: Value) -> Value:
    if isinstance(value, fmpq) and max(abs(value.p).bit_length(), value.q.bit_length()) > LONG:
        return arb(value)
    return value


def _right(values: Sequence[Value]) -> int:
    """How many bits are certain of each value: behind the point, or of its own digits where it is large."""
    return min(map(_bits, values), default=MOST_BITS)


def _bits(value: Value) -> int:
    if isinstance(value, fmpq) or value.is_exact():
        return MOST_BITS
    if not value.is_finite():
        return -MOST_BITS
    mantissa, exponent = value.rad().man_exp()
    return max(-int(exponent) - int(mantissa).bit_length(), int(value.rel_accuracy_bits()))
