"""Proofs that a quantity equals a rational, by identities.

The quantity's formula is opened: the name that was made latest is replaced by its own formula, one
name at a time, until the formula equals the rational whatever its remaining names, each e^u and each
ln u stand for. (Distinct powers of e with rational exponents are linearly independent over the
rationals, Lindemann and Weierstrass 1885, so one level of exponentials is decided completely.)
Quantities that are equal for such a reason count as one name.

What comes back is a proof or none, never "false".
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add, mul

from flint import fmpq

from handcalc.derive.polynomial import ONE, Ratio, Symbols, TooLarge, constant
from handcalc.derive.tape import Undecided, Value, holds
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
    Sum,
    children,
    is_total,
    opened,
    quantities,
    rebuilt,
    size,
)

MOST_MARKS, MOST_OPENED = 200, 16
"""Of a formula that is still opened: numbers, names and operations; and names opened in one proof."""


class NotProved(Exception):
    """The identity is too large, or it needs more than quotients of polynomials."""


def chosen(f: Formula, value: Callable[[Quantity], Value], *, maxima: bool = False) -> Formula:
    """`f` with each case that applies in place of its cases; and with `maxima` the largest in place of a maximum.

    Raises Undecided where a ball doesn't say which.
    """
    match f:
        case Cases(left, sign, right, yes, no):
            applies = holds(_leaf(left, value) - _leaf(right, value), sign)
            return chosen(yes if applies else no, value, maxima=maxima)
        case Call("max", (a, b)) if maxima:
            return b if holds(_leaf(b, value) - _leaf(a, value), ">") else a
    parts = children(f)
    return rebuilt(f, [chosen(p, value, maxima=maxima) for p in parts]) if parts else f


def _leaf(f: Formula, value: Callable[[Quantity], Value]) -> Value:
    match f:
        case Ref(quantity):
            return value(quantity)
        case Num(number):
            return number.value
    raise TypeError(f"a case compares quantities and numbers, not {f!r}")


@dataclass
class Proofs:
    """Proofs about quantities that `formulas` make, in that order; `values` holds rationals and balls."""

    formulas: Mapping[Quantity, Formula]
    values: Mapping[Quantity, Value]
    _symbols: Symbols = field(default_factory=Symbols)
    _names: dict[Quantity, Ratio] = field(default_factory=dict)
    _kinds: dict[Hashable, Ratio] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._order = {q: i for i, q in enumerate(self.formulas)}
        self._unnamed = deque(self.formulas)

    def opened(self, quantity: Quantity, value: fmpq) -> Formula | None:
        """The formula of `quantity`, opened until it equals `value` whatever its names stand for; or None."""
        try:
            f = self._picked(quantity)
            for _ in range(MOST_OPENED):
                if size(f) > MOST_MARKS:
                    return None
                if self.ratio(f).equals(value):
                    return f
                letters = [q for q in quantities(f) if q in self._order and not isinstance(self.values[q], fmpq)]
                if not letters:
                    return None
                latest = max(letters, key=self._order.__getitem__)
                inside = self._picked(latest)
                f = opened(f, latest, inside)
        except (NotProved, TooLarge, Undecided, ZeroDivisionError):
            pass
        return None

    def holds(self, f: Formula, value: fmpq) -> bool:
        """Whether `f` equals `value` whatever its names stand for."""
        try:
            return self.ratio(f).equals(value)
        except (NotProved, TooLarge, ZeroDivisionError):
            return False

    def _picked(self, quantity: Quantity) -> Formula:
        return chosen(self.formulas[quantity], self.values.__getitem__, maxima=True)

    def ratio(self, f: Formula) -> Ratio:
        """`f` as a quotient of polynomials in names, powers of e and logarithms."""
        match f:
            case Num(number):
                return constant(number.value)
            case Ref(quantity):
                return self._name(quantity)
            case Negative(inner):
                return -self.ratio(inner)
            case Sum(terms):
                return reduce(add, map(self.ratio, terms))
            case Product(factors):
                return reduce(mul, map(self.ratio, factors))
            case Quotient(top, bottom):
                return self.ratio(top) * self.ratio(bottom).inverse()
            case Power(base, n):
                return self.ratio(base) ** n
            case Call(name, args):
                return self._call(name, args)
        raise NotProved

    def _call(self, name: str, args: tuple[Formula, ...]) -> Ratio:
        match name:
            case "exp":
                return self._symbols.exp(self.ratio(args[0]))
            case "tanh":
                u = self.ratio(args[0])
                squared = self._symbols.exp(u + u)
                return (squared + -ONE) * (squared + ONE).inverse()
            case "ln":
                u = self.ratio(args[0])
                return constant(fmpq(0)) if u.key() == ONE.key() else self._symbols.symbol(("ln", u.key()))
        raise NotProved

    def _name(self, quantity: Quantity) -> Ratio:
        """A rational as itself; else the symbol of the first quantity that equals this one by an identity."""
        if quantity not in self._names:
            for earlier in self._formulas_upto(quantity):
                self._names[earlier] = self._kind(earlier)
        return self._names[quantity]

    def _formulas_upto(self, quantity: Quantity) -> Iterator[Quantity]:
        """What hasn't got its symbol yet, in order, so that naming one never recurses."""
        while self._unnamed and self._order.get(quantity, -1) >= self._order[self._unnamed[0]]:
            yield self._unnamed.popleft()
        if quantity not in self._names:
            yield quantity

    def _kind(self, quantity: Quantity) -> Ratio:
        value, own = self.values[quantity], self._symbols.symbol(quantity.key)
        if isinstance(value, fmpq):
            return constant(value)
        if quantity not in self.formulas:
            return own
        try:
            made = self.ratio(self._picked(quantity))
        except (NotProved, TooLarge, Undecided, ZeroDivisionError):
            return own
        if made.is_symbol() or _is_share(self.formulas[quantity]):
            return made
        return self._kinds.setdefault(made.key(), own)


def _is_share(f: Formula) -> bool:
    """Whether `f` is a total of names or a name's share in one: the parts of a softmax, which add up to 1."""
    return is_total(f) or (isinstance(f, Quotient) and isinstance(f.top, Ref) and isinstance(f.bottom, Ref))
