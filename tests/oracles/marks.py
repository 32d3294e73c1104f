"""What a printed formula says, whichever output it was read from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class Unreadable(Exception):
    """A printed line that says nothing by the documented grammar."""


class Said:
    """A formula that was read back."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Number(Said):
    """Digits without a sign: ``0.58668``, ``1e-3``; `cut` where an ellipsis follows."""

    text: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Name(Said):
    key: str


@dataclass(frozen=True, slots=True)
class Negative(Said):
    inner: Said


@dataclass(frozen=True, slots=True)
class Sum(Said):
    terms: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Product(Said):
    factors: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Quotient(Said):
    top: Said
    bottom: Said


@dataclass(frozen=True, slots=True)
class Power(Said):
    base: Said
    exponent: Said


@dataclass(frozen=True, slots=True)
class Call(Said):
    """One of exp, ln, log2, log10, tanh, erf, sqrt, abs, max, pi; others are read, but have no value."""

    name: str
    args: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Choice(Said):
    """`yes` where ``left sign right``, else `no`."""

    yes: Said
    left: Said
    sign: str
    right: Said
    no: Said


Stage = tuple[str, Said]
"""``=`` or ``≈`` and what follows it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One line of working: ``key = formula = numbers = exact = digits ≈ decimal (remark)``."""

    key: str
    stages: tuple[Stage, ...]
    remark: str = ""


ONE = Number("1")


def parts(said: Said) -> tuple[Said, ...]:
    match said:
        case Negative(inner):
            return (inner,)
        case Sum(several) | Product(several) | Call(_, several):
            return several
        case Quotient(one, other) | Power(one, other):
            return (one, other)
        case Choice(yes, left, _, right, no):
            return (yes, left, right, no)
    return ()


def any_of(said: Said, wanted: Callable[[Said], bool]) -> bool:
    return wanted(said) or any(any_of(part, wanted) for part in parts(said))


def has_names(said: Said) -> bool:
    return any_of(said, lambda part: isinstance(part, Name))


def is_cut(said: Said) -> bool:
    """Whether digits with an ellipsis stand in it."""
    return any_of(said, lambda part: isinstance(part, Number) and part.cut)


def is_decimal(said: Said) -> bool:
    """Whether it is a bare number as a result is: ``-0.58668…``, ``1.5·10^26``."""
    match said:
        case Negative(inner):
            return not isinstance(inner, Negative) and is_decimal(inner)
        case Product((Number(), Power(Number("10"), Number() | Negative(Number())))):
            return True
    return isinstance(said, Number)


def names(said: Said) -> list[str]:
    """Every key in it, each once."""
    if isinstance(said, Name):
        return [said.key]
    return list(dict.fromkeys(key for part in parts(said) for key in names(part)))


def replaced(said: Said, place: Callable[[Said], Said | None]) -> Said:
    """`said` with each part for which `place` gives something replaced by that; parts of the new part stay."""
    new = place(said)
    if new is not None:
        return new
    match said:
        case Negative(inner):
            return Negative(replaced(inner, place))
        case Sum(terms):
            return Sum(tuple(replaced(t, place) for t in terms))
        case Product(factors):
            return Product(tuple(replaced(f, place) for f in factors))
        case Call(name, args):
            return Call(name, tuple(replaced(a, place) for a in args))
        case Quotient(top, bottom):
            return Quotient(replaced(top, place), replaced(bottom, place))
        case Power(base, exponent):
            return Power(replaced(base, place), replaced(exponent, place))
        case Choice(yes, left, sign, right, no):
            return Choice(
                *(replaced(yes, place), replaced(left, place)), sign, *(replaced(right, place), replaced(no, place))
            )
    return said


def plainly(said: Said) -> Said:
    """One form for what means the same: a quotient is a product with an inverse, in order of spelling.

    A line that is too long for its row may write a fraction as a product or a power, and a root as a power.
    """
    match said:
        case Quotient(top, bottom):
            return _product([plainly(top), _inverse(plainly(bottom))])
        case Product(factors):
            return _product(list(map(plainly, factors)))
        case Power(base, Negative(Number("1"))):
            return _inverse(plainly(base))
        case Power(base, Quotient(Number("1"), Number("2"))):
            return Call("sqrt", (plainly(base),))
        case Number() | Name():
            return said
    return replaced(said, lambda part: None if part is said else plainly(part))


def _inverse(said: Said) -> Said:
    return Power(said, Negative(ONE))


def _product(factors: list[Said]) -> Said:
    flat = [f for factor in factors for f in (factor.factors if isinstance(factor, Product) else (factor,)) if f != ONE]
    if not flat:
        return ONE
    return flat[0] if len(flat) == 1 else Product(tuple(sorted(flat, key=repr)))
