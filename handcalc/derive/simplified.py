"""A formula with letters, simplified by SymPy and written again as a person would.

Terms and factors stand in the order in which their letters first appear, numbers in front of what they multiply and
behind what they are added to; a number that was typed as 1/2 stays 1/2. Nothing is worked out to decimals.

Glossary
    atom     a name that is left as it is: a letter, ŷ, a number that is printed as 0.5744…
    constant an atom that is a number
    free     an atom that isn't
    marks    numbers, names, operations, and whatever else makes a formula look long
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

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
    functions,
    quantities,
    rebuilt,
    size,
    times,
    total,
)

MOST_MARKS = 60
"""Of a formula that is simplified at all."""
MOST_FOR_ALL = 24
"""Of one for which SymPy tries whatever it knows about its functions."""
MOST_DEGREE, EXPANDED = 3, 8
"""A polynomial in one letter is expanded up to this degree, even if it gets so many marks longer."""
STAYS = 2
"""Marks that a formula with a function in it has to lose: 1/(1 + e^−z) stays as it is taught."""
UNKNOWN = (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo)


class NotWritten(Exception):
    """What SymPy made has no form on paper that is worth printing."""


@dataclass(frozen=True)
class Simplifier:
    """`is_letter` says of an atom whether it is one of the user's letters, `is_constant` whether it is a number;
    `constant` gives a name, or minus a name, to what is made of constants alone.
    """

    is_letter: Callable[[Quantity], bool]
    is_constant: Callable[[Quantity], bool]
    constant: Callable[[Formula], Formula]

    def simplified(self, f: Formula) -> Formula:
        """`f`, or what equals it and is shorter. Raises NoValue where it divides by 0."""
        if size(f) > MOST_MARKS:
            return f
        conditions = list(dict.fromkeys((g.left, g.sign, g.right) for g in _parts(f) if isinstance(g, Cases)))
        if conditions:
            return self._by_cases(f) if len(conditions) == 1 else f
        read = _Read(f, self)
        if read.expression.has(*UNKNOWN):
            raise NoValue("a division by 0")
        best, least = f, self.marks(f) - STAYS * (functions(f) != frozenset())
        if read.in_one_letter and (made := read.collected()) is not None:
            best, least = f, least + EXPANDED
            forms = iter((made,))
        else:
            forms = _forms(read)
        for made in forms:
            try:
                found = read.written(made, outermost=True)
            except NotWritten:
                continue
            if self.marks(found) < least:
                best, least = found, self.marks(found)
        return best

    def marks(self, f: Formula) -> int:
        """How long `f` looks; a number behind what it multiplies counts too, and a factor that stands there twice."""
        products = [g.factors for g in _parts(f) if isinstance(g, Product)]
        twice = sum(len(factors) - len(set(factors)) for factors in products)
        behind = sum(
            self._is_number(g) and not self._is_number(before)
            for factors in products
            for before, g in pairwise(factors)
        )
        return marks(f) + behind + twice

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


def marks(f: Formula) -> int:
    """Numbers, names and operations; the parentheses around a negative number count too."""
    if isinstance(f, Num):
        return 1 + f.number.text.startswith("-") + ("/" in f.number.text)
    parts = children(f)
    fenced = parts[1:] if isinstance(f, Sum) else parts if isinstance(f, Product) else ()
    signs = sum(isinstance(g, Num) and g.number.text.startswith("-") for g in fenced)
    return 1 + sum(map(marks, parts)) + signs - (isinstance(f, Sum) and sum(isinstance(g, Sum) for g in parts))


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
    if (collected := read.collected()) is not None:
        yield collected
    if isinstance(read.formula, Sum):
        factored = sympy.factor(made)
        if factored.as_coeff_Mul()[0] in (1, -1):  # 0.5 − 0.1·p is not 0.1·(5 − p)
            yield factored
    if any(isinstance(g, Quotient) for g in _parts(read.formula)):
        yield sympy.together(made)
        yield sympy.cancel(made)
    if made.atoms(sympy.Function) and size(read.formula) <= MOST_FOR_ALL:
        yield sympy.simplify(made)


@dataclass
class _Read:
    """`formula` as SymPy reads it, and what it looked like."""

    formula: Formula
    simplifier: Simplifier
    names: dict[sympy.Symbol, Quantity] = field(default_factory=dict)
    """In the order of their first mention."""
    constants: frozenset[sympy.Symbol] = frozenset()

    def __post_init__(self) -> None:
        self.names = {_symbol(quantity): quantity for quantity in quantities(self.formula)}
        self.place = {x: n for n, x in enumerate(self.names)}
        self.constants = frozenset(x for x, quantity in self.names.items() if self.simplifier.is_constant(quantity))

    @property
    def free(self) -> list[sympy.Symbol]:
        """The atoms that are no numbers."""
        return [x for x in self.names if x not in self.constants]

    @property
    def in_one_letter(self) -> bool:
        return len(self.free) == 1 and self.simplifier.is_letter(self.names[self.free[0]])

    @cached_property
    def expression(self) -> sympy.Expr:
        return expression(self.formula, _symbol)

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
            found.setdefault(expression(part, _symbol), n)
        return found

    @cached_property
    def number_first(self) -> bool:
        """Whether the formula is a sum that begins with a number, and more than letters: 0.5 − 0.1·(ŷ − 1)."""
        if all(self.simplifier.is_letter(self.names[x]) for x in self.free):
            return False
        return isinstance(self.formula, Sum) and not self._free_of(expression(self.formula.terms[0], _symbol))

    def collected(self) -> sympy.Expr | None:
        """The formula as a sum of powers, each with one coefficient; None where it is no polynomial."""
        made, free = self.expression, self.free
        if not free or not made.is_polynomial(*free):
            return None
        polynomial = sympy.Poly(made, *free)
        if len(free) == 1 and polynomial.degree() > MOST_DEGREE:
            return None
        return sympy.Add(
            *(sympy.Mul(c, *map(sympy.Pow, free, powers), evaluate=c.is_Rational) for powers, c in polynomial.terms())
        )

    def written(self, e: sympy.Expr, *, outermost: bool = False) -> Formula:
        """`e` as a formula."""
        if e in self.names:
            return Ref(self.names[e])
        if e.is_Rational:
            return self._number(e)
        if self._is_constant(e):
            return self.simplifier.constant(self._plain.written(e))
        if e.is_Add:
            return self._sum(e, outermost=outermost)
        if e.is_Mul:
            return self._product(e)
        if e.is_Pow and not isinstance(e, sympy.exp):
            return self._power(*e.as_base_exp())
        if e in (sympy.pi, sympy.E):
            return PI if e == sympy.pi else Call("exp", (ONE,))
        for kind, name in _CALLS.items():
            if isinstance(e, kind):
                args = sorted(e.args, key=self._of_factor) if name == "max" else e.args
                return Call(name, tuple(map(self.written, args)))
        raise NotWritten

    @cached_property
    def _plain(self) -> _Read:
        """The same for what is made of constants: nothing of it is a number yet."""
        plain = copy(self)
        plain.constants = frozenset()
        return plain

    def _free_of(self, e: sympy.Expr) -> frozenset[sympy.Symbol]:
        return frozenset(e.free_symbols - self.constants)

    def _is_constant(self, e: sympy.Expr) -> bool:
        return bool(e.free_symbols) and not self._free_of(e)

    def _is_number(self, e: sympy.Expr) -> bool:
        """Whether `e` is folded with other numbers; √2 and π are not."""
        return bool(e.is_Rational) or self._is_constant(e)

    def _number(self, e: sympy.Rational) -> Formula:
        value = fmpq(int(e.p), int(e.q))
        typed = self.typed.get(abs(value))
        found = fraction(abs(value)) if typed is None else Num(typed)
        if found is None:
            found = Num(Number(f"{abs(value.p)}/{value.q}", abs(value)))
            found = self.simplifier.constant(found) if self.constants or self.free else found
        return Negative(found) if value < 0 else found

    def _sum(self, e: sympy.Expr, *, outermost: bool) -> Formula:
        number = sympy.Add(*filter(self._is_number, e.args))
        others = sorted((t for t in e.args if not self._is_number(t)), key=self._of_term)
        terms, numbers = list(map(self.written, others)), [self.written(number)] if number != 0 else []
        if outermost and self.number_first:
            return total(numbers + terms)
        terms += numbers
        if not self.in_one_letter or len(others) == 1:
            first = next((t for t in terms if not isinstance(t, Negative)), terms[0])
            terms.sort(key=lambda t: t is not first)
        return total(terms)

    def _of_term(self, e: sympy.Expr) -> list[tuple[float, float]]:
        """Higher powers of what appears first stand first."""
        powers: dict[float, float] = {}
        for base, n in e.as_powers_dict().items():
            if places := [self.place[x] for x in self._free_of(base)]:
                powers[min(places)] = powers.get(min(places), 0) + (float(n) if n.is_number else 0.5)
        return [*((place, -n) for place, n in sorted(powers.items())), (float("inf"), 0)]

    def _of_factor(self, e: sympy.Expr) -> tuple[bool, int]:
        """What is a number stands first, the rest as it appears."""
        known = [self.order[part] for part in (e, e.as_base_exp()[0]) if part in self.order]
        known = known or [self.order[x] for x in e.free_symbols]
        return bool(self._free_of(e)), min(known, default=0)

    def _product(self, e: sympy.Expr) -> Formula:
        number = sympy.Mul(*filter(self._is_number, e.args))
        factors = sorted((g for g in e.args if not self._is_number(g)), key=self._of_factor)
        below = [1 / g for g in factors if g.is_Pow and not isinstance(g, sympy.exp) and _is_negative(g.exp)]
        above = [self.written(g) for g in factors if 1 / g not in below]
        front = self.written(number) if number not in (1, -1) else ONE
        minus = isinstance(front, Negative) or number == -1
        front = front.inner if isinstance(front, Negative) else front
        above = above if front == ONE and above else [front, *above]
        made = above[0] if len(above) == 1 else Product(tuple(above))
        if below:
            made = Quotient(made, times(*map(self.written, below)))
        return Negative(made) if minus else made

    def _power(self, base: sympy.Expr, n: sympy.Expr) -> Formula:
        if n.is_Integer and n > 1:
            return Power(self.written(base), int(n))
        if _is_negative(n):
            return Quotient(ONE, self.written(base**-n))
        if n == sympy.S.Half:
            return Call("sqrt", (self.written(base),))
        return Call("power", (self.written(base), self.written(n)))


def _symbol(quantity: Quantity) -> sympy.Symbol:
    return sympy.Symbol(quantity.key, real=True)


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
