"""Formulas as a person writes them: order kept, nothing simplified, no arithmetic done.

Leaves are numbers as typed and named quantities. The vocabulary is closed:

    Num        1/2                    Ref       a1[2]
    Sum        w1·x1 + w2·x2 + b      Product   w·x
    Quotient   e1/S                   Power     (p − y)^2   β^t
    Negative   −z                     Call      exp(z)   ln(p)   max(0, z)   √v   |p − y|   3^z
    Cases      1 if z > 0, else 0

A `Power` has a whole number as exponent, which may be a named one (a counter); a `Call` of power has any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from handcalc.formula.number import Number, read_number
from handcalc.formula.quantity import Quantity

Sign = Literal[">", "≥", "<", "≤"]
OPPOSITE: dict[Sign, Sign] = {">": "≤", "≥": "<", "<": "≥", "≤": ">"}


class Formula:
    """Python's operators write formulas; a sum of sums is one sum, a product of products one product."""

    __slots__ = ()

    def __add__(self, other: Written) -> Formula:
        return Sum((*_terms(self), *_terms(formula(other))))

    def __radd__(self, other: Written) -> Formula:
        return formula(other) + self

    def __sub__(self, other: Written) -> Formula:
        return Sum((*_terms(self), Negative(formula(other))))

    def __rsub__(self, other: Written) -> Formula:
        return formula(other) - self

    def __mul__(self, other: Written) -> Formula:
        return Product((*_factors(self), *_factors(formula(other))))

    def __rmul__(self, other: Written) -> Formula:
        return formula(other) * self

    def __truediv__(self, other: Written) -> Formula:
        return Quotient(self, formula(other))

    def __rtruediv__(self, other: Written) -> Formula:
        return Quotient(formula(other), self)

    def __pow__(self, exponent: int | Formula) -> Formula:
        return Power(self, exponent)

    def __neg__(self) -> Formula:
        return Negative(self)


@dataclass(frozen=True, slots=True)
class Num(Formula):
    number: Number


@dataclass(frozen=True, slots=True)
class Ref(Formula):
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Sum(Formula):
    terms: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Product(Formula):
    factors: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Quotient(Formula):
    top: Formula
    bottom: Formula


@dataclass(frozen=True, slots=True)
class Power(Formula):
    """The exponent is a whole number: itself, or a quantity that counts."""

    base: Formula
    exponent: int | Formula


@dataclass(frozen=True, slots=True)
class Negative(Formula):
    inner: Formula


@dataclass(frozen=True, slots=True)
class Call(Formula):
    """One of exp, ln, log2, log10, tanh, erf, sqrt, abs, power (base, exponent), max, pi (without arguments)."""

    name: str
    args: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Cases(Formula):
    """`yes` where ``left sign right``, else `no`."""

    left: Formula
    sign: Sign
    right: Formula
    yes: Formula
    no: Formula


Written = Formula | int | str


def formula(x: Written) -> Formula:
    return x if isinstance(x, Formula) else Num(read_number(str(x)))


ZERO, ONE = formula(0), formula(1)
PI = Call("pi", ())


def exp(x: Written) -> Formula:
    return Call("exp", (formula(x),))


def ln(x: Written) -> Formula:
    return Call("ln", (formula(x),))


def tanh(x: Written) -> Formula:
    return Call("tanh", (formula(x),))


def log2(x: Written) -> Formula:
    return Call("log2", (formula(x),))


def log10(x: Written) -> Formula:
    return Call("log10", (formula(x),))


def erf(x: Written) -> Formula:
    """The error function: 2/√π times the integral of e^(−s²) from 0 to x."""
    return Call("erf", (formula(x),))


def sqrt(x: Written) -> Formula:
    return Call("sqrt", (formula(x),))


def absolute(x: Written) -> Formula:
    return Call("abs", (formula(x),))


def power(base: Written, exponent: Written) -> Formula:
    """base^exponent with any real exponent, where the base is positive or the exponent whole: 3^z."""
    return Call("power", (formula(base), formula(exponent)))


def largest(*xs: Written) -> Formula:
    return Call("max", tuple(map(formula, xs)))


def cases(left: Formula, sign: Sign, right: Written, *, yes: Written, no: Written) -> Formula:
    return Cases(left, sign, formula(right), formula(yes), formula(no))


def total(terms: Iterable[Formula]) -> Formula:
    """The sum of `terms` as a person writes it: zeros dropped; ZERO where nothing is left."""
    kept = [t for t in terms if t != ZERO]
    if not kept:
        return ZERO
    return kept[0] if len(kept) == 1 else Sum(tuple(p for t in kept for p in _terms(t)))


def times(*factors: Formula) -> Formula:
    """The product as a person writes it: ones dropped, signs in front, factors gathered on top of a fraction."""
    if ZERO in factors:
        return ZERO
    flat = [g for f in factors if f != ONE for g in _factors(f)]
    for i, f in enumerate(flat):
        if isinstance(f, Negative):
            return Negative(times(*flat[:i], f.inner, *flat[i + 1 :]))
    if not flat:
        return ONE
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def negated(f: Formula) -> Formula:
    """−f as a person writes it: y − p for p − y, the sign of a product in front."""
    match f:
        case Negative(inner):
            return inner
        case Sum((first, Negative(second))) if not isinstance(first, Negative):
            return Sum((second, Negative(first)))
        case Sum(terms) if all(isinstance(term, Negative) for term in terms):
            return Sum(tuple(negated(term) for term in terms))
        case Product((first, *rest)) if isinstance(first, Sum | Negative):
            return Product((negated(first), *rest))
        case Quotient(top, bottom) if isinstance(top, Sum | Negative):
            return Quotient(negated(top), bottom)
        case Num() if f == ZERO:
            return f
    return Negative(f)


def unsigned(f: Formula) -> Formula:
    """`f` with the signs inside its products in front, and a minus of a minus gone."""
    parts = children(f)
    f = rebuilt(f, [unsigned(p) for p in parts]) if parts else f
    match f:
        case Negative(Negative(inner)):
            return inner
        case Product(factors) if any(isinstance(g, Negative) for g in factors):
            plain = Product(tuple(g.inner if isinstance(g, Negative) else g for g in factors))
            return Negative(plain) if sum(isinstance(g, Negative) for g in factors) % 2 else plain
    return f


def flat(f: Formula) -> Formula:
    """`f` with products of products as one, and the signs of expressions that were put into them in front."""
    parts = children(f)
    f = rebuilt(f, [flat(part) for part in parts]) if parts else f
    if isinstance(f, Negative) and isinstance(f.inner, Negative):
        return f.inner.inner
    if not isinstance(f, Product):
        return f
    inner = [g.inner if isinstance(g, Negative) else g for g in f.factors]
    factors = Product(tuple(h for g in inner for h in (g.factors if isinstance(g, Product) else (g,))))
    signs = sum(isinstance(g, Negative) for g in f.factors)
    return Negative(factors) if signs % 2 else factors


def children(f: Formula) -> tuple[Formula, ...]:
    match f:
        case Sum(parts) | Product(parts) | Call(_, parts):
            return parts
        case Quotient(top, bottom):
            return (top, bottom)
        case Power(base, Formula() as exponent):
            return (base, exponent)
        case Power(inner, _) | Negative(inner):
            return (inner,)
        case Cases(left, _, right, yes, no):
            return (left, right, yes, no)
    return ()


def rebuilt(f: Formula, parts: Sequence[Formula]) -> Formula:
    """`f` with `parts` in place of its children."""
    match f:
        case Sum():
            return Sum(tuple(parts))
        case Product():
            return Product(tuple(parts))
        case Call(name, _):
            return Call(name, tuple(parts))
        case Quotient():
            return Quotient(parts[0], parts[1])
        case Power(_, exponent):
            return Power(parts[0], exponent if isinstance(exponent, int) else _whole(parts[1]))
        case Negative():
            return Negative(parts[0])
        case Cases(_, sign, _, _, _):
            return Cases(parts[0], sign, parts[1], parts[2], parts[3])
    return f


def replaced(f: Formula, place: Callable[[Quantity], Formula | None]) -> Formula:
    """`f` with each named quantity replaced by what `place` gives (None keeps it)."""
    if isinstance(f, Ref):
        return place(f.quantity) or f
    parts = children(f)
    return rebuilt(f, [replaced(p, place) for p in parts]) if parts else f


def opened(f: Formula, quantity: Quantity, inside: Formula) -> Formula:
    """`f` with `inside` in place of `quantity`."""
    return replaced(f, lambda q: inside if q == quantity else None)


def is_total(f: Formula) -> bool:
    """Whether `f` is a sum of names and nothing else, as a softmax's total is."""
    return isinstance(f, Sum) and all(isinstance(term, Ref) for term in f.terms)


def is_class(f: Formula) -> bool:
    """Whether `f` is one of two numbers, as the output of a step function is."""
    return isinstance(f, Cases) and isinstance(f.yes, Num) and isinstance(f.no, Num)


def quantities(f: Formula) -> list[Quantity]:
    """Every quantity named in `f`, each once, first mention first."""
    found: dict[Quantity, None] = {}
    todo = [f]
    while todo:
        g = todo.pop()
        if isinstance(g, Ref):
            found[g.quantity] = None
        else:
            todo.extend(reversed(children(g)))
    return list(found)


def functions(f: Formula) -> frozenset[str]:
    """The names of the functions that are called in `f`."""
    own = {f.name} if isinstance(f, Call) else set()
    return frozenset(own.union(*map(functions, children(f))))


def size(f: Formula) -> int:
    """How many marks `f` has: numbers, names and operations."""
    return 1 + sum(map(size, children(f)))


def partial(f: Formula, x: Quantity) -> Formula:
    """∂f/∂x by the rules of calculus, as a person writes it.

    Where a maximum has a tie, and where an absolute value is 0, the slope is 0. TypeError where a counter depends on x.
    """
    match f:
        case Ref(q):
            return ONE if q == x else ZERO
        case Num():
            return ZERO
        case Negative(inner):
            return _negative(partial(inner, x))
        case Sum(terms):
            return total(partial(t, x) for t in terms)
        case Product(factors):
            return total(times(*factors[:i], partial(g, x), *factors[i + 1 :]) for i, g in enumerate(factors))
        case Quotient(top, bottom):
            return _partial_quotient(top, bottom, x)
        case Power(base, n):
            return _partial_power(base, n, x)
        case Cases(left, sign, right, yes, no):
            slopes = partial(yes, x), partial(no, x)
            return ZERO if slopes == (ZERO, ZERO) else Cases(left, sign, right, *slopes)
        case Call(name, args):
            return _partial_call(f, name, args, x)
    raise TypeError(f"no derivative of {f!r}")


def _partial_quotient(top: Formula, bottom: Formula, x: Quantity) -> Formula:
    rise, fall = partial(top, x), partial(bottom, x)
    if fall == ZERO:
        return ZERO if rise == ZERO else rise / bottom
    if rise == ZERO:
        return _negative(times(top, fall) / bottom**2)
    return (times(rise, bottom) - times(top, fall)) / bottom**2


def _partial_power(base: Formula, n: int | Formula, x: Quantity) -> Formula:
    slope = partial(base, x)
    if isinstance(n, int):
        return times(formula(n), base if n == 2 else base ** (n - 1), slope)
    if partial(n, x) != ZERO:
        raise TypeError(f"{n!r} counts; nothing has a slope with respect to it")
    return ZERO if slope == ZERO else times(n, base ** (n - 1), slope)


def _partial_call(f: Formula, name: str, args: tuple[Formula, ...], x: Quantity) -> Formula:
    slopes = [partial(a, x) for a in args]
    if all(s == ZERO for s in slopes):
        return ZERO
    match name, args:
        case "exp", _:
            return times(f, slopes[0])
        case "ln", (inner,):
            return slopes[0] / inner
        case (("log2" | "log10"), (inner,)):
            return slopes[0] / times(inner, ln(name.removeprefix("log")))
        case "tanh", _:
            return times(1 - f**2, slopes[0])
        case "erf", (inner,):
            return times(2 / sqrt(PI), exp(-(inner**2)), slopes[0])
        case "sqrt", _:
            return slopes[0] / times(formula(2), f)
        case "abs", (inner,):
            return Cases(inner, ">", ZERO, slopes[0], Cases(inner, "<", ZERO, _negative(slopes[0]), ZERO))
        case "power", (base, exponent):
            return _partial_exponential(f, base, exponent, *slopes)
        case "max", _:
            return _partial_maximum(args, slopes)
    raise TypeError(f"no derivative of {f!r}")


def _partial_exponential(f: Formula, base: Formula, exponent: Formula, rise: Formula, growth: Formula) -> Formula:
    """Of f = base^exponent, whose slopes are `rise` and `growth`."""
    if growth == ZERO:
        return times(exponent, power(base, exponent - 1), rise)
    if rise == ZERO:
        return times(f, ln(base), growth)
    return times(f, times(growth, ln(base)) + times(exponent, rise) / base)


def _partial_maximum(args: tuple[Formula, ...], slopes: Sequence[Formula]) -> Formula:
    """The slope of the one that is greater than all the others; 0 where none is."""
    found = ZERO
    for i in reversed(range(len(args))):
        if slopes[i] != ZERO:
            others = (*args[:i], *args[i + 1 :])
            found = Cases(args[i], ">", others[0] if len(others) == 1 else largest(*others), slopes[i], found)
    return found


def _whole(f: Formula) -> int | Formula:
    """An exponent that is a whole number as that number."""
    return int(f.number.value.p) if isinstance(f, Num) and f.number.value.q == 1 else f


def _negative(f: Formula) -> Formula:
    if isinstance(f, Negative):
        return f.inner
    return ZERO if f == ZERO else Negative(f)


def _terms(f: Formula) -> tuple[Formula, ...]:
    return f.terms if isinstance(f, Sum) else (f,)


def _factors(f: Formula) -> tuple[Formula, ...]:
    return f.factors if isinstance(f, Product) else (f,)


def operations(f: Formula) -> int:
    """How many additions, multiplications, … there are in `f`."""
    match f:
        case Sum(parts) | Product(parts):
            return len(parts) - 1 + sum(map(operations, parts))
    parts = children(f)
    return bool(parts) + sum(map(operations, parts))
