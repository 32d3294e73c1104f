"""Reading and deciding an answer, over what SymPy's `sympify` and `simplify` take for the same verdict."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import sympy
from flint import fmpq

from benchmarks.measure import Row, ratio
from handcalc.derive.tolerance import Interval
from handcalc.mark.answer import Answer
from handcalc.mark.deciding import holds
from handcalc.mark.reading import read_answer

KEY = Interval("0.5865", "0.5867", fmpq(5865, 10_000), fmpq(5867, 10_000))
"""Of σ(0.35)."""
EXACT = 1 / (1 + sympy.exp(-sympy.Rational(35, 100)))
DECIMALS = [f"0.{n}" for n in range(5_800, 5_900)]
EXPRESSIONS = [
    "1/(1+exp(-0.35))",
    "exp(0.35)/(1 + exp(0.35))",
    "1/(exp(-0.35)+1)",
    "1/(1+exp(-7/20))",
    "1/(1+exp(0.35))",
]


def ours(answers: list[str]) -> Callable[[], object]:
    texts = cycle(answers)

    def verdict() -> bool:
        read = read_answer(next(texts))
        return isinstance(read, Answer) and holds(read.readings[0].entries[0], KEY)

    return verdict


def close(answers: list[str]) -> Callable[[], object]:
    """The answer as a SymPy number, its difference to the key's twenty digits simplified, and compared."""
    texts, key, least = cycle(answers), EXACT.evalf(20), sympy.Rational(1, 10_000)

    def verdict() -> bool:
        return bool(abs(sympy.simplify(sympy.sympify(next(texts)) - key)) <= least)

    return verdict


def equal(answers: list[str]) -> Callable[[], object]:
    """The answer with its decimals as fractions, its difference to the exact key simplified, and compared with 0."""
    texts = cycle(answers)

    def verdict() -> bool:
        return bool(sympy.simplify(sympy.sympify(next(texts), rational=True) - EXACT) == 0)

    return verdict


def sympify_over_read_decimal() -> Row:
    return Row("sympify_over_read_decimal", ratio(close(DECIMALS), ours(DECIMALS)), 300, most=False)


def sympify_over_read_expression() -> Row:
    return Row("sympify_over_read_expression", ratio(equal(EXPRESSIONS), ours(EXPRESSIONS)), 40, most=False)
