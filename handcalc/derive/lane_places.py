"""Results of one slot rounded in lanes: to decimals or significant figures, half up or cut off (see `derive.decimals`).

Floats are a little off the exact numbers. What is so close to a half is taken for it, and goes to the side that makes
an interval wider. Where a result is surely a decimal, a sum or a product of decimals, what is so close to a decimal is
that decimal; of other results only what is as close as floats can be.

Glossary
    scale     10^decimals
    side      1 for the upper end of an interval, −1 for the lower: an end is rounded away from the interval
    keeps     a number that isn't 0, or an end of its open range, and would become it, has figures instead
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handcalc.derive.decimals import LARGE
from handcalc.derive.lane_code import Lane

SLACK = 1e-13
"""By how much a float is off at most, as a part of itself, when a half is looked for."""
LAST_BITS = 2e-15
"""The same of a result that is just so many decimals: 1/2 of a sigmoid."""
OF_TERMS, MOST_UNITS = 1e-15, 1e-6
"""By how much sums of numbers of about 1 are off besides; at most so many units, or a tiny result would be lost."""
SURE = 1e10
"""Units; of more a float doesn't say the last."""
_MOST = 300
_TENS = np.array([float(f"1e{n}") for n in range(-_MOST, 1 + _MOST)])

Decimals = int | NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class Places:
    """What the results of a slot are rounded to."""

    places: int
    figures: bool
    cut: bool
    range_: tuple[int, int] | None = None
    """The open range that the value never leaves."""
    decimal: bool = False
    """Whether the result is a decimal where its operands are."""

    @property
    def last(self) -> float:
        """The unit of the last decimal; 0 of figures, which have none in common."""
        return 0.0 if self.figures else float(_TENS[_MOST - self.places])

    def rounded(self, x: Lane, *, keeps: bool) -> Lane:
        """The number that is printed of x."""
        decimals = self._decimals(x, zero=keeps, range_=keeps)
        units = np.abs(_scaled(x, decimals))
        whole = np.floor(units + (self._slack(units, decimals) if self.cut else 0.5 + self._slack(units, decimals)))
        return _unscaled(np.copysign(whole, x), decimals)

    def printed_end(self, x: Lane, side: int) -> Lane:
        """The same of an end of an interval, a half to the `side`; without what is kept."""
        y = side * x
        return side * self._nearest(y, self._decimals(y, zero=False, range_=False))

    def carried_end(self, x: Lane, side: int, *, keeps: bool, ranged: bool = True) -> Lane:
        """The last number on that `side` that rounding x to its places, or to more, can give."""
        y = side * x
        decimals = self._decimals(y, zero=keeps, range_=ranged, side=side)
        found = self._nearest(y, decimals)
        more = decimals + 1
        units = _scaled(y, more)
        beyond = np.ceil(units - self._itself(units, more))
        end = np.maximum(found, _unscaled(beyond, more))
        if (unsure := np.abs(units) >= SURE).any():
            end = end + unsure * (_unscaled(np.ones_like(end), more) + LAST_BITS * np.abs(end))
        return side * end

    def unit(self, low: Lane, high: Lane, *, keeps: bool) -> Lane:
        """The larger one of the last places of both ends."""
        units: list[Lane] = [_TENS[_MOST - self._decimals(x, zero=keeps, range_=True)] for x in (low, high)]
        larger: Lane = np.maximum(*units)
        return larger

    def _nearest(self, y: Lane, decimals: Decimals) -> Lane:
        """y rounded, what may be a half upwards; or cut off."""
        units = _scaled(y, decimals)
        slack = self._slack(units, decimals)
        if self.cut:
            whole = np.where(units > 0, np.floor(units + slack), np.ceil(units - self._itself(units, decimals)))
        else:
            whole = np.floor(units + (0.5 + slack))
        return _unscaled(whole, decimals)

    def _decimals(self, y: Lane, *, zero: bool, range_: bool, side: int = 1) -> Decimals:
        """How many decimals y has; more where it would become an end that is asked about."""
        n = self.places
        decimals: Decimals = n
        if self.figures:
            decimals = np.where(y == 0, n, n - 1 - _exponent(y))
        elif (large := np.abs(y) >= 10.0**LARGE).any():
            decimals = np.where(large, n - _exponent(y), n)
        ends = {0} if zero else set()
        if range_ and self.range_:
            ends |= {side * end for end in self.range_}
        base = decimals
        for end in ends:
            distance = y - end
            units = np.abs(_scaled(distance, base))
            if self.cut:
                becomes = (units < 1 - SLACK) & (np.abs(y) >= abs(end))
            else:
                becomes = (units < 0.5 * (1 - SLACK)) if end == 0 else (units <= 0.5 * (1 + SLACK))
            becomes &= distance != 0
            if becomes.any():
                figures = n - 1 - _exponent(np.where(becomes, distance, 1.0))
                decimals = np.where(becomes, np.maximum(decimals, figures), decimals)
        return decimals

    def _slack(self, units: Lane, decimals: Decimals) -> Lane:
        """How close to a half is taken for it."""
        return SLACK * np.abs(units) + self._of_terms(decimals)

    def _itself(self, units: Lane, decimals: Decimals) -> Lane:
        """How close to a whole number of units is taken for it."""
        return LAST_BITS * np.abs(units) + self._of_terms(decimals)

    def _of_terms(self, decimals: Decimals) -> Lane | float:
        return np.minimum(OF_TERMS * _TENS[_MOST + decimals], MOST_UNITS) if self.decimal else 0.0


def _exponent(x: Lane) -> NDArray[np.int_]:
    """The power of ten of the first digit; 0 of 0."""
    size = np.abs(x) * (1 + 4e-16)
    usual = (size > 1e-270) & (size < 1e270)
    size = np.where(usual, size, 1.0)
    found = np.floor(np.log10(size)).astype(int)
    found -= size < _TENS[_MOST + found]
    found += size >= _TENS[_MOST + found + 1]
    return found


def _scaled(x: Lane, decimals: Decimals) -> Lane:
    if isinstance(decimals, int):
        found: Lane = x * _TENS[_MOST + decimals] if decimals >= 0 else x / _TENS[_MOST - decimals]
    else:
        found = x * _TENS[_MOST + np.maximum(decimals, 0)] / _TENS[_MOST + np.maximum(-decimals, 0)]
    return found


def _unscaled(units: Lane, decimals: Decimals) -> Lane:
    return _scaled(units, -decimals)
