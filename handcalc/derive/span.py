"""The numbers that a formula can give where each of its quantities may be any number of an interval.

Glossary
    span     the numbers from `low` to `high`, both exact rationals
    below    what stands under a line, a root or a logarithm: where it can be 0, quantities there are taken as they are
             where nobody has rounded them to 0

Moore, Interval Analysis (1966). A quantity that a formula names twice counts as two: spans are never too narrow, but
may be too wide. Where a comparison can go either way both cases count, and everything between them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import product
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq

from handcalc.derive.functions import CALLS, LOGARITHMS, NoValue
from handcalc.derive.tape import as_rational
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

PRECISION = 128
"""Bits of what isn't rational: far more than any working precision."""
MOST_BITS = 100_000
"""Of a number that is kept as a rational; there is no end beyond it."""
RISING = frozenset({"exp", "tanh", "erf", "sqrt", *LOGARITHMS})
BELOW = frozenset({"sqrt", *LOGARITHMS})


class Span(NamedTuple):
    low: fmpq
    high: fmpq


ZERO = Span(fmpq(0), fmpq(0))
SpanOf = Callable[[Quantity, bool], Span]
"""The span of a quantity as it is, or as it is below."""


class Unbounded(Exception):
    """What is divided by can be 0, or a logarithm of 0 or less be asked for."""


def span_of(f: Formula, of: SpanOf, *, below: bool = False) -> Span:
    """The span of `f`; raises Unbounded where it has no end or no value."""
    match f:
        case Ref(quantity):
            return of(quantity, below)
        case Num(number):
            return Span(number.value, number.value)
        case Negative(inner):
            return _negative(span_of(inner, of, below=below))
        case Sum(terms):
            spans = [span_of(term, of, below=below) for term in terms]
            return Span(sum((s.low for s in spans), fmpq(0)), sum((s.high for s in spans), fmpq(0)))
        case Product(factors):
            return _product(factors, of, below=below)
        case Quotient(top, bottom):
            above = span_of(top, of, below=below)
            if above == ZERO and not _is_zero(bottom, of):
                return above
            return _times(above, _inverse(_not_zero(bottom, of, below=below)))
        case Power(base, n):
            return _power(base, n, of, below=below)
        case Call(name, args):
            span = _not_zero if name in BELOW else span_of
            return _call(name, [span(arg, of, below=below) for arg in args])
        case Cases(left, sign, right, yes, no):
            kept = [yes, no]
            difference = _plus(span_of(left, of), _negative(span_of(right, of)))
            if (certain := _holds(difference, sign)) is not None:
                kept = [yes if certain else no]
            return _hull(*(span_of(case, of, below=below) for case in kept))
    raise TypeError(f"no span of {f!r}")


def touches_zero(x: Span) -> bool:
    return bool(x.low <= 0 <= x.high)


def _is_zero(f: Formula, of: SpanOf) -> bool:
    """Whether what stands below is certainly 0."""
    try:
        return span_of(f, of, below=True) == ZERO
    except Unbounded:
        return False


def _not_zero(f: Formula, of: SpanOf, *, below: bool) -> Span:
    """The span of what stands below."""
    found = span_of(f, of, below=below)
    return span_of(f, of, below=True) if touches_zero(found) and not below else found


def ends(value: Any) -> Span:
    """The span of a value: an fmpq, or a ball that holds it. Raises Unbounded where it is beyond all measure."""
    if isinstance(value, fmpq):
        return Span(value, value)
    if not value.is_finite():
        raise Unbounded
    return Span(_end(value.lower(), up=False), _end(value.upper(), up=True))


def _end(x: arb, *, up: bool) -> fmpq:
    """The rational that x is; of what is next to nothing, a number on that side of it."""
    mantissa, exponent = x.man_exp()
    size = int(exponent) + int(mantissa).bit_length()
    if size > MOST_BITS:
        raise Unbounded
    if size >= -MOST_BITS:
        return as_rational(x)
    least = fmpq(1, 2**MOST_BITS)
    return least if up and x > 0 else -least if not up and x < 0 else fmpq(0)


def _negative(x: Span) -> Span:
    return Span(-x.high, -x.low)


def _plus(x: Span, y: Span) -> Span:
    return Span(x.low + y.low, x.high + y.high)


def _times(x: Span, y: Span) -> Span:
    found = [a * b for a, b in product(x, y)]
    return Span(min(found), max(found))


def _hull(*spans: Span) -> Span:
    return Span(min(s.low for s in spans), max(s.high for s in spans))


def _inverse(x: Span) -> Span:
    if touches_zero(x):
        raise Unbounded
    return Span(1 / x.high, 1 / x.low)


def _product(factors: tuple[Formula, ...], of: SpanOf, *, below: bool) -> Span:
    """0 where a factor is 0, whatever stands beside it: 0·ln 0."""
    plain = [span_of(f, of, below=below) for f in factors if not _has_logarithm(f)]
    if ZERO in plain:
        return ZERO
    return reduce(_times, [*plain, *(span_of(f, of, below=below) for f in factors if _has_logarithm(f))])


def _has_logarithm(f: Formula) -> bool:
    return (isinstance(f, Call) and f.name in LOGARITHMS) or any(map(_has_logarithm, children(f)))


def _power(base: Formula, exponent: int | Formula, of: SpanOf, *, below: bool) -> Span:
    counted = fmpq(exponent) if isinstance(exponent, int) else span_of(exponent, of).low
    n = int(counted.p)
    x = _inverse(_not_zero(base, of, below=below)) if n < 0 else span_of(base, of, below=below)
    found = [x.low ** abs(n), x.high ** abs(n)]
    if n % 2 == 0 and x.low < 0 < x.high:
        found.append(fmpq(0))
    return Span(min(found), max(found))


def _call(name: str, spans: list[Span]) -> Span:
    if name == "abs":
        (x,) = spans
        if x.low >= 0:
            return x
        return _negative(x) if x.high <= 0 else Span(fmpq(0), max(-x.low, x.high))
    if name == "max":
        return Span(max(s.low for s in spans), max(s.high for s in spans))
    if name in RISING:
        (x,) = spans
        return Span(_at(name, x.low).low, _at(name, x.high).high)
    return _hull(*(_at(name, *corner) for corner in product(*spans)))  # b^z is monotonic in each; π has no arguments


def _at(name: str, *point: fmpq) -> Span:
    with ctx.workprec(PRECISION):
        try:
            return ends(CALLS[name](*point))
        except (NoValue, ZeroDivisionError):
            raise Unbounded from None


def _holds(difference: Span, sign: Sign) -> bool | None:
    """Whether ``difference sign 0``; None where that is open."""
    low, high = difference
    if sign in "<≥":
        low, high = -high, -low
    opposite = sign in "≤≥"
    if low > 0:
        return not opposite
    return opposite if high <= 0 else None
