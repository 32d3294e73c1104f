"""Values as SymPy expressions. Imported only when one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import sympy
from flint import fmpq

from handcalc.derive.identity import chosen
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Cases, Formula, Negative, Num, Power, Product, Quotient, Ref, Sign, Sum

if TYPE_CHECKING:
    from handcalc.derive.passes import NumericPass

FUNCTIONS: dict[str, Callable[..., sympy.Expr]] = {
    "exp": sympy.exp,
    "ln": sympy.log,
    "log2": lambda x: sympy.log(x, 2),
    "log10": lambda x: sympy.log(x, 10),
    "tanh": sympy.tanh,
    "erf": sympy.erf,
    "sqrt": sympy.sqrt,
    "abs": sympy.Abs,
    "power": sympy.Pow,
    "max": sympy.Max,
    "pi": lambda: sympy.pi,
}
RELATIONS: dict[Sign, Callable[..., sympy.Expr]] = {
    ">": sympy.Gt, "≥": sympy.Ge, "<": sympy.Lt, "≤": sympy.Le
}  # fmt: skip


def exact_value(solution: NumericPass, slot: int) -> sympy.Expr:
    """The value in `slot`, composed from the givens; not simplified, and long where the network is deep."""
    made = solution.memo.setdefault("sympy", {})

    def value(quantity: Quantity) -> sympy.Expr:
        if quantity not in made:
            number, step = solution.value(quantity), solution.program.made.get(quantity)
            if step is None or isinstance(number, fmpq):
                made[quantity] = rational(number)
            else:
                made[quantity] = expression(chosen(step.formula, solution.value), value)
        return made[quantity]

    quantities = solution.program.slots.quantities
    for earlier in solution.lines_to(slot):
        value(earlier.quantity)
    return value(quantities[slot])


def expression(f: Formula, value: Callable[[Quantity], sympy.Expr]) -> sympy.Expr:
    """`f` with the `value` of each quantity; not simplified but for what SymPy does by itself."""

    def part(g: Formula) -> sympy.Expr:
        return expression(g, value)

    match f:
        case Num(typed):
            return rational(typed.value)
        case Ref(quantity):
            return value(quantity)
        case Negative(inner):
            return -part(inner)
        case Sum(terms):
            return sympy.Add(*map(part, terms))
        case Product(factors):
            return product(list(map(part, factors)))
        case Quotient(top, bottom):
            return part(top) / part(bottom)
        case Power(base, int() as n):
            return part(base) ** n
        case Power(base, Formula() as count):
            return part(base) ** part(count)
        case Call(name, args):
            return FUNCTIONS[name](*map(part, args))
        case Cases(left, sign, right, yes, no):
            return sympy.Piecewise((part(yes), RELATIONS[sign](part(left), part(right))), (part(no), True))
    raise TypeError(f"no SymPy expression for {f!r}")


def rational(value: fmpq) -> sympy.Rational:
    return sympy.Rational(int(value.p), int(value.q))


def product(factors: list[sympy.Expr]) -> sympy.Expr:
    """0 where a factor is 0: 0·ln 0 is no number to SymPy."""
    return sympy.S.Zero if any(f == 0 for f in factors) else sympy.Mul(*factors)
