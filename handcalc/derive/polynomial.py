"""Quotients of polynomials in symbols, with exact rational coefficients and exponents.

A symbol is whatever can be told apart; e^u is a product of powers of symbols, one for each term of
u, so that e^a · e^b = e^(a+b) and e^−z = 1/e^z hold by themselves. Two quotients that are equal here
are equal whatever the symbols stand for; the converse isn't claimed.

Glossary
    symbol     a number from 0 on; −p stands for the prime p under a root, with an exponent from 0 to 1
    monomial   ((symbol, exponent), …), sorted by symbol          (): 1
    terms      {monomial: coefficient}, no coefficient 0          {}: 0
    Ratio      terms over a product of powers of terms, kept apart so that sums find their common denominator
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from math import prod

from flint import fmpq

MOST_TERMS, FEW_TERMS = 150, 4
MOST_FACTORED = 10**12
"""A larger number isn't taken apart into primes."""
MOST_POWER = 1_000
"""Of a prime."""

Exponent = int | fmpq
"""int where it is whole: its hash is fast."""
Monomial = tuple[tuple[int, Exponent], ...]
Terms = dict[Monomial, fmpq]
Frozen = frozenset[tuple[Monomial, fmpq]]


class TooLarge(Exception):
    """The polynomial has more than MOST_TERMS terms, or a number in it is beyond all measure."""


@dataclass(frozen=True, slots=True)
class Ratio:
    top: Terms
    bottom: dict[Frozen, int] = field(default_factory=dict)

    def __add__(self, other: Ratio) -> Ratio:
        common = dict(self.bottom)
        for factor, power in other.bottom.items():
            common[factor] = max(common.get(factor, 0), power)
        top = _add(_widened(self, common), _widened(other, common))
        return Ratio(top, common if top else {})

    def __mul__(self, other: Ratio) -> Ratio:
        bottom = dict(self.bottom)
        for factor, power in other.bottom.items():
            bottom[factor] = bottom.get(factor, 0) + power
        return _cancelled(_times(self.top, other.top), bottom)

    def __neg__(self) -> Ratio:
        return Ratio({m: -c for m, c in self.top.items()}, self.bottom)

    def __pow__(self, n: int) -> Ratio:
        return prod([self] * n, start=ONE)

    def inverse(self) -> Ratio:
        """1 over it; ZeroDivisionError where it is 0 for whatever the symbols stand for."""
        if not self.top:
            raise ZeroDivisionError
        top: Terms = {(): fmpq(1)}
        for factor, power in self.bottom.items():
            for _ in range(power):
                top = _times(top, dict(factor))
        lead, rest = _normal(self.top)
        return _cancelled(_times(top, _inverse(lead)), {} if rest == ONE_FROZEN else {rest: 1})

    def equals(self, value: fmpq) -> bool:
        return not (self + constant(-value)).top

    def is_symbol(self) -> bool:
        """Whether it is nothing but one symbol."""
        ((monomial, coefficient), *more) = self.top.items() or [((), 0)]
        return not self.bottom and not more and coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1

    def depends_on(self, other: Ratio) -> bool:
        """Whether a symbol of `other` stands in it."""
        return not self._symbols().isdisjoint(other._symbols())

    def _symbols(self) -> set[int]:
        terms = [*self.top, *(monomial for factor in self.bottom for monomial, _ in factor)]
        return {symbol for monomial in terms for symbol, _ in monomial}

    def is_short(self) -> bool:
        """Whether it is a sum of few terms, so that it may stand for itself: a weighted sum of roots."""
        return not self.bottom and len(self.top) <= FEW_TERMS

    def rational(self) -> fmpq | None:
        """The rational that it is, whatever its symbols stand for; or None."""
        if not self.top:
            return fmpq(0)
        return self.top.get(()) if len(self.top) == 1 and not self.bottom else None

    def leads_negative(self) -> bool:
        """Whether its first coefficient is below 0; of u and −u one does."""
        return bool(self.top[min(self.top, key=_order)] < 0)

    def key(self) -> Hashable:
        """Equal keys: equal whatever the symbols stand for."""
        return frozenset(self.top.items()), frozenset(self.bottom.items())


def constant(value: fmpq) -> Ratio:
    return Ratio({(): value} if value != 0 else {})


ONE = constant(fmpq(1))
ONE_FROZEN: Frozen = frozenset({((), fmpq(1))})


class Symbols:
    """Numbers for whatever stands as a symbol."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._primes: dict[int, int] = {}
        """The primes whose logarithms are symbols, by symbol."""

    def symbol(self, of: Hashable) -> Ratio:
        return Ratio({((self._number(of), 1),): fmpq(1)})

    def exp(self, u: Ratio) -> Ratio:
        """e^u: a product of one power for each term of u; where u has a denominator, a symbol of its own.

        e^(r·ln p) is p^r.
        """
        if u.bottom:
            return self.symbol(("exp", u.key()))
        powers = {self._power_of(monomial): _whole(coefficient) for monomial, coefficient in u.top.items()}
        return Ratio(dict([_plain(tuple(sorted(powers.items())), fmpq(1))]))

    def ln(self, u: Ratio) -> Ratio:
        """ln u: of a rational the sum of its primes' logarithms."""
        value = u.rational()
        if value is None or value <= 0 or max(value.p, value.q) > MOST_FACTORED:
            return self.symbol(("ln", u.key()))
        primes = [(p, n) for p, n in value.p.factor()] + [(p, -n) for p, n in value.q.factor()]
        return Ratio({((self._logarithm(int(p)), 1),): fmpq(n) for p, n in primes})

    def sqrt(self, u: Ratio) -> Ratio:
        """√u; of a rational above 0 the product of its primes' roots."""
        value = u.rational()
        if value is None or value < 0 or max(value.p, value.q) > MOST_FACTORED:
            return self.symbol(("sqrt", u.key()))
        return self.exp(self.ln(u) * constant(fmpq(1, 2))) if value else u

    def _logarithm(self, prime: int) -> int:
        symbol = self._number(("ln", prime))
        self._primes[symbol] = prime
        return symbol

    def _power_of(self, monomial: Monomial) -> int:
        """The symbol of e to the power of `monomial`."""
        if len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0] in self._primes:
            return -self._primes[monomial[0][0]]
        return self._number(("exp", monomial))

    def _number(self, of: Hashable) -> int:
        return self._numbers.setdefault(of, len(self._numbers))


def _add(a: Terms, b: Terms) -> Terms:
    total = dict(a)
    for monomial, coefficient in b.items():
        value = total.get(monomial, fmpq(0)) + coefficient
        if value == 0:
            total.pop(monomial, None)
        else:
            total[monomial] = value
    return _limited(total)


def _times(a: Terms, b: Terms) -> Terms:
    if len(a) * len(b) > 20 * MOST_TERMS:
        raise TooLarge
    total: Terms = {}
    for m, c in a.items():
        for n, d in b.items():
            monomial, product = _joined(m, n), c * d
            if monomial and monomial[0][0] < 0:
                monomial, product = _plain(monomial, product)
            value = total.get(monomial, fmpq(0)) + product
            if value == 0:
                total.pop(monomial, None)
            else:
                total[monomial] = value
    return _limited(total)


def _limited(terms: Terms) -> Terms:
    if len(terms) > MOST_TERMS:
        raise TooLarge
    return terms


def _joined(m: Monomial, n: Monomial) -> Monomial:
    if not m or not n:
        return m or n
    powers = dict(m)
    for symbol, exponent in n:
        power = powers.get(symbol, 0) + exponent
        if power == 0:
            del powers[symbol]
        else:
            powers[symbol] = _whole(power)
    return tuple(sorted(powers.items()))


def _plain(monomial: Monomial, coefficient: fmpq) -> tuple[Monomial, fmpq]:
    """The same, with whole powers of primes in the coefficient: 2^(3/2) is 2·2^(1/2)."""
    kept: list[tuple[int, Exponent]] = []
    for symbol, exponent in monomial:
        if symbol < 0:
            whole = int(fmpq(exponent).floor())
            if abs(whole) > MOST_POWER:
                raise TooLarge
            coefficient *= fmpq(-symbol) ** whole
            exponent = _whole(fmpq(exponent) - whole)
        if exponent != 0:
            kept.append((symbol, exponent))
    return tuple(kept), coefficient


def _whole(exponent: Exponent) -> Exponent:
    return int(exponent.p) if isinstance(exponent, fmpq) and exponent.q == 1 else exponent


def _widened(r: Ratio, common: dict[Frozen, int]) -> Terms:
    """The numerator of `r` over the denominator `common`."""
    top = r.top
    for factor, power in common.items():
        for _ in range(power - r.bottom.get(factor, 0)):
            top = _times(top, dict(factor))
    return top


def _order(m: Monomial) -> list[tuple[int, Exponent]]:
    return list(m)


def _normal(terms: Terms) -> tuple[Terms, Frozen]:
    """`terms` as a single term times terms that begin with 1."""
    first = min(terms, key=_order)
    lead = {first: terms[first]}
    return lead, frozenset(_times(terms, _inverse(lead)).items())


def _inverse(lead: Terms) -> Terms:
    ((monomial, coefficient),) = lead.items()
    return {tuple((symbol, -exponent) for symbol, exponent in monomial): 1 / coefficient}


def _cancelled(top: Terms, bottom: dict[Frozen, int]) -> Ratio:
    """A numerator that is a denominator's factor, but for a single term, is cancelled."""
    if not top:
        return Ratio({})
    if bottom and len(top) > 1:
        lead, rest = _normal(top)
        if rest in bottom:
            left = {f: p - (f == rest) for f, p in bottom.items() if p > (f == rest)}
            return Ratio(lead, left)
    return Ratio(top, bottom)
