"""Which digits are printed, so that every printed line follows from the digits printed on it.

Exact carry. The line that makes a value prints its digits once, as far as any later line needs
them (truncated, with an ellipsis), then the rounded result. A later line uses those digits; it needs
as many as make its own rounded result the only possible one: enclose the operands, evaluate, see
that the enclosure lies in the one cell of numbers that are printed so, else add a digit. Where no
digits can decide (an exact zero, a tie, more than twelve) the line's operands are written exactly.

Rounded carry (`carried`). Each result is rounded and that number is used from then on.

Results have decimals or significant figures, each quantity its own number of them if so wanted, and
are rounded half up or cut off; "rounded" below means either.

Glossary
    floors   whole part of |value|·10^most, by slot
    unit     the power of ten that a large value is printed in (1.5·10^26 is printed in units of 10^26)
    length   decimals of a truncated operand, in its unit
    cell     the numbers that are printed as one result
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from flint import arb, ctx, fmpq

from handcalc.derive.certify import CannotDecide, Certified, certify
from handcalc.derive.decimals import (
    LARGE,
    Rounded,
    cut_off,
    first_exponent,
    power_of_ten,
    rounded_half_up,
    scaled,
    terminating_text,
    to_places,
    unit_of,
)
from handcalc.derive.identity import Named, Proofs, chosen
from handcalc.derive.places import places_by_slot
from handcalc.derive.program import Program
from handcalc.derive.tape import Undecided, Value
from handcalc.formula.quantity import Quantity
from handcalc.network.rounding import Rounding

MOST_DECIMALS = 12
"""Of an operand (or figures); a line that would need more is written with exact operands."""
EXTRA_EXACT = 4
"""A terminating result is printed whole up to this many digits beyond the rounded one."""
MOST_PLACES = 1_000
"""Decimals that are made certain for the figures of a tiny value, at most."""
_HALF = arb(1) / 2

Result = tuple[tuple[str, str], ...]
"""What a line ends with: (relation, digits), ``=`` only where equality is proved."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The digits of every slot.

    `operand` is how later lines write the value, `whole` the same where that is the exact number,
    `result` how the line that makes it ends, `decimal` its rounded value; `exact_lines` are the
    slots of lines whose operands have to be written exactly;
    ``lengths[i]`` is how many decimals, in its unit, later lines need of the value in exact carry.
    """

    operand: list[str]
    whole: list[str | None]
    result: list[Result]
    decimal: list[str]
    exact_lines: frozenset[int] = frozenset()
    lengths: Sequence[int] = ()


def places_needed(rounding: Rounding) -> int:
    """How many decimals of each value have to be certain to print it in exact carry (of figures: at first)."""
    return max(MOST_DECIMALS, rounding.most_places + EXTRA_EXACT)


def certify_digits(
    program: Program,
    given: Callable[[int], Sequence[Value]],
    rounding: Rounding,
    settle: Callable[[Quantity, fmpq, int], bool] | None = None,
    earlier: Callable[[int], Named] | None = None,
) -> Certified:
    """The certified values, so precise that `exact_carry` can print each: a tiny one has its figures far behind."""
    places = places_needed(rounding)
    while True:
        certified = certify(program, given, places, settle, earlier)
        try:
            known_digits(program, certified, rounding)
        except CannotDecide:
            if places >= MOST_PLACES:
                raise
            places = min(2 * places, MOST_PLACES)
        else:
            return certified


def known_digits(program: Program, certified: Certified, rounding: Rounding) -> tuple[list[int], list[int]]:
    """By slot the whole part of |value|·10^most, and `most`: enough for every digit that may be printed.

    Raises CannotDecide where the ball of a tiny value has too few certain figures.
    """
    floors, most = list(certified.floors), [certified.places] * len(certified.floors)
    if not rounding.figures:
        return floors, most
    figures = places_needed(rounding)
    enough = 10 ** (figures - 1)
    with ctx.workprec(certified.precision + 64):
        for i, v in enumerate(certified.values):
            if floors[i] >= enough or (isinstance(v, fmpq) and v == 0):
                continue
            found = _first_figures(v, figures)
            if found is None:
                raise CannotDecide(program.slots.quantities[i])
            floors[i], most[i] = found
    return floors, most


def _first_figures(value: Value, figures: int) -> tuple[int, int] | None:
    """The whole part of |value|·10^most, of so many figures or one more; None where the ball is too wide."""
    if isinstance(value, fmpq):
        most = figures - 1 - (first_exponent(value) or 0)
        found = scaled(abs(value), most)
        return int(found.p) // int(found.q), most
    lowest = (abs(value).log() / arb(10).log()).lower().floor().unique_fmpz()
    if lowest is None:
        return None
    most = figures - 1 - int(lowest)
    floor = scaled(abs(value), most).floor().unique_fmpz()
    return None if floor is None else (int(floor), most)


def exact_carry(
    program: Program,
    certified: Certified,
    typed: Sequence[str | None],
    rounding: Rounding,
    *,
    least: Sequence[int] = (),
) -> Printed:
    """The digits in exact carry.

    `typed` holds the given numbers as typed, by slot; None is a value that was carried here and is printed like the
    result of a step. ``least[i]`` is a length that slot i has at least, because a later page needs it.
    """
    return _ExactCarry(program, certified, typed, rounding, least).printed()


@dataclass
class _ExactCarry:
    program: Program
    certified: Certified
    typed: Sequence[str | None]
    rounding: Rounding
    least: Sequence[int]
    exact_lines: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.floors, self.most = known_digits(self.program, self.certified, self.rounding)
        self.places = places_by_slot(self.program, self.rounding)
        self.longest = places_needed(self.rounding)
        slots = range(len(self.floors))
        self.exponents = [self._exponent(i) for i in slots]
        self.units = [0 if e is None else unit_of(e, figures=self.rounding.figures) for e in self.exponents]
        self.shown = [self._shown(i) for i in slots]
        self.first = [self._first_length(i) for i in slots]
        self.whole = [self._whole(i) for i in slots]
        self._repeat_whole()
        self.lengths: list[int] = [0] * len(slots)
        self.enclosed: list[Value] = list(self.certified.values)

    def _exponent(self, i: int) -> int | None:
        """Of the first digit; None of 0, and of decimals where the value isn't large."""
        floor, most = self.floors[i], self.most[i]
        if not floor or (floor < 10 ** (most + LARGE) and not self.rounding.figures):
            return None
        return (first_exponent(fmpq(floor)) or 0) - most

    def _shown(self, i: int) -> Rounded:
        floor, most = self.floors[i], self.most[i]
        kept = cut_off if self.rounding.how == "truncate" else rounded_half_up
        return to_places(
            lambda places: kept(floor, most, places),
            self.exponents[i],
            self.places[i],
            figures=self.rounding.figures,
        )

    def _first_length(self, i: int) -> int:
        """One digit more than the result has; where that ends before the point, one decimal."""
        exponent = self.exponents[i]
        if not self.rounding.figures or exponent is None:
            return self.places[i] + 1
        return max(1, self.places[i] - exponent + self.units[i])

    def _whole(self, i: int) -> str | None:
        if i < self.program.first and (text := self.typed[i]) is not None:
            return text
        value, shown = self.certified.values[i], self.shown[i]
        if not isinstance(value, fmpq):
            return None
        if self.units[i]:
            equal = abs(value) == shown.value
            return shown.text(negative=self.certified.negative[i]) if equal else None
        exponent = self.exponents[i]
        places = self.places[i] if exponent is None else self.places[i] - 1 - exponent
        return terminating_text(value, max(places, 0) + EXTRA_EXACT)

    def _repeat_whole(self) -> None:
        """A line that only names another result shows the same digits, whatever places each of them has."""
        copies = [
            (source, target)
            for target, source in enumerate(self.program.copies, self.program.first)
            if source is not None and (source >= self.program.first or self.typed[source] is None)
        ]
        for source, target in reversed(copies):
            self.whole[source] = self.whole[source] or self.whole[target]
        for source, target in copies:
            self.whole[target] = self.whole[source]

    def printed(self) -> Printed:
        with ctx.workprec(max(64, self.certified.precision)):
            for i, length in enumerate(self.least):
                if length and self.whole[i] is None:
                    self._cut(i, max(length, self.first[i]))
            for n, operands in enumerate(self.program.operands):
                cut = [i for i in operands if self.whole[i] is None]
                if cut:
                    self._lengthen(n, self.program.first + n, cut)
        self._lengthen_copies()
        slots, negative = range(len(self.enclosed)), self.certified.negative
        operand = [self._operand(i) for i in slots]
        decimal = [self.shown[i].text(negative=negative[i]) for i in slots]
        return Printed(
            operand,
            self.whole,
            [self._result(i, operand[i], decimal[i]) for i in slots],
            decimal,
            frozenset(self.exact_lines),
            self.lengths,
        )

    def _lengthen(self, n: int, target: int, cut: Sequence[int]) -> None:
        """Give the `cut` operands of line `n` as many digits as decide its result, or write them exactly."""
        for i in cut:
            if not self.lengths[i]:
                self._cut(i, self.first[i])
        if self.program.copies[n] is not None:  # shows the digits themselves, one more than its result has
            (source,) = cut
            self._cut(source, max(self.lengths[source], self.first[target]))
            return
        line, tried, cell = self.program.lines[n], False, self._cell(target)
        while not self._decided(line, target, cell):
            shortest = min(map(self._digits, cut))
            if self.whole[target] is not None and (tried or all(self.lengths[i] > self.first[i] for i in cut)):
                if not self._holds_anyhow(n, target):
                    self.exact_lines.add(target)
                return
            if shortest >= self.longest:
                self.exact_lines.add(target)
                return
            for i in cut:
                if self._digits(i) == shortest:
                    self._cut(i, self.lengths[i] + 1)
            tried = True

    def _digits(self, i: int) -> int:
        """What lengths are compared by: the decimals, or the figures, that operand `i` shows."""
        exponent = self.exponents[i]
        if not self.rounding.figures or exponent is None:
            return self.lengths[i]
        return self.lengths[i] + 1 + exponent - self.units[i]

    def _cut(self, i: int, length: int) -> None:
        """Let slot `i` stand for every number whose decimals begin with its first `length` ones."""
        self.lengths[i] = length
        k = self.units[i] - length
        units = cut_off(self.floors[i], self.most[i], -k)
        middle = arb(2 * units + 1, 1) * _half_of(k)
        self.enclosed[i] = -middle if self.certified.negative[i] else middle

    def _cell(self, i: int) -> _Cell:
        """The numbers that are printed as the result of slot `i` is."""
        units, places, _ = self.shown[i]
        scale = 20 * power_of_ten(places)
        if self.rounding.how == "truncate":
            return _Cell(scale, 20 * units if units else -20, 20 * units + 20)
        low = 20 * units - 10
        exponent = self.exponents[i]
        if exponent is not None:  # 1.00 is printed of 0.9996 too: below it the cell is a tenth as wide
            count = self.places[i] + (not self.rounding.figures)
            plain_below = not self.rounding.figures and count - 1 - places == LARGE
            low = 20 * units - 1 if units == 10 ** (count - 1) and not plain_below else low
        return _Cell(scale, low, 20 * units + 10)

    def _decided(self, line: Callable[[Sequence[Value]], Value], target: int, cell: _Cell) -> bool:
        try:
            y = line(self.enclosed)
        except Undecided:
            return False
        if self.whole[target] is not None:
            return bool(isinstance(y, fmpq) or y.is_exact())
        if isinstance(y, fmpq):
            return True
        size = abs(y) * cell.scale
        return bool(size >= cell.low and size < cell.high)

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
        places = (self.lengths[i] or self.first[i]) - self.units[i]
        units = cut_off(self.floors[i], self.most[i], places)
        return Rounded(units, places, self.units[i]).text(negative=self.certified.negative[i], ending="…")

    def _result(self, i: int, operand: str, decimal: str) -> Result:
        if self.whole[i] is not None:
            rounded = abs(self.certified.values[i]) != self.shown[i].value
            return (("=", operand), ("≈", decimal)) if rounded else (("=", operand),)
        if self.lengths[i]:
            return (("=", operand), ("≈", decimal))
        return (("≈", decimal),)


def _half_of(k: int) -> Value:
    """10^k/2"""
    return fmpq(1, 2 * 10**-k) if -MOST_PLACES < k <= 0 else power_of_ten(k) / fmpq(2)


class _Cell(NamedTuple):
    """The y with low ≤ |y|·scale < high."""

    scale: Value
    low: int
    high: int
