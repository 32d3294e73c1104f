"""Reading and deciding an answer, over what SymPy takes for the same verdict.

SymPy's side is the plain thing to write: `sympify` the answer, `simplify` its difference to the exact key, compare.
Written with care for its speed (twenty digits in place of the exact key, fractions in place of decimals) it is many
times faster, and takes about 180 times as long as we do for a decimal, 30 times for an expression.
"""

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

KEY = Interval("0.5865", "0.5867", fmpq(5_865, 10_000), fmpq(5_867, 10_000))
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


def theirs(answers: list[str]) -> Callable[[], object]:
    texts, least = cycle(answers), sympy.Rational(1, 10_000)

    def verdict() -> bool:
        return bool(abs(sympy.simplify(sympy.sympify(next(texts)) - EXACT)) <= least)

    return verdict


def sympify_over_read_decimal() -> Row:
    return Row("sympify_over_read_decimal", ratio(theirs(DECIMALS), ours(DECIMALS), rounds=5), 300, most=False)


def sympify_over_read_expression() -> Row:
    return Row("sympify_over_read_expression", ratio(theirs(EXPRESSIONS), ours(EXPRESSIONS), rounds=5), 40, most=False)
