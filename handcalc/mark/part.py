"""A part of an answer, with what it is worth: every operation gives the formula and its value at once.

Values are rationals where they are known to be, else balls; None where a letter stands in them. What has no value, or
one beyond all measure, is found at the sign that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import add, sub
from typing import NamedTuple

from flint import arb, ctx, fmpq

from handcalc.derive import functions
from handcalc.derive.decimals import decimal_text
from handcalc.derive.functions import CALLS, NoValue, Value
from handcalc.formula.expression import MOST_EXPONENT
from handcalc.formula.number import Number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import (
    ONE,
    ZERO,
    Call,
    Formula,
    Negative,
    Num,
    Power,
    Quotient,
    Ref,
    exp,
    formula,
    largest,
    ln,
)
from handcalc.mark.names import CONSTANTS
from handcalc.mark.tokens import Token, number_token
from handcalc.mark.unreadable import CantRead

MOST_DEEP = 80
"""Operations in one another."""
LARGEST = 300
"""The exponent of ten beyond which a value isn't worked out."""
FEW_BITS, MOST_BITS = 900, 20_000
"""Of a rational that is surely no larger than that, and of one that is kept as a rational."""
_LIMIT = arb(10) ** LARGEST


class Part(NamedTuple):
    formula: Formula
    value: Value | None
    decimals: int | None = None
    """Of a number as it was typed: how many."""
    depth: int = 0


def worked(f: Formula, work: Callable[..., Value], token: Token, *parts: Part) -> Part:
    """`f` with its value, which `work` makes of those of its parts. CantRead at `token` where it has none."""
    depth = 1 + max(part.depth for part in parts)
    if depth > MOST_DEEP:
        raise CantRead("deep", token.at, most=MOST_DEEP)
    values = [part.value for part in parts]
    if None in values:
        return Part(f, None, None, depth)
    try:
        return Part(f, _bounded(work(*values), token.at), None, depth)
    except ZeroDivisionError:
        raise CantRead("divides by 0", token.at) from None
    except NoValue as error:
        raise CantRead("no value", token.at, found=str(error)) from None


def _bounded(x: Value, at: int) -> Value:
    """`x`, where it is finite and not beyond all measure; a rational of too many digits as a ball."""
    if isinstance(x, fmpq):
        bits = max(x.p.bit_length(), x.q.bit_length())
        if bits > FEW_BITS and abs(x) > _LIMIT:
            raise CantRead("large", at, most=LARGEST)
        return x if bits <= MOST_BITS else arb(x)
    if not x.is_finite():
        raise CantRead("close", at)
    if not abs(x) < _LIMIT:
        raise CantRead("large", at, most=LARGEST)
    return x


def named(f: Formula) -> Part:
    """A letter, e or π."""
    return Part(f, None if isinstance(f, Ref) else _constant(f, ctx.prec))


@cache
def _constant(f: Formula, bits: int) -> Value:
    return functions.value_of(f, _no_value)


def _no_value(quantity: Quantity) -> None:
    return None


def whole(n: int) -> Part:
    return Part(formula(n), fmpq(n))


def rational(value: fmpq) -> Part:
    """A mixed number as the fraction that it is: 3 1/2 is 7/2."""
    return Part(Num(Number(f"{value.p}/{value.q}", value)), value)


def plus(a: Part, b: Part, token: Token) -> Part:
    return worked(a.formula + b.formula, add, token, a, b)


def minus(a: Part, b: Part, token: Token) -> Part:
    return worked(a.formula - b.formula, sub, token, a, b)


def negated(part: Part) -> Part:
    """−a; the sign of a number belongs to the number."""
    value = None if part.value is None else -part.value
    f = part.formula
    if isinstance(f, Num) and value is not None and not f.number.text.startswith("-"):
        return part._replace(formula=Num(Number(f"-{f.number.text}", value)) if value else f, value=value)
    return part._replace(formula=Negative(f), value=value, depth=part.depth + 1)


def product(a: Part, b: Part, token: Token) -> Part:
    """A number times a power of ten is one number: 2·10^-3."""
    n = _power_of_ten(b.formula)
    if n is not None and isinstance(a.formula, Num) and a.decimals is not None:
        digits, _, power = a.formula.number.text.removeprefix("-").partition("e")
        made = number_token(digits, int(power or 0) + n, token.at, token.spaced, token.text)
        assert isinstance(made.means, Number)
        one = Part(Num(made.means), made.means.value, made.decimals)
        return negated(one) if a.formula.number.text.startswith("-") else one
    return worked(a.formula * b.formula, functions.times, token, a, b)


def _power_of_ten(f: Formula) -> int | None:
    """n of 10^n where that is what `f` writes; not of a mere 10."""
    match f:
        case Power(Num(number), int() as n) if number.text == "10":
            return n
        case Quotient(top, Num(number)) if number.text == "10" and top == ONE:
            return -1
        case Quotient(top, Power(Num(number), int() as n)) if number.text == "10" and top == ONE:
            return -n
    return None


def quotient(top: Part, bottom: Part, token: Token) -> Part:
    """A fraction of whole numbers is a number: 3/20."""
    made = worked(Quotient(top.formula, bottom.formula), functions.over, token, top, bottom)
    match made:
        case Part(Quotient(Num(a), Num(b)), fmpq() as value) if a.text.isdecimal() and b.text.isdecimal():
            return Part(Num(Number(f"{a.text}/{b.text}", value)), value)
    return made


def percent(part: Part, token: Token) -> Part:
    """58.66 % is 0.5866, typed with four decimals."""
    f, value = part.formula, part.value
    if not isinstance(f, Num) or part.decimals is None or not isinstance(value, fmpq):
        return quotient(part, whole(100), token)
    places = max(part.decimals, 0) + 2
    units = int(abs(value / 100 * fmpq(10) ** places).p)
    return Part(
        Num(Number(decimal_text(units, places, negative=value < 0), value / 100)), value / 100, part.decimals + 2
    )


def power(base: Part, exponent: Part, token: Token) -> Part:
    """A whole exponent is a number of factors; a negative one stands below 1."""
    if base.formula == CONSTANTS["e"]:
        return call("exp", token, exponent)
    n = exponent.value
    if not isinstance(n, fmpq) or n.q != 1:
        return call("power", token, base, exponent)
    if abs(n) > MOST_EXPONENT:
        raise CantRead("exponent", token.at, found=functions.said(n), most=MOST_EXPONENT)
    if n == 0 and base.value == 0:
        raise CantRead("no value", token.at, found="0^0")
    count = abs(int(n.p))
    made = base.formula if count == 1 else Power(base.formula, count)
    return worked(made if n >= 0 else ONE / made, lambda x: functions.raised(x, n), token, base)


def call(name: str, token: Token, *args: Part) -> Part:
    """A function of its arguments; ln e^u is u."""
    formulas = [part.formula for part in args]
    match name, formulas:
        case "ln", [Call("exp", (inner,))]:
            return Part(inner, None if args[0].value is None else functions.value_of(inner, _no_value))
        case (("sigmoid" | "relu" | "softplus"), _):
            write, work = _WRITTEN[name]
            return worked(write(*formulas), work, token, *args)
    return worked(Call(name, tuple(formulas)), CALLS[name], token, *args)


def _sigmoid(x: Value) -> Value:
    return functions.over(fmpq(1), 1 + functions.exp(-x))


def _relu(x: Value) -> Value:
    return functions.largest(fmpq(0), x)


def _softplus(x: Value) -> Value:
    return functions.ln(1 + functions.exp(x))


_WRITTEN: dict[str, tuple[Callable[[Formula], Formula], Callable[[Value], Value]]] = {
    "sigmoid": (lambda x: ONE / (ONE + exp(Negative(x))), _sigmoid),
    "relu": (lambda x: largest(ZERO, x), _relu),
    "softplus": (lambda x: ln(ONE + exp(x)), _softplus),
}
"""Functions that a formula writes with others."""
