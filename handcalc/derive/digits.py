"""Which digits are printed, so that every printed line follows from the digits printed on it.

Exact carry. The line that makes a value prints its digits once, as far as any later line needs
them (truncated, with an ellipsis), then the rounded result. A later line uses those digits; it needs
as many as make its own rounded result the only possible one: enclose the operands, evaluate, see
that the enclosure lies in one rounding cell, else add a digit. Where no digits can decide (an exact
zero, a tie, more than twelve decimals) the line's operands are written exactly.

Rounded carry. Each result is rounded and that number is used from then on.

Glossary
    floors   whole part of |value|·10^places, by slot
    unit     the power of ten that a large value is printed in (1.5·10^26 is printed in units of 10^26)
    length   decimals of a truncated operand
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flint import arb, ctx, fmpq

from handcalc.derive.certify import LAST_PRECISION, CannotDecide, Certified
from handcalc.derive.decimals import decimal_text, rounded_half_up, terminating_text
from handcalc.derive.identity import Proofs, chosen
from handcalc.derive.program import Program
from handcalc.derive.tape import Undecided, Value, as_rational

MOST_DECIMALS = 12
"""Of an operand; a line that would need more is written with exact operands."""
EXTRA_EXACT = 4
"""A terminating result is printed whole up to this many decimals beyond the rounded one."""
LARGE = 10
"""Values with more than this many digits before the point are printed as m·10^k."""
MOST_KEPT = 300
"""Digits before the point of a total in rounded carry that still keeps its distance from a term."""
_HALF = arb(1) / 2

Result = tuple[tuple[str, str], ...]
"""What a line ends with: (relation, digits), ``=`` only where equality is proved."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The digits of every slot.

    `operand` is how later lines write the value, `whole` the same where that is the exact number,
    `result` how the line that makes it ends, `decimal` its rounded value; `exact_lines` are the
    slots of lines whose operands have to be written exactly.
    """

    operand: list[str]
    whole: list[str | None]
    result: list[Result]
    decimal: list[str]
    exact_lines: frozenset[int] = frozenset()


def places_needed(decimals: int) -> int:
    """How many decimals of each value have to be certain to print it to `decimals` in exact carry."""
    return max(MOST_DECIMALS, decimals + EXTRA_EXACT)


def exact_carry(program: Program, certified: Certified, typed: Sequence[str], decimals: int) -> Printed:
    """The digits in exact carry; `typed` holds the given numbers as typed, by slot."""
    return _ExactCarry(program, certified, typed, decimals).printed()


@dataclass
class _ExactCarry:
    program: Program
    certified: Certified
    typed: Sequence[str]
    decimals: int
    exact_lines: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        certified, decimals = self.certified, self.decimals
        most = certified.places
        self.units = [0 if f < 10 ** (most + LARGE) else len(str(f)) - 1 - most for f in certified.floors]
        ceiling = 10 ** (most + 1) - 5 * 10 ** (most - decimals - 1)
        self.units = [k + (k > 0 and f // 10**k >= ceiling) for f, k in zip(certified.floors, self.units, strict=True)]
        self.floors = [f // 10**k if k else f for f, k in zip(certified.floors, self.units, strict=True)]
        self.cells = [rounded_half_up(f, most, decimals) for f in self.floors]
        self.whole: list[str | None] = [*self.typed]
        for i in range(self.program.first, len(certified.values)):
            v = certified.values[i]
            text = terminating_text(v, decimals + EXTRA_EXACT) if isinstance(v, fmpq) and not self.units[i] else None
            self.whole.append(text)
        self.lengths: list[int] = [0] * len(certified.values)
        self.enclosed: list[Value] = list(certified.values)

    def printed(self) -> Printed:
        with ctx.workprec(max(64, self.certified.precision)):
            scale = 10**self.decimals
            for n, operands in enumerate(self.program.operands):
                cut = [i for i in operands if self.whole[i] is None]
                if cut:
                    self._lengthen(n, self.program.first + n, cut, scale)
        self._lengthen_copies()
        slots = range(len(self.enclosed))
        operand, decimal = [self._operand(i) for i in slots], [self._rounded(i) for i in slots]
        return Printed(
            operand,
            self.whole,
            [self._result(i, operand[i], decimal[i]) for i in slots],
            decimal,
            frozenset(self.exact_lines),
        )

    def _lengthen(self, n: int, target: int, cut: Sequence[int], scale: int) -> None:
        """Give the `cut` operands of line `n` as many decimals as decide its result, or write them exactly."""
        for i in cut:
            if not self.lengths[i]:
                self._cut(i, self.decimals + 1)
        line, most = self.program.lines[n], self.certified.places
        while not self._decided(line, target, scale):
            shortest = min(self.lengths[i] for i in cut)
            if self.whole[target] is not None and shortest > self.decimals + 1:
                if not self._holds_anyhow(n, target):
                    self.exact_lines.add(target)
                return
            if shortest >= most:
                self.exact_lines.add(target)
                return
            for i in cut:
                if self.lengths[i] == shortest:
                    self._cut(i, shortest + 1)

    def _cut(self, i: int, length: int) -> None:
        """Let slot `i` stand for every number whose decimals begin with its first `length` ones."""
        self.lengths[i] = length
        units = self.floors[i] // 10 ** (self.certified.places - length)
        k = self.units[i] - length
        middle = arb(2 * units + 1, 1) * (fmpq(10**k, 2) if k > 0 else fmpq(1, 2 * 10**-k))
        self.enclosed[i] = -middle if self.certified.negative[i] else middle

    def _decided(self, line: Callable[[Sequence[Value]], Value], target: int, scale: int) -> bool:
        try:
            y = line(self.enclosed)
        except Undecided:
            return False
        if self.whole[target] is not None:
            return bool(isinstance(y, fmpq) or y.is_exact())
        if isinstance(y, fmpq):
            return True
        k = self.units[target]
        cell = (abs(y) * (fmpq(scale, 10**k) if k else scale) + _HALF).floor().unique_fmpz()
        return cell is not None and int(cell) == self.cells[target]

    def _holds_anyhow(self, n: int, target: int) -> bool:
        """Whether line `n` gives its exact result whatever its cut operands are: 0·0.47… + 0.1 = 0.1."""
        slots, values = self.program.slots.quantities, self.certified.values
        named = {slots[i]: values[i] if self.whole[i] is not None else _HALF for i in self.program.operands[n]}
        formula = chosen(self.program.formulas[n], lambda q: values[self.program.slots.number[q]], maxima=True)
        return Proofs({}, named).holds(formula, values[target])

    def _lengthen_copies(self) -> None:
        """Where a line only names another quantity, both show the same digits."""
        for n in range(len(self.program.copies) - 1, -1, -1):
            source, target = self.program.copies[n], self.program.first + n
            if source is not None and self.whole[source] is None:
                self.lengths[source] = self.lengths[target] = max(self.lengths[source], self.lengths[target])
        for n, source in enumerate(self.program.copies):
            if source is not None and self.whole[source] is None:
                self.lengths[self.program.first + n] = self.lengths[source]

    def _operand(self, i: int) -> str:
        whole = self.whole[i]
        if whole is not None:
            return whole
        length = self.lengths[i] or self.decimals + 1
        units = self.floors[i] // 10 ** (self.certified.places - length)
        return self._with_unit(i, decimal_text(units, length, negative=self.certified.negative[i], ending="…"))

    def _rounded(self, i: int) -> str:
        negative = self.certified.negative[i]
        return self._with_unit(i, decimal_text(self.cells[i], self.decimals, negative=negative))

    def _with_unit(self, i: int, text: str) -> str:
        return f"{text}·10^{self.units[i]}" if self.units[i] else text

    def _result(self, i: int, operand: str, decimal: str) -> Result:
        whole = self.whole[i]
        if whole is not None:
            longer = len(whole.partition(".")[2]) > self.decimals
            return (("=", whole), ("≈", decimal)) if longer else (("=", whole),)
        if self.lengths[i]:
            return (("=", operand), ("≈", decimal))
        return (("≈", decimal),)


def rounded_carry(
    program: Program, given: Sequence[fmpq], typed: Sequence[str], decimals: int
) -> tuple[list[Value], Printed]:
    """The values and digits in rounded carry.

    A result that isn't 0 but would round to 0, one inside an open range that would round to an end of
    it, or a total that would round to one of its terms, keeps `decimals` significant figures of its
    distance from it.
    """
    precision = 64
    while True:
        rounding = _Rounding(decimals, program.ranges, program.totals)
        try:
            with ctx.workprec(precision):
                values = program.rounding_tape(given, rounding.rounded)
        except Undecided:
            precision *= 2
            if precision > LAST_PRECISION:
                end = max(program.ranges[rounding.at] or (), default=None)
                raise CannotDecide(program.slots.quantities[rounding.at], end) from None
            continue
        texts = [*typed, *(text for text, _ in rounding.results)]
        results: list[Result] = [(("=", text),) for text in typed]
        results += [((relation, text),) for text, relation in rounding.results]
        return values, Printed(texts, list(texts), results, list(texts))


@dataclass
class _Rounding:
    decimals: int
    ranges: Sequence[tuple[int, int] | None]
    totals: Mapping[int, Sequence[int]]
    values: dict[int, Value] = field(default_factory=dict)
    results: list[tuple[str, str]] = field(default_factory=list)
    at: int = 0

    def rounded(self, value: Value, slot: int) -> Value:
        """`value` rounded, and its text remembered."""
        self.at = slot
        found = self.values[slot] = self._rounded(value, slot)
        return found

    def _rounded(self, value: Value, slot: int) -> Value:
        if not isinstance(value, fmpq) and value.is_exact():
            value = as_rational(value)
        if (
            isinstance(value, fmpq)
            and abs(value) < 10**LARGE
            and (text := terminating_text(value, self.decimals)) is not None
        ):
            self.results.append((text, "="))
            return value
        terms = [self.values[i] for i in self.totals.get(slot, ())]
        if abs(value) >= 10**LARGE:
            rounded, text = self._large(value)
            if rounded not in terms or abs(value) >= 10**MOST_KEPT:
                self.results.append((text, "=" if value == rounded else "≈"))
                return rounded
            near: Value | None = rounded
        else:
            units = _nearest_units(value, self.decimals)
            ends = (0, *(self.ranges[slot] or ()), *terms)
            near = next((end for end in ends if units == end * 10**self.decimals), None)
        decimals = self.decimals if near is None else _decimals_of(value - near, self.decimals)
        units = _nearest_units(value, decimals)
        rounded = fmpq(units, 10**decimals)
        if value == rounded:
            self.results.append((str(terminating_text(rounded, decimals)), "="))
        else:
            self.results.append((decimal_text(abs(units), decimals, negative=units < 0), "≈"))
        return rounded

    def _large(self, value: Value) -> tuple[Value, str]:
        """A value of more than ten digits before the point, and its text: m·10^k, with m rounded."""
        k, decimals = _power_of_ten(value), self.decimals
        units = _nearest_units(value / fmpq(10) ** k, decimals)
        if abs(units) == 10 ** (decimals + 1):
            k, units = k + 1, units // 10
        text = decimal_text(abs(units), decimals, negative=units < 0)
        return fmpq(units) * fmpq(10) ** k / 10**decimals, f"{text}·10^{k}"


def _power_of_ten(value: Value) -> int:
    """The power of ten of the first digit of a value that isn't 0."""
    exponent = (arb(abs(value)).log() / arb(10).log()).floor().unique_fmpz()
    if exponent is None:
        raise Undecided(value)
    return int(exponent)


def _nearest_units(value: Value, decimals: int) -> int:
    """value·10^decimals rounded half up (a half goes away from 0); Undecided where the ball is too wide."""
    scaled = abs(value) * 10**decimals + fmpq(1, 2)
    if isinstance(scaled, fmpq):
        units = int(scaled.p) // int(scaled.q)
    else:
        whole = scaled.floor().unique_fmpz()
        if whole is None:
            raise Undecided(value)
        units = int(whole)
    return -units if value < 0 else units


def _decimals_of(distance: Value, figures: int) -> int:
    """The decimals that show `figures` significant figures of a distance that isn't 0."""
    decimals = figures
    while abs(_nearest_units(distance, decimals)) < 10 ** (figures - 1):
        decimals += 1
        if decimals > 2_000:
            raise Undecided(distance)
    return decimals
