"""What a printed formula is worth: as one number of many digits, or as an interval that certainly holds it.

Digits with an ellipsis stand for every number that begins so: 0.58668… for all of [0.58668, 0.58669].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import isqrt
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
                return reduce(lambda x, y: x * y, map(self.of, self._needed(factors)))
            case Quotient(top, bottom):
                return self.of(top) / self.of(bottom)
            case Power(base, exponent):
                return self.of(base) ** self.of(exponent)
            case Call(name, args):
                return self._call(name, list(map(self.of, args)))
            case Choice(yes, left, sign, right, no):
                difference = self.of(left) - self.of(right)
                return self.of(yes if holds(0 if abs(difference) < self.tiny else difference, sign, 0) else no)
        raise NoValue(f"{said} has no single value")

    def _needed(self, factors: tuple[Said, ...]) -> tuple[Said, ...]:
        """0·ln 0 is 0: beside a factor that is 0 no logarithm is asked for."""
        others = tuple(f for f in factors if not is_logarithm(f))
        return others if others and any(self.of(f) == 0 for f in others) else factors

    def _call(self, name: str, args: list[Point]) -> Point:
        match name:
            case "max":
                return max(args)
            case "abs":
                return abs(args[0])
            case "pi":
                return +self.mp.pi
            case "log2" | "log10":
                return self.mp.log(args[0]) / self.mp.log(int(name[3:]))
            case "sqrt" if args[0] < 0:
                raise NoValue("the root of a negative number")
            case "exp" | "ln" | "tanh" | "sqrt" | "erf":
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
                return self._product(factors)
            case Quotient(top, bottom):
                return _times(self.of(top), _inverse(self.of(bottom)))
            case Power(base, exponent):
                return self._raised(self.of(base), self.of(exponent))
            case Call("max", args):
                ends = list(map(self.of, args))
                return max(e[0] for e in ends), max(e[1] for e in ends)
            case Call("abs", (inner,)):
                return _size(self.of(inner))
            case Call("pi", ()):
                self.mp.dps = 80
                low = exact(+self.mp.pi) - Fraction(1, 10**70)
                return low, low + Fraction(2, 10**70)
            case Call(name, (inner,)):
                return self._rising(name, self.of(inner))
            case Choice(yes, left, sign, right, no):
                return self._choice(self.of(left), sign, self.of(right), yes, no)
        raise NoValue(f"{said} has no value")

    def _product(self, factors: tuple[Said, ...]) -> Interval:
        """0·ln 0 is 0: beside a factor that is 0 no logarithm is asked for."""
        others = [self.of(f) for f in factors if not is_logarithm(f)]
        if any(ends == _ORIGIN for ends in others):
            return _ORIGIN
        return reduce(_times, [*others, *(self.of(f) for f in factors if is_logarithm(f))])

    def _raised(self, base: Interval, exponent: Interval) -> Interval:
        """A whole power of anything, or any power of b > 0."""
        if exponent[0] == exponent[1] and exponent[0].denominator == 1:
            return _power(base, int(exponent[0]))
        if base[0] <= 0:
            raise NoValue("a power of what may be 0 or less")
        return self._rising("exp", _times(self._rising("ln", base), exponent))

    def _choice(self, left: Interval, sign: str, right: Interval, yes: Said, no: Said) -> Interval:
        verdicts = {holds(one, sign, other) for one in left for other in right}
        if len(verdicts) == 2:
            raise NoValue("the case that applies isn't decided")
        return self.of(yes if verdicts.pop() else no)

    def _rising(self, name: str, ends: Interval) -> Interval:
        """A function that rises everywhere, of both ends at 60 digits or more, with room for their rounding."""
        if name not in _RISING or (name.startswith(("l", "s")) and ends[0] < 0) or (name[0] == "l" and ends[0] == 0):
            raise NoValue(f"{name} of {float(ends[0])} to {float(ends[1])}")
        if ends[0] == ends[1] and (found := _rational(name, ends[0])) is not None:
            return found, found
        if name == "exp" and ends[0] < -_FARTHEST:  # e^x lies above 0
            return Fraction(0), self._rising(name, (-_FARTHEST, max(ends[1], -_FARTHEST)))[1]
        if name == "exp" and ends[1] > _FARTHEST:
            raise NoValue("a power of e with more digits than can be kept")
        digits = 60 + _lost(name, max(map(abs, ends)))
        self.mp.dps = digits
        low, high = (exact(_RISING[name](self.mp, self.mp.mpf(e.numerator) / e.denominator)) for e in ends)
        slack = Fraction(1, 10 ** (digits - 10)) * (1 + max(map(abs, ends)))
        low, high = low - slack * (abs(low) + (name != "exp")), high + slack * (abs(high) + (name != "exp"))
        return (max(low, Fraction(-1)), min(high, Fraction(1))) if name in _BELOW_1 else (low, high)


_FARTHEST = Fraction(100_000)
_BELOW_1 = ("tanh", "erf")


def _lost(name: str, size: Fraction) -> int:
    """How many digits more are asked for: as many as x has before its point; of tanh x and erf x as many as there are
    nines in them (1 + erf(-30) is 10^-393), at most 3000: what lies nearer to 1 than that ends at 1."""
    if name in _BELOW_1:
        return min(int(size * size if name == "erf" else size), 3_000)
    return int(size).bit_length() // 3


_ORIGIN = (Fraction(0), Fraction(0))
_RISING: dict[str, Callable[[MPContext, Point], Point]] = {
    "exp": lambda mp, x: mp.exp(x),
    "ln": lambda mp, x: mp.ln(x),
    "log2": lambda mp, x: mp.ln(x) / mp.ln(2),
    "log10": lambda mp, x: mp.ln(x) / mp.ln(10),
    "tanh": lambda mp, x: mp.tanh(x),
    "erf": lambda mp, x: mp.erf(x),
    "sqrt": lambda mp, x: mp.sqrt(x),
}


def _rational(name: str, x: Fraction) -> Fraction | None:
    """The value where it is rational: e^0, ln 1, √(4/9), log2 (1/8)."""
    match name:
        case "exp":
            return Fraction(1) if x == 0 else None
        case "tanh" | "erf":
            return Fraction(0) if x == 0 else None
        case "ln":
            return Fraction(0) if x == 1 else None
        case "sqrt":
            root = Fraction(isqrt(x.numerator), isqrt(x.denominator))
            return root if root**2 == x else None
    base, n = int(name[3:]), 0
    while Fraction(base) ** n < x:
        n += 1
    while Fraction(base) ** n > x:
        n -= 1
    return Fraction(n) if Fraction(base) ** n == x else None


def is_logarithm(said: Said) -> bool:
    match said:
        case Negative(inner):
            return is_logarithm(inner)
        case Call(name, _):
            return name in ("ln", "log2", "log10")
    return False


def _size(x: Interval) -> Interval:
    ends = sorted(map(abs, x))
    return Fraction(0) if x[0] <= 0 <= x[1] else ends[0], ends[1]


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
