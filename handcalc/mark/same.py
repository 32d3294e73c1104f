"""Whether two expressions in letters are the same, whatever the letters stand for.

They are not where they certainly differ at one point: a witness. They are where an identity proves it (quotients of
polynomials in letters, powers of e, logarithms: `derive/identity.py`), or else where SymPy makes 0 of their difference,
which is asked of short ones only. Everything is limited by how long the formulas are, never by time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from flint import ctx, fmpq

from handcalc.derive.functions import NoValue, Value, value_of
from handcalc.derive.identity import chosen
from handcalc.derive.tape import Undecided
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Cases, Formula, Power, children, quantities, size
from handcalc.mark.deciding import NotDecided, is_zero

BITS = 256
MOST_MARKS = 48
"""Of two expressions that SymPy is asked about."""
MOST_POWER = 12
_NUMBERS = (
    (fmpq(3, 7), fmpq(5, 11), fmpq(7, 13), fmpq(11, 17), fmpq(13, 23)),
    (fmpq(9, 7), fmpq(13, 11), fmpq(17, 13), fmpq(6, 17), fmpq(29, 19)),
    (fmpq(-3, 7), fmpq(-5, 11), fmpq(-7, 13), fmpq(-11, 17), fmpq(-13, 23)),
    (fmpq(5, 7), fmpq(-13, 11), fmpq(10, 13), fmpq(-2, 17), fmpq(1, 19)),
    (fmpq(-9, 7), fmpq(4, 11), fmpq(-1, 13), fmpq(25, 17), fmpq(-21, 23)),
)
"""What letters stand for at each point, near 1, so that nothing is saturated; further ones are 1/97 more with every
round."""


class Witness(NamedTuple):
    """A point where two expressions certainly differ."""

    at: Mapping[Quantity, fmpq]


def same(f: Formula, g: Formula) -> bool:
    """Whether f = g wherever both have a value. Raises NotDecided."""
    if f == g:
        return True
    if witness(f, g) is not None:
        return False
    if is_zero(f - g) or _sympy_says_zero(f, g):
        return True
    raise NotDecided


def witness(f: Formula, g: Formula) -> Witness | None:
    """The first of the points where f and g certainly differ, if there is one."""
    for at in points(tuple(quantities(f - g))):
        try:
            with ctx.workprec(BITS):
                difference = _worked(f, at) - _worked(g, at)
        except (NoValue, ZeroDivisionError, Undecided):
            continue
        if difference > 0 or difference < 0:  # neither of what isn't finite
            return Witness(at)
    return None


def points(letters: tuple[Quantity, ...]) -> Iterator[Mapping[Quantity, fmpq]]:
    """Points of all signs and sizes, always the same ones, the letters in the order of their keys."""
    ordered = sorted(letters, key=lambda q: q.key)
    for numbers in _NUMBERS:
        yield {q: numbers[n % len(numbers)] + fmpq(n // len(numbers), 97) for n, q in enumerate(ordered)}


def _worked(f: Formula, at: Mapping[Quantity, fmpq]) -> Value:
    has_cases = any(isinstance(g, Cases) for g in _parts(f))
    return value_of(chosen(f, at.__getitem__) if has_cases else f, at.__getitem__)


def _parts(f: Formula) -> Iterator[Formula]:
    yield f
    for part in children(f):
        yield from _parts(part)


def _sympy_says_zero(f: Formula, g: Formula) -> bool:
    """Whether SymPy simplifies f − g to 0; asked of short ones."""
    difference = f - g
    if size(difference) > MOST_MARKS or any(n > MOST_POWER for n in _powers(difference)):
        return False
    import sympy

    from handcalc.derive.symbolic import expression

    @cache
    def letter(q: Quantity) -> sympy.Symbol:
        return sympy.Symbol(q.key, real=True)

    return bool(sympy.simplify(expression(difference, letter).rewrite(sympy.Abs)) == 0)


def _powers(f: Formula) -> Iterator[int]:
    return (g.exponent for g in _parts(f) if isinstance(g, Power) and isinstance(g.exponent, int))
