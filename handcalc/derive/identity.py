"""Proofs that a quantity equals a rational, by identities.

The quantity's formula is opened: the name that was made latest is replaced by its own formula, one
name at a time, until the formula equals the rational whatever its remaining names, each e^u, ln u, √u
and erf u stand for. (b^u is e^(u·ln b); a logarithm or a root of a rational is taken apart into primes.
Distinct powers of e with rational exponents are linearly independent over the rationals, Lindemann and
Weierstrass 1885, so one level of exponentials is decided completely.)
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

from handcalc.derive.functions import CALLS, value_of
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
    """`f` with each case that applies in place of its cases; and with `maxima` the largest in place of a maximum,
    and what is between the bars, or minus it, in place of an absolute value.

    Raises Undecided where a ball doesn't say which.
    """
    match f:
        case Cases(left, sign, right, yes, no):
            applies = holds(value_of(left, value) - value_of(right, value), sign)
            return chosen(yes if applies else no, value, maxima=maxima)
        case Call("max", args) if maxima:
            largest = reduce(lambda a, b: b if _is_above(b, a, value) else a, args)
            return chosen(largest, value, maxima=maxima)
        case Call("abs", (inner,)) if maxima:
            inside = chosen(inner, value, maxima=maxima)
            return inside if holds(value_of(inside, value), "≥") else Negative(inside)
    parts = children(f)
    return rebuilt(f, [chosen(p, value, maxima=maxima) for p in parts]) if parts else f


def _is_above(f: Formula, g: Formula, value: Callable[[Quantity], Value]) -> bool:
    return holds(value_of(f, value) - value_of(g, value), ">")


@dataclass(frozen=True)
class Named:
    """Formulas in their order, and what every name that they hold or make is worth."""

    formulas: Mapping[Quantity, Formula]
    values: Mapping[Quantity, Value]


NOTHING = Named({}, {})


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
        """The formula of `quantity`, opened until it equals `value` whatever its names stand for; or None.

        Opened is the name made latest; if that proves nothing, the latest that its polynomial depends on.
        """
        return self._opened(quantity, value) or self._opened(quantity, value, needed=True)

    def _opened(self, quantity: Quantity, value: fmpq, *, needed: bool = False) -> Formula | None:
        try:
            f = self._picked(quantity)
            for _ in range(MOST_OPENED):
                if size(f) > MOST_MARKS:
                    return None
                made = self.ratio(f)
                if made.equals(value):
                    return f
                letters = [q for q in quantities(f) if q in self._order and not isinstance(self.values[q], fmpq)]
                if not letters:
                    return None
                if needed:
                    letters = [q for q in letters if made.depends_on(self._name(q))] or letters
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
        return self._chosen(self.formulas[quantity])

    def _chosen(self, f: Formula) -> Formula:
        """Maxima and absolute values stay where a ball doesn't say which side applies; cases may not."""
        try:
            return chosen(f, self.values.__getitem__, maxima=True)
        except Undecided:
            return chosen(f, self.values.__getitem__)

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
            case Power(base, int() as n):
                return self._raised(base, n)
            case Power(base, Formula() as count):
                return self._exponential(base, count)
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
                return self._symbols.ln(self.ratio(args[0]))
            case "log2" | "log10":
                base = self._symbols.ln(constant(fmpq(int(name.removeprefix("log")))))
                return self._symbols.ln(self.ratio(args[0])) * base.inverse()
            case "sqrt":
                return self._symbols.sqrt(self.ratio(args[0]))
            case "power":
                return self._exponential(*args)
            case "erf":
                return self._odd("erf", self.ratio(args[0]))
            case "abs" | "max":
                return self._bounded(name, [self.ratio(a) for a in args])
            case "pi":
                return self._symbols.symbol("pi")
        raise NotProved

    def _raised(self, base: Formula, n: int) -> Ratio:
        """A whole power; (√u)^2 is u."""
        if isinstance(base, Call) and base.name == "sqrt" and n % 2 == 0:
            return self._raised(base.args[0], n // 2)
        return self.ratio(base) ** n if n >= 0 else (self.ratio(base) ** -n).inverse()

    def _exponential(self, base: Formula, exponent: Formula) -> Ratio:
        """b^u, which is e^(u·ln b) for b > 0."""
        b, u = self.ratio(base), self.ratio(exponent)
        whole, number = u.rational(), b.rational()
        if whole is not None and whole.q == 1 and abs(whole) <= MOST_MARKS:
            return self._raised(base, int(whole.p))
        if number is None or number <= 0:
            return self._symbols.symbol(("power", b.key(), u.key()))
        return self._symbols.exp(u * self._symbols.ln(b))

    def _odd(self, name: str, u: Ratio) -> Ratio:
        """f(u) with f(−u) = −f(u) and f(0) = 0."""
        if u.rational() == 0:
            return u
        if u.leads_negative():
            return -self._symbols.symbol((name, (-u).key()))
        return self._symbols.symbol((name, u.key()))

    def _bounded(self, name: str, args: list[Ratio]) -> Ratio:
        """An absolute value or a maximum, of rationals, or of what is one and the same."""
        values = [a.rational() for a in args]
        if None not in values:
            return constant(CALLS[name](*values))
        if name == "max" and len({a.key() for a in args}) == 1:
            return args[0]
        return self._symbols.symbol((name, *(a.key() for a in args)))

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
        if made.is_symbol() or _is_share(self.formulas[quantity]) or made.is_short():
            return made
        return self._kinds.setdefault(made.key(), own)


def _is_share(f: Formula) -> bool:
    """Whether `f` is a total of names or a name's share in one: the parts of a softmax, which add up to 1."""
    return is_total(f) or (isinstance(f, Quotient) and isinstance(f.top, Ref) and isinstance(f.bottom, Ref))
