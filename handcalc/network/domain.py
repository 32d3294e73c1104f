"""Whether formulas can be worked out with the given numbers: looked at before anything is derived.

A value is an exact rational, or a ball that holds it, or None where a function isn't known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, mul
from typing import Any

from flint import arb, ctx, fmpq

from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum, children
from handcalc.ops.gate import in_full

MOST_DIGITS = 1_000
"""Of a rational, above and below together."""
LARGEST = 10**60
MOST_IN_EXPONENT = 10**6
PRECISION = 128
Value = Any
"""fmpq, arb or None."""


class Impossible(Exception):
    """What goes wrong: "this divides by 0"."""


def worked(f: Formula, values: Mapping[Quantity, Value]) -> Value:
    """The value of `f`; Impossible where there is none, or one that doesn't fit on paper."""
    with ctx.workprec(PRECISION):
        value = _sized(_worked(in_full(f), values))
        if value is not None and not abs(value) < LARGEST:
            raise Impossible("the result is larger than 10^60")
        return value


def _worked(f: Formula, values: Mapping[Quantity, Value]) -> Value:
    if isinstance(f, Num):
        return f.number.value
    if isinstance(f, Ref):
        return values[f.quantity]
    parts = [_sized(_worked(part, values)) for part in children(f)]
    if None in parts:
        return None
    match f:
        case Sum():
            return reduce(add, parts)
        case Product():
            return reduce(mul, parts)
        case Negative():
            return -parts[0]
        case Quotient():
            return parts[0] / _apart_from_0(parts[1], "a division by 0")
        case Power(_, int(n)):
            return reduce(mul, [parts[0]] * n)  # a ball that holds 0 has no power in flint
        case Call(name, _) if name in _CALLS:
            return _CALLS[name](*parts)
    return None


def _sized(value: Value) -> Value:
    if isinstance(value, fmpq) and len(str(value.p)) + len(str(value.q)) > MOST_DIGITS:
        raise Impossible(f"the exact number has more than {MOST_DIGITS:,} digits; take smaller exponents")
    return value


def _apart_from_0(value: Value, problem: str) -> Value:
    """A ball that holds 0 is too close to it to be told from it."""
    if isinstance(value, arb) and value.contains(0):
        raise Impossible(f"there is {problem}, or by something too close to 0 to be told from it")
    if value == 0:
        raise Impossible(f"there is {problem}")
    return value


def _exp(x: Value) -> arb:
    if not abs(x) < MOST_IN_EXPONENT:
        raise Impossible("a power has an exponent beyond a million")
    return arb(x).exp()


def _positive(function: Callable[[arb], arb], name: str) -> Callable[[Value], arb]:
    def worked_out(x: Value) -> arb:
        if not x > 0:
            raise Impossible(f"{name} is taken of a number that isn't above 0")
        return function(arb(x))

    return worked_out


def _largest(a: Value, b: Value) -> Value:
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return max(a, b)
    if not (a < b or a > b) and 0 not in [v for v in (a, b) if isinstance(v, fmpq)]:
        raise Impossible("the two values in max are equal or too close to be told apart, so no gradient is certain")
    return arb(a).max(arb(b))


def _power(base: Value, exponent: Value) -> arb:
    if not base > 0:
        raise Impossible("a number that isn't above 0 is raised to a power that isn't whole")
    return _exp(arb(exponent) * arb(base).log())


_CALLS: dict[str, Callable[..., Value]] = {
    "exp": _exp,
    "ln": _positive(arb.log, "ln"),
    "log2": _positive(lambda x: x.log() / arb(2).log(), "log2"),
    "log10": _positive(lambda x: x.log() / arb(10).log(), "log10"),
    "sqrt": _positive(arb.sqrt, "sqrt"),
    "tanh": lambda x: arb(x).tanh(),
    "abs": abs,
    "max": _largest,
    "power": _power,
}
