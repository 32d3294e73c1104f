"""What a printed formula is worth: as one number of many digits, or as an interval that certainly holds it.

Digits with an ellipsis stand for every number that begins so: 0.58668… for all of [0.58668, 0.58669].
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, NamedTuple

from mpmath.ctx_mp import MPContext

from oracles.marks import Call, Choice, Name, Negative, Number, Power, Product, Quotient, Said, Sum

Point = Any
"""A number of mpmath."""
Interval = tuple[Fraction, Fraction]


class NoValue(Exception):
    """A quotient by what may be 0, a logarithm of what may be 0, a comparison that isn't decided."""


def fraction(text: str) -> Fraction:
    """The number that digits write: ``0.30``, ``1e-3``, ``-3/20``."""
    return Fraction(text) if "/" in text else Fraction(Decimal(text))


def holds(left: Any, sign: str, right: Any) -> bool:
    return bool({">": left > right, "≥": left >= right, "<": left < right, "≤": left <= right}[sign])


def whole_exponent(said: Said) -> int:
    match said:
        case Number(text, False):
            return int(text)
        case Negative(inner):
            return -whole_exponent(inner)
    raise NoValue(f"an exponent of {said}")


class Points:
    """Formulas worked out to `mp`'s precision; what is closer to 0 than `tiny` is 0 when it is compared."""

    def __init__(self, mp: MPContext, env: Mapping[str, Point], tiny: Point) -> None:
        self.mp, self.env, self.tiny = mp, env, tiny

    def of(self, said: Said) -> Point:
        match said:
            case Number(text, False):
                exact = fraction(text)
                return self.mp.mpf(exact.numerator) / exact.denominator
            case Name(key):
                return self.env[key]
            case Negative(inner):
                return -self.of(inner)
            case Sum(terms):
                return self.mp.fsum(map(self.of, terms))
            case Product(factors):
                return reduce(lambda x, y: x * y, map(self.of, factors))
            case Quotient(top, bottom):
                return self.of(top) / self.of(bottom)
            case Power(base, exponent):
                return self.of(base) ** whole_exponent(exponent)
            case Call(name, args):
                return self._call(name, list(map(self.of, args)))
            case Choice(yes, left, sign, right, no):
                difference = self.of(left) - self.of(right)
                return self.of(yes if holds(0 if abs(difference) < self.tiny else difference, sign, 0) else no)
        raise NoValue(f"{said} has no single value")

    def _call(self, name: str, args: list[Point]) -> Point:
        match name:
            case "max":
                return max(args)
            case "exp" | "ln" | "tanh" | "sqrt":
                return getattr(self.mp, name)(*args)
        raise NoValue(f"{name} has no value here")


class Intervals:
    """Formulas worked out so that every number which the operands can stand for is inside."""

    def __init__(self, env: Mapping[str, Interval]) -> None:
        self.env = env
        self.mp = MPContext()

    def of(self, said: Said) -> Interval:
        match said:
            case Number(text, cut):
                low = fraction(text)
                return low, low + unit(text) if cut else low
            case Name(key):
                return self.env[key]
            case Negative(inner):
                low, high = self.of(inner)
                return -high, -low
            case Sum(terms):
                ends = list(map(self.of, terms))
                return sum((e[0] for e in ends), Fraction()), sum((e[1] for e in ends), Fraction())
            case Product(factors):
                return reduce(_times, map(self.of, factors))
            case Quotient(top, bottom):
                return _times(self.of(top), _inverse(self.of(bottom)))
            case Power(base, exponent):
                return _power(self.of(base), whole_exponent(exponent))
            case Call("max", args):
                ends = list(map(self.of, args))
                return max(e[0] for e in ends), max(e[1] for e in ends)
            case Call(name, (inner,)):
                return self._rising(name, self.of(inner))
            case Choice(yes, left, sign, right, no):
                return self._choice(self.of(left), sign, self.of(right), yes, no)
        raise NoValue(f"{said} has no value")

    def _choice(self, left: Interval, sign: str, right: Interval, yes: Said, no: Said) -> Interval:
        verdicts = {holds(one, sign, other) for one in left for other in right}
        if len(verdicts) == 2:
            raise NoValue("the case that applies isn't decided")
        return self.of(yes if verdicts.pop() else no)

    def _rising(self, name: str, ends: Interval) -> Interval:
        """A function that rises everywhere, of both ends at 60 digits or more, with room for their rounding."""
        if name not in ("exp", "ln", "tanh", "sqrt") or (name in ("ln", "sqrt") and ends[0] <= 0):
            raise NoValue(f"{name} of {float(ends[0])} to {float(ends[1])}")
        if ends in _RATIONAL.get(name, ()):
            return ((Fraction(1),) if name == "exp" else (Fraction(0),)) * 2
        digits = 60 + int(max(map(abs, ends)))
        self.mp.dps = digits
        low, high = (exact(getattr(self.mp, name)(self.mp.mpf(e.numerator) / e.denominator)) for e in ends)
        slack = Fraction(1, 10 ** (digits - 10)) * (1 + max(map(abs, ends)))
        return low - slack * (abs(low) + (name != "exp")), high + slack * (abs(high) + (name != "exp"))


_ORIGIN = (Fraction(0), Fraction(0))
_RATIONAL = {"exp": [_ORIGIN], "tanh": [_ORIGIN], "ln": [(Fraction(1), Fraction(1))]}
"""Where a transcendental function of a rational is rational."""


def unit(text: str) -> Fraction:
    """One of the last printed place."""
    _, _, decimals = text.partition(".")
    return Fraction(1, 10 ** len(decimals))


def exact(point: Point) -> Fraction:
    """mpmath's number as the fraction it is."""
    sign, mantissa, exponent, _ = point._mpf_
    value = Fraction(int(mantissa) << max(exponent, 0), 1 << max(-exponent, 0))
    return -value if sign else value


def _times(x: Interval, y: Interval) -> Interval:
    if x[0] == x[1] and y[0] == y[1]:
        return (x[0] * y[0],) * 2
    corners = [a * b for a in x for b in y]
    return min(corners), max(corners)


def _inverse(x: Interval) -> Interval:
    if x[0] <= 0 <= x[1]:
        raise NoValue("a quotient by what may be 0")
    return 1 / x[1], 1 / x[0]


def _power(x: Interval, n: int) -> Interval:
    if n < 0:
        return _inverse(_power(x, -n))
    ends = sorted(e**n for e in x)
    return (Fraction(0) if n % 2 == 0 and x[0] <= 0 <= x[1] else ends[0]), ends[1]


class Decimals(NamedTuple):
    """A printed number: ``-1.58668…·10^26`` is negative, 1.58668, 5 decimals, cut, exponent 26."""

    negative: bool
    text: str
    places: int
    cut: bool
    exponent: int

    @property
    def units(self) -> int:
        """In units of the last place, with its sign."""
        units = int(fraction(self.text) * 10**self.places)
        return -units if self.negative else units

    @property
    def value(self) -> Fraction:
        return Fraction(self.units, 10**self.places) * Fraction(10) ** self.exponent


def decimals(said: Said, exponent: int = 0) -> Decimals:
    """A bare number taken apart."""
    match said:
        case Negative(inner):
            return decimals(inner, exponent)._replace(negative=True)
        case Product((inner, Power(Number("10"), power))):
            return decimals(inner, whole_exponent(power))
        case Number(text, cut):
            return Decimals(False, text, len(text.partition(".")[2]), cut, exponent)
    raise NoValue(f"{said} is not a bare number")


def half_up(x: Fraction, decimals: int) -> int:
    """x in units of the last of `decimals` places, halves away from 0."""
    scaled = abs(x) * Fraction(10**decimals)
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return -units if x < 0 else units
