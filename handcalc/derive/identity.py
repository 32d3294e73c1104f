"""Proofs that a quantity equals a rational, by identities.

Every e^u and ln u is a symbol of its own, and a quantity is a quotient of polynomials in such
symbols over the rationals. Where the polynomial of ``quantity − value`` is zero the equality holds
whatever the symbols stand for, so it is proved. Powers of e with rational exponents are powers of
one symbol (distinct ones are linearly independent over the rationals by the theorem of
Lindemann and Weierstrass, 1885), so e^a · e^b = e^(a+b) is known to it.

Not every equality can be proved this way; what it returns is "proved" or "not proved", never "false".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from math import gcd, lcm
from operator import add, mul, sub, truediv
from typing import Any

from flint import Ordering, arb, fmpq, fmpq_mpoly_ctx

from handcalc.derive.tape import Undecided, holds
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

MOST_TERMS = 2_000
Polynomial = Any
"""flint's fmpq_mpoly."""


class NotProved(Exception):
    """The identity is too large, or it needs more than polynomials."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient of polynomials in lowest terms."""

    top: Polynomial
    bottom: Polynomial


@dataclass
class Field:
    """Where formulas become ratios.

    `formulas` says how quantities are made; `values` holds what is known of them (rationals and
    balls); quantities in neither, or in `free`, are symbols.
    """

    formulas: Mapping[Quantity, Formula]
    values: Mapping[Quantity, Any]
    free: frozenset[Quantity] = frozenset()
    _ratios: dict[Quantity, Ratio] = field(default_factory=dict)
    _symbols: list[tuple[str, Ratio | Quantity]] = field(default_factory=list)

    def proves(self, f: Formula, value: fmpq) -> bool:
        """Whether f = `value` holds for whatever the symbols stand for."""
        try:
            self._open(f)
            ratio = self.ratio(f)
        except NotProved:
            return False
        return bool(ratio.top - ratio.bottom * value == 0)

    def _open(self, f: Formula) -> None:
        """Count the symbols that may be needed, and find the common unit of the rational exponents."""
        todo, seen, calls, exponents = [f], set(), 1, [fmpq(1)]
        while todo:
            g = todo.pop()
            if isinstance(g, Ref):
                if g.quantity not in seen:
                    seen.add(g.quantity)
                    calls += 1
                    todo += [self.formulas[g.quantity]] if self._is_made(g.quantity) else []
                continue
            if isinstance(g, Call):
                calls += 1
                exponents += self._rational(g.args[0])
            todo += children(g)
        self._unit = _common_unit(exponents[1:] or exponents)
        self._context = fmpq_mpoly_ctx.get(("t", calls), Ordering.lex)
        self._generators = self._context.gens()
        self._symbols.append(("e", Quantity("e")))

    def _is_made(self, q: Quantity) -> bool:
        return q in self.formulas and q not in self.free and not isinstance(self.values.get(q), fmpq)

    def _rational(self, f: Formula) -> list[fmpq]:
        """The value of `f` in a list, where only rationals go into it."""
        try:
            found = _value(f, self.values)
        except NotProved:
            return []
        return [found] if isinstance(found, fmpq) and found != 0 else []

    def ratio(self, f: Formula) -> Ratio:
        match f:
            case Num(number):
                return self._constant(number.value)
            case Ref(q):
                return self._quantity(q)
            case Negative(inner):
                r = self.ratio(inner)
                return Ratio(-r.top, r.bottom)
            case Sum(terms):
                return reduce(_add, map(self.ratio, terms))
            case Product(factors):
                return reduce(_multiply, map(self.ratio, factors))
            case Quotient(top, bottom):
                return _divide(self.ratio(top), self.ratio(bottom))
            case Power(base, n):
                r = self.ratio(base)
                return Ratio(r.top**n, r.bottom**n)
            case Call(name, args):
                return self._call(name, args)
            case Cases(left, sign, right, yes, no):
                return self.ratio(yes if self._holds(left, sign, right) else no)
        raise NotProved

    def _quantity(self, q: Quantity) -> Ratio:
        if q not in self._ratios:
            value = self.values.get(q)
            if isinstance(value, fmpq) and q not in self.free:
                self._ratios[q] = self._constant(value)
            elif self._is_made(q):
                self._ratios[q] = self.ratio(self.formulas[q])
            else:
                self._ratios[q] = self._symbol("quantity", q)
        return self._ratios[q]

    def _call(self, name: str, args: tuple[Formula, ...]) -> Ratio:
        match name:
            case "exp":
                return self._exp(self.ratio(args[0]))
            case "tanh":
                u = self.ratio(args[0])
                squared, one = self._exp(_add(u, u)), self._constant(fmpq(1))
                return _divide(_add(squared, Ratio(-one.top, one.bottom)), _add(squared, one))
            case "ln":
                u = self.ratio(args[0])
                return self._constant(fmpq(0)) if u.top == u.bottom else self._symbol("ln", u)
            case "max":
                return self.ratio(args[1] if self._holds(args[1], ">", args[0]) else args[0])
        raise NotProved

    def _exp(self, u: Ratio) -> Ratio:
        """e^u: a power of the common unit where u is rational, of an earlier symbol e^v where u/v is a whole number."""
        constant = _as_constant(u)
        if constant is not None:
            return self._power(0, constant / self._unit)
        for i, (kind, known) in enumerate(self._symbols):
            if kind == "exp" and isinstance(known, Ratio):
                times = _as_constant(_divide(u, known))
                if times is not None and times.q == 1:
                    return self._power(i, times)
        return self._symbol("exp", u)

    def _power(self, symbol: int, n: fmpq) -> Ratio:
        if n.q != 1 or abs(n) > 10**9:
            raise NotProved
        one, power = self._context.constant(1), self._generators[symbol] ** abs(int(n.p))
        return Ratio(power, one) if n >= 0 else Ratio(one, power)

    def _symbol(self, kind: str, of: Ratio | Quantity) -> Ratio:
        known = (kind, of)
        if known not in self._symbols:
            self._symbols.append(known)
        return Ratio(self._generators[self._symbols.index(known)], self._context.constant(1))

    def _constant(self, value: fmpq) -> Ratio:
        return Ratio(self._context.constant(value), self._context.constant(1))

    def _holds(self, left: Formula, sign: Sign, right: Formula) -> bool:
        try:
            return holds(_mixed(_value(left, self.values), _value(right, self.values), sub), sign)
        except Undecided as undecided:
            raise NotProved from undecided


def _as_constant(r: Ratio) -> fmpq | None:
    if r.top == 0:
        return fmpq(0)
    if not (r.top.is_constant() and r.bottom.is_constant()):
        return None
    return fmpq(next(iter(r.top.to_dict().values()))) / fmpq(next(iter(r.bottom.to_dict().values())))


def _lowest(top: Polynomial, bottom: Polynomial) -> Ratio:
    if bottom == 0 or len(top.to_dict()) > MOST_TERMS or len(bottom.to_dict()) > MOST_TERMS:
        raise NotProved
    if top == 0:
        return Ratio(top, bottom.context().constant(1))
    common = top.gcd(bottom)
    top, bottom = top / common, bottom / common
    lead = bottom.leading_coefficient()
    return Ratio(top / lead, bottom / lead)


def _add(a: Ratio, b: Ratio) -> Ratio:
    if a.bottom == b.bottom:
        return _lowest(a.top + b.top, a.bottom)
    return _lowest(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom)


def _multiply(a: Ratio, b: Ratio) -> Ratio:
    return _lowest(a.top * b.top, a.bottom * b.bottom)


def _divide(a: Ratio, b: Ratio) -> Ratio:
    return _lowest(a.top * b.bottom, a.bottom * b.top)


def _common_unit(values: list[fmpq]) -> fmpq:
    """The largest rational that all `values` are whole multiples of."""
    bottom = lcm(*(int(v.q) for v in values))
    return fmpq(gcd(*(int(v.p) * (bottom // int(v.q)) for v in values)), bottom)


def _value(f: Formula, values: Mapping[Quantity, Any]) -> Any:
    """The value of a formula without calls, rational where all that goes into it is."""
    match f:
        case Num(number):
            return number.value
        case Ref(q) if q in values:
            return values[q]
        case Negative(inner):
            return -_value(inner, values)
        case Sum(terms):
            return reduce(lambda a, b: _mixed(a, b, add), (_value(t, values) for t in terms))
        case Product(factors):
            return reduce(lambda a, b: _mixed(a, b, mul), (_value(g, values) for g in factors))
        case Quotient(top, bottom):
            return _mixed(_value(top, values), _value(bottom, values), truediv)
        case Power(base, n):
            return _value(base, values) ** n
    raise NotProved


def _mixed(a: Any, b: Any, operation: Callable[[Any, Any], Any]) -> Any:
    return operation(a, b) if isinstance(a, fmpq) == isinstance(b, fmpq) else operation(arb(a), arb(b))
