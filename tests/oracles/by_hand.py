"""A formula worked out in fractions, and in floats where it isn't rational; none of our arithmetic is in it."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import reduce

from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Cases, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum

SIGNS = {">": lambda a, b: a > b, "≥": lambda a, b: a >= b, "<": lambda a, b: a < b, "≤": lambda a, b: a <= b}


def worked(f: Formula, value: Callable[[Quantity], Fraction]) -> Fraction:
    """`f`, where `value` says what its quantities are."""

    def of(g: Formula) -> Fraction:
        return worked(g, value)

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
            if Fraction(0) in [of(g) for g in factors if not isinstance(g, Call)]:
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
        case Call(name, (inner,)):
            return Fraction(getattr(math, {"ln": "log"}.get(name, name))(float(of(inner))))
    raise TypeError(f"no number of {f!r}")
