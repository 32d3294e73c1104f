"""A formula worked out in fractions, and in floats where it isn't rational; none of our arithmetic is in it."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import reduce

from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Cases, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum, functions

SIGNS = {">": lambda a, b: a > b, "≥": lambda a, b: a >= b, "<": lambda a, b: a < b, "≤": lambda a, b: a <= b}


def by_float(name: str, x: Fraction) -> Fraction:
    return Fraction(getattr(math, {"ln": "log"}.get(name, name))(float(x)))


def worked(
    f: Formula, value: Callable[[Quantity], Fraction], look_up: Callable[[str, Fraction], Fraction] = by_float
) -> Fraction:
    """`f`, where `value` says what its quantities are, and `look_up` what functions are."""

    def of(g: Formula) -> Fraction:
        return worked(g, value, look_up)

    match f:
        case Ref(quantity):
            return value(quantity)
        case Num(typed):
            return Fraction(int(typed.value.p), int(typed.value.q))
        case Negative(inner):
            return -of(inner)
        case Sum(terms):
            return sum(map(of, terms), start=Fraction(0))
        case Product(factors):
            if Fraction(0) in [of(g) for g in factors if not functions(g)]:
                return Fraction(0)
            return reduce(lambda a, b: a * b, map(of, factors))
        case Quotient(top, bottom):
            return of(top) / of(bottom)
        case Power(base, n):
            return of(base) ** (n if isinstance(n, int) else int(of(n)))
        case Cases(left, sign, right, yes, no):
            return of(yes) if SIGNS[sign](of(left), of(right)) else of(no)
        case Call("max", args):
            return max(map(of, args))
        case Call("abs", (inner,)):
            return abs(of(inner))
        case Call("pi", ()):
            return Fraction(math.pi)
        case Call("power", (base, n)):
            b, e = of(base), of(n)
            return b ** int(e) if e.denominator == 1 else look_up("exp", e * look_up("ln", b)) if b else b
        case Call(name, (inner,)):
            return look_up(name, of(inner))
    raise TypeError(f"no number of {f!r}")


def exponent(x: Fraction) -> int:
    """Of the first digit."""
    found = math.floor(math.log10(abs(x)))
    return found + (abs(x) >= Fraction(10) ** (found + 1)) - (abs(x) < Fraction(10) ** found)


def to_decimals(x: Fraction, n: int, how: str) -> Fraction:
    scale = Fraction(10) ** n
    units = abs(x) * scale
    whole = units.__floor__() if how == "truncate" else (units + Fraction(1, 2)).__floor__()
    return whole / scale * (1 if x > 0 else -1)


def read(digits: str) -> Fraction:
    """A printed number: ``1.20·10^5``."""
    number, _, power = digits.partition("·10^")
    return Fraction(number) * Fraction(10) ** int(power or 0)
