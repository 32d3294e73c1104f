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
from handcalc.derive.certify import (
    PROOF_PRECISION,
    CannotDecide,
    find_rationals,
    proved_rationals,
    settled_comparison,
)
from handcalc.derive.identity import NOTHING, Named, Proofs
from handcalc.derive.program import Program, program
from handcalc.derive.tape import Undecided, Value
from handcalc.derive.write import written
from handcalc.derive.writer import Turn
from handcalc.formula.number import read_number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Formula, Num, opened
from handcalc.network.rounding import Rounding

LONG = 3_322
"""Bits of a number of 1,000 digits."""
MOST_BITS = 200_000
"""Of the balls of a run; a run that loses more is given up."""
MOST_BACK = 2
"""Passes before one whose formulas are used to prove what it makes."""
MOST_TRIED = 2
"""Passes in which a result is tried to be proved 0 in vain."""
SHORT = 16
"""Of so many bits each a decimal: a value that is a decimal that short is tried to be proved to be it."""
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

    apart: int | None = None
    """The pass whose steps aren't those of the others."""

    def __init__(self, shape: Bare, numbers: Sequence[fmpq], updates: int) -> None:
        self.shape, self.numbers, self.updates = shape, numbers, updates
        samples = len(shape.inputs)
        self.samples = samples if shape.batch == "online" and samples > 1 else 1
        self.wanted: set[int] = set()
        """The passes whose beginning is asked for."""
        self._ran: dict[int, Ran] = {}
        self._known: dict[int, dict[int, fmpq]] = {}
        """By number of updates the learned values, by place, that are proved to be rational."""
        self._settled: set[tuple[int, int]] = set()
        """The passes, with the bits, of which it has been tried to prove what they are given."""
        self._unproved: dict[int, int] = {}
        """How often a result that looks like 0 could not be proved to be 0, by slot."""
        self._texts: list[tuple[list[fmpq], list[str]]] = []
        self._rounded_losses: list[Value] = []

    def turn(self, update: int, *, again: bool = False) -> Turn:
        return Turn(update, update % self.samples, again)

    def program(self, turn: Turn) -> Program:
        """The page of a pass, ready to be worked out."""
        return program(self.shape, turn)

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
            apart = done == self.apart
            template = self.program(self.turn(done)) if apart else program(self.shape, Turn(0, sample))
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
            if page.objective:
                self._rounded_losses.append(made[number[page.objective.quantity]])
            self._texts.append(([made[i] for i in new], [printed.operand[i] for i in new]))
        return self._texts[update]

    def rounded_losses(self, typed: Sequence[str], rounding: Rounding) -> list[Value]:
        """In rounded carry the loss of each pass, before its update; `typed` holds given numbers."""
        self.carried_texts(self.updates, typed, rounding)
        return self._rounded_losses[: self.updates]

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
        templates = self._templates()
        slots, page = templates[0].slots, templates[0].page
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
                apart = update == self.apart
                template = self.program(self.turn(update)) if apart else templates[update % self.samples]
                for i, value in zip(learned, state, strict=True):
                    given[i] = value
                if counter is not None:
                    given[counter] = fmpq(update + 1)
                values = self._worked(template, given, work)
                if values is None:
                    return 2 * work
                proved = self._known.get(update + 1, {})
                state = [_carried(proved.get(n, values[i])) for n, i in enumerate(new)]
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

    def settle(self, quantity: Quantity, candidate: fmpq, bits: int) -> bool:
        """Prove that a learned `quantity` is the rational `candidate`, by the pass that makes it; it is carried so."""
        of = quantity.of or quantity
        update = of.update
        if not update:
            return False
        self._settle_given(update - 1, bits)
        before = self.program(self.turn(update - 1))
        with ctx.workprec(bits):
            values = self._worked(before, self.given(update - 1, bits), bits)
            if values is None:
                return False
            earlier, named = self.earlier(update - 1, bits), dict(zip(before.slots.quantities, values, strict=True))
            proofs = Proofs({**earlier.formulas, **before.by_target}, {**earlier.values, **named})
            if proofs.opened(quantity, candidate) is None:
                return False
        learned = written(self.shape, self.turn(update)).learned
        self._known.setdefault(update, {})[learned.index(quantity)] = candidate
        self._ran.clear()
        return True

    def earlier(self, update: int, bits: int) -> Named:
        """The last passes before the one after `update` updates: their formulas, their values right to `bits` bits."""
        formulas: dict[Quantity, Formula] = {}
        values: dict[Quantity, Value] = {}
        for n in range(max(update - MOST_BACK, 0), update):
            template = self.program(self.turn(n))
            with ctx.workprec(bits):
                worked = self._worked(template, self.given(n, bits), bits)
            if worked is None:
                return NOTHING
            count = next((q for q in template.page.page.givens if q.key == "t"), None)
            for q, f in template.by_target.items():  # the count is another number in each pass
                formulas[q] = opened(f, count, Num(read_number(str(n + 1)))) if count else f
            values |= zip(template.slots.quantities, worked, strict=True)
        return Named(formulas, values)

    def _settle_given(self, update: int, bits: int) -> None:
        """Prove what the pass after `update` updates is given to be rational, where it looks like a short decimal."""
        if (update, bits) in self._settled:
            return
        self._settled.add((update, bits))
        places = 10 ** (bits // SHORT)
        page, given = written(self.shape, self.turn(update)), self.given(update, bits)
        for q in page.learned:
            value = given[page.page.givens.index(q)]
            if isinstance(value, fmpq):
                continue
            with ctx.workprec(bits):
                whole = (value * places + arb(1) / 2).floor().unique_fmpz()
                looks = whole is not None and (value - fmpq(int(whole), places)).contains(0)
            if looks:
                self.settle(q, fmpq(int(whole), places), bits)

    def _worked(self, template: Program, given: Sequence[Value], bits: int) -> list[Value] | None:
        """The values of a pass; None where it takes more bits to see which cases apply, or an identity isn't found.

        From PROOF_PRECISION on what looks like 0 is proved to be 0: it may stand below a line, or under a root.
        """
        known: dict[int, fmpq] = {}
        while True:
            try:
                values = template.tape(frozenset(known))(given, known)
            except Undecided:
                settled = settled_comparison(template, given, known)[1] if bits >= PROOF_PRECISION else {}
                if not settled:
                    return None
                known |= settled
                continue
            find_rationals(template, values)
            zeros = {} if bits < PROOF_PRECISION else self._zeros(template, values, bits)
            if not zeros:
                return values
            known |= zeros

    def _zeros(self, template: Program, values: Sequence[Value], bits: int) -> dict[int, fmpq]:
        """The first result whose ball is narrow and holds 0, where an identity proves that it is 0."""
        for i in range(template.first, len(values)):
            value = values[i]
            if isinstance(value, fmpq) or not value.contains(0) or self._unproved.get(i, 0) > MOST_TRIED:
                continue
            if value.is_finite() and abs(value) < arb(2) ** (-bits // 4):
                if found := proved_rationals(template, values, {i: fmpq(0)}, {}):
                    return found
                self._unproved[i] = self._unproved.get(i, 0) + 1
        return {}

    def _templates(self) -> list[Program]:
        """The page of each sample of an online run; one for all where they differ in their numbers alone.

        Where inputs are scaled every page scales all of them and goes on with its own; losses name the right class.
        """
        if not any(self.shape.scaling) and len(set(self.shape.right)) < 2:
            return [program(self.shape, Turn())] * self.samples
        return [program(self.shape, Turn(0, sample)) for sample in range(self.samples)]

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
