"""The formulas of a page as Python functions, worked out in decimals of 50 digits and in floats.

What is printed comes from rationals and balls (`derive.tape`); nothing of that is used here, so that both would have to
be wrong in the same way.

Glossary
    v    the values by slot, as a list
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

from handcalc.derive.program import Program
from handcalc.formula.quantity import Quantity
from handcalc.formula.tree import Call, Cases, Formula, Negative, Num, Power, Product, Quotient, Ref, Sum, functions
from handcalc.quiz.digits_on_paper import SPARE, typed

DIGITS = 50
PLACE = 12
"""Decimals of a number beside which others are near."""
_SMALL = Decimal("1e-6")
Line = Callable[[list[Any]], Any]
NO_VALUE = (ArithmeticError, ValueError)
"""What is raised where a formula has no value: a division by 0, an overflow, the logarithm of 0."""
_LOGARITHMS = frozenset({"ln", "log2", "log10"})
_SIGNS = {">": "above", "≥": "from_above", "<": "below", "≤": "from_below"}


def context(digits: int) -> Context:
    traps = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow]
    return Context(prec=digits, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=traps)


def begin(digits: int) -> None:
    """Forget what was worked out before, so that nothing that is found hangs on it."""
    for near in in_decimals(digits)["near"]:
        near.known.clear()


def lines_in_decimals(program: Program, digits: int = DIGITS) -> list[Line]:
    """Each step as a function of the values before it; to be called in ``context(digits)``."""
    with decimal.localcontext(context(digits)):
        return _remembered(program, digits, lambda: _compiled(program, in_decimals(digits), typed))


def lines_in_floats(program: Program) -> list[Line]:
    return _remembered(program, 0, lambda: _compiled(program, _FLOATS, lambda text: float(typed(text))))


def _remembered(program: Program, digits: int, make: Callable[[], list[Line]]) -> list[Line]:
    key = ("worked again", digits)
    if key not in program.memo:
        program.memo[key] = make()
    found: list[Line] = program.memo[key]
    return found


def _compiled(program: Program, names: dict[str, Any], number: Callable[[str], Any]) -> list[Line]:
    writer = _Writer(program.slots.number, number)
    source = "\n".join(["[", *(f"lambda v: {writer.code(f)}," for f in program.formulas), "]"])
    made: list[Line] = eval(compile(source, "<lines>", "eval"), {**names, **writer.constants})
    return made


class _Writer:
    """Formulas as Python expressions, in slots of `v`, names of the tables below and constants."""

    def __init__(self, slots: dict[Quantity, int], number: Callable[[str], Any]) -> None:
        self.slots, self.number = slots, number
        self.constants: dict[str, Any] = {}

    def code(self, f: Formula) -> str:
        match f:
            case Ref(quantity):
                return f"v[{self.slots[quantity]}]"
            case Num(number):
                name = f"c{len(self.constants)}"
                self.constants[name] = self.number(number.text)
                return name
            case Sum(terms):
                return f"({' + '.join(map(self.code, terms))})"
            case Product(factors):
                return self._product(factors)
            case Quotient(top, bottom):
                return f"({self.code(top)}/{self.code(bottom)})"
            case Power(base, exponent):
                n = str(exponent) if isinstance(exponent, int) else self.code(exponent)
                return f"raised({self.code(base)}, {n})"
            case Negative(inner):
                return f"(-{self.code(inner)})"
            case Call(name, args):
                return f"{name}({', '.join(map(self.code, args))})"
            case Cases(left, sign, right, yes, no):
                condition = f"{_SIGNS[sign]}({self.code(left)}, {self.code(right)})"
                return f"({self.code(yes)} if {condition} else {self.code(no)})"
        raise TypeError(f"no code for {f!r}")

    def _product(self, factors: Sequence[Formula]) -> str:
        """0·ln 0 is 0: where the other factors are 0 the logarithm isn't worked out."""
        logs = [f for f in factors if functions(f) & _LOGARITHMS]
        others = [f for f in factors if f not in logs]
        if not logs or not others:
            return f"({'*'.join(map(self.code, factors))})"
        return f"without({'*'.join(map(self.code, others))}, lambda: {'*'.join(map(self.code, logs))})"


def without(factor: Any, rest: Callable[[], Any]) -> Any:
    return factor * rest() if factor else factor


def raised(base: Any, n: Any) -> Any:
    if n == 2:
        return base * base
    return base ** int(n) if n else base * 0 + 1


@lru_cache(maxsize=8)
def in_decimals(digits: int) -> dict[str, Any]:
    """The names in compiled formulas; a difference that is nothing at this precision is 0."""
    nothing = Decimal(1).scaleb(SPARE - digits)

    def apart(x: Decimal, y: Decimal) -> Decimal:
        d = x - y
        return Decimal(0) if abs(d) <= nothing * max(abs(x), Decimal(1)) else d

    exp, ln = _Near(Decimal.exp, _exp_beside), _Near(Decimal.ln, _ln_beside)
    return {
        "near": (exp, ln), "raised": raised, "without": without, "abs": abs, "max": max, "power": _power, "exp": exp,
        "ln": ln, "log10": Decimal.log10, "log2": lambda x: x.ln() / Decimal(2).ln(),
        "sqrt": lambda x: Decimal(0) if abs(x) <= nothing * nothing else x.sqrt(),
        "tanh": _tanh, "erf": _erf, "pi": _pi,
        "above": lambda x, y: apart(x, y) > 0, "from_above": lambda x, y: apart(x, y) >= 0,
        "below": lambda x, y: apart(x, y) < 0, "from_below": lambda x, y: apart(x, y) <= 0,
    }  # fmt: skip


class _Near:
    """A function that is worked out once in a place; right beside it the value is got from there.

    Slopes by differences ask for it again and again.
    """

    def __init__(
        self, whole: Callable[[Decimal], Decimal], beside: Callable[[Decimal, Decimal, Decimal], Decimal | None]
    ) -> None:
        self.whole, self.beside = whole, beside
        self.known: dict[Decimal, tuple[Decimal, Decimal]] = {}

    def __call__(self, x: Decimal) -> Decimal:
        if x.adjusted() > PLACE:
            return self.whole(x)
        place = round(x, PLACE)
        if place in self.known:
            x0, y0 = self.known[place]
            if x == x0:
                return y0
            if (found := self.beside(x0, y0, x - x0)) is not None:
                return found
        found = self.whole(x)
        self.known[place] = x, found
        return found


def _exp_beside(x: Decimal, y: Decimal, d: Decimal) -> Decimal:
    """e^(x + d) = e^x·(1 + d + d²/2 + …)"""
    least, term, total, n = Decimal(1).scaleb(-decimal.getcontext().prec), d, 1 + d, 2
    while abs(term) > least:
        term = term * d / n
        total, n = total + term, n + 1
    return y * total


def _ln_beside(x: Decimal, y: Decimal, d: Decimal) -> Decimal | None:
    """ln(x + d) = ln x + u − u²/2 + …, u = d/x; None where that goes on for long."""
    u = d / x
    if abs(u) > _SMALL:
        return None
    least, power, total, n = Decimal(1).scaleb(-decimal.getcontext().prec), u, u, 2
    while abs(power) > least:
        power = -power * u
        total, n = total + power / n, n + 1
    return y + total


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    whole = exponent == exponent.to_integral_value()
    return raised(base, int(exponent)) if whole else base**exponent


def _tanh(x: Decimal) -> Decimal:
    """(e^2x − 1)/(e^2x + 1), with as many digits more as the difference loses near 0."""
    if not x:
        return x
    if x > 0:
        return -_tanh(-x)
    with decimal.localcontext() as more:
        more.prec += max(0, -x.adjusted()) + 2
        power = (2 * x).exp()
        found = (power - 1) / (power + 1)
    return +found


def _erf(x: Decimal) -> Decimal:
    """2/√π·e^(−x²)·Σ 2^n·x^(2n+1)/(1·3·…·(2n + 1)), whose terms all have one sign."""
    if not x:
        return x
    with decimal.localcontext() as more:
        more.prec += 5
        term = total = x
        n, least = 1, Decimal(1).scaleb(-more.prec)
        while abs(term) > abs(total) * least:
            term = term * 2 * x * x / (2 * n + 1)
            total += term
            n += 1
        found = 2 / _pi().sqrt() * (-x * x).exp() * total
    return +found


def _pi() -> Decimal:
    """16·arctan(1/5) − 4·arctan(1/239) (Machin, 1706)."""
    with decimal.localcontext() as more:
        more.prec += 5
        found = 16 * _arctan_of_one_over(5) - 4 * _arctan_of_one_over(239)
    return +found


def _arctan_of_one_over(n: int) -> Decimal:
    term = total = Decimal(1) / n
    k, least = 1, Decimal(1).scaleb(-decimal.getcontext().prec)
    while abs(term) > least:
        term, k = -term / (n * n), k + 2
        total += term / k
    return total


_FLOATS: dict[str, Any] = {
    "raised": raised, "without": without, "abs": abs, "max": max, "power": math.pow, "exp": math.exp, "ln": math.log,
    "log2": math.log2, "log10": math.log10, "sqrt": math.sqrt, "tanh": math.tanh, "erf": math.erf,
    "pi": lambda: math.pi, "above": lambda x, y: x > y, "from_above": lambda x, y: x >= y,
    "below": lambda x, y: x < y, "from_below": lambda x, y: x <= y,
}  # fmt: skip
