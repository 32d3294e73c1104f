"""Values as SymPy expressions. Imported only when one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add, mul
from typing import TYPE_CHECKING

import sympy
from flint import fmpq

from handcalc.derive.identity import chosen
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum

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


def exact_value(solution: NumericPass, slot: int) -> sympy.Expr:
    """The value in `slot`, composed from the givens; not simplified, and long where the network is deep."""
    made = solution.memo.setdefault("sympy", {})

    def value(quantity: Quantity) -> sympy.Expr:
        if quantity not in made:
            number, step = solution.value(quantity), solution.program.made.get(quantity)
            if step is None or isinstance(number, fmpq):
                made[quantity] = sympy.Rational(int(number.p), int(number.q))
            else:
                made[quantity] = expression(chosen(step.formula, solution.value))
        return made[quantity]

    def expression(f: Formula) -> sympy.Expr:
        match f:
            case Num(typed):
                return sympy.Rational(int(typed.value.p), int(typed.value.q))
            case Ref(quantity):
                return value(quantity)
            case Negative(inner):
                return -expression(inner)
            case Sum(terms):
                return reduce(add, map(expression, terms))
            case Product(factors):
                return product(list(map(expression, factors)))
            case Quotient(top, bottom):
                return expression(top) / expression(bottom)
            case Power(base, int() as n):
                return expression(base) ** n
            case Power(base, Formula() as count):
                return expression(base) ** expression(count)
            case Call(name, args):
                return FUNCTIONS[name](*map(expression, args))
        raise TypeError(f"no SymPy expression for {f!r}")

    quantities = solution.program.slots.quantities
    for earlier in solution.lines_to(slot):
        value(earlier.quantity)
    return value(quantities[slot])


def product(factors: list[sympy.Expr]) -> sympy.Expr:
    """0 where a factor is 0: 0·ln 0 is no number to SymPy."""
    return sympy.S.Zero if any(f == 0 for f in factors) else reduce(mul, factors)
