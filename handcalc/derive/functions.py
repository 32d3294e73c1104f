"""The functions of a formula, of rationals and balls: rational wherever the value is known to be.

Glossary
    value    fmpq, or arb: a ball that holds the true value
    said     a number in a message, short

Where there is no value (the root of a negative number, ln 0, a division by 0) `NoValue` says what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add, mul
from typing import Any

from flint import arb, fmpq, fmpz

from handcalc.derive.decimals import terminating_text
from handcalc.errors import HandcalcError
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum

Value = Any
"""fmpq or arb; python-flint has no common type for the two."""

LARGEST_POWER = 100_000
"""Bits of a whole power of a rational that is worked out exactly; a larger one is a ball."""
LOGARITHMS = frozenset({"ln", "log2", "log10"})


class NoValue(Exception):
    """What was asked for has no value: ``str(error)`` is ``ln 0``, ``the square root of −0.3``."""


class Impossible(HandcalcError):
    """The line of `quantity` asks for what has no value."""

    remedy = "change the given numbers"

    def __init__(self, quantity: Quantity, asked: str) -> None:
        super().__init__(f"{quantity.key}: its line asks for {asked}, which has no value; {self.remedy}")
        self.quantity, self.asked = quantity, asked


class RoundedAway(Impossible):
    """The same in rounded carry, where rounding may have made the 0."""

    remedy = "if an earlier result was rounded to 0 or 1, take carry: exact, or more decimals; else change the numbers"


def said(x: Value) -> str:
    """``−0.3``, ``1/3``, and about ``−0.29289``."""
    text = (terminating_text(x, 6) or f"{x.p}/{x.q}") if isinstance(x, fmpq) else ""
    if not 0 < len(text) <= 12:
        text = str(ball(x).str(5, radius=False))
        text = text if "e" in text or "." not in text else text.rstrip("0").removesuffix(".")
    return text.replace("-", "−")


def ball(x: Value) -> arb:
    return x if isinstance(x, arb) else arb(x)


def exp(x: Value) -> Value:
    if isinstance(x, arb):
        return x.exp()
    return arb(x).exp() if x else fmpq(1)


def tanh(x: Value) -> Value:
    if isinstance(x, arb):
        return x.tanh()
    return arb(x).tanh() if x else x


def erf(x: Value) -> Value:
    if isinstance(x, arb):
        return x.erf()
    return arb(x).erf() if x else x


def pi() -> arb:
    return arb.pi()


def ln(x: Value) -> Value:
    if x <= 0:
        raise NoValue(f"ln {_fenced(x)}")
    if isinstance(x, arb):
        return x.log()
    return fmpq(0) if x == 1 else arb(x).log()


def log2(x: Value) -> Value:
    return _logarithm(x, 2)


def log10(x: Value) -> Value:
    return _logarithm(x, 10)


def _logarithm(x: Value, base: int) -> Value:
    """The logarithm to a whole base; rational where x is a whole power of it."""
    if x <= 0:
        raise NoValue(f"log{base} {_fenced(x)}")
    if isinstance(x, fmpq) and 1 in (x.p, x.q):
        whole = max(x.p, x.q)
        n = len(whole.str(base)) - 1
        if fmpz(base) ** n == whole:
            return fmpq(n if x.q == 1 else -n)
    return ball(x).log() / arb(base).log()


def sqrt(x: Value) -> Value:
    """√x, x ≥ 0; rational where x is the square of a rational."""
    if x < 0:
        raise NoValue(f"the square root of {said(x)}")
    if isinstance(x, fmpq) and x.p.is_square() and x.q.is_square():
        return fmpq(x.p.isqrt(), x.q.isqrt())
    return ball(x).sqrt()


def raised(base: Value, n: Value) -> Value:
    """base^n for a whole number n, rational where the base is; 0^0 is 1."""
    if not isinstance(n, fmpq) or n.q != 1:
        raise NoValue(f"a power with the exponent {said(n)}, where a whole number is wanted")
    if n < 0 and base == 0:
        raise NoValue(f"0^{_fenced(n)}, a division by 0")
    if isinstance(base, fmpq) and abs(n.p) * (abs(base.p).bit_length() + base.q.bit_length()) > LARGEST_POWER:
        base = arb(base)
    return base**n.p


def power(base: Value, exponent: Value) -> Value:
    """base^exponent; rational where the exponent is whole, or a fraction whose root exists.

    Where the exponent isn't a whole number the base has to be positive, or 0 with an exponent above 0.
    """
    if isinstance(exponent, fmpq):
        if exponent.q == 1:
            return raised(base, exponent)
        if isinstance(base, fmpq) and base >= 0 and (root := _root(base, exponent.q)) is not None:
            return raised(root, fmpq(exponent.p))
    if base < 0 or (base == 0 and exponent <= 0):
        raise NoValue(f"{_fenced(base)}^{_fenced(exponent)}")
    if base == 0 and exponent > 0:
        return fmpq(0)
    return ball(base) ** ball(exponent)


def _root(x: fmpq, n: fmpz) -> fmpq | None:
    """The n-th root of x ≥ 0 where it is rational."""
    if n > 64:
        return None
    top, bottom = x.p.root(int(n)), x.q.root(int(n))
    return fmpq(top, bottom) if top**n == x.p and bottom**n == x.q else None


def largest(*xs: Value) -> Value:
    """The largest; where balls overlap, a ball that holds it."""
    return reduce(_larger, xs)


def _larger(x: Value, y: Value) -> Value:
    if x >= y:
        return x
    return y if y >= x else ball(x).max(ball(y))


def times(*factors: Value) -> Value:
    """The product; 0 where a factor is the rational 0, whatever balls the others are."""
    return fmpq(0) if any(_is_zero(x) for x in factors) else reduce(mul, factors)


def over(top: Value, bottom: Value) -> Value:
    """top/bottom, 0 where top is the rational 0. (Of a ball divided by exactly 0, flint would say nothing.)"""
    if bottom == 0:
        raise ZeroDivisionError
    return top if _is_zero(top) and (bottom > 0 or bottom < 0) else top / bottom


def _is_zero(x: Value) -> bool:
    return isinstance(x, fmpq) and not x


CALLS: dict[str, Callable[..., Value]] = {
    "exp": exp, "ln": ln, "log2": log2, "log10": log10, "tanh": tanh, "erf": erf, "sqrt": sqrt, "abs": abs,
    "power": power, "max": largest, "pi": pi,
}  # fmt: skip
"""By the name of a `Call`."""


def value_of(f: Formula, value: Callable[[Quantity], Value]) -> Value:
    """`f` (without cases) worked out; `value` says what its quantities are."""
    match f:
        case Ref(quantity):
            return value(quantity)
        case Num(number):
            return number.value
        case Negative(inner):
            return -value_of(inner, value)
        case Sum(terms):
            return reduce(add, (value_of(t, value) for t in terms))
        case Product(factors):
            return times(*(value_of(g, value) for g in factors))
        case Quotient(top, bottom):
            return over(value_of(top, value), value_of(bottom, value))
        case Power(base, n):
            return raised(value_of(base, value), fmpq(n) if isinstance(n, int) else value_of(n, value))
        case Call(name, args):
            return CALLS[name](*(value_of(a, value) for a in args))
    raise TypeError(f"no value of {f!r}")


def _fenced(x: Value) -> str:
    text = said(x)
    return f"({text})" if text[0] == "−" or "/" in text else text
