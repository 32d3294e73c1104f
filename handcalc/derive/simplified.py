"""A formula with letters, simplified by SymPy and written again as a person would.

Terms and factors stand in the order in which their letters first appear, numbers in front of what they multiply and
behind what they are added to; a number that was typed as 1/2 stays 1/2. Nothing is worked out to decimals.

Glossary
    atom     a name that is left as it is: a letter, ŷ, a number that is printed as 0.5744…
    constant an atom that is a number
    marks    numbers, names, operations, and whatever else makes a formula look long
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import sympy
from flint import fmpq

from handcalc.derive.closed import fraction
from handcalc.derive.functions import NoValue
from handcalc.derive.symbolic import expression
from handcalc.formula.number import Number
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import (
    ONE,
    PI,
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
    quantities,
    rebuilt,
    size,
)

MOST_MARKS = 60
"""Of a formula that is simplified at all."""
MOST_FOR_ALL = 24
"""Of one for which SymPy tries whatever it knows about its functions."""
MOST_DEGREE, EXPANDED = 3, 8
"""A polynomial in one letter is expanded up to this degree, even if it gets so many marks longer."""
UNKNOWN = (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo)


class NotWritten(Exception):
    """What SymPy made has no form on paper that is worth printing."""


@dataclass(frozen=True)
class Simplifier:
    """`is_letter` says of an atom whether it is one of the user's letters, `is_constant` whether it is a number."""

    is_letter: Callable[[Quantity], bool]
    is_constant: Callable[[Quantity], bool]

    def simplified(self, f: Formula) -> Formula:
        """`f`, or what equals it and is shorter. Raises NoValue where it divides by 0."""
        if size(f) > MOST_MARKS:
            return f
        conditions = list(dict.fromkeys((g.left, g.sign, g.right) for g in _parts(f) if isinstance(g, Cases)))
        if conditions:
            return self._by_cases(f) if len(conditions) == 1 else f
        read = _Read(f, self.is_constant)
        if read.expression.has(*UNKNOWN):
            raise NoValue("a division by 0")
        if (expanded := self._in_one_letter(read)) is not None and marks(expanded) <= marks(f) + EXPANDED:
            return expanded
        best = f
        for made in _forms(read):
            try:
                found = read.written(made)
            except NotWritten:
                continue
            if self.marks(found) < self.marks(best):
                best = found
        return best

    def marks(self, f: Formula) -> int:
        """How long `f` looks; a number behind what it multiplies counts too."""
        behind = sum(
            self._is_number(g)
            for product in _parts(f)
            if isinstance(product, Product)
            for before, g in zip(product.factors, product.factors[1:], strict=False)
            if not self._is_number(before)
        )
        return marks(f) + behind

    def _is_number(self, f: Formula) -> bool:
        return isinstance(f, Num) or (isinstance(f, Ref) and self.is_constant(f.quantity))

    def _by_cases(self, f: Formula) -> Formula:
        """What all depends on one condition, with the condition outside."""
        first = next(g for g in _parts(f) if isinstance(g, Cases))
        try:
            yes, no = (self.simplified(_picked(f, holds=holds)) for holds in (True, False))
            left, right = self.simplified(first.left), self.simplified(first.right)
        except NoValue:
            return f
        if yes == no:
            return yes
        made = Cases(left, first.sign, right, yes, no)
        return made if self.marks(made) < self.marks(f) or not isinstance(f, Cases) else f

    def _in_one_letter(self, read: _Read) -> Formula | None:
        """A polynomial in one letter with rational coefficients, expanded."""
        if len(read.names) != 1 or not self.is_letter(*read.names.values()):
            return None
        (x,) = read.names
        made = read.expression
        if not made.is_polynomial(x) or sympy.degree(made, x) > MOST_DEGREE:
            return None
        try:
            return read.written(sympy.expand(made))
        except NotWritten:
            return None


def marks(f: Formula) -> int:
    """Numbers, names and operations; a negative number counts three, a fraction two."""
    if isinstance(f, Num):
        return 1 + 2 * f.number.text.startswith("-") + ("/" in f.number.text)
    return 1 + sum(map(marks, children(f)))


def operations(f: Formula) -> int:
    """How many additions, multiplications, … there are in `f`."""
    match f:
        case Sum(parts) | Product(parts):
            return len(parts) - 1 + sum(map(operations, parts))
    parts = children(f)
    return bool(parts) + sum(map(operations, parts))


def is_polynomial(f: Formula) -> bool:
    """Whether `f` only adds and multiplies names and numbers."""
    match f:
        case Call() | Cases():
            return False
        case Power(_, n) if not isinstance(n, int) or n < 0:
            return False
        case Quotient(top, bottom):
            return is_polynomial(top) and not quantities(bottom) and is_polynomial(bottom)
    return all(map(is_polynomial, children(f)))


def _forms(read: _Read) -> Iterator[sympy.Expr]:
    """What equals the formula, in forms that may be shorter."""
    made = read.expression
    yield made
    yield sympy.expand(made, deep=False)
    if isinstance(read.formula, Sum):
        yield sympy.factor(made)
    if any(isinstance(g, Quotient) for g in _parts(read.formula)):
        yield sympy.together(made)
        yield sympy.cancel(made)
    if made.atoms(sympy.Function) and size(read.formula) <= MOST_FOR_ALL:
        yield sympy.simplify(made)


@dataclass
class _Read:
    """`formula` as SymPy reads it, and what it looked like."""

    formula: Formula
    is_constant: Callable[[Quantity], bool]
    names: dict[sympy.Symbol, Quantity] = field(default_factory=dict)
    """In the order of their first mention."""

    def __post_init__(self) -> None:
        for quantity in quantities(self.formula):
            self.names[self._symbol(quantity)] = quantity
        self.place = {x: n for n, x in enumerate(self.names)}
        self.constants = {x for x, quantity in self.names.items() if self.is_constant(quantity)}

    @staticmethod
    def _symbol(quantity: Quantity) -> sympy.Symbol:
        return sympy.Symbol(quantity.key, real=True)

    @cached_property
    def expression(self) -> sympy.Expr:
        return expression(self.formula, self._symbol)

    @cached_property
    def typed(self) -> dict[fmpq, Number]:
        """The numbers of the formula, as they were typed first."""
        numbers = [g.number for g in reversed(list(_parts(self.formula))) if isinstance(g, Num)]
        return {one.value: one for one in numbers if one.value >= 0}

    @cached_property
    def order(self) -> dict[sympy.Expr, int]:
        """Where each part of the formula stands first."""
        found: dict[sympy.Expr, int] = {}
        for n, part in enumerate(_parts(self.formula)):
            found.setdefault(expression(part, self._symbol), n)
        return found

    def written(self, e: sympy.Expr) -> Formula:
        """`e` as a formula."""
        if e in self.names:
            return Ref(self.names[e])
        if e.is_Rational:
            return self._number(e)
        if e.is_Add:
            return self._sum(e)
        if e.is_Mul:
            return self._product(e)
        if e.is_Pow and not isinstance(e, sympy.exp):
            return self._power(*e.as_base_exp())
        if e in (sympy.pi, sympy.E):
            return PI if e == sympy.pi else Call("exp", (ONE,))
        return self._call(e)

    def _call(self, e: sympy.Expr) -> Formula:
        for kind, name in _CALLS.items():
            if isinstance(e, kind):
                args = sorted(e.args, key=self._of_factor) if name == "max" else e.args
                return Call(name, tuple(map(self.written, args)))
        raise NotWritten

    def _number(self, e: sympy.Rational) -> Formula:
        value = fmpq(int(e.p), int(e.q))
        typed = self.typed.get(abs(value))
        found = fraction(abs(value)) if typed is None else Num(typed)
        if found is None:
            raise NotWritten
        return Negative(found) if value < 0 else found

    def _sum(self, e: sympy.Expr) -> Formula:
        terms = sorted(e.args, key=self._of_term)
        negative = [t.as_coeff_Mul()[0].is_negative for t in terms]
        powers = e.is_polynomial() and len(e.free_symbols) == 1 and len(terms) > 2
        if negative[0] and not all(negative) and not powers:
            first = negative.index(False)
            terms.insert(0, terms.pop(first))
            negative.insert(0, negative.pop(first))
        return Sum(tuple(self._term(t, bool(minus)) for t, minus in zip(terms, negative, strict=True)))

    def _term(self, e: sympy.Expr, minus: bool) -> Formula:
        return Negative(self.written(-e)) if minus else self.written(e)

    def _of_term(self, e: sympy.Expr) -> tuple[bool, list[tuple[float, float]]]:
        """Higher powers of what appears first stand first, what is a number last."""
        powers: dict[float, float] = {}
        for base, n in e.as_powers_dict().items():
            if places := [self.place[x] for x in base.free_symbols if x not in self.constants]:
                powers[min(places)] = powers.get(min(places), 0) + (float(n) if n.is_number else 0.5)
        return not powers, [*((place, -n) for place, n in sorted(powers.items())), (float("inf"), 0)]

    def _of_factor(self, e: sympy.Expr) -> tuple[bool, float]:
        """What is a number stands first, the rest as it appears."""
        places = [self.place[x] for x in e.free_symbols if x not in self.constants]
        base = e.as_base_exp()[0]
        known = self.order.get(e, self.order.get(base))
        if known is None:
            known = min((self.order[x] for x in e.free_symbols), default=0)
        return bool(places), known

    def _product(self, e: sympy.Expr) -> Formula:
        number, factors = e.as_coeff_mul()
        below = [1 / g for g in factors if g.is_Pow and not isinstance(g, sympy.exp) and _is_negative(g.exp)]
        above = [g for g in factors if 1 / g not in below]
        top = self._factors(abs(number), above)
        made = Quotient(top, self._factors(sympy.S.One, below)) if below else top
        return Negative(made) if number.is_negative else made

    def _factors(self, number: sympy.Rational, factors: Sequence[sympy.Expr]) -> Formula:
        made = [self.written(g) for g in sorted(factors, key=self._of_factor)]
        made = [self._number(number), *made] if number != 1 or not made else made
        return made[0] if len(made) == 1 else Product(tuple(made))

    def _power(self, base: sympy.Expr, n: sympy.Expr) -> Formula:
        if n.is_Integer and n > 1:
            return Power(self.written(base), int(n))
        if _is_negative(n):
            return Quotient(ONE, self.written(base**-n))
        if n == sympy.S.Half:
            return Call("sqrt", (self.written(base),))
        return Call("power", (self.written(base), self.written(n)))


_CALLS: dict[type[sympy.Expr], str] = {
    sympy.exp: "exp",
    sympy.log: "ln",
    sympy.tanh: "tanh",
    sympy.erf: "erf",
    sympy.Abs: "abs",
    sympy.Max: "max",
}


def _is_negative(n: sympy.Expr) -> bool:
    return bool(n.is_Rational and n.is_negative)


def _parts(f: Formula) -> Iterator[Formula]:
    """`f` and every formula in it, as they are read."""
    yield f
    for part in children(f):
        yield from _parts(part)


def _picked(f: Formula, *, holds: bool) -> Formula:
    """`f` with one side of each of its cases."""
    if isinstance(f, Cases):
        return _picked(f.yes if holds else f.no, holds=holds)
    parts = children(f)
    return rebuilt(f, [_picked(part, holds=holds) for part in parts]) if parts else f
