"""What is accepted of each quantity in each lane: `derive.tolerance` and `derive.span` in floats.

The interval of a lane holds the exact one. It is wider by `WIDER` of its ends; seldom by a tenth of a unit of the last
place, or what follows from that: where a quotient or a function gives just a number of one decimal more, and where
numbers have more than ten digits. It has no ends where the exact one is what follows from exact operands, since a line
has no bounds (`span.Unbounded`): that is left to exact work.

Glossary
    ends      the lanes of the lower and the upper end; one and the same array where a number is exact
    kept      a quantity's ends where nobody has rounded it to 0, worked out when somebody divides by it
    lost      the lanes of a slot in which a line has no bounds, or an earlier one that it names
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from handcalc.derive.functions import LOGARITHMS
from handcalc.derive.lane_code import CALLS, Lane, larger, total_and_size
from handcalc.derive.lane_places import Places
from handcalc.derive.program import Program
from handcalc.derive.span import BELOW, RISING
from handcalc.derive.tape import is_logarithm
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import (
    Call,
    Cases,
    Formula,
    Negative,
    Num,
    Power,
    Product,
    Quotient,
    Ref,
    Sign,
    Sum,
    children,
)

WIDER = 1e-12
CANCELS, OFF = 1e-6, 2.0**-51
"""Where a sum is a smaller part of its terms, or a logarithm of 1, it is off by the second."""

Booleans = NDArray[np.bool_]


class Ends(NamedTuple):
    low: Lane
    high: Lane

    @property
    def exact(self) -> bool:
        return self.low is self.high

    @property
    def touches_zero(self) -> Booleans:
        found: Booleans = (self.low <= 0) & (self.high >= 0)
        return found

    @property
    def nothing(self) -> Booleans:
        found: Booleans = (self.low == 0) & (self.high == 0)
        return found


EndsOf = Callable[[Quantity, bool], Ends]
"""The ends of a quantity as it is, or as it is below (see `derive.span`)."""


class LaneSpans:
    """The intervals of one wave; `typed` says which of the givens are exact."""

    def __init__(self, program: Program, places: Sequence[Places], values: Lane, typed: Sequence[bool], *, keeps: bool):
        self.program, self.places, self.values, self.keeps = program, places, values, keeps
        self.spans: list[Ends] = []
        self.lost: dict[int, Booleans] = {}
        self._kept: dict[int, Ends] = {}
        self._raw: dict[int, Ends] = {}
        for slot, exact in enumerate(typed):
            true = Ends(values[slot], values[slot])
            self.spans.append(true if exact else self._carried(slot, true, keeps=keeps))
            if not exact:
                self._raw[slot] = true
        for slot, formula in enumerate(program.formulas, program.first):
            self._step(slot, formula)

    def accepted(self) -> tuple[Lane, Lane]:
        """The intervals: what may be carried, and what is printed of it."""
        low, high = np.empty_like(self.values), np.empty_like(self.values)
        for slot, (least, most) in enumerate(self.spans):
            if (raw := self._raw.get(slot)) is None:
                low[slot], high[slot] = least, most
                continue
            if self.keeps:
                printed = Ends(self.values[slot], self.values[slot])
            elif self.places[slot].range_ is None:
                printed = self.spans[slot]
            else:  # 1.0000, or 0.99999, which is finer
                printed = _without_range(self.places[slot], raw)
            low[slot], high[slot] = np.minimum(least, printed.low), np.maximum(most, printed.high)
            if (lost := self.lost.get(slot)) is not None:
                low[slot][lost], high[slot][lost] = -np.inf, np.inf
        low -= WIDER * np.abs(low)
        high += WIDER * np.abs(high)
        return low, high

    def _step(self, slot: int, formula: Formula) -> None:
        found = self._share(formula, span_of(formula, self._operand))
        raw = Ends(*(np.broadcast_to(one, self.values[slot].shape) for one in found))
        lost = ~(np.isfinite(raw.low) & np.isfinite(raw.high))
        for operand in self.program.operands[slot - self.program.first]:
            if operand in self.lost:
                lost = lost | self.lost[operand]
        if lost.any():
            self.lost[slot] = lost
            raw = Ends(np.where(lost, -np.inf, raw.low), np.where(lost, np.inf, raw.high))
        raw = self._inside(slot, raw)
        self._raw[slot] = raw
        self.spans.append(self._carried(slot, raw, keeps=self.keeps))

    def _carried(self, slot: int, ends: Ends, *, keeps: bool) -> Ends:
        one = self.places[slot]
        found = Ends(one.carried_end(ends.low, -1, keeps=keeps), one.carried_end(ends.high, 1, keeps=keeps))
        if (lost := self.lost.get(slot)) is None:
            return found
        return Ends(np.where(lost, -np.inf, found.low), np.where(lost, np.inf, found.high))

    def _inside(self, slot: int, ends: Ends) -> Ends:
        """Of what is outside of the open range of a value nothing is left but the value itself, and what is a unit of
        the last place from the end."""
        one, true = self.places[slot], self.values[slot]
        if one.range_ is None:
            return ends
        bottom, top = one.range_
        unit = 10.0**-one.places
        return Ends(
            np.where(ends.low > bottom, ends.low, np.minimum(true, bottom + unit)),
            np.where(ends.high < top, ends.high, np.maximum(true, top - unit)),
        )

    def _operand(self, quantity: Quantity, below: bool) -> Ends:
        slot = self.program.slots.number[quantity]
        return self._kept_of(slot) if below else self.spans[slot]

    def _below(self, quantity: Quantity, below: bool) -> Ends:
        return self._kept_of(self.program.slots.number[quantity])

    def _kept_of(self, slot: int) -> Ends:
        if slot not in self._kept:
            self._kept[slot] = self._kept_anew(slot)
        return self._kept[slot]

    def _kept_anew(self, slot: int) -> Ends:
        if (ends := self._raw.get(slot)) is None:
            return self.spans[slot]
        touches = ends.touches_zero
        if slot >= self.program.first and touches.any():
            apart = self._inside(slot, span_of(self.program.formulas[slot - self.program.first], self._below))
            ends = Ends(np.where(touches, apart.low, ends.low), np.where(touches, apart.high, ends.high))
        return self._carried(slot, ends, keeps=True)

    def _share(self, formula: Formula, found: Ends) -> Ends:
        """Of e₁/S, where S is a total that holds e₁ (see `tolerance`)."""
        number, totals = self.program.slots.number, self.program.totals
        match formula:
            case Quotient(Ref(part), Ref(whole)) if number[part] in totals.get(number[whole], ()):
                slot, over = number[part], number[whole]
            case _:
                return found
        rest = [self.spans[i] for i in totals[over] if i != slot]
        places = self.places[over]
        error = places.unit(*self.spans[over], keeps=self.keeps) * (1 if places.cut else 0.5)
        low, high = self.spans[slot]
        least, most = sum((one.low for one in rest), -error), sum((one.high for one in rest), error)
        narrower = (low > 0) & (high + least > 0)
        return Ends(
            np.where(narrower, np.maximum(found.low, low / (low + most)), found.low),
            np.where(narrower, np.minimum(found.high, high / (high + least)), found.high),
        )


def _without_range(one: Places, ends: Ends) -> Ends:
    """What is printed, or typed with more digits, of a value that never leaves its open range."""
    printed = Ends(one.printed_end(ends.low, -1), one.printed_end(ends.high, 1))
    bottom, top = one.range_ or (-np.inf, np.inf)
    inside = Ends(np.minimum(ends.low, top - WIDER), np.maximum(ends.high, bottom + WIDER))  # a float may be the end
    typed = (one.carried_end(end, side, keeps=False, ranged=False) for end, side in zip(inside, (-1, 1), strict=True))
    return _hull(printed, Ends(*typed))


def gives_decimals(f: Formula) -> bool:
    """Whether `f` is a decimal where what it names are: of sums and products, and the choice between them."""
    match f:
        case Num(number):
            q = int(number.value.q)
            return 10**64 % q == 0
        case Quotient(top, Num(number)):
            return gives_decimals(top) and 10**64 % abs(int(number.value.p)) == 0
        case Power(base, int() as n):
            return n >= 0 and gives_decimals(base)
        case Quotient() | Power():
            return False
        case Call(name, _) if name not in ("max", "abs"):
            return False
    return all(map(gives_decimals, children(f)))


def span_of(f: Formula, of: EndsOf, *, below: bool = False) -> Ends:
    """The ends of `f`; NaN or infinite where it has none."""
    match f:
        case Ref(quantity):
            return of(quantity, below)
        case Num(number):
            value = np.asarray(int(number.value.p) / int(number.value.q))
            return Ends(value, value)
        case Negative(inner):
            return _negative(span_of(inner, of, below=below))
        case Sum(terms):
            return _plus(*(span_of(term, of, below=below) for term in terms))
        case Product(factors):
            return _product(factors, of, below=below)
        case Quotient(top, bottom):
            above = span_of(top, of, below=below)
            found = _times(above, _inverse(_not_zero(bottom, of, below=below)))
            return _where(above.nothing, above, found)
        case Power(base, n):
            return _power(base, n, of, below=below)
        case Call(name, args):
            span = _not_zero if name in BELOW else span_of
            return _call(name, [span(arg, of, below=below) for arg in args])
        case Cases(left, sign, right, yes, no):
            difference = _plus(span_of(left, of), _negative(span_of(right, of)))
            certain, ruled_out = _holds(difference, sign)
            first, second = (span_of(case, of, below=below) for case in (yes, no))
            return _where(certain, first, _where(ruled_out, second, _hull(first, second)))
    raise TypeError(f"no span of {f!r}")


def _not_zero(f: Formula, of: EndsOf, *, below: bool) -> Ends:
    """The ends of what stands below."""
    found = span_of(f, of, below=below)
    touches = found.touches_zero
    return found if below or not touches.any() else _where(touches, span_of(f, of, below=True), found)


def _where(condition: Booleans, yes: Ends, no: Ends) -> Ends:
    if condition.all():
        return yes
    if not condition.any():
        return no
    low = np.where(condition, yes.low, no.low)
    return Ends(low, low if yes.exact and no.exact else np.where(condition, yes.high, no.high))


def _negative(x: Ends) -> Ends:
    low = -x.high
    return Ends(low, low if x.exact else -x.low)


def _plus(*spans: Ends) -> Ends:
    low, size = total_and_size([x.low for x in spans])
    if all(x.exact for x in spans):
        return _doubted(Ends(low, low), size, size)
    high, larger_size = total_and_size([x.high for x in spans])
    return _doubted(Ends(low, high), size, larger_size)


def _doubted(found: Ends, *sizes: Lane | float) -> Ends:
    """The ends wider by as much as floats are off, where next to nothing is left of terms of such `sizes`."""
    doubtful = [(np.abs(end) < CANCELS * size) & (end != 0) for end, size in zip(found, sizes, strict=True)]
    if not (doubtful[0].any() or doubtful[1].any()):
        return found
    off = [OFF * size * which for size, which in zip(sizes, doubtful, strict=True)]
    return Ends(found.low - off[0], found.high + off[1])


def _times(x: Ends, y: Ends) -> Ends:
    if x.exact and y.exact:
        found = x.low * y.low
        return Ends(found, found)
    if y.exact:
        x, y = y, x
    ends = [a * b for a, b in product((x.low,) if x.exact else x, y)]
    return Ends(reduce(np.minimum, ends), reduce(np.maximum, ends))


def _hull(*spans: Ends) -> Ends:
    return Ends(reduce(np.minimum, (x.low for x in spans)), reduce(np.maximum, (x.high for x in spans)))


def _inverse(x: Ends) -> Ends:
    touches = x.touches_zero
    low = np.where(touches, np.nan, 1 / x.high)
    return Ends(low, low if x.exact else np.where(touches, np.nan, 1 / x.low))


def _product(factors: tuple[Formula, ...], of: EndsOf, *, below: bool) -> Ends:
    """0 where a factor is 0, whatever stands beside it: 0·ln 0."""
    plain = [span_of(f, of, below=below) for f in factors if not _has_logarithm(f)]
    logarithms = [span_of(f, of, below=below) for f in factors if _has_logarithm(f)]
    found = reduce(_times, [*plain, *logarithms])
    if not logarithms or not plain:
        return found
    nothing = reduce(np.logical_or, (x.nothing for x in plain))
    zero = np.zeros_like(found.low)
    return _where(nothing, Ends(zero, zero), found)


def _has_logarithm(f: Formula) -> bool:
    return is_logarithm(f) or any(map(_has_logarithm, children(f)))


def _power(base: Formula, exponent: int | Formula, of: EndsOf, *, below: bool) -> Ends:
    n = exponent if isinstance(exponent, int) else int(np.asarray(span_of(exponent, of).low).flat[0])
    x = _inverse(_not_zero(base, of, below=below)) if n < 0 else span_of(base, of, below=below)
    low = x.low ** abs(n)
    if x.exact:
        return Ends(low, low)
    high = x.high ** abs(n)
    least = np.minimum(low, high)
    if n % 2 == 0:
        least = np.where((x.low < 0) & (x.high > 0), 0.0, least)
    return Ends(least, np.maximum(low, high))


def _call(name: str, spans: list[Ends]) -> Ends:
    if name == "abs":
        (x,) = spans
        sizes = Ends(np.abs(x.low), np.abs(x.high))
        low = np.where(x.touches_zero, 0.0, np.minimum(*sizes))
        return Ends(low, low if x.exact else np.maximum(*sizes))
    if name == "max" or name in RISING:
        work = larger if name == "max" else CALLS[name]
        low = work(*(x.low for x in spans))
        found = Ends(low, low if all(x.exact for x in spans) else work(*(x.high for x in spans)))
        return _doubted(found, 1.0, 1.0) if name in LOGARITHMS else found
    corners = [CALLS[name](*corner) for corner in product(*spans)]  # b^z is monotonic in each; π has no arguments
    return Ends(reduce(np.minimum, corners), reduce(np.maximum, corners))


def _holds(difference: Ends, sign: Sign) -> tuple[Booleans, Booleans]:
    """Where ``difference sign 0`` is certain, and where it is ruled out."""
    low, high = difference if sign in ">≤" else _negative(difference)
    yes, no = low > 0, high <= 0
    return (no, yes) if sign in "≤≥" else (yes, no)
